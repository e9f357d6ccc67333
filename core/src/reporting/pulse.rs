//! How sessions were, over time.
//!
//! Whoever answered without their name is counted. Whoever answered with it is, where they agreed to the
//! evaluation.

use std::collections::BTreeMap;

use super::Period;
use super::reach::{one_way, shown};
use crate::clock::Date;
use crate::consent::Purpose;
use crate::disclosure::{Policy, Shown, mean};
use crate::ids::SessionId;
use crate::measures::statistics::summary;
use crate::programme::sessions_in_order;
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

pub(super) fn figures(delivery: &Delivery, period: Period, policy: Policy) -> PulseFigures {
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
    let mut counted: BTreeMap<SessionId, Vec<&PulseAnswered>> = in_period
        .iter()
        .map(|planned| (planned.session, Vec::new()))
        .collect();
    for answered in all.iter().map(|view| &view.head.value) {
        if let Some(of_session) = counted.get_mut(&answered.session)
            && may_count(answered)
        {
            of_session.push(answered);
        }
    }
    let sessions = in_period.iter().filter_map(|planned| {
        let of_session = counted.get(&planned.session)?.iter();
        let days = of_session.filter_map(|answered| answered.answers.day.given());
        let summary = summary(days.map(|day| i32::from(day.code()) * 100))?;
        Some(SessionPulse {
            session: planned.session,
            number: planned.number,
            date: planned.date,
            day_mean: mean(policy, summary),
        })
    });
    let all: Vec<&PulseAnswered> = counted.values().flatten().copied().collect();
    PulseFigures {
        day: answered(policy, Day::ALL, &all, |said| {
            said.answers.day.given().copied()
        }),
        felt: answered(policy, Felt::ALL, &all, |said| {
            said.answers.safe.given().copied()
        }),
        sessions: sessions.collect(),
    }
}

fn answered<T: Copy + PartialEq>(
    policy: Policy,
    all: &[T],
    counted: &[&PulseAnswered],
    said: impl Fn(&PulseAnswered) -> Option<T>,
) -> Answered<T> {
    let given: Vec<Option<T>> = counted.iter().map(|answered| said(answered)).collect();
    let count = |wanted: Option<T>| given.iter().filter(|one| **one == wanted).count();
    let mut counts: Vec<usize> = all.iter().map(|one| count(Some(*one))).collect();
    counts.push(count(None));
    let release = one_way(policy, &counts);
    Answered {
        each: all
            .iter()
            .enumerate()
            .map(|(place, one)| (*one, shown(release.as_ref(), place)))
            .collect(),
        none: shown(release.as_ref(), all.len()),
        total: shown(release.as_ref(), all.len() + 1),
    }
}
