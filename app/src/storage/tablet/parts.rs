//! Parts of snapshots on the disk of a tablet, until all of one are here.
//!
//! They lie beside the blocks, under keys that begin with `~#`, the stream's name and the snapshot's: no
//! name of a stream has such a character, and what begins with `~` is not shown. That a snapshot is begun
//! lies beside the cursors.

use indexed_db_futures::KeyRange;
use indexed_db_futures::database::Database;
use indexed_db_futures::object_store::ObjectStore;
use indexed_db_futures::prelude::*;
use wellfield_core::start::StartCopy;
use wellfield_core::sync::{Snapshot, encode_cursor};

use super::super::StoreError;
use super::super::connection::{Durability, writing};
use super::super::rows::delete;
use super::super::vault::{Sealed, Vault};
use super::streams::{block_key, cursor, delete_range};
use super::{BLOCKS, CURSORS, META, START};

const PARTS: &str = "~#";

/// The keys under which it lies, beside the cursors, that a snapshot is on its way begin with this. They
/// sort after everything else there.
pub(super) const BEGUN: &str = "~~";

/// Where it lies that a snapshot of a stream is on its way.
pub(super) fn begun(name: &str) -> String {
    format!("{BEGUN}{name}")
}

/// Which parts of a snapshot lie here. Those of another one of the stream are deleted: it has a longer
/// one by now, or another epoch.
pub(super) async fn held(
    database: &Database,
    vault: &Vault,
    snapshot: &Snapshot,
) -> Result<Vec<u32>, StoreError> {
    let tx = writing(database, &[META, BLOCKS, CURSORS], Durability::Relaxed)?;
    let sealed = Sealed::begin(vault, &tx).await?;
    let blocks = tx.object_store(BLOCKS)?;
    let stream = vault.stream_name(snapshot.cursor.stream);
    let ours = name(&stream, snapshot);
    let mut held = Vec::new();
    for key in keys_in(&blocks, of_stream(&stream)).await? {
        match key
            .strip_prefix(&ours)
            .and_then(|number| number.parse().ok())
        {
            Some(part) => held.push(part),
            None => delete(&blocks, &key)?,
        }
    }
    let cursors = tx.object_store(CURSORS)?;
    sealed.put(&cursors, &begun(&stream), &encode_cursor(snapshot.cursor))?;
    sealed.finish(&tx)?;
    tx.commit().await?;
    Ok(held)
}

/// Keeps a part.
pub(super) async fn save(
    database: &Database,
    vault: &Vault,
    snapshot: &Snapshot,
    part: u32,
    bytes: &[u8],
) -> Result<(), StoreError> {
    let tx = writing(database, &[META, BLOCKS], Durability::Relaxed)?;
    let sealed = Sealed::begin(vault, &tx).await?;
    let stream = vault.stream_name(snapshot.cursor.stream);
    let key = format!("{}{part:04}", name(&stream, snapshot));
    sealed.put(&tx.object_store(BLOCKS)?, &key, bytes)?;
    sealed.finish(&tx)?;
    Ok(tx.commit().await?)
}

/// Puts the blocks of a snapshot in place and deletes its parts. The copy for the start was made of what
/// first screens need of it, and goes too: with the blocks in place everything can be read.
pub(super) async fn install(
    database: &Database,
    vault: &Vault,
    snapshot: &Snapshot,
) -> Result<(), StoreError> {
    let tx = writing(database, &[BLOCKS, CURSORS, META], Durability::Relaxed)?;
    let sealed = Sealed::begin(vault, &tx).await?;
    let (blocks, cursors) = (tx.object_store(BLOCKS)?, tx.object_store(CURSORS)?);
    let shown = vault.stream_name(snapshot.cursor.stream);
    if cursor(&sealed, &cursors, &shown).await?.is_some() {
        return Err(StoreError::Overtaken);
    }
    let prefix = name(&shown, snapshot);
    let range = || KeyRange::Bound(prefix.clone(), false, format!("{prefix}~"), false);
    let parts = sealed.rows_in(&blocks, range).await?;
    delete_range(&blocks, of_stream(&shown))?;
    delete(&cursors, &begun(&shown))?;
    let made = snapshot.blocks(&parts);
    if let Ok(made) = &made {
        for block in made {
            sealed.put(&blocks, &block_key(&shown, block.first_seq), &block.bytes)?;
        }
        sealed.put(&cursors, &shown, &encode_cursor(snapshot.cursor))?;
        delete(&tx.object_store(META)?, START)?;
    }
    sealed.finish(&tx)?;
    tx.commit().await?;
    // What was damaged is gone, so that it is fetched again.
    made.map(drop).map_err(|_| StoreError::Unreadable)
}

/// Keeps what first screens need, with that of another stream whose snapshot is on its way too.
pub(super) async fn save_front(
    database: &Database,
    vault: &Vault,
    front: &StartCopy,
) -> Result<(), StoreError> {
    let tx = writing(database, &[META], Durability::Relaxed)?;
    let sealed = Sealed::begin(vault, &tx).await?;
    let meta = tx.object_store(META)?;
    let there = sealed.get(&meta, START).await?;
    let there = there.and_then(|row| StartCopy::from_bytes(&row).ok());
    let joined = front.clone().joined(there);
    sealed.put(&meta, START, &joined.to_bytes())?;
    sealed.finish(&tx)?;
    Ok(tx.commit().await?)
}

/// The keys of all parts of snapshots of a stream.
pub(super) fn of_stream(name: &str) -> KeyRange<String> {
    let prefix = format!("{PARTS}{name}|");
    KeyRange::Bound(prefix.clone(), false, format!("{prefix}~"), false)
}

/// What the keys of a snapshot's parts begin with.
fn name(stream: &str, snapshot: &Snapshot) -> String {
    format!("{PARTS}{stream}|{}|", snapshot.name())
}

async fn keys_in(
    store: &ObjectStore<'_>,
    range: KeyRange<String>,
) -> Result<Vec<String>, StoreError> {
    let keys = store
        .get_all_keys::<String>()
        .with_query::<String, _>(range)
        .primitive()?
        .await?;
    Ok(keys.collect::<Result<_, _>>()?)
}
