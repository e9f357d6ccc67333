//! `POST /v1/safety-copies`: a device brings the unsent records of another, or its own.

use std::sync::Arc;

use axum::extract::{Request, State};
use wellfield_core::audit::Actor;
use wellfield_core::sync::{PushReply, SAFETY_COPY_BYTES_MAX};

use super::App;
use super::auth;
use super::error::ApiError;
use super::message::{Reply, discard_body, read_body};
use super::proof::Who;
use crate::safety_copy::take_in;

pub(super) async fn take_in_copy(
    State(app): State<Arc<App>>,
    who: Who,
    request: Request,
) -> Result<Reply<PushReply>, ApiError> {
    let caller = match auth::caller(who) {
        Ok(caller) => caller,
        Err(refused) => {
            discard_body(request, SAFETY_COPY_BYTES_MAX).await;
            return Err(refused);
        }
    };
    let file = read_body(request, SAFETY_COPY_BYTES_MAX).await?;
    let by = Actor::Device(caller.standing.device);
    let receipt = take_in(app.storage.as_ref(), &file, by, app.clock.now()).await?;
    Ok(Reply::ok(receipt))
}
