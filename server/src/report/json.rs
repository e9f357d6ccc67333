//! A report for another program.
//!
//! ```text
//! format    "wellfield-report"
//! version   1
//! programme, organisation, from, to, made
//! sections  [ { key, title, text: [ ], tables: [ { key, caption, columns: [ ], rows: [ [ CELL ] ] } ] } ]
//!   CELL    a text, a number, { "under": 5 } for a count that is too small to be shown, { "hidden": true }
//!           for one from which a small count would follow, or null where there is no figure
//! ```

use serde_json::{Value, json};
use wellfield_core::clock::iso_date;
use wellfield_core::disclosure::Shown;

use wellfield_wording::report::{Cell, Figures, Section};

use super::Document;
use crate::export::rfc3339;

/// The version of the keys.
const VERSION: u32 = 1;

/// A report for another program.
pub fn json(document: &Document) -> Value {
    json!({
        "format": "wellfield-report",
        "version": VERSION,
        "programme": document.programme,
        "organisation": document.organisation,
        "from": iso_date(document.period.from),
        "to": iso_date(document.period.to),
        "made": rfc3339(document.made),
        "sections": document.sections.iter().map(section).collect::<Vec<_>>(),
    })
}

fn section(section: &Section) -> Value {
    json!({
        "key": section.key,
        "title": section.title,
        "text": section.text,
        "points": section.points,
        "tables": section.tables.iter().map(table).collect::<Vec<_>>(),
    })
}

fn table(figures: &Figures) -> Value {
    let row = |row: &Vec<Cell>| Value::from(row.iter().map(cell).collect::<Vec<_>>());
    json!({
        "key": figures.key,
        "caption": figures.caption,
        "columns": figures.columns,
        "rows": figures.rows.iter().map(row).collect::<Vec<_>>(),
    })
}

fn cell(cell: &Cell) -> Value {
    match cell {
        Cell::Text(text) => text.as_str().into(),
        Cell::Count(Shown::Number(number)) => (*number).into(),
        Cell::Count(Shown::Under(least)) => json!({ "under": least }),
        Cell::Count(Shown::Hidden) => json!({ "hidden": true }),
        // Not rounded: whoever recomputes wants all of it.
        Cell::Number(number, _) => (*number).into(),
    }
}
