//! The server's keys, in a file outside the database and outside its backups.
//!
//! Beside it lies where the audit was last seen to end (`FILE.head`). Both are what somebody has to have who
//! would change the audit unseen, and neither is in the database.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use wellfield_core::audit::{AuditKey, SignedHead, read_signed_head};
use wellfield_core::vault::{DataKey, NotOpened, OpeningKey, SealingKey, SendGrant};

use zeroize::Zeroizing;

use crate::enrolment::{from_hex, hex};
use crate::entropy::{NoEntropy, random};

/// How the file begins. A file of another version begins with another number.
const FIRST_LINE: &str = "wellfield-keys 1";

/// What stands before the key that signs the audit.
const AUDIT: &str = "audit ";

/// What stands before a key that opens what tablets seal to the server: the one that they are told of
/// first, and then the one before it.
const SEALING: &str = "sealing ";

/// So many generations of the key to which tablets seal are of use: a tablet that seals to the one before
/// the newest is told of the newest when somebody opens it.
const GENERATIONS_MAX: usize = 2;

/// The server's keys. A key of another purpose is another line of the file.
#[derive(Clone, Debug)]
pub struct Keys {
    /// The key that signs the end of the audit.
    pub audit: AuditKey,
    /// What opens what tablets seal to the server, the newest first. Empty in a file of a server that did
    /// not have any yet ([`KeysFile::sealing`]).
    sealing: Vec<SealingSecret>,
}

/// The bytes of which a key pair is made. Their debug output does not show them.
#[derive(Clone)]
struct SealingSecret([u8; 32]);

impl std::fmt::Debug for SealingSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SealingSecret")
    }
}

/// What opens what tablets seal to this server.
#[derive(Clone, Debug)]
pub struct SealingKeys(Vec<OpeningKey>);

impl SealingKeys {
    /// The keys that follow from these bytes, the newest first.
    pub fn of(secrets: impl IntoIterator<Item = [u8; 32]>) -> Self {
        let pair = |secret| OpeningKey::of(&DataKey::new(secret));
        Self(secrets.into_iter().map(pair).collect())
    }

    /// What tablets seal to.
    pub fn newest(&self) -> Option<SealingKey> {
        self.0.first().map(OpeningKey::sealing_key)
    }

    /// Opens what the server sealed to itself, whichever generation it was sealed to.
    ///
    /// # Errors
    /// [`NotOpened`] if it was sealed to none of them, or for another place.
    pub fn open_text(&self, place: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, NotOpened> {
        let opened = |key: &OpeningKey| key.open(place, sealed).ok();
        self.0.iter().find_map(opened).ok_or(NotOpened)
    }

    /// Opens a tablet's grant, whichever generation it was sealed to.
    ///
    /// # Errors
    /// [`NotOpened`] if it was sealed to none of them.
    pub fn open(&self, grant: &[u8]) -> Result<SendGrant, NotOpened> {
        let opened = |key| SendGrant::open(key, grant).ok();
        self.0.iter().find_map(opened).ok_or(NotOpened)
    }
}

/// Why the keys cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeysError {
    /// The file, or the one beside it, cannot be read.
    #[error("the keys {} cannot be read", .path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The file cannot be written.
    #[error("the keys {} cannot be written", .path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// This is another file, or a damaged one.
    #[error("{} holds no keys of Wellfield, or is damaged", .path.display())]
    NotKeys {
        /// The file.
        path: PathBuf,
    },
    /// Somebody else on the machine can read or change the file.
    #[error("the keys {} can be read by others; take that away: chmod 600", .path.display())]
    Exposed {
        /// The file.
        path: PathBuf,
    },
    /// No random numbers.
    #[error(transparent)]
    Entropy(#[from] NoEntropy),
}

impl Keys {
    /// Draws keys.
    ///
    /// # Errors
    /// [`NoEntropy`].
    pub fn draw() -> Result<Self, NoEntropy> {
        Ok(Self {
            audit: AuditKey(random()?),
            sealing: vec![SealingSecret(random()?)],
        })
    }

    fn sealing(&self) -> SealingKeys {
        SealingKeys::of(self.sealing.iter().map(|key| key.0))
    }

    fn to_text(&self) -> String {
        let line = |what: &str, key: &[u8; 32]| format!("{what}{}\n", hex(key));
        let sealing = self.sealing.iter().map(|key| line(SEALING, &key.0));
        let lines: String = sealing.collect();
        format!("{FIRST_LINE}\n{}{lines}", line(AUDIT, &self.audit.0))
    }

    fn from_text(text: &str) -> Option<Self> {
        let mut lines = text.lines();
        if lines.next()? != FIRST_LINE {
            return None;
        }
        let key = |digits: &str| from_hex(digits.trim());
        let lines: Vec<&str> = lines.collect();
        let audit = lines.iter().find_map(|line| line.strip_prefix(AUDIT));
        let audit = audit.and_then(key)?;
        let sealing = lines.iter().filter_map(|line| line.strip_prefix(SEALING));
        let sealing = sealing.map(|digits| key(digits).map(SealingSecret));
        Some(Self {
            audit: AuditKey(audit),
            sealing: sealing.collect::<Option<_>>()?,
        })
    }
}

/// Where keys lie.
#[derive(Clone, Debug)]
pub struct KeysFile {
    path: PathBuf,
}

impl KeysFile {
    /// The file of this name.
    pub fn new(path: PathBuf) -> Self {
        Self { path }
    }

    /// The file itself.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The keys; `None` where there is no file.
    ///
    /// # Errors
    /// See [`KeysError`].
    pub fn read(&self) -> Result<Option<Keys>, KeysError> {
        let path = self.path.clone();
        let text = match fs::read_to_string(&self.path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(source) => return Err(KeysError::Read { path, source }),
        };
        if is_exposed(&self.path).map_err(|source| KeysError::Read {
            path: path.clone(),
            source,
        })? {
            return Err(KeysError::Exposed { path });
        }
        Keys::from_text(&text)
            .map(Some)
            .ok_or(KeysError::NotKeys { path })
    }

    /// Writes keys where there are none, for their owner alone. Where another process was first, its keys
    /// are the answer.
    ///
    /// # Errors
    /// See [`KeysError`].
    pub fn keep(&self, keys: &Keys) -> Result<Keys, KeysError> {
        let failed = |source| KeysError::Write {
            path: self.path.clone(),
            source,
        };
        let whole = self.beside(&format!("new-{:016x}", u64::from_be_bytes(random()?)));
        let written = write_private(&whole, keys.to_text().as_bytes())
            // A link is made only where there is nothing yet, and whole.
            .and_then(|()| fs::hard_link(&whole, &self.path));
        drop(fs::remove_file(&whole));
        match written {
            Ok(()) => {
                sync_folder_of(&self.path).map_err(failed)?;
                Ok(keys.clone())
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                let there = self.read()?;
                there.ok_or(KeysError::NotKeys {
                    path: self.path.clone(),
                })
            }
            Err(source) => Err(failed(source)),
        }
    }

    /// What opens what tablets seal to this server. A file that has no such key yet is given one.
    ///
    /// # Errors
    /// See [`KeysError`].
    pub fn sealing(&self) -> Result<SealingKeys, KeysError> {
        // The usual case writes nothing, so that the keys may lie where the server may only read.
        if let Some(keys) = self.read()?.filter(|keys| !keys.sealing.is_empty()) {
            return Ok(keys.sealing());
        }
        self.change(|keys| {
            if keys.sealing.is_empty() {
                keys.sealing.push(SealingSecret(random()?));
            }
            Ok(())
        })
    }

    /// Draws a new key for tablets to seal to. What was sealed to the one before it still opens, and what
    /// was sealed to an older one does not.
    ///
    /// # Errors
    /// See [`KeysError`].
    pub fn renew_sealing(&self) -> Result<SealingKeys, KeysError> {
        self.change(|keys| {
            keys.sealing.insert(0, SealingSecret(random()?));
            keys.sealing.truncate(GENERATIONS_MAX);
            Ok(())
        })
    }

    /// Changes the keys to which tablets seal, one process at a time. The file by which they take turns
    /// stays: where one took it away, two others could each hold a lock of their own.
    fn change(
        &self,
        change: impl FnOnce(&mut Keys) -> Result<(), NoEntropy>,
    ) -> Result<SealingKeys, KeysError> {
        let path = || self.path.clone();
        let failed = |source| KeysError::Write {
            path: path(),
            source,
        };
        let turn = self.beside("lock");
        let lock = OpenOptions::new().create(true).append(true).open(&turn);
        let lock = lock.map_err(failed)?;
        lock.lock().map_err(failed)?;
        let mut keys = self
            .read()?
            .ok_or_else(|| KeysError::NotKeys { path: path() })?;
        let before = keys.to_text();
        change(&mut keys)?;
        if keys.to_text() != before {
            self.replace(&self.path, keys.to_text().as_bytes())?;
        }
        Ok(keys.sealing())
    }

    /// Where the audit was last seen to end; `None` where it was never seen.
    ///
    /// # Errors
    /// See [`KeysError`]. What is damaged is told, because it may have been damaged on purpose.
    pub fn seen(&self) -> Result<Option<SignedHead>, KeysError> {
        let path = self.beside("head");
        match fs::read_to_string(&path) {
            Ok(text) => read_signed_head(&text)
                .map(Some)
                .map_err(|_| KeysError::NotKeys { path }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(source) => Err(KeysError::Read { path, source }),
        }
    }

    /// Notes where the audit ends, if it was not seen to go further already.
    ///
    /// # Errors
    /// See [`KeysError`].
    pub fn note(&self, end: &SignedHead) -> Result<(), KeysError> {
        match self.seen()? {
            Some(seen) if seen.head.seq >= end.head.seq => Ok(()),
            Some(_) | None => self.note_instead(end),
        }
    }

    /// Notes where the audit ends, in place of what was seen before: it was put back out of a backup.
    ///
    /// # Errors
    /// See [`KeysError`].
    pub fn note_instead(&self, end: &SignedHead) -> Result<(), KeysError> {
        self.replace(&self.beside("head"), format!("{end}\n").as_bytes())
    }

    /// Puts a file in the place of another, whole or not at all.
    fn replace(&self, path: &Path, content: &[u8]) -> Result<(), KeysError> {
        let whole = self.beside(&format!("new-{:016x}", u64::from_be_bytes(random()?)));
        write_private(&whole, content)
            .and_then(|()| fs::rename(&whole, path))
            .and_then(|()| sync_folder_of(path))
            .map_err(|source| {
                drop(fs::remove_file(&whole));
                let path = path.to_owned();
                KeysError::Write { path, source }
            })
    }

    fn beside(&self, ending: &str) -> PathBuf {
        let mut name = OsString::from(&self.path);
        name.push(".");
        name.push(ending);
        name.into()
    }
}

/// Writes a new file that only its owner can read, and waits until it is on the disk.
///
/// # Errors
/// Those of the file system; also where there is such a file.
pub fn write_private(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut file = create_private(path)?;
    file.write_all(content)?;
    file.sync_all()
}

/// Makes a new file that only its owner can read.
///
/// # Errors
/// Those of the file system; also where there is such a file.
pub fn create_private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Waits until it is on the disk what a folder holds, after a file in it was named.
///
/// # Errors
/// Those of the file system.
pub fn sync_folder_of(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| *folder != Path::new(""));
    let folder = folder.unwrap_or(Path::new("."));
    // Elsewhere a folder is no file that could be synchronised.
    if cfg!(unix) {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

#[cfg(unix)]
fn is_exposed(path: &Path) -> io::Result<bool> {
    use std::os::unix::fs::PermissionsExt;
    Ok(fs::metadata(path)?.permissions().mode() & 0o077 != 0)
}

#[cfg(not(unix))]
fn is_exposed(_: &Path) -> io::Result<bool> {
    Ok(false)
}

#[cfg(test)]
mod tests {
    use super::*;
    use wellfield_core::audit::Head;
    use wellfield_core::ids::DeviceId;

    fn file(folder: &tempfile::TempDir) -> KeysFile {
        KeysFile::new(folder.path().join("wellfield.keys"))
    }

    #[test]
    fn keys_are_kept_once_and_for_their_owner_alone() {
        let folder = tempfile::tempdir().unwrap();
        let file = file(&folder);
        assert!(file.read().unwrap().is_none());
        let first = file.keep(&Keys::draw().unwrap()).unwrap();
        let second = file.keep(&Keys::draw().unwrap()).unwrap();
        assert_eq!(first.audit, second.audit, "the first stay");
        assert_eq!(file.read().unwrap().unwrap().audit, first.audit);
        let left = fs::read_dir(folder.path()).unwrap().count();
        assert_eq!(left, 1, "nothing lies beside it");
    }

    #[cfg(unix)]
    #[test]
    fn keys_that_others_can_read_are_not_used() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let file = file(&folder);
        file.keep(&Keys::draw().unwrap()).unwrap();
        for mode in [0o640, 0o604, 0o620] {
            fs::set_permissions(file.path(), fs::Permissions::from_mode(mode)).unwrap();
            assert!(matches!(file.read(), Err(KeysError::Exposed { .. })));
        }
    }

    #[test]
    fn a_damaged_file_is_said_to_be_one_and_never_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let file = file(&folder);
        for text in ["", "wellfield-keys 2\naudit 00\n", "wellfield-keys 1\n"] {
            drop(fs::remove_file(file.path()));
            write_private(file.path(), text.as_bytes()).unwrap();
            assert!(matches!(file.read(), Err(KeysError::NotKeys { .. })));
            let kept = file.keep(&Keys::draw().unwrap());
            assert!(matches!(kept, Err(KeysError::NotKeys { .. })));
        }
    }

    #[test]
    fn a_file_from_before_there_was_sealing_is_given_a_key_once() {
        let folder = tempfile::tempdir().unwrap();
        let file = file(&folder);
        let audit = "audit ".to_owned() + &"3a".repeat(32);
        let before = format!("wellfield-keys 1\n{audit}\n");
        write_private(file.path(), before.as_bytes()).unwrap();
        let servers = || {
            std::thread::scope(|scope| {
                let starting = [(); 4].map(|()| scope.spawn(|| file.sealing().unwrap().newest()));
                starting.map(|server| server.join().unwrap())
            })
        };
        let keys = servers();
        assert!(keys[0].is_some());
        assert!(keys.iter().all(|key| *key == keys[0]), "all have the same");
        assert_eq!(servers()[0], keys[0]);
        let after = fs::read_to_string(file.path()).unwrap();
        assert!(after.contains(&audit), "the other keys stay");
    }

    #[test]
    fn what_was_sealed_to_the_key_before_the_newest_still_opens() {
        let folder = tempfile::tempdir().unwrap();
        let file = file(&folder);
        file.keep(&Keys::draw().unwrap()).unwrap();
        let log = DataKey::new([5; 32]).keys().log;
        let grant = |keys: &SealingKeys| {
            let grant = SendGrant::new(DeviceId(7), [1; 32], log.clone());
            grant.seal(keys.newest().unwrap(), [2; 32]).unwrap()
        };
        let first = file.sealing().unwrap();
        let sealed = grant(&first);
        let second = file.renew_sealing().unwrap();
        assert_ne!(second.newest(), first.newest());
        assert!(second.open(&sealed).is_ok());
        assert!(second.open(&grant(&second)).is_ok());
        let third = file.renew_sealing().unwrap();
        assert!(third.open(&sealed).is_err());
        assert!(third.open(&grant(&second)).is_ok());
        assert_eq!(file.sealing().unwrap().newest(), third.newest());
    }

    #[test]
    fn nothing_that_is_shown_has_a_key_in_it() {
        let keys = Keys::draw().unwrap();
        let written = keys.to_text();
        let shown = format!("{keys:?}").replace(", ", "");
        for line in written.lines().skip(1) {
            let (_, digits) = line.split_once(' ').unwrap();
            assert!(!shown.contains(&digits[..8]), "{shown}");
        }
        assert!(!shown.contains(char::is_numeric), "{shown}");
    }

    #[test]
    fn where_the_audit_ends_is_only_ever_noted_further_on() {
        let folder = tempfile::tempdir().unwrap();
        let file = file(&folder);
        let key = Keys::draw().unwrap().audit;
        let end = |seq| {
            let hash = [3; 32];
            key.sign(Head { seq, hash })
        };
        assert_eq!(file.seen().unwrap(), None);
        for (noted, seen) in [(5, 5), (4, 5), (6, 6)] {
            file.note(&end(noted)).unwrap();
            assert_eq!(file.seen().unwrap(), Some(end(seen)));
        }
        file.note_instead(&end(2)).unwrap();
        assert_eq!(file.seen().unwrap(), Some(end(2)));
    }
}
