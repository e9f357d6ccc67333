//! The protocol: both ends as state machines without I/O.
//!
//! A device pushes its log and pulls streams; the two lanes never wait for each other. The browser
//! and the server only carry out what the machines here say, so the same machines run in a simulator
//! under faults (`tests/`). What crosses the wire is described in docs/PROTOCOL.md.

mod block;
mod bootstrap;
mod cursor;
mod digest;
mod log;
mod mend;
mod problem;
mod proof;
mod protocol;
mod pull;
mod push;
mod retry;
mod room;
mod safety_copy;
mod sealed;
pub mod server;
mod snapshot;
mod unsent;

pub(crate) use block::each_pulled;
pub use block::{
    BLOCK_EVENTS_MAX, BlockError, KeptBlock, blocks_after, decode_block, each_event, encode_block,
};
pub(crate) use cursor::CursorV1;
pub use cursor::{Cursor, decode_cursor, encode_cursor};
pub use digest::{BUCKET_EVENTS, BUCKETS_MAX, Digests, StreamSums};
pub use log::LogEnd;
pub use mend::{MendEffect, MendInput, MendLane, Repair};
pub use problem::{Problem, ProblemReply};
pub use proof::{
    Believed, CHALLENGE_HEADER, ChallengeSecret, Credential, DeviceProof, Freshness, Heard,
    Keepsake, PROOF_HEADER, Proof, PublicKey, RenewRefused, Requests, Shown, Signed, believed,
    body_digest, hex,
};
pub use protocol::{
    AnswersReply, CodeReply, DeviceState, DevicesReply, DigestsReply, EnrolReply, EnrolRequest,
    HttpReply, LossReply, MEDIA_TYPE, Message, OWN_ERASED_MAX, Outcome, OwnErased, PULL_EVENTS_MAX,
    PUSH_BYTES_MAX, PUSH_EVENTS_FIRST, PUSH_EVENTS_MAX, PullReply, PulledEvent, PushReply,
    PushRequest, QuarantinedEvent, ReferralReply, RenewReply, RenewRequest, SealingKeyReply,
    ShutOutReply, StreamHead, StreamsReply, Tally, ToldErased,
};
pub use pull::{Cursors, Page, Place, PullEffect, PullInput, PullLane};
pub use push::{Halt, OutboxPage, PushEffect, PushInput, PushLane};
pub use room::{ROOM_MIN_BYTES, is_room_low};
pub use safety_copy::{
    Delivery, SAFETY_COPY_BYTES_MAX, SAFETY_COPY_ENDING, SafetyCopy, SafetyCopyError, Sealing,
    UnprovenCopy, delivery,
};
pub use sealed::{GRANT_SCHEME, opened};
pub use snapshot::{
    ContentHash, NotThese, SNAPSHOT_EVENTS, SNAPSHOT_PART_BYTES, Snapshot, SnapshotMaker,
    snapshot_through,
};
pub use unsent::{About, STUCK_AFTER_MS, Unsent, is_stuck};

use crate::ids::{DeviceId, EventId};
use crate::set_aside::SetAsides;

/// How far a record has come, in the words on screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Custody {
    /// "Saved on this tablet": durable here, not yet known to be at the server.
    SavedHere,
    /// "Sent": the server holds it.
    Sent,
    /// "Check this": the server holds it set aside, and nobody else sees it until a person decided.
    SetAside,
}

/// How far a record has come, as this device can know: the server's word for its own log, and
/// arrival from the server for everybody else's.
pub fn custody(
    event: EventId,
    this_device: DeviceId,
    acked: u64,
    aside: &[(u64, Outcome)],
    decided: Option<&SetAsides>,
) -> Custody {
    if event.device != this_device {
        return Custody::Sent;
    }
    if event.n > acked {
        return Custody::SavedHere;
    }
    // What a coordinator took in everybody sees.
    let taken_in = || decided.is_some_and(|decided| decided.is_taken_in(event));
    if aside.iter().any(|(n, _)| *n == event.n) && !taken_in() {
        Custody::SetAside
    } else {
        Custody::Sent
    }
}
