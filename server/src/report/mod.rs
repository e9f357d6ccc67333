//! The report of a programme: to read and print, for another program, and for a spreadsheet.
//!
//! `wellfield_core::reporting` decides what is in it and what is not shown, `wellfield_wording::report` has
//! the words. Each form here prints the same sections.

mod answers;
mod csv;
mod html;
mod json;
mod leaflet;
mod pack;
#[cfg(test)]
mod tests;

use wellfield_core::clock::{Date, Instant};
use wellfield_core::disclosure::Policy;
use wellfield_core::evaluation::Period;
use wellfield_core::ids::ProgrammeId;
use wellfield_core::measures::wellby::Lasting;
use wellfield_core::records::Records;
use wellfield_core::reporting::{Behind, leaflet as choose, programme_report};
use wellfield_wording::Words;
use wellfield_wording::report::{LeafletSource, LeafletWords, Section, leaflet_words, sections};

pub use answers::answers;
pub use csv::csv;
pub use html::html;
pub use json::json;
pub use leaflet::leaflet;
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
    /// The page for link workers.
    pub leaflet: LeafletWords,
}

/// What somebody wants of a report beside what is in every one.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wanted<'w> {
    /// Where people refer themselves, for the page for link workers.
    pub address: Option<&'w str>,
    /// For how long a change in life satisfaction is assumed to last, where its worth is estimated.
    pub lasting: Option<Lasting>,
}

/// Works out the report of a programme, with the answers behind it for whoever may see them; `None` where
/// no such programme is held. Where no first or last day is given it is the usual one.
pub fn document(
    records: &Records,
    programme: ProgrammeId,
    period: (Option<Date>, Option<Date>),
    (words, made): (Words, Instant),
    wanted: Wanted<'_>,
) -> Option<(Document, Behind)> {
    let delivery = records.delivery(programme)?;
    let opened = delivery.programme()?;
    let today = made.utc_day().unwrap_or(opened.last_day);
    let usual = Period::usual(opened, today);
    let period = Period {
        from: period.0.unwrap_or(usual.from),
        to: period.1.unwrap_or(usual.to),
    };
    let casework = records.casework(programme);
    let (report, behind) = programme_report(delivery, casework, period, Policy::default());
    let catalogue = &behind.collected.catalogue;
    let report = report.with_worth(catalogue, wanted.lasting);
    let source = LeafletSource {
        leaflet: &choose(&report, catalogue, delivery, today),
        report: &report,
        catalogue,
        offer: records.offers.get(programme),
        names: (opened.name.as_str(), opened.organisation.as_str()),
        address: wanted.address,
    };
    let document = Document {
        words,
        programme: opened.name.to_string(),
        organisation: opened.organisation.to_string(),
        period,
        made,
        sections: sections(words, &report, catalogue),
        leaflet: leaflet_words(words, source),
    };
    Some((document, behind))
}
