//! Ledger entries on the wire, version 1.

use minicbor::bytes::ByteArray;

use super::{ConsentRecorded, Decision, GivenBy, Method, Purpose, WordingRef};
use crate::event::{NotOurs, recorded_v1};
use crate::ids::{EventId, PersonId};
use crate::language::Language;
use crate::text::Text;

wire_map! {
    pub(crate) struct WordingRefV1 {
        #[n(0)]
        version: u16,
        #[n(1)]
        language: u8,
        #[n(2)]
        sha256: ByteArray<32>,
    }
}

impl From<&WordingRef> for WordingRefV1 {
    fn from(wording: &WordingRef) -> Self {
        Self {
            version: wording.version,
            language: wording.language.code(),
            sha256: wording.sha256.into(),
        }
    }
}

impl TryFrom<WordingRefV1> for WordingRef {
    type Error = NotOurs;

    fn try_from(wire: WordingRefV1) -> Result<Self, NotOurs> {
        Ok(Self {
            version: wire.version,
            language: Language::from_code(wire.language).ok_or(NotOurs)?,
            sha256: wire.sha256.into(),
        })
    }
}

wire_map! {
    struct ConsentRecordedV1 {
        #[n(0)]
        person: u64,
        #[n(1)]
        purpose: u8,
        #[n(2)]
        decision: u8,
        #[n(3)]
        wording: WordingRefV1,
        #[n(4)]
        method: u8,
        #[n(5)]
        given_by: u8,
        #[n(6)]
        giver_name: Option<String>,
    }
}

recorded_v1!(
    ConsentRecorded,
    ConsentRecordedV1,
    subject: |recorded| Some(recorded.person),
    rules: names_what_it_answers
);

/// A consent given again has to name what it answers; a plain one after nothing names nothing that
/// forbids, which the ledger enforces by not letting it answer.
fn names_what_it_answers(recorded: &ConsentRecorded, supersedes: &[EventId]) -> bool {
    let giver_known = recorded.given_by == GivenBy::Themselves || recorded.giver_name.is_some();
    giver_known && (recorded.decision != Decision::GivenAgain || !supersedes.is_empty())
}

impl From<&ConsentRecorded> for ConsentRecordedV1 {
    fn from(recorded: &ConsentRecorded) -> Self {
        Self {
            person: recorded.person.0,
            purpose: recorded.purpose.code(),
            decision: recorded.decision.code(),
            wording: (&recorded.wording).into(),
            method: recorded.method.code(),
            given_by: recorded.given_by.code(),
            giver_name: recorded.giver_name.as_ref().map(ToString::to_string),
        }
    }
}

impl TryFrom<ConsentRecordedV1> for ConsentRecorded {
    type Error = NotOurs;

    fn try_from(wire: ConsentRecordedV1) -> Result<Self, NotOurs> {
        Ok(Self {
            person: PersonId(wire.person),
            purpose: Purpose::from_code(wire.purpose).ok_or(NotOurs)?,
            decision: Decision::from_code(wire.decision).ok_or(NotOurs)?,
            wording: wire.wording.try_into()?,
            method: Method::from_code(wire.method).ok_or(NotOurs)?,
            given_by: GivenBy::from_code(wire.given_by).ok_or(NotOurs)?,
            giver_name: Text::from_wire(wire.giver_name)?,
        })
    }
}
