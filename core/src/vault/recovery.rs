//! The code on the recovery sheet: printed when a tablet is set up, kept in the office, typed when
//! everybody has forgotten their passphrase.

use core::fmt;

use sha2::{Digest, Sha256};
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::ids::{base32, from_base32};

/// The secret's length: 128 bits, which nobody guesses, so that it needs no stretching.
const SECRET_LEN: usize = 16;

/// 26 signs hold the secret, two more tell a slip of the pen: 28 in groups of four.
const SECRET_SIGNS: usize = 26;
const CHECK_SIGNS: usize = 2;
const GROUP: usize = 4;

/// Why what was typed is no recovery code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecoveryError {
    /// Not 28 signs.
    #[error("not as many signs as are on the sheet")]
    Length,
    /// A sign that is on no sheet.
    #[error("a sign that is on no sheet")]
    Sign,
    /// A sign was typed as another, or two were swapped.
    #[error("mistyped")]
    Mistyped,
}

/// The code. It is wiped when it goes, and never shown by accident.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct RecoveryCode([u8; SECRET_LEN]);

impl fmt::Debug for RecoveryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecoveryCode")
    }
}

impl RecoveryCode {
    /// A new code, of 16 bytes from the platform's generator.
    pub fn new(random: [u8; SECRET_LEN]) -> Self {
        Self(random)
    }

    /// As it is printed: seven groups of four signs.
    pub fn printed(&self) -> String {
        let secret = base32(u128::from_be_bytes(self.0), SECRET_SIGNS);
        let signs: Vec<char> = format!("{secret}{}", self.check_signs()).chars().collect();
        let groups = signs
            .chunks(GROUP)
            .map(|group| group.iter().collect::<String>());
        groups.collect::<Vec<_>>().join("-")
    }

    /// Reads what was typed from the sheet. Spaces, hyphens and small letters make no difference, and
    /// neither do I, L and O in place of the digits that they look like.
    ///
    /// # Errors
    /// See [`RecoveryError`].
    pub fn typed(text: &str) -> Result<Self, RecoveryError> {
        let signs: String = text
            .chars()
            .filter(|sign| !sign.is_whitespace() && *sign != '-')
            .collect();
        let read = |signs: &str| from_base32(signs).ok_or(RecoveryError::Sign);
        if signs
            .chars()
            .any(|sign| from_base32(sign.encode_utf8(&mut [0; 4])).is_none())
        {
            return Err(RecoveryError::Sign);
        }
        if signs.len() != SECRET_SIGNS + CHECK_SIGNS {
            return Err(RecoveryError::Length);
        }
        let (secret, check) = signs.split_at(SECRET_SIGNS);
        // The first sign has two bits that are no part of any secret.
        if read(&secret[..1])? >= 8 {
            return Err(RecoveryError::Mistyped);
        }
        let code = Self(read(secret)?.to_be_bytes());
        if read(check)? == read(&code.check_signs())? {
            Ok(code)
        } else {
            Err(RecoveryError::Mistyped)
        }
    }

    /// Ten bits that follow from the secret. One slip in a thousand gets past them, and then opens
    /// nothing.
    fn check_signs(&self) -> String {
        let hash = Sha256::digest([b"wellfield/recovery/1".as_slice(), &self.0].concat());
        let bits = u16::from_be_bytes([hash[0], hash[1]]);
        base32(u128::from(bits), CHECK_SIGNS)
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}
