//! A device says what it will show from now on.

use super::{Message, message};
use crate::event::NotOurs;
use crate::sync::proof::PublicKey;

/// What a device will show with its requests from now on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RenewRequest {
    /// The SHA-256 of it.
    pub shown: [u8; 32],
    /// With what the device signs, where the server has no such key of it yet.
    pub public_key: Option<PublicKey>,
}

wire_map! {
    struct RenewRequestV1 {
        #[n(0)]
        shown: minicbor::bytes::ByteArray<32>,
        #[n(1)]
        public_key: Option<minicbor::bytes::ByteArray<65>>,
    }
}

message!(RenewRequest, RenewRequestV1);

impl From<&RenewRequest> for RenewRequestV1 {
    fn from(request: &RenewRequest) -> Self {
        Self {
            shown: request.shown.into(),
            public_key: request.public_key.map(Into::into),
        }
    }
}

impl TryFrom<RenewRequestV1> for RenewRequest {
    type Error = NotOurs;

    fn try_from(wire: RenewRequestV1) -> Result<Self, NotOurs> {
        Ok(Self {
            shown: wire.shown.into(),
            public_key: wire.public_key.map(Into::into),
        })
    }
}

/// The server takes what is shown from now on, once it is: the fingerprint, echoed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RenewReply {
    /// The SHA-256 of it.
    pub shown: [u8; 32],
}

wire_map! {
    struct RenewReplyV1 {
        #[n(0)]
        shown: minicbor::bytes::ByteArray<32>,
    }
}

message!(RenewReply, RenewReplyV1);

impl From<&RenewReply> for RenewReplyV1 {
    fn from(reply: &RenewReply) -> Self {
        Self {
            shown: reply.shown.into(),
        }
    }
}

impl TryFrom<RenewReplyV1> for RenewReply {
    type Error = NotOurs;

    fn try_from(wire: RenewReplyV1) -> Result<Self, NotOurs> {
        Ok(Self {
            shown: wire.shown.into(),
        })
    }
}
