//! Streams and their pages.

use minicbor::bytes::ByteSlice;
use minicbor::{Decode, Encode};

use super::{Message, message};
use crate::clock::{Hlc, Instant};
use crate::event::{EnvelopeError, Event, NotOurs, decode_event};
use crate::stream::Stream;
use crate::vault::SealingKey;

/// Where a stream stands at the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StreamHead {
    /// The stream.
    pub stream: Stream,
    /// Rises when the stream has to be read again from its beginning.
    pub epoch: u32,
    /// The number of its last event; 0 while it is empty.
    pub head: u64,
}

/// The streams that a device may read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StreamsReply {
    /// The streams.
    pub streams: Vec<StreamHead>,
    /// The server's clock.
    pub server_time: Instant,
    /// Those of them that may be fetched as a snapshot first, because they are long.
    pub snapshots: Vec<Stream>,
    /// What a tablet seals its grant to (`vault::SendGrant`); `None` from a server without.
    pub sealing: Option<SealingKey>,
    /// Records of the device's own log that were erased.
    pub erased: OwnErased,
}

/// Records of a device's own log that were erased. Those in streams that it reads come back to it as erased
/// anyway; it has no other way to hear of what it recorded where it does not read, or of what was set aside.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OwnErased {
    /// Their numbers, the next ones after the place that the device asked from.
    pub numbers: Vec<u64>,
    /// The place to ask from next.
    pub through: u64,
}

impl OwnErased {
    /// Those that the device knows the server to hold, with its log acknowledged up to here. Under a number
    /// after that may lie another record, if the tablet was put back to an older image of itself.
    pub fn known(&self, acked: u64) -> impl Iterator<Item = u64> {
        let numbers = self.numbers.iter().copied();
        numbers.filter(move |n| *n <= acked)
    }
}

/// How far a device was told of its own records that were erased. It lies in memory: at each start the device
/// asks from the beginning, and finds most of them done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ToldErased {
    place: u64,
    /// The latest epoch of any stream.
    epoch: Option<u32>,
}

impl ToldErased {
    /// The place to ask from.
    pub const fn place(&self) -> u64 {
        self.place
    }

    /// What the server said was carried out, as far as the device knows its log to be held. It is told of the
    /// rest again, and of everything where a stream began anew: the records may have been put back out of a
    /// backup, and then the places count anew too.
    pub fn carried_out(&mut self, said: &StreamsReply, acked: u64) {
        let epoch = said.streams.iter().map(|head| head.epoch).max();
        let began_anew = self.epoch.is_some() && self.epoch != epoch;
        self.epoch = epoch;
        if began_anew {
            self.place = 0;
        } else if said.erased.numbers.iter().all(|n| *n <= acked) {
            self.place = said.erased.through;
        }
    }
}

/// At most so many numbers of erased records in one reply.
pub const OWN_ERASED_MAX: usize = 2_000;

#[derive(Encode, Decode)]
#[cbor(array)]
struct StreamHeadV1 {
    #[n(0)]
    stream: Stream,
    #[n(1)]
    epoch: u32,
    #[n(2)]
    head: u64,
}

wire_map! {
    struct StreamsReplyV1 {
        #[n(0)]
        streams: Vec<StreamHeadV1>,
        #[n(1)]
        server_time: u64,
        #[n(2)]
        snapshots: Option<Vec<Stream>>,
        #[n(3)]
        sealing: Option<minicbor::bytes::ByteArray<32>>,
        #[n(4)]
        erased: Option<Vec<u64>>,
        #[n(5)]
        erased_through: Option<u64>,
    }
}

message!(StreamsReply, StreamsReplyV1);

impl From<&StreamsReply> for StreamsReplyV1 {
    fn from(reply: &StreamsReply) -> Self {
        let streams = reply.streams.iter();
        Self {
            streams: streams
                .map(|s| StreamHeadV1 {
                    stream: s.stream,
                    epoch: s.epoch,
                    head: s.head,
                })
                .collect(),
            server_time: reply.server_time.0,
            snapshots: (!reply.snapshots.is_empty()).then(|| reply.snapshots.clone()),
            sealing: reply.sealing.map(|key| key.0.into()),
            erased: (!reply.erased.numbers.is_empty()).then(|| reply.erased.numbers.clone()),
            erased_through: (reply.erased.through > 0).then_some(reply.erased.through),
        }
    }
}

impl TryFrom<StreamsReplyV1> for StreamsReply {
    type Error = NotOurs;

    fn try_from(wire: StreamsReplyV1) -> Result<Self, NotOurs> {
        let streams = wire.streams.into_iter();
        Ok(Self {
            streams: streams
                .map(|s| StreamHead {
                    stream: s.stream,
                    epoch: s.epoch,
                    head: s.head,
                })
                .collect(),
            server_time: Instant(wire.server_time),
            snapshots: wire.snapshots.unwrap_or_default(),
            sealing: wire.sealing.map(|key| SealingKey(key.into())),
            erased: OwnErased {
                numbers: wire.erased.unwrap_or_default(),
                through: wire.erased_through.unwrap_or_default(),
            },
        })
    }
}

/// An event as it comes back from the server: its place in the stream, and when it arrived there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PulledEvent {
    /// Its place in the stream, from 1, without gaps.
    pub seq: u64,
    /// When the server received it, by the server's clock.
    pub received_at: Instant,
    /// The bytes as the device froze them.
    pub bytes: Vec<u8>,
}

impl PulledEvent {
    /// Reads the event. Its time is the device's own or the time of arrival, whichever is earlier, so
    /// that a clock that runs ahead cannot win for ever (sync findings §5.3).
    ///
    /// # Errors
    /// [`EnvelopeError`]; the bytes are kept all the same.
    pub fn event(&self) -> Result<Event, EnvelopeError> {
        read_pulled(&self.bytes, self.received_at)
    }
}

fn read_pulled(bytes: &[u8], received_at: Instant) -> Result<Event, EnvelopeError> {
    let mut event = decode_event(bytes)?;
    event.at = event.at.min(Hlc((received_at.0 << 16) | 0xFFFF));
    Ok(event)
}

#[derive(Encode, Decode)]
#[cbor(array)]
pub(crate) struct PulledEventV1<'b> {
    #[n(0)]
    pub(in crate::sync) seq: u64,
    #[n(1)]
    pub(in crate::sync) received_at: u64,
    #[b(2)]
    pub(in crate::sync) bytes: &'b ByteSlice,
}

impl PulledEventV1<'_> {
    /// Reads the event without copying its bytes first; see [`PulledEvent::event`].
    pub(crate) fn event(&self) -> Result<Event, EnvelopeError> {
        read_pulled(self.bytes, Instant(self.received_at))
    }
}

impl<'a> From<&'a PulledEvent> for PulledEventV1<'a> {
    fn from(event: &'a PulledEvent) -> Self {
        Self {
            seq: event.seq,
            received_at: event.received_at.0,
            bytes: event.bytes.as_slice().into(),
        }
    }
}

impl From<PulledEventV1<'_>> for PulledEvent {
    fn from(wire: PulledEventV1<'_>) -> Self {
        Self {
            seq: wire.seq,
            received_at: Instant(wire.received_at),
            bytes: wire.bytes.to_vec(),
        }
    }
}

/// A page of a stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PullReply {
    /// The stream, echoed.
    pub stream: Stream,
    /// Its epoch.
    pub epoch: u32,
    /// The events come after this place: the cursor that was asked for, echoed.
    pub after: u64,
    /// The last event of the stream.
    pub head: u64,
    /// The events from `after + 1`, without gaps.
    pub events: Vec<PulledEvent>,
}

#[derive(Encode, Decode)]
#[cbor(map)]
struct PullReplyV1<'b> {
    #[n(0)]
    stream: Stream,
    #[n(1)]
    epoch: u32,
    #[n(2)]
    after: u64,
    #[n(3)]
    head: u64,
    #[b(4)]
    events: Vec<PulledEventV1<'b>>,
}

message!(PullReply, PullReplyV1);

impl<'a> From<&'a PullReply> for PullReplyV1<'a> {
    fn from(reply: &'a PullReply) -> Self {
        Self {
            stream: reply.stream,
            epoch: reply.epoch,
            after: reply.after,
            head: reply.head,
            events: reply.events.iter().map(Into::into).collect(),
        }
    }
}

impl TryFrom<PullReplyV1<'_>> for PullReply {
    type Error = NotOurs;

    fn try_from(wire: PullReplyV1<'_>) -> Result<Self, NotOurs> {
        Ok(Self {
            stream: wire.stream,
            epoch: wire.epoch,
            after: wire.after,
            head: wire.head,
            events: wire.events.into_iter().map(Into::into).collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{Body, Kind, Unread, UnreadBody, encode_event};
    use crate::ids::{DeviceId, EventId};

    #[test]
    fn a_clock_that_runs_ahead_wins_no_longer_than_until_its_record_arrives() {
        let received_at = Instant(1_000_000);
        let arrival = Hlc((received_at.0 << 16) | 0xFFFF);
        for (at, counts_as) in [
            (Hlc::ZERO, Hlc::ZERO),
            (Hlc(999_999 << 16), Hlc(999_999 << 16)),
            (arrival, arrival),
            (Hlc(1_000_001 << 16), arrival),
            (Hlc(u64::MAX), arrival),
        ] {
            let event = Event {
                id: EventId {
                    device: DeviceId(2),
                    n: 1,
                },
                at,
                stream: Stream::Organisation,
                by: None,
                supersedes: Vec::new(),
                body: Body::Unread(UnreadBody {
                    kind: Kind(999),
                    version: 1,
                    subject: None,
                    bytes: Vec::new(),
                    why: Unread::Newer,
                }),
            };
            let pulled = PulledEvent {
                seq: 1,
                received_at,
                bytes: encode_event(&event),
            };
            assert_eq!(pulled.event().unwrap().at, counts_as, "{at:?}");
        }
    }
}
