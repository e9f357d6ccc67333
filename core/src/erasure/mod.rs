//! Erasing somebody: which records are about them, and what stands in the place of such a record.
//!
//! A record that goes leaves its place behind. Places in a stream and in a device's log have no gaps, so a
//! record that says nothing ([`Erased`]) takes the place of the one that was there. Devices read a stream
//! in which something was erased afresh, and forget with that what is not in it any more.
//!
//! Who was erased is remembered as numbers that say nothing by themselves ([`Blind`]), so that what a tablet
//! brings months later is known for what it is, and so that a backup does not bring anybody back
//! ([`crate::restore::ledger`]).
//!
//! Not erased: concerns, which are sealed and which the safeguarding lead decides about, and what people
//! wrote about somebody in the notes of a session, which nobody but a person can find.

mod rules;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use minicbor::{Decode, Encode};
use sha2::{Digest, Sha256};

use crate::event::{NotOurs, recorded_v1};
use crate::ids::{PersonId, ReferralId};

pub use rules::{Finding, Findings, erased_in_place, one_somebody, subject_of, tombstone};

/// What stands in the place of a record that was erased. It says nothing, and changes nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Erased;

#[derive(Encode, Decode)]
#[cbor(map)]
struct ErasedV1 {}

recorded_v1!(Erased, ErasedV1);

impl From<&Erased> for ErasedV1 {
    fn from(_: &Erased) -> Self {
        Self {}
    }
}

impl TryFrom<ErasedV1> for Erased {
    type Error = NotOurs;

    fn try_from(_: ErasedV1) -> Result<Self, NotOurs> {
        Ok(Self)
    }
}

coded_enum! {
    /// What kind of somebody is erased, as the ledger has it.
    pub enum SubjectKind {
        /// Somebody on a programme's list of people.
        Person = 1,
        /// Somebody who filled in the form, of whom there is nothing but that.
        Referral = 2,
    }
}

/// Somebody who can be erased.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// Somebody on a programme's list of people.
    Person(PersonId),
    /// Somebody who filled in the form.
    Referral(ReferralId),
}

impl Subject {
    /// What kind of somebody.
    pub const fn kind(self) -> SubjectKind {
        match self {
            Self::Person(_) => SubjectKind::Person,
            Self::Referral(_) => SubjectKind::Referral,
        }
    }
}

/// Somebody as the ledger remembers them: a part of the fingerprint of their number. Who has a record finds
/// out whether it is about them; who has no record finds out nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Blind(pub u64);

impl Blind {
    /// How somebody is remembered.
    pub fn of(subject: Subject) -> Self {
        let mut hash = Sha256::new();
        hash.update(b"wellfield-erased-1");
        hash.update([subject.kind().code()]);
        match subject {
            Subject::Person(person) => hash.update(person.0.to_be_bytes()),
            Subject::Referral(referral) => hash.update(referral.0.to_be_bytes()),
        }
        let hash: [u8; 32] = hash.finalize().into();
        let [a, b, c, d, e, f, g, h, ..] = hash;
        Self(u64::from_be_bytes([a, b, c, d, e, f, g, h]))
    }
}

/// Everybody who was erased.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ErasedSubjects(BTreeSet<Blind>);

impl ErasedSubjects {
    /// Whether somebody was erased.
    pub fn has(&self, subject: Subject) -> bool {
        // Nobody in most places, and then no fingerprint is worked out for each record.
        !self.0.is_empty() && self.0.contains(&Blind::of(subject))
    }

    /// Whether nobody was.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How they are remembered, in a fixed order.
    pub fn blinds(&self) -> impl Iterator<Item = Blind> {
        self.0.iter().copied()
    }
}

impl FromIterator<Blind> for ErasedSubjects {
    fn from_iter<I: IntoIterator<Item = Blind>>(blinds: I) -> Self {
        Self(blinds.into_iter().collect())
    }
}

impl From<Subject> for ErasedSubjects {
    fn from(subject: Subject) -> Self {
        [Blind::of(subject)].into_iter().collect()
    }
}

impl FromIterator<Subject> for ErasedSubjects {
    fn from_iter<I: IntoIterator<Item = Subject>>(subjects: I) -> Self {
        subjects.into_iter().map(Blind::of).collect()
    }
}
