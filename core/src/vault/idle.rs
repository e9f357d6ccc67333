//! When the screen is covered, and when keys are dropped, because nobody uses the tablet.

use crate::clock::Instant;

/// Keys are kept so long after the last use, in milliseconds: five minutes (security findings §1.4).
pub const IDLE_MS: u64 = 5 * 60 * 1_000;

/// A clock that went back by no more than this was set right and not tampered with, in milliseconds: one
/// minute. A cheap tablet's clock is off by some seconds after a week without signal, and the network puts
/// that right at the moment when the signal returns, which is when somebody is typing.
const SET_RIGHT_MS: u64 = 60 * 1_000;

/// How long ago `then` was, in milliseconds. Timers sleep with the tablet, so it is the clocks that are
/// compared. `None`: the clock went back by more than [`SET_RIGHT_MS`], and tells nothing.
fn passed(then: Instant, now: Instant) -> Option<u64> {
    match now.0.checked_sub(then.0) {
        Some(passed) => Some(passed),
        None => (then.0 - now.0 <= SET_RIGHT_MS).then_some(0),
    }
}

/// Whether keys have to go. They go too where the clock went back and tells nothing.
pub fn is_idle(last_use: Instant, now: Instant) -> bool {
    passed(last_use, now).is_none_or(|unused| unused >= IDLE_MS)
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
    /// locks, unless it was only set right.
    pub fn screen(self, now: Instant) -> Screen {
        let dark = self.dark_since.map_or(Some(0), |since| passed(since, now));
        let (Some(unused), Some(dark)) = (passed(self.last_touch, now), dark) else {
            return Screen::Locked;
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
        assert_eq!(screen(-61, None, false), Screen::Locked);
        let usage = Usage {
            last_touch: Instant(0),
            dark_since: Some(Instant(60_006)),
            handed_over: false,
        };
        assert_eq!(usage.screen(Instant(5)), Screen::Locked);
    }

    #[test]
    fn a_clock_that_the_network_sets_right_takes_nothing_away_from_whoever_is_typing() {
        assert_eq!(screen(-60, None, false), Screen::Open);
        assert_eq!(screen(-60, None, true), Screen::Open);
        let usage = Usage {
            last_touch: Instant(0),
            dark_since: Some(Instant(60_005)),
            handed_over: true,
        };
        assert_eq!(usage.screen(Instant(5)), Screen::Open);
    }

    #[test]
    fn setting_a_clock_back_again_and_again_gains_one_minute_in_all() {
        // Nobody touches it, so the last touch stays what it was.
        let last_touch = Instant(1_780_000_000_000);
        let usage = Usage {
            last_touch,
            dark_since: None,
            handed_over: false,
        };
        let steps = [30_000, 30_000, 30_000].into_iter().scan(0, |back, step| {
            *back += step;
            Some(usage.screen(Instant(last_touch.0 - *back)))
        });
        assert_eq!(
            steps.collect::<Vec<_>>(),
            [Screen::Open, Screen::Open, Screen::Locked]
        );
    }

    #[test]
    fn keys_go_after_five_minutes_and_with_a_clock_that_went_back() {
        let last = Instant(1_780_000_000_000);
        let after = |ms: i64| Instant(last.0.saturating_add_signed(ms));
        assert!(!is_idle(last, last));
        assert!(!is_idle(last, after(299_999)));
        assert!(is_idle(last, after(300_000)));
        assert!(!is_idle(last, after(-60_000)));
        assert!(is_idle(last, after(-60_001)));
    }
}
