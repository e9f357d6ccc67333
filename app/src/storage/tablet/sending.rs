//! What the tablet sends with while it is locked. It is sealed to the server, and to which of the server's
//! keys lies beside it.

use indexed_db_futures::database::Database;
use indexed_db_futures::transaction::Transaction;
use minicbor::bytes::{ByteArray, ByteVec};
use wellfield_core::sync::Keepsake;
use wellfield_core::vault::SealingKey;

use super::{GRANT, META, TabletStore};
use crate::storage::StoreError;
use crate::storage::connection::{Durability, reading, writing};
use crate::storage::rows::{decode, encode, get, put};
use crate::storage::vault::Vault;

/// A grant, and to which key it is sealed.
async fn kept(database: &Database) -> Result<Option<(SealingKey, Vec<u8>)>, StoreError> {
    let tx = reading(database, &[META])?;
    let row = get(&tx.object_store(META)?, GRANT).await?;
    // One that was damaged is as good as none: the next one takes its place.
    let kept = row.and_then(|row| decode::<(ByteArray<32>, ByteVec)>(&row).ok());
    Ok(kept.map(|(key, grant)| (SealingKey(key.into()), grant.into())))
}

/// Puts a grant for what is shown now in the place of the one that there is.
pub(super) async fn renew(
    tx: &Transaction<'_>,
    vault: &Vault,
    kept: &Keepsake,
) -> Result<(), StoreError> {
    let meta = tx.object_store(META)?;
    let row = get(&meta, GRANT).await?;
    let Some((to, _)) = row.and_then(|row| decode::<(ByteArray<32>, ByteVec)>(&row).ok()) else {
        return Ok(());
    };
    let Ok(grant) = vault.grant(kept.shown, SealingKey(to.into())) else {
        return Ok(());
    };
    put(&meta, GRANT, &encode((to, ByteVec::from(grant))))
}

/// Keeps a grant to this key, unless there is one.
async fn keep(
    database: &Database,
    vault: &Vault,
    shown: [u8; 32],
    to: SealingKey,
) -> Result<(), StoreError> {
    if kept(database).await?.is_some_and(|(key, _)| key == to) {
        return Ok(());
    }
    // A server that names no key to seal to has none that would open anything.
    let Ok(grant) = vault.grant(shown, to) else {
        return Ok(());
    };
    let row = encode((ByteArray::from(to.0), ByteVec::from(grant)));
    let tx = writing(database, &[META], Durability::Relaxed)?;
    put(&tx.object_store(META)?, GRANT, &row)?;
    Ok(tx.commit().await?)
}

impl TabletStore {
    /// What the tablet sends with while it is locked; nothing before it was open with signal once.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn grant(&self) -> Result<Option<Vec<u8>>, StoreError> {
        let found = self.connection.run(kept).await?;
        Ok(found.map(|(_, grant)| grant))
    }

    /// Keeps what the tablet sends with while it is locked, unless what is kept is for this key.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn keep_grant(&self, to: SealingKey) -> Result<(), StoreError> {
        let vault = self.vault()?;
        let keepsake = self.keepsake().await?;
        self.connection
            .run(async |database| keep(database, &vault, keepsake.shown, to).await)
            .await
    }
}
