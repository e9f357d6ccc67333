//! How people sign in on the server's pages: with a passkey, or with five words and an app.
//!
//! Both are two factors. A passkey is a device with a finger, a face or a PIN (WebAuthn with user
//! verification); the words are known, and the app is a telephone that one has. The words are drawn by lot, as
//! those of a tablet are, so that nobody has to think of any and no list of leaked ones has to be kept.

mod passkeys;
#[cfg(test)]
mod tests;
mod words;

use serde::{Deserialize, Serialize};
use webauthn_rs::prelude::Passkey;

pub(crate) use passkeys::{Passkeys, Registering, SigningIn};
pub(crate) use words::{NewWords, WordsAndApp};

/// How somebody signs in, as the database keeps it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Credentials {
    /// Their passkeys.
    pub(crate) passkeys: Vec<Passkey>,
    /// Their words and their app, if they use those.
    pub(crate) words: Option<WordsAndApp>,
}

/// Bytes that say nothing of how somebody signs in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not credentials of this version")]
pub(crate) struct NotCredentials;

impl Credentials {
    /// Reads them as they lie in the database. Nothing at all is nothing set up.
    ///
    /// # Errors
    /// [`NotCredentials`].
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, NotCredentials> {
        if bytes.is_empty() {
            return Ok(Self::default());
        }
        serde_json::from_slice(bytes).map_err(|_| NotCredentials)
    }

    /// As they are to lie in the database.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        // Nothing in them can fail to be written.
        serde_json::to_vec(self).unwrap_or_default()
    }
}
