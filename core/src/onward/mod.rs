//! What people moved on to after their course.
//!
//! Projects end, and what comes after is part of the outcome (guidance; AMPHORA, "endings"). A coordinator
//! asks, usually on the telephone, and writes down where somebody went. It lies in casework: facilitators do
//! not need it on the day.

#[cfg(test)]
mod tests;
mod wire;

use std::collections::BTreeMap;

use crate::clock::Date;
use crate::event::Draft;
use crate::heads::{Head, Heads, Stamp};
use crate::ids::{EventId, PersonId, ProgrammeId};
use crate::records::{Casework, Delivery, Records};
use crate::stream::Stream;
use crate::text::Paragraph;

coded_enum! {
    /// Where somebody went.
    pub enum Onward {
        /// They come again: the next programme of this project.
        NextProgramme = 1,
        /// They volunteer.
        Volunteering = 2,
        /// Another group or club.
        AnotherGroup = 3,
        /// Archaeology, a museum or heritage elsewhere.
        Heritage = 4,
        /// A course or training.
        Learning = 5,
        /// Paid work.
        PaidWork = 6,
        /// Another service for their health or support.
        Support = 7,
        /// Nothing yet.
        NothingYet = 8,
        /// Nobody could reach them.
        NotReached = 9,
    }
}

impl Onward {
    /// Whether it stands alone: somebody who moved on to something did not move on to nothing.
    pub const fn stands_alone(self) -> bool {
        matches!(self, Self::NothingYet | Self::NotReached)
    }
}

/// Where somebody went after their course.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MovedOn {
    /// Who.
    pub person: PersonId,
    /// Where, each at most once, in the order of their numbers.
    pub to: Vec<Onward>,
    /// More about it.
    pub note: Option<Paragraph>,
    /// The day on which it was asked.
    pub day: Date,
}

impl MovedOn {
    fn keeps_rules(&self) -> bool {
        let in_order = self.to.windows(2).all(|pair| pair[0] < pair[1]);
        let alone = self.to.len() == 1 || !self.to.iter().any(|to| to.stands_alone());
        in_order && alone && !self.to.is_empty()
    }
}

/// Why it was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OnwardError {
    /// The device holds no such person.
    #[error("no such person")]
    NoPerson,
    /// Nothing was chosen.
    #[error("nothing chosen")]
    Nothing,
    /// "Nothing yet" or "not reached" together with something.
    #[error("something together with nothing")]
    Contradiction,
    /// It stands like this already.
    #[error("nothing to change")]
    NothingToChange,
}

/// Writes down where somebody went.
///
/// # Errors
/// See [`OnwardError`].
pub fn move_on(
    records: &Records,
    programme: ProgrammeId,
    mut moved: MovedOn,
) -> Result<Draft, OnwardError> {
    let delivery = records.delivery(programme).ok_or(OnwardError::NoPerson)?;
    delivery.person(moved.person).ok_or(OnwardError::NoPerson)?;
    moved.to.sort_unstable();
    moved.to.dedup();
    if moved.to.is_empty() {
        return Err(OnwardError::Nothing);
    }
    if !moved.keeps_rules() {
        return Err(OnwardError::Contradiction);
    }
    let casework = records.casework(programme);
    let heads = casework.and_then(|casework| casework.onward.all.get(&moved.person));
    let stands = heads.and_then(Heads::latest).map(|head| &head.value);
    if stands.is_some_and(|stands| stands.to == moved.to && stands.note == moved.note) {
        return Err(OnwardError::NothingToChange);
    }
    Ok(Draft {
        stream: Stream::Casework(programme),
        supersedes: heads.map(Heads::ids).unwrap_or_default(),
        body: moved.into(),
    })
}

/// Where everybody went, for whoever may read casework.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MovedOnRegister {
    all: BTreeMap<PersonId, Heads<MovedOn>>,
}

impl MovedOnRegister {
    pub(crate) fn insert(&mut self, stamp: Stamp, supersedes: &[EventId], moved: MovedOn) {
        self.all
            .entry(moved.person)
            .or_default()
            .insert(stamp, supersedes, moved);
    }

    /// Where somebody went.
    pub fn get(&self, person: PersonId) -> Option<&Head<MovedOn>> {
        self.all.get(&person)?.latest()
    }

    /// Where everybody went of whom it was written down.
    pub fn all(&self) -> impl Iterator<Item = &Head<MovedOn>> {
        self.all.values().filter_map(Heads::latest)
    }
}

/// Somebody of a programme, and where they went, once that was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OnwardLine {
    /// Who.
    pub person: PersonId,
    /// What they want to be called.
    pub name: String,
    /// Where they went; nothing where nobody asked.
    pub to: Vec<Onward>,
}

/// Everybody of a programme, by preferred name; first those who were not asked.
pub fn onward_list(delivery: &Delivery, casework: Option<&Casework>) -> Vec<OnwardLine> {
    let went = |person| casework.and_then(|casework| casework.onward.get(person));
    let mut all: Vec<_> = delivery
        .people()
        .map(|(person, recorded)| OnwardLine {
            person,
            name: recorded.details.preferred_name.to_string(),
            to: went(person).map_or_else(Vec::new, |head| head.value.to.clone()),
        })
        .collect();
    all.sort_by_key(|line| (!line.to.is_empty(), line.name.to_lowercase(), line.person));
    all
}
