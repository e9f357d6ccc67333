//! What is read of the disk at once: at start, and when another tab wrote.

use indexed_db_futures::database::Database;
use indexed_db_futures::object_store::ObjectStore;
use wellfield_core::clock::Date;
use wellfield_core::start::StartCopy;
use wellfield_core::sync::{Cursor, Outcome};

use super::streams::{blocks_since, shown_blocks, shown_cursors};
use super::{ASIDE, BLOCKS, CURSORS, DRAFTS, KIOSK, LOG, META, SCHEMA, START, acked, identity_key};
use crate::storage::connection::reading;
use crate::storage::log::{end_number, own_after};
use crate::storage::rows::{all, decode};
use crate::storage::vault::{Sealed, Vault};
use crate::storage::{Identity, StoreError};

/// Everything on disk, as it is read once at start.
#[derive(Default)]
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

/// Reads everything, or what the first screens of a day need.
pub(super) async fn load(
    database: &Database,
    vault: &Vault,
    start: Option<Date>,
) -> Result<Loaded, StoreError> {
    let tx = reading(database, SCHEMA.stores)?;
    let meta = tx.object_store(META)?;
    let sealed = Sealed::begin(vault, &tx).await?;
    let identity = sealed.get(&meta, &identity_key(vault.slot)).await?;
    // Somebody's words opened the lock, so somebody is there; a row that does not open is not the same as a
    // tablet that was never set up.
    let identity = identity.ok_or(StoreError::Unreadable)?;
    let identity = Some(Identity::from_bytes(&identity)?);
    let acked = acked(&meta).await?;
    let cursors = shown_cursors(&sealed, &tx.object_store(CURSORS)?).await?;
    let copy = match start {
        Some(today) => start_copy(&sealed, &meta, today, &cursors).await?,
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
                blocks_since(vault, &sealed, &blocks, &cursors, &covered).await?,
                own_after(vault, &log, copy.log_n.min(acked)).await?,
            )
        }
        None => (
            shown_blocks(&sealed, &blocks).await?,
            own_after(vault, &log, 0).await?,
        ),
    };
    let aside = all(&tx.object_store(ASIDE)?).await?;
    let aside = aside
        .iter()
        .filter_map(|row| decode::<(u64, u8)>(row).ok())
        .filter_map(|(n, code)| Some((n, Outcome::from_code(code)?)))
        .collect();
    let kiosk = sealed.get(&tx.object_store(DRAFTS)?, KIOSK).await?;
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
    sealed: &Sealed<'_>,
    meta: &ObjectStore<'_>,
    today: Date,
    cursors: &[Cursor],
) -> Result<Option<StartCopy>, StoreError> {
    let row = sealed.get(meta, START).await?;
    let copy = row.and_then(|row| StartCopy::from_bytes(&row).ok());
    Ok(copy.filter(|copy| copy.serves(today, cursors)))
}

/// What was added to the disk since an own event and the cursors that a tab has seen.
pub(super) async fn since(
    database: &Database,
    vault: &Vault,
    newest: u64,
    seen: &[Cursor],
) -> Result<Since, StoreError> {
    let tx = reading(database, SCHEMA.stores)?;
    let acked = acked(&tx.object_store(META)?).await?;
    let sealed = Sealed::begin(vault, &tx).await?;
    let log = own_after(vault, &tx.object_store(LOG)?, newest).await?;
    let cursors = shown_cursors(&sealed, &tx.object_store(CURSORS)?).await?;
    let blocks = blocks_since(vault, &sealed, &tx.object_store(BLOCKS)?, &cursors, seen).await?;
    Ok(Since {
        log,
        blocks,
        cursors,
        acked,
        kiosk: sealed.get(&tx.object_store(DRAFTS)?, KIOSK).await?,
    })
}
