//! Who is asked.

use std::collections::BTreeSet;

use crate::attendance::{Mark, register_rows};
use crate::ids::{PersonId, SessionId};
use crate::records::Delivery;

/// Somebody to whom the tablet may be handed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonToAsk {
    /// The person.
    pub person: PersonId,
    /// What they want to be called.
    pub name: String,
    /// Whether they are marked as here.
    pub here: bool,
    /// Whether they came to the end of the questions of this session. They may be asked again.
    pub answered: bool,
}

/// Everybody who may be asked about a session: the people of its register who are not marked as away,
/// those who are here first, by preferred name.
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
        .filter(|row| !matches!(row.mark(), Mark::NotHere { .. }))
        .map(|row| PersonToAsk {
            person: row.person,
            name: row.details.details.preferred_name.to_string(),
            here: matches!(row.mark(), Mark::Here(_)),
            answered: answered.contains(&row.person),
        })
        .collect();
    people.sort_by_key(|person| !person.here);
    people
}
