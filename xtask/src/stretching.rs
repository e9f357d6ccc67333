//! Puts the worker that stretches passphrases beside a bundle: a small module of its own with its glue,
//! and the script that starts it (`app/src/bin/stretch.rs`, `public/stretching.js`).

use crate::failure::Failure;
use crate::files;
use crate::process;
use crate::provision::{ClientTools, WASM_TARGET};
use crate::wasm;
use std::path::Path;

/// The binary.
const BINARY: &str = "stretch";

/// Where the worker is served, below the bundle. Its files keep their names: the service worker tells one
/// version from another by their digests.
const FOLDER: &str = "stretching";

/// Makes the worker's files in `staging`.
pub(crate) fn add(staging: &Path, tools: &ClientTools) -> Result<(), Failure> {
    let folder = staging.join(FOLDER);
    files::create_directory(&folder)?;
    let module = files::root()
        .join("target")
        .join(WASM_TARGET)
        .join("wasm-release")
        .join(format!("{BINARY}.wasm"));
    let mut bind = process::program(
        &tools.wasm_bindgen,
        &["--target", "web", "--no-typescript", "--out-name", BINARY],
    );
    process::run(bind.arg("--out-dir").arg(&folder).arg(&module))?;
    let bound = folder.join(format!("{BINARY}_bg.wasm"));
    let module = wasm::without_custom_sections(&files::read(&bound)?)?;
    files::write(&bound, module)?;
    let script = files::read(&files::root().join("public/stretching.js"))?;
    files::write(&folder.join("worker.js"), script)
}

/// Whether a file of a bundle belongs to the worker, which is fetched when somebody types a passphrase.
pub(crate) fn is_of_worker(name: &str) -> bool {
    name.starts_with(FOLDER)
}
