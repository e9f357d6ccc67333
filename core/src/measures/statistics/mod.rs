//! Statistics of pairs: pure functions of whole hundredths.
//!
//! Sums of scores and of their squares are whole numbers, so a figure does not depend on the order in
//! which people answered, not even in its last digit. Tests in `core/tests/statistics.rs` compare every
//! figure with SciPy and with arithmetic of forty digits.

mod distribution;
mod mcnemar;
mod paired;
mod wilcoxon;

pub use distribution::{chi_squared_1_upper, normal_two_sided, t_critical_95, t_two_sided};
pub use mcnemar::{EXACT_BELOW, McNemar, mcnemar};
pub use paired::{Pair, PairedChange, Summary, TTest, paired, summary};
pub use wilcoxon::{EXACT_TIES_MAX, EXACT_UNTIED_MAX, Wilcoxon, WilcoxonMethod, wilcoxon};
