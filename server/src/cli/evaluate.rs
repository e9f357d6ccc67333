//! `wellfield evaluate`: figures from somebody's own file of answers, without a database.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use wellfield_core::measures::wellby::Lasting;

use super::failure::{Failure, read_file};
use super::{Evaluate, say};
use crate::evaluate::{Evaluation, evaluation, json, read, text};

/// The largest file that is read.
const BYTES_MAX: u64 = 1024 * 1024 * 1024;

pub(super) fn evaluate(command: &Evaluate) -> Result<(), Failure> {
    let lasting = lasting(command.wellby_years)?;
    not_too_large(&command.file)?;
    let file = read_file(&command.file)?;
    let rows = read(&file).map_err(Failure::Answers)?;
    drop(file);
    let evaluation = evaluation(rows, lasting);
    if !evaluation.left_out.is_empty() && !command.leave_out_bad_rows {
        return Err(Failure::BadRows(evaluation.left_out));
    }
    tell(&evaluation);
    if command.json {
        say(&json(&evaluation)?)
    } else {
        say(text(&evaluation).trim_end())
    }
}

/// For how long a change is assumed to last, where somebody wants its worth estimated.
pub(super) fn lasting(years: Option<f64>) -> Result<Option<Lasting>, Failure> {
    let lasting = years.map(Lasting::years).transpose();
    lasting.map_err(Failure::Lasting)
}

fn not_too_large(path: &Path) -> Result<(), Failure> {
    match fs::metadata(path) {
        Ok(about) if about.len() > BYTES_MAX => Err(Failure::TooLarge {
            path: path.to_owned(),
            megabytes: BYTES_MAX / 1024 / 1024,
        }),
        // What cannot be read says so when it is read.
        _ => Ok(()),
    }
}

/// What has to be told beside the figures, to standard error.
fn tell(evaluation: &Evaluation) {
    let mut output = io::stderr().lock();
    for note in &evaluation.notes {
        // Where nobody listens, the figures still count.
        drop(writeln!(output, "{note}"));
    }
    if !evaluation.left_out.is_empty() {
        let listed = super::failure::first_rows(&evaluation.left_out);
        drop(writeln!(output, "{listed}These rows were left out."));
    }
}
