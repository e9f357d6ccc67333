//! Why a command did not do what was asked.

use std::error::Error;
use std::fmt::{Display, Write};
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use wellfield_core::audit::Untrue;
use wellfield_core::measures::wellby::NotATime;
use wellfield_core::reporting::TooLarge;
use wellfield_core::text::TextError;

use crate::backup::{BackupError, NoIdentity, NoNumbers, NotARecipient, RestoreError};
use crate::entropy::NoEntropy;
use crate::erasures::LedgerFileError;
use crate::evaluate::BadRow;
use crate::http::TlsError;
use crate::import::RowError;
use crate::keys::KeysError;
use crate::offer::FieldError;
use crate::report::PackError;
use crate::safety_copy::NotTakenIn;
use crate::storage::postgres::{self, UrlError};
use crate::storage::sqlite;
use crate::storage::{
    AppendRefused, CodeRefused, PageRefused, RevokeRefused, StorageError, Unavailable,
};

/// Why a command did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    /// There is no runtime to run in.
    #[error("the program cannot start")]
    Runtime(#[source] io::Error),
    /// Nobody takes what is written.
    #[error("standard output cannot be written")]
    Output(#[source] io::Error),
    /// The file of the records cannot be opened.
    #[error(transparent)]
    OpenFile(#[from] sqlite::OpenError),
    /// The database of the records cannot be opened.
    #[error(transparent)]
    OpenDatabase(#[from] postgres::OpenError),
    /// The address of the database cannot be read.
    #[error(transparent)]
    Url(#[from] UrlError),
    /// The records cannot be read or changed.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
    /// To whom a report is given cannot be read.
    #[error("--to-whom: {0}")]
    Reader(TextError),
    /// A report cannot be kept.
    #[error(transparent)]
    NotKept(TooLarge),
    /// A stream began anew while it was read.
    #[error("the records were put back out of a backup meanwhile; run the command again")]
    BeganAnew,
    /// The address is not free or not ours.
    #[error("cannot listen on {address}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// Why.
        source: io::Error,
    },
    /// TLS cannot be spoken.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// Serving broke off.
    #[error("the server broke off")]
    Serve(#[source] io::Error),
    /// A file cannot be read.
    #[error("{} cannot be read", .path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A safety copy was not taken in.
    #[error("{} was not taken in", .path.display())]
    SafetyCopy {
        /// The file.
        path: PathBuf,
        /// Why.
        source: NotTakenIn,
    },
    /// The spreadsheets have rows that are wrong.
    #[error("{}Nothing was imported.", list(.0))]
    Rows(Vec<RowError>),
    /// A file of answers cannot be read as one.
    #[error("{0}")]
    Answers(RowError),
    /// A file of answers has rows that cannot be used.
    #[error(
        "{}Nothing was worked out. Put these rows right, or say --leave-out-bad-rows",
        first_rows(.0)
    )]
    BadRows(Vec<BadRow>),
    /// A file is larger than anything that is read.
    #[error("{} is larger than {megabytes} MB", .path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// How much is read.
        megabytes: u64,
    },
    /// A change cannot be assumed to last so long.
    #[error(transparent)]
    Lasting(NotATime),
    /// The description of a programme has fields that are wrong.
    #[error("{}Nothing was published.", list(.0))]
    Fields(Vec<FieldError>),
    /// The records cannot be added.
    #[error("{0}; nothing was kept")]
    NotAppended(AppendRefused),
    /// There is no such programme.
    #[error("there is no programme of the name {name}{}", list_of(.known))]
    NoProgramme {
        /// What was asked for.
        name: String,
        /// What there is.
        known: Vec<String>,
    },
    /// What was given with an option cannot be used.
    #[error("{option}: {why}")]
    Option {
        /// The option.
        option: &'static str,
        /// Why not.
        why: String,
    },
    /// There is no such device.
    #[error("there is no device {0}")]
    NoDevice(u32),
    /// The machine's clock tells no day.
    #[error("the clock of this machine is beyond the calendar")]
    NoDay,
    /// A stretch of days that ends before it begins.
    #[error("--to is before --from")]
    NoDays,
    /// A table could not be written.
    #[error("the table cannot be written: {0}")]
    Csv(#[source] csv::Error),
    /// A file of a report could not be made.
    #[error(transparent)]
    Pack(#[from] PackError),
    /// The keys cannot be used.
    #[error(transparent)]
    Keys(#[from] KeysError),
    /// Other keys than these signed the audit.
    #[error(
        "the audit was not signed with {}: {}. Name the file of the keys by --keys; if they are lost, \
         `wellfield audit new-key` goes on with others and enters that",
        .path.display(),
        if *.there { "these are other keys, or somebody changed the audit" } else { "there is no such file" }
    )]
    OtherKeys {
        /// The file.
        path: PathBuf,
        /// Whether there is such a file.
        there: bool,
    },
    /// A public key is none.
    #[error(transparent)]
    Recipient(#[from] NotARecipient),
    /// Nobody is named who could open the backup.
    #[error("name who can open the backup: --to RECIPIENT or --passphrase-file FILE")]
    NoLock,
    /// A passphrase is empty.
    #[error("there is no passphrase in {}", .0.display())]
    NoPassphrase(PathBuf),
    /// A file holds no secret key.
    #[error("{} opens no backup", .path.display())]
    Identity {
        /// The file.
        path: PathBuf,
        /// Why.
        source: NoIdentity,
    },
    /// Nothing is named that opens the backup.
    #[error("name what opens the backup: --identity FILE or --passphrase-file FILE")]
    NoOpener,
    /// The records are in a database.
    #[error(
        "the records are in PostgreSQL, and this command copies a folder only. Use `pg_dump --format=custom --enable-row-security`, which is whole while servers run, and encrypt what it writes. docs/running.md says how"
    )]
    DatabaseBackup,
    /// The records are to be in a database.
    #[error(
        "the records are in PostgreSQL, and this command fills a folder only. Use `pg_restore`, then run `wellfield restore --after` before the first server starts. docs/running.md says how"
    )]
    DatabaseRestore,
    /// There is no backup.
    #[error(transparent)]
    Backup(#[from] BackupError),
    /// Nothing was restored.
    #[error(transparent)]
    Restore(#[from] RestoreError),
    /// The server does not go on from what was put back.
    #[error(transparent)]
    GoOn(#[from] NoNumbers),
    /// The ledger of erasures cannot be read or carried out.
    #[error("{}: nothing was restored, because who was erased would come back", .path.display())]
    Ledger {
        /// The file.
        path: PathBuf,
        /// Why.
        source: LedgerFileError,
    },
    /// Somebody is to be erased who could come back.
    #[error("{}: nobody was erased, because a backup would bring them back", .path.display())]
    NotInLedger {
        /// The file.
        path: PathBuf,
        /// Why.
        source: LedgerFileError,
    },
    /// There is nothing about somebody.
    #[error(
        "nothing is recorded about {0}. `wellfield export` tells the numbers of people and referrals"
    )]
    NothingAbout(String),
    /// Somebody is approved who was not proposed.
    #[error("{0} is not among those whose time is over; nobody was erased")]
    NotProposed(String),
    /// A day is none, or is still to come.
    #[error("{0} is no day up to today, written as 2026-05-31")]
    NotADay(String),
    /// There is no such complaint.
    #[error("there is no complaint {0}")]
    NoComplaint(u64),
    /// Complaints were not acknowledged in time.
    #[error("{0} complaints should have been acknowledged by now")]
    Overdue(usize),
    /// A file cannot be written.
    #[error("{} cannot be written", .path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The audit is not whole.
    #[error("{untrue}. {}", .untrue.meaning())]
    Audit {
        /// What is wrong with it.
        untrue: Untrue,
    },
    /// A file is no signed end of an audit.
    #[error("{} holds no signed end of an audit", .0.display())]
    NotAHead(PathBuf),
    /// The keys that are here sign the audit already.
    #[error("the audit is signed with these keys; nothing was changed")]
    SameKeys,
    /// No random numbers.
    #[error(transparent)]
    Entropy(#[from] NoEntropy),
    /// The export cannot be written as JSON.
    #[error("the records cannot be written as JSON")]
    Json(#[from] serde_json::Error),
}

impl Failure {
    /// The message, and every cause behind it.
    pub(super) fn with_causes(&self) -> String {
        let mut text = self.to_string();
        let mut cause = self.source();
        while let Some(error) = cause {
            // Writing to a string cannot fail.
            let _ = write!(text, ": {error}");
            cause = error.source();
        }
        text
    }
}

impl From<StorageError<AppendRefused>> for Failure {
    fn from(error: StorageError<AppendRefused>) -> Self {
        match error {
            StorageError::Refused(refused) => Self::NotAppended(refused),
            StorageError::Unavailable(unavailable) => unavailable.into(),
        }
    }
}

impl From<StorageError<PageRefused>> for Failure {
    fn from(error: StorageError<PageRefused>) -> Self {
        match error {
            // The command line reads for the server itself, which may read everything.
            StorageError::Refused(PageRefused::EpochChanged | PageRefused::NotForReader) => {
                Self::BeganAnew
            }
            StorageError::Unavailable(unavailable) => unavailable.into(),
        }
    }
}

impl From<StorageError<CodeRefused>> for Failure {
    fn from(error: StorageError<CodeRefused>) -> Self {
        match error {
            // The programme was found a moment ago and nothing removes programmes.
            StorageError::Refused(CodeRefused::NoProgramme) => Self::NoProgramme {
                name: String::new(),
                known: Vec::new(),
            },
            StorageError::Unavailable(unavailable) => unavailable.into(),
        }
    }
}

impl Failure {
    /// For a device that was to be revoked.
    pub(super) fn of_revoking(error: StorageError<RevokeRefused>, device: u32) -> Self {
        match error {
            StorageError::Refused(RevokeRefused::NoDevice) => Self::NoDevice(device),
            StorageError::Unavailable(unavailable) => unavailable.into(),
        }
    }
}

/// Reads a file that somebody named.
pub(super) fn read_file(path: &Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(path).map_err(|source| Failure::Read {
        path: path.to_owned(),
        source,
    })
}

/// The rows that cannot be used, each on a line of its own, and how many more there are.
pub(super) fn first_rows(rows: &[BadRow]) -> String {
    const SHOWN_MAX: usize = 100;
    let mut text = list(rows.get(..SHOWN_MAX).unwrap_or(rows));
    if let Some(more) = rows.len().checked_sub(SHOWN_MAX).filter(|more| *more > 0) {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "and {more} more");
    }
    text
}

/// What is wrong, each on a line of its own.
fn list(errors: &[impl Display]) -> String {
    let mut text = String::new();
    for error in errors {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{error}");
    }
    text
}

fn list_of(names: &[String]) -> String {
    if names.is_empty() {
        String::new()
    } else {
        format!("; there is: {}", names.join(", "))
    }
}
