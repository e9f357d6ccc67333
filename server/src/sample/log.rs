//! The drafts in the order in which the server will append them, so that one can name another.

use wellfield_core::event::{Body, Draft};
use wellfield_core::ids::{DeviceId, EventId, ProgrammeId};
use wellfield_core::stream::Stream;

/// The sample as it grows.
#[derive(Debug)]
pub(super) struct Log {
    programme: ProgrammeId,
    next_n: u64,
    drafts: Vec<Draft>,
}

impl Log {
    /// An empty log whose first draft will become the server's event `first_n`.
    pub(super) fn new(programme: ProgrammeId, first_n: u64) -> Self {
        Self {
            programme,
            next_n: first_n,
            drafts: Vec::new(),
        }
    }

    /// Adds a draft and tells which event it will become.
    pub(super) fn add(
        &mut self,
        stream: Stream,
        supersedes: Vec<EventId>,
        body: impl Into<Body>,
    ) -> EventId {
        let id = EventId {
            device: DeviceId::SERVER,
            n: self.next_n,
        };
        self.next_n += 1;
        self.drafts.push(Draft {
            stream,
            supersedes,
            body: body.into(),
        });
        id
    }

    /// Adds a draft to the room for the day.
    pub(super) fn delivery(&mut self, supersedes: Vec<EventId>, body: impl Into<Body>) -> EventId {
        self.add(Stream::Delivery(self.programme), supersedes, body)
    }

    /// Adds a draft to the coordinator's room.
    pub(super) fn casework(&mut self, body: impl Into<Body>) -> EventId {
        self.add(Stream::Casework(self.programme), Vec::new(), body)
    }

    /// The drafts in order.
    pub(super) fn into_drafts(self) -> Vec<Draft> {
        self.drafts
    }
}
