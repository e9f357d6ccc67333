//! Scores that somebody worked out elsewhere, with an instrument whose words and method belong to others, as
//! the Well-being Star (licence and training for every worker; domain findings §4).
//!
//! What is kept is a day, an area, a figure and who holds the licence; nothing of theirs is copied. The
//! figures are reported by tool and area, and never put together with others. A coordinator writes them down,
//! and they lie in casework.

#[cfg(test)]
mod tests;
mod wire;

use std::collections::BTreeMap;

use crate::clock::Date;
use crate::event::Draft;
use crate::heads::{Head, Heads, Stamp};
use crate::ids::{EventId, PersonId, ProgrammeId, ScoreId};
use crate::measures::{Moment, Score};
use crate::records::{Casework, Delivery, Records};
use crate::stream::Stream;
use crate::text::Line;

/// A score from elsewhere was written down, or was taken out again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScoredElsewhere {
    /// Which.
    pub score: ScoreId,
    /// Whose.
    pub person: PersonId,
    /// What it was measured with.
    pub tool: Line,
    /// The area that it is about.
    pub area: Line,
    /// The figure.
    pub figure: Score,
    /// The lowest and the highest figure that the tool gives.
    pub range: (Score, Score),
    /// When in the person's course.
    pub moment: Moment,
    /// The day on which it was worked out.
    pub day: Date,
    /// Who holds the licence, and the training that goes with it.
    pub licence_holder: Line,
    /// Whether it was taken out again, because it was written down by mistake.
    pub is_taken_out: bool,
}

impl ScoredElsewhere {
    fn check(&self) -> Result<(), ElsewhereError> {
        let (low, high) = self.range;
        if low >= high {
            Err(ElsewhereError::NoRange)
        } else if (low..=high).contains(&self.figure) {
            Ok(())
        } else {
            Err(ElsewhereError::OutsideRange)
        }
    }

    /// Whether another is of the same thing: of the same person, tool, area and moment.
    fn is_of_the_same(&self, other: &Self) -> bool {
        let of = |one: &Self| (one.person, key(&one.tool), key(&one.area), one.moment);
        of(self) == of(other)
    }
}

/// A name as it is compared: in whatever case somebody types it.
pub(crate) fn key(name: &Line) -> String {
    name.as_str().to_lowercase()
}

/// A figure as somebody types it: whole points, or with one or two digits after a point or a comma. `None`
/// for anything else, and for more than ten thousand points either way.
pub fn parse_figure(typed: &str) -> Option<Score> {
    const POINTS_MAX: u32 = 10_000;
    let typed = typed.trim();
    let (sign, digits) = match typed.strip_prefix(['-', '−']) {
        Some(digits) => (-1, digits),
        None => (1, typed),
    };
    let (whole, after) = digits.split_once(['.', ',']).unwrap_or((digits, "0"));
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if !is_number(whole) || !is_number(after) || after.len() > 2 {
        return None;
    }
    let whole: u32 = whole.parse().ok().filter(|points| *points <= POINTS_MAX)?;
    let rest: u32 = after.parse().ok()?;
    // One digit after the point is tenths.
    let hundredths = if after.len() == 1 { rest * 10 } else { rest };
    i32::try_from(whole * 100 + hundredths)
        .ok()
        .map(|score| Score(sign * score))
}

/// Why a score was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ElsewhereError {
    /// The device holds no such person.
    #[error("no such person")]
    NoPerson,
    /// The device holds no such score.
    #[error("no such score")]
    NoScore,
    /// The range has no width.
    #[error("the highest figure is not above the lowest")]
    NoRange,
    /// The figure lies outside it.
    #[error("the figure lies outside its range")]
    OutsideRange,
    /// The person has a score of this tool, area and moment.
    #[error("there is such a score")]
    Twice,
}

/// Writes a score down.
///
/// # Errors
/// See [`ElsewhereError`].
pub fn score_elsewhere(
    records: &Records,
    programme: ProgrammeId,
    mut scored: ScoredElsewhere,
) -> Result<Draft, ElsewhereError> {
    let delivery = records.delivery(programme);
    let delivery = delivery.ok_or(ElsewhereError::NoPerson)?;
    delivery
        .person(scored.person)
        .ok_or(ElsewhereError::NoPerson)?;
    scored.check()?;
    let casework = records.casework(programme);
    let of_person = casework.map(|casework| casework.elsewhere.of(scored.person));
    let mut known = of_person.into_iter().flatten();
    if known.any(|head| head.value.is_of_the_same(&scored)) {
        return Err(ElsewhereError::Twice);
    }
    scored.is_taken_out = false;
    Ok(Draft {
        stream: Stream::Casework(programme),
        supersedes: Vec::new(),
        body: scored.into(),
    })
}

/// Takes a score out again.
///
/// # Errors
/// [`ElsewhereError::NoScore`] if there is none, or it was taken out.
pub fn take_score_out(
    records: &Records,
    programme: ProgrammeId,
    score: ScoreId,
) -> Result<Draft, ElsewhereError> {
    let casework = records.casework(programme);
    let heads = casework.and_then(|casework| casework.elsewhere.all.get(&score));
    let (heads, stands) = heads
        .and_then(|heads| Some((heads, heads.latest()?)))
        .filter(|(_, stands)| !stands.value.is_taken_out)
        .ok_or(ElsewhereError::NoScore)?;
    Ok(Draft {
        stream: Stream::Casework(programme),
        supersedes: heads.ids(),
        body: ScoredElsewhere {
            is_taken_out: true,
            ..stands.value.clone()
        }
        .into(),
    })
}

/// Scores from elsewhere, for whoever may read casework.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ScoresElsewhere {
    all: BTreeMap<ScoreId, Heads<ScoredElsewhere>>,
}

impl ScoresElsewhere {
    pub(crate) fn insert(&mut self, stamp: Stamp, supersedes: &[EventId], scored: ScoredElsewhere) {
        self.all
            .entry(scored.score)
            .or_default()
            .insert(stamp, supersedes, scored);
    }

    /// All that stand, by day.
    pub fn all(&self) -> Vec<&Head<ScoredElsewhere>> {
        let latest = self.all.values().filter_map(Heads::latest);
        let mut all: Vec<_> = latest.filter(|head| !head.value.is_taken_out).collect();
        all.sort_by_key(|head| (head.value.day, head.value.score));
        all
    }

    /// Those of one person, by day.
    pub fn of(&self, person: PersonId) -> impl Iterator<Item = &Head<ScoredElsewhere>> {
        let all = self.all().into_iter();
        all.filter(move |head| head.value.person == person)
    }

    /// The one that was written down last, whose tool the next is likely to be of.
    pub fn last(&self) -> Option<&Head<ScoredElsewhere>> {
        let all = self.all().into_iter();
        all.max_by_key(|head| head.stamp.at)
    }
}

/// Somebody of a programme, and how many scores from elsewhere they have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ElsewhereLine {
    /// Who.
    pub person: PersonId,
    /// What they want to be called.
    pub name: String,
    /// How many.
    pub scores: usize,
}

/// Everybody of a programme, by preferred name.
pub fn elsewhere_list(delivery: &Delivery, casework: Option<&Casework>) -> Vec<ElsewhereLine> {
    let mut counts: BTreeMap<PersonId, usize> = BTreeMap::new();
    for head in casework
        .iter()
        .flat_map(|casework| casework.elsewhere.all())
    {
        *counts.entry(head.value.person).or_default() += 1;
    }
    let people = delivery.people();
    let mut all: Vec<_> = people
        .map(|(person, recorded)| ElsewhereLine {
            person,
            name: recorded.details.preferred_name.to_string(),
            scores: counts.get(&person).copied().unwrap_or_default(),
        })
        .collect();
    all.sort_by_key(|line| (line.name.to_lowercase(), line.person));
    all
}
