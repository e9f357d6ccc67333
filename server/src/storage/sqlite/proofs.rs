//! What devices show with their requests, and the keys that they sign with.

use rusqlite::{Connection, OptionalExtension, Row, named_params};
use wellfield_core::audit::{Actor, AuditKey, Deed, NewEntry};
use wellfield_core::clock::Instant;
use wellfield_core::device_key::KeyHash;
use wellfield_core::ids::DeviceId;
use wellfield_core::sync::{Credential, DeviceProof, RenewRefused};

use super::rows::Column;
use super::writer::Worked;
use super::{audit, devices};
use crate::enrolment::TokenHash;
use crate::storage::{CredentialChange, Showing};

/// The device that shows this, and what is kept of what it shows.
pub(super) fn showing(
    connection: &Connection,
    shown: TokenHash,
) -> rusqlite::Result<Option<Showing>> {
    let mut statement = connection.prepare_cached(
        "SELECT device FROM device_proof WHERE shown = ?1
         UNION ALL SELECT device FROM device_proof WHERE next = ?1
         UNION ALL SELECT device FROM device_proof WHERE before = ?1
         UNION ALL SELECT id FROM device
           WHERE token_hash = ?1 AND id NOT IN (SELECT device FROM device_proof)
         LIMIT 1",
    )?;
    let device = statement.query_row([shown.0], |row| Ok(DeviceId(row.get(0)?)));
    let Some(device) = device.optional()? else {
        return Ok(None);
    };
    let Some(key) = devices::key_of(connection, device)? else {
        return Ok(None);
    };
    let caller = devices::by_token(connection, key)?;
    let proof = proof_of(connection, device)?;
    Ok(caller.map(|caller| Showing { caller, key, proof }))
}

fn proof_of(connection: &Connection, device: DeviceId) -> rusqlite::Result<Option<DeviceProof>> {
    let mut statement = connection.prepare_cached(
        "SELECT public_key, shown, next, before, changed_at FROM device_proof WHERE device = ?1",
    )?;
    let proof = |row: &Row<'_>| {
        Ok(DeviceProof {
            public_key: row.get(0)?,
            credential: Credential {
                shown: KeyHash(row.get(1)?),
                next: row.get::<_, Option<_>>(2)?.map(KeyHash),
                before: row.get::<_, Option<_>>(3)?.map(KeyHash),
                changed_at: row.get::<_, Column<_>>(4)?.0,
            },
        })
    };
    statement.query_row([device.0], proof).optional()
}

/// Keeps what there is to know the requests of a device by.
pub(super) fn put(
    connection: &Connection,
    device: DeviceId,
    proof: &DeviceProof,
) -> rusqlite::Result<()> {
    let Credential {
        shown,
        next,
        before,
        changed_at,
    } = proof.credential;
    connection.execute(
        "INSERT INTO device_proof (device, public_key, shown, next, before, changed_at)
         VALUES (:device, :key, :shown, :next, :before, :changed_at)
         ON CONFLICT (device) DO UPDATE SET public_key = :key, shown = :shown, next = :next,
           before = :before, changed_at = :changed_at",
        named_params! {
            ":device": device.0,
            ":key": proof.public_key,
            ":shown": shown.0,
            ":next": next.map(|next| next.0),
            ":before": before.map(|before| before.0),
            ":changed_at": Column(changed_at),
        },
    )?;
    Ok(())
}

/// Keeps what a device will show from now on.
pub(super) fn renew(
    connection: &Connection,
    change: &CredentialChange,
) -> Worked<(), RenewRefused> {
    let device = change.device;
    let kept = proof_of(connection, device)?;
    let Some(TokenHash(first)) = devices::key_of(connection, device)? else {
        return Ok(Err(RenewRefused::NoKey));
    };
    let asked = (KeyHash(change.next.0), change.public_key);
    match DeviceProof::renewed(kept, KeyHash(first), asked, change.now) {
        Ok(proof) => put(connection, device, &proof).map(Ok),
        Err(refused) => Ok(Err(refused)),
    }
}

/// What a device asked to show is shown.
pub(super) fn turn_over(
    connection: &Connection,
    device: DeviceId,
    next: TokenHash,
    now: Instant,
) -> rusqlite::Result<()> {
    let kept = proof_of(connection, device)?;
    match kept.and_then(|kept| kept.turned_over(KeyHash(next.0), now)) {
        Some(proof) => put(connection, device, &proof),
        None => Ok(()),
    }
}

/// Enters once that somebody showed what a device showed before.
pub(super) fn note_old(
    connection: &Connection,
    key: &AuditKey,
    device: DeviceId,
    now: Instant,
) -> rusqlite::Result<()> {
    let changed = connection.execute(
        "UPDATE device_proof SET old_noted = before WHERE device = ?1 AND old_noted IS NOT before",
        [device.0],
    )?;
    if changed == 1 {
        let entry = NewEntry {
            at: now,
            actor: Actor::Nobody,
            deed: Deed::OldKeyShown { device },
        };
        audit::append(connection, key, entry)?;
    }
    Ok(())
}
