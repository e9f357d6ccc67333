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
use wellfield_core::erasure::erased_in_place;
use wellfield_core::stream::Stream;
use wellfield_core::sync::{
    BLOCK_EVENTS_MAX, Cursor, Cursors, OwnErased, Page, Place, PulledEvent, Repair, blocks_after,
    decode_block, decode_cursor, encode_cursor,
};

use super::super::StoreError;
use super::super::connection::{Durability, reading, writing};
use super::super::rows::{delete, get_number, put_number};
use super::super::vault::{Sealed, Vault};
use super::{BLOCKS, CURSORS, LOG, META, START, parts};

/// What lies beside a stream has a key that begins with this: it sorts after the name of every stream.
const BESIDE: &str = "~";

/// How far each stream was read, and what lies beside it.
pub(super) async fn cursors(database: &Database, vault: &Vault) -> Result<Cursors, StoreError> {
    let tx = reading(database, &[META, CURSORS])?;
    let sealed = Sealed::begin(vault, &tx).await?;
    let store = tx.object_store(CURSORS)?;
    let beside = || KeyRange::Bound(BESIDE.to_owned(), false, parts::BEGUN.to_owned(), true);
    let begun = || KeyRange::LowerBound(parts::BEGUN.to_owned(), false);
    let begun = read_cursors(&sealed.rows_in(&store, begun).await?);
    Ok(Cursors {
        shown: shown_cursors(&sealed, &store).await?,
        beside: read_cursors(&sealed.rows_in(&store, beside).await?),
        begun: begun.iter().map(|cursor| cursor.stream).collect(),
    })
}

/// Keeps a page and its cursor, both or neither, if it follows on what is here.
pub(super) async fn save_page(
    database: &Database,
    vault: &Vault,
    page: &Page,
) -> Result<(), StoreError> {
    let tx = writing(database, &[META, BLOCKS, CURSORS], Durability::Relaxed)?;
    let sealed = Sealed::begin(vault, &tx).await?;
    let store = tx.object_store(CURSORS)?;
    let shown = vault.stream_name(page.cursor.stream);
    let beside = beside(&shown);
    let shown_cursor = cursor(&sealed, &store, &shown).await?;
    let beside_cursor = cursor(&sealed, &store, &beside).await?;
    if !page.follows(shown_cursor.as_ref(), beside_cursor.as_ref()) {
        return Err(StoreError::Overtaken);
    }
    let blocks = tx.object_store(BLOCKS)?;
    match page.place {
        Place::Shown => {
            put_events(&sealed, &blocks, &shown, &page.events).await?;
            sealed.put(&store, &shown, &encode_cursor(page.cursor))?;
        }
        Place::Beside => {
            if page.start() == 0 {
                delete_range(&blocks, blocks_of(&beside))?;
            }
            put_events(&sealed, &blocks, &beside, &page.events).await?;
            sealed.put(&store, &beside, &encode_cursor(page.cursor))?;
        }
        Place::Instead => {
            replace(&sealed, &blocks, &shown, page).await?;
            sealed.put(&store, &shown, &encode_cursor(page.cursor))?;
            delete_range(&store, KeyRange::Only(beside))?;
        }
    }
    sealed.finish(&tx)?;
    Ok(tx.commit().await?)
}

/// Erases records of the own log of which the server says so. It is the one thing that ever replaces a row of
/// the log; its number stays, and the server knows that both are the same record. Answers whether any were, and how far the
/// log is known to be held. The copy for the start may hold some, and goes too.
pub(super) async fn erase_told(
    database: &Database,
    vault: &Vault,
    told: &OwnErased,
) -> Result<(bool, u64), StoreError> {
    let tx = writing(database, &[META, LOG], Durability::Relaxed)?;
    let sealed = Sealed::begin(vault, &tx).await?;
    let meta = tx.object_store(META)?;
    let log = tx.object_store(LOG)?;
    let acked = super::acked(&meta).await?;
    let mut forgot = false;
    for n in told.known(acked) {
        let held = get_number(&log, n).await?;
        let erased = held.and_then(|row| erased_in_place(&vault.open_own(n, &row)));
        if let Some(erased) = erased {
            put_number(&log, n, &vault.seal_own(n, &erased))?;
            forgot = true;
        }
    }
    if forgot {
        sealed.delete(&meta, START)?;
    }
    sealed.finish(&tx)?;
    tx.commit().await?;
    Ok((forgot, acked))
}

/// What is shown of a stream, and how far it was read.
pub(super) async fn whole(
    database: &Database,
    vault: &Vault,
    stream: Stream,
) -> Result<Option<(Cursor, Vec<Vec<u8>>)>, StoreError> {
    let tx = reading(database, &[META, BLOCKS, CURSORS])?;
    let sealed = Sealed::begin(vault, &tx).await?;
    let name = vault.stream_name(stream);
    let Some(cursor) = cursor(&sealed, &tx.object_store(CURSORS)?, &name).await? else {
        return Ok(None);
    };
    let blocks = tx.object_store(BLOCKS)?;
    let blocks = sealed.rows_in(&blocks, || blocks_of(&name)).await?;
    Ok(Some((cursor, blocks)))
}

/// Puts what was received again in the place of what lies there, if it still belongs there, and deletes
/// the copy for the start.
pub(super) async fn save_repair(
    database: &Database,
    vault: &Vault,
    repair: &Repair,
) -> Result<(), StoreError> {
    let tx = writing(database, &[BLOCKS, CURSORS, META], Durability::Relaxed)?;
    let sealed = Sealed::begin(vault, &tx).await?;
    let name = vault.stream_name(repair.cursor.stream);
    let shown = cursor(&sealed, &tx.object_store(CURSORS)?, &name).await?;
    if !repair.fits(shown.as_ref()) {
        return Err(StoreError::Overtaken);
    }
    let blocks = tx.object_store(BLOCKS)?;
    let (first, last) = repair.blocks_between();
    let range = || {
        let (first, last) = (block_key(&name, first), block_key(&name, last));
        KeyRange::Bound(first, false, last, false)
    };
    let there = sealed.rows_in(&blocks, range).await?;
    delete_range(&blocks, range())?;
    for block in repair.blocks(&there) {
        let key = block_key(&name, block.first_seq);
        sealed.put(&blocks, &key, &block.bytes)?;
    }
    delete(&tx.object_store(META)?, START)?;
    sealed.finish(&tx)?;
    Ok(tx.commit().await?)
}

/// Deletes everything of a stream, what lies beside it and what was begun of it, and the copy for the
/// start, which may hold some of it.
pub(super) async fn forget(
    database: &Database,
    vault: &Vault,
    stream: Stream,
) -> Result<(), StoreError> {
    let tx = writing(database, &[BLOCKS, CURSORS, META], Durability::Relaxed)?;
    delete(&tx.object_store(META)?, START)?;
    let (blocks, cursors) = (tx.object_store(BLOCKS)?, tx.object_store(CURSORS)?);
    let shown = vault.stream_name(stream);
    delete_range(&blocks, parts::of_stream(&shown))?;
    delete(&cursors, &parts::begun(&shown))?;
    for name in [beside(&shown), shown] {
        delete_range(&blocks, blocks_of(&name))?;
        delete_range(&cursors, KeyRange::Only(name))?;
    }
    Ok(tx.commit().await?)
}

/// The blocks of every stream that is shown.
pub(super) async fn shown_blocks(
    sealed: &Sealed<'_>,
    blocks: &ObjectStore<'_>,
) -> Result<Vec<Vec<u8>>, StoreError> {
    sealed.rows_in(blocks, before_beside).await
}

/// The blocks that are shown and that somebody who saw up to these cursors has not seen.
pub(super) async fn blocks_since(
    vault: &Vault,
    sealed: &Sealed<'_>,
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
        let name = vault.stream_name(cursor.stream);
        // The block that was the last one may have been filled up since.
        let first = after.saturating_sub(BLOCK_EVENTS_MAX as u64);
        let range = || {
            let (first, last) = (block_key(&name, first), block_key(&name, cursor.after));
            KeyRange::Bound(first, false, last, false)
        };
        blocks.extend(sealed.rows_in(store, range).await?);
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

pub(super) fn delete_range(
    store: &ObjectStore<'_>,
    keys: KeyRange<String>,
) -> Result<(), StoreError> {
    store.delete::<String, _>(keys).primitive()?;
    Ok(())
}

/// Adds events to what lies under a name. The last block is filled up first.
async fn put_events(
    sealed: &Sealed<'_>,
    blocks: &ObjectStore<'_>,
    name: &str,
    events: &[PulledEvent],
) -> Result<(), StoreError> {
    let last = last_block(sealed, blocks, name).await?;
    for block in blocks_after(last.as_deref(), events) {
        sealed.put(blocks, &block_key(name, block.first_seq), &block.bytes)?;
    }
    Ok(())
}

/// The last block of what lies under a name.
async fn last_block(
    sealed: &Sealed<'_>,
    blocks: &ObjectStore<'_>,
    name: &str,
) -> Result<Option<Vec<u8>>, StoreError> {
    let cursor = blocks
        .open_key_cursor()
        .with_query::<String, _>(blocks_of(name))
        .with_direction(CursorDirection::Prev)
        .primitive()?
        .await?;
    let Some(mut cursor) = cursor else {
        return Ok(None);
    };
    let Some(key) = cursor.next_key::<String>().await? else {
        return Ok(None);
    };
    sealed.get(blocks, &key).await
}

/// Puts what lies beside a stream, and this last page of it, where the stream lies.
async fn replace(
    sealed: &Sealed<'_>,
    blocks: &ObjectStore<'_>,
    shown: &str,
    page: &Page,
) -> Result<(), StoreError> {
    let begun = match page.start() {
        0 => Vec::new(),
        _ => sealed.rows_in(blocks, || blocks_of(&beside(shown))).await?,
    };
    delete_range(blocks, blocks_of(shown))?;
    delete_range(blocks, blocks_of(&beside(shown)))?;
    for block in begun {
        let events = decode_block(&block).map_err(|_| StoreError::Unreadable)?;
        let first = events.first().map_or(0, |event| event.seq);
        sealed.put(blocks, &block_key(shown, first), &block)?;
    }
    put_events(sealed, blocks, shown, &page.events).await
}

/// A cursor. One that does not open is as good as none: the stream is then read afresh.
pub(super) async fn cursor(
    sealed: &Sealed<'_>,
    store: &ObjectStore<'_>,
    name: &str,
) -> Result<Option<Cursor>, StoreError> {
    let row = sealed.get(store, name).await?;
    Ok(row.and_then(|row| decode_cursor(&row).ok()))
}

pub(super) async fn shown_cursors(
    sealed: &Sealed<'_>,
    store: &ObjectStore<'_>,
) -> Result<Vec<Cursor>, StoreError> {
    Ok(read_cursors(&sealed.rows_in(store, before_beside).await?))
}

fn read_cursors(rows: &[Vec<u8>]) -> Vec<Cursor> {
    let cursors = rows.iter().filter_map(|row| decode_cursor(row).ok());
    cursors.collect()
}
