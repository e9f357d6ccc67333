//! The binary `wellfield`.

use std::process::ExitCode;

fn main() -> ExitCode {
    wellfield_server::cli::main()
}
