//! The server's own records: what was imported or published, and the self-referrals that arrived.

use deadpool_postgres::Transaction;
use wellfield_core::clock::{Hlc, Instant};
use wellfield_core::event::{Body, Draft, Event, check, encode_event};
use wellfield_core::ids::{DeviceId, EventId};
use wellfield_core::referral::ReferralReceived;
use wellfield_core::stream::Stream;
use wellfield_core::sync::server::{Accepted, fingerprint};

use super::devices::{self, Pushed, lock_own_log};
use super::events::{self, Arrived};
use super::failure::Failed;
use super::programmes::{has_programme, programmes};
use super::rows;
use super::writer::Worked;
use crate::storage::{AppendRefused, OwnRecords, ProgrammeEntry, Submission, SubmitRefused};

/// Adds the server's own records, all or none.
pub(super) async fn append(
    transaction: &Transaction<'_>,
    records: OwnRecords,
) -> Worked<(), AppendRefused> {
    let OwnRecords {
        drafts,
        first_n,
        now,
    } = records;
    // Before anything is read, so that of two who open one programme the second finds it.
    let next_n = lock_own_log(transaction).await? + 1;
    if let Some(name) = clash(&programmes(transaction).await?, &drafts) {
        return Ok(Err(AppendRefused::ProgrammeExists(name)));
    }
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
    store(transaction, &placed, next_n, now).await?;
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

/// Stores records that begin at `next_n` of the server's log, the counters of their streams last.
async fn store(
    transaction: &Transaction<'_>,
    placed: &[Accepted],
    next_n: u64,
    now: Instant,
) -> Result<(), Failed> {
    let grown = Pushed {
        device: DeviceId::SERVER,
        max_n: next_n + placed.len() as u64 - 1,
        pending: 0,
        now,
    };
    devices::record_pushes(transaction, &[grown]).await?;
    let arrived: Vec<_> = placed
        .iter()
        .map(|accepted| Arrived { accepted, now })
        .collect();
    events::store(transaction, &arrived).await
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

/// Takes a self-referral in. One that arrived before is taken as the same.
pub(super) async fn submit(
    transaction: &Transaction<'_>,
    submission: Submission,
) -> Worked<(), SubmitRefused> {
    let Submission {
        programme,
        form,
        now,
    } = submission;
    if !has_programme(transaction, programme).await? {
        return Ok(Err(SubmitRefused::NoProgramme));
    }
    let n = lock_own_log(transaction).await? + 1;
    let first_time = transaction
        .execute(
            "INSERT INTO submission (referral, n) VALUES ($1, $2) ON CONFLICT DO NOTHING",
            &[&form.referral.0.to_be_bytes().as_slice(), &rows::bits(n)],
        )
        .await?;
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
    store(transaction, &[accepted(event)], n, now).await?;
    Ok(Ok(()))
}
