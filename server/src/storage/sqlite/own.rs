//! The server's own records: what was imported or published, and the self-referrals that arrived.

use rusqlite::{Connection, named_params};
use wellfield_core::clock::{Hlc, Instant};
use wellfield_core::event::{Body, Draft, Event, check, encode_event};
use wellfield_core::ids::{DeviceId, EventId};
use wellfield_core::referral::ReferralReceived;
use wellfield_core::stream::Stream;
use wellfield_core::sync::server::{Accepted, fingerprint};

use super::programmes::{has_programme, programmes};
use super::rows::Column;
use super::writer::Worked;
use super::{devices, events};
use crate::storage::{AppendRefused, OwnRecords, ProgrammeEntry, Submission, SubmitRefused};

/// Adds the server's own records, all or none.
pub(super) fn append(connection: &Connection, records: OwnRecords) -> Worked<(), AppendRefused> {
    let OwnRecords {
        drafts,
        first_n,
        now,
    } = records;
    if let Some(name) = clash(&programmes(connection)?, &drafts) {
        return Ok(Err(AppendRefused::ProgrammeExists(name)));
    }
    let next_n = held_n(connection)? + 1;
    if first_n.is_some_and(|first_n| first_n != next_n) {
        return Ok(Err(AppendRefused::OtherPlace(next_n)));
    }
    let mut at = Hlc::ZERO;
    let mut placed = Vec::with_capacity(drafts.len());
    for ((index, draft), n) in drafts.into_iter().enumerate().zip(next_n..) {
        at = at.tick(now);
        let event = draft.place(
            EventId {
                device: DeviceId::SERVER,
                n,
            },
            at,
            None,
        );
        if check(&event).is_err() {
            return Ok(Err(AppendRefused::Invalid(index)));
        }
        placed.push(accepted(event));
    }
    events::store(connection, &placed, now)?;
    record_log(connection, next_n + placed.len() as u64, now)?;
    Ok(Ok(()))
}

fn accepted(event: Event) -> Accepted {
    let bytes = encode_event(&event);
    Accepted {
        hash: fingerprint(&bytes),
        event,
        bytes,
    }
}

fn record_log(connection: &Connection, next_n: u64, now: Instant) -> rusqlite::Result<()> {
    devices::record_push(connection, DeviceId::SERVER, next_n - 1, 0, now)
}

/// The name of a programme that the records open and that is there already, by number or by name.
fn clash(programmes: &[ProgrammeEntry], drafts: &[Draft]) -> Option<String> {
    drafts.iter().find_map(|draft| match &draft.body {
        Body::ProgrammeOpened(opened) => programmes
            .iter()
            .any(|entry| {
                entry.programme == opened.programme || entry.is_called(opened.name.as_str())
            })
            .then(|| opened.name.to_string()),
        _ => None,
    })
}

/// How far the server's own log goes.
fn held_n(connection: &Connection) -> rusqlite::Result<u64> {
    let mut statement = connection.prepare_cached("SELECT max_n FROM device WHERE id = ?1")?;
    statement
        .query_row([DeviceId::SERVER.0], |row| row.get::<_, Column<_>>(0))
        .map(|Column(n)| n)
}

/// Takes a self-referral in. One that arrived before is taken as the same.
pub(super) fn submit(connection: &Connection, submission: Submission) -> Worked<(), SubmitRefused> {
    let Submission {
        programme,
        form,
        now,
    } = submission;
    if !has_programme(connection, programme)? {
        return Ok(Err(SubmitRefused::NoProgramme));
    }
    let n = held_n(connection)? + 1;
    let first_time = connection.execute(
        "INSERT INTO submission (referral, n) VALUES (:referral, :n) ON CONFLICT DO NOTHING",
        named_params! { ":referral": form.referral.0.to_be_bytes(), ":n": Column(n) },
    )?;
    if first_time == 0 {
        return Ok(Ok(()));
    }
    let draft = Draft {
        stream: Stream::Casework(programme),
        supersedes: Vec::new(),
        body: ReferralReceived { form }.into(),
    };
    let event = draft.place(
        EventId {
            device: DeviceId::SERVER,
            n,
        },
        Hlc::ZERO.tick(now),
        None,
    );
    events::store(connection, &[accepted(event)], now)?;
    record_log(connection, n + 1, now)?;
    Ok(Ok(()))
}
