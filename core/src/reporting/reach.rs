//! Whom a programme reached, and how they attended.

use std::collections::{BTreeMap, BTreeSet};

use super::Period;
use crate::attendance::{Mark, Presence};
use crate::clock::Date;
use crate::disclosure::{Issuing, Part, Policy, Shown, part};
use crate::ids::{PersonId, SessionId};
use crate::people::{AccessNeed, Met};
use crate::programme::{SessionPlanned, sessions_in_order};
use crate::records::Delivery;

/// Whom a programme reached.
#[derive(Clone, Debug, PartialEq)]
pub struct Reach {
    /// People who were at a session at least once.
    pub people: Shown,
    /// Of these, those who had not been at one before.
    pub newcomers: Shown,
    /// How often somebody was at a session.
    pub attendances: Shown,
    /// For how many hours, all together; `None` where the attendances are not shown. Whoever came late or
    /// left early counts from then or until then.
    pub hours: Option<f64>,
    /// The sessions that were held, in order.
    pub sessions: Vec<SessionAttendance>,
    /// People who were there and have a need, for every need that anybody has.
    pub needs: Vec<NeedShown>,
}

/// How many were at a session.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SessionAttendance {
    /// The session.
    pub session: SessionId,
    /// Its number.
    pub number: u16,
    /// Its day.
    pub date: Date,
    /// How many were there.
    pub here: Shown,
}

/// How many people have a need, and for how many of them it was met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NeedShown {
    /// The need.
    pub need: AccessNeed,
    /// How many have it.
    pub people: Shown,
    /// For how many it was there.
    pub met: Shown,
    /// For how many some of it was there, or not always.
    pub partly: Shown,
    /// For how many it was not there.
    pub not_met: Shown,
    /// Of how many nobody said.
    pub not_said: Shown,
}

/// Somebody at a session.
struct Visit {
    person: PersonId,
    minutes: u32,
}

/// Whoever was at a session at least once.
pub(super) fn people_reached(delivery: &Delivery, period: Period) -> BTreeSet<PersonId> {
    sessions_in_order(delivery)
        .into_iter()
        .filter(|session| period.holds(session.date))
        .flat_map(|session| visits(delivery, session))
        .map(|visit| visit.person)
        .collect()
}

/// Whom it reached. `people` is [`people_reached`], which other parts of a report need as well.
pub(super) fn reach(
    delivery: &Delivery,
    (period, people): (Period, &BTreeSet<PersonId>),
    issuing: &mut Issuing<'_>,
) -> Reach {
    let in_order = sessions_in_order(delivery);
    // A session that nobody marked was not held, or nobody kept its register.
    let held: Vec<_> = in_order
        .iter()
        .filter(|session| period.holds(session.date))
        .map(|session| (*session, visits(delivery, session)))
        .filter(|(_, visits)| !visits.is_empty())
        .collect();
    let before: BTreeSet<PersonId> = in_order
        .iter()
        .filter(|session| session.date < period.from)
        .flat_map(|session| visits(delivery, session))
        .map(|visit| visit.person)
        .collect();
    let newcomers = people.difference(&before).count();
    let per_session: Vec<_> = held
        .iter()
        .map(|(session, visits)| (session.session.0, visits.len()))
        .collect();
    let by_session = issuing.one_way("sessions", &per_session);
    let attendances = by_session[held.len()];
    let all = held.iter().flat_map(|(_, visits)| visits);
    let minutes: u32 = all.map(|visit| visit.minutes).sum();
    let hours = matches!(attendances, Shown::Number(_)).then(|| f64::from(minutes) / 60.0);
    let stays = held.iter().flat_map(|(session, visits)| {
        let of = session.session.0;
        let each = visits.iter();
        each.map(move |visit| Part::of(&[visit.person.0, of, visit.minutes.into()]))
    });
    let hours = issuing.figure("hours", stays.collect(), hours);
    let policy = issuing.policy();
    Reach {
        // The totals that everything else is a part of, which may change by few.
        people: shown_part(policy, people.len(), people.len()),
        newcomers: shown_part(policy, newcomers, people.len()),
        attendances,
        hours,
        sessions: held
            .iter()
            .enumerate()
            .map(|(place, (session, _))| SessionAttendance {
                session: session.session,
                number: session.number,
                date: session.date,
                here: by_session[place],
            })
            .collect(),
        needs: needs(delivery, people, issuing),
    }
}

/// Who was at a session, and for how long.
fn visits(delivery: &Delivery, session: &SessionPlanned) -> Vec<Visit> {
    let marks = delivery.attendance.of_session(session.session);
    marks
        .filter_map(|(person, standing)| match &standing.shown()?.value.mark {
            Mark::Here(presence) => Some(Visit {
                person,
                minutes: minutes(session, *presence),
            }),
            Mark::NotHere { .. } | Mark::Unmarked => None,
        })
        .collect()
}

fn minutes(session: &SessionPlanned, presence: Presence) -> u32 {
    let from = presence
        .late
        .map_or(session.starts, |late| late.max(session.starts));
    let until = presence
        .left
        .map_or(session.ends, |left| left.min(session.ends));
    u32::from(until.minutes().saturating_sub(from.minutes()))
}

fn needs(
    delivery: &Delivery,
    people: &BTreeSet<PersonId>,
    issuing: &mut Issuing<'_>,
) -> Vec<NeedShown> {
    // For each need: met, partly, not met, not said.
    let mut having: BTreeMap<AccessNeed, [usize; 4]> = BTreeMap::new();
    let known = people
        .iter()
        .filter_map(|person| Some((*person, delivery.person(*person)?)));
    for (person, recorded) in known {
        for need in &recorded.details.access {
            let place = match delivery.needs.met(person, *need) {
                Some(Met::Yes) => 0,
                Some(Met::Partly) => 1,
                Some(Met::No) => 2,
                None => 3,
            };
            having.entry(*need).or_default()[place] += 1;
        }
    }
    let having = having.into_iter();
    having
        .map(|(need, counts)| need_shown(issuing, (need, counts), people.len()))
        .collect()
}

/// One need. Where how many have it is hidden for the sake of those who do not, nothing of the row is
/// shown, because its counts add up to it.
fn need_shown(
    issuing: &mut Issuing<'_>,
    (need, counts): (AccessNeed, [usize; 4]),
    people: usize,
) -> NeedShown {
    let name = format!("need/{}", need.code());
    let whole = issuing.part(&format!("{name}/people"), counts.iter().sum(), people);
    let at = match whole {
        Shown::Number(_) => issuing.one_way(&name, &keyed(&counts)),
        Shown::Under(_) | Shown::Hidden => vec![Shown::Hidden; 5],
    };
    let at = |place: usize| at[place];
    NeedShown {
        need,
        people: match whole {
            Shown::Number(_) => at(4),
            Shown::Under(_) | Shown::Hidden => whole,
        },
        met: at(0),
        partly: at(1),
        not_met: at(2),
        not_said: at(3),
    }
}

/// A part of a number that is told as well.
pub(super) fn shown_part(policy: Policy, count: usize, whole: usize) -> Shown {
    let counts = u32::try_from(count).ok().zip(u32::try_from(whole).ok());
    counts.map_or(Shown::Hidden, |(count, whole)| part(policy, count, whole))
}

/// Counts whose order is their key: what they are about is the same in every report.
pub(super) fn keyed(counts: &[usize]) -> Vec<(u64, usize)> {
    (0u64..).zip(counts.iter().copied()).collect()
}
