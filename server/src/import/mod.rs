//! A coordinator's spreadsheets become records: all of them, or none.
//!
//! `people.csv` and `sessions.csv` are what a spreadsheet program saves as "CSV UTF-8": with or
//! without a byte-order mark, separated by comma, semicolon or tab, with either kind of line end,
//! days as `2026-05-31` or `31/05/2026`. The columns and the names that they are known by stand in
//! `columns`. Everything that is wrong is told at once, with line and column, so that one visit to
//! the spreadsheet puts it right; what is not understood is refused and never left out.

mod cells;
mod columns;
mod error;
mod people;
mod sessions;
mod table;

use crate::unicode::nfc;
use wellfield_core::clock::Date;
use wellfield_core::event::{Body, Draft};
use wellfield_core::ids::{PersonId, ProgrammeId, SessionId};
use wellfield_core::people::{Joined, PersonRecorded};
use wellfield_core::programme::{ProgrammeOpened, SessionPlanned};
use wellfield_core::stream::Stream;
use wellfield_core::text::Line;

pub(crate) use cells::without_guard;
pub(crate) use columns::normal;
pub use error::RowError;
pub(crate) use error::shown;
use error::text_reason;
use people::Entry;
use sessions::Plan;
pub(crate) use table::{END, Lines, decoded, separator};

/// What messages call the file of people.
pub const PEOPLE: &str = "people.csv";
/// What messages call the file of sessions.
pub const SESSIONS: &str = "sessions.csv";

/// Reads a programme out of two files, as drafts for the server's own log: the programme, its
/// sessions by date, its people.
///
/// `new_id` draws 64 random bits.
///
/// # Errors
/// Everything that is wrong, in the order of the files and lines. Then nothing may be imported.
pub fn read(
    people: &[u8],
    sessions: &[u8],
    programme_name: &str,
    organisation: &str,
    new_id: &mut dyn FnMut() -> u64,
) -> Result<Vec<Draft>, Vec<RowError>> {
    let mut errors = Vec::new();
    let name = named("--programme", programme_name, &mut errors);
    let organisation = named("--organisation", organisation, &mut errors);
    let mut of_sessions = Vec::new();
    let plans = sessions::read(sessions, &mut of_sessions);
    // Days are compared with the sessions' only where the sessions are known to be right.
    let days = match (plans.first(), plans.last()) {
        (Some(first), Some(last)) if of_sessions.is_empty() => Some((first.date, last.date)),
        _ => None,
    };
    let mut of_people = Vec::new();
    let entries = people::read(people, days, &mut of_people);
    for mut of_file in [of_people, of_sessions] {
        of_file.sort_by_key(|error| error.line);
        errors.append(&mut of_file);
    }
    match (name, organisation, days) {
        (Some(name), Some(organisation), Some(days)) if errors.is_empty() => {
            Ok(drafts(name, organisation, days, plans, entries, new_id))
        }
        _ => Err(errors),
    }
}

fn named(option: &'static str, given: &str, errors: &mut Vec<RowError>) -> Option<Line> {
    Line::typed(given, nfc)
        .map_err(|error| errors.push(RowError::of_file(option, text_reason(error))))
        .ok()
}

fn drafts(
    name: Line,
    organisation: Line,
    (first_day, last_day): (Date, Date),
    plans: Vec<Plan>,
    entries: Vec<Entry>,
    new_id: &mut dyn FnMut() -> u64,
) -> Vec<Draft> {
    let programme = ProgrammeId(new_id());
    let site = plans
        .iter()
        .find_map(|plan| plan.place.clone())
        .unwrap_or_else(|| name.clone());
    let opened = ProgrammeOpened {
        programme,
        name,
        organisation,
        site: site.clone(),
        first_day,
        last_day,
    };
    let mut bodies: Vec<Body> = vec![opened.into()];
    for plan in plans {
        let planned = SessionPlanned {
            session: SessionId(new_id()),
            number: plan.number,
            date: plan.date,
            starts: plan.starts,
            ends: plan.ends,
            place: plan.place.filter(|place| *place != site),
        };
        bodies.push(planned.into());
    }
    for entry in entries {
        let recorded = PersonRecorded {
            person: PersonId(new_id()),
            joined: Joined::Enrolled,
            from: entry.from.unwrap_or(first_day),
            until: entry.until,
            details: entry.details,
        };
        bodies.push(recorded.into());
    }
    bodies
        .into_iter()
        .map(|body| Draft {
            stream: Stream::Delivery(programme),
            supersedes: Vec::new(),
            body,
        })
        .collect()
}
