//! What parts of a stream add up to.

use super::{Message, message};
use crate::event::NotOurs;
use crate::stream::Stream;

/// The digests of neighbouring buckets of a stream; see [`crate::sync::Digests`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DigestsReply {
    /// The stream, echoed.
    pub stream: Stream,
    /// Its epoch.
    pub epoch: u32,
    /// The first bucket, echoed.
    pub bucket: u64,
    /// The last place that counts, echoed.
    pub through: u64,
    /// The digests, from the first bucket on.
    pub digests: Vec<u64>,
}

wire_map! {
    struct DigestsReplyV1 {
        #[n(0)]
        stream: Stream,
        #[n(1)]
        epoch: u32,
        #[n(2)]
        bucket: u64,
        #[n(3)]
        through: u64,
        #[n(4)]
        digests: Vec<u64>,
    }
}

message!(DigestsReply, DigestsReplyV1);

impl From<&DigestsReply> for DigestsReplyV1 {
    fn from(reply: &DigestsReply) -> Self {
        Self {
            stream: reply.stream,
            epoch: reply.epoch,
            bucket: reply.bucket,
            through: reply.through,
            digests: reply.digests.clone(),
        }
    }
}

impl TryFrom<DigestsReplyV1> for DigestsReply {
    type Error = NotOurs;

    fn try_from(wire: DigestsReplyV1) -> Result<Self, NotOurs> {
        Ok(Self {
            stream: wire.stream,
            epoch: wire.epoch,
            bucket: wire.bucket,
            through: wire.through,
            digests: wire.digests,
        })
    }
}
