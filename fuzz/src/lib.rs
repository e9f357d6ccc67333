//! What every fuzz target does: hold the decoders of its group to what `tests/src/decoders.rs` promises
//! for them.

#![forbid(unsafe_code)]

use wellfield_tests::decoders::group;

/// Goes through every decoder of a group with these bytes.
///
/// # Panics
/// Where a promise does not hold; that is what the fuzzer looks for.
pub fn check(name: &str, bytes: &[u8]) {
    for decoder in group(name).decoders {
        decoder.check(bytes, |read| allocation_counter::measure(read).bytes_max);
    }
}
