//! Long streams for devices that have nothing of them: the snapshot, and what first screens need.
//!
//! Nothing here is stored. A snapshot follows from the events that it is made of, so every server over
//! one database makes the same file, and what is kept in memory is only kept to spare the work.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;
use wellfield_core::clock::Date;
use wellfield_core::records::Records;
use wellfield_core::start::{StartCopy, StartPicker};
use wellfield_core::stream::Stream;
use wellfield_core::sync::{
    BLOCK_EVENTS_MAX, ContentHash, PULL_EVENTS_MAX, PullReply, Snapshot, SnapshotMaker,
    encode_block, snapshot_through,
};

use crate::storage::{PageRefused, PageWanted, Reader, Storage, StorageError, Unavailable};

/// So many snapshots are kept in memory, the latest that were made: devices that are set up together
/// need the same one, and one that began with an older one can go on with it.
const KEPT: usize = 4;

/// A snapshot with its bytes.
#[derive(Debug)]
pub struct Made {
    /// What it is.
    pub snapshot: Snapshot,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Makes snapshots and fronts, one at a time, so that many devices at once do not take the server's
/// memory and time from those who send.
#[derive(Debug)]
pub struct Snapshots {
    kept: Mutex<Vec<Arc<Made>>>,
    making: Semaphore,
}

impl Default for Snapshots {
    fn default() -> Self {
        Self {
            kept: Mutex::default(),
            making: Semaphore::new(1),
        }
    }
}

/// Why there is no snapshot.
pub type NoSnapshot = StorageError<PageRefused>;

impl Snapshots {
    /// The snapshot of a stream in an epoch; `None` while the stream is too short for one.
    ///
    /// # Errors
    /// [`NoSnapshot`] if the stream has another epoch, or the database cannot answer.
    pub async fn of(
        &self,
        storage: &dyn Storage,
        stream: Stream,
        epoch: u32,
    ) -> Result<Option<Arc<Made>>, NoSnapshot> {
        let first = page(storage, stream, epoch, 0, 1).await?;
        let Some(through) = snapshot_through(first.head) else {
            return Ok(None);
        };
        let is_it = |made: &Snapshot| {
            let cursor = made.cursor;
            (cursor.stream, cursor.epoch, cursor.after) == (stream, epoch, through)
        };
        if let Some(made) = self.find(is_it) {
            return Ok(Some(made));
        }
        let turn = self.turn().await?;
        // Whoever had the turn before may have made it.
        if let Some(made) = self.find(is_it) {
            return Ok(Some(made));
        }
        let mut maker = SnapshotMaker::default();
        let mut after = 0;
        while after < through {
            let wanted = usize::try_from(through - after).unwrap_or(PULL_EVENTS_MAX);
            let page = page(storage, stream, epoch, after, wanted).await?;
            after += page.events.len() as u64;
            page.events.into_iter().for_each(|event| maker.take(event));
        }
        let (snapshot, bytes) = spawn_blocking(move || maker.finish(stream, epoch))
            .await
            .map_err(|_| cut_off())?;
        let made = Arc::new(Made { snapshot, bytes });
        self.keep(Arc::clone(&made));
        drop(turn);
        Ok(Some(made))
    }

    /// The snapshot of that name, if it is still in memory.
    pub fn named(&self, stream: Stream, hash: &ContentHash) -> Option<Arc<Made>> {
        self.find(|made| made.cursor.stream == stream && made.hash == *hash)
    }

    fn find(&self, is_it: impl Fn(&Snapshot) -> bool) -> Option<Arc<Made>> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter().find(|made| is_it(&made.snapshot)).cloned()
    }

    fn keep(&self, made: Arc<Made>) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.insert(0, made);
        kept.truncate(KEPT);
    }

    async fn turn(&self) -> Result<tokio::sync::SemaphorePermit<'_>, Unavailable> {
        self.making.acquire().await.map_err(|_| cut_off())
    }

    /// What the first screens of `today` need of a stream: a copy for the start that covers nothing, so
    /// that everything is still read.
    ///
    /// # Errors
    /// As [`Snapshots::of`].
    pub async fn front(
        &self,
        storage: &dyn Storage,
        stream: Stream,
        epoch: u32,
        today: Date,
    ) -> Result<StartCopy, NoSnapshot> {
        let _turn = self.turn().await?;
        let mut records = Records::default();
        let mut after = 0;
        // In blocks, because which sessions are near is known at the end, and a long stream as it is
        // would take several times the memory.
        let mut blocks = Vec::new();
        loop {
            let page = page(storage, stream, epoch, after, PULL_EVENTS_MAX).await?;
            let events = page.events.iter().filter_map(|event| event.event().ok());
            events.for_each(|event| records.apply(&event));
            if page.events.is_empty() {
                break;
            }
            after += page.events.len() as u64;
            blocks.extend(page.events.chunks(BLOCK_EVENTS_MAX).map(encode_block));
        }
        let picked = spawn_blocking(move || {
            let mut picker = StartPicker::new(&records, today);
            blocks.iter().for_each(|block| picker.take_block(block));
            picker.finish(Vec::new())
        });
        Ok(picked.await.map_err(|_| cut_off())?)
    }
}

fn cut_off() -> Unavailable {
    Unavailable {
        reason: "making a snapshot was cut off".to_owned(),
    }
}

async fn page(
    storage: &dyn Storage,
    stream: Stream,
    epoch: u32,
    after: u64,
    limit: usize,
) -> Result<PullReply, NoSnapshot> {
    storage
        .page(PageWanted {
            reader: Reader::Of(vec![stream]),
            stream,
            epoch: Some(epoch),
            after,
            limit: limit.min(PULL_EVENTS_MAX),
        })
        .await
}
