//! Instants as other programs write them.

use wellfield_core::clock::{Instant, iso_date};

const MS_A_DAY: u64 = 24 * 60 * 60 * 1000;

/// An instant as RFC 3339 in UTC, to the millisecond; `None` after the year 9999, which the format
/// does not reach and a tablet's clock might.
pub fn rfc3339(instant: Instant) -> Option<String> {
    let date = instant.utc_day()?;
    let ms = instant.0 % MS_A_DAY;
    let (hours, minutes, seconds) = (ms / 3_600_000, ms / 60_000 % 60, ms / 1000 % 60);
    let date = iso_date(date);
    Some(format!(
        "{date}T{hours:02}:{minutes:02}:{seconds:02}.{:03}Z",
        ms % 1000
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_written_to_the_millisecond() {
        for (ms, written) in [
            (0, "1970-01-01T00:00:00.000Z"),
            (951_827_696_789, "2000-02-29T12:34:56.789Z"),
            (1_767_225_599_999, "2025-12-31T23:59:59.999Z"),
            (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
        ] {
            assert_eq!(rfc3339(Instant(ms)).as_deref(), Some(written));
        }
        assert_eq!(rfc3339(Instant(253_402_300_800_000)), None);
        assert_eq!(rfc3339(Instant(u64::MAX)), None);
    }
}
