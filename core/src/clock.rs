//! Time as the rules see it: instants for order, calendar days and clock times for people.
//!
//! A tablet's clock may be wrong by minutes or by ten years. It may therefore decide what is shown
//! first, and nothing else: not consent, not what is sent, not what is kept (design §2).

use core::fmt;

pub use time::{Date, Month, Weekday};

/// An instant in milliseconds since 1970-01-01 UTC, as some clock told it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(pub u64);

impl Instant {
    /// A time of day in UTC; 1970 for anything before it.
    pub fn utc(day: Date, time: TimeOfDay) -> Self {
        let midnight = day.midnight().assume_utc().unix_timestamp();
        let seconds = u64::try_from(midnight).unwrap_or_default();
        Self((seconds + u64::from(time.minutes()) * 60) * 1000)
    }

    /// The calendar day in UTC; `None` beyond the calendar's years.
    pub fn utc_day(self) -> Option<Date> {
        let seconds = i64::try_from(self.0 / 1000).ok()?;
        let at = time::OffsetDateTime::from_unix_timestamp(seconds).ok()?;
        Some(at.date())
    }
}

/// How far a clock may run ahead of a reading before the reading replaces it.
pub const DRIFT_MAX_MS: u64 = 5 * 60 * 1000;

/// A hybrid logical clock value: 48 bits of milliseconds and a 16-bit counter.
///
/// It orders what is shown. Within one device `n` orders, so the value need not rise for ever: a
/// clock that was years ahead and was put right does not drag the wrong year along.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hlc(pub u64);

impl Hlc {
    /// The value before every other.
    pub const ZERO: Self = Self(0);

    /// The next value after `self`, for something that happened when the wall clock said `now`.
    pub fn tick(self, now: Instant) -> Self {
        let wall = Self(now.0.min((1 << 48) - 1) << 16);
        if wall > self || self.instant().0 > now.0.saturating_add(DRIFT_MAX_MS) {
            wall
        } else {
            Self(self.0.saturating_add(1))
        }
    }

    /// The instant in it.
    pub fn instant(self) -> Instant {
        Instant(self.0 >> 16)
    }
}

/// A time of day on the clock at the site, in whole minutes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TimeOfDay {
    minutes: u16,
}

impl TimeOfDay {
    /// The time `minutes` after midnight; `None` from 24:00 on.
    pub const fn from_minutes(minutes: u16) -> Option<Self> {
        if minutes < 24 * 60 {
            Some(Self { minutes })
        } else {
            None
        }
    }

    /// Minutes after midnight, 0 to 1,439.
    pub const fn minutes(self) -> u16 {
        self.minutes
    }

    /// Reads `9:30`, `09:30` or `09:30:00`.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.trim().split(':');
        let hours: u16 = parts.next()?.parse().ok()?;
        let minutes: u16 = parts.next()?.parse().ok()?;
        let seconds = parts.next().unwrap_or("00");
        if hours > 23 || minutes > 59 || parts.next().is_some() || seconds.len() != 2 {
            return None;
        }
        seconds.parse::<u8>().ok().filter(|&s| s < 60)?;
        Self::from_minutes(hours * 60 + minutes)
    }
}

impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.minutes / 60, self.minutes % 60)
    }
}

/// Reads a calendar day written as `2026-05-31`.
pub fn parse_iso_date(text: &str) -> Option<Date> {
    let mut parts = text.trim().splitn(3, '-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    if year.len() != 4 {
        return None;
    }
    let month = Month::try_from(month.parse::<u8>().ok()?).ok()?;
    Date::from_calendar_date(year.parse().ok()?, month, day.parse().ok()?).ok()
}

/// Writes a calendar day as `2026-05-31`.
pub fn iso_date(date: Date) -> String {
    format!(
        "{:04}-{:02}-{:02}",
        date.year(),
        u8::from(date.month()),
        date.day()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_rises_and_forgets_a_wrong_year() {
        let first = Hlc::ZERO.tick(Instant(1_000_000));
        let second = first.tick(Instant(1_000_000));
        assert!(
            second > first,
            "two taps in one millisecond keep their order"
        );
        assert!(
            second.tick(Instant(999_000)) > second,
            "a small step back is bridged"
        );
        let ten_years_ahead = Hlc::ZERO.tick(Instant(2_000_000_000_000));
        assert_eq!(
            ten_years_ahead.tick(Instant(1_700_000_000_000)).instant(),
            Instant(1_700_000_000_000)
        );
    }

    #[test]
    fn times_of_day_are_read_as_people_write_them() {
        assert_eq!(TimeOfDay::parse("9:05").unwrap().to_string(), "09:05");
        assert_eq!(TimeOfDay::parse("23:59:59").unwrap().minutes(), 1439);
        for wrong in ["", "24:00", "9", "9:60", "9:5:5", "a:b", "10:00:00:00"] {
            assert_eq!(TimeOfDay::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn days_are_read_and_written() {
        let day = parse_iso_date("2024-02-29").unwrap();
        assert_eq!(iso_date(day), "2024-02-29");
        for wrong in ["2023-02-29", "24-02-29", "2024-2", "2024-13-01"] {
            assert_eq!(parse_iso_date(wrong), None, "{wrong}");
        }
    }
}
