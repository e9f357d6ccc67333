//! Somebody's own answers, from a spreadsheet to figures.
//!
//! The file has a column each for person, instrument, moment, item and answer, and a row for each answer.
//! [`read`] makes answers of the rows; what counts and what comes out is decided by
//! `wellfield_core::measures`. A row that cannot be used is never left out silently: nothing is worked
//! out until somebody says so, and then every row that was left out is listed with its line and column.

mod json;
mod rows;
#[cfg(test)]
mod tests;
mod text;

use wellfield_core::language::Language;
use wellfield_core::measures::wellby::Lasting;
use wellfield_core::measures::{
    Catalogue, InstrumentNo, LeftOut, People, Plan, Question, Reason, Report, ScaleReport,
    evaluate, evaluate_around_sessions,
};

use wellfield_wording::Words;

pub use json::json;
pub use rows::{BadRow, Rows, read};
pub(crate) use rows::{mode_word, moment_word};
pub use text::text;

/// What the command line says is said in English.
const ENGLISH: Words = Words(Language::English);

/// What came of a file.
#[derive(Debug)]
pub struct Evaluation {
    /// The instruments that are known.
    pub catalogue: Catalogue,
    /// Rows that hold anything, without the header.
    pub rows: usize,
    /// The rows that count nowhere, in the order of the file.
    pub left_out: Vec<BadRow>,
    /// Answers that were not compared: of other moments than baseline and end, and than before and after a
    /// session that is named.
    pub other_moments: usize,
    /// What has to be told of how the file was read.
    pub notes: Vec<String>,
    /// The figures.
    pub report: Report,
    /// The figures before and after each session, by the name that the file gives it.
    pub sessions: Vec<(String, Vec<ScaleReport>)>,
    /// How long a change in life satisfaction is assumed to last, where its worth was asked for.
    pub lasting: Option<Lasting>,
}

/// Works out everything that can be worked out of the rows of a file.
pub fn evaluation(rows: Rows, lasting: Option<Lasting>) -> Evaluation {
    let catalogue = rows.catalogue;
    let plan = Plan::default();
    let report = evaluate(&catalogue, &rows.answers, &People::WhoeverAnswered, &plan);
    let (from, to) = plan.comparison.moments();
    let other_moments = rows
        .answers
        .iter()
        .filter(|answer| answer.moment != from && answer.moment != to)
        .count();
    let people = People::WhoeverAnswered;
    let around = evaluate_around_sessions(&catalogue, &rows.answers, &people, &plan);
    // One that is out for its own sake is told once.
    let mut out = [report.left_out.as_slice(), &around.left_out].concat();
    out.sort_unstable();
    out.dedup();
    let sessions = around.sessions.into_iter().map(|(session, scales)| {
        let name = rows.sessions.get(&session).cloned();
        (name.unwrap_or_default(), scales)
    });
    let sessions = sessions.collect();
    let mut left_out = rows.bad;
    left_out.extend(out.iter().map(|one| {
        let instrument = rows
            .answers
            .get(one.answer)
            .and_then(|answer| match answer.question {
                Question::Known { instrument, .. } => Some(instrument),
                _ => None,
            });
        bad_row(
            &catalogue,
            instrument,
            *one,
            rows.lines.get(one.answer).copied(),
        )
    }));
    left_out.sort_by_key(|row| row.line);
    Evaluation {
        catalogue,
        rows: rows.rows,
        left_out,
        other_moments: other_moments - around.answers,
        notes: rows.notes,
        report,
        sessions,
        lasting,
    }
}

/// Why an answer is out of the figures, in the words of the file.
fn bad_row(
    catalogue: &Catalogue,
    instrument: Option<InstrumentNo>,
    left_out: LeftOut,
    line: Option<u64>,
) -> BadRow {
    let key = instrument
        .and_then(|instrument| catalogue.get(instrument))
        .map_or("", |instrument| &instrument.key);
    let (column, code, reason) = match left_out.reason {
        Reason::UnknownInstrument => {
            let known: Vec<_> = catalogue
                .all()
                .map(|(_, instrument)| instrument.key.as_ref())
                .collect();
            (
                "instrument",
                "unknown_instrument",
                format!("unknown instrument; known are: {}", known.join(", ")),
            )
        }
        Reason::UnknownVersion => (
            "version",
            "unknown_version",
            "unknown version of the instrument; leave the cell empty for the newest".to_owned(),
        ),
        Reason::UnknownItem => (
            "item",
            "unknown_item",
            "the instrument has no such item; name it by its key or by its number from 1".to_owned(),
        ),
        Reason::OutsideScale { low, high } => (
            "answer",
            "outside_scale",
            format!("outside the scale: {key} takes whole numbers from {low} to {high} here"),
        ),
        Reason::Twice => (
            "item",
            "twice",
            "this person answered this item more than once at this moment; none of these answers counts"
                .to_owned(),
        ),
        // A file says nothing of consents and sessions.
        other => ("answer", "not_counted", format!("{other:?}")),
    };
    BadRow {
        line: line.unwrap_or_default(),
        column: column.to_owned(),
        code,
        reason,
    }
}
