//! What people type: `wellfield serve | demo | import | offer | enrol | revoke | take-in | status |
//! export | evaluate | audit | new-sealing-key | identity | backup | restore | erase | subject-access |
//! retention | account | complaint`.

mod account;
mod audit;
mod backup;
mod complaint;
mod demo;
mod enrol;
mod erase;
mod evaluate;
mod export;
mod failure;
mod import;
mod loss;
mod offer;
mod place;
mod report;
mod restore;
mod retention;
mod sealing;
mod serve;
mod status;
mod subject;
mod subject_access;
mod take_in;

use std::io::{self, IsTerminal, Write};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand, ValueEnum};
use tracing::Level;
use wellfield_core::access::Role;
use wellfield_core::clock::{Date, parse_iso_date};
use wellfield_core::retention::Periods;

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
    /// Write down whom the loss of a device may harm, as a page to print (HTML).
    Loss(loss::LossList),
    /// Take in safety copies: the unsent records of tablets that could not send them.
    TakeIn(TakeIn),
    /// Show devices, streams and what was set aside.
    Status(Status),
    /// Write everything recorded in a programme as JSON.
    Export(Export),
    /// Write the report of a programme: reach, attendance, before and after, and how the sessions were.
    Report(report::Report),
    /// Work out what a file of answers says (CSV: person, instrument, moment, item, answer), without a
    /// database.
    Evaluate(Evaluate),
    /// Look at who did what with other people's records, and whether somebody changed that.
    #[command(subcommand)]
    Audit(Audit),
    /// Draw another key for tablets to seal to. The one before it still opens what was sealed.
    NewSealingKey(NewSealingKey),
    /// Make the secret key that opens backups, and print the public one. The file belongs elsewhere than
    /// the server.
    Identity(Identity),
    /// Make an encrypted backup of the folder, while the server runs. For a database, use pg_dump.
    Backup(Backup),
    /// Put a backup back into an empty folder.
    Restore(Restore),
    /// Erase everything that is about one person, for good: here, on devices, and out of backups that are
    /// restored later.
    Erase(Erase),
    /// Write down everything that is recorded about one person, for that person: as JSON, and as a page to
    /// print beside it.
    SubjectAccess(SubjectAccess),
    /// Tell about whom nothing was recorded for as long as records are kept, and erase those that a person
    /// approves.
    Retention(Retention),
    /// Say who signs in on the server's pages: link workers, the data-protection lead, administrators.
    #[command(subcommand)]
    Account(account::AccountCommand),
    /// Keep the days of complaints about data protection: each has to be acknowledged within thirty.
    #[command(subcommand)]
    Complaint(ComplaintCommand),
}

#[derive(Args)]
struct Identity {
    /// Where to write the secret key. There must be no such file.
    file: PathBuf,
}

#[derive(Args)]
struct Backup {
    /// The backup. There must be no such file.
    file: PathBuf,
    /// Who can open it: a public key, age1…. Can be given several times; each of them alone opens it.
    #[arg(long, value_name = "RECIPIENT")]
    to: Vec<String>,
    /// Encrypt to the passphrase in this file instead.
    #[arg(long, value_name = "FILE", conflicts_with = "to")]
    passphrase_file: Option<PathBuf>,
    #[command(flatten)]
    data: Data,
}

#[derive(Args)]
struct Restore {
    /// The backup.
    #[arg(required_unless_present = "after", conflicts_with = "after")]
    file: Option<PathBuf>,
    /// The secret key that opens it, as `identity` or age-keygen wrote it.
    #[arg(long, value_name = "FILE", conflicts_with = "after")]
    identity: Option<PathBuf>,
    /// The passphrase that opens it, in this file.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["after", "identity"])]
    passphrase_file: Option<PathBuf>,
    /// The records were put back by other means already, as by pg_restore: do what is left to do. Once
    /// after each time, before the first server starts.
    #[arg(long)]
    after: bool,
    /// The ledger of erasures, which are carried out again. Without this it is DIR.erasures beside the
    /// folder, or wellfield.erasures for a database. There need be none.
    #[arg(long, value_name = "FILE")]
    erasures: Option<PathBuf>,
    #[command(flatten)]
    data: Data,
}

#[derive(Args)]
struct Erase {
    #[command(flatten)]
    whom: subject::Whom,
    /// Only tell what there is. Nothing is erased.
    #[arg(long)]
    dry_run: bool,
    /// The ledger of erasures, as for `restore`.
    #[arg(long, value_name = "FILE")]
    erasures: Option<PathBuf>,
    #[command(flatten)]
    data: Data,
}

#[derive(Args)]
struct SubjectAccess {
    #[command(flatten)]
    whom: subject::Whom,
    /// Where to write the JSON. The page lies beside it, with the ending html. There must be neither yet.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    #[command(flatten)]
    data: Data,
}

#[derive(Args)]
struct Retention {
    /// For how many days records about people are kept, after the last one and the end of the programme.
    #[arg(long, value_name = "DAYS", default_value_t = Periods::default().people)]
    people_days: u32,
    /// For how many days forms are kept that people filled in themselves.
    #[arg(long, value_name = "DAYS", default_value_t = Periods::default().referrals)]
    referrals_days: u32,
    /// Erase this one of those that are listed. Can be given several times.
    #[arg(long, value_name = "ID")]
    approve: Vec<String>,
    /// The ledger of erasures, as for `restore`.
    #[arg(long, value_name = "FILE")]
    erasures: Option<PathBuf>,
    #[command(flatten)]
    data: Data,
}

#[derive(Subcommand)]
enum ComplaintCommand {
    /// One arrived. The letter itself stays where you keep letters.
    Received {
        /// The day, as 2026-05-31. Without it, today.
        #[arg(long, value_name = "DAY")]
        on: Option<String>,
        #[command(flatten)]
        data: Data,
    },
    /// One was acknowledged.
    Acknowledged {
        /// Its number, as `list` tells it.
        number: u64,
        #[command(flatten)]
        data: Data,
    },
    /// One was answered.
    Answered {
        /// Its number, as `list` tells it.
        number: u64,
        #[command(flatten)]
        data: Data,
    },
    /// Tell where each stands. Ends with 1 where one is overdue.
    List {
        #[command(flatten)]
        data: Data,
    },
}

/// How to be reached.
#[derive(Args)]
struct Network {
    /// The address to listen on; port 0 takes a free one.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// The address at which people reach the server, as https://dig.example.org. Passkeys of people who sign
    /// in on the server's own pages are for it alone; without it they use words and an app.
    #[arg(long, value_name = "ADDRESS")]
    origin: Option<String>,
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

/// A day as somebody types it.
fn day(text: &str) -> Result<Date, String> {
    parse_iso_date(text).ok_or_else(|| "is no day; write it as 2026-06-01".to_owned())
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
struct NewSealingKey {
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
            Command::Loss(list) => loss::loss(list).await,
            Command::TakeIn(take_in) => take_in::take_in(take_in).await,
            Command::Status(status) => status::status(status).await,
            Command::Export(export) => export::export(export).await,
            Command::Identity(identity) => backup::identity(identity),
            Command::Backup(backup) => backup::backup(backup).await,
            Command::Restore(restore) => restore::restore(restore).await,
            Command::Erase(erase) => erase::erase(erase).await,
            Command::Account(command) => account::account(command).await,
            Command::Complaint(command) => complaint::complaint(command).await,
            Command::Retention(retention) => retention::retention(retention).await,
            Command::SubjectAccess(access) => subject_access::subject_access(access).await,
            Command::Report(report) => report::report(report).await,
            Command::Evaluate(evaluate) => evaluate::evaluate(&evaluate),
            Command::Audit(Audit::Verify(verify)) => audit::verify(verify).await,
            Command::Audit(Audit::List(list)) => audit::list(list).await,
            Command::Audit(Audit::NewKey(new_key)) => audit::new_key(new_key).await,
            Command::NewSealingKey(new_key) => sealing::new_key(new_key),
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
