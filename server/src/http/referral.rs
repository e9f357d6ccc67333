//! `POST /v1/referrals`: somebody refers themselves, without a key.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use serde::Deserialize;
use wellfield_core::ids::ProgrammeId;
use wellfield_core::referral::decode_submission;
use wellfield_core::sync::{Problem, ReferralReply};

use super::App;
use super::address::Neighbourhood;
use super::error::ApiError;
use super::message::{Asked, Reply, read_body};
use crate::storage::Submission;

const BODY_BYTES_MAX: usize = 32 * 1024;

#[derive(Deserialize)]
pub(super) struct Query {
    programme: String,
}

pub(super) async fn submit(
    State(app): State<Arc<App>>,
    Asked(query): Asked<Query>,
    from: Neighbourhood,
    request: Request,
) -> Result<Reply<ReferralReply>, ApiError> {
    let now = app.clock.now();
    app.limits
        .referrals
        .take(from, now)
        .map_err(ApiError::too_many_tries)?;
    let programme: ProgrammeId = query.programme.parse().map_err(|_| Problem::NotFound)?;
    let body = read_body(request, BODY_BYTES_MAX).await?;
    let form = decode_submission(&body).map_err(|_| Problem::BadForm)?;
    let referral = form.referral;
    app.storage
        .submit(Submission {
            programme,
            form,
            now,
        })
        .await?;
    Ok(Reply(StatusCode::ACCEPTED, ReferralReply { referral }))
}
