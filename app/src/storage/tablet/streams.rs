//! Streams on the disk of a tablet: what was pulled and is shown, and what is read beside it.
//!
//! A stream that has to be read afresh stays as it is until its replacement is whole. The replacement
//! lies in the same two stores under keys that begin with `~`, and takes the place of the old blocks in
//! one transaction.

use indexed_db_futures::KeyRange;
use indexed_db_futures::cursor::CursorDirection;
use indexed_db_futures::database::Database;
use indexed_db_futures::object_store::ObjectStore;
use indexed_db_futures::prelude::*;
use indexed_db_futures::typed_array::TypedArray;
use wellfield_core::ids::EventId;
use wellfield_core::stream::Stream;
use wellfield_core::sync::{
    BLOCK_EVENTS_MAX, Cursor, Cursors, Page, Place, PulledEvent, Repair, blocks_after,
    decode_block, decode_cursor, encode_cursor,
};

use super::super::Identity;
use super::super::StoreError;
use super::super::connection::{Durability, reading, writing};
use super::super::rows::{collect, get, get_number, put, put_number};
use super::{BLOCKS, CURSORS, IDENTITY, LOG, META, START, parts};

/// What lies beside a stream has a key that begins with this: it sorts after the name of every stream.
const BESIDE: &str = "~";

/// How far each stream was read, and what lies beside it.
pub(super) async fn cursors(database: &Database) -> Result<Cursors, StoreError> {
    let tx = reading(database, &[CURSORS])?;
    let store = tx.object_store(CURSORS)?;
    let beside = rows_in(&store, KeyRange::LowerBound(BESIDE.to_owned(), false)).await?;
    Ok(Cursors {
        shown: shown_cursors(&store).await?,
        beside: read_cursors(&beside)?,
        begun: parts::begun(database).await?,
    })
}

/// Keeps a page and its cursor, both or neither, if it follows on what is here. Answers whether records of
/// the own log were erased with it.
pub(super) async fn save_page(database: &Database, page: &Page) -> Result<bool, StoreError> {
    let erased = page.erased();
    // A tap waits for nobody who has the log, so it is asked for only where something was erased.
    let stores: &[&str] = match erased.is_empty() {
        true => &[BLOCKS, CURSORS],
        false => &[BLOCKS, CURSORS, META, LOG],
    };
    let tx = writing(database, stores, Durability::Relaxed)?;
    let store = tx.object_store(CURSORS)?;
    let shown = page.cursor.stream.to_string();
    let beside = beside(&shown);
    let shown_cursor = cursor(&store, &shown).await?;
    let beside_cursor = cursor(&store, &beside).await?;
    if !page.follows(shown_cursor.as_ref(), beside_cursor.as_ref()) {
        return Err(StoreError::Overtaken);
    }
    let blocks = tx.object_store(BLOCKS)?;
    match page.place {
        Place::Shown => {
            put_events(&blocks, &shown, &page.events).await?;
            put(&store, &shown, &encode_cursor(page.cursor))?;
        }
        Place::Beside => {
            if page.start() == 0 {
                delete_range(&blocks, blocks_of(&beside))?;
            }
            put_events(&blocks, &beside, &page.events).await?;
            put(&store, &beside, &encode_cursor(page.cursor))?;
        }
        Place::Instead => {
            replace(&blocks, &shown, page).await?;
            put(&store, &shown, &encode_cursor(page.cursor))?;
            delete_range(&store, KeyRange::Only(beside))?;
        }
    }
    let mut forgot = false;
    if !erased.is_empty() {
        let (log, meta) = (tx.object_store(LOG)?, tx.object_store(META)?);
        forgot = erase_own(&log, &meta, &erased).await?;
    }
    tx.commit().await?;
    Ok(forgot)
}

/// Puts what stands in the place of erased records where this device has them in its own log, and deletes
/// the copy for the start, which may hold some. It is the one thing that ever replaces a row of the log; its
/// number stays, and the server knows that both are the same record.
async fn erase_own(
    log: &ObjectStore<'_>,
    meta: &ObjectStore<'_>,
    erased: &[(EventId, &[u8])],
) -> Result<bool, StoreError> {
    let Some(identity) = get(meta, IDENTITY).await? else {
        return Ok(false);
    };
    let device = Identity::from_bytes(&identity)?.device;
    let mut forgot = false;
    for (event, bytes) in erased.iter().filter(|(event, _)| event.device == device) {
        let held = get_number(log, event.n).await?;
        if held.is_some_and(|row| row != *bytes) {
            put_number(log, event.n, bytes)?;
            forgot = true;
        }
    }
    if forgot {
        delete_range(meta, KeyRange::Only(START.to_owned()))?;
    }
    Ok(forgot)
}

/// What is shown of a stream, and how far it was read.
pub(super) async fn whole(
    database: &Database,
    stream: Stream,
) -> Result<Option<(Cursor, Vec<Vec<u8>>)>, StoreError> {
    let tx = reading(database, &[BLOCKS, CURSORS])?;
    let name = stream.to_string();
    let Some(cursor) = cursor(&tx.object_store(CURSORS)?, &name).await? else {
        return Ok(None);
    };
    let blocks = rows_in(&tx.object_store(BLOCKS)?, blocks_of(&name)).await?;
    Ok(Some((cursor, blocks)))
}

/// Puts what was received again in the place of what lies there, if it still belongs there, and deletes
/// the copy for the start.
pub(super) async fn save_repair(database: &Database, repair: &Repair) -> Result<(), StoreError> {
    let tx = writing(database, &[BLOCKS, CURSORS, META], Durability::Relaxed)?;
    let name = repair.cursor.stream.to_string();
    let shown = cursor(&tx.object_store(CURSORS)?, &name).await?;
    if !repair.fits(shown.as_ref()) {
        return Err(StoreError::Overtaken);
    }
    let blocks = tx.object_store(BLOCKS)?;
    let (first, last) = repair.blocks_between();
    let range = || {
        let (first, last) = (block_key(&name, first), block_key(&name, last));
        KeyRange::Bound(first, false, last, false)
    };
    let there = rows_in(&blocks, range()).await?;
    delete_range(&blocks, range())?;
    for block in repair.blocks(&there) {
        put(&blocks, &block_key(&name, block.first_seq), &block.bytes)?;
    }
    delete_range(&tx.object_store(META)?, KeyRange::Only(START.to_owned()))?;
    Ok(tx.commit().await?)
}

/// Deletes everything of a stream, what lies beside it and what was begun of it, and the copy for the
/// start, which may hold some of it.
pub(super) async fn forget(database: &Database, stream: Stream) -> Result<(), StoreError> {
    let tx = writing(database, &[BLOCKS, CURSORS, META], Durability::Relaxed)?;
    delete_range(&tx.object_store(META)?, KeyRange::Only(START.to_owned()))?;
    let (blocks, cursors) = (tx.object_store(BLOCKS)?, tx.object_store(CURSORS)?);
    delete_range(&blocks, parts::of_stream(stream))?;
    let shown = stream.to_string();
    for name in [beside(&shown), shown] {
        delete_range(&blocks, blocks_of(&name))?;
        delete_range(&cursors, KeyRange::Only(name))?;
    }
    Ok(tx.commit().await?)
}

/// The blocks of every stream that is shown.
pub(super) async fn shown_blocks(blocks: &ObjectStore<'_>) -> Result<Vec<Vec<u8>>, StoreError> {
    rows_in(blocks, before_beside()).await
}

/// The blocks that are shown and that somebody who saw up to these cursors has not seen.
pub(super) async fn blocks_since(
    store: &ObjectStore<'_>,
    cursors: &[Cursor],
    seen: &[Cursor],
) -> Result<Vec<Vec<u8>>, StoreError> {
    let mut blocks = Vec::new();
    for cursor in cursors {
        let known = seen
            .iter()
            .find(|s| s.stream == cursor.stream && s.epoch == cursor.epoch);
        let after = known.map_or(0, |s| s.after);
        if after >= cursor.after {
            continue;
        }
        let range = KeyRange::Bound(
            // The block that was the last one may have been filled up since.
            block_key(
                &cursor.stream.to_string(),
                after.saturating_sub(BLOCK_EVENTS_MAX as u64),
            ),
            false,
            block_key(&cursor.stream.to_string(), cursor.after),
            false,
        );
        blocks.extend(rows_in(store, range).await?);
    }
    Ok(blocks)
}

/// The key of a block of what lies under a name. The number is padded, so that keys sort as numbers do.
pub(super) fn block_key(name: &str, first_seq: u64) -> String {
    format!("{name}|{first_seq:012}")
}

/// The keys of all blocks of what lies under a name.
fn blocks_of(name: &str) -> KeyRange<String> {
    KeyRange::Bound(format!("{name}|"), false, format!("{name}|~"), false)
}

/// The name of what lies beside a stream.
fn beside(shown: &str) -> String {
    format!("{BESIDE}{shown}")
}

/// The keys of everything that is shown.
fn before_beside() -> KeyRange<String> {
    KeyRange::UpperBound(BESIDE.to_owned(), true)
}

pub(super) async fn rows_in(
    store: &ObjectStore<'_>,
    range: KeyRange<String>,
) -> Result<Vec<Vec<u8>>, StoreError> {
    let rows = store
        .get_all::<TypedArray<u8>>()
        .with_query::<String, _>(range);
    collect(rows.primitive()?.await?)
}

pub(super) fn delete_range(
    store: &ObjectStore<'_>,
    keys: KeyRange<String>,
) -> Result<(), StoreError> {
    store.delete::<String, _>(keys).primitive()?;
    Ok(())
}

/// Adds events to what lies under a name. The last block is filled up first.
async fn put_events(
    blocks: &ObjectStore<'_>,
    name: &str,
    events: &[PulledEvent],
) -> Result<(), StoreError> {
    let last = last_block(blocks, name).await?;
    for block in blocks_after(last.as_deref(), events) {
        put(blocks, &block_key(name, block.first_seq), &block.bytes)?;
    }
    Ok(())
}

/// The last block of what lies under a name.
async fn last_block(blocks: &ObjectStore<'_>, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
    let cursor = blocks
        .open_cursor()
        .with_query::<String, _>(blocks_of(name))
        .with_direction(CursorDirection::Prev)
        .primitive()?
        .await?;
    let Some(mut cursor) = cursor else {
        return Ok(None);
    };
    let last: Option<TypedArray<u8>> = cursor.next_record().await?;
    Ok(last.map(Into::into))
}

/// Puts what lies beside a stream, and this last page of it, where the stream lies.
async fn replace(blocks: &ObjectStore<'_>, shown: &str, page: &Page) -> Result<(), StoreError> {
    let begun = match page.start() {
        0 => Vec::new(),
        _ => rows_in(blocks, blocks_of(&beside(shown))).await?,
    };
    delete_range(blocks, blocks_of(shown))?;
    delete_range(blocks, blocks_of(&beside(shown)))?;
    for block in begun {
        let events = decode_block(&block).map_err(|_| StoreError::Unreadable)?;
        let first = events.first().map_or(0, |event| event.seq);
        put(blocks, &block_key(shown, first), &block)?;
    }
    put_events(blocks, shown, &page.events).await
}

pub(super) async fn cursor(
    store: &ObjectStore<'_>,
    name: &str,
) -> Result<Option<Cursor>, StoreError> {
    get(store, name)
        .await?
        .as_deref()
        .map(read_cursor)
        .transpose()
}

pub(super) async fn shown_cursors(store: &ObjectStore<'_>) -> Result<Vec<Cursor>, StoreError> {
    read_cursors(&rows_in(store, before_beside()).await?)
}

fn read_cursors(rows: &[Vec<u8>]) -> Result<Vec<Cursor>, StoreError> {
    rows.iter().map(|row| read_cursor(row)).collect()
}

fn read_cursor(row: &[u8]) -> Result<Cursor, StoreError> {
    decode_cursor(row).map_err(|_| StoreError::Unreadable)
}
