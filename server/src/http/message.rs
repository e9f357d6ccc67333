//! Bodies: what may come in, and how replies go out.

use std::io::Read;
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::extract::rejection::QueryRejection;
use axum::extract::{FromRequestParts, Query, Request};
use axum::http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use flate2::read::GzDecoder;
use http_body_util::{BodyExt, LengthLimitError};
use wellfield_core::sync::{MEDIA_TYPE, Message, Problem};

use super::error::ApiError;
use super::proof::check_body;

/// A body that takes longer than this to arrive is given up, so that slow senders do not pile up.
const BODY_TIME: Duration = Duration::from_secs(120);

/// A message as the reply.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reply<M>(pub(super) StatusCode, pub(super) M);

impl<M: Message> Reply<M> {
    pub(super) fn ok(message: M) -> Self {
        Self(StatusCode::OK, message)
    }
}

impl<M: Message> IntoResponse for Reply<M> {
    fn into_response(self) -> Response {
        (self.0, [(CONTENT_TYPE, MEDIA_TYPE)], self.1.to_bytes()).into_response()
    }
}

/// The query, or the problem that it is not the one that belongs here.
pub(super) struct Asked<T>(pub(super) T);

impl<T, S> FromRequestParts<S> for Asked<T>
where
    Query<T>: FromRequestParts<S, Rejection = QueryRejection>,
    S: Send + Sync,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        match Query::<T>::from_request_parts(parts, state).await {
            Ok(Query(asked)) => Ok(Self(asked)),
            Err(_) => Err(Problem::Malformed.into()),
        }
    }
}

/// Whether a request that changes something may come from where it says it comes from. A form of
/// another site can send neither our media type nor, from a browser, another `Sec-Fetch-Site`.
fn check_origin(headers: &HeaderMap) -> Result<(), ApiError> {
    let said = |name| {
        headers
            .get(name)
            .map(|value| value.to_str().unwrap_or_default())
    };
    if !matches!(said("sec-fetch-site"), None | Some("same-origin" | "none")) {
        return Err(Problem::Forbidden.into());
    }
    let media_type = said(CONTENT_TYPE.as_str()).unwrap_or_default();
    if !media_type.eq_ignore_ascii_case(MEDIA_TYPE) {
        return Err(Problem::Malformed.into());
    }
    Ok(())
}

/// Reads the body of a request that changes something.
pub(super) async fn read_body(request: Request, bytes_max: usize) -> Result<Vec<u8>, ApiError> {
    let compression = match check_head(request.headers(), bytes_max) {
        Ok(compression) => compression,
        Err(refused) => {
            discard_body(request, bytes_max).await;
            return Err(refused);
        }
    };
    let (parts, body) = request.into_parts();
    let bytes = read_limited(body, bytes_max).await?;
    let bytes = match compression {
        Compression::None => bytes,
        Compression::Gzip => decompress(&bytes, bytes_max)?,
    };
    check_body(&parts.extensions, &bytes)?;
    Ok(bytes)
}

/// What the head says of a body, or why the body is not read.
fn check_head(headers: &HeaderMap, bytes_max: usize) -> Result<Compression, ApiError> {
    check_origin(headers)?;
    let announced = headers
        .get("content-length")
        .and_then(|length| length.to_str().ok()?.parse().ok());
    if announced.is_some_and(|length: usize| length > bytes_max) {
        return Err(Problem::TooLarge.into());
    }
    compression(headers)
}

/// How a body is compressed on the wire.
enum Compression {
    None,
    Gzip,
}

fn compression(headers: &HeaderMap) -> Result<Compression, ApiError> {
    match headers.get(CONTENT_ENCODING).map(HeaderValue::as_bytes) {
        None | Some(b"identity") => Ok(Compression::None),
        Some(b"gzip") => Ok(Compression::Gzip),
        Some(_) => Err(Problem::Malformed.into()),
    }
}

/// Decompresses a body, which may be no larger than if it had come as it is: a few bytes can claim to
/// be gigabytes.
fn decompress(bytes: &[u8], bytes_max: usize) -> Result<Vec<u8>, ApiError> {
    let mut read = Vec::new();
    let limit = u64::try_from(bytes_max).unwrap_or(u64::MAX);
    GzDecoder::new(bytes)
        .take(limit.saturating_add(1))
        .read_to_end(&mut read)
        .map_err(|_| Problem::Malformed)?;
    if read.len() > bytes_max {
        return Err(Problem::TooLarge.into());
    }
    Ok(read)
}

async fn read_limited(body: Body, bytes_max: usize) -> Result<Vec<u8>, ApiError> {
    let read = tokio::time::timeout(BODY_TIME, to_bytes(body, bytes_max)).await;
    match read {
        Ok(Ok(bytes)) => Ok(bytes.into()),
        Ok(Err(error)) if is_too_large(&error) => Err(Problem::TooLarge.into()),
        Ok(Err(_)) | Err(_) => Err(Problem::Malformed.into()),
    }
}

/// Reads a body away for which the answer is known already. A sender that is answered in
/// mid-sentence may see a broken connection instead of the answer.
pub(super) async fn discard_body(request: Request, bytes_max: usize) {
    let mut body = request.into_body();
    let read = async {
        let mut bytes = 0;
        while bytes <= bytes_max
            && let Some(Ok(frame)) = body.frame().await
        {
            bytes += frame.data_ref().map_or(0, |data| data.len());
        }
    };
    // However it ends, the answer is the same.
    let _ = tokio::time::timeout(BODY_TIME, read).await;
}

fn is_too_large(error: &axum::Error) -> bool {
    std::error::Error::source(error).is_some_and(|source| source.is::<LengthLimitError>())
}

/// Reads the message of a request that changes something.
pub(super) async fn read_message<M: Message>(
    request: Request,
    bytes_max: usize,
) -> Result<M, ApiError> {
    let body = read_body(request, bytes_max).await?;
    M::from_bytes(&body).map_err(|_| Problem::Malformed.into())
}
