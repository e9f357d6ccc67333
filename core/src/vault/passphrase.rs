//! Passphrases: five words drawn by lot, or a long sentence of somebody's own.

use core::fmt;

use zeroize::{Zeroize, ZeroizeOnDrop};

#[cfg(test)]
mod tests;

/// So many words are in a passphrase.
pub const WORDS: usize = 5;

/// So many words a list has at least: 7,776, as many as five dice say. Five of them are 64.6 bits, which
/// behind [`super::Stretching::FLOOR`] is beyond anybody who would take a tablet (security findings
/// §1.3).
pub const LIST_WORDS: usize = 7_776;

/// At most so many words of a list have a hyphen.
const HYPHENED_MAX: usize = 10;

/// So many letters and digits a sentence of somebody's own has at least, in words that differ. Printed English
/// carries about one bit a letter (Shannon 1951, "Prediction and entropy of printed English": 0.6 to 1.3), so
/// that is what five words drawn by lot carry.
pub const OWN_LETTERS: usize = 65;

/// So many different words a sentence of somebody's own has at least: one long word, or a row of the keyboard,
/// is no sentence.
pub const OWN_WORDS: usize = 10;

/// What somebody chose themselves is easier to guess than five words drawn by lot. It tells what of it counts: a
/// word that stands twice counts once, and of a letter that is held down the first one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{letters} letters in {words} words")]
pub struct EasyToGuess {
    /// Of [`OWN_LETTERS`].
    pub letters: usize,
    /// Of [`OWN_WORDS`].
    pub words: usize,
}

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

    /// One that somebody chose themselves. That it is no saying and no verse, which whoever guesses tries first,
    /// only they can see to.
    ///
    /// # Errors
    /// [`EasyToGuess`].
    pub fn own(text: &str) -> Result<Self, EasyToGuess> {
        let passphrase = Self::typed(text);
        let all: Vec<&str> = passphrase.words().collect();
        let different: std::collections::BTreeSet<_> = all.iter().collect();
        let (mut letters, mut words) = (0, 0);
        for word in different {
            let mut last = None;
            let before = letters;
            for letter in word.chars().filter(|c| !c.is_ascii_punctuation()) {
                letters += usize::from(last != Some(letter));
                last = Some(letter);
            }
            words += usize::from(letters > before);
        }
        if letters < OWN_LETTERS || words < OWN_WORDS {
            return Err(EasyToGuess { letters, words });
        }
        Ok(passphrase)
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
        for _ in 0..WORDS {
            if !text.is_empty() {
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
