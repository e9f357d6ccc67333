//! Stands between browsers and the server and lets things go wrong, as told on standard input.
//!
//! Says where it listens, then answers each line with one line of JSON. It ends with its input, so
//! that it never outlives the test that started it. `wellfield_tests::fault_proxy` says what it can do.

#![expect(
    clippy::print_stdout,
    reason = "a command-line tool speaks on standard output"
)]

use std::io::BufRead as _;
use std::net::SocketAddr;
use std::process::ExitCode;

use wellfield_tests::fault_proxy::FaultProxy;

const HELP: &str = "fault_proxy --to ADDRESS [--listen ADDRESS] [--seed N]";

fn start() -> Result<FaultProxy, String> {
    let mut listen = SocketAddr::from(([127, 0, 0, 1], 0));
    let mut server = None;
    let mut seed = 1;
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let value = arguments.next().ok_or(HELP)?;
        match argument.as_str() {
            "--to" => server = Some(value.parse().map_err(|_| HELP)?),
            "--listen" => listen = value.parse().map_err(|_| HELP)?,
            "--seed" => seed = value.parse().map_err(|_| HELP)?,
            _ => return Err(HELP.to_owned()),
        }
    }
    FaultProxy::start(listen, server.ok_or(HELP)?, seed)
        .map_err(|error| format!("{listen} cannot be listened at: {error}"))
}

fn main() -> ExitCode {
    let proxy = match start() {
        Ok(proxy) => proxy,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::FAILURE;
        }
    };
    println!("listening on {}", proxy.address());
    for line in std::io::stdin().lock().lines().map_while(Result::ok) {
        match proxy.obey(&line) {
            Ok(report) => println!("{report}"),
            Err(error) => println!(r#"{{"error":"{}"}}"#, error.to_string().escape_default()),
        }
    }
    ExitCode::SUCCESS
}
