//! Erasing somebody: every record that is about them gives its place to one that says nothing.

use rusqlite::{Connection, Row};
use wellfield_core::audit::AuditKey;
use wellfield_core::erasure::{Blind, ErasedSubjects};
use wellfield_core::ids::{DeviceId, EventId};
use wellfield_core::stream::Stream;
use wellfield_core::sync::server::Accepted;
use wellfield_core::sync::{OWN_ERASED_MAX, OwnErased};

use super::rows::{Column, Written};
use super::{audit, events};
use crate::storage::Erasing;

/// So many events are looked at at a time.
const PAGE_EVENTS: usize = 2000;

/// Everybody who was erased.
pub(super) fn erased(connection: &Connection) -> rusqlite::Result<ErasedSubjects> {
    let mut statement = connection.prepare_cached("SELECT subject FROM erased")?;
    let blind = |row: &Row<'_>| row.get::<_, Column<_>>(0).map(|Column(bits)| Blind(bits));
    statement.query_map([], blind)?.collect()
}

/// Erases. Answers how many records said something before.
pub(super) fn erase(
    connection: &Connection,
    key: &AuditKey,
    erasing: &Erasing,
) -> rusqlite::Result<u64> {
    let mut remember = connection
        .prepare_cached("INSERT INTO erased (subject) VALUES (?1) ON CONFLICT DO NOTHING")?;
    for Blind(bits) in erasing.subjects.blinds() {
        remember.execute([Column(bits)])?;
    }
    let mut records = set_aside(connection, &erasing.subjects)?;
    for head in events::heads(connection)? {
        let found = in_stream(connection, head.stream, &erasing.subjects)?;
        if found > 0 {
            connection.execute(
                "UPDATE stream SET epoch = ?2 WHERE id = ?1",
                (Written(head.stream), erasing.epoch),
            )?;
        }
        records += found;
    }
    audit::append(connection, key, erasing.entry(records))?;
    Ok(records)
}

/// Notes that a device is to be told of records of its own log that were erased.
pub(super) fn tell(
    connection: &Connection,
    records: impl IntoIterator<Item = EventId>,
) -> rusqlite::Result<()> {
    let mut note = connection.prepare_cached(
        "INSERT INTO own_erased (device, n) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
    )?;
    let of_devices = records.into_iter();
    for event in of_devices.filter(|event| event.device != DeviceId::SERVER) {
        note.execute((event.device.0, Column(event.n)))?;
    }
    Ok(())
}

/// What a device is to be told after a place.
pub(super) fn own_erased(
    connection: &Connection,
    device: DeviceId,
    after: u64,
) -> rusqlite::Result<OwnErased> {
    let mut statement = connection.prepare_cached(
        "SELECT place, n FROM own_erased WHERE device = ?1 AND place > ?2 ORDER BY place LIMIT ?3",
    )?;
    let mut rows = statement.query((device.0, Column(after), Column(OWN_ERASED_MAX as u64)))?;
    let mut erased = OwnErased {
        numbers: Vec::new(),
        through: after,
    };
    while let Some(row) = rows.next()? {
        erased.through = row.get::<_, Column<u64>>(0)?.0;
        erased.numbers.push(row.get::<_, Column<u64>>(1)?.0);
    }
    Ok(erased)
}

fn in_stream(
    connection: &Connection,
    stream: Stream,
    subjects: &ErasedSubjects,
) -> rusqlite::Result<u64> {
    let mut replace = connection.prepare_cached(
        "UPDATE event SET kind = ?3, ver = ?4, subject = NULL, hlc = ?5, hash = ?6, bytes = ?7
         WHERE stream = (SELECT key FROM stream WHERE id = ?1) AND seq = ?2",
    )?;
    let (mut after, mut records) = (0, 0);
    loop {
        let page = events::part(connection, stream, after, PAGE_EVENTS)?;
        let Some(last) = page.last() else {
            return Ok(records);
        };
        after = last.seq;
        for pulled in &page {
            let Some(tombstone) = subjects.tombstone_of(&pulled.bytes) else {
                continue;
            };
            let Accepted { event, bytes, hash } = tombstone;
            replace.execute((
                Written(stream),
                Column(pulled.seq),
                event.body.kind().0,
                event.body.version(),
                Column(event.at.0),
                hash,
                bytes,
            ))?;
            tell(connection, [event.id])?;
            records += 1;
        }
    }
}

fn set_aside(connection: &Connection, subjects: &ErasedSubjects) -> rusqlite::Result<u64> {
    let mut statement =
        connection.prepare_cached("SELECT device, n, bytes FROM quarantine WHERE erased = 0")?;
    let mut rows = statement.query([])?;
    let mut tombstones = Vec::new();
    while let Some(row) = rows.next()? {
        let place: (u32, i64) = (row.get(0)?, row.get(1)?);
        let bytes: Vec<u8> = row.get(2)?;
        tombstones.extend(
            subjects
                .tombstone_of(&bytes)
                .map(|tombstone| (place, tombstone)),
        );
    }
    let mut replace = connection.prepare_cached(
        "UPDATE quarantine SET bytes = ?3, hash = ?4, erased = 1 WHERE device = ?1 AND n = ?2",
    )?;
    for ((device, n), tombstone) in &tombstones {
        replace.execute((device, n, &tombstone.bytes, tombstone.hash))?;
        let event = EventId {
            device: DeviceId(*device),
            n: n.cast_unsigned(),
        };
        tell(connection, [event])?;
    }
    Ok(tombstones.len() as u64)
}
