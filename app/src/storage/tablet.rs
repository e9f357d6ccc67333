//! The store of an enrolled device: its own log, the blocks it pulled, and what is under way.
//!
//! | store     | key                 | value                                   | durability |
//! |-----------|---------------------|-----------------------------------------|------------|
//! | `meta`    | a name              | identity, acknowledged place, start copy | strict, but for the acknowledged place |
//! | `log`     | `n`                 | the device's own events, as frozen      | strict     |
//! | `blocks`  | `stream\|first seq` | up to 256 pulled events                 | relaxed    |
//! | `cursors` | stream              | how far the stream was read             | relaxed    |
//! | `aside`   | `n`                 | why the server set an own event aside   | relaxed    |
//! | `drafts`  | a name              | what is being filled in                 | strict for a hand-over |
//!
//! The replacement of a stream that has to be read afresh lies in `blocks` and `cursors` too, under keys
//! that begin with `~`, and is not shown until it is whole.
//!
//! An event, its number and the clock are one row that is added and never replaced, which also keeps
//! two tabs from taking the same number. What is unsent is the part of the log after the acknowledged
//! place; no event carries a flag.

mod parts;
mod streams;

use indexed_db_futures::KeyRange;
use indexed_db_futures::database::Database;
use indexed_db_futures::object_store::ObjectStore;
use indexed_db_futures::prelude::*;
use wellfield_core::clock::{Date, Instant};
use wellfield_core::event::{Draft, Event};
use wellfield_core::start::StartCopy;
use wellfield_core::stream::Stream;
use wellfield_core::sync::{Cursor, Cursors, OutboxPage, Outcome, Page, Repair, Snapshot};

use self::streams::{blocks_since, shown_blocks, shown_cursors};
use super::connection::{Connection, Durability, Schema, reading, writing};
use super::log::{Log, end_number, numbered, put_kiosk};
use super::rows::{all, decode, delete, encode, get, number, put, put_number, rows_after};
use super::{Also, Identity, StoreError};

pub(super) const META: &str = "meta";
pub(super) const LOG: &str = "log";
const BLOCKS: &str = "blocks";
const CURSORS: &str = "cursors";
const ASIDE: &str = "aside";
pub(super) const DRAFTS: &str = "drafts";

static SCHEMA: Schema = Schema {
    name: "wellfield",
    // 2: the end of the log is its last row. A tab of version 1 would number from a counter that is no
    // longer kept, so the browser must not let it write.
    version: 2,
    stores: &[META, LOG, BLOCKS, CURSORS, ASIDE, DRAFTS],
};

pub(super) const IDENTITY: &str = "identity";
const ACKED: &str = "acked";
pub(super) const KIOSK: &str = "kiosk";
const START: &str = "start";
const TRIES: &str = "tries";
const LEAD_SLOT: &str = "lead";

/// Everything on disk, as it is read once at start.
pub struct Loaded {
    /// Who this device is; nothing before enrolment.
    pub identity: Option<Identity>,
    /// The server is known to hold the log up to here.
    pub acked: u64,
    /// What the first screens need, where the rest is left for later.
    pub copy: Option<StartCopy>,
    /// The blocks of pulled events: all of them, or what is not in the copy.
    pub blocks: Vec<Vec<u8>>,
    /// The device's own events: all of them, or what is not in the copy and what is unsent.
    pub log: Vec<Vec<u8>>,
    /// The number of the newest own event, whether or not it can be read.
    pub newest: u64,
    /// How far each stream was read.
    pub cursors: Vec<Cursor>,
    /// What the server set aside, by number.
    pub aside: Vec<(u64, Outcome)>,
    /// A hand-over under way.
    pub kiosk: Option<Vec<u8>>,
}

/// What another tab added to the disk.
pub struct Since {
    /// Own events after the one asked from.
    pub log: Vec<Vec<u8>>,
    /// Blocks of pulled events that this tab has not seen.
    pub blocks: Vec<Vec<u8>>,
    /// How far each stream was read.
    pub cursors: Vec<Cursor>,
    /// The acknowledged place.
    pub acked: u64,
    /// A hand-over under way.
    pub kiosk: Option<Vec<u8>>,
}

/// The store of an enrolled device.
pub struct TabletStore {
    connection: Connection,
    log: Log,
}

impl TabletStore {
    /// Opens the store, and creates it on first use.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn open() -> Result<Self, StoreError> {
        Ok(Self {
            connection: Connection::open(&SCHEMA).await?,
            log: Log::default(),
        })
    }

    /// Reads everything.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn load(&self) -> Result<Loaded, StoreError> {
        self.connection
            .run(async |database| load(database, None).await)
            .await
    }

    /// Reads what the first screens of a day need: the copy that was kept for it and what came after, or
    /// everything where no copy serves.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn load_for_start(&self, today: Date) -> Result<Loaded, StoreError> {
        self.connection
            .run(async |database| load(database, Some(today)).await)
            .await
    }

    /// Keeps a copy for the next start.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn keep_start(&self, copy: &StartCopy) -> Result<(), StoreError> {
        let bytes = copy.to_bytes();
        self.connection
            .run(async |database| {
                let tx = writing(database, &[META], Durability::Relaxed)?;
                put(&tx.object_store(META)?, START, &bytes)?;
                Ok(tx.commit().await?)
            })
            .await
    }

    /// Keeps who this device is.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn keep_identity(&self, identity: &Identity) -> Result<(), StoreError> {
        let bytes = identity.to_bytes();
        self.connection
            .run(async |database| {
                let tx = writing(database, &[META], Durability::Strict)?;
                put(&tx.object_store(META)?, IDENTITY, &bytes)?;
                Ok(tx.commit().await?)
            })
            .await
    }

    /// Adds records to the log, all of them or none, and returns them once they are durable.
    ///
    /// What `also` names is kept in the same transaction: the answers of a participant and the end of
    /// their form, a new device and its introduction, both or neither.
    ///
    /// # Errors
    /// See [`StoreError`]; then nothing was added.
    pub async fn append(
        &self,
        identity: &Identity,
        drafts: &[Draft],
        now: Instant,
        also: Also<'_>,
    ) -> Result<Vec<Event>, StoreError> {
        self.log
            .append(&self.connection, identity, drafts, now, also)
            .await
    }

    /// What is unsent, at most `limit` events of it.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn outbox(
        &self,
        identity: &Identity,
        limit: usize,
    ) -> Result<OutboxPage, StoreError> {
        Log::outbox(&self.connection, identity, limit).await
    }

    /// Own records by their numbers; nothing in the place of one that is missing.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn own(&self, numbers: &[u64]) -> Result<Vec<Vec<u8>>, StoreError> {
        self.connection
            .run(async |database| numbered(database, numbers).await)
            .await
    }

    /// Keeps the server's word for the log from `first_n` to `max_n` and what it set aside there, and
    /// returns the acknowledged place. Another tab may have saved more since; that stays.
    ///
    /// # Errors
    /// See [`StoreError`]; [`StoreError::Overtaken`] if another tab went back before `first_n` meanwhile.
    pub async fn save_ack(
        &self,
        first_n: u64,
        max_n: u64,
        quarantined: &[(u64, Outcome)],
    ) -> Result<u64, StoreError> {
        self.connection
            .run(async |database| {
                let tx = writing(database, &[META, ASIDE], Durability::Relaxed)?;
                let meta = tx.object_store(META)?;
                let acked = acked(&meta).await?;
                if acked + 1 < first_n {
                    return Err(StoreError::Overtaken);
                }
                let acked = acked.max(max_n);
                put(&meta, ACKED, &encode(acked))?;
                let aside = tx.object_store(ASIDE)?;
                for (n, outcome) in quarantined {
                    put_number(&aside, *n, &encode((*n, outcome.code())))?;
                }
                tx.commit().await?;
                Ok(acked)
            })
            .await
    }

    /// Keeps that the server holds less of the log than it once said. What it said to have set aside
    /// beyond that place it does not hold either, and it may decide otherwise the next time.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn rewind(&self, max_n: u64) -> Result<(), StoreError> {
        self.connection
            .run(async |database| {
                let tx = writing(database, &[META, ASIDE], Durability::Relaxed)?;
                put(&tx.object_store(META)?, ACKED, &encode(max_n))?;
                let beyond = KeyRange::LowerBound(number(max_n), true);
                tx.object_store(ASIDE)?
                    .delete::<f64, _>(beyond)
                    .primitive()?;
                Ok(tx.commit().await?)
            })
            .await
    }

    /// How far each stream was read, and what lies beside it.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn cursors(&self) -> Result<Cursors, StoreError> {
        self.connection
            .run(async |database| streams::cursors(database).await)
            .await
    }

    /// Keeps a page and its cursor, both or neither, if it follows on what is here. The last page of a
    /// replacement takes the place of what is shown, in the same transaction. Answers whether records of
    /// the own log were erased, which are still in memory then.
    ///
    /// # Errors
    /// See [`StoreError`]; [`StoreError::Overtaken`] if another tab moved the cursor meanwhile.
    pub async fn save_page(&self, page: &Page) -> Result<bool, StoreError> {
        self.connection
            .run(async |database| streams::save_page(database, page).await)
            .await
    }

    /// Which parts of a snapshot lie here; those of another one of its stream are deleted.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn parts(&self, snapshot: &Snapshot) -> Result<Vec<u32>, StoreError> {
        self.connection
            .run(async |database| parts::held(database, snapshot).await)
            .await
    }

    /// Keeps a part of a snapshot.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn save_part(
        &self,
        snapshot: &Snapshot,
        part: u32,
        bytes: &[u8],
    ) -> Result<(), StoreError> {
        self.connection
            .run(async |database| parts::save(database, snapshot, part, bytes).await)
            .await
    }

    /// Puts a snapshot in the place of its parts.
    ///
    /// # Errors
    /// See [`StoreError`]; [`StoreError::Unreadable`] if they are damaged, and then they are deleted;
    /// [`StoreError::Overtaken`] if another tab was first.
    pub async fn install(&self, snapshot: &Snapshot) -> Result<(), StoreError> {
        self.connection
            .run(async |database| parts::install(database, snapshot).await)
            .await
    }

    /// Keeps what first screens need of a stream whose snapshot is on its way.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn save_front(&self, front: &StartCopy) -> Result<(), StoreError> {
        self.connection
            .run(async |database| parts::save_front(database, front).await)
            .await
    }

    /// What is shown of a stream and how far it was read; nothing where nothing was read.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn stream(
        &self,
        stream: Stream,
    ) -> Result<Option<(Cursor, Vec<Vec<u8>>)>, StoreError> {
        self.connection
            .run(async |database| streams::whole(database, stream).await)
            .await
    }

    /// Puts what was received again in the place of what lies there, if it still belongs there. The copy
    /// for the start may be made of what was wrong, and goes in the same transaction.
    ///
    /// # Errors
    /// See [`StoreError`]; [`StoreError::Overtaken`] if another tab read the stream afresh meanwhile.
    pub async fn save_repair(&self, repair: Repair) -> Result<(), StoreError> {
        self.connection
            .run(async |database| streams::save_repair(database, &repair).await)
            .await
    }

    /// Deletes everything of a stream, and what lies beside it. The log stays.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn forget(&self, stream: Stream) -> Result<(), StoreError> {
        self.connection
            .run(async |database| streams::forget(database, stream).await)
            .await
    }

    /// What was added to the disk since an own event and the cursors that this tab has seen.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn since(&self, newest: u64, seen: &[Cursor]) -> Result<Since, StoreError> {
        self.connection
            .run(async |database| {
                let tx = reading(database, SCHEMA.stores)?;
                let acked = acked(&tx.object_store(META)?).await?;
                let log = rows_after(&tx.object_store(LOG)?, newest, None).await?;
                let cursors = shown_cursors(&tx.object_store(CURSORS)?).await?;
                let blocks = blocks_since(&tx.object_store(BLOCKS)?, &cursors, seen).await?;
                Ok(Since {
                    log,
                    blocks,
                    cursors,
                    acked,
                    kiosk: get(&tx.object_store(DRAFTS)?, KIOSK).await?,
                })
            })
            .await
    }

    /// Keeps a hand-over under way, so that a reload or a crash resumes it.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn keep_kiosk(&self, kiosk: Option<&[u8]>) -> Result<(), StoreError> {
        self.connection
            .run(async |database| {
                let tx = writing(database, &[DRAFTS], Durability::Strict)?;
                put_kiosk(&tx.object_store(DRAFTS)?, kiosk)?;
                Ok(tx.commit().await?)
            })
            .await
    }

    /// How many wrong codes were typed running, and when the last one was.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn wrong_tries(&self) -> Result<(u32, Instant), StoreError> {
        self.connection
            .run(async |database| {
                let tx = reading(database, &[META])?;
                let row = get(&tx.object_store(META)?, TRIES).await?;
                let (tries, at) = row
                    .as_deref()
                    .map(decode::<(u32, u64)>)
                    .transpose()?
                    .unwrap_or((0, 0));
                Ok((tries, Instant(at)))
            })
            .await
    }

    /// Keeps how many wrong codes were typed running, so that a reload gives no new tries.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn keep_wrong_tries(&self, tries: u32, at: Instant) -> Result<(), StoreError> {
        self.connection
            .run(async |database| {
                let tx = writing(database, &[META], Durability::Strict)?;
                put(&tx.object_store(META)?, TRIES, &encode((tries, at.0)))?;
                Ok(tx.commit().await?)
            })
            .await
    }

    /// The slot in which the key to concerns lies, on the device of a safeguarding lead.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn lead_slot(&self) -> Result<Option<Vec<u8>>, StoreError> {
        self.connection
            .run(async |database| {
                let tx = reading(database, &[META])?;
                get(&tx.object_store(META)?, LEAD_SLOT).await
            })
            .await
    }

    /// Keeps that slot.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn keep_lead_slot(&self, slot: &[u8]) -> Result<(), StoreError> {
        self.connection
            .run(async |database| {
                let tx = writing(database, &[META], Durability::Strict)?;
                put(&tx.object_store(META)?, LEAD_SLOT, slot)?;
                Ok(tx.commit().await?)
            })
            .await
    }

    /// Keeps what is being typed into a field; nothing deletes it.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn keep_draft(&self, name: &str, text: Option<&str>) -> Result<(), StoreError> {
        self.connection
            .run(async |database| {
                let tx = writing(database, &[DRAFTS], Durability::Relaxed)?;
                let drafts = tx.object_store(DRAFTS)?;
                match text {
                    Some(text) => put(&drafts, name, text.as_bytes())?,
                    None => delete(&drafts, name)?,
                }
                Ok(tx.commit().await?)
            })
            .await
    }

    /// What was being typed into a field.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn draft(&self, name: &str) -> Result<Option<String>, StoreError> {
        self.connection
            .run(async |database| {
                let tx = reading(database, &[DRAFTS])?;
                let row = get(&tx.object_store(DRAFTS)?, name).await?;
                Ok(row.and_then(|bytes| String::from_utf8(bytes).ok()))
            })
            .await
    }
}

/// Reads everything, or what the first screens of a day need.
async fn load(database: &Database, start: Option<Date>) -> Result<Loaded, StoreError> {
    let tx = reading(database, SCHEMA.stores)?;
    let meta = tx.object_store(META)?;
    let identity = get(&meta, IDENTITY)
        .await?
        .as_deref()
        .map(Identity::from_bytes)
        .transpose()?;
    let acked = acked(&meta).await?;
    let cursors = shown_cursors(&tx.object_store(CURSORS)?).await?;
    let copy = match start {
        Some(today) => start_copy(&meta, today, &cursors).await?,
        None => None,
    };
    let (blocks, log) = (tx.object_store(BLOCKS)?, tx.object_store(LOG)?);
    let newest = end_number(&log).await?;
    let (blocks, log) = match &copy {
        Some(copy) => {
            let covered: Vec<_> = cursors
                .iter()
                .map(|cursor| Cursor {
                    after: copy.covers(cursor),
                    ..*cursor
                })
                .collect();
            (
                blocks_since(&blocks, &cursors, &covered).await?,
                rows_after(&log, copy.log_n.min(acked), None).await?,
            )
        }
        None => (shown_blocks(&blocks).await?, all(&log).await?),
    };
    let aside = all(&tx.object_store(ASIDE)?).await?;
    let aside = aside
        .iter()
        .filter_map(|row| decode::<(u64, u8)>(row).ok())
        .filter_map(|(n, code)| Some((n, Outcome::from_code(code)?)))
        .collect();
    let kiosk = get(&tx.object_store(DRAFTS)?, KIOSK).await?;
    Ok(Loaded {
        identity,
        acked,
        copy,
        blocks,
        log,
        newest,
        cursors,
        aside,
        kiosk,
    })
}

/// The copy that was kept for the start, if it serves this day.
async fn start_copy(
    meta: &ObjectStore<'_>,
    today: Date,
    cursors: &[Cursor],
) -> Result<Option<StartCopy>, StoreError> {
    let row = get(meta, START).await?;
    let copy = row.and_then(|row| StartCopy::from_bytes(&row).ok());
    Ok(copy.filter(|copy| copy.serves(today, cursors)))
}

pub(super) async fn acked(meta: &ObjectStore<'_>) -> Result<u64, StoreError> {
    get(meta, ACKED).await?.as_deref().map_or(Ok(0), decode)
}
