//! What the events of concerns add up to, for whoever can open them.

use std::collections::BTreeMap;

use super::commands::place;
use super::{Concern, ConcernFollowed, ConcernRaised, FollowUp};
use crate::heads::Stamp;
use crate::ids::ConcernId;
use crate::vault::OpeningKey;

/// A concern as it is kept: sealed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConcernFile {
    raised: BTreeMap<crate::ids::EventId, (Stamp, ConcernRaised)>,
    followed: BTreeMap<crate::ids::EventId, (Stamp, ConcernFollowed)>,
}

/// Every concern that a device holds, sealed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Concerns {
    files: BTreeMap<ConcernId, ConcernFile>,
}

/// Something that was added to a concern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Who added it, and when.
    pub stamp: Stamp,
    /// What; `None` if this key does not open it.
    pub added: Option<FollowUp>,
}

/// A concern as the lead reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConcernRead {
    /// The concern.
    pub concern: ConcernId,
    /// Who raised it, and when.
    pub stamp: Stamp,
    /// What was said; `None` if this key does not open it.
    pub said: Option<Concern>,
    /// What was added, the oldest first.
    pub entries: Vec<Entry>,
}

impl ConcernRead {
    /// Whether it is closed. Nothing that is added later opens it again; a new worry is a new concern.
    pub fn is_closed(&self) -> bool {
        let closes = |entry: &Entry| matches!(entry.added, Some(FollowUp::Closed(_)));
        self.entries.iter().any(closes)
    }
}

impl Concerns {
    pub(crate) fn raise(&mut self, stamp: Stamp, raised: ConcernRaised) {
        let file = self.files.entry(raised.concern).or_default();
        let kept = file.raised.entry(stamp.id).or_insert((stamp, raised));
        kept.0.correct(stamp.at);
    }

    pub(crate) fn follow(&mut self, stamp: Stamp, followed: ConcernFollowed) {
        let file = self.files.entry(followed.concern).or_default();
        let kept = file.followed.entry(stamp.id).or_insert((stamp, followed));
        kept.0.correct(stamp.at);
    }

    /// How many concerns there are.
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// One concern, opened.
    pub fn opened(&self, concern: ConcernId, key: &OpeningKey) -> Option<ConcernRead> {
        let file = self.files.get(&concern)?;
        // Two tablets that drew one number both stand: the first is shown, the others as what was added.
        let (stamp, raised) = file
            .raised
            .values()
            .min_by_key(|(stamp, _)| (stamp.at, stamp.id))?;
        let said = key.open(&place(concern, true), &raised.sealed).ok();
        let mut entries: Vec<Entry> = file
            .followed
            .values()
            .map(|(stamp, followed)| {
                let opened = key.open(&place(concern, false), &followed.sealed).ok();
                Entry {
                    stamp: *stamp,
                    added: opened.and_then(|plain| FollowUp::from_bytes(&plain).ok()),
                }
            })
            .collect();
        entries.sort_by_key(|entry| (entry.stamp.at, entry.stamp.id));
        Some(ConcernRead {
            concern,
            stamp: *stamp,
            said: said.and_then(|plain| Concern::from_bytes(&plain).ok()),
            entries,
        })
    }

    /// Every concern, opened: the open ones first, and of these the newest.
    pub fn all_opened(&self, key: &OpeningKey) -> Vec<ConcernRead> {
        let read = self
            .files
            .keys()
            .filter_map(|concern| self.opened(*concern, key));
        let mut all: Vec<_> = read.collect();
        all.sort_by_key(|read| {
            (
                read.is_closed(),
                core::cmp::Reverse((read.stamp.at, read.stamp.id)),
            )
        });
        all
    }
}
