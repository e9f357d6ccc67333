//! Builds the server. The client is built first: the server embeds it.

use crate::failure::Failure;
use crate::process;
use crate::provision;
use std::path::PathBuf;

/// How the server is compiled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Profile {
    /// As `cargo test` compiles it, so that tests compile no dependency a second time. Dependencies
    /// are optimised a little even here, which is enough for a browser to talk to.
    Test,
    /// As people run it.
    Release,
}

/// Builds the binary `wellfield` and says where it lies.
pub(crate) fn build(profile: Profile) -> Result<PathBuf, Failure> {
    provision::server_tools()?;
    // The selection of packages is that of the tests: Cargo chooses features of shared dependencies
    // by selection, and another one would compile some of them again.
    let mut command = process::cargo(match profile {
        Profile::Test => &[
            "build",
            "--locked",
            "--workspace",
            "--exclude",
            "wellfield-app",
            "--bin",
            "wellfield",
        ],
        Profile::Release => &[
            "build",
            "--locked",
            "--package",
            "wellfield-server",
            "--release",
        ],
    });
    command.arg("--message-format=json-render-diagnostics");
    let mut binary = None;
    let built = process::each_line(&mut command, |line| {
        binary = binary.take().or_else(|| executable_in(line));
    })?;
    binary
        .filter(|_| built)
        .ok_or_else(|| Failure::new("the server was not built"))
}

/// The path in Cargo's message that says the server's binary is there.
fn executable_in(message: &str) -> Option<PathBuf> {
    let message: serde_json::Value = serde_json::from_str(message).ok()?;
    let is_server = message.pointer("/target/name")? == "wellfield";
    message
        .get("executable")
        .and_then(serde_json::Value::as_str)
        .filter(|_| is_server)
        .map(PathBuf::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_server_among_cargo_s_messages() {
        let message = |name: &str, executable: &str| {
            format!(
                r#"{{"reason":"compiler-artifact","target":{{"name":"{name}"}},"executable":{executable}}}"#
            )
        };
        assert_eq!(
            executable_in(&message("wellfield", r#""/b/wellfield""#)),
            Some("/b/wellfield".into())
        );
        assert_eq!(executable_in(&message("wellfield", "null")), None);
        assert_eq!(executable_in(&message("xtask", r#""/b/xtask""#)), None);
        assert_eq!(executable_in("no message"), None);
    }
}
