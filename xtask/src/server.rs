//! Builds the server, and what browser tests put before it. The client is built first: the server embeds it.

use crate::failure::Failure;
use crate::process;
use crate::provision;
use std::path::PathBuf;
use std::process::Command;

/// How the server is compiled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Profile {
    /// As `cargo test` compiles it, so that tests compile no dependency a second time. Dependencies
    /// are optimised a little even here, which is enough for a browser to talk to.
    Test,
    /// As people run it.
    Release,
}

/// What every build for the tests selects. Cargo chooses features of shared dependencies by selection,
/// and another one would compile some of them again.
const AS_THE_TESTS: [&str; 5] = [
    "build",
    "--locked",
    "--workspace",
    "--exclude",
    "wellfield-app",
];

/// Builds the binary `wellfield` and says where it lies.
pub(crate) fn build(profile: Profile) -> Result<PathBuf, Failure> {
    provision::server_tools()?;
    let command = match profile {
        Profile::Test => process::cargo(&AS_THE_TESTS),
        Profile::Release => process::cargo(&[
            "build",
            "--locked",
            "--package",
            "wellfield-server",
            "--release",
        ]),
    };
    build_binary(command, "wellfield")
}

/// What the browser tests and measurements have beside them.
#[derive(Clone, Copy)]
pub(crate) enum TestTool {
    /// Lets things go wrong between browsers and the server.
    FaultProxy,
    /// Opens the rows of a tablet with its words.
    TabletVault,
}

impl TestTool {
    /// Builds it for a script, which finds it by its environment.
    pub(crate) fn build_for(self, script: &mut Command) -> Result<(), Failure> {
        let (variable, name) = match self {
            Self::FaultProxy => ("FAULT_PROXY", "fault_proxy"),
            Self::TabletVault => ("TABLET_VAULT", "tablet_vault"),
        };
        script.env(variable, build_binary(process::cargo(&AS_THE_TESTS), name)?);
        Ok(())
    }
}

fn build_binary(mut command: Command, name: &str) -> Result<PathBuf, Failure> {
    command.args(["--bin", name, "--message-format=json-render-diagnostics"]);
    let mut binary = None;
    let built = process::each_line(&mut command, |line| {
        binary = binary.take().or_else(|| executable_in(line, name));
    })?;
    binary
        .filter(|_| built)
        .ok_or_else(|| Failure::new(format!("`{name}` was not built")))
}

/// The path in Cargo's message that says that a binary is there.
fn executable_in(message: &str, name: &str) -> Option<PathBuf> {
    let message: serde_json::Value = serde_json::from_str(message).ok()?;
    let is_named = message.pointer("/target/name")? == name;
    message
        .get("executable")
        .and_then(serde_json::Value::as_str)
        .filter(|_| is_named)
        .map(PathBuf::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_a_binary_among_cargo_s_messages() {
        let message = |name: &str, executable: &str| {
            format!(
                r#"{{"reason":"compiler-artifact","target":{{"name":"{name}"}},"executable":{executable}}}"#
            )
        };
        assert_eq!(
            executable_in(&message("wellfield", r#""/b/wellfield""#), "wellfield"),
            Some("/b/wellfield".into())
        );
        assert_eq!(
            executable_in(&message("wellfield", "null"), "wellfield"),
            None
        );
        assert_eq!(
            executable_in(&message("xtask", r#""/b/xtask""#), "wellfield"),
            None
        );
        assert_eq!(executable_in("no message", "wellfield"), None);
    }
}
