//! How often somebody may try.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};

use wellfield_core::clock::Instant;
use wellfield_core::ids::DeviceId;
use wellfield_core::referral::CROWD_WINDOW_MS;

use super::address::Neighbourhood;

/// The time over which tries are counted.
const WINDOW_MS: u64 = CROWD_WINDOW_MS;

/// The time over which the requests of a device are counted.
const DEVICE_WINDOW_MS: u64 = 60 * 1000;

/// Requests of one device in a minute. No honest one comes near: a tablet whose every tap is sent, with
/// two taps a second, makes 360; one that fetches the largest snapshot there is, 512 parts of it; one
/// that drains a million records, 250 pushes. Who makes more is a fault that goes round in circles, and
/// is asked to wait before it takes the server from others.
const DEVICE_REQUESTS_MAX: u32 = 3_000;

/// Wrong enrolment codes from one address.
const WRONG_CODES_MAX: u32 = 5;

/// Wrong enrolment codes from everywhere. A code has forty bits and lives for minutes: this many
/// guesses leave a finder one chance in five thousand million.
const WRONG_CODES_ANYWHERE_MAX: u32 = 200;

/// Sign-ins with words that were not right, from one address. A surgery is one address.
const SIGN_INS_MAX: u32 = 20;

/// Sign-ins with words that were not right, to one account. Whoever has a passkey is not kept out by them.
const SIGN_INS_OF_MAX: u32 = 5;

/// Passkeys that one address asks to be asked for. A surgery is one address.
const PASSKEYS_MAX: u32 = 100;

/// Self-referrals from one address whose phones did not do the sum that they were asked for. Generous: a
/// surgery or a library is one address. Those that did go on.
const REFERRALS_MAX: u32 = 30;

/// Answers by links that no device made, from one address. A link has a tag of 128 bits: this is against the
/// work that guessing makes, and not against finding one.
const WRONG_LINKS_MAX: u32 = 30;

/// Addresses, or devices, remembered at once. Beyond that the oldest windows go first.
const KEYS_MAX: usize = 50_000;

/// Every limit of the server.
pub(super) struct Limits {
    /// Wrong enrolment codes, by address.
    pub(super) wrong_codes: Limit<Neighbourhood>,
    /// Wrong enrolment codes, by nobody in particular.
    pub(super) wrong_codes_anywhere: Limit<()>,
    /// Answers by links that nobody made, by address.
    pub(super) wrong_links: Limit<Neighbourhood>,
    /// Self-referrals, by address.
    pub(super) referrals: Limit<Neighbourhood>,
    /// Self-referrals from everywhere. These are counted, and nobody is refused.
    pub(super) forms: Limit<()>,
    /// Requests, by device.
    pub(super) devices: Limit<DeviceId>,
    /// Sign-ins that failed, by address.
    pub(super) sign_ins: Limit<Neighbourhood>,
    /// Sign-ins that failed, by account.
    pub(super) sign_ins_of: Limit<u64>,
    /// Passkeys that were asked for, by address.
    pub(super) passkeys: Limit<Neighbourhood>,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            wrong_codes: Limit::new(WRONG_CODES_MAX, WINDOW_MS),
            wrong_codes_anywhere: Limit::new(WRONG_CODES_ANYWHERE_MAX, WINDOW_MS),
            wrong_links: Limit::new(WRONG_LINKS_MAX, WINDOW_MS),
            referrals: Limit::new(REFERRALS_MAX, WINDOW_MS),
            forms: Limit::new(u32::MAX, WINDOW_MS),
            devices: Limit::new(DEVICE_REQUESTS_MAX, DEVICE_WINDOW_MS),
            sign_ins: Limit::new(SIGN_INS_MAX, WINDOW_MS),
            sign_ins_of: Limit::new(SIGN_INS_OF_MAX, WINDOW_MS),
            passkeys: Limit::new(PASSKEYS_MAX, WINDOW_MS),
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
    window_ms: u64,
    windows: Mutex<HashMap<K, Window>>,
}

impl<K: Eq + Hash + Copy> Limit<K> {
    fn new(tries_max: u32, window_ms: u64) -> Self {
        Self {
            tries_max,
            window_ms,
            windows: Mutex::new(HashMap::new()),
        }
    }

    /// Takes a try, or says after how many seconds there is one.
    pub(super) fn take(&self, key: K, now: Instant) -> Result<(), u32> {
        let mut windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        if windows.len() >= KEYS_MAX && !windows.contains_key(&key) {
            make_room(&mut windows, now, self.window_ms);
        }
        let window = windows.entry(key).or_insert(Window {
            from: now,
            tries: 0,
        });
        if !window.is_open(now, self.window_ms) {
            *window = Window {
                from: now,
                tries: 0,
            };
        }
        if window.tries >= self.tries_max {
            let left_ms = self.window_ms.saturating_sub(now.0 - window.from.0);
            return Err(u32::try_from(left_ms.div_ceil(1000)).unwrap_or(u32::MAX));
        }
        window.tries += 1;
        Ok(())
    }

    /// How many tries there were in the window that is open.
    pub(super) fn count(&self, key: K, now: Instant) -> u32 {
        let windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        windows
            .get(&key)
            .filter(|window| window.is_open(now, self.window_ms))
            .map_or(0, |window| window.tries)
    }

    /// Counts one more and tells how many there were, this one among them.
    pub(super) fn add(&self, key: K, now: Instant) -> u32 {
        // Where the limit is reached the count stays at it.
        let _ = self.take(key, now);
        self.count(key, now)
    }

    /// Gives a try back that was not a failed one.
    pub(super) fn give_back(&self, key: K) {
        let mut windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(window) = windows.get_mut(&key) {
            window.tries = window.tries.saturating_sub(1);
        }
    }
}

impl Window {
    /// A clock that went back does not keep anybody waiting.
    fn is_open(&self, now: Instant, window_ms: u64) -> bool {
        self.from <= now && now.0 - self.from.0 < window_ms
    }
}

fn make_room<K>(windows: &mut HashMap<K, Window>, now: Instant, window_ms: u64) {
    windows.retain(|_, window| window.is_open(now, window_ms));
    if windows.len() >= KEYS_MAX {
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
        let limit = Limit::new(2, WINDOW_MS);
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
        let limit = Limit::new(1, WINDOW_MS);
        for _ in 0..3 {
            assert_eq!(limit.take((), Instant(0)), Ok(()));
            limit.give_back(());
        }
    }

    #[test]
    fn what_is_only_counted_is_counted_for_as_long_as_its_window() {
        let limit = Limit::new(u32::MAX, 1_000);
        let (start, later) = (Instant(5_000), Instant(6_000));
        assert_eq!((limit.count((), start), limit.add((), start)), (0, 1));
        assert_eq!((limit.add((), start), limit.count((), start)), (2, 2));
        assert_eq!((limit.count((), later), limit.add((), later)), (0, 1));
    }

    #[test]
    fn memory_stays_bounded_under_a_flood() {
        let limit = Limit::new(1, WINDOW_MS);
        for address in 0..KEYS_MAX * 2 {
            let now = Instant(address as u64 / 1000);
            assert_eq!(limit.take(address, now), Ok(()));
        }
        assert!(limit.windows.lock().unwrap().len() <= KEYS_MAX);
    }
}
