//! Scores that were worked out elsewhere: how many have one, and which way those moved who have two. Each tool
//! and area stands alone.

use std::collections::{BTreeMap, BTreeSet};

use super::Period;
use super::reach::keyed;
use crate::consent::Purpose;
use crate::disclosure::{Issuing, Shown, count};
use crate::ids::PersonId;
use crate::measures::{Moment, Score};
use crate::records::{Casework, Delivery};
use crate::scored_elsewhere::{ScoredElsewhere, key};
use crate::text::Line;

/// The scores of one tool in one area.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ElsewhereFigures {
    /// The tool, as it was written down first.
    pub tool: Line,
    /// The area.
    pub area: Line,
    /// How many people have a score at any moment.
    pub people: Shown,
    /// Of those with one at the beginning and one at the end: whose was higher at the end.
    pub higher: Shown,
    /// Whose was the same.
    pub same: Shown,
    /// Whose was lower.
    pub lower: Shown,
    /// All with both.
    pub both: Shown,
}

#[derive(Default)]
struct Collected {
    people: BTreeSet<PersonId>,
    at: BTreeMap<(Moment, PersonId), Score>,
}

/// The scores of people who agreed to the evaluation.
pub(super) fn figures(
    delivery: &Delivery,
    casework: Option<&Casework>,
    period: Period,
    issuing: &mut Issuing<'_>,
) -> Vec<ElsewhereFigures> {
    let all = casework.map_or_else(Vec::new, |casework| casework.elsewhere.all());
    let mut by_area: BTreeMap<(String, String), (&ScoredElsewhere, Collected)> = BTreeMap::new();
    for scored in all.into_iter().map(|head| &head.value) {
        let agreed = delivery.consent.status(scored.person, Purpose::Evaluation);
        if !agreed.permits() || !period.holds(scored.day) {
            continue;
        }
        let of = (key(&scored.tool), key(&scored.area));
        let (_, collected) = by_area.entry(of).or_insert((scored, Collected::default()));
        collected.people.insert(scored.person);
        collected
            .at
            .insert((scored.moment, scored.person), scored.figure);
    }
    by_area
        .into_iter()
        .map(|((tool, area), (first, collected))| {
            let name = format!("elsewhere/{tool}/{area}");
            let shown = issuing.one_way(&name, &keyed(&moved(&collected)));
            ElsewhereFigures {
                tool: first.tool.clone(),
                area: first.area.clone(),
                people: u32::try_from(collected.people.len())
                    .map_or(Shown::Hidden, |people| count(issuing.policy(), people)),
                higher: shown[0],
                same: shown[1],
                lower: shown[2],
                both: shown[3],
            }
        })
        .collect()
}

/// Whose score was higher at the end, the same, or lower.
fn moved(collected: &Collected) -> [usize; 3] {
    let mut counts = [0; 3];
    for person in &collected.people {
        let at = |moment| collected.at.get(&(moment, *person));
        if let Some((from, to)) = at(Moment::Baseline).zip(at(Moment::End)) {
            let place = match to.cmp(from) {
                core::cmp::Ordering::Greater => 0,
                core::cmp::Ordering::Equal => 1,
                core::cmp::Ordering::Less => 2,
            };
            counts[place] += 1;
        }
    }
    counts
}
