//! Opening the file, and bringing it to the schema of this version.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, TransactionBehavior};

/// The file in the data directory.
const FILE_NAME: &str = "wellfield.sqlite3";

/// The steps from an empty file to the schema of this version. A step that was released never
/// changes; a new one is added. The file's `user_version` says how many were taken.
const MIGRATIONS: &[&str] = &[
    include_str!("schema/0001_events.sql"),
    include_str!("schema/0002_audit.sql"),
    include_str!("schema/0003_erasure.sql"),
    include_str!("schema/0004_own_phone.sql"),
    include_str!("schema/0005_own_erased.sql"),
    include_str!("schema/0006_accounts.sql"),
    include_str!("schema/0007_device_proof.sql"),
];

/// The schema of this version.
const SCHEMA: u32 = MIGRATIONS.len() as u32;

/// Why the data directory cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// There are no records where they were looked for.
    #[error("there are no records in {}", .path.display())]
    Missing {
        /// Where.
        path: PathBuf,
    },
    /// The directory cannot be made.
    #[error("the data directory {} cannot be made", .path.display())]
    Directory {
        /// Where.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file cannot be opened or read.
    #[error("the database {} cannot be opened", .path.display())]
    Database {
        /// Where.
        path: PathBuf,
        /// Why.
        source: rusqlite::Error,
    },
    /// A newer version of this software wrote the file.
    #[error("the database {} was written by a newer version (schema {found}, this version knows {known})", .path.display())]
    TooNew {
        /// Where.
        path: PathBuf,
        /// Its schema.
        found: u32,
        /// The newest schema known here.
        known: u32,
    },
    /// The writing thread could not be started.
    #[error("the writing thread cannot be started")]
    Thread(#[source] std::io::Error),
}

/// The database file of a data directory.
pub fn database_path(directory: &Path) -> PathBuf {
    directory.join(FILE_NAME)
}

/// Makes the data directory where there is none, open to nobody else: what is in it concerns people's
/// health.
pub(super) fn make_directory(directory: &Path) -> Result<(), OpenError> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
        .create(directory)
        .map_err(|source| OpenError::Directory {
            path: directory.to_owned(),
            source,
        })
}

/// Opens the connection that writes, with the schema of this version.
pub(super) fn open_writer(path: &Path, busy_timeout: Duration) -> Result<Connection, OpenError> {
    let failed = |source| OpenError::Database {
        path: path.to_owned(),
        source,
    };
    let mut connection = Connection::open(path).map_err(failed)?;
    prepare_writer(&connection, busy_timeout).map_err(failed)?;
    let found = migrate(&mut connection).map_err(failed)?;
    if found > SCHEMA {
        return Err(OpenError::TooNew {
            path: path.to_owned(),
            found,
            known: SCHEMA,
        });
    }
    Ok(connection)
}

/// FULL, because an acknowledgement is a promise: a commit is on the disk before it is answered. WAL,
/// because reading must not wait for writing.
fn prepare_writer(connection: &Connection, busy_timeout: Duration) -> rusqlite::Result<()> {
    connection.busy_timeout(busy_timeout)?;
    connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(())
}

/// Takes the steps that are missing, all or none, and answers the schema that is there now.
fn migrate(connection: &mut Connection) -> rusqlite::Result<u32> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let found: u32 = transaction.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    for step in MIGRATIONS.iter().skip(found as usize) {
        transaction.execute_batch(step)?;
    }
    let now = found.max(SCHEMA);
    if now != found {
        transaction.pragma_update(None, "user_version", now)?;
    }
    transaction.commit()?;
    Ok(now)
}

/// Opens a connection that can only read.
pub(super) fn open_reader(path: &Path, busy_timeout: Duration) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(busy_timeout)?;
    connection.set_prepared_statement_cache_capacity(32);
    Ok(connection)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOON: Duration = Duration::from_millis(100);

    #[test]
    fn a_file_is_brought_to_the_schema_once() {
        let directory = tempfile::tempdir().unwrap();
        let path = database_path(directory.path());
        for _ in 0..2 {
            let connection = open_writer(&path, SOON).unwrap();
            let devices: u32 = connection
                .query_row("SELECT count(*) FROM device", [], |row| row.get(0))
                .unwrap();
            assert_eq!(devices, 1);
            let synchronous: u32 = connection
                .query_row("PRAGMA synchronous", [], |row| row.get(0))
                .unwrap();
            assert_eq!(synchronous, 2, "FULL");
        }
    }

    #[test]
    fn a_file_of_a_newer_version_is_left_alone() {
        let directory = tempfile::tempdir().unwrap();
        let path = database_path(directory.path());
        open_writer(&path, SOON)
            .unwrap()
            .pragma_update(None, "user_version", 99)
            .unwrap();
        let refused = open_writer(&path, SOON);
        assert!(matches!(refused, Err(OpenError::TooNew { found: 99, .. })));
    }

    #[test]
    fn a_reader_cannot_write() {
        let directory = tempfile::tempdir().unwrap();
        let path = database_path(directory.path());
        let _writer = open_writer(&path, SOON).unwrap();
        let reader = open_reader(&path, SOON).unwrap();
        assert!(reader.execute("DELETE FROM device", []).is_err());
    }
}
