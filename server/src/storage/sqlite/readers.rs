//! Connections that read, beside the one that writes.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rusqlite::Connection;
use tokio::sync::Semaphore;

use super::open::open_reader;
use super::writer::unavailable;
use crate::storage::Unavailable;

/// At most this many reads at the same time.
const READERS_MAX: usize = 8;

/// The connections that read.
pub(super) struct Readers {
    pool: Arc<Pool>,
    permits: Semaphore,
}

struct Pool {
    path: PathBuf,
    busy_timeout: Duration,
    idle: Mutex<Vec<Connection>>,
}

impl Readers {
    pub(super) fn new(path: PathBuf, busy_timeout: Duration) -> Self {
        Self {
            pool: Arc::new(Pool {
                path,
                busy_timeout,
                idle: Mutex::new(Vec::new()),
            }),
            permits: Semaphore::new(READERS_MAX),
        }
    }

    /// Reads in one transaction, so that everything read is of one moment.
    pub(super) async fn read<W, T>(&self, work: W) -> Result<T, Unavailable>
    where
        W: FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
        T: Send + 'static,
    {
        let _permit = self.permits.acquire().await.map_err(unavailable)?;
        let pool = Arc::clone(&self.pool);
        let read = tokio::task::spawn_blocking(move || pool.read(work));
        read.await.map_err(unavailable)?.map_err(unavailable)
    }

    /// Writes the whole file anew and empties its log, so that nothing is left in them that is not in the
    /// database any more. SQLite's `secure_delete` is not enough: pages that were split keep parts.
    pub(super) async fn rewrite(&self) -> Result<(), Unavailable> {
        let pool = Arc::clone(&self.pool);
        let rewritten = tokio::task::spawn_blocking(move || {
            let connection = Connection::open(&pool.path)?;
            connection.busy_timeout(pool.busy_timeout)?;
            // The copy that this needs would lie readable in a folder for temporary files.
            connection.pragma_update(None, "temp_store", "MEMORY")?;
            connection.execute_batch("VACUUM")?;
            connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| {
                row.get::<_, bool>(0)
            })
        });
        let in_the_way = rewritten.await.map_err(unavailable)?.map_err(unavailable)?;
        if in_the_way {
            return Err(unavailable("somebody reads in it"));
        }
        Ok(())
    }
}

impl Pool {
    fn read<T>(
        &self,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> rusqlite::Result<T> {
        let idle = self
            .idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop();
        let mut connection = match idle {
            Some(connection) => connection,
            None => open_reader(&self.path, self.busy_timeout)?,
        };
        let transaction = connection.transaction()?;
        let done = work(&transaction)?;
        drop(transaction);
        // Only a connection that worked is used again.
        self.idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(connection);
        Ok(done)
    }
}
