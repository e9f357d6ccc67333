//! Safeguarding: somebody is worried about a person, and the safeguarding lead alone reads why.
//!
//! What was seen or said is sealed on the tablet to the lead's key before it is saved
//! ([`crate::vault::SealingKey`]), so that neither the tablet, nor its user, nor the server or its
//! backups can read it again. A concern is added to or closed, and never edited (design §2). Who raised
//! it and when is not sealed: the event says it, as every event does.

mod commands;
mod rules;
mod wire;

#[cfg(test)]
mod tests;

pub use commands::{ConcernError, follow, name_lead, raise};
pub use rules::{ConcernFile, ConcernRead, Concerns, Entry};

use crate::ids::{ConcernId, PersonId, ProgrammeId};
use crate::text::{Line, Paragraph};
use crate::vault::SealingKey;

/// Who the safeguarding lead of a programme is, and what concerns are sealed with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeadNamed {
    /// Their name.
    pub name: Line,
    /// The number at which they are reached.
    pub phone: Line,
    /// What concerns are sealed with.
    pub key: SealingKey,
}

coded_enum! {
    /// What the person said to this being passed on.
    pub enum Sharing {
        /// They agreed.
        Agreed = 1,
        /// They did not agree.
        Refused = 2,
        /// They were not asked.
        NotAsked = 3,
    }
}

/// What somebody saw or was told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Concern {
    /// The programme.
    pub programme: ProgrammeId,
    /// The person, if they are one of the participants.
    pub person: Option<PersonId>,
    /// Who it is about, in words.
    pub about: Line,
    /// What was seen or said, in the person's own words.
    pub words: Paragraph,
    /// When it was.
    pub when: Line,
    /// Where it was.
    pub place: Line,
    /// What was done at once.
    pub action: Option<Paragraph>,
    /// Whether 999 was called.
    pub emergency_called: bool,
    /// Whom the facilitator told.
    pub told: Option<Line>,
    /// What the person said to this being passed on.
    pub sharing: Sharing,
    /// Why they did not agree or were not asked.
    pub sharing_reason: Option<Line>,
}

/// What the lead adds to a concern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FollowUp {
    /// What was learned or done.
    Note(Paragraph),
    /// What came of it.
    Outcome(Paragraph),
    /// It is closed, and why.
    Closed(Paragraph),
}

/// A concern was raised. What it says is sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConcernRaised {
    /// The concern.
    pub concern: ConcernId,
    /// The key that it was sealed with.
    pub sealed_with: SealingKey,
    /// A [`Concern`], sealed.
    pub sealed: Vec<u8>,
}

/// The lead added something to a concern. What it says is sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConcernFollowed {
    /// The concern.
    pub concern: ConcernId,
    /// The key that it was sealed with.
    pub sealed_with: SealingKey,
    /// A [`FollowUp`], sealed.
    pub sealed: Vec<u8>,
}
