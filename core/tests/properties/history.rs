//! Random histories.

use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::RngSeed;
use wellfield_core::attendance::{Absence, AttendanceMarked, Mark, Presence};
use wellfield_core::clock::{Date, Hlc, TimeOfDay};
use wellfield_core::consent::{ConsentRecorded, Decision, GivenBy, Method, Purpose, WordingRef};
use wellfield_core::event::{Body, Event, encode_event};
use wellfield_core::ids::{
    DeviceId, EventId, PersonId, ProgrammeId, ReferralId, ResponseId, SessionId, StaffId,
};
use wellfield_core::language::Language;
use wellfield_core::notes::SessionNoted;
use wellfield_core::people::{Joined, PersonDetails, PersonRecorded};
use wellfield_core::programme::SessionPlanned;
use wellfield_core::pulse::{Answers, Felt, PulseAnswered, PulseFlagSeen, Reply};
use wellfield_core::records::Records;
use wellfield_core::referral::{
    Answer, ContactWay, ReferralAnswered, ReferralReceived, SelfReferral,
};
use wellfield_core::set_aside::{Decision as SetAside, Original, SetAsideSettled, takeable};
use wellfield_core::staff::DeviceEnrolled;
use wellfield_core::stream::Stream;
use wellfield_core::text::Text;

pub(crate) const PROGRAMME: ProgrammeId = ProgrammeId(1);
pub(crate) const SESSION: SessionId = SessionId(1);
pub(crate) const PERSON: PersonId = PersonId(1);

/// The same cases in every run.
pub(crate) fn config(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        rng_seed: RngSeed::Fixed(0x5EED),
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

pub(crate) fn text<const MAX: usize>(typed: &str) -> Text<MAX> {
    Text::parse(typed).unwrap()
}

pub(crate) fn fold<'a>(events: impl IntoIterator<Item = &'a Event>) -> Records {
    let mut records = Records::default();
    for event in events {
        records.apply(event);
    }
    records
}

/// A clock that may be right, years off, or stuck.
pub(crate) fn any_clock() -> impl Strategy<Value = Hlc> {
    prop_oneof![
        4 => (0u64..1_000).prop_map(|ms| Hlc((1_780_000_000_000 + ms) << 16)),
        1 => Just(Hlc::ZERO),
        1 => Just(Hlc(u64::MAX)),
        1 => any::<u64>().prop_map(Hlc),
    ]
}

/// An event before it has its place: who, when, what it names of what came before, what.
type Loose = (u32, Hlc, Vec<Index>, bool, Body);

/// Gives every event its number, and makes it name earlier events of any device. Now and then one
/// names itself and an event that nobody recorded, as broken software might.
fn placed(loose: Vec<Loose>) -> Vec<Event> {
    let mut events: Vec<Event> = Vec::new();
    for (device, at, names, broken, body) in loose {
        let device = DeviceId(device);
        let n = 1 + events
            .iter()
            .filter(|event| event.id.device == device)
            .count() as u64;
        let id = EventId { device, n };
        let mut supersedes: Vec<_> = names
            .iter()
            .filter(|_| !events.is_empty())
            .map(|index| events[index.index(events.len())].id)
            .collect();
        if broken {
            supersedes.extend([id, EventId { device, n: n + 1 }]);
        }
        let stream = match body.room() {
            Some(wellfield_core::stream::Room::Casework) => Stream::Casework(PROGRAMME),
            _ => Stream::Delivery(PROGRAMME),
        };
        events.push(Event {
            id,
            at,
            stream,
            by: None,
            supersedes,
            body,
        });
    }
    events
}

/// A history of events of one sort of body, by up to four devices.
pub(crate) fn history_of(
    bodies: impl Strategy<Value = Body>,
    length: core::ops::Range<usize>,
) -> impl Strategy<Value = Vec<Event>> {
    let names = prop::collection::vec(any::<Index>(), 0..4);
    let broken = prop::bool::weighted(0.05);
    prop::collection::vec((2u32..6, any_clock(), names, broken, bodies), length).prop_map(placed)
}

pub(crate) fn any_mark() -> impl Strategy<Value = Mark> {
    let left = TimeOfDay::from_minutes(720);
    prop::sample::select(vec![
        Mark::Unmarked,
        Mark::HERE,
        Mark::Here(Presence { late: None, left }),
        Mark::NOT_HERE,
        Mark::NotHere {
            absence: Absence::Apologies,
            reason: None,
        },
    ])
}

pub(crate) fn marked(person: PersonId, mark: Mark) -> Body {
    AttendanceMarked {
        session: SESSION,
        person,
        mark,
        note: None,
    }
    .into()
}

pub(crate) fn consent(person: PersonId, purpose: Purpose, decision: Decision) -> Body {
    ConsentRecorded {
        person,
        purpose,
        decision,
        wording: wording(),
        method: Method::Ticked,
        given_by: GivenBy::Themselves,
        giver_name: None,
    }
    .into()
}

fn wording() -> WordingRef {
    WordingRef {
        version: 1,
        language: Language::English,
        sha256: [0; 32],
    }
}

pub(crate) fn any_decision() -> impl Strategy<Value = Decision> {
    prop::sample::select(Decision::ALL)
}

pub(crate) fn day() -> Date {
    Date::from_ordinal_date(2026, 160).unwrap()
}

pub(crate) fn person(person: PersonId, name: &str) -> Body {
    PersonRecorded {
        person,
        joined: Joined::Enrolled,
        from: day(),
        until: None,
        details: PersonDetails {
            preferred_name: text(name),
            access: Vec::new(),
            access_note: None,
            agreed_support: None,
            emergency: None,
            supporter: None,
        },
    }
    .into()
}

pub(crate) fn session(number: u16) -> Body {
    SessionPlanned {
        session: SESSION,
        number,
        date: day(),
        starts: TimeOfDay::from_minutes(600).unwrap(),
        ends: TimeOfDay::from_minutes(900).unwrap(),
        place: None,
    }
    .into()
}

fn pulse(response: u64, safe: Reply<Felt>) -> Body {
    PulseAnswered {
        response: ResponseId(response),
        session: SESSION,
        person: None,
        language: Language::Welsh,
        mode: None,
        finished: true,
        answers: Answers {
            safe,
            ..Answers::default()
        },
    }
    .into()
}

fn referral(number: u128, name: &str) -> Body {
    let form = SelfReferral {
        referral: ReferralId(number),
        name: text(name),
        contact_way: ContactWay::Email,
        contact: text("a@example.org"),
        access: Vec::new(),
        access_note: None,
        hopes: None,
        supporter: None,
        language: Language::English,
        agreed: wording(),
    };
    ReferralReceived {
        form,
        doubts: Vec::new(),
        referrer: None,
    }
    .into()
}

fn answered(number: u128, answer: Answer, name: &str) -> Body {
    let person = (answer == Answer::Joined).then_some(PersonId(1));
    let note = Some(text(name));
    let answered = ReferralAnswered::new(ReferralId(number), answer, person, note, day());
    answered.map_or_else(|| referral(number, name), Into::into)
}

fn device(staff: u64, name: &str) -> Body {
    DeviceEnrolled {
        device_name: text(name),
        staff: StaffId(staff),
        staff_name: text(name),
        role: wellfield_core::access::Role::Facilitator,
    }
    .into()
}

/// An event of a device whose records were set aside. What it says, when and what it names follows from
/// its number: there is one event of each.
pub(crate) fn set_aside(n: u64) -> Original {
    let device = DeviceId(30);
    let id = EventId { device, n };
    let body = match n % 5 {
        0 => marked(PERSON, Mark::HERE),
        1 => consent(PERSON, Purpose::Quote, Decision::Withdrawn),
        2 => person(PERSON, "Dai"),
        3 => pulse(1, Reply::Given(Felt::No)),
        _ => notes_of_a_loss(),
    };
    let earlier = |device| EventId {
        device: DeviceId(device),
        n: n.div_ceil(2),
    };
    let event = Event {
        id,
        at: Hlc((1_780_000_000_500 + n) << 16),
        stream: Stream::Delivery(PROGRAMME),
        by: None,
        supersedes: vec![earlier(2), earlier(3)],
        body,
    };
    takeable(id, event.stream, &encode_event(&event)).unwrap()
}

fn notes_of_a_loss() -> Body {
    SessionNoted {
        session: SESSION,
        text: Some(text("The blue tablet was lost")),
    }
    .into()
}

/// A decision about one of them.
fn decided(n: u64, what: u8) -> Body {
    let original = set_aside(n);
    SetAsideSettled {
        event: original.event().id,
        decision: match what {
            0 => SetAside::Open,
            1 => SetAside::LeftOut,
            _ => SetAside::TakenIn(original),
        },
    }
    .into()
}

/// A body of every sort, about few enough things that events meet.
pub(crate) fn any_body() -> impl Strategy<Value = Body> {
    let name = prop::sample::select(vec!["Ann", "Bea", "Cai"]);
    let few = 1u64..3;
    let felt = prop::sample::select(vec![Reply::Declined, Reply::Given(Felt::No)]);
    let purpose = prop::sample::select(vec![Purpose::Quote, Purpose::PhotoPress]);
    prop_oneof![
        4 => (few.clone(), any_mark()).prop_map(|(p, mark)| marked(PersonId(p), mark)),
        4 => (few.clone(), purpose, any_decision())
            .prop_map(|(p, purpose, decision)| consent(PersonId(p), purpose, decision)),
        1 => (few.clone(), name.clone()).prop_map(|(p, name)| person(PersonId(p), name)),
        1 => (1u16..4).prop_map(session),
        1 => (few.clone(), felt).prop_map(|(response, safe)| pulse(response, safe)),
        1 => few.clone().prop_map(|response| PulseFlagSeen {
            response: ResponseId(response),
            note: None,
        }.into()),
        1 => (few.clone(), name.clone()).prop_map(|(n, name)| referral(u128::from(n), name)),
        1 => (few.clone(), prop::sample::select(Answer::ALL), name.clone())
            .prop_map(|(n, answer, name)| answered(u128::from(n), answer, name)),
        1 => (few, name.clone()).prop_map(|(staff, name)| device(staff, name)),
        2 => (1u64..6, 0u8..3).prop_map(|(n, what)| decided(n, what)),
        1 => prop::option::of(name).prop_map(|typed| SessionNoted {
            session: SESSION,
            text: typed.map(text),
        }.into()),
    ]
}
