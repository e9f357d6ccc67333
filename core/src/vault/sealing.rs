//! Sealing to somebody who is not here: whoever seals can not open again.
//!
//! HPKE (RFC 9180) in base mode: X25519, HKDF-SHA-256, ChaCha20-Poly1305. A sealed text says nothing of
//! who sealed it; that is known from the event that carries it.

use core::convert::Infallible;
use core::fmt;

use hpke::aead::ChaCha20Poly1305;
use hpke::kdf::HkdfSha256;
use hpke::kem::X25519HkdfSha256;
use hpke::{Deserializable, Kem, OpModeR, OpModeS, Serializable};
use rand_core::{TryCryptoRng, TryRng};
use zeroize::Zeroizing;

use super::keys::{DataKey, derived};
use super::recovery::RecoveryCode;
use super::row::{NotOpened, padded_len};

/// What every sealed text is bound to besides its own place.
const PURPOSE: &[u8] = b"wellfield/sealed/1";
const PAIR: &[u8] = b"wellfield/sealed/key-pair/1";

/// The length of a public key, and of what a sealed text begins with.
const KEY_LEN: usize = 32;
const LEN_LEN: usize = 4;

/// What others seal with. It may be known to everybody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SealingKey(pub [u8; KEY_LEN]);

/// What opens what was sealed. It follows from the code on a printed sheet, so that whoever has the sheet
/// can open it on another device too.
#[derive(Clone)]
pub struct OpeningKey {
    private: <X25519HkdfSha256 as Kem>::PrivateKey,
    public: SealingKey,
}

impl fmt::Debug for OpeningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("OpeningKey").field(&self.public).finish()
    }
}

/// Random bytes that were drawn before: [`SealingKey::seal`] is told them, as everything here is.
struct Drawn(Zeroizing<[u8; 32]>, usize);

impl TryRng for Drawn {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut word = [0; 4];
        self.try_fill_bytes(&mut word)?;
        Ok(u32::from_le_bytes(word))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut word = [0; 8];
        self.try_fill_bytes(&mut word)?;
        Ok(u64::from_le_bytes(word))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        // The one key that is drawn takes exactly as many as there are.
        debug_assert!(self.1 + bytes.len() <= self.0.len());
        for byte in bytes {
            *byte = self.0.get(self.1).copied().unwrap_or_default();
            self.1 += 1;
        }
        Ok(())
    }
}

impl TryCryptoRng for Drawn {}

impl SealingKey {
    /// Seals a text for whoever has the key that belongs to this one. `place` is bound to it: it opens
    /// nowhere else. `random` is 32 bytes drawn for this text alone. The length tells only roughly how
    /// much is in it.
    ///
    /// # Errors
    /// [`NotAKey`] if these 32 bytes are no key.
    pub fn seal(self, place: &[u8], plain: &[u8], random: [u8; 32]) -> Result<Vec<u8>, NotAKey> {
        let to = <X25519HkdfSha256 as Kem>::PublicKey::from_bytes(&self.0).map_err(|_| NotAKey)?;
        let length = u32::try_from(plain.len()).map_err(|_| NotAKey)?;
        let mut inside = Zeroizing::new(Vec::with_capacity(padded_len(LEN_LEN + plain.len())));
        inside.extend(length.to_be_bytes());
        inside.extend(plain);
        inside.resize(padded_len(LEN_LEN + plain.len()), 0);
        let (enclosed, sealed) =
            hpke::single_shot_seal_with_rng::<ChaCha20Poly1305, HkdfSha256, X25519HkdfSha256>(
                &OpModeS::Base,
                &to,
                PURPOSE,
                &inside,
                place,
                &mut Drawn(Zeroizing::new(random), 0),
            )
            .map_err(|_| NotAKey)?;
        Ok([enclosed.to_bytes().as_slice(), &sealed].concat())
    }
}

/// 32 bytes that nothing can be sealed with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a key to seal with")]
pub struct NotAKey;

impl OpeningKey {
    /// The key that follows from a sheet.
    pub fn from_sheet(code: &RecoveryCode) -> Self {
        Self::of(&DataKey::from_sheet(code))
    }

    /// The key that follows from another, which may lie in a key slot.
    pub fn of(key: &DataKey) -> Self {
        let seed = derived(&key.0.0, &[], PAIR);
        let (private, public) = X25519HkdfSha256::derive_keypair(&seed.0);
        let mut key = [0; KEY_LEN];
        key.copy_from_slice(&public.to_bytes());
        Self {
            private,
            public: SealingKey(key),
        }
    }

    /// What others seal with so that this opens it.
    pub const fn sealing_key(&self) -> SealingKey {
        self.public
    }

    /// Opens what was sealed for this place.
    ///
    /// # Errors
    /// [`NotOpened`] if it was sealed for somebody else or for another place, or was changed.
    pub fn open(&self, place: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, NotOpened> {
        let (enclosed, sealed) = sealed.split_at_checked(KEY_LEN).ok_or(NotOpened)?;
        let enclosed =
            <X25519HkdfSha256 as Kem>::EncappedKey::from_bytes(enclosed).map_err(|_| NotOpened)?;
        let inside = hpke::single_shot_open::<ChaCha20Poly1305, HkdfSha256, X25519HkdfSha256>(
            &OpModeR::Base,
            &self.private,
            &enclosed,
            PURPOSE,
            sealed,
            place,
        )
        .map(Zeroizing::new)
        .map_err(|_| NotOpened)?;
        let (length, rest) = inside.split_at_checked(LEN_LEN).ok_or(NotOpened)?;
        let length: [u8; LEN_LEN] = length.try_into().map_err(|_| NotOpened)?;
        let plain = rest
            .get(..u32::from_be_bytes(length) as usize)
            .ok_or(NotOpened)?;
        Ok(Zeroizing::new(plain.to_vec()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_drawn_is_what_was_told_in_its_order_whatever_it_is_drawn_as() {
        let told = Zeroizing::new(core::array::from_fn(|place| place as u8 + 1));
        let mut drawn = Drawn(told, 0);
        assert_eq!(drawn.try_next_u32(), Ok(0x0403_0201));
        assert_eq!(drawn.try_next_u64(), Ok(0x0c0b_0a09_0807_0605));
        let mut rest = [0; 20];
        assert_eq!(drawn.try_fill_bytes(&mut rest), Ok(()));
        assert_eq!((rest[0], rest[19]), (13, 32));
    }
}
