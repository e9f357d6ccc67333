//! A tablet's database: what survives a crash. Each method is one transaction.

use std::collections::BTreeMap;

use wellfield_core::clock::{Hlc, Instant};
use wellfield_core::event::{Draft, Event, decode_event, encode_event};
use wellfield_core::ids::{DeviceId, EventId, StaffId};
use wellfield_core::records::Records;
use wellfield_core::stream::Stream;
use wellfield_core::sync::{
    BLOCK_EVENTS_MAX, Cursor, OutboxPage, Outcome, Page, PulledEvent, decode_block, encode_block,
};

/// What is to be added to the log.
#[derive(Clone, Debug)]
pub(super) enum Entry {
    /// What a command made.
    Draft(Box<Draft>),
    /// Bytes that broken software wrote.
    Raw(Vec<u8>),
}

/// What a tablet keeps, laid out as the client does.
#[derive(Clone, Debug, Default)]
pub(super) struct Disk {
    log: BTreeMap<u64, Vec<u8>>,
    clock: Option<Hlc>,
    acked: u64,
    set_aside: BTreeMap<u64, Outcome>,
    cursors: BTreeMap<Stream, Cursor>,
    /// By stream and first number.
    blocks: BTreeMap<(Stream, u64), Vec<u8>>,
}

impl Disk {
    pub(super) fn newest(&self) -> u64 {
        self.log.keys().next_back().copied().unwrap_or(0)
    }

    pub(super) fn acked(&self) -> u64 {
        self.acked
    }

    /// The bytes that an entry has at place `n` of the log, and the clock after it.
    pub(super) fn bytes(
        &self,
        device: DeviceId,
        n: u64,
        entry: Entry,
        now: Instant,
    ) -> (Vec<u8>, Hlc) {
        let at = self.clock.unwrap_or(Hlc::ZERO).tick(now);
        match entry {
            Entry::Raw(bytes) => (bytes, at),
            Entry::Draft(draft) => {
                let id = EventId { device, n };
                let by = Some(StaffId(u64::from(device.0)));
                (encode_event(&draft.place(id, at, by)), at)
            }
        }
    }

    /// Adds one row to the log.
    pub(super) fn append(&mut self, n: u64, bytes: Vec<u8>, clock: Hlc) {
        self.log.insert(n, bytes);
        self.clock = Some(clock);
    }

    pub(super) fn outbox(&self, device: DeviceId, limit: usize) -> OutboxPage {
        let unsent = self.log.range(self.acked + 1..);
        OutboxPage {
            device,
            acked: self.acked,
            newest: self.newest(),
            events: unsent.take(limit).map(|(_, bytes)| bytes.clone()).collect(),
        }
    }

    pub(super) fn save_ack(&mut self, max_n: u64, quarantined: Vec<(u64, Outcome)>) {
        self.acked = max_n;
        self.set_aside.extend(quarantined);
    }

    pub(super) fn cursors(&self) -> Vec<Cursor> {
        self.cursors.values().copied().collect()
    }

    /// Whether a page follows on what is here. A second tab may have moved the cursor since the page
    /// was asked for.
    pub(super) fn follows(&self, page: &Page) -> bool {
        page.follows(self.cursors.get(&page.cursor.stream))
    }

    pub(super) fn save_cursor(&mut self, page: &Page) {
        self.cursors.insert(page.cursor.stream, page.cursor);
    }

    pub(super) fn save_events(&mut self, page: &Page) {
        for events in page.events.chunks(BLOCK_EVENTS_MAX) {
            let first = events.first().map_or(0, |event| event.seq);
            self.blocks
                .insert((page.cursor.stream, first), encode_block(events));
        }
    }

    pub(super) fn forget(&mut self, stream: Stream) {
        self.cursors.remove(&stream);
        self.blocks.retain(|(of, _), _| *of != stream);
    }

    /// The events of a stream that are here, in order. A block that does not read counts as missing,
    /// which the invariants then see.
    pub(super) fn pulled(&self, stream: Stream) -> Vec<PulledEvent> {
        self.blocks
            .range((stream, 0)..=(stream, u64::MAX))
            .filter_map(|(_, bytes)| decode_block(bytes).ok())
            .flatten()
            .collect()
    }

    /// Every event that is here and counts: what came from the server, and the own log without what
    /// the server set aside.
    pub(super) fn events(&self) -> Vec<Event> {
        let pulled = self
            .cursors
            .keys()
            .flat_map(|stream| self.pulled(*stream))
            .filter_map(|event| event.event().ok());
        let own = self
            .log
            .iter()
            .filter(|(n, _)| !self.set_aside.contains_key(n))
            .filter_map(|(_, bytes)| decode_event(bytes).ok());
        pulled.chain(own).collect()
    }

    /// What it all adds up to, as after a start.
    pub(super) fn fold(&self) -> Records {
        let mut records = Records::default();
        for event in self.events() {
            records.apply(&event);
        }
        records
    }
}
