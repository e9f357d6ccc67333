//! `POST /v1/enrolment-codes`: a coordinator lets another device join.

use std::sync::Arc;

use axum::extract::{Request, State};
use serde::Deserialize;
use wellfield_core::access::{Role, may_manage_devices};
use wellfield_core::audit::Actor;
use wellfield_core::clock::Instant;
use wellfield_core::ids::ProgrammeId;
use wellfield_core::sync::{CodeReply, Problem};

use super::App;
use super::auth;
use super::error::ApiError;
use super::message::{Asked, Reply, read_body};
use super::proof::Who;
use crate::enrolment::{CODE_MINUTES, EnrolmentCode};
use crate::storage::NewCode;

#[derive(Deserialize)]
pub(super) struct Query {
    role: String,
    programme: String,
}

pub(super) async fn create(
    State(app): State<Arc<App>>,
    Asked(query): Asked<Query>,
    who: Who,
    request: Request,
) -> Result<Reply<CodeReply>, ApiError> {
    let caller = auth::caller(who)?;
    // The request says all in its address; the body must be empty.
    read_body(request, 0).await?;
    let role = match query.role.as_str() {
        "facilitator" => Role::Facilitator,
        "coordinator" => Role::Coordinator,
        // Whoever reads concerns is let in from the server's own command line and by nobody else.
        _ => return Err(Problem::Malformed.into()),
    };
    let programme: ProgrammeId = query.programme.parse().map_err(|_| Problem::Malformed)?;
    let standing = &caller.standing;
    if !may_manage_devices(standing.role) || !standing.programmes.contains(&programme) {
        return Err(Problem::Forbidden.into());
    }
    let code = EnrolmentCode::draw()?;
    let now = app.clock.now();
    let expires_at = Instant(now.0 + u64::from(CODE_MINUTES) * 60_000);
    app.storage
        .create_code(NewCode {
            code: code.hash(),
            role,
            programme,
            expires_at,
            by: Actor::Device(standing.device),
            now,
        })
        .await?;
    Ok(Reply::ok(CodeReply {
        code: code.to_string(),
    }))
}
