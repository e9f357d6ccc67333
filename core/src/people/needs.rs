//! Whether what somebody needs was there.
//!
//! A need that is written down and not met keeps people away as surely as one that nobody asked about.
//! Whoever runs the day says, need by need, whether it was in place; reports count barriers that were met
//! and that were not.

use std::collections::BTreeMap;

use super::AccessNeed;
use crate::event::Draft;
use crate::heads::{Head, Heads, Stamp};
use crate::ids::{EventId, PersonId, ProgrammeId};
use crate::records::Records;
use crate::stream::Stream;

coded_enum! {
    /// Whether what somebody needs is there.
    pub enum Met {
        /// It is there.
        Yes = 1,
        /// Some of it, or not always.
        Partly = 2,
        /// It is not there.
        No = 3,
    }
}

/// Somebody said whether what a person needs is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NeedSeenTo {
    /// Who needs it.
    pub person: PersonId,
    /// What.
    pub need: AccessNeed,
    /// Whether it is there.
    pub met: Met,
}

/// Why it was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NeedError {
    /// The tablet holds no such person.
    #[error("no such person")]
    NoPerson,
    /// The person has no such need.
    #[error("no such need")]
    NoNeed,
    /// It stands like this already.
    #[error("nothing to change")]
    NothingToChange,
}

/// Says whether what somebody needs is there.
///
/// # Errors
/// See [`NeedError`].
pub fn see_to(
    records: &Records,
    programme: ProgrammeId,
    seen: NeedSeenTo,
) -> Result<Draft, NeedError> {
    let delivery = records.delivery(programme).ok_or(NeedError::NoPerson)?;
    let recorded = delivery.person(seen.person).ok_or(NeedError::NoPerson)?;
    if !recorded.details.access.contains(&seen.need) {
        return Err(NeedError::NoNeed);
    }
    let heads = delivery.needs.heads(seen.person, seen.need);
    let standing = heads.map(Heads::standing);
    let agreed = standing
        .as_ref()
        .filter(|standing| !standing.needs_choice());
    let shown = agreed.and_then(|standing| standing.shown());
    if shown.is_some_and(|head| head.value == seen) {
        return Err(NeedError::NothingToChange);
    }
    Ok(Draft {
        stream: Stream::Delivery(programme),
        supersedes: heads.map(Heads::ids).unwrap_or_default(),
        body: seen.into(),
    })
}

/// Which needs were met.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NeedsMet {
    all: BTreeMap<(PersonId, AccessNeed), Heads<NeedSeenTo>>,
}

impl NeedsMet {
    pub(crate) fn insert(&mut self, stamp: Stamp, supersedes: &[EventId], seen: NeedSeenTo) {
        self.all
            .entry((seen.person, seen.need))
            .or_default()
            .insert(stamp, supersedes, seen);
    }

    fn heads(&self, person: PersonId, need: AccessNeed) -> Option<&Heads<NeedSeenTo>> {
        self.all.get(&(person, need))
    }

    /// Whether a need of somebody was met, once anybody said so. Where two say different things, the less
    /// favourable stands: a barrier is not gone because somebody did not see it.
    pub fn met(&self, person: PersonId, need: AccessNeed) -> Option<Met> {
        let heads = self.heads(person, need)?.heads().iter();
        heads.map(|head| head.value.met).max()
    }

    /// What was said of every need of everybody, the latest of each.
    pub fn all(&self) -> impl Iterator<Item = &Head<NeedSeenTo>> {
        self.all.values().filter_map(Heads::latest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::people::change_details;
    use crate::records::testing::{ANN, NOBODY, PROGRAMME, Tablet, details, meet, two_tablets};

    fn needing(tablet: &mut Tablet) {
        let mut changed = details("Ann");
        changed.access = vec![AccessNeed::Seating];
        let draft = change_details(&tablet.records, PROGRAMME, ANN, changed);
        tablet.record(draft.unwrap());
    }

    fn seen(met: Met) -> NeedSeenTo {
        NeedSeenTo {
            person: ANN,
            need: AccessNeed::Seating,
            met,
        }
    }

    #[test]
    fn whether_a_need_is_met_is_said_and_said_anew() {
        let (mut one, mut other) = two_tablets();
        needing(&mut one);
        meet(&mut one, &mut other);
        let met = |tablet: &Tablet| tablet.delivery().needs.met(ANN, AccessNeed::Seating);
        assert_eq!(met(&one), None);
        for met in [Met::No, Met::Yes] {
            let draft = see_to(&one.records, PROGRAMME, seen(met)).unwrap();
            one.record(draft);
        }
        assert_eq!(met(&one), Some(Met::Yes));
        let again = see_to(&one.records, PROGRAMME, seen(Met::Yes));
        assert_eq!(again.err(), Some(NeedError::NothingToChange));
        // Somebody who did not know of that saw no chair.
        let draft = see_to(&other.records, PROGRAMME, seen(Met::No)).unwrap();
        other.record(draft);
        meet(&mut one, &mut other);
        assert_eq!(met(&one), Some(Met::No));
        let draft = see_to(&one.records, PROGRAMME, seen(Met::Yes)).unwrap();
        one.record(draft);
        assert_eq!(
            met(&one),
            Some(Met::Yes),
            "whoever says so again settles it"
        );
    }

    #[test]
    fn a_need_that_nobody_has_is_not_met() {
        let (mut tablet, _) = two_tablets();
        let nobody = NeedSeenTo {
            person: PersonId(NOBODY),
            ..seen(Met::Yes)
        };
        let refused = |tablet: &Tablet, seen| see_to(&tablet.records, PROGRAMME, seen).err();
        assert_eq!(refused(&tablet, nobody), Some(NeedError::NoPerson));
        assert_eq!(refused(&tablet, seen(Met::Yes)), Some(NeedError::NoNeed));
        needing(&mut tablet);
        assert_eq!(refused(&tablet, seen(Met::Yes)), None);
    }
}
