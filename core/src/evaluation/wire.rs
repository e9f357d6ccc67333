//! Plans, askings and answers on the wire, version 1.
//!
//! A reply is a number; `null` where the item was not answered and -1 for "prefer not to say". Days are
//! Julian day numbers, times minutes after midnight.

use super::{
    EvaluationPlanned, MeasureAnswered, MeasuresAsked, OWN_MAX, Outcome, OwnOutcome, Questions,
    Size, Topic,
};
use crate::clock::{Date, TimeOfDay};
use crate::event::{NotOurs, recorded_v1};
use crate::ids::{PersonId, ResponseId, SessionId};
use crate::language::Language;
use crate::measures::instrument::ITEMS_MAX;
use crate::measures::{Mode, Moment, Reply};
use crate::text::Text;

wire_map! {
    pub(crate) struct EvaluationPlannedV1 {
        #[n(0)]
        size: u8,
        #[n(1)]
        topics: Vec<u8>,
        #[n(2)]
        swemwbs_licence: Option<String>,
        /// Text and language; left out where there are none.
        #[n(3)]
        own: Option<Vec<(String, u8)>>,
        #[n(4)]
        comparison: Option<String>,
        /// Left out where it is not so.
        #[n(5)]
        toolkit_compared: Option<bool>,
    }
}

recorded_v1!(EvaluationPlanned, EvaluationPlannedV1);

impl From<&EvaluationPlanned> for EvaluationPlannedV1 {
    fn from(plan: &EvaluationPlanned) -> Self {
        Self {
            size: plan.size.code(),
            topics: plan.topics.iter().map(|topic| topic.code()).collect(),
            swemwbs_licence: plan.swemwbs_licence.as_ref().map(ToString::to_string),
            own: own_to_wire(&plan.own),
            comparison: plan.comparison.as_ref().map(ToString::to_string),
            toolkit_compared: plan.toolkit_compared.then_some(true),
        }
    }
}

impl TryFrom<EvaluationPlannedV1> for EvaluationPlanned {
    type Error = NotOurs;

    fn try_from(wire: EvaluationPlannedV1) -> Result<Self, NotOurs> {
        let topics = wire.topics.into_iter();
        let topics = topics.map(|code| Topic::from_code(code).ok_or(NotOurs));
        let plan = Self {
            size: Size::from_code(wire.size).ok_or(NotOurs)?,
            topics: topics.collect::<Result<_, _>>()?,
            swemwbs_licence: Text::from_wire(wire.swemwbs_licence)?,
            own: own_from_wire(wire.own)?,
            comparison: Text::from_wire(wire.comparison)?,
            toolkit_compared: wire.toolkit_compared.unwrap_or_default(),
        };
        plan.keeps_rules().then_some(plan).ok_or(NotOurs)
    }
}

/// Questions of a project's own on the wire.
pub(super) fn own_to_wire(own: &[OwnOutcome]) -> Option<Vec<(String, u8)>> {
    let wire = own.iter();
    let wire = wire.map(|outcome| (outcome.text.to_string(), outcome.language.code()));
    (!own.is_empty()).then(|| wire.collect())
}

/// Questions of a project's own from the wire.
pub(super) fn own_from_wire(wire: Option<Vec<(String, u8)>>) -> Result<Vec<OwnOutcome>, NotOurs> {
    let wire = wire.unwrap_or_default();
    if wire.len() > OWN_MAX {
        return Err(NotOurs);
    }
    let own = wire.into_iter().map(|(text, language)| {
        Ok(OwnOutcome {
            text: Text::required_from_wire(&text)?,
            language: Language::from_code(language).ok_or(NotOurs)?,
        })
    });
    own.collect()
}

wire_map! {
    struct MeasuresAskedV1 {
        #[n(0)]
        person: u64,
        #[n(1)]
        moment: u8,
        #[n(2)]
        session: u64,
        #[n(3)]
        outcome: u8,
        /// Left out where they are the usual ones.
        #[n(4)]
        questions: Option<u8>,
    }
}

recorded_v1!(MeasuresAsked, MeasuresAskedV1, subject: |asked| Some(asked.person));

impl From<&MeasuresAsked> for MeasuresAskedV1 {
    fn from(asked: &MeasuresAsked) -> Self {
        Self {
            person: asked.person.0,
            moment: asked.moment.code(),
            session: asked.session.0,
            outcome: asked.outcome.code(),
            questions: (asked.questions != Questions::Usual).then(|| asked.questions.code()),
        }
    }
}

impl TryFrom<MeasuresAskedV1> for MeasuresAsked {
    type Error = NotOurs;

    fn try_from(wire: MeasuresAskedV1) -> Result<Self, NotOurs> {
        Ok(Self {
            person: PersonId(wire.person),
            moment: Moment::from_code(wire.moment).ok_or(NotOurs)?,
            session: SessionId(wire.session),
            outcome: Outcome::from_code(wire.outcome).ok_or(NotOurs)?,
            questions: match wire.questions {
                Some(code) => Questions::from_code(code).ok_or(NotOurs)?,
                None => Questions::Usual,
            },
        })
    }
}

wire_map! {
    struct MeasureAnsweredV1 {
        #[n(0)]
        response: u64,
        #[n(1)]
        person: u64,
        #[n(2)]
        moment: u8,
        #[n(3)]
        session: Option<u64>,
        #[n(4)]
        instrument: String,
        #[n(5)]
        version: u16,
        #[n(6)]
        language: u8,
        #[n(7)]
        mode: u8,
        #[n(8)]
        day: i32,
        #[n(9)]
        time: u16,
        #[n(10)]
        finished: bool,
        #[n(11)]
        replies: Vec<Option<i16>>,
    }
}

recorded_v1!(MeasureAnswered, MeasureAnsweredV1, subject: |answered| Some(answered.person));

impl From<&MeasureAnswered> for MeasureAnsweredV1 {
    fn from(answered: &MeasureAnswered) -> Self {
        Self {
            response: answered.response.0,
            person: answered.person.0,
            moment: answered.moment.code(),
            session: answered.session.map(|session| session.0),
            instrument: answered.instrument.to_string(),
            version: answered.version,
            language: answered.language.code(),
            mode: answered.mode.code(),
            day: answered.day.to_julian_day(),
            time: answered.time.minutes(),
            finished: answered.finished,
            replies: answered
                .replies
                .iter()
                .map(|reply| to_wire(*reply))
                .collect(),
        }
    }
}

impl TryFrom<MeasureAnsweredV1> for MeasureAnswered {
    type Error = NotOurs;

    fn try_from(wire: MeasureAnsweredV1) -> Result<Self, NotOurs> {
        if wire.replies.len() > ITEMS_MAX {
            return Err(NotOurs);
        }
        let replies = wire.replies.into_iter().map(from_wire);
        Ok(Self {
            response: ResponseId(wire.response),
            person: PersonId(wire.person),
            moment: Moment::from_code(wire.moment).ok_or(NotOurs)?,
            session: wire.session.map(SessionId),
            instrument: Text::required_from_wire(&wire.instrument)?,
            version: wire.version,
            language: Language::from_code(wire.language).ok_or(NotOurs)?,
            mode: Mode::from_code(wire.mode).ok_or(NotOurs)?,
            day: Date::from_julian_day(wire.day).map_err(|_| NotOurs)?,
            time: TimeOfDay::from_minutes(wire.time).ok_or(NotOurs)?,
            finished: wire.finished,
            replies: replies.collect::<Result<_, _>>()?,
        })
    }
}

/// "Prefer not to say" on the wire.
const DECLINED: i16 = -1;

/// A reply on the wire. No item takes a number that does not fit (`ANSWER_MAX`), so one that does not is
/// the highest there is: it is outside every scale, and stays so.
pub(super) fn to_wire(reply: Reply) -> Option<i16> {
    match reply {
        Reply::Skipped => None,
        Reply::PreferNotToSay => Some(DECLINED),
        Reply::Given(given) => Some(i16::try_from(given.max(0)).unwrap_or(i16::MAX)),
    }
}

/// A reply from the wire.
pub(super) fn from_wire(reply: Option<i16>) -> Result<Reply, NotOurs> {
    match reply {
        None => Ok(Reply::Skipped),
        Some(DECLINED) => Ok(Reply::PreferNotToSay),
        Some(given) if given >= 0 => Ok(Reply::Given(i32::from(given))),
        Some(_) => Err(NotOurs),
    }
}
