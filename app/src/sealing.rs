//! Sealing what waits on somebody's phone, in a worker: most visits never need what does it.

use js_sys::{Array, Uint8Array};
use wellfield_core::vault::SealingKey;

use crate::platform::random_bytes;
use crate::working::{NoWork, work};

const WORKER: &str = "/r/sealing/worker.js";

/// A worker that says nothing for so long will not say anything, in milliseconds. Sealing takes a few.
const PATIENCE_MS: u32 = 10_000;

/// What only whoever has the other half of the key opens, and only for this place.
///
/// # Errors
/// See [`NoWork`].
pub async fn sealed(key: SealingKey, place: &[u8], plain: &[u8]) -> Result<Vec<u8>, NoWork> {
    let random: [u8; 32] = random_bytes();
    let bytes = |bytes: &[u8]| Uint8Array::from(bytes);
    let asked = Array::of4(
        &bytes(&key.0),
        &bytes(place),
        &bytes(plain),
        &bytes(&random),
    );
    work(WORKER, &asked, PATIENCE_MS).await
}
