//! How long to wait before trying again.

/// The wait after the first failure, in milliseconds.
const FIRST_MS: u32 = 2_000;

/// The longest wait, in milliseconds.
const LONGEST_MS: u32 = 5 * 60 * 1_000;

/// The wait after `failures` failures running: doubling, at most five minutes, spread by `random` over
/// the upper half, so that the tablets of a site do not all come back in the same moment.
pub(super) fn wait_ms(failures: u32, random: u32) -> u32 {
    let whole = FIRST_MS
        .saturating_mul(1 << failures.saturating_sub(1).min(16))
        .min(LONGEST_MS);
    whole / 2 + random % (whole / 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_to_five_minutes_and_no_further() {
        for random in [0, 1, u32::MAX] {
            assert!((1_000..2_000).contains(&wait_ms(1, random)));
            assert!((2_000..4_000).contains(&wait_ms(2, random)));
            assert!((150_000..300_000).contains(&wait_ms(u32::MAX, random)));
        }
    }
}
