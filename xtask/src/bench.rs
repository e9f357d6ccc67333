//! `cargo xtask bench`: the release build, measured natively and in the browser.

use crate::browser;
use crate::client;
use crate::failure::Failure;
use crate::process;
use crate::server::{self, Profile, TestTool};

/// Builds what people run, then hands over to `tests/browser/bench.mjs`.
pub(crate) fn bench(bench_arguments: &[String]) -> Result<(), Failure> {
    client::build()?;
    if asked_for("report") {
        native_reports()?;
    }
    let server = server::build(Profile::Release)?;
    let mut script = browser::script("bench.mjs", &server)?;
    TestTool::TabletVault.build_for(&mut script)?;
    process::run(script.args(bench_arguments))
}

/// Whether `ONLY` leaves a measure in, as `tests/browser/bench.mjs` reads it.
fn asked_for(measure: &str) -> bool {
    std::env::var("ONLY").map_or(true, |only| measure.contains(&only))
}

/// The figures of scales alone, and the whole report of a programme, without a browser.
fn native_reports() -> Result<(), Failure> {
    for example in ["measures", "report"] {
        process::run(&mut process::cargo(&[
            "run",
            "--locked",
            "--quiet",
            "--release",
            "--package",
            "wellfield-core",
            "--example",
            example,
        ]))?;
    }
    Ok(())
}
