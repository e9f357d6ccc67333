//! A passkey's secret: what the tablet's own fingerprint, face or PIN gives out for a site (WebAuthn Level 3,
//! the `prf` extension). It is as random as a key, so nothing is stretched.

use super::keys::{KEY_LEN, Secret};

/// The most bytes of the name that a browser knows a passkey by (WebAuthn Level 3 §4, "Credential ID").
pub const CREDENTIAL_BYTES_MAX: usize = 1_023;

/// What a passkey gave out, and which passkey it was.
#[derive(Clone, Debug)]
pub struct PasskeySecret {
    credential: Vec<u8>,
    pub(super) given: Secret,
}

/// A name that no passkey has: none, or one of more than [`CREDENTIAL_BYTES_MAX`] bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not the name of a passkey")]
pub struct NotACredential;

impl PasskeySecret {
    /// What a passkey of this name gave out for the salt of the tablet's lock.
    ///
    /// # Errors
    /// [`NotACredential`].
    pub fn new(credential: Vec<u8>, given: [u8; KEY_LEN]) -> Result<Self, NotACredential> {
        if !is_credential(&credential) {
            return Err(NotACredential);
        }
        Ok(Self {
            credential,
            given: Secret(given),
        })
    }

    /// The name that browsers know it by.
    pub fn credential(&self) -> &[u8] {
        &self.credential
    }
}

/// Whether a passkey may have this name.
pub(super) const fn is_credential(name: &[u8]) -> bool {
    !name.is_empty() && name.len() <= CREDENTIAL_BYTES_MAX
}
