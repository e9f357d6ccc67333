//! Keeping a participant's answers, and dealing with what they raise.

use super::{PulseAnswered, PulseFlagSeen};
use crate::event::Draft;
use crate::heads::Heads;
use crate::ids::{ProgrammeId, ResponseId};
use crate::records::Records;
use crate::stream::Stream;
use crate::text::Paragraph;

/// Why answers or a flag could not be saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PulseError {
    /// The device holds no such session.
    #[error("no such session")]
    NoSession,
    /// The device holds no such answers.
    #[error("no such answers")]
    NoResponse,
}

/// Keeps a participant's answers, finished or not.
///
/// # Errors
/// [`PulseError::NoSession`].
pub fn answer(
    records: &Records,
    programme: ProgrammeId,
    answered: PulseAnswered,
) -> Result<Draft, PulseError> {
    let delivery = records.delivery(programme).ok_or(PulseError::NoSession)?;
    delivery
        .session(answered.session)
        .ok_or(PulseError::NoSession)?;
    Ok(Draft {
        stream: Stream::Delivery(programme),
        supersedes: delivery
            .pulses
            .heads(answered.response)
            .map(Heads::ids)
            .unwrap_or_default(),
        body: answered.into(),
    })
}

/// Notes that the coordinator dealt with what an answer raised.
///
/// # Errors
/// [`PulseError::NoResponse`].
pub fn flag_seen(
    records: &Records,
    programme: ProgrammeId,
    response: ResponseId,
    note: Option<Paragraph>,
) -> Result<Draft, PulseError> {
    let delivery = records.delivery(programme).ok_or(PulseError::NoResponse)?;
    delivery
        .pulses
        .get(response)
        .ok_or(PulseError::NoResponse)?;
    Ok(Draft {
        stream: Stream::Delivery(programme),
        supersedes: delivery
            .pulses
            .seen
            .get(&response)
            .map(Heads::ids)
            .unwrap_or_default(),
        body: PulseFlagSeen { response, note }.into(),
    })
}
