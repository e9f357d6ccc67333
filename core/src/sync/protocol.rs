//! The messages, and their wire form version 1.
//!
//! Every message is a CBOR map with integer keys. A reply counts only with our media type, because
//! the login page of a captive portal also answers 200 (sync findings §5.5).

use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};

use super::problem::{ProblemReply, ProblemV1};
use crate::access::Role;
use crate::clock::{Hlc, Instant};
use crate::event::{EnvelopeError, Event, NotOurs, decode_event};
use crate::ids::{DeviceId, ProgrammeId, StaffId};
use crate::stream::Stream;

/// The media type of every request and reply.
pub const MEDIA_TYPE: &str = "application/vnd.wellfield.sync+cbor";

/// At most this many events in one push.
pub const PUSH_EVENTS_MAX: usize = 500;

/// At most this many bytes in the body of one push.
pub const PUSH_BYTES_MAX: usize = 1024 * 1024;

/// At most this many events in one page of a pull.
pub const PULL_EVENTS_MAX: usize = 2000;

/// A reply as it came from the network, before anybody believed it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpReply {
    /// The status.
    pub status: u16,
    /// The media type as the header says it.
    pub media_type: String,
    /// The body.
    pub body: Vec<u8>,
}

/// A message with a wire form.
pub trait Message: Sized {
    /// The bytes.
    fn to_bytes(&self) -> Vec<u8>;

    /// Reads a message.
    ///
    /// # Errors
    /// [`NotOurs`] if the bytes are not this message.
    fn from_bytes(bytes: &[u8]) -> Result<Self, NotOurs>;
}

macro_rules! message {
    ($message:ty, $wire:ty) => {
        impl Message for $message {
            fn to_bytes(&self) -> Vec<u8> {
                let wire: $wire = self.into();
                // Writing to a vector cannot fail.
                minicbor::to_vec(&wire).unwrap_or_default()
            }

            fn from_bytes(bytes: &[u8]) -> Result<Self, NotOurs> {
                let wire: $wire = minicbor::decode(bytes).map_err(|_| NotOurs)?;
                wire.try_into()
            }
        }
    };
}

impl HttpReply {
    /// Whether the reply is in our media type, whatever parameters follow it.
    fn is_ours(&self) -> bool {
        self.media_type
            .split(';')
            .next()
            .unwrap_or_default()
            .trim()
            .eq_ignore_ascii_case(MEDIA_TYPE)
    }

    /// Reads the reply as a message, or as the problem that the server names.
    ///
    /// # Errors
    /// `Err(Some(problem))` for a problem from our server; `Err(None)` for anything that is not from
    /// our server at all, whatever its status.
    pub fn read<M: Message>(&self) -> Result<M, Option<ProblemReply>> {
        if !self.is_ours() {
            return Err(None);
        }
        if self.status == 200 || self.status == 202 {
            return M::from_bytes(&self.body).map_err(|_| None);
        }
        Err(ProblemReply::from_bytes(&self.body).ok())
    }
}

message!(ProblemReply, ProblemV1);

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
struct PushRequestV1 {
    #[n(0)]
    device: u32,
    #[n(1)]
    first_n: u64,
    #[n(2)]
    events: Vec<ByteVec>,
    #[n(3)]
    pending: u64,
}

message!(PushRequest, PushRequestV1);

impl From<&PushRequest> for PushRequestV1 {
    fn from(request: &PushRequest) -> Self {
        Self {
            device: request.device.0,
            first_n: request.first_n,
            events: request.events.iter().cloned().map(Into::into).collect(),
            pending: request.pending,
        }
    }
}

impl TryFrom<PushRequestV1> for PushRequest {
    type Error = NotOurs;

    fn try_from(wire: PushRequestV1) -> Result<Self, NotOurs> {
        if wire.first_n == 0 || wire.first_n.checked_add(wire.events.len() as u64).is_none() {
            return Err(NotOurs);
        }
        Ok(Self {
            device: DeviceId(wire.device),
            first_n: wire.first_n,
            events: wire.events.into_iter().map(Into::into).collect(),
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
}

#[derive(Encode, Decode)]
#[cbor(map)]
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
}

message!(PushReply, PushReplyV1);

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
        })
    }
}

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
}

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

#[derive(Encode, Decode)]
#[cbor(map)]
struct StreamsReplyV1 {
    #[n(0)]
    streams: Vec<StreamHeadV1>,
    #[n(1)]
    server_time: u64,
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
        let mut event = decode_event(&self.bytes)?;
        event.at = event.at.min(Hlc((self.received_at.0 << 16) | 0xFFFF));
        Ok(event)
    }
}

#[derive(Encode, Decode)]
#[cbor(array)]
pub(super) struct PulledEventV1 {
    #[n(0)]
    seq: u64,
    #[n(1)]
    received_at: u64,
    #[n(2)]
    bytes: ByteVec,
}

impl From<&PulledEvent> for PulledEventV1 {
    fn from(event: &PulledEvent) -> Self {
        Self {
            seq: event.seq,
            received_at: event.received_at.0,
            bytes: event.bytes.clone().into(),
        }
    }
}

impl From<PulledEventV1> for PulledEvent {
    fn from(wire: PulledEventV1) -> Self {
        Self {
            seq: wire.seq,
            received_at: Instant(wire.received_at),
            bytes: wire.bytes.into(),
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
struct PullReplyV1 {
    #[n(0)]
    stream: Stream,
    #[n(1)]
    epoch: u32,
    #[n(2)]
    after: u64,
    #[n(3)]
    head: u64,
    #[n(4)]
    events: Vec<PulledEventV1>,
}

message!(PullReply, PullReplyV1);

impl From<&PullReply> for PullReplyV1 {
    fn from(reply: &PullReply) -> Self {
        Self {
            stream: reply.stream,
            epoch: reply.epoch,
            after: reply.after,
            head: reply.head,
            events: reply.events.iter().map(Into::into).collect(),
        }
    }
}

impl TryFrom<PullReplyV1> for PullReply {
    type Error = NotOurs;

    fn try_from(wire: PullReplyV1) -> Result<Self, NotOurs> {
        Ok(Self {
            stream: wire.stream,
            epoch: wire.epoch,
            after: wire.after,
            head: wire.head,
            events: wire.events.into_iter().map(Into::into).collect(),
        })
    }
}

/// A device asks to join.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnrolRequest {
    /// The code that was read out or scanned.
    pub code: String,
    /// What the device is called.
    pub device_name: String,
    /// Who uses it.
    pub staff_name: String,
    /// Drawn by the device, so that a repeated request is one enrolment.
    pub staff: StaffId,
}

#[derive(Encode, Decode)]
#[cbor(map)]
struct EnrolRequestV1 {
    #[n(0)]
    code: String,
    #[n(1)]
    device_name: String,
    #[n(2)]
    staff_name: String,
    #[n(3)]
    staff: u64,
}

message!(EnrolRequest, EnrolRequestV1);

impl From<&EnrolRequest> for EnrolRequestV1 {
    fn from(request: &EnrolRequest) -> Self {
        Self {
            code: request.code.clone(),
            device_name: request.device_name.clone(),
            staff_name: request.staff_name.clone(),
            staff: request.staff.0,
        }
    }
}

impl TryFrom<EnrolRequestV1> for EnrolRequest {
    type Error = NotOurs;

    fn try_from(wire: EnrolRequestV1) -> Result<Self, NotOurs> {
        Ok(Self {
            code: wire.code,
            device_name: wire.device_name,
            staff_name: wire.staff_name,
            staff: StaffId(wire.staff),
        })
    }
}

/// What a device needs to know of itself.
#[derive(Clone, PartialEq, Eq)]
pub struct EnrolReply {
    /// Its number.
    pub device: DeviceId,
    /// Its key: 256 random bits that it shows with every request.
    pub token: [u8; 32],
    /// What the person using it does.
    pub role: Role,
    /// The programmes that it belongs to.
    pub programmes: Vec<ProgrammeId>,
}

#[derive(Encode, Decode)]
#[cbor(map)]
struct EnrolReplyV1 {
    #[n(0)]
    device: u32,
    #[n(1)]
    token: minicbor::bytes::ByteArray<32>,
    #[n(2)]
    role: u8,
    #[n(3)]
    programmes: Vec<u64>,
}

message!(EnrolReply, EnrolReplyV1);

impl From<&EnrolReply> for EnrolReplyV1 {
    fn from(reply: &EnrolReply) -> Self {
        Self {
            device: reply.device.0,
            token: reply.token.into(),
            role: reply.role.code(),
            programmes: reply
                .programmes
                .iter()
                .map(|programme| programme.0)
                .collect(),
        }
    }
}

impl TryFrom<EnrolReplyV1> for EnrolReply {
    type Error = NotOurs;

    fn try_from(wire: EnrolReplyV1) -> Result<Self, NotOurs> {
        Ok(Self {
            device: DeviceId(wire.device),
            token: wire.token.into(),
            role: Role::from_code(wire.role).ok_or(NotOurs)?,
            programmes: wire.programmes.into_iter().map(ProgrammeId).collect(),
        })
    }
}

/// The server's receipt for a self-referral: the form's number, echoed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReferralReply {
    /// The form.
    pub referral: crate::ids::ReferralId,
}

#[derive(Encode, Decode)]
#[cbor(map)]
struct ReferralReplyV1 {
    #[n(0)]
    referral: minicbor::bytes::ByteArray<16>,
}

message!(ReferralReply, ReferralReplyV1);

impl From<&ReferralReply> for ReferralReplyV1 {
    fn from(reply: &ReferralReply) -> Self {
        Self {
            referral: reply.referral.0.to_be_bytes().into(),
        }
    }
}

impl TryFrom<ReferralReplyV1> for ReferralReply {
    type Error = NotOurs;

    fn try_from(wire: ReferralReplyV1) -> Result<Self, NotOurs> {
        Ok(Self {
            referral: crate::ids::ReferralId(u128::from_be_bytes(wire.referral.into())),
        })
    }
}

/// A device as the server last knew it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceState {
    /// Its number.
    pub device: DeviceId,
    /// Its name.
    pub name: String,
    /// Who uses it.
    pub staff_name: String,
    /// What they do.
    pub role: Role,
    /// When it was last in contact, by the server's clock.
    pub last_seen: Option<Instant>,
    /// The server holds its log up to here.
    pub max_n: u64,
    /// How many events it said it held unsent when it was last in contact.
    pub pending: u64,
    /// Whether it was revoked.
    pub revoked: bool,
}

/// An event that was set aside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuarantinedEvent {
    /// The device that sent it.
    pub device: DeviceId,
    /// Its place in the device's log.
    pub n: u64,
    /// Why it was set aside.
    pub outcome: Outcome,
    /// When it arrived.
    pub received_at: Instant,
}

/// What the coordinator sees of devices and of what was set aside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DevicesReply {
    /// The devices.
    pub devices: Vec<DeviceState>,
    /// What was set aside, latest first.
    pub quarantined: Vec<QuarantinedEvent>,
    /// The server's clock.
    pub server_time: Instant,
}

#[derive(Encode, Decode)]
#[cbor(map)]
struct DeviceStateV1 {
    #[n(0)]
    device: u32,
    #[n(1)]
    name: String,
    #[n(2)]
    staff_name: String,
    #[n(3)]
    role: u8,
    #[n(4)]
    last_seen: Option<u64>,
    #[n(5)]
    max_n: u64,
    #[n(6)]
    pending: u64,
    #[n(7)]
    revoked: bool,
}

#[derive(Encode, Decode)]
#[cbor(map)]
struct QuarantinedEventV1 {
    #[n(0)]
    device: u32,
    #[n(1)]
    n: u64,
    #[n(2)]
    outcome: u8,
    #[n(3)]
    received_at: u64,
}

#[derive(Encode, Decode)]
#[cbor(map)]
struct DevicesReplyV1 {
    #[n(0)]
    devices: Vec<DeviceStateV1>,
    #[n(1)]
    quarantined: Vec<QuarantinedEventV1>,
    #[n(2)]
    server_time: u64,
}

message!(DevicesReply, DevicesReplyV1);

impl From<&DevicesReply> for DevicesReplyV1 {
    fn from(reply: &DevicesReply) -> Self {
        let device = |state: &DeviceState| DeviceStateV1 {
            device: state.device.0,
            name: state.name.clone(),
            staff_name: state.staff_name.clone(),
            role: state.role.code(),
            last_seen: state.last_seen.map(|at| at.0),
            max_n: state.max_n,
            pending: state.pending,
            revoked: state.revoked,
        };
        let quarantined = |event: &QuarantinedEvent| QuarantinedEventV1 {
            device: event.device.0,
            n: event.n,
            outcome: event.outcome.code(),
            received_at: event.received_at.0,
        };
        Self {
            devices: reply.devices.iter().map(device).collect(),
            quarantined: reply.quarantined.iter().map(quarantined).collect(),
            server_time: reply.server_time.0,
        }
    }
}

impl TryFrom<DevicesReplyV1> for DevicesReply {
    type Error = NotOurs;

    fn try_from(wire: DevicesReplyV1) -> Result<Self, NotOurs> {
        let device = |state: DeviceStateV1| {
            Ok(DeviceState {
                device: DeviceId(state.device),
                name: state.name,
                staff_name: state.staff_name,
                role: Role::from_code(state.role).ok_or(NotOurs)?,
                last_seen: state.last_seen.map(Instant),
                max_n: state.max_n,
                pending: state.pending,
                revoked: state.revoked,
            })
        };
        let quarantined = |event: QuarantinedEventV1| {
            Ok(QuarantinedEvent {
                device: DeviceId(event.device),
                n: event.n,
                outcome: Outcome::from_code(event.outcome).ok_or(NotOurs)?,
                received_at: Instant(event.received_at),
            })
        };
        Ok(Self {
            devices: wire
                .devices
                .into_iter()
                .map(device)
                .collect::<Result<_, NotOurs>>()?,
            quarantined: wire
                .quarantined
                .into_iter()
                .map(quarantined)
                .collect::<Result<_, NotOurs>>()?,
            server_time: Instant(wire.server_time),
        })
    }
}
