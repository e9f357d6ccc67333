//! Reading, beside what writes.

use std::time::Duration;

use deadpool_postgres::{Object, Pool, Transaction};
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

    /// Asks one thing with one statement, which sees the database at one moment without a transaction
    /// around it.
    pub(super) async fn ask<T>(
        &self,
        work: impl for<'t> Fn(&'t Object) -> Work<'t, Result<T, Failed>> + Send + Sync,
    ) -> Result<T, Failed> {
        try_again(|| async {
            let client = self.pool.get().await?;
            let read = tokio::time::timeout(self.time_limit, work(&client)).await;
            give_back(client, read.unwrap_or(Err(Failed::OutOfTime)))
        })
        .await
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
                .await?;
            if time_limit == Duration::MAX {
                transaction
                    .batch_execute("SET LOCAL statement_timeout = 0")
                    .await?;
            }
            let done = work(&transaction).await?;
            transaction.commit().await?;
            Ok(done)
        };
        let read = tokio::time::timeout(time_limit, reading).await;
        give_back(client, read.unwrap_or(Err(Failed::OutOfTime)))
    }
}

/// Gives a connection back that is in order, and ends another. Reading changes nothing, so a connection
/// that ended in the middle of it is as good as one on which it was not begun.
fn give_back<T>(client: Object, read: Result<T, Failed>) -> Result<T, Failed> {
    match read {
        Err(failed) if !failed.was_answered() => {
            discard(client);
            Err(match failed {
                Failed::Database(error) => Failed::NotBegun(error),
                other => other,
            })
        }
        other => other,
    }
}
