//! The worker that seals what lies on somebody's own phone: its whole module, which the pages fetch when there is
//! something to seal. `public/working.js` calls it; `app/src/sealing.rs` asks.

use wasm_bindgen::prelude::wasm_bindgen;
use wellfield_app::sealing::{FOR_ORGANISATION, OPEN_WITH_LINK, WITH_LINK};
use wellfield_core::vault::{DraftKey, SealingKey};

/// What is asked for, by its number. `with` is a key or a link, `place` where what is sealed belongs, `random` random
/// bytes, as many as it takes. Nothing for a number that is none, or bytes of another length.
#[wasm_bindgen]
#[must_use]
pub fn work(what: u8, with: &[u8], place: &[u8], bytes: &[u8], random: &[u8]) -> Option<Vec<u8>> {
    match what {
        FOR_ORGANISATION => {
            let key = SealingKey(with.try_into().ok()?);
            key.seal(place, bytes, random.try_into().ok()?).ok()
        }
        WITH_LINK => Some(DraftKey::of(with).seal(bytes, random.get(..24)?.try_into().ok()?)),
        OPEN_WITH_LINK => Some(DraftKey::of(with).open(bytes).ok()?.to_vec()),
        _ => None,
    }
}

fn main() {}
