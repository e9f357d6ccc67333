//! One thread that writes.
//!
//! Whoever wants something written queues a job and waits. The thread takes everything that is queued
//! into one transaction, each job under a savepoint of its own, commits, and only then answers. The
//! disk is so waited for once for many pushes, and a job that is refused or fails takes nothing of
//! the others with it.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

use rusqlite::{Connection, TransactionBehavior};
use tokio::sync::oneshot;

use crate::storage::{StorageError, Unavailable};

/// At most this many jobs wait. Beyond that a device is asked to try later, so that memory stays
/// bounded however many come at once.
const QUEUE_JOBS_MAX: usize = 256;

/// At most this many jobs in one transaction, so that the first of them does not wait for ever.
const BATCH_JOBS_MAX: usize = 64;

/// What work answers: the database failed, or the work was done or refused.
pub(super) type Worked<T, R> = rusqlite::Result<Result<T, R>>;

pub(super) fn unavailable(error: impl std::fmt::Display) -> Unavailable {
    Unavailable {
        reason: error.to_string(),
    }
}

/// What whoever queued a job will hear.
type Hearing<T, R> = oneshot::Receiver<Result<T, StorageError<R>>>;

/// A job in the queue, whatever it answers.
trait Job: Send {
    /// Does the work. Answers whether it is to be kept.
    fn run(&mut self, connection: &Connection) -> bool;

    /// Answers whoever waits, once it is known whether the transaction was committed.
    fn settle(self: Box<Self>, committed: Result<(), Unavailable>);
}

struct Operation<W, T, R> {
    work: Option<W>,
    outcome: Result<T, StorageError<R>>,
    reply: oneshot::Sender<Result<T, StorageError<R>>>,
}

impl<W, T, R> Job for Operation<W, T, R>
where
    W: FnOnce(&Connection) -> Worked<T, R> + Send,
    T: Send,
    R: Send,
{
    fn run(&mut self, connection: &Connection) -> bool {
        let Some(work) = self.work.take() else {
            return false;
        };
        // A panic in one job must not end the thread that all others need.
        let worked = catch_unwind(AssertUnwindSafe(|| work(connection)));
        self.outcome = match worked {
            Ok(Ok(Ok(done))) => Ok(done),
            Ok(Ok(Err(refused))) => Err(StorageError::Refused(refused)),
            Ok(Err(error)) => Err(unavailable(error).into()),
            Err(_) => Err(unavailable("an operation panicked").into()),
        };
        self.outcome.is_ok()
    }

    fn settle(self: Box<Self>, committed: Result<(), Unavailable>) {
        let outcome = match (committed, self.outcome) {
            (Ok(()), outcome) => outcome,
            // Its own failure says more than that of the batch, which it may have caused.
            (Err(_), Err(StorageError::Unavailable(own))) => Err(own.into()),
            // Even a refusal does not stand: it may rest on what another job of the batch wrote.
            (Err(unavailable), _) => Err(unavailable.into()),
        };
        // Nobody may be waiting any more: the device went away. What is stored stays stored.
        drop(self.reply.send(outcome));
    }
}

/// The queue to the writing thread. Dropping it waits until what is queued is written.
pub(super) struct Writer {
    queue: Option<SyncSender<Box<dyn Job>>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    /// Starts the thread on a connection of its own.
    pub(super) fn start(connection: Connection) -> std::io::Result<Self> {
        let (queue, jobs) = sync_channel(QUEUE_JOBS_MAX);
        let thread = std::thread::Builder::new()
            .name("wellfield-writer".to_owned())
            .spawn(move || write(connection, &jobs))?;
        Ok(Self {
            queue: Some(queue),
            thread: Some(thread),
        })
    }

    /// Queues work and waits until it is durable or has failed.
    pub(super) async fn write<W, T, R>(&self, work: W) -> Result<T, StorageError<R>>
    where
        W: FnOnce(&Connection) -> Worked<T, R> + Send + 'static,
        T: Send + 'static,
        R: Send + 'static,
    {
        let answer = self.queue(work)?;
        answer
            .await
            .map_err(|_| StorageError::from(unavailable("the writing thread has ended")))?
    }

    /// Queues work for which nobody waits.
    pub(super) fn write_unattended<W>(&self, work: W) -> Result<(), Unavailable>
    where
        W: FnOnce(&Connection) -> Worked<(), ()> + Send + 'static,
    {
        self.queue(work).map(drop)
    }

    fn queue<W, T, R>(&self, work: W) -> Result<Hearing<T, R>, Unavailable>
    where
        W: FnOnce(&Connection) -> Worked<T, R> + Send + 'static,
        T: Send + 'static,
        R: Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let operation = Operation {
            work: Some(work),
            outcome: Err(unavailable("the operation was not carried out").into()),
            reply,
        };
        let queue = self
            .queue
            .as_ref()
            .ok_or_else(|| unavailable("the writing thread has ended"))?;
        queue.try_send(Box::new(operation)).map_err(unavailable)?;
        Ok(answer)
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        drop(self.queue.take());
        if let Some(thread) = self.thread.take() {
            // A thread that panicked has said so already.
            drop(thread.join());
        }
    }
}

fn write(mut connection: Connection, jobs: &Receiver<Box<dyn Job>>) {
    while let Ok(first) = jobs.recv() {
        let mut batch = vec![first];
        batch.extend(jobs.try_iter().take(BATCH_JOBS_MAX - 1));
        write_batch(&mut connection, batch);
    }
}

fn write_batch(connection: &mut Connection, mut batch: Vec<Box<dyn Job>>) {
    let committed = carry_out(connection, &mut batch).map_err(unavailable);
    for job in batch {
        job.settle(committed.clone());
    }
}

/// Carries a batch out in one transaction. An error means that nothing of it is stored.
fn carry_out(connection: &mut Connection, batch: &mut [Box<dyn Job>]) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for job in batch {
        transaction.execute_batch("SAVEPOINT job")?;
        let keep = job.run(&transaction);
        // On a full or broken disk SQLite may have ended the whole transaction by itself. Then there
        // is no savepoint to go back to, this fails, and so does the batch.
        transaction.execute_batch(if keep {
            "RELEASE job"
        } else {
            "ROLLBACK TO job; RELEASE job"
        })?;
    }
    transaction.commit()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn writer() -> Writer {
        let connection = Connection::open_in_memory().unwrap();
        connection
            .execute_batch("CREATE TABLE t (x INTEGER PRIMARY KEY)")
            .unwrap();
        Writer::start(connection).unwrap()
    }

    async fn count(writer: &Writer) -> i64 {
        let counted = writer.write(|c| {
            c.query_row("SELECT count(*) FROM t", [], |row| row.get(0))
                .map(Ok::<i64, ()>)
        });
        counted.await.unwrap()
    }

    fn insert(connection: &Connection, x: i64) -> rusqlite::Result<()> {
        connection
            .execute("INSERT INTO t VALUES (?1)", [x])
            .map(drop)
    }

    #[tokio::test]
    async fn a_refused_or_failed_job_takes_nothing_of_the_others_with_it() {
        let writer = writer();
        let kept = writer.write(|c| insert(c, 1).map(Ok::<(), ()>));
        let refused = writer.write(|c| insert(c, 2).map(|()| Err::<(), ()>(())));
        let failed = writer.write(|c| {
            insert(c, 3)?;
            insert(c, 1).map(Ok::<(), ()>)
        });
        let panicked = writer.write::<_, (), ()>(|c| {
            drop(insert(c, 4));
            panic!("a fault in one operation")
        });
        let (kept, refused, failed, panicked) = tokio::join!(kept, refused, failed, panicked);
        assert!(kept.is_ok());
        assert!(matches!(refused, Err(StorageError::Refused(()))));
        assert!(matches!(failed, Err(StorageError::Unavailable(_))));
        assert!(matches!(panicked, Err(StorageError::Unavailable(_))));
        assert_eq!(count(&writer).await, 1);
    }

    /// A job whose answer can be looked at without a thread.
    fn job(
        work: impl FnOnce(&Connection) -> Worked<(), ()> + Send + 'static,
    ) -> (Box<dyn Job>, Hearing<(), ()>) {
        let (reply, answer) = oneshot::channel();
        let outcome = Err(unavailable("not carried out").into());
        (
            Box::new(Operation {
                work: Some(work),
                outcome,
                reply,
            }),
            answer,
        )
    }

    #[test]
    fn when_the_transaction_ends_by_itself_nothing_of_the_batch_stands() {
        let mut connection = Connection::open_in_memory().unwrap();
        connection
            .execute_batch("CREATE TABLE t (x INTEGER PRIMARY KEY)")
            .unwrap();
        let (good, good_answer) = job(|c| insert(c, 1).map(Ok));
        // Refused because of what the job before it wrote, which will be gone.
        let (refused, refused_answer) = job(|c| insert(c, 1).map(Ok).or(Ok(Err(()))));
        let (ends, ends_answer) = job(|c| {
            c.execute_batch("ROLLBACK")?;
            Err(rusqlite::Error::InvalidQuery)
        });
        write_batch(&mut connection, vec![good, refused, ends]);
        for mut answer in [good_answer, refused_answer, ends_answer] {
            assert!(matches!(
                answer.try_recv(),
                Ok(Err(StorageError::Unavailable(_)))
            ));
        }
        let written: i64 = connection
            .query_row("SELECT count(*) FROM t", [], |row| row.get(0))
            .unwrap();
        assert_eq!(written, 0);
        let (next, mut next_answer) = job(|c| insert(c, 1).map(Ok));
        write_batch(&mut connection, vec![next]);
        assert!(
            matches!(next_answer.try_recv(), Ok(Ok(()))),
            "and the next batch is as good as any"
        );
    }

    #[tokio::test]
    async fn what_is_queued_is_written_before_the_writer_ends() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("t.sqlite3");
        let connection = Connection::open(&path).unwrap();
        connection
            .execute_batch("CREATE TABLE t (x INTEGER PRIMARY KEY)")
            .unwrap();
        let writer = Writer::start(connection).unwrap();
        for x in 0..100 {
            writer
                .write_unattended(move |c| insert(c, x).map(Ok))
                .unwrap();
        }
        drop(writer);
        let connection = Connection::open(&path).unwrap();
        let written: i64 = connection
            .query_row("SELECT count(*) FROM t", [], |row| row.get(0))
            .unwrap();
        assert_eq!(written, 100);
    }
}
