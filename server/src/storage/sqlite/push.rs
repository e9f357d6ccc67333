//! Carrying out what the rules decide about a push.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension, Row, named_params};
use wellfield_core::audit::AuditKey;
use wellfield_core::clock::Instant;
use wellfield_core::ids::{DeviceId, EventId};
use wellfield_core::sync::server::{HeldEvent, PushPlan, plan_push};
use wellfield_core::sync::{Outcome, Problem, ProblemReply, PushReply, QuarantinedEvent};

use super::rows::Column;
use super::writer::Worked;
use super::{audit, devices, erase, events};
use crate::storage::{OriginalsWanted, Push};

/// Stores a push, whole or not at all.
pub(super) fn push(
    connection: &Connection,
    key: &AuditKey,
    push: Push,
) -> Worked<PushReply, ProblemReply> {
    // Read in the same transaction: the device may have been revoked, or its log have grown, since
    // the request was let in.
    let Some(caller) = devices::by_token(connection, push.token)? else {
        return Ok(Err(Problem::UnknownDevice.into()));
    };
    let device = caller.standing.device;
    let entry = push.entry(device);
    let (first_n, pending) = (push.request.first_n, push.request.pending);
    let end_n = first_n
        .saturating_add(push.request.events.len() as u64)
        .min(caller.standing.max_n.saturating_add(1));
    let held = held(connection, device, first_n, end_n)?;
    let erased = erase::erased(connection)?;
    let plan = match plan_push(&caller.standing, push.request, &held, &erased) {
        Ok(plan) => plan,
        Err(problem) => return Ok(Err(problem)),
    };
    carry_out(connection, device, &plan, push.now)?;
    devices::record_push(
        connection,
        device,
        plan.max_n,
        still_pending(pending, &plan),
        push.now,
    )?;
    if let Some(entry) = entry {
        audit::append(connection, key, entry)?;
    }
    Ok(Ok(PushReply {
        device,
        max_n: plan.max_n,
        first_n,
        outcomes: plan.outcomes,
        server_time: push.now,
        taken_out: plan.taken_out,
    }))
}

/// What the device holds unsent once it has this receipt: `pending` counts the events of the request.
fn still_pending(pending: u64, plan: &PushPlan) -> u64 {
    pending.saturating_sub(plan.outcomes.len() as u64)
}

fn carry_out(
    connection: &Connection,
    device: DeviceId,
    plan: &PushPlan,
    now: Instant,
) -> rusqlite::Result<()> {
    let mut set_aside = connection.prepare_cached(
        "INSERT INTO quarantine (device, n, bytes, hash, outcome, received_at, erased)
         VALUES (:device, :n, :bytes, :hash, :outcome, :received_at, :erased)",
    )?;
    for event in &plan.set_aside {
        set_aside.execute(named_params! {
            ":device": device.0,
            ":n": Column(event.n),
            ":bytes": event.bytes,
            ":hash": event.hash,
            ":outcome": Column(event.outcome),
            ":received_at": Column(now),
            ":erased": event.erased,
        })?;
    }
    erase::tell(connection, plan.erased(device))?;
    // Last, because the counters of the streams are what other transactions wait for.
    events::store(connection, &plan.accepted, now)
}

/// The events of a device that are held and what became of them, from `first_n` to before `end_n`.
fn held(
    connection: &Connection,
    device: DeviceId,
    first_n: u64,
    end_n: u64,
) -> rusqlite::Result<BTreeMap<u64, HeldEvent>> {
    if first_n >= end_n {
        return Ok(BTreeMap::new());
    }
    let mut statement = connection.prepare_cached(
        "SELECT n, hash, NULL FROM event WHERE device = ?1 AND n >= ?2 AND n < ?3
         UNION ALL SELECT n, hash, outcome FROM quarantine WHERE device = ?1 AND n >= ?2 AND n < ?3",
    )?;
    let pair = |row: &Row<'_>| {
        let became: Option<Column<Outcome>> = row.get(2)?;
        let held = HeldEvent {
            hash: row.get(1)?,
            became: Some(became.map_or(Outcome::Stored, |Column(outcome)| outcome)),
        };
        Ok((row.get::<_, Column<u64>>(0)?.0, held))
    };
    statement
        .query_map((device.0, Column(first_n), Column(end_n)), pair)?
        .collect()
}

/// What was set aside, latest first, but for what says nothing any more.
pub(super) fn quarantined(connection: &Connection) -> rusqlite::Result<Vec<QuarantinedEvent>> {
    let mut statement = connection.prepare_cached(
        "SELECT device, n, outcome, received_at FROM quarantine WHERE erased = 0
         ORDER BY received_at DESC, device, n DESC",
    )?;
    let event = |row: &Row<'_>| {
        Ok(QuarantinedEvent {
            device: DeviceId(row.get(0)?),
            n: row.get::<_, Column<_>>(1)?.0,
            outcome: row.get::<_, Column<_>>(2)?.0,
            received_at: row.get::<_, Column<_>>(3)?.0,
            bytes: None,
        })
    };
    statement.query_map([], event)?.collect()
}

/// The bytes of events that were set aside, as far as they are wanted and fit. How long they are is asked
/// first, so that nothing large is read only to be left out.
pub(super) fn originals(
    connection: &Connection,
    wanted: &OriginalsWanted,
) -> rusqlite::Result<BTreeMap<EventId, Vec<u8>>> {
    let mut length = connection
        .prepare_cached("SELECT length(bytes) FROM quarantine WHERE device = ?1 AND n = ?2")?;
    let mut lengths = BTreeMap::new();
    for event in &wanted.events {
        let found: Option<Column<u64>> = length
            .query_row((event.device.0, Column(event.n)), |row| row.get(0))
            .optional()?;
        // What does not fit into this machine's memory fits into no list.
        let length = |Column(length)| usize::try_from(length).unwrap_or(usize::MAX);
        lengths.extend(found.map(|found| (*event, length(found))));
    }
    let mut bytes =
        connection.prepare_cached("SELECT bytes FROM quarantine WHERE device = ?1 AND n = ?2")?;
    let fitting = wanted.fitting(&lengths).into_iter();
    fitting
        .map(|event| {
            let bytes = bytes.query_row((event.device.0, Column(event.n)), |row| row.get(0))?;
            Ok((event, bytes))
        })
        .collect()
}
