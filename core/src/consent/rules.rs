//! How entries become a status. Withdrawal wins; nothing here reads a clock.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use super::{ConsentRecorded, Decision, Purpose};
use crate::heads::{Head, Stamp};
use crate::ids::{EventId, PersonId};

/// How a purpose stands for a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Status<'a> {
    /// Nobody asked yet.
    NotAsked,
    /// Consented, and nothing forbids.
    Given(&'a Head<ConsentRecorded>),
    /// Refused, and no later consent names the refusal.
    Refused(&'a Head<ConsentRecorded>),
    /// Withdrawn, and no later consent names the withdrawal.
    Withdrawn(&'a Head<ConsentRecorded>),
}

impl<'a> Status<'a> {
    /// Whether the purpose may be acted on. Everything but a standing consent says no.
    pub fn permits(&self) -> bool {
        matches!(self, Self::Given(_))
    }

    /// The entry that decides, if there is one.
    pub fn entry(&self) -> Option<&'a Head<ConsentRecorded>> {
        match self {
            Self::NotAsked => None,
            Self::Given(head) | Self::Refused(head) | Self::Withdrawn(head) => Some(head),
        }
    }
}

/// How much a decision forbids: a withdrawal asks for more than a refusal.
const fn gravity(decision: Decision) -> u8 {
    match decision {
        Decision::Given | Decision::GivenAgain => 0,
        Decision::Refused => 1,
        Decision::Withdrawn => 2,
    }
}

/// Every entry about one purpose of one person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Entries {
    /// All of them, in the order of their events: the history is evidence and is never thinned.
    all: BTreeMap<EventId, Head<ConsentRecorded>>,
    /// Superseded by any entry. Removes consents.
    superseded: BTreeSet<EventId>,
    /// Named by an entry that may answer a "no": a consent given again, or another "no".
    answered: BTreeSet<EventId>,
}

impl Entries {
    fn insert(&mut self, stamp: Stamp, supersedes: &[EventId], value: ConsentRecorded) {
        let named = supersedes.iter().copied().filter(|id| *id != stamp.id);
        if value.decision != Decision::Given {
            self.answered.extend(named.clone());
        }
        self.superseded.extend(named);
        match self.all.entry(stamp.id) {
            Entry::Vacant(place) => {
                place.insert(Head { stamp, value });
            }
            Entry::Occupied(place) => {
                let known = place.into_mut();
                known.stamp.correct(stamp.at);
                // A tablet that was restored from an image gives a number out twice. Until somebody has
                // sorted that out, its "no" counts, whichever of the two this device heard of first.
                if gravity(value.decision) > gravity(known.value.decision) {
                    known.value = value;
                }
            }
        }
    }

    /// The standing refusals and withdrawals.
    fn forbidding(&self) -> impl Iterator<Item = &Head<ConsentRecorded>> {
        self.all
            .values()
            .filter(|head| head.value.decision.forbids() && !self.answered.contains(&head.stamp.id))
    }

    /// The standing consents.
    fn permitting(&self) -> impl Iterator<Item = &Head<ConsentRecorded>> {
        self.all.values().filter(|head| {
            !head.value.decision.forbids() && !self.superseded.contains(&head.stamp.id)
        })
    }

    fn status(&self) -> Status<'_> {
        let latest = |head: &&Head<ConsentRecorded>| (head.stamp.at, head.stamp.id);
        // A withdrawal asks for more than a refusal, so no clock may turn it into one.
        let gravest = |head: &&Head<ConsentRecorded>| {
            (head.value.decision == Decision::Withdrawn, latest(head))
        };
        if let Some(head) = self.forbidding().max_by_key(gravest) {
            return match head.value.decision {
                Decision::Withdrawn => Status::Withdrawn(head),
                _ => Status::Refused(head),
            };
        }
        match self.permitting().max_by_key(latest) {
            Some(head) => Status::Given(head),
            // Entries that answer each other in a circle can only be forged. They permit nothing.
            None => self
                .all
                .values()
                .next_back()
                .map_or(Status::NotAsked, Status::Refused),
        }
    }

    /// What a new entry has to name: everything that stands.
    fn standing_ids(&self) -> Vec<EventId> {
        self.forbidding()
            .chain(self.permitting())
            .map(|head| head.stamp.id)
            .collect()
    }
}

/// The consent ledger of a programme.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConsentLedger {
    entries: BTreeMap<PersonId, BTreeMap<Purpose, Entries>>,
}

impl ConsentLedger {
    pub(crate) fn insert(
        &mut self,
        stamp: Stamp,
        supersedes: &[EventId],
        recorded: ConsentRecorded,
    ) {
        self.entries
            .entry(recorded.person)
            .or_default()
            .entry(recorded.purpose)
            .or_default()
            .insert(stamp, supersedes, recorded);
    }

    fn entries(&self, person: PersonId, purpose: Purpose) -> Option<&Entries> {
        self.entries.get(&person)?.get(&purpose)
    }

    /// How a purpose stands for a person.
    pub fn status(&self, person: PersonId, purpose: Purpose) -> Status<'_> {
        self.entries(person, purpose)
            .map_or(Status::NotAsked, Entries::status)
    }

    /// Every entry about a purpose of a person, oldest first by the clocks.
    pub fn history(&self, person: PersonId, purpose: Purpose) -> Vec<&Head<ConsentRecorded>> {
        let mut history: Vec<_> = self
            .entries(person, purpose)
            .map(|e| e.all.values().collect())
            .unwrap_or_default();
        history.sort_by_key(|head: &&Head<ConsentRecorded>| (head.stamp.at, head.stamp.id));
        history
    }

    /// Every entry of the ledger with the events that it and others name as superseded.
    pub fn all(&self) -> impl Iterator<Item = &Head<ConsentRecorded>> {
        self.entries
            .values()
            .flat_map(BTreeMap::values)
            .flat_map(|entries| entries.all.values())
    }

    /// What a new entry about a purpose of a person has to name.
    pub fn standing_ids(&self, person: PersonId, purpose: Purpose) -> Vec<EventId> {
        self.entries(person, purpose)
            .map(Entries::standing_ids)
            .unwrap_or_default()
    }
}

/// What the register row says about photos.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PhotoPermission {
    /// Nobody asked about any use.
    NotAsked,
    /// No use is permitted.
    No,
    /// These uses are permitted, and no others.
    For(Vec<Purpose>),
    /// Every named use is permitted.
    All,
}

/// Sums up the photo purposes of a person. A use that was not asked about is not permitted.
pub fn photo_permission(ledger: &ConsentLedger, person: PersonId) -> PhotoPermission {
    let statuses: Vec<_> = Purpose::PHOTOS
        .iter()
        .map(|p| (*p, ledger.status(person, *p)))
        .collect();
    if statuses
        .iter()
        .all(|(_, status)| *status == Status::NotAsked)
    {
        return PhotoPermission::NotAsked;
    }
    let permitted: Vec<_> = statuses
        .iter()
        .filter(|(_, s)| s.permits())
        .map(|(p, _)| *p)
        .collect();
    match permitted.len() {
        0 => PhotoPermission::No,
        n if n == Purpose::PHOTOS.len() => PhotoPermission::All,
        _ => PhotoPermission::For(permitted),
    }
}
