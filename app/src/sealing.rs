//! Sealing what lies on somebody's own phone, in a worker: most visits never need what does it.

use js_sys::{Array, Uint8Array};
use wellfield_core::vault::SealingKey;

use crate::platform::random_bytes;
use crate::working::{NoWork, Working};

/// A worker that says nothing for so long will not say anything, in milliseconds. Sealing takes a few.
const PATIENCE_MS: u32 = 10_000;

/// What a worker is asked for: to seal what only the organisation opens.
pub const FOR_ORGANISATION: u8 = 0;

/// To seal what only a link opens.
pub const WITH_LINK: u8 = 1;

/// To open that again.
pub const OPEN_WITH_LINK: u8 = 2;

/// A worker that seals.
pub struct Sealer(Working);

impl Sealer {
    /// Starts one, of the bundle that is served there: `/r` or `/a`.
    ///
    /// # Errors
    /// See [`NoWork`].
    pub fn start(bundle: &str) -> Result<Self, NoWork> {
        Working::start(&format!("{bundle}/sealing/worker.js")).map(Self)
    }

    /// What only whoever has the other half of the key opens, and only for this place.
    ///
    /// # Errors
    /// See [`NoWork`].
    pub async fn for_organisation(
        &self,
        key: SealingKey,
        place: &[u8],
        plain: &[u8],
    ) -> Result<Vec<u8>, NoWork> {
        self.ask(FOR_ORGANISATION, &key.0, place, plain).await
    }

    /// What only whoever has the link opens.
    ///
    /// # Errors
    /// See [`NoWork`].
    pub async fn with_link(&self, link: &[u8], plain: &[u8]) -> Result<Vec<u8>, NoWork> {
        self.ask(WITH_LINK, link, &[], plain).await
    }

    /// Opens that again.
    ///
    /// # Errors
    /// See [`NoWork`]. What was not sealed with this link gets no answer.
    pub async fn open_with_link(&self, link: &[u8], sealed: &[u8]) -> Result<Vec<u8>, NoWork> {
        self.ask(OPEN_WITH_LINK, link, &[], sealed).await
    }

    async fn ask(
        &self,
        what: u8,
        with: &[u8],
        place: &[u8],
        bytes: &[u8],
    ) -> Result<Vec<u8>, NoWork> {
        let random: [u8; 32] = random_bytes();
        let asked = Array::of1(&what.into());
        for bytes in [with, place, bytes, &random] {
            asked.push(&Uint8Array::from(bytes));
        }
        self.0.ask(&asked, PATIENCE_MS).await
    }
}
