//! Other programs: finding them, running them and reading what they say.

use crate::failure::Failure;
use crate::files;
use std::ffi::OsStr;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The cargo that started this tool, in the root of the repository.
pub(crate) fn cargo(arguments: &[&str]) -> Command {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(program);
    command.args(arguments).current_dir(files::root());
    command
}

/// Any other program, in the root of the repository.
pub(crate) fn program(name: impl AsRef<OsStr>, arguments: &[&str]) -> Command {
    let mut command = Command::new(name);
    command.args(arguments).current_dir(files::root());
    command
}

/// Runs a program to its end with this tool's own input and output; other than success is a failure.
pub(crate) fn run(command: &mut Command) -> Result<(), Failure> {
    let status = command
        .status()
        .map_err(|source| not_started(command, &source))?;
    if status.success() {
        Ok(())
    } else {
        Err(Failure::new(format!(
            "`{}` ended with {status}",
            line_of(command)
        )))
    }
}

/// What a program writes to standard output, if it can be started and succeeds.
pub(crate) fn output(command: &mut Command) -> Option<String> {
    let output = command
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    if !output.status.success() {
        return None;
    }
    String::from_utf8(output.stdout).ok()
}

/// Runs a program and hands every line of its standard output to `each` as it comes. Says whether
/// the program succeeded.
pub(crate) fn each_line(
    command: &mut Command,
    mut each: impl FnMut(&str),
) -> Result<bool, Failure> {
    let mut child = command
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|source| not_started(command, &source))?;
    if let Some(stdout) = child.stdout.take() {
        for line in BufReader::new(stdout).split(b'\n') {
            let line = line.map_err(|source| not_started(command, &source))?;
            each(&String::from_utf8_lossy(&line));
        }
    }
    let status = child
        .wait()
        .map_err(|source| not_started(command, &source))?;
    Ok(status.success())
}

/// Where `name` lies on the search path.
pub(crate) fn find(name: &str) -> Option<PathBuf> {
    let file_name = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    let paths = std::env::var_os("PATH")?;
    std::env::split_paths(&paths)
        .map(|directory| directory.join(&file_name))
        .find(|candidate| candidate.is_file())
}

/// The search path with `directories` before what is on it.
pub(crate) fn path_with(directories: &[&Path]) -> Result<std::ffi::OsString, Failure> {
    let current = std::env::var_os("PATH").unwrap_or_default();
    let all = directories
        .iter()
        .map(|directory| directory.to_path_buf())
        .chain(std::env::split_paths(&current));
    std::env::join_paths(all)
        .map_err(|source| Failure::new(format!("PATH cannot be extended: {source}")))
}

/// The command as a person would type it.
pub(crate) fn line_of(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let name = program.file_name().unwrap_or(program.as_os_str());
    let mut line = name.to_string_lossy().into_owned();
    for argument in command.get_args() {
        line.push(' ');
        line.push_str(&argument.to_string_lossy());
    }
    line
}

fn not_started(command: &Command, source: &std::io::Error) -> Failure {
    Failure::new(format!("`{}` could not be run: {source}", line_of(command)))
}
