//! What a stranger reads first: every finding of a report in a few lines, the unwelcome ones too.

use wellfield_core::measures::instrument::Part;
use wellfield_core::measures::{Catalogue, Movement, Strength};
use wellfield_core::reporting::ProgrammeReport;

use super::findings::name;
use super::sections::number;
use super::{Cell, Section};
use crate::Words;

/// The sections whose titles are findings, in the order in which they are told.
const TOLD: [&str; 6] = [
    "needs",
    "pulse",
    "acted-on",
    "onward",
    "elsewhere",
    "quality",
];

/// The findings of the sections; nothing where nobody came.
pub(super) fn short(
    w: Words,
    report: &ProgrammeReport,
    catalogue: &Catalogue,
    sections: &[Section],
) -> Option<Section> {
    if report.reach.sessions.is_empty() {
        return None;
    }
    let title = |key: &str| {
        let section = sections.iter().find(|section| section.key == key);
        section.map(|section| section.title.clone())
    };
    let mut points = vec![reached(w, report).or_else(|| title("reach"))?];
    let (moved, few_people) = scales(w, report, catalogue);
    let has_figures = !moved.is_empty();
    points.extend(moved);
    let around = sections.iter();
    let around = around.filter(|section| section.key.starts_with("feelings-"));
    points.extend(around.map(|section| section.title.clone()));
    points.extend(TOLD.into_iter().filter_map(title));
    let basis = [
        few_people.then(|| w.report_short_few_people()),
        has_figures.then(|| w.leaflet_basis()),
    ];
    Some(Section {
        key: "short".to_owned(),
        title: w.report_short_title().to_owned(),
        text: basis.into_iter().flatten().map(ToOwned::to_owned).collect(),
        points,
        pictures: Vec::new(),
        tables: Vec::new(),
    })
}

/// How many came and how often, where all of it may be told.
fn reached(w: Words, report: &ProgrammeReport) -> Option<String> {
    let reach = &report.reach;
    let people = number(reach.people)?;
    let attendances = number(reach.attendances)?;
    let hours = Cell::Number(Some(reach.hours?), 0).words(w);
    let sessions = reach.sessions.len();
    Some(w.report_short_reach(&attendances, &hours, &people, &sessions))
}

/// The scales that were compared, by which way they moved, and whether so few people are behind any of them
/// that it is a sign and no more.
fn scales(w: Words, report: &ProgrammeReport, catalogue: &Catalogue) -> (Vec<String>, bool) {
    let told: Vec<_> = report
        .scales
        .iter()
        .filter(|one| one.finding.matched > 0 && one.finding.strength != Strength::Stories)
        .filter_map(|one| {
            let instrument = catalogue.get(one.instrument)?;
            let scale = instrument.scales.get(one.scale)?;
            let is_whole = scale.part == Part::Whole;
            let moved = one.finding.movement.filter(|_| is_whole)?;
            Some((moved, name(w, instrument, scale), one.finding.strength))
        })
        .collect();
    let lines = Movement::ALL.into_iter().filter_map(|way| {
        let names = told.iter().filter(|(moved, ..)| *moved == way);
        let names: Vec<_> = names.map(|(_, name, _)| name.as_str()).collect();
        let names = names.join("; ");
        (!names.is_empty()).then(|| match way {
            Movement::Better => w.report_short_better(&names),
            Movement::Worse => w.report_short_worse(&names),
            Movement::Rose => w.report_short_rose(&names),
            Movement::Fell => w.report_short_fell(&names),
            Movement::NotClear => w.report_short_not_clear(&names),
        })
    });
    let few = told
        .iter()
        .any(|(_, _, strength)| *strength == Strength::Indicative);
    (lines.collect(), few)
}
