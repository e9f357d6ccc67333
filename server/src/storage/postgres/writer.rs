//! Writing: whole operations, each a transaction, and pushes that share one.
//!
//! Pushes are queued in lanes. A lane takes what is queued into one transaction, commits, and only then
//! answers, so that the disk and the counter of a hot stream are waited for once for many pushes. A
//! push comes into the lane of the stream that it begins with; that is only for speed, and any lane, of
//! any server, could have it.

use std::collections::{BTreeMap, HashSet};
use std::future::Future;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use deadpool_postgres::{Object, Pool, Transaction};
use tokio::sync::{mpsc, oneshot};
use wellfield_core::audit::AuditKey;
use wellfield_core::event::decode_event;
use wellfield_core::ids::DeviceId;
use wellfield_core::sync::{ProblemReply, PushReply};

use super::devices::{Contact, record_contacts};
use super::failure::Failed;
use super::push::{Decided, push_all};
use crate::storage::{Push, StorageError, Unavailable};

/// So many transactions of pushes at the same time.
const LANES: usize = 4;

/// At most this many pushes wait in a lane. Beyond that a device is asked to try later, so that memory
/// stays bounded however many come at once.
const QUEUE_PUSHES_MAX: usize = 64;

/// At most this many pushes in one transaction, so that the first of them does not wait for ever.
const BATCH_PUSHES_MAX: usize = 64;

/// At most this many contacts wait to be noted.
const QUEUE_CONTACTS_MAX: usize = 1024;

/// A transaction that got in the way of another is tried so many times in all.
const TRIES_MAX: u32 = 4;

/// How long to wait before the second try; before the third, twice as long.
const TRY_AGAIN: Duration = Duration::from_millis(10);

/// What a transaction does.
pub(super) type Work<'t, T> = Pin<Box<dyn Future<Output = T> + Send + 't>>;

/// What work answers: the database failed, or the work was done or refused.
pub(super) type Worked<T, R> = Result<Result<T, R>, Failed>;

/// Ends a connection that may not be in order, instead of giving it to somebody else.
pub(super) fn discard(client: Object) {
    drop(Object::take(client));
}

/// Does something once more, and at most so many times, where it failed for a reason that passes.
pub(super) async fn try_again<T, F>(once: impl Fn() -> F) -> Result<T, Failed>
where
    F: Future<Output = Result<T, Failed>>,
{
    let mut tries = 1;
    loop {
        match once().await {
            Err(failed) if failed.may_succeed_again() && tries < TRIES_MAX => {
                tokio::time::sleep(TRY_AGAIN * tries).await;
                tries += 1;
            }
            done => return done,
        }
    }
}

/// How transactions are carried out.
#[derive(Clone)]
pub(super) struct Transactions {
    pool: Pool,
    time_limit: Duration,
}

impl Transactions {
    pub(super) fn new(pool: Pool, time_limit: Duration) -> Self {
        Self { pool, time_limit }
    }

    /// Carries work out in one transaction; what was refused is undone. Work that got in the way of
    /// another transaction is carried out again.
    pub(super) async fn write<T, R>(
        &self,
        work: impl for<'t> Fn(&'t Transaction<'_>) -> Work<'t, Worked<T, R>> + Send + Sync,
    ) -> Worked<T, R> {
        try_again(|| self.write_once(&work)).await
    }

    async fn write_once<T, R>(
        &self,
        work: &(impl for<'t> Fn(&'t Transaction<'_>) -> Work<'t, Worked<T, R>> + Send + Sync),
    ) -> Worked<T, R> {
        let mut client = self.pool.get().await?;
        let writing = async {
            let transaction = client.transaction().await.map_err(Failed::NotBegun)?;
            let done = work(&transaction).await?;
            match done {
                Ok(_) => transaction.commit().await?,
                Err(_) => transaction.rollback().await?,
            }
            Ok(done)
        };
        let written = tokio::time::timeout(self.time_limit, writing)
            .await
            .unwrap_or(Err(Failed::OutOfTime));
        if written
            .as_ref()
            .is_err_and(|failed: &Failed| !failed.was_answered())
        {
            discard(client);
        }
        written
    }
}

/// A push in a lane, and who waits for what becomes of it.
struct Waiting {
    push: Push,
    reply: oneshot::Sender<Result<PushReply, StorageError<ProblemReply>>>,
}

impl Waiting {
    fn answer(self, answer: Result<PushReply, StorageError<ProblemReply>>) {
        // Nobody may be waiting any more: the device went away. What is stored stays stored.
        drop(self.reply.send(answer));
    }
}

/// The lanes of pushes, and the contacts that are to be noted. What is queued is carried out even if
/// the value is dropped, as long as the runtime is there.
pub(super) struct Writer {
    lanes: Vec<mpsc::Sender<Waiting>>,
    contacts: mpsc::Sender<(DeviceId, Contact)>,
}

impl Writer {
    /// Starts the lanes on the runtime that this is called on.
    pub(super) fn start(transactions: &Transactions, key: &AuditKey) -> Self {
        let lanes = (0..LANES).map(|_| {
            let (lane, pushes) = mpsc::channel(QUEUE_PUSHES_MAX);
            tokio::spawn(carry_out(transactions.clone(), key.clone(), pushes));
            lane
        });
        let (contacts, seen) = mpsc::channel(QUEUE_CONTACTS_MAX);
        tokio::spawn(note_contacts(transactions.clone(), seen));
        Self {
            lanes: lanes.collect(),
            contacts,
        }
    }

    /// Queues a push and waits until it is durable or has failed.
    pub(super) async fn push(&self, push: Push) -> Result<PushReply, StorageError<ProblemReply>> {
        let (reply, answer) = oneshot::channel();
        let lane = &self.lanes[lane_of(&push)];
        lane.try_send(Waiting { push, reply })
            .map_err(|_| unavailable("too many pushes are waiting"))?;
        answer
            .await
            .map_err(|_| unavailable("the transaction broke off"))?
    }

    /// Has a contact noted for which nobody waits.
    pub(super) fn saw(&self, device: DeviceId, contact: Contact) {
        if self.contacts.try_send((device, contact)).is_err() {
            tracing::warn!("a contact was not noted: too many are waiting");
        }
    }
}

fn unavailable(reason: &str) -> Unavailable {
    Unavailable {
        reason: reason.to_owned(),
    }
}

/// Pushes into one stream share a lane, so that they share a transaction instead of waiting for each
/// other's.
fn lane_of(push: &Push) -> usize {
    let first = push.request.events.first();
    let stream = first.and_then(|bytes| decode_event(bytes).ok().map(|event| event.stream));
    let mut hasher = DefaultHasher::new();
    stream.hash(&mut hasher);
    usize::try_from(hasher.finish() % LANES as u64).unwrap_or(0)
}

async fn carry_out(transactions: Transactions, key: AuditKey, mut pushes: mpsc::Receiver<Waiting>) {
    let mut next = None;
    loop {
        let first = match next.take() {
            Some(waiting) => waiting,
            None => match pushes.recv().await {
                Some(waiting) => waiting,
                None => return,
            },
        };
        let mut tokens = HashSet::from([first.push.token.0]);
        let mut batch = vec![first];
        while batch.len() < BATCH_PUSHES_MAX
            && let Ok(waiting) = pushes.try_recv()
        {
            // A device's second push depends on what becomes of its first.
            if !tokens.insert(waiting.push.token.0) {
                next = Some(waiting);
                break;
            }
            batch.push(waiting);
        }
        carry_out_batch(&transactions, &key, batch).await;
    }
}

async fn carry_out_batch(transactions: &Transactions, key: &AuditKey, batch: Vec<Waiting>) {
    let (pushes, replies): (Vec<_>, Vec<_>) = batch
        .into_iter()
        .map(|waiting| (waiting.push, waiting.reply))
        .unzip();
    let pushes: Arc<[Push]> = pushes.into();
    let decided = store(transactions, key, Arc::clone(&pushes)).await;
    // Not so where all are refused alike, or each would wait for what all have waited for.
    let alone = decided.as_ref().is_err_and(Failed::lies_in_the_data) && pushes.len() > 1;
    if alone {
        // One push that the database cannot take must not keep the others from being stored.
        for (push, reply) in pushes.iter().zip(replies) {
            let push = push.clone();
            let decided = store(transactions, key, Arc::from([push.clone()])).await;
            let decided = decided.map(|mut decided| decided.pop());
            let waiting = Waiting { push, reply };
            waiting.answer(match decided {
                Ok(Some(decided)) => decided.map_err(StorageError::Refused),
                Ok(None) => Err(unavailable("the push was not carried out").into()),
                Err(failed) => Err(failed.into()),
            });
        }
        return;
    }
    match decided {
        Ok(decided) => {
            for (reply, decided) in replies.into_iter().zip(decided) {
                drop(reply.send(decided.map_err(StorageError::Refused)));
            }
        }
        Err(failed) => {
            let failed = Unavailable::from(failed);
            for reply in replies {
                drop(reply.send(Err(failed.clone().into())));
            }
        }
    }
}

async fn store(
    transactions: &Transactions,
    key: &AuditKey,
    pushes: Arc<[Push]>,
) -> Result<Vec<Decided>, Failed> {
    let stored = transactions
        .write(move |transaction| {
            let (key, pushes) = (key.clone(), Arc::clone(&pushes));
            Box::pin(async move { push_all(transaction, &key, &pushes).await.map(Ok::<_, ()>) })
        })
        .await?;
    Ok(stored.unwrap_or_default())
}

/// Notes contacts, all that wait in one transaction, the latest of each device.
async fn note_contacts(transactions: Transactions, mut seen: mpsc::Receiver<(DeviceId, Contact)>) {
    let mut waiting = Vec::new();
    while seen.recv_many(&mut waiting, QUEUE_CONTACTS_MAX).await > 0 {
        let contacts: BTreeMap<_, _> = waiting.drain(..).collect();
        let noted = transactions
            .write(|transaction| {
                let contacts = contacts.clone();
                Box::pin(async move {
                    record_contacts(transaction, &contacts)
                        .await
                        .map(Ok::<_, ()>)
                })
            })
            .await;
        if let Err(failed) = noted {
            let error = Unavailable::from(failed);
            tracing::warn!(%error, "contacts were not noted");
        }
    }
}
