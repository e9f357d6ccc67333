//! What happens in the world, one step at a time.

use std::collections::BTreeSet;

use wellfield_core::access::Role;
use wellfield_core::clock::Instant;
use wellfield_core::erasure::{ErasedSubjects, Subject};
use wellfield_core::ids::DeviceId;
use wellfield_core::sync::{HttpReply, MendInput, Problem, ProblemReply, PullInput, PushInput};

use super::Plan;
use super::disk::Disk;
use super::faults::Fault;
use super::flaw::Flaw;
use super::invariants::every_step;
use super::network::{Address, Cargo, Lane, Packet};
use super::people;
use super::random::Random;
use super::server::{Request, refused};
use super::tablet::{Doing, Image};
use super::world::World;

const MINUTE_MS: u64 = 60_000;
const DAY_MS: u64 = 24 * 60 * MINUTE_MS;
const TEN_YEARS_MS: u64 = 3_650 * DAY_MS;

/// A clock that is off by more than this is off for a flaw that minds.
const OFF_MS: u64 = 5 * MINUTE_MS;

/// Something that happens by itself.
#[derive(Clone, Copy, Debug)]
pub(super) enum Step {
    Deliver,
    Act,
    Wake,
    Timer,
    Crash,
    Reach,
    Clock,
    Full,
    Rot,
    Backup,
    Restore,
    Epochs,
    Role,
    Revoke,
    Evict,
    Image,
    RestoreImage,
    Software,
    Referral,
    Erase,
}

impl Step {
    /// How often each step comes in a world. Most worlds lack some of them.
    pub(super) fn drawn(random: &mut Random, plan: Plan) -> Vec<(u64, Self)> {
        let mut in_some = |permille, weight, step| {
            let weight = if random.chance(permille) { weight } else { 0 };
            (weight, step)
        };
        let mut steps = vec![
            (300, Self::Deliver),
            (120, Self::Act),
            (60, Self::Wake),
            (70, Self::Timer),
            in_some(500, 12, Self::Crash),
            in_some(500, 20, Self::Reach),
            in_some(500, 16, Self::Clock),
            in_some(250, 12, Self::Full),
            in_some(500, 10, Self::Backup),
            in_some(400, 5, Self::Restore),
            in_some(400, 5, Self::Epochs),
            in_some(250, 10, Self::Role),
            in_some(150, 3, Self::Revoke),
            in_some(200, 4, Self::Evict),
            in_some(300, 14, Self::Image),
            in_some(500, 8, Self::RestoreImage),
            in_some(250, 8, Self::Software),
            in_some(300, 8, Self::Referral),
        ];
        if plan.repairs {
            steps.push(in_some(300, 8, Self::Rot));
        }
        if plan.erasures {
            steps.push(in_some(400, 4, Self::Erase));
        }
        steps
    }
}

impl World {
    /// One thing happens somewhere.
    pub(super) fn step(&mut self) {
        self.time += self.random.below(20_000);
        let tablet = self.random.index(self.tablets.len());
        let tab = self.random.index(self.tablets[tablet].tabs.len());
        let Some(step) = self.random.weighted(&self.weights) else {
            return;
        };
        match step {
            Step::Deliver => match self.network.len() {
                0 => self.wake(tablet, tab),
                waiting => {
                    let index = self.random.index(waiting);
                    self.deliver(index);
                }
            },
            Step::Act => self.act(tablet, tab),
            Step::Wake => self.wake(tablet, tab),
            Step::Timer => self.timer(tablet, tab),
            Step::Crash => self.crash(tablet),
            Step::Reach => {
                let reachable = self.random.coin();
                self.note(|| format!("tablet {tablet}: reachable {reachable}"));
                self.tablets[tablet].reachable = reachable;
            }
            Step::Clock => self.set_clock(tablet),
            Step::Full => {
                let full = self.random.coin();
                self.note(|| format!("tablet {tablet}: disk full {full}"));
                self.tablets[tablet].full = full;
            }
            Step::Rot => self.rot(tablet),
            Step::Backup => {
                self.note(|| "the server is backed up".to_owned());
                self.backup = self.server.clone();
            }
            Step::Restore => self.restore(),
            Step::Epochs => {
                self.happened.count(Fault::EpochChanged);
                self.note(|| "all streams begin again in a new epoch".to_owned());
                self.begin_epoch();
            }
            Step::Role => self.change_role(tablet),
            Step::Revoke => self.revoke(tablet),
            Step::Evict => self.evict(tablet),
            Step::Image => {
                self.note(|| format!("tablet {tablet}: an image is made"));
                let here = &mut self.tablets[tablet];
                let (device, disk) = (here.device, here.disk.clone());
                here.image = Some(Image { device, disk });
            }
            Step::RestoreImage => self.restore_image(tablet),
            Step::Software => self.change_software(tablet),
            Step::Referral => self.refer(),
            Step::Erase => self.erase(),
        }
    }

    fn begin_epoch(&mut self) {
        self.epoch += 1;
        self.server.change_epochs(self.epoch);
    }

    fn crash(&mut self, tablet: usize) {
        self.happened.count(Fault::Crashed);
        self.note(|| format!("tablet {tablet}: crashes"));
        self.tablets[tablet].restart();
        self.see_screen(tablet);
    }

    /// Looks at what a tablet shows when it knows only a part of what happened.
    fn see_screen(&mut self, tablet: usize) {
        let seen = every_step::the_screen_is_true(&self.tablets[tablet], self.plan.flaw);
        self.see(seen);
    }

    fn set_clock(&mut self, tablet: usize) {
        let most = [0, MINUTE_MS, 60 * MINUTE_MS, DAY_MS, TEN_YEARS_MS];
        let size = self.random.pick(&most).copied().unwrap_or(0);
        let off = self.random.below(size + 1) as i64;
        let off = if self.random.coin() { off } else { -off };
        if self.random.chance(100) {
            self.happened.count(Fault::WrongServerClock);
            self.note(|| format!("the server's clock is off by {off} ms"));
            self.server_clock_error = off;
            return;
        }
        let before = self.tablets[tablet].clock_error;
        let fault = if off < before {
            Fault::ClockBackwards
        } else {
            Fault::WrongClock
        };
        self.happened.count(fault);
        self.note(|| format!("tablet {tablet}: clock off by {off} ms"));
        self.tablets[tablet].clock_error = off;
    }

    fn restore(&mut self) {
        self.happened.count(Fault::Restored);
        self.restores += 1;
        self.note(|| "the server is restored from its backup".to_owned());
        // It was down for that, and no connection outlived it.
        self.network.drop_replies();
        // What nobody has any more but the server that is gone: its tablet was wiped.
        let disks = self.tablets.iter().flat_map(|tablet| tablet.disk.log());
        let somewhere: BTreeSet<_> = disks.filter_map(|own| own.saved).collect();
        for (index, saved) in self.saved.iter_mut().enumerate() {
            let kept = self.backup.held.contains_key(&(saved.device, saved.n));
            saved.lost |= !kept && !somewhere.contains(&index);
        }
        let (software, ledger) = (self.server.software, self.erased.clone());
        self.server = self.backup.clone();
        self.server.software = software;
        if !self.flawed(Flaw::RestoreForgetsErased) {
            self.erase_at_the_server(&ledger);
        }
        let held = self.server.held.iter();
        self.holds = held.map(|(id, kept)| (*id, kept.bytes.clone())).collect();
        if !self.flawed(Flaw::RestoreKeepsEpoch) {
            self.begin_epoch();
        }
    }

    /// Somebody is erased: everybody who was set up may be, and nobody who was added at a gate.
    fn erase(&mut self) {
        let person = people::somebody(&mut self.random);
        self.happened.count(Fault::Erased);
        self.note(|| format!("person {person} is erased"));
        let subjects: ErasedSubjects = Subject::Person(person).into();
        let all = self.erased.blinds().chain(subjects.blinds());
        self.erased = all.collect();
        self.erase_at_the_server(&subjects);
    }

    fn erase_at_the_server(&mut self, subjects: &ErasedSubjects) {
        self.epoch += 1;
        for id in self.server.erase(subjects, self.epoch) {
            let id = (id.device, id.n);
            if let Some(kept) = self.server.held.get(&id) {
                self.holds.insert(id, kept.bytes.clone());
            }
        }
    }

    fn change_role(&mut self, tablet: usize) {
        let device = self.tablets[tablet].device;
        let Some(book) = self.server.books.get_mut(&device) else {
            return;
        };
        let role = match book.standing.role {
            Role::Coordinator => Role::Facilitator,
            Role::Facilitator | Role::SafeguardingLead => Role::Coordinator,
        };
        book.standing.role = role;
        self.happened.count(Fault::RoleChanged);
        self.note(|| format!("device {device} becomes {role:?}"));
        self.allow(device);
    }

    fn revoke(&mut self, tablet: usize) {
        let device = self.tablets[tablet].device;
        if let Some(book) = self.server.books.get_mut(&device) {
            book.standing.revoked = true;
            self.ever_revoked.insert(device);
            self.happened.count(Fault::Revoked);
            self.note(|| format!("device {device} is shut out"));
        }
    }

    /// The browser wipes everything. What was unsent is lost; the tablet joins again as a new device.
    fn evict(&mut self, tablet: usize) {
        self.happened.count(Fault::Evicted);
        self.take_along(tablet, 0);
        self.join_again(tablet);
    }

    /// A tablet with nothing on it joins as a new device.
    pub(super) fn join_again(&mut self, tablet: usize) {
        let (old, role) = (self.tablets[tablet].device, self.tablets[tablet].role);
        let device = self.enrol(role);
        self.note(|| {
            format!("tablet {tablet}: device {old} is wiped and joins again as device {device}")
        });
        self.tablets[tablet].become_device(device, Disk::default());
    }

    fn restore_image(&mut self, tablet: usize) {
        let Some(image) = self.tablets[tablet].image.clone() else {
            return;
        };
        self.happened.count(Fault::ImageRestored);
        let from = if image.device == self.tablets[tablet].device {
            image.disk.newest()
        } else {
            0
        };
        self.take_along(tablet, from);
        let (device, newest) = (image.device, image.disk.newest());
        self.note(|| {
            format!("tablet {tablet}: is again what it was as device {device} with {newest} events")
        });
        self.tablets[tablet].become_device(device, image.disk);
    }

    /// The log after `from` leaves this world with the tablet's disk. What the tablet knew to be sent
    /// may not be missing for that.
    fn take_along(&mut self, tablet: usize, from: u64) {
        let disk = &self.tablets[tablet].disk;
        let rows = disk.log().iter().zip(1..);
        let unsent = rows.filter(|(_, n)| *n > from && (*n > disk.acked() || self.restores > 0));
        for index in unsent.filter_map(|(own, _)| own.saved) {
            self.saved[index].lost = true;
        }
    }

    fn change_software(&mut self, tablet: usize) {
        if self.random.chance(250) {
            self.happened.count(Fault::OtherServerSoftware);
            self.server.software = self.server.software.other();
            let software = self.server.software;
            self.note(|| format!("the server runs {software:?} software"));
            return;
        }
        self.happened.count(Fault::OtherSoftware);
        let here = &mut self.tablets[tablet];
        here.software = here.software.other();
        here.restart();
        let software = here.software;
        self.note(|| format!("tablet {tablet}: runs {software:?} software"));
    }

    /// Somebody refers themselves: a record of the server's own, in a room that not every role reaches.
    fn refer(&mut self) {
        let number = self.random.next();
        let n = self.server.next_own();
        let now = self.server_clock();
        if let Some((event, bytes)) = people::referral(number, n, now) {
            self.note(|| format!("somebody refers themselves: event 1-{n}"));
            self.server.record(event, bytes, now);
        }
    }

    pub(super) fn server_clock(&self) -> Instant {
        Instant(self.time.saturating_add_signed(self.server_clock_error))
    }

    /// A reason to sync: start, timer, back on line, "Send now".
    pub(super) fn wake(&mut self, tablet: usize, tab: usize) {
        let off = self.tablets[tablet].clock_error.unsigned_abs() > OFF_MS;
        if off && self.flawed(Flaw::WrongClockStopsSync) {
            return;
        }
        self.note(|| format!("tablet {tablet} tab {tab}: wakes"));
        self.push(tablet, tab, PushInput::Wake);
        self.wake_pull(tablet, tab);
    }

    /// The other lane.
    fn wake_pull(&mut self, tablet: usize, tab: usize) {
        let disk = &self.tablets[tablet].disk;
        if disk.acked() < disk.newest() && self.flawed(Flaw::PullWaitsForPush) {
            return;
        }
        self.pull(tablet, tab, PullInput::Wake);
    }

    /// A wait ends, or a tab gives up on a reply.
    fn timer(&mut self, tablet: usize, tab: usize) {
        let lane = match self.random.coin() {
            _ if self.plan.repairs && self.random.chance(300) => Lane::Mend,
            true => Lane::Push,
            false => Lane::Pull,
        };
        let doing = self.tablets[tablet].tabs[tab].doing(lane);
        self.note(|| format!("tablet {tablet} tab {tab}: timer of {lane:?} in {doing:?}"));
        match (doing, lane) {
            (Doing::Resting, _) => {}
            (Doing::Waiting, Lane::Push) => self.push(tablet, tab, PushInput::WaitOver),
            (Doing::Waiting, Lane::Pull) => self.pull(tablet, tab, PullInput::WaitOver),
            // This lane waits for nothing but replies.
            (Doing::Waiting, Lane::Mend) => {}
            (Doing::Asking(_), _) => {
                self.happened.count(Fault::TimedOut);
                self.give_up(tablet, tab, lane);
            }
        }
    }

    pub(super) fn give_up(&mut self, tablet: usize, tab: usize, lane: Lane) {
        match lane {
            Lane::Push => {
                if self.flawed(Flaw::RetriesUnderNewNumbers) {
                    self.record_anew(tablet, tab);
                }
                self.push(tablet, tab, PushInput::NoReply);
            }
            Lane::Pull => self.pull(tablet, tab, PullInput::NoReply),
            Lane::Mend => self.mend(tablet, tab, MendInput::NoReply),
        }
    }

    pub(super) fn deliver(&mut self, index: usize) {
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
            Cargo::Request(request) => self.request_arrives(address, request),
            Cargo::Reply(reply) => self.reply_arrives(address, &reply),
        }
    }

    fn request_arrives(&mut self, address: Address, mut request: Request) {
        if self.strikes(Fault::RequestLost) {
            self.note(|| format!("a request is lost: {address:?}"));
            return;
        }
        if self.strikes(Fault::Portal) {
            self.put_reply(address, page_of_somebody_else(200, "Welcome! Log in."));
            return;
        }
        if self.strikes(Fault::Busy) {
            let busy = ProblemReply {
                retry_after_s: Some(30),
                ..Problem::TryLater.into()
            };
            self.put_reply(address, refused(busy));
            return;
        }
        if let Request::Push(body) = &mut request
            && self.strikes(Fault::RequestTruncated)
        {
            let length = self.random.index(body.len().max(1));
            body.truncate(length);
        }
        let now = self.server_clock();
        let mut reply = self.server.answer(address, &request, now);
        let status = reply.status;
        self.note(|| format!("the server answers {status} to {address:?}"));
        if matches!(request, Request::Push(_)) {
            self.learn_what_arrived(address.device);
        }
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

    /// Looks at what a push of a device changed at the server.
    fn learn_what_arrived(&mut self, device: DeviceId) {
        for (n, kept) in std::mem::take(&mut self.server.news) {
            let id = (device, n);
            self.holds.entry(id).or_insert_with(|| kept.bytes.clone());
            // A tablet restored from an image may record the very same once more.
            let mut known = false;
            for index in self.saved_as.get(&id).into_iter().flatten() {
                if self.is_kept_as(&self.saved[*index].bytes, &kept.bytes) {
                    self.saved[*index].became = Some(kept.outcome);
                    known = true;
                }
            }
            if !known {
                self.see(every_step::nobody_recorded(device, n));
            }
        }
        let seen = every_step::what_is_held_stays(self, device);
        self.see(seen);
    }

    fn reply_arrives(&mut self, address: Address, reply: &HttpReply) {
        let Address {
            tablet, tab, lane, ..
        } = address;
        let Some(asking) = self.tablets[tablet].tabs.get(tab) else {
            return;
        };
        let asking_before = asking.doing(lane);
        if asking_before != Doing::Asking(address.request) {
            self.happened.count(Fault::Late);
            // A browser that gave up on a request hands nothing on; the lanes have to bear it all the
            // same where a reply says what it answers. A problem does not.
            if self.random.coin() || reply.status != 200 {
                return;
            }
        }
        let here = &self.tablets[tablet];
        if address.life != here.life && address.device == here.device {
            // The process that asked is gone with its memory: nobody is there to be confused.
            return;
        }
        let same = address.device == here.device && address.life == here.life;
        let waits = asking_before == Doing::Asking(address.request);
        self.note(|| format!("{address:?} gets {}", reply.status));
        // A browser hands a reply to the tablet that asked and to nobody after it.
        if lane == Lane::Pull && waits && same && self.heed(tablet, tab, reply).is_crash() {
            return;
        }
        self.reply(tablet, tab, lane, reply);
    }

    fn put_reply(&mut self, address: Address, reply: HttpReply) {
        self.network.put(Packet {
            address,
            cargo: Cargo::Reply(reply),
        });
    }
}

fn page_of_somebody_else(status: u16, says: &str) -> HttpReply {
    HttpReply {
        status,
        media_type: "text/html; charset=utf-8".to_owned(),
        body: format!("<!doctype html><title>{says}</title>").into_bytes(),
    }
}
