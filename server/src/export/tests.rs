//! What an export says about a small programme with everything in it.

use serde_json::{Value, json};
use wellfield_core::access::Role;
use wellfield_core::attendance::{Absence, AttendanceMarked, Mark, Presence};
use wellfield_core::clock::{Hlc, Instant, TimeOfDay, parse_iso_date};
use wellfield_core::consent::{ConsentRecorded, Decision, GivenBy, Method, Purpose, WordingRef};
use wellfield_core::event::{Body, Draft, encode_event};
use wellfield_core::ids::{
    DeviceId, EventId, PersonId, ProgrammeId, ReferralId, ResponseId, SessionId, StaffId,
};
use wellfield_core::language::Language;
use wellfield_core::notes::SessionNoted;
use wellfield_core::people::{AccessNeed, Contact, Joined, PersonDetails, PersonRecorded};
use wellfield_core::programme::{ProgrammeOpened, SessionPlanned};
use wellfield_core::pulse::{Answers, Day, Felt, PulseAnswered, PulseFlagSeen, Reply};
use wellfield_core::records::Records;
use wellfield_core::referral::{ContactWay, Doubt, ReferralReceived, SelfReferral};
use wellfield_core::set_aside::{Decision as SetAside, SetAsideSettled, takeable};
use wellfield_core::staff::DeviceEnrolled;
use wellfield_core::stream::Stream;
use wellfield_core::text::Text;

use super::programme;

const PROGRAMME: ProgrammeId = ProgrammeId(1);
const SESSION: SessionId = SessionId(2);
const ANN: PersonId = PersonId(3);
const CAI: PersonId = PersonId(4);
const STAFF: StaffId = StaffId(5);
const RESPONSE: ResponseId = ResponseId(6);
/// 2026-06-11T09:00:00Z.
const NINE: u64 = 1_781_168_400_000;

fn text<const MAX: usize>(text: &str) -> Text<MAX> {
    Text::parse(text).unwrap()
}

fn id(device: u32, n: u64) -> EventId {
    EventId {
        device: DeviceId(device),
        n,
    }
}

/// A day at the farm. An event is recorded as many seconds after nine as its `n` says.
struct FarmDay {
    records: Records,
}

impl FarmDay {
    fn record(&mut self, id: EventId, supersedes: &[EventId], body: impl Into<Body>) {
        let body = body.into();
        let stream = match body {
            Body::ReferralReceived(_) => Stream::Casework(PROGRAMME),
            _ => Stream::Delivery(PROGRAMME),
        };
        let draft = Draft {
            stream,
            supersedes: supersedes.to_vec(),
            body,
        };
        let at = Hlc::ZERO.tick(Instant(NINE + 1000 * id.n));
        let by = (id.device != DeviceId::SERVER).then_some(STAFF);
        self.records.apply(&draft.place(id, at, by));
    }

    fn person(&mut self, n: u64, person: PersonId, name: &str) {
        let recorded = PersonRecorded {
            person,
            joined: Joined::Enrolled,
            from: parse_iso_date("2026-06-11").unwrap(),
            until: None,
            details: PersonDetails {
                preferred_name: text(name),
                access: vec![AccessNeed::Seating],
                access_note: None,
                agreed_support: Some(text("no lifting")),
                emergency: (person == ANN).then(|| Contact {
                    name: text("Bob"),
                    relation: None,
                    phone: text("01632 960123"),
                }),
                supporter: None,
            },
        };
        self.record(id(1, n), &[], recorded);
    }

    fn mark(&mut self, event: EventId, supersedes: &[EventId], person: PersonId, mark: Mark) {
        let marked = AttendanceMarked {
            session: SESSION,
            person,
            mark,
            note: None,
        };
        self.record(event, supersedes, marked);
    }

    fn consent(&mut self, n: u64, supersedes: &[EventId], decision: Decision) {
        let recorded = ConsentRecorded {
            person: ANN,
            purpose: Purpose::PhotoSocialMedia,
            decision,
            wording: wording(),
            method: Method::Spoken,
            given_by: GivenBy::PowerOfAttorney,
            giver_name: Some(text("Bob")),
        };
        self.record(id(2, n), supersedes, recorded);
    }
}

fn wording() -> WordingRef {
    WordingRef {
        version: 1,
        language: Language::Welsh,
        sha256: [0xA5; 32],
    }
}

fn day() -> FarmDay {
    let mut day = FarmDay {
        records: Records::default(),
    };
    let date = parse_iso_date("2026-06-11").unwrap();
    let opened = ProgrammeOpened {
        programme: PROGRAMME,
        name: text("Dig"),
        organisation: text("Wellfield"),
        site: text("Farm"),
        first_day: date,
        last_day: date,
    };
    let planned = SessionPlanned {
        session: SESSION,
        number: 1,
        date,
        starts: TimeOfDay::parse("10:00").unwrap(),
        ends: TimeOfDay::parse("13:00").unwrap(),
        place: None,
    };
    let enrolled = DeviceEnrolled {
        device_name: text("Blue tablet"),
        staff: STAFF,
        staff_name: text("Ffion"),
        role: Role::Facilitator,
    };
    day.record(id(1, 1), &[], opened);
    day.record(id(1, 2), &[], planned);
    day.person(3, ANN, "Ann");
    day.person(4, CAI, "Cai");
    day.record(id(2, 1), &[], enrolled);
    day
}

fn exported(day: &FarmDay) -> Value {
    programme(&day.records, PROGRAMME).unwrap()
}

fn stamped(event: &str, second: u32, mut rest: Value) -> Value {
    let (device, _) = event.split_once('-').unwrap();
    let blue = device == "2";
    let object = rest.as_object_mut().unwrap();
    object.insert("event".into(), event.into());
    object.insert("device".into(), device.parse::<u32>().unwrap().into());
    object.insert("device_name".into(), blue.then_some("Blue tablet").into());
    let by = (device != "1").then_some("Ffion");
    object.insert("recorded_by".into(), by.into());
    let at = format!("2026-06-11T09:00:{second:02}.000Z");
    object.insert("at".into(), at.into());
    rest
}

#[test]
fn a_programme_that_is_not_held_gives_nothing() {
    assert_eq!(programme(&day().records, ProgrammeId(99)), None);
}

#[test]
fn the_plan_and_the_people_are_there_and_contacts_are_not() {
    let export = exported(&day());
    assert_eq!(export["format"], "wellfield-export");
    assert_eq!(export["version"], 1);
    assert_eq!(
        export["programme"],
        json!({
            "id": "0000000000001", "name": "Dig", "organisation": "Wellfield", "site": "Farm",
            "first_day": "2026-06-11", "last_day": "2026-06-11",
        })
    );
    assert_eq!(
        export["sessions"],
        json!([{
            "id": "0000000000002", "number": 1, "date": "2026-06-11", "starts": "10:00",
            "ends": "13:00", "place": null,
        }])
    );
    assert_eq!(
        export["people"],
        json!([
            {
                "id": "0000000000003", "preferred_name": "Ann", "joined": "enrolled",
                "from": "2026-06-11", "until": null, "details_needed": false,
            },
            {
                "id": "0000000000004", "preferred_name": "Cai", "joined": "enrolled",
                "from": "2026-06-11", "until": null, "details_needed": true,
            },
        ])
    );
    let written = export.to_string();
    assert!(!written.contains("01632") && !written.contains("no lifting"));
    for empty in [
        "register",
        "consents",
        "pulses",
        "notes",
        "set_aside",
        "referrals",
    ] {
        assert_eq!(export[empty], json!([]), "{empty}");
    }
}

#[test]
fn a_mark_is_told_with_who_made_it_where_and_when() {
    let mut day = day();
    day.mark(id(2, 2), &[], ANN, Mark::HERE);
    let late = Mark::Here(Presence {
        late: TimeOfDay::parse("10:15"),
        left: TimeOfDay::parse("12:00"),
    });
    day.mark(id(2, 3), &[id(2, 2)], ANN, late);
    let here = json!({
        "status": "here", "late": "10:15", "left": "12:00", "absence": null, "reason": null,
        "note": null,
    });
    let mut expected = stamped("2-3", 3, here.clone());
    expected["session"] = "0000000000002".into();
    expected["person"] = "0000000000003".into();
    expected["check"] = false.into();
    expected["versions"] = json!([stamped("2-3", 3, here)]);
    assert_eq!(exported(&day)["register"], json!([expected]));
}

#[test]
fn two_tablets_that_disagree_are_both_told() {
    let mut day = day();
    day.mark(id(2, 2), &[], CAI, Mark::HERE);
    let absent = Mark::NotHere {
        absence: Absence::NoWord,
        reason: Some(text("phone off")),
    };
    day.mark(id(3, 9), &[], CAI, absent);
    let register = &exported(&day)["register"];
    assert_eq!(register[0]["check"], true);
    assert_eq!(register[0]["event"], "3-9", "the later one is shown");
    let versions = &register[0]["versions"];
    let not_here = json!({
        "status": "not_here", "late": null, "left": null, "absence": "no_word",
        "reason": "phone off", "note": null,
    });
    assert_eq!(versions[0]["status"], "here");
    assert_eq!(versions[1], stamped("3-9", 9, not_here));
    assert_eq!(versions.as_array().unwrap().len(), 2);
}

#[test]
fn a_mark_whose_session_has_not_arrived_is_told_too() {
    let mut day = FarmDay {
        records: Records::default(),
    };
    day.mark(id(2, 1), &[], ANN, Mark::Unmarked);
    let export = exported(&day);
    assert_eq!(export["programme"]["name"], Value::Null);
    assert_eq!(export["register"][0]["status"], "unmarked");
    assert_eq!(export["register"][0]["recorded_by"], Value::Null);
}

#[test]
fn every_consent_entry_is_told_and_how_each_purpose_stands() {
    let mut day = day();
    day.consent(2, &[], Decision::Given);
    day.consent(3, &[id(2, 2)], Decision::Withdrawn);
    let export = exported(&day);
    let entry = |decision: &str| {
        json!({
            "person": "0000000000003", "purpose": "photo_social_media", "decision": decision,
            "wording": { "version": 1, "language": "cy", "sha256": "a5".repeat(32) },
            "method": "spoken", "given_by": "power_of_attorney", "giver_name": "Bob",
        })
    };
    assert_eq!(
        export["consents"],
        json!([
            stamped("2-2", 2, entry("given")),
            stamped("2-3", 3, entry("withdrawn")),
        ])
    );
    let statuses = export["consent_status"].as_array().unwrap();
    assert_eq!(statuses.len(), 2 * Purpose::ALL.len());
    let social_media = |person: &str| {
        statuses
            .iter()
            .find(|s| s["person"] == person && s["purpose"] == "photo_social_media")
            .unwrap()
    };
    assert_eq!(social_media("0000000000003")["status"], "withdrawn");
    assert_eq!(social_media("0000000000003")["decided_by"], "2-3");
    assert_eq!(social_media("0000000000004")["status"], "not_asked");
    assert_eq!(social_media("0000000000004")["decided_by"], Value::Null);
}

#[test]
fn a_pulse_keeps_declined_apart_from_not_reached() {
    let mut day = day();
    let answered = PulseAnswered {
        response: RESPONSE,
        session: SESSION,
        person: None,
        language: Language::Welsh,
        mode: None,
        finished: false,
        answers: Answers {
            day: Reply::Given(Day::VeryBad),
            good: Reply::Declined,
            change: Reply::NotReached,
            safe: Reply::Given(Felt::No),
        },
    };
    day.record(id(2, 2), &[], answered);
    let answers = json!({
        "day": { "state": "given", "value": "very_bad", "score": 1 },
        "good": { "state": "declined", "value": null },
        "change": { "state": "not_reached", "value": null },
        "safe": { "state": "given", "value": "no" },
    });
    let pulse = |needs_attention: bool, seen: Value| {
        let pulse = json!({
            "response": "0000000000006", "session": "0000000000002", "person": null,
            "language": "cy", "mode": null, "finished": false, "flag": true, "answers": answers,
            "needs_attention": needs_attention, "seen": seen,
        });
        json!([stamped("2-2", 2, pulse)])
    };
    assert_eq!(exported(&day)["pulses"], pulse(true, Value::Null));
    let seen = PulseFlagSeen {
        response: RESPONSE,
        note: Some(text("Phoned.")),
    };
    day.record(id(3, 4), &[], seen);
    let seen = stamped("3-4", 4, json!({ "note": "Phoned." }));
    assert_eq!(exported(&day)["pulses"], pulse(false, seen));
}

#[test]
fn notes_and_referrals_are_told() {
    let mut day = day();
    let noted = SessionNoted {
        session: SESSION,
        text: Some(text("Rain.")),
    };
    day.record(id(2, 2), &[], noted);
    let form = SelfReferral {
        referral: ReferralId(7),
        name: text("Siân"),
        contact_way: ContactWay::TextMessage,
        contact: text("07700 900123"),
        access: vec![AccessNeed::QuietSpace, AccessNeed::StepFree],
        access_note: None,
        hopes: Some(text("Company")),
        supporter: None,
        language: Language::English,
        agreed: wording(),
    };
    day.record(
        id(1, 5),
        &[],
        ReferralReceived {
            form,
            doubts: vec![Doubt::NoProof, Doubt::Rush],
            referrer: None,
        },
    );
    let export = exported(&day);
    let text = json!({ "text": "Rain." });
    let mut notes = stamped("2-2", 2, text.clone());
    notes["session"] = "0000000000002".into();
    notes["check"] = false.into();
    notes["versions"] = json!([stamped("2-2", 2, text)]);
    assert_eq!(export["notes"], json!([notes]));
    let referral = json!({
        "id": "00000000000000000000000007", "reference": "0000-0007", "name": "Siân",
        "contact_way": "text_message", "contact": "07700 900123",
        "access": ["quiet_space", "step_free"], "access_note": null, "hopes": "Company",
        "supporter": null, "language": "en-GB",
        "agreed": { "version": 1, "language": "cy", "sha256": "a5".repeat(32) },
        "doubts": ["no_proof", "rush"], "tray": "check",
    });
    assert_eq!(export["referrals"], json!([stamped("1-5", 5, referral)]));
}

#[test]
fn what_was_set_aside_and_taken_in_stands_as_it_was_recorded_beside_who_decided() {
    let mut day = day();
    let lost = id(9, 4);
    let marked = AttendanceMarked {
        session: SESSION,
        person: ANN,
        mark: Mark::HERE,
        note: None,
    };
    let draft = Draft {
        stream: Stream::Delivery(PROGRAMME),
        supersedes: Vec::new(),
        body: marked.into(),
    };
    let stream = draft.stream;
    let bytes = encode_event(&draft.place(lost, Hlc((NINE + 1_000) << 16), Some(STAFF)));
    let decided = |decision| SetAsideSettled {
        event: lost,
        decision,
    };
    let original = takeable(lost, stream, &bytes).unwrap();
    day.record(id(2, 2), &[], decided(SetAside::TakenIn(original)));
    let export = programme(&day.records, PROGRAMME).unwrap();
    let [mark] = export["register"].as_array().unwrap().as_slice() else {
        panic!("{export}");
    };
    assert_eq!(mark["event"], "9-4");
    assert_eq!(mark["at"], "2026-06-11T09:00:01.000Z");
    let [decision] = export["set_aside"].as_array().unwrap().as_slice() else {
        panic!("{export}");
    };
    let told = ["event_set_aside", "decision", "event", "check"].map(|key| &decision[key]);
    assert_eq!(
        told,
        [
            &json!("9-4"),
            &json!("taken_in"),
            &json!("2-2"),
            &json!(false)
        ]
    );
}
