//! A report for a spreadsheet: every figure in a row of its own.

use wellfield_wording::report::Cell;

use super::Document;

/// Columns: `section,table,row,column,value`. A count that is not shown is `fewer than 5` or `not shown`.
///
/// # Errors
/// Where it cannot be written, which does not happen in memory.
pub fn csv(document: &Document) -> Result<String, ::csv::Error> {
    let mut writer = ::csv::Writer::from_writer(Vec::new());
    writer.write_record(["section", "table", "row", "column", "value"])?;
    for section in &document.sections {
        for table in &section.tables {
            for row in &table.rows {
                let name = row
                    .first()
                    .map(|cell| cell.words(document.words))
                    .unwrap_or_default();
                for (column, cell) in table.columns.iter().zip(row).skip(1) {
                    let value = match cell {
                        Cell::Number(Some(number), _) => number.to_string(),
                        other => other.words(document.words),
                    };
                    let fields = [&section.key, table.key, &name, column, &value];
                    writer.write_record(fields.map(safe))?;
                }
            }
        }
    }
    finished(writer)
}

/// What was written.
pub(super) fn finished(writer: ::csv::Writer<Vec<u8>>) -> Result<String, ::csv::Error> {
    let bytes = writer.into_inner().map_err(|error| error.into_error())?;
    // Only texts were written.
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// A cell that no spreadsheet takes for a formula. A number stays one, also a negative one.
pub(super) fn safe(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    if formula && text.parse::<f64>().is_err() {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}
