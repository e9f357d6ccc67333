//! Rows as they lie on the disk: sealed, padded, and good for one place alone.

use chacha20::XChaCha20;
use chacha20::cipher::{KeyIvInit, StreamCipher, StreamCipherSeek};
use chacha20poly1305::aead::{AeadInOut, KeyInit};
use chacha20poly1305::{Key, Tag, XChaCha20Poly1305, XNonce};
use zeroize::Zeroizing;

use super::keys::RowKey;
use crate::ids::DeviceId;

/// The form of a sealed row: this number, 24 bytes that no other row has, the tag, and the rest.
const FORM: u8 = 1;
const NONCE_LEN: usize = 24;
const TAG_LEN: usize = 16;
const HEAD_LEN: usize = 1 + NONCE_LEN + TAG_LEN;

/// How many bytes tell the length of what is in a row.
const LEN_LEN: usize = 4;

/// A row has at least so many bytes inside, so that a mark, a note of a line and an answer look alike.
const INSIDE_MIN: usize = 256;

/// Where a row lies, and which version of it this is. A row opens in its own place only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place<'a> {
    /// The tablet.
    pub device: DeviceId,
    /// The object store.
    pub store: &'a str,
    /// The key of the row in the store.
    pub key: &'a [u8],
    /// How often the row was replaced; 0 for one that never is.
    pub revision: u64,
    /// The version of what is inside.
    pub schema: u8,
}

impl Place<'_> {
    /// The place as bytes. Each part says how long it is, so that no two places have the same bytes.
    fn bound(&self) -> Vec<u8> {
        let mut bound = b"wellfield/vault/row".to_vec();
        bound.push(FORM);
        bound.push(self.schema);
        bound.extend(self.device.0.to_be_bytes());
        bound.extend(self.revision.to_be_bytes());
        for part in [self.store.as_bytes(), self.key] {
            bound.extend((part.len() as u64).to_be_bytes());
            bound.extend(part);
        }
        bound
    }
}

/// A row does not open: it was changed, it lies in another place than its own, it is an older one than
/// was kept last, or it was sealed under another key. Which of these is not told, because it makes no
/// difference to what is done: the row counts as damaged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a row that does not open in its place")]
pub struct NotOpened;

/// How many bytes a row of this length has inside: at least 256, and above that so rounded up that the
/// length tells no more than its first few digits, at a cost of at most an eighth (Padmé, Nikitin and
/// others 2019, "Reducing Metadata Leakage from Encrypted Files and Communication with PURBs", §4).
pub const fn padded_len(len: usize) -> usize {
    if len <= INSIDE_MIN {
        return INSIDE_MIN;
    }
    let exponent = usize::BITS - 1 - len.leading_zeros();
    let digits = u32::BITS - exponent.leading_zeros();
    let rounded_bits = exponent - digits;
    let mask = (1_usize << rounded_bits) - 1;
    (len + mask) & !mask
}

impl RowKey {
    /// Seals what is to be kept in a place. `nonce` is 24 random bytes that were never used before.
    ///
    /// XChaCha20-Poly1305, as of draft-irtf-cfrg-xchacha-03: its nonces are long enough to be drawn by
    /// lot for ever, and it needs no wait in the middle of a transaction.
    pub fn seal(&self, place: Place<'_>, plain: &[u8], nonce: [u8; NONCE_LEN]) -> Vec<u8> {
        let inside = padded_len(LEN_LEN + plain.len());
        let mut row = Vec::with_capacity(HEAD_LEN + inside);
        row.push(FORM);
        row.extend(nonce);
        row.extend([0; TAG_LEN]);
        let length = u32::try_from(plain.len()).unwrap_or(u32::MAX);
        row.extend(length.to_be_bytes());
        row.extend(plain);
        row.resize(HEAD_LEN + inside, 0);
        let (head, body) = row.split_at_mut(HEAD_LEN);
        let sealed =
            self.cipher()
                .encrypt_inout_detached(&XNonce::from(nonce), &place.bound(), body.into());
        // It refuses only what is longer than 256 GiB.
        debug_assert!(sealed.is_ok());
        if let Ok(tag) = sealed {
            head[1 + NONCE_LEN..].copy_from_slice(&tag);
        }
        row
    }

    /// Opens a row in its place.
    ///
    /// # Errors
    /// See [`NotOpened`].
    pub fn open(&self, place: Place<'_>, row: &[u8]) -> Result<Zeroizing<Vec<u8>>, NotOpened> {
        let (head, body) = row.split_at_checked(HEAD_LEN).ok_or(NotOpened)?;
        let (form, head) = head.split_first().ok_or(NotOpened)?;
        let (nonce, tag) = head.split_at_checked(NONCE_LEN).ok_or(NotOpened)?;
        let nonce: [u8; NONCE_LEN] = nonce.try_into().map_err(|_| NotOpened)?;
        let tag: [u8; TAG_LEN] = tag.try_into().map_err(|_| NotOpened)?;
        if *form != FORM {
            return Err(NotOpened);
        }
        let mut plain = Zeroizing::new(body.to_vec());
        self.cipher()
            .decrypt_inout_detached(
                &XNonce::from(nonce),
                &place.bound(),
                plain.as_mut_slice().into(),
                &Tag::from(tag),
            )
            .map_err(|_| NotOpened)?;
        let (length, rest) = plain.split_at_checked(LEN_LEN).ok_or(NotOpened)?;
        let length: [u8; LEN_LEN] = length.try_into().map_err(|_| NotOpened)?;
        let length = u32::from_be_bytes(length) as usize;
        let inside = rest.get(..length).ok_or(NotOpened)?;
        Ok(Zeroizing::new(inside.to_vec()))
    }

    /// What is left of a row that does not open, for a person's eyes alone: it may have been changed by
    /// anybody, so nothing but showing it as damaged may follow from it. Nothing for a row that opens.
    pub fn remains(&self, place: Place<'_>, row: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        if self.open(place, row).is_ok() {
            return None;
        }
        let (head, body) = row.split_at_checked(HEAD_LEN)?;
        let nonce: [u8; NONCE_LEN] = head.get(1..1 + NONCE_LEN)?.try_into().ok()?;
        let mut plain = Zeroizing::new(body.to_vec());
        let mut stream = XChaCha20::new(&self.0.0.into(), &nonce.into());
        // The first 64 bytes of the key stream made the key of the tag (RFC 8439, §2.6 and §2.8).
        stream.try_seek(64_u32).ok()?;
        stream.try_apply_keystream(&mut plain).ok()?;
        let inside = plain.get(LEN_LEN..)?.to_vec();
        Some(Zeroizing::new(inside))
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(&Key::from(self.0.0))
    }
}
