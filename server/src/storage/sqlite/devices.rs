//! Devices: who they are, how far their logs are held, and when they were in contact.

use rusqlite::{Connection, OptionalExtension, Row, named_params};
use wellfield_core::audit::AuditKey;
use wellfield_core::clock::Instant;
use wellfield_core::ids::DeviceId;
use wellfield_core::sync::DeviceState;
use wellfield_core::sync::server::DeviceStanding;

use super::audit;
use super::rows::{Column, Programmes};
use super::writer::Worked;
use crate::enrolment::TokenHash;
use crate::storage::{Caller, DeviceEntry, Revocation, RevokeRefused};

/// The device with this key, revoked or not.
pub(super) fn by_token(
    connection: &Connection,
    token: TokenHash,
) -> rusqlite::Result<Option<Caller>> {
    let mut statement = connection.prepare_cached(
        "SELECT id, role, programmes, max_n, revoked, pending, last_seen FROM device WHERE token_hash = ?1",
    )?;
    let caller = |row: &Row<'_>| {
        Ok(Caller {
            standing: DeviceStanding {
                device: DeviceId(row.get(0)?),
                role: row.get::<_, Column<_>>(1)?.0,
                programmes: row.get::<_, Programmes>(2)?.0,
                max_n: row.get::<_, Column<_>>(3)?.0,
                revoked: row.get(4)?,
            },
            pending: row.get::<_, Column<_>>(5)?.0,
            last_seen: row.get::<_, Option<Column<_>>>(6)?.map(|Column(at)| at),
        })
    };
    statement.query_row([token.0], caller).optional()
}

/// The fingerprint of a device's key.
pub(super) fn key_of(
    connection: &Connection,
    device: DeviceId,
) -> rusqlite::Result<Option<TokenHash>> {
    let mut statement = connection.prepare_cached("SELECT token_hash FROM device WHERE id = ?1")?;
    let key: Option<Option<[u8; 32]>> = statement
        .query_row([device.0], |row| row.get(0))
        .optional()?;
    Ok(key.flatten().map(TokenHash))
}

/// Notes how far the log of a device is held, and that it was in contact.
pub(super) fn record_push(
    connection: &Connection,
    device: DeviceId,
    max_n: u64,
    pending: u64,
    now: Instant,
) -> rusqlite::Result<()> {
    let mut statement = connection.prepare_cached(
        "UPDATE device SET max_n = :max_n, pending = :pending, last_seen = :now WHERE id = :device",
    )?;
    statement.execute(named_params! {
        ":device": device.0,
        ":max_n": Column(max_n),
        ":pending": Column(pending),
        ":now": Column(now),
    })?;
    Ok(())
}

/// Notes that a device was in contact.
pub(super) fn record_contact(
    connection: &Connection,
    device: DeviceId,
    pending: u64,
    now: Instant,
) -> rusqlite::Result<()> {
    let mut statement = connection
        .prepare_cached("UPDATE device SET pending = ?2, last_seen = ?3 WHERE id = ?1")?;
    statement.execute((device.0, Column(pending), Column(now)))?;
    Ok(())
}

/// Shuts a device out. Its key stays, so that it is told why.
pub(super) fn revoke(
    connection: &Connection,
    key: &AuditKey,
    revocation: Revocation,
) -> Worked<(), RevokeRefused> {
    let device = revocation.device;
    if device == DeviceId::SERVER {
        return Ok(Err(RevokeRefused::NoDevice));
    }
    let changed = connection.execute("UPDATE device SET revoked = 1 WHERE id = ?1", [device.0])?;
    if changed != 1 {
        return Ok(Err(RevokeRefused::NoDevice));
    }
    audit::append(connection, key, revocation.entry()).map(Ok)
}

/// Every device but the server itself.
pub(super) fn all(connection: &Connection) -> rusqlite::Result<Vec<DeviceEntry>> {
    let mut statement = connection.prepare_cached(
        "SELECT id, name, staff_name, role, programmes, last_seen, max_n, pending, revoked
         FROM device WHERE id <> ?1 ORDER BY id",
    )?;
    let entry = |row: &Row<'_>| {
        Ok(DeviceEntry {
            state: DeviceState {
                device: DeviceId(row.get(0)?),
                name: row.get(1)?,
                staff_name: row.get(2)?,
                role: row.get::<_, Column<_>>(3)?.0,
                last_seen: row.get::<_, Option<Column<_>>>(5)?.map(|Column(at)| at),
                max_n: row.get::<_, Column<_>>(6)?.0,
                pending: row.get::<_, Column<_>>(7)?.0,
                revoked: row.get(8)?,
            },
            programmes: row.get::<_, Programmes>(4)?.0,
        })
    };
    statement.query_map([DeviceId::SERVER.0], entry)?.collect()
}
