//! How often somebody may try.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};

use wellfield_core::clock::Instant;

use super::address::Neighbourhood;

/// The time over which tries are counted.
const WINDOW_MS: u64 = 10 * 60 * 1000;

/// Wrong enrolment codes from one address.
const WRONG_CODES_MAX: u32 = 5;

/// Wrong enrolment codes from everywhere. A code has forty bits and lives for minutes: this many
/// guesses leave a finder one chance in five thousand million.
const WRONG_CODES_ANYWHERE_MAX: u32 = 200;

/// Self-referrals from one address. Generous: a surgery or a library is one address.
const REFERRALS_MAX: u32 = 30;

/// Addresses remembered at once. Beyond that the oldest windows go first.
const ADDRESSES_MAX: usize = 50_000;

/// Every limit of the server.
pub(super) struct Limits {
    /// Wrong enrolment codes, by address.
    pub(super) wrong_codes: Limit<Neighbourhood>,
    /// Wrong enrolment codes, by nobody in particular.
    pub(super) wrong_codes_anywhere: Limit<()>,
    /// Self-referrals, by address.
    pub(super) referrals: Limit<Neighbourhood>,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            wrong_codes: Limit::new(WRONG_CODES_MAX),
            wrong_codes_anywhere: Limit::new(WRONG_CODES_ANYWHERE_MAX),
            referrals: Limit::new(REFERRALS_MAX),
        }
    }
}

struct Window {
    from: Instant,
    tries: u32,
}

/// At most so many tries in a window, for each key.
pub(super) struct Limit<K> {
    tries_max: u32,
    windows: Mutex<HashMap<K, Window>>,
}

impl<K: Eq + Hash + Copy> Limit<K> {
    fn new(tries_max: u32) -> Self {
        Self {
            tries_max,
            windows: Mutex::new(HashMap::new()),
        }
    }

    /// Takes a try, or says after how many seconds there is one.
    pub(super) fn take(&self, key: K, now: Instant) -> Result<(), u32> {
        let mut windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        if windows.len() >= ADDRESSES_MAX && !windows.contains_key(&key) {
            make_room(&mut windows, now);
        }
        let window = windows.entry(key).or_insert(Window {
            from: now,
            tries: 0,
        });
        if !is_open(window, now) {
            *window = Window {
                from: now,
                tries: 0,
            };
        }
        if window.tries >= self.tries_max {
            let left_ms = WINDOW_MS.saturating_sub(now.0 - window.from.0);
            return Err(u32::try_from(left_ms.div_ceil(1000)).unwrap_or(u32::MAX));
        }
        window.tries += 1;
        Ok(())
    }

    /// Gives a try back that was not a failed one.
    pub(super) fn give_back(&self, key: K) {
        let mut windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(window) = windows.get_mut(&key) {
            window.tries = window.tries.saturating_sub(1);
        }
    }
}

/// A clock that went back does not keep anybody waiting.
fn is_open(window: &Window, now: Instant) -> bool {
    window.from <= now && now.0 - window.from.0 < WINDOW_MS
}

fn make_room<K>(windows: &mut HashMap<K, Window>, now: Instant) {
    windows.retain(|_, window| is_open(window, now));
    if windows.len() >= ADDRESSES_MAX {
        // All are fresh: somebody has very many addresses. Half of what they filled goes.
        let mut starts: Vec<Instant> = windows.values().map(|window| window.from).collect();
        let middle = starts.len() / 2;
        let (_, &mut middle, _) = starts.select_nth_unstable(middle);
        windows.retain(|_, window| window.from > middle);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tries_run_out_and_come_back() {
        let limit = Limit::new(2);
        let start = Instant(1_000_000);
        assert_eq!(limit.take('a', start), Ok(()));
        assert_eq!(limit.take('a', start), Ok(()));
        assert_eq!(limit.take('a', Instant(start.0 + 1)), Err(600));
        assert_eq!(
            limit.take('b', start),
            Ok(()),
            "another address has its own"
        );
        assert_eq!(limit.take('a', Instant(start.0 + WINDOW_MS)), Ok(()));
        assert_eq!(limit.take('a', Instant(0)), Ok(()), "the clock went back");
    }

    #[test]
    fn a_try_that_succeeded_does_not_count() {
        let limit = Limit::new(1);
        for _ in 0..3 {
            assert_eq!(limit.take((), Instant(0)), Ok(()));
            limit.give_back(());
        }
    }

    #[test]
    fn memory_stays_bounded_under_a_flood() {
        let limit = Limit::new(1);
        for address in 0..ADDRESSES_MAX * 2 {
            let now = Instant(address as u64 / 1000);
            assert_eq!(limit.take(address, now), Ok(()));
        }
        assert!(limit.windows.lock().unwrap().len() <= ADDRESSES_MAX);
    }
}
