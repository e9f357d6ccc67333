//! Carrying out what the receiving lane wants of a snapshot.

use wellfield_core::sync::{Page, Place, PullEffect, PullInput, Snapshot};

use super::faults::Fault;
use super::flaw::Flaw;
use super::world::World;

impl World {
    /// What of a snapshot has to do with the disk.
    pub(super) fn save_bootstrap(
        &mut self,
        tablet: usize,
        tab: usize,
        effect: PullEffect,
    ) -> Option<PullEffect> {
        match effect {
            PullEffect::ReadParts(snapshot) => {
                if self.strikes(Fault::DiskFailed) {
                    return self.step_pull(tablet, tab, PullInput::DiskFailed);
                }
                let held = self.tablets[tablet].disk.held_parts(&snapshot);
                self.step_pull(tablet, tab, PullInput::Parts(held))
            }
            PullEffect::SavePart {
                snapshot,
                part,
                bytes,
            } => {
                let commit = self.next_commit(tablet);
                self.note(|| format!("tablet {tablet}: part {part} of a snapshot: {commit:?}"));
                if commit.is_durable() {
                    let disk = &mut self.tablets[tablet].disk;
                    disk.save_part(snapshot, part, bytes);
                }
                self.committed_pull(tablet, tab, commit)
            }
            PullEffect::Install(snapshot) => self.install(tablet, tab, &snapshot),
            // What the first screens show meanwhile is not looked at here.
            _ => self.step_pull(tablet, tab, PullInput::Saved),
        }
    }

    fn install(&mut self, tablet: usize, tab: usize, snapshot: &Snapshot) -> Option<PullEffect> {
        let stream = snapshot.cursor.stream;
        if self.tablets[tablet].disk.reading(stream).is_some() {
            self.happened.count(Fault::OvertakenByTab);
            return self.step_pull(tablet, tab, PullInput::DiskFailed);
        }
        let commit = self.next_commit(tablet);
        self.note(|| {
            format!(
                "tablet {tablet}: {:?} from a snapshot: {commit:?}",
                snapshot.cursor
            )
        });
        if commit.is_durable() {
            self.happened.count(Fault::FromSnapshot);
            let Ok(events) = self.tablets[tablet].disk.take_parts(snapshot) else {
                return self.step_pull(tablet, tab, PullInput::DiskFailed);
            };
            let mut cursor = snapshot.cursor;
            if self.flawed(Flaw::SnapshotCountsAsAll) {
                let shelf = self.server.streams.get(&stream);
                cursor.after = shelf.map_or(cursor.after, |shelf| shelf.events.len() as u64);
            }
            let page = Page {
                cursor,
                head: cursor.after,
                place: Place::Shown,
                events,
            };
            let software = self.tablets[tablet].software;
            let (rows, _) = self.read_rows(software, page);
            let here = &mut self.tablets[tablet];
            here.disk.save_rows(cursor, Place::Shown, 0, rows);
            here.show();
        }
        self.see_streams(tablet, stream);
        self.committed_pull(tablet, tab, commit)
    }
}
