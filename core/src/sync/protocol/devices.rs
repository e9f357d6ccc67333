//! What the coordinator sees of devices.

use minicbor::bytes::ByteVec;

use super::{Message, Outcome, message};
use crate::access::Role;
use crate::clock::Instant;
use crate::event::NotOurs;
use crate::ids::{DeviceId, EventId};

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
    /// Its bytes, where the server has room for them in the list and whoever asks may read them.
    pub bytes: Option<Vec<u8>>,
}

impl QuarantinedEvent {
    /// The event, by its place: what it calls itself may differ, and may be why it was set aside.
    pub const fn event(&self) -> EventId {
        EventId {
            device: self.device,
            n: self.n,
        }
    }
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

wire_map! {
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
}

wire_map! {
    struct QuarantinedEventV1 {
        #[n(0)]
        device: u32,
        #[n(1)]
        n: u64,
        #[n(2)]
        outcome: u8,
        #[n(3)]
        received_at: u64,
        #[n(4)]
        bytes: Option<ByteVec>,
    }
}

wire_map! {
    struct DevicesReplyV1 {
        #[n(0)]
        devices: Vec<DeviceStateV1>,
        #[n(1)]
        quarantined: Vec<QuarantinedEventV1>,
        #[n(2)]
        server_time: u64,
    }
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
            bytes: event.bytes.clone().map(Into::into),
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
                bytes: event.bytes.map(Into::into),
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
