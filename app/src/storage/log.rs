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
use wellfield_core::sync::{LogEnd, OutboxPage};

use super::connection::{Connection, Durability, reading, writing};
use super::rows::{add_number, delete, from_number, get_number, numbered_after, put};
use super::tablet::{DRAFTS, IDENTITY, KIOSK, LOG, META, acked};
use super::{Identity, StoreError};

/// What is kept together with new records.
#[derive(Clone, Copy)]
pub enum Also<'a> {
    /// Nothing.
    Nothing,
    /// Where the hand-over is then; `None` ends it.
    Kiosk(Option<&'a [u8]>),
    /// Who this device is.
    Identity,
}

/// What this tab remembers of the log.
#[derive(Default)]
pub(super) struct Log {
    end: Cell<Option<LogEnd>>,
}

/// Records that are to be added. They outlive a dropped connection: if the first attempt was committed
/// and only its answer was lost, the second one finds its records on disk and adds nothing.
struct Addition<'a> {
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
        identity: &Identity,
        drafts: &[Draft],
        now: Instant,
        also: Also<'_>,
    ) -> Result<Vec<Event>, StoreError> {
        let addition = Addition {
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
            if added != Err(StoreError::Overtaken) || matches!(also, Also::Identity) {
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
        let Addition { identity, also, .. } = *addition;
        let stores: &[&str] = match also {
            Also::Kiosk(_) => &[LOG, DRAFTS],
            Also::Nothing => &[LOG],
            Also::Identity => &[LOG, META],
        };
        let tx = writing(database, stores, Durability::Strict)?;
        let log = tx.object_store(LOG)?;
        let before = addition.planned.take();
        if let Some(last) = before.last()
            && get_number(&log, last.id.n).await? == Some(encode_event(last))
        {
            return Ok(before);
        }
        // Whatever goes wrong from here on, the end is read from the disk again.
        let remembered = self.end.take().filter(|_| before.is_empty());
        let end = match (remembered, also) {
            (Some(end), Also::Nothing | Also::Kiosk(_)) => end,
            (None, _) | (_, Also::Identity) => end(&log).await?,
        };
        let events = end.place(
            addition.drafts,
            identity.device,
            Some(identity.staff),
            addition.now,
        );
        for event in &events {
            add_number(&log, event.id.n, &encode_event(event))?;
        }
        match also {
            Also::Nothing => {}
            Also::Kiosk(kiosk) => put_kiosk(&tx.object_store(DRAFTS)?, kiosk)?,
            // Another tab may have set the device up meanwhile; two identities would share one log.
            Also::Identity if end.n > 0 => return Err(StoreError::Overtaken),
            Also::Identity => put(&tx.object_store(META)?, IDENTITY, &identity.to_bytes())?,
        }
        addition.planned.replace(events.clone());
        tx.commit().await?;
        self.end.set(Some(end.after(&events)));
        Ok(events)
    }

    /// What is unsent, at most `limit` events of it.
    pub(super) async fn outbox(
        connection: &Connection,
        identity: &Identity,
        limit: usize,
    ) -> Result<OutboxPage, StoreError> {
        connection
            .run(async |database| {
                let tx = reading(database, &[META, LOG])?;
                let log = tx.object_store(LOG)?;
                let acked = acked(&tx.object_store(META)?).await?;
                let rows = u32::try_from(limit).unwrap_or(u32::MAX);
                let rows = numbered_after(&log, acked, rows).await?;
                let events = OutboxPage::events_of(acked, rows);
                let newest = if events.len() < limit {
                    acked + events.len() as u64
                } else {
                    end_number(&log).await?
                };
                Ok(OutboxPage {
                    device: identity.device,
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
    numbers: &[u64],
) -> Result<Vec<Vec<u8>>, StoreError> {
    let tx = reading(database, &[LOG])?;
    let log = tx.object_store(LOG)?;
    let mut rows = Vec::new();
    for n in numbers {
        rows.push(get_number(&log, *n).await?.unwrap_or_default());
    }
    Ok(rows)
}

/// Where the log ends on disk.
async fn end(log: &ObjectStore<'_>) -> Result<LogEnd, StoreError> {
    let n = end_number(log).await?;
    if n == 0 {
        return Ok(LogEnd::EMPTY);
    }
    let row = get_number(log, n).await?;
    Ok(LogEnd::at_row(n, row.as_deref().unwrap_or_default()))
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
pub(super) fn put_kiosk(drafts: &ObjectStore<'_>, kiosk: Option<&[u8]>) -> Result<(), StoreError> {
    match kiosk {
        Some(bytes) => put(drafts, KIOSK, bytes),
        None => delete(drafts, KIOSK),
    }
}
