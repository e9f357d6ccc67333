//! `cargo xtask test`: every test there is, and one line that counts them.

use crate::browser;
use crate::client;
use crate::failure::Failure;
use crate::lint;
use crate::process;
use crate::provision;
use crate::server::{self, Profile, TestTool};
use clap::ValueEnum;
use std::path::Path;

/// A part of the tests that can be run alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Part {
    /// Formatting and Clippy
    Lint,
    /// The rules
    Core,
    /// The server, and what crosses the crates
    Server,
    /// The client and the server in Chromium
    Browser,
}

/// How many tests passed and failed, in all parts together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Tally {
    passed: usize,
    failed: usize,
}

impl Tally {
    fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }

    /// Counts what came before the tests, or instead of them, as one failure.
    fn add_failure(&mut self, failure: &Failure) {
        eprintln!("cargo xtask: {failure}");
        self.failed += 1;
    }
}

/// Runs one part, or all. A part that fails does not keep the others from running.
pub(crate) fn test(only: Option<Part>) -> Result<(), Failure> {
    let mut tally = Tally::default();
    if let Err(failure) = run_parts(only, &mut tally) {
        tally.add_failure(&failure);
    }
    println!("{} passed, {} failed", tally.passed, tally.failed);
    if tally.failed > 0 {
        return Err(Failure::new("not everything passed"));
    }
    if tally.passed == 0 && only != Some(Part::Lint) {
        return Err(Failure::new("no test ran"));
    }
    Ok(())
}

fn run_parts(only: Option<Part>, tally: &mut Tally) -> Result<(), Failure> {
    let runs = |part| only.is_none_or(|only| only == part);
    if runs(Part::Lint) {
        provision::client_tools()?;
        run_lints(tally);
    }
    match only {
        Some(Part::Core) => run_cargo_tests(&["--package", "wellfield-core"], tally)?,
        Some(Part::Server) => {
            provision::server_tools()?;
            provision::database_tools()?;
            run_cargo_tests(
                &[
                    "--package",
                    "wellfield-server",
                    "--package",
                    "wellfield-tests",
                ],
                tally,
            )?;
        }
        Some(Part::Lint | Part::Browser) => {}
        None => {
            // The client comes first: the server embeds it, and would be compiled twice otherwise.
            // Without it the Rust tests still say what they can.
            if let Err(failure) = client::build() {
                tally.add_failure(&failure);
            }
            provision::server_tools()?;
            provision::database_tools()?;
            run_cargo_tests(&["--workspace", "--exclude", "wellfield-app"], tally)?;
        }
    }
    if runs(Part::Browser) {
        client::build()?;
        let server = server::build(Profile::Test)?;
        run_browser_tests(&server, tally)?;
    }
    Ok(())
}

fn run_lints(tally: &mut Tally) {
    for (name, mut command) in lint::commands() {
        println!("Checking {name}.");
        if let Err(failure) = process::run(&mut command) {
            tally.add_failure(&failure);
        }
    }
    // Not installed for a test: it takes as long to build as everything else together.
    if lint::has_deny()
        && let Err(failure) = process::run(&mut lint::deny(true))
    {
        tally.add_failure(&failure);
    }
}

fn run_cargo_tests(selection: &[&str], tally: &mut Tally) -> Result<(), Failure> {
    let mut command = process::cargo(&["test", "--locked", "--no-fail-fast"]);
    command.args(selection);
    let mut part = Tally::default();
    let succeeded = process::each_line(&mut command, |line| {
        println!("{line}");
        part.add(tally_of_cargo(line));
    })?;
    tally.add(part);
    // A test crate that did not compile or was killed has no line of its own.
    if !succeeded && part.failed == 0 {
        tally.add_failure(&Failure::new(format!(
            "`{}` failed outside its tests",
            process::line_of(&command)
        )));
    }
    Ok(())
}

fn run_browser_tests(server: &Path, tally: &mut Tally) -> Result<(), Failure> {
    if !browser::directory().join("run.mjs").exists() {
        println!("There are no browser tests (tests/browser/run.mjs).");
        return Ok(());
    }
    let mut command = browser::script("run.mjs", server)?;
    TestTool::FaultProxy.build_for(&mut command)?;
    TestTool::TabletVault.build_for(&mut command)?;
    let mut part = Tally::default();
    let succeeded = process::each_line(&mut command, |line| {
        println!("{line}");
        part.add(tally_of_browser(line));
    })?;
    tally.add(part);
    if part == Tally::default() || (!succeeded && part.failed == 0) {
        tally.add_failure(&Failure::new(
            "the browser tests ended before they counted their results",
        ));
    }
    Ok(())
}

/// Reads `test result: ok. 5 passed; 0 failed; …`, which ends each of Cargo's test binaries.
fn tally_of_cargo(line: &str) -> Tally {
    let Some(counts) = line.strip_prefix("test result: ") else {
        return Tally::default();
    };
    Tally {
        passed: count_before("passed", counts),
        failed: count_before("failed", counts),
    }
}

/// Reads `browser: 5 passed, 0 failed`, the last line of the browser tests.
fn tally_of_browser(line: &str) -> Tally {
    let Some(counts) = line.strip_prefix("browser: ") else {
        return Tally::default();
    };
    Tally {
        passed: count_before("passed", counts),
        failed: count_before("failed", counts),
    }
}

/// The number that stands before `word`.
fn count_before(word: &str, text: &str) -> usize {
    let words: Vec<_> = text
        .split_whitespace()
        .map(|part| part.trim_end_matches([';', ',', '.']))
        .collect();
    words
        .windows(2)
        .find(|pair| pair[1] == word)
        .and_then(|pair| pair[0].parse().ok())
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_cargo_s_results_and_nothing_else() {
        let line = "test result: FAILED. 12 passed; 3 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.02s";
        assert_eq!(
            tally_of_cargo(line),
            Tally {
                passed: 12,
                failed: 3
            }
        );
        assert_eq!(
            tally_of_cargo("test consent::tests::refusal_wins ... ok"),
            Tally::default()
        );
        assert_eq!(tally_of_cargo("it says 5 passed"), Tally::default());
    }

    #[test]
    fn counts_the_browser_s_results_and_nothing_else() {
        assert_eq!(
            tally_of_browser("browser: 40 passed, 2 failed"),
            Tally {
                passed: 40,
                failed: 2
            }
        );
        assert_eq!(tally_of_browser("40 passed, 2 failed"), Tally::default());
    }
}
