//! Builds every bundle of the client into `dist/`, unless nothing they are made of has changed.

use crate::bundle::{BUNDLES, Bundle, Cut, FirstLoad};
use crate::digest::Digester;
use crate::failure::Failure;
use crate::files;
use crate::parts;
use crate::process;
use crate::provision::{self, ClientTools, WASM_TARGET};
use crate::workers;
use std::path::PathBuf;

/// What a bundle is made of, seen from the root: files and folders. This tool's own sources count,
/// because they name, list and compress.
const INPUTS: [&str; 15] = [
    ".cargo/config.toml",
    "Cargo.lock",
    "Cargo.toml",
    "Trunk.toml",
    "app",
    "core",
    "public",
    "xtask/src/bundle.rs",
    "xtask/src/client.rs",
    "xtask/src/compress.rs",
    "xtask/src/digest.rs",
    "xtask/src/parts.rs",
    "xtask/src/wasm.rs",
    "xtask/src/worker.rs",
    "xtask/src/workers.rs",
];

/// Provides the tools, builds what changed and holds the first load against its budget.
pub(crate) fn build() -> Result<(), Failure> {
    let tools = provision::client_tools()?;
    let inputs = digest_of_inputs(&tools)?;
    if is_built(&inputs) {
        return Ok(());
    }
    // Trunk runs Cargo offline so that Trunk itself fetches nothing; what it needs is fetched here.
    process::run(&mut process::cargo(&["fetch", "--locked", "--quiet"]))?;
    compile()?;
    let mut first_loads = Vec::new();
    for bundle in &BUNDLES {
        assemble(bundle, &tools)?;
        if let Some(Cut { binary, .. }) = bundle.cut {
            parts::cut(binary, &bundle.staging(), &tools)?;
        }
        for worker in bundle.workers {
            workers::add(worker, &bundle.staging(), &tools)?;
        }
        first_loads.push(bundle.finish()?);
    }
    publish()?;
    // The stamp comes after the budget: a client above it is there to look at, and fails every time.
    first_loads.iter().try_for_each(FirstLoad::judge)?;
    files::write(&stamp(), inputs)
}

fn dist() -> PathBuf {
    files::root().join("dist")
}

fn stamp() -> PathBuf {
    dist().join(".stamp")
}

fn is_built(inputs: &str) -> bool {
    let pages_exist = BUNDLES
        .iter()
        .all(|bundle| dist().join(bundle.name).join("index.html").exists());
    pages_exist && files::read_text(&stamp()).is_ok_and(|stamp| stamp == inputs)
}

fn digest_of_inputs(tools: &ClientTools) -> Result<String, Failure> {
    let mut digester = Digester::new();
    digester.add("tools", tools.versions.as_bytes());
    for input in INPUTS {
        let path = files::root().join(input);
        let inputs = if path.is_dir() {
            files::walk(&path)?
        } else {
            vec![path]
        };
        for file in inputs {
            digester.add(
                &files::relative_url(&file, files::root()),
                &files::read(&file)?,
            );
        }
    }
    Ok(digester.finish())
}

/// Compiles the binaries in one go, so that their two link-time optimisations share the processors.
/// Trunk's own calls of Cargo, one per page, then find their work done.
fn compile() -> Result<(), Failure> {
    let mut cargo = process::cargo(&[
        "build",
        "--locked",
        "--package",
        "wellfield-app",
        "--bins",
        "--target",
        WASM_TARGET,
        "--profile",
        "wasm-release",
    ]);
    cargo.envs(same_on_every_machine());
    process::run(&mut cargo)
}

/// Has messages of panics name the crates and not where this machine keeps them: the bundles, and their
/// sizes, are then the same whoever builds them. Cargo joins this to the flags of `.cargo/config.toml`.
fn same_on_every_machine() -> Option<(&'static str, String)> {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| std::env::home_dir().map(|home| home.join(".cargo")))?;
    let sources = home.join("registry").join("src");
    Some((
        "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS",
        format!(
            "--remap-path-prefix={}=crates -Clink-args=--emit-relocs",
            sources.to_str()?
        ),
    ))
}

fn assemble(bundle: &Bundle, tools: &ClientTools) -> Result<(), Failure> {
    let staging = bundle.staging();
    files::remove(&staging)?;
    files::create_directory(&staging)?;
    let mut trunk = process::program(&tools.trunk, &["build", bundle.page, "--release"]);
    trunk
        .arg("--dist")
        .arg(&staging)
        .args(["--public-url", bundle.scope])
        .env("PATH", process::path_with(&[&tools.wasm_bindgen_directory])?)
        .env("TRUNK_SKIP_VERSION_CHECK", "true")
        .env("TRUNK_TOOLS_WASM_BINDGEN", &tools.wasm_bindgen_version)
        // Trunk reads this as `true` or `false` and stops at the usual `1`.
        .env_remove("NO_COLOR")
        .envs(same_on_every_machine());
    if std::env::var_os("TRUNK_LOG").is_none() {
        trunk.args(["--log", "error"]);
    }
    process::run(&mut trunk)
}

/// Puts the finished bundles where the server embeds them from. The stamp goes first: whatever
/// interrupts this leaves a `dist/` that the next build does not trust.
fn publish() -> Result<(), Failure> {
    files::create_directory(&dist())?;
    files::remove(&stamp())?;
    for bundle in &BUNDLES {
        let published = dist().join(bundle.name);
        files::remove(&published)?;
        files::rename(&bundle.staging(), &published)?;
    }
    Ok(())
}
