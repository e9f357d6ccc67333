//! The rows of `sessions.csv`.

use std::collections::BTreeMap;

use wellfield_core::clock::{Date, TimeOfDay};
use wellfield_core::text::Line;

use super::SESSIONS;
use super::cells;
use super::columns::Session;
use super::error::RowError;
use super::table::{self, Row, Table};

/// A session as its row plans it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Plan {
    pub(super) number: u16,
    pub(super) date: Date,
    pub(super) starts: TimeOfDay,
    pub(super) ends: TimeOfDay,
    pub(super) place: Option<Line>,
}

/// A row that is right in itself.
struct Read<'t> {
    row: &'t Row,
    number: Option<u16>,
    date: Date,
    starts: TimeOfDay,
    ends: TimeOfDay,
    place: Option<Line>,
}

/// Reads the sessions in the order of their days. What is wrong goes to `errors`.
pub(super) fn read(bytes: &[u8], errors: &mut Vec<RowError>) -> Vec<Plan> {
    let Some(table) = table::read::<Session>(SESSIONS, bytes, errors) else {
        return Vec::new();
    };
    if table.rows.is_empty() {
        errors.push(RowError::of_file(SESSIONS, "has no session"));
    }
    let mut read: Vec<_> = table
        .rows
        .iter()
        .filter_map(|row| read_row(&table, row, errors))
        .collect();
    refuse_doubles(&table, &read, errors);
    refuse_numbers(&table, &read, errors);
    read.sort_by_key(|session| (session.date, session.starts));
    (1..)
        .zip(read)
        .map(|(place_in_order, session)| Plan {
            number: session.number.unwrap_or(place_in_order),
            date: session.date,
            starts: session.starts,
            ends: session.ends,
            place: session.place,
        })
        .collect()
}

fn read_row<'t>(
    table: &'t Table<Session>,
    row: &'t Row,
    errors: &mut Vec<RowError>,
) -> Option<Read<'t>> {
    let number = take(table, row, Session::Number, cells::number, errors);
    let date = require(table, row, Session::Date, cells::date, errors);
    let starts = require(table, row, Session::Starts, cells::time, errors);
    let ends = require(table, row, Session::Ends, cells::time, errors);
    let place = take(table, row, Session::Place, cells::line, errors);
    if let (Some(starts), Some(ends)) = (starts, ends)
        && ends <= starts
    {
        let reason = format!("the session ends at {ends}, not after its start at {starts}");
        errors.push(table.error(row, Session::Ends, reason));
    }
    Some(Read {
        row,
        number: number?,
        date: date?,
        starts: starts?,
        ends: ends?,
        place: place?,
    })
}

/// A cell that may be empty; `None` where it is wrong.
fn take<T>(
    table: &Table<Session>,
    row: &Row,
    column: Session,
    read: fn(&str) -> Result<Option<T>, String>,
    errors: &mut Vec<RowError>,
) -> Option<Option<T>> {
    read(table.cell(row, column))
        .map_err(|reason| errors.push(table.error(row, column, reason)))
        .ok()
}

/// A cell that may not be empty; `None` where it is wrong.
fn require<T>(
    table: &Table<Session>,
    row: &Row,
    column: Session,
    read: fn(&str) -> Result<Option<T>, String>,
    errors: &mut Vec<RowError>,
) -> Option<T> {
    let value = take(table, row, column, read, errors)?;
    if value.is_none() {
        errors.push(table.error(row, column, "is empty"));
    }
    value
}

fn refuse_doubles(table: &Table<Session>, read: &[Read<'_>], errors: &mut Vec<RowError>) {
    let mut lines = BTreeMap::new();
    for session in read {
        if let Some(line) = lines.insert((session.date, session.starts), session.row.line) {
            let reason = format!("the same date and start as line {line}");
            errors.push(table.error(session.row, Session::Date, reason));
        }
    }
}

/// Numbers are given to all sessions or to none: a mixture would count one place twice.
fn refuse_numbers(table: &Table<Session>, read: &[Read<'_>], errors: &mut Vec<RowError>) {
    if read.iter().all(|session| session.number.is_none()) {
        return;
    }
    let mut lines = BTreeMap::new();
    for session in read {
        let reason = match session.number {
            None => "is empty, while other sessions have a number".to_owned(),
            Some(number) => match lines.insert(number, session.row.line) {
                None => continue,
                Some(line) => format!("{number} is also the number of line {line}"),
            },
        };
        errors.push(table.error(session.row, Session::Number, reason));
    }
}
