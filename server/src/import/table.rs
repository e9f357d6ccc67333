//! A spreadsheet's export as rows of named cells: bytes, byte-order mark, separator, quotes, header.

use super::columns::Column;
use super::error::{RowError, shown};

/// The largest file that is read.
const BYTES_MAX: usize = 10 * 1024 * 1024;
/// The most rows that are read from a file, not counting the header.
const ROWS_MAX: usize = 10_000;
/// Stands after the last row. Nobody types it, so if it does not come out as a row of its own, a
/// quotation mark is still open where the file ends.
pub(crate) const END: &str = "\n\u{1E}";
/// What separates cells, depending on the spreadsheet's language.
const SEPARATORS: [u8; 3] = [b',', b';', b'\t'];

/// A file whose header is in order.
#[derive(Debug)]
pub(super) struct Table<C> {
    file: &'static str,
    columns: Vec<(C, usize, String)>,
    /// The rows that hold anything.
    pub(super) rows: Vec<Row>,
}

/// One row.
#[derive(Debug)]
pub(super) struct Row {
    /// The line on which it begins.
    pub(super) line: u64,
    cells: Vec<String>,
}

impl<C: Column> Table<C> {
    /// A row's cell as typed, without space around it; empty where the file has no such column.
    pub(super) fn cell<'r>(&self, row: &'r Row, column: C) -> &'r str {
        self.columns
            .iter()
            .find(|(known, ..)| *known == column)
            .and_then(|(_, place, _)| row.cells.get(*place))
            .map_or("", |cell| cell.trim())
    }

    /// Something that is wrong with a cell.
    pub(super) fn error(&self, row: &Row, column: C, reason: impl Into<String>) -> RowError {
        let header = self
            .columns
            .iter()
            .find(|(known, ..)| *known == column)
            .map_or_else(|| column.name().to_owned(), |(.., header)| shown(header));
        RowError {
            column: header,
            ..RowError::of_row(self.file, row.line, reason)
        }
    }
}

/// Reads a file; `None` where its rows cannot be told apart or a required column is missing.
///
/// What is wrong goes to `errors`. A header that is not known or a row that is too long leaves the
/// table standing, so that what is wrong with the other cells is told in the same go.
pub(super) fn read<C: Column>(
    file: &'static str,
    bytes: &[u8],
    errors: &mut Vec<RowError>,
) -> Option<Table<C>> {
    let found = text(file, bytes).and_then(|text| split(file, text));
    let mut rows = match found {
        Ok(rows) => rows,
        Err(error) => {
            errors.push(error);
            return None;
        }
    };
    if rows.is_empty() {
        errors.push(RowError::of_file(file, "is empty"));
        return None;
    }
    let header = rows.remove(0);
    let columns = header_columns::<C>(file, &header, &rows, errors)?;
    let width = header.cells.len();
    let too_long = |row: &Row| row.cells.iter().skip(width).any(|cell| !cell.is_empty());
    for row in rows.iter().filter(|row| too_long(row)) {
        let reason = format!(
            "has {} cells where the header has {width}; put quotation marks around a text that holds the separator",
            row.cells.len()
        );
        errors.push(RowError::of_row(file, row.line, reason));
    }
    // A row with a cell too many has its other cells in the wrong columns: what they say is nothing.
    rows.retain(|row| !too_long(row));
    Some(Table {
        file,
        columns,
        rows,
    })
}

/// The text of a file of which nobody has more, without a byte-order mark.
fn text<'b>(file: &'static str, bytes: &'b [u8]) -> Result<&'b str, RowError> {
    if bytes.len() > BYTES_MAX {
        let reason = format!("is larger than {} MB", BYTES_MAX / 1024 / 1024);
        return Err(RowError::of_file(file, reason));
    }
    decoded(file, bytes)
}

/// The text that these bytes are, without a byte-order mark.
pub(crate) fn decoded<'b>(file: &'static str, bytes: &'b [u8]) -> Result<&'b str, RowError> {
    let text = core::str::from_utf8(bytes).map_err(|error| {
        let place = error.valid_up_to();
        let before = &bytes[..place];
        let line = 1 + before.iter().filter(|byte| **byte == b'\n').count() as u64;
        let reason = format!(
            "is not UTF-8 at byte {}; save it again as “CSV UTF-8 (comma delimited)”",
            place + 1
        );
        RowError::of_row(file, line, reason)
    })?;
    Ok(text.strip_prefix('\u{FEFF}').unwrap_or(text))
}

/// The separator: the one that the first line holds most of, outside quotation marks.
pub(crate) fn separator(text: &str) -> u8 {
    let mut counts = [0usize; SEPARATORS.len()];
    let mut quoted = false;
    for byte in text.trim_start().bytes() {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' | b'\r' if !quoted => break,
            _ if quoted => {}
            _ => {
                for (count, separator) in counts.iter_mut().zip(SEPARATORS) {
                    *count += usize::from(byte == separator);
                }
            }
        }
    }
    let most = counts.iter().max().copied().unwrap_or_default();
    counts
        .iter()
        .position(|count| *count == most)
        .map_or(b',', |place| SEPARATORS[place])
}

/// Counts lines along a text. The CSV reader counts too, but it tells where the last row ended, and
/// that is before any empty lines that it then passes over.
pub(crate) struct Lines<'t> {
    text: &'t [u8],
    counted: usize,
    line: u64,
}

impl<'t> Lines<'t> {
    pub(crate) fn of(text: &'t str) -> Self {
        Self {
            text: text.as_bytes(),
            counted: 0,
            line: 1,
        }
    }

    /// The line of the first row that begins at or after `place`; places may only rise.
    pub(crate) fn of_row(&mut self, place: u64) -> u64 {
        let place = usize::try_from(place).unwrap_or(usize::MAX);
        while let Some(byte) = self.text.get(self.counted)
            && (self.counted < place || matches!(byte, b'\r' | b'\n'))
        {
            self.line += u64::from(*byte == b'\n');
            self.counted += 1;
        }
        self.line
    }
}

/// Cuts the text into rows and leaves out the empty ones, which spreadsheets add at the end.
fn split(file: &'static str, text: &str) -> Result<Vec<Row>, RowError> {
    let with_end = [text, END].concat();
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(separator(text))
        .has_headers(false)
        .flexible(true)
        .from_reader(with_end.as_bytes());
    let mut rows = Vec::new();
    let mut last = None;
    let mut lines = Lines::of(&with_end);
    for record in reader.records() {
        let record = record.map_err(|error| RowError::of_file(file, error.to_string()))?;
        let row = Row {
            line: record
                .position()
                .map_or(0, |place| lines.of_row(place.byte())),
            cells: record.iter().map(str::to_owned).collect(),
        };
        if let Some(row) = last.replace(row) {
            rows.push(row);
        }
    }
    if let Some(open) = last.filter(|row| row.cells != [END.trim_start_matches('\n')]) {
        return Err(RowError::of_row(
            file,
            open.line,
            "opens a quotation mark that is never closed",
        ));
    }
    rows.retain(|row| row.cells.iter().any(|cell| !cell.trim().is_empty()));
    if rows.len() > ROWS_MAX + 1 {
        return Err(RowError::of_file(
            file,
            format!("has more than {ROWS_MAX} rows"),
        ));
    }
    Ok(rows)
}

/// Finds each column's place. A header that is not known is refused rather than left out: it may be
/// a slip of the pen, and then a whole column of what keeps people safe would be lost unseen.
fn header_columns<C: Column>(
    file: &'static str,
    header: &Row,
    rows: &[Row],
    errors: &mut Vec<RowError>,
) -> Option<Vec<(C, usize, String)>> {
    let mut columns: Vec<(C, usize, String)> = Vec::new();
    for (place, title) in header.cells.iter().enumerate() {
        let title = title.trim();
        let mut refuse = |reason: String| {
            errors.push(RowError {
                column: shown(title),
                ..RowError::of_row(file, header.line, reason)
            });
        };
        if title.is_empty() {
            let used = |row: &Row| row.cells.get(place).is_some_and(|c| !c.trim().is_empty());
            if rows.iter().any(used) {
                refuse(format!("column {} has no name", place + 1));
            }
            continue;
        }
        match C::of_header(title) {
            None => refuse(format!("unknown column; known are: {}", C::known())),
            Some(column) if columns.iter().any(|(known, ..)| *known == column) => {
                refuse(format!("a second column for {}", column.name()));
            }
            Some(column) => columns.push((column, place, title.to_owned())),
        }
    }
    let mut complete = true;
    for required in C::REQUIRED {
        if !columns.iter().any(|(known, ..)| known == required) {
            complete = false;
            let reason = format!("there is no column {}", required.name());
            errors.push(RowError::of_row(file, header.line, reason));
        }
    }
    complete.then_some(columns)
}
