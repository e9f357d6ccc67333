//! The ledger of erasures as a file, outside the database and outside its backups.
//!
//! What is in it is for the rules to say (`wellfield_core::restore::ledger`). It is only ever added to, and
//! what was added is on the disk before anything is erased: somebody who is in the ledger and still in the
//! database is erased by doing it once more, and somebody who is in neither comes back with a backup.

use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use wellfield_core::restore::ledger::{
    CannotErase, Erasure, LedgerError, Replay, encode_erasure, plan_replay, read_ledger,
};

use crate::keys::sync_folder_of;

/// Where the ledger lies.
#[derive(Clone, Debug)]
pub struct LedgerFile {
    path: PathBuf,
}

/// Why the ledger cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum LedgerFileError {
    /// The file cannot be read.
    #[error("it cannot be read")]
    Read(#[source] io::Error),
    /// The file cannot be added to.
    #[error("it cannot be written")]
    Write(#[source] io::Error),
    /// What is in it is damaged or newer.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// What is in it cannot be carried out.
    #[error(transparent)]
    CannotErase(#[from] CannotErase),
}

impl LedgerFile {
    /// The file of this name. There need be none.
    pub fn new(path: PathBuf) -> Self {
        Self { path }
    }

    /// The file itself.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Everybody in it, to be erased again.
    ///
    /// # Errors
    /// See [`LedgerFileError`].
    pub fn replay(&self) -> Result<Replay, LedgerFileError> {
        let bytes = match std::fs::read(&self.path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
            read => read.map_err(LedgerFileError::Read)?,
        };
        Ok(plan_replay(&read_ledger(&bytes)?)?)
    }

    /// Adds an entry, which is on the disk when this answers. A damaged ledger is not added to: nobody
    /// would find what comes after the damage.
    ///
    /// # Errors
    /// See [`LedgerFileError`].
    pub fn add(&self, erasure: &Erasure) -> Result<(), LedgerFileError> {
        self.replay()?;
        let mut options = OpenOptions::new();
        options.append(true).create(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&self.path).map_err(LedgerFileError::Write)?;
        let before = file.metadata().map_err(LedgerFileError::Write)?.len();
        let added = file
            .write_all(&encode_erasure(erasure))
            .and_then(|()| file.sync_all())
            .and_then(|()| sync_folder_of(&self.path));
        added.map_err(|error| {
            // Half an entry would make the whole ledger unreadable.
            drop(file.set_len(before));
            LedgerFileError::Write(error)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wellfield_core::clock::Instant;
    use wellfield_core::erasure::Subject;
    use wellfield_core::ids::PersonId;

    fn erasure(person: u64) -> Erasure {
        Erasure::of(Subject::Person(PersonId(person)), Instant(5))
    }

    #[test]
    fn a_ledger_is_added_to_and_a_damaged_one_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let ledger = LedgerFile::new(folder.path().join("wellfield.erasures"));
        assert_eq!(ledger.replay().unwrap().erasures(), 0, "there need be none");
        for (person, erasures) in [(1, 1), (2, 2), (1, 2)] {
            ledger.add(&erasure(person)).unwrap();
            assert_eq!(ledger.replay().unwrap().erasures(), erasures);
        }
        let mut bytes = std::fs::read(ledger.path()).unwrap();
        bytes.pop();
        std::fs::write(ledger.path(), &bytes).unwrap();
        let refused = ledger.add(&erasure(3)).unwrap_err();
        assert!(matches!(refused, LedgerFileError::Ledger(_)), "{refused}");
        assert_eq!(std::fs::read(ledger.path()).unwrap(), bytes);
    }
}
