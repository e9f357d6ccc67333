//! `cargo xtask bench`: the release build, measured in the browser.

use crate::browser;
use crate::client;
use crate::failure::Failure;
use crate::process;
use crate::server::{self, Profile, TestTool};

/// Builds what people run, then hands over to `tests/browser/bench.mjs`.
pub(crate) fn bench(bench_arguments: &[String]) -> Result<(), Failure> {
    client::build()?;
    let server = server::build(Profile::Release)?;
    let mut script = browser::script("bench.mjs", &server)?;
    TestTool::TabletVault.build_for(&mut script)?;
    process::run(script.args(bench_arguments))
}
