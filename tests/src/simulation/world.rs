//! The world, its beginning and its end.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::OnceLock;

use wellfield_core::access::Role;
use wellfield_core::clock::{Hlc, Instant};
use wellfield_core::erasure::ErasedSubjects;
use wellfield_core::event::{Draft, Event, encode_event};
use wellfield_core::ids::{DeviceId, EventId};
use wellfield_core::stream::Stream;
use wellfield_core::sync::{Outcome, PullInput, PushInput};

use super::Plan;
use super::faults::{Fault, Happened, Rates};
use super::flaw::Flaw;
use super::invariants::{Broken, Invariant, at_rest};
use super::network::{Lane, Network};
use super::people::{self, PROGRAMME};
use super::random::Random;
use super::server::Server;
use super::steps::Step;
use super::tablet::{Doing, Software, Tablet};

/// 2026-05-31, in milliseconds since 1970.
const START: u64 = 1_780_000_000_000;

/// Within so many rounds without faults everything has to be at rest.
const ROUNDS_MAX: usize = 8;

/// More than any round needs; a lane that never stops asking is found by it.
const DELIVERIES_MAX: usize = 5_000;

/// A record that a tablet made durable, or said that it did.
#[derive(Clone, Debug)]
pub(super) struct Saved {
    pub(super) device: DeviceId,
    pub(super) n: u64,
    pub(super) bytes: Rc<[u8]>,
    /// What the server has to set it aside for.
    pub(super) set_aside: Option<Outcome>,
    /// Whether only a coordinator may record this, so that it may be set aside after a change of role.
    pub(super) coordinators_own: bool,
    /// What became of it at the server, if it was ever there, also before the server was restored.
    pub(super) became: Option<Outcome>,
    /// Whether a wiped or restored tablet took it along before it was known to be sent.
    pub(super) lost: bool,
}

/// Everything there is.
#[derive(Clone, Debug)]
pub(super) struct World {
    pub(super) plan: Plan,
    pub(super) random: Random,
    pub(super) server: Server,
    pub(super) backup: Server,
    pub(super) tablets: Vec<Tablet>,
    pub(super) network: Network,
    pub(super) saved: Vec<Saved>,
    /// The records under each number. A tablet that was restored from an image gives one out twice.
    pub(super) saved_as: BTreeMap<(DeviceId, u64), Vec<usize>>,
    pub(super) happened: Happened,
    pub(super) rates: Rates,
    pub(super) weights: Vec<(u64, Step)>,
    /// The true time, and how far the server's clock is off.
    pub(super) time: u64,
    pub(super) server_clock_error: i64,
    /// The last epoch that was ever used. A restored server must not use one again, so it does not lie
    /// in the server's database.
    pub(super) epoch: u32,
    pub(super) last_device: DeviceId,
    /// How often the server was restored.
    pub(super) restores: u64,
    /// What the server holds of each device's log, as it came.
    pub(super) holds: BTreeMap<(DeviceId, u64), Rc<[u8]>>,
    /// Everybody who was ever erased: the ledger, which is no part of a backup.
    pub(super) erased: ErasedSubjects,
    /// The devices that were ever shut out.
    pub(super) ever_revoked: BTreeSet<DeviceId>,
    /// Which streams each device was ever allowed to read.
    pub(super) ever_allowed: BTreeMap<DeviceId, BTreeSet<Stream>>,
    /// The first promise that was seen broken in the middle of the history.
    pub(super) broken: Option<Broken>,
    /// What happens, if somebody wants to read it.
    pub(super) trace: Option<Vec<String>>,
}

/// The programme as the server was set up with it, made once for all worlds.
fn set_up() -> &'static [(Event, Vec<u8>)] {
    static EVENTS: OnceLock<Vec<(Event, Vec<u8>)>> = OnceLock::new();
    EVENTS.get_or_init(|| {
        let bodies = people::programme().into_iter().zip(1..);
        let event = bodies.map(|(body, n)| {
            let draft = Draft {
                stream: Stream::Delivery(PROGRAMME),
                supersedes: Vec::new(),
                body,
            };
            let device = DeviceId::SERVER;
            let event = draft.place(EventId { device, n }, Hlc::ZERO, None);
            let bytes = encode_event(&event);
            (event, bytes)
        });
        event.collect()
    })
}

/// How many events a programme has before anybody records anything.
pub(super) fn set_up_events() -> u64 {
    set_up().len() as u64
}

impl World {
    pub(super) fn new(mut random: Random, plan: Plan, traced: bool) -> Self {
        let page = random.pick(&[3, 20, 2000]).copied().unwrap_or(20);
        let mut server = Server::new(PROGRAMME, 1, page, plan);
        for (event, bytes) in set_up() {
            server.record(event.clone(), bytes.clone(), Instant(START));
        }
        let count = 2 + random.below(plan.tablets.max(2) - 1);
        let mut world = Self {
            plan,
            backup: server.clone(),
            server,
            tablets: Vec::new(),
            network: Network::default(),
            saved: Vec::new(),
            saved_as: BTreeMap::new(),
            happened: Happened::default(),
            rates: Rates::none(),
            weights: Vec::new(),
            time: START,
            server_clock_error: 0,
            epoch: 1,
            last_device: DeviceId::SERVER,
            restores: 0,
            holds: BTreeMap::new(),
            erased: ErasedSubjects::default(),
            ever_revoked: BTreeSet::new(),
            ever_allowed: BTreeMap::new(),
            broken: None,
            trace: traced.then(Vec::new),
            random,
        };
        for number in 0..count {
            let role = if number == 0 || world.random.chance(200) {
                Role::Coordinator
            } else {
                Role::Facilitator
            };
            let tabs = if world.random.chance(300) { 2 } else { 1 };
            let software = if world.random.chance(200) {
                Software::Old
            } else {
                Software::New
            };
            let device = world.enrol(role);
            let tablet = Tablet::new(device, role, tabs, software);
            world.tablets.push(tablet);
        }
        world.backup = world.server.clone();
        world.weights = Step::drawn(&mut world.random, plan);
        world.note(|| format!("the server answers with {page} events a page at most"));
        world
    }

    /// Gives out the number of a further device.
    pub(super) fn enrol(&mut self, role: Role) -> DeviceId {
        self.last_device.0 += 1;
        let device = self.last_device;
        self.server.enrol(device, role, PROGRAMME);
        self.allow(device);
        device
    }

    /// Remembers what a device may read from now on.
    pub(super) fn allow(&mut self, device: DeviceId) {
        let streams = self.server.streams_of(device);
        self.ever_allowed.entry(device).or_default().extend(streams);
    }

    /// Whether what is kept is what was recorded, or stands in its place because it was erased.
    pub(super) fn is_kept_as(&self, recorded: &[u8], kept: &[u8]) -> bool {
        let erased = || self.server.erased.tombstone_of(recorded);
        recorded == kept || erased().is_some_and(|erased| erased.bytes == kept)
    }

    pub(super) fn flawed(&self, flaw: Flaw) -> bool {
        self.plan.flaw == Some(flaw)
    }

    /// Whether a fault strikes now; counts it if so.
    pub(super) fn strikes(&mut self, fault: Fault) -> bool {
        let strikes = self.rates.strikes(fault, &mut self.random);
        if strikes {
            self.happened.count(fault);
        }
        strikes
    }

    /// Writes down a step, if somebody wants to read it.
    pub(super) fn note(&mut self, line: impl FnOnce() -> String) {
        if let Some(lines) = &mut self.trace {
            lines.push(line());
        }
    }

    /// Remembers the first promise that was seen broken.
    pub(super) fn see(&mut self, held: Result<(), Broken>) {
        if self.broken.is_none() {
            self.broken = held.err();
        }
    }

    /// A history from its beginning to its end.
    pub(super) fn run(&mut self) -> Result<(), Broken> {
        // Most tablets were set up in the office; some come to the field with nothing.
        if self.random.chance(800) {
            self.come_to_rest()?;
        }
        self.rates = Rates::drawn(&mut self.random);
        self.introduce();
        for _ in 0..self.plan.steps {
            self.happened.steps += 1;
            self.step();
            if let Some(broken) = self.broken.take() {
                return Err(broken);
            }
        }
        self.heal();
        self.come_to_rest()?;
        if self.plan.erasures {
            // What arrived last may have been about somebody who was erased: its tablet hears of that with
            // the next contact.
            self.come_to_rest()?;
        }
        at_rest::everything(self)?;
        self.happened.lost = self.saved.iter().filter(|saved| saved.lost).count() as u64;
        Ok(())
    }

    /// Writes down what the seed drew for this world.
    fn introduce(&mut self) {
        let rates = self.rates.drawn_ones();
        let weights = self.weights.clone();
        self.note(|| format!("faults by chance, in thousandths: {rates:?}"));
        self.note(|| format!("steps by weight: {weights:?}"));
        for number in 0..self.tablets.len() {
            let tablet = &self.tablets[number];
            let (device, role, software) = (tablet.device, tablet.role, tablet.software);
            let tabs = tablet.tabs.len();
            self.note(|| {
                format!(
                    "tablet {number}: device {device}, {role:?}, {tabs} tabs, {software:?} software"
                )
            });
        }
    }

    /// The faults stop. What was on its way is lost. Clocks stay wrong, and what was wiped stays wiped.
    fn heal(&mut self) {
        self.note(|| "the faults stop".to_owned());
        self.rates = Rates::none();
        self.network.clear();
        for tablet in 0..self.tablets.len() {
            self.tablets[tablet].reachable = true;
            self.tablets[tablet].full = false;
            for tab in 0..self.tablets[tablet].tabs.len() {
                for lane in [Lane::Push, Lane::Pull, Lane::Mend] {
                    if let Doing::Asking(_) = self.tablets[tablet].tabs[tab].doing(lane) {
                        self.give_up(tablet, tab, lane);
                    }
                }
            }
        }
    }

    /// Runs until nothing is left to send or to read.
    fn come_to_rest(&mut self) -> Result<(), Broken> {
        let mut last = Ok(());
        for _ in 0..ROUNDS_MAX {
            self.time += 10 * 60_000;
            for tablet in 0..self.tablets.len() {
                for tab in 0..self.tablets[tablet].tabs.len() {
                    self.end_waits(tablet, tab);
                    self.wake(tablet, tab);
                }
            }
            let mut deliveries = 0;
            while self.network.len() > 0 {
                self.deliver(0);
                deliveries += 1;
                if deliveries > DELIVERIES_MAX {
                    let what = "the lanes never stop asking";
                    return Err(Broken::new(Invariant::ComesToRest, what));
                }
            }
            if let Some(broken) = self.broken.take() {
                return Err(broken);
            }
            last = at_rest::everything_is_sent_and_read(self);
            if last.is_ok() {
                return last;
            }
        }
        last
    }

    /// No wait is longer than a round.
    fn end_waits(&mut self, tablet: usize, tab: usize) {
        if self.tablets[tablet].tabs[tab].push_doing == Doing::Waiting {
            self.push(tablet, tab, PushInput::WaitOver);
        }
        if self.tablets[tablet].tabs[tab].pull_doing == Doing::Waiting {
            self.pull(tablet, tab, PullInput::WaitOver);
        }
    }
}
