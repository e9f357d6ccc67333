//! What goes wrong, how often, and how often it did.

use std::collections::BTreeMap;

use super::random::Random;

/// Something that goes wrong, or makes it hard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// A request is lost.
    RequestLost,
    /// The server did it and the reply is lost.
    ReplyLost,
    /// A request or reply arrives twice.
    Repeated,
    /// A reply arrives after its tab gave up on it.
    Late,
    /// A reply is cut off.
    Truncated,
    /// A captive portal answers 200 with a page of its own.
    Portal,
    /// Something between answers with an error page.
    BadGateway,
    /// A tab gives up waiting.
    TimedOut,
    /// A tablet is out of reach.
    OutOfReach,
    /// The disk refuses.
    DiskFailed,
    /// A tablet crashes before a commit.
    CrashedBefore,
    /// A tablet crashes after a commit and before anybody learns of it.
    CrashedAfter,
    /// A tablet crashes at rest.
    Crashed,
    /// A clock is put wrong by up to ten years.
    WrongClock,
    /// The server is restored from a backup.
    Restored,
    /// A stream has to be read again from its beginning.
    EpochChanged,
    /// A record that the server has to set aside.
    Poison,
    /// A record of a kind from the future.
    FutureKind,
    /// A second tab saved a page first.
    OvertakenByTab,
    /// Two tablets differ on a mark.
    CheckThis,
    /// Somebody settled a difference.
    Settled,
}

impl Fault {
    /// Every fault.
    pub const ALL: [Self; 21] = [
        Self::RequestLost,
        Self::ReplyLost,
        Self::Repeated,
        Self::Late,
        Self::Truncated,
        Self::Portal,
        Self::BadGateway,
        Self::TimedOut,
        Self::OutOfReach,
        Self::DiskFailed,
        Self::CrashedBefore,
        Self::CrashedAfter,
        Self::Crashed,
        Self::WrongClock,
        Self::Restored,
        Self::EpochChanged,
        Self::Poison,
        Self::FutureKind,
        Self::OvertakenByTab,
        Self::CheckThis,
        Self::Settled,
    ];
}

/// How often everything happened, in one history or several.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Happened {
    /// How often each fault happened.
    pub faults: BTreeMap<Fault, u64>,
    /// Events that tablets made durable.
    pub saved: u64,
    /// Requests and replies that were delivered.
    pub delivered: u64,
}

impl Happened {
    pub(super) fn count(&mut self, fault: Fault) {
        *self.faults.entry(fault).or_default() += 1;
    }

    /// Adds what happened in another history.
    pub fn add(&mut self, other: &Self) {
        for (fault, times) in &other.faults {
            *self.faults.entry(*fault).or_default() += times;
        }
        self.saved += other.saved;
        self.delivered += other.delivered;
    }
}

/// How often each fault comes, in thousandths. Each world has its own mixture, and most worlds lack
/// some faults altogether, because one fault can hide what another would show.
#[derive(Clone, Debug)]
pub(super) struct Rates(BTreeMap<Fault, u64>);

impl Rates {
    pub(super) fn drawn(random: &mut Random) -> Self {
        let mut rate = |fault, most: u64| {
            let rate = if random.chance(600) {
                1 + random.below(most)
            } else {
                0
            };
            (fault, rate)
        };
        Self(BTreeMap::from([
            rate(Fault::RequestLost, 200),
            rate(Fault::ReplyLost, 300),
            rate(Fault::Repeated, 200),
            rate(Fault::Truncated, 150),
            rate(Fault::Portal, 150),
            rate(Fault::BadGateway, 100),
            rate(Fault::DiskFailed, 60),
            rate(Fault::CrashedBefore, 60),
            rate(Fault::CrashedAfter, 60),
            rate(Fault::Poison, 150),
            rate(Fault::FutureKind, 80),
        ]))
    }

    /// No fault at all.
    pub(super) fn none() -> Self {
        Self(BTreeMap::new())
    }

    /// Whether the fault strikes now.
    pub(super) fn strikes(&self, fault: Fault, random: &mut Random) -> bool {
        match self.0.get(&fault) {
            None | Some(0) => false,
            Some(rate) => random.chance(*rate),
        }
    }
}
