//! `GET /v1/pull`: a part of a stream.

use std::sync::Arc;

use axum::extract::State;
use axum::http::HeaderMap;
use serde::Deserialize;
use wellfield_core::audit::{Actor, Deed, NewEntry};
use wellfield_core::stream::Stream;
use wellfield_core::sync::{PULL_EVENTS_MAX, Problem, PullReply};

use super::App;
use super::auth;
use super::error::ApiError;
use super::message::{Asked, Reply};
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
    headers: HeaderMap,
) -> Result<Reply<PullReply>, ApiError> {
    let stream: Stream = query.stream.parse().map_err(|_| Problem::Malformed)?;
    // Whoever keeps a cursor knows the epoch that it belongs to. The phones' page keeps none.
    if query.epoch.is_none() && stream != Stream::Public {
        return Err(Problem::Malformed.into());
    }
    let reader = auth::may_read(&app, &headers, stream).await?;
    let wanted = PageWanted {
        stream,
        epoch: query.epoch,
        after: query.after,
        limit: query
            .limit
            .unwrap_or(PULL_EVENTS_MAX)
            .clamp(1, PULL_EVENTS_MAX),
    };
    let page = app.storage.page(wanted).await?;
    if let (Stream::Safeguarding, Some(device)) = (stream, reader)
        && !page.events.is_empty()
    {
        // Before the reply, so that nothing is handed out that is not entered.
        app.storage
            .enter(NewEntry {
                at: app.clock.now(),
                actor: Actor::Device(device),
                deed: Deed::ConcernsRead {
                    records: page.events.len() as u64,
                },
            })
            .await?;
    }
    Ok(Reply::ok(page))
}
