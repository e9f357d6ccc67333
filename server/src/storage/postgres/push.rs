//! Carrying out what the rules decide about pushes.

use std::collections::BTreeMap;

use deadpool_postgres::Transaction;
use tokio_postgres::Row;
use wellfield_core::audit::AuditKey;
use wellfield_core::clock::Instant;
use wellfield_core::erasure::ErasedSubjects;
use wellfield_core::ids::{DeviceId, EventId};
use wellfield_core::sync::server::{DeviceStanding, HeldEvent, PushPlan, plan_push};
use wellfield_core::sync::{
    Outcome, Problem, ProblemReply, PushReply, PushRequest, QuarantinedEvent,
};

use super::audit;
use super::devices::{self, Pushed};
use super::erase;
use super::events::{self, Arrived};
use super::failure::Failed;
use super::rows::{self, Columns};
use crate::storage::{OriginalsWanted, Push};

/// What became of a push.
pub(super) type Decided = Result<PushReply, ProblemReply>;

/// A push that is to be carried out.
struct Planned {
    device: DeviceId,
    first_n: u64,
    pending: u64,
    plan: PushPlan,
    now: Instant,
}

/// Stores pushes of different devices, each whole or not at all, with as many statements as one push
/// would need. Answers in their order.
pub(super) async fn push_all(
    transaction: &Transaction<'_>,
    key: &AuditKey,
    pushes: &[Push],
) -> Result<Vec<Decided>, Failed> {
    // Read in the same transaction: a device may have been revoked, or its log have grown, since the
    // request was let in.
    let tokens: Vec<_> = pushes.iter().map(|push| push.token).collect();
    let callers = devices::lock_by_token(transaction, &tokens).await?;
    let erased = erase::erased(transaction).await?;
    let mut decided = Vec::with_capacity(pushes.len());
    for push in pushes {
        decided.push(match callers.get(&push.token.0) {
            Some(caller) => plan(transaction, &caller.standing, push, &erased).await?,
            None => Err(Problem::UnknownDevice.into()),
        });
    }
    let planned: Vec<&Planned> = decided.iter().flatten().collect();
    carry_out(transaction, &planned).await?;
    for (push, decided) in pushes.iter().zip(&decided) {
        let device = decided.as_ref().ok().map(|planned| planned.device);
        if let Some(entry) = device.and_then(|device| push.entry(device)) {
            audit::append(transaction, key, entry).await?;
        }
    }
    Ok(decided
        .into_iter()
        .map(|decided| decided.map(Planned::into_receipt))
        .collect())
}

async fn plan(
    transaction: &Transaction<'_>,
    standing: &DeviceStanding,
    push: &Push,
    erased: &ErasedSubjects,
) -> Result<Result<Planned, ProblemReply>, Failed> {
    let held = held(transaction, standing, &push.request).await?;
    let request = push.request.clone();
    let planned = plan_push(standing, request, &held, erased);
    Ok(planned.map(|plan| Planned {
        device: standing.device,
        first_n: push.request.first_n,
        pending: push.request.pending,
        plan,
        now: push.now,
    }))
}

impl Planned {
    /// What the device holds unsent once it has this receipt: `pending` counts the events of the
    /// request.
    fn still_pending(&self) -> u64 {
        self.pending.saturating_sub(self.plan.outcomes.len() as u64)
    }

    fn into_receipt(self) -> PushReply {
        PushReply {
            device: self.device,
            max_n: self.plan.max_n,
            first_n: self.first_n,
            outcomes: self.plan.outcomes,
            server_time: self.now,
            taken_out: self.plan.taken_out,
        }
    }
}

async fn carry_out(transaction: &Transaction<'_>, planned: &[&Planned]) -> Result<(), Failed> {
    if planned.is_empty() {
        return Ok(());
    }
    set_aside(transaction, planned).await?;
    let erased = planned.iter();
    let erased = erased.flat_map(|planned| planned.plan.erased(planned.device));
    erase::tell(transaction, erased.collect::<Vec<_>>()).await?;
    let pushed = planned.iter().map(|planned| Pushed {
        device: planned.device,
        max_n: planned.plan.max_n,
        pending: planned.still_pending(),
        now: planned.now,
    });
    devices::record_pushes(transaction, &pushed.collect::<Vec<_>>()).await?;
    let arrived = planned.iter().flat_map(|planned| {
        let accepted = planned.plan.accepted.iter();
        accepted.map(|accepted| Arrived {
            accepted,
            now: planned.now,
        })
    });
    // Last, because the counters of the streams are what other transactions wait for.
    events::store(transaction, &arrived.collect::<Vec<_>>()).await
}

async fn set_aside(transaction: &Transaction<'_>, planned: &[&Planned]) -> Result<(), Failed> {
    for planned in planned {
        let events = &planned.plan.set_aside;
        if events.is_empty() {
            continue;
        }
        let statement = transaction
            .prepare_cached(
                "INSERT INTO quarantine (device, n, bytes, hash, outcome, received_at, erased)
                 SELECT $1, n, bytes, hash, outcome, $2, erased
                 FROM unnest($3::bigint[], $4::bytea[], $5::bytea[], $6::smallint[], $7::boolean[])
                   AS event (n, bytes, hash, outcome, erased)",
            )
            .await?;
        let n: Vec<i64> = events.iter().map(|event| rows::bits(event.n)).collect();
        let bytes: Vec<&[u8]> = events.iter().map(|event| event.bytes.as_slice()).collect();
        let hashes: Vec<&[u8]> = events.iter().map(|event| event.hash.as_slice()).collect();
        let outcomes: Vec<i16> = events
            .iter()
            .map(|event| rows::outcome(event.outcome))
            .collect();
        let erased: Vec<bool> = events.iter().map(|event| event.erased).collect();
        transaction
            .execute(
                &statement,
                &[
                    &rows::device(planned.device),
                    &rows::instant(planned.now),
                    &n,
                    &bytes,
                    &hashes,
                    &outcomes,
                    &erased,
                ],
            )
            .await?;
    }
    Ok(())
}

/// Those events of a request that are held, and what became of them. The database is asked only where the
/// request begins before the end of what is held, which it does after a receipt was lost.
async fn held(
    transaction: &Transaction<'_>,
    standing: &DeviceStanding,
    request: &PushRequest,
) -> Result<BTreeMap<u64, HeldEvent>, Failed> {
    let end_n = request
        .first_n
        .saturating_add(request.events.len() as u64)
        .min(standing.max_n.saturating_add(1));
    if request.first_n >= end_n {
        return Ok(BTreeMap::new());
    }
    let statement = transaction
        .prepare_cached(
            "SELECT n, hash, NULL::smallint FROM event WHERE device = $1 AND n >= $2 AND n < $3
             UNION ALL SELECT n, hash, outcome FROM quarantine
             WHERE device = $1 AND n >= $2 AND n < $3",
        )
        .await?;
    let rows = transaction
        .query(
            &statement,
            &[
                &rows::device(standing.device),
                &rows::bits(request.first_n),
                &rows::bits(end_n),
            ],
        )
        .await?;
    rows.iter()
        .map(|row| {
            let row = Columns(row);
            let became = row.optional_outcome(2)?.unwrap_or(Outcome::Stored);
            let held = HeldEvent {
                hash: row.hash(1)?,
                became: Some(became),
            };
            Ok((row.bits(0)?, held))
        })
        .collect()
}

/// What was set aside, latest first, but for what says nothing any more.
pub(super) async fn quarantined(
    transaction: &Transaction<'_>,
) -> Result<Vec<QuarantinedEvent>, Failed> {
    let statement = transaction
        .prepare_cached(
            "SELECT device, n, outcome, received_at FROM quarantine WHERE NOT erased
             ORDER BY received_at DESC, device, n DESC",
        )
        .await?;
    let event = |row: &Row| {
        let row = Columns(row);
        Ok(QuarantinedEvent {
            device: row.device(0)?,
            n: row.bits(1)?,
            outcome: row.outcome(2)?,
            received_at: row.instant(3)?,
            bytes: None,
        })
    };
    let rows = transaction.query(&statement, &[]).await?;
    rows.iter().map(event).collect()
}

/// The bytes of events that were set aside, as far as they are wanted and fit. How long they are is asked
/// first, so that nothing large is read only to be left out.
pub(super) async fn originals(
    transaction: &Transaction<'_>,
    wanted: &OriginalsWanted,
) -> Result<BTreeMap<EventId, Vec<u8>>, Failed> {
    let lengths = transaction
        .prepare_cached(
            "SELECT device, n, octet_length(bytes) FROM quarantine
             JOIN unnest($1::bigint[], $2::bigint[]) AS wanted (device, n) USING (device, n)",
        )
        .await?;
    let bytes = transaction
        .prepare_cached(
            "SELECT device, n, bytes FROM quarantine
             JOIN unnest($1::bigint[], $2::bigint[]) AS wanted (device, n) USING (device, n)",
        )
        .await?;
    let (devices, numbers) = places(&wanted.events);
    let rows = transaction.query(&lengths, &[&devices, &numbers]).await?;
    let lengths: Result<_, Failed> = rows
        .iter()
        .map(|row| {
            let length = Columns(row).get::<i32>(2)?;
            let length = usize::try_from(length).map_err(|_| Failed::Unreadable("a length"))?;
            Ok((event_id(Columns(row))?, length))
        })
        .collect();
    let (devices, numbers) = places(&wanted.fitting(&lengths?));
    let rows = transaction.query(&bytes, &[&devices, &numbers]).await?;
    rows.iter()
        .map(|row| Ok((event_id(Columns(row))?, Columns(row).get(2)?)))
        .collect()
}

/// Events as two columns.
fn places(events: &[EventId]) -> (Vec<i64>, Vec<i64>) {
    let place = |event: &EventId| (rows::device(event.device), rows::bits(event.n));
    events.iter().map(place).unzip()
}

fn event_id(row: Columns<'_>) -> Result<EventId, Failed> {
    Ok(EventId {
        device: row.device(0)?,
        n: row.bits(1)?,
    })
}
