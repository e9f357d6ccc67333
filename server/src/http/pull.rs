//! `GET /v1/pull`: a part of a stream.

use std::sync::Arc;

use axum::extract::State;
use serde::Deserialize;
use wellfield_core::stream::Stream;
use wellfield_core::sync::{PULL_EVENTS_MAX, Problem, PullReply};

use super::App;
use super::auth;
use super::concerns::enter_read;
use super::error::ApiError;
use super::message::{Asked, Reply};
use super::proof::Who;
use crate::storage::PageWanted;

#[derive(Deserialize)]
pub(super) struct Query {
    stream: String,
    epoch: Option<u32>,
    after: u64,
    limit: Option<usize>,
}

pub(super) async fn pull(
    State(app): State<Arc<App>>,
    Asked(query): Asked<Query>,
    who: Who,
) -> Result<Reply<PullReply>, ApiError> {
    let stream: Stream = query.stream.parse().map_err(|_| Problem::Malformed)?;
    // Whoever keeps a cursor knows the epoch that it belongs to. The phones' page keeps none.
    if query.epoch.is_none() && stream != Stream::Public {
        return Err(Problem::Malformed.into());
    }
    let reading = auth::may_read(who, stream)?;
    let wanted = PageWanted {
        reader: reading.reader,
        stream,
        epoch: query.epoch,
        after: query.after,
        limit: query
            .limit
            .unwrap_or(PULL_EVENTS_MAX)
            .clamp(1, PULL_EVENTS_MAX),
    };
    let page = app.storage.page(wanted).await?;
    enter_read(&app, stream, reading.device, page.events.len() as u64).await?;
    Ok(Reply::ok(page))
}
