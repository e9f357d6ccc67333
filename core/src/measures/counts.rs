//! Counts of people: how many changed by enough to matter, and who moved between bands.

use super::instrument::{Bands, Direction, Reliable};
use super::statistics::{McNemar, Pair, mcnemar};

/// How many people changed by at least so much.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReliableCount {
    /// By how much, and where that figure is from.
    pub threshold: Reliable,
    /// People whose score improved by at least that; for a scale without a better end, rose.
    pub improved: u32,
    /// People whose score changed by less.
    pub about_the_same: u32,
    /// People whose score became worse by at least that; for a scale without a better end, fell.
    pub worse: u32,
}

/// How many people changed by at least so much.
pub fn reliable_count(pairs: &[Pair], direction: Direction, threshold: Reliable) -> ReliableCount {
    let mut count = ReliableCount {
        threshold,
        improved: 0,
        about_the_same: 0,
        worse: 0,
    };
    for pair in pairs {
        let change = pair.change(direction);
        if change >= threshold.least.0 {
            count.improved += 1;
        } else if change <= -threshold.least.0 {
            count.worse += 1;
        } else {
            count.about_the_same += 1;
        }
    }
    count
}

/// Who was in which band before and after.
#[derive(Clone, Debug, PartialEq)]
pub struct BandTable {
    /// `people[before][after]`, in the order of the scale's bands.
    pub people: Vec<Vec<u32>>,
    /// Whether more left the band that one would like people to leave than came into it; `None` where
    /// nobody did either.
    pub least_well: Option<McNemar>,
}

/// The table of bands before and after, and McNemar's test over the least well band against the others.
pub fn band_table(pairs: &[Pair], bands: &Bands) -> BandTable {
    let count = bands.bands.len();
    let mut people = vec![vec![0u32; count]; count];
    for pair in pairs {
        let cell = people
            .get_mut(bands.of(pair.from))
            .and_then(|row| row.get_mut(bands.of(pair.to)));
        if let Some(cell) = cell {
            *cell += 1;
        }
    }
    let least_well = bands.least_well;
    let (mut left, mut came) = (0, 0);
    for (before, row) in people.iter().enumerate() {
        for (after, people) in row.iter().enumerate() {
            match (before == least_well, after == least_well) {
                (true, false) => left += people,
                (false, true) => came += people,
                _ => {}
            }
        }
    }
    BandTable {
        people,
        least_well: mcnemar(left, came),
    }
}
