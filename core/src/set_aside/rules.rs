//! What may be taken in, what decisions add up to, and what is still to be decided.

use std::collections::BTreeMap;

use super::{Decision, ORIGINAL_BYTES_MAX, Original, SetAsideSettled};
use crate::access::{Role, may_record};
use crate::clock::Instant;
use crate::event::{Body, Event, Invalid, OfKind, Unread, check, decode_event, kind_of};
use crate::heads::{Heads, Stamp, Standing};
use crate::ids::{EventId, PersonId, ProgrammeId};
use crate::stream::Stream;
use crate::sync::{Outcome, QuarantinedEvent};

/// Why an event that was set aside cannot be taken in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotTakeable {
    /// It has more than [`ORIGINAL_BYTES_MAX`] bytes.
    #[error("more bytes than a decision carries")]
    TooLarge,
    /// It is no event.
    #[error("not an event")]
    Unreadable,
    /// It is such a decision itself.
    #[error("a decision about something else that was set aside")]
    ADecision,
    /// This software knows no such kind, or no such version of it.
    #[error("a kind or version that this version does not know")]
    Newer,
    /// Its content breaks the rules of its kind.
    #[error("its content breaks the rules of its kind")]
    Content,
    /// Records of its kind do not lie in its stream.
    #[error("wrong stream for its kind")]
    WrongStream,
    /// It names another device or number than the place at which it was sent.
    #[error("it names another place than its own")]
    OtherEvent,
    /// It does not lie in the stream in which it would be decided.
    #[error("it lies in another stream")]
    OtherStream,
    /// Not even a coordinator may record it.
    #[error("nobody may record this there")]
    NotAllowed,
}

/// The event that stands at this place of a device's log, if a coordinator may take it in in this stream.
///
/// # Errors
/// See [`NotTakeable`].
pub fn takeable(event: EventId, stream: Stream, bytes: &[u8]) -> Result<Original, NotTakeable> {
    let original = Original::read(event, bytes)?;
    if original.event.stream == stream {
        Ok(original)
    } else {
        Err(NotTakeable::OtherStream)
    }
}

/// The event that stands at this place of a device's log, if it belongs to the programme's casework and a
/// coordinator may record it there. It is not handed on inside a decision, which lies among what everybody of
/// the programme receives, but recorded once more.
///
/// # Errors
/// See [`NotTakeable`].
pub fn takeable_anew(
    event: EventId,
    programme: ProgrammeId,
    bytes: &[u8],
) -> Result<Event, NotTakeable> {
    let original = opened(event, bytes)?;
    if original.stream != Stream::Casework(programme) {
        return Err(NotTakeable::OtherStream);
    }
    if !may_record(Role::Coordinator, original.stream, &original.body) {
        return Err(NotTakeable::NotAllowed);
    }
    Ok(original)
}

/// Whether a coordinator may take an event in, in whichever of the two ways.
pub fn may_be_taken_in(event: EventId, programme: ProgrammeId, bytes: &[u8]) -> bool {
    takeable(event, Stream::Delivery(programme), bytes).is_ok()
        || takeable_anew(event, programme, bytes).is_ok()
}

/// Reads the event that stands at this place of a device's log, if its content is in order.
fn opened(event: EventId, bytes: &[u8]) -> Result<Event, NotTakeable> {
    if bytes.len() > ORIGINAL_BYTES_MAX {
        return Err(NotTakeable::TooLarge);
    }
    // Asked before the body is read, so that decisions within decisions are never opened.
    if kind_of(bytes).map_err(|_| NotTakeable::Unreadable)? == SetAsideSettled::KIND {
        return Err(NotTakeable::ADecision);
    }
    let original = decode_event(bytes).map_err(|_| NotTakeable::Unreadable)?;
    if let Body::Unread(body) = &original.body
        && body.why == Unread::Newer
    {
        return Err(NotTakeable::Newer);
    }
    check(&original).map_err(|invalid| match invalid {
        Invalid::Content => NotTakeable::Content,
        Invalid::WrongStream => NotTakeable::WrongStream,
    })?;
    if original.id != event {
        return Err(NotTakeable::OtherEvent);
    }
    Ok(original)
}

impl Original {
    /// Reads an event as far as that can be asked without knowing where it would be decided: the body of
    /// a decision is read before its envelope's stream is at hand.
    pub(super) fn read(event: EventId, bytes: &[u8]) -> Result<Self, NotTakeable> {
        let original = opened(event, bytes)?;
        // Decisions lie in a programme's days, and nothing of another room may come in with them.
        if !matches!(original.stream, Stream::Delivery(_)) {
            return Err(NotTakeable::OtherStream);
        }
        if !may_record(Role::Coordinator, original.stream, &original.body) {
            return Err(NotTakeable::NotAllowed);
        }
        Ok(Self {
            bytes: bytes.to_vec(),
            event: Box::new(original),
        })
    }
}

impl SetAsideSettled {
    /// Whether what it takes in may be taken in in this stream. Whatever else [`takeable`] asks was asked
    /// when the decision was made or read.
    pub(crate) fn may_lie_in(&self, stream: Stream) -> bool {
        match &self.decision {
            Decision::TakenIn(original) => {
                original.event.id == self.event && original.event.stream == stream
            }
            Decision::Open | Decision::LeftOut | Decision::RecordedAnew => true,
        }
    }

    /// The person whom the record is about that is taken in: what is done with that person's records is
    /// done with this one too.
    pub(super) fn subject_of_original(&self) -> Option<PersonId> {
        match &self.decision {
            Decision::TakenIn(original) => original.event.body.subject(),
            Decision::Open | Decision::LeftOut | Decision::RecordedAnew => None,
        }
    }
}

/// Every decision of a programme.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SetAsides {
    decisions: BTreeMap<EventId, Heads<Decision>>,
}

impl SetAsides {
    pub(crate) fn insert(
        &mut self,
        stamp: Stamp,
        supersedes: &[EventId],
        settled: SetAsideSettled,
    ) {
        self.decisions.entry(settled.event).or_default().insert(
            stamp,
            supersedes,
            settled.decision,
        );
    }

    /// The decisions about an event.
    pub fn heads(&self, event: EventId) -> Option<&Heads<Decision>> {
        self.decisions.get(&event)
    }

    /// What was decided about an event.
    pub fn standing(&self, event: EventId) -> Standing<'_, Decision> {
        self.heads(event)
            .map_or(Standing::Unrecorded, Heads::standing)
    }

    /// Whether somebody decided about an event, and nobody decided otherwise.
    pub fn is_settled(&self, event: EventId) -> bool {
        is_settled(&self.standing(event))
    }

    /// Whether a coordinator has taken an event in and nobody took that back. It counts then, whatever
    /// another coordinator decided without knowing of it.
    pub fn is_taken_in(&self, event: EventId) -> bool {
        is_taken_in(&self.standing(event))
    }

    /// Every event about which two coordinators decided differently.
    pub fn to_check(&self) -> impl Iterator<Item = (EventId, Standing<'_, Decision>)> {
        self.decisions
            .iter()
            .map(|(event, heads)| (*event, heads.standing()))
            .filter(|(_, standing)| standing.needs_choice())
    }

    /// Every event that was ever decided about.
    pub fn all(&self) -> impl Iterator<Item = (EventId, &Heads<Decision>)> {
        self.decisions.iter().map(|(event, heads)| (*event, heads))
    }
}

fn is_taken_in(standing: &Standing<'_, Decision>) -> bool {
    standing
        .all()
        .any(|head| matches!(head.value, Decision::TakenIn(_) | Decision::RecordedAnew))
}

fn is_settled(standing: &Standing<'_, Decision>) -> bool {
    matches!(standing, Standing::Agreed(head) if head.value != Decision::Open)
}

/// An event that was set aside, and what was decided about it.
#[derive(Clone, Debug, PartialEq)]
pub struct Row<'a> {
    /// The event.
    pub event: EventId,
    /// Why it was set aside and when it arrived, where the server said so.
    pub told: Option<(Outcome, Instant)>,
    /// Its bytes, where they may be shown.
    pub bytes: Option<&'a [u8]>,
    /// What was decided.
    pub standing: Standing<'a, Decision>,
}

impl Row<'_> {
    /// Whether somebody decided, and nobody decided otherwise.
    pub fn is_settled(&self) -> bool {
        is_settled(&self.standing)
    }

    /// Whether a coordinator has taken the record in and nobody took that back. It is on the register
    /// then, whatever another coordinator decided without knowing of it.
    pub fn is_taken_in(&self) -> bool {
        is_taken_in(&self.standing)
    }
}

/// What the server listed, in its order, and after it what two coordinators decided differently without
/// its being listed any more.
pub fn rows<'a>(set_aside: &'a SetAsides, listed: &'a [QuarantinedEvent]) -> Vec<Row<'a>> {
    let told = listed.iter().map(|listed| Row {
        event: listed.event(),
        told: Some((listed.outcome, listed.received_at)),
        bytes: listed.bytes.as_deref(),
        standing: set_aside.standing(listed.event()),
    });
    let is_listed = |event: &EventId| listed.iter().any(|listed| listed.event() == *event);
    let others = set_aside
        .to_check()
        .filter(|(event, _)| !is_listed(event))
        .map(|(event, standing)| {
            let original = standing.all().find_map(|head| match &head.value {
                Decision::TakenIn(original) => Some(original.bytes()),
                Decision::Open | Decision::LeftOut | Decision::RecordedAnew => None,
            });
            Row {
                event,
                told: None,
                bytes: original,
                standing,
            }
        });
    told.chain(others).collect()
}

#[cfg(test)]
mod tests;
