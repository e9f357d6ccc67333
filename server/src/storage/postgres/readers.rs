//! Reading, beside what writes.

use std::time::Duration;

use deadpool_postgres::{Pool, Transaction};
use tokio_postgres::IsolationLevel;

use super::failure::Failed;
use super::writer::{Work, discard, try_again};

/// How reading is done.
#[derive(Clone)]
pub(super) struct Readers {
    pool: Pool,
    time_limit: Duration,
}

impl Readers {
    pub(super) fn new(pool: Pool, time_limit: Duration) -> Self {
        Self { pool, time_limit }
    }

    /// Reads in one transaction, so that everything read is of one moment.
    pub(super) async fn read<T>(
        &self,
        work: impl for<'t> Fn(&'t Transaction<'_>) -> Work<'t, Result<T, Failed>> + Send + Sync,
    ) -> Result<T, Failed> {
        try_again(|| self.read_within(self.time_limit, &work)).await
    }

    /// Reads as much as there is, however long it takes.
    pub(super) async fn read_everything<T>(
        &self,
        work: impl for<'t> Fn(&'t Transaction<'_>) -> Work<'t, Result<T, Failed>> + Send + Sync,
    ) -> Result<T, Failed> {
        try_again(|| self.read_within(Duration::MAX, &work)).await
    }

    async fn read_within<T>(
        &self,
        time_limit: Duration,
        work: &(impl for<'t> Fn(&'t Transaction<'_>) -> Work<'t, Result<T, Failed>> + Send + Sync),
    ) -> Result<T, Failed> {
        let mut client = self.pool.get().await?;
        let reading = async {
            let transaction = client
                .build_transaction()
                .isolation_level(IsolationLevel::RepeatableRead)
                .read_only(true)
                .start()
                .await
                .map_err(Failed::NotBegun)?;
            if time_limit == Duration::MAX {
                transaction
                    .batch_execute("SET LOCAL statement_timeout = 0")
                    .await?;
            }
            let done = work(&transaction).await?;
            transaction.commit().await?;
            Ok(done)
        };
        let read = tokio::time::timeout(time_limit, reading)
            .await
            .unwrap_or(Err(Failed::OutOfTime));
        if read
            .as_ref()
            .is_err_and(|failed: &Failed| !failed.was_answered())
        {
            discard(client);
        }
        read
    }
}
