//! Everything that a funder or an evaluator gets of a report, as files: the page, the figures for another
//! program and for a spreadsheet, and what each column means.

use serde_json::{Value, json};
use wellfield_core::evaluation::Collected;
use wellfield_core::evaluation::wording::{AnswerWords, words};
use wellfield_core::language::Language;
use wellfield_core::measures::Question;
use wellfield_core::measures::instrument::{Item, Licence};
use wellfield_core::measures::{Instrument, InstrumentNo};
use wellfield_core::reporting::Behind;

use super::csv::{finished, safe};
use super::{Document, answers, csv, html, json as as_json, leaflet};

/// A file of a pack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// What it is called.
    pub name: &'static str,
    /// What is in it.
    pub content: String,
}

/// A file could not be made.
#[derive(Debug, thiserror::Error)]
pub enum PackError {
    /// A table.
    #[error("a table cannot be written: {0}")]
    Csv(#[from] ::csv::Error),
    /// What is in JSON.
    #[error(transparent)]
    Json(#[from] serde_json::Error),
}

/// The files of a report. Every answer in a row is among them where it is asked for: those are for the
/// evaluator alone.
///
/// # Errors
/// See [`PackError`].
pub fn pack(
    document: &Document,
    behind: &Behind,
    with_answers: bool,
) -> Result<Vec<File>, PackError> {
    let figures = csv(document)?;
    let file = |name, content| File { name, content };
    let mut files = vec![
        file("report.html", html(document)),
        file("link-workers.html", leaflet(document)),
        file(
            "report.json",
            serde_json::to_string_pretty(&as_json(document))?,
        ),
        // Excel takes a file without this mark for one in the code page of the machine.
        file(
            "report-excel.csv",
            format!("\u{FEFF}{}", with_crlf(&figures)),
        ),
        file("report.csv", figures),
        file("report.csv-metadata.json", metadata("report.csv", REPORT)?),
    ];
    if with_answers {
        files.push(file("answers.csv", answers(behind)?));
        files.push(file(
            "answers.csv-metadata.json",
            metadata("answers.csv", ANSWERS)?,
        ));
        files.push(file(
            "answers-dictionary.csv",
            dictionary(&behind.collected)?,
        ));
    }
    Ok(files)
}

fn with_crlf(text: &str) -> String {
    text.replace('\n', "\r\n")
}

/// A column: its name, what stands in it, and of which type that is.
type Column = (&'static str, &'static str, &'static str);

const REPORT: &[Column] = &[
    (
        "section",
        "A stable name of the part of the report.",
        "string",
    ),
    (
        "table",
        "A stable name of the table in that part.",
        "string",
    ),
    ("row", "What the row of the table is about.", "string"),
    ("column", "What the column of the table is.", "string"),
    (
        "value",
        "The figure. A count of 1 to 4 people is “fewer than 5”; one from which such a count would follow, and a figure that there is not, is “not shown”.",
        "string",
    ),
];

const ANSWERS: &[Column] = &[
    (
        "person",
        "A number for a person, the same in each row. It says nothing by itself.",
        "string",
    ),
    ("instrument", "The short name of the instrument.", "string"),
    ("version", "The version of the instrument.", "integer"),
    (
        "moment",
        "When in the person’s course: baseline, middle, end, 3 months, 6 months, after session.",
        "string",
    ),
    (
        "session",
        "A number for the session at which it was asked.",
        "string",
    ),
    (
        "item",
        "The question, by its name in the instrument.",
        "string",
    ),
    (
        "answer",
        "The answer as a whole number; “skipped” or “prefer not to say” where there is none. The dictionary tells what a number means.",
        "string",
    ),
    ("date", "The day at the site.", "date"),
    (
        "mode",
        "Who helped: alone, read by app, read by staff, by carer.",
        "string",
    ),
    ("language", "The language of the question.", "string"),
    (
        "left_out",
        "Why the answer is out of the figures; empty where it is in them.",
        "string",
    ),
];

/// What the columns of a table mean, as the W3C’s “CSV on the Web” writes it.
fn metadata(url: &str, columns: &[Column]) -> Result<String, serde_json::Error> {
    let column = |(name, description, datatype): &Column| {
        json!({
            "name": name,
            "titles": name,
            "dc:description": description,
            "datatype": datatype,
        })
    };
    let metadata = json!({
        "@context": ["http://www.w3.org/ns/csvw", { "language": "en" }],
        "url": url,
        "dialect": { "encoding": "utf-8", "header": true },
        "tableSchema": { "columns": columns.iter().map(column).collect::<Vec<Value>>() },
    });
    serde_json::to_string_pretty(&metadata)
}

/// What each question asks and what its answers mean, of the instruments that were answered.
fn dictionary(collected: &Collected) -> Result<String, ::csv::Error> {
    let used: std::collections::BTreeSet<InstrumentNo> = collected
        .answers
        .iter()
        .filter_map(|answer| match answer.question {
            Question::Known { instrument, .. } => Some(instrument),
            _ => None,
        })
        .collect();
    let mut writer = ::csv::Writer::from_writer(Vec::new());
    writer.write_record([
        "instrument",
        "version",
        "item",
        "lowest",
        "highest",
        "question",
        "answers",
        "source",
    ])?;
    for instrument in used
        .into_iter()
        .filter_map(|one| collected.catalogue.get(one))
    {
        for (place, item) in instrument.items.iter().enumerate() {
            let (question, answers) = said(instrument, place, item);
            let fields = [
                instrument.key.to_string(),
                instrument.version.to_string(),
                item.key.to_string(),
                item.low.to_string(),
                item.high.to_string(),
                question,
                answers,
                instrument.citation.to_string(),
            ];
            writer.write_record(fields.map(|field| safe(&field)))?;
        }
    }
    finished(writer)
}

/// The question and its answers in words, where they are anybody’s to copy: not those of a licensed scale.
fn said(instrument: &Instrument, place: usize, item: &Item) -> (String, String) {
    if let Some(own) = &instrument.own {
        return (own.text.clone(), "0 not at all; 10 completely".to_owned());
    }
    let asked = words(instrument, Language::English)
        .filter(|_| matches!(instrument.licence, Licence::Open))
        .and_then(|words| words.items.get(place).copied());
    let Some(asked) = asked else {
        return Default::default();
    };
    let answers = match asked.answers {
        AnswerWords::Each(each) | AnswerWords::Pictures(each) => {
            let numbered = (item.low..)
                .zip(each)
                .map(|(number, word)| format!("{number} {word}"));
            numbered.collect::<Vec<_>>().join("; ")
        }
        AnswerWords::Ends { low, high } => format!("{} {low}; {} {high}", item.low, item.high),
        AnswerWords::Times => "how many times".to_owned(),
    };
    (asked.question.to_owned(), answers)
}
