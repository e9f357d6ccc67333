//! The rows of a file as answers.

use core::fmt;
use std::collections::HashMap;

use wellfield_core::ids::{PersonId, SessionId};
use wellfield_core::measures::{
    Answer, Catalogue, Mode, Moment, OWN_KEY, Question, Reply, own_outcome,
};

use crate::import::{END, Lines, RowError, decoded, normal, separator, shown, without_guard};
use crate::unicode::nfc;

/// What messages call the file.
const FILE: &str = "the file of answers";
/// The most rows that are read.
const ROWS_MAX: usize = 5_000_000;
/// The most characters of a cell that are looked at: a name of a person, an instrument or an item.
const CELL_BYTES_MAX: usize = 1_000;

/// At most so many of a project's own questions are known of a file.
const OWN_IN_A_FILE_MAX: usize = 100;

/// The rows of a file.
#[derive(Debug, Default)]
pub struct Rows {
    /// The answers, as they were given.
    pub answers: Vec<Answer>,
    /// The line on which each answer stands.
    pub lines: Vec<u64>,
    /// The rows that are no answers.
    pub bad: Vec<BadRow>,
    /// Rows that hold anything, without the header.
    pub rows: usize,
    /// The instruments that are known, and a project's own in the file.
    pub catalogue: Catalogue,
    /// What the file calls each session.
    pub sessions: HashMap<SessionId, String>,
    /// What has to be told of how the file was read.
    pub notes: Vec<String>,
}

/// A row that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadRow {
    /// The line on which it begins, as an editor counts it.
    pub line: u64,
    /// The column; empty where it is about the row as a whole.
    pub column: String,
    /// A stable word for the reason.
    pub code: &'static str,
    /// What is wrong, and what would be right.
    pub reason: String,
}

impl fmt::Display for BadRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}", self.line)?;
        if !self.column.is_empty() {
            write!(f, ", column {}", self.column)?;
        }
        write!(f, ": {}", self.reason)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Column {
    Person,
    Instrument,
    Moment,
    Item,
    Answer,
    Version,
    Session,
    Mode,
    LeftOut,
}

/// Every column, its own name first, and whether a file has to have it.
const COLUMNS: &[(Column, bool, &[&str])] = &[
    (
        Column::Person,
        true,
        &["person", "participant", "person_id", "participant_id", "id"],
    ),
    (Column::Instrument, true, &["instrument", "measure"]),
    (Column::Moment, true, &["moment", "time_point", "timepoint"]),
    (Column::Item, true, &["item", "question"]),
    (Column::Answer, true, &["answer", "response", "value"]),
    (Column::Version, false, &["version"]),
    (Column::Session, false, &["session"]),
    (Column::Mode, false, &["mode"]),
    (Column::LeftOut, false, &["left_out"]),
];

/// Moments by the words that a file may use for them.
const MOMENTS: &[(Moment, &[&str])] = &[
    (Moment::Baseline, &["baseline"]),
    (Moment::Middle, &["middle", "mid", "mid_point"]),
    (Moment::End, &["end"]),
    (Moment::BeforeSession, &["before_session"]),
    (Moment::AfterSession, &["after_session"]),
    (Moment::ThreeMonths, &["3_months", "three_months"]),
    (Moment::SixMonths, &["6_months", "six_months"]),
];

/// Who helped, by the words that a report writes. Other words say nothing.
const MODES: &[(Mode, &str)] = &[
    (Mode::Alone, "alone"),
    (Mode::ReadByApp, "read_by_app"),
    (Mode::ReadByStaff, "read_by_staff"),
    (Mode::ByCarer, "by_carer"),
];

/// A moment as a file says it, so that it reads back.
pub(crate) fn moment_word(moment: Moment) -> String {
    let mut known = MOMENTS.iter().filter(|(one, _)| *one == moment);
    spaced(known.next().map_or("", |(_, words)| words[0]))
}

/// Who helped, as a file says it.
pub(crate) fn mode_word(mode: Mode) -> String {
    let mut known = MODES.iter().filter(|(one, _)| *one == mode);
    spaced(known.next().map_or("", |(_, word)| word))
}

fn spaced(word: &str) -> String {
    word.replace('_', " ")
}

/// Words for an answer that was not given. `NA` is what R writes.
const SKIPPED: &[&str] = &["na", "n_a", "skipped", "missing"];
const PREFER_NOT: &[&str] = &["prefer_not_to_say", "pnts"];

/// Reads a file of answers.
///
/// # Errors
/// Where its rows cannot be told apart, it is not UTF-8, a column is missing, or it holds no answers.
pub fn read(bytes: &[u8]) -> Result<Rows, RowError> {
    let text = decoded(FILE, bytes)?;
    if text.trim().is_empty() {
        return Err(RowError::of_file(FILE, "is empty"));
    }
    let by = separator(text);
    let with_end = [text, END].concat();
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(by)
        .has_headers(false)
        .flexible(true)
        .from_reader(with_end.as_bytes());
    let mut lines = Lines::of(&with_end);
    let mut record = csv::StringRecord::new();
    let mut header = None;
    let mut reading = Reading::default();
    if by != b',' {
        let name = if by == b';' { "semicolons" } else { "tabs" };
        reading.rows.notes.push(format!(
            "The cells are separated by {name} and not by commas; they were read so."
        ));
    }
    let mut ended = false;
    while reader
        .read_record(&mut record)
        .map_err(|error| RowError::of_file(FILE, error.to_string()))?
    {
        let line = record
            .position()
            .map_or(0, |place| lines.of_row(place.byte()));
        if record.len() == 1 && record.get(0) == Some(END.trim_start_matches('\n')) {
            ended = true;
            break;
        }
        if record.iter().any(|cell| cell.ends_with(END)) {
            return Err(RowError::of_row(
                FILE,
                line,
                "opens a quotation mark that is never closed",
            ));
        }
        if record.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        match &header {
            None => header = Some(Header::read(&record, line, &mut reading.rows.notes)?),
            Some(header) => {
                reading.row(header, &record, line);
                if reading.rows.rows > ROWS_MAX {
                    let reason = format!("has more than {ROWS_MAX} rows");
                    return Err(RowError::of_file(FILE, reason));
                }
            }
        }
    }
    if !ended {
        let reason = "opens a quotation mark that is never closed";
        return Err(RowError::of_file(FILE, reason));
    }
    if reading.flagged > 0 {
        reading.rows.notes.push(format!(
            "{} rows say in left_out why they are out of the figures, and are.",
            reading.flagged
        ));
    }
    if reading.rows.rows == 0 {
        let reason = "holds no answers: there is nothing below the names of the columns";
        return Err(RowError::of_file(FILE, reason));
    }
    Ok(reading.rows)
}

/// Where each column stands.
struct Header {
    places: Vec<(Column, usize)>,
    width: usize,
}

impl Header {
    fn read(
        record: &csv::StringRecord,
        line: u64,
        notes: &mut Vec<String>,
    ) -> Result<Self, RowError> {
        let mut places: Vec<(Column, usize)> = Vec::new();
        for (place, title) in record.iter().enumerate() {
            let name = normal(title);
            let column = COLUMNS
                .iter()
                .find(|(.., names)| names.contains(&name.as_str()));
            match column {
                None if name.is_empty() => {}
                None => notes.push(format!(
                    "The column {} is not known and was not looked at.",
                    shown(title.trim())
                )),
                Some((column, _, names)) => {
                    if places.iter().any(|(known, _)| known == column) {
                        let reason = format!("a second column for {}", names[0]);
                        return Err(RowError::of_row(FILE, line, reason));
                    }
                    places.push((*column, place));
                }
            }
        }
        let missing: Vec<_> = COLUMNS
            .iter()
            .filter(|(column, required, _)| {
                *required && !places.iter().any(|(known, _)| known == column)
            })
            .map(|(.., names)| names[0])
            .collect();
        if missing.is_empty() {
            return Ok(Self {
                places,
                width: record.len(),
            });
        }
        let reason = format!(
            "there is no column {}; the first line names the columns: person,instrument,moment,item,answer",
            missing.join(", ")
        );
        Err(RowError::of_row(FILE, line, reason))
    }

    /// A cell without space around it and without the guard against formulas.
    fn cell<'r>(&self, record: &'r csv::StringRecord, column: Column) -> &'r str {
        self.places
            .iter()
            .find(|(known, _)| *known == column)
            .and_then(|(_, place)| record.get(*place))
            .map_or("", |cell| without_guard(cell.trim()))
    }
}

/// What was read so far.
#[derive(Default)]
struct Reading {
    rows: Rows,
    /// Persons in the order in which they first came.
    people: HashMap<String, PersonId>,
    /// Sessions likewise.
    sessions: HashMap<String, SessionId>,
    /// Rows that say themselves that they are out of the figures.
    flagged: usize,
    /// What an instrument, its version and an item are, as they were written.
    questions: HashMap<String, Question>,
    /// How many of a project's own instruments there are.
    own: usize,
}

impl Reading {
    fn row(&mut self, header: &Header, record: &csv::StringRecord, line: u64) {
        self.rows.rows += 1;
        let mut bad = Vec::new();
        let mut wrong = |column: &str, code, reason: String| {
            bad.push(BadRow {
                line,
                column: column.to_owned(),
                code,
                reason,
            });
        };
        let extra = record.iter().skip(header.width);
        if extra.clone().any(|cell| !cell.trim().is_empty()) || record.len() < header.width {
            let reason = format!(
                "has {} cells where the header has {}",
                record.len(),
                header.width
            );
            wrong("", "cells", reason);
            self.rows.bad.append(&mut bad);
            return;
        }
        let cell = |column| header.cell(record, column);
        if !cell(Column::LeftOut).is_empty() {
            self.flagged += 1;
            return;
        }
        if record.iter().any(|cell| cell.len() > CELL_BYTES_MAX) {
            wrong("", "too_long", "a cell is too long".to_owned());
            self.rows.bad.append(&mut bad);
            return;
        }
        let person = cell(Column::Person);
        if person.is_empty() {
            wrong("person", "no_person", "says nobody".to_owned());
        }
        let moment = moment(cell(Column::Moment));
        if moment.is_none() {
            let reason = format!(
                "“{}” is no moment; known are: baseline, middle, end, 3 months, 6 months",
                shown(cell(Column::Moment))
            );
            wrong("moment", "unknown_moment", reason);
        }
        let reply = reply(cell(Column::Answer));
        if reply.is_none() {
            let reason = format!(
                "“{}” is no whole number; leave the cell empty where nothing was answered",
                shown(cell(Column::Answer))
            );
            wrong("answer", "not_a_number", reason);
        }
        self.rows.bad.append(&mut bad);
        let (Some(moment), Some(reply), false) = (moment, reply, person.is_empty()) else {
            return;
        };
        let person = self.person(person);
        let question = self.question(
            cell(Column::Instrument),
            cell(Column::Version),
            cell(Column::Item),
        );
        let session = self.session(cell(Column::Session));
        self.rows.lines.push(line);
        self.rows.answers.push(Answer {
            person,
            question,
            moment,
            session,
            when: None,
            reply,
            mode: MODES
                .iter()
                .find(|(_, word)| *word == normal(cell(Column::Mode)))
                .map(|(mode, _)| *mode),
            language: None,
        });
    }

    fn session(&mut self, name: &str) -> Option<SessionId> {
        if name.is_empty() {
            return None;
        }
        let next = SessionId(self.sessions.len() as u64);
        let session = *self.sessions.entry(name.to_owned()).or_insert(next);
        if session == next {
            self.rows.sessions.insert(session, name.to_owned());
        }
        Some(session)
    }

    /// The same person for the same name, in whichever way a keyboard writes its letters.
    fn person(&mut self, name: &str) -> PersonId {
        if let Some(person) = self.people.get(name) {
            return *person;
        }
        let name = if name.is_ascii() {
            name.to_owned()
        } else {
            nfc(name)
        };
        let next = PersonId(self.people.len() as u64);
        *self.people.entry(name).or_insert(next)
    }

    /// A project's own question is known by its name alone, which is as the report's file of answers has it.
    fn know_own(&mut self, instrument: &str) {
        let is_new = instrument.starts_with(OWN_KEY)
            && self.own < OWN_IN_A_FILE_MAX
            && self.rows.catalogue.find(instrument, None).is_none();
        let own = is_new.then(|| own_outcome(instrument.to_owned(), None));
        if let Some(own) = own.filter(|own| own.flaws().is_empty()) {
            self.own += 1;
            self.rows.catalogue.add_own(own);
        }
    }

    fn question(&mut self, instrument: &str, version: &str, item: &str) -> Question {
        let written = [instrument, version, item].join("\u{1F}");
        if let Some(question) = self.questions.get(&written) {
            return *question;
        }
        self.know_own(instrument);
        let catalogue = &self.rows.catalogue;
        let question = match (version, version.parse()) {
            ("", _) => catalogue.question(instrument, None, item),
            (_, Ok(version)) => catalogue.question(instrument, Some(version), item),
            (_, Err(_)) => Question::UnknownVersion,
        };
        // What nobody knows is not remembered: a file could hold millions of such names.
        if matches!(question, Question::Known { .. }) {
            self.questions.insert(written, question);
        }
        question
    }
}

fn moment(cell: &str) -> Option<Moment> {
    let plain = MOMENTS
        .iter()
        .find(|(_, words)| words[0].eq_ignore_ascii_case(cell));
    plain
        .or_else(|| {
            let name = normal(cell);
            MOMENTS
                .iter()
                .find(|(_, words)| words.contains(&name.as_str()))
        })
        .map(|(moment, _)| *moment)
}

/// An answer; `None` where it is neither a whole number nor a word for none. Some programs write whole
/// numbers with a fraction of nothing, as 7.0.
fn reply(cell: &str) -> Option<Reply> {
    let whole = match cell.split_once('.') {
        Some((whole, fraction)) if fraction.bytes().all(|byte| byte == b'0') => whole,
        _ => cell,
    };
    let digits = whole.strip_prefix('-').unwrap_or(whole);
    if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        // A number too long for this lies outside every scale as well.
        return Some(Reply::Given(whole.parse().unwrap_or(i32::MAX)));
    }
    // A formula is no word: =NA() is not what somebody said.
    let word = normal(cell);
    let is_word = !cell.contains(['=', '+', '@']);
    if cell.is_empty() || (is_word && SKIPPED.contains(&word.as_str())) {
        Some(Reply::Skipped)
    } else if is_word && PREFER_NOT.contains(&word.as_str()) {
        Some(Reply::PreferNotToSay)
    } else {
        None
    }
}
