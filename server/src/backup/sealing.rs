//! Encrypting a backup, and opening it.

use std::io::{self, BufRead, ErrorKind, Read, Write};

use age::secrecy::{ExposeSecret, SecretString};
use age::{DecryptError, Decryptor, Encryptor, Identity, IdentityFile, Recipient, scrypt, x25519};

/// Read and written at a time, in bytes.
const CHUNK: usize = 64 * 1024;

/// The most work that a passphrase may cost, as a power of two: about a minute on a slow machine. A backup
/// made on a fast machine must open on a slow one.
const WORK_MAX: u8 = 22;

/// What a backup is encrypted to.
pub enum Lock {
    /// Public keys; each of them alone opens it.
    Keys(Vec<x25519::Recipient>),
    /// A passphrase.
    Passphrase(SecretString),
}

/// Text that is no public key of `age`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0} is no recipient; one begins with age1")]
pub struct NotARecipient(pub String);

/// A file that holds no secret key of `age`, or an empty passphrase.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no identity in it; one begins with AGE-SECRET-KEY-")]
pub struct NoIdentity;

/// Why nothing was encrypted.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    /// The encryption has nothing to encrypt to.
    #[error("it cannot be encrypted: {0}")]
    Recipients(String),
    /// What is to be encrypted cannot be read.
    #[error("the copy of the database cannot be read")]
    Read(#[source] io::Error),
    /// What is encrypted cannot be written.
    #[error("it cannot be written")]
    Write(#[source] io::Error),
}

/// Why a backup was not opened.
#[derive(Debug, thiserror::Error)]
pub enum UnsealError {
    /// It was encrypted to others.
    #[error("it was encrypted to another key or passphrase")]
    OtherKey,
    /// It does not begin as a backup does.
    #[error("it is no backup, or cut off near its beginning")]
    NotOurs,
    /// It begins as a backup does, and does not go on as it was written.
    #[error("it is damaged or cut off; nothing of it can be used")]
    Damaged,
    /// It cannot be read.
    #[error("it cannot be read")]
    Read(#[source] io::Error),
    /// What is inside cannot be written.
    #[error("what is inside cannot be written")]
    Write(#[source] io::Error),
}

impl Lock {
    /// The public keys that people name: `age1…`.
    ///
    /// # Errors
    /// [`NotARecipient`] with the first that is none.
    pub fn keys(texts: &[String]) -> Result<Self, NotARecipient> {
        let key = |text: &String| text.trim().parse().map_err(|_| NotARecipient(text.clone()));
        texts
            .iter()
            .map(key)
            .collect::<Result<_, _>>()
            .map(Self::Keys)
    }

    /// The passphrase in a file, without the end of its line. `None` where it is empty.
    pub fn passphrase(file: &str) -> Option<Self> {
        secret(file).map(Self::Passphrase)
    }

    /// Who can open what is encrypted to this, where this says so: a passphrase does, a public key not.
    pub fn opener(&self) -> Option<Opener> {
        match self {
            Self::Keys(_) => None,
            Self::Passphrase(passphrase) => Some(Opener::by(passphrase.clone())),
        }
    }

    /// Encrypts everything that comes from `from`.
    ///
    /// # Errors
    /// See [`SealError`].
    pub fn seal(&self, from: &mut dyn Read, to: &mut dyn Write) -> Result<(), SealError> {
        let encryptor = match self {
            Self::Keys(keys) => {
                Encryptor::with_recipients(keys.iter().map(|key| key as &dyn Recipient))
                    .map_err(|error| SealError::Recipients(error.to_string()))?
            }
            Self::Passphrase(passphrase) => Encryptor::with_user_passphrase(passphrase.clone()),
        };
        let mut sealed = encryptor.wrap_output(to).map_err(SealError::Write)?;
        carry(from, &mut sealed).map_err(|failed| match failed {
            Failed::Read(error) => SealError::Read(error),
            Failed::Write(error) => SealError::Write(error),
        })?;
        sealed.finish().map(drop).map_err(SealError::Write)
    }
}

/// What opens a backup.
pub struct Opener(Vec<Box<dyn Identity>>);

impl Opener {
    /// The secret keys in a file, as `age-keygen` and [`new_identity`] write it.
    ///
    /// # Errors
    /// [`NoIdentity`].
    pub fn identities(file: &[u8]) -> Result<Self, NoIdentity> {
        let file = IdentityFile::from_buffer(file).map_err(|_| NoIdentity)?;
        let identities = file.into_identities().map_err(|_| NoIdentity)?;
        if identities.is_empty() {
            return Err(NoIdentity);
        }
        let boxed = |identity: Box<dyn Identity + Send + Sync>| identity as Box<dyn Identity>;
        Ok(Self(identities.into_iter().map(boxed).collect()))
    }

    /// The passphrase in a file, without the end of its line. `None` where it is empty.
    pub fn passphrase(file: &str) -> Option<Self> {
        secret(file).map(Self::by)
    }

    fn by(passphrase: SecretString) -> Self {
        let mut identity = scrypt::Identity::new(passphrase);
        identity.set_max_work_factor(WORK_MAX);
        Self(vec![Box::new(identity)])
    }

    /// Opens what was encrypted. What came out before an error is part of something damaged.
    ///
    /// # Errors
    /// See [`UnsealError`].
    pub fn unseal(&self, from: impl BufRead, to: &mut dyn Write) -> Result<(), UnsealError> {
        let decryptor = Decryptor::new_buffered(from).map_err(refused)?;
        let identities = self.0.iter().map(|identity| &**identity);
        let mut inside = decryptor.decrypt(identities).map_err(refused)?;
        carry(&mut inside, to).map_err(|failed| match failed {
            Failed::Read(error) if is_of_the_content(&error) => UnsealError::Damaged,
            Failed::Read(error) => UnsealError::Read(error),
            Failed::Write(error) => UnsealError::Write(error),
        })
    }
}

fn refused(error: DecryptError) -> UnsealError {
    match error {
        DecryptError::NoMatchingKeys
        | DecryptError::DecryptionFailed
        | DecryptError::KeyDecryptionFailed
        | DecryptError::ExcessiveWork { .. } => UnsealError::OtherKey,
        DecryptError::InvalidMac => UnsealError::Damaged,
        DecryptError::Io(error) if !is_of_the_content(&error) => UnsealError::Read(error),
        _ => UnsealError::NotOurs,
    }
}

/// Whether reading failed for what the bytes are, and not for the disk.
fn is_of_the_content(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::InvalidData | ErrorKind::UnexpectedEof
    )
}

/// Whether a file begins as a backup does; everything further needs the key.
pub(super) fn is_sealed(from: impl BufRead) -> bool {
    Decryptor::new_buffered(from).is_ok()
}

/// A new secret key as a file, and its public key.
pub fn new_identity() -> (String, String) {
    let identity = x25519::Identity::generate();
    let public = identity.to_public().to_string();
    let secret = identity.to_string();
    let file = format!("# public key: {public}\n{}\n", secret.expose_secret());
    (file, public)
}

fn secret(file: &str) -> Option<SecretString> {
    let text = file.trim_end_matches(['\r', '\n']);
    (!text.is_empty()).then(|| SecretString::from(text.to_owned()))
}

enum Failed {
    Read(io::Error),
    Write(io::Error),
}

fn carry(from: &mut dyn Read, to: &mut dyn Write) -> Result<(), Failed> {
    let mut chunk = vec![0; CHUNK];
    loop {
        match from.read(&mut chunk) {
            Ok(0) => return Ok(()),
            Ok(length) => to.write_all(&chunk[..length]).map_err(Failed::Write)?,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(Failed::Read(error)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unsealed(opener: &Opener, sealed: &[u8]) -> Result<Vec<u8>, UnsealError> {
        let mut inside = Vec::new();
        opener.unseal(sealed, &mut inside).map(|()| inside)
    }

    #[test]
    fn what_is_encrypted_to_several_opens_with_each_and_with_no_other() {
        let [first, second, other] = [(); 3].map(|()| new_identity());
        let lock = Lock::keys(&[first.1, second.1]).unwrap();
        let content = vec![7; 3 * CHUNK + 1];
        let mut sealed = Vec::new();
        lock.seal(&mut content.as_slice(), &mut sealed).unwrap();
        assert!(is_sealed(sealed.as_slice()) && lock.opener().is_none());
        for (identity, _) in [&first.0, &second.0].map(|file| (file, ())) {
            let opener = Opener::identities(identity.as_bytes()).unwrap();
            assert_eq!(unsealed(&opener, &sealed).unwrap(), content);
        }
        let other = Opener::identities(other.0.as_bytes()).unwrap();
        assert!(matches!(
            unsealed(&other, &sealed),
            Err(UnsealError::OtherKey)
        ));
    }

    #[test]
    fn a_backup_cut_off_or_changed_anywhere_is_not_used() {
        let (identity, public) = new_identity();
        let opener = Opener::identities(identity.as_bytes()).unwrap();
        let mut sealed = Vec::new();
        let lock = Lock::keys(&[public]).unwrap();
        lock.seal(&mut [1; 300].as_slice(), &mut sealed).unwrap();
        for end in 0..sealed.len() {
            assert!(unsealed(&opener, &sealed[..end]).is_err(), "cut at {end}");
            let mut changed = sealed.clone();
            changed[end] ^= 1;
            assert!(unsealed(&opener, &changed).is_err(), "changed at {end}");
        }
        sealed.push(0);
        assert!(matches!(
            unsealed(&opener, &sealed),
            Err(UnsealError::Damaged)
        ));
    }

    #[test]
    fn what_is_no_key_is_refused() {
        assert!(Lock::keys(&["age1nonsense".to_owned()]).is_err());
        for file in ["", "# only a comment\n", "AGE-SECRET-KEY-1NO", "\u{0}"] {
            assert!(Opener::identities(file.as_bytes()).is_err(), "{file}");
        }
        assert!(Lock::passphrase("\n").is_none() && Opener::passphrase("").is_none());
    }
}
