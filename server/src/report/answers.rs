//! Every answer behind a report, a row each, for an evaluator who recomputes it.
//!
//! People are numbered, and nothing else says who they are; but somebody who knows when a person answered
//! may know them by that. It is handed to whoever the organisation named for this, and never published.

use std::collections::BTreeMap;

use wellfield_core::clock::iso_date;
use wellfield_core::evaluation::Collected;
use wellfield_core::ids::PersonId;
use wellfield_core::measures::{Answer, Question, Reason, Reply};
use wellfield_core::reporting::Behind;

use super::csv::{finished, safe};
use crate::evaluate::{mode_word, moment_word};

const COLUMNS: [&str; 11] = [
    "person",
    "instrument",
    "version",
    "moment",
    "session",
    "item",
    "answer",
    "date",
    "mode",
    "language",
    "left_out",
];

/// The answers as CSV, in the form that `wellfield evaluate` reads; `left_out` says why a row is out of
/// the figures.
///
/// # Errors
/// Where it cannot be written, which does not happen in memory.
pub fn answers(behind: &Behind) -> Result<String, ::csv::Error> {
    let collected = &behind.collected;
    let reasons: BTreeMap<usize, Reason> = behind
        .left_out
        .iter()
        .map(|one| (one.answer, one.reason))
        .collect();
    let mut numbers: BTreeMap<PersonId, usize> = BTreeMap::new();
    let mut writer = ::csv::Writer::from_writer(Vec::new());
    writer.write_record(COLUMNS)?;
    for (place, answer) in collected.answers.iter().enumerate() {
        let next = numbers.len() + 1;
        let number = *numbers.entry(answer.person).or_insert(next);
        let reason = reasons.get(&place).copied();
        writer.write_record(row(collected, answer, number, reason).map(|cell| safe(&cell)))?;
    }
    finished(writer)
}

fn row(
    collected: &Collected,
    answer: &Answer,
    number: usize,
    reason: Option<Reason>,
) -> [String; 11] {
    let asked = match answer.question {
        Question::Known { instrument, item } => {
            let instrument = collected.catalogue.get(instrument);
            instrument.zip(instrument.and_then(|one| one.items.get(usize::from(item))))
        }
        _ => None,
    };
    let (instrument, version, item) = asked.map_or_else(Default::default, |(instrument, item)| {
        (
            instrument.key.to_string(),
            instrument.version.to_string(),
            item.key.to_string(),
        )
    });
    let reply = match answer.reply {
        Reply::Given(given) => given.to_string(),
        Reply::PreferNotToSay => "prefer not to say".to_owned(),
        Reply::Skipped => "skipped".to_owned(),
    };
    [
        format!("P{number}"),
        instrument,
        version,
        moment_word(answer.moment),
        answer
            .session
            .map(|session| session.to_string())
            .unwrap_or_default(),
        item,
        reply,
        answer
            .when
            .map(|when| iso_date(when.date))
            .unwrap_or_default(),
        answer.mode.map(mode_word).unwrap_or_default(),
        answer
            .language
            .map(|language| language.tag())
            .unwrap_or_default()
            .to_owned(),
        reason.map(Reason::name).unwrap_or_default().to_owned(),
    ]
}
