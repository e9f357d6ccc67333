//! Answers under way on somebody's own phone: sealed so that only the link opens them.
//!
//! The link is a secret that whoever answers has anyway: it stands in the message that they got. Whoever looks
//! through the phone's files without it reads nothing.

use zeroize::Zeroizing;

use super::keys::{RowKey, derived};
use super::row::{NotOpened, Place};
use crate::ids::DeviceId;

/// What the key of a link is for, and nothing else is sealed with it.
const PURPOSE: &[u8] = b"wellfield/answers/draft/1";

/// Where all of them belong. The key is that of one link, so no two links share a place.
const PLACE: Place<'static> = Place {
    device: DeviceId(0),
    store: "answers",
    key: b"draft",
    revision: 0,
    schema: 1,
};

/// What seals and opens the answers of one link.
#[derive(Clone, Debug)]
pub struct DraftKey(RowKey);

impl DraftKey {
    /// That of a link: the bytes of it, with its tag.
    pub fn of(link: &[u8]) -> Self {
        Self(RowKey(derived(link, b"", PURPOSE)))
    }

    /// Seals answers. `nonce` is 24 random bytes that were never used before.
    pub fn seal(&self, answers: &[u8], nonce: [u8; 24]) -> Vec<u8> {
        self.0.seal(PLACE, answers, nonce)
    }

    /// Opens them.
    ///
    /// # Errors
    /// See [`NotOpened`].
    pub fn open(&self, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, NotOpened> {
        self.0.open(PLACE, sealed)
    }
}
