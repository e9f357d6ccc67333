//! Keeping a participant's answers, and dealing with what they raise.

use super::{Asking, PulseAnswered, PulseFlagSeen, Quoting};
use crate::consent::{self, GivenBy, Method, Purpose};
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

/// What somebody decided at the end about their words being quoted; nothing where they did not, where they
/// took their words out again, or where something else was recorded about it since they were asked.
pub fn may_be_quoted(records: &Records, programme: ProgrammeId, asking: &Asking) -> Option<Draft> {
    let yes = match asking.quote {
        Quoting::Yes => true,
        Quoting::No => false,
        Quoting::NotAsked | Quoting::ToAsk => return None,
    };
    if !asking.wrote() {
        return None;
    }
    let answer = consent::Answer {
        yes,
        language: asking.language,
        method: Method::Ticked,
        given_by: GivenBy::Themselves,
        giver_name: None,
    };
    let of = (asking.person?, Purpose::Quote);
    consent::record_knowing(records, programme, of.0, of.1, answer, &[]).ok()
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
