//! What follows from a withdrawal (domain findings §7, "Withdrawal effects").
//!
//! What Wellfield does by itself it does at once: answers leave the figures, words leave the reports, the
//! register says "no photos". What lies outside Wellfield a person has to do, and until somebody says that it
//! is done it stands on a coordinator's list. Which withdrawal was seen to is said by its event, so that one
//! that comes later is not taken for it.

use std::collections::BTreeMap;

use super::{Purpose, Status};
use crate::clock::{Date, Hlc};
use crate::event::{Draft, NotOurs, recorded_v1};
use crate::heads::{Head, Heads, Stamp};
use crate::ids::{DeviceId, EventId, PersonId, ProgrammeId};
use crate::records::{Casework, Delivery, Records};
use crate::stream::Stream;
use crate::text::{Paragraph, Text};

/// What somebody has to do by hand once a consent was withdrawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ToDo {
    /// Without it their place cannot be run safely: talk with them.
    TalkWithThem,
    /// Tell whoever referred them that they hear no more.
    TellReferrer,
    /// Take their words from where they stand.
    TakeWordsDown,
    /// Take their photos from where they stand.
    TakePhotosDown,
    /// Take them off lists.
    StopContact,
}

impl Purpose {
    /// What is left to do by hand once this is withdrawn; nothing where Wellfield does all of it.
    pub const fn to_do(self) -> Option<ToDo> {
        match self {
            Self::HoldSupport => Some(ToDo::TalkWithThem),
            Self::TalkToReferrer => Some(ToDo::TellReferrer),
            // Their answers are in no figure any more, and they are not asked again.
            Self::Evaluation => None,
            Self::Quote => Some(ToDo::TakeWordsDown),
            Self::PhotoOwnRecords
            | Self::PhotoReports
            | Self::PhotoWebsite
            | Self::PhotoSocialMedia
            | Self::PhotoPress => Some(ToDo::TakePhotosDown),
            Self::ContactLater => Some(ToDo::StopContact),
        }
    }
}

/// A coordinator did what a withdrawal asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WithdrawalSeenTo {
    /// Whose withdrawal.
    pub person: PersonId,
    /// The event that withdrew.
    pub withdrawal: EventId,
    /// What was done.
    pub note: Option<Paragraph>,
    /// The day on which it was done.
    pub day: Date,
}

wire_map! {
    struct WithdrawalSeenToV1 {
        #[n(0)]
        person: u64,
        #[n(1)]
        device: u32,
        #[n(2)]
        n: u64,
        #[n(3)]
        note: Option<String>,
        #[n(4)]
        day: i32,
    }
}

recorded_v1!(WithdrawalSeenTo, WithdrawalSeenToV1, subject: |seen| Some(seen.person));

impl From<&WithdrawalSeenTo> for WithdrawalSeenToV1 {
    fn from(seen: &WithdrawalSeenTo) -> Self {
        Self {
            person: seen.person.0,
            device: seen.withdrawal.device.0,
            n: seen.withdrawal.n,
            note: seen.note.as_ref().map(ToString::to_string),
            day: seen.day.to_julian_day(),
        }
    }
}

impl TryFrom<WithdrawalSeenToV1> for WithdrawalSeenTo {
    type Error = NotOurs;

    fn try_from(wire: WithdrawalSeenToV1) -> Result<Self, NotOurs> {
        Ok(Self {
            person: PersonId(wire.person),
            withdrawal: EventId {
                device: DeviceId(wire.device),
                n: wire.n,
            },
            note: Text::from_wire(wire.note)?,
            day: Date::from_julian_day(wire.day).map_err(|_| NotOurs)?,
        })
    }
}

/// Which withdrawals were seen to, for whoever may read casework.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WithdrawalsSeenTo {
    all: BTreeMap<EventId, Heads<WithdrawalSeenTo>>,
}

impl WithdrawalsSeenTo {
    pub(crate) fn insert(&mut self, stamp: Stamp, supersedes: &[EventId], seen: WithdrawalSeenTo) {
        self.all
            .entry(seen.withdrawal)
            .or_default()
            .insert(stamp, supersedes, seen);
    }

    /// What was done about a withdrawal.
    pub fn of(&self, withdrawal: EventId) -> Option<&Head<WithdrawalSeenTo>> {
        self.all.get(&withdrawal)?.latest()
    }

    /// All that was done.
    pub fn all(&self) -> impl Iterator<Item = &Head<WithdrawalSeenTo>> {
        self.all.values().filter_map(Heads::latest)
    }
}

/// A withdrawal that stands and asks somebody to do something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Withdrawal {
    /// Who withdrew.
    pub person: PersonId,
    /// What they want to be called.
    pub name: String,
    /// What they withdrew.
    pub purpose: Purpose,
    /// What is to be done.
    pub to_do: ToDo,
    /// The event.
    pub event: EventId,
    /// When, by the clock of the device.
    pub at: Hlc,
    /// What was done, where somebody said that it is done.
    pub seen: Option<WithdrawalSeenTo>,
}

/// Every withdrawal that asks somebody to do something: first those that nobody has seen to, the oldest
/// first.
pub fn withdrawals(delivery: &Delivery, casework: Option<&Casework>) -> Vec<Withdrawal> {
    let mut all = Vec::new();
    for (person, recorded) in delivery.people() {
        for purpose in Purpose::ALL {
            let status = delivery.consent.status(person, *purpose);
            let (Some(to_do), Status::Withdrawn(head)) = (purpose.to_do(), status) else {
                continue;
            };
            let event = head.stamp.id;
            let seen = casework.and_then(|casework| casework.withdrawals.of(event));
            all.push(Withdrawal {
                person,
                name: recorded.details.preferred_name.to_string(),
                purpose: *purpose,
                to_do,
                event,
                at: head.stamp.at,
                seen: seen.map(|head| head.value.clone()),
            });
        }
    }
    all.sort_by_key(|one| (one.seen.is_some(), one.at, one.event));
    all
}

/// Why it was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WithdrawalError {
    /// This withdrawal does not stand, or asks for nothing.
    #[error("no such withdrawal stands")]
    NotHere,
    /// It stands like this already.
    #[error("nothing to change")]
    NothingToChange,
}

/// Says that what a withdrawal asks for is done.
///
/// # Errors
/// See [`WithdrawalError`].
pub fn see_to_withdrawal(
    records: &Records,
    programme: ProgrammeId,
    withdrawal: EventId,
    note: Option<Paragraph>,
    day: Date,
) -> Result<Draft, WithdrawalError> {
    let delivery = records
        .delivery(programme)
        .ok_or(WithdrawalError::NotHere)?;
    let casework = records.casework(programme);
    let stands = withdrawals(delivery, casework)
        .into_iter()
        .find(|one| one.event == withdrawal)
        .ok_or(WithdrawalError::NotHere)?;
    if stands.seen.is_some_and(|seen| seen.note == note) {
        return Err(WithdrawalError::NothingToChange);
    }
    let heads = casework.and_then(|casework| casework.withdrawals.all.get(&withdrawal));
    Ok(Draft {
        stream: Stream::Casework(programme),
        supersedes: heads.map(Heads::ids).unwrap_or_default(),
        body: WithdrawalSeenTo {
            person: stands.person,
            withdrawal,
            note,
            day,
        }
        .into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::consent::{Answer, GivenBy, Method, record};
    use crate::language::Language;
    use crate::records::testing::{ANN, BEA, PROGRAMME, Tablet, june, tablet, text};

    fn says(tablet: &mut Tablet, person: PersonId, purpose: Purpose, yes: bool) -> EventId {
        let answer = Answer {
            yes,
            language: Language::English,
            method: Method::Spoken,
            given_by: GivenBy::Themselves,
            giver_name: None,
        };
        let draft = record(&tablet.records, PROGRAMME, person, purpose, answer);
        tablet.record(draft.unwrap())
    }

    fn listed(tablet: &Tablet) -> Vec<(PersonId, Purpose, bool)> {
        let casework = tablet.records.casework(PROGRAMME);
        let all = withdrawals(tablet.delivery(), casework).into_iter();
        all.map(|one| (one.person, one.purpose, one.seen.is_some()))
            .collect()
    }

    fn see_to(tablet: &mut Tablet, withdrawal: EventId, note: &str) -> Result<(), WithdrawalError> {
        let note = Some(text(note));
        let draft = see_to_withdrawal(&tablet.records, PROGRAMME, withdrawal, note, june(3))?;
        tablet.record(draft);
        Ok(())
    }

    #[test]
    fn what_was_withdrawn_stands_on_the_list_until_somebody_saw_to_it() {
        let mut tablet = tablet();
        for (person, purpose) in [(ANN, Purpose::PhotoWebsite), (BEA, Purpose::ContactLater)] {
            says(&mut tablet, person, purpose, true);
        }
        assert_eq!(listed(&tablet), []);
        let photos = says(&mut tablet, ANN, Purpose::PhotoWebsite, false);
        says(&mut tablet, BEA, Purpose::ContactLater, false);
        let (of_ann, of_bea) = ((ANN, Purpose::PhotoWebsite), (BEA, Purpose::ContactLater));
        let with = |(person, purpose): (PersonId, Purpose), seen| (person, purpose, seen);
        assert_eq!(listed(&tablet), [with(of_ann, false), with(of_bea, false)]);
        assert_eq!(see_to(&mut tablet, photos, "Two taken down"), Ok(()));
        assert_eq!(listed(&tablet), [with(of_bea, false), with(of_ann, true)]);
        let again = see_to(&mut tablet, photos, "Two taken down");
        assert_eq!(again, Err(WithdrawalError::NothingToChange));
        assert_eq!(see_to(&mut tablet, photos, "Three taken down"), Ok(()));
        let casework = tablet.records.casework(PROGRAMME).unwrap();
        assert_eq!(casework.withdrawals.all().count(), 1);
    }

    #[test]
    fn what_is_given_again_asks_for_nothing_and_what_is_withdrawn_again_asks_again() {
        let mut tablet = tablet();
        says(&mut tablet, ANN, Purpose::Quote, true);
        let first = says(&mut tablet, ANN, Purpose::Quote, false);
        assert_eq!(see_to(&mut tablet, first, "Off the website"), Ok(()));
        says(&mut tablet, ANN, Purpose::Quote, true);
        assert_eq!(listed(&tablet), []);
        let gone = see_to(&mut tablet, first, "Off the leaflet");
        assert_eq!(gone, Err(WithdrawalError::NotHere));
        says(&mut tablet, ANN, Purpose::Quote, false);
        assert_eq!(listed(&tablet), [(ANN, Purpose::Quote, false)]);
    }

    #[test]
    fn a_no_from_the_beginning_asks_for_nothing_and_the_evaluation_does_it_all_by_itself() {
        let mut tablet = tablet();
        for purpose in Purpose::ALL {
            says(&mut tablet, ANN, *purpose, false);
        }
        assert_eq!(listed(&tablet), []);
        says(&mut tablet, BEA, Purpose::Evaluation, true);
        says(&mut tablet, BEA, Purpose::Evaluation, false);
        assert_eq!(listed(&tablet), []);
        let silent = Purpose::ALL
            .iter()
            .filter(|purpose| purpose.to_do().is_none());
        assert_eq!(silent.collect::<Vec<_>>(), [&Purpose::Evaluation]);
    }
}
