//! Answers in, figures out.

use std::collections::BTreeSet;

use super::answer::Answer;
use super::catalogue::{Catalogue, InstrumentNo};
use super::counts::{BandTable, ReliableCount, band_table, reliable_count};
use super::finding::{Finding, Seen, finding};
use super::instrument::{Instrument, Level, Scale, Score};
use super::pairing::{Comparison, Windows, in_order, leave_out};
use super::participant::{Consent, People};
use super::sitting::{Sitting, sittings};
use super::sorting::{LeftOut, Reason};
use super::statistics::{Pair, PairedChange, Wilcoxon, paired, summary, wilcoxon};
use crate::disclosure::Policy;
use crate::ids::PersonId;

/// What is asked of an evaluation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    /// What is compared with what.
    pub comparison: Comparison,
    /// How far from its session an answer may be given.
    pub windows: Windows,
    /// From how many people there are means.
    pub policy: Policy,
}

impl Default for Plan {
    fn default() -> Self {
        Self {
            comparison: Comparison::Course,
            windows: Windows::default(),
            policy: Policy::default(),
        }
    }
}

/// How many people answered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// People whose answers may be used: those who agreed to the evaluation, or, without such a list,
    /// those who answered any of the instrument at either moment.
    pub eligible: usize,
    /// People with a complete score at the first moment.
    pub baseline: usize,
    /// People with a complete score at the second.
    pub end: usize,
    /// People with both. Every figure is about these.
    pub matched: usize,
    /// Of these, people who had help from somebody at either moment.
    pub helped: usize,
}

impl Counts {
    /// The share of those with a baseline who also have an end, from 0 to 1; `None` without a baseline.
    pub fn completion(&self) -> Option<f64> {
        (self.baseline > 0).then(|| self.matched as f64 / self.baseline as f64)
    }

    /// People with a baseline and no end.
    pub const fn left(&self) -> usize {
        self.baseline - self.matched
    }
}

/// Figures of people who have both scores.
#[derive(Clone, Debug, PartialEq)]
pub struct Figures {
    /// Means and their change; `None` for a scale of ordered steps, which has none.
    pub change: Option<PairedChange>,
    /// Signed ranks; `None` where nobody changed.
    pub ranks: Option<Wilcoxon>,
    /// Who was in which band.
    pub bands: Option<BandTable>,
    /// Who changed by enough to matter.
    pub reliable: Vec<ReliableCount>,
}

/// What came out for one scale of one instrument.
#[derive(Clone, Debug, PartialEq)]
pub struct ScaleReport {
    /// The instrument.
    pub instrument: InstrumentNo,
    /// The place of the scale in it.
    pub scale: usize,
    /// How many people answered.
    pub counts: Counts,
    /// The mean baseline, in points, of those who have no end; `None` where they are too few for a mean.
    /// The mean of everybody's baseline is not told, because the leavers' would follow from it.
    pub leavers_mean: Option<f64>,
    /// Figures; `None` where too few people have both scores.
    pub figures: Option<Figures>,
    /// Who is behind it.
    pub compared: Compared,
    /// What may be said.
    pub finding: Finding,
}

/// Whose scores are in the figures of one scale. It is for holding one report against another, and not for
/// showing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Compared {
    /// Those who have both scores, in the order of [`Compared::pairs`].
    pub people: Vec<PersonId>,
    /// Their scores.
    pub pairs: Vec<Pair>,
    /// Those who have a baseline and no end, with it.
    pub leavers: Vec<(PersonId, Score)>,
}

/// What came out.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// Every scale of every instrument that was answered, in the order of the catalogue.
    pub scales: Vec<ScaleReport>,
    /// The answers that are out of the figures, in the order in which they were given.
    pub left_out: Vec<LeftOut>,
}

/// Works out every scale of every instrument that was answered.
///
/// The order of the answers does not matter. Sorting takes the longest, so that a report over n answers
/// takes n·log n.
pub fn evaluate(catalogue: &Catalogue, answers: &[Answer], people: &People, plan: &Plan) -> Report {
    let mut left_out = Vec::new();
    let sittings = sittings(catalogue, answers, people, &mut left_out);
    let agreed = agreed(people);
    let mut scales = Vec::new();
    for of_instrument in sittings.chunk_by(|one, next| one.instrument == next.instrument) {
        let asked: Vec<_> = of_instrument
            .iter()
            .filter(|sitting| plan.comparison.includes(sitting))
            .collect();
        let instrument = of_instrument
            .first()
            .and_then(|sitting| Some((sitting.instrument, catalogue.get(sitting.instrument)?)));
        let Some((place, definition)) = instrument.filter(|_| !asked.is_empty()) else {
            continue;
        };
        let mut collected: Vec<_> = definition
            .scales
            .iter()
            .map(|_| Collected::default())
            .collect();
        let mut answered = 0;
        for of_person in asked.chunk_by(|one, next| one.person == next.person) {
            answered += 1;
            collect(&mut collected, of_person, people, plan, &mut left_out);
        }
        let eligible = agreed.unwrap_or(answered);
        for (scale, collected) in collected.into_iter().enumerate() {
            scales.extend(report(
                (place, definition),
                scale,
                collected,
                eligible,
                plan,
            ));
        }
    }
    left_out.sort_unstable();
    Report { scales, left_out }
}

/// How many people of a list agreed to the evaluation.
fn agreed(people: &People) -> Option<usize> {
    match people {
        People::WhoeverAnswered => None,
        People::Listed(people) => Some(
            people
                .values()
                .filter(|one| matches!(one.consent, Consent::Given { .. } | Consent::NotKeptHere))
                .count(),
        ),
    }
}

/// What is known of one scale.
#[derive(Default)]
struct Collected {
    compared: Compared,
    end: usize,
    helped: usize,
}

/// Adds one person's scores to each scale.
fn collect(
    collected: &mut [Collected],
    of_person: &[&Sitting],
    people: &People,
    plan: &Plan,
    left_out: &mut Vec<LeftOut>,
) {
    let Some(person) = of_person.first().map(|sitting| sitting.person) else {
        return;
    };
    let journey = people
        .get(person)
        .and_then(|participant| participant.journey);
    let (from, to) = plan.comparison.moments();
    let mut at = |moment| {
        let there: Vec<_> = of_person
            .iter()
            .filter(|sitting| sitting.moment == moment)
            .copied()
            .collect();
        in_order(&there, journey, plan.windows, left_out)
    };
    let (from, to) = (at(from), at(to));
    // The nearest sitting in which the scale is complete.
    let best = |there: &[&Sitting], scale: usize| {
        there.iter().enumerate().find_map(|(place, sitting)| {
            let score = sitting.scores.get(scale).copied().flatten()?;
            Some((place, score, sitting.helped))
        })
    };
    // A sitting that was asked anew counts where its scale is complete; the nearest counts anyway.
    let (mut used_from, mut used_to) = (BTreeSet::from([0]), BTreeSet::from([0]));
    for (scale, one) in collected.iter_mut().enumerate() {
        let (before, after) = (best(&from, scale), best(&to, scale));
        used_from.extend(before.map(|(place, ..)| place));
        used_to.extend(after.map(|(place, ..)| place));
        one.end += usize::from(after.is_some());
        match (before, after) {
            (Some((_, from, helped)), Some((_, to, helped_too))) => {
                one.compared.people.push(person);
                one.compared.pairs.push(Pair { from, to });
                one.helped += usize::from(helped || helped_too);
            }
            (Some((_, score, _)), None) => one.compared.leavers.push((person, score)),
            (None, _) => {}
        }
    }
    for (there, used) in [(from, used_from), (to, used_to)] {
        for (place, sitting) in there.into_iter().enumerate() {
            if !used.contains(&place) {
                leave_out(sitting, Reason::AnotherIsNearer, left_out);
            }
        }
    }
}

fn report(
    (instrument, definition): (InstrumentNo, &Instrument),
    scale: usize,
    collected: Collected,
    eligible: usize,
    plan: &Plan,
) -> Option<ScaleReport> {
    let of = definition.scales.get(scale)?;
    let compared = collected.compared;
    let matched = compared.pairs.len();
    let counts = Counts {
        eligible,
        baseline: matched + compared.leavers.len(),
        end: collected.end,
        matched,
        helped: collected.helped,
    };
    let least = plan.policy.mean_min();
    let figures = (matched >= least).then(|| figures(of, &compared.pairs));
    let means = of.level == Level::Interval;
    let leavers_mean = summary(compared.leavers.iter().map(|(_, score)| score.0))
        .filter(|leavers| means && leavers.n >= least)
        .map(|leavers| leavers.mean);
    let finding = finding(&Seen {
        instrument: definition,
        scale: of,
        matched,
        baseline: counts.baseline,
        helped: counts.helped,
        least,
        change: figures.as_ref().and_then(|figures| figures.change.as_ref()),
        ranks: figures.as_ref().and_then(|figures| figures.ranks.as_ref()),
    });
    Some(ScaleReport {
        instrument,
        scale,
        counts,
        leavers_mean,
        figures,
        compared,
        finding,
    })
}

fn figures(scale: &Scale, pairs: &[Pair]) -> Figures {
    let changes: Vec<_> = pairs
        .iter()
        .map(|pair| pair.change(scale.direction))
        .collect();
    Figures {
        change: match scale.level {
            Level::Interval => paired(pairs, scale.direction),
            Level::Ordinal => None,
        },
        ranks: wilcoxon(&changes),
        bands: scale.bands.as_ref().map(|bands| band_table(pairs, bands)),
        reliable: scale
            .reliable
            .iter()
            .map(|threshold| reliable_count(pairs, scale.direction, *threshold))
            .collect(),
    }
}
