//! Formatting, Clippy on both targets, and licences and advisories of the dependencies.

use crate::failure::Failure;
use crate::process;
use crate::provision::{self, WASM_TARGET};
use std::process::Command;

/// The checks that read code and run none of it, each with what a person calls it.
pub(crate) fn commands() -> [(&'static str, Command); 3] {
    [
        ("formatting", process::cargo(&["fmt", "--all", "--check"])),
        (
            "Clippy",
            process::cargo(&[
                "clippy",
                "--locked",
                "--quiet",
                "--workspace",
                "--exclude",
                "wellfield-app",
                "--all-targets",
                "--",
                "--deny",
                "warnings",
            ]),
        ),
        (
            "Clippy on the client",
            process::cargo(&[
                "clippy",
                "--locked",
                "--quiet",
                "--package",
                "wellfield-app",
                "--lib",
                "--bins",
                "--target",
                WASM_TARGET,
                "--",
                "--deny",
                "warnings",
            ]),
        ),
    ]
}

/// `cargo xtask check`.
pub(crate) fn check(offline: bool) -> Result<(), Failure> {
    provision::client_tools()?;
    for (name, mut command) in commands() {
        println!("Checking {name}.");
        process::run(&mut command)?;
    }
    if !has_deny() {
        // Building it takes longer than everything else here, so it is left to the person.
        return Err(Failure::new(
            "cargo-deny, which checks licences and advisories, is missing. Install it: `cargo install cargo-deny --locked`",
        ));
    }
    println!("Checking licences, sources and advisories.");
    process::run(&mut deny(offline))
}

/// Whether cargo-deny is installed.
pub(crate) fn has_deny() -> bool {
    process::find("cargo-deny").is_some()
}

/// The checks of deny.toml. Advisories come from a database on the network.
pub(crate) fn deny(offline: bool) -> Command {
    let mut command = process::cargo(&["deny", "--locked", "check", "bans", "licenses", "sources"]);
    if !offline {
        command.arg("advisories");
    }
    command
}
