//! The device's own log: the one place where records of this tablet are added.
//!
//! Adding is one strict transaction over one store, without a read before it, because a person waits
//! for it. The end of the log is remembered between two saves. A row is added and never
//! replaced, but where its record was erased (`tablet/streams.rs`), so
//! where another tab has taken the number meanwhile the browser undoes the whole transaction, and the
//! records are numbered anew from what lies on disk.

use std::cell::{Cell, RefCell};

use indexed_db_futures::cursor::CursorDirection;
use indexed_db_futures::database::Database;
use indexed_db_futures::object_store::ObjectStore;
use indexed_db_futures::prelude::*;
use wellfield_core::clock::Instant;
use wellfield_core::event::{Draft, Event, encode_event};
use wellfield_core::ids::DeviceId;
use wellfield_core::sync::{LogEnd, OutboxPage};
use wellfield_core::vault::{KeySlot, Lock, SlotId};

use super::connection::{Connection, Durability, reading, writing};
use super::rows::{add_number, from_number, get_number, numbered_after, put};
use super::tablet::people;
use super::tablet::showing::put_key_pair;
use super::tablet::wiping::refuse_mark;
use super::tablet::{DRAFTS, KIOSK, LOCK, LOG, META, acked, identity_key};
use super::vault::{Sealed, Vault};
use super::{Identity, StoreError};
use crate::signing::KeyPair;

/// What is kept together with new records.
#[derive(Clone, Copy)]
pub enum Also<'a> {
    /// Nothing.
    Nothing,
    /// Where the hand-over is then; `None` ends it.
    Kiosk(Option<&'a [u8]>),
    /// Who this device is, the lock that this opens with, and the key that it signs with.
    Identity(&'a Lock, &'a KeyPair),
    /// Somebody else who opens this tablet.
    Person {
        /// Under which number they come into the lock.
        id: SlotId,
        /// What their words open.
        slot: &'a KeySlot,
        /// Who they are.
        identity: &'a Identity,
    },
}

/// What this tab remembers of the log.
#[derive(Default)]
pub(super) struct Log {
    end: Cell<Option<LogEnd>>,
}

/// Records that are to be added. They outlive a dropped connection: if the first attempt was committed
/// and only its answer was lost, the second one finds its records on disk and adds nothing.
struct Addition<'a> {
    vault: &'a Vault,
    identity: &'a Identity,
    drafts: &'a [Draft],
    now: Instant,
    also: Also<'a>,
    planned: RefCell<Vec<Event>>,
}

impl Log {
    /// Adds records, all of them or none, and returns them once they are durable.
    pub(super) async fn append(
        &self,
        connection: &Connection,
        vault: &Vault,
        identity: &Identity,
        drafts: &[Draft],
        now: Instant,
        also: Also<'_>,
    ) -> Result<Vec<Event>, StoreError> {
        let addition = Addition {
            vault,
            identity,
            drafts,
            now,
            also,
            planned: RefCell::default(),
        };
        let mut added = connection
            .run(async |database| self.add(database, &addition).await)
            .await;
        // Another tab was first: the remembered end is gone, and the next attempt reads it. A tab that
        // loses this race again and again is one of many that save at once; it says so in the end.
        for _ in 0..3 {
            if added != Err(StoreError::Overtaken) || matches!(also, Also::Identity(..)) {
                break;
            }
            addition.planned.take();
            added = connection
                .run(async |database| self.add(database, &addition).await)
                .await;
        }
        added
    }

    async fn add(
        &self,
        database: &Database,
        addition: &Addition<'_>,
    ) -> Result<Vec<Event>, StoreError> {
        let Addition {
            vault,
            identity,
            also,
            ..
        } = *addition;
        let stores: &[&str] = match also {
            Also::Kiosk(_) => &[LOG, DRAFTS, META],
            Also::Nothing => &[LOG],
            Also::Identity(..) | Also::Person { .. } => &[LOG, META],
        };
        let tx = writing(database, stores, Durability::Strict)?;
        let log = tx.object_store(LOG)?;
        let before = addition.planned.take();
        if let Some(last) = before.last() {
            let there = get_number(&log, last.id.n).await?;
            if there.map(|row| vault.open_own(last.id.n, &row)) == Some(encode_event(last)) {
                return Ok(before);
            }
        }
        // Whatever goes wrong from here on, the end is read from the disk again.
        let remembered = self.end.take().filter(|_| before.is_empty());
        let end = match (remembered, also) {
            (Some(end), Also::Nothing | Also::Kiosk(_) | Also::Person { .. }) => end,
            (None, _) | (_, Also::Identity(..)) => end(vault, &log).await?,
        };
        let events = end.place(
            addition.drafts,
            identity.device,
            Some(identity.staff),
            addition.now,
        );
        for event in &events {
            let row = vault.seal_own(event.id.n, &encode_event(event));
            add_number(&log, event.id.n, &row)?;
        }
        match also {
            Also::Nothing => {}
            Also::Kiosk(kiosk) => {
                let sealed = Sealed::begin(vault, &tx).await?;
                put_kiosk(&sealed, &tx.object_store(DRAFTS)?, kiosk)?;
                sealed.finish(&tx)?;
            }
            // Another tab may have set the device up meanwhile; two identities would share one log.
            Also::Identity(..) if end.n > 0 => return Err(StoreError::Overtaken),
            Also::Identity(lock, pair) => {
                let meta = tx.object_store(META)?;
                let sealed = Sealed::begin(vault, &tx).await?;
                sealed.put(&meta, &identity_key(vault.slot), &identity.to_bytes())?;
                sealed.finish(&tx)?;
                put(&meta, LOCK, &lock.to_bytes())?;
                put_key_pair(&tx, pair)?;
            }
            Also::Person { id, slot, identity } => {
                people::add(vault, &tx, id, slot, identity).await?;
            }
        }
        addition.planned.replace(events.clone());
        tx.commit().await?;
        self.end.set(Some(end.after(&events)));
        Ok(events)
    }

    /// What is unsent, at most `limit` rows of it. `shown` makes of a row what is sent: the event, or of a
    /// locked tablet the row itself.
    pub(super) async fn outbox(
        connection: &Connection,
        device: DeviceId,
        limit: usize,
        shown: impl Fn(u64, Vec<u8>) -> Vec<u8>,
    ) -> Result<OutboxPage, StoreError> {
        connection
            .run(async |database| {
                let tx = reading(database, &[META, LOG])?;
                let log = tx.object_store(LOG)?;
                let acked = acked(&tx.object_store(META)?).await?;
                let rows = u32::try_from(limit).unwrap_or(u32::MAX);
                let rows = numbered_after(&log, acked, rows).await?;
                refuse_mark(rows.last().map(|(_, row)| row.as_slice()))?;
                let rows = rows.into_iter().map(|(n, row)| (n, shown(n, row)));
                let events = OutboxPage::events_of(acked, rows.collect());
                let newest = if events.len() < limit {
                    acked + events.len() as u64
                } else {
                    end_number(&log).await?
                };
                Ok(OutboxPage {
                    device,
                    acked,
                    newest,
                    events,
                })
            })
            .await
    }
}

/// Own records by their numbers, as far as they are there.
pub(super) async fn numbered(
    database: &Database,
    vault: &Vault,
    numbers: &[u64],
) -> Result<Vec<Vec<u8>>, StoreError> {
    let tx = reading(database, &[LOG])?;
    let log = tx.object_store(LOG)?;
    let mut rows = Vec::new();
    for n in numbers {
        let row = get_number(&log, *n).await?;
        rows.push(row.map_or_else(Vec::new, |row| vault.open_own(*n, &row)));
    }
    Ok(rows)
}

/// Where the log ends on disk.
async fn end(vault: &Vault, log: &ObjectStore<'_>) -> Result<LogEnd, StoreError> {
    let n = end_number(log).await?;
    if n == 0 {
        return Ok(LogEnd::EMPTY);
    }
    let row = get_number(log, n).await?;
    refuse_mark(row.as_deref())?;
    let row = row.unwrap_or_default();
    Ok(LogEnd::at_row(n, &vault.open_own(n, &row)))
}

/// Rows after a number, opened.
pub(super) async fn own_after(
    vault: &Vault,
    log: &ObjectStore<'_>,
    after: u64,
) -> Result<Vec<Vec<u8>>, StoreError> {
    let rows = numbered_after(log, after, u32::MAX).await?;
    let opened = rows.iter().map(|(n, row)| vault.open_own(*n, row));
    Ok(opened.collect())
}

/// The number of the newest event on disk; 0 while there is none.
pub(super) async fn end_number(log: &ObjectStore<'_>) -> Result<u64, StoreError> {
    let cursor = log
        .open_key_cursor()
        .with_direction(CursorDirection::Prev)
        .primitive()?
        .await?;
    let Some(mut cursor) = cursor else {
        return Ok(0);
    };
    let newest: Option<f64> = cursor.next_key().await?;
    Ok(newest.map_or(0, from_number))
}

/// Keeps where a hand-over is; `None` ends it.
pub(super) fn put_kiosk(
    sealed: &Sealed<'_>,
    drafts: &ObjectStore<'_>,
    kiosk: Option<&[u8]>,
) -> Result<(), StoreError> {
    match kiosk {
        Some(bytes) => sealed.put(drafts, KIOSK, bytes),
        None => sealed.delete(drafts, KIOSK),
    }
}
