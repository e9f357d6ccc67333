//! What a device proves with its key where it can not show it.
//!
//! The server keeps no key of a device, only its SHA-256. A tag is made with that on both sides, so that
//! the server can tell who made a file or a link which somebody else brings (HMAC-SHA-256, RFC 2104).

use hmac::digest::KeyInit;
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};

/// The SHA-256 of a device's key.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct KeyHash(pub [u8; 32]);

/// Says nothing of it: whoever has it makes tags.
impl core::fmt::Debug for KeyHash {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("KeyHash")
    }
}

impl KeyHash {
    /// The fingerprint of a key.
    pub fn of(key: &[u8; 32]) -> Self {
        Self(Sha256::digest(key).into())
    }

    /// A tag that is begun. `purpose` keeps what is made for one thing from being shown as another.
    pub(crate) fn mac(&self, purpose: &[u8]) -> Hmac<Sha256> {
        // HMAC fills a short key up with zeros to the block of its hash; done here, it cannot fail.
        let mut key = [0; 64];
        key[..self.0.len()].copy_from_slice(&self.0);
        let mut mac = <Hmac<Sha256> as KeyInit>::new(&key.into());
        mac.update(purpose);
        mac
    }
}
