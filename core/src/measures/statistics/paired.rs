//! Means, spreads and the change between them.

use super::distribution::{t_critical_95, t_two_sided};
use crate::measures::instrument::{Direction, Score};

/// One person's two scores.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pair {
    /// At the first moment.
    pub from: Score,
    /// At the second moment.
    pub to: Score,
}

impl Pair {
    /// The change in hundredths: end minus baseline, turned round where less is better, so that more is
    /// an improvement.
    pub const fn change(self, direction: Direction) -> i32 {
        let change = self.to.0 - self.from.0;
        match direction {
            Direction::HigherIsBetter | Direction::Neither => change,
            Direction::LowerIsBetter => -change,
        }
    }
}

/// A mean and its spread, in points.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Summary {
    /// How many.
    pub n: usize,
    /// The arithmetic mean.
    pub mean: f64,
    /// The standard deviation with n − 1; `None` for a single value.
    pub sd: Option<f64>,
}

/// The mean and the standard deviation of hundredths; `None` for nothing.
///
/// n·Σx² − (Σx)² is worked out in whole numbers, so there is no cancellation and no order.
pub fn summary(values: impl Iterator<Item = i32>) -> Option<Summary> {
    let (mut n, mut sum, mut squares) = (0i128, 0i128, 0i128);
    for value in values {
        let value = i128::from(value);
        n += 1;
        sum += value;
        squares += value * value;
    }
    if n == 0 {
        return None;
    }
    let count = n as f64;
    let spread = (n * squares - sum * sum) as f64;
    Some(Summary {
        n: n as usize,
        mean: sum as f64 / count / 100.0,
        sd: (n > 1).then(|| (spread / (count * (count - 1.0))).sqrt() / 100.0),
    })
}

/// The paired t-test.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TTest {
    /// t.
    pub t: f64,
    /// Degrees of freedom: pairs − 1.
    pub df: usize,
    /// The two-sided p.
    pub p: f64,
}

/// What pairs say about a change, in points.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PairedChange {
    /// The pairs.
    pub n: usize,
    /// The first scores.
    pub from: Summary,
    /// The second scores.
    pub to: Summary,
    /// The mean change, an improvement being positive.
    pub mean: f64,
    /// The standard deviation of the changes, with n − 1.
    pub sd: f64,
    /// The 95% interval of the mean change by Student's t.
    pub interval: (f64, f64),
    /// The t-test; `None` where everybody changed by the same, so that there is no spread.
    pub t_test: Option<TTest>,
    /// The mean change over the standard deviation of the changes.
    pub d_z: Option<f64>,
    /// d_z with Hedges' correction for few pairs.
    pub g_z: Option<f64>,
    /// The mean change over the mean of the two standard deviations.
    pub d_av: Option<f64>,
}

/// What pairs say about a change; `None` for fewer than two.
///
/// t = d̄/(s/√n); interval d̄ ± t₀.₉₇₅·s/√n; d_z = d̄/s; g_z = d_z·(1 − 3/(4(n − 1) − 1));
/// d_av = d̄/((SD_from + SD_to)/2) (domain findings §5; Lakens D (2013), Frontiers in Psychology 4:863).
pub fn paired(pairs: &[Pair], direction: Direction) -> Option<PairedChange> {
    let change = summary(pairs.iter().map(|pair| pair.change(direction)))?;
    let from = summary(pairs.iter().map(|pair| pair.from.0))?;
    let to = summary(pairs.iter().map(|pair| pair.to.0))?;
    let (mean, sd) = (change.mean, change.sd?);
    let n = pairs.len();
    let freedom = (n - 1) as f64;
    let error = sd / (n as f64).sqrt();
    let half = t_critical_95(freedom) * error;
    let spread = sd > 0.0;
    let d_z = spread.then(|| mean / sd);
    let average = f64::midpoint(from.sd?, to.sd?);
    Some(PairedChange {
        n,
        from,
        to,
        mean,
        sd,
        interval: (mean - half, mean + half),
        t_test: spread.then(|| {
            let t = mean / error;
            TTest {
                t,
                df: n - 1,
                p: t_two_sided(t, freedom),
            }
        }),
        d_z,
        g_z: d_z.map(|d_z| d_z * (1.0 - 3.0 / (4.0 * freedom - 1.0))),
        d_av: (average > 0.0).then(|| mean / average),
    })
}
