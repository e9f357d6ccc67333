//! Wilcoxon's signed-rank test.

use super::distribution::normal_two_sided;

/// Up to so many changes that are not zero, p is exact though some of them are as large as others.
pub const EXACT_TIES_MAX: usize = 25;
/// Up to so many, p is exact where no two are as large as each other. R does so below fifty.
pub const EXACT_UNTIED_MAX: usize = 49;

/// How p was worked out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WilcoxonMethod {
    /// Over every way in which the signs could have fallen.
    Exact,
    /// By the normal approximation with corrections for ties and for continuity.
    Normal,
}

/// The result of Wilcoxon's signed-rank test.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Wilcoxon {
    /// The smaller of the two sums of ranks, as SciPy reports it.
    pub w: f64,
    /// The sum of the ranks of what rose, as R reports it (V).
    pub w_plus: f64,
    /// Changes that are not zero.
    pub n: usize,
    /// Changes that are zero, which were left out.
    pub zeros: usize,
    /// Whether some changes are as large as others.
    pub ties: bool,
    /// The two-sided p, by `method`.
    pub p: f64,
    /// How it was worked out.
    pub method: WilcoxonMethod,
    /// The two-sided p of the normal approximation, whatever the method: with ties or zeros this is what
    /// R's `wilcox.test(end, baseline, paired = TRUE)` prints.
    pub p_normal: f64,
    /// The z of the approximation, negative where more fell than rose.
    pub z: f64,
    /// |z| over the root of the number of pairs.
    pub r: f64,
}

/// The test over changes in hundredths; `None` where none of them is other than zero.
///
/// Zeros are dropped, and changes that are as large as each other share the mean of their ranks. p is
/// exact where that can be had: up to 49 changes without ties, and up to 25 with them, by counting, over
/// all 2ⁿ signs, the sums of ranks that are at most W. Otherwise it is R's normal approximation.
pub fn wilcoxon(changes: &[i32]) -> Option<Wilcoxon> {
    let mut sizes: Vec<(u32, bool)> = changes
        .iter()
        .filter(|change| **change != 0)
        .map(|change| (change.unsigned_abs(), *change > 0))
        .collect();
    let n = sizes.len();
    if n == 0 {
        return None;
    }
    sizes.sort_unstable();
    // Ranks are doubled, so that a mean of two is a whole number.
    let (mut plus, mut tied) = (0u128, 0u128);
    let mut ranks = Vec::with_capacity(n);
    let mut before = 0;
    for same in sizes.chunk_by(|one, next| one.0 == next.0) {
        let count = same.len();
        let doubled = (2 * before + count + 1) as u64;
        let rising = same.iter().filter(|(_, rose)| *rose).count();
        plus += u128::from(doubled) * rising as u128;
        let count_wide = count as u128;
        tied += count_wide.pow(3) - count_wide;
        ranks.extend(core::iter::repeat_n(doubled, count));
        before += count;
    }
    let wide = n as u128;
    let all = wide * (wide + 1);
    let least = plus.min(all - plus);
    let ties = tied > 0;
    let (z, p_normal) = normal(n, plus, tied);
    let exactly = n <= EXACT_TIES_MAX || (!ties && n <= EXACT_UNTIED_MAX);
    let exact = exactly.then(|| exact(&ranks, least));
    Some(Wilcoxon {
        w: least as f64 / 2.0,
        w_plus: plus as f64 / 2.0,
        n,
        zeros: changes.len() - n,
        ties,
        p: exact.unwrap_or(p_normal),
        method: match exact {
            Some(_) => WilcoxonMethod::Exact,
            None => WilcoxonMethod::Normal,
        },
        p_normal,
        z,
        r: z.abs() / (changes.len() as f64).sqrt(),
    })
}

/// z and p of the approximation. `tied` is the sum of t³ − t over the groups of changes that are as large
/// as each other.
fn normal(n: usize, plus_doubled: u128, tied: u128) -> (f64, f64) {
    let wide = n as u128;
    let all = wide * (wide + 1);
    let above = (plus_doubled as f64) / 2.0 - (all as f64) / 4.0;
    // (2·n(n + 1)(2n + 1) − Σ(t³ − t)) / 48, in whole numbers as far as it goes.
    let variance = (2 * all * (2 * wide + 1) - tied) as f64 / 48.0;
    let correction = if above == 0.0 {
        0.0
    } else {
        0.5f64.copysign(above)
    };
    let z = (above - correction) / variance.sqrt();
    (z, normal_two_sided(z))
}

/// The exact two-sided p: the share of all 2ⁿ signs whose sum of doubled ranks is at most `least`, twice.
fn exact(ranks: &[u64], least: u128) -> f64 {
    let limit = usize::try_from(least).unwrap_or(usize::MAX);
    // ways[s]: in how many ways some of the ranks so far add up to s. At most 2⁴⁹, so f64 holds it.
    let mut ways = vec![0u64; limit.saturating_add(1)];
    ways[0] = 1;
    for rank in ranks {
        let rank = usize::try_from(*rank).unwrap_or(usize::MAX);
        for sum in (rank..ways.len()).rev() {
            ways[sum] += ways[sum - rank];
        }
    }
    let tail: u64 = ways.iter().sum();
    let all = 2f64.powi(i32::try_from(ranks.len()).unwrap_or(i32::MAX));
    (2.0 * tail as f64 / all).min(1.0)
}
