//! The worker that seals what waits on somebody's phone: its whole module, which most visits to the public
//! pages never need. `public/working.js` calls it; `app/src/sealing.rs` asks.

use wasm_bindgen::prelude::wasm_bindgen;
use wellfield_core::vault::SealingKey;

/// What was sealed for a place with a key, given 32 random bytes; nothing for a key or bytes of another length.
#[wasm_bindgen]
#[must_use]
pub fn work(key: &[u8], place: &[u8], plain: &[u8], random: &[u8]) -> Option<Vec<u8>> {
    let (key, random) = (key.try_into().ok()?, random.try_into().ok()?);
    SealingKey(key).seal(place, plain, random).ok()
}

fn main() {}
