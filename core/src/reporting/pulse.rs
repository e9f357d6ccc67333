//! How sessions were, over time.
//!
//! Whoever answered without their name is counted. Whoever answered with it is, where they agreed to the
//! evaluation.

use std::collections::BTreeMap;

use super::Period;
use super::reach::keyed;
use crate::clock::Date;
use crate::consent::Purpose;
use crate::disclosure::{Issuing, Part, Shown, mean};
use crate::heads::Head;
use crate::ids::SessionId;
use crate::measures::statistics::summary;
use crate::programme::{SessionPlanned, sessions_in_order};
use crate::pulse::{Day, Felt, PulseAnswered};
use crate::records::Delivery;

/// How sessions were.
#[derive(Clone, Debug, PartialEq)]
pub struct PulseFigures {
    /// How today was.
    pub day: Answered<Day>,
    /// Whether people felt safe and included.
    pub felt: Answered<Felt>,
    /// Session by session, those after which anybody answered, in order.
    pub sessions: Vec<SessionPulse>,
}

/// How often each answer was given to a question.
#[derive(Clone, Debug, PartialEq)]
pub struct Answered<T> {
    /// Each answer, in the order of the question.
    pub each: Vec<(T, Shown)>,
    /// Sets of answers without one to this question.
    pub none: Shown,
    /// All sets of answers.
    pub total: Shown,
}

/// How a session was.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SessionPulse {
    /// The session.
    pub session: SessionId,
    /// Its number.
    pub number: u16,
    /// Its day.
    pub date: Date,
    /// The mean of how the day was, 1 very bad to 5 very good, where enough people answered.
    pub day_mean: Option<f64>,
}

pub(super) fn figures(
    delivery: &Delivery,
    period: Period,
    issuing: &mut Issuing<'_>,
) -> PulseFigures {
    let may_count = |answered: &PulseAnswered| {
        answered.person.is_none_or(|person| {
            let status = delivery.consent.status(person, Purpose::Evaluation);
            status.permits()
        })
    };
    let in_period: Vec<_> = sessions_in_order(delivery)
        .into_iter()
        .filter(|session| period.holds(session.date))
        .collect();
    let all = delivery.pulses.all();
    let mut counted: BTreeMap<SessionId, Vec<&Head<PulseAnswered>>> = in_period
        .iter()
        .map(|planned| (planned.session, Vec::new()))
        .collect();
    for head in all.iter().map(|view| &view.head) {
        if let Some(of_session) = counted.get_mut(&head.value.session)
            && may_count(&head.value)
        {
            of_session.push(head);
        }
    }
    let sessions = in_period
        .iter()
        .filter_map(|planned| session(planned, counted.get(&planned.session)?.as_slice(), issuing));
    let sessions = sessions.collect();
    let all: Vec<&PulseAnswered> = counted.values().flatten().map(|head| &head.value).collect();
    PulseFigures {
        day: answered(issuing, ("pulse/day", Day::ALL), &all, |said| {
            said.answers.day.given().copied()
        }),
        felt: answered(issuing, ("pulse/felt", Felt::ALL), &all, |said| {
            said.answers.safe.given().copied()
        }),
        sessions,
    }
}

fn session(
    planned: &SessionPlanned,
    answered: &[&Head<PulseAnswered>],
    issuing: &mut Issuing<'_>,
) -> Option<SessionPulse> {
    let days = answered.iter().filter_map(|head| {
        let day = i32::from(head.value.answers.day.given()?.code());
        Some((head.stamp.id, day))
    });
    let days: Vec<_> = days.collect();
    let summary = summary(days.iter().map(|(_, day)| day * 100))?;
    let parts = days
        .iter()
        .map(|(id, day)| Part::of(&[id.device.0.into(), id.n, day.unsigned_abs().into()]));
    let name = format!("pulse/session/{}", planned.session);
    let day_mean = mean(issuing.policy(), summary);
    Some(SessionPulse {
        session: planned.session,
        number: planned.number,
        date: planned.date,
        day_mean: issuing.figure(&name, parts.collect(), day_mean),
    })
}

fn answered<T: Copy + PartialEq>(
    issuing: &mut Issuing<'_>,
    (name, all): (&str, &[T]),
    counted: &[&PulseAnswered],
    said: impl Fn(&PulseAnswered) -> Option<T>,
) -> Answered<T> {
    let given: Vec<Option<T>> = counted.iter().map(|answered| said(answered)).collect();
    let count = |wanted: Option<T>| given.iter().filter(|one| **one == wanted).count();
    let mut counts: Vec<usize> = all.iter().map(|one| count(Some(*one))).collect();
    counts.push(count(None));
    let shown = issuing.one_way(name, &keyed(&counts));
    Answered {
        each: all.iter().copied().zip(shown.iter().copied()).collect(),
        none: shown[all.len()],
        total: shown[all.len() + 1],
    }
}
