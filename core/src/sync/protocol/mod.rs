//! The messages, and their wire form version 1.
//!
//! Every message is a CBOR map with integer keys. A reply counts only with our media type, because
//! the login page of a captive portal also answers 200 (sync findings §5.5).

mod answers;
mod credential;
mod devices;
mod digests;
mod enrol;
mod loss;
mod pull;
mod push;
mod referral;

use super::problem::{ProblemReply, ProblemV1};
use crate::event::NotOurs;

pub use answers::AnswersReply;
pub use credential::{RenewReply, RenewRequest};
pub use devices::{DeviceState, DevicesReply, QuarantinedEvent};
pub use digests::DigestsReply;
pub use enrol::{CodeReply, EnrolReply, EnrolRequest};
pub use loss::{LossReply, ShutOutReply};
pub(super) use pull::PulledEventV1;
pub use pull::{
    OWN_ERASED_MAX, OwnErased, PullReply, PulledEvent, StreamHead, StreamsReply, ToldErased,
};
pub use push::{Outcome, PushReply, PushRequest, Tally};
pub use referral::{ReferralReply, SealingKeyReply};

/// The media type of every request and reply.
pub const MEDIA_TYPE: &str = "application/vnd.wellfield.sync+cbor";

/// At most this many events in one push.
pub const PUSH_EVENTS_MAX: usize = 4_000;

/// This many events in the first push of a device, and of one whose pushes failed: a weak line carries
/// a small one, and each that comes through whole doubles the next.
pub const PUSH_EVENTS_FIRST: usize = 500;

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
pub(super) use message;

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

    /// The body of a reply that is no message, whole or a range of something.
    ///
    /// # Errors
    /// As [`HttpReply::read`].
    pub fn content(&self) -> Result<&[u8], Option<ProblemReply>> {
        match (self.is_ours(), self.status) {
            (true, 200 | 206) => Ok(&self.body),
            (true, _) => Err(ProblemReply::from_bytes(&self.body).ok()),
            (false, _) => Err(None),
        }
    }
}

message!(ProblemReply, ProblemV1);
