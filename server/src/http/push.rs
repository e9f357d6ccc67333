//! A device sends a part of its log.

use std::sync::Arc;

use axum::extract::{Request, State};
use wellfield_core::sync::{PUSH_BYTES_MAX, PushReply, PushRequest, opened};

use super::App;
use super::auth;
use super::error::ApiError;
use super::message::{Reply, discard_body, read_message};
use super::proof::Who;
use crate::enrolment::TokenHash;
use crate::storage::{Carrier, Push};

/// `POST /v1/push`: from a device that is open.
pub(super) async fn push(
    State(app): State<Arc<App>>,
    who: Who,
    request: Request,
) -> Result<Reply<PushReply>, ApiError> {
    // Asked before the body is kept, so that a stranger occupies neither memory nor the writing thread.
    let known = match auth::sender(who) {
        Ok(known) => known,
        Err(refused) => {
            discard_body(request, PUSH_BYTES_MAX).await;
            return Err(refused);
        }
    };
    let request = read_message(request, PUSH_BYTES_MAX).await?;
    take_in(&app, known.key, request).await
}

/// `POST /v1/sealed-push`: a locked tablet sends the rows of a part of its log as they lie there.
pub(super) async fn sealed_push(
    State(app): State<Arc<App>>,
    who: Who,
    request: Request,
) -> Result<Reply<PushReply>, ApiError> {
    let (grant, key) = match auth::locked_sender(who) {
        Ok(known) => known,
        Err(refused) => {
            discard_body(request, PUSH_BYTES_MAX).await;
            return Err(refused);
        }
    };
    let sealed = read_message(request, PUSH_BYTES_MAX).await?;
    take_in(&app, key, opened(sealed, &grant)?).await
}

async fn take_in(
    app: &App,
    key: TokenHash,
    request: PushRequest,
) -> Result<Reply<PushReply>, ApiError> {
    let push = Push {
        carrier: Carrier::Device,
        token: key,
        request,
        now: app.clock.now(),
    };
    Ok(Reply::ok(app.storage.push(push).await?))
}
