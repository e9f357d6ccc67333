//! The cast as records: who they are, when they came and when they left.

use wellfield_core::ids::{EventId, PersonId};
use wellfield_core::people::{Contact, Joined, PersonDetails, PersonRecorded};
use wellfield_core::programme::SessionPlanned;
use wellfield_core::text::{Paragraph, Text};

use super::cast::{Asked, CAST, Call, Role, Stay};
use super::fixed;
use super::generator::{Generator, Part};
use super::log::Log;

/// One person of the sample with what was recorded about them.
#[derive(Clone, Debug)]
pub(super) struct Member {
    /// Their row in the cast.
    pub(super) role: Role,
    /// Their details as they stand now.
    pub(super) record: PersonRecorded,
    /// The event that holds the details as they stand now.
    event: EventId,
}

impl Member {
    /// Their identity.
    pub(super) fn id(&self) -> PersonId {
        self.record.person
    }

    /// Records their details anew, as the version that stands.
    fn change(&mut self, log: &mut Log, record: PersonRecorded) {
        self.event = log.delivery(vec![self.event], record.clone());
        self.record = record;
    }
}

/// Records everybody as they were on the day they joined.
pub(super) fn enrol(log: &mut Log, seed: u64, sessions: &[SessionPlanned]) -> Vec<Member> {
    let mut generator = Generator::new(seed, Part::People);
    CAST.iter()
        .filter_map(|role| {
            let record = first_record(role, PersonId(generator.next()), sessions)?;
            log.on_days_from(record.from, -days_before(&record));
            let event = log.delivery(Vec::new(), record.clone());
            Some(Member {
                role: *role,
                record,
                event,
            })
        })
        .collect()
}

/// Records what changed since: who left, and whose support information was cleared when they took
/// their consent back.
pub(super) fn change(log: &mut Log, members: &mut [Member], sessions: &[SessionPlanned]) {
    for member in members {
        let mut record = member.record.clone();
        if let Stay::LeftAfter(number) = member.role.stay {
            record.until = session(sessions, number).map(|session| session.date);
        }
        if member.role.asked == Asked::SupportTakenBack {
            record.details.access = Vec::new();
            record.details.access_note = None;
            record.details.agreed_support = None;
            record.details.supporter = None;
        }
        if record != member.record {
            match record.until {
                Some(until) => log.on(until),
                None => log.on_days_from(record.from, LATER),
            }
            member.change(log, record);
        }
    }
}

/// So many days after somebody came first, some think again.
pub(super) const LATER: i32 = 14;

/// So many days before they come first, people are enrolled; whoever walks in, on the day.
pub(super) fn days_before(record: &PersonRecorded) -> i32 {
    match record.joined {
        Joined::Enrolled => 7,
        Joined::WalkIn => 0,
    }
}

fn session(sessions: &[SessionPlanned], number: u16) -> Option<&SessionPlanned> {
    sessions.iter().find(|session| session.number == number)
}

fn first_record(
    role: &Role,
    person: PersonId,
    sessions: &[SessionPlanned],
) -> Option<PersonRecorded> {
    let (joined, number) = match role.stay {
        Stay::Throughout | Stay::LeftAfter(_) => (Joined::Enrolled, 1),
        Stay::JoinedAt(number) => (Joined::Enrolled, number),
        Stay::WalkedInAt(number) => (Joined::WalkIn, number),
    };
    Some(PersonRecorded {
        person,
        joined,
        from: session(sessions, number)?.date,
        until: None,
        details: PersonDetails {
            preferred_name: fixed(role.name),
            access: role.access.to_vec(),
            access_note: optional(role.access_note),
            agreed_support: optional(role.support),
            emergency: role.emergency.map(contact),
            supporter: role.supporter.map(contact),
        },
    })
}

fn optional(text: &str) -> Option<Paragraph> {
    Text::parse(text).ok()
}

fn contact((name, relation, phone): Call) -> Contact {
    Contact {
        name: fixed(name),
        relation: Some(fixed(relation)),
        phone: fixed(phone),
    }
}
