//! `cargo xtask simulate`: seeds of the simulation, on every core of this machine.

use crate::failure::Failure;
use crate::process;

/// Builds the simulator for speed and runs it; a broken promise is a failure.
pub(crate) fn simulate(
    seeds: u64,
    from: u64,
    more: &[(&str, Option<String>)],
) -> Result<(), Failure> {
    let (seeds, from) = (seeds.to_string(), from.to_string());
    let mut command = process::cargo(&[
        "run",
        "--release",
        "--locked",
        "--quiet",
        "--package",
        "wellfield-tests",
        "--bin",
        "simulate",
        "--",
        "--seeds",
        &seeds,
        "--from",
        &from,
    ]);
    for (option, value) in more {
        if let Some(value) = value {
            command.args([option, value.as_str()]);
        }
    }
    process::run(&mut command)
}
