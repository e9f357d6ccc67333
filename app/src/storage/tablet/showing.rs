//! What this device shows with its requests, sealed, and the key that it signs them with, which the browser keeps.
//!
//! The key lies beside the sealed rows as the browser's own object. Whoever copies the disk may find it, and has
//! nothing to show with it; a locked tablet needs it to send.

use indexed_db_futures::database::Database;
use indexed_db_futures::prelude::*;
use indexed_db_futures::transaction::Transaction;
use wellfield_core::sync::Keepsake;

use super::{KEEPSAKE, KEY_PAIR, META, TabletStore, identity_key, sending};
use crate::signing::KeyPair;
use crate::storage::connection::{Durability, reading, writing};
use crate::storage::rows::get_value;
use crate::storage::vault::{Sealed, Vault};
use crate::storage::{Identity, StoreError};

async fn key_pair(database: &Database) -> Result<Option<KeyPair>, StoreError> {
    let tx = reading(database, &[META])?;
    let pair = get_value(&tx.object_store(META)?, KEY_PAIR).await?;
    Ok(pair.map(KeyPair))
}

/// Keeps the key, in a transaction that writes more.
pub(in crate::storage) fn put_key_pair(
    tx: &Transaction<'_>,
    pair: &KeyPair,
) -> Result<(), StoreError> {
    tx.object_store(META)?
        .put(pair.0.clone())
        .with_key(KEY_PAIR.to_owned())
        .without_key_type()
        .primitive()?;
    Ok(())
}

async fn keep(
    database: &Database,
    vault: &Vault,
    kept: &Keepsake,
    pair: Option<&KeyPair>,
) -> Result<(), StoreError> {
    let tx = writing(database, &[META], Durability::Strict)?;
    let sealed = Sealed::begin(vault, &tx).await?;
    sealed.put(&tx.object_store(META)?, KEEPSAKE, &kept.to_bytes())?;
    sealed.finish(&tx)?;
    if let Some(pair) = pair {
        put_key_pair(&tx, pair)?;
    }
    sending::renew(&tx, vault, kept).await?;
    Ok(tx.commit().await?)
}

impl TabletStore {
    /// The key that this device signs with; nothing where it was set up before devices signed.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn key_pair(&self) -> Result<Option<KeyPair>, StoreError> {
        let known = self.key_pair.borrow().clone();
        if known.is_some() {
            return Ok(known);
        }
        let pair = self.connection.run(key_pair).await?;
        self.key_pair.replace(pair.clone());
        Ok(pair)
    }

    /// What this device shows, as it is remembered.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn keepsake(&self) -> Result<Keepsake, StoreError> {
        let known = self.keepsake.borrow().clone();
        match known {
            Some(known) => Ok(known),
            None => self.keepsake_anew().await,
        }
    }

    /// What this device shows, as it lies on the disk.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn keepsake_anew(&self) -> Result<Keepsake, StoreError> {
        let row = self.kept(META, KEEPSAKE).await?;
        let kept = match row.and_then(|row| Keepsake::from_bytes(&row).ok()) {
            Some(kept) => kept,
            // What the device was given when it joined.
            None => {
                let key = identity_key(self.vault()?.slot);
                let row = self.kept(META, &key).await?;
                let identity = Identity::from_bytes(&row.ok_or(StoreError::Unreadable)?)?;
                Keepsake::begin(identity.token)
            }
        };
        self.keepsake.replace(Some(kept.clone()));
        Ok(kept)
    }

    /// Keeps what this device shows. What it sends with while it is locked changes with it.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn keep_keepsake(&self, kept: &Keepsake) -> Result<(), StoreError> {
        self.keep_shown(kept, None).await
    }

    /// Keeps what this device is about to ask to show, and the key that it signs with.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn keep_asking(&self, kept: &Keepsake, pair: &KeyPair) -> Result<(), StoreError> {
        self.keep_shown(kept, Some(pair)).await?;
        self.key_pair.replace(Some(pair.clone()));
        Ok(())
    }

    async fn keep_shown(&self, kept: &Keepsake, pair: Option<&KeyPair>) -> Result<(), StoreError> {
        let vault = self.vault()?;
        self.connection
            .run(async |database| keep(database, &vault, kept, pair).await)
            .await?;
        self.keepsake.replace(Some(kept.clone()));
        Ok(())
    }
}
