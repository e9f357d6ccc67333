//! What is on its way, in no order.

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
}

/// Which of a tab's two lanes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lane {
    Push,
    Pull,
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
    /// Sends a request and gives it its number.
    pub(super) fn send(&mut self, tablet: usize, tab: usize, lane: Lane, request: Request) -> u64 {
        self.requests += 1;
        let address = Address {
            tablet,
            tab,
            lane,
            request: self.requests,
        };
        self.put(Packet {
            address,
            cargo: Cargo::Request(request),
        });
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

    pub(super) fn clear(&mut self) {
        self.packets.clear();
    }
}
