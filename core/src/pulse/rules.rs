//! Who is asked, and in which order answers are read.

use core::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::PulseView;
use crate::attendance::{Mark, register_rows};
use crate::ids::{PersonId, ResponseId, SessionId};
use crate::records::Delivery;

/// Somebody to whom the tablet may be handed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonToAsk {
    /// The person.
    pub person: PersonId,
    /// What they want to be called.
    pub name: String,
    /// Whether they are marked as here, by anybody.
    pub here: bool,
    /// Whether they came to the end of the questions of this session. They may be asked again.
    pub answered: bool,
}

/// Everybody who may be asked about a session: the people of its register who are not marked as away,
/// those who are here first, by preferred name. Where two tablets disagree, somebody who may be here is
/// asked: they may be standing in front of whoever holds the tablet.
pub fn people_to_ask(delivery: &Delivery, session: SessionId) -> Vec<PersonToAsk> {
    let answered: BTreeSet<_> = delivery
        .pulses
        .all()
        .iter()
        .map(|view| &view.head.value)
        .filter(|answered| answered.finished && answered.session == session)
        .filter_map(|answered| answered.person)
        .collect();
    let mut people: Vec<_> = register_rows(delivery, session)
        .iter()
        .filter(|row| row.may_be_here() || !matches!(row.mark(), Mark::NotHere { .. }))
        .map(|row| PersonToAsk {
            person: row.person,
            name: row.details.details.preferred_name.to_string(),
            here: row.may_be_here(),
            answered: answered.contains(&row.person),
        })
        .collect();
    people.sort_by_key(|person| !person.here);
    people
}

/// The answers of a programme for whoever deals with them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ToRead<'a> {
    /// Those that need somebody, latest first.
    pub first: Vec<PulseView<'a>>,
    /// The others by session, the latest session first, and in each the latest answers first.
    pub sessions: Vec<(SessionId, Vec<PulseView<'a>>)>,
}

/// The answers that need somebody, and the others by session. What is in `kept` stays among the first,
/// so that answers which somebody is dealing with do not go from under their eyes.
pub fn answers_to_read<'a>(delivery: &'a Delivery, kept: &BTreeSet<ResponseId>) -> ToRead<'a> {
    let (first, others): (Vec<_>, Vec<_>) = delivery
        .pulses
        .all()
        .into_iter()
        .partition(|view| view.needs_attention() || kept.contains(&view.head.value.response));
    let mut by_session: BTreeMap<SessionId, Vec<PulseView<'a>>> = BTreeMap::new();
    for view in others {
        let session = view.head.value.session;
        by_session.entry(session).or_default().push(view);
    }
    let mut sessions: Vec<_> = by_session.into_iter().collect();
    // A session that is not known here has no day, and comes last.
    sessions.sort_by_key(|(session, _)| {
        let plan = delivery.session(*session);
        Reverse((plan.map(|plan| (plan.date, plan.starts)), *session))
    });
    ToRead { first, sessions }
}
