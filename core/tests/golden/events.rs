//! Fixed events of every kind, at their least and at their fullest.

use minicbor::Decoder;
use wellfield_core::access::Role;
use wellfield_core::attendance::{Absence, AttendanceMarked, Mark, Presence};
use wellfield_core::clock::{Date, Hlc, Month, TimeOfDay};
use wellfield_core::consent::{ConsentRecorded, Decision, GivenBy, Method, Purpose, WordingRef};
use wellfield_core::erasure::Erased;
use wellfield_core::event::{Body, Event, Kind, Unread, UnreadBody, decode_event, encode_event};
use wellfield_core::ids::{
    AccountId, ConcernId, DeviceId, EventId, PersonId, ProgrammeId, ReferralId, ResponseId,
    SessionId, StaffId,
};
use wellfield_core::language::Language;
use wellfield_core::measures::Mode;
use wellfield_core::notes::SessionNoted;
use wellfield_core::offer::{OfferPublished, OfferText};
use wellfield_core::people::{AccessNeed, Contact, Joined, PersonDetails, PersonRecorded};
use wellfield_core::programme::{ProgrammeOpened, SessionPlanned};
use wellfield_core::pulse::{Answers, Day, Felt, PulseAnswered, PulseFlagSeen, Reply};
use wellfield_core::referral::{
    Answer, ContactWay, Doubt, ReferralAnswered, ReferralReceived, ReferralSorted, Referrer,
    SelfReferral, Tray,
};
use wellfield_core::safeguarding::{ConcernFollowed, ConcernRaised, LeadNamed};
use wellfield_core::set_aside::{Decision as SetAside, SetAsideSettled, takeable};
use wellfield_core::staff::DeviceEnrolled;
use wellfield_core::stream::{Room, Stream};
use wellfield_core::text::{Line, Paragraph, Text};
use wellfield_core::vault::SealingKey;

use super::fixture::Case;
use super::{evaluation, outcomes};

/// The key of the body in the envelope.
pub(crate) const EVENT_BODY_KEY: u64 = 9;

const PROGRAMME: ProgrammeId = ProgrammeId(0x0123_4567_89AB_CDEF);
const SESSION: SessionId = SessionId(0x1111_2222_3333_4444);
const PERSON: PersonId = PersonId(0xFEDC_BA98_7654_3210);

fn text<const MAX: usize>(typed: &str) -> Text<MAX> {
    Text::parse(typed).unwrap()
}

fn day(year: i32, month: Month, day: u8) -> Date {
    Date::from_calendar_date(year, month, day).unwrap()
}

fn stream_of(body: &Body) -> Stream {
    match body.room().unwrap_or(Room::Delivery) {
        Room::Public => Stream::Public,
        Room::Organisation => Stream::Organisation,
        Room::Safeguarding => Stream::Safeguarding,
        Room::Delivery => Stream::Delivery(PROGRAMME),
        Room::Casework => Stream::Casework(PROGRAMME),
    }
}

fn bare_envelope(body: impl Into<Body>) -> Event {
    let body = body.into();
    Event {
        id: EventId {
            device: DeviceId(1),
            n: 1,
        },
        at: Hlc::ZERO,
        stream: stream_of(&body),
        by: None,
        supersedes: Vec::new(),
        body,
    }
}

/// An envelope with every field, and every number too large for a byte.
pub(crate) fn full_envelope(body: impl Into<Body>) -> Event {
    let id = |device, n| EventId {
        device: DeviceId(device),
        n,
    };
    Event {
        id: id(70_000, 5_000_000_000),
        at: Hlc((1_780_000_000_000 << 16) | 3),
        by: Some(StaffId(0xABCD_EF01_2345_6789)),
        supersedes: vec![id(2, 7), id(u32::MAX, u64::MAX)],
        ..bare_envelope(body)
    }
}

/// The bytes of an event's body.
pub(crate) fn body_bytes(event: &Event) -> Vec<u8> {
    let bytes = encode_event(event);
    let mut decoder = Decoder::new(&bytes);
    for _ in 0..decoder.map().unwrap().unwrap() {
        if decoder.u64().unwrap() == EVENT_BODY_KEY {
            return decoder.bytes().unwrap().to_vec();
        }
        decoder.skip().unwrap();
    }
    panic!("an event without a body");
}

/// The name of a kind in the fixtures. A kind that is added has to be named here, and so has to have
/// fixtures of its own.
fn kind_name(body: &Body) -> &'static str {
    match body {
        Body::ProgrammeOpened(_) => "programme-opened",
        Body::SessionPlanned(_) => "session-planned",
        Body::EvaluationPlanned(_) => "evaluation-planned",
        Body::StoryOfChangeWritten(_) => "story-of-change-written",
        Body::QualityReviewed(_) => "quality-reviewed",
        Body::PersonRecorded(_) => "person-recorded",
        Body::NeedSeenTo(_) => "need-seen-to",
        Body::AttendanceMarked(_) => "attendance-marked",
        Body::SessionNoted(_) => "session-noted",
        Body::ConsentRecorded(_) => "consent-recorded",
        Body::PulseAnswered(_) => "pulse-answered",
        Body::PulseFlagSeen(_) => "pulse-flag-seen",
        Body::MeasuresAsked(_) => "measures-asked",
        Body::FeedbackActedOn(_) => "feedback-acted-on",
        Body::DeviceEnrolled(_) => "device-enrolled",
        Body::SetAsideSettled(_) => "set-aside-settled",
        Body::LeadNamed(_) => "lead-named",
        Body::ReferralReceived(_) => "referral-received",
        Body::ReferralSorted(_) => "referral-sorted",
        Body::ReferralAnswered(_) => "referral-answered",
        Body::MeasureAnswered(_) => "measure-answered",
        Body::MovedOn(_) => "moved-on",
        Body::WordsShared(_) => "words-shared",
        Body::MonitoringAnswered(_) => "monitoring-answered",
        Body::AccidentReported(_) => "accident-reported",
        Body::WithdrawalSeenTo(_) => "withdrawal-seen-to",
        Body::ReportGivenOut(_) => "report-given-out",
        Body::ScoredElsewhere(_) => "scored-elsewhere",
        Body::OfferPublished(_) => "offer-published",
        Body::ConcernRaised(_) => "concern-raised",
        Body::ConcernFollowed(_) => "concern-followed",
        Body::Erased(_) => "erased",
        Body::Unread(_) => "unknown",
    }
}

/// Every event that has a fixture, with its name.
pub(crate) fn all() -> Vec<(String, Event)> {
    let named = |variant: &str, event: Event| {
        let Kind(kind) = event.body.kind();
        let (name, version) = (kind_name(&event.body), event.body.version());
        (
            format!("event-{kind:04}-v{version}-{name}-{variant}"),
            event,
        )
    };
    let mut all: Vec<_> = [bare_bodies(), evaluation::bare(), outcomes::bare()]
        .into_iter()
        .flatten()
        .map(|(variant, body)| named(variant, bare_envelope(body)))
        .collect();
    all.extend(
        [full_bodies(), evaluation::full(), outcomes::full()]
            .into_iter()
            .flatten()
            .map(|(variant, body)| named(variant, full_envelope(body))),
    );
    all
}

pub(crate) fn cases() -> Vec<Case> {
    let case = |(name, event): (String, Event)| Case {
        name,
        bytes: encode_event(&event),
        reads_back: Box::new(move |bytes| decode_event(bytes).as_ref() == Ok(&event)),
        rewrite: |bytes| decode_event(bytes).ok().map(|event| encode_event(&event)),
    };
    all().into_iter().map(case).collect()
}

#[test]
fn every_kind_has_a_least_and_a_full_event() {
    let kinds = |bodies: [Vec<(&str, Body)>; 3]| -> std::collections::BTreeSet<Kind> {
        let bodies = bodies.iter().flatten();
        bodies.map(|(_, body)| body.kind()).collect()
    };
    let bare = kinds([bare_bodies(), evaluation::bare(), outcomes::bare()]);
    let full = kinds([full_bodies(), evaluation::full(), outcomes::full()]);
    assert_eq!(bare, full);
    let numbers = [
        1, 10, 11, 12, 13, 14, 20, 21, 30, 31, 40, 50, 51, 52, 53, 60, 61, 62, 70, 71, 72, 73, 74,
        75, 76, 77, 78, 79, 80, 90, 91, 100, 9_999,
    ];
    assert_eq!(
        bare.into_iter().map(|kind| kind.0).collect::<Vec<_>>(),
        numbers
    );
}

fn bare_bodies() -> Vec<(&'static str, Body)> {
    vec![
        ("bare", programme().into()),
        ("bare", session(None).into()),
        ("bare", person(Joined::WalkIn, None, bare_details()).into()),
        ("bare-unmarked", mark(Mark::Unmarked, None).into()),
        ("bare-here", mark(Mark::HERE, None).into()),
        ("bare-not-here", mark(Mark::NOT_HERE, None).into()),
        (
            "bare-cleared",
            SessionNoted {
                session: SESSION,
                text: None,
            }
            .into(),
        ),
        (
            "bare-given",
            consent(Decision::Given, GivenBy::Themselves, None).into(),
        ),
        (
            "bare-refused",
            consent(Decision::Refused, GivenBy::Themselves, None).into(),
        ),
        (
            "bare-withdrawn",
            consent(Decision::Withdrawn, GivenBy::Themselves, None).into(),
        ),
        (
            "bare-not-reached",
            pulse(None, false, Answers::default()).into(),
        ),
        (
            "bare",
            PulseFlagSeen {
                response: ResponseId(5),
                note: None,
            }
            .into(),
        ),
        ("bare", enrolled(Role::Facilitator).into()),
        ("bare-open", settled(1, SetAside::Open).into()),
        ("bare-left-out", settled(1, SetAside::LeftOut).into()),
        ("recorded-anew", settled(1, SetAside::RecordedAnew).into()),
        ("bare", referral(bare_referral()).into()),
        ("bare-to-the-list", sorted(Tray::List).into()),
        ("bare", reply(Answer::PlaceOffered, None, None).into()),
        ("bare-referred", referred(None, None).into()),
        ("bare", offer(vec![offer_text(Language::English)]).into()),
        ("bare", lead().into()),
        ("bare", raised(Vec::new()).into()),
        ("bare", followed(Vec::new()).into()),
        ("bare", Erased.into()),
        ("bare", unknown(vec![])),
    ]
}

fn full_bodies() -> Vec<(&'static str, Body)> {
    let presence = Presence {
        late: TimeOfDay::from_minutes(10 * 60 + 25),
        left: TimeOfDay::from_minutes(12 * 60),
    };
    let absent = Mark::NotHere {
        absence: Absence::Apologies,
        reason: Some(text("Hospital appointment")),
    };
    let note: Paragraph = text("Brought the red trowel back.\nSays thank you.");
    let answered = Answers {
        day: Reply::Given(Day::Good),
        good: Reply::Given(text("Y cwmni, a’r haul")),
        change: Reply::Given(text("A chair by the trench")),
        safe: Reply::Given(Felt::No),
    };
    let declined = Answers {
        day: Reply::Declined,
        good: Reply::Declined,
        change: Reply::NotReached,
        safe: Reply::Declined,
    };
    let attorney = Some(text("Rhian Price"));
    let offers = vec![offer_text(Language::English), offer_text(Language::Welsh)];
    let until = Some(day(2026, Month::July, 31));
    let mut bodies = vec![
        ("full", programme().into()),
        ("full", session(Some(text("The museum, upstairs"))).into()),
        (
            "full",
            person(Joined::Enrolled, until, full_details()).into(),
        ),
        (
            "full-here",
            mark(Mark::Here(presence), Some(note.clone())).into(),
        ),
        ("full-not-here", mark(absent, Some(note.clone())).into()),
        (
            "full",
            SessionNoted {
                session: SESSION,
                text: Some(note.clone()),
            }
            .into(),
        ),
        (
            "full-again",
            consent(Decision::GivenAgain, GivenBy::PowerOfAttorney, attorney).into(),
        ),
        ("full-answered", pulse(Some(PERSON), true, answered).into()),
        (
            "read-out",
            PulseAnswered {
                mode: Some(Mode::ReadByApp),
                ..pulse(None, false, declined.clone())
            }
            .into(),
        ),
        ("full-declined", pulse(Some(PERSON), false, declined).into()),
        (
            "full",
            PulseFlagSeen {
                response: ResponseId(u64::MAX),
                note: Some(note),
            }
            .into(),
        ),
        ("full", enrolled(Role::Coordinator).into()),
        ("full-taken-in", taken_in(mark(Mark::HERE, None)).into()),
        ("full", offer(offers).into()),
        ("full", lead().into()),
        ("full", raised(vec![0x5a; 300]).into()),
        ("full", followed(vec![0x5a; 300]).into()),
        ("full", Erased.into()),
        ("full", unknown(b"\xa1\x00kept as it came".to_vec())),
    ];
    bodies.extend(full_referrals());
    bodies
}

fn full_referrals() -> Vec<(&'static str, Body)> {
    vec![
        ("full", referral(full_referral()).into()),
        (
            "full-doubtful",
            ReferralReceived {
                form: full_referral(),
                doubts: Doubt::ALL.to_vec(),
                referrer: None,
            }
            .into(),
        ),
        ("full-to-check", sorted(Tray::Check).into()),
        (
            "full-joined",
            reply(Answer::Joined, Some(PersonId(u64::MAX)), None).into(),
        ),
        (
            "full-not-suitable",
            reply(Answer::NotSuitable, None, Some(text("Steep ground."))).into(),
        ),
        (
            "full-referred",
            referred(
                Some(text("Breaks when she says so; a quiet place.")),
                Some(contact()),
            )
            .into(),
        ),
    ]
}

fn programme() -> ProgrammeOpened {
    ProgrammeOpened {
        programme: PROGRAMME,
        name: text("Castell Dig"),
        organisation: text("Wellfield"),
        site: text("Cae’r Castell"),
        first_day: day(2026, Month::May, 31),
        last_day: day(2026, Month::August, 1),
    }
}

fn session(place: Option<Line>) -> SessionPlanned {
    SessionPlanned {
        session: SESSION,
        number: 300,
        date: day(2026, Month::June, 2),
        starts: TimeOfDay::from_minutes(10 * 60).unwrap(),
        ends: TimeOfDay::from_minutes(15 * 60 + 30).unwrap(),
        place,
    }
}

fn person(joined: Joined, until: Option<Date>, details: PersonDetails) -> PersonRecorded {
    PersonRecorded {
        person: PERSON,
        joined,
        from: day(2026, Month::June, 2),
        until,
        details,
    }
}

fn bare_details() -> PersonDetails {
    PersonDetails {
        preferred_name: text("Siân"),
        access: Vec::new(),
        access_note: None,
        agreed_support: None,
        emergency: None,
        supporter: None,
    }
}

fn full_details() -> PersonDetails {
    let contact = |name, relation: Option<&str>| Contact {
        name: text(name),
        relation: relation.map(text),
        phone: text("01632 960 123"),
    };
    PersonDetails {
        access: AccessNeed::ALL.to_vec(),
        access_note: Some(text("Tires after an hour.")),
        agreed_support: Some(text("Meets Tom at the gate; a break at 11.")),
        emergency: Some(contact("Gwen", Some("daughter"))),
        supporter: Some(contact("Dr Okafor", None)),
        ..bare_details()
    }
}

fn mark(mark: Mark, note: Option<Paragraph>) -> AttendanceMarked {
    AttendanceMarked {
        session: SESSION,
        person: PERSON,
        mark,
        note,
    }
}

fn wording(language: Language) -> WordingRef {
    WordingRef {
        version: 1,
        language,
        sha256: core::array::from_fn(|index| index as u8),
    }
}

fn consent(decision: Decision, given_by: GivenBy, giver_name: Option<Line>) -> ConsentRecorded {
    ConsentRecorded {
        person: PERSON,
        purpose: Purpose::PhotoWebsite,
        decision,
        wording: wording(Language::Welsh),
        method: Method::Spoken,
        given_by,
        giver_name,
    }
}

fn pulse(person: Option<PersonId>, finished: bool, answers: Answers) -> PulseAnswered {
    PulseAnswered {
        response: ResponseId(5),
        session: SESSION,
        person,
        language: Language::Welsh,
        mode: None,
        finished,
        answers,
    }
}

fn enrolled(role: Role) -> DeviceEnrolled {
    DeviceEnrolled {
        device_name: text("Blue tablet"),
        staff: StaffId(9),
        staff_name: text("Tom"),
        role,
    }
}

fn settled(n: u64, decision: SetAside) -> SetAsideSettled {
    let device = DeviceId(70_000);
    SetAsideSettled {
        event: EventId { device, n },
        decision,
    }
}

fn taken_in(body: impl Into<Body>) -> SetAsideSettled {
    let set_aside = full_envelope(body);
    let original = takeable(set_aside.id, set_aside.stream, &encode_event(&set_aside)).unwrap();
    settled(set_aside.id.n, SetAside::TakenIn(original))
}

fn lead() -> LeadNamed {
    LeadNamed {
        name: text("Rhian Ellis"),
        phone: text("01632 960 001"),
        key: SealingKey([9; 32]),
    }
}

fn raised(sealed: Vec<u8>) -> ConcernRaised {
    ConcernRaised {
        concern: ConcernId(77),
        sealed_with: SealingKey([9; 32]),
        sealed,
    }
}

fn followed(sealed: Vec<u8>) -> ConcernFollowed {
    ConcernFollowed {
        concern: ConcernId(77),
        sealed_with: SealingKey([9; 32]),
        sealed,
    }
}

fn referral(form: SelfReferral) -> ReferralReceived {
    ReferralReceived {
        form,
        doubts: Vec::new(),
        referrer: None,
    }
}

fn referred(agreed_support: Option<Paragraph>, emergency: Option<Contact>) -> ReferralReceived {
    ReferralReceived {
        referrer: Some(Referrer {
            account: AccountId(0xFEDC_BA98_7654_3210),
            name: text("Priya Nair, Alder Street Surgery"),
            contact: text("01632 960 200"),
            agreed_support,
            emergency,
        }),
        ..referral(bare_referral())
    }
}

fn contact() -> Contact {
    Contact {
        name: text("Mair"),
        relation: None,
        phone: text("01632 960 300"),
    }
}

fn reply(answer: Answer, person: Option<PersonId>, note: Option<Paragraph>) -> ReferralAnswered {
    let day = Date::from_julian_day(2_461_000).unwrap();
    ReferralAnswered::new(full_referral().referral, answer, person, note, day).unwrap()
}

fn sorted(tray: Tray) -> ReferralSorted {
    ReferralSorted {
        referral: full_referral().referral,
        tray,
    }
}

/// The least that a phone sends.
pub(crate) fn bare_referral() -> SelfReferral {
    SelfReferral {
        referral: ReferralId(0x0011_2233_4455_6677_8899_AABB_CCDD_EEFF),
        name: text("X"),
        contact_way: ContactWay::Telephone,
        contact: text("01632 960 123"),
        access: Vec::new(),
        access_note: None,
        hopes: None,
        supporter: None,
        language: Language::English,
        agreed: wording(Language::English),
    }
}

/// The most that a phone sends.
pub(crate) fn full_referral() -> SelfReferral {
    SelfReferral {
        contact_way: ContactWay::Email,
        contact: text("sian@example.org"),
        access: vec![AccessNeed::Seating, AccessNeed::Transport],
        access_note: Some(text("Bus 14 only.")),
        hopes: Some(text("To get out of the house.")),
        supporter: Some(text("Link worker at the surgery")),
        language: Language::Welsh,
        agreed: wording(Language::Welsh),
        ..bare_referral()
    }
}

fn offer(texts: Vec<OfferText>) -> OfferPublished {
    OfferPublished {
        programme: PROGRAMME,
        organisation: text("Wellfield"),
        phone: text("01632 960 100"),
        texts,
    }
}

fn offer_text(language: Language) -> OfferText {
    OfferText {
        language,
        name: text("Castell Dig"),
        what: text("A dig for everybody."),
        place: text("Cae’r Castell"),
        when: text("Tuesdays and Thursdays"),
        getting_there: text("Bus 14."),
        cost: text("Free."),
        access: text("Level ground."),
        expect: text("Tea first."),
    }
}

/// An event of a kind that is not known yet, with this number.
pub(crate) fn unread(n: u64) -> Event {
    let mut event = bare_envelope(unknown(vec![]));
    event.id.n = n;
    event
}

fn unknown(bytes: Vec<u8>) -> Body {
    Body::Unread(UnreadBody {
        kind: Kind(9_999),
        version: 3,
        subject: Some(PERSON),
        bytes,
        why: Unread::Newer,
    })
}
