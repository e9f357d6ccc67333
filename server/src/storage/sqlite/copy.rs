//! A copy of the whole file while others write to it, and whether a file is whole.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::Connection;

use super::open::{database_path, open_reader};

/// Why there is no copy, or why a file cannot be used as one.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    /// SQLite does not say so in a sentence of ours.
    #[error("the database {} cannot be copied or read", .path.display())]
    Database {
        /// The file.
        path: PathBuf,
        /// Why.
        source: rusqlite::Error,
    },
    /// The file is a database, and not whole.
    #[error("the database {} is damaged: {found}", .path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What SQLite finds first. It names pages and tables.
        found: String,
    },
    /// The file is another program's, or none.
    #[error("the database {} is not one of Wellfield", .path.display())]
    NotOurs {
        /// The file.
        path: PathBuf,
    },
}

/// Copies the database of a folder as it is at one moment into a new file. Writing goes on meanwhile.
///
/// # Errors
/// [`CopyError::Database`]; also where the disk is full.
pub fn copy_into(directory: &Path, to: &Path, busy_timeout: Duration) -> Result<(), CopyError> {
    let path = database_path(directory);
    let copied = open_reader(&path, busy_timeout).and_then(|connection| {
        // What was deleted is not in it, unlike in a copy of the pages.
        connection.execute("VACUUM INTO ?1", [to.to_string_lossy()])
    });
    copied
        .map(drop)
        .map_err(|source| CopyError::Database { path, source })
}

/// Whether a file is a whole database of Wellfield, of whatever schema.
///
/// # Errors
/// See [`CopyError`].
pub fn examine(path: &Path, busy_timeout: Duration) -> Result<(), CopyError> {
    let examined = open_reader(path, busy_timeout).and_then(|connection| {
        let found = connection.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
        Ok((found, has_our_tables(&connection)?))
    });
    let path = path.to_owned();
    let (found, ours): (String, bool) = match examined {
        Ok(examined) => examined,
        Err(source) => return Err(CopyError::Database { path, source }),
    };
    if found != "ok" {
        return Err(CopyError::Damaged { path, found });
    }
    if !ours {
        return Err(CopyError::NotOurs { path });
    }
    Ok(())
}

fn has_our_tables(connection: &Connection) -> rusqlite::Result<bool> {
    let tables: u32 = connection.query_row(
        "SELECT count(*) FROM sqlite_schema
         WHERE type = 'table' AND name IN ('stream', 'event', 'device', 'quarantine')",
        [],
        |row| row.get(0),
    )?;
    Ok(tables == 4)
}

/// Brings everything of a database that nobody has open into its one file, so that the file can be moved.
///
/// # Errors
/// [`CopyError::Database`]; also where somebody has it open.
pub fn settle(path: &Path) -> Result<(), CopyError> {
    let settled = Connection::open(path).and_then(|connection| {
        connection.pragma_update(None, "synchronous", "FULL")?;
        let mode = connection.pragma_update_and_check(None, "journal_mode", "DELETE", |row| {
            row.get::<_, String>(0)
        })?;
        if mode == "delete" {
            Ok(())
        } else {
            Err(rusqlite::Error::InvalidQuery)
        }
    });
    let path = path.to_owned();
    settled.map_err(|source| CopyError::Database { path, source })
}
