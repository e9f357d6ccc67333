//! What may be said about a scale: as data, so that each language and each output has its own words for
//! the same thing.
//!
//! The number of people decides how much may be said. Under the least number for statistics there are
//! none, and stories are told. Under thirty a finding is indicative. Nothing here says that a programme
//! brought a change about: there was no group to compare with (domain findings §5).

use super::instrument::{Direction, Instrument, Scale, Standing};
use super::statistics::{PairedChange, Wilcoxon};

/// From so many pairs a finding is more than indicative (Warwick's rule of thumb for group means).
pub const INFERENTIAL_FROM: usize = 30;

/// How much may be said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Strength {
    /// Too few for statistics: tell stories.
    Stories,
    /// A hint.
    Indicative,
    /// Enough for a test to mean something.
    Inferential,
}

/// Which way the scores moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Movement {
    /// Better, by more than would be expected of chance.
    Better,
    /// Worse, by more than would be expected of chance.
    Worse,
    /// More, where more is neither better nor worse.
    Rose,
    /// Less, where less is neither better nor worse.
    Fell,
    /// No clear change.
    NotClear,
}

impl Movement {
    /// Every way, in the order in which findings are told.
    pub const ALL: [Self; 5] = [
        Self::Better,
        Self::Worse,
        Self::Rose,
        Self::Fell,
        Self::NotClear,
    ];
}

/// How large a change is beside its spread: 0.2, 0.5 and 0.8 (Cohen J (1988)).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum EffectSize {
    /// Under 0.2.
    VerySmall,
    /// From 0.2.
    Small,
    /// From 0.5.
    Medium,
    /// From 0.8.
    Large,
}

impl EffectSize {
    /// The size of an effect.
    pub fn of(g: f64) -> Self {
        match g.abs() {
            g if g >= 0.8 => Self::Large,
            g if g >= 0.5 => Self::Medium,
            g if g >= 0.2 => Self::Small,
            _ => Self::VerySmall,
        }
    }
}

/// The test that decides whether a change is clear.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Basis {
    /// Student's paired t.
    PairedT,
    /// Wilcoxon's signed ranks: for single items, for ranks, and for fewer than thirty people.
    Wilcoxon,
}

/// What has to stand beside a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Caveat {
    /// Nobody who did not take part was asked, so other things may explain a change.
    NoComparisonGroup,
    /// People join when things are bad, and most are better later whatever happens.
    RegressionToTheMean,
    /// The questions are not validated.
    Unvalidated,
    /// An easy version, which must not be put together with others.
    ReportedApart,
    /// A third or more of those who answered at the beginning did not at the end.
    ManyLeft,
    /// Some had help from somebody in answering, which makes answers come out higher.
    Helped {
        /// How many of those who are compared.
        people: usize,
    },
    /// The same of people whose number is not told.
    SomeHelped,
}

/// What may be said about a scale.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// How much may be said.
    pub strength: Strength,
    /// Which way the scores moved; `None` where nothing may be said of it.
    pub movement: Option<Movement>,
    /// The test that decided.
    pub basis: Option<Basis>,
    /// The size of the effect, by Hedges' g_z.
    pub size: Option<EffectSize>,
    /// People who are compared.
    pub matched: usize,
    /// What has to stand beside it, in the order of importance.
    pub caveats: Vec<Caveat>,
}

/// The chance that is still called chance.
const SIGNIFICANT: f64 = 0.05;

/// How much may be said of so many pairs.
pub fn strength(matched: usize, least: usize) -> Strength {
    match matched {
        matched if matched < least => Strength::Stories,
        matched if matched < INFERENTIAL_FROM => Strength::Indicative,
        _ => Strength::Inferential,
    }
}

/// What a finding is made of.
pub(super) struct Seen<'a> {
    pub(super) instrument: &'a Instrument,
    pub(super) scale: &'a Scale,
    pub(super) matched: usize,
    pub(super) baseline: usize,
    pub(super) helped: usize,
    pub(super) least: usize,
    pub(super) change: Option<&'a PairedChange>,
    pub(super) ranks: Option<&'a Wilcoxon>,
}

pub(super) fn finding(seen: &Seen<'_>) -> Finding {
    let strength = strength(seen.matched, seen.least);
    let told = strength > Strength::Stories;
    let single = seen.scale.items.len() == 1;
    let basis = if single || seen.change.is_none() || strength < Strength::Inferential {
        Basis::Wilcoxon
    } else {
        Basis::PairedT
    };
    // Where nobody changed, or everybody by the same, a test is missing and nothing is clear by it.
    let (rising, p) = match basis {
        Basis::PairedT => {
            let test = seen.change.and_then(|change| change.t_test);
            (test.map_or(0.0, |test| test.t), test.map(|test| test.p))
        }
        Basis::Wilcoxon => (
            seen.ranks.map_or(0.0, |ranks| ranks.z),
            seen.ranks.map(|ranks| ranks.p),
        ),
    };
    // Ranks and mean may point different ways where a few changed by much: then nothing is clear.
    let agree = seen.change.is_none_or(|change| change.mean * rising > 0.0);
    let clear = agree && p.is_some_and(|p| p < SIGNIFICANT);
    let movement = match (clear, seen.scale.direction, rising > 0.0) {
        (false, ..) => Movement::NotClear,
        (true, Direction::Neither, true) => Movement::Rose,
        (true, Direction::Neither, false) => Movement::Fell,
        (true, _, true) => Movement::Better,
        (true, _, false) => Movement::Worse,
    };
    Finding {
        strength,
        movement: told.then_some(movement),
        basis: told.then_some(basis),
        size: seen
            .change
            .and_then(|change| change.g_z)
            .filter(|_| told)
            .map(EffectSize::of),
        matched: seen.matched,
        caveats: caveats(seen, told),
    }
}

fn caveats(seen: &Seen<'_>, told: bool) -> Vec<Caveat> {
    let mut caveats = Vec::new();
    if seen.instrument.regresses {
        caveats.push(Caveat::RegressionToTheMean);
    }
    if told {
        caveats.push(Caveat::NoComparisonGroup);
    }
    match seen.instrument.standing {
        Standing::Validated => {}
        Standing::Unvalidated => caveats.push(Caveat::Unvalidated),
        Standing::Apart => caveats.push(Caveat::ReportedApart),
    }
    let left = seen.baseline.saturating_sub(seen.matched);
    if told && left > 0 && left * 3 >= seen.baseline {
        caveats.push(Caveat::ManyLeft);
    }
    if told && seen.helped > 0 {
        caveats.push(Caveat::Helped {
            people: seen.helped,
        });
    }
    caveats
}
