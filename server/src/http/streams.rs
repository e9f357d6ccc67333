//! `GET /v1/streams`: which streams a device may read, and where they stand.

use std::sync::Arc;

use axum::extract::State;
use serde::Deserialize;
use wellfield_core::sync::{OwnErased, StreamsReply, snapshot_through};

use super::App;
use super::auth;
use super::error::ApiError;
use super::message::{Asked, Reply};
use super::proof::Who;

#[derive(Deserialize)]
pub(super) struct Query {
    /// How many events the device holds unsent.
    pending: Option<u64>,
    /// Up to which place it was told of its own records that were erased; nothing from a device that does
    /// not know of this.
    erased: Option<u64>,
}

pub(super) async fn streams(
    State(app): State<Arc<App>>,
    Asked(query): Asked<Query>,
    who: Who,
) -> Result<Reply<StreamsReply>, ApiError> {
    let caller = auth::caller(who)?;
    auth::note_contact(&app, &caller, query.pending);
    let streams = app.storage.heads(caller.standing.streams()).await?;
    let device = caller.standing.device;
    let erased = match query.erased {
        Some(after) => app.storage.own_erased(device, after).await?,
        None => OwnErased::default(),
    };
    let long = streams
        .iter()
        .filter(|head| snapshot_through(head.head).is_some());
    Ok(Reply::ok(StreamsReply {
        snapshots: long.map(|head| head.stream).collect(),
        streams,
        server_time: app.clock.now(),
        sealing: app.sealing.newest(),
        erased,
    }))
}
