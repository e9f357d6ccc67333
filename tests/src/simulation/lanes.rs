//! Carrying out what the lanes want, as the browser does.

use std::rc::Rc;

use wellfield_core::event::encode_event;
use wellfield_core::ids::EventId;
use wellfield_core::stream::Stream;
use wellfield_core::sync::{
    Cursor, HttpReply, MendInput, Message, Outcome, Page, Place, PullEffect, PullInput,
    PulledEvent, PushEffect, PushInput, PushReply, PushRequest, StreamsReply,
};

use super::disk::{Own, Row};
use super::faults::Fault;
use super::flaw::Flaw;
use super::invariants::every_step;
use super::network::{Address, Cargo, Lane, Packet};
use super::server::Request;
use super::tablet::{Doing, Software};
use super::world::World;

/// How a transaction of a tablet's disk ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Commit {
    /// Committed.
    Done,
    /// The disk refused, or is full; nothing was committed.
    Failed,
    /// The tablet crashed before; nothing was committed.
    CrashedBefore,
    /// Committed, and the tablet crashed before anybody learned of it.
    CrashedAfter,
}

impl Commit {
    /// Whether the disk holds it.
    pub(super) const fn is_durable(self) -> bool {
        matches!(self, Self::Done | Self::CrashedAfter)
    }
}

impl Commit {
    /// Whether the tablet starts again.
    pub(super) const fn is_crash(self) -> bool {
        matches!(self, Self::CrashedBefore | Self::CrashedAfter)
    }
}

impl World {
    /// What the disk of a tablet does with the next transaction.
    pub(super) fn next_commit(&mut self, tablet: usize) -> Commit {
        if self.tablets[tablet].full {
            self.happened.count(Fault::QuotaAborted);
            return Commit::Failed;
        }
        for (fault, commit) in [
            (Fault::DiskFailed, Commit::Failed),
            (Fault::CrashedBefore, Commit::CrashedBefore),
            (Fault::CrashedAfter, Commit::CrashedAfter),
        ] {
            if self.strikes(fault) {
                return commit;
            }
        }
        Commit::Done
    }

    /// Gives an input to a lane, and carries out everything that follows at once.
    pub(super) fn push(&mut self, tablet: usize, tab: usize, input: PushInput<'_>) {
        let mut effect = self.step_push(tablet, tab, input);
        while let Some(wanted) = effect {
            effect = self.carry_out_push(tablet, tab, wanted);
        }
    }

    fn step_push(&mut self, tablet: usize, tab: usize, input: PushInput<'_>) -> Option<PushEffect> {
        let random = self.random.next() as u32;
        self.tablets[tablet].tabs[tab].push.step(input, random)
    }

    fn carry_out_push(
        &mut self,
        tablet: usize,
        tab: usize,
        effect: PushEffect,
    ) -> Option<PushEffect> {
        match effect {
            PushEffect::ReadOutbox { limit } => self.read_outbox(tablet, tab, limit),
            PushEffect::Send(request) => self.send(tablet, tab, &request),
            PushEffect::SaveAck {
                first_n,
                max_n,
                quarantined,
            } => {
                let here = &self.tablets[tablet];
                let follows = here.disk.acked() + 1 >= first_n;
                if !follows && !self.flawed(Flaw::AckWithoutLook) {
                    return self.step_push(tablet, tab, PushInput::DiskFailed);
                }
                let claimed = here.tabs[tab].claimed;
                let receipt_for = (first_n, max_n);
                let mut max_n = max_n.max(here.disk.acked());
                if self.flawed(Flaw::AdoptsMaxN) {
                    max_n = max_n.max(claimed);
                }
                self.save_ack(tablet, tab, receipt_for, max_n, quarantined)
            }
            PushEffect::Rewind { max_n } => self.rewind(tablet, tab, max_n),
            PushEffect::Wipe { max_n } => self.wipe(tablet, tab, max_n),
            PushEffect::Wait { .. } => {
                self.tablets[tablet].tabs[tab].push_doing = Doing::Waiting;
                None
            }
            PushEffect::Rest => {
                self.tablets[tablet].tabs[tab].push_doing = Doing::Resting;
                None
            }
        }
    }

    /// A tablet that was taken out of use deletes everything; the office sets it up again.
    fn wipe(&mut self, tablet: usize, tab: usize, max_n: u64) -> Option<PushEffect> {
        let (tabs, life) = (self.tablets[tablet].tabs.len(), self.tablets[tablet].life);
        if tabs > 1 && self.random.chance(300) {
            self.happened.count(Fault::SavedMeanwhile);
            self.act(tablet, (tab + 1) % tabs);
            let here = &self.tablets[tablet];
            if here.life != life || !here.tabs[tab].push.is_sending() {
                // It crashed while it saved, or the other tab was first.
                return None;
            }
        }
        let unsent = self.tablets[tablet].disk.newest() > max_n;
        if unsent && !self.flawed(Flaw::WipesWithoutLook) {
            return self.step_push(tablet, tab, PushInput::Saved);
        }
        let commit = self.next_commit(tablet);
        if !commit.is_durable() {
            return self.committed_push(tablet, tab, commit);
        }
        self.happened.count(Fault::Wiped);
        self.join_again(tablet);
        None
    }

    fn read_outbox(&mut self, tablet: usize, tab: usize, limit: usize) -> Option<PushEffect> {
        if self.strikes(Fault::DiskFailed) {
            return self.step_push(tablet, tab, PushInput::DiskFailed);
        }
        let here = &mut self.tablets[tablet];
        let mut page = here.disk.outbox(here.device, limit);
        if self.plan.flaw == Some(Flaw::RetryInMemory) {
            // What an earlier run of the tablet took for sending is nobody's business any more.
            let forgotten = here.tabs[tab].to_retry.saturating_sub(page.acked) as usize;
            page.events.drain(..forgotten.min(page.events.len()));
            page.acked = page.acked.max(here.tabs[tab].to_retry);
            here.disk.taken = page.newest;
        }
        self.step_push(tablet, tab, PushInput::Outbox(page))
    }

    fn send(&mut self, tablet: usize, tab: usize, request: &PushRequest) -> Option<PushEffect> {
        let here = &mut self.tablets[tablet];
        here.tabs[tab].sent = (request.first_n, request.events.len());
        if self.plan.flaw == Some(Flaw::AckedOnSending) {
            let last_n = request.first_n + request.events.len() as u64 - 1;
            here.disk.set_acked(last_n);
            self.see_sent(tablet, request.first_n - 1);
        }
        let body = Request::Push(request.to_bytes());
        if self.ask(tablet, tab, Lane::Push, body) {
            return None;
        }
        self.step_push(tablet, tab, PushInput::NoReply)
    }

    fn save_ack(
        &mut self,
        tablet: usize,
        tab: usize,
        receipt_for: (u64, u64),
        max_n: u64,
        quarantined: Vec<(u64, Outcome)>,
    ) -> Option<PushEffect> {
        let commit = self.next_commit(tablet);
        let here = &mut self.tablets[tablet];
        let before = here.disk.acked();
        if commit.is_durable() {
            let news = !quarantined.is_empty() && self.plan.flaw != Some(Flaw::SetAsideStillShown);
            here.disk.save_ack(receipt_for, max_n, quarantined);
            if news {
                here.show();
            }
        }
        self.note(|| format!("tablet {tablet}: acknowledged up to {max_n}: {commit:?}"));
        self.see_sent(tablet, before);
        self.committed_push(tablet, tab, commit)
    }

    fn rewind(&mut self, tablet: usize, tab: usize, max_n: u64) -> Option<PushEffect> {
        let commit = self.next_commit(tablet);
        self.note(|| format!("tablet {tablet}: goes back to {max_n}: {commit:?}"));
        if commit.is_durable() {
            let voids = !self.flawed(Flaw::AsideForEver);
            let here = &mut self.tablets[tablet];
            here.disk.rewind(max_n, voids);
            here.show();
        }
        self.committed_push(tablet, tab, commit)
    }

    fn committed_push(&mut self, tablet: usize, tab: usize, commit: Commit) -> Option<PushEffect> {
        match commit {
            Commit::Done => self.step_push(tablet, tab, PushInput::Saved),
            Commit::Failed => self.step_push(tablet, tab, PushInput::DiskFailed),
            Commit::CrashedBefore | Commit::CrashedAfter => {
                self.tablets[tablet].restart();
                None
            }
        }
    }

    /// Looks at whether "Sent" is true, for what was not called so before. In the end it would be,
    /// because the server asks again.
    fn see_sent(&mut self, tablet: usize, before: u64) {
        let seen = every_step::what_is_called_sent_is_at_the_server(self, tablet, before);
        self.see(seen);
    }

    /// Sends a request if the tablet is in reach.
    pub(super) fn ask(&mut self, tablet: usize, tab: usize, lane: Lane, request: Request) -> bool {
        if !self.tablets[tablet].reachable {
            self.happened.count(Fault::OutOfReach);
            return false;
        }
        let number = self.network.next_request();
        let here = &mut self.tablets[tablet];
        let address = Address {
            tablet,
            tab,
            lane,
            request: number,
            device: here.device,
            life: here.life,
            newest: here.disk.newest(),
        };
        here.tabs[tab].set_doing(lane, Doing::Asking(number));
        let cargo = Cargo::Request(request);
        self.network.put(Packet { address, cargo });
        true
    }

    /// Gives an input to a lane, and carries out everything that follows at once.
    pub(super) fn pull(&mut self, tablet: usize, tab: usize, input: PullInput<'_>) {
        if tab >= self.tablets[tablet].tabs.len() {
            return;
        }
        let mut effect = self.step_pull(tablet, tab, input);
        while let Some(wanted) = effect {
            effect = self.carry_out_pull(tablet, tab, wanted);
        }
    }

    pub(super) fn step_pull(
        &mut self,
        tablet: usize,
        tab: usize,
        input: PullInput<'_>,
    ) -> Option<PullEffect> {
        let random = self.random.next() as u32;
        self.tablets[tablet].tabs[tab].pull.step(input, random)
    }

    fn carry_out_pull(
        &mut self,
        tablet: usize,
        tab: usize,
        effect: PullEffect,
    ) -> Option<PullEffect> {
        let request = match effect {
            PullEffect::ReadCursors => {
                if self.strikes(Fault::DiskFailed) {
                    return self.step_pull(tablet, tab, PullInput::DiskFailed);
                }
                let cursors = self.tablets[tablet].disk.cursors();
                return self.step_pull(tablet, tab, PullInput::Cursors(cursors));
            }
            PullEffect::GetStreams => {
                let disk = &self.tablets[tablet].disk;
                let pending = disk.newest().saturating_sub(disk.acked());
                let erased = self.tablets[tablet].tabs[tab].told.place();
                Request::Streams { pending, erased }
            }
            PullEffect::GetPage { cursor, limit } => {
                self.tablets[tablet].tabs[tab].asked = Some(cursor);
                Request::Page { cursor, limit }
            }
            PullEffect::SavePage(page) => return self.save_page(tablet, tab, page),
            PullEffect::GetSnapshot { stream, epoch } => Request::Snapshot {
                of: beginning(stream, epoch),
            },
            PullEffect::GetFront { stream, epoch } => Request::Front {
                of: beginning(stream, epoch),
            },
            PullEffect::GetPart { snapshot, bytes } => Request::Part { snapshot, bytes },
            effect @ (PullEffect::ReadParts(_)
            | PullEffect::SaveFront(_)
            | PullEffect::SavePart { .. }
            | PullEffect::Install(_)) => return self.save_bootstrap(tablet, tab, effect),
            PullEffect::Forget(stream) => return self.forget(tablet, tab, stream),
            PullEffect::Wait { .. } => {
                self.tablets[tablet].tabs[tab].pull_doing = Doing::Waiting;
                return None;
            }
            PullEffect::Rest => {
                self.tablets[tablet].tabs[tab].pull_doing = Doing::Resting;
                self.received(tablet, tab);
                return None;
            }
        };
        if self.ask(tablet, tab, Lane::Pull, request) {
            return None;
        }
        self.step_pull(tablet, tab, PullInput::NoReply)
    }

    fn forget(&mut self, tablet: usize, tab: usize, stream: Stream) -> Option<PullEffect> {
        let commit = self.next_commit(tablet);
        self.note(|| format!("tablet {tablet}: forgets {stream}: {commit:?}"));
        let ignores = self.flawed(Flaw::IgnoresForget);
        let drops_outbox = self.flawed(Flaw::ForgetDropsOutbox);
        let here = &mut self.tablets[tablet];
        if commit.is_durable() && !ignores {
            here.disk.forget(stream);
            if drops_outbox {
                here.disk.drop_outbox();
            }
            here.show();
        }
        self.see_streams(tablet, stream);
        self.committed_pull(tablet, tab, commit)
    }

    /// Looks at what a tablet holds of a stream after a commit, where a later page cannot hide it.
    pub(super) fn see_streams(&mut self, tablet: usize, stream: Stream) {
        let seen = every_step::what_was_read_is_right(self, tablet, stream);
        self.see(seen);
        let seen = every_step::the_programme_stays_on_screen(self, tablet);
        self.see(seen);
    }

    pub(super) fn committed_pull(
        &mut self,
        tablet: usize,
        tab: usize,
        commit: Commit,
    ) -> Option<PullEffect> {
        match commit {
            Commit::Done => self.step_pull(tablet, tab, PullInput::Saved),
            Commit::Failed => self.step_pull(tablet, tab, PullInput::DiskFailed),
            Commit::CrashedBefore | Commit::CrashedAfter => {
                self.tablets[tablet].restart();
                None
            }
        }
    }

    /// Saves a page and its cursor, if the page follows on what the disk holds now: another tab may have
    /// saved one since this one was asked for.
    fn save_page(&mut self, tablet: usize, tab: usize, mut page: Page) -> Option<PullEffect> {
        let follows = self.tablets[tablet].disk.follows(&page);
        if !follows {
            self.happened.count(Fault::OvertakenByTab);
            if !self.flawed(Flaw::PageWithoutLook) {
                return self.step_pull(tablet, tab, PullInput::DiskFailed);
            }
        }
        let commit = self.next_commit(tablet);
        self.note(|| {
            let (cursor, place, events) = (page.cursor, page.place, page.events.len());
            format!("tablet {tablet}: page of {events} up to {cursor:?}, {place:?}: {commit:?}")
        });
        let start = page.start();
        self.spoil(tablet, &mut page);
        let (cursor, place) = (page.cursor, page.place);
        let software = self.tablets[tablet].software;
        let (rows, unknown) = self.read_rows(software, page);
        let here = &mut self.tablets[tablet];
        // Two transactions where there has to be one: a crash between them loses the page.
        if self.plan.flaw == Some(Flaw::CursorBeforeData) && place == Place::Shown {
            here.disk.save_cursor(cursor);
        }
        if commit.is_durable() {
            if place == Place::Shown {
                for event in rows.iter().filter_map(|row| row.event.as_deref()) {
                    if software.knows(&event.body) {
                        here.records.apply(event);
                    }
                }
            }
            here.disk.save_rows(cursor, place, start, rows);
            if place == Place::Instead {
                here.show();
            }
            let seen =
                every_step::what_it_does_not_know_is_kept(here, cursor.stream, place, &unknown);
            self.see(seen);
        }
        self.see_streams(tablet, cursor.stream);
        self.committed_pull(tablet, tab, commit)
    }

    /// Carries out what the server says of a tablet's own records. Where that fails, it is told again.
    pub(super) fn heed(&mut self, tablet: usize, tab: usize, reply: &HttpReply) -> Commit {
        let Ok(said) = reply.read::<StreamsReply>() else {
            return Commit::Done;
        };
        if self.flawed(Flaw::KeepsOwnErased) {
            return Commit::Done;
        }
        let is_told = !said.erased.numbers.is_empty();
        let commit = match is_told {
            true => self.next_commit(tablet),
            false => Commit::Done,
        };
        if is_told {
            self.note(|| {
                let numbers = &said.erased.numbers;
                format!("tablet {tablet}: erases {numbers:?} of its log: {commit:?}")
            });
        }
        let acked = match self.plan.flaw {
            Some(Flaw::ErasesUnderNumbers) => u64::MAX,
            _ => self.tablets[tablet].disk.acked(),
        };
        let counts_all = self.flawed(Flaw::ForgetsUnacknowledgedErased);
        let here = &mut self.tablets[tablet];
        if commit.is_durable() && is_told {
            here.disk.erase(said.erased.known(acked));
            here.show();
        }
        match commit {
            Commit::Done => {
                let acked = if counts_all { u64::MAX } else { acked };
                here.tabs[tab].told.carried_out(&said, acked);
            }
            Commit::Failed => {}
            Commit::CrashedBefore | Commit::CrashedAfter => here.restart(),
        }
        commit
    }

    /// What flaws make of a page and its place before it is saved.
    fn spoil(&mut self, tablet: usize, page: &mut Page) {
        match self.plan.flaw {
            Some(Flaw::CutPageCounts) => page.cursor.after = page.head,
            Some(Flaw::HalfReplacementShown) if page.place == Place::Beside => {
                page.place = Place::Instead;
            }
            Some(Flaw::ForgetsBeforeReplacement)
                if page.place != Place::Shown && page.start() == 0 =>
            {
                self.tablets[tablet].disk.forget(page.cursor.stream);
                page.place = Place::Shown;
            }
            _ => {}
        }
    }

    /// The rows that a page becomes on disk, and those events of it that the software does not know, as
    /// they came.
    pub(super) fn read_rows(
        &self,
        software: Software,
        page: Page,
    ) -> (Vec<Rc<Row>>, Vec<PulledEvent>) {
        let mut unknown = Vec::new();
        let mut rows = Vec::new();
        for wire in page.events {
            let event = self.server.read(page.cursor.stream, &wire);
            let known = event.as_ref().is_some_and(|e| software.knows(&e.body));
            let mut row = Row { wire, event };
            if !known {
                unknown.push(row.wire.clone());
                match self.plan.flaw {
                    Some(Flaw::DropsUnknownKinds) => continue,
                    Some(Flaw::RewritesUnknownKinds) => {
                        let half = row.wire.bytes.len() / 2;
                        row.wire.bytes.truncate(half);
                    }
                    _ => {}
                }
            }
            rows.push(Rc::new(row));
        }
        (rows, unknown)
    }

    /// Gives a reply to whom it is for.
    pub(super) fn reply(&mut self, tablet: usize, tab: usize, lane: Lane, reply: &HttpReply) {
        let believed = self.believed(tablet, tab, lane, reply);
        let reply = believed.as_ref().unwrap_or(reply);
        let told = || reply.read::<PushReply>();
        if self.flawed(Flaw::WipesBeforeItSent) && told().is_ok_and(|receipt| receipt.taken_out) {
            self.join_again(tablet);
            return;
        }
        match lane {
            Lane::Pull => self.pull(tablet, tab, PullInput::Reply(reply)),
            Lane::Push => self.push(tablet, tab, PushInput::Reply(reply)),
            Lane::Mend => self.mend(tablet, tab, MendInput::Reply(reply)),
        }
    }

    /// What got no reply is recorded once more, for a flaw that has no other identity for it.
    pub(super) fn record_anew(&mut self, tablet: usize, tab: usize) {
        let here = &mut self.tablets[tablet];
        let (first_n, count) = here.tabs[tab].sent;
        for n in first_n..first_n + count as u64 {
            let Some(event) = here.disk.own(n).and_then(|own| own.event.clone()) else {
                continue;
            };
            let mut again = (*event).clone();
            again.id = EventId {
                device: here.device,
                n: here.disk.newest() + 1,
            };
            let clock = again.at;
            let own = Own {
                bytes: encode_event(&again).into(),
                event: Some(again.clone().into()),
                saved: None,
                told: false,
            };
            here.disk.append(again.id.n, own, clock);
        }
    }
}

const fn beginning(stream: Stream, epoch: u32) -> Cursor {
    Cursor {
        stream,
        epoch,
        after: 0,
    }
}
