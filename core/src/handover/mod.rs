//! A tablet that was handed over: the form in the participant's hands, and the latch on it, a short code
//! that staff type to get the tablet back.
//!
//! A code of a few digits keeps a participant on their form. It is no protection of what lies on the
//! tablet against somebody who takes the tablet apart, and is not treated as one.

mod form;

use sha2::{Digest, Sha256};

use crate::vault::Passphrase;

pub use form::{Form, Place, decode_form, encode_form};

/// The fewest digits of a code.
pub const PIN_DIGITS_MIN: usize = 4;

/// The most digits of a code.
pub const PIN_DIGITS_MAX: usize = 8;

/// So many wrong tries in a row drop the keys of the tablet (security findings §1.3).
pub const WRONG_TRIES_MAX: u32 = 5;

/// How often the fingerprint is folded, so that trying every code takes a while.
const ROUNDS: usize = 20_000;

/// Why a code was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PinError {
    /// Fewer than four or more than eight characters.
    #[error("wrong length")]
    WrongLength,
    /// Something that is not a digit.
    #[error("not only digits")]
    NotDigits,
}

/// A code as it is kept: salted and folded, never as it was typed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct PinLatch {
    salt: [u8; 16],
    folded: [u8; 32],
}

impl PinLatch {
    /// Keeps a code. `salt` is 16 random bytes drawn by the caller.
    ///
    /// # Errors
    /// See [`PinError`].
    pub fn set(pin: &str, salt: [u8; 16]) -> Result<Self, PinError> {
        let pin = pin.trim();
        if !(PIN_DIGITS_MIN..=PIN_DIGITS_MAX).contains(&pin.len()) {
            return Err(PinError::WrongLength);
        }
        if !pin.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(PinError::NotDigits);
        }
        Ok(Self {
            salt,
            folded: fold(pin, salt),
        })
    }

    /// Whether this is the code.
    pub fn opens(&self, typed: &str) -> bool {
        fold(typed.trim(), self.salt) == self.folded
    }

    /// The 48 bytes on disk.
    pub fn to_bytes(&self) -> Vec<u8> {
        [self.salt.as_slice(), self.folded.as_slice()].concat()
    }

    /// Reads what [`Self::to_bytes`] wrote.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (salt, folded) = bytes.split_at_checked(16)?;
        Some(Self {
            salt: salt.try_into().ok()?,
            folded: folded.try_into().ok()?,
        })
    }
}

fn fold(pin: &str, salt: [u8; 16]) -> [u8; 32] {
    let first = Sha256::new()
        .chain_update(salt)
        .chain_update(pin.as_bytes())
        .finalize();
    (0..ROUNDS).fold(first.into(), |folded: [u8; 32], _| {
        Sha256::new()
            .chain_update(salt)
            .chain_update(folded)
            .finalize()
            .into()
    })
}

/// Whether the keys go after so many wrong tries in a row. They are counted in memory: whoever loads the
/// page anew to get new tries has dropped the keys by it.
pub const fn drops_keys(wrong_tries: u32) -> bool {
    wrong_tries >= WRONG_TRIES_MAX
}

/// What somebody typed to show that they may use the tablet.
pub enum Shown<'t> {
    /// The code of whoever unlocked it.
    Pin(&'t str),
    /// Words that open it.
    Words(Passphrase),
}

impl<'t> Shown<'t> {
    /// A code has digits alone; whatever has a letter in it is words.
    pub fn typed(typed: &'t str) -> Self {
        let typed = typed.trim();
        if typed.contains(char::is_alphabetic) {
            Self::Words(Passphrase::typed(typed))
        } else {
            Self::Pin(typed)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_a_letter_in_it_is_words_and_everything_else_a_code() {
        for (typed, pin) in [
            (" 4821 ", Some("4821")),
            ("48 21", Some("48 21")),
            ("", Some("")),
            ("acid bird cake dune echo", None),
            ("4821a", None),
        ] {
            let shown = match Shown::typed(typed) {
                Shown::Pin(pin) => Some(pin),
                Shown::Words(_) => None,
            };
            assert_eq!(shown, pin, "{typed:?}");
        }
    }

    #[test]
    fn the_code_opens_and_nothing_else_does() {
        let latch = PinLatch::set("4821", [7; 16]).unwrap();
        assert!(latch.opens("4821"));
        assert!(!latch.opens("4822"));
        assert!(!latch.opens(""));
        let read = PinLatch::from_bytes(&latch.to_bytes()).unwrap();
        assert!(read.opens(" 4821 "));
        assert!(PinLatch::from_bytes(&[0; 47]).is_none());
    }

    #[test]
    fn a_code_has_four_to_eight_digits() {
        for (typed, error) in [
            ("123", PinError::WrongLength),
            ("123456789", PinError::WrongLength),
            ("12a4", PinError::NotDigits),
        ] {
            assert_eq!(PinLatch::set(typed, [0; 16]).err(), Some(error), "{typed}");
        }
    }

    #[test]
    fn the_fifth_wrong_try_drops_the_keys() {
        assert_eq!(
            [0, 1, 4, 5, 6].map(drops_keys),
            [false, false, false, true, true]
        );
    }
}
