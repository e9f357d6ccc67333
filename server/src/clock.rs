//! The server's clock: the only place that reads the time of the machine.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use wellfield_core::clock::{Instant, iso_date};

/// Where the time comes from.
pub trait Clock: Send + Sync {
    /// The time now.
    fn now(&self) -> Instant;
}

/// The clock of the machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Instant {
        // A clock before 1970 counts as 1970: it orders badly, and nothing else depends on it.
        let since = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or(Duration::ZERO);
        Instant(u64::try_from(since.as_millis()).unwrap_or(u64::MAX))
    }
}

/// Milliseconds in a day.
const DAY_MS: u64 = 24 * 60 * 60 * 1000;

/// An instant as people and other systems read it: `2026-05-31T09:30:00Z`.
pub fn iso_utc(instant: Instant) -> String {
    let Some(date) = instant.utc_day() else {
        return String::new();
    };
    let seconds = instant.0 % DAY_MS / 1000;
    let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
    format!(
        "{}T{hours:02}:{minutes:02}:{:02}Z",
        iso_date(date),
        seconds % 60
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_written_as_days_and_times() {
        assert_eq!(iso_utc(Instant(0)), "1970-01-01T00:00:00Z");
        assert_eq!(iso_utc(Instant(1_709_210_096_789)), "2024-02-29T12:34:56Z");
        assert_eq!(iso_utc(Instant(u64::MAX)), "");
    }

    #[test]
    fn the_machine_s_clock_is_past_the_day_this_was_written() {
        assert!(SystemClock.now() > Instant(1_700_000_000_000));
    }
}
