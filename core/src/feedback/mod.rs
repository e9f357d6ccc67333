//! "You said, we did": what was changed because of what participants said.
//!
//! People who are asked what should change and never hear what came of it stop answering. So a coordinator
//! writes down what was asked for and what was done, facilitators read it out at the next session, and the
//! report shows it. It is about things and not about people, and says so when it names somebody.

#[cfg(test)]
mod tests;
mod wire;

use std::collections::BTreeMap;

use crate::clock::Date;
use crate::evaluation::Period;
use crate::event::Draft;
use crate::heads::{Head, Heads, Stamp};
use crate::ids::{ChangeId, EventId, ProgrammeId};
use crate::records::{Delivery, Records};
use crate::stories::not_looked_at;
use crate::stream::Stream;
use crate::text::Paragraph;

coded_enum! {
    /// How far something that was asked for has come.
    pub enum Progress {
        /// It is done.
        Done = 1,
        /// It will be done.
        Planned = 2,
        /// It cannot be done; what was done says why.
        NotPossible = 3,
    }
}

/// What was asked for, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedbackActedOn {
    /// This change.
    pub change: ChangeId,
    /// What people said.
    pub said: Paragraph,
    /// What was done about it, or why nothing can be.
    pub did: Paragraph,
    /// How far it has come.
    pub progress: Progress,
    /// The day.
    pub day: Date,
    /// Whether it was written in error and is shown no more.
    pub dropped: bool,
}

/// Why a change was not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FeedbackError {
    /// The device holds no such programme.
    #[error("no such programme")]
    NoProgramme,
    /// Something in it may tell who somebody is, and nobody has looked at it yet.
    #[error("the words may tell who somebody is")]
    Telling(Vec<String>),
    /// It stands like this already.
    #[error("nothing to change")]
    NothingToChange,
}

/// Writes down what came of what people said, or writes it anew. `looked_at` as in
/// [`crate::stories::share_words`].
///
/// # Errors
/// See [`FeedbackError`].
pub fn act_on_feedback(
    records: &Records,
    programme: ProgrammeId,
    acted: FeedbackActedOn,
    looked_at: &[String],
) -> Result<Draft, FeedbackError> {
    let delivery = records
        .delivery(programme)
        .ok_or(FeedbackError::NoProgramme)?;
    if !acted.dropped {
        let both = format!("{} {}", acted.said, acted.did);
        not_looked_at(delivery, &both, looked_at).map_err(FeedbackError::Telling)?;
    }
    let heads = delivery.feedback.all.get(&acted.change);
    if heads
        .and_then(Heads::latest)
        .is_some_and(|head| head.value == acted)
    {
        return Err(FeedbackError::NothingToChange);
    }
    Ok(Draft {
        stream: Stream::Delivery(programme),
        supersedes: heads.map(Heads::ids).unwrap_or_default(),
        body: acted.into(),
    })
}

/// Everything that came of what people said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Feedback {
    all: BTreeMap<ChangeId, Heads<FeedbackActedOn>>,
}

impl Feedback {
    pub(crate) fn insert(&mut self, stamp: Stamp, supersedes: &[EventId], acted: FeedbackActedOn) {
        self.all
            .entry(acted.change)
            .or_default()
            .insert(stamp, supersedes, acted);
    }

    /// What stands, latest day first.
    pub fn all(&self) -> Vec<&Head<FeedbackActedOn>> {
        let mut all: Vec<_> = self
            .all
            .values()
            .filter_map(Heads::latest)
            .filter(|head| !head.value.dropped)
            .collect();
        all.sort_by_key(|head| core::cmp::Reverse((head.value.day, head.stamp.id)));
        all
    }
}

/// What came of what people said in a stretch of days, oldest first.
pub fn acted_on(delivery: &Delivery, period: Period) -> Vec<FeedbackActedOn> {
    let mut all = delivery.feedback.all();
    all.reverse();
    all.into_iter()
        .map(|head| &head.value)
        .filter(|acted| period.holds(acted.day))
        .cloned()
        .collect()
}
