//! The envelope on the wire and on disk, version 1: a CBOR map with integer keys.
//!
//! A key is never reused; a reader skips keys it does not know. The body is a byte string so that
//! the envelope can be read, stored and handed on without knowing the kind.

use minicbor::bytes::ByteSlice;
use minicbor::{Decode, Encode};

use super::{Body, Event, Kind, OfKind, Recorded};
use crate::clock::Hlc;
use crate::heads::Stamp;
use crate::ids::{DeviceId, EventId, PersonId, StaffId};
use crate::stream::Stream;

/// At most this many events may be superseded by one. More than two devices rarely meet.
pub(crate) const SUPERSEDES_MAX: usize = 64;

/// Bytes that are no event envelope.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an event envelope")]
pub struct EnvelopeError;

#[derive(Encode, Decode)]
#[cbor(map)]
struct EnvelopeV1<'b> {
    #[n(0)]
    device: u32,
    #[n(1)]
    n: u64,
    #[n(2)]
    at: u64,
    #[n(3)]
    kind: u16,
    #[n(4)]
    version: u8,
    #[n(5)]
    stream: Stream,
    #[n(6)]
    subject: Option<u64>,
    #[n(7)]
    supersedes: Option<Vec<EventIdV1>>,
    #[n(8)]
    by: Option<u64>,
    #[b(9)]
    body: &'b ByteSlice,
}

/// An event's identity inside a body or envelope: `[device, n]`.
#[derive(Clone, Copy, Encode, Decode)]
#[cbor(array)]
struct EventIdV1 {
    #[n(0)]
    device: u32,
    #[n(1)]
    n: u64,
}

/// The bytes of an event, as they are frozen, sent and stored.
pub fn encode_event(event: &Event) -> Vec<u8> {
    let supersedes: Vec<_> = event
        .supersedes
        .iter()
        .map(|id| EventIdV1 {
            device: id.device.0,
            n: id.n,
        })
        .collect();
    let body = event.body.to_bytes();
    let envelope = EnvelopeV1 {
        device: event.id.device.0,
        n: event.id.n,
        at: event.at.0,
        kind: event.body.kind().0,
        version: event.body.version(),
        stream: event.stream,
        subject: event.body.subject().map(|person| person.0),
        supersedes: (!supersedes.is_empty()).then_some(supersedes),
        by: event.by.map(|staff| staff.0),
        body: body.as_slice().into(),
    };
    // Writing to a vector cannot fail.
    minicbor::to_vec(&envelope).unwrap_or_default()
}

/// Reads an event. A body that is not known or breaks its rules is kept unread, byte for byte.
///
/// # Errors
/// [`EnvelopeError`] if the bytes are no envelope of version 1, or carry more after it.
pub fn decode_event(bytes: &[u8]) -> Result<Event, EnvelopeError> {
    let envelope = read_envelope(bytes)?;
    Ok(Event {
        id: envelope.id(),
        at: Hlc(envelope.at),
        stream: envelope.stream,
        by: envelope.by.map(StaffId),
        supersedes: envelope.supersedes(),
        body: Body::from_bytes(
            Kind(envelope.kind),
            envelope.version,
            envelope.subject.map(PersonId),
            envelope.body,
        ),
    })
}

/// The kind of an event, for whoever has to know it before the body is read.
///
/// # Errors
/// As [`decode_event`].
pub(crate) fn kind_of(bytes: &[u8]) -> Result<Kind, EnvelopeError> {
    read_envelope(bytes).map(|envelope| Kind(envelope.kind))
}

/// Reads an event of one kind, for a reader that needs no other: the public pages carry the reader of
/// offers and not those of everybody's records. `None` for any other kind and for what cannot be read.
pub(crate) fn decode_only<B: Recorded + OfKind>(bytes: &[u8]) -> Option<(Stamp, Vec<EventId>, B)> {
    let envelope = read_envelope(bytes).ok()?;
    if Kind(envelope.kind) != B::KIND {
        return None;
    }
    let body = B::from_bytes(envelope.version, envelope.body).ok()?;
    let stamp = Stamp {
        id: envelope.id(),
        at: Hlc(envelope.at),
        by: envelope.by.map(StaffId),
    };
    Some((stamp, envelope.supersedes(), body))
}

fn read_envelope(bytes: &[u8]) -> Result<EnvelopeV1<'_>, EnvelopeError> {
    let mut decoder = minicbor::Decoder::new(bytes);
    let envelope: EnvelopeV1<'_> = decoder.decode().map_err(|_| EnvelopeError)?;
    let superseded = envelope.supersedes.as_ref().map_or(0, Vec::len);
    if decoder.position() != bytes.len() || envelope.n == 0 || superseded > SUPERSEDES_MAX {
        return Err(EnvelopeError);
    }
    Ok(envelope)
}

impl EnvelopeV1<'_> {
    fn id(&self) -> EventId {
        EventId {
            device: DeviceId(self.device),
            n: self.n,
        }
    }

    fn supersedes(&self) -> Vec<EventId> {
        let named = self.supersedes.iter().flatten();
        named
            .map(|id| EventId {
                device: DeviceId(id.device),
                n: id.n,
            })
            .collect()
    }
}
