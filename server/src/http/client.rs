//! The client: files from the binary.

use axum::body::Body;
use axum::http::header::{ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, VARY};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Redirect, Response};

use crate::assets::{self, Asset};

/// A name that stands for its content for ever.
const FOR_EVER: &str = "public, max-age=31536000, immutable";

/// Everything else is asked for each time, the service worker before all.
const ASK_EACH_TIME: &str = "no-cache";

pub(super) async fn to_public_pages() -> Redirect {
    Redirect::temporary("/r/")
}

pub(super) async fn to_staff_app() -> Redirect {
    Redirect::permanent("/app/")
}

pub(super) async fn to_public_bundle() -> Redirect {
    Redirect::permanent("/r/")
}

pub(super) async fn to_answers() -> Redirect {
    Redirect::permanent("/a/")
}

pub(super) async fn to_desk() -> Redirect {
    Redirect::permanent(super::desk::HOME)
}

pub(super) async fn file(uri: Uri, headers: HeaderMap) -> Response {
    match assets::find(uri.path(), accepts_brotli(&headers)) {
        Some(asset) => respond(asset),
        None if !assets::is_built() => (StatusCode::NOT_FOUND, assets::NOT_BUILT).into_response(),
        None => not_found().await,
    }
}

pub(super) async fn not_found() -> Response {
    (StatusCode::NOT_FOUND, "There is nothing at this address.").into_response()
}

fn respond(asset: Asset) -> Response {
    let caching = if asset.immutable {
        FOR_EVER
    } else {
        ASK_EACH_TIME
    };
    let mut response = (
        [
            (CONTENT_TYPE, asset.content_type),
            (CACHE_CONTROL, caching),
            (VARY, "accept-encoding"),
        ],
        Body::from(asset.body.into_owned()),
    )
        .into_response();
    if asset.brotli {
        response
            .headers_mut()
            .insert(CONTENT_ENCODING, axum::http::HeaderValue::from_static("br"));
    }
    response
}

fn accepts_brotli(headers: &HeaderMap) -> bool {
    let accepted = headers
        .get_all(ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok());
    accepted.flat_map(|value| value.split(',')).any(|coding| {
        let mut parts = coding.split(';').map(str::trim);
        let is_brotli = parts
            .next()
            .is_some_and(|name| name.eq_ignore_ascii_case("br"));
        is_brotli
            && !parts
                .any(|weight| weight.strip_prefix("q=").and_then(|q| q.parse().ok()) == Some(0.0))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brotli_is_sent_to_those_who_take_it() {
        let accepts = |value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT_ENCODING, axum::http::HeaderValue::from_static(value));
            accepts_brotli(&headers)
        };
        assert!(accepts("gzip, deflate, br, zstd") && accepts("BR;q=0.5"));
        assert!(!accepts("gzip") && !accepts("br;q=0") && !accepts("brotli"));
        assert!(!accepts_brotli(&HeaderMap::new()));
    }
}
