//! `GET /v1/digests`: what a part of a stream adds up to.

use std::sync::Arc;

use axum::extract::State;
use serde::Deserialize;
use wellfield_core::stream::Stream;
use wellfield_core::sync::{BUCKETS_MAX, Digests, DigestsReply, PULL_EVENTS_MAX, Problem};

use super::App;
use super::auth;
use super::error::ApiError;
use super::message::{Asked, Reply};
use super::proof::Who;
use crate::storage::PageWanted;

#[derive(Deserialize)]
pub(super) struct Query {
    stream: String,
    epoch: u32,
    bucket: u64,
    through: u64,
}

/// Sums up what is stored, each time anew; a page after the other, so that a long stream fills no
/// memory and holds no reader up.
pub(super) async fn digests(
    State(app): State<Arc<App>>,
    Asked(query): Asked<Query>,
    who: Who,
) -> Result<Reply<DigestsReply>, ApiError> {
    let stream: Stream = query.stream.parse().map_err(|_| Problem::Malformed)?;
    let reading = auth::may_read(who, stream)?;
    let mut digests = Digests::new(query.bucket, BUCKETS_MAX, query.through);
    let (first, last) = digests.places();
    let mut after = first - 1;
    loop {
        let page = app.storage.page(PageWanted {
            reader: reading.reader.clone(),
            stream,
            epoch: Some(query.epoch),
            after,
            limit: PULL_EVENTS_MAX,
        });
        let page = page.await?;
        page.events.iter().for_each(|event| digests.add(event));
        after = after.saturating_add(page.events.len() as u64);
        if page.events.is_empty() || after >= last {
            return Ok(Reply::ok(DigestsReply {
                stream,
                epoch: page.epoch,
                bucket: query.bucket,
                through: query.through.min(page.head),
                digests: digests.to_vec(),
            }));
        }
    }
}
