//! `cargo xtask run`: everything built, and the server in this terminal.

use crate::client;
use crate::failure::Failure;
use crate::process;
use crate::server::{self, Profile};
use std::process::Command;

/// Builds the client and the server, then becomes the server.
pub(crate) fn run(server_arguments: &[String]) -> Result<(), Failure> {
    client::build()?;
    let binary = server::build(Profile::Release)?;
    // The sample programme keeps nothing; a folder for records asks for the real thing.
    let has_data = server_arguments
        .iter()
        .any(|argument| argument == "--data" || argument.starts_with("--data="));
    let mode = if has_data { "serve" } else { "demo" };
    let mut server = process::program(binary, &[mode]);
    server.args(server_arguments);
    become_server(server)
}

/// Replaces this process, so that Ctrl-C and every other signal reach the server and nothing else.
#[cfg(unix)]
fn become_server(mut server: Command) -> Result<(), Failure> {
    use std::os::unix::process::CommandExt as _;
    let source = server.exec();
    Err(Failure::new(format!(
        "`{}` could not be run: {source}",
        process::line_of(&server)
    )))
}

/// Where a process cannot be replaced, Ctrl-C goes to the server through the console they share.
#[cfg(not(unix))]
fn become_server(mut server: Command) -> Result<(), Failure> {
    process::run(&mut server)
}
