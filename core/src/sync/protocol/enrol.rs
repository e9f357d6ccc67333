//! How a device joins.

use super::{Message, message};
use crate::access::Role;
use crate::event::NotOurs;
use crate::ids::{DeviceId, ProgrammeId, StaffId};
use crate::sync::proof::PublicKey;

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
    /// With what it signs its requests. A client of before it did brings none.
    pub public_key: Option<PublicKey>,
}

wire_map! {
    struct EnrolRequestV1 {
        #[n(0)]
        code: String,
        #[n(1)]
        device_name: String,
        #[n(2)]
        staff_name: String,
        #[n(3)]
        staff: u64,
        #[n(4)]
        public_key: Option<minicbor::bytes::ByteArray<65>>,
    }
}

message!(EnrolRequest, EnrolRequestV1);

impl From<&EnrolRequest> for EnrolRequestV1 {
    fn from(request: &EnrolRequest) -> Self {
        Self {
            code: request.code.clone(),
            device_name: request.device_name.clone(),
            staff_name: request.staff_name.clone(),
            staff: request.staff.0,
            public_key: request.public_key.map(Into::into),
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
            public_key: wire.public_key.map(Into::into),
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

wire_map! {
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

/// A code that lets another device join, to be read out or scanned.
#[derive(Clone, PartialEq, Eq)]
pub struct CodeReply {
    /// The code as it is shown: `XXXX-XXXX`.
    pub code: String,
}

wire_map! {
    struct CodeReplyV1 {
        #[n(0)]
        code: String,
    }
}

message!(CodeReply, CodeReplyV1);

impl From<&CodeReply> for CodeReplyV1 {
    fn from(reply: &CodeReply) -> Self {
        Self {
            code: reply.code.clone(),
        }
    }
}

impl TryFrom<CodeReplyV1> for CodeReply {
    type Error = NotOurs;

    fn try_from(wire: CodeReplyV1) -> Result<Self, NotOurs> {
        Ok(Self { code: wire.code })
    }
}
