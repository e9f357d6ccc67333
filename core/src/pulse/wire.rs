//! Answers on the wire, version 1.
//!
//! A question that was not reached is left out; one that was declined stands in `declined` by its
//! number: 1 day, 2 good, 3 change, 4 safe.

use super::{Answers, Day, Felt, PulseAnswered, PulseFlagSeen, Reply};
use crate::event::{NotOurs, recorded_v1};
use crate::ids::{PersonId, ResponseId, SessionId};
use crate::language::Language;
use crate::measures::Mode;
use crate::text::{Paragraph, Text};

wire_map! {
    struct PulseAnsweredV1 {
        #[n(0)]
        response: u64,
        #[n(1)]
        session: u64,
        #[n(2)]
        person: Option<u64>,
        #[n(3)]
        language: u8,
        #[n(4)]
        finished: bool,
        #[n(5)]
        day: Option<u8>,
        #[n(6)]
        good: Option<String>,
        #[n(7)]
        change: Option<String>,
        #[n(8)]
        safe: Option<u8>,
        #[n(9)]
        declined: Option<Vec<u8>>,
        #[n(10)]
        mode: Option<u8>,
    }
}

recorded_v1!(PulseAnswered, PulseAnsweredV1, subject: |answered| answered.person);

impl From<&PulseAnswered> for PulseAnsweredV1 {
    fn from(answered: &PulseAnswered) -> Self {
        let answers = &answered.answers;
        let declined: Vec<u8> = [
            answers.day == Reply::Declined,
            answers.good == Reply::Declined,
            answers.change == Reply::Declined,
            answers.safe == Reply::Declined,
        ]
        .into_iter()
        .zip(1..)
        .filter_map(|(declined, number)| declined.then_some(number))
        .collect();
        Self {
            response: answered.response.0,
            session: answered.session.0,
            person: answered.person.map(|person| person.0),
            language: answered.language.code(),
            finished: answered.finished,
            day: answers.day.given().map(|day| day.code()),
            good: answers.good.given().map(ToString::to_string),
            change: answers.change.given().map(ToString::to_string),
            safe: answers.safe.given().map(|felt| felt.code()),
            declined: (!declined.is_empty()).then_some(declined),
            mode: answered.mode.map(|mode| mode.code()),
        }
    }
}

impl TryFrom<PulseAnsweredV1> for PulseAnswered {
    type Error = NotOurs;

    fn try_from(wire: PulseAnsweredV1) -> Result<Self, NotOurs> {
        let declined = wire.declined.unwrap_or_default();
        let text = |text: Option<String>, number: u8| -> Result<Reply<Paragraph>, NotOurs> {
            reply(Text::from_wire(text)?, declined.contains(&number))
        };
        let day = wire
            .day
            .map(|code| Day::from_code(code).ok_or(NotOurs))
            .transpose()?;
        let safe = wire
            .safe
            .map(|code| Felt::from_code(code).ok_or(NotOurs))
            .transpose()?;
        Ok(Self {
            response: ResponseId(wire.response),
            session: SessionId(wire.session),
            person: wire.person.map(PersonId),
            language: Language::from_code(wire.language).ok_or(NotOurs)?,
            mode: wire
                .mode
                .map(|code| Mode::from_code(code).ok_or(NotOurs))
                .transpose()?,
            finished: wire.finished,
            answers: Answers {
                day: reply(day, declined.contains(&1))?,
                good: text(wire.good, 2)?,
                change: text(wire.change, 3)?,
                safe: reply(safe, declined.contains(&4))?,
            },
        })
    }
}

fn reply<T>(given: Option<T>, declined: bool) -> Result<Reply<T>, NotOurs> {
    match (given, declined) {
        (Some(_), true) => Err(NotOurs),
        (Some(value), false) => Ok(Reply::Given(value)),
        (None, true) => Ok(Reply::Declined),
        (None, false) => Ok(Reply::NotReached),
    }
}

wire_map! {
    struct PulseFlagSeenV1 {
        #[n(0)]
        response: u64,
        #[n(1)]
        note: Option<String>,
    }
}

recorded_v1!(PulseFlagSeen, PulseFlagSeenV1);

impl From<&PulseFlagSeen> for PulseFlagSeenV1 {
    fn from(seen: &PulseFlagSeen) -> Self {
        Self {
            response: seen.response.0,
            note: seen.note.as_ref().map(ToString::to_string),
        }
    }
}

impl TryFrom<PulseFlagSeenV1> for PulseFlagSeen {
    type Error = NotOurs;

    fn try_from(wire: PulseFlagSeenV1) -> Result<Self, NotOurs> {
        Ok(Self {
            response: ResponseId(wire.response),
            note: Text::from_wire(wire.note)?,
        })
    }
}
