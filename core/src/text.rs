//! Text that people typed, checked once, at the border.
//!
//! Two ways lead in, and they differ on purpose. [`Text::typed`] is for what a person typed, pasted or
//! put into a file: what cannot be seen is dropped, the same letters get the same bytes (NFC), and what
//! is left is checked. A record that comes from elsewhere is only read: whatever any version of this
//! software let somebody write stays as it is, byte for byte.
//!
//! What cannot be seen is dropped and not refused. A telephone number copied from an address book often
//! comes wrapped in direction controls; whoever is told of "a character that cannot be shown" can
//! neither find it nor delete it, and on a public form gives up. Nothing is lost by dropping it, because
//! nobody saw it. Nothing else is touched: Welsh, one letter, one name and apostrophes are names
//! (security findings §3, docs/decisions/0017).
//!
//! The tables of Unicode are not here: they would cost the public pages five kilobytes that every
//! browser has already. So NFC is an argument, and what is dropped is a short list of ranges.

use core::fmt;

use crate::event::NotOurs;

/// At most this many combining marks follow one another. No language that people write needs more than
/// a few; piles of them run over the lines above and below.
const MARKS_MAX: usize = 8;

/// A text of at most so many characters is one line.
const LINE_MAX: usize = 100;

/// A character has at most this many bytes in UTF-8, so that a limit in characters is one in bytes too.
const CHARACTER_BYTES_MAX: usize = 4;

/// Why a typed text was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// Nothing that can be seen.
    #[error("empty")]
    Empty,
    /// More characters than the field holds.
    #[error("longer than {max} characters")]
    TooLong {
        /// The most that the field holds, in characters.
        max: usize,
    },
}

/// A checked text of at most `MAX` characters.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Text<const MAX: usize>(String);

/// A name or other single line: at most 100 characters.
pub type Line = Text<LINE_MAX>;

/// A few sentences, in lines as they were typed: at most 2,000 characters.
pub type Paragraph = Text<2000>;

impl<const MAX: usize> Text<MAX> {
    /// The most bytes that a text has.
    pub const BYTES_MAX: usize = MAX * CHARACTER_BYTES_MAX;

    /// Takes what somebody typed. `nfc` brings a text to Unicode's normal form C, so that a name that
    /// was typed on one keyboard and one that was typed on another are the same name.
    ///
    /// # Errors
    /// See [`TextError`].
    pub fn typed(typed: &str, nfc: impl FnOnce(&str) -> String) -> Result<Self, TextError> {
        // Normalised once nothing stands between a letter and its accent any more.
        Self::parse(&nfc(&showable(typed, MAX > LINE_MAX)))
    }

    /// Takes what somebody typed where leaving the field empty is an answer.
    ///
    /// # Errors
    /// See [`TextError`]; never [`TextError::Empty`].
    pub fn typed_optional(
        typed: &str,
        nfc: impl FnOnce(&str) -> String,
    ) -> Result<Option<Self>, TextError> {
        optional(Self::typed(typed, nfc))
    }

    /// Takes a text that is in normal form C already; otherwise as [`Text::typed`].
    ///
    /// # Errors
    /// See [`TextError`].
    pub fn parse(typed: &str) -> Result<Self, TextError> {
        checked(typed, MAX).map(Self)
    }

    /// Takes a text that is in normal form C already; otherwise as [`Text::typed_optional`].
    ///
    /// # Errors
    /// See [`TextError`]; never [`TextError::Empty`].
    pub fn parse_optional(typed: &str) -> Result<Option<Self>, TextError> {
        optional(Self::parse(typed))
    }

    /// Takes an optional text from a wire form, where an empty one breaks the rules.
    pub(crate) fn from_wire(text: Option<String>) -> Result<Option<Self>, NotOurs> {
        text.map(|text| Self::required_from_wire(&text)).transpose()
    }

    /// Takes a text from a wire form. It may be in any normal form, and have any number of marks.
    pub(crate) fn required_from_wire(text: &str) -> Result<Self, NotOurs> {
        kept(text, MAX).map(Self)
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

fn optional<T>(taken: Result<T, TextError>) -> Result<Option<T>, TextError> {
    match taken {
        Ok(text) => Ok(Some(text)),
        Err(TextError::Empty) => Ok(None),
        Err(other) => Err(other),
    }
}

/// What is left of a text once what cannot be shown is gone, checked against a limit in characters.
fn checked(typed: &str, max: usize) -> Result<String, TextError> {
    let mut shown = showable(typed, max > LINE_MAX);
    cut_piles(&mut shown);
    shown.truncate(shown.trim_end().len());
    shown.drain(..shown.len() - shown.trim_start().len());
    if shown.chars().all(leaves_no_trace) {
        return Err(TextError::Empty);
    }
    if is_longer(&shown, max) {
        return Err(TextError::TooLong { max });
    }
    Ok(shown)
}

/// A text that some version of this software took, or nothing.
fn kept(text: &str, max: usize) -> Result<String, NotOurs> {
    let text = text.trim();
    if text.is_empty() || is_longer(text, max) || text.chars().any(is_unshowable) {
        return Err(NotOurs);
    }
    Ok(text.to_owned())
}

/// The bytes are looked at first: what is far too long is not worth counting.
fn is_longer(text: &str, max: usize) -> bool {
    text.len() > max * CHARACTER_BYTES_MAX || text.chars().count() > max
}

/// Drops what cannot be shown. A tab, and in a single line whatever ends a line, becomes a space,
/// because words stood on both sides of it; several lines end in one way.
fn showable(typed: &str, many_lines: bool) -> String {
    let mut shown = String::with_capacity(typed.len());
    let mut after_return = false;
    for c in typed.chars() {
        // A line that ends in two characters ends once.
        let is_second_half = after_return && c == '\n';
        after_return = c == '\r';
        match c {
            '\n' if is_second_half => {}
            '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => {
                shown.push(if many_lines { '\n' } else { ' ' });
            }
            '\t' | '\u{B}' | '\u{C}' => shown.push(' '),
            c if is_unshowable(c) => {}
            c => shown.push(c),
        }
    }
    shown
}

/// Drops the combining marks of a pile that goes on after [`MARKS_MAX`].
fn cut_piles(text: &mut String) {
    let mut marks = 0;
    text.retain(|c| {
        marks = if is_mark(c) { marks + 1 } else { 0 };
        marks <= MARKS_MAX
    });
}

/// Control characters other than white space, the controls that turn the reading direction (with which
/// one name can be made to look like another), and the invisible tag characters. Joiners stay, because
/// scripts and emoji need them.
fn is_unshowable(c: char) -> bool {
    (c.is_control() && c != '\n' && c != '\r' && c != '\t')
        || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{E0000}'..='\u{E007F}')
}

/// White space, and what takes no room on screen by itself: joiners, direction marks, the soft hyphen.
fn leaves_no_trace(c: char) -> bool {
    c.is_whitespace()
        || matches!(c, '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{2060}'..='\u{2064}' | '\u{FEFF}')
}

/// The combining marks that piles are made of: those that belong to no script, and those of Hebrew,
/// Arabic and Thai that stand above or below a letter.
fn is_mark(c: char) -> bool {
    matches!(
        c,
        '\u{300}'..='\u{36F}' | '\u{483}'..='\u{489}' | '\u{591}'..='\u{5BD}' | '\u{610}'..='\u{61A}'
            | '\u{64B}'..='\u{65F}' | '\u{6D6}'..='\u{6DC}' | '\u{E34}'..='\u{E3A}' | '\u{E47}'..='\u{E4E}'
            | '\u{1AB0}'..='\u{1AFF}' | '\u{1DC0}'..='\u{1DFF}' | '\u{20D0}'..='\u{20FF}'
            | '\u{FE00}'..='\u{FE0F}' | '\u{FE20}'..='\u{FE2F}' | '\u{E0100}'..='\u{E01EF}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Composes what these tests need; the browser and the server have all of Unicode.
    fn nfc(text: &str) -> String {
        text.replace("w\u{302}", "ŵ").replace("a\u{302}", "â")
    }

    fn line(typed: &str) -> Result<String, TextError> {
        Line::typed(typed, nfc).map(|line| line.to_string())
    }

    fn paragraph(typed: &str) -> Result<String, TextError> {
        Paragraph::typed(typed, nfc).map(|text| text.to_string())
    }

    #[test]
    fn names_of_every_kind_are_names() {
        for name in [
            "Siân",
            "Llŷr ap Gwynfor",
            "Ŵyn",
            "O’Brien",
            "O'Brien",
            "X",
            "Suryani",
            "Anne-Marie",
            "محمد",
            "שָׁלוֹם",
            "Nguyễn",
            "நன்றி",
            "👩‍🌾 Bea",
            "می‌خواهم",
        ] {
            assert_eq!(line(name).as_deref(), Ok(name));
        }
    }

    #[test]
    fn the_same_letters_are_the_same_bytes_whatever_keyboard_they_come_from() {
        assert_eq!(line("Sia\u{302}n").as_deref(), Ok("Siân"));
        assert_eq!(line("w\u{202A}\u{302}yn").as_deref(), Ok("ŵyn"));
    }

    #[test]
    fn what_cannot_be_seen_is_dropped_and_the_rest_is_taken() {
        for (typed, taken) in [
            // As address books hand a number over.
            ("\u{202D}07700 900 123\u{202C}", "07700 900 123"),
            ("Ann\u{202E}eb", "Anneb"),
            ("\u{2066}Ann\u{2069}", "Ann"),
            ("Ann\u{0}\u{1B}\u{7F}\u{9F}", "Ann"),
            ("Ann\u{E0041}\u{E007F}", "Ann"),
            ("Ann\tJones", "Ann Jones"),
            ("Ann\r\nJones", "Ann Jones"),
            ("Ann\u{2028}Jones\n", "Ann Jones"),
        ] {
            assert_eq!(line(typed).as_deref(), Ok(taken));
        }
        assert_eq!(
            paragraph("One\r\ntwo\rthree\u{2029}four\n\nfive\tsix\u{0}").as_deref(),
            Ok("One\ntwo\nthree\nfour\n\nfive six")
        );
    }

    #[test]
    fn what_leaves_no_trace_is_no_answer() {
        for typed in [
            "",
            "  \n ",
            "\u{0}",
            "\u{202E}",
            "\u{200B}\u{FEFF}",
            "\u{200D}",
        ] {
            assert_eq!(line(typed), Err(TextError::Empty), "{typed:?}");
            assert_eq!(Line::typed_optional(typed, nfc), Ok(None), "{typed:?}");
        }
    }

    #[test]
    fn a_pile_of_marks_is_cut_off_and_a_few_are_left_alone() {
        let pile = |marks| format!("Z{}a", "\u{335}".repeat(marks));
        assert_eq!(line(&pile(8)), Ok(pile(8)));
        assert_eq!(
            line(&pile(1_000)),
            Ok(pile(8)),
            "and the pile does not count as long"
        );
        let twice = format!("{}{}", pile(9), pile(9));
        assert_eq!(line(&twice), Ok(format!("{}{}", pile(8), pile(8))));
    }

    #[test]
    fn a_text_has_a_limit_in_characters_and_so_in_bytes() {
        let longest = "😀".repeat(100);
        assert_eq!(line(&longest), Ok(longest.clone()));
        assert_eq!(longest.len(), Line::BYTES_MAX);
        for too_long in ["a".repeat(101), "😀".repeat(101), "a".repeat(10_000)] {
            assert_eq!(line(&too_long), Err(TextError::TooLong { max: 100 }));
        }
        assert_eq!(
            paragraph(&"a".repeat(2_001)),
            Err(TextError::TooLong { max: 2_000 })
        );
    }

    #[test]
    fn what_was_taken_is_taken_again_as_it_is() {
        for typed in [
            "Sia\u{302}n",
            " a\u{0}\tb ",
            "\u{202D}x\u{335}\u{202C}\r\n\r\ny",
        ] {
            let once = paragraph(typed).unwrap();
            assert_eq!(paragraph(&once), Ok(once.clone()));
            assert_eq!(Paragraph::parse(&once).unwrap().as_str(), once);
            assert_eq!(Paragraph::required_from_wire(&once).unwrap().as_str(), once);
        }
    }

    #[test]
    fn a_record_from_elsewhere_stays_as_it_was_written() {
        let pile = format!("Z{}", "\u{335}".repeat(40));
        for written in ["Sia\u{302}n", "Ann\tJones\nAnn", &pile, "\u{200B}"] {
            let read = Line::required_from_wire(written).unwrap();
            assert_eq!(read.as_str(), written);
        }
        for never_written in ["", " ", "Ann\u{202E}eb", "Ann\u{0}", &"a".repeat(101)] {
            assert_eq!(Line::required_from_wire(never_written), Err(NotOurs));
        }
    }

    #[test]
    fn debug_output_tells_no_content() {
        assert_eq!(
            format!("{:?}", Line::parse("Ann").unwrap()),
            "Text(3 characters)"
        );
    }
}
