//! When a course of the sample takes place: nine weeks, two sessions a week.

use wellfield_core::clock::{Date, TimeOfDay, Weekday};
use wellfield_core::ids::SessionId;
use wellfield_core::programme::SessionPlanned;

use super::generator::{Generator, Part};

/// Weeks of the programme.
const WEEKS: i32 = 9;

/// The two days of the week on which sessions are: today's and one that lies well apart from it,
/// the earlier of the week first.
pub(super) fn weekdays(today: Date) -> [Weekday; 2] {
    match today.weekday() {
        Weekday::Monday | Weekday::Thursday => [Weekday::Monday, Weekday::Thursday],
        Weekday::Tuesday | Weekday::Friday => [Weekday::Tuesday, Weekday::Friday],
        Weekday::Wednesday | Weekday::Saturday => [Weekday::Wednesday, Weekday::Saturday],
        Weekday::Sunday => [Weekday::Wednesday, Weekday::Sunday],
    }
}

/// The start of every session.
pub(super) fn starts() -> TimeOfDay {
    at(10, 0)
}

/// The end of every session.
pub(super) fn ends() -> TimeOfDay {
    at(13, 0)
}

/// A time of day; midnight where there is no such time.
pub(super) fn at(hours: u16, minutes: u16) -> TimeOfDay {
    const MIDNIGHT: TimeOfDay = match TimeOfDay::from_minutes(0) {
        Some(time) => time,
        None => unreachable!(),
    };
    TimeOfDay::from_minutes(hours * 60 + minutes).unwrap_or(MIDNIGHT)
}

/// The sessions, in order. Today lies in this week of the course, counted from 0; if the course is not over,
/// one of them is today.
pub(super) fn sessions(today: Date, seed: u64, this_week: i32) -> Vec<SessionPlanned> {
    let mut generator = Generator::new(seed, Part::Sessions);
    let monday = today.to_julian_day() - i32::from(today.weekday().number_days_from_monday());
    let days = (0..WEEKS).flat_map(|week| {
        weekdays(today).map(|weekday| {
            let in_week = i32::from(weekday.number_days_from_monday());
            let day = monday + 7 * (week - this_week) + in_week;
            // Only a day outside of the calendar's ten thousand years is no day.
            Date::from_julian_day(day).unwrap_or(today)
        })
    });
    (1..)
        .zip(days)
        .map(|(number, date)| SessionPlanned {
            session: SessionId(generator.next()),
            number,
            date,
            starts: starts(),
            ends: ends(),
            place: None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use wellfield_core::clock::parse_iso_date;

    #[test]
    fn one_session_is_today_whatever_the_day() {
        let start = parse_iso_date("2026-05-25").unwrap().to_julian_day();
        for day in start..start + 14 {
            let today = Date::from_julian_day(day).unwrap();
            let sessions = sessions(today, 1, 4);
            assert_eq!(sessions.len(), 18);
            assert!(sessions.is_sorted_by_key(|session| session.date));
            let of_today: Vec<_> = sessions.iter().filter(|s| s.date == today).collect();
            assert_eq!(of_today.len(), 1, "{today}");
            assert!(
                [9, 10].contains(&of_today[0].number),
                "today is in week five"
            );
            let apart = sessions[1].date.to_julian_day() - sessions[0].date.to_julian_day();
            assert!((2..=5).contains(&apart), "{today}");
        }
    }
}
