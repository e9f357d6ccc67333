//! A tablet: its disk, its open tabs, and what it shows.

use wellfield_core::access::Role;
use wellfield_core::clock::Instant;
use wellfield_core::ids::DeviceId;
use wellfield_core::records::Records;
use wellfield_core::sync::{PullLane, PushLane};

use super::disk::Disk;
use super::network::Lane;

/// What a lane is waiting for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Doing {
    /// The next trigger.
    Resting,
    /// The end of a wait.
    Waiting,
    /// The reply to a request.
    Asking(u64),
}

/// An open tab. Nothing in it survives a crash.
#[derive(Clone, Debug)]
pub(super) struct Tab {
    pub(super) push: PushLane,
    pub(super) pull: PullLane,
    pub(super) push_doing: Doing,
    pub(super) pull_doing: Doing,
    /// The first number and the count of what was sent last, for a flaw that believes too much.
    pub(super) sent: (u64, usize),
    /// The next number as this tab remembers it, for a flaw that trusts its memory.
    pub(super) next_n: u64,
}

impl Tab {
    fn new(device: DeviceId, newest: u64) -> Self {
        Self {
            push: PushLane::new(device),
            pull: PullLane::default(),
            push_doing: Doing::Resting,
            pull_doing: Doing::Resting,
            sent: (1, 0),
            next_n: newest + 1,
        }
    }

    pub(super) fn doing(&self, lane: Lane) -> Doing {
        match lane {
            Lane::Push => self.push_doing,
            Lane::Pull => self.pull_doing,
        }
    }
}

/// A tablet.
#[derive(Clone, Debug)]
pub(super) struct Tablet {
    pub(super) device: DeviceId,
    pub(super) role: Role,
    pub(super) disk: Disk,
    pub(super) tabs: Vec<Tab>,
    /// What is on screen; in memory, and shared by the tabs.
    pub(super) records: Records,
    /// How far its clock is off, in milliseconds.
    pub(super) clock_error: i64,
    /// Whether it is in reach of the network.
    pub(super) reachable: bool,
}

impl Tablet {
    pub(super) fn new(device: DeviceId, role: Role, tabs: usize) -> Self {
        Self {
            device,
            role,
            disk: Disk::default(),
            tabs: vec![Tab::new(device, 0); tabs],
            records: Records::default(),
            clock_error: 0,
            reachable: true,
        }
    }

    /// Loses everything that is not on disk, and starts again.
    pub(super) fn restart(&mut self) {
        let fresh = Tab::new(self.device, self.disk.newest());
        self.tabs = vec![fresh; self.tabs.len()];
        self.records = self.disk.fold();
    }

    /// What its clock says at a time.
    pub(super) fn clock(&self, time: u64) -> Instant {
        Instant(time.saturating_add_signed(self.clock_error))
    }
}
