//! McNemar's test: did more people leave a band than came into it?

use super::distribution::chi_squared_1_upper;

/// From so many people who changed, the approximation is used.
pub const EXACT_BELOW: u32 = 25;

/// The result of McNemar's test.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct McNemar {
    /// People who left the band.
    pub left: u32,
    /// People who came into it.
    pub came: u32,
    /// χ² with continuity correction, where the approximation was used.
    pub chi_squared: Option<f64>,
    /// The two-sided p.
    pub p: f64,
}

/// McNemar's test over those who changed; `None` where nobody did.
///
/// Below 25 who changed, the exact two-sided binomial (R: `binom.test(left, left + came)`); from there,
/// χ² with one degree of freedom and continuity correction (R: `mcnemar.test` with its default).
pub fn mcnemar(left: u32, came: u32) -> Option<McNemar> {
    let changed = left.checked_add(came).filter(|changed| *changed > 0)?;
    if changed < EXACT_BELOW {
        let mut ways: u64 = 1;
        let mut tail: u64 = 0;
        for k in 0..=left.min(came) {
            tail += ways;
            ways = ways * u64::from(changed - k) / u64::from(k + 1);
        }
        // Below 2²⁵, so that everything is exact.
        let p = (2 * tail) as f64 / f64::from(1u32 << changed);
        return Some(McNemar {
            left,
            came,
            chi_squared: None,
            p: p.min(1.0),
        });
    }
    let apart = f64::from(left.abs_diff(came)) - 1.0;
    let statistic = apart.max(0.0).powi(2) / f64::from(changed);
    Some(McNemar {
        left,
        came,
        chi_squared: Some(statistic),
        p: chi_squared_1_upper(statistic),
    })
}
