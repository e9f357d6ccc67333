//! When keys are dropped because nobody uses the tablet.

use crate::clock::Instant;

/// Keys are kept so long after the last use, in milliseconds: five minutes (security findings §1.4).
pub const IDLE_MS: u64 = 5 * 60 * 1_000;

/// Whether keys have to go. Timers sleep with the tablet, so it is the clocks that are compared; one that
/// went back tells nothing, and then the keys go too.
pub fn is_idle(last_use: Instant, now: Instant) -> bool {
    now.0
        .checked_sub(last_use.0)
        .is_none_or(|unused| unused >= IDLE_MS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_go_after_five_minutes_and_with_a_clock_that_went_back() {
        let last = Instant(1_780_000_000_000);
        let after = |ms: i64| Instant(last.0.saturating_add_signed(ms));
        assert!(!is_idle(last, last));
        assert!(!is_idle(last, after(299_999)));
        assert!(is_idle(last, after(300_000)));
        assert!(is_idle(last, after(-1)));
    }
}
