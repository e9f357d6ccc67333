//! A tablet: its disk, its open tabs, and what it shows.

use wellfield_core::access::Role;
use wellfield_core::clock::Instant;
use wellfield_core::event::Body;
use wellfield_core::ids::DeviceId;
use wellfield_core::records::Records;
use wellfield_core::sync::{Cursor, MendLane, PullLane, PushLane, ToldErased};

use super::disk::Disk;
use super::network::Lane;

/// Which version of the software runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Software {
    /// One from before notes and pulses.
    Old,
    /// This one. There are records of kinds that this one does not know either.
    New,
}

impl Software {
    /// Whether it knows records of this kind. One that it does not know is kept and adds nothing to
    /// what is shown.
    pub(super) fn knows(self, body: &Body) -> bool {
        let newer = matches!(
            body,
            Body::SessionNoted(_) | Body::PulseAnswered(_) | Body::PulseFlagSeen(_)
        );
        !matches!(body, Body::Unread(_)) && (self == Self::New || !newer)
    }

    pub(super) const fn other(self) -> Self {
        match self {
            Self::Old => Self::New,
            Self::New => Self::Old,
        }
    }
}

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
    pub(super) mend: MendLane,
    pub(super) push_doing: Doing,
    pub(super) pull_doing: Doing,
    pub(super) mend_doing: Doing,
    /// The first number and the count of what was sent last, for flaws that believe too much.
    pub(super) sent: (u64, usize),
    /// The page that was asked for last, for a flaw that believes any other.
    pub(super) asked: Option<Cursor>,
    /// How far the last receipt said that the log is held, for a flaw that takes its word.
    pub(super) claimed: u64,
    /// The next number as this tab remembers it, for a flaw that trusts its memory.
    pub(super) next_n: u64,
    /// From where this tab remembers that it has to send, for a flaw that trusts its memory.
    pub(super) to_retry: u64,
    /// How far this tab was told of own records that were erased.
    pub(super) told: ToldErased,
}

impl Tab {
    fn new(device: DeviceId, disk: &Disk) -> Self {
        Self {
            push: PushLane::new(device),
            pull: PullLane::default(),
            mend: MendLane::default(),
            push_doing: Doing::Resting,
            pull_doing: Doing::Resting,
            mend_doing: Doing::Resting,
            sent: (1, 0),
            asked: None,
            claimed: 0,
            next_n: disk.newest() + 1,
            to_retry: disk.taken,
            told: ToldErased::default(),
        }
    }

    pub(super) fn doing(&self, lane: Lane) -> Doing {
        match lane {
            Lane::Push => self.push_doing,
            Lane::Pull => self.pull_doing,
            Lane::Mend => self.mend_doing,
        }
    }

    pub(super) fn set_doing(&mut self, lane: Lane, doing: Doing) {
        match lane {
            Lane::Push => self.push_doing = doing,
            Lane::Pull => self.pull_doing = doing,
            Lane::Mend => self.mend_doing = doing,
        }
    }
}

/// An image of a tablet, as a device management makes one.
#[derive(Clone, Debug)]
pub(super) struct Image {
    pub(super) device: DeviceId,
    pub(super) disk: Disk,
}

/// A tablet.
#[derive(Clone, Debug)]
pub(super) struct Tablet {
    pub(super) device: DeviceId,
    /// How often it was wiped or restored from an image.
    pub(super) life: u64,
    /// What its user was told they are when it was enrolled.
    pub(super) role: Role,
    pub(super) software: Software,
    pub(super) disk: Disk,
    pub(super) tabs: Vec<Tab>,
    /// What is on screen; in memory, and shared by the tabs.
    pub(super) records: Records,
    pub(super) image: Option<Image>,
    /// How far its clock is off, in milliseconds.
    pub(super) clock_error: i64,
    /// Whether it is in reach of the network.
    pub(super) reachable: bool,
    /// Whether its disk is full.
    pub(super) full: bool,
    /// Whether the whole programme was ever on screen since it was enrolled.
    pub(super) had_programme: bool,
}

impl Tablet {
    pub(super) fn new(device: DeviceId, role: Role, tabs: usize, software: Software) -> Self {
        let disk = Disk::default();
        Self {
            device,
            life: 0,
            role,
            software,
            tabs: vec![Tab::new(device, &disk); tabs],
            disk,
            records: Records::default(),
            image: None,
            clock_error: 0,
            reachable: true,
            full: false,
            had_programme: false,
        }
    }

    /// Loses everything that is not on disk, and starts again.
    pub(super) fn restart(&mut self) {
        let fresh = Tab::new(self.device, &self.disk);
        self.tabs = vec![fresh; self.tabs.len()];
        self.show();
    }

    /// Shows what the disk adds up to.
    pub(super) fn show(&mut self) {
        self.records = self.disk.fold(self.software);
    }

    /// Becomes another device, or the one that it once was, with this on its disk.
    pub(super) fn become_device(&mut self, device: DeviceId, disk: Disk) {
        self.device = device;
        self.life += 1;
        self.disk = disk;
        self.had_programme = false;
        self.restart();
    }

    /// What its clock says at a time.
    pub(super) fn clock(&self, time: u64) -> Instant {
        Instant(time.saturating_add_signed(self.clock_error))
    }
}
