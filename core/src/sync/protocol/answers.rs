//! The receipt for answers from somebody's own phone.

use super::{Message, message};
use crate::event::NotOurs;

/// The server's receipt for answers: the tag of their link, echoed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AnswersReply {
    /// The tag of the link.
    pub link: [u8; 16],
}

wire_map! {
    struct AnswersReplyV1 {
        #[n(0)]
        link: minicbor::bytes::ByteArray<16>,
    }
}

message!(AnswersReply, AnswersReplyV1);

impl From<&AnswersReply> for AnswersReplyV1 {
    fn from(reply: &AnswersReply) -> Self {
        Self {
            link: reply.link.into(),
        }
    }
}

impl TryFrom<AnswersReplyV1> for AnswersReply {
    type Error = NotOurs;

    fn try_from(wire: AnswersReplyV1) -> Result<Self, NotOurs> {
        Ok(Self {
            link: wire.link.into(),
        })
    }
}
