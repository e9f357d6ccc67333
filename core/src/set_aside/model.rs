//! A decision about an event that was set aside.

use core::fmt;

use crate::event::Event;
use crate::ids::EventId;

/// An original of more bytes than this is not taken in. The longest record that people can type is
/// shorter, and a decision of this length still goes through every push, block and page.
pub const ORIGINAL_BYTES_MAX: usize = 64 * 1024;

/// An event that was set aside, with its bytes as its device froze them. There is one only of an event
/// that may be taken in; see [`super::takeable`].
#[derive(Clone, PartialEq, Eq)]
pub struct Original {
    pub(super) bytes: Vec<u8>,
    pub(super) event: Box<Event>,
}

impl Original {
    /// Its bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The event that they are.
    pub fn event(&self) -> &Event {
        &self.event
    }
}

/// The bytes hold what people typed, so that only the event is shown, whose texts hide themselves.
impl fmt::Debug for Original {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Original").field(&self.event).finish()
    }
}

/// What was decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Nothing: a decision was taken back.
    Open,
    /// The record counts, as its device recorded it.
    TakenIn(Original),
    /// The record does not count.
    LeftOut,
    /// The record counts: it belongs to the programme's casework, where the coordinator has recorded the same
    /// once more. What it says stands there and not in the decision, which everybody of the programme receives.
    RecordedAnew,
}

/// A coordinator decided about an event that was set aside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetAsideSettled {
    /// The event: the device that sent it, and its place in that device's log.
    pub event: EventId,
    /// What was decided.
    pub decision: Decision,
}
