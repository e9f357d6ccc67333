//! Erasing somebody: every record that is about them gives its place to one that says nothing.

use deadpool_postgres::{Object, Transaction};
use wellfield_core::audit::AuditKey;
use wellfield_core::erasure::{Blind, ErasedSubjects};
use wellfield_core::ids::{DeviceId, EventId};
use wellfield_core::stream::Stream;
use wellfield_core::sync::server::Accepted;
use wellfield_core::sync::{OWN_ERASED_MAX, OwnErased};

use super::failure::Failed;
use super::rows::{self, Columns};
use super::{audit, events};
use crate::storage::Erasing;

/// So many events are looked at at a time.
const PAGE_EVENTS: i64 = 2000;

/// Everybody who was erased. Whoever asked this stands in the way of an erasure until their transaction
/// ends, so that nothing about somebody is stored after it was looked for.
pub(super) async fn erased(transaction: &Transaction<'_>) -> Result<ErasedSubjects, Failed> {
    let statement = transaction
        .prepare_cached("SELECT subject FROM erased")
        .await?;
    let rows = transaction.query(&statement, &[]).await?;
    let blinds = rows.iter().map(|row| Columns(row).bits(0).map(Blind));
    blinds.collect()
}

/// Erases. Answers how many records said something before.
pub(super) async fn erase(
    transaction: &Transaction<'_>,
    key: &AuditKey,
    erasing: &Erasing,
) -> Result<u64, Failed> {
    // It looks at every record, and takes as long as that takes.
    transaction
        .batch_execute("SET LOCAL statement_timeout = 0")
        .await?;
    // Whoever stores records asks first who was erased. Those who asked before are waited for, and those
    // who come now wait.
    transaction
        .batch_execute("LOCK TABLE erased IN ACCESS EXCLUSIVE MODE")
        .await?;
    let blinds: Vec<i64> = erasing
        .subjects
        .blinds()
        .map(|Blind(bits)| rows::bits(bits))
        .collect();
    transaction
        .execute(
            "INSERT INTO erased (subject) SELECT unnest($1::bigint[]) ON CONFLICT DO NOTHING",
            &[&blinds],
        )
        .await?;
    let mut records = set_aside(transaction, &erasing.subjects).await?;
    // In the order of the streams, as those who store records take their counters.
    let mut streams: Vec<Stream> = events::heads(transaction)
        .await?
        .into_iter()
        .map(|head| head.stream)
        .collect();
    streams.sort_unstable();
    for stream in streams {
        let found = in_stream(transaction, stream, &erasing.subjects).await?;
        if found > 0 {
            transaction
                .execute(
                    "UPDATE stream SET epoch = $2 WHERE id = $1",
                    &[&stream.to_string(), &i64::from(erasing.epoch)],
                )
                .await?;
        }
        records += found;
    }
    audit::append(transaction, key, erasing.entry(records)).await?;
    Ok(records)
}

/// Notes that devices are to be told of records of their own logs that were erased.
pub(super) async fn tell(
    transaction: &Transaction<'_>,
    records: impl IntoIterator<Item = EventId>,
) -> Result<(), Failed> {
    let records = records.into_iter();
    let (devices, numbers): (Vec<i64>, Vec<i64>) = records
        .filter(|event| event.device != DeviceId::SERVER)
        .map(|event| (rows::device(event.device), rows::bits(event.n)))
        .unzip();
    if devices.is_empty() {
        return Ok(());
    }
    let note = transaction
        .prepare_cached(
            "INSERT INTO own_erased (device, n) SELECT * FROM unnest($1::bigint[], $2::bigint[])
             ON CONFLICT DO NOTHING",
        )
        .await?;
    transaction.execute(&note, &[&devices, &numbers]).await?;
    Ok(())
}

/// What a device is to be told after a place.
pub(super) async fn own_erased(
    client: &Object,
    device: DeviceId,
    after: u64,
) -> Result<OwnErased, Failed> {
    let statement = client
        .prepare_cached(
            "SELECT place, n FROM own_erased WHERE device = $1 AND place > $2
             ORDER BY place LIMIT $3",
        )
        .await?;
    let limit = OWN_ERASED_MAX as i64;
    let after_bits = rows::bits(after);
    let found = client
        .query(&statement, &[&rows::device(device), &after_bits, &limit])
        .await?;
    let mut erased = OwnErased {
        numbers: Vec::with_capacity(found.len()),
        through: after,
    };
    for row in &found {
        erased.through = Columns(row).bits(0)?;
        erased.numbers.push(Columns(row).bits(1)?);
    }
    Ok(erased)
}

async fn in_stream(
    transaction: &Transaction<'_>,
    stream: Stream,
    subjects: &ErasedSubjects,
) -> Result<u64, Failed> {
    let part = transaction
        .prepare_cached(
            "SELECT seq, bytes FROM event
             WHERE stream = (SELECT key FROM stream WHERE id = $1) AND seq > $2
             ORDER BY seq LIMIT $3",
        )
        .await?;
    let replace = transaction
        .prepare_cached(
            "UPDATE event SET kind = $3, ver = $4, subject = NULL, hlc = $5, hash = $6, bytes = $7
             WHERE stream = (SELECT key FROM stream WHERE id = $1) AND seq = $2",
        )
        .await?;
    let name = stream.to_string();
    let (mut after, mut erased) = (0_i64, Vec::new());
    loop {
        let page = transaction
            .query(&part, &[&name, &after, &PAGE_EVENTS])
            .await?;
        let Some(last) = page.last() else {
            let records = erased.len() as u64;
            tell(transaction, erased).await?;
            return Ok(records);
        };
        after = Columns(last).get(0)?;
        for row in &page {
            let Some(tombstone) = subjects.tombstone_of(Columns(row).get(1)?) else {
                continue;
            };
            let Accepted { event, bytes, hash } = tombstone;
            let seq: i64 = Columns(row).get(0)?;
            transaction
                .execute(
                    &replace,
                    &[
                        &name,
                        &seq,
                        &i32::from(event.body.kind().0),
                        &i16::from(event.body.version()),
                        &rows::bits(event.at.0),
                        &hash.as_slice(),
                        &bytes,
                    ],
                )
                .await?;
            erased.push(event.id);
        }
    }
}

async fn set_aside(
    transaction: &Transaction<'_>,
    subjects: &ErasedSubjects,
) -> Result<u64, Failed> {
    let found = transaction
        .query(
            "SELECT device, n, bytes FROM quarantine WHERE NOT erased",
            &[],
        )
        .await?;
    let replace = transaction
        .prepare_cached(
            "UPDATE quarantine SET bytes = $3, hash = $4, erased = TRUE WHERE device = $1 AND n = $2",
        )
        .await?;
    let mut erased = Vec::new();
    for row in &found {
        let Some(tombstone) = subjects.tombstone_of(Columns(row).get(2)?) else {
            continue;
        };
        let place: (i64, i64) = (Columns(row).get(0)?, Columns(row).get(1)?);
        let hash = tombstone.hash.as_slice();
        transaction
            .execute(&replace, &[&place.0, &place.1, &tombstone.bytes, &hash])
            .await?;
        erased.push(EventId {
            device: Columns(row).device(0)?,
            n: Columns(row).bits(1)?,
        });
    }
    let records = erased.len() as u64;
    tell(transaction, erased).await?;
    Ok(records)
}
