//! A tablet's database: what survives a crash. Each method is one transaction.
//!
//! Rows are kept read beside their bytes, because reading them again at each look would take most of the
//! time; the bytes are what is sent, compared and counted.

use std::collections::BTreeMap;
use std::rc::Rc;

use wellfield_core::clock::{Hlc, Instant};
use wellfield_core::erasure::erased_in_place;
use wellfield_core::event::{Draft, Event, decode_event, encode_event};
use wellfield_core::ids::{DeviceId, EventId, StaffId};
use wellfield_core::records::Records;
use wellfield_core::stream::Stream;
use wellfield_core::sync::{
    Cursor, Cursors, NotThese, OutboxPage, Outcome, Page, Place, PulledEvent, Snapshot,
    decode_block,
};

use super::mending::Damaged;
use super::tablet::Software;

/// What is to be added to the log.
#[derive(Clone, Debug)]
pub(super) enum Entry {
    /// What a command made.
    Draft(Box<Draft>),
    /// Bytes that broken software wrote.
    Raw(Vec<u8>),
}

/// A row of the log.
#[derive(Clone, Debug)]
pub(super) struct Own {
    pub(super) bytes: Rc<[u8]>,
    pub(super) event: Option<Rc<Event>>,
    /// Which of the records that the world knows of; `None` for what nobody recorded.
    pub(super) saved: Option<usize>,
    /// Whether a receipt was for it since the tablet last went back. No tablet knows this; a promise is
    /// checked with it.
    pub(super) told: bool,
}

/// A pulled event and what it says.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) wire: PulledEvent,
    pub(super) event: Option<Rc<Event>>,
}

/// What was read of a stream.
#[derive(Clone, Debug)]
pub(super) struct Reading {
    pub(super) cursor: Cursor,
    pub(super) rows: Vec<Rc<Row>>,
    pub(super) damaged: Damaged,
}

impl Reading {
    fn new(cursor: Cursor) -> Self {
        Self {
            cursor,
            rows: Vec::new(),
            damaged: Damaged::new(),
        }
    }
}

/// What a tablet keeps, laid out as the client does.
#[derive(Clone, Debug, Default)]
pub(super) struct Disk {
    /// By number, from 1.
    log: Vec<Own>,
    clock: Option<Hlc>,
    acked: u64,
    set_aside: BTreeMap<u64, Outcome>,
    shown: BTreeMap<Stream, Reading>,
    beside: BTreeMap<Stream, Reading>,
    /// Parts of snapshots, and of which.
    parts: BTreeMap<Stream, (Snapshot, BTreeMap<u32, Vec<u8>>)>,
    /// How far the log was taken for sending, for a flaw that goes by it.
    pub(super) taken: u64,
}

impl Disk {
    pub(super) fn newest(&self) -> u64 {
        self.log.len() as u64
    }

    pub(super) fn acked(&self) -> u64 {
        self.acked
    }

    pub(super) fn clock(&self) -> Option<Hlc> {
        self.clock
    }

    pub(super) fn own(&self, n: u64) -> Option<&Own> {
        self.log.get(usize::try_from(n.checked_sub(1)?).ok()?)
    }

    pub(super) fn log(&self) -> &[Own] {
        &self.log
    }

    pub(super) fn is_set_aside(&self, n: u64) -> Option<Outcome> {
        self.set_aside.get(&n).copied()
    }

    /// The bytes that an entry has at place `n` of the log, what they say, and the clock after it.
    pub(super) fn freeze(
        &self,
        device: DeviceId,
        n: u64,
        entry: Entry,
        now: Instant,
    ) -> (Vec<u8>, Option<Event>, Hlc) {
        let at = self.clock.unwrap_or(Hlc::ZERO).tick(now);
        match entry {
            Entry::Raw(bytes) => {
                let event = decode_event(&bytes).ok();
                (bytes, event, at)
            }
            Entry::Draft(draft) => {
                let id = EventId { device, n };
                let by = Some(StaffId(u64::from(device.0)));
                let event = draft.place(id, at, by);
                (encode_event(&event), Some(event), at)
            }
        }
    }

    /// Puts a row into the log: the next one, unless a flaw gave it a number that was taken.
    pub(super) fn append(&mut self, n: u64, own: Own, clock: Hlc) {
        let index = usize::try_from(n.saturating_sub(1)).unwrap_or(usize::MAX);
        match self.log.get_mut(index) {
            Some(row) => *row = own,
            None => self.log.push(own),
        }
        self.clock = Some(clock);
    }

    pub(super) fn outbox(&self, device: DeviceId, limit: usize) -> OutboxPage {
        let unsent = self.log.iter().skip(self.acked as usize);
        OutboxPage {
            device,
            acked: self.acked,
            newest: self.newest(),
            events: unsent.take(limit).map(|own| own.bytes.to_vec()).collect(),
        }
    }

    /// Puts what says nothing in the place of records of the log that were erased.
    pub(super) fn erase(&mut self, numbers: impl IntoIterator<Item = u64>) {
        for n in numbers {
            let index = usize::try_from(n.saturating_sub(1)).unwrap_or(usize::MAX);
            if let Some(own) = self.log.get_mut(index)
                && let Some(erased) = erased_in_place(&own.bytes)
            {
                own.event = decode_event(&erased).ok().map(Rc::new);
                own.bytes = erased.into();
            }
        }
    }

    /// Moves the acknowledged place.
    pub(super) fn set_acked(&mut self, max_n: u64) {
        self.acked = max_n;
    }

    /// Keeps a receipt for what lies from `first_n` to `last_n`, and the acknowledged place after it.
    pub(super) fn save_ack(
        &mut self,
        (first_n, last_n): (u64, u64),
        max_n: u64,
        quarantined: Vec<(u64, Outcome)>,
    ) {
        self.acked = max_n;
        self.set_aside.extend(quarantined);
        let before = first_n.saturating_sub(1) as usize;
        let count = (last_n + 1).saturating_sub(first_n) as usize;
        for own in self.log.iter_mut().skip(before).take(count) {
            own.told = true;
        }
    }

    /// Keeps that the server holds less than it said, and that what it said of the rest is void.
    pub(super) fn rewind(&mut self, max_n: u64, voids: bool) {
        self.acked = max_n;
        self.set_aside.retain(|n, _| *n <= max_n || !voids);
        for own in self.log.iter_mut().skip(max_n as usize) {
            own.told = false;
        }
    }

    /// Loses what was not sent, for a flaw that does.
    pub(super) fn drop_outbox(&mut self) {
        self.log.truncate(self.acked as usize);
    }

    pub(super) fn cursors(&self) -> Cursors {
        let of = |readings: &BTreeMap<Stream, Reading>| {
            readings.values().map(|reading| reading.cursor).collect()
        };
        Cursors {
            shown: of(&self.shown),
            beside: of(&self.beside),
            begun: self.begun().collect(),
        }
    }

    pub(super) fn shown(&self) -> impl Iterator<Item = &Reading> {
        self.shown.values()
    }

    pub(super) fn beside(&self) -> impl Iterator<Item = &Reading> {
        self.beside.values()
    }

    pub(super) fn reading(&self, stream: Stream) -> Option<&Reading> {
        self.shown.get(&stream)
    }

    /// Whether a page follows on what is here. A second tab may have moved the cursor since the page
    /// was asked for.
    pub(super) fn follows(&self, page: &Page) -> bool {
        let of = |readings: &BTreeMap<Stream, Reading>| {
            let reading = readings.get(&page.cursor.stream);
            reading.map(|reading| reading.cursor)
        };
        page.follows(of(&self.shown).as_ref(), of(&self.beside).as_ref())
    }

    /// Moves the cursor of what is shown and nothing else, for a flaw that does so first.
    pub(super) fn save_cursor(&mut self, cursor: Cursor) {
        self.shown
            .entry(cursor.stream)
            .or_insert(Reading::new(cursor))
            .cursor = cursor;
    }

    /// Keeps what comes after `start` and its cursor, where it belongs.
    pub(super) fn save_rows(
        &mut self,
        cursor: Cursor,
        place: Place,
        start: u64,
        rows: Vec<Rc<Row>>,
    ) {
        let stream = cursor.stream;
        let fresh = Reading::new(cursor);
        let add = |to: &mut Reading| {
            to.cursor = cursor;
            to.rows.extend(rows.iter().cloned());
        };
        match place {
            Place::Shown => add(self.shown.entry(stream).or_insert(fresh)),
            Place::Beside | Place::Instead => {
                let mut reading = match self.beside.remove(&stream) {
                    Some(begun) if start > 0 => begun,
                    _ => fresh,
                };
                add(&mut reading);
                if place == Place::Instead {
                    self.shown.insert(stream, reading);
                } else {
                    self.beside.insert(stream, reading);
                }
            }
        }
    }

    /// The streams of which parts lie here.
    pub(super) fn begun(&self) -> impl Iterator<Item = Stream> {
        self.parts.keys().copied()
    }

    /// Which parts of a snapshot lie here. Those of another one are deleted.
    pub(super) fn held_parts(&mut self, snapshot: &Snapshot) -> Vec<u32> {
        let stream = snapshot.cursor.stream;
        self.parts
            .retain(|of, (begun, _)| *of != stream || begun == snapshot);
        let held = self.parts.get(&stream);
        held.map(|(_, parts)| parts.keys().copied().collect())
            .unwrap_or_default()
    }

    pub(super) fn save_part(&mut self, snapshot: Snapshot, part: u32, bytes: Vec<u8>) {
        let begun = self.parts.entry(snapshot.cursor.stream);
        let (_, parts) = begun.or_insert((snapshot, BTreeMap::new()));
        parts.insert(part, bytes);
    }

    /// Takes the parts of a snapshot away, and what they hold.
    pub(super) fn take_parts(&mut self, snapshot: &Snapshot) -> Result<Vec<PulledEvent>, NotThese> {
        let begun = self.parts.remove(&snapshot.cursor.stream);
        let parts: Vec<_> = begun
            .into_iter()
            .flat_map(|(_, parts)| parts.into_values())
            .collect();
        let blocks = snapshot.blocks(&parts)?;
        let events = blocks.iter().map(|block| decode_block(&block.bytes));
        let events: Result<Vec<_>, _> = events.collect();
        Ok(events.map_err(|_| NotThese)?.concat())
    }

    /// Damages what lies there of a stream, or takes it away.
    pub(super) fn damage(&mut self, stream: Stream, first: u64, last: u64, gone: bool) {
        let Some(reading) = self.shown.get_mut(&stream) else {
            return;
        };
        let places = first..=last;
        reading.damaged.extend(places.clone());
        if gone {
            reading.rows.retain(|row| !places.contains(&row.wire.seq));
            return;
        }
        for row in &mut reading.rows {
            if places.contains(&row.wire.seq) {
                let row = Rc::make_mut(row);
                row.wire.bytes.push(0);
                row.event = None;
            }
        }
    }

    /// Puts rows in the place of what lies there of a stream.
    pub(super) fn mend(&mut self, stream: Stream, rows: Vec<Rc<Row>>) {
        let Some(reading) = self.shown.get_mut(&stream) else {
            return;
        };
        let mut all: BTreeMap<u64, Rc<Row>> = reading
            .rows
            .drain(..)
            .map(|row| (row.wire.seq, row))
            .collect();
        for row in rows {
            reading.damaged.remove(&row.wire.seq);
            all.insert(row.wire.seq, row);
        }
        reading.rows = all.into_values().collect();
    }

    pub(super) fn forget(&mut self, stream: Stream) {
        self.shown.remove(&stream);
        self.beside.remove(&stream);
        self.parts.remove(&stream);
    }

    /// Every event that is here and counts: what came from the server, and the own log without what
    /// the server set aside.
    pub(super) fn events(&self) -> impl Iterator<Item = &Event> {
        let pulled = self
            .shown
            .values()
            .flat_map(|reading| &reading.rows)
            .filter_map(|row| row.event.as_deref());
        pulled.chain(self.own_events())
    }

    /// What of the own log counts.
    pub(super) fn own_events(&self) -> impl Iterator<Item = &Event> {
        let own = (1..).zip(&self.log);
        own.filter(|(n, _)| !self.set_aside.contains_key(n))
            .filter_map(|(_, own)| own.event.as_deref())
    }

    /// What it all adds up to for a software, as after a start.
    pub(super) fn fold(&self, software: Software) -> Records {
        let mut records = Records::default();
        for event in self.events().filter(|event| software.knows(&event.body)) {
            records.apply(event);
        }
        records
    }
}
