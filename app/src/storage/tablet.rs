//! The store of an enrolled device: its own log, the blocks it pulled, and what is under way.
//!
//! | store     | key                 | value                                   | durability |
//! |-----------|---------------------|-----------------------------------------|------------|
//! | `meta`    | a name              | who unlocks and uses it, the start copy, the manifest | strict, but for the copy |
//! | `log`     | `n`                 | the device's own events, as frozen      | strict     |
//! | `blocks`  | `stream\|first seq` | up to 256 pulled events                 | relaxed    |
//! | `cursors` | stream              | how far the stream was read             | relaxed    |
//! | `aside`   | `n`                 | why the server set an own event aside   | relaxed    |
//! | `drafts`  | a name              | what is being filled in                 | strict for a hand-over |
//!
//! Every value is sealed ([`super::vault`]), and names that would tell something are blind, but for what
//! a locked tablet needs: the lock, the acknowledged place, the grant and the key that it signs with in `meta`, and
//! `aside`.
//!
//! The replacement of a stream that has to be read afresh lies in `blocks` and `cursors` too, under keys
//! that begin with `~`, and is not shown until it is whole.
//!
//! An event, its number and the clock are one row that is added and never replaced, which also keeps
//! two tabs from taking the same number. What is unsent is the part of the log after the acknowledged
//! place; no event carries a flag.

mod loading;
mod parts;
pub(super) mod people;
mod sending;
pub(super) mod showing;
mod streams;
pub(super) mod wiping;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use indexed_db_futures::KeyRange;
use indexed_db_futures::object_store::ObjectStore;
use indexed_db_futures::prelude::*;
use wellfield_core::clock::{Date, Instant};
use wellfield_core::event::{Draft, Event};
use wellfield_core::ids::DeviceId;
use wellfield_core::start::StartCopy;
use wellfield_core::stream::Stream;
use wellfield_core::sync::{
    Cursor, Cursors, Heard, Keepsake, OutboxPage, Outcome, OwnErased, Page, Repair, Snapshot,
};
use wellfield_core::vault::{DataKey, KeySlot, Lock, SlotId};

pub use self::loading::{Loaded, Since};
use super::connection::{Connection, Durability, Schema, reading, writing};
use super::log::{Log, numbered};
use super::rows::{decode, encode, get, number, put, put_number};
use super::vault::{Sealed, Vault};
use super::{Also, Identity, StoreError};
use crate::signing::KeyPair;

pub(super) const META: &str = "meta";
pub(super) const LOG: &str = "log";
const BLOCKS: &str = "blocks";
const CURSORS: &str = "cursors";
const ASIDE: &str = "aside";
pub(super) const DRAFTS: &str = "drafts";

static SCHEMA: Schema = Schema {
    name: "wellfield",
    // 3: rows are sealed. A tab of an earlier version would write readable ones, so the browser must not
    // let it write.
    version: 3,
    stores: &[META, LOG, BLOCKS, CURSORS, ASIDE, DRAFTS],
};

pub(super) const LOCK: &str = "lock";
const IDENTITY: &str = "identity/";
const ACKED: &str = "acked";
pub(super) const KIOSK: &str = "kiosk";
const START: &str = "start";
const LEAD_SLOT: &str = "lead";
const GRANT: &str = "grant";
const KEEPSAKE: &str = "shown";
const KEY_PAIR: &str = "signing";

/// Whether a row of `meta` is read before anything is on screen: who uses the tablet, and the copy of what its
/// first screens need.
pub(super) fn is_needed_to_open(key: &str) -> bool {
    key == START || key.starts_with(IDENTITY)
}

/// Where it lies who a slot belongs to.
pub(super) fn identity_key(slot: SlotId) -> String {
    format!("{IDENTITY}{:016x}", slot.0)
}

/// The store of an enrolled device.
pub struct TabletStore {
    connection: Connection,
    log: Log,
    vault: RefCell<Option<Rc<Vault>>>,
    /// What the server last asked to be signed.
    pub(crate) heard: Cell<Heard>,
    keepsake: RefCell<Option<Keepsake>>,
    key_pair: RefCell<Option<KeyPair>>,
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
            vault: RefCell::default(),
            heard: Cell::new(Heard::NOTHING),
            keepsake: RefCell::default(),
            key_pair: RefCell::default(),
        })
    }

    /// What lies readable of a locked tablet; nothing before the device was set up.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn lock(&self) -> Result<Option<Lock>, StoreError> {
        self.connection.run(people::lock).await
    }

    /// From here on rows open. The keys go with the page.
    pub fn unlock(&self, device: DeviceId, key: &DataKey, slot: SlotId) {
        let vault = Rc::new(Vault::new(device, key, slot));
        self.vault.replace(Some(vault));
    }

    /// Whether the keys are in memory.
    pub fn is_unlocked(&self) -> bool {
        self.vault.borrow().is_some()
    }

    fn vault(&self) -> Result<Rc<Vault>, StoreError> {
        self.vault.borrow().clone().ok_or(StoreError::Locked)
    }

    /// Puts another secret of somebody's in the place of the one that they have.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn renew_slot(&self, id: SlotId, slot: &KeySlot) -> Result<(), StoreError> {
        self.connection
            .run(async |database| people::renew(database, id, slot).await)
            .await
    }

    /// Takes somebody away from those who open this tablet.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn take_away(&self, id: SlotId) -> Result<(), StoreError> {
        let vault = self.vault()?;
        self.connection
            .run(async |database| people::take_away(database, &vault, id).await)
            .await
    }

    /// Who opens this tablet, by their slots.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn people(&self) -> Result<Vec<(SlotId, Identity)>, StoreError> {
        let vault = self.vault()?;
        self.connection
            .run(async |database| people::all(database, &vault).await)
            .await
    }

    /// The slot of whoever opened this tablet now.
    pub fn opened_by(&self) -> Option<SlotId> {
        self.vault().ok().map(|vault| vault.slot)
    }

    /// Reads everything; nothing before the device was set up.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn load(&self) -> Result<Loaded, StoreError> {
        let Ok(vault) = self.vault() else {
            return Ok(Loaded::default());
        };
        self.connection
            .run(async |database| loading::load(database, &vault, None).await)
            .await
    }

    /// Reads what the first screens of a day need: the copy that was kept for it and what came after, or
    /// everything where no copy serves.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn load_for_start(&self, today: Date) -> Result<Loaded, StoreError> {
        let Ok(vault) = self.vault() else {
            return Ok(Loaded::default());
        };
        self.connection
            .run(async |database| loading::load(database, &vault, Some(today)).await)
            .await
    }

    /// Keeps a copy for the next start.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn keep_start(&self, copy: &StartCopy) -> Result<(), StoreError> {
        let bytes = copy.to_bytes();
        self.keep(META, START, Some(&bytes), Durability::Relaxed)
            .await
    }

    /// Keeps who this device is.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn keep_identity(&self, identity: &Identity) -> Result<(), StoreError> {
        let key = identity_key(self.vault()?.slot);
        self.keep(META, &key, Some(&identity.to_bytes()), Durability::Strict)
            .await
    }

    /// Keeps one sealed row, or deletes it.
    async fn keep(
        &self,
        store: &str,
        key: &str,
        bytes: Option<&[u8]>,
        durability: Durability,
    ) -> Result<(), StoreError> {
        let vault = self.vault()?;
        let stores: &[&str] = if store == META {
            &[META]
        } else {
            &[META, store]
        };
        self.connection
            .run(async |database| {
                let tx = writing(database, stores, durability)?;
                let sealed = Sealed::begin(&vault, &tx).await?;
                match bytes {
                    Some(bytes) => sealed.put(&tx.object_store(store)?, key, bytes)?,
                    None => sealed.delete(&tx.object_store(store)?, key)?,
                }
                sealed.finish(&tx)?;
                Ok(tx.commit().await?)
            })
            .await
    }

    /// Reads one sealed row.
    async fn kept(&self, store: &str, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let vault = self.vault()?;
        let stores: &[&str] = if store == META {
            &[META]
        } else {
            &[META, store]
        };
        self.connection
            .run(async |database| {
                let tx = reading(database, stores)?;
                let sealed = Sealed::begin(&vault, &tx).await?;
                sealed.get(&tx.object_store(store)?, key).await
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
        let vault = self.vault()?;
        self.log
            .append(&self.connection, &vault, identity, drafts, now, also)
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
        let vault = self.vault()?;
        let opened = |n, row: Vec<u8>| vault.open_own(n, &row);
        Log::outbox(&self.connection, identity.device, limit, opened).await
    }

    /// What is unsent of a locked tablet, as it lies on the disk.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn sealed_outbox(
        &self,
        device: DeviceId,
        limit: usize,
    ) -> Result<OutboxPage, StoreError> {
        Log::outbox(&self.connection, device, limit, |_, row| row).await
    }

    /// Deletes everything on this tablet, which was taken out of use, if the log goes no further than
    /// `max_n`; answers whether it did. It cannot be undone.
    ///
    /// # Errors
    /// See [`StoreError`]; then nothing was deleted.
    pub async fn wipe(&self, max_n: u64) -> Result<bool, StoreError> {
        self.connection
            .run(async |database| wiping::wipe(database, max_n).await)
            .await
    }

    /// Whether this was a tablet that was taken out of use.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn is_taken_out(&self) -> Result<bool, StoreError> {
        self.connection.run(wiping::is_taken_out).await
    }

    /// Makes a tablet that was taken out of use one that was never set up.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn begin_anew(&self) -> Result<(), StoreError> {
        self.connection.run(wiping::begin_anew).await
    }

    /// Own records by their numbers; nothing in the place of one that is missing.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn own(&self, numbers: &[u64]) -> Result<Vec<Vec<u8>>, StoreError> {
        let vault = self.vault()?;
        self.connection
            .run(async |database| numbered(database, &vault, numbers).await)
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
        let vault = self.vault()?;
        self.connection
            .run(async |database| streams::cursors(database, &vault).await)
            .await
    }

    /// Keeps a page and its cursor, both or neither, if it follows on what is here. The last page of a
    /// replacement takes the place of what is shown, in the same transaction.
    ///
    /// # Errors
    /// See [`StoreError`]; [`StoreError::Overtaken`] if another tab moved the cursor meanwhile.
    pub async fn save_page(&self, page: &Page) -> Result<(), StoreError> {
        let vault = self.vault()?;
        self.connection
            .run(async |database| streams::save_page(database, &vault, page).await)
            .await
    }

    /// Erases records of the own log of which the server says so. Answers whether any were, which are still
    /// in memory then, and how far the log is known to be held.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn erase_told(&self, told: &OwnErased) -> Result<(bool, u64), StoreError> {
        let vault = self.vault()?;
        self.connection
            .run(async |database| streams::erase_told(database, &vault, told).await)
            .await
    }

    /// Which parts of a snapshot lie here; those of another one of its stream are deleted.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn parts(&self, snapshot: &Snapshot) -> Result<Vec<u32>, StoreError> {
        let vault = self.vault()?;
        self.connection
            .run(async |database| parts::held(database, &vault, snapshot).await)
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
        let vault = self.vault()?;
        self.connection
            .run(async |database| parts::save(database, &vault, snapshot, part, bytes).await)
            .await
    }

    /// Puts a snapshot in the place of its parts.
    ///
    /// # Errors
    /// See [`StoreError`]; [`StoreError::Unreadable`] if they are damaged, and then they are deleted;
    /// [`StoreError::Overtaken`] if another tab was first.
    pub async fn install(&self, snapshot: &Snapshot) -> Result<(), StoreError> {
        let vault = self.vault()?;
        self.connection
            .run(async |database| parts::install(database, &vault, snapshot).await)
            .await
    }

    /// Keeps what first screens need of a stream whose snapshot is on its way.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn save_front(&self, front: &StartCopy) -> Result<(), StoreError> {
        let vault = self.vault()?;
        self.connection
            .run(async |database| parts::save_front(database, &vault, front).await)
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
        let vault = self.vault()?;
        self.connection
            .run(async |database| streams::whole(database, &vault, stream).await)
            .await
    }

    /// Puts what was received again in the place of what lies there, if it still belongs there. The copy
    /// for the start may be made of what was wrong, and goes in the same transaction.
    ///
    /// # Errors
    /// See [`StoreError`]; [`StoreError::Overtaken`] if another tab read the stream afresh meanwhile.
    pub async fn save_repair(&self, repair: Repair) -> Result<(), StoreError> {
        let vault = self.vault()?;
        self.connection
            .run(async |database| streams::save_repair(database, &vault, &repair).await)
            .await
    }

    /// Deletes everything of a stream, and what lies beside it. The log stays.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn forget(&self, stream: Stream) -> Result<(), StoreError> {
        let vault = self.vault()?;
        self.connection
            .run(async |database| streams::forget(database, &vault, stream).await)
            .await
    }

    /// What was added to the disk since an own event and the cursors that this tab has seen.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn since(&self, newest: u64, seen: &[Cursor]) -> Result<Since, StoreError> {
        let vault = self.vault()?;
        self.connection
            .run(async |database| loading::since(database, &vault, newest, seen).await)
            .await
    }

    /// Keeps a hand-over under way, so that a reload or a crash resumes it.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn keep_kiosk(&self, kiosk: Option<&[u8]>) -> Result<(), StoreError> {
        self.keep(DRAFTS, KIOSK, kiosk, Durability::Strict).await
    }

    /// The slot in which the key to concerns lies, on the device of a safeguarding lead.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn lead_slot(&self) -> Result<Option<Vec<u8>>, StoreError> {
        self.kept(META, LEAD_SLOT).await
    }

    /// Keeps that slot.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn keep_lead_slot(&self, slot: &[u8]) -> Result<(), StoreError> {
        self.keep(META, LEAD_SLOT, Some(slot), Durability::Strict)
            .await
    }

    /// Keeps what is being typed into a field; nothing deletes it.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn keep_draft(&self, name: &str, text: Option<&str>) -> Result<(), StoreError> {
        let key = self.vault()?.draft_name(name);
        let bytes = text.map(str::as_bytes);
        self.keep(DRAFTS, &key, bytes, Durability::Relaxed).await
    }

    /// What was being typed into a field.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn draft(&self, name: &str) -> Result<Option<String>, StoreError> {
        let key = self.vault()?.draft_name(name);
        let row = self.kept(DRAFTS, &key).await?;
        Ok(row.and_then(|bytes| String::from_utf8(bytes).ok()))
    }
}

pub(super) async fn acked(meta: &ObjectStore<'_>) -> Result<u64, StoreError> {
    get(meta, ACKED).await?.as_deref().map_or(Ok(0), decode)
}
