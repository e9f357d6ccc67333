//! What a programme sets out to change, and how well it works: the Story of Change and the self-review.
//!
//! A Story of Change says before the first session what is needed, what goes in, what is done, what comes
//! out and what should be different afterwards (guidance, "Evaluation": planned from the beginning; the Happy
//! Museum's tool). The self-review goes through the eight principles of the Creative Health Quality
//! Framework (domain findings §4): how far each is kept, and how one knows. It is about the project and
//! never about a participant.

#[cfg(test)]
mod tests;
mod wire;

use std::collections::BTreeMap;

use crate::clock::Date;
use crate::event::Draft;
use crate::heads::{Head, Heads, Stamp};
use crate::ids::{EventId, ProgrammeId};
use crate::records::{Delivery, Records};
use crate::stories::not_looked_at;
use crate::stream::Stream;
use crate::text::Paragraph;

coded_enum! {
    /// A part of a Story of Change, in the order in which it is told.
    pub enum Part {
        /// What is needed, and by whom.
        Need = 1,
        /// What goes in: people, money, places, partners.
        Inputs = 2,
        /// What is done.
        Activities = 3,
        /// What comes out and can be counted.
        Outputs = 4,
        /// What is different afterwards.
        Outcomes = 5,
    }
}

/// A coordinator wrote down what the programme sets out to change.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StoryOfChangeWritten {
    /// What was written, part by part. A part without words is not there.
    pub parts: BTreeMap<Part, Paragraph>,
}

coded_enum! {
    /// A principle of the Creative Health Quality Framework, in its order.
    pub enum Principle {
        /// Values lived experience; people shape what they take part in.
        PersonCentred = 1,
        /// Works towards fairness.
        Equitable = 2,
        /// Safe for participants and for those who lead.
        Safe = 3,
        /// Engages, inspires and challenges.
        Creative = 4,
        /// Made with partners and people.
        Collaborative = 5,
        /// Honest about what can be done.
        Realistic = 6,
        /// Learns from what happens.
        Reflective = 7,
        /// Thinks of what comes after.
        Sustainable = 8,
    }
}

coded_enum! {
    /// How far a principle is kept.
    pub enum Rating {
        /// Not yet.
        NotYet = 1,
        /// In part.
        Partly = 2,
        /// Mostly.
        Mostly = 3,
        /// Fully.
        Fully = 4,
    }
}

impl Rating {
    /// Whether somebody who rates like this has to say how they know. Our convention: a good rating without
    /// evidence is a wish.
    pub const fn needs_evidence(self) -> bool {
        matches!(self, Self::Mostly | Self::Fully)
    }
}

/// A coordinator reviewed how far a principle is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QualityReviewed {
    /// The principle.
    pub principle: Principle,
    /// How far it is kept.
    pub rating: Rating,
    /// How one knows, and what is missing.
    pub evidence: Option<Paragraph>,
    /// The day.
    pub day: Date,
}

impl QualityReviewed {
    fn keeps_rules(&self) -> bool {
        self.evidence.is_some() || !self.rating.needs_evidence()
    }
}

/// Why something was not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlanningError {
    /// The device holds no such programme.
    #[error("no such programme")]
    NoProgramme,
    /// A good rating says nothing of how one knows.
    #[error("no evidence")]
    NoEvidence,
    /// Something in the evidence may tell who somebody is, and nobody has looked at it yet.
    #[error("the words may tell who somebody is")]
    Telling(Vec<String>),
    /// It stands like this already.
    #[error("nothing to change")]
    NothingToChange,
}

/// What was written of a programme's aims and of how it works.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Planning {
    story: Heads<StoryOfChangeWritten>,
    quality: BTreeMap<Principle, Heads<QualityReviewed>>,
}

impl Planning {
    pub(crate) fn insert_story(
        &mut self,
        stamp: Stamp,
        supersedes: &[EventId],
        story: StoryOfChangeWritten,
    ) {
        self.story.insert(stamp, supersedes, story);
    }

    pub(crate) fn insert_review(
        &mut self,
        stamp: Stamp,
        supersedes: &[EventId],
        reviewed: QualityReviewed,
    ) {
        let heads = self.quality.entry(reviewed.principle).or_default();
        heads.insert(stamp, supersedes, reviewed);
    }

    /// The Story of Change as it stands.
    pub fn story(&self) -> Option<&Head<StoryOfChangeWritten>> {
        let latest = self.story.latest();
        latest.filter(|head| !head.value.parts.is_empty())
    }

    /// The review of a principle as it stands.
    pub fn review(&self, principle: Principle) -> Option<&Head<QualityReviewed>> {
        self.quality.get(&principle).and_then(Heads::latest)
    }

    /// Every review, in the order of the principles.
    pub fn reviews(&self) -> impl Iterator<Item = &Head<QualityReviewed>> {
        self.quality.values().filter_map(Heads::latest)
    }
}

/// Writes the Story of Change, or writes it anew.
///
/// # Errors
/// [`PlanningError::NoProgramme`] and [`PlanningError::NothingToChange`].
pub fn write_story(
    records: &Records,
    programme: ProgrammeId,
    story: StoryOfChangeWritten,
) -> Result<Draft, PlanningError> {
    let delivery = delivery(records, programme)?;
    let heads = &delivery.planning.story;
    let stands = heads.latest().map(|head| &head.value);
    if stands.unwrap_or(&StoryOfChangeWritten::default()) == &story {
        return Err(PlanningError::NothingToChange);
    }
    Ok(Draft {
        stream: Stream::Delivery(programme),
        supersedes: heads.ids(),
        body: story.into(),
    })
}

/// Reviews a principle, or reviews it again. `looked_at` as in [`crate::stories::share_words`].
///
/// # Errors
/// See [`PlanningError`].
pub fn review_quality(
    records: &Records,
    programme: ProgrammeId,
    reviewed: QualityReviewed,
    looked_at: &[String],
) -> Result<Draft, PlanningError> {
    let delivery = delivery(records, programme)?;
    if !reviewed.keeps_rules() {
        return Err(PlanningError::NoEvidence);
    }
    if let Some(evidence) = &reviewed.evidence {
        not_looked_at(delivery, evidence.as_str(), looked_at).map_err(PlanningError::Telling)?;
    }
    let heads = delivery.planning.quality.get(&reviewed.principle);
    let stands = heads.and_then(Heads::latest).map(|head| &head.value);
    // A review that says the same on another day is a new one: somebody looked again.
    if stands == Some(&reviewed) {
        return Err(PlanningError::NothingToChange);
    }
    Ok(Draft {
        stream: Stream::Delivery(programme),
        supersedes: heads.map(Heads::ids).unwrap_or_default(),
        body: reviewed.into(),
    })
}

fn delivery(records: &Records, programme: ProgrammeId) -> Result<&Delivery, PlanningError> {
    records
        .delivery(programme)
        .ok_or(PlanningError::NoProgramme)
}
