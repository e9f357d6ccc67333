//! The messages of the protocol.

use wellfield_core::event::NotOurs;
use wellfield_core::referral::Challenge;
use wellfield_core::sync::{
    AnswersReply, CodeReply, DevicesReply, DigestsReply, EnrolReply, EnrolRequest, HttpReply,
    LossReply, MEDIA_TYPE, Message, ProblemReply, PullReply, PushReply, PushRequest, ReferralReply,
    RenewReply, RenewRequest, SAFETY_COPY_BYTES_MAX, SealingKeyReply, ShutOutReply, Snapshot,
    StreamsReply,
};

use super::{Decoder, memory_skipping, written_and_read};

pub(super) const PUSH: &[Decoder] = &[
    Decoder {
        memory_max: memory_of_push,
        ..message::<PushRequest>("PushRequest", "message-v1-push-request")
    },
    message::<PushReply>("PushReply", "message-v1-push-reply"),
];

pub(super) const PULL: &[Decoder] = &[
    message::<PullReply>("PullReply", "message-v1-pull-reply"),
    message::<StreamsReply>("StreamsReply", "message-v1-streams-reply"),
    message::<DigestsReply>("DigestsReply", "message-v1-digests-reply"),
    message::<Snapshot>("Snapshot", "message-v1-snapshot"),
];

pub(super) const OTHERS: &[Decoder] = &[
    message::<EnrolRequest>("EnrolRequest", "message-v1-enrol-request"),
    message::<EnrolReply>("EnrolReply", "message-v1-enrol-reply"),
    message::<RenewRequest>("RenewRequest", "message-v1-renew-request"),
    message::<RenewReply>("RenewReply", "message-v1-renew-reply"),
    message::<CodeReply>("CodeReply", "message-v1-code-reply"),
    message::<DevicesReply>("DevicesReply", "message-v1-devices-reply"),
    message::<ShutOutReply>("ShutOutReply", "message-v1-shut-out-reply"),
    message::<LossReply>("LossReply", "message-v1-loss-reply"),
    message::<Challenge>("Challenge", "message-v1-challenge"),
    message::<AnswersReply>("AnswersReply", "message-v1-answers-reply"),
    message::<SealingKeyReply>("SealingKeyReply", "message-v1-sealing-key-reply"),
    message::<ReferralReply>("ReferralReply", "message-v1-referral-reply"),
    message::<ProblemReply>("ProblemReply", "message-v1-problem"),
    Decoder {
        name: "HttpReply::read",
        golden: "message-v1-",
        read: |bytes| reply(bytes).read::<PushReply>().is_ok(),
        stays_the_same: |bytes| {
            counts_only_in_our_media_type::<PushReply>(bytes);
            counts_only_in_our_media_type::<PullReply>(bytes);
        },
        // The body is copied into the reply.
        memory_max: |length| memory_skipping(length) + length,
    },
];

/// For a push. An empty event is a byte, twice sixteen as a place in the bytes and 24 as a vector of its
/// own: eight more than what is skipped. There are never more events than the largest safety copy has
/// room for.
pub(super) fn memory_of_push(length: usize) -> usize {
    memory_skipping(length) + 8 * length.min(SAFETY_COPY_BYTES_MAX / 16)
}

/// A message that holds nothing larger than its own bytes.
const fn message<M: Message + PartialEq>(name: &'static str, golden: &'static str) -> Decoder {
    Decoder {
        name,
        golden,
        read: |bytes| M::from_bytes(bytes).is_ok(),
        stays_the_same: |bytes| written_and_read(bytes, M::from_bytes, M::to_bytes),
        memory_max: memory_skipping,
    }
}

/// A reply in our media type with this body.
fn reply(body: &[u8]) -> HttpReply {
    HttpReply {
        status: 200,
        media_type: MEDIA_TYPE.to_owned(),
        body: body.to_vec(),
    }
}

/// The same bytes under a status and a media type that they choose themselves.
fn counts_only_in_our_media_type<M: Message + PartialEq>(bytes: &[u8]) {
    let read = M::from_bytes(bytes).map_err(|NotOurs| None);
    assert!(reply(bytes).read::<M>() == read, "a reply is its body");
    let problem = HttpReply {
        status: bytes.first().map_or(500, |byte| 203 + u16::from(*byte)),
        ..reply(bytes)
    };
    let said = ProblemReply::from_bytes(bytes).ok();
    assert!(problem.read::<M>() == Err(said), "a problem is its body");
    let media_type = String::from_utf8_lossy(bytes).into_owned();
    let strange = HttpReply {
        media_type,
        ..reply(bytes)
    };
    assert!(strange.read::<M>() == Err(None), "a portal is nobody");
}
