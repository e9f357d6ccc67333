//! Devices: who they are, how far their logs are held, and when they were in contact.

use std::collections::BTreeMap;

use deadpool_postgres::{GenericClient, Transaction};
use tokio_postgres::Row;
use wellfield_core::audit::AuditKey;
use wellfield_core::clock::Instant;
use wellfield_core::ids::DeviceId;
use wellfield_core::sync::DeviceState;
use wellfield_core::sync::server::DeviceStanding;

use super::audit;
use super::failure::Failed;
use super::rows::{self, Columns};
use super::writer::Worked;
use crate::enrolment::TokenHash;
use crate::storage::{Caller, DeviceEntry, Revocation, RevokeRefused};

/// The device with this key, revoked or not.
pub(super) async fn by_token(
    client: &impl GenericClient,
    token: TokenHash,
) -> Result<Option<Caller>, Failed> {
    let statement = client
        .prepare_cached(
            "SELECT id, role, programmes, max_n, revoked, pending, last_seen, token_hash
             FROM device WHERE token_hash = $1",
        )
        .await?;
    let found = client.query_opt(&statement, &[&token.0.as_slice()]).await?;
    found.map(|row| caller(&row)).transpose()
}

/// The fingerprint of a device's key.
pub(super) async fn key_of(
    client: &impl GenericClient,
    device: DeviceId,
) -> Result<Option<TokenHash>, Failed> {
    let statement = client
        .prepare_cached("SELECT token_hash FROM device WHERE id = $1 AND token_hash IS NOT NULL")
        .await?;
    let found = client
        .query_opt(&statement, &[&rows::device(device)])
        .await?;
    found
        .map(|row| Columns(&row).hash(0).map(TokenHash))
        .transpose()
}

/// The devices with these keys, locked until the transaction ends: their logs grow here and nowhere
/// else, even if another server has a push of the same device. They are locked in the order of their
/// numbers, so that two transactions cannot wait for each other in a circle.
pub(super) async fn lock_by_token(
    transaction: &Transaction<'_>,
    tokens: &[TokenHash],
) -> Result<BTreeMap<[u8; 32], Caller>, Failed> {
    let statement = transaction
        .prepare_cached(
            "SELECT id, role, programmes, max_n, revoked, pending, last_seen, token_hash
             FROM device WHERE token_hash = ANY ($1) ORDER BY id FOR UPDATE",
        )
        .await?;
    let tokens: Vec<&[u8]> = tokens.iter().map(|token| token.0.as_slice()).collect();
    let rows = transaction.query(&statement, &[&tokens]).await?;
    rows.iter()
        .map(|row| Ok((Columns(row).hash(7)?, caller(row)?)))
        .collect()
}

fn caller(row: &Row) -> Result<Caller, Failed> {
    let row = Columns(row);
    Ok(Caller {
        standing: DeviceStanding {
            device: row.device(0)?,
            role: row.role(1)?,
            programmes: row.programmes(2)?,
            max_n: row.bits(3)?,
            revoked: row.get(4)?,
        },
        pending: row.bits(5)?,
        last_seen: row.instant_if_any(6)?,
    })
}

/// How far the server's own log goes. Its row is locked until the transaction ends, so that one at a
/// time adds to that log.
pub(super) async fn lock_own_log(transaction: &Transaction<'_>) -> Result<u64, Failed> {
    let statement = transaction
        .prepare_cached("SELECT max_n FROM device WHERE id = $1 FOR UPDATE")
        .await?;
    let server = rows::device(DeviceId::SERVER);
    Columns(&transaction.query_one(&statement, &[&server]).await?).bits(0)
}

/// How far the log of a device is held now, and what it holds unsent.
pub(super) struct Pushed {
    pub(super) device: DeviceId,
    pub(super) max_n: u64,
    pub(super) pending: u64,
    pub(super) now: Instant,
}

/// Notes how far the logs of devices are held, and that they were in contact. Their rows are locked.
pub(super) async fn record_pushes(
    transaction: &Transaction<'_>,
    pushes: &[Pushed],
) -> Result<(), Failed> {
    let statement = transaction
        .prepare_cached(
            "UPDATE device SET max_n = pushed.max_n, pending = pushed.pending, last_seen = pushed.now
             FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[])
               AS pushed (device, max_n, pending, now)
             WHERE device.id = pushed.device",
        )
        .await?;
    let column = |value: fn(&Pushed) -> i64| -> Vec<i64> { pushes.iter().map(value).collect() };
    transaction
        .execute(
            &statement,
            &[
                &column(|push| rows::device(push.device)),
                &column(|push| rows::bits(push.max_n)),
                &column(|push| rows::bits(push.pending)),
                &column(|push| rows::instant(push.now)),
            ],
        )
        .await?;
    Ok(())
}

/// A device was in contact.
#[derive(Clone, Copy, Debug)]
pub(super) struct Contact {
    pub(super) pending: u64,
    pub(super) now: Instant,
}

/// Notes that devices were in contact. One that is locked is left out: whoever locked it notes a
/// contact of its own, and waiting could end in a circle.
pub(super) async fn record_contacts(
    transaction: &Transaction<'_>,
    contacts: &BTreeMap<DeviceId, Contact>,
) -> Result<(), Failed> {
    // Nobody waits for this, so it need not wait for the disk.
    transaction
        .batch_execute("SET LOCAL synchronous_commit = off")
        .await?;
    let statement = transaction
        .prepare_cached(
            "UPDATE device SET pending = seen.pending, last_seen = seen.now
             FROM unnest($1::bigint[], $2::bigint[], $3::bigint[]) AS seen (device, pending, now)
             WHERE device.id = seen.device AND device.id IN
               (SELECT id FROM device WHERE id = ANY ($1) ORDER BY id FOR UPDATE SKIP LOCKED)",
        )
        .await?;
    let devices: Vec<i64> = contacts
        .keys()
        .map(|device| rows::device(*device))
        .collect();
    let pending: Vec<i64> = contacts
        .values()
        .map(|contact| rows::bits(contact.pending))
        .collect();
    let now: Vec<i64> = contacts
        .values()
        .map(|contact| rows::instant(contact.now))
        .collect();
    transaction
        .execute(&statement, &[&devices, &pending, &now])
        .await?;
    Ok(())
}

/// Shuts a device out. Its key stays, so that it is told why.
pub(super) async fn revoke(
    transaction: &Transaction<'_>,
    key: &AuditKey,
    revocation: Revocation,
) -> Worked<(), RevokeRefused> {
    let device = revocation.device;
    if device == DeviceId::SERVER {
        return Ok(Err(RevokeRefused::NoDevice));
    }
    let changed = transaction
        .execute(
            "UPDATE device SET revoked = TRUE WHERE id = $1",
            &[&rows::device(device)],
        )
        .await?;
    if changed != 1 {
        return Ok(Err(RevokeRefused::NoDevice));
    }
    audit::append(transaction, key, revocation.entry())
        .await
        .map(Ok)
}

/// Every device but the server itself.
pub(super) async fn all(transaction: &Transaction<'_>) -> Result<Vec<DeviceEntry>, Failed> {
    let statement = transaction
        .prepare_cached(
            "SELECT id, name, staff_name, role, programmes, last_seen, max_n, pending, revoked
             FROM device WHERE id <> $1 ORDER BY id",
        )
        .await?;
    let server = rows::device(DeviceId::SERVER);
    let rows = transaction.query(&statement, &[&server]).await?;
    let entry = |row: &Row| {
        let row = Columns(row);
        Ok(DeviceEntry {
            state: DeviceState {
                device: row.device(0)?,
                name: row.get(1)?,
                staff_name: row.get(2)?,
                role: row.role(3)?,
                last_seen: row.instant_if_any(5)?,
                max_n: row.bits(6)?,
                pending: row.bits(7)?,
                revoked: row.get(8)?,
            },
            programmes: row.programmes(4)?,
        })
    };
    rows.iter().map(entry).collect()
}
