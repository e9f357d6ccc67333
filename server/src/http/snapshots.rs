//! `GET /v1/snapshot`, `/v1/snapshots/NAME` and `/v1/front`: long streams for devices that have nothing
//! of them.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::header::{ACCEPT_RANGES, CONTENT_RANGE, CONTENT_TYPE, RANGE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use wellfield_core::ids::DeviceId;
use wellfield_core::stream::Stream;
use wellfield_core::sync::{ContentHash, MEDIA_TYPE, Problem, Snapshot};

use super::App;
use super::auth;
use super::concerns::enter_read;
use super::error::ApiError;
use super::message::{Asked, Reply};
use super::proof::Who;

#[derive(Deserialize)]
pub(super) struct Query {
    stream: String,
    epoch: u32,
}

impl Query {
    /// The stream, for a device that may read it, and which that is.
    fn readable(&self, who: Who) -> Result<(Stream, Option<DeviceId>), ApiError> {
        let stream: Stream = self.stream.parse().map_err(|_| Problem::Malformed)?;
        let reading = auth::may_read(who, stream)?;
        Ok((stream, reading.device))
    }
}

/// What the snapshot of a stream is.
pub(super) async fn snapshot(
    State(app): State<Arc<App>>,
    Asked(query): Asked<Query>,
    who: Who,
) -> Result<Reply<Snapshot>, ApiError> {
    let (stream, _) = query.readable(who)?;
    let made = app
        .snapshots
        .of(&*app.storage, stream, query.epoch)
        .await?
        .ok_or(Problem::NotFound)?;
    Ok(Reply::ok(made.snapshot.clone()))
}

/// The bytes of a snapshot, or a range of them.
pub(super) async fn bytes(
    State(app): State<Arc<App>>,
    Path(name): Path<String>,
    Asked(query): Asked<Query>,
    who: Who,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let (stream, reader) = query.readable(who)?;
    let name = read_name(&name).ok_or(Problem::NotFound)?;
    let made = match app.snapshots.named(stream, &name) {
        Some(made) => made,
        // Another server made it, or this one before it was started again. It makes the same.
        None => {
            let made = app.snapshots.of(&*app.storage, stream, query.epoch).await?;
            let named = made.filter(|made| made.snapshot.hash == name);
            named.ok_or(Problem::NotFound)?
        }
    };
    // A part of it may hold any of them.
    let records = made.snapshot.cursor.after;
    enter_read(&app, stream, reader, records).await?;
    let length = made.bytes.len();
    let head = [(CONTENT_TYPE, MEDIA_TYPE), (ACCEPT_RANGES, "bytes")];
    let Some(range) = headers.get(RANGE) else {
        return Ok((head, made.bytes.clone()).into_response());
    };
    let (first, last) = range
        .to_str()
        .ok()
        .and_then(|range| only_range(range, length))
        .ok_or(Problem::Malformed)?;
    let part = made.bytes.get(first..=last).ok_or(Problem::Malformed)?;
    let place = [(CONTENT_RANGE, format!("bytes {first}-{last}/{length}"))];
    Ok((StatusCode::PARTIAL_CONTENT, head, place, part.to_vec()).into_response())
}

/// What the first screens of today need of a stream.
pub(super) async fn front(
    State(app): State<Arc<App>>,
    Asked(query): Asked<Query>,
    who: Who,
) -> Result<Response, ApiError> {
    let (stream, reader) = query.readable(who)?;
    let today = app.clock.now().utc_day().ok_or(Problem::NotFound)?;
    let copy = app
        .snapshots
        .front(&*app.storage, stream, query.epoch, today)
        .await?;
    if stream == Stream::Safeguarding {
        // It was made a moment ago, so it can be read.
        let records = copy.records().unwrap_or(u64::MAX);
        enter_read(&app, stream, reader, records).await?;
    }
    Ok(([(CONTENT_TYPE, MEDIA_TYPE)], copy.to_bytes()).into_response())
}

/// A name: the SHA-256 in hexadecimal digits.
fn read_name(text: &str) -> Option<ContentHash> {
    let mut hash = ContentHash::default();
    if text.len() != 2 * hash.len() || !text.is_ascii() {
        return None;
    }
    for (index, byte) in hash.iter_mut().enumerate() {
        let digits = text.get(2 * index..2 * index + 2)?;
        *byte = u8::from_str_radix(digits, 16).ok()?;
    }
    Some(hash)
}

/// The first and last byte of a range header that names one range.
fn only_range(header: &str, length: usize) -> Option<(usize, usize)> {
    let parsed = http_range_header::parse_range_header(header).ok()?;
    let ranges = parsed.validate(u64::try_from(length).ok()?).ok()?;
    let [range] = &ranges[..] else {
        return None;
    };
    let place = |place: u64| usize::try_from(place).ok();
    Some((place(*range.start())?, place(*range.end())?))
}
