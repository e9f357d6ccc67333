//! Passphrases: five words drawn by lot.

use core::fmt;

use zeroize::{Zeroize, ZeroizeOnDrop};

/// So many words are in a passphrase.
pub const WORDS: usize = 5;

/// So many words a list has at least: 7,776, as many as five dice say. Five of them are 64.6 bits, which
/// behind [`super::Stretching::FLOOR`] is beyond anybody who would take a tablet (security findings
/// §1.3).
pub const LIST_WORDS: usize = 7_776;

/// At most so many words of a list have a hyphen.
const HYPHENED_MAX: usize = 10;

/// A list with fewer words than [`LIST_WORDS`], or with one of them twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a list of {LIST_WORDS} different words")]
pub struct ShortList;

/// A passphrase. It is wiped when it goes, and never shown by accident.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct Passphrase(String);

impl fmt::Debug for Passphrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Passphrase")
    }
}

impl Passphrase {
    /// What somebody typed or pasted. Capitals that a tablet's keyboard puts in by itself, and spaces
    /// too many or at the end, make no other passphrase of it; hyphens between the words are spaces.
    pub fn typed(text: &str) -> Self {
        let mut plain = String::with_capacity(text.len());
        for word in text.split(|c: char| c.is_whitespace() || c == '-') {
            if word.is_empty() {
                continue;
            }
            if !plain.is_empty() {
                plain.push(' ');
            }
            plain.extend(word.chars().flat_map(char::to_lowercase));
        }
        Self(plain)
    }

    /// Draws one from a list. `random` gives 32 random bits each time it is asked. Words with a hyphen are
    /// drawn anew: such a word reads as two, and five words have to look like five. The usual list has four
    /// of them, which takes less than a hundredth of a bit from the five.
    ///
    /// # Errors
    /// [`ShortList`] if the list would make weaker passphrases than five dice do.
    pub fn drawn(list: &[&str], mut random: impl FnMut() -> u32) -> Result<Self, ShortList> {
        let different: std::collections::BTreeSet<_> = list.iter().collect();
        let hyphened = list.iter().filter(|word| word.contains('-')).count();
        let is_short = list.len() < LIST_WORDS || hyphened > HYPHENED_MAX;
        if different.len() != list.len() || is_short {
            return Err(ShortList);
        }
        let words = u32::try_from(list.len()).map_err(|_| ShortList)?;
        // Numbers above the last whole multiple would make the first words likelier; they are drawn anew.
        let fair = u32::MAX - u32::MAX % words;
        let mut draw = || loop {
            let number = random();
            let word = list[(number % words) as usize];
            if number < fair && !word.contains('-') {
                return word;
            }
        };
        let mut text = String::new();
        for place in 0..WORDS {
            if place > 0 {
                text.push(' ');
            }
            text.push_str(draw());
        }
        let passphrase = Self::typed(&text);
        text.zeroize();
        Ok(passphrase)
    }

    /// The words, to be shown once to the person whose passphrase this is.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.0.split(' ')
    }

    /// The bytes that are stretched.
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}
