//! What goes wrong, how often, and how often it did.

use super::random::Random;

macro_rules! faults {
    ($( $(#[$meta:meta])+ $name:ident ),+ $(,)?) => {
        /// Something that goes wrong, or makes it hard.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Fault {
            $( $(#[$meta])+ $name, )+
        }

        impl Fault {
            /// Every fault.
            pub const ALL: [Self; [$( Self::$name ),+].len()] = [$( Self::$name ),+];
        }
    };
}

faults! {
    /// A request is lost.
    RequestLost,
    /// The server did it and the reply is lost.
    ReplyLost,
    /// A request or reply arrives twice.
    Repeated,
    /// A reply arrives after its tab gave up on it.
    Late,
    /// A request is cut off.
    RequestTruncated,
    /// A reply is cut off.
    Truncated,
    /// A captive portal answers 200 with a page of its own.
    Portal,
    /// Something between answers with an error page.
    BadGateway,
    /// The server asks to come back later.
    Busy,
    /// A tab gives up waiting.
    TimedOut,
    /// A tablet is out of reach.
    OutOfReach,
    /// The disk refuses.
    DiskFailed,
    /// The disk is full: the browser aborts the transaction.
    QuotaAborted,
    /// A tablet crashes before a commit.
    CrashedBefore,
    /// A tablet crashes after a commit and before anybody learns of it.
    CrashedAfter,
    /// A tablet crashes at rest.
    Crashed,
    /// The browser wiped everything that it kept; the tablet joins again as a new device.
    Evicted,
    /// A tablet is put back to what it was when an image of it was made.
    ImageRestored,
    /// Somebody is erased.
    Erased,
    /// The server and a tablet hold different records under one number.
    Forked,
    /// A tablet that has nothing of a stream gets it as a snapshot.
    FromSnapshot,
    /// A part of what a tablet received is damaged or gone.
    Damaged,
    /// A clock is put wrong by up to ten years.
    WrongClock,
    /// A clock goes backwards.
    ClockBackwards,
    /// The server's clock is put wrong.
    WrongServerClock,
    /// The server is restored from a backup.
    Restored,
    /// A stream has to be read again from its beginning.
    EpochChanged,
    /// Somebody gets another role.
    RoleChanged,
    /// A tablet is shut out.
    Revoked,
    /// A tablet that was taken out of use sent everything and deleted it.
    Wiped,
    /// Somebody records something in another tab at the moment when a tablet deletes everything.
    SavedMeanwhile,
    /// A tablet changes to older or newer software.
    OtherSoftware,
    /// The server changes to older or newer software.
    OtherServerSoftware,
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

/// How often everything happened, in one history or several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Happened {
    faults: [u64; Fault::ALL.len()],
    /// Steps of the scheduler with faults.
    pub steps: u64,
    /// Events that tablets made durable.
    pub saved: u64,
    /// Of these, how many a wiped or restored tablet took with it before they were sent.
    pub lost: u64,
    /// Requests and replies that were delivered.
    pub delivered: u64,
}

impl Default for Happened {
    fn default() -> Self {
        Self {
            faults: [0; Fault::ALL.len()],
            steps: 0,
            saved: 0,
            lost: 0,
            delivered: 0,
        }
    }
}

impl Happened {
    pub(super) fn count(&mut self, fault: Fault) {
        self.faults[fault as usize] += 1;
    }

    /// How often a fault happened.
    pub fn times(&self, fault: Fault) -> u64 {
        self.faults[fault as usize]
    }

    /// How many faults there were.
    pub fn all_faults(&self) -> u64 {
        self.faults.iter().sum()
    }

    /// Adds what happened in another history.
    pub fn add(&mut self, other: &Self) {
        for (here, there) in self.faults.iter_mut().zip(other.faults) {
            *here += there;
        }
        self.steps += other.steps;
        self.saved += other.saved;
        self.lost += other.lost;
        self.delivered += other.delivered;
    }
}

/// The faults that strike by themselves, and how often each does at most, in thousandths.
const BY_CHANCE: [(Fault, u64); 13] = [
    (Fault::RequestLost, 200),
    (Fault::ReplyLost, 300),
    (Fault::Repeated, 200),
    (Fault::RequestTruncated, 60),
    (Fault::Truncated, 150),
    (Fault::Portal, 150),
    (Fault::BadGateway, 100),
    (Fault::Busy, 80),
    (Fault::DiskFailed, 60),
    (Fault::CrashedBefore, 60),
    (Fault::CrashedAfter, 60),
    (Fault::Poison, 150),
    (Fault::FutureKind, 80),
];

/// How often each fault comes, in thousandths. Each world has its own mixture, and most worlds lack
/// some faults altogether, because one fault can hide what another would show.
#[derive(Clone, Debug)]
pub(super) struct Rates([u64; Fault::ALL.len()]);

impl Rates {
    pub(super) fn drawn(random: &mut Random) -> Self {
        let mut rates = Self::none();
        for (fault, most) in BY_CHANCE {
            if random.chance(600) {
                rates.0[fault as usize] = 1 + random.below(most);
            }
        }
        rates
    }

    /// No fault at all.
    pub(super) const fn none() -> Self {
        Self([0; Fault::ALL.len()])
    }

    /// Whether the fault strikes now.
    pub(super) fn strikes(&self, fault: Fault, random: &mut Random) -> bool {
        let rate = self.0[fault as usize];
        rate > 0 && random.chance(rate)
    }

    /// Those that can strike, with their thousandths.
    pub(super) fn drawn_ones(&self) -> Vec<(Fault, u64)> {
        let all = Fault::ALL.into_iter().zip(self.0);
        all.filter(|(_, rate)| *rate > 0).collect()
    }
}
