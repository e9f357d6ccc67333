//! What a person does with this repository, one subcommand each. `cargo xtask --help` lists them.
//!
//! Every subcommand first provides the tools it needs and that are missing ([`provision`]), so that
//! a clean checkout and a Rust toolchain are enough. Nothing here knows a rule of Wellfield: it only
//! builds, starts and counts.

#![expect(
    clippy::print_stdout,
    reason = "a command-line tool speaks on standard output"
)]

mod bench;
mod browser;
mod bundle;
mod client;
mod compress;
mod digest;
mod dist;
mod failure;
mod files;
mod lint;
mod parts;
mod process;
mod provision;
mod run;
mod server;
mod simulate;
mod test;
mod wasm;
mod worker;
mod workers;

use crate::failure::Failure;
use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// Builds, runs and proves Wellfield.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", max_term_width = 100)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Build everything and start the server: the sample programme, or your own records with `--data DIR`
    Run {
        /// What the server is told, as `--data DIR` and `--listen ADDR`
        #[arg(
            trailing_var_arg = true,
            allow_hyphen_values = true,
            value_name = "SERVER ARGUMENTS"
        )]
        server_arguments: Vec<String>,
    },
    /// Run every test, those in the browser too, and print how many passed and failed
    Test {
        /// Run one part alone
        #[arg(long, value_enum)]
        only: Option<test::Part>,
    },
    /// Check formatting, lints, and licences and advisories of the dependencies
    Check {
        /// Leave out the advisories, whose database is fetched from the network
        #[arg(long)]
        offline: bool,
    },
    /// Measure the release build in the browser beside its peers
    Bench {
        /// What the benchmark is told
        #[arg(
            trailing_var_arg = true,
            allow_hyphen_values = true,
            value_name = "BENCH ARGUMENTS"
        )]
        bench_arguments: Vec<String>,
    },
    /// Run seeds of the simulation on every core, and count faults and broken promises
    Simulate {
        /// How many seeds
        #[arg(long, default_value_t = 10_000)]
        seeds: u64,
        /// The first seed
        #[arg(long, default_value_t = 0)]
        from: u64,
        /// Steps with faults in each
        #[arg(long)]
        steps: Option<u64>,
        /// At most so many tablets in each
        #[arg(long)]
        tablets: Option<u64>,
        /// Something that is known to be wrong, by its name in tests/src/simulation/flaw.rs
        #[arg(long)]
        flaw: Option<String>,
    },
    /// Build the client and the release server into dist-release/
    Dist,
    /// Build every client bundle into dist/ and print their first-load sizes
    Client,
    /// Provide every tool the other commands need, and do nothing else
    Provision,
}

fn main() -> ExitCode {
    match perform(Arguments::parse().task) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("cargo xtask: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn perform(task: Task) -> Result<(), Failure> {
    match task {
        Task::Run { server_arguments } => run::run(&server_arguments),
        Task::Test { only } => test::test(only),
        Task::Check { offline } => lint::check(offline),
        Task::Bench { bench_arguments } => bench::bench(&bench_arguments),
        Task::Simulate {
            seeds,
            from,
            steps,
            tablets,
            flaw,
        } => simulate::simulate(
            seeds,
            from,
            &[
                ("--steps", steps.map(|steps| steps.to_string())),
                ("--tablets", tablets.map(|tablets| tablets.to_string())),
                ("--flaw", flaw),
            ],
        ),
        Task::Dist => dist::dist(),
        Task::Client => client::build(),
        Task::Provision => provision::everything(),
    }
}
