//! The report of a programme: to read and print, for another program, and for a spreadsheet.
//!
//! `wellfield_core::reporting` decides what is in it and what is not shown, `wellfield_wording::report` has
//! the words. Each form here prints the same sections.

mod answers;
mod csv;
mod html;
mod json;
mod pack;
#[cfg(test)]
mod tests;

use wellfield_core::clock::{Date, Instant};
use wellfield_core::disclosure::Policy;
use wellfield_core::evaluation::{Collected, Period};
use wellfield_core::ids::ProgrammeId;
use wellfield_core::records::{Casework, Records};
use wellfield_core::reporting::programme_report;
use wellfield_wording::Words;
use wellfield_wording::report::{Section, sections};

pub use answers::answers;
pub use csv::csv;
pub use html::html;
pub use json::json;
pub use pack::{File, PackError, pack};

/// A report with its words.
#[derive(Clone, Debug)]
pub struct Document {
    /// The language of its words.
    pub words: Words,
    /// The programme.
    pub programme: String,
    /// Who runs it.
    pub organisation: String,
    /// Its days.
    pub period: Period,
    /// When the report was made.
    pub made: Instant,
    /// What it says, in order.
    pub sections: Vec<Section>,
}

/// Works out the report of a programme, with the answers behind it for whoever may see them; `None` where
/// no such programme is held. Without a period it is about all of its days.
pub fn document(
    records: &Records,
    programme: ProgrammeId,
    period: (Option<Date>, Option<Date>),
    (words, made): (Words, Instant),
) -> Option<(Document, Collected)> {
    let delivery = records.delivery(programme)?;
    let opened = delivery.programme()?;
    let period = Period {
        from: period.0.unwrap_or(opened.first_day),
        // Half a year later is the last that is asked.
        to: period
            .1
            .unwrap_or_else(|| made.utc_day().unwrap_or(opened.last_day)),
    };
    let measured = records.casework(programme);
    let measured = measured.map(|Casework { measured, .. }| measured);
    let (report, collected) = programme_report(delivery, measured, period, Policy::default());
    let document = Document {
        words,
        programme: opened.name.to_string(),
        organisation: opened.organisation.to_string(),
        period,
        made,
        sections: sections(words, &report, &collected.catalogue),
    };
    Some((document, collected))
}
