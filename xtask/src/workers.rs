//! Puts workers beside a bundle: for each a small module of its own with its glue, and the script that starts
//! it (`app/src/bin/stretch.rs`, `app/src/bin/seal.rs`, `public/working.js`).

use crate::failure::Failure;
use crate::files;
use crate::process;
use crate::provision::{ClientTools, WASM_TARGET};
use crate::wasm;
use std::path::Path;

/// A worker: the binary, and the folder below the bundle in which it is served. Its files keep their names: the
/// service worker tells one version from another by their digests.
pub(crate) struct Worker {
    binary: &'static str,
    folder: &'static str,
}

/// Stretches passphrases.
pub(crate) const STRETCHING: Worker = Worker {
    binary: "stretch",
    folder: "stretching",
};

/// Seals what waits on a phone.
pub(crate) const SEALING: Worker = Worker {
    binary: "seal",
    folder: "sealing",
};

/// What every worker's module is called.
const MODULE: &str = "module";

/// Makes a worker's files in `staging`.
pub(crate) fn add(worker: &Worker, staging: &Path, tools: &ClientTools) -> Result<(), Failure> {
    let folder = staging.join(worker.folder);
    files::create_directory(&folder)?;
    let module = files::root()
        .join("target")
        .join(WASM_TARGET)
        .join("wasm-release")
        .join(format!("{}.wasm", worker.binary));
    let mut bind = process::program(
        &tools.wasm_bindgen,
        &["--target", "web", "--no-typescript", "--out-name", MODULE],
    );
    process::run(bind.arg("--out-dir").arg(&folder).arg(&module))?;
    let bound = folder.join(format!("{MODULE}_bg.wasm"));
    let module = wasm::without_custom_sections(&files::read(&bound)?)?;
    files::write(&bound, module)?;
    let script = files::read(&files::root().join("public/working.js"))?;
    files::write(&folder.join("worker.js"), script)
}

/// Whether a file of a bundle belongs to a worker, which is fetched when there is work for it.
pub(crate) fn is_of_worker(name: &str) -> bool {
    [STRETCHING, SEALING]
        .iter()
        .any(|worker| name.starts_with(worker.folder))
}
