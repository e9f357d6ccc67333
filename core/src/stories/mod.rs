//! Participants' own words, for reports: quotes and stories.
//!
//! A quote is a sentence or two; a story is somebody's account of what changed for them. Both are somebody's
//! words and not their record: a coordinator chooses them, shortens them, takes names out, and only whoever
//! agreed to be quoted ([`Purpose::Quote`]) is quoted. A consent that is withdrawn takes the words out of
//! every report that is made after it. Nothing stands beside them: no age, no gender, no site
//! ([`crate::disclosure::quote_may_carry`]), and their order says nothing of whose they are.

mod telling;
#[cfg(test)]
mod tests;
mod wire;

use std::collections::BTreeMap;

use crate::clock::Date;
use crate::consent::Purpose;
use crate::evaluation::Period;
use crate::event::Draft;
use crate::heads::{Head, Heads, Stamp};
use crate::ids::{EventId, PersonId, ProgrammeId, StoryId};
use crate::pulse::Reply;
use crate::records::{Casework, Delivery, Records};
use crate::stream::Stream;
use crate::text::Paragraph;

pub use telling::{not_looked_at, telling};

coded_enum! {
    /// What the words are.
    pub enum Form {
        /// A sentence or two.
        Quote = 1,
        /// An account of what changed for somebody.
        Story = 2,
    }
}

/// Words that may be published, as long as whose they are agrees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WordsShared {
    /// These words.
    pub story: StoryId,
    /// Whose they are. It never leaves the coordinator's room.
    pub person: PersonId,
    /// What they are.
    pub form: Form,
    /// The day on which they were said or written.
    pub day: Date,
    /// The words as they may be published; `None` once they were taken back.
    pub text: Option<Paragraph>,
}

/// Why words were not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoryError {
    /// The device holds no such person.
    #[error("no such person")]
    NoPerson,
    /// Whose words they are has not agreed to be quoted, or does not any more.
    #[error("the person has not agreed to be quoted")]
    NoConsent,
    /// Something in them may tell who somebody is, and nobody has looked at it yet.
    #[error("the words may tell who somebody is")]
    Telling(Vec<String>),
    /// They stand like this already.
    #[error("nothing to change")]
    NothingToChange,
}

/// Shares words, or words in a new form. `looked_at` is what of them somebody has looked at and found to
/// tell nothing; see [`telling`].
///
/// # Errors
/// See [`StoryError`].
pub fn share_words(
    records: &Records,
    programme: ProgrammeId,
    shared: WordsShared,
    looked_at: &[String],
) -> Result<Draft, StoryError> {
    let delivery = records.delivery(programme).ok_or(StoryError::NoPerson)?;
    delivery.person(shared.person).ok_or(StoryError::NoPerson)?;
    if let Some(text) = &shared.text {
        if !may_be_quoted(delivery, shared.person) {
            return Err(StoryError::NoConsent);
        }
        not_looked_at(delivery, text.as_str(), looked_at).map_err(StoryError::Telling)?;
    }
    let casework = records.casework(programme);
    let heads = casework.and_then(|casework| casework.stories.all.get(&shared.story));
    let stands = heads.and_then(Heads::latest);
    if stands.is_some_and(|head| head.value == shared)
        || (stands.is_none() && shared.text.is_none())
    {
        return Err(StoryError::NothingToChange);
    }
    Ok(Draft {
        stream: Stream::Casework(programme),
        supersedes: heads.map(Heads::ids).unwrap_or_default(),
        body: shared.into(),
    })
}

/// Takes words back, so that no report shows them any more.
///
/// # Errors
/// See [`StoryError`].
pub fn take_back(
    records: &Records,
    programme: ProgrammeId,
    story: StoryId,
) -> Result<Draft, StoryError> {
    let casework = records.casework(programme);
    let stands = casework.and_then(|casework| casework.stories.get(story));
    let stands = stands.ok_or(StoryError::NothingToChange)?;
    let none = WordsShared {
        text: None,
        ..stands.value.clone()
    };
    share_words(records, programme, none, &[])
}

/// Whether somebody agrees to be quoted without their name.
pub fn may_be_quoted(delivery: &Delivery, person: PersonId) -> bool {
    delivery.consent.status(person, Purpose::Quote).permits()
}

/// Every set of words that was shared, for whoever may read casework.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stories {
    all: BTreeMap<StoryId, Heads<WordsShared>>,
}

impl Stories {
    pub(crate) fn insert(&mut self, stamp: Stamp, supersedes: &[EventId], shared: WordsShared) {
        self.all
            .entry(shared.story)
            .or_default()
            .insert(stamp, supersedes, shared);
    }

    /// Some words as they stand. Where one of two who did not know of each other took them back, they are
    /// taken back.
    pub fn get(&self, story: StoryId) -> Option<&Head<WordsShared>> {
        let heads = self.all.get(&story)?;
        let taken_back = heads.heads().iter().find(|head| head.value.text.is_none());
        taken_back.or(heads.latest())
    }

    /// Every set of words, those that were taken back too.
    pub fn all(&self) -> impl Iterator<Item = &Head<WordsShared>> {
        self.all.keys().filter_map(|story| self.get(*story))
    }
}

/// Words as a report shows them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    /// What they are.
    pub form: Form,
    /// The words.
    pub text: Paragraph,
}

/// What may be published of a stretch of days: stories first, then quotes, in an order that says nothing of
/// whose they are.
pub fn published(
    delivery: &Delivery,
    casework: Option<&Casework>,
    period: Period,
) -> Vec<Published> {
    let all = casework
        .into_iter()
        .flat_map(|casework| casework.stories.all());
    let mut published: Vec<_> = all
        .map(|head| &head.value)
        .filter(|shared| period.holds(shared.day) && may_be_quoted(delivery, shared.person))
        .filter_map(|shared| {
            Some(Published {
                form: shared.form,
                text: shared.text.clone()?,
            })
        })
        .collect();
    // Their numbers are random, and so is the order within each form.
    published.sort_by_key(|one| core::cmp::Reverse(one.form));
    published
}

/// Everybody who agrees to be quoted, by preferred name.
pub fn quotable(delivery: &Delivery) -> Vec<(PersonId, String)> {
    let mut all: Vec<_> = delivery
        .people()
        .filter(|(person, _)| may_be_quoted(delivery, *person))
        .map(|(person, recorded)| (person, recorded.details.preferred_name.to_string()))
        .collect();
    all.sort_by_key(|(person, name)| (name.to_lowercase(), *person));
    all
}

/// Something that a participant wrote and that may be quoted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Who wrote it.
    pub person: PersonId,
    /// The day of the session.
    pub day: Date,
    /// What they wrote.
    pub text: Paragraph,
}

/// What participants who agreed to be quoted wrote was good about a session, latest first, without what was
/// shared word for word already.
pub fn candidates(delivery: &Delivery, casework: Option<&Casework>) -> Vec<Candidate> {
    let shared: Vec<_> = casework
        .into_iter()
        .flat_map(|casework| casework.stories.all())
        .filter_map(|head| head.value.text.as_ref())
        .collect();
    let mut all: Vec<_> = delivery
        .pulses
        .all()
        .into_iter()
        .filter_map(|view| {
            let answered = &view.head.value;
            let person = answered
                .person
                .filter(|who| may_be_quoted(delivery, *who))?;
            let Reply::Given(text) = &answered.answers.good else {
                return None;
            };
            Some(Candidate {
                person,
                day: delivery.session(answered.session)?.date,
                text: text.clone(),
            })
        })
        .filter(|candidate| !shared.contains(&&candidate.text))
        .collect();
    all.sort_by_key(|candidate| core::cmp::Reverse(candidate.day));
    all
}
