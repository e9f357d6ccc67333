//! What is wrong with a row, said so that a coordinator can put it right in the spreadsheet.

use std::fmt;

use wellfield_core::text::TextError;

/// One thing that is wrong with what was to be imported.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct RowError {
    /// The file: [`super::PEOPLE`] or [`super::SESSIONS`]; for the names that are given beside the
    /// files, the option that they are given with.
    pub file: &'static str,
    /// The line of the file, as an editor counts it; 0 where it is about the file as a whole. Where
    /// a quoted cell holds line breaks, this is the line on which the row begins.
    pub line: u64,
    /// The column as the file's header names it; empty where it is about the row as a whole.
    pub column: String,
    /// What is wrong, and what would be right.
    pub reason: String,
}

impl RowError {
    pub(crate) fn of_file(file: &'static str, reason: impl Into<String>) -> Self {
        Self::of_row(file, 0, reason)
    }

    pub(crate) fn of_row(file: &'static str, line: u64, reason: impl Into<String>) -> Self {
        Self {
            file,
            line,
            column: String::new(),
            reason: reason.into(),
        }
    }
}

impl fmt::Display for RowError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.file)?;
        if self.line > 0 {
            write!(f, " line {}", self.line)?;
        }
        if !self.column.is_empty() {
            write!(f, ", column {}", self.column)?;
        }
        write!(f, ": {}", self.reason)
    }
}

/// Part of a cell as a message shows it: short, and without characters that would steer a terminal.
pub(crate) fn shown(cell: &str) -> String {
    const CHARACTERS_MAX: usize = 40;
    let mut shown: String = cell
        .chars()
        .take(CHARACTERS_MAX)
        .map(|c| if c.is_control() { '?' } else { c })
        .collect();
    if cell.chars().nth(CHARACTERS_MAX).is_some() {
        shown.push('…');
    }
    shown
}

/// A refusal of a text in words for a coordinator.
pub(super) fn text_reason(error: TextError) -> String {
    match error {
        TextError::Empty => "is empty".to_owned(),
        TextError::TooLong { max } => {
            format!("is longer than {max} characters; move part of it to another column")
        }
    }
}
