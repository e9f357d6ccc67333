//! What is on its way, in no order.

use wellfield_core::ids::DeviceId;
use wellfield_core::sync::HttpReply;

use super::server::Request;

/// Whose request it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Address {
    pub(super) tablet: usize,
    pub(super) tab: usize,
    pub(super) lane: Lane,
    /// Rises with every request of the world.
    pub(super) request: u64,
    /// Who the tablet was when it asked: it may have been wiped since.
    pub(super) device: DeviceId,
    /// How often it had been wiped or restored from an image by then.
    pub(super) life: u64,
    /// How far its log went then.
    pub(super) newest: u64,
}

/// Which of a tab's lanes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lane {
    Push,
    Pull,
    Mend,
}

/// Something on its way.
#[derive(Clone, Debug)]
pub(super) enum Cargo {
    Request(Request),
    Reply(HttpReply),
}

/// Something on its way, and for whom.
#[derive(Clone, Debug)]
pub(super) struct Packet {
    pub(super) address: Address,
    pub(super) cargo: Cargo,
}

/// Everything that is on its way.
#[derive(Clone, Debug, Default)]
pub(super) struct Network {
    packets: Vec<Packet>,
    requests: u64,
}

impl Network {
    /// The number of the next request.
    pub(super) fn next_request(&mut self) -> u64 {
        self.requests += 1;
        self.requests
    }

    pub(super) fn put(&mut self, packet: Packet) {
        self.packets.push(packet);
    }

    pub(super) fn len(&self) -> usize {
        self.packets.len()
    }

    /// Takes one out; the others keep their order.
    pub(super) fn take(&mut self, index: usize) -> Option<Packet> {
        (index < self.packets.len()).then(|| self.packets.remove(index))
    }

    pub(super) fn drop_replies(&mut self) {
        self.packets
            .retain(|packet| matches!(packet.cargo, Cargo::Request(_)));
    }

    pub(super) fn clear(&mut self) {
        self.packets.clear();
    }
}
