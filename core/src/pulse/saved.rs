//! A hand-over under way on disk, version 1: what a reload or a crash resumes.

use minicbor::bytes::ByteVec;

use super::{Asking, Page, PulseAnswered, Quoting};
use crate::event::{NotOurs, Recorded};

wire_map! {
    struct AskingV1 {
        #[n(0)]
        page: u8,
        /// The answers so far, as the body of the event that they will become.
        #[n(1)]
        answered: ByteVec,
        /// Whether their words may be quoted: 1 to be asked, 2 yes, 3 no; left out where it is not asked.
        #[n(2)]
        quote: Option<u8>,
    }
}

/// The bytes of a hand-over under way.
pub fn encode_asking(asking: &Asking) -> Vec<u8> {
    let wire = AskingV1 {
        page: asking.page.code(),
        answered: asking.kept().to_bytes().into(),
        quote: match asking.quote {
            Quoting::NotAsked => None,
            Quoting::ToAsk => Some(1),
            Quoting::Yes => Some(2),
            Quoting::No => Some(3),
        },
    };
    // Writing to a vector cannot fail.
    minicbor::to_vec(&wire).unwrap_or_default()
}

/// Reads a hand-over under way.
///
/// # Errors
/// [`NotOurs`] if the bytes are none of this version.
pub fn decode_asking(bytes: &[u8]) -> Result<Asking, NotOurs> {
    let wire: AskingV1 = minicbor::decode(bytes).map_err(|_| NotOurs)?;
    let answered =
        PulseAnswered::from_bytes(PulseAnswered::VERSION, &wire.answered).map_err(|_| NotOurs)?;
    Ok(Asking {
        response: answered.response,
        session: answered.session,
        person: answered.person,
        language: answered.language,
        mode: answered.mode,
        page: Page::from_code(wire.page).ok_or(NotOurs)?,
        answers: answered.answers,
        quote: match wire.quote {
            None => Quoting::NotAsked,
            Some(1) => Quoting::ToAsk,
            Some(2) => Quoting::Yes,
            Some(3) => Quoting::No,
            Some(_) => return Err(NotOurs),
        },
    })
}

#[cfg(test)]
mod tests {
    use super::super::Tap;
    use super::*;
    use crate::ids::{ResponseId, SessionId};
    use crate::language::Language;

    #[test]
    fn a_hand_over_reads_back_where_it_was() {
        let mut asking = Asking::begin(ResponseId(1), SessionId(2), None, Language::Welsh);
        for tap in [Tap::Start, Tap::Decline, Tap::Words("Y cwmni".to_owned())] {
            asking.tap(tap).unwrap();
            assert_eq!(decode_asking(&encode_asking(&asking)), Ok(asking.clone()));
        }
        assert_eq!(decode_asking(b"nonsense"), Err(NotOurs));
    }
}
