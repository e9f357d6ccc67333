//! What a report says, in every language: the same on a coordinator's screen and in a file of the
//! server's.
//!
//! `wellfield_core::reporting` decides what is in a report and what is not shown. Here it becomes
//! [`Section`]s with words, tables and pictures. Whatever shows them only draws them, so that no form says
//! what another hides.

mod feelings;
mod findings;
mod leaflet;
mod monitoring;
mod outcomes;
mod picture;
mod planning;
mod sections;
mod short;
mod worth;

use wellfield_core::disclosure::Shown;
use wellfield_core::measures::Catalogue;
use wellfield_core::reporting::ProgrammeReport;

use crate::Words;

pub use feelings::session_sentence;
pub use findings::{name, sentence, signed};
pub use leaflet::{LeafletSource, LeafletWords, leaflet_words};
pub use picture::{Anchor, Ink, Picture, Shape};

/// A part of a report: a finding, what it is made of, and how it was worked out.
#[derive(Clone, Debug, PartialEq)]
pub struct Section {
    /// A stable name.
    pub key: String,
    /// The finding.
    pub title: String,
    /// What has to be said with it.
    pub text: Vec<String>,
    /// What is said in a list, a line each.
    pub points: Vec<String>,
    /// Pictures of the tables, which say the same.
    pub pictures: Vec<Picture>,
    /// The figures.
    pub tables: Vec<Figures>,
}

/// A table of a report.
#[derive(Clone, Debug, PartialEq)]
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

impl Figures {
    /// Whether the figures of the table stand in this column.
    pub fn holds_figures(&self, column: usize) -> bool {
        let cells = self.rows.iter().filter_map(|row| row.get(column));
        cells.into_iter().any(Cell::is_figure)
    }
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
    /// Whether it is a figure, which stands at the end of its column.
    pub const fn is_figure(&self) -> bool {
        !matches!(self, Self::Text(_))
    }

    /// Words.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// As it is read.
    pub fn words(&self, w: Words) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Count(Shown::Number(number)) => number.to_string(),
            Self::Count(Shown::Under(least)) => w.report_fewer(least),
            Self::Count(Shown::Hidden) | Self::Number(None, _) => w.report_hidden().to_owned(),
            Self::Number(Some(number), digits) => format!("{number:.digits$}"),
        }
    }
}

/// What a report says, in order.
pub fn sections(w: Words, report: &ProgrammeReport, catalogue: &Catalogue) -> Vec<Section> {
    let mut all = vec![
        sections::reach(w, report),
        sections::attendance(w, report),
        outcomes::needs(w, report),
    ];
    all.extend(monitoring::monitoring(w, report));
    all.extend(sections::scales(w, report, catalogue));
    all.extend(feelings::feelings(w, report, catalogue));
    all.extend(worth::worth(w, report));
    all.extend(outcomes::elsewhere(w, report));
    all.push(sections::pulse(w, report));
    all.extend(outcomes::words(w, report));
    all.extend(outcomes::acted_on(w, report));
    all.extend(outcomes::onward(w, report));
    all.extend(planning::story(w, report));
    all.extend(planning::quality(w, report));
    all.push(sections::left_out(w, report));
    all.extend(sections::earlier(w, report));
    all.push(sections::method(w, report, catalogue));
    let short = short::short(w, report, catalogue, &all);
    short.into_iter().chain(all).collect()
}
