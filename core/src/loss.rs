//! What a lost device held, so that somebody can judge whom the loss may harm.
//!
//! A device holds what it could read and had received by its last contact, and what was recorded on it. The
//! list is of the most that it can have held: whether anybody can read it is another question (was it
//! locked, were words with it), which a person answers.

use std::collections::{BTreeMap, BTreeSet};

use crate::access::{Action, decide};
use crate::clock::Instant;
use crate::erasure::{Subject, subject_of};
use crate::event::{Body, Event};
use crate::ids::ProgrammeId;
use crate::records::Records;
use crate::stream::Room;
use crate::sync::server::DeviceStanding;

coded_enum! {
    /// What was held of somebody.
    pub enum Held {
        /// Their name, and what a facilitator knows of them.
        Details = 1,
        /// Whom to ring in an emergency, or who is responsible for their care: a name and a number.
        Contacts = 2,
        /// What helps them take part, what was agreed, whether it was there, and accidents: it is about
        /// health.
        Needs = 3,
        /// When they came, and why they did not.
        Attendance = 4,
        /// What they agreed to.
        Consents = 5,
        /// What they said of a session, and how they are.
        Answers = 6,
        /// How to reach them, and what they wrote when they referred themselves.
        Referral = 7,
        /// Where they went, words of theirs, their age, gender and ethnic group, and the like.
        Casework = 8,
    }
}

/// Somebody of whom a device held something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonHeld {
    /// Who.
    pub subject: Subject,
    /// What they are called; empty where nothing that was held says it.
    pub name: String,
    /// What was held.
    pub held: BTreeSet<Held>,
}

/// What a device held.
#[derive(Debug)]
pub struct Loss<'s> {
    standing: &'s DeviceStanding,
    last_contact: Option<Instant>,
    people: BTreeMap<(ProgrammeId, Subject), BTreeSet<Held>>,
    referrals: BTreeMap<Subject, String>,
    records: Records,
    counts: BTreeMap<ProgrammeId, u64>,
    notes: u64,
    concerns: u64,
}

impl<'s> Loss<'s> {
    /// Of this device, which was last in contact at this moment. Nothing was looked at yet.
    pub fn of(standing: &'s DeviceStanding, last_contact: Option<Instant>) -> Self {
        Self {
            standing,
            last_contact,
            people: BTreeMap::new(),
            referrals: BTreeMap::new(),
            records: Records::default(),
            counts: BTreeMap::new(),
            notes: 0,
            concerns: 0,
        }
    }

    /// Whether the device held a record that the server received at this moment.
    fn held(&self, event: &Event, received_at: Instant) -> bool {
        let own = event.id.device == self.standing.device;
        let mine = event
            .stream
            .programme()
            .is_none_or(|programme| self.standing.programmes.contains(&programme));
        // What a role may read now is what it might have read: that a device was taken out of use
        // meanwhile takes nothing from what is on it.
        let readable = mine
            && decide(
                self.standing.role.into(),
                Action::Read,
                event.stream.room().into(),
            );
        let came = self.last_contact.is_some_and(|last| received_at <= last);
        own || (readable && came)
    }

    /// Looks at a record.
    pub fn take(&mut self, event: &Event, received_at: Instant) {
        if !self.held(event, received_at) {
            return;
        }
        self.records.apply(event);
        if let Some(programme) = event.stream.programme() {
            *self.counts.entry(programme).or_default() += 1;
        }
        if event.stream.room() == Room::Safeguarding {
            self.concerns += u64::from(matches!(event.body, Body::ConcernRaised(_)));
            return;
        }
        if let Body::SessionNoted(noted) = &event.body {
            self.notes += u64::from(noted.text.is_some());
        }
        if let Body::ReferralReceived(received) = &event.body {
            let referral = Subject::Referral(received.form.referral);
            self.referrals
                .insert(referral, received.form.name.to_string());
        }
        let Some((programme, subject)) = event.stream.programme().zip(subject_of(event)) else {
            return;
        };
        let held = self.people.entry((programme, subject)).or_default();
        held.extend(what(&event.body));
    }

    /// Everybody in a programme of whom the device held something, by name.
    pub fn people(&self, programme: ProgrammeId) -> Vec<PersonHeld> {
        let delivery = self.records.delivery(programme);
        let of_programme = self.people.iter().filter(|((of, _), _)| *of == programme);
        let mut all: Vec<_> = of_programme
            .map(|((_, subject), held)| {
                let name = match subject {
                    Subject::Person(person) => delivery
                        .and_then(|delivery| delivery.person(*person))
                        .map(|recorded| recorded.details.preferred_name.to_string()),
                    Subject::Referral(_) => self.referrals.get(subject).cloned(),
                };
                PersonHeld {
                    subject: *subject,
                    name: name.unwrap_or_default(),
                    held: held.clone(),
                }
            })
            .collect();
        all.sort_by(|a, b| (&a.name, a.subject).cmp(&(&b.name, b.subject)));
        all
    }

    /// How many records of a programme it held.
    pub fn records(&self, programme: ProgrammeId) -> u64 {
        self.counts.get(&programme).copied().unwrap_or_default()
    }

    /// How many notes of sessions there were, in which anybody may be named.
    pub const fn notes(&self) -> u64 {
        self.notes
    }

    /// How many concerns were raised on it, or lay on it, sealed.
    pub const fn concerns(&self) -> u64 {
        self.concerns
    }
}

/// What a record about somebody tells of them.
fn what(body: &Body) -> Vec<Held> {
    match body {
        Body::PersonRecorded(recorded) => {
            let details = &recorded.details;
            let contacts = details.emergency.is_some() || details.supporter.is_some();
            let needs = !details.access.is_empty()
                || details.access_note.is_some()
                || details.agreed_support.is_some();
            let also = [(Held::Contacts, contacts), (Held::Needs, needs)];
            let also = also.into_iter().filter(|(_, there)| *there);
            core::iter::once(Held::Details)
                .chain(also.map(|(held, _)| held))
                .collect()
        }
        Body::NeedSeenTo(_) | Body::AccidentReported(_) => vec![Held::Needs],
        Body::AttendanceMarked(_) => vec![Held::Attendance],
        Body::ConsentRecorded(_) | Body::WithdrawalSeenTo(_) => vec![Held::Consents],
        Body::PulseAnswered(_)
        | Body::MeasuresAsked(_)
        | Body::MeasureAnswered(_)
        | Body::ScoredElsewhere(_) => vec![Held::Answers],
        Body::ReferralReceived(_) | Body::ReferralSorted(_) | Body::ReferralAnswered(_) => {
            vec![Held::Referral]
        }
        // Whatever else is about somebody, also of a kind that this version does not know, counts as what
        // could tell most.
        _ => vec![Held::Casework],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::Role;
    use crate::clock::Hlc;
    use crate::evaluation::{MeasuresAsked, Outcome, Questions};
    use crate::ids::{DeviceId, EventId, PersonId};
    use crate::measures::Moment;
    use crate::notes::SessionNoted;
    use crate::people::{AccessNeed, Contact};
    use crate::records::testing::{
        ANN, BEA, FIRST, PROGRAMME, answered_ons4, details, enrolled, text,
    };
    use crate::stream::Stream;

    const LOST: DeviceId = DeviceId(4);
    const LAST: Instant = Instant(1_000);
    const DELIVERY: Stream = Stream::Delivery(PROGRAMME);
    const CASEWORK: Stream = Stream::Casework(PROGRAMME);

    fn standing(role: Role) -> DeviceStanding {
        DeviceStanding {
            device: LOST,
            role,
            programmes: vec![PROGRAMME],
            max_n: 0,
            revoked: true,
        }
    }

    fn event(device: u32, n: u64, stream: Stream, body: impl Into<Body>) -> Event {
        Event {
            id: EventId {
                device: DeviceId(device),
                n,
            },
            at: Hlc::ZERO.tick(Instant(n)),
            stream,
            by: None,
            supersedes: Vec::new(),
            body: body.into(),
        }
    }

    fn asked(person: PersonId) -> MeasuresAsked {
        MeasuresAsked {
            person,
            moment: Moment::End,
            session: FIRST,
            outcome: Outcome::Finished,
            questions: Questions::Usual,
        }
    }

    fn held_of(loss: &Loss<'_>) -> Vec<(String, Vec<Held>)> {
        let people = loss.people(PROGRAMME).into_iter();
        people
            .map(|one| (one.name, one.held.into_iter().collect()))
            .collect()
    }

    #[test]
    fn it_held_what_it_could_read_and_had_received_and_what_was_recorded_on_it() {
        let facilitator = standing(Role::Facilitator);
        let mut loss = Loss::of(&facilitator, Some(LAST));
        loss.take(&event(1, 1, DELIVERY, enrolled(ANN, "Ann")), LAST);
        // What came to the server after the last contact is not on it, unless it was made there.
        loss.take(&event(1, 2, DELIVERY, enrolled(BEA, "Bea")), Instant(1_001));
        loss.take(&event(1, 3, DELIVERY, asked(ANN)), Instant(999));
        // A facilitator's tablet does not read casework, but for what was answered on it.
        loss.take(&event(1, 4, CASEWORK, answered_ons4()), LAST);
        let of_ann = ("Ann".to_owned(), vec![Held::Details, Held::Answers]);
        assert_eq!(held_of(&loss), [of_ann]);
        let on_it = answered_ons4();
        let whose = on_it.person;
        loss.take(&event(4, 1, CASEWORK, on_it), Instant(9_000));
        let subject = Subject::Person(whose);
        let people = loss.people(PROGRAMME);
        let one = people.iter().find(|one| one.subject == subject).unwrap();
        assert!(one.held.contains(&Held::Answers));
    }

    #[test]
    fn a_coordinators_device_held_casework_too_and_one_that_was_never_in_contact_its_own_alone() {
        let coordinator = standing(Role::Coordinator);
        for (last, expected) in [(Some(LAST), 1), (None, 0)] {
            let mut loss = Loss::of(&coordinator, last);
            loss.take(&event(1, 1, CASEWORK, answered_ons4()), LAST);
            assert_eq!(loss.people(PROGRAMME).len(), expected, "{last:?}");
        }
    }

    #[test]
    fn what_tells_of_health_and_of_others_is_named() {
        let coordinator = standing(Role::Coordinator);
        let mut loss = Loss::of(&coordinator, Some(LAST));
        let mut recorded = enrolled(ANN, "Ann");
        recorded.details = details("Ann");
        recorded.details.access = vec![AccessNeed::Seating];
        recorded.details.emergency = Some(Contact {
            name: text("Gwen"),
            relation: None,
            phone: text("01632 960 123"),
        });
        loss.take(&event(1, 1, DELIVERY, recorded), LAST);
        assert_eq!(loss.records(PROGRAMME), 1);
        let all = vec![Held::Details, Held::Contacts, Held::Needs];
        assert_eq!(held_of(&loss), [("Ann".to_owned(), all)]);
        let noted = SessionNoted {
            session: FIRST,
            text: Some(text("Ann was tired")),
        };
        loss.take(&event(1, 2, DELIVERY, noted), LAST);
        assert_eq!((loss.notes(), loss.concerns()), (1, 0));
    }
}
