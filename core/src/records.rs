//! What the events add up to: the fold that every screen, report and export reads.
//!
//! Applying events in any order, any number of times, gives the same records. Events of one stream
//! never touch the records of another, so leaving a stream out cannot change what the rest says.

#[cfg(test)]
pub(crate) mod testing;

use std::collections::BTreeMap;

use crate::accidents::Accidents;
use crate::attendance::AttendanceRegister;
use crate::consent::{ConsentLedger, WithdrawalsSeenTo};
use crate::evaluation::{Evaluation, Measured};
use crate::event::{Body, Event};
use crate::feedback::Feedback;
use crate::heads::{Heads, Stamp};
use crate::ids::{DeviceId, EventId, PersonId, ProgrammeId, SessionId, StaffId};
use crate::monitoring::Monitoring;
use crate::notes::SessionNoted;
use crate::offer::Offers;
use crate::onward::MovedOnRegister;
use crate::people::{NeedsMet, PersonRecorded};
use crate::planning::Planning;
use crate::programme::{ProgrammeOpened, SessionPlanned};
use crate::pulse::Pulses;
use crate::referral::Referrals;
use crate::reporting::GivenOut;
use crate::safeguarding::{Concerns, LeadNamed};
use crate::scored_elsewhere::ScoresElsewhere;
use crate::set_aside::{Decision, SetAsideSettled, SetAsides};
use crate::staff::DeviceEnrolled;
use crate::stories::Stories;
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
    leads: Heads<LeadNamed>,
    /// The register of every session.
    pub attendance: AttendanceRegister,
    /// Who consented to what.
    pub consent: ConsentLedger,
    /// How sessions were for participants.
    pub pulses: Pulses,
    /// Which needs were met.
    pub needs: NeedsMet,
    /// What came of what people said.
    pub feedback: Feedback,
    /// What the programme sets out to change, and how well it works.
    pub planning: Planning,
    /// What is evaluated, and who was asked.
    pub evaluation: Evaluation,
    /// What was decided about events that were set aside.
    pub set_aside: SetAsides,
}

impl Delivery {
    fn apply(&mut self, event: &Event) {
        self.take_in(event.stamp(), event);
    }

    /// Takes an event in under a stamp that may have a better time than the event itself.
    fn take_in(&mut self, stamp: Stamp, event: &Event) {
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
            Body::EvaluationPlanned(body) => {
                self.evaluation.insert_plan(stamp, supersedes, body.clone());
            }
            Body::MeasuresAsked(body) => self.evaluation.insert_asked(stamp, supersedes, *body),
            Body::StoryOfChangeWritten(body) => {
                self.planning.insert_story(stamp, supersedes, body.clone());
            }
            Body::QualityReviewed(body) => {
                self.planning.insert_review(stamp, supersedes, body.clone());
            }
            Body::NeedSeenTo(body) => self.needs.insert(stamp, supersedes, *body),
            Body::FeedbackActedOn(body) => self.feedback.insert(stamp, supersedes, body.clone()),
            Body::DeviceEnrolled(body) => self.introduce(stamp, supersedes, body),
            Body::LeadNamed(body) => self.leads.insert(stamp, supersedes, body.clone()),
            Body::SetAsideSettled(settled) => self.settle(stamp, event, settled),
            // These lie in other rooms. An event in the wrong room changes nothing.
            Body::ReferralReceived(_)
            | Body::ReferralSorted(_)
            | Body::ReferralAnswered(_)
            | Body::MeasureAnswered(_)
            | Body::MovedOn(_)
            | Body::WordsShared(_)
            | Body::MonitoringAnswered(_)
            | Body::AccidentReported(_)
            | Body::WithdrawalSeenTo(_)
            | Body::ReportGivenOut(_)
            | Body::ScoredElsewhere(_)
            | Body::OfferPublished(_)
            | Body::ConcernRaised(_)
            | Body::ConcernFollowed(_)
            | Body::Unread(_) => {}
            // What was erased is not known any more.
            Body::Erased(_) => {}
        }
    }

    /// Takes a decision in, and with it the record that it takes in. Nothing undoes that, so that the
    /// order in which decisions arrive changes nothing. A decision that breaks the rules, which a server
    /// sets aside, changes nothing either.
    fn settle(&mut self, stamp: Stamp, event: &Event, settled: &SetAsideSettled) {
        if !settled.may_lie_in(event.stream) {
            return;
        }
        self.set_aside
            .insert(stamp, &event.supersedes, settled.clone());
        if let Decision::TakenIn(original) = &settled.decision {
            let mut recorded = original.event().stamp();
            // It was recorded before somebody decided about it, whatever the device's clock said.
            recorded.correct(stamp.at);
            self.take_in(recorded, original.event());
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

    /// The safeguarding lead, once there is one. Two who became it without knowing of each other: the
    /// latest, until one of them is named again.
    pub fn lead(&self) -> Option<&LeadNamed> {
        self.leads.latest().map(|head| &head.value)
    }

    /// The register of who is the safeguarding lead.
    pub fn leads(&self) -> &Heads<LeadNamed> {
        &self.leads
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

    /// The name of everybody who records.
    pub fn staff_names(&self) -> impl Iterator<Item = &str> {
        let staff = self.staff.values().filter_map(Heads::latest);
        staff.map(|head| head.value.staff_name.as_str())
    }

    /// How a device introduced itself, once it is known here.
    pub fn device(&self, device: DeviceId) -> Option<&DeviceEnrolled> {
        self.devices.get(&device)?.latest().map(|head| &head.value)
    }
}

/// Referrals, answers to instruments and what surrounds them, for one programme.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Casework {
    /// The referrals.
    pub referrals: Referrals,
    /// What was answered to instruments.
    pub measured: Measured,
    /// Where people moved on to.
    pub onward: MovedOnRegister,
    /// Words that may be published.
    pub stories: Stories,
    /// What people said for equality monitoring.
    pub monitoring: Monitoring,
    /// Accidents and near misses.
    pub accidents: Accidents,
    /// Which withdrawals of consent were seen to.
    pub withdrawals: WithdrawalsSeenTo,
    /// Reports that were given out.
    pub given_out: GivenOut,
    /// Scores that were worked out elsewhere.
    pub elsewhere: ScoresElsewhere,
}

impl Casework {
    fn apply(&mut self, event: &Event) {
        let stamp = event.stamp();
        let supersedes = event.supersedes.as_slice();
        match &event.body {
            Body::ReferralReceived(body) => self.referrals.insert(stamp, supersedes, body.clone()),
            Body::ReferralSorted(body) => self.referrals.insert_sorted(stamp, supersedes, *body),
            Body::ReferralAnswered(body) => {
                self.referrals
                    .insert_answered(stamp, supersedes, body.clone());
            }
            Body::MeasureAnswered(body) => self.measured.insert(stamp, supersedes, body.clone()),
            Body::MovedOn(body) => self.onward.insert(stamp, supersedes, body.clone()),
            Body::WordsShared(body) => self.stories.insert(stamp, supersedes, body.clone()),
            Body::MonitoringAnswered(body) => {
                self.monitoring.insert(stamp, supersedes, body.clone());
            }
            Body::AccidentReported(body) => self.accidents.insert(stamp, supersedes, body.clone()),
            Body::WithdrawalSeenTo(body) => {
                self.withdrawals.insert(stamp, supersedes, body.clone());
            }
            Body::ReportGivenOut(body) => self.given_out.insert(stamp, supersedes, body.clone()),
            Body::ScoredElsewhere(body) => self.elsewhere.insert(stamp, supersedes, body.clone()),
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
    /// Safeguarding concerns, sealed.
    pub concerns: Concerns,
}

impl Records {
    /// Takes an event in. Repeating it, or taking events in another order, changes nothing.
    pub fn apply(&mut self, event: &Event) {
        match event.stream {
            Stream::Delivery(programme) => self.delivery.entry(programme).or_default().apply(event),
            Stream::Casework(programme) => match event.body {
                Body::ReferralReceived(_)
                | Body::ReferralSorted(_)
                | Body::ReferralAnswered(_)
                | Body::MeasureAnswered(_)
                | Body::MovedOn(_)
                | Body::WordsShared(_)
                | Body::MonitoringAnswered(_)
                | Body::AccidentReported(_)
                | Body::WithdrawalSeenTo(_)
                | Body::ReportGivenOut(_)
                | Body::ScoredElsewhere(_) => {
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
            Stream::Safeguarding => match &event.body {
                Body::ConcernRaised(body) => self.concerns.raise(event.stamp(), body.clone()),
                Body::ConcernFollowed(body) => self.concerns.follow(event.stamp(), body.clone()),
                _ => {}
            },
            Stream::Organisation => {}
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

    /// What is known of every programme's referrals.
    pub fn all_casework(&self) -> impl Iterator<Item = &Casework> {
        self.casework.values()
    }

    /// Every programme that this device holds.
    pub fn programmes(&self) -> impl Iterator<Item = (ProgrammeId, &Delivery)> {
        self.delivery
            .iter()
            .map(|(programme, delivery)| (*programme, delivery))
    }
}
