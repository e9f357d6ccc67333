//! `POST /v1/referrals`: somebody refers themselves, without a key; and the sum that their phone does
//! before.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use serde::Deserialize;
use tokio::sync::{OnceCell, Semaphore};
use wellfield_core::clock::Instant;
use wellfield_core::ids::ProgrammeId;
use wellfield_core::referral::{
    Challenge, ChallengeKey, Evidence, ReferralReceived, SubmissionError, Submitted, Verdict, cost,
    decode_opened, decode_sealed, decode_submitted, sealed_place, weigh,
};
use wellfield_core::sync::{Problem, ReferralReply, SealingKeyReply};
use wellfield_core::vault::NotOpened;

use super::App;
use super::address::Neighbourhood;
use super::error::ApiError;
use super::message::{Asked, Reply, read_body};
use crate::entropy::random;
use crate::storage::Submission;

const BODY_BYTES_MAX: usize = 32 * 1024;

/// What is sealed is filled up to one of a few lengths.
const SEALED_BYTES_MAX: usize = 40 * 1024;

/// At most so many forms without a proof are being stored at the same time. Those with one never wait
/// for them, and neither do the records of tablets.
const UNPROVEN_AT_ONCE_MAX: usize = 32;

/// What the forms share.
pub(super) struct Desk {
    key: OnceCell<ChallengeKey>,
    unproven: Semaphore,
}

impl Default for Desk {
    fn default() -> Self {
        Self {
            key: OnceCell::new(),
            unproven: Semaphore::new(UNPROVEN_AT_ONCE_MAX),
        }
    }
}

#[derive(Deserialize)]
pub(super) struct Query {
    programme: String,
}

impl Query {
    fn programme(&self) -> Result<ProgrammeId, Problem> {
        self.programme.parse().map_err(|_| Problem::NotFound)
    }
}

/// `GET /v1/referrals/challenge`: nothing is kept of it, so anybody may ask as often as they like.
pub(super) async fn challenge(
    State(app): State<Arc<App>>,
    Asked(query): Asked<Query>,
) -> Result<Reply<Challenge>, ApiError> {
    let programme = query.programme()?;
    let now = app.clock.now();
    let cost = cost(app.limits.forms.count((), now));
    let challenge = Challenge::new(key(&app).await?, programme, random()?, cost, now);
    Ok(Reply::ok(challenge))
}

/// The key that every server over this storage signs with, read once.
pub(super) async fn key(app: &App) -> Result<&ChallengeKey, ApiError> {
    let read = async || {
        let drawn = random()?;
        let key = app.storage.challenge_key(drawn).await?;
        Ok::<_, ApiError>(key)
    };
    app.desk.key.get_or_try_init(read).await
}

/// `GET /v1/sealing-key`: what a phone seals a form to that waits on it.
pub(super) async fn sealing_key(
    State(app): State<Arc<App>>,
) -> Result<Reply<SealingKeyReply>, ApiError> {
    let key = app.sealing.newest().ok_or(Problem::NotFound)?;
    Ok(Reply::ok(SealingKeyReply { key }))
}

pub(super) async fn submit(
    State(app): State<Arc<App>>,
    Asked(query): Asked<Query>,
    from: Neighbourhood,
    request: Request,
) -> Result<Reply<ReferralReply>, ApiError> {
    let programme = query.programme()?;
    let request = (request, BODY_BYTES_MAX);
    take_in(&app, programme, from, request, decode_submitted).await
}

/// `POST /v1/sealed-referrals`: the same of a form that waited on the phone, sealed.
pub(super) async fn submit_sealed(
    State(app): State<Arc<App>>,
    Asked(query): Asked<Query>,
    from: Neighbourhood,
    request: Request,
) -> Result<Reply<ReferralReply>, ApiError> {
    let programme = query.programme()?;
    let open = |body: &[u8]| {
        let (form, behind) = decode_sealed(body)?;
        let place = sealed_place(programme, form.referral);
        let opened = app.sealing.open_text(&place, &form.sealed);
        let opened = opened.map_err(|NotOpened| SubmissionError)?;
        decode_opened(form.referral, &opened, behind)
    };
    take_in(&app, programme, from, (request, SEALED_BYTES_MAX), open).await
}

async fn take_in(
    app: &App,
    programme: ProgrammeId,
    from: Neighbourhood,
    (request, bytes_max): (Request, usize),
    read: impl FnOnce(&[u8]) -> Result<Submitted, SubmissionError> + Send,
) -> Result<Reply<ReferralReply>, ApiError> {
    let now = app.clock.now();
    let within_limit = app.limits.referrals.take(from, now);
    // Read also where the limit is reached: whether to go on stands in it.
    let body = read_body(request, bytes_max).await?;
    let submitted = match read(&body) {
        Ok(submitted) => submitted,
        Err(_) => {
            within_limit.map_err(ApiError::too_many_tries)?;
            return Err(Problem::BadForm.into());
        }
    };
    let is_proven = is_proven(app, programme, &submitted, now).await?;
    let is_from_a_crowd = within_limit.is_err();
    if !is_proven {
        within_limit.map_err(ApiError::too_many_tries)?;
    }
    let evidence = Evidence {
        trap_filled: submitted.signals.trap_filled,
        took_ms: submitted.signals.took_ms,
        is_proven,
        is_from_a_crowd,
        recent_forms: app.limits.forms.add((), now),
    };
    let doubts = match weigh(&evidence) {
        Verdict::Inbox => Vec::new(),
        Verdict::Quarantine(doubts) => doubts,
    };
    let _turn = match is_proven {
        true => None,
        false => Some(
            app.desk
                .unproven
                .try_acquire()
                .map_err(|_| ApiError::try_later())?,
        ),
    };
    let referral = submitted.form.referral;
    app.storage
        .submit(Submission {
            programme,
            received: ReferralReceived {
                form: submitted.form,
                doubts,
                referrer: None,
            },
            now,
        })
        .await?;
    // The same whatever was thought of it.
    Ok(Reply(StatusCode::ACCEPTED, ReferralReply { referral }))
}

async fn is_proven(
    app: &App,
    programme: ProgrammeId,
    submitted: &Submitted,
    now: Instant,
) -> Result<bool, ApiError> {
    let Some(proof) = submitted.signals.proof else {
        return Ok(false);
    };
    Ok(proof.holds(key(app).await?, programme, submitted.form.referral, now))
}
