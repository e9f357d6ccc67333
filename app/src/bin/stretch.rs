//! The worker that stretches passphrases: its whole module, so that nothing else is compiled for it and
//! the page answers taps meanwhile. `public/working.js` calls it; `app/src/stretching.rs` asks.

use wasm_bindgen::prelude::wasm_bindgen;
use wellfield_core::vault::{Passphrase, Stretching};

/// What a passphrase becomes, given its salt and how hard it is to be stretched; nothing for a salt of
/// another length or for less stretching than this version takes.
#[wasm_bindgen]
#[must_use]
pub fn work(passphrase: &str, salt: &[u8], memory_kib: u32, passes: u32) -> Option<Vec<u8>> {
    let stretching = Stretching::new(memory_kib, passes).ok()?;
    let salt = salt.try_into().ok()?;
    let stretched = stretching.stretch(&Passphrase::typed(passphrase), salt);
    Some(stretched.for_tablet().to_vec())
}

fn main() {}
