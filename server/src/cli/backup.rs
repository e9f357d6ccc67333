//! `wellfield backup`, and `wellfield identity`, which makes the key that opens one.

use std::path::PathBuf;

use wellfield_core::audit::{Actor, Deed, NewEntry};

use super::failure::{Failure, read_file};
use super::place::{Records, note_end};
use super::{Backup, Identity, say};
use crate::backup::{Lock, Made, make, new_identity};
use crate::clock::{Clock, SystemClock};
use crate::keys::write_private;

/// Makes a backup of a folder.
pub(super) async fn backup(command: Backup) -> Result<(), Failure> {
    let place = command.data.place()?;
    let Records::Folder(folder) = &place.records else {
        return Err(Failure::DatabaseBackup);
    };
    let lock = lock(command.passphrase_file, &command.to)?;
    let storage = place.open_existing().await?;
    // Before anything is handed out, so that the backup itself holds that it was made.
    storage
        .enter(NewEntry {
            at: SystemClock.now(),
            actor: Actor::CommandLine,
            deed: Deed::BackedUp,
        })
        .await?;
    let Made {
        length,
        opened_again,
    } = make(folder, &command.file, &lock)?;
    note_end(&*storage, &place.keys).await;
    let checked = if opened_again {
        "opened again and compared"
    } else {
        "read back and compared"
    };
    let file = command.file.display();
    say(&format!("{file}: {length} bytes, encrypted, {checked}."))?;
    match storage.audit_end().await? {
        Some(end) => say(&end.to_string()),
        None => Ok(()),
    }
}

fn lock(passphrase: Option<PathBuf>, to: &[String]) -> Result<Lock, Failure> {
    match passphrase {
        Some(path) => {
            let text = String::from_utf8_lossy(&read_file(&path)?).into_owned();
            Lock::passphrase(&text).ok_or(Failure::NoPassphrase(path))
        }
        None if to.is_empty() => Err(Failure::NoLock),
        None => Ok(Lock::keys(to)?),
    }
}

/// Makes a secret key, and prints the public one.
pub(super) fn identity(command: Identity) -> Result<(), Failure> {
    let (file, public) = new_identity();
    write_private(&command.file, file.as_bytes()).map_err(|source| Failure::Write {
        path: command.file,
        source,
    })?;
    say(&public)
}
