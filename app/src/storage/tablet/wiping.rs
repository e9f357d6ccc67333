//! Deleting everything of a tablet that was taken out of use.
//!
//! Other tabs may be open that remember the end of the log. A row stays after it, so that the browser
//! refuses what they would add, and whoever looks why finds that nothing is kept here any more.

use indexed_db_futures::database::Database;
use indexed_db_futures::transaction::Transaction;

use super::SCHEMA;
use crate::storage::StoreError;
use crate::storage::connection::{Durability, reading, writing};
use crate::storage::log::end_number;
use crate::storage::rows::{add_number, get_number};

/// What stands after the last event. No sealed row is as short.
const TAKEN_OUT: [u8; 1] = [0xfe];

/// Deletes everything, if the log goes no further than `max_n`; answers whether it did.
pub(super) async fn wipe(database: &Database, max_n: u64) -> Result<bool, StoreError> {
    let tx = writing(database, SCHEMA.stores, Durability::Strict)?;
    let newest = end_number(&tx.object_store(super::LOG)?).await?;
    if newest > max_n {
        return Ok(false);
    }
    clear(&tx)?;
    add_number(&tx.object_store(super::LOG)?, newest + 1, &TAKEN_OUT)?;
    tx.commit().await?;
    Ok(true)
}

fn clear(tx: &Transaction<'_>) -> Result<(), StoreError> {
    for store in SCHEMA.stores {
        tx.object_store(store)?.clear()?;
    }
    Ok(())
}

/// Whether this was a tablet that was taken out of use.
pub(super) async fn is_taken_out(database: &Database) -> Result<bool, StoreError> {
    let tx = reading(database, &[super::LOG])?;
    let log = tx.object_store(super::LOG)?;
    let newest = end_number(&log).await?;
    Ok(newest > 0 && is_mark(get_number(&log, newest).await?.as_deref()))
}

/// Whether a row is what stands in the place of a log that was deleted.
fn is_mark(row: Option<&[u8]>) -> bool {
    row == Some(&TAKEN_OUT)
}

/// Refuses to go on from a row that says that the tablet was taken out of use.
pub(in crate::storage) fn refuse_mark(row: Option<&[u8]>) -> Result<(), StoreError> {
    if is_mark(row) {
        return Err(StoreError::TakenOut);
    }
    Ok(())
}

/// Deletes what was left to say that it was taken out, so that the tablet can be set up anew.
pub(super) async fn begin_anew(database: &Database) -> Result<(), StoreError> {
    let tx = writing(database, SCHEMA.stores, Durability::Strict)?;
    clear(&tx)?;
    Ok(tx.commit().await?)
}
