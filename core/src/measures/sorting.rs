//! Which answers count, and why the others do not.
//!
//! Nothing is thrown away: an answer that does not count keeps its place and gets a reason, so that a
//! report can list it.

use std::collections::BTreeMap;

use super::answer::{Answer, Reply};
use super::catalogue::{Catalogue, Question};
use super::participant::{Consent, People};
use crate::ids::PersonId;

/// Why an answer is out of the figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// The instrument is not known.
    UnknownInstrument,
    /// The version of the instrument is not known.
    UnknownVersion,
    /// The instrument asks no such thing.
    UnknownItem,
    /// The answer lies outside the item's scale.
    OutsideScale {
        /// The lowest answer.
        low: i16,
        /// The highest answer.
        high: i16,
    },
    /// The item was answered more than once for the same moment, and nothing tells which counts. None
    /// of these answers does.
    Twice,
    /// The person is not among those whose answers are looked at.
    NotAParticipant,
    /// The person never agreed to the evaluation.
    NoConsent,
    /// It was given before the person agreed.
    BeforeConsent,
    /// It was given after the person withdrew.
    AfterWithdrawal,
    /// It was given while the person agreed, and they have withdrawn since.
    ConsentWithdrawn,
    /// It was given too long before or after the session that it belongs to.
    OutsideWindow,
    /// The same was answered on a day that is nearer to the session.
    AnotherIsNearer,
}

impl Reason {
    /// Its name in an analyst's file, and where reports are kept. It never changes.
    pub const fn name(self) -> &'static str {
        match self {
            Self::UnknownInstrument => "unknown instrument",
            Self::UnknownVersion => "unknown version",
            Self::UnknownItem => "unknown item",
            Self::OutsideScale { .. } => "outside scale",
            Self::Twice => "twice",
            Self::NotAParticipant => "not a participant",
            Self::NoConsent => "no consent",
            Self::BeforeConsent => "before consent",
            Self::AfterWithdrawal => "after withdrawal",
            Self::ConsentWithdrawn => "consent withdrawn",
            Self::OutsideWindow => "outside window",
            Self::AnotherIsNearer => "another is nearer",
        }
    }
}

/// An answer that is out of the figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LeftOut {
    /// The place of the answer in what was given.
    pub answer: usize,
    /// Why.
    pub reason: Reason,
}

/// What is wrong with an answer by itself.
pub(super) fn reason(catalogue: &Catalogue, people: &People, answer: &Answer) -> Option<Reason> {
    let (instrument, item) = match answer.question {
        Question::UnknownInstrument => return Some(Reason::UnknownInstrument),
        Question::UnknownVersion => return Some(Reason::UnknownVersion),
        Question::UnknownItem => return Some(Reason::UnknownItem),
        Question::Known { instrument, item } => (instrument, item),
    };
    let Some(instrument) = catalogue.get(instrument) else {
        return Some(Reason::UnknownInstrument);
    };
    let Some(item) = instrument.items.get(usize::from(item)) else {
        return Some(Reason::UnknownItem);
    };
    if let Reply::Given(given) = answer.reply
        && !item.holds(given)
    {
        return Some(Reason::OutsideScale {
            low: item.low,
            high: item.high,
        });
    }
    let Some(participant) = people.get(answer.person) else {
        return Some(Reason::NotAParticipant);
    };
    let certainly = |before: bool| before.then_some(());
    match participant.consent {
        Consent::NotKeptHere => None,
        Consent::Never => Some(Reason::NoConsent),
        Consent::Given { from } => answer
            .when
            .and_then(|when| certainly(when.before(from)))
            .map(|()| Reason::BeforeConsent),
        Consent::Withdrawn { at } => Some(match answer.when {
            Some(when) if !when.before(at) => Reason::AfterWithdrawal,
            _ => Reason::ConsentWithdrawn,
        }),
    }
}

/// How many answers are out of the figures, by reason.
pub fn count_reasons(left_out: &[LeftOut]) -> BTreeMap<Reason, usize> {
    let mut counts = BTreeMap::new();
    for one in left_out {
        *counts.entry(one.reason).or_default() += 1;
    }
    counts
}

/// The answers of one person that count nowhere, for whoever asks what became of theirs.
pub fn left_out_of(person: PersonId, answers: &[Answer], left_out: &[LeftOut]) -> Vec<LeftOut> {
    let theirs = |one: &&LeftOut| {
        answers
            .get(one.answer)
            .is_some_and(|answer| answer.person == person)
    };
    left_out.iter().filter(theirs).copied().collect()
}
