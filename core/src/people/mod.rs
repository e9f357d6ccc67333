//! People as a facilitator needs to know them on the day: the least that keeps them safe and
//! welcome. Why they were referred lies elsewhere ([`crate::referral`]).

mod commands;
mod needs;
#[cfg(test)]
mod tests;
pub(crate) mod wire;

use crate::clock::Date;
use crate::ids::PersonId;
use crate::text::{Line, Paragraph};

pub use commands::{AddError, add_walk_in, change_details, settle_details};
pub use needs::{Met, NeedError, NeedSeenTo, NeedsMet, see_to};

coded_enum! {
    /// What helps a person take part, as asked for and recorded (Accessible Information Standard).
    pub enum AccessNeed {
        /// No steps or rough ground.
        StepFree = 1,
        /// A seat, or a place to kneel with support.
        Seating = 2,
        /// Help with hearing: face them, a loop, or captions.
        Hearing = 3,
        /// Help with seeing: large print, good light.
        Sight = 4,
        /// Help with reading or writing.
        Reading = 5,
        /// An interpreter or another language.
        Language = 6,
        /// A quiet place to withdraw to.
        QuietSpace = 7,
        /// A toilet close by.
        Toilet = 8,
        /// Breaks when they need them.
        Breaks = 9,
        /// Clear steps, one at a time.
        ClearSteps = 10,
        /// A companion or support worker comes along.
        Companion = 11,
        /// An assistance dog.
        AssistanceDog = 12,
        /// Help with getting there.
        Transport = 13,
    }
}

coded_enum! {
    /// How somebody came onto the register.
    pub enum Joined {
        /// Enrolled beforehand.
        Enrolled = 1,
        /// Came to the gate and was added there.
        WalkIn = 2,
    }
}

/// Somebody to call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact {
    /// Their name.
    pub name: Line,
    /// Who they are to the person: daughter, link worker.
    pub relation: Option<Line>,
    /// Their telephone number.
    pub phone: Line,
}

/// What a facilitator knows of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonDetails {
    /// What they want to be called.
    pub preferred_name: Line,
    /// What helps them take part.
    pub access: Vec<AccessNeed>,
    /// More about that, in words.
    pub access_note: Option<Paragraph>,
    /// The support that was agreed at the start, and who gives it (guidance, "Expert support").
    pub agreed_support: Option<Paragraph>,
    /// Whom to call in an emergency.
    pub emergency: Option<Contact>,
    /// The link worker or health professional who holds responsibility for their care.
    pub supporter: Option<Contact>,
}

/// A person's day-to-day details were recorded or changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonRecorded {
    /// The person.
    pub person: PersonId,
    /// How they came onto the register.
    pub joined: Joined,
    /// The first day on which they are expected.
    pub from: Date,
    /// The last day on which they are expected, once they left.
    pub until: Option<Date>,
    /// What a facilitator knows of them.
    pub details: PersonDetails,
}

impl PersonRecorded {
    /// Whether somebody still has to ask the person for what safety needs.
    pub fn details_needed(&self) -> bool {
        self.details.emergency.is_none()
    }
}
