//! What seals the rows of an unlocked tablet, and opens them again.
//!
//! Nothing readable about anybody is ever written: a browser does not erase what it deletes. What lies
//! readable is what a locked tablet needs, and all of it: the lock itself, the acknowledged place, the
//! numbers of the own log, which of those the server set aside, and the grant with which it sends (sealed to
//! the server).

use std::cell::{Cell, RefCell};

use indexed_db_futures::KeyRange;
use indexed_db_futures::object_store::ObjectStore;
use indexed_db_futures::prelude::*;
use indexed_db_futures::transaction::Transaction;
use indexed_db_futures::typed_array::TypedArray;
use wellfield_core::ids::DeviceId;
use wellfield_core::stream::Stream;
use wellfield_core::vault::{
    DataKey, Manifest, NotAKey, NotOpened, Place, SealingKey, SendGrant, SlotId, VaultKeys,
};

use super::StoreError;
use super::rows::{collect, delete, get, put};
use super::tablet::{META, is_needed_to_open};
use crate::platform::random_bytes;

/// The row of the manifest.
const MANIFEST: &str = "manifest";

/// The manifest once more, because nothing that was ever replaced opens without one, who uses the tablet
/// least of all: one damaged row must not lock everybody out.
const MANIFEST_AGAIN: &str = "manifest-again";

/// A manifest of so many bytes, of some eighty rows, is always written twice. A larger one is where a row is
/// replaced that is needed to open ([`is_needed_to_open`]); what was replaced since is then fetched again.
/// Written twice each time it would cost a tablet half a megabyte while it receives its first hundred
/// thousand records.
const ALWAYS_AGAIN_BYTES: usize = 2 * 1024;

/// What is left of a damaged row begins with this byte. An event is a CBOR map, and this is the break of
/// CBOR, which begins nothing.
const DAMAGED: u8 = 0xff;

/// The version of what is inside rows.
const SCHEMA: u8 = 1;

/// The keys of an unlocked tablet, and who unlocked it.
pub(super) struct Vault {
    pub(super) device: DeviceId,
    keys: VaultKeys,
    /// The slot of whoever unlocked it.
    pub(super) slot: SlotId,
}

impl Vault {
    pub(super) fn new(device: DeviceId, key: &DataKey, slot: SlotId) -> Self {
        Self {
            device,
            keys: key.keys(),
            slot,
        }
    }

    /// What a stream is called in keys of rows: the same each time, and nothing to anybody else.
    pub(super) fn stream_name(&self, stream: Stream) -> String {
        hex(self.keys.blind("streams", &stream.to_string()))
    }

    /// What a draft is called.
    pub(super) fn draft_name(&self, name: &str) -> String {
        hex(self.keys.blind("drafts", name))
    }

    /// Seals a row of the own log, which is added once and never replaced.
    pub(super) fn seal_own(&self, n: u64, bytes: &[u8]) -> Vec<u8> {
        self.keys
            .log
            .seal_own(self.device, n, bytes, random_bytes())
    }

    /// What this tablet sends with while it is locked, sealed to its server.
    pub(super) fn grant(&self, token: [u8; 32], to: SealingKey) -> Result<Vec<u8>, NotAKey> {
        let grant = SendGrant::new(self.device, token, self.keys.log.clone());
        grant.seal(to, random_bytes())
    }

    /// Opens a row of the own log. Of one that was damaged it gives what is left, for a person to read.
    /// Nothing that could pass for an event: it begins with a byte that no event begins with.
    pub(super) fn open_own(&self, n: u64, row: &[u8]) -> Vec<u8> {
        match self.keys.log.open_own(self.device, n, row) {
            Ok(plain) => plain.to_vec(),
            Err(NotOpened) => {
                let left = self.keys.log.remains_of_own(self.device, n, row);
                let left = left.as_deref().map(Vec::as_slice).unwrap_or_default();
                [&[DAMAGED], left].concat()
            }
        }
    }

    fn place<'a>(&self, store: &'a str, key: &'a [u8], revision: u64) -> Place<'a> {
        Place {
            device: self.device,
            store,
            key,
            revision,
            schema: SCHEMA,
        }
    }
}

fn hex(bytes: [u8; 16]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The sealed rows of one transaction, with the manifest that says which version of each counts. The
/// transaction has to be one over the store of the manifest too.
pub(super) struct Sealed<'v> {
    vault: &'v Vault,
    manifest: RefCell<Manifest>,
    changed: Cell<bool>,
    /// Whether it is written a second time, however large it is.
    again: Cell<bool>,
}

impl<'v> Sealed<'v> {
    /// Reads the manifest.
    pub(super) async fn begin(vault: &'v Vault, tx: &Transaction<'_>) -> Result<Self, StoreError> {
        let meta = tx.object_store(META)?;
        let mut manifest = None;
        for key in [MANIFEST, MANIFEST_AGAIN] {
            let row = get(&meta, key).await?;
            manifest = row.and_then(|row| {
                let place = vault.place(META, key.as_bytes(), 0);
                Manifest::from_bytes(&vault.keys.records.open(place, &row).ok()?).ok()
            });
            if manifest.is_some() {
                break;
            }
        }
        Ok(Self {
            vault,
            // Without it no row that was ever replaced opens; each is then fetched or made again.
            manifest: RefCell::new(manifest.unwrap_or_default()),
            changed: Cell::new(false),
            again: Cell::new(false),
        })
    }

    /// Seals a row and puts it in its place.
    pub(super) fn put(
        &self,
        store: &ObjectStore<'_>,
        key: &str,
        plain: &[u8],
    ) -> Result<(), StoreError> {
        let name = store.name();
        let blind = self.vault.keys.blind(&name, key);
        let revision = self.manifest.borrow_mut().raise(blind);
        self.changed.set(true);
        if name == META && is_needed_to_open(key) {
            self.again.set(true);
        }
        let place = self.vault.place(&name, key.as_bytes(), revision);
        let row = self.vault.keys.records.seal(place, plain, random_bytes());
        put(store, key, &row)
    }

    /// Deletes a row. No older version of it counts from here on.
    pub(super) fn delete(&self, store: &ObjectStore<'_>, key: &str) -> Result<(), StoreError> {
        let blind = self.vault.keys.blind(&store.name(), key);
        self.manifest.borrow_mut().raise(blind);
        self.changed.set(true);
        delete(store, key)
    }

    /// Reads a row; one that does not open counts as one that is not there.
    pub(super) async fn get(
        &self,
        store: &ObjectStore<'_>,
        key: &str,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        let row = get(store, key).await?;
        Ok(row.and_then(|row| self.open(store, key, &row)))
    }

    fn open(&self, store: &ObjectStore<'_>, key: &str, row: &[u8]) -> Option<Vec<u8>> {
        let name = store.name();
        let blind = self.vault.keys.blind(&name, key);
        let revision = self.manifest.borrow().revision(blind);
        let place = self.vault.place(&name, key.as_bytes(), revision);
        let opened = self.vault.keys.records.open(place, row).ok()?;
        Some(opened.to_vec())
    }

    /// The rows in a range, in the order of their keys. One that does not open is empty in its place.
    pub(super) async fn rows_in(
        &self,
        store: &ObjectStore<'_>,
        range: impl Fn() -> KeyRange<String>,
    ) -> Result<Vec<Vec<u8>>, StoreError> {
        let keys = store
            .get_all_keys::<String>()
            .with_query::<String, _>(range())
            .primitive()?;
        let rows = store
            .get_all::<TypedArray<u8>>()
            .with_query::<String, _>(range())
            .primitive()?;
        let keys = keys.await?.collect::<Result<Vec<_>, _>>()?;
        let rows = collect(rows.await?)?;
        let opened = keys
            .iter()
            .zip(&rows)
            .map(|(key, row)| self.open(store, key, row));
        Ok(opened.map(Option::unwrap_or_default).collect())
    }

    /// Keeps the manifest, if a row was replaced; the last thing before the commit.
    pub(super) fn finish(self, tx: &Transaction<'_>) -> Result<(), StoreError> {
        if !self.changed.get() {
            return Ok(());
        }
        let plain = self.manifest.borrow().to_bytes();
        let meta = tx.object_store(META)?;
        let again = self.again.get() || plain.len() <= ALWAYS_AGAIN_BYTES;
        let again = again.then_some(MANIFEST_AGAIN);
        for key in [MANIFEST].into_iter().chain(again) {
            let place = self.vault.place(META, key.as_bytes(), 0);
            let row = self.vault.keys.records.seal(place, &plain, random_bytes());
            put(&meta, key, &row)?;
        }
        Ok(())
    }
}
