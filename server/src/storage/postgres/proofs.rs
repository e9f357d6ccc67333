//! What devices show with their requests, and the keys that they sign with.

use deadpool_postgres::{GenericClient, Transaction};
use wellfield_core::audit::{Actor, AuditKey, Deed, NewEntry};
use wellfield_core::clock::Instant;
use wellfield_core::device_key::KeyHash;
use wellfield_core::ids::DeviceId;
use wellfield_core::sync::{Credential, DeviceProof, RenewRefused};

use super::failure::Failed;
use super::rows::{self, Columns};
use super::writer::Worked;
use super::{audit, devices};
use crate::enrolment::TokenHash;
use crate::storage::{CredentialChange, Showing};

/// The device that shows this, and what is kept of what it shows.
pub(super) async fn showing(
    client: &impl GenericClient,
    shown: TokenHash,
) -> Result<Option<Showing>, Failed> {
    let statement = client
        .prepare_cached(
            "SELECT device FROM device_proof WHERE shown = $1
             UNION ALL SELECT device FROM device_proof WHERE next = $1
             UNION ALL SELECT device FROM device_proof WHERE before = $1
             UNION ALL SELECT id FROM device
               WHERE token_hash = $1 AND id NOT IN (SELECT device FROM device_proof)
             LIMIT 1",
        )
        .await?;
    let found = client.query_opt(&statement, &[&shown.0.as_slice()]).await?;
    let Some(row) = found else {
        return Ok(None);
    };
    let device = Columns(&row).device(0)?;
    let Some(key) = devices::key_of(client, device).await? else {
        return Ok(None);
    };
    let caller = devices::by_token(client, key).await?;
    let proof = proof_of(client, device).await?;
    Ok(caller.map(|caller| Showing { caller, key, proof }))
}

async fn proof_of(
    client: &impl GenericClient,
    device: DeviceId,
) -> Result<Option<DeviceProof>, Failed> {
    let statement = client
        .prepare_cached(
            "SELECT public_key, shown, next, before, changed_at FROM device_proof WHERE device = $1",
        )
        .await?;
    let found = client
        .query_opt(&statement, &[&rows::device(device)])
        .await?;
    let Some(row) = found else {
        return Ok(None);
    };
    let row = Columns(&row);
    let public_key = row.get::<&[u8]>(0)?.try_into();
    let hash_if_any = |place| -> Result<_, Failed> {
        let bytes = row.get::<Option<&[u8]>>(place)?;
        let hash = bytes.map(TryInto::try_into).transpose();
        let hash: Option<[u8; 32]> = hash.map_err(|_| Failed::Unreadable("a fingerprint"))?;
        Ok(hash.map(KeyHash))
    };
    Ok(Some(DeviceProof {
        public_key: public_key.map_err(|_| Failed::Unreadable("a public key"))?,
        credential: Credential {
            shown: KeyHash(row.hash(1)?),
            next: hash_if_any(2)?,
            before: hash_if_any(3)?,
            changed_at: row.instant(4)?,
        },
    }))
}

/// Keeps what there is to know the requests of a device by.
pub(super) async fn put(
    transaction: &Transaction<'_>,
    device: DeviceId,
    proof: &DeviceProof,
) -> Result<(), Failed> {
    let Credential {
        shown,
        next,
        before,
        changed_at,
    } = &proof.credential;
    let bytes = |hash: &Option<KeyHash>| hash.map(|hash| hash.0.to_vec());
    transaction
        .execute(
            "INSERT INTO device_proof (device, public_key, shown, next, before, changed_at)
             VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (device) DO UPDATE SET public_key = $2, shown = $3, next = $4,
               before = $5, changed_at = $6",
            &[
                &rows::device(device),
                &proof.public_key.as_slice(),
                &shown.0.as_slice(),
                &bytes(next),
                &bytes(before),
                &rows::instant(*changed_at),
            ],
        )
        .await?;
    Ok(())
}

/// What is kept of a device that signs. Its row is locked: one request at a time changes it.
async fn lock(
    transaction: &Transaction<'_>,
    device: DeviceId,
) -> Result<Option<DeviceProof>, Failed> {
    transaction
        .query(
            "SELECT id FROM device WHERE id = $1 FOR UPDATE",
            &[&rows::device(device)],
        )
        .await?;
    proof_of(transaction, device).await
}

/// Keeps what a device will show from now on.
pub(super) async fn renew(
    transaction: &Transaction<'_>,
    change: &CredentialChange,
) -> Worked<(), RenewRefused> {
    let device = change.device;
    let kept = lock(transaction, device).await?;
    let Some(TokenHash(first)) = devices::key_of(transaction, device).await? else {
        return Ok(Err(RenewRefused::NoKey));
    };
    let asked = (KeyHash(change.next.0), change.public_key);
    match DeviceProof::renewed(kept, KeyHash(first), asked, change.now) {
        Ok(proof) => put(transaction, device, &proof).await.map(Ok),
        Err(refused) => Ok(Err(refused)),
    }
}

/// What a device asked to show is shown.
pub(super) async fn turn_over(
    transaction: &Transaction<'_>,
    device: DeviceId,
    next: TokenHash,
    now: Instant,
) -> Result<(), Failed> {
    let kept = lock(transaction, device).await?;
    match kept.and_then(|kept| kept.turned_over(KeyHash(next.0), now)) {
        Some(proof) => put(transaction, device, &proof).await,
        None => Ok(()),
    }
}

/// Enters once that somebody showed what a device showed before.
pub(super) async fn note_old(
    transaction: &Transaction<'_>,
    key: &AuditKey,
    device: DeviceId,
    now: Instant,
) -> Result<(), Failed> {
    let changed = transaction
        .execute(
            "UPDATE device_proof SET old_noted = before
             WHERE device = $1 AND old_noted IS DISTINCT FROM before",
            &[&rows::device(device)],
        )
        .await?;
    if changed == 1 {
        let entry = NewEntry {
            at: now,
            actor: Actor::Nobody,
            deed: Deed::OldKeyShown { device },
        };
        audit::append(transaction, key, entry).await?;
    }
    Ok(())
}
