//! The distributions that the tests need, from `statrs`.

use statrs::function::beta::checked_beta_reg;
use statrs::function::erf::erfc;

/// The chance that Student's t with `df` degrees of freedom lies at least as far from zero as `t`.
pub fn t_two_sided(t: f64, df: f64) -> f64 {
    // t² / (df + t²) loses what is left of a tail, and so does its complement near zero: each side is
    // worked out where it is small.
    let square = t * t;
    let near = square / (df + square);
    if near < 0.5 {
        1.0 - checked_beta_reg(0.5, df / 2.0, near).unwrap_or(f64::NAN)
    } else {
        checked_beta_reg(df / 2.0, 0.5, df / (df + square)).unwrap_or(f64::NAN)
    }
}

/// The t beyond which, on both sides together, five in a hundred lie: for a 95% interval.
///
/// `statrs` has an inverse of its own, which is off in the sixth digit at 100,000 degrees of freedom; so
/// this halves an interval over [`t_two_sided`] until nothing is between its ends.
pub fn t_critical_95(df: f64) -> f64 {
    // 12.706 with one degree of freedom, 1.960 with infinitely many.
    let (mut low, mut high) = (1.9, 13.0);
    loop {
        let middle = f64::midpoint(low, high);
        if middle <= low || middle >= high {
            return middle;
        }
        if t_two_sided(middle, df) > 0.05 {
            low = middle;
        } else {
            high = middle;
        }
    }
}

/// The chance that a standard normal variable lies at least as far from zero as `z`.
pub fn normal_two_sided(z: f64) -> f64 {
    erfc(z.abs() / core::f64::consts::SQRT_2)
}

/// The chance that χ² with one degree of freedom is at least this.
pub fn chi_squared_1_upper(statistic: f64) -> f64 {
    erfc((statistic / 2.0).sqrt())
}
