//! `GET /v1/streams`: which streams a device may read, and where they stand.

use std::sync::Arc;

use axum::extract::State;
use axum::http::HeaderMap;
use serde::Deserialize;
use wellfield_core::sync::StreamsReply;

use super::App;
use super::auth;
use super::error::ApiError;
use super::message::{Asked, Reply};

#[derive(Deserialize)]
pub(super) struct Query {
    /// How many events the device holds unsent.
    pending: Option<u64>,
}

pub(super) async fn streams(
    State(app): State<Arc<App>>,
    Asked(query): Asked<Query>,
    headers: HeaderMap,
) -> Result<Reply<StreamsReply>, ApiError> {
    let (caller, _) = auth::caller(&app, &headers).await?;
    auth::note_contact(&app, &caller, query.pending);
    let streams = app.storage.heads(caller.standing.streams()).await?;
    Ok(Reply::ok(StreamsReply {
        streams,
        server_time: app.clock.now(),
    }))
}
