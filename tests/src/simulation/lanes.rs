//! Carrying out what the lanes want, as the browser does.

use wellfield_core::clock::Instant;
use wellfield_core::sync::{
    HttpReply, MEDIA_TYPE, Message, Outcome, Page, PullEffect, PullInput, PushEffect, PushInput,
    PushReply,
};

use super::faults::Fault;
use super::flaw::Flaw;
use super::network::Lane;
use super::server::Request;
use super::tablet::Doing;
use super::world::World;

/// How a transaction of a tablet's disk ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Commit {
    /// Committed.
    Done,
    /// The disk refused; nothing was committed.
    Failed,
    /// The tablet crashed before; nothing was committed.
    CrashedBefore,
    /// Committed, and the tablet crashed before anybody learned of it.
    CrashedAfter,
}

impl World {
    /// What the disk of a tablet does with the next transaction.
    pub(super) fn next_commit(&mut self) -> Commit {
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
            PushEffect::ReadOutbox { limit } => {
                if self.strikes(Fault::DiskFailed) {
                    return self.step_push(tablet, tab, PushInput::DiskFailed);
                }
                let here = &self.tablets[tablet];
                let page = here.disk.outbox(here.device, limit);
                self.step_push(tablet, tab, PushInput::Outbox(page))
            }
            PushEffect::Send(request) => {
                self.tablets[tablet].tabs[tab].sent = (request.first_n, request.events.len());
                let body = Request::Push(request.to_bytes());
                if self.ask(tablet, tab, Lane::Push, body) {
                    return None;
                }
                self.step_push(tablet, tab, PushInput::NoReply)
            }
            PushEffect::SaveAck { max_n, quarantined } => {
                let max_n = max_n.max(self.tablets[tablet].disk.acked());
                self.save_ack(tablet, tab, max_n, quarantined)
            }
            PushEffect::Rewind { max_n } => self.save_ack(tablet, tab, max_n, Vec::new()),
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

    fn save_ack(
        &mut self,
        tablet: usize,
        tab: usize,
        max_n: u64,
        quarantined: Vec<(u64, Outcome)>,
    ) -> Option<PushEffect> {
        let commit = self.next_commit();
        let here = &mut self.tablets[tablet];
        if matches!(commit, Commit::Done | Commit::CrashedAfter) {
            let news = !quarantined.is_empty();
            here.disk.save_ack(max_n, quarantined);
            if news {
                here.records = here.disk.fold();
            }
        }
        self.note(|| format!("tablet {tablet}: acknowledged up to {max_n}: {commit:?}"));
        self.see_sent(tablet);
        match commit {
            Commit::Done => self.step_push(tablet, tab, PushInput::Saved),
            Commit::Failed => self.step_push(tablet, tab, PushInput::DiskFailed),
            Commit::CrashedBefore | Commit::CrashedAfter => {
                self.tablets[tablet].restart();
                None
            }
        }
    }

    /// Sends a request if the tablet is in reach.
    fn ask(&mut self, tablet: usize, tab: usize, lane: Lane, request: Request) -> bool {
        if !self.tablets[tablet].reachable {
            self.happened.count(Fault::OutOfReach);
            return false;
        }
        let number = self.network.send(tablet, tab, lane, request);
        let tab = &mut self.tablets[tablet].tabs[tab];
        match lane {
            Lane::Push => tab.push_doing = Doing::Asking(number),
            Lane::Pull => tab.pull_doing = Doing::Asking(number),
        }
        true
    }

    /// Gives an input to a lane, and carries out everything that follows at once.
    pub(super) fn pull(&mut self, tablet: usize, tab: usize, input: PullInput<'_>) {
        let mut effect = self.step_pull(tablet, tab, input);
        while let Some(wanted) = effect {
            effect = self.carry_out_pull(tablet, tab, wanted);
        }
    }

    fn step_pull(&mut self, tablet: usize, tab: usize, input: PullInput<'_>) -> Option<PullEffect> {
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
            PullEffect::GetStreams => Request::Streams,
            PullEffect::GetPage { cursor, limit } => Request::Page { cursor, limit },
            PullEffect::SavePage(page) => return self.save_page(tablet, tab, &page),
            PullEffect::Forget(stream) => {
                let commit = self.next_commit();
                self.note(|| format!("tablet {tablet}: forgets {stream}: {commit:?}"));
                if matches!(commit, Commit::Done | Commit::CrashedAfter) {
                    let here = &mut self.tablets[tablet];
                    here.disk.forget(stream);
                    here.records = here.disk.fold();
                }
                return self.committed_pull(tablet, tab, commit);
            }
            PullEffect::Wait { .. } => {
                self.tablets[tablet].tabs[tab].pull_doing = Doing::Waiting;
                return None;
            }
            PullEffect::Rest => {
                self.tablets[tablet].tabs[tab].pull_doing = Doing::Resting;
                return None;
            }
        };
        if self.ask(tablet, tab, Lane::Pull, request) {
            return None;
        }
        self.step_pull(tablet, tab, PullInput::NoReply)
    }

    fn committed_pull(&mut self, tablet: usize, tab: usize, commit: Commit) -> Option<PullEffect> {
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
    fn save_page(&mut self, tablet: usize, tab: usize, page: &Page) -> Option<PullEffect> {
        let follows = self.tablets[tablet].disk.follows(page);
        if !follows {
            self.happened.count(Fault::OvertakenByTab);
            if self.flaw() != Some(Flaw::PageWithoutLook) {
                return self.step_pull(tablet, tab, PullInput::DiskFailed);
            }
        }
        let commit = self.next_commit();
        self.note(|| {
            let (cursor, events) = (page.cursor, page.events.len());
            format!("tablet {tablet}: page of {events} up to {cursor:?}: {commit:?}")
        });
        let here = &mut self.tablets[tablet];
        let committed = matches!(commit, Commit::Done | Commit::CrashedAfter);
        // Two transactions where there has to be one: a crash between them loses the page.
        if committed || self.plan.flaw == Some(Flaw::CursorBeforeData) {
            here.disk.save_cursor(page);
        }
        if committed {
            here.disk.save_events(page);
            for event in page.events.iter().filter_map(|event| event.event().ok()) {
                here.records.apply(&event);
            }
        }
        self.see_cursors(tablet);
        self.committed_pull(tablet, tab, commit)
    }

    /// Gives a reply to whom it is for.
    pub(super) fn reply(&mut self, tablet: usize, tab: usize, lane: Lane, reply: &HttpReply) {
        match lane {
            Lane::Pull => self.pull(tablet, tab, PullInput::Reply(reply)),
            Lane::Push if self.flaw() == Some(Flaw::BelievesAny200) && reply.status == 200 => {
                let believed = self.believed(tablet, tab, reply);
                self.push(tablet, tab, PushInput::Reply(&believed));
            }
            Lane::Push => self.push(tablet, tab, PushInput::Reply(reply)),
        }
    }

    /// The receipt that somebody reads into a 200 who looks at nothing else.
    fn believed(&self, tablet: usize, tab: usize, reply: &HttpReply) -> HttpReply {
        if reply.read::<PushReply>().is_ok() {
            return reply.clone();
        }
        let here = &self.tablets[tablet];
        let (first_n, count) = here.tabs[tab].sent;
        let receipt = PushReply {
            device: here.device,
            max_n: first_n + count as u64 - 1,
            first_n,
            outcomes: vec![Outcome::Stored; count],
            server_time: Instant(0),
        };
        HttpReply {
            status: 200,
            media_type: MEDIA_TYPE.to_owned(),
            body: receipt.to_bytes(),
        }
    }
}
