//! The keys, and how one follows from another.

use core::fmt;

use hkdf::Hkdf;
use hmac::digest::KeyInit;
use hmac::{Hmac, Mac};
use sha2::Sha256;
use zeroize::{Zeroize, ZeroizeOnDrop};

use super::recovery::RecoveryCode;

/// The length of every key, in bytes.
pub(super) const KEY_LEN: usize = 32;

/// What records of this vault are sealed under. A key of another use is another key, so that nothing
/// sealed for one is ever opened as the other.
const RECORDS: &[u8] = b"wellfield/vault/records/1";
const SHEET: &[u8] = b"wellfield/vault/sheet/1";
const NAMES: &[u8] = b"wellfield/vault/names/1";
const LOG: &[u8] = b"wellfield/vault/log/1";

/// Secret bytes. They are wiped when they go, and never shown.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub(super) struct Secret(pub(super) [u8; KEY_LEN]);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

/// 32 bytes that follow from a secret and say what they are for (HKDF with SHA-256, RFC 5869).
pub(super) fn derived(secret: &[u8], salt: &[u8], purpose: &[u8]) -> Secret {
    let mut key = Secret([0; KEY_LEN]);
    // HKDF refuses lengths above 255 hashes, and this is one.
    let expanded = Hkdf::<Sha256>::new(Some(salt), secret).expand(purpose, &mut key.0);
    debug_assert!(expanded.is_ok(), "32 bytes are within what HKDF gives");
    key
}

/// The key of a tablet: random, and on its disk only as key slots hold it.
#[derive(Clone, Debug)]
pub struct DataKey(pub(super) Secret);

impl DataKey {
    /// A new key, of 32 bytes from the platform's generator.
    pub fn new(random: [u8; KEY_LEN]) -> Self {
        Self(Secret(random))
    }

    /// The key that follows from a printed sheet, for what is kept no other way than on paper.
    pub fn from_sheet(code: &RecoveryCode) -> Self {
        Self(derived(code.as_bytes(), &[], SHEET))
    }

    /// What follows from it.
    pub fn keys(&self) -> VaultKeys {
        VaultKeys {
            records: RowKey(derived(&self.0.0, &[], RECORDS)),
            log: RowKey(derived(&self.0.0, &[], LOG)),
            names: derived(&self.0.0, &[], NAMES),
        }
    }
}

/// What rows of one kind are sealed and opened with ([`Self::seal`]).
#[derive(Clone, Debug)]
pub struct RowKey(pub(super) Secret);

/// The keys that an unlocked tablet holds in memory.
#[derive(Clone, Debug)]
pub struct VaultKeys {
    /// For what was received, what is under way, and who uses the tablet.
    pub records: RowKey,
    /// For the tablet's own log. It is a key of its own because the server is given it
    /// ([`super::SendGrant`]), so that a locked tablet can send its rows as they are.
    pub log: RowKey,
    names: Secret,
}

impl VaultKeys {
    /// What a row is called on the disk in place of a name that would tell something: 16 bytes that only
    /// this tablet's key makes, the same each time (HMAC-SHA-256, RFC 2104, cut to 128 bits).
    pub fn blind(&self, store: &str, name: &str) -> [u8; 16] {
        let mut blind = [0; 16];
        // HMAC takes a key of any length.
        if let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.names.0) {
            // The length keeps `ab` in `c` apart from `b` in `ca`.
            mac.update(&(store.len() as u64).to_be_bytes());
            mac.update(store.as_bytes());
            mac.update(name.as_bytes());
            blind.copy_from_slice(&mac.finalize().into_bytes()[..16]);
        }
        blind
    }
}
