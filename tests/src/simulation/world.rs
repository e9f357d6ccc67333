//! The world and its scheduler.

use std::collections::{BTreeMap, VecDeque};

use wellfield_core::access::Role;
use wellfield_core::clock::{Hlc, Instant};
use wellfield_core::event::{Draft, decode_event, encode_event};
use wellfield_core::ids::{DeviceId, EventId};
use wellfield_core::stream::Stream;
use wellfield_core::sync::{HttpReply, Outcome, PullInput, PushInput};

use super::Plan;
use super::disk::Entry;
use super::faults::{Fault, Happened, Rates};
use super::flaw::Flaw;
use super::invariants::{self, Broken, Invariant};
use super::lanes::Commit;
use super::network::{Cargo, Lane, Network, Packet};
use super::people::{self, PROGRAMME};
use super::random::Random;
use super::server::Server;
use super::tablet::{Doing, Tablet};

/// 2026-05-31, in milliseconds since 1970.
const START: u64 = 1_780_000_000_000;

const TEN_YEARS_MS: u64 = 10 * 365 * 24 * 3_600 * 1_000;

/// Within so many rounds without faults everything has to be at rest.
const ROUNDS_MAX: usize = 8;

/// More than any round needs; a lane that never stops asking is found by it.
const DELIVERIES_MAX: usize = 20_000;

/// An event that a tablet made durable.
#[derive(Clone, Debug)]
pub(super) struct Saved {
    pub(super) device: DeviceId,
    pub(super) n: u64,
    pub(super) bytes: Vec<u8>,
    /// What the server has to set it aside for.
    pub(super) set_aside: Option<Outcome>,
}

/// The last steps, if somebody wants to read them.
#[derive(Clone, Debug)]
pub(super) struct Trace {
    kept: bool,
    lines: VecDeque<String>,
}

impl Trace {
    pub(super) fn into_lines(self) -> Vec<String> {
        self.lines.into()
    }
}

/// Something that happens by itself.
#[derive(Clone, Copy, Debug)]
enum Step {
    Deliver,
    Act,
    Wake,
    Timer,
    Crash,
    Reach,
    Clock,
    Backup,
    Restore,
    Epochs,
}

/// Everything there is.
#[derive(Clone, Debug)]
pub(super) struct World {
    pub(super) plan: Plan,
    pub(super) random: Random,
    pub(super) server: Server,
    pub(super) tablets: Vec<Tablet>,
    pub(super) network: Network,
    pub(super) saved: Vec<Saved>,
    pub(super) happened: Happened,
    pub(super) trace: Trace,
    backup: Server,
    rates: Rates,
    weights: Vec<(u64, Step)>,
    /// The true time.
    time: u64,
    /// The last epoch that was ever used. A restored server must not use one again, so it does not lie
    /// in the server's database.
    epoch: u32,
    /// How much of each log the server ever held, also before it was restored.
    ever_held: BTreeMap<DeviceId, u64>,
    /// The first promise that was seen broken in the middle of the history.
    broken: Option<Broken>,
}

impl World {
    pub(super) fn new(mut random: Random, plan: Plan, traced: bool) -> Self {
        let page = random.pick(&[3, 20, 2000]).copied().unwrap_or(20);
        let mut server = Server::new(PROGRAMME, 1, page, plan.flaw);
        for (body, n) in people::programme().into_iter().zip(1..) {
            let draft = Draft {
                stream: Stream::Delivery(PROGRAMME),
                supersedes: Vec::new(),
                body,
            };
            let device = DeviceId::SERVER;
            let event = draft.place(EventId { device, n }, Hlc::ZERO, None);
            let bytes = encode_event(&event);
            server.record(event, bytes, Instant(START));
        }
        let count = 2 + random.below(plan.tablets.max(2) - 1);
        let mut tablets = Vec::new();
        for (number, device) in (2..).map(DeviceId).take(count as usize).enumerate() {
            let role = if number == 0 {
                Role::Coordinator
            } else {
                Role::Facilitator
            };
            let tabs = if random.chance(300) { 2 } else { 1 };
            server.enrol(device, role, PROGRAMME);
            tablets.push(Tablet::new(device, role, tabs));
        }
        let mut sometimes = |weight, step| (if random.coin() { weight } else { 0 }, step);
        let weights = vec![
            (60, Step::Deliver),
            (25, Step::Act),
            (12, Step::Wake),
            (14, Step::Timer),
            sometimes(3, Step::Crash),
            sometimes(4, Step::Reach),
            sometimes(4, Step::Clock),
            sometimes(2, Step::Backup),
            sometimes(1, Step::Restore),
            sometimes(1, Step::Epochs),
        ];
        Self {
            plan,
            backup: server.clone(),
            server,
            tablets,
            network: Network::default(),
            saved: Vec::new(),
            happened: Happened::default(),
            trace: Trace {
                kept: traced,
                lines: VecDeque::new(),
            },
            rates: Rates::none(),
            weights,
            time: START,
            epoch: 1,
            ever_held: BTreeMap::new(),
            broken: None,
            random,
        }
    }

    pub(super) fn flaw(&self) -> Option<Flaw> {
        self.plan.flaw
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
        if self.trace.kept {
            if self.trace.lines.len() == 60 {
                self.trace.lines.pop_front();
            }
            self.trace.lines.push_back(line());
        }
    }

    /// A history from its beginning to its end.
    pub(super) fn run(&mut self) -> Result<(), Broken> {
        // Most tablets were set up in the office; some come to the field with nothing.
        if self.random.chance(800) {
            self.come_to_rest()?;
        }
        self.rates = Rates::drawn(&mut self.random);
        for _ in 0..self.plan.steps {
            self.step();
            if let Some(broken) = self.broken.take() {
                return Err(broken);
            }
        }
        self.heal();
        self.come_to_rest()?;
        invariants::all(self)
    }

    fn step(&mut self) {
        self.time += self.random.below(20_000);
        let tablet = self.random.index(self.tablets.len());
        let tab = self.random.index(self.tablets[tablet].tabs.len());
        match self.random.weighted(&self.weights) {
            Some(Step::Deliver) => {
                let waiting = self.network.len();
                if waiting == 0 {
                    self.wake(tablet, tab);
                } else {
                    let index = self.random.index(waiting);
                    self.deliver(index);
                }
            }
            Some(Step::Act) => self.act(tablet, tab),
            Some(Step::Wake) => self.wake(tablet, tab),
            Some(Step::Timer) => self.timer(tablet, tab),
            Some(Step::Crash) => {
                self.happened.count(Fault::Crashed);
                self.note(|| format!("tablet {tablet}: crashes"));
                self.tablets[tablet].restart();
                self.see_consent(tablet);
            }
            Some(Step::Reach) => {
                let reachable = self.random.coin();
                self.note(|| format!("tablet {tablet}: reachable {reachable}"));
                self.tablets[tablet].reachable = reachable;
            }
            Some(Step::Clock) => self.set_clock(tablet),
            Some(Step::Backup) => {
                self.note(|| "the server is backed up".to_owned());
                self.backup = self.server.clone();
            }
            Some(Step::Restore) => self.restore(),
            Some(Step::Epochs) => {
                self.happened.count(Fault::EpochChanged);
                self.epoch += 1;
                let epoch = self.epoch;
                self.note(|| format!("all streams begin again as epoch {epoch}"));
                self.server.change_epochs(epoch);
            }
            None => {}
        }
    }

    fn set_clock(&mut self, tablet: usize) {
        self.happened.count(Fault::WrongClock);
        let size = self
            .random
            .pick(&[0, 60_000, 3_600_000, TEN_YEARS_MS])
            .copied()
            .unwrap_or(0);
        let off = if size == 0 {
            0
        } else {
            self.random.below(size) as i64
        };
        let off = if self.random.coin() { off } else { -off };
        self.note(|| format!("tablet {tablet}: clock off by {off} ms"));
        self.tablets[tablet].clock_error = off;
    }

    fn restore(&mut self) {
        self.happened.count(Fault::Restored);
        self.note(|| "the server is restored from its backup".to_owned());
        self.server = self.backup.clone();
        if self.flaw() != Some(Flaw::RestoreKeepsEpoch) {
            self.epoch += 1;
            self.server.change_epochs(self.epoch);
        }
    }

    /// A reason to sync: start, timer, back on line, "Send now".
    fn wake(&mut self, tablet: usize, tab: usize) {
        self.note(|| format!("tablet {tablet} tab {tab}: wakes"));
        self.push(tablet, tab, PushInput::Wake);
        self.wake_pull(tablet, tab);
    }

    /// The other lane, unless the tablet crashed in the meantime and has other tabs now.
    fn wake_pull(&mut self, tablet: usize, tab: usize) {
        if tab < self.tablets[tablet].tabs.len() {
            self.pull(tablet, tab, PullInput::Wake);
        }
    }

    /// A wait ends, or a tab gives up on a reply.
    fn timer(&mut self, tablet: usize, tab: usize) {
        let lane = if self.random.coin() {
            Lane::Push
        } else {
            Lane::Pull
        };
        let doing = self.tablets[tablet].tabs[tab].doing(lane);
        self.note(|| format!("tablet {tablet} tab {tab}: timer of {lane:?} in {doing:?}"));
        match (doing, lane) {
            (Doing::Resting, _) => {}
            (Doing::Waiting, Lane::Push) => self.push(tablet, tab, PushInput::WaitOver),
            (Doing::Waiting, Lane::Pull) => self.pull(tablet, tab, PullInput::WaitOver),
            (Doing::Asking(_), _) => {
                self.happened.count(Fault::TimedOut);
                self.give_up(tablet, tab, lane);
            }
        }
    }

    fn give_up(&mut self, tablet: usize, tab: usize, lane: Lane) {
        match lane {
            Lane::Push => self.push(tablet, tab, PushInput::NoReply),
            Lane::Pull => self.pull(tablet, tab, PullInput::NoReply),
        }
    }

    fn deliver(&mut self, index: usize) {
        let Some(packet) = self.network.take(index) else {
            return;
        };
        let address = packet.address;
        if !self.tablets[address.tablet].reachable {
            self.happened.count(Fault::OutOfReach);
            return;
        }
        if self.strikes(Fault::Repeated) {
            self.network.put(packet.clone());
        }
        self.happened.delivered += 1;
        match packet.cargo {
            Cargo::Request(request) => {
                if self.strikes(Fault::RequestLost) {
                    return;
                }
                if self.strikes(Fault::Portal) {
                    self.put_reply(
                        packet.address,
                        page_of_somebody_else(200, "Welcome! Log in."),
                    );
                    return;
                }
                let device = self.tablets[address.tablet].device;
                let mut reply = self.server.answer(device, &request, Instant(self.time));
                let held = self
                    .server
                    .standing(device)
                    .map_or(0, |standing| standing.max_n);
                let ever = self.ever_held.entry(device).or_default();
                *ever = held.max(*ever);
                let status = reply.status;
                self.note(|| format!("server answers {status} to {address:?}"));
                if self.strikes(Fault::ReplyLost) {
                    return;
                }
                if self.strikes(Fault::BadGateway) {
                    reply = page_of_somebody_else(502, "Bad gateway");
                }
                if self.strikes(Fault::Truncated) {
                    let length = self.random.index(reply.body.len().max(1));
                    reply.body.truncate(length);
                }
                self.put_reply(address, reply);
            }
            Cargo::Reply(reply) => {
                let Some(tab) = self.tablets[address.tablet].tabs.get(address.tab) else {
                    return;
                };
                if tab.doing(address.lane) != Doing::Asking(address.request) {
                    self.happened.count(Fault::Late);
                    // A browser that gave up on a request hands nothing on; the lanes have to bear it
                    // all the same.
                    if self.random.coin() {
                        return;
                    }
                }
                self.note(|| format!("{address:?} gets {}", reply.status));
                self.reply(address.tablet, address.tab, address.lane, &reply);
            }
        }
    }

    fn put_reply(&mut self, address: super::network::Address, reply: HttpReply) {
        self.network.put(Packet {
            address,
            cargo: Cargo::Reply(reply),
        });
    }

    /// The number that the next event of a tablet gets.
    pub(super) fn next_n(&self, tablet: usize, tab: usize) -> u64 {
        let here = &self.tablets[tablet];
        if self.flaw() == Some(Flaw::NumbersFromMemory) {
            here.tabs[tab].next_n
        } else {
            here.disk.newest() + 1
        }
    }

    /// Adds to a tablet's log, all or nothing, and sends.
    pub(super) fn save(
        &mut self,
        tablet: usize,
        tab: usize,
        entries: Vec<Entry>,
        set_aside: Option<Outcome>,
    ) {
        let commit = self.next_commit();
        let first_n = self.next_n(tablet, tab);
        let count = entries.len();
        self.note(|| format!("tablet {tablet}: saves {count} from {first_n}: {commit:?}"));
        let time = self.time;
        let here = &mut self.tablets[tablet];
        if matches!(commit, Commit::Done | Commit::CrashedAfter) {
            let now = here.clock(time);
            for (entry, n) in entries.into_iter().zip(first_n..) {
                let (bytes, clock) = here.disk.bytes(here.device, n, entry, now);
                here.disk.append(n, bytes.clone(), clock);
                here.tabs[tab].next_n = n + 1;
                if let Ok(event) = decode_event(&bytes) {
                    here.records.apply(&event);
                }
                self.happened.saved += 1;
                self.saved.push(Saved {
                    device: here.device,
                    n,
                    bytes,
                    set_aside,
                });
            }
        }
        match commit {
            Commit::Done => self.push(tablet, tab, PushInput::Wake),
            Commit::Failed => {}
            Commit::CrashedBefore | Commit::CrashedAfter => self.tablets[tablet].restart(),
        }
    }

    /// Looks at I4 in the middle of the history, where a later page cannot hide it.
    pub(super) fn see_cursors(&mut self, tablet: usize) {
        let here = &self.tablets[tablet];
        let held = invariants::what_was_pulled_is_the_beginning_of_its_stream(here, &self.server);
        self.broken = self.broken.take().or(held.err());
    }

    /// Looks at whether "Sent" is true. In the end it would be, because the server asks again.
    pub(super) fn see_sent(&mut self, tablet: usize) {
        let here = &self.tablets[tablet];
        let held = self.ever_held.get(&here.device).copied().unwrap_or(0);
        let seen = invariants::sent_is_true(here, held);
        self.broken = self.broken.take().or(seen.err());
    }

    /// Looks at I5 in the middle of the history, when the tablet knows only a part of it.
    fn see_consent(&mut self, tablet: usize) {
        let here = &self.tablets[tablet];
        let held =
            invariants::no_unanswered_no_permits(&here.disk.events(), &here.records, self.flaw());
        self.broken = self.broken.take().or(held.err());
    }

    /// The faults stop. What was on its way is lost.
    fn heal(&mut self) {
        self.note(|| "the faults stop".to_owned());
        self.rates = Rates::none();
        self.network.clear();
        for tablet in 0..self.tablets.len() {
            self.tablets[tablet].reachable = true;
            for tab in 0..self.tablets[tablet].tabs.len() {
                for lane in [Lane::Push, Lane::Pull] {
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
            self.time += 60_000;
            for tablet in 0..self.tablets.len() {
                for tab in 0..self.tablets[tablet].tabs.len() {
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
            last = invariants::everything_is_sent_and_read(self);
            if last.is_ok() {
                return last;
            }
        }
        last
    }
}

fn page_of_somebody_else(status: u16, says: &str) -> HttpReply {
    HttpReply {
        status,
        media_type: "text/html; charset=utf-8".to_owned(),
        body: format!("<!doctype html><title>{says}</title>").into_bytes(),
    }
}
