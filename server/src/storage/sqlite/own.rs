//! The server's own records: what was imported or published, the self-referrals that arrived, and what was
//! answered on somebody's own phone.

use std::convert::Infallible;

use rusqlite::{Connection, OptionalExtension, named_params};
use wellfield_core::clock::Instant;
use wellfield_core::erasure::Subject;
use wellfield_core::ids::DeviceId;
use wellfield_core::referral::ChallengeKey;
use wellfield_core::sync::server::{Accepted, placed, plan_own, received};

use super::programmes::{has_programme, programmes};
use super::rows::Column;
use super::writer::Worked;
use super::{devices, erase, events};
use crate::enrolment::{from_hex, hex};
use crate::storage::{
    AppendRefused, OwnRecords, PhoneSubmission, ProgrammeEntry, Submission, SubmitRefused,
};

/// The entry of `meta` that holds the key of challenges. It lets nobody in: whoever has it can send a
/// form without having worked for it.
const CHALLENGE_KEY: &str = "challenge_key";

/// The key of challenges; `drawn` where there is none yet, or none that can be read.
pub(super) fn challenge_key(
    connection: &Connection,
    drawn: ChallengeKey,
) -> Worked<ChallengeKey, Infallible> {
    let mut statement = connection.prepare_cached("SELECT value FROM meta WHERE key = ?1")?;
    let kept: Option<String> = statement
        .query_row([CHALLENGE_KEY], |row| row.get(0))
        .optional()?;
    if let Some(key) = kept.as_deref().and_then(from_hex) {
        return Ok(Ok(key));
    }
    connection.execute(
        "INSERT INTO meta (key, value) VALUES (?1, ?2)
         ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        (CHALLENGE_KEY, hex(&drawn)),
    )?;
    Ok(Ok(drawn))
}

/// Adds the server's own records, all or none.
pub(super) fn append(connection: &Connection, records: OwnRecords) -> Worked<(), AppendRefused> {
    let OwnRecords {
        drafts,
        first_n,
        now,
    } = records;
    let held_n = held_n(connection)?;
    let programmes = programmes(connection)?;
    let known = programmes.iter().map(ProgrammeEntry::known);
    match plan_own(&drafts, first_n, known, held_n) {
        Ok(placed) => store(connection, &placed, held_n, now).map(Ok),
        Err(refused) => Ok(Err(refused)),
    }
}

/// Stores records that follow on the server's log, which is held up to `held_n`.
fn store(
    connection: &Connection,
    placed: &[Accepted],
    held_n: u64,
    now: Instant,
) -> rusqlite::Result<()> {
    events::store(connection, placed, now)?;
    let max_n = held_n + placed.len() as u64;
    devices::record_push(connection, DeviceId::SERVER, max_n, 0, now)
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
        received: referral,
        now,
    } = submission;
    if !has_programme(connection, programme)? {
        return Ok(Err(SubmitRefused::NoProgramme));
    }
    // Somebody who was erased, and whose telephone did not hear that their form had arrived.
    if erase::erased(connection)?.has(Subject::Referral(referral.form.referral)) {
        return Ok(Ok(()));
    }
    let held_n = held_n(connection)?;
    let first_time = connection.execute(
        "INSERT INTO submission (referral, n) VALUES (:referral, :n) ON CONFLICT DO NOTHING",
        named_params! { ":referral": referral.form.referral.0.to_be_bytes(), ":n": Column(held_n + 1) },
    )?;
    if first_time == 0 {
        return Ok(Ok(()));
    }
    let record = received(programme, referral, held_n, now);
    store(connection, record.as_slice(), held_n, now).map(Ok)
}

/// Takes in what somebody answered on their own phone. A link that brought answers before brings no more.
pub(super) fn answer(
    connection: &Connection,
    submission: PhoneSubmission,
) -> Worked<(), SubmitRefused> {
    if !has_programme(connection, submission.programme)? {
        return Ok(Err(SubmitRefused::NoProgramme));
    }
    if let Some(person) = submission.person
        && erase::erased(connection)?.has(Subject::Person(person))
    {
        return Ok(Ok(()));
    }
    let held_n = held_n(connection)?;
    let (from, to) = submission.sets_of_link();
    let brought: i64 = connection.query_row(
        "SELECT COUNT(*) FROM answered_link WHERE link BETWEEN :from AND :to",
        named_params! { ":from": from, ":to": to },
        |row| row.get(0),
    )?;
    let first_time = connection.execute(
        "INSERT INTO answered_link (link, n) VALUES (:link, :n) ON CONFLICT DO NOTHING",
        named_params! { ":link": submission.known_by(), ":n": Column(held_n + 1) },
    )?;
    if first_time == 0 {
        return Ok(Ok(()));
    }
    // What is refused is rolled back.
    if submission.is_over(brought.unsigned_abs()) {
        return Ok(Err(SubmitRefused::LinkSpent));
    }
    let records = placed(submission.records, held_n, submission.now);
    store(connection, &records, held_n, submission.now).map(Ok)
}
