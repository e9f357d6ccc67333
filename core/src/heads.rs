//! The register: a value, its history of supersession, and who disagrees.
//!
//! A record names the records it supersedes. The heads are the records that no known record
//! supersedes. One head is agreement; two different ones are two people who did not know of each
//! other, which is a fact about the records and not a guess from clocks. The set of heads depends
//! only on the set of records, so any order and any repetition of delivery gives the same register.

use std::collections::BTreeSet;

use crate::clock::Hlc;
use crate::ids::{EventId, StaffId};

/// Who recorded something, where and when: what "Check this" shows beside a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// The event.
    pub id: EventId,
    /// When, by the clocks; see [`crate::clock::Hlc`] for what it may decide.
    pub at: Hlc,
    /// The person who recorded, where a person did.
    pub by: Option<StaffId>,
}

impl Stamp {
    /// Takes the earlier of two times of one event. A record from a clock that runs ahead comes back
    /// from the server with the time at which it arrived there, which is the better one.
    pub(crate) fn correct(&mut self, at: Hlc) {
        self.at = self.at.min(at);
    }

    /// The order in which records are shown.
    pub(crate) fn display_order(&self) -> (Hlc, EventId) {
        (self.at, self.id)
    }
}

/// One head of a register.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head<V> {
    /// Who, where, when.
    pub stamp: Stamp,
    /// What.
    pub value: V,
}

/// A register as a screen shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing<'a, V> {
    /// Nothing was recorded.
    Unrecorded,
    /// One value stands, recorded once or several times alike.
    Agreed(&'a Head<V>),
    /// Different values stand. The latest is shown; a person has to choose.
    CheckThis {
        /// The latest by the clocks.
        shown: &'a Head<V>,
        /// The others that differ from it, latest first.
        others: Vec<&'a Head<V>>,
    },
}

impl<'a, V> Standing<'a, V> {
    /// The head that is shown, if anything was recorded.
    pub fn shown(&self) -> Option<&'a Head<V>> {
        match self {
            Self::Unrecorded => None,
            Self::Agreed(head) | Self::CheckThis { shown: head, .. } => Some(head),
        }
    }

    /// Every head that a person sees: the one that is shown, then those that differ from it.
    pub fn all(&self) -> impl Iterator<Item = &'a Head<V>> {
        let others: &[&'a Head<V>] = match self {
            Self::CheckThis { others, .. } => others,
            Self::Unrecorded | Self::Agreed(_) => &[],
        };
        self.shown().into_iter().chain(others.iter().copied())
    }

    /// Whether a person has to choose.
    pub fn needs_choice(&self) -> bool {
        matches!(self, Self::CheckThis { .. })
    }
}

/// A multi-value register: every head, and what is known to be superseded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heads<V> {
    /// Sorted by event, so that equal sets of records give equal registers.
    heads: Vec<Head<V>>,
    superseded: BTreeSet<EventId>,
}

impl<V> Default for Heads<V> {
    fn default() -> Self {
        Self {
            heads: Vec::new(),
            superseded: BTreeSet::new(),
        }
    }
}

impl<V> Heads<V> {
    /// Takes a record in. Repeating it, or taking records in another order, changes nothing.
    pub fn insert(&mut self, stamp: Stamp, supersedes: &[EventId], value: V) {
        for &id in supersedes {
            // A record that claims to supersede itself would vanish; the claim is ignored.
            if id != stamp.id && self.superseded.insert(id) {
                self.heads.retain(|head| head.stamp.id != id);
            }
        }
        if self.superseded.contains(&stamp.id) {
            return;
        }
        match self
            .heads
            .binary_search_by_key(&stamp.id, |head| head.stamp.id)
        {
            Ok(place) => self.heads[place].stamp.correct(stamp.at),
            Err(place) => {
                // Nearly every register has one head for ever, and a tablet holds as many registers as
                // marks. Left alone the vector takes room for four at once.
                self.heads.reserve_exact(1);
                self.heads.insert(place, Head { stamp, value });
            }
        }
    }

    /// Every head, in the order of their events.
    pub fn heads(&self) -> &[Head<V>] {
        &self.heads
    }

    /// The events that a new record on this register has to name.
    pub fn ids(&self) -> Vec<EventId> {
        self.heads.iter().map(|head| head.stamp.id).collect()
    }

    /// Whether nothing was ever recorded.
    pub fn is_untouched(&self) -> bool {
        self.heads.is_empty() && self.superseded.is_empty()
    }

    /// The latest head by the clocks.
    pub fn latest(&self) -> Option<&Head<V>> {
        self.heads
            .iter()
            .max_by_key(|head| head.stamp.display_order())
    }
}

impl<V: PartialEq> Heads<V> {
    /// How the register stands: equal heads are agreement, different ones need a person.
    pub fn standing(&self) -> Standing<'_, V> {
        let Some(shown) = self.latest() else {
            return Standing::Unrecorded;
        };
        // Nearly every register has one head, which need not be compared with itself.
        if self.heads.len() == 1 {
            return Standing::Agreed(shown);
        }
        let mut others: Vec<_> = self
            .heads
            .iter()
            .filter(|head| head.value != shown.value)
            .collect();
        if others.is_empty() {
            return Standing::Agreed(shown);
        }
        others.sort_by_key(|head| core::cmp::Reverse(head.stamp.display_order()));
        Standing::CheckThis { shown, others }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::DeviceId;
    use proptest::prelude::*;

    fn stamp(device: u32, n: u64) -> Stamp {
        Stamp {
            id: EventId {
                device: DeviceId(device),
                n,
            },
            at: Hlc(n),
            by: None,
        }
    }

    #[test]
    fn a_later_record_that_names_the_earlier_one_replaces_it() {
        let mut heads = Heads::default();
        heads.insert(stamp(2, 1), &[], "here");
        heads.insert(stamp(2, 2), &[stamp(2, 1).id], "not here");
        assert_eq!(
            heads.standing(),
            Standing::Agreed(&Head {
                stamp: stamp(2, 2),
                value: "not here"
            })
        );
    }

    #[test]
    fn two_who_did_not_know_of_each_other_are_both_kept() {
        let mut heads = Heads::default();
        heads.insert(stamp(2, 1), &[], "here");
        heads.insert(stamp(3, 2), &[], "not here");
        assert!(heads.standing().needs_choice());
        let said: Vec<_> = heads.standing().all().map(|head| head.value).collect();
        assert_eq!(
            said,
            ["not here", "here"],
            "the latest first, none left out"
        );
        heads.insert(stamp(4, 9), &heads.ids(), "here");
        assert!(!heads.standing().needs_choice());
    }

    #[test]
    fn two_who_agree_need_no_choice() {
        let mut heads = Heads::default();
        heads.insert(stamp(2, 1), &[], "here");
        heads.insert(stamp(3, 2), &[], "here");
        assert!(!heads.standing().needs_choice());
        assert_eq!(heads.standing().all().count(), 1, "they say one thing");
    }

    #[test]
    fn a_record_cannot_supersede_itself_away() {
        let mut heads = Heads::default();
        heads.insert(stamp(2, 1), &[stamp(2, 1).id], "here");
        assert_eq!(heads.heads().len(), 1);
    }

    /// Records by three devices, each superseding some of the records before it.
    fn histories() -> impl Strategy<Value = Vec<(Stamp, Vec<EventId>, u8)>> {
        prop::collection::vec(
            (
                1u32..4,
                0u8..3,
                prop::collection::vec(any::<prop::sample::Index>(), 0..3),
            ),
            1..12,
        )
        .prop_map(|rows| {
            let mut history: Vec<(Stamp, Vec<EventId>, u8)> = Vec::new();
            for (i, (device, value, picks)) in rows.into_iter().enumerate() {
                let supersedes = if history.is_empty() {
                    Vec::new()
                } else {
                    picks
                        .iter()
                        .map(|p| history[p.index(history.len())].0.id)
                        .collect()
                };
                history.push((stamp(device, i as u64 + 1), supersedes, value));
            }
            history
        })
    }

    fn fold(history: &[(Stamp, Vec<EventId>, u8)]) -> Heads<u8> {
        let mut heads = Heads::default();
        for (stamp, supersedes, value) in history {
            heads.insert(*stamp, supersedes, *value);
        }
        heads
    }

    proptest! {
        #[test]
        fn any_order_and_any_repetition_gives_the_same_register(
            history in histories(),
            order in prop::collection::vec(any::<prop::sample::Index>(), 0..40),
        ) {
            let whole = fold(&history);
            let mut shuffled: Vec<_> = order.iter().map(|i| history[i.index(history.len())].clone()).collect();
            shuffled.extend(history.iter().rev().cloned());
            prop_assert_eq!(fold(&shuffled), whole);
        }

        #[test]
        fn an_acyclic_history_always_keeps_a_head(history in histories()) {
            prop_assert!(!fold(&history).heads().is_empty());
        }
    }
}
