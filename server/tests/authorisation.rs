//! Who may do what, over HTTP and on both engines: every caller, every way to read, every record.
//!
//! `core` decides (`access.rs`, whose own table is beside it). This table is written down a second time on
//! purpose: it is what people were promised, asked of a running server.

#![allow(clippy::unwrap_used, reason = "a test that fails says where")]

mod common;

use std::collections::BTreeMap;

use common::{Device, PROGRAMME, Request, Server, note, opened, pull_path};
use wellfield_core::access::Role;
use wellfield_core::accidents::{AccidentReported, Affected, Care, Event as Happened};
use wellfield_core::clock::{Date, Month, TimeOfDay};
use wellfield_core::consent::WithdrawalSeenTo;
use wellfield_core::evaluation::{
    MeasureAnswered, MeasuresAsked, Outcome as Asked, Period, Questions,
};
use wellfield_core::event::Body;
use wellfield_core::ids::{
    AccidentId, ConcernId, DeviceId, EventId, PersonId, ProgrammeId, ReportId, ResponseId, ScoreId,
    SessionId, StoryId,
};
use wellfield_core::language::Language;
use wellfield_core::measures::{Mode, Moment, Reply, Score};
use wellfield_core::monitoring::MonitoringAnswered;
use wellfield_core::onward::{MovedOn, Onward};
use wellfield_core::people::{AccessNeed, Met, NeedSeenTo};
use wellfield_core::planning::StoryOfChangeWritten;
use wellfield_core::reporting::ReportGivenOut;
use wellfield_core::safeguarding::{ConcernFollowed, ConcernRaised, LeadNamed};
use wellfield_core::scored_elsewhere::ScoredElsewhere;
use wellfield_core::stories::{Form, WordsShared};
use wellfield_core::stream::Stream;
use wellfield_core::sync::{DevicesReply, Outcome, Problem, StreamsReply};
use wellfield_core::text::Text;
use wellfield_core::vault::SealingKey;
use wellfield_server::offer::read;

/// A programme that is none of the callers' of [`PROGRAMME`].
const OTHER: ProgrammeId = ProgrammeId(78);

/// Who calls, in the order of the columns below: nobody, a facilitator whose device was taken out of use,
/// the three roles of the programme, and the three of another one.
const CALLERS: [&str; 8] = [
    "nobody",
    "taken out of use",
    "facilitator",
    "coordinator",
    "lead",
    "facilitator elsewhere",
    "coordinator elsewhere",
    "lead elsewhere",
];

/// `+` it is there to be read, `-` it is forbidden, `?` the caller is not known, `x` the caller was taken out
/// of use.
const READS: [(&str, &str); 9] = [
    // Phones read it without a key.
    ("public", "++++++++"),
    ("organisation", "?x++++++"),
    ("safeguarding", "?x--+--+"),
    ("delivery", "?x+++---"),
    ("casework", "?x-+----"),
    ("the devices", "?x-+--+-"),
    ("a code", "?x-+----"),
    ("what a device held", "?x-+----"),
    ("to shut a device out", "?x-+----"),
];

/// `+` it is stored, `-` it is set aside, `?` the caller is not known.
const WRITES: [(&str, &str); 16] = [
    ("a score from elsewhere", "?--+----"),
    ("that a report was given out", "?--+----"),
    ("that a withdrawal was seen to", "?--+----"),
    ("an accident", "?-+++---"),
    ("session notes", "?-+++---"),
    ("that somebody was asked", "?-+++---"),
    ("that a need was met", "?-+++---"),
    ("a story of change", "?--+----"),
    ("answers to an instrument", "?-+++---"),
    ("where somebody moved on to", "?--+----"),
    ("words for reports", "?--+----"),
    ("equality monitoring", "?--+----"),
    ("an offer", "?--+----"),
    ("a concern", "?+++++++"),
    ("what followed a concern", "?---+--+"),
    ("who the lead is", "?---+---"),
];

fn stream(name: &str) -> Option<Stream> {
    Some(match name {
        "public" => Stream::Public,
        "organisation" => Stream::Organisation,
        "safeguarding" => Stream::Safeguarding,
        "delivery" => Stream::Delivery(PROGRAMME),
        "casework" => Stream::Casework(PROGRAMME),
        _ => return None,
    })
}

/// Every way to read what a row of [`READS`] names. The lost device is a tablet of [`PROGRAMME`].
fn requests(what: &str, lost: DeviceId) -> Vec<Request> {
    let Some(stream) = stream(what) else {
        return match what {
            "the devices" => vec![Request::get("/v1/devices")],
            "what a device held" => {
                vec![Request::get(&format!("/v1/devices/loss?device={lost}"))]
            }
            "to shut a device out" => vec![Request::post(
                &format!("/v1/devices/shut-out?device={lost}"),
                Vec::new(),
            )],
            _ => vec![Request::post(
                &format!("/v1/enrolment-codes?role=facilitator&programme={PROGRAMME}"),
                Vec::new(),
            )],
        };
    };
    let name = "00".repeat(32);
    vec![
        Request::get(&pull_path(stream, 1, 0, 10)),
        Request::get(&format!(
            "/v1/digests?stream={stream}&epoch=1&bucket=0&through=1"
        )),
        Request::get(&format!("/v1/snapshot?stream={stream}&epoch=1")),
        Request::get(&format!("/v1/snapshots/{name}?stream={stream}&epoch=1")),
        Request::get(&format!("/v1/front?stream={stream}&epoch=1")),
    ]
}

fn accident(day: Date) -> AccidentReported {
    AccidentReported {
        accident: AccidentId(1),
        event: Happened::NearMiss,
        affected: Affected::Nobody,
        person: None,
        name: None,
        day,
        time: TimeOfDay::from_minutes(600).unwrap(),
        place: Text::parse("Trench 2").unwrap(),
        what: Text::parse("A plank slid.").unwrap(),
        injury: None,
        care: Care::Nothing,
        care_by: None,
        action: None,
        followed: None,
    }
}

/// What a row of [`WRITES`] names, and where it lies.
fn record(what: &str) -> (Stream, Body) {
    let (delivery, casework) = (Stream::Delivery(PROGRAMME), Stream::Casework(PROGRAMME));
    let person = PersonId(9);
    let day = Date::from_calendar_date(2026, Month::June, 2).unwrap();
    match what {
        "session notes" => (delivery, note("Rain.").into()),
        "that somebody was asked" => {
            let asked = MeasuresAsked {
                person,
                moment: Moment::End,
                session: SessionId(1),
                outcome: Asked::Finished,
                questions: Questions::Usual,
            };
            (delivery, asked.into())
        }
        "that a need was met" => {
            let (need, met) = (AccessNeed::Seating, Met::Yes);
            (delivery, NeedSeenTo { person, need, met }.into())
        }
        "a story of change" => (delivery, StoryOfChangeWritten::default().into()),
        "answers to an instrument" => {
            let answered = MeasureAnswered {
                response: ResponseId(1),
                person,
                moment: Moment::End,
                session: None,
                instrument: Text::parse("ons4").unwrap(),
                version: 1,
                language: Language::English,
                mode: Mode::Alone,
                day,
                time: TimeOfDay::from_minutes(600).unwrap(),
                finished: true,
                replies: vec![Reply::Given(7)],
            };
            (casework, answered.into())
        }
        "an accident" => (casework, accident(day).into()),
        "that a report was given out" => {
            let given = ReportGivenOut {
                report: ReportId(1),
                period: Period { from: day, to: day },
                day,
                to_whom: None,
                shown: None,
            };
            (casework, given.into())
        }
        "that a withdrawal was seen to" => {
            let seen = WithdrawalSeenTo {
                person,
                withdrawal: EventId {
                    device: DeviceId(2),
                    n: 1,
                },
                note: None,
                day,
            };
            (casework, seen.into())
        }
        "where somebody moved on to" => {
            let moved = MovedOn {
                person,
                to: vec![Onward::Learning],
                note: None,
                day,
            };
            (casework, moved.into())
        }
        "words for reports" => {
            let words = WordsShared {
                story: StoryId(1),
                person,
                form: Form::Quote,
                day,
                text: None,
            };
            (casework, words.into())
        }
        "equality monitoring" => {
            let answered = MonitoringAnswered {
                person,
                said: BTreeMap::new(),
                district: None,
                day,
            };
            (casework, answered.into())
        }
        "an offer" => {
            let example = include_bytes!("../../docs/offer-example.json");
            (Stream::Public, read(example).unwrap().of(PROGRAMME).into())
        }
        other => {
            record_for_reports(other, day).unwrap_or_else(|| record_of_concerns(other, delivery))
        }
    }
}

/// The same of what reports are made of.
fn record_for_reports(what: &str, day: Date) -> Option<(Stream, Body)> {
    let (casework, person) = (Stream::Casework(PROGRAMME), PersonId(9));
    Some(match what {
        "a score from elsewhere" => {
            let scored = ScoredElsewhere {
                score: ScoreId(1),
                person,
                tool: Text::parse("Star").unwrap(),
                area: Text::parse("Lifestyle").unwrap(),
                figure: Score::points(2),
                range: (Score::points(1), Score::points(5)),
                moment: Moment::Baseline,
                day,
                licence_holder: Text::parse("Siân").unwrap(),
                is_taken_out: false,
            };
            (casework, scored.into())
        }
        _ => return None,
    })
}

/// The same of safeguarding.
fn record_of_concerns(what: &str, delivery: Stream) -> (Stream, Body) {
    let key = SealingKey([9; 32]);
    match what {
        "a concern" => {
            let raised = ConcernRaised {
                concern: ConcernId(1),
                sealed_with: key,
                sealed: b"sealed".to_vec(),
            };
            (Stream::Safeguarding, raised.into())
        }
        "what followed a concern" => {
            let followed = ConcernFollowed {
                concern: ConcernId(1),
                sealed_with: key,
                sealed: b"sealed".to_vec(),
            };
            (Stream::Safeguarding, followed.into())
        }
        _ => {
            let lead = LeadNamed {
                name: Text::parse("Nia").unwrap(),
                phone: Text::parse("01632 960 111").unwrap(),
                key,
            };
            (delivery, lead.into())
        }
    }
}

/// The callers, in the order of [`CALLERS`].
fn callers(server: &Server) -> Vec<Device> {
    server.append(vec![opened(OTHER, "Another Dig")]);
    let stranger = Device {
        key: "00".repeat(32),
        ..server.device(Role::Coordinator)
    };
    let gone = server.device(Role::Facilitator);
    server.revoke(gone.device);
    let roles = [Role::Facilitator, Role::Coordinator, Role::SafeguardingLead];
    let of = |programme| roles.map(|role| server.device_of(role, programme));
    let all = [vec![stranger, gone], of(PROGRAMME).into(), of(OTHER).into()];
    all.concat()
}

fn read_as(server: &Server, device: &Device, request: Request) -> char {
    let received = request.key(&device.key).send(server.address);
    if received.status < 400 {
        return '+';
    }
    match received.problem().problem {
        Problem::UnknownDevice => '?',
        Problem::Revoked => 'x',
        Problem::Forbidden => '-',
        // Whoever hears this got past the door.
        Problem::NotFound | Problem::EpochChanged => '+',
        other => panic!("{other:?}"),
    }
}

fn write_as(device: &mut Device, what: &str) -> char {
    let (stream, body) = record(what);
    let first_n = device.next_n;
    let event = device.record(stream, body);
    match device.push(first_n, vec![event]) {
        Ok(reply) => match reply.outcomes[..] {
            [Outcome::Stored] => '+',
            [Outcome::NotAllowed] => '-',
            ref other => panic!("{what}: {other:?}"),
        },
        Err(problem) => match problem.problem {
            Problem::UnknownDevice => '?',
            other => panic!("{what}: {other:?}"),
        },
    }
}

fn every_caller_may_do_what_the_table_says(server: &Server) {
    let mut devices = callers(server);
    let lost = server.device(Role::Facilitator).device;
    let mut wrong = Vec::new();
    let mut asked = 0;
    for (what, expected) in READS {
        for ((device, caller), expected) in devices.iter().zip(CALLERS).zip(expected.chars()) {
            for request in requests(what, lost) {
                asked += 1;
                let got = read_as(server, device, request);
                if got != expected {
                    wrong.push(format!("{caller} reads {what}: {got}, not {expected}"));
                }
            }
        }
    }
    for (what, expected) in WRITES {
        for ((device, caller), expected) in devices.iter_mut().zip(CALLERS).zip(expected.chars()) {
            asked += 1;
            let got = write_as(device, what);
            if got != expected {
                wrong.push(format!("{caller} records {what}: {got}, not {expected}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert_eq!(asked, (5 * 5 + 4 + WRITES.len()) * CALLERS.len());
    what_is_listed_is_what_may_be_read(&devices);
    no_coordinator_sees_devices_of_another_programme(&devices);
}

/// The list of streams names what the caller may read and nothing else, not even that it is there.
fn what_is_listed_is_what_may_be_read(devices: &[Device]) {
    for (place, caller) in CALLERS.iter().enumerate().skip(2) {
        let listed: StreamsReply = devices[place]
            .get("/v1/streams?pending=0")
            .message()
            .unwrap();
        let elsewhere = place >= 5;
        for (what, expected) in READS {
            let Some(stream) = stream(what) else { continue };
            let may = expected.chars().nth(place) == Some('+');
            let is_listed = listed.streams.iter().any(|head| head.stream == stream);
            assert_eq!(is_listed, may, "{caller}: {what}");
        }
        let own = if elsewhere { OTHER } else { PROGRAMME };
        let foreign = listed.streams.iter().any(|head| match head.stream {
            Stream::Delivery(programme) | Stream::Casework(programme) => programme != own,
            Stream::Public | Stream::Organisation | Stream::Safeguarding => false,
        });
        assert!(!foreign, "{caller}");
    }
}

fn no_coordinator_sees_devices_of_another_programme(devices: &[Device]) {
    for (mine, theirs) in [(3, 5..8), (6, 2..5)] {
        let listed: DevicesReply = devices[mine].get("/v1/devices").message().unwrap();
        let seen: Vec<_> = listed.devices.iter().map(|one| one.device).collect();
        assert!(seen.contains(&devices[mine].device));
        assert!(
            !theirs
                .into_iter()
                .any(|place| seen.contains(&devices[place].device))
        );
    }
}

#[test]
fn every_caller_may_do_what_the_table_says_over_sqlite() {
    every_caller_may_do_what_the_table_says(&Server::start());
}

#[test]
fn every_caller_may_do_what_the_table_says_over_postgresql() {
    every_caller_may_do_what_the_table_says(&Server::start_on_postgres());
}

#[test]
fn the_table_leaves_nobody_out() {
    for (what, expected) in READS.iter().chain(&WRITES) {
        assert_eq!(expected.chars().count(), CALLERS.len(), "{what}");
    }
}
