//! Keeping a participant's answers, and dealing with what they raise.

use super::{PulseAnswered, PulseFlagSeen};
use crate::event::Draft;
use crate::heads::Heads;
use crate::ids::{ProgrammeId, ResponseId};
use crate::records::Records;
use crate::stream::Stream;
use crate::text::Paragraph;

/// Why a flag could not be dealt with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PulseError {
    /// The device holds no such answers.
    #[error("no such answers")]
    NoResponse,
}

/// Keeps a participant's answers, finished or not, even if their session has left this device in the
/// meantime: nobody can ask them again.
pub fn answer(records: &Records, programme: ProgrammeId, answered: PulseAnswered) -> Draft {
    let heads = records
        .delivery(programme)
        .and_then(|delivery| delivery.pulses.heads(answered.response));
    Draft {
        stream: Stream::Delivery(programme),
        supersedes: heads.map(Heads::ids).unwrap_or_default(),
        body: answered.into(),
    }
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
