//! The report of a programme: to read and print, for another program, and for a spreadsheet.
//!
//! `wellfield_core::reporting` decides what is in it and what is not shown. Here it becomes sections with
//! words, tables and pictures ([`Section`]), and each form prints the same sections, so that no form says
//! what another hides.

mod answers;
mod chart;
mod csv;
mod html;
mod json;
mod sections;
#[cfg(test)]
mod tests;

use wellfield_core::clock::{Date, Instant};
use wellfield_core::disclosure::{Policy, Shown};
use wellfield_core::evaluation::{Collected, Period};
use wellfield_core::ids::ProgrammeId;
use wellfield_core::records::{Casework, Delivery, Records};
use wellfield_core::reporting::{ProgrammeReport, programme_report};

pub use answers::answers;
pub use csv::csv;
pub use html::html;
pub use json::json;

use chart::Chart;

/// A report with its words.
#[derive(Clone, Debug)]
pub struct Document {
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

/// A part of a report: a finding, what it is made of, and how it was worked out.
#[derive(Clone, Debug)]
pub struct Section {
    /// A stable name.
    pub key: String,
    /// The finding.
    pub title: String,
    /// What has to be said with it.
    pub text: Vec<String>,
    /// A picture of the first table.
    pub chart: Option<Chart>,
    /// The figures.
    pub tables: Vec<Figures>,
}

/// A table of a report.
#[derive(Clone, Debug)]
pub struct Figures {
    /// A stable name within its section.
    pub key: &'static str,
    /// What it is of.
    pub caption: String,
    /// What stands in each column; the first names the rows.
    pub columns: Vec<String>,
    /// The rows.
    pub rows: Vec<Vec<Cell>>,
}

/// What stands in a cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Words.
    Text(String),
    /// A count, as far as it may be shown.
    Count(Shown),
    /// A number with so many digits after the point; `None` where there is none or it may not be shown.
    Number(Option<f64>, usize),
}

impl Cell {
    fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// As it is read.
    fn words(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Count(Shown::Number(number)) => number.to_string(),
            Self::Count(Shown::Under(least)) => format!("fewer than {least}"),
            Self::Count(Shown::Hidden) | Self::Number(None, _) => "not shown".to_owned(),
            Self::Number(Some(number), digits) => format!("{number:.digits$}"),
        }
    }
}

/// Works out the report of a programme, with the answers behind it for whoever may see them; `None` where
/// no such programme is held. Without a period it is about all of its days.
pub fn document(
    records: &Records,
    programme: ProgrammeId,
    period: (Option<Date>, Option<Date>),
    made: Instant,
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
        programme: opened.name.to_string(),
        organisation: opened.organisation.to_string(),
        period,
        made,
        sections: sections_of(delivery, &report, &collected),
    };
    Some((document, collected))
}

fn sections_of(
    delivery: &Delivery,
    report: &ProgrammeReport,
    collected: &Collected,
) -> Vec<Section> {
    let mut all = vec![
        sections::reach(report),
        sections::attendance(report),
        sections::needs(report),
    ];
    all.extend(sections::scales(report, collected));
    all.push(sections::pulse(report));
    all.push(sections::left_out(report));
    all.push(sections::method(delivery, report, collected));
    all
}

/// A day as it is read: 8 Sep 2026.
fn day(date: Date) -> String {
    let month = date.month().to_string();
    let month = month.get(..3).unwrap_or(&month);
    format!("{} {month} {}", date.day(), date.year())
}
