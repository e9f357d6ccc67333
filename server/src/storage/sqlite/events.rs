//! Storing events, each with its place in its stream, and reading them back.

use std::collections::BTreeMap;

use rusqlite::{CachedStatement, Connection, OptionalExtension, Row};
use wellfield_core::clock::Instant;
use wellfield_core::stream::Stream;
use wellfield_core::sync::server::Accepted;
use wellfield_core::sync::{PullReply, PulledEvent, StreamHead};

use super::programmes;
use super::renew::first_epoch;
use super::rows::{Column, Written};
use super::writer::Worked;
use crate::storage::{PageRefused, PageWanted};

/// A page ends after this many bytes of events, so that a few large events cannot fill the memory of
/// the server or a tablet. One event is always given.
const PAGE_BYTES_MAX: usize = 1024 * 1024;

/// Stores events in the order given. The counter of each stream is locked until the transaction ends,
/// so the numbers have no gaps, and are taken in the order of the streams' names, so that two engines'
/// transactions cannot wait for each other in a circle.
pub(super) fn store(
    connection: &Connection,
    accepted: &[Accepted],
    now: Instant,
) -> rusqlite::Result<()> {
    let mut streams: BTreeMap<Stream, Vec<&Accepted>> = BTreeMap::new();
    for event in accepted {
        streams.entry(event.event.stream).or_default().push(event);
    }
    let mut insert = connection.prepare_cached(
        "INSERT INTO event (stream, seq, device, n, kind, ver, subject, hlc, received_at, hash, bytes)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
    )?;
    for (stream, events) in streams {
        let (key, first_seq) = reserve(connection, stream, events.len() as u64)?;
        for (event, seq) in events.into_iter().zip(first_seq..) {
            insert_event(&mut insert, key, seq, event, now)?;
            programmes::index(connection, &event.event)?;
        }
    }
    Ok(())
}

/// Takes the next `count` numbers of a stream. Answers its key and the first of them.
fn reserve(connection: &Connection, stream: Stream, count: u64) -> rusqlite::Result<(i64, u64)> {
    let mut advance = connection.prepare_cached(
        "UPDATE stream SET head = head + ?2 WHERE id = ?1 RETURNING key, head - ?2 + 1",
    )?;
    let mut advance = || {
        let reserved = |row: &Row<'_>| Ok((row.get(0)?, row.get::<_, Column<u64>>(1)?.0));
        let wanted = (Written(stream), Column(count));
        advance.query_row(wanted, reserved).optional()
    };
    if let Some(reserved) = advance()? {
        return Ok(reserved);
    }
    // Nothing was ever stored in the stream.
    connection.execute(
        "INSERT INTO stream (id, epoch) VALUES (?1, ?2)",
        (Written(stream), first_epoch(connection)?),
    )?;
    advance()?.ok_or(rusqlite::Error::QueryReturnedNoRows)
}

fn insert_event(
    insert: &mut CachedStatement<'_>,
    stream_key: i64,
    seq: u64,
    accepted: &Accepted,
    now: Instant,
) -> rusqlite::Result<()> {
    let event = &accepted.event;
    // By place: finding eleven names again for each of thousands of rows takes as long as storing them.
    insert.execute((
        stream_key,
        Column(seq),
        event.id.device.0,
        Column(event.id.n),
        event.body.kind().0,
        event.body.version(),
        event.body.subject().map(|person| Column(person.0)),
        Column(event.at.0),
        Column(now),
        accepted.hash,
        &accepted.bytes,
    ))?;
    Ok(())
}

/// Where a stream stands. A stream that nothing was stored in yet stands at its beginning.
pub(super) fn head(connection: &Connection, stream: Stream) -> rusqlite::Result<StreamHead> {
    let mut statement =
        connection.prepare_cached("SELECT epoch, head FROM stream WHERE id = ?1")?;
    let found = statement
        .query_row([Written(stream)], |row| {
            Ok((row.get(0)?, row.get::<_, Column<_>>(1)?.0))
        })
        .optional()?;
    let (epoch, head) = match found {
        Some(found) => found,
        None => (first_epoch(connection)?, 0),
    };
    Ok(StreamHead {
        stream,
        epoch,
        head,
    })
}

/// Where every stream stands that something was stored in.
pub(super) fn heads(connection: &Connection) -> rusqlite::Result<Vec<StreamHead>> {
    let mut statement =
        connection.prepare_cached("SELECT id, epoch, head FROM stream ORDER BY id")?;
    let head = |row: &Row<'_>| {
        Ok(StreamHead {
            stream: row.get::<_, Written<_>>(0)?.0,
            epoch: row.get(1)?,
            head: row.get::<_, Column<_>>(2)?.0,
        })
    };
    statement.query_map([], head)?.collect()
}

/// A part of a stream.
pub(super) fn page(connection: &Connection, wanted: &PageWanted) -> Worked<PullReply, PageRefused> {
    if !wanted.reader.may_read(wanted.stream) {
        return Ok(Err(PageRefused::NotForReader));
    }
    let StreamHead {
        stream,
        epoch,
        head,
    } = head(connection, wanted.stream)?;
    if wanted.epoch.is_some_and(|wanted| wanted != epoch) {
        return Ok(Err(PageRefused::EpochChanged));
    }
    let events = after(
        connection,
        stream,
        wanted.after,
        wanted.limit,
        PAGE_BYTES_MAX,
    )?;
    Ok(Ok(PullReply {
        stream,
        epoch,
        after: wanted.after,
        head,
        events,
    }))
}

/// Every event of a stream.
pub(super) fn whole(connection: &Connection, stream: Stream) -> rusqlite::Result<Vec<PulledEvent>> {
    after(connection, stream, 0, usize::MAX, usize::MAX)
}

/// The next events of a stream, as many as fit into a page.
pub(super) fn part(
    connection: &Connection,
    stream: Stream,
    seq: u64,
    limit: usize,
) -> rusqlite::Result<Vec<PulledEvent>> {
    after(connection, stream, seq, limit, PAGE_BYTES_MAX)
}

fn after(
    connection: &Connection,
    stream: Stream,
    after: u64,
    limit: usize,
    bytes_max: usize,
) -> rusqlite::Result<Vec<PulledEvent>> {
    let mut statement = connection.prepare_cached(
        "SELECT seq, received_at, bytes FROM event
         WHERE stream = (SELECT key FROM stream WHERE id = ?1) AND seq > ?2 ORDER BY seq LIMIT ?3",
    )?;
    // A cursor beyond every number there can be is beyond every event.
    let after = i64::try_from(after).unwrap_or(i64::MAX);
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let mut rows = statement.query((Written(stream), after, limit))?;
    let mut events = Vec::new();
    let mut bytes = 0;
    while bytes < bytes_max
        && let Some(row) = rows.next()?
    {
        let event = PulledEvent {
            seq: row.get::<_, Column<_>>(0)?.0,
            received_at: row.get::<_, Column<_>>(1)?.0,
            bytes: row.get(2)?,
        };
        bytes += event.bytes.len();
        events.push(event);
    }
    Ok(events)
}
