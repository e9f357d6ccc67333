//! Which two answers of a person are compared.
//!
//! Only people with a complete, valid answer at both moments count, of the same instrument in the same
//! version. A baseline counts if it was given at most fourteen days before the first session and not
//! after that session's end; of several, the last. An end counts if it was given at most fourteen days
//! before or after the last session; of several, the nearest, and of two that are as near, the later,
//! because it looks back on the whole course (domain findings §5).

use core::cmp::Reverse;

use super::answer::{Moment, When};
use super::participant::Journey;
use super::sitting::Sitting;
use super::sorting::{LeftOut, Reason};
use crate::clock::Date;
use crate::ids::SessionId;

/// How far from its session an answer may be given. A programme may set others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Windows {
    /// The most days that a baseline may come before the first session.
    pub baseline_days: u16,
    /// The most days between an end and the last session.
    pub end_days: u16,
    /// The most days between a follow-up and the day on which it is due. Our convention.
    pub follow_up_days: u16,
}

impl Default for Windows {
    fn default() -> Self {
        Self {
            baseline_days: 14,
            end_days: 14,
            follow_up_days: 28,
        }
    }
}

/// What is compared with what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// The baseline with the end of the course.
    Course,
    /// The baseline with three months after the end.
    ThreeMonths,
    /// The baseline with six months after the end.
    SixMonths,
    /// Before a session with after the same session.
    WithinSession(SessionId),
}

impl Comparison {
    /// The two moments.
    pub const fn moments(self) -> (Moment, Moment) {
        match self {
            Self::Course => (Moment::Baseline, Moment::End),
            Self::ThreeMonths => (Moment::Baseline, Moment::ThreeMonths),
            Self::SixMonths => (Moment::Baseline, Moment::SixMonths),
            Self::WithinSession(_) => (Moment::BeforeSession, Moment::AfterSession),
        }
    }

    pub(super) fn includes(self, sitting: &Sitting) -> bool {
        let (from, to) = self.moments();
        let session = match self {
            Self::WithinSession(session) => sitting.session == Some(session),
            Self::Course | Self::ThreeMonths | Self::SixMonths => true,
        };
        session && (sitting.moment == from || sitting.moment == to)
    }
}

/// How near a sitting is to what it belongs to, the smallest being the nearest.
type Nearness = (u32, Reverse<Option<When>>);

/// How near a sitting is, or `None` where it is outside its window.
fn nearness(sitting: &Sitting, journey: Option<Journey>, windows: Windows) -> Option<Nearness> {
    let latest = (0, Reverse(sitting.when));
    let (Some(journey), Some(when)) = (journey, sitting.when) else {
        return Some(latest);
    };
    let near = |day: Option<Date>, most: u16| {
        let days = (when.date - day?).whole_days().unsigned_abs();
        let days = u32::try_from(days).ok()?;
        (days <= u32::from(most)).then_some((days, Reverse(sitting.when)))
    };
    match sitting.moment {
        Moment::Baseline => {
            let ends = When {
                date: journey.first,
                time: journey.first_ends,
            };
            let in_time = !ends.before(when);
            in_time
                .then(|| near(Some(journey.first), windows.baseline_days))
                .flatten()
        }
        Moment::End => near(Some(journey.last), windows.end_days),
        Moment::ThreeMonths => near(months_after(journey.last, 3), windows.follow_up_days),
        Moment::SixMonths => near(months_after(journey.last, 6), windows.follow_up_days),
        Moment::BeforeSession | Moment::AfterSession | Moment::Middle => Some(latest),
    }
}

/// The same day of a later month, or its last day where the month is shorter; `None` beyond the calendar.
pub fn months_after(day: Date, months: u8) -> Option<Date> {
    let place = i32::from(u8::from(day.month())) - 1 + i32::from(months);
    let year = day.year() + place.div_euclid(12);
    let month = u8::try_from(place.rem_euclid(12) + 1).ok()?;
    let month = crate::clock::Month::try_from(month).ok()?;
    let last = month.length(year);
    Date::from_calendar_date(year, month, day.day().min(last)).ok()
}

/// The sittings of one person for one instrument at one moment, the nearest first, without those that
/// are outside their window. Where nothing tells which of several counts, none does.
pub(super) fn in_order<'s>(
    sittings: &[&'s Sitting],
    journey: Option<Journey>,
    windows: Windows,
    left_out: &mut Vec<LeftOut>,
) -> Vec<&'s Sitting> {
    if sittings.len() > 1 && (journey.is_none() || sittings.iter().any(|one| one.when.is_none())) {
        for sitting in sittings {
            leave_out(sitting, Reason::Twice, left_out);
        }
        return Vec::new();
    }
    let mut near = Vec::new();
    for &sitting in sittings {
        match nearness(sitting, journey, windows) {
            Some(nearness) => near.push((nearness, sitting)),
            None => leave_out(sitting, Reason::OutsideWindow, left_out),
        }
    }
    near.sort_by_key(|(nearness, _)| *nearness);
    near.into_iter().map(|(_, sitting)| sitting).collect()
}

pub(super) fn leave_out(sitting: &Sitting, reason: Reason, left_out: &mut Vec<LeftOut>) {
    left_out.extend(sitting.answers.iter().map(|place| LeftOut {
        answer: *place as usize,
        reason,
    }));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::parse_iso_date;

    #[test]
    fn a_follow_up_is_due_on_the_same_day_of_a_later_month() {
        let day = |text: &str| parse_iso_date(text).unwrap();
        for (last, months, due) in [
            ("2026-01-15", 3, "2026-04-15"),
            ("2026-11-30", 3, "2027-02-28"),
            ("2027-11-30", 3, "2028-02-29"),
            ("2026-08-31", 6, "2027-02-28"),
            ("2026-12-01", 6, "2027-06-01"),
        ] {
            assert_eq!(months_after(day(last), months), Some(day(due)));
        }
    }
}
