//! Before and after, as it may be published.

use std::collections::{BTreeMap, BTreeSet};

use super::reach::{keyed, shown_part};
use crate::disclosure::{Issuing, Part, Release, Shown, count, share};
use crate::ids::PersonId;
use crate::measures::instrument::{Reliable, Score};
use crate::measures::statistics::{PairedChange, Wilcoxon};
use crate::measures::{
    Answer, Catalogue, Caveat, Compared, Counts, Finding, InstrumentNo, LeftOut, Reason,
    ReliableCount, ScaleReport, Strength,
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
    /// Whether the figures are held back, because since they were given out too few people's answers came or
    /// changed to be told together with those.
    pub is_held_back: bool,
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

/// What may be published of a scale. `of` tells what the figures are kept by from those of the same scale about
/// something else.
pub(super) fn publish(
    issuing: &mut Issuing<'_>,
    of: &str,
    (catalogue, listed): (&Catalogue, usize),
    mut report: ScaleReport,
) -> Option<ScaleFigures> {
    let instrument = catalogue.get(report.instrument)?;
    let scale = instrument.scales.get(report.scale)?;
    let name = format!("{of}scale/{}/{}", instrument.key, scale.key);
    let name = |what: &str| format!("{name}/{what}");
    let (policy, counts) = (issuing.policy(), report.counts);
    let compared = core::mem::take(&mut report.compared);
    // Without figures there is nothing to hold back.
    let figures = report.figures.take();
    let is_held_back =
        figures.is_some() && !issuing.may_show(&name("change"), both_scores(&compared));
    let figures = figures.filter(|_| !is_held_back);
    if is_held_back {
        say_nothing(&mut report.finding);
    } else {
        tell_helped(issuing, &name("helped"), &mut report.finding);
    }
    let (change, ranks, bands, reliable) = match figures {
        Some(figures) => (
            figures.change,
            figures.ranks,
            figures.bands,
            figures.reliable,
        ),
        None => (None, None, None, Vec::new()),
    };
    let completed = u32::try_from(counts.matched)
        .ok()
        .zip(u32::try_from(counts.baseline).ok())
        .and_then(|(matched, baseline)| share(policy, matched, baseline));
    let who_stayed = [matched_people(&compared), left_people(&compared)].concat();
    Some(ScaleFigures {
        instrument: report.instrument,
        scale: report.scale,
        matched: u32::try_from(counts.matched)
            .map_or(Shown::Hidden, |matched| count(policy, matched)),
        completion: completion(issuing, &name("completion"), (&counts, listed)),
        completed: issuing.figure(&name("completed"), who_stayed, completed),
        leavers_mean: issuing.figure(
            &name("leavers"),
            left_scores(&compared),
            report.leavers_mean,
        ),
        change,
        ranks,
        bands: bands.and_then(|bands| issuing.two_way(&name("bands"), &bands.people)),
        reliable: reliable
            .iter()
            .enumerate()
            .map(|(place, count)| changed(issuing, &name(&format!("reliable/{place}")), count))
            .collect(),
        is_held_back,
        finding: report.finding,
    })
}

/// What those who have both scores said.
fn both_scores(compared: &Compared) -> Vec<Part> {
    let each = compared.people.iter().zip(&compared.pairs);
    each.map(|(person, pair)| Part::of(&[person.0, score(pair.from), score(pair.to)]))
        .collect()
}

/// What those who have a baseline and no end said.
fn left_scores(compared: &Compared) -> Vec<Part> {
    let leavers = compared.leavers.iter();
    leavers
        .map(|(person, baseline)| Part::of(&[person.0, score(*baseline)]))
        .collect()
}

/// That somebody has both scores.
fn matched_people(compared: &Compared) -> Vec<Part> {
    let people = compared.people.iter();
    people.map(|person| Part::of(&[person.0, 1])).collect()
}

/// That somebody has a baseline and no end.
fn left_people(compared: &Compared) -> Vec<Part> {
    let leavers = compared.leavers.iter();
    leavers
        .map(|(person, _)| Part::of(&[person.0, 0]))
        .collect()
}

fn score(score: Score) -> u64 {
    u64::from(score.0.cast_unsigned())
}

/// Nothing is said of a scale whose figures are held back, and nothing has to stand beside it.
fn say_nothing(finding: &mut Finding) {
    (finding.movement, finding.basis, finding.size) = (None, None, None);
    finding.strength = Strength::Stories;
    finding.caveats.clear();
}

/// How many had help is a count of people like others.
fn tell_helped(issuing: &mut Issuing<'_>, name: &str, finding: &mut Finding) {
    let matched = finding.matched;
    for caveat in &mut finding.caveats {
        if let Caveat::Helped { people } = *caveat
            && !matches!(issuing.part(name, people, matched), Shown::Number(_))
        {
            *caveat = Caveat::SomeHelped;
        }
    }
}

/// Who answered when. The number of those who are compared is told with every figure, so where it would
/// have to be hidden here for the sake of a small count beside it, the others are.
///
/// `listed` is how many people there are. Where few of them did not agree, the number of those who did
/// would tell it.
fn completion(
    issuing: &mut Issuing<'_>,
    name: &str,
    (counts, listed): (&Counts, usize),
) -> Option<Completion> {
    let only_end = counts.end.checked_sub(counts.matched)?;
    let neither = counts.eligible.checked_sub(counts.baseline + only_end)?;
    if shown_part(issuing.policy(), counts.eligible, listed) == Shown::Hidden {
        return None;
    }
    let by_when = [counts.matched, counts.left(), only_end, neither];
    let by_when = issuing.one_way(name, &keyed(&by_when));
    let [both, left, only_end, neither, agreed] = by_when[..] else {
        return None;
    };
    matches!(both, Shown::Number(_)).then_some(Completion {
        both,
        left,
        only_end,
        neither,
        agreed,
    })
}

fn changed(issuing: &mut Issuing<'_>, name: &str, reliable: &ReliableCount) -> ReliableShown {
    let counts = [reliable.improved, reliable.about_the_same, reliable.worse];
    let counts: Vec<_> = (0u64..).zip(counts.map(|count| count as usize)).collect();
    let shown = issuing.one_way(name, &counts);
    ReliableShown {
        threshold: reliable.threshold,
        improved: shown[0],
        about_the_same: shown[1],
        worse: shown[2],
    }
}

/// Of how many people something is out of the figures, for every reason that there is.
pub(super) fn left_out(
    issuing: &mut Issuing<'_>,
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
            people: issuing.count(&left_out_name(reason), people.len()),
        })
        .collect()
}

/// Under what it is kept of how many people something is out of the figures.
fn left_out_name(reason: Reason) -> String {
    match reason {
        Reason::OutsideScale { low, high } => {
            format!("left-out/{}/{low}/{high}", reason.name())
        }
        _ => format!("left-out/{}", reason.name()),
    }
}
