//! What has to be known of a person before their answers may count.

use std::collections::BTreeMap;

use super::answer::When;
use crate::clock::{Date, TimeOfDay};
use crate::ids::PersonId;

/// The sessions that a person's course lies between.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Journey {
    /// The day of their first session.
    pub first: Date,
    /// When that session ended.
    pub first_ends: Option<TimeOfDay>,
    /// The day of their last session.
    pub last: Date,
}

/// Whether a person lets their answers be used in the evaluation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Consent {
    /// Consent is no matter of these records: somebody brought answers of their own.
    NotKeptHere,
    /// Never asked, or refused.
    Never,
    /// Given.
    Given {
        /// Since when.
        from: When,
    },
    /// Given once and withdrawn: nothing of the person's counts any more.
    Withdrawn {
        /// When.
        at: When,
    },
}

/// What has to be known of one person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Participant {
    /// Their consent to the evaluation.
    pub consent: Consent,
    /// Their course. Without one, moments are taken by their names alone.
    pub journey: Option<Journey>,
}

/// Whose answers are looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum People {
    /// Everybody who answered, without consents and courses: somebody's own file.
    WhoeverAnswered,
    /// These people, and nobody else.
    Listed(BTreeMap<PersonId, Participant>),
}

impl People {
    /// What is known of a person; `None` for somebody who is not among them.
    pub fn get(&self, person: PersonId) -> Option<Participant> {
        match self {
            Self::WhoeverAnswered => Some(Participant {
                consent: Consent::NotKeptHere,
                journey: None,
            }),
            Self::Listed(people) => people.get(&person).copied(),
        }
    }
}
