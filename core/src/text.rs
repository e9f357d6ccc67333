//! Text that people typed, checked once, at the border.
//!
//! A [`Text`] is trimmed, not empty, within its limit and free of control and direction-changing
//! characters (which can make one name look like another). Nothing else is refused: Welsh, one
//! letter, one name and apostrophes are names (security findings §3).

use core::fmt;

use crate::event::NotOurs;

/// Why a typed text was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// Nothing but white space.
    #[error("empty")]
    Empty,
    /// More characters than the field holds.
    #[error("longer than {max} characters")]
    TooLong {
        /// The most that the field holds, in characters.
        max: usize,
    },
    /// A control character or one that changes the reading direction.
    #[error("a character that cannot be shown")]
    Unshowable,
}

/// A checked text of at most `MAX` characters.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Text<const MAX: usize>(String);

/// A name or other single line: at most 100 characters.
pub type Line = Text<100>;

/// A few sentences: at most 2,000 characters.
pub type Paragraph = Text<2000>;

impl<const MAX: usize> Text<MAX> {
    /// Checks a typed text.
    ///
    /// # Errors
    /// See [`TextError`].
    pub fn parse(typed: &str) -> Result<Self, TextError> {
        let text = typed.trim();
        if text.is_empty() {
            return Err(TextError::Empty);
        }
        if text.chars().count() > MAX {
            return Err(TextError::TooLong { max: MAX });
        }
        if text.chars().any(unshowable) {
            return Err(TextError::Unshowable);
        }
        Ok(Self(text.to_owned()))
    }

    /// Checks a typed text where leaving the field empty is an answer.
    ///
    /// # Errors
    /// See [`TextError`]; never [`TextError::Empty`].
    pub fn parse_optional(typed: &str) -> Result<Option<Self>, TextError> {
        match Self::parse(typed) {
            Ok(text) => Ok(Some(text)),
            Err(TextError::Empty) => Ok(None),
            Err(other) => Err(other),
        }
    }

    /// Takes an optional text from a wire form, where an empty one breaks the rules.
    pub(crate) fn from_wire(text: Option<String>) -> Result<Option<Self>, NotOurs> {
        text.map(|text| Self::parse(&text).map_err(|_| NotOurs))
            .transpose()
    }

    /// Takes a text from a wire form.
    pub(crate) fn required_from_wire(text: &str) -> Result<Self, NotOurs> {
        Self::parse(text).map_err(|_| NotOurs)
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<const MAX: usize> fmt::Display for Text<MAX> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Personal text stays out of logs: debug output tells only its length.
impl<const MAX: usize> fmt::Debug for Text<MAX> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Text({} characters)", self.0.chars().count())
    }
}

/// Control characters other than a line break, the bidirectional controls (U+202A–E, U+2066–9) and
/// the invisible tag characters. Joiners stay, because scripts and emoji need them.
fn unshowable(c: char) -> bool {
    (c.is_control() && c != '\n' && c != '\r' && c != '\t')
        || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{E0000}'..='\u{E007F}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_every_kind_are_names() {
        for name in [
            "Siân",
            "O’Brien",
            "X",
            "Llŷr ap Gwynfor",
            "محمد",
            "Nguyễn",
            "👩‍🌾 Bea",
        ] {
            assert_eq!(Line::parse(name).unwrap().as_str(), name);
        }
    }

    #[test]
    fn bad_text_is_refused_with_its_reason() {
        assert_eq!(Line::parse("  \n "), Err(TextError::Empty));
        assert_eq!(
            Line::parse(&"a".repeat(101)),
            Err(TextError::TooLong { max: 100 })
        );
        assert_eq!(Line::parse("Ann\u{202E}eb"), Err(TextError::Unshowable));
        assert_eq!(Line::parse("Ann\u{0}"), Err(TextError::Unshowable));
        assert_eq!(Line::parse_optional("  "), Ok(None));
    }

    #[test]
    fn debug_output_tells_no_content() {
        assert_eq!(
            format!("{:?}", Line::parse("Ann").unwrap()),
            "Text(3 characters)"
        );
    }
}
