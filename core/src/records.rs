//! What the events add up to: the fold that every screen, report and export reads.
//!
//! Applying events in any order, any number of times, gives the same records. Events of one stream
//! never touch the records of another, so leaving a stream out cannot change what the rest says.

#[cfg(test)]
pub(crate) mod testing;

use std::collections::BTreeMap;

use crate::attendance::AttendanceRegister;
use crate::consent::ConsentLedger;
use crate::event::{Body, Event};
use crate::heads::{Heads, Stamp};
use crate::ids::{DeviceId, EventId, PersonId, ProgrammeId, SessionId, StaffId};
use crate::notes::SessionNoted;
use crate::offer::Offers;
use crate::people::PersonRecorded;
use crate::programme::{ProgrammeOpened, SessionPlanned};
use crate::pulse::Pulses;
use crate::referral::Referrals;
use crate::staff::DeviceEnrolled;
use crate::stream::Stream;

/// What a facilitator of one programme needs on the day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Delivery {
    programme: Heads<ProgrammeOpened>,
    sessions: BTreeMap<SessionId, Heads<SessionPlanned>>,
    people: BTreeMap<PersonId, Heads<PersonRecorded>>,
    notes: BTreeMap<SessionId, Heads<SessionNoted>>,
    devices: BTreeMap<DeviceId, Heads<DeviceEnrolled>>,
    staff: BTreeMap<StaffId, Heads<DeviceEnrolled>>,
    /// The register of every session.
    pub attendance: AttendanceRegister,
    /// Who consented to what.
    pub consent: ConsentLedger,
    /// How sessions were for participants.
    pub pulses: Pulses,
}

impl Delivery {
    fn apply(&mut self, event: &Event) {
        let stamp = event.stamp();
        let supersedes = event.supersedes.as_slice();
        match &event.body {
            Body::ProgrammeOpened(body) => self.programme.insert(stamp, supersedes, body.clone()),
            Body::SessionPlanned(body) => {
                self.sessions.entry(body.session).or_default().insert(
                    stamp,
                    supersedes,
                    body.clone(),
                );
            }
            Body::PersonRecorded(body) => {
                self.people
                    .entry(body.person)
                    .or_default()
                    .insert(stamp, supersedes, body.clone());
            }
            Body::AttendanceMarked(body) => self.attendance.insert(stamp, supersedes, body.clone()),
            Body::SessionNoted(body) => {
                self.notes
                    .entry(body.session)
                    .or_default()
                    .insert(stamp, supersedes, body.clone());
            }
            Body::ConsentRecorded(body) => self.consent.insert(stamp, supersedes, body.clone()),
            Body::PulseAnswered(body) => self.pulses.insert(stamp, supersedes, body.clone()),
            Body::PulseFlagSeen(body) => self.pulses.insert_seen(stamp, supersedes, body.clone()),
            Body::DeviceEnrolled(body) => self.introduce(stamp, supersedes, body),
            // These lie in other rooms. An event in the wrong room changes nothing.
            Body::ReferralReceived(_)
            | Body::ReferralSorted(_)
            | Body::OfferPublished(_)
            | Body::Unread(_) => {}
        }
    }

    fn introduce(&mut self, stamp: Stamp, supersedes: &[EventId], body: &DeviceEnrolled) {
        self.devices
            .entry(stamp.id.device)
            .or_default()
            .insert(stamp, supersedes, body.clone());
        self.staff
            .entry(body.staff)
            .or_default()
            .insert(stamp, supersedes, body.clone());
    }

    /// The programme.
    pub fn programme(&self) -> Option<&ProgrammeOpened> {
        self.programme.latest().map(|head| &head.value)
    }

    /// One session.
    pub fn session(&self, session: SessionId) -> Option<&SessionPlanned> {
        self.sessions
            .get(&session)?
            .latest()
            .map(|head| &head.value)
    }

    /// Every session, in no useful order; see [`crate::programme::sessions_in_order`].
    pub fn sessions(&self) -> impl Iterator<Item = &SessionPlanned> {
        self.sessions
            .values()
            .filter_map(Heads::latest)
            .map(|head| &head.value)
    }

    /// One person.
    pub fn person(&self, person: PersonId) -> Option<&PersonRecorded> {
        self.people.get(&person)?.latest().map(|head| &head.value)
    }

    /// The register value of one person's details.
    pub fn person_heads(&self, person: PersonId) -> Option<&Heads<PersonRecorded>> {
        self.people.get(&person)
    }

    /// Every person whose details two people changed without knowing of each other.
    pub fn people_to_check(&self) -> impl Iterator<Item = (PersonId, &Heads<PersonRecorded>)> {
        self.people
            .iter()
            .filter(|(_, heads)| heads.standing().needs_choice())
            .map(|(person, heads)| (*person, heads))
    }

    /// Every person.
    pub fn people(&self) -> impl Iterator<Item = (PersonId, &PersonRecorded)> {
        self.people
            .iter()
            .filter_map(|(person, heads)| Some((*person, &heads.latest()?.value)))
    }

    /// The notes of a session.
    pub fn notes(&self, session: SessionId) -> Option<&Heads<SessionNoted>> {
        self.notes.get(&session)
    }

    /// The notes of every session that has any.
    pub fn all_notes(&self) -> impl Iterator<Item = (SessionId, &Heads<SessionNoted>)> {
        self.notes.iter().map(|(session, heads)| (*session, heads))
    }

    /// The name of somebody who records, once it is known here.
    pub fn staff_name(&self, staff: StaffId) -> Option<&str> {
        Some(self.staff.get(&staff)?.latest()?.value.staff_name.as_str())
    }

    /// How a device introduced itself, once it is known here.
    pub fn device(&self, device: DeviceId) -> Option<&DeviceEnrolled> {
        self.devices.get(&device)?.latest().map(|head| &head.value)
    }
}

/// Referrals and what surrounds them, for one programme.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Casework {
    /// The referrals.
    pub referrals: Referrals,
}

impl Casework {
    fn apply(&mut self, event: &Event) {
        let stamp = event.stamp();
        let supersedes = event.supersedes.as_slice();
        match &event.body {
            Body::ReferralReceived(body) => self.referrals.insert(stamp, supersedes, body.clone()),
            Body::ReferralSorted(body) => self.referrals.insert_sorted(stamp, supersedes, *body),
            _ => {}
        }
    }
}

/// Everything that a device or server holds, as it stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Records {
    delivery: BTreeMap<ProgrammeId, Delivery>,
    casework: BTreeMap<ProgrammeId, Casework>,
    /// The published offers.
    pub offers: Offers,
}

impl Records {
    /// Takes an event in. Repeating it, or taking events in another order, changes nothing.
    pub fn apply(&mut self, event: &Event) {
        match event.stream {
            Stream::Delivery(programme) => self.delivery.entry(programme).or_default().apply(event),
            Stream::Casework(programme) => match event.body {
                Body::ReferralReceived(_) | Body::ReferralSorted(_) => {
                    self.casework.entry(programme).or_default().apply(event);
                }
                // An event in the wrong room changes nothing.
                _ => {}
            },
            Stream::Public => {
                if let Body::OfferPublished(body) = &event.body {
                    self.offers
                        .insert(event.stamp(), &event.supersedes, body.clone());
                }
            }
            Stream::Organisation | Stream::Safeguarding => {}
        }
    }

    /// What is known of a programme's days, if this device holds any of it.
    pub fn delivery(&self, programme: ProgrammeId) -> Option<&Delivery> {
        self.delivery.get(&programme)
    }

    /// What is known of a programme's referrals, if this device may hold any of it.
    pub fn casework(&self, programme: ProgrammeId) -> Option<&Casework> {
        self.casework.get(&programme)
    }

    /// Every programme that this device holds.
    pub fn programmes(&self) -> impl Iterator<Item = (ProgrammeId, &Delivery)> {
        self.delivery
            .iter()
            .map(|(programme, delivery)| (*programme, delivery))
    }
}
