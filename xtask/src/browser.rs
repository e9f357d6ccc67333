//! Runs a script of `tests/browser/` with Node.js against a built server.

use crate::digest;
use crate::failure::Failure;
use crate::files;
use crate::process;
use crate::provision::{self, BrowserTools};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The folder of the browser tests and benchmarks.
pub(crate) fn directory() -> PathBuf {
    files::root().join("tests/browser")
}

/// The command that runs `script` (as `run.mjs`), with the packages it needs in place. The script is
/// told by environment where the server's binary (`WELLFIELD_BIN`) and the browser (`CHROMIUM`) are.
pub(crate) fn script(script: &str, server: &Path) -> Result<Command, Failure> {
    let BrowserTools { node, chromium } = provision::browser_tools()?;
    install_packages()?;
    let mut command = process::program(node, &[&format!("tests/browser/{script}")]);
    command
        .env("WELLFIELD_BIN", server)
        .env("CHROMIUM", chromium);
    Ok(command)
}

/// Installs exactly what the lock file names, when it names something else than last time. No
/// package may run a script of its own.
fn install_packages() -> Result<(), Failure> {
    let lock_path = directory().join("package-lock.json");
    if !lock_path.exists() {
        return Ok(());
    }
    let stamp = directory().join("node_modules/.wellfield-lock");
    let lock = digest::digest(&files::read(&lock_path)?);
    if files::read_text(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    println!("Installing the packages of tests/browser/package-lock.json.");
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    let arguments = [
        "ci",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--loglevel=error",
    ];
    process::run(process::program(npm, &arguments).current_dir(directory()))?;
    files::create_directory(&directory().join("node_modules"))?;
    files::write(&stamp, lock)
}
