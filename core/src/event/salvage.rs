//! What a person can still read of a record that is damaged.
//!
//! A row of a tablet's own log that cannot be read is sent all the same and set aside, so that nothing
//! that follows it waits. Somebody who was there may still know what it said, if they are shown what is
//! left of it.

use minicbor::Decoder;

use super::{Body, Unread, decode_event};
use crate::clock::{Hlc, Instant};
use crate::text::Paragraph;

/// Fewer letters than this in a row are chance, not something that somebody wrote.
const LETTERS_MIN: usize = 3;

/// So many pieces of writing are shown at most.
const TEXTS_MAX: usize = 8;

/// What is left of a record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Remains {
    /// When it was recorded, by the tablet's clock.
    pub at: Option<Instant>,
    /// What people wrote.
    pub texts: Vec<Paragraph>,
}

/// What is left of a row that cannot be read as a record, or whose content cannot; `None` for a row
/// that is whole, or of a kind that this software does not know yet.
pub fn remains(row: &[u8]) -> Option<Remains> {
    match decode_event(row).map(|event| event.body) {
        Ok(Body::Unread(body)) if body.why == Unread::Invalid => {}
        Ok(_) => return None,
        Err(_) => {}
    }
    Some(Remains {
        at: time_of(row),
        texts: texts_in(row),
    })
}

/// The time, if the envelope can be read as far as that: it stands near the beginning.
fn time_of(row: &[u8]) -> Option<Instant> {
    const AT: u8 = 2;
    let mut decoder = Decoder::new(row);
    decoder.map().ok()?;
    loop {
        if decoder.u8().ok()? == AT {
            return decoder.u64().ok().map(|at| Hlc(at).instant());
        }
        decoder.skip().ok()?;
    }
}

/// Everything in the bytes that looks like writing.
fn texts_in(row: &[u8]) -> Vec<Paragraph> {
    let lossy = String::from_utf8_lossy(row);
    let pieces = lossy.split(|c: char| c.is_control() || c == char::REPLACEMENT_CHARACTER);
    let written = pieces.filter(|piece| {
        // Beyond ASCII everything counts: a table of all letters would be carried by every tablet.
        let is_letter = |c: &char| c.is_ascii_alphabetic() || !c.is_ascii();
        let letters = piece.chars().filter(is_letter).count();
        letters >= LETTERS_MIN && 2 * letters >= piece.chars().count()
    });
    written
        .filter_map(|piece| Paragraph::parse(piece).ok())
        .take(TEXTS_MAX)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{Draft, encode_event};
    use crate::ids::{DeviceId, EventId, ProgrammeId, SessionId};
    use crate::notes::SessionNoted;
    use crate::stream::Stream;
    use proptest::prelude::*;

    fn row() -> Vec<u8> {
        let noted = SessionNoted {
            session: SessionId(4),
            text: Paragraph::parse("Siân brought the red trowel back").ok(),
        };
        let draft = Draft {
            stream: Stream::Delivery(ProgrammeId(3)),
            supersedes: Vec::new(),
            body: noted.into(),
        };
        let id = EventId {
            device: DeviceId(7),
            n: 1,
        };
        encode_event(&draft.place(id, Hlc(1_780_000_000_000 << 16), None))
    }

    #[test]
    fn a_whole_row_has_no_remains() {
        assert_eq!(remains(&row()), None);
    }

    #[test]
    fn of_a_row_that_was_cut_the_time_and_the_beginning_of_the_note_are_left() {
        let mut row = row();
        row.truncate(row.len() - 8);
        let left = remains(&row).unwrap();
        assert_eq!(left.at, Some(Instant(1_780_000_000_000)));
        // What stands before it is the length of the note, which happens to be a letter too.
        let [text] = &left.texts[..] else {
            panic!("one piece of writing: {left:?}");
        };
        assert!(text.as_str().ends_with("Siân brought the red tro"));
    }

    #[test]
    fn a_byte_that_was_lost_in_the_middle_of_a_note_leaves_both_sides() {
        let mut row = row();
        let place = row.len() - 12;
        row[place] = 0xff;
        let left = remains(&row);
        let texts: Vec<_> = left.iter().flat_map(|left| &left.texts).collect();
        assert_eq!(texts.len(), 2, "{texts:?}");
    }

    #[test]
    fn nothing_is_left_of_nothing() {
        assert_eq!(remains(b""), Some(Remains::default()));
        assert_eq!(remains(&[0xff; 40]), Some(Remains::default()));
    }

    proptest! {
        #[test]
        fn whatever_the_bytes_are_little_is_shown(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
            if let Some(left) = remains(&bytes) {
                prop_assert!(left.texts.len() <= TEXTS_MAX);
            }
        }
    }
}
