//! What people, spreadsheets and attackers put into fields: it is taken or left empty, and what was
//! taken comes back as it was taken, from the records, from JSON and from CSV.

#![allow(clippy::unwrap_used, reason = "a test that fails says where")]

mod common;

use std::collections::BTreeSet;
use std::sync::Arc;

use common::{PROGRAMME, Request, Server, agent, opened};
use serde_json::Value;
use tempfile::TempDir;
use unicode_normalization::UnicodeNormalization;
use wellfield_core::access::Role;
use wellfield_core::attendance::{Absence, AttendanceMarked, Mark};
use wellfield_core::clock::{Date, Month};
use wellfield_core::consent::{ConsentRecorded, Decision, GivenBy, Method, Purpose, WordingRef};
use wellfield_core::event::Body;
use wellfield_core::ids::{PersonId, ReferralId, ResponseId, SessionId};
use wellfield_core::language::Language;
use wellfield_core::notes::SessionNoted;
use wellfield_core::people::{Contact, Joined, PersonDetails, PersonRecorded};
use wellfield_core::pulse::{Answers, PulseAnswered, Reply};
use wellfield_core::records::Records;
use wellfield_core::referral::{ContactWay, SelfReferral, encode_submission};
use wellfield_core::stream::Stream;
use wellfield_core::sync::Outcome;
use wellfield_core::text::{Line, Paragraph, Text};
use wellfield_server::http::Settings;
use wellfield_server::{export, import};

const DELIVERY: Stream = Stream::Delivery(PROGRAMME);

fn strings() -> Vec<String> {
    let lists = [
        include_str!("fixtures/naughty/blns.json"),
        include_str!("fixtures/naughty/own.json"),
    ];
    let all: Vec<Vec<String>> = lists
        .iter()
        .map(|list| serde_json::from_str(list).unwrap())
        .collect();
    assert_eq!(all[0].len(), 485);
    assert!(all[1].len() >= 100, "a hundred of our own");
    all.concat()
}

fn nfc(text: &str) -> String {
    text.nfc().collect()
}

/// What is left of a string in a field, if anything is.
fn taken<const MAX: usize>(string: &str) -> Option<Text<MAX>> {
    Text::typed_optional(string, nfc).ok().flatten()
}

/// Every string that fits into a field of this length, as it was taken.
fn all_taken<const MAX: usize>() -> Vec<Text<MAX>> {
    strings()
        .iter()
        .filter_map(|string| taken(string))
        .collect()
}

fn wording() -> WordingRef {
    WordingRef {
        version: 1,
        language: Language::Welsh,
        sha256: [7; 32],
    }
}

fn text_at<'v>(value: &'v Value, path: &str) -> &'v str {
    value
        .pointer(path)
        .and_then(Value::as_str)
        .unwrap_or_default()
}

#[test]
fn what_can_be_seen_and_is_normal_is_taken_as_it_is_typed() {
    let dropped = |c: char| {
        c.is_control()
            || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{E0000}'..='\u{E007F}')
            || matches!(c, '\u{2028}' | '\u{2029}')
    };
    let mut untouched = 0;
    for string in strings() {
        let Some(text) = taken::<2000>(&string) else {
            continue;
        };
        assert_eq!(taken(text.as_str()), Some(text.clone()), "taken twice");
        if nfc(&string) == string && !string.contains(dropped) && text.as_str() != string.trim() {
            // What is left: a pile of marks was cut off.
            let marks = |text: &str| text.chars().filter(|c| *c >= '\u{300}').count();
            assert!(marks(text.as_str()) < marks(&string), "{string:?}");
            continue;
        }
        untouched += usize::from(text.as_str() == string.trim());
    }
    assert!(untouched > 500, "{untouched}");
}

#[test]
fn every_string_comes_back_from_a_self_referral_and_its_json() {
    let settings = Settings {
        behind_tls_proxy: true,
        ..Settings::default()
    };
    let server = Server::start_with(Arc::new(TempDir::new().unwrap()), settings);
    server.append(vec![opened(PROGRAMME, "Larkenhope Dig")]);
    let agent = agent();
    let mut sent = Vec::new();
    for (number, string) in strings().iter().enumerate() {
        let line: Line = taken(string).unwrap_or_else(|| Text::parse("X").unwrap());
        let form = SelfReferral {
            referral: ReferralId(number as u128),
            name: line.clone(),
            contact_way: ContactWay::Email,
            contact: line.clone(),
            access: Vec::new(),
            access_note: taken(string),
            hopes: taken(string),
            supporter: Some(line),
            language: Language::Welsh,
            agreed: wording(),
        };
        let path = format!("/v1/referrals?programme={PROGRAMME}");
        let reply = Request::post(&path, encode_submission(&form))
            .header("x-forwarded-for", &format!("2001:db8:0:{number:x}::1"))
            .send_by(&agent, server.address)
            .unwrap();
        assert_eq!(reply.status, 202, "{string:?}");
        sent.push(form);
    }
    let records = records(&server, Stream::Casework(PROGRAMME));
    let casework = records.casework(PROGRAMME).unwrap();
    let json = export::programme(&records, PROGRAMME).unwrap().to_string();
    let json: Value = serde_json::from_str(&json).unwrap();
    for form in sent {
        let held = casework.referrals.get(form.referral).unwrap();
        assert_eq!(held.head.value.form, form);
        let id = form.referral.to_string();
        let exported = json["referrals"].as_array().unwrap();
        let exported = exported.iter().find(|value| value["id"] == id.as_str());
        let exported = exported.unwrap();
        let optional = |text: &Option<Paragraph>| text.as_ref().map(ToString::to_string);
        assert_eq!(text_at(exported, "/name"), form.name.as_str());
        assert_eq!(text_at(exported, "/contact"), form.contact.as_str());
        let supporter = form.supporter.as_ref().map(ToString::to_string);
        assert_eq!(exported["supporter"], Value::from(supporter));
        assert_eq!(exported["hopes"], Value::from(optional(&form.hopes)));
        let note = optional(&form.access_note);
        assert_eq!(exported["access_note"], Value::from(note));
    }
}

/// Everything that a device of a coordinator reads, and what a stream adds up to.
fn records(server: &Server, stream: Stream) -> Records {
    let coordinator = server.device(Role::Coordinator);
    let mut records = Records::default();
    for stream in BTreeSet::from([DELIVERY, stream]) {
        let mut after = 0;
        loop {
            let page = coordinator.pull(stream, after, 2_000).unwrap();
            after += page.events.len() as u64;
            for pulled in &page.events {
                records.apply(&pulled.event().unwrap());
            }
            if page.events.is_empty() {
                break;
            }
        }
    }
    records
}

/// A record of every kind that a tablet makes, with these texts in all its fields.
fn bodies(number: u64, line: &Line, paragraph: &Paragraph) -> Vec<Body> {
    let (person, session) = (PersonId(number), SessionId(number));
    let day = Date::from_calendar_date(2026, Month::June, 2).unwrap();
    let contact = Contact {
        name: line.clone(),
        relation: Some(line.clone()),
        phone: line.clone(),
    };
    let details = PersonDetails {
        preferred_name: line.clone(),
        access: Vec::new(),
        access_note: Some(paragraph.clone()),
        agreed_support: Some(paragraph.clone()),
        emergency: Some(contact.clone()),
        supporter: Some(contact),
    };
    let answers = Answers {
        good: Reply::Given(paragraph.clone()),
        change: Reply::Given(paragraph.clone()),
        ..Answers::default()
    };
    vec![
        PersonRecorded {
            person,
            joined: Joined::WalkIn,
            from: day,
            until: None,
            details,
        }
        .into(),
        AttendanceMarked {
            session,
            person,
            mark: Mark::NotHere {
                absence: Absence::Apologies,
                reason: Some(line.clone()),
            },
            note: Some(paragraph.clone()),
        }
        .into(),
        SessionNoted {
            session,
            text: Some(paragraph.clone()),
        }
        .into(),
        ConsentRecorded {
            person,
            purpose: Purpose::Quote,
            decision: Decision::Given,
            wording: wording(),
            method: Method::Spoken,
            given_by: GivenBy::PowerOfAttorney,
            giver_name: Some(line.clone()),
        }
        .into(),
        PulseAnswered {
            response: ResponseId(number),
            session,
            person: Some(person),
            language: Language::Welsh,
            mode: None,
            finished: true,
            answers,
        }
        .into(),
    ]
}

#[test]
fn every_string_comes_back_from_the_records_of_a_tablet_and_their_json() {
    let server = Server::start();
    let mut tablet = server.device(Role::Facilitator);
    let short = all_taken::<100>();
    let long = all_taken::<2000>();
    let mut expected = Vec::new();
    let mut events = Vec::new();
    for (number, paragraph) in (1..).zip(&long) {
        let line = &short[number as usize % short.len()];
        let bodies = bodies(number, line, paragraph);
        events.extend(bodies.into_iter().map(|body| tablet.record(DELIVERY, body)));
        expected.push((number, line, paragraph));
    }
    let mut first_n = 1;
    for part in events.chunks(100) {
        let receipt = tablet.push(first_n, part.to_vec()).unwrap();
        let stored = vec![Outcome::Stored; part.len()];
        assert_eq!(receipt.outcomes, stored, "from {first_n} on");
        first_n += part.len() as u64;
    }
    let records = records(&server, DELIVERY);
    let json = export::programme(&records, PROGRAMME).unwrap().to_string();
    let json: Value = serde_json::from_str(&json).unwrap();
    let find = |list: &str, key: &str, id: String| -> &Value {
        let list = json[list].as_array().unwrap();
        list.iter().find(|value| value[key] == id.as_str()).unwrap()
    };
    let delivery = records.delivery(PROGRAMME).unwrap();
    for (number, line, paragraph) in expected {
        let person = PersonId(number);
        let [Body::PersonRecorded(recorded), ..] = &bodies(number, line, paragraph)[..] else {
            panic!("a person first")
        };
        assert_eq!(delivery.person(person), Some(recorded));
        let (line, paragraph) = (line.as_str(), paragraph.as_str());
        let people = find("people", "id", person.to_string());
        assert_eq!(text_at(people, "/preferred_name"), line);
        let mark = find("register", "person", person.to_string());
        assert_eq!(text_at(mark, "/reason"), line);
        assert_eq!(text_at(mark, "/note"), paragraph);
        let noted = find("notes", "session", SessionId(number).to_string());
        assert_eq!(text_at(noted, "/text"), paragraph);
        let consent = find("consents", "person", person.to_string());
        assert_eq!(text_at(consent, "/giver_name"), line);
        let pulse = find("pulses", "response", ResponseId(number).to_string());
        assert_eq!(text_at(pulse, "/answers/good/value"), paragraph);
        assert_eq!(text_at(pulse, "/answers/change/value"), paragraph);
    }
}

/// As a careful program writes a cell: what a spreadsheet would take for a formula gets a `'` before it.
fn guarded(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

/// The server writes no CSV. It reads what spreadsheets and other programs write.
#[test]
fn every_string_comes_back_from_a_spreadsheet() {
    let texts: Vec<Paragraph> = all_taken::<2000>()
        .into_iter()
        // A cell that says `'=…` itself cannot be told from one that is guarded.
        .filter(|text| !matches!(text.as_str().as_bytes(), [b'\'', b'=' | b'+' | b'-' | b'@', ..]))
        .collect();
    let mut people = csv::Writer::from_writer(Vec::new());
    people.write_record(["name", "access_note"]).unwrap();
    for (number, text) in texts.iter().enumerate() {
        let name = format!("Person {number}");
        people
            .write_record([&name, &guarded(text.as_str())])
            .unwrap();
    }
    let people = people.into_inner().unwrap();
    let sessions = b"date,starts,ends\n2026-06-02,10:00,12:00\n";
    let mut id = 0;
    let drafts = import::read(&people, sessions, "Dig", "Wellfield", &mut || {
        id += 1;
        id
    });
    let notes: Vec<_> = drafts
        .unwrap()
        .into_iter()
        .filter_map(|draft| match draft.body {
            Body::PersonRecorded(recorded) => Some(recorded.details.access_note.unwrap()),
            _ => None,
        })
        .collect();
    assert_eq!(notes, texts);
}
