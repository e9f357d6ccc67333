//! Damage to what a tablet received, and carrying out what its mending lane wants.

use std::collections::BTreeSet;
use std::rc::Rc;

use wellfield_core::stream::Stream;
use wellfield_core::sync::{MendEffect, MendInput, Repair, StreamSums};

use super::disk::Row;
use super::faults::Fault;
use super::flaw::Flaw;
use super::invariants::every_step;
use super::lanes::Commit;
use super::network::Lane;
use super::server::Request;
use super::tablet::Doing;
use super::world::World;

impl World {
    /// A part of what a tablet received is damaged or gone. It is read at the next start, so the tablet
    /// starts again at once.
    pub(super) fn rot(&mut self, tablet: usize) {
        let read: Vec<_> = self.tablets[tablet]
            .disk
            .shown()
            .map(|reading| reading.cursor)
            .filter(|cursor| cursor.after > 0)
            .collect();
        let Some(cursor) = self.random.pick(&read).copied() else {
            return;
        };
        let first = 1 + self.random.below(cursor.after);
        let last = cursor.after.min(first + self.random.below(20));
        let gone = self.random.coin();
        self.happened.count(Fault::Damaged);
        self.note(|| {
            let stream = cursor.stream;
            format!("tablet {tablet}: {first} to {last} of {stream} are damaged, gone: {gone}")
        });
        let here = &mut self.tablets[tablet];
        here.disk.damage(cursor.stream, first, last, gone);
        here.restart();
    }

    /// Gives an input to the lane, and carries out everything that follows at once.
    pub(super) fn mend(&mut self, tablet: usize, tab: usize, input: MendInput<'_>) {
        let Some(here) = self.tablets[tablet].tabs.get_mut(tab) else {
            return;
        };
        let mut effect = here.mend.step(input);
        while let Some(wanted) = effect {
            effect = self.carry_out_mend(tablet, tab, wanted);
        }
    }

    /// Everything was received.
    pub(super) fn received(&mut self, tablet: usize, tab: usize) {
        if !self.plan.repairs {
            return;
        }
        let now = self.tablets[tablet].clock(self.time);
        self.mend(tablet, tab, MendInput::Received(now));
    }

    fn step_mend(&mut self, tablet: usize, tab: usize, input: MendInput<'_>) -> Option<MendEffect> {
        self.tablets[tablet].tabs[tab].mend.step(input)
    }

    fn carry_out_mend(
        &mut self,
        tablet: usize,
        tab: usize,
        effect: MendEffect,
    ) -> Option<MendEffect> {
        let request = match effect {
            MendEffect::SumUp => {
                if self.strikes(Fault::DiskFailed) {
                    return self.step_mend(tablet, tab, MendInput::DiskFailed);
                }
                let sums = self.sums(tablet);
                return self.step_mend(tablet, tab, MendInput::Sums(sums));
            }
            MendEffect::GetDigests { cursor, bucket } => Request::Digests { cursor, bucket },
            MendEffect::GetPage { cursor, limit } => Request::Page { cursor, limit },
            MendEffect::Mend(repair) => return self.save_repair(tablet, tab, &repair),
            MendEffect::Rest => {
                self.tablets[tablet].tabs[tab].set_doing(Lane::Mend, Doing::Resting);
                return None;
            }
        };
        if self.ask(tablet, tab, Lane::Mend, request) {
            return None;
        }
        self.step_mend(tablet, tab, MendInput::NoReply)
    }

    /// What lies on the disk, or what a flaw takes for it: the server's word.
    fn sums(&self, tablet: usize) -> Vec<StreamSums> {
        let disk = &self.tablets[tablet].disk;
        let adopts = self.flawed(Flaw::AdoptsDigests);
        let sum = |reading: &super::disk::Reading| {
            let mut sums = StreamSums::new(reading.cursor);
            let shelf = self.server.streams.get(&reading.cursor.stream);
            match shelf.filter(|_| adopts) {
                Some(shelf) => shelf.events.iter().for_each(|event| sums.take(&event.wire)),
                None => reading.rows.iter().for_each(|row| sums.take(&row.wire)),
            }
            sums
        };
        disk.shown().map(sum).collect()
    }

    fn save_repair(&mut self, tablet: usize, tab: usize, repair: &Repair) -> Option<MendEffect> {
        let stream = repair.cursor.stream;
        let shown = self.tablets[tablet].disk.reading(stream);
        let shown = shown.map(|reading| reading.cursor);
        if !repair.fits(shown.as_ref()) {
            self.happened.count(Fault::OvertakenByTab);
            return self.step_mend(tablet, tab, MendInput::DiskFailed);
        }
        // What differs without having been damaged would be a fault of receiving, and mending hides it.
        self.see_what_was_read(tablet, stream);
        let commit = self.next_commit(tablet);
        self.note(|| {
            let events = repair.events.len();
            format!("tablet {tablet}: {events} events of {stream} are mended: {commit:?}")
        });
        if commit.is_durable() {
            let rows = self.rows_of(stream, repair);
            let here = &mut self.tablets[tablet];
            here.disk.mend(stream, rows);
            here.show();
        }
        self.see_what_was_read(tablet, stream);
        match commit {
            Commit::Done => self.step_mend(tablet, tab, MendInput::Saved),
            Commit::Failed => self.step_mend(tablet, tab, MendInput::DiskFailed),
            Commit::CrashedBefore | Commit::CrashedAfter => {
                self.tablets[tablet].restart();
                None
            }
        }
    }

    fn rows_of(&self, stream: Stream, repair: &Repair) -> Vec<Rc<Row>> {
        let rows = repair.events.iter().map(|wire| {
            let event = self.server.read(stream, wire);
            let wire = wire.clone();
            Rc::new(Row { wire, event })
        });
        rows.collect()
    }

    fn see_what_was_read(&mut self, tablet: usize, stream: Stream) {
        let seen = every_step::what_was_read_is_right(self, tablet, stream);
        self.see(seen);
    }
}

/// Which places of a stream are damaged on a tablet. No tablet knows this; the promises are checked
/// with it.
pub(super) type Damaged = BTreeSet<u64>;
