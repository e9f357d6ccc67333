//! A push and its receipt.

use minicbor::bytes::{ByteSlice, ByteVec};
use minicbor::{Decode, Decoder, Encode};

use super::{Message, message};
use crate::clock::Instant;
use crate::event::NotOurs;
use crate::ids::DeviceId;
use crate::sync::safety_copy::SAFETY_COPY_BYTES_MAX;

/// No envelope is shorter than sixteen bytes, so that even the largest safety copy carries no more
/// events than this. A push carries far fewer, which is for `plan_push` to say.
const CARRIED_EVENTS_MAX: usize = SAFETY_COPY_BYTES_MAX / 16;

/// A part of a device's log, on its way to the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PushRequest {
    /// The device.
    pub device: DeviceId,
    /// The number of the first event.
    pub first_n: u64,
    /// The events as they were frozen, in order, without gaps.
    pub events: Vec<Vec<u8>>,
    /// How many events the device holds unsent, these among them.
    pub pending: u64,
}

#[derive(Encode, Decode)]
#[cbor(map)]
struct PushRequestV1<'b> {
    #[n(0)]
    device: u32,
    #[n(1)]
    first_n: u64,
    #[cbor(b(2), decode_with = "decode_events")]
    events: Vec<&'b ByteSlice>,
    #[n(3)]
    pending: u64,
}

message!(PushRequest, PushRequestV1);

/// Reads the events of a push or of a safety copy. An empty event is one byte here and forty in memory,
/// so a file of eight mebibytes could ask for hundreds of them.
fn decode_events<'b, C>(
    decoder: &mut Decoder<'b>,
    context: &mut C,
) -> Result<Vec<&'b ByteSlice>, minicbor::decode::Error> {
    let mut events = Vec::new();
    for event in decoder.array_iter_with(context)? {
        if events.len() == CARRIED_EVENTS_MAX {
            return Err(minicbor::decode::Error::message("too many events"));
        }
        events.push(event?);
    }
    Ok(events)
}

impl<'a> From<&'a PushRequest> for PushRequestV1<'a> {
    fn from(request: &'a PushRequest) -> Self {
        Self {
            device: request.device.0,
            first_n: request.first_n,
            events: request
                .events
                .iter()
                .map(|event| event.as_slice().into())
                .collect(),
            pending: request.pending,
        }
    }
}

impl TryFrom<PushRequestV1<'_>> for PushRequest {
    type Error = NotOurs;

    fn try_from(wire: PushRequestV1<'_>) -> Result<Self, NotOurs> {
        if wire.first_n == 0 || wire.first_n.checked_add(wire.events.len() as u64).is_none() {
            return Err(NotOurs);
        }
        Ok(Self {
            device: DeviceId(wire.device),
            first_n: wire.first_n,
            events: wire.events.iter().map(|event| event.to_vec()).collect(),
            pending: wire.pending,
        })
    }
}

coded_enum! {
    /// What became of one pushed event. Whatever it is, the server holds the event.
    pub enum Outcome {
        /// Stored.
        Stored = 1,
        /// The server held it already.
        Held = 2,
        /// Set aside: the envelope cannot be read.
        Unreadable = 10,
        /// Set aside: the envelope names another device or number than its place.
        Misplaced = 11,
        /// Set aside: records of this kind do not lie in this stream.
        WrongStream = 12,
        /// Set aside: the content breaks the rules of its kind.
        Content = 13,
        /// Set aside: the device may not record this, or not there.
        NotAllowed = 14,
    }
}

impl Outcome {
    /// Whether the event was set aside for a person to look at.
    pub const fn is_quarantined(self) -> bool {
        !matches!(self, Self::Stored | Self::Held)
    }
}

/// The server's receipt for a push.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PushReply {
    /// The device, echoed.
    pub device: DeviceId,
    /// The server holds this device's log up to here.
    pub max_n: u64,
    /// The number of the first event of the request, echoed.
    pub first_n: u64,
    /// What became of each event, in order from `first_n`.
    pub outcomes: Vec<Outcome>,
    /// The server's clock.
    pub server_time: Instant,
    /// This device was taken out of use. What it still sends is set aside for a coordinator; once it has
    /// sent everything it deletes everything.
    pub taken_out: bool,
}

wire_map! {
    struct PushReplyV1 {
        #[n(0)]
        device: u32,
        #[n(1)]
        max_n: u64,
        #[n(2)]
        first_n: u64,
        #[n(3)]
        outcomes: ByteVec,
        #[n(4)]
        server_time: u64,
        // Not written unless it is so. A device of before this key goes on with what it holds.
        #[n(5)]
        taken_out: Option<bool>,
    }
}

message!(PushReply, PushReplyV1);

/// What became of the events of a push, counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Stored now.
    pub new: u64,
    /// Held already.
    pub held: u64,
    /// Set aside for a person, now or when they came first.
    pub set_aside: u64,
}

impl PushReply {
    /// Counts what became of the events.
    pub fn tally(&self) -> Tally {
        let mut tally = Tally::default();
        for outcome in &self.outcomes {
            *match outcome {
                Outcome::Held => &mut tally.held,
                Outcome::Stored => &mut tally.new,
                _ => &mut tally.set_aside,
            } += 1;
        }
        tally
    }
}

impl From<&PushReply> for PushReplyV1 {
    fn from(reply: &PushReply) -> Self {
        let outcomes: Vec<u8> = reply
            .outcomes
            .iter()
            .map(|outcome| outcome.code())
            .collect();
        Self {
            device: reply.device.0,
            max_n: reply.max_n,
            first_n: reply.first_n,
            outcomes: outcomes.into(),
            server_time: reply.server_time.0,
            taken_out: reply.taken_out.then_some(true),
        }
    }
}

impl TryFrom<PushReplyV1> for PushReply {
    type Error = NotOurs;

    fn try_from(wire: PushReplyV1) -> Result<Self, NotOurs> {
        let outcomes = wire
            .outcomes
            .iter()
            .map(|code| Outcome::from_code(*code).ok_or(NotOurs));
        Ok(Self {
            device: DeviceId(wire.device),
            max_n: wire.max_n,
            first_n: wire.first_n,
            outcomes: outcomes.collect::<Result<_, _>>()?,
            server_time: Instant(wire.server_time),
            taken_out: wire.taken_out.unwrap_or(false),
        })
    }
}
