//! Spreadsheets as coordinators save them, read from files: what comes out, and what is told.
#![allow(clippy::unwrap_used)]

use wellfield_core::clock::{iso_date, parse_iso_date};
use wellfield_core::event::{Body, Draft, check};
use wellfield_core::ids::{DeviceId, EventId, ProgrammeId};
use wellfield_core::people::{AccessNeed, PersonRecorded};
use wellfield_core::programme::{ProgrammeOpened, SessionPlanned};
use wellfield_core::stream::Stream;
use wellfield_server::import::{RowError, read};

const PEOPLE: &[u8] = include_bytes!("fixtures/import/people.csv");
const SESSIONS: &[u8] = include_bytes!("fixtures/import/sessions.csv");
const PEOPLE_EXCEL: &[u8] = include_bytes!("fixtures/import/people-excel.csv");
const SESSIONS_EXCEL: &[u8] = include_bytes!("fixtures/import/sessions-excel.csv");
const PEOPLE_BAD: &[u8] = include_bytes!("fixtures/import/people-bad.csv");
const SESSIONS_BAD: &[u8] = include_bytes!("fixtures/import/sessions-bad.csv");

/// What an import made, by kind.
struct Imported {
    programme: ProgrammeOpened,
    sessions: Vec<SessionPlanned>,
    people: Vec<PersonRecorded>,
}

fn import(people: &[u8], sessions: &[u8]) -> Result<Vec<Draft>, Vec<RowError>> {
    let mut last = 0;
    let mut new_id = || {
        last += 1;
        last
    };
    read(
        people,
        sessions,
        "Dig for Wellbeing",
        "Wellfield",
        &mut new_id,
    )
}

fn imported(people: &[u8], sessions: &[u8]) -> Imported {
    let drafts = import(people, sessions).unwrap();
    let mut programme = None;
    let (mut planned, mut recorded) = (Vec::new(), Vec::new());
    for (draft, n) in drafts.into_iter().zip(1..) {
        let id = EventId {
            device: DeviceId::SERVER,
            n,
        };
        let event = draft.place(id, wellfield_core::clock::Hlc(n), None);
        assert_eq!(check(&event), Ok(()));
        assert_eq!(event.stream, Stream::Delivery(ProgrammeId(1)));
        match event.body {
            Body::ProgrammeOpened(body) => programme = Some(body),
            Body::SessionPlanned(body) => planned.push(body),
            Body::PersonRecorded(body) => recorded.push(body),
            other => panic!("{other:?}"),
        }
    }
    Imported {
        programme: programme.unwrap(),
        sessions: planned,
        people: recorded,
    }
}

/// Everything that is said about two files that are wrong.
fn told(people: &[u8], sessions: &[u8]) -> Vec<String> {
    let errors = import(people, sessions).unwrap_err();
    errors.iter().map(ToString::to_string).collect()
}

/// Asserts that exactly these things are told, each by how it begins.
#[track_caller]
fn assert_told(told: &[String], expected: &[&str]) {
    let all = told.join("\n");
    assert_eq!(told.len(), expected.len(), "{all}");
    for (told, expected) in told.iter().zip(expected) {
        assert!(
            told.starts_with(expected),
            "{expected}\nis not how this begins:\n{told}"
        );
    }
}

#[test]
fn the_sessions_come_by_date_with_their_numbers() {
    let Imported {
        programme,
        sessions,
        ..
    } = imported(PEOPLE, SESSIONS);
    assert_eq!(programme.name.as_str(), "Dig for Wellbeing");
    assert_eq!(programme.organisation.as_str(), "Wellfield");
    assert_eq!(programme.site.as_str(), "Larkenhope Farm");
    assert_eq!(iso_date(programme.first_day), "2026-05-11");
    assert_eq!(iso_date(programme.last_day), "2026-06-11");
    let days: Vec<_> = sessions
        .iter()
        .map(|s| {
            (
                s.number,
                iso_date(s.date),
                s.starts.to_string(),
                s.ends.to_string(),
            )
        })
        .collect();
    let day = |number, date: &str, starts: &str, ends: &str| {
        (number, date.to_owned(), starts.to_owned(), ends.to_owned())
    };
    assert_eq!(
        days,
        [
            day(1, "2026-05-11", "10:00", "13:00"),
            day(2, "2026-05-14", "10:00", "13:00"),
            day(3, "2026-05-18", "10:00", "13:00"),
            day(4, "2026-05-21", "09:30", "12:00"),
            day(5, "2026-06-11", "10:00", "13:00"),
        ]
    );
    let places: Vec<_> = sessions
        .iter()
        .map(|s| s.place.as_ref().map(ToString::to_string))
        .collect();
    let hall = Some("Village hall".to_owned());
    assert_eq!(
        places,
        [None, None, None, hall, None],
        "only what is not at the site"
    );
}

#[test]
fn the_people_come_with_everything_that_keeps_them_safe() {
    let people = imported(PEOPLE, SESSIONS).people;
    let names: Vec<_> = people
        .iter()
        .map(|p| p.details.preferred_name.as_str())
        .collect();
    assert_eq!(
        names,
        [
            "Siân Prydderch",
            "Dai M.",
            "Dai P.",
            "Niamh O'Donnell",
            "Suryani"
        ]
    );
    let sian = &people[0].details;
    assert_eq!(sian.access, [AccessNeed::Seating, AccessNeed::Breaks]);
    assert_eq!(
        sian.access_note.as_ref().unwrap().as_str(),
        "Hands get sore,\nso finds washing suits her."
    );
    let supporter = sian.supporter.as_ref().unwrap();
    assert_eq!(supporter.name.as_str(), "Bethan Ellis");
    assert_eq!(
        supporter.relation.as_ref().unwrap().as_str(),
        "link worker, Alder Street Surgery"
    );
    let carys = people[1].details.emergency.as_ref().unwrap();
    assert_eq!(
        carys.phone.as_str(),
        "+44 7700 900302",
        "the formula guard is gone"
    );
    assert_eq!(
        people[2].details.access,
        [AccessNeed::StepFree, AccessNeed::Transport]
    );
    assert_eq!(people[4].details.emergency, None);
    assert!(people[4].details_needed());
    let stays: Vec<_> = people
        .iter()
        .map(|p| (iso_date(p.from), p.until.map(iso_date)))
        .collect();
    let first = || "2026-05-11".to_owned();
    assert_eq!(
        stays,
        [
            (first(), None),
            ("2026-05-14".to_owned(), None),
            (first(), Some("2026-06-04".to_owned())),
            (first(), None),
            (first(), None),
        ]
    );
}

#[test]
fn what_excel_saves_in_a_country_with_semicolons_is_read() {
    let Imported {
        programme,
        sessions,
        people,
    } = imported(PEOPLE_EXCEL, SESSIONS_EXCEL);
    assert!(PEOPLE_EXCEL.starts_with(b"\xEF\xBB\xBF") && PEOPLE_EXCEL.ends_with(b"\r\n"));
    assert_eq!(programme.site.as_str(), "Fferm Larkenhope");
    assert_eq!(sessions.len(), 2);
    assert_eq!(people.len(), 2, "the empty row at the end is nobody");
    let llyr = &people[0];
    assert_eq!(llyr.details.preferred_name.as_str(), "Llŷr ap Rhisiart");
    assert_eq!(
        llyr.details.access,
        [AccessNeed::Sight, AccessNeed::Transport]
    );
    assert_eq!(
        llyr.details.access_note.as_ref().unwrap().as_str(),
        "Sees best in daylight;\nlarge print helps."
    );
    assert_eq!(people[1].from, parse_iso_date("2026-06-01").unwrap());
    assert_eq!(people[1].until, parse_iso_date("2026-06-11"));
}

#[test]
fn every_bad_row_is_told_with_line_column_and_reason() {
    assert_told(
        &told(PEOPLE_BAD, SESSIONS_BAD),
        &[
            "people.csv line 1, column shoe_size: unknown column; known are: name, access, access_note,",
            "people.csv line 3, column emergency_phone: is empty, while other cells of this contact are not",
            "people.csv line 4, column name: is empty",
            "people.csv line 4, column access: “parrot” is no access need; known are: step free,",
            "people.csv line 4, column access: “unicorn” is no access need",
            "people.csv line 4, column emergency_name: is empty, while",
            "people.csv line 5, column name: the same name as line 3; add an initial",
            "people.csv line 5, column from: “2026-31-05” is no date; write 2026-05-31 or 31/05/2026",
            "people.csv line 6, column emergency_phone: “1632960124” begins with neither 0 nor +",
            "people.csv line 8: has 9 cells where the header has 8",
            "sessions.csv line 3, column date: the same date and start as line 2",
            "sessions.csv line 3, column number: 1 is also the number of line 2",
            "sessions.csv line 4, column date: “31/02/2026” is no date",
            "sessions.csv line 4, column ends: is empty",
            "sessions.csv line 5, column ends: the session ends at 10:00, not after its start at 13:00",
            "sessions.csv line 6, column number: “four” is no whole number",
            "sessions.csv line 6, column starts: “25:00” is no time of day",
        ],
    );
}

#[test]
fn stays_are_compared_with_the_sessions_when_those_are_right() {
    let people = b"name,from,until\nCai,2027-05-12,\nEve,,2026-05-01\nGus,2026-05-20,2026-05-19\n";
    assert_told(
        &told(people, SESSIONS),
        &[
            "people.csv line 2, column from: 2027-05-12 is after the last session",
            "people.csv line 3, column until: 2026-05-01 is before the first day, 2026-05-11",
            "people.csv line 4, column until: 2026-05-19 is before the first day, 2026-05-20",
        ],
    );
}

#[test]
fn a_bad_row_among_good_ones_imports_nothing() {
    let people = [PEOPLE, b"Suryani,,,,,,,,,,,\n"].concat();
    assert_told(
        &told(&people, SESSIONS),
        &["people.csv line 8, column name: the same name as line 7"],
    );
}

#[test]
fn lines_are_counted_as_an_editor_counts_them() {
    let people = "name,access_note\r\n\r\n\r\nAnn,\"one\r\ntwo\r\n\"\r\n\r\nBob,\r\n  ann ,\r\n";
    assert_told(
        &told(people.as_bytes(), SESSIONS),
        &["people.csv line 9, column name: the same name as line 4"],
    );
}

#[test]
fn a_file_that_is_not_utf_8_is_told_how_to_be_saved() {
    let people = b"name\nAnn\nSi\xE2n\n";
    assert_told(
        &told(people, SESSIONS),
        &["people.csv line 3: is not UTF-8 at byte 12; save it again as “CSV UTF-8"],
    );
    let utf16 = b"\xFF\xFEn\0a\0m\0e\0";
    assert_told(
        &told(utf16, SESSIONS),
        &["people.csv line 1: is not UTF-8 at byte 1;"],
    );
}

#[test]
fn an_open_quotation_mark_does_not_swallow_the_rest_unseen() {
    let people = b"name,access_note\nAnn,\"sore hands\nBob,\nCai,\n";
    assert_told(
        &told(people, SESSIONS),
        &["people.csv line 2: opens a quotation mark that is never closed"],
    );
}

#[test]
fn empty_files_and_missing_columns_are_told() {
    assert_told(
        &told(b"", b"\xEF\xBB\xBF\r\n"),
        &["people.csv: is empty", "sessions.csv: is empty"],
    );
    assert_told(
        &told(b"name\n", b"date,starts,ends\n;;\n"),
        &[
            "people.csv: has no person",
            "sessions.csv line 2, column date: “;;” is no date",
            "sessions.csv line 2, column starts: is empty",
            "sessions.csv line 2, column ends: is empty",
        ],
    );
    assert_told(
        &told(b"access\nseat\n", b"date,starts\n2026-05-11,10:00\n"),
        &[
            "people.csv line 1: there is no column name",
            "sessions.csv line 1: there is no column ends",
        ],
    );
}

#[test]
fn headers_are_told_when_two_mean_the_same_or_one_has_no_name() {
    assert_told(
        &told(b"name,Known as,\nAnn,Annie,5\n", SESSIONS),
        &[
            "people.csv line 1, column Known as: a second column for name",
            "people.csv line 1: column 3 has no name",
        ],
    );
}

#[test]
fn a_spreadsheet_may_leave_empty_cells_at_the_end_of_a_row_out() {
    let people = imported(b"name,access_note,until\nAnn\nBob,,\n", SESSIONS).people;
    assert_eq!(people.len(), 2);
}

#[test]
fn the_names_given_beside_the_files_are_checked_too() {
    let errors = read(PEOPLE, SESSIONS, " ", &"x".repeat(101), &mut || 1).unwrap_err();
    let told: Vec<_> = errors.iter().map(ToString::to_string).collect();
    assert_told(
        &told,
        &[
            "--programme: is empty",
            "--organisation: is longer than 100 characters",
        ],
    );
}

#[test]
fn what_is_too_large_is_refused_at_once() {
    let many = "Ann\n".repeat(10_001);
    assert_told(
        &told(["name\n", &many].concat().as_bytes(), SESSIONS),
        &["people.csv: has more than 10000 rows"],
    );
    let large = vec![b'a'; 10 * 1024 * 1024 + 1];
    assert_told(
        &told(&large, SESSIONS),
        &["people.csv: is larger than 10 MB"],
    );
}

#[test]
fn a_message_steers_no_terminal_and_stays_short() {
    let people = format!("name,from\nAnn,\"\u{1B}[2J{}\"\n", "9".repeat(500));
    let told = told(people.as_bytes(), SESSIONS);
    assert!(
        told[0].starts_with("people.csv line 2, column from: “?[2J999"),
        "{}",
        told[0]
    );
    assert!(
        told[0].chars().count() < 160 && told[0].contains("9…”"),
        "{}",
        told[0]
    );
}

#[test]
fn ten_thousand_people_are_read_in_a_moment() {
    let rows: String = (0..10_000)
        .map(|n| format!("Person {n},seating;breaks,2026-05-11\n"))
        .collect();
    let people = imported(["name,access,from\n", &rows].concat().as_bytes(), SESSIONS).people;
    assert_eq!(people.len(), 10_000);
}
