//! The session pulse: how today was, in the participant's own answers.
//!
//! Four questions, one a page, on the tablet that was handed over. Every question can be left
//! unanswered on purpose, which is kept apart from not having been reached. A "no" to feeling safe
//! and included is for the coordinator to see.

mod asking;
mod commands;
mod rules;
mod saved;
#[cfg(test)]
mod tests;
mod wire;

use std::collections::BTreeMap;

use crate::heads::{Head, Heads, Stamp};
use crate::ids::{EventId, PersonId, ResponseId, SessionId};
use crate::language::Language;
use crate::measures::Mode;
use crate::text::Paragraph;

pub use asking::{Asking, Page, Quoting, Tap, TapError};
pub use commands::{PulseError, answer, flag_seen, may_be_quoted};
pub use rules::{PersonToAsk, ToRead, answers_to_read, people_to_ask};
pub use saved::{decode_asking, encode_asking};

coded_enum! {
    /// How today was, in five labelled steps.
    pub enum Day {
        /// Very good.
        VeryGood = 5,
        /// Good.
        Good = 4,
        /// Neither good nor bad.
        Mixed = 3,
        /// Bad.
        Bad = 2,
        /// Very bad.
        VeryBad = 1,
    }
}

coded_enum! {
    /// Whether somebody felt safe and included.
    pub enum Felt {
        /// Yes.
        Yes = 1,
        /// Partly.
        Partly = 2,
        /// No: for the coordinator to see.
        No = 3,
    }
}

/// What was said to one question.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Reply<T> {
    /// The question was not reached.
    #[default]
    NotReached,
    /// "I do not want to answer", or left empty on purpose.
    Declined,
    /// An answer.
    Given(T),
}

impl<T> Reply<T> {
    /// The answer, if one was given.
    pub fn given(&self) -> Option<&T> {
        match self {
            Self::Given(value) => Some(value),
            Self::NotReached | Self::Declined => None,
        }
    }
}

/// A participant's answers so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answers {
    /// How was today?
    pub day: Reply<Day>,
    /// What was good?
    pub good: Reply<Paragraph>,
    /// What should change?
    pub change: Reply<Paragraph>,
    /// Did you feel safe and included?
    pub safe: Reply<Felt>,
}

/// A participant said how a session was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PulseAnswered {
    /// This set of answers.
    pub response: ResponseId,
    /// The session.
    pub session: SessionId,
    /// The person, unless they answered without their name.
    pub person: Option<PersonId>,
    /// The language they were asked in.
    pub language: Language,
    /// How they were asked; `None` in answers from before that was kept.
    pub mode: Option<Mode>,
    /// Whether they came to the end. Unfinished answers are kept, as unfinished.
    pub finished: bool,
    /// What they said.
    pub answers: Answers,
}

impl PulseAnswered {
    /// Whether a coordinator has to see it.
    pub fn raises_flag(&self) -> bool {
        self.answers.safe == Reply::Given(Felt::No)
    }
}

/// A coordinator dealt with what an answer raised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PulseFlagSeen {
    /// The answers.
    pub response: ResponseId,
    /// What was done.
    pub note: Option<Paragraph>,
}

/// One set of answers with what became of its flag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PulseView<'a> {
    /// The answers and who took them down.
    pub head: &'a Head<PulseAnswered>,
    /// Who dealt with the flag, if anybody did.
    pub seen: Option<&'a Head<PulseFlagSeen>>,
}

impl PulseView<'_> {
    /// Whether the answers raise a flag that nobody has dealt with.
    pub fn needs_attention(&self) -> bool {
        self.head.value.raises_flag() && self.seen.is_none()
    }
}

/// Every set of answers of a programme.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pulses {
    answered: BTreeMap<ResponseId, Heads<PulseAnswered>>,
    seen: BTreeMap<ResponseId, Heads<PulseFlagSeen>>,
}

impl Pulses {
    pub(crate) fn insert(&mut self, stamp: Stamp, supersedes: &[EventId], answered: PulseAnswered) {
        self.answered
            .entry(answered.response)
            .or_default()
            .insert(stamp, supersedes, answered);
    }

    pub(crate) fn insert_seen(
        &mut self,
        stamp: Stamp,
        supersedes: &[EventId],
        seen: PulseFlagSeen,
    ) {
        self.seen
            .entry(seen.response)
            .or_default()
            .insert(stamp, supersedes, seen);
    }

    /// One set of answers.
    pub fn get(&self, response: ResponseId) -> Option<PulseView<'_>> {
        let heads = self.answered.get(&response)?;
        // Where two versions stand, one that raises a flag is never hidden by the other.
        let raising = heads.heads().iter().find(|head| head.value.raises_flag());
        let head = raising.or(heads.latest())?;
        Some(PulseView {
            head,
            seen: self.seen.get(&response).and_then(Heads::latest),
        })
    }

    /// Every set of answers, latest first by the clocks.
    pub fn all(&self) -> Vec<PulseView<'_>> {
        let mut views: Vec<_> = self
            .answered
            .keys()
            .filter_map(|response| self.get(*response))
            .collect();
        views.sort_by_key(|view| core::cmp::Reverse((view.head.stamp.at, view.head.stamp.id)));
        views
    }

    fn heads(&self, response: ResponseId) -> Option<&Heads<PulseAnswered>> {
        self.answered.get(&response)
    }
}
