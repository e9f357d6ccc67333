//! Putting a backup back.

use std::fs::{self, DirBuilder, File};
use std::io::{self, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

use wellfield_core::audit::{Actor, AuditKey, Deed, Head, NewEntry, SignedHead, Untrue, judge};
use wellfield_core::clock::Instant;
use wellfield_core::restore::Renewal;
use wellfield_core::restore::ledger::Replay;

use super::sealing::{Opener, UnsealError};
use crate::entropy::{NoEntropy, random};
use crate::keys::{create_private, sync_folder_of};
use crate::storage::sqlite::{
    BUSY_TIMEOUT, CopyError, OpenError, SqliteStorage, database_path, examine, settle,
};
use crate::storage::{Erasing, Restoration, Storage, Unavailable};

/// The folder in the data folder in which the records lie until they are ready. Nothing looks for records
/// there.
const WORKPLACE: &str = "restoring";

/// How often numbers are drawn until they were never used. Once is enough but for one case of thousands of
/// millions.
const DRAWS_MAX: usize = 8;

/// With what a restored server goes on.
#[derive(Clone, Debug)]
pub struct GoOn {
    /// The key that signs the audit from here on.
    pub key: AuditKey,
    /// The erasures that are carried out again.
    pub replay: Replay,
    /// When.
    pub now: Instant,
}

/// Records that were put back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restored {
    /// What was found of the audit before the restore was entered in it.
    pub audit: Result<Head, Untrue>,
    /// Where the audit ends now.
    pub end: Option<SignedHead>,
    /// The numbers from which the server goes on.
    pub renewal: Renewal,
    /// How many records were erased again.
    pub erased: u64,
}

/// Why the server does not go on from what is there.
#[derive(Clone, Debug, thiserror::Error)]
pub enum NoNumbers {
    /// The records cannot be read or changed.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
    /// No random numbers.
    #[error(transparent)]
    Entropy(#[from] NoEntropy),
    /// Only numbers were drawn that were used before.
    #[error("the operating system gives the same random numbers again and again")]
    NotRandom,
}

/// Why nothing was restored.
#[derive(Debug, thiserror::Error)]
pub enum RestoreError {
    /// There are records.
    #[error("there are records in {} already; restore into an empty folder", .0.display())]
    Occupied(PathBuf),
    /// The backup cannot be opened.
    #[error("the backup {} was not restored", .path.display())]
    Unseal {
        /// The file.
        path: PathBuf,
        /// Why.
        source: UnsealError,
    },
    /// What is inside is no whole database.
    #[error("what is in the backup cannot be used")]
    Inside(#[from] CopyError),
    /// What is inside cannot be opened, as where a newer version made it.
    #[error("what is in the backup cannot be opened")]
    Open(#[from] OpenError),
    /// The server cannot go on from it.
    #[error("nothing was restored")]
    NoNumbers(#[from] NoNumbers),
    /// The file system refuses.
    #[error("{} cannot be read or written", .path.display())]
    File {
        /// Where.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// Puts a backup into a folder that holds no records. They are moved into their place when everything is
/// done, in one step: what breaks off before leaves no records there.
///
/// # Errors
/// See [`RestoreError`].
pub async fn restore(
    file: &Path,
    directory: &Path,
    opener: &Opener,
    with: GoOn,
) -> Result<Restored, RestoreError> {
    if SqliteStorage::exists(directory) {
        return Err(RestoreError::Occupied(directory.to_owned()));
    }
    let workplace = Workplace::in_folder(directory)?;
    let inside = database_path(&workplace.0);
    unseal(file, &inside, opener)?;
    examine(&inside, BUSY_TIMEOUT)?;
    let storage = SqliteStorage::open(&workplace.0, BUSY_TIMEOUT, with.key.clone())?;
    let restored = go_on(&storage, &with).await?;
    drop(storage);
    settle(&inside)?;
    let place = database_path(directory);
    let failed = |source| RestoreError::File {
        path: place.clone(),
        source,
    };
    // A second restore at the same time may have been faster.
    if SqliteStorage::exists(directory) {
        return Err(RestoreError::Occupied(directory.to_owned()));
    }
    fs::rename(&inside, &place).map_err(failed)?;
    sync_folder_of(&place).map_err(failed)?;
    Ok(restored)
}

/// Has a server go on from records that were put back, by this or by other means: everything that is
/// counted goes on from numbers that were never used, and the audit says so.
///
/// # Errors
/// See [`NoNumbers`].
pub async fn go_on(storage: &dyn Storage, with: &GoOn) -> Result<Restored, NoNumbers> {
    let audit = storage.audit().await?;
    let judged = judge(&audit.links, audit.signed.as_ref(), &with.key, None);
    let streams = storage.overview().await?.streams;
    let in_use: Vec<_> = streams.iter().map(|head| head.epoch).collect();
    let renewal = draw(&in_use)?;
    // Before anything else, so that nobody is there again for a moment. Without anybody to erase the audit
    // need not say that nobody was.
    let subjects = with.replay.subjects().clone();
    let mut erased = 0;
    if !subjects.is_empty() {
        let erasing = Erasing {
            subjects,
            epoch: renewal.epoch,
            by: Actor::CommandLine,
            now: with.now,
        };
        erased = storage.erase(erasing).await?;
    }
    let entry = NewEntry {
        at: with.now,
        actor: Actor::CommandLine,
        deed: Deed::Restored {
            erased: with.replay.erasures(),
        },
    };
    storage.renew(Restoration { renewal, entry }).await?;
    Ok(Restored {
        audit: judged,
        end: storage.audit_end().await?,
        renewal,
        erased,
    })
}

/// Numbers that were never used, where these epochs are in use.
///
/// # Errors
/// [`NoNumbers::Entropy`] and [`NoNumbers::NotRandom`].
pub fn draw(in_use: &[u32]) -> Result<Renewal, NoNumbers> {
    for _ in 0..DRAWS_MAX {
        if let Some(renewal) = Renewal::draw(random()?, in_use) {
            return Ok(renewal);
        }
    }
    Err(NoNumbers::NotRandom)
}

fn unseal(file: &Path, inside: &Path, opener: &Opener) -> Result<(), RestoreError> {
    let failed = |source| RestoreError::Unseal {
        path: file.to_owned(),
        source,
    };
    let from = File::open(file).map_err(|error| failed(UnsealError::Read(error)))?;
    let written = |error| failed(UnsealError::Write(error));
    let mut to = BufWriter::new(create_private(inside).map_err(written)?);
    opener
        .unseal(BufReader::new(from), &mut to)
        .map_err(failed)?;
    to.flush().map_err(written)?;
    to.get_ref().sync_all().map_err(written)
}

/// The folder for the work, which goes with the value.
struct Workplace(PathBuf);

impl Workplace {
    fn in_folder(directory: &Path) -> Result<Self, RestoreError> {
        let path = directory.join(WORKPLACE);
        let failed = |source| RestoreError::File {
            path: path.clone(),
            source,
        };
        // What an earlier restore left that was killed.
        if path.try_exists().map_err(failed)? {
            fs::remove_dir_all(&path).map_err(failed)?;
        }
        let mut builder = DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&path).map_err(failed)?;
        Ok(Self(path))
    }
}

impl Drop for Workplace {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.0));
    }
}
