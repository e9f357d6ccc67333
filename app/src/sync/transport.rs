//! One request, one reply, or none. Nothing here believes a reply; `core` does that.

use std::cell::Cell;
use std::ops::Range;
use std::rc::Rc;

use gloo::timers::callback::Timeout;
use js_sys::Uint8Array;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, Headers, Request, RequestInit, Response};
use wellfield_core::sync::{GRANT_SCHEME, HttpReply, MEDIA_TYPE};

use super::compress::gzip;
use crate::platform::window;

/// A body of fewer bytes than this is sent as it is: compressing it saves less than it costs.
const COMPRESS_FROM_BYTES: usize = 1_024;

/// A request that takes longer than this is given up, in milliseconds.
const TIMEOUT_MS: u32 = 30_000;

/// No reply came: no signal, a broken connection, or nothing within the time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no reply")]
pub struct NoReply;

/// Asks for something. `token` is the device's key, where the request needs one.
///
/// # Errors
/// [`NoReply`].
pub async fn get(address: &str, token: Option<&[u8; 32]>) -> Result<HttpReply, NoReply> {
    send("GET", address, token.map(bearer), Extra::Nothing).await
}

/// Asks for a range of the bytes of something.
///
/// # Errors
/// [`NoReply`].
pub(super) async fn get_range(
    address: &str,
    token: &[u8; 32],
    bytes: &Range<u32>,
) -> Result<HttpReply, NoReply> {
    let range = format!("bytes={}-{}", bytes.start, bytes.end.saturating_sub(1));
    send("GET", address, Some(bearer(token)), Extra::Range(&range)).await
}

/// Sends something. `token` is the device's key, where the request needs one.
///
/// # Errors
/// [`NoReply`].
pub async fn post(
    address: &str,
    token: Option<&[u8; 32]>,
    body: &[u8],
) -> Result<HttpReply, NoReply> {
    send(
        "POST",
        address,
        token.map(bearer),
        Extra::Body(Body::plain(body)),
    )
    .await
}

/// Sends something sealed, which no compression makes smaller. `grant` is what a locked tablet shows in
/// place of its key.
///
/// # Errors
/// [`NoReply`].
pub(super) async fn post_sealed(
    address: &str,
    grant: &[u8],
    body: &[u8],
) -> Result<HttpReply, NoReply> {
    let shown = format!("{GRANT_SCHEME} {}", hex(grant));
    send("POST", address, Some(shown), Extra::Body(Body::plain(body))).await
}

/// Sends something that may be large, compressed if that pays.
///
/// # Errors
/// [`NoReply`].
pub async fn post_large(
    address: &str,
    token: &[u8; 32],
    body: &[u8],
) -> Result<HttpReply, NoReply> {
    send(
        "POST",
        address,
        Some(bearer(token)),
        Extra::Body(Body::compressed(body).await),
    )
    .await
}

/// What an open tablet shows with its requests.
fn bearer(token: &[u8; 32]) -> String {
    format!("Bearer {}", hex(token))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

async fn send(
    method: &str,
    address: &str,
    shown: Option<String>,
    extra: Extra<'_>,
) -> Result<HttpReply, NoReply> {
    let controller = AbortController::new().map_err(|_| NoReply)?;
    let request =
        request(method, address, shown.as_deref(), &extra, &controller).map_err(|_| NoReply)?;
    let timed_out = Rc::new(Cell::new(false));
    let abort = {
        let timed_out = Rc::clone(&timed_out);
        Timeout::new(TIMEOUT_MS, move || {
            timed_out.set(true);
            controller.abort();
        })
    };
    let reply = read(&request).await;
    abort.cancel();
    reply.map_err(|_| NoReply)
}

/// What a request has beside its address.
enum Extra<'a> {
    Nothing,
    Body(Body),
    Range(&'a str),
}

/// A body as it crosses the wire.
struct Body {
    bytes: Uint8Array,
    is_compressed: bool,
}

impl Body {
    fn plain(bytes: &[u8]) -> Self {
        Self {
            bytes: Uint8Array::from(bytes),
            is_compressed: false,
        }
    }

    /// Compresses a body if that pays and the browser can.
    async fn compressed(bytes: &[u8]) -> Self {
        let plain = Self::plain(bytes);
        if bytes.len() < COMPRESS_FROM_BYTES {
            return plain;
        }
        match gzip(&plain.bytes).await {
            Some(bytes) => Self {
                bytes,
                is_compressed: true,
            },
            None => plain,
        }
    }
}

fn request(
    method: &str,
    address: &str,
    shown: Option<&str>,
    extra: &Extra<'_>,
    controller: &AbortController,
) -> Result<Request, wasm_bindgen::JsValue> {
    let init = RequestInit::new();
    init.set_method(method);
    init.set_cache(web_sys::RequestCache::NoStore);
    init.set_signal(Some(&controller.signal()));
    if let Extra::Body(body) = extra {
        init.set_body(&body.bytes);
    }
    let request = Request::new_with_str_and_init(address, &init)?;
    let headers: Headers = request.headers();
    headers.set("accept", MEDIA_TYPE)?;
    if let Extra::Range(range) = extra {
        headers.set("range", range)?;
    }
    if let Extra::Body(body) = extra {
        headers.set("content-type", MEDIA_TYPE)?;
        if body.is_compressed {
            headers.set("content-encoding", "gzip")?;
        }
    }
    if let Some(shown) = shown {
        headers.set("authorization", shown)?;
    }
    Ok(request)
}

async fn read(request: &Request) -> Result<HttpReply, wasm_bindgen::JsValue> {
    let response: Response = JsFuture::from(window().fetch_with_request(request))
        .await?
        .dyn_into()?;
    let media_type = response.headers().get("content-type")?.unwrap_or_default();
    let body = JsFuture::from(response.array_buffer()?).await?;
    Ok(HttpReply {
        status: response.status(),
        media_type,
        body: Uint8Array::new(&body).to_vec(),
    })
}
