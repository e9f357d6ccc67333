//! `POST /v1/push`: a device sends a part of its log.

use std::sync::Arc;

use axum::extract::{Request, State};
use wellfield_core::sync::{PUSH_BYTES_MAX, PushReply};

use super::App;
use super::auth;
use super::error::ApiError;
use super::message::{Reply, discard_body, read_message};
use crate::storage::{Carrier, Push};

pub(super) async fn push(
    State(app): State<Arc<App>>,
    request: Request,
) -> Result<Reply<PushReply>, ApiError> {
    // Asked before the body is kept, so that a stranger occupies neither memory nor the writing thread.
    let token = match auth::caller(&app, request.headers()).await {
        Ok((_, token)) => token,
        Err(refused) => {
            discard_body(request, PUSH_BYTES_MAX).await;
            return Err(refused);
        }
    };
    let request = read_message(request, PUSH_BYTES_MAX).await?;
    let now = app.clock.now();
    let receipt = app
        .storage
        .push(Push {
            carrier: Carrier::Device,
            token,
            request,
            now,
        })
        .await?;
    Ok(Reply::ok(receipt))
}
