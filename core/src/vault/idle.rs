//! When the screen is covered, and when keys are dropped, because nobody uses the tablet.

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

/// The screen is covered so long after the last touch, in milliseconds: five minutes. The PIN brings it
/// back, and only while the keys are still in memory.
const COVER_MS: u64 = 5 * 60 * 1_000;

/// The tablet's keys are dropped so long after the last touch, in milliseconds: half an hour. At a dig the
/// tablet lies between two uses for longer than five minutes, and whoever has to type five words each time
/// writes them on the case (docs/decisions/0021-vault.md).
const LOCK_MS: u64 = 30 * 60 * 1_000;

/// A tablet that was handed over drops its keys when its screen was dark so long, in milliseconds: half a
/// minute (security findings §1.4).
const HANDED_OVER_DARK_MS: u64 = 30 * 1_000;

/// What an unlocked tablet shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Screen {
    /// What somebody works on.
    Open,
    /// The question for the PIN.
    Covered,
    /// Nothing: the keys go.
    Locked,
}

/// How a tablet was last used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Usage {
    /// When somebody last touched it.
    pub last_touch: Instant,
    /// Since when its screen is dark or shows something else.
    pub dark_since: Option<Instant>,
    /// Whether a participant has it.
    pub handed_over: bool,
}

impl Usage {
    /// What is to be on screen at `now`. As with [`is_idle`], clocks are compared, and one that went back
    /// locks.
    pub fn screen(self, now: Instant) -> Screen {
        let Some(unused) = now.0.checked_sub(self.last_touch.0) else {
            return Screen::Locked;
        };
        let dark = self.dark_since.map(|since| now.0.checked_sub(since.0));
        let dark = match dark {
            Some(None) => return Screen::Locked,
            Some(Some(dark)) => dark,
            None => 0,
        };
        if unused >= LOCK_MS || self.handed_over && dark >= HANDED_OVER_DARK_MS {
            Screen::Locked
        } else if unused >= COVER_MS && !self.handed_over {
            Screen::Covered
        } else {
            Screen::Open
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn screen(unused_s: i64, dark_s: Option<u64>, handed_over: bool) -> Screen {
        let last_touch = Instant(1_780_000_000_000);
        let now = Instant(last_touch.0.saturating_add_signed(unused_s * 1_000));
        let dark_since = dark_s.map(|dark| Instant(now.0 - dark * 1_000));
        let usage = Usage {
            last_touch,
            dark_since,
            handed_over,
        };
        usage.screen(now)
    }

    #[test]
    fn the_screen_is_covered_after_five_minutes_and_locked_after_thirty() {
        assert_eq!(screen(0, None, false), Screen::Open);
        assert_eq!(screen(299, None, false), Screen::Open);
        assert_eq!(screen(300, None, false), Screen::Covered);
        assert_eq!(screen(1_799, Some(1_000), false), Screen::Covered);
        assert_eq!(screen(1_800, None, false), Screen::Locked);
    }

    #[test]
    fn a_tablet_in_other_hands_locks_when_it_was_dark_for_half_a_minute() {
        assert_eq!(screen(60, Some(29), true), Screen::Open);
        assert_eq!(screen(60, Some(30), true), Screen::Locked);
        // Somebody may think about an answer for as long as they like, within half an hour.
        assert_eq!(screen(1_799, None, true), Screen::Open);
        assert_eq!(screen(1_800, None, true), Screen::Locked);
        assert_eq!(screen(60, Some(30), false), Screen::Open);
    }

    #[test]
    fn a_clock_that_went_back_locks() {
        assert_eq!(screen(-1, None, false), Screen::Locked);
        let usage = Usage {
            last_touch: Instant(0),
            dark_since: Some(Instant(10)),
            handed_over: false,
        };
        assert_eq!(usage.screen(Instant(5)), Screen::Locked);
    }

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
