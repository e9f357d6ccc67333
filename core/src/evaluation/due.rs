//! Who is to be asked.
//!
//! Only somebody who agreed to the evaluation is due; whoever was not asked about that is told apart, so
//! that a facilitator asks first. A moment is due only while its answer would count
//! ([`crate::measures::Windows`]): what is asked too late is a question for nothing.

use super::follow_up::is_follow_up_time;
use super::plan::is_asked_around;
use super::{Occasion, Outcome, asks, middle_session};
use crate::attendance::{Mark, is_expected, register_rows};
use crate::clock::{Date, TimeOfDay};
use crate::consent::{Purpose, Status};
use crate::ids::{PersonId, SessionId};
use crate::measures::{Moment, When, Windows};
use crate::programme::{SessionPlanned, sessions_in_order};
use crate::records::Delivery;

/// What was done about somebody who is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Asked {
    /// Nothing yet.
    NotYet,
    /// They stopped half-way and may be asked again.
    Stopped,
    /// They have a link, and have not answered on their own phone yet. They may be asked here all the same.
    Linked,
    /// They did not want to be asked. Somebody who thinks again still can be.
    SaidNo,
    /// Nobody has asked them whether their answers may be used.
    ConsentFirst,
}

impl Asked {
    /// Whether somebody still waits to be asked.
    pub const fn is_open(self) -> bool {
        !matches!(self, Self::SaidNo | Self::Linked)
    }
}

/// Somebody to be asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// The person.
    pub person: PersonId,
    /// What they want to be called.
    pub name: String,
    /// At which moment of their course.
    pub moment: Moment,
    /// What was done about it.
    pub asked: Asked,
}

/// Who is to be asked at a session, at a time, by preferred name: those of its register who are not marked
/// as away. Without a time of day nobody is asked how they feel before or after the session.
pub fn due(delivery: &Delivery, session: SessionId, at: When) -> Vec<Due> {
    let Some(plan) = delivery.evaluation.plan() else {
        return Vec::new();
    };
    let sessions = sessions_in_order(delivery);
    let Some(here) = sessions.iter().find(|one| one.session == session) else {
        return Vec::new();
    };
    let mut all = Vec::new();
    for row in register_rows(delivery, session) {
        let away = matches!(row.mark(), Mark::NotHere { .. }) && !row.may_be_here();
        // Whoever answers three months later is not here, and was not away either.
        let follow_up = at.date > here.date;
        if away && !follow_up {
            continue;
        }
        let moments = Moment::ALL.iter().copied();
        for moment in moments.filter(|moment| asks(plan, *moment)) {
            let is_time = if moment.of_session() {
                is_asked_around(&sessions, here)
                    && is_session_time(delivery, here, (row.person, moment), at)
            } else {
                is_time(delivery, &sessions, here, row.person, moment, at.date)
            };
            if !is_time {
                continue;
            }
            let occasion = Occasion::new(moment, session);
            let Some(asked) = state(delivery, row.person, occasion) else {
                continue;
            };
            all.push(Due {
                person: row.person,
                name: row.details.details.preferred_name.to_string(),
                moment,
                asked,
            });
        }
    }
    all
}

/// What is to be done about a person on an occasion; nothing where they answered, or where nothing of theirs
/// may be evaluated.
pub(super) fn state(delivery: &Delivery, person: PersonId, occasion: Occasion) -> Option<Asked> {
    let asked = delivery.evaluation.asked(person, occasion);
    let done = match asked.map(|head| head.value.outcome) {
        Some(Outcome::Finished) => return None,
        Some(Outcome::Declined) => Asked::SaidNo,
        Some(Outcome::Stopped) => Asked::Stopped,
        Some(Outcome::Linked) => Asked::Linked,
        None => Asked::NotYet,
    };
    match delivery.consent.status(person, Purpose::Evaluation) {
        Status::Given(_) => Some(done),
        Status::NotAsked => Some(Asked::ConsentFirst),
        Status::Refused(_) | Status::Withdrawn(_) => None,
    }
}

/// Whether it is time to ask somebody how they feel before or after a session. Before it until it is half
/// over, and after it from then on, until the day ends; after it only whoever answered before it, because
/// an answer counts only with another to compare it with.
fn is_session_time(
    delivery: &Delivery,
    here: &SessionPlanned,
    (person, moment): (PersonId, Moment),
    at: When,
) -> bool {
    let Some(time) = at.time.filter(|_| at.date == here.date) else {
        return false;
    };
    let is_half_over = time >= half_of(here);
    match moment {
        Moment::BeforeSession => !is_half_over,
        Moment::AfterSession => {
            let before = Occasion::new(Moment::BeforeSession, here.session);
            let before = delivery.evaluation.asked(person, before);
            is_half_over && before.is_some_and(|head| head.value.outcome == Outcome::Finished)
        }
        _ => false,
    }
}

/// The time at which half of a session is over.
fn half_of(session: &SessionPlanned) -> TimeOfDay {
    let (starts, ends) = (session.starts.minutes(), session.ends.minutes());
    TimeOfDay::from_minutes(u16::midpoint(starts, ends)).unwrap_or(session.starts)
}

/// Whether an answer at this session, on this day, would count for a moment of the course.
fn is_time(
    delivery: &Delivery,
    sessions: &[&SessionPlanned],
    here: &SessionPlanned,
    person: PersonId,
    moment: Moment,
    today: Date,
) -> bool {
    let windows = Windows::default();
    let within = |day: Option<Date>, most: u16| {
        day.is_some_and(|day| (today - day).whole_days().unsigned_abs() <= u64::from(most))
    };
    let is_last = sessions
        .last()
        .is_some_and(|last| last.session == here.session);
    match moment {
        Moment::Baseline => {
            let first = first_session(delivery, sessions, person);
            first.is_some_and(|first| first.session == here.session)
                && today <= here.date
                && within(Some(here.date), windows.baseline_days)
        }
        Moment::Middle => {
            // Nobody is half-way at their first session.
            let first = first_session(delivery, sessions, person);
            middle_session(sessions).is_some_and(|middle| middle.session == here.session)
                && first.is_none_or(|first| first.session != here.session)
                && today == here.date
        }
        Moment::End => is_last && within(Some(here.date), windows.end_days),
        Moment::ThreeMonths | Moment::SixMonths => {
            is_last && is_follow_up_time(here.date, moment, today)
        }
        Moment::BeforeSession | Moment::AfterSession => false,
    }
}

/// The last day, from today, on which an answer at this session would count for the moment.
pub(crate) fn last_day(
    delivery: &Delivery,
    session: SessionId,
    (person, moment): (PersonId, Moment),
    today: Date,
) -> Option<Date> {
    let sessions = sessions_in_order(delivery);
    let here = sessions.iter().find(|one| one.session == session)?;
    let counts = |day: &Date| is_time(delivery, &sessions, here, person, moment, *day);
    // Every day is asked for, so that this can not say anything else than the rule itself. There are sixty at
    // most.
    core::iter::successors(Some(today), |day| day.next_day())
        .take_while(counts)
        .last()
}

/// The session with which a person's course begins: the first at which they may have been, else the first
/// at which they are expected and not marked as away.
pub(super) fn first_session<'a>(
    delivery: &Delivery,
    sessions: &[&'a SessionPlanned],
    person: PersonId,
) -> Option<&'a SessionPlanned> {
    let mark = |session: &SessionPlanned| {
        let standing = delivery.attendance.standing(session.session, person);
        let here = standing
            .all()
            .any(|head| matches!(head.value.mark, Mark::Here(_)));
        let away = standing
            .all()
            .any(|head| matches!(head.value.mark, Mark::NotHere { .. }));
        (here, away)
    };
    let attended = sessions.iter().find(|session| mark(session).0);
    let expected = || {
        let details = delivery.person(person)?;
        sessions
            .iter()
            .find(|session| is_expected(details, session.date) && !mark(session).1)
    };
    attended.or_else(expected).copied()
}
