//! The server's own records: what was imported or published, the self-referrals that arrived, and what was
//! answered on somebody's own phone.

use std::convert::Infallible;

use deadpool_postgres::Transaction;
use wellfield_core::clock::Instant;
use wellfield_core::erasure::Subject;
use wellfield_core::ids::DeviceId;
use wellfield_core::referral::ChallengeKey;
use wellfield_core::sync::server::{Accepted, placed, plan_own, received};

use super::devices::{self, Pushed, lock_own_log};
use super::erase;
use super::events::{self, Arrived};
use super::failure::Failed;
use super::programmes::{has_programme, programmes};
use super::rows::{self, Columns};
use super::writer::Worked;
use crate::enrolment::{from_hex, hex};
use crate::storage::{
    AppendRefused, OwnRecords, PhoneSubmission, ProgrammeEntry, Submission, SubmitRefused,
};

/// The entry of `meta` that holds the key of challenges. It lets nobody in: whoever has it can send a
/// form without having worked for it.
const CHALLENGE_KEY: &str = "challenge_key";

/// The key of challenges; `drawn` where there is none yet, or none that can be read.
pub(super) async fn challenge_key(
    transaction: &Transaction<'_>,
    drawn: ChallengeKey,
) -> Worked<ChallengeKey, Infallible> {
    // Of two servers that come at once the second waits here, and then finds the first one's key.
    transaction
        .execute(
            "INSERT INTO meta (key, value) VALUES ($1, $2) ON CONFLICT (key) DO NOTHING",
            &[&CHALLENGE_KEY, &hex(&drawn)],
        )
        .await?;
    let kept = transaction
        .query_one(
            "SELECT value FROM meta WHERE key = $1 FOR UPDATE",
            &[&CHALLENGE_KEY],
        )
        .await?;
    if let Some(key) = from_hex(Columns(&kept).get(0)?) {
        return Ok(Ok(key));
    }
    transaction
        .execute(
            "UPDATE meta SET value = $2 WHERE key = $1",
            &[&CHALLENGE_KEY, &hex(&drawn)],
        )
        .await?;
    Ok(Ok(drawn))
}

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
    let held_n = lock_own_log(transaction).await?;
    let programmes = programmes(transaction).await?;
    let known = programmes.iter().map(ProgrammeEntry::known);
    match plan_own(&drafts, first_n, known, held_n) {
        Ok(placed) => store(transaction, &placed, held_n, now).await.map(Ok),
        Err(refused) => Ok(Err(refused)),
    }
}

/// Stores records that follow on the server's log, which is held up to `held_n`, the counters of their
/// streams last.
async fn store(
    transaction: &Transaction<'_>,
    placed: &[Accepted],
    held_n: u64,
    now: Instant,
) -> Result<(), Failed> {
    let grown = Pushed {
        device: DeviceId::SERVER,
        max_n: held_n + placed.len() as u64,
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

/// Takes a self-referral in. One that arrived before is taken as the same.
pub(super) async fn submit(
    transaction: &Transaction<'_>,
    submission: Submission,
) -> Worked<(), SubmitRefused> {
    let Submission {
        programme,
        received: referral,
        now,
    } = submission;
    if !has_programme(transaction, programme).await? {
        return Ok(Err(SubmitRefused::NoProgramme));
    }
    // Somebody who was erased, and whose telephone did not hear that their form had arrived.
    if erase::erased(transaction)
        .await?
        .has(Subject::Referral(referral.form.referral))
    {
        return Ok(Ok(()));
    }
    let held_n = lock_own_log(transaction).await?;
    let first_time = transaction
        .execute(
            "INSERT INTO submission (referral, n) VALUES ($1, $2) ON CONFLICT DO NOTHING",
            &[
                &referral.form.referral.0.to_be_bytes().as_slice(),
                &rows::bits(held_n + 1),
            ],
        )
        .await?;
    if first_time == 0 {
        return Ok(Ok(()));
    }
    let record = received(programme, referral, held_n, now);
    store(transaction, record.as_slice(), held_n, now)
        .await
        .map(Ok)
}

/// Takes in what somebody answered on their own phone. A link that brought answers before brings no more.
pub(super) async fn answer(
    transaction: &Transaction<'_>,
    submission: PhoneSubmission,
) -> Worked<(), SubmitRefused> {
    if !has_programme(transaction, submission.programme).await? {
        return Ok(Err(SubmitRefused::NoProgramme));
    }
    let erased = erase::erased(transaction).await?;
    if let Some(person) = submission.person
        && erased.has(Subject::Person(person))
    {
        return Ok(Ok(()));
    }
    let held_n = lock_own_log(transaction).await?;
    let (from, to) = submission.sets_of_link();
    let brought = transaction
        .query_one(
            "SELECT COUNT(*) FROM answered_link WHERE link BETWEEN $1 AND $2",
            &[&from, &to],
        )
        .await?
        .get::<_, i64>(0);
    let first_time = transaction
        .execute(
            "INSERT INTO answered_link (link, n) VALUES ($1, $2) ON CONFLICT DO NOTHING",
            &[&submission.known_by(), &rows::bits(held_n + 1)],
        )
        .await?;
    if first_time == 0 {
        return Ok(Ok(()));
    }
    // What is refused is rolled back.
    if submission.is_over(brought.unsigned_abs()) {
        return Ok(Err(SubmitRefused::LinkSpent));
    }
    let records = placed(submission.records, held_n, submission.now);
    store(transaction, &records, held_n, submission.now)
        .await
        .map(Ok)
}
