//! Before and after, as it may be published.

use std::collections::{BTreeMap, BTreeSet};

use super::reach::{one_way, shown, shown_part};
use crate::disclosure::{Policy, Release, Shown, Table, count, share};
use crate::ids::PersonId;
use crate::measures::instrument::Reliable;
use crate::measures::statistics::{PairedChange, Wilcoxon};
use crate::measures::{
    Answer, Catalogue, Counts, Finding, InstrumentNo, LeftOut, Reason, ReliableCount, ScaleReport,
};

/// What may be published of a scale.
#[derive(Clone, Debug, PartialEq)]
pub struct ScaleFigures {
    /// The instrument.
    pub instrument: InstrumentNo,
    /// The place of the scale in it.
    pub scale: usize,
    /// People who are compared.
    pub matched: Shown,
    /// Who answered when; `None` where few would follow from it.
    pub completion: Option<Completion>,
    /// The share of those who answered at the beginning and did at the end, from 0 to 1.
    pub completed: Option<f64>,
    /// The mean at the beginning of those who have no end.
    pub leavers_mean: Option<f64>,
    /// Means and their change, where there are enough people for a mean.
    pub change: Option<PairedChange>,
    /// Signed ranks.
    pub ranks: Option<Wilcoxon>,
    /// Who was in which band before and after.
    pub bands: Option<Release>,
    /// Who changed by enough to matter.
    pub reliable: Vec<ReliableShown>,
    /// What may be said.
    pub finding: Finding,
}

/// How many of those who agreed answered when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Completion {
    /// Both times.
    pub both: Shown,
    /// At the beginning and not at the end.
    pub left: Shown,
    /// At the end and not at the beginning.
    pub only_end: Shown,
    /// Neither.
    pub neither: Shown,
    /// All who agreed.
    pub agreed: Shown,
}

/// Who changed by at least so much.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReliableShown {
    /// By how much.
    pub threshold: Reliable,
    /// For the better.
    pub improved: Shown,
    /// By less.
    pub about_the_same: Shown,
    /// For the worse.
    pub worse: Shown,
}

/// People of whom some answer is out of the figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LeftOutPeople {
    /// Why.
    pub reason: Reason,
    /// Of how many people.
    pub people: Shown,
}

pub(super) fn publish(
    policy: Policy,
    (catalogue, listed): (&Catalogue, usize),
    report: ScaleReport,
) -> Option<ScaleFigures> {
    catalogue.get(report.instrument)?.scales.get(report.scale)?;
    let counts = report.counts;
    let completed = u32::try_from(counts.matched)
        .ok()
        .zip(u32::try_from(counts.baseline).ok())
        .and_then(|(matched, baseline)| share(policy, matched, baseline));
    let figures = report.figures;
    let (change, ranks, bands, reliable) = match figures {
        Some(figures) => (
            figures.change,
            figures.ranks,
            figures.bands,
            figures.reliable,
        ),
        None => (None, None, None, Vec::new()),
    };
    Some(ScaleFigures {
        instrument: report.instrument,
        scale: report.scale,
        matched: u32::try_from(counts.matched)
            .map_or(Shown::Hidden, |matched| count(policy, matched)),
        completion: completion(policy, &counts, listed),
        completed,
        leavers_mean: report.leavers_mean,
        change,
        ranks,
        bands: bands
            .and_then(|bands| Table::two_way(&bands.people).ok())
            .map(|table| Release::new(policy, table, None)),
        reliable: reliable
            .iter()
            .map(|count| changed(policy, count))
            .collect(),
        finding: report.finding,
    })
}

/// Who answered when. The number of those who are compared is told with every figure, so where it would
/// have to be hidden here for the sake of a small count beside it, the others are.
///
/// `listed` is how many people there are. Where few of them did not agree, the number of those who did
/// would tell it.
fn completion(policy: Policy, counts: &Counts, listed: usize) -> Option<Completion> {
    let only_end = counts.end.checked_sub(counts.matched)?;
    let neither = counts.eligible.checked_sub(counts.baseline + only_end)?;
    if shown_part(policy, counts.eligible, listed) == Shown::Hidden {
        return None;
    }
    let by_when = one_way(policy, &[counts.matched, counts.left(), only_end, neither]);
    let at = |place| shown(by_when.as_ref(), place);
    matches!(at(0), Shown::Number(_)).then(|| Completion {
        both: at(0),
        left: at(1),
        only_end: at(2),
        neither: at(3),
        agreed: at(4),
    })
}

fn changed(policy: Policy, reliable: &ReliableCount) -> ReliableShown {
    let counts = [reliable.improved, reliable.about_the_same, reliable.worse];
    let release = Table::one_way(&counts)
        .ok()
        .map(|table| Release::new(policy, table, None));
    let at = |place| shown(release.as_ref(), place);
    ReliableShown {
        threshold: reliable.threshold,
        improved: at(0),
        about_the_same: at(1),
        worse: at(2),
    }
}

/// Of how many people something is out of the figures, for every reason that there is.
pub(super) fn left_out(
    policy: Policy,
    answers: &[Answer],
    left_out: &[LeftOut],
) -> Vec<LeftOutPeople> {
    let mut people: BTreeMap<Reason, BTreeSet<PersonId>> = BTreeMap::new();
    for one in left_out {
        if let Some(answer) = answers.get(one.answer) {
            people.entry(one.reason).or_default().insert(answer.person);
        }
    }
    let people = people.into_iter();
    people
        .map(|(reason, people)| LeftOutPeople {
            reason,
            people: u32::try_from(people.len())
                .map_or(Shown::Hidden, |people| count(policy, people)),
        })
        .collect()
}
