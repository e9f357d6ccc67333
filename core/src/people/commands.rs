//! Adding and changing people.

use super::{Joined, PersonDetails, PersonRecorded};
use crate::attendance::{AttendanceMarked, Mark};
use crate::event::Draft;
use crate::heads::Heads;
use crate::ids::{EventId, PersonId, ProgrammeId, SessionId};
use crate::records::Records;
use crate::stream::Stream;
use crate::text::Line;

/// Why a person could not be added or changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddError {
    /// The tablet holds no such session.
    #[error("no such session")]
    NoSession,
    /// The tablet holds no such person.
    #[error("no such person")]
    NoPerson,
}

/// Adds somebody who came to the gate, by first name alone, and marks them as here.
///
/// `id` is 64 random bits drawn by the caller. Both records are saved together or not at all.
///
/// # Errors
/// [`AddError::NoSession`].
pub fn add_walk_in(
    records: &Records,
    programme: ProgrammeId,
    session: SessionId,
    id: PersonId,
    first_name: Line,
) -> Result<[Draft; 2], AddError> {
    let plan = records
        .delivery(programme)
        .and_then(|d| d.session(session))
        .ok_or(AddError::NoSession)?;
    let person = PersonRecorded {
        person: id,
        joined: Joined::WalkIn,
        from: plan.date,
        until: None,
        details: PersonDetails {
            preferred_name: first_name,
            access: Vec::new(),
            access_note: None,
            agreed_support: None,
            emergency: None,
            supporter: None,
        },
    };
    let here = AttendanceMarked {
        session,
        person: id,
        mark: Mark::HERE,
        note: None,
    };
    let stream = Stream::Delivery(programme);
    Ok([
        Draft {
            stream,
            supersedes: Vec::new(),
            body: person.into(),
        },
        Draft {
            stream,
            supersedes: Vec::new(),
            body: here.into(),
        },
    ])
}

/// Settles "Check this" for details: the chosen version replaces every version that stands.
///
/// # Errors
/// [`AddError::NoPerson`] if there is no such person, or the chosen version no longer stands.
pub fn settle_details(
    records: &Records,
    programme: ProgrammeId,
    person: PersonId,
    chosen: EventId,
) -> Result<Draft, AddError> {
    let delivery = records.delivery(programme).ok_or(AddError::NoPerson)?;
    let heads = delivery.person_heads(person).ok_or(AddError::NoPerson)?;
    let chosen = heads
        .heads()
        .iter()
        .find(|head| head.stamp.id == chosen)
        .ok_or(AddError::NoPerson)?;
    Ok(Draft {
        stream: Stream::Delivery(programme),
        supersedes: heads.ids(),
        body: chosen.value.clone().into(),
    })
}

/// Records what was learned about a person since.
///
/// # Errors
/// [`AddError::NoPerson`].
pub fn change_details(
    records: &Records,
    programme: ProgrammeId,
    person: PersonId,
    details: PersonDetails,
) -> Result<Draft, AddError> {
    let delivery = records.delivery(programme).ok_or(AddError::NoPerson)?;
    let known = delivery.person(person).ok_or(AddError::NoPerson)?;
    Ok(Draft {
        stream: Stream::Delivery(programme),
        supersedes: delivery
            .person_heads(person)
            .map(Heads::ids)
            .unwrap_or_default(),
        body: PersonRecorded {
            details,
            ..known.clone()
        }
        .into(),
    })
}
