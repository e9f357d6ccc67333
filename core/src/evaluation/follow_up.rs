//! Who is to be asked months after the course.
//!
//! Nobody comes to a session any more, so a coordinator gets in touch. An answer counts only near the day on
//! which it is due ([`Windows`]), so the list says from when and until when.

use super::due::{Due, state};
use super::{EvaluationPlanned, Occasion, asks};
use crate::attendance::register_rows;
use crate::clock::Date;
use crate::ids::SessionId;
use crate::measures::{Moment, Windows, months_after};
use crate::programme::sessions_in_order;
use crate::records::Delivery;

/// The moments after a course, with how many months after its last session they are.
const AFTER: [(Moment, u8); 2] = [(Moment::ThreeMonths, 3), (Moment::SixMonths, 6)];

/// How a day stands to the days on which an answer counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Timing {
    /// It would count today.
    Now,
    /// It is too early.
    Later,
    /// It would not count any more.
    Missed,
}

/// Somebody to get in touch with after the course.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FollowUp {
    /// Who, at which moment, and what was done about it.
    pub due: Due,
    /// The first day on which an answer counts.
    pub from: Date,
    /// The last day on which an answer counts.
    pub until: Date,
    /// How the day stands to them.
    pub timing: Timing,
}

impl FollowUp {
    /// Whether somebody has to get in touch with this person today.
    pub fn is_open(&self) -> bool {
        self.timing == Timing::Now && self.due.asked.is_open()
    }
}

/// The session with which everybody's course ends, and its day.
fn last_session(delivery: &Delivery) -> Option<(SessionId, Date)> {
    let sessions = sessions_in_order(delivery);
    sessions.last().map(|last| (last.session, last.date))
}

/// The first and the last day on which an answer counts that is given at a moment after a course.
pub(super) fn counts_between(last: Date, moment: Moment) -> Option<(Date, Date)> {
    let (_, months) = AFTER.iter().find(|(after, _)| *after == moment)?;
    let day = months_after(last, *months)?.to_julian_day();
    let around = i32::from(Windows::default().follow_up_days);
    let from = Date::from_julian_day(day - around).ok()?;
    let until = Date::from_julian_day(day + around).ok()?;
    Some((from, until))
}

/// Whether a plan asks anything after the course.
pub fn asks_after(plan: &EvaluationPlanned) -> bool {
    AFTER.iter().any(|(moment, _)| asks(plan, *moment))
}

/// At which session follow-ups are entered: the last of the course.
pub fn follow_up_session(delivery: &Delivery) -> Option<SessionId> {
    last_session(delivery).map(|(session, _)| session)
}

/// Everybody on the register of the last session who has not answered at a moment after the course, and
/// did not refuse: those to be asked now first, and of them those whose time ends first.
pub fn follow_ups(delivery: &Delivery, today: Date) -> Vec<FollowUp> {
    let plan = delivery.evaluation.plan();
    let Some((plan, (session, last))) = plan.zip(last_session(delivery)) else {
        return Vec::new();
    };
    let mut all = Vec::new();
    for row in register_rows(delivery, session) {
        for (moment, _) in AFTER.iter().filter(|(moment, _)| asks(plan, *moment)) {
            let days = counts_between(last, *moment);
            let asked = state(delivery, row.person, Occasion::new(*moment, session));
            let Some(((from, until), asked)) = days.zip(asked) else {
                continue;
            };
            all.push(FollowUp {
                due: Due {
                    person: row.person,
                    name: row.details.details.preferred_name.to_string(),
                    moment: *moment,
                    asked,
                },
                from,
                until,
                timing: timing((from, until), today),
            });
        }
    }
    all.sort_by_key(|one| (one.timing, one.until, one.due.moment));
    all
}

fn timing((from, until): (Date, Date), today: Date) -> Timing {
    if today < from {
        Timing::Later
    } else if today > until {
        Timing::Missed
    } else {
        Timing::Now
    }
}

/// How many people somebody has to get in touch with today.
pub fn follow_ups_open(delivery: &Delivery, today: Date) -> usize {
    let all = follow_ups(delivery, today);
    all.iter().filter(|one| one.is_open()).count()
}

/// Whether an answer on a day would count for a moment after the course.
pub(super) fn is_follow_up_time(last: Date, moment: Moment, today: Date) -> bool {
    counts_between(last, moment).is_some_and(|days| timing(days, today) == Timing::Now)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Month;
    use crate::evaluation::tests::{
        LAST, answer_all, asked_at, begin, course, keep_all, plan, planned,
    };
    use crate::evaluation::{Size, Topic, declined};
    use crate::ids::PersonId;
    use crate::records::testing::{ANN, BEA, PROGRAMME, Tablet};

    fn day(month: Month, day: u8) -> Date {
        Date::from_calendar_date(2026, month, day).unwrap()
    }

    #[test]
    fn a_follow_up_counts_four_weeks_around_its_day() {
        let last = day(Month::June, 30);
        let three = counts_between(last, Moment::ThreeMonths).unwrap();
        assert_eq!(three, (day(Month::September, 2), day(Month::October, 28)));
        assert_eq!(counts_between(last, Moment::End), None);
        for (today, expected) in [
            (day(Month::September, 1), Timing::Later),
            (three.0, Timing::Now),
            (three.1, Timing::Now),
            (day(Month::October, 29), Timing::Missed),
        ] {
            assert_eq!(timing(three, today), expected, "{today}");
        }
    }

    #[test]
    fn the_days_are_those_on_which_an_answer_is_paired() {
        // `due` and this list must agree with what `measures` counts: the same window, on both sides.
        let last = day(Month::August, 31);
        for (moment, months) in AFTER {
            let (from, until) = counts_between(last, moment).unwrap();
            let middle = months_after(last, months).unwrap();
            let most = i64::from(Windows::default().follow_up_days);
            assert_eq!((middle - from).whole_days(), most);
            assert_eq!((until - middle).whole_days(), most);
        }
    }

    #[test]
    fn after_the_course_a_list_says_whom_to_get_in_touch_with_and_until_when() {
        let mut tablet = course();
        plan(&mut tablet, planned(Size::Medium, &[Topic::Wellbeing]));
        tablet.agree(ANN, true);
        tablet.agree(BEA, true);
        assert_eq!(follow_up_session(tablet.delivery()), Some(LAST));
        let stands = |tablet: &Tablet, today| -> Vec<(PersonId, Moment, Timing, bool)> {
            let all = follow_ups(tablet.delivery(), today).into_iter();
            all.map(|one| {
                let open = one.is_open();
                (one.due.person, one.due.moment, one.timing, open)
            })
            .collect()
        };
        let (three, six) = (Moment::ThreeMonths, Moment::SixMonths);
        let (now, later, missed) = (Timing::Now, Timing::Later, Timing::Missed);
        let september = day(Month::September, 28);
        assert_eq!(
            stands(&tablet, september),
            [
                (ANN, three, now, true),
                (BEA, three, now, true),
                (ANN, six, later, false),
                (BEA, six, later, false),
            ]
        );
        let mut survey = begin(&tablet, ANN, LAST, three);
        answer_all(&mut survey, 2);
        keep_all(&mut tablet, &survey, september);
        let no = declined(&tablet.records, PROGRAMME, (BEA, LAST, three));
        tablet.record(no);
        // Ann answered. Bea said no: she stands there, and nobody has to call her.
        assert_eq!(stands(&tablet, september)[0], (BEA, three, now, false));
        assert_eq!(follow_ups_open(tablet.delivery(), september), 0);
        let winter = day(Month::December, 24);
        assert_eq!(
            stands(&tablet, winter),
            [
                (ANN, six, now, true),
                (BEA, six, now, true),
                (BEA, three, missed, false),
            ]
        );
        tablet.agree(ANN, false);
        assert_eq!(follow_ups_open(tablet.delivery(), winter), 1);
        // What the list says can be asked is what the last session asks.
        for today in [
            september,
            winter,
            day(Month::October, 28),
            day(Month::October, 29),
        ] {
            let mut due: Vec<_> = asked_at(&tablet, LAST, today)
                .into_iter()
                .map(|(person, moment, _)| (person, moment))
                .collect();
            let listed = follow_ups(tablet.delivery(), today).into_iter();
            let mut listed: Vec<_> = listed
                .filter(|one| one.timing == Timing::Now)
                .map(|one| (one.due.person, one.due.moment))
                .collect();
            due.sort_unstable();
            listed.sort_unstable();
            assert_eq!(due, listed, "{today}");
        }
        plan(&mut tablet, planned(Size::Small, &[Topic::Wellbeing]));
        assert!(follow_ups(tablet.delivery(), winter).is_empty());
    }
}
