//! What a phone seals a self-referral to and is asked to work on before it sends it, and the receipt for one.

use super::{Message, message};
use crate::event::NotOurs;
use crate::ids::ReferralId;
use crate::referral::{Challenge, ChallengeV1};
use crate::vault::SealingKey;

/// The server's receipt for a self-referral: the form's number, echoed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReferralReply {
    /// The form.
    pub referral: ReferralId,
}

/// What phones seal to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SealingKeyReply {
    /// The organisation's key.
    pub key: SealingKey,
}

wire_map! {
    struct SealingKeyReplyV1 {
        #[n(0)]
        key: minicbor::bytes::ByteArray<32>,
    }
}

impl From<&SealingKeyReply> for SealingKeyReplyV1 {
    fn from(reply: &SealingKeyReply) -> Self {
        Self {
            key: reply.key.0.into(),
        }
    }
}

impl TryFrom<SealingKeyReplyV1> for SealingKeyReply {
    type Error = NotOurs;

    fn try_from(wire: SealingKeyReplyV1) -> Result<Self, NotOurs> {
        Ok(Self {
            key: SealingKey(wire.key.into()),
        })
    }
}

wire_map! {
    struct ReferralReplyV1 {
        #[n(0)]
        referral: minicbor::bytes::ByteArray<16>,
    }
}

message!(ReferralReply, ReferralReplyV1);
message!(SealingKeyReply, SealingKeyReplyV1);
message!(Challenge, ChallengeV1);

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
            referral: ReferralId(u128::from_be_bytes(wire.referral.into())),
        })
    }
}
