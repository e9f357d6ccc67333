//! What people type: `wellfield serve | demo | import | offer | enrol | revoke | take-in | status |
//! export | evaluate | audit`.

mod audit;
mod demo;
mod enrol;
mod evaluate;
mod export;
mod failure;
mod import;
mod offer;
mod place;
mod serve;
mod status;
mod take_in;

use std::io::{self, IsTerminal, Write};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand, ValueEnum};
use tracing::Level;
use wellfield_core::access::Role;

use crate::enrolment::CODE_MINUTES;
use crate::http::{Tls, TlsError};
use failure::Failure;
use place::Data;

/// Runs heritage social prescribing: sessions in the field, with or without a network.
#[derive(Parser)]
#[command(name = "wellfield", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the client and receive what devices send.
    Serve(Serve),
    /// Serve a sample programme with invented people, to try things out.
    Demo(Demo),
    /// Set up a programme out of two spreadsheets (CSV), all of it or nothing.
    Import(Import),
    /// Publish the public description of a programme out of a JSON file, in place of an earlier one.
    Offer(Offer),
    /// Make a code with which one device can join.
    Enrol(Enrol),
    /// Shut a device out, for example one that was lost.
    Revoke(Revoke),
    /// Take in safety copies: the unsent records of tablets that could not send them.
    TakeIn(TakeIn),
    /// Show devices, streams and what was set aside.
    Status(Status),
    /// Write everything recorded in a programme as JSON.
    Export(Export),
    /// Work out what a file of answers says (CSV: person, instrument, moment, item, answer), without a
    /// database.
    Evaluate(Evaluate),
    /// Look at who did what with other people's records, and whether somebody changed that.
    #[command(subcommand)]
    Audit(Audit),
}

/// How to be reached.
#[derive(Args)]
struct Network {
    /// The address to listen on; port 0 takes a free one.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// A proxy in front speaks TLS to the outside and appends the client's address to
    /// X-Forwarded-For. Turns Strict-Transport-Security on.
    #[arg(long)]
    behind_tls_proxy: bool,
    /// Speak TLS with this certificate, and those that lead to it, in PEM. Turns
    /// Strict-Transport-Security on. A renewed certificate is read at the next start.
    #[arg(
        long,
        value_name = "FILE",
        requires = "tls_key",
        conflicts_with = "behind_tls_proxy"
    )]
    tls_cert: Option<PathBuf>,
    /// The certificate's private key, in PEM.
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    tls_key: Option<PathBuf>,
}

impl Network {
    /// The certificate to speak TLS with, if one is named.
    fn tls(&self) -> Result<Option<Tls>, TlsError> {
        match (&self.tls_cert, &self.tls_key) {
            (Some(certificate), Some(key)) => Tls::from_files(certificate, key).map(Some),
            _ => Ok(None),
        }
    }
}

#[derive(Args)]
struct Serve {
    #[command(flatten)]
    data: Data,
    #[command(flatten)]
    network: Network,
}

#[derive(Args)]
struct Demo {
    /// The folder that holds the records. Without it they lie in a temporary folder and go with the
    /// server.
    #[arg(long, value_name = "DIR", conflicts_with = "database")]
    data: Option<PathBuf>,
    /// The PostgreSQL database that holds the records: postgres://USER@HOST/DATABASE. The environment
    /// does not count here, so that invented people do not come among real ones.
    #[arg(long, value_name = "URL")]
    database: Option<String>,
    /// The file that holds the server's keys, as for serve.
    #[arg(long, value_name = "FILE")]
    keys: Option<PathBuf>,
    #[command(flatten)]
    network: Network,
}

#[derive(Args)]
struct Import {
    /// The people, one a row.
    people: PathBuf,
    /// The sessions, one a row.
    sessions: PathBuf,
    /// The name of the programme. There must be none of that name yet.
    #[arg(long, value_name = "NAME")]
    programme: String,
    /// Who runs it, as people are told when they are asked for consent. Without it, whoever runs the
    /// programmes that are there, else the name of the programme.
    #[arg(long, value_name = "NAME")]
    organisation: Option<String>,
    /// Read and check everything, keep nothing.
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    data: Data,
}

#[derive(Args)]
struct Offer {
    /// The description, as docs/offer-example.json shows it.
    file: PathBuf,
    /// The programme that it describes.
    #[arg(long, value_name = "NAME")]
    programme: String,
    /// Read and check everything, publish nothing.
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    data: Data,
}

#[derive(Clone, Copy, ValueEnum)]
enum RoleName {
    /// Runs sessions on a tablet.
    Facilitator,
    /// Runs the programme; also sees referrals, flags and devices.
    Coordinator,
    /// Reads safeguarding concerns, and nobody else does.
    SafeguardingLead,
}

impl From<RoleName> for Role {
    fn from(name: RoleName) -> Self {
        match name {
            RoleName::Facilitator => Self::Facilitator,
            RoleName::Coordinator => Self::Coordinator,
            RoleName::SafeguardingLead => Self::SafeguardingLead,
        }
    }
}

#[derive(Args)]
struct Enrol {
    /// The programme that the device joins.
    #[arg(long, value_name = "NAME")]
    programme: String,
    /// What its user does.
    #[arg(long, value_enum, default_value = "facilitator")]
    role: RoleName,
    /// How long the code is valid.
    #[arg(long, value_name = "N", default_value_t = CODE_MINUTES)]
    minutes: u32,
    #[command(flatten)]
    data: Data,
}

#[derive(Args)]
struct Revoke {
    /// The number of the device, as `status` shows it.
    #[arg(long, value_name = "N")]
    device: u32,
    #[command(flatten)]
    data: Data,
}

#[derive(Args)]
struct TakeIn {
    /// The files that tablets made.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    #[command(flatten)]
    data: Data,
}

#[derive(Args)]
struct Status {
    /// For another program instead of a person.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    data: Data,
}

#[derive(Args)]
struct Export {
    /// The programme.
    #[arg(long, value_name = "NAME")]
    programme: String,
    #[command(flatten)]
    data: Data,
}

#[derive(Args)]
struct Evaluate {
    /// The answers, one a row, with the columns person, instrument, moment (baseline or end), item (key or
    /// number) and answer. A column version may say which version of the instrument.
    file: PathBuf,
    /// For another program instead of a person.
    #[arg(long)]
    json: bool,
    /// Work out the rest where some rows cannot be used. They are listed all the same.
    #[arg(long)]
    leave_out_bad_rows: bool,
    /// Estimate what a change in life satisfaction is worth, if it lasts so many years, at most one.
    #[arg(long, value_name = "YEARS")]
    wellby_years: Option<f64>,
}

#[derive(Subcommand)]
enum Audit {
    /// Check that nobody changed the audit. Ends with 1 and says what is wrong if somebody did.
    Verify(AuditVerify),
    /// Show every entry.
    List(AuditList),
    /// Go on with other keys, where those that signed the audit are lost. That is entered.
    NewKey(AuditNewKey),
}

#[derive(Args)]
struct AuditVerify {
    /// A file with an end of the audit that was noted elsewhere, as this command and backup print it: the
    /// audit has to go on from there.
    #[arg(long, value_name = "FILE")]
    seen: Option<PathBuf>,
    #[command(flatten)]
    data: Data,
}

#[derive(Args)]
struct AuditList {
    /// For another program instead of a person.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    data: Data,
}

#[derive(Args)]
struct AuditNewKey {
    #[command(flatten)]
    data: Data,
}

/// Does what was typed.
pub fn main() -> ExitCode {
    let command = Cli::parse().command;
    let level = match command {
        Command::Serve(_) | Command::Demo(_) => Level::INFO,
        _ => Level::WARN,
    };
    // To standard error: standard output is for what was asked for.
    tracing_subscriber::fmt()
        .with_max_level(level)
        .with_writer(io::stderr)
        .with_ansi(io::stderr().is_terminal())
        .init();
    match run(command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            // Where nobody listens to errors either, the exit code still tells.
            drop(writeln!(io::stderr(), "{}", failure.with_causes()));
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Result<(), Failure> {
    let runtime = tokio::runtime::Runtime::new().map_err(Failure::Runtime)?;
    runtime.block_on(async {
        match command {
            Command::Serve(serve) => serve::serve(serve).await,
            Command::Demo(demo) => demo::demo(demo).await,
            Command::Import(import) => import::import(import).await,
            Command::Offer(offer) => offer::offer(offer).await,
            Command::Enrol(enrol) => enrol::enrol(enrol).await,
            Command::Revoke(revoke) => enrol::revoke(revoke).await,
            Command::TakeIn(take_in) => take_in::take_in(take_in).await,
            Command::Status(status) => status::status(status).await,
            Command::Export(export) => export::export(export).await,
            Command::Evaluate(evaluate) => evaluate::evaluate(&evaluate),
            Command::Audit(Audit::Verify(verify)) => audit::verify(verify).await,
            Command::Audit(Audit::List(list)) => audit::list(list).await,
            Command::Audit(Audit::NewKey(new_key)) => audit::new_key(new_key).await,
        }
    })
}

/// Writes what was asked for to standard output, at once.
fn say(text: &str) -> Result<(), Failure> {
    let mut output = io::stdout().lock();
    writeln!(output, "{text}")
        .and_then(|()| output.flush())
        .map_err(Failure::Output)
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_commands_are_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn a_folder_or_a_database_may_be_named_and_a_role_is_a_word() {
        let parsed = Cli::try_parse_from([
            "wellfield",
            "enrol",
            "--programme",
            "Dig",
            "--role",
            "coordinator",
        ]);
        let Command::Enrol(enrol) = parsed.unwrap().command else {
            panic!("another command")
        };
        assert_eq!(Role::from(enrol.role), Role::Coordinator);
        assert_eq!(enrol.minutes, 10);
        assert_eq!(enrol.data.data, None);
        assert_eq!(enrol.data.database, None);
        let both = ["--data", "here", "--database", "postgres://db/x"];
        let both = ["wellfield", "status"].into_iter().chain(both);
        assert!(Cli::try_parse_from(both).is_err());
    }
}
