//! One request, one reply, or none. Nothing here believes a reply; `core` does that.

use std::cell::Cell;
use std::rc::Rc;

use gloo::timers::callback::Timeout;
use js_sys::Uint8Array;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, Headers, Request, RequestInit, Response};
use wellfield_core::sync::{HttpReply, MEDIA_TYPE};

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

/// Asks for something that everybody may have.
///
/// # Errors
/// [`NoReply`].
pub async fn get(address: &str) -> Result<HttpReply, NoReply> {
    let (reply, _) = send("GET", address, &[], None).await?;
    Ok(reply)
}

/// Sends something that everybody may send.
///
/// # Errors
/// [`NoReply`].
pub async fn post(address: &str, body: &[u8]) -> Result<HttpReply, NoReply> {
    let (reply, _) = send("POST", address, &[], Some(&Body::plain(body))).await?;
    Ok(reply)
}

/// A request with these headers beside what every request has, and what came with the reply.
pub(super) async fn send(
    method: &str,
    address: &str,
    headers: &[(&str, &str)],
    body: Option<&Body>,
) -> Result<(HttpReply, Headers), NoReply> {
    let controller = AbortController::new().map_err(|_| NoReply)?;
    let request = request(method, address, headers, body, &controller).map_err(|_| NoReply)?;
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

/// A body as it crosses the wire.
pub(super) struct Body {
    bytes: Uint8Array,
    is_compressed: bool,
}

impl Body {
    pub(super) fn plain(bytes: &[u8]) -> Self {
        Self {
            bytes: Uint8Array::from(bytes),
            is_compressed: false,
        }
    }

    /// Compresses a body if that pays and the browser can.
    pub(super) async fn compressed(bytes: &[u8]) -> Self {
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
    also: &[(&str, &str)],
    body: Option<&Body>,
    controller: &AbortController,
) -> Result<Request, wasm_bindgen::JsValue> {
    let init = RequestInit::new();
    init.set_method(method);
    init.set_cache(web_sys::RequestCache::NoStore);
    init.set_signal(Some(&controller.signal()));
    if let Some(body) = body {
        init.set_body(&body.bytes);
    }
    let request = Request::new_with_str_and_init(address, &init)?;
    let headers: Headers = request.headers();
    headers.set("accept", MEDIA_TYPE)?;
    if let Some(body) = body {
        headers.set("content-type", MEDIA_TYPE)?;
        if body.is_compressed {
            headers.set("content-encoding", "gzip")?;
        }
    }
    for (name, value) in also {
        headers.set(name, value)?;
    }
    Ok(request)
}

async fn read(request: &Request) -> Result<(HttpReply, Headers), wasm_bindgen::JsValue> {
    let response: Response = JsFuture::from(window().fetch_with_request(request))
        .await?
        .dyn_into()?;
    let headers = response.headers();
    let media_type = headers.get("content-type")?.unwrap_or_default();
    let body = JsFuture::from(response.array_buffer()?).await?;
    let reply = HttpReply {
        status: response.status(),
        media_type,
        body: Uint8Array::new(&body).to_vec(),
    };
    Ok((reply, headers))
}
