//! The code on the recovery sheet: printed when a tablet is set up, kept in the office, typed when
//! everybody has forgotten their passphrase.

use core::fmt;

use sha2::{Digest, Sha256};
use zeroize::{Zeroize, ZeroizeOnDrop};

/// Digits and letters that are not taken for one another by eye or ear (Crockford's base 32: no I, L, O
/// or U).
const SIGNS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

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
        let secret = u128::from_be_bytes(self.0);
        let secret_signs = (0..SECRET_SIGNS).rev().map(|place| {
            let five_bits = (secret >> (5 * place)) & 31;
            SIGNS[five_bits as usize]
        });
        let signs: Vec<u8> = secret_signs.chain(self.check_signs()).collect();
        let groups = signs.chunks(GROUP).map(String::from_utf8_lossy);
        groups.collect::<Vec<_>>().join("-")
    }

    /// Reads what was typed from the sheet. Spaces, hyphens and small letters make no difference, and
    /// neither do I, L and O in place of the digits that they look like.
    ///
    /// # Errors
    /// See [`RecoveryError`].
    pub fn typed(text: &str) -> Result<Self, RecoveryError> {
        let mut values = Vec::new();
        for sign in text.chars().filter(|c| !c.is_whitespace() && *c != '-') {
            let sign = match sign.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                sign => sign,
            };
            let value = SIGNS.iter().position(|known| char::from(*known) == sign);
            values.push(value.ok_or(RecoveryError::Sign)?);
        }
        if values.len() != SECRET_SIGNS + CHECK_SIGNS {
            return Err(RecoveryError::Length);
        }
        let (secret, check) = values.split_at(SECRET_SIGNS);
        // The first sign has two bits of padding, which are no part of any secret.
        if secret[0] >= 8 {
            return Err(RecoveryError::Mistyped);
        }
        let secret = secret
            .iter()
            .fold(0_u128, |sum, value| (sum << 5) | *value as u128);
        let code = Self(secret.to_be_bytes());
        let expected = code.check_signs().map(|sign| sign as usize);
        let typed = [check[0], check[1]].map(|value| SIGNS[value] as usize);
        if expected == typed {
            Ok(code)
        } else {
            Err(RecoveryError::Mistyped)
        }
    }

    /// Ten bits that follow from the secret. One slip in a thousand gets past them, and then opens
    /// nothing.
    fn check_signs(&self) -> [u8; CHECK_SIGNS] {
        let hash = Sha256::digest([b"wellfield/recovery/1".as_slice(), &self.0].concat());
        [hash[0] & 31, hash[1] & 31].map(|value| SIGNS[usize::from(value)])
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}
