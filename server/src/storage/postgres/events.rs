//! Storing events, each with its place in its stream, and reading them back.

use std::collections::{BTreeMap, HashMap};

use deadpool_postgres::{Object, Transaction};
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;
use wellfield_core::clock::Instant;
use wellfield_core::stream::Stream;
use wellfield_core::sync::server::Accepted;
use wellfield_core::sync::{PullReply, PulledEvent, StreamHead};

use super::failure::Failed;
use super::programmes;
use super::renew::{EPOCH, FIRST_EPOCH, first_epoch};
use super::rows::{self, Columns};
use super::writer::Worked;
use crate::storage::{PageRefused, PageWanted, Reader};

/// A page ends after this many bytes of events, so that a few large events cannot fill the memory of
/// the server or a tablet. One event is always given.
const PAGE_BYTES_MAX: i64 = 1024 * 1024;

/// An event to be stored, and when it arrived.
#[derive(Clone, Copy)]
pub(super) struct Arrived<'a> {
    pub(super) accepted: &'a Accepted,
    pub(super) now: Instant,
}

/// Stores events in the order given. The counter of each stream is locked until the transaction ends,
/// so the numbers have no gaps and become visible in their order. The counters are taken last, because
/// they are what other transactions wait for, and in the order of the streams, so that two transactions
/// cannot wait for each other in a circle.
pub(super) async fn store(
    transaction: &Transaction<'_>,
    arrived: &[Arrived<'_>],
) -> Result<(), Failed> {
    let mut streams: BTreeMap<Stream, Vec<Arrived<'_>>> = BTreeMap::new();
    for event in arrived {
        let stream = event.accepted.event.stream;
        streams.entry(stream).or_default().push(*event);
    }
    let in_order = streams.values().flatten();
    programmes::index(transaction, in_order.map(|event| &event.accepted.event)).await?;
    for (stream, events) in &streams {
        let stored = store_in(transaction, *stream, events).await?;
        // Nothing was ever stored in the stream.
        if stored == 0 {
            open_stream(transaction, *stream).await?;
            store_in(transaction, *stream, events).await?;
        }
    }
    Ok(())
}

async fn open_stream(transaction: &Transaction<'_>, stream: Stream) -> Result<(), Failed> {
    transaction
        .execute(
            "INSERT INTO stream (id, epoch)
             VALUES ($1, coalesce((SELECT value::bigint FROM meta WHERE key = $2), $3))
             ON CONFLICT DO NOTHING",
            &[&stream.to_string(), &EPOCH, &i64::from(FIRST_EPOCH)],
        )
        .await?;
    Ok(())
}

/// Takes the next numbers of a stream and stores the events under them. Answers how many were stored:
/// all, or none where there is no such stream.
async fn store_in(
    transaction: &Transaction<'_>,
    stream: Stream,
    events: &[Arrived<'_>],
) -> Result<u64, Failed> {
    let statement = transaction
        .prepare_cached(
            "WITH counter AS (
               UPDATE stream SET head = head + $2 WHERE id = $1 RETURNING key, head - $2 AS before
             )
             INSERT INTO event
               (stream, seq, device, n, kind, ver, subject, hlc, received_at, hash, bytes)
             SELECT counter.key, counter.before + arrived.place, arrived.device, arrived.n,
               arrived.kind, arrived.ver, arrived.subject, arrived.hlc, arrived.received_at,
               arrived.hash, arrived.bytes
             FROM counter, unnest($3::bigint[], $4::bigint[], $5::integer[], $6::smallint[],
               $7::bigint[], $8::bigint[], $9::bigint[], $10::bytea[], $11::bytea[])
               WITH ORDINALITY AS arrived
               (device, n, kind, ver, subject, hlc, received_at, hash, bytes, place)",
        )
        .await?;
    let column =
        |value: fn(&Arrived<'_>) -> i64| -> Vec<i64> { events.iter().map(value).collect() };
    let kinds: Vec<i32> = events
        .iter()
        .map(|event| i32::from(event.accepted.event.body.kind().0))
        .collect();
    let versions: Vec<i16> = events
        .iter()
        .map(|event| i16::from(event.accepted.event.body.version()))
        .collect();
    let subjects: Vec<Option<i64>> = events
        .iter()
        .map(|event| {
            let person = event.accepted.event.body.subject();
            person.map(|person| rows::bits(person.0))
        })
        .collect();
    let hashes: Vec<&[u8]> = events
        .iter()
        .map(|event| event.accepted.hash.as_slice())
        .collect();
    let bytes: Vec<&[u8]> = events
        .iter()
        .map(|event| event.accepted.bytes.as_slice())
        .collect();
    let stored = transaction
        .execute(
            &statement,
            &[
                &stream.to_string(),
                &rows::bits(events.len() as u64),
                &column(|event| rows::device(event.accepted.event.id.device)),
                &column(|event| rows::bits(event.accepted.event.id.n)),
                &kinds,
                &versions,
                &subjects,
                &column(|event| rows::bits(event.accepted.event.at.0)),
                &column(|event| rows::instant(event.now)),
                &hashes,
                &bytes,
            ],
        )
        .await?;
    Ok(stored)
}

/// Where streams stand, in the order asked for. A stream that nothing was stored in yet stands at its
/// beginning.
pub(super) async fn heads_of(
    client: &Object,
    streams: &[Stream],
) -> Result<Vec<StreamHead>, Failed> {
    let statement = client
        .prepare_cached("SELECT id, epoch, head FROM stream WHERE id = ANY ($1)")
        .await?;
    let names: Vec<String> = streams.iter().map(ToString::to_string).collect();
    let rows = client.query(&statement, &[&names]).await?;
    let found: Result<HashMap<Stream, StreamHead>, Failed> = rows
        .iter()
        .map(|row| head(row).map(|head| (head.stream, head)))
        .collect();
    let found = found?;
    let of_the_others = if streams.iter().all(|stream| found.contains_key(stream)) {
        FIRST_EPOCH
    } else {
        first_epoch(client).await?
    };
    let head = |stream: &Stream| {
        found.get(stream).copied().unwrap_or(StreamHead {
            stream: *stream,
            epoch: of_the_others,
            head: 0,
        })
    };
    Ok(streams.iter().map(head).collect())
}

/// Where every stream stands that something was stored in.
pub(super) async fn heads(transaction: &Transaction<'_>) -> Result<Vec<StreamHead>, Failed> {
    let statement = transaction
        .prepare_cached("SELECT id, epoch, head FROM stream ORDER BY id")
        .await?;
    let rows = transaction.query(&statement, &[]).await?;
    rows.iter().map(head).collect()
}

fn head(row: &Row) -> Result<StreamHead, Failed> {
    let row = Columns(row);
    Ok(StreamHead {
        stream: row.written(0)?,
        epoch: row.number(1)?,
        head: row.bits(2)?,
    })
}

/// A part of a stream. The counter and the events are read by one statement, so that they are of one
/// moment, and what is beyond the bytes of a page never leaves the database.
///
/// The connection is one that reads nothing until it was said for whom, and that is said here, whoever had
/// the connection before. The two statements go out together, in this order, so that it costs no way there
/// and back.
pub(super) async fn page(client: &Object, wanted: &PageWanted) -> Worked<PullReply, PageRefused> {
    if !wanted.reader.may_read(wanted.stream) {
        return Ok(Err(PageRefused::NotForReader));
    }
    let narrow = client
        .prepare_cached("SELECT set_config('wellfield.streams', $1, FALSE)")
        .await?;
    let statement = client
        .prepare_cached(
            "SELECT stream.epoch, stream.head, part.seq, part.received_at, part.bytes
             FROM stream LEFT JOIN LATERAL (
               SELECT seq, received_at, bytes,
                 sum(octet_length(bytes)) OVER (ORDER BY seq ROWS UNBOUNDED PRECEDING)
                   - octet_length(bytes) AS bytes_before
               FROM (
                 SELECT seq, received_at, bytes FROM event
                 WHERE event.stream = stream.key AND seq > $2 ORDER BY seq LIMIT $3
               ) AS following
             ) AS part ON part.bytes_before < $4
             WHERE stream.id = $1 ORDER BY part.seq",
        )
        .await?;
    let streams = may_read(&wanted.reader);
    let stream = wanted.stream.to_string();
    // A cursor beyond every number there can be is beyond every event.
    let after = i64::try_from(wanted.after).unwrap_or(i64::MAX);
    let limit = i64::try_from(wanted.limit).unwrap_or(i64::MAX);
    let narrowed: [&(dyn ToSql + Sync); 1] = [&streams];
    let asked: [&(dyn ToSql + Sync); 4] = [&stream, &after, &limit, &PAGE_BYTES_MAX];
    let (narrowed, rows) = tokio::join!(
        biased;
        client.query_one(&narrow, &narrowed),
        client.query(&statement, &asked)
    );
    // Where the first failed, what the second read is of somebody else's streams.
    narrowed?;
    let rows = rows?;
    let (epoch, head) = match rows.first() {
        Some(row) => (Columns(row).number(0)?, Columns(row).bits(1)?),
        None => (first_epoch(client).await?, 0),
    };
    if wanted.epoch.is_some_and(|wanted| wanted != epoch) {
        return Ok(Err(PageRefused::EpochChanged));
    }
    let mut events = Vec::with_capacity(rows.len());
    for row in &rows {
        // A stream without events after the cursor has one row, with nothing beside the counter.
        if Columns(row).get::<Option<i64>>(2)?.is_some() {
            events.push(pulled(row, 2)?);
        }
    }
    Ok(Ok(PullReply {
        stream: wanted.stream,
        epoch,
        after: wanted.after,
        head,
        events,
    }))
}

/// What a connection is told about whoever it reads for.
fn may_read(reader: &Reader) -> String {
    match reader {
        Reader::Server => "*".to_owned(),
        Reader::Of(streams) => {
            let names: Vec<_> = streams.iter().map(ToString::to_string).collect();
            names.join(" ")
        }
    }
}

/// An event whose columns begin at this place.
fn pulled(row: &Row, place: usize) -> Result<PulledEvent, Failed> {
    let row = Columns(row);
    Ok(PulledEvent {
        seq: row.bits(place)?,
        received_at: row.instant(place + 1)?,
        bytes: row.get(place + 2)?,
    })
}

/// Every event of some streams, one stream after the other.
pub(super) async fn whole(
    transaction: &Transaction<'_>,
    streams: &[Stream],
) -> Result<Vec<PulledEvent>, Failed> {
    let statement = transaction
        .prepare_cached(
            "SELECT event.seq, event.received_at, event.bytes FROM event
             WHERE event.stream = (SELECT key FROM stream WHERE id = $1) ORDER BY event.seq",
        )
        .await?;
    let mut events = Vec::new();
    for stream in streams {
        let rows = transaction
            .query(&statement, &[&stream.to_string()])
            .await?;
        for row in &rows {
            events.push(pulled(row, 0)?);
        }
    }
    Ok(events)
}
