//! Parts of snapshots on the disk of a tablet, until all of one are here.
//!
//! They lie beside the blocks, under keys that begin with `~#`, the stream and the snapshot's name: no
//! name of a stream has such a character, and what begins with `~` is not shown.

use indexed_db_futures::KeyRange;
use indexed_db_futures::database::Database;
use indexed_db_futures::object_store::ObjectStore;
use indexed_db_futures::prelude::*;
use wellfield_core::start::StartCopy;
use wellfield_core::stream::Stream;
use wellfield_core::sync::{Snapshot, encode_cursor};

use super::super::StoreError;
use super::super::connection::{Durability, reading, writing};
use super::super::rows::{delete, get, put};
use super::streams::{block_key, cursor, delete_range, rows_in};
use super::{BLOCKS, CURSORS, META, START};

const PARTS: &str = "~#";

/// The streams of which parts lie here.
pub(super) async fn begun(database: &Database) -> Result<Vec<Stream>, StoreError> {
    let tx = reading(database, &[BLOCKS])?;
    let all = KeyRange::Bound(PARTS.to_owned(), false, format!("{PARTS}~"), false);
    let keys = keys_in(&tx.object_store(BLOCKS)?, all).await?;
    let mut streams: Vec<Stream> = keys
        .iter()
        .filter_map(|key| key.strip_prefix(PARTS)?.split('|').next()?.parse().ok())
        .collect();
    streams.dedup();
    Ok(streams)
}

/// Which parts of a snapshot lie here. Those of another one of the stream are deleted: it has a longer
/// one by now, or another epoch.
pub(super) async fn held(database: &Database, snapshot: &Snapshot) -> Result<Vec<u32>, StoreError> {
    let tx = writing(database, &[BLOCKS], Durability::Relaxed)?;
    let blocks = tx.object_store(BLOCKS)?;
    let ours = name(snapshot);
    let mut held = Vec::new();
    for key in keys_in(&blocks, of_stream(snapshot.cursor.stream)).await? {
        match key
            .strip_prefix(&ours)
            .and_then(|number| number.parse().ok())
        {
            Some(part) => held.push(part),
            None => delete(&blocks, &key)?,
        }
    }
    tx.commit().await?;
    Ok(held)
}

/// Keeps a part.
pub(super) async fn save(
    database: &Database,
    snapshot: &Snapshot,
    part: u32,
    bytes: &[u8],
) -> Result<(), StoreError> {
    let tx = writing(database, &[BLOCKS], Durability::Relaxed)?;
    let key = format!("{}{part:04}", name(snapshot));
    put(&tx.object_store(BLOCKS)?, &key, bytes)?;
    Ok(tx.commit().await?)
}

/// Puts the blocks of a snapshot in place and deletes its parts. The copy for the start was made of what
/// first screens need of it, and goes too: with the blocks in place everything can be read.
pub(super) async fn install(database: &Database, snapshot: &Snapshot) -> Result<(), StoreError> {
    let tx = writing(database, &[BLOCKS, CURSORS, META], Durability::Relaxed)?;
    let (blocks, cursors) = (tx.object_store(BLOCKS)?, tx.object_store(CURSORS)?);
    let stream = snapshot.cursor.stream;
    let shown = stream.to_string();
    if cursor(&cursors, &shown).await?.is_some() {
        return Err(StoreError::Overtaken);
    }
    let prefix = name(snapshot);
    let range = KeyRange::Bound(prefix.clone(), false, format!("{prefix}~"), false);
    let parts = rows_in(&blocks, range).await?;
    delete_range(&blocks, of_stream(stream))?;
    let made = snapshot.blocks(&parts);
    if let Ok(made) = &made {
        for block in made {
            put(&blocks, &block_key(&shown, block.first_seq), &block.bytes)?;
        }
        put(&cursors, &shown, &encode_cursor(snapshot.cursor))?;
        delete(&tx.object_store(META)?, START)?;
    }
    tx.commit().await?;
    // What was damaged is gone, so that it is fetched again.
    made.map(drop).map_err(|_| StoreError::Unreadable)
}

/// Keeps what first screens need, with that of another stream whose snapshot is on its way too.
pub(super) async fn save_front(database: &Database, front: &StartCopy) -> Result<(), StoreError> {
    let tx = writing(database, &[META], Durability::Relaxed)?;
    let meta = tx.object_store(META)?;
    let there = get(&meta, START).await?;
    let there = there.and_then(|row| StartCopy::from_bytes(&row).ok());
    let joined = front.clone().joined(there);
    put(&meta, START, &joined.to_bytes())?;
    Ok(tx.commit().await?)
}

/// The keys of all parts of snapshots of a stream.
pub(super) fn of_stream(stream: Stream) -> KeyRange<String> {
    let prefix = format!("{PARTS}{stream}|");
    KeyRange::Bound(prefix.clone(), false, format!("{prefix}~"), false)
}

/// What the keys of a snapshot's parts begin with.
fn name(snapshot: &Snapshot) -> String {
    let stream = snapshot.cursor.stream;
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
