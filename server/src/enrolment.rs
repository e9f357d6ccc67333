//! Codes that let a device join, or somebody set up how they sign in, and the keys that they get.
//!
//! A code is read out or typed once and is valid for a while; a key is sent with every request. The
//! database holds only the fingerprints of both, so that a copy of it lets nobody in.

use std::fmt::{self, Write};

use sha2::{Digest, Sha256};
use wellfield_core::device_key::KeyHash;
use wellfield_core::ids::{base32, from_base32};
pub(crate) use wellfield_core::sync::hex;

use crate::entropy::{NoEntropy, random};

/// Characters of a code that is valid for minutes: forty random bits.
const ENROLMENT_DIGITS: usize = 8;

/// Characters of a code that is valid for days: sixty random bits.
const INVITATION_DIGITS: usize = 12;

/// Characters between two hyphens.
const GROUP: usize = 4;

/// How long a code is valid unless somebody asks for longer.
pub const CODE_MINUTES: u32 = 10;

/// A code of so many characters. Its text is shown to people and never logged.
#[derive(Clone, PartialEq, Eq)]
pub struct Code<const DIGITS: usize>(String);

/// A code that lets one device join.
pub type EnrolmentCode = Code<ENROLMENT_DIGITS>;

/// A code with which somebody sets up how they sign in on the server's pages.
pub type InvitationCode = Code<INVITATION_DIGITS>;

impl<const DIGITS: usize> Code<DIGITS> {
    /// Draws a code.
    ///
    /// # Errors
    /// [`NoEntropy`].
    pub fn draw() -> Result<Self, NoEntropy> {
        let bits = u64::from_be_bytes(random()?);
        Ok(Self(base32(u128::from(bits), DIGITS)))
    }

    /// Reads a code as people type it: in either case, with or without hyphen and spaces, and with O
    /// for 0 and I or L for 1. `None` if no code is written like that.
    pub fn parse(typed: &str) -> Option<Self> {
        let separator = |c: char| c.is_whitespace() || matches!(c, '-' | '\u{2010}'..='\u{2015}');
        let digits: String = typed
            .chars()
            .filter(|c| !separator(*c))
            .take(DIGITS + 1)
            .collect();
        if digits.chars().count() != DIGITS {
            return None;
        }
        from_base32(&digits).map(|value| Self(base32(value, DIGITS)))
    }

    /// The fingerprint under which the code is stored.
    pub fn hash(&self) -> CodeHash {
        CodeHash(Sha256::digest(self.0.as_bytes()).into())
    }
}

/// As it is shown: `XXXX-XXXX`.
impl<const DIGITS: usize> fmt::Display for Code<DIGITS> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, digit) in self.0.chars().enumerate() {
            if place > 0 && place.is_multiple_of(GROUP) {
                f.write_char('-')?;
            }
            f.write_char(digit)?;
        }
        Ok(())
    }
}

/// The fingerprint of a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CodeHash(pub [u8; 32]);

/// A device's key: 256 random bits. It goes to the device once and is never stored or logged here.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(pub [u8; 32]);

impl Token {
    /// Draws a key.
    ///
    /// # Errors
    /// [`NoEntropy`].
    pub fn draw() -> Result<Self, NoEntropy> {
        random().map(Self)
    }

    /// Reads the 64 hexadecimal digits that a device shows.
    pub fn from_hex(text: &str) -> Option<Self> {
        from_hex(text).map(Self)
    }

    /// The fingerprint under which the key is stored. The key is random and long, so one round of
    /// SHA-256 leaves nothing to guess.
    pub fn hash(&self) -> TokenHash {
        TokenHash(KeyHash::of(&self.0).0)
    }
}

/// Reads the 64 hexadecimal digits of a key.
pub(crate) fn from_hex(text: &str) -> Option<[u8; 32]> {
    bytes_from_hex(text, 32)?.try_into().ok()
}

/// Reads hexadecimal digits, of at most so many bytes.
pub(crate) fn bytes_from_hex(text: &str, bytes_max: usize) -> Option<Vec<u8>> {
    let digits = text.as_bytes();
    if !digits.len().is_multiple_of(2) || digits.len() > 2 * bytes_max {
        return None;
    }
    let byte = |pair: &[u8]| Some(hex_digit(pair[0])? << 4 | hex_digit(pair[1])?);
    digits.chunks_exact(2).map(byte).collect()
}

fn hex_digit(digit: u8) -> Option<u8> {
    char::from(digit)
        .to_digit(16)
        .and_then(|value| u8::try_from(value).ok())
}

/// The fingerprint of a device's key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TokenHash(pub [u8; 32]);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_however_it_is_typed() {
        let code = EnrolmentCode::parse("0123-ABCD").unwrap();
        assert_eq!(code.to_string(), "0123-ABCD");
        for typed in [
            "0123ABCD",
            "0123 abcd",
            " o123-abcd ",
            "0l23–ABCD",
            "0 1 2 3 a b c d",
        ] {
            assert!(EnrolmentCode::parse(typed) == Some(code.clone()), "{typed}");
        }
        for wrong in [
            "",
            "0123-ABC",
            "0123-ABCDE",
            "0123-ABCU",
            "ééééáááá",
            "--------",
        ] {
            assert!(EnrolmentCode::parse(wrong).is_none(), "{wrong}");
        }
    }

    #[test]
    fn a_drawn_code_reads_back_and_is_drawn_once() {
        let code = EnrolmentCode::draw().unwrap();
        assert!(EnrolmentCode::parse(&code.to_string()) == Some(code.clone()));
        assert!(EnrolmentCode::draw().unwrap() != code);
        let invitation = InvitationCode::draw().unwrap();
        assert_eq!(invitation.to_string().len(), 14);
        assert!(InvitationCode::parse(&invitation.to_string()) == Some(invitation.clone()));
        assert!(InvitationCode::parse(&code.to_string()).is_none());
    }

    #[test]
    fn a_key_is_read_from_hexadecimal_digits_only() {
        let token = Token::from_hex(&"0aF1".repeat(16)).unwrap();
        assert_eq!(token.0[..2], [0x0a, 0xf1]);
        for wrong in [
            "",
            "0a",
            &"0".repeat(63),
            &"0".repeat(65),
            &"+0".repeat(32),
            &"é".repeat(32),
        ] {
            assert!(Token::from_hex(wrong).is_none(), "{wrong}");
        }
    }
}
