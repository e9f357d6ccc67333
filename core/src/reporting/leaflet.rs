//! What link workers are told of a programme, on one page.
//!
//! They want to know why it is good, who benefits and how (guidance, "Referral"), and how to refer. What
//! stands on it is chosen by rules that do not look at what a figure says, so that a page about a programme
//! that helped nobody looks the same.

use super::ProgrammeReport;
use crate::clock::Date;
use crate::measures::Catalogue;
use crate::measures::instrument::{Part, Standing};
use crate::programme::{SessionPlanned, sessions_in_order};
use crate::records::Delivery;
use crate::stories::Form;
use crate::text::Paragraph;

/// So many quotes fit beside everything else on a sheet of A4.
const QUOTES_MAX: usize = 2;

/// A longer quote takes too much of the page, in characters.
const QUOTE_LENGTH_MAX: usize = 240;

/// So many of the next sessions are named.
const SESSIONS_MAX: usize = 4;

/// What is chosen for the page.
#[derive(Clone, Debug, PartialEq)]
pub struct Leaflet {
    /// The places in [`ProgrammeReport::scales`] of the findings: the first score of each validated
    /// instrument of which a change may be published, for the better or the worse.
    pub findings: Vec<usize>,
    /// Participants' own words.
    pub quotes: Vec<Paragraph>,
    /// The next sessions, today's among them.
    pub next: Vec<SessionPlanned>,
}

/// Chooses what stands on the page.
pub fn leaflet(
    report: &ProgrammeReport,
    catalogue: &Catalogue,
    delivery: &Delivery,
    today: Date,
) -> Leaflet {
    let mut findings: Vec<usize> = Vec::new();
    for (place, figures) in report.scales.iter().enumerate() {
        let Some(instrument) = catalogue.get(figures.instrument) else {
            continue;
        };
        let is_whole = instrument
            .scales
            .get(figures.scale)
            .is_some_and(|scale| scale.part == Part::Whole);
        let has_one = findings
            .iter()
            .any(|one| report.scales[*one].instrument == figures.instrument);
        let may = instrument.standing == Standing::Validated && figures.change.is_some();
        if is_whole && may && !has_one {
            findings.push(place);
        }
    }
    let quotes = report.words.iter().filter(|one| one.form == Form::Quote);
    let quotes = quotes
        .map(|one| &one.text)
        .filter(|text| text.as_str().chars().count() <= QUOTE_LENGTH_MAX);
    let next = sessions_in_order(delivery).into_iter();
    Leaflet {
        findings,
        quotes: quotes.take(QUOTES_MAX).cloned().collect(),
        next: next
            .filter(|session| session.date >= today)
            .take(SESSIONS_MAX)
            .cloned()
            .collect(),
    }
}
