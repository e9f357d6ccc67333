//! The lock, and who opens it. Each change reads the lock in the transaction that writes it, because
//! another tab may be at it too.

use indexed_db_futures::database::Database;
use indexed_db_futures::transaction::Transaction;
use wellfield_core::vault::{KeySlot, Lock, SlotId};

use super::{LOCK, META, TabletStore, identity_key};
use crate::storage::connection::{Durability, reading, writing};
use crate::storage::rows::{get, put};
use crate::storage::vault::{Sealed, Vault};
use crate::storage::{Identity, StoreError};

/// The lock; nothing before the device was set up.
pub(super) async fn lock(database: &Database) -> Result<Option<Lock>, StoreError> {
    read(&reading(database, &[META])?).await
}

async fn read(tx: &Transaction<'_>) -> Result<Option<Lock>, StoreError> {
    let row = get(&tx.object_store(META)?, LOCK).await?;
    let lock = row.map(|row| Lock::from_bytes(&row)).transpose();
    lock.map_err(|_| StoreError::Unreadable)
}

/// Reads the lock, changes it and puts it back.
async fn change(tx: &Transaction<'_>, change: impl FnOnce(&mut Lock)) -> Result<(), StoreError> {
    let mut lock = read(tx).await?.ok_or(StoreError::Unreadable)?;
    change(&mut lock);
    put(&tx.object_store(META)?, LOCK, &lock.to_bytes())
}

/// Adds somebody, in a transaction that writes more.
pub(in crate::storage) async fn add(
    vault: &Vault,
    tx: &Transaction<'_>,
    id: SlotId,
    slot: &KeySlot,
    identity: &Identity,
) -> Result<(), StoreError> {
    let mut fits = true;
    change(tx, |lock| fits = lock.put(id, slot.clone()).is_ok()).await?;
    if !fits {
        // The form looked before; another tab was first.
        return Err(StoreError::Overtaken);
    }
    let sealed = Sealed::begin(vault, tx).await?;
    let meta = tx.object_store(META)?;
    sealed.put(&meta, &identity_key(id), &identity.to_bytes())?;
    sealed.finish(tx)
}

/// Puts another secret in a slot that is there.
pub(super) async fn renew(
    database: &Database,
    id: SlotId,
    slot: &KeySlot,
) -> Result<(), StoreError> {
    let tx = writing(database, &[META], Durability::Strict)?;
    change(&tx, |lock| {
        // In the place of a slot there is always room.
        let _ = lock.put(id, slot.clone());
    })
    .await?;
    Ok(tx.commit().await?)
}

/// Lets a passkey open the tablet in the place of somebody's words.
async fn add_passkey(
    database: &Database,
    (id, slot): (SlotId, &KeySlot),
    owner: SlotId,
) -> Result<(), StoreError> {
    let tx = writing(database, &[META], Durability::Strict)?;
    let mut fits = true;
    change(&tx, |lock| {
        fits = lock.put_passkey(id, slot.clone(), owner).is_ok();
    })
    .await?;
    if !fits {
        return Err(StoreError::Overtaken);
    }
    Ok(tx.commit().await?)
}

/// Takes a passkey away; nobody goes with it.
async fn remove_passkey(database: &Database, id: SlotId) -> Result<(), StoreError> {
    let tx = writing(database, &[META], Durability::Strict)?;
    change(&tx, |lock| lock.remove(id)).await?;
    Ok(tx.commit().await?)
}

/// Takes a slot away, and who it belonged to.
pub(super) async fn take_away(
    database: &Database,
    vault: &Vault,
    id: SlotId,
) -> Result<(), StoreError> {
    let tx = writing(database, &[META], Durability::Strict)?;
    change(&tx, |lock| lock.remove(id)).await?;
    let sealed = Sealed::begin(vault, &tx).await?;
    sealed.delete(&tx.object_store(META)?, &identity_key(id))?;
    sealed.finish(&tx)?;
    Ok(tx.commit().await?)
}

/// Who opens the tablet, by their slots.
pub(super) async fn all(
    database: &Database,
    vault: &Vault,
) -> Result<Vec<(SlotId, Identity)>, StoreError> {
    let tx = reading(database, &[META])?;
    let meta = tx.object_store(META)?;
    let lock = read(&tx).await?.ok_or(StoreError::Unreadable)?;
    let sealed = Sealed::begin(vault, &tx).await?;
    let mut people = Vec::new();
    for slot in lock.people() {
        let row = sealed.get(&meta, &identity_key(slot)).await?;
        let identity = row.and_then(|row| Identity::from_bytes(&row).ok());
        people.extend(identity.map(|identity| (slot, identity)));
    }
    Ok(people)
}

impl TabletStore {
    /// Lets a passkey open this tablet in the place of somebody's words.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn add_passkey(
        &self,
        passkey: (SlotId, &KeySlot),
        owner: SlotId,
    ) -> Result<(), StoreError> {
        self.connection
            .run(async |database| add_passkey(database, passkey, owner).await)
            .await
    }

    /// Takes a passkey away.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn remove_passkey(&self, id: SlotId) -> Result<(), StoreError> {
        self.connection
            .run(async |database| remove_passkey(database, id).await)
            .await
    }
}
