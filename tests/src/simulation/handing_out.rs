//! What the server hands out: heads, pages, digests and snapshots.

use std::ops::Range;

use wellfield_core::clock::{Date, Instant};
use wellfield_core::ids::DeviceId;
use wellfield_core::records::Records;
use wellfield_core::start::StartPicker;
use wellfield_core::stream::Stream;
use wellfield_core::sync::{
    BUCKETS_MAX, Cursor, Digests, DigestsReply, HttpReply, Message, OwnErased, Problem, PullReply,
    Snapshot, SnapshotMaker, StreamHead, StreamsReply,
};

use super::flaw::Flaw;
use super::server::{Book, Server, Shelf, ours, refused};

/// So many events make a snapshot here.
const SNAPSHOT_EVENTS: usize = 6;

impl Server {
    /// The streams that the server lets a device read: those that it may, but for flaws.
    fn served(&self, book: &Book) -> Vec<Stream> {
        match self.flaw {
            Some(Flaw::FormerRoleStillServed) if !book.standing.revoked => {
                book.first_streams.clone()
            }
            Some(Flaw::RevokedStillServed) if book.standing.revoked => book.first_streams.clone(),
            _ => book.standing.streams(),
        }
    }

    pub(super) fn heads(&self, device: DeviceId, told: u64, now: Instant) -> HttpReply {
        let Some(book) = self.books.get(&device) else {
            return refused(Problem::UnknownDevice.into());
        };
        if book.standing.revoked && !self.has(Flaw::RevokedStillServed) {
            return refused(Problem::Revoked.into());
        }
        let heads = self.served(book).into_iter().filter_map(|stream| {
            let shelf = self.streams.get(&stream)?;
            Some(StreamHead {
                stream,
                epoch: shelf.epoch,
                head: shelf.events.len() as u64,
            })
        });
        let reply = StreamsReply {
            streams: heads.collect(),
            server_time: now,
            snapshots: self.snapshots(book),
            sealing: None,
            erased: self.own_erased(device, told),
        };
        ours(200, reply.to_bytes())
    }

    /// What a device is to be told after a place.
    fn own_erased(&self, device: DeviceId, told: u64) -> OwnErased {
        let places = (1..).zip(&self.own_erased);
        let own = places.filter(|(place, (of, _))| *of == device && *place > told);
        let mut erased = OwnErased {
            numbers: Vec::new(),
            through: told,
        };
        for (place, (_, n)) in own {
            erased.numbers.push(*n);
            erased.through = place;
        }
        erased
    }

    /// The streams that have a snapshot. They are short here, so it takes few events.
    fn snapshots(&self, book: &Book) -> Vec<Stream> {
        if !self.repairs {
            return Vec::new();
        }
        let long = |stream: &Stream| {
            let shelf = self.streams.get(stream);
            shelf.is_some_and(|shelf| shelf.events.len() >= SNAPSHOT_EVENTS)
        };
        self.served(book).into_iter().filter(long).collect()
    }

    /// The snapshot of a stream, made anew each time, as the real server would make the same.
    pub(super) fn snapshot(
        &self,
        device: DeviceId,
        cursor: Cursor,
    ) -> Result<(Snapshot, Vec<u8>), Problem> {
        let shelf = self.readable(device, cursor)?;
        let through = shelf.events.len() / SNAPSHOT_EVENTS * SNAPSHOT_EVENTS;
        if through == 0 {
            return Err(Problem::NotFound);
        }
        let mut maker = SnapshotMaker::default();
        for event in shelf.events.iter().take(through) {
            maker.take(event.wire.clone());
        }
        Ok(maker.finish(cursor.stream, shelf.epoch))
    }

    /// The bytes of a part, if the snapshot is still the one that is asked for.
    pub(super) fn part(
        &self,
        device: DeviceId,
        wanted: &Snapshot,
        bytes: &Range<u32>,
    ) -> HttpReply {
        match self.snapshot(device, wanted.cursor) {
            Ok((made, file)) if made.hash == wanted.hash => {
                let part = file.get(bytes.start as usize..bytes.end as usize);
                ours(206, part.unwrap_or_default().to_vec())
            }
            Ok(_) => refused(Problem::NotFound.into()),
            Err(problem) => refused(problem.into()),
        }
    }

    /// What first screens need of a stream. What they show is not looked at here.
    pub(super) fn front(&self, device: DeviceId, cursor: Cursor) -> HttpReply {
        match (
            self.readable(device, cursor),
            Date::from_julian_day(2_461_221),
        ) {
            (Ok(_), Ok(today)) => {
                let copy = StartPicker::new(&Records::default(), today).finish(Vec::new());
                ours(200, copy.to_bytes())
            }
            (Err(problem), _) => refused(problem.into()),
            (Ok(_), Err(_)) => refused(Problem::NotFound.into()),
        }
    }

    /// A stream for a device that may read it in this epoch, or why not.
    fn readable(&self, device: DeviceId, cursor: Cursor) -> Result<&Shelf, Problem> {
        let book = self.books.get(&device).ok_or(Problem::UnknownDevice)?;
        if book.standing.revoked && !self.has(Flaw::RevokedStillServed) {
            return Err(Problem::Revoked);
        }
        let may_read = self.served(book).contains(&cursor.stream);
        let shelf = self.streams.get(&cursor.stream).filter(|_| may_read);
        let shelf = shelf.ok_or(Problem::Forbidden)?;
        if shelf.epoch != cursor.epoch {
            return Err(Problem::EpochChanged);
        }
        Ok(shelf)
    }

    pub(super) fn digests(&self, device: DeviceId, cursor: Cursor, bucket: u64) -> HttpReply {
        let shelf = match self.readable(device, cursor) {
            Ok(shelf) => shelf,
            Err(problem) => return refused(problem.into()),
        };
        let mut digests = Digests::new(bucket, BUCKETS_MAX, cursor.after);
        shelf
            .events
            .iter()
            .for_each(|event| digests.add(&event.wire));
        let reply = DigestsReply {
            stream: cursor.stream,
            epoch: shelf.epoch,
            bucket,
            through: cursor.after.min(shelf.events.len() as u64),
            digests: digests.to_vec(),
        };
        ours(200, reply.to_bytes())
    }

    pub(super) fn page(&self, device: DeviceId, cursor: Cursor, limit: usize) -> HttpReply {
        let shelf = match self.readable(device, cursor) {
            Ok(shelf) => shelf,
            Err(problem) => return refused(problem.into()),
        };
        let start = shelf.events.iter().skip(cursor.after as usize);
        let events = start.take(limit.min(self.page));
        let reply = PullReply {
            stream: cursor.stream,
            epoch: shelf.epoch,
            after: cursor.after,
            head: shelf.events.len() as u64,
            events: events.map(|event| event.wire.clone()).collect(),
        };
        ours(200, reply.to_bytes())
    }
}
