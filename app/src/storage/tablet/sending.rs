//! What the tablet sends with while it is locked. It is sealed to the server, and to which of the server's
//! keys lies beside it.

use indexed_db_futures::database::Database;
use minicbor::bytes::{ByteArray, ByteVec};
use wellfield_core::vault::SealingKey;

use super::{GRANT, META};
use crate::storage::connection::{Durability, reading, writing};
use crate::storage::rows::{decode, encode, get, put};
use crate::storage::vault::Vault;
use crate::storage::{Identity, StoreError};

/// A grant, and to which key it is sealed.
pub(super) async fn kept(database: &Database) -> Result<Option<(SealingKey, Vec<u8>)>, StoreError> {
    let tx = reading(database, &[META])?;
    let row = get(&tx.object_store(META)?, GRANT).await?;
    // One that was damaged is as good as none: the next one takes its place.
    let kept = row.and_then(|row| decode::<(ByteArray<32>, ByteVec)>(&row).ok());
    Ok(kept.map(|(key, grant)| (SealingKey(key.into()), grant.into())))
}

/// Keeps a grant to this key, unless there is one.
pub(super) async fn keep(
    database: &Database,
    vault: &Vault,
    identity: &Identity,
    to: SealingKey,
) -> Result<(), StoreError> {
    if kept(database).await?.is_some_and(|(key, _)| key == to) {
        return Ok(());
    }
    // A server that names no key to seal to has none that would open anything.
    let Ok(grant) = vault.grant(identity.token, to) else {
        return Ok(());
    };
    let row = encode((ByteArray::from(to.0), ByteVec::from(grant)));
    let tx = writing(database, &[META], Durability::Relaxed)?;
    put(&tx.object_store(META)?, GRANT, &row)?;
    Ok(tx.commit().await?)
}
