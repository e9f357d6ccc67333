//! Gzip, by the browser's own streams.

use js_sys::{Array, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, ReadableStream, ReadableWritablePair, Response};

/// The bytes, compressed. `None` where the browser cannot: it has been able to since 2023, and what is
/// sent as it is arrives as well.
pub(super) async fn gzip(bytes: &Uint8Array) -> Option<Uint8Array> {
    compressed(bytes).await.ok()
}

async fn compressed(bytes: &Uint8Array) -> Result<Uint8Array, JsValue> {
    let stream = Blob::new_with_u8_array_sequence(&Array::of1(bytes))?.stream();
    let stream: ReadableStream = stream.pipe_through(&compression()?);
    let response = Response::new_with_opt_readable_stream(Some(&stream))?;
    let buffer = JsFuture::from(response.array_buffer()?).await?;
    Ok(Uint8Array::new(&buffer))
}

/// `new CompressionStream("gzip")`, which the bindings do not offer yet.
fn compression() -> Result<ReadableWritablePair, JsValue> {
    let name = JsValue::from_str("CompressionStream");
    let class: js_sys::Function = Reflect::get(&js_sys::global(), &name)?.dyn_into()?;
    let stream = Reflect::construct(&class, &Array::of1(&JsValue::from_str("gzip")))?;
    Ok(stream.unchecked_into())
}
