//! A small programme with two tablets, for the tests of the rules.

use crate::clock::{Date, Hlc, Instant, Month, TimeOfDay};
use crate::consent::{self, Answer, GivenBy, Method, Purpose};
use crate::evaluation::MeasureAnswered;
use crate::event::{Body, Draft, Event, check, decode_event, encode_event};
use crate::ids::{DeviceId, EventId, PersonId, ProgrammeId, ResponseId, SessionId};
use crate::language::Language;
use crate::measures::{Mode, Moment};
use crate::people::{Joined, PersonDetails, PersonRecorded};
use crate::programme::{ProgrammeOpened, SessionPlanned};
use crate::records::{Delivery, Records};
use crate::stream::Stream;
use crate::text::Text;

pub(crate) const PROGRAMME: ProgrammeId = ProgrammeId(100);
/// On 2 June.
pub(crate) const FIRST: SessionId = SessionId(201);
/// On 4 June.
pub(crate) const SECOND: SessionId = SessionId(202);
/// Enrolled from the first day on.
pub(crate) const ANN: PersonId = PersonId(301);
/// Enrolled from the first day on.
pub(crate) const BEA: PersonId = PersonId(302);
/// No such session, no such person.
pub(crate) const NOBODY: u64 = 999;

pub(crate) fn text<const MAX: usize>(typed: &str) -> Text<MAX> {
    Text::parse(typed).unwrap()
}

pub(crate) fn june(day: u8) -> Date {
    Date::from_calendar_date(2026, Month::June, day).unwrap()
}

pub(crate) fn time(hours: u16, minutes: u16) -> TimeOfDay {
    TimeOfDay::from_minutes(hours * 60 + minutes).unwrap()
}

pub(crate) fn details(name: &str) -> PersonDetails {
    PersonDetails {
        preferred_name: text(name),
        access: Vec::new(),
        access_note: None,
        agreed_support: None,
        emergency: None,
        supporter: None,
    }
}

pub(crate) fn enrolled(person: PersonId, name: &str) -> PersonRecorded {
    PersonRecorded {
        person,
        joined: Joined::Enrolled,
        from: june(2),
        until: None,
        details: details(name),
    }
}

/// Ann answered an instrument.
pub(crate) fn answered_ons4() -> MeasureAnswered {
    MeasureAnswered {
        response: ResponseId(1),
        person: ANN,
        moment: Moment::Baseline,
        session: Some(FIRST),
        instrument: text("ons4"),
        version: 1,
        language: Language::English,
        mode: Mode::Alone,
        day: june(2),
        time: time(10, 0),
        finished: true,
        replies: Vec::new(),
    }
}

fn session(session: SessionId, number: u16, day: u8) -> SessionPlanned {
    SessionPlanned {
        session,
        number,
        date: june(day),
        starts: time(10, 0),
        ends: time(15, 0),
        place: None,
    }
}

/// A tablet that records and hears what others recorded.
pub(crate) struct Tablet {
    device: DeviceId,
    clock: Hlc,
    /// The wall clock, in milliseconds. A test may set it wrong.
    pub(crate) now: u64,
    pub(crate) records: Records,
    log: Vec<Event>,
    heard: Vec<Event>,
}

impl Tablet {
    fn new(device: u32) -> Self {
        Self {
            device: DeviceId(device),
            clock: Hlc::ZERO,
            now: 1_000_000,
            records: Records::default(),
            log: Vec::new(),
            heard: Vec::new(),
        }
    }

    /// Records drafts, as the store does. Each passes the server's check and reads back from its bytes.
    pub(crate) fn keep<const N: usize>(&mut self, drafts: [Draft; N]) -> [EventId; N] {
        drafts.map(|draft| {
            let id = EventId {
                device: self.device,
                n: self.log.len() as u64 + 1,
            };
            self.now += 1;
            self.clock = self.clock.tick(Instant(self.now));
            let event = draft.place(id, self.clock, None);
            assert_eq!(check(&event), Ok(()));
            assert_eq!(decode_event(&encode_event(&event)).as_ref(), Ok(&event));
            self.records.apply(&event);
            self.log.push(event);
            id
        })
    }

    /// Records one thing.
    pub(crate) fn record(&mut self, draft: Draft) -> EventId {
        let [id] = self.keep([draft]);
        id
    }

    /// Records something that no command makes.
    pub(crate) fn record_body(&mut self, supersedes: &[EventId], body: impl Into<Body>) -> EventId {
        self.record(Draft {
            stream: Stream::Delivery(PROGRAMME),
            supersedes: supersedes.to_vec(),
            body: body.into(),
        })
    }

    /// Hears everything that another tablet knows.
    pub(crate) fn hear(&mut self, other: &Self) {
        for event in other.heard.iter().chain(&other.log) {
            self.records.apply(event);
            self.heard.push(event.clone());
        }
    }

    /// Somebody says whether their answers may be evaluated.
    pub(crate) fn agree(&mut self, person: PersonId, yes: bool) {
        let answer = Answer {
            yes,
            language: Language::English,
            method: Method::Ticked,
            given_by: GivenBy::Themselves,
            giver_name: None,
        };
        let purpose = Purpose::Evaluation;
        let draft = consent::record(&self.records, PROGRAMME, person, purpose, answer);
        self.record(draft.unwrap());
    }

    pub(crate) fn delivery(&self) -> &Delivery {
        self.records.delivery(PROGRAMME).unwrap()
    }
}

/// The two tablets hear of each other.
pub(crate) fn meet(one: &mut Tablet, other: &mut Tablet) {
    one.hear(other);
    other.hear(one);
    assert_eq!(one.records, other.records, "tablets that met agree");
}

/// Two tablets that hold the programme, two sessions, Ann and Bea.
pub(crate) fn two_tablets() -> (Tablet, Tablet) {
    let mut office = Tablet::new(1);
    let programme = ProgrammeOpened {
        programme: PROGRAMME,
        name: text("Castell Dig"),
        organisation: text("Wellfield"),
        site: text("Cae’r Castell"),
        first_day: june(2),
        last_day: june(30),
    };
    office.record_body(&[], programme);
    office.record_body(&[], session(FIRST, 1, 2));
    office.record_body(&[], session(SECOND, 2, 4));
    office.record_body(&[], enrolled(ANN, "Ann"));
    office.record_body(&[], enrolled(BEA, "bea"));
    let (mut one, mut other) = (Tablet::new(2), Tablet::new(3));
    one.hear(&office);
    other.hear(&office);
    (one, other)
}

/// One tablet that holds what [`two_tablets`] hold.
pub(crate) fn tablet() -> Tablet {
    two_tablets().0
}
