//! Making a backup.

use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use sha2::{Digest, Sha256};

use super::sealing::{Lock, SealError, UnsealError, is_sealed};
use crate::entropy::{NoEntropy, random};
use crate::keys::{create_private, sync_folder_of};
use crate::storage::sqlite::{BUSY_TIMEOUT, CopyError, copy_into, examine};

/// How the name of a copy ends that is not encrypted yet. It lies in the data folder, where the same
/// records lie anyway, and goes when the backup is made.
const COPY_ENDING: &str = ".backup-copy";

/// A copy of a backup that broke off is removed by the next one after this long, and not before: another
/// backup may be under way.
const LEFT_OVER: Duration = Duration::from_secs(24 * 60 * 60);

/// A backup that was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Made {
    /// Its length in bytes.
    pub length: u64,
    /// Whether it was opened again and compared, which only a passphrase allows. Else its bytes were read
    /// back and compared with what was written.
    pub opened_again: bool,
}

/// Why there is no backup.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// There is such a file.
    #[error("there is a file {} already", .0.display())]
    Exists(PathBuf),
    /// The database cannot be copied, or the copy is not whole.
    #[error("no backup was made")]
    Copy(#[from] CopyError),
    /// It cannot be encrypted or written.
    #[error("the backup {} was not made", .path.display())]
    Seal {
        /// The file.
        path: PathBuf,
        /// Why.
        source: SealError,
    },
    /// What is on the disk is not what was written.
    #[error("the backup {} did not read back as it was written; look at the disk", .0.display())]
    ReadsBackOtherwise(PathBuf),
    /// It does not open again.
    #[error("the backup {} was written and does not open again", .path.display())]
    Unseal {
        /// The file.
        path: PathBuf,
        /// Why.
        source: UnsealError,
    },
    /// The file system refuses.
    #[error("the backup {} was not made", .path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// No random numbers.
    #[error(transparent)]
    Entropy(#[from] NoEntropy),
}

/// Makes a backup of a data folder, beside which a server may be running. Whatever fails, there is either a
/// whole backup of this name or none.
///
/// # Errors
/// See [`BackupError`].
pub fn make(directory: &Path, file: &Path, lock: &Lock) -> Result<Made, BackupError> {
    let failed = |source| BackupError::File {
        path: file.to_owned(),
        source,
    };
    if file.try_exists().map_err(failed)? {
        return Err(BackupError::Exists(file.to_owned()));
    }
    remove_what_was_left(directory);
    let number = u64::from_be_bytes(random()?);
    let copy = Temporary(directory.join(format!("{number:016x}{COPY_ENDING}")));
    create_private(&copy.0).map_err(failed)?;
    copy_into(directory, &copy.0, BUSY_TIMEOUT)?;
    examine(&copy.0, BUSY_TIMEOUT)?;
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let partial = Temporary(file.with_file_name(format!("{name}.partial-{number:016x}")));
    let (length, hash) = write(&copy.0, &partial.0, file, lock)?;
    let opened_again = read_back(&copy.0, &partial.0, file, lock, hash)?;
    fs::rename(&partial.0, file)
        .and_then(|()| sync_folder_of(file))
        .map_err(failed)?;
    Ok(Made {
        length,
        opened_again,
    })
}

/// Encrypts the copy into a file, which is on the disk when this answers. Answers its length and hash.
fn write(
    copy: &Path,
    partial: &Path,
    file: &Path,
    lock: &Lock,
) -> Result<(u64, [u8; 32]), BackupError> {
    let failed = |source| BackupError::File {
        path: file.to_owned(),
        source,
    };
    let mut from = BufReader::new(File::open(copy).map_err(failed)?);
    let to = create_private(partial).map_err(failed)?;
    let mut to = Hashing::new(BufWriter::new(to));
    lock.seal(&mut from, &mut to)
        .map_err(|source| BackupError::Seal {
            path: file.to_owned(),
            source,
        })?;
    let (length, hash, to) = (to.length, to.hash.finalize().into(), to.inside);
    let to = to
        .into_inner()
        .map_err(|error| failed(error.into_error()))?;
    to.sync_all().map_err(failed)?;
    Ok((length, hash))
}

/// Reads the file back. Answers whether it could be opened as well.
fn read_back(
    copy: &Path,
    partial: &Path,
    file: &Path,
    lock: &Lock,
    written: [u8; 32],
) -> Result<bool, BackupError> {
    let failed = |source| BackupError::File {
        path: file.to_owned(),
        source,
    };
    let open = || File::open(partial).map(BufReader::new);
    if hash_of(&mut open().map_err(failed)?).map_err(failed)? != written
        || !is_sealed(open().map_err(failed)?)
    {
        return Err(BackupError::ReadsBackOtherwise(file.to_owned()));
    }
    let Some(opener) = lock.opener() else {
        return Ok(false);
    };
    let mut inside = Hashing::new(io::sink());
    opener
        .unseal(open().map_err(failed)?, &mut inside)
        .map_err(|source| BackupError::Unseal {
            path: file.to_owned(),
            source,
        })?;
    let mut copy = BufReader::new(File::open(copy).map_err(failed)?);
    if hash_of(&mut copy).map_err(failed)? != <[u8; 32]>::from(inside.hash.finalize()) {
        return Err(BackupError::ReadsBackOtherwise(file.to_owned()));
    }
    Ok(true)
}

fn hash_of(from: &mut dyn Read) -> io::Result<[u8; 32]> {
    let mut hashing = Hashing::new(io::sink());
    io::copy(from, &mut hashing)?;
    Ok(hashing.hash.finalize().into())
}

/// Removes copies that an earlier backup could not remove, because it was killed. Where that fails, they
/// cost room and nothing else.
fn remove_what_was_left(directory: &Path) {
    let now = SystemTime::now();
    let entries = fs::read_dir(directory).into_iter().flatten().flatten();
    for entry in entries {
        let left = entry.file_name().to_string_lossy().ends_with(COPY_ENDING);
        let modified = entry.metadata().and_then(|metadata| metadata.modified());
        let age = modified.ok().and_then(|at| now.duration_since(at).ok());
        if left && age.is_some_and(|age| age > LEFT_OVER) {
            drop(fs::remove_file(entry.path()));
        }
    }
}

/// A file that goes with the value, unless it was given another name.
struct Temporary(PathBuf);

impl Drop for Temporary {
    fn drop(&mut self) {
        drop(fs::remove_file(&self.0));
    }
}

/// Passes on what is written, and adds it up.
struct Hashing<W> {
    inside: W,
    hash: Sha256,
    length: u64,
}

impl<W> Hashing<W> {
    fn new(inside: W) -> Self {
        Self {
            inside,
            hash: Sha256::new(),
            length: 0,
        }
    }
}

impl<W: Write> Write for Hashing<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inside.write(bytes)?;
        self.hash.update(&bytes[..written]);
        self.length += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inside.flush()
    }
}
