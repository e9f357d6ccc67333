//! Bytes that nobody made, and bytes that somebody broke, through every way in from outside.
//!
//! The table in `src/decoders.rs` says what the ways in are and what each promises.

mod damage;
mod table;
mod worst;

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::LazyLock;

use proptest::prelude::*;
use wellfield_tests::decoders::{Decoder, GROUPS, golden};

use damage::damaged;

/// What the frozen bytes are, read once.
static GOLDEN: LazyLock<Vec<(String, Vec<u8>)>> = LazyLock::new(golden);

fn decoders() -> impl Iterator<Item = &'static Decoder> {
    GROUPS.iter().flat_map(|group| group.decoders)
}

/// The most memory that was held at one time. The count is of one thread, so tests may run side by
/// side, and is ended even by a panic, so that a case that failed can be made smaller.
fn peak(read: &dyn Fn()) -> u64 {
    let mut ended = Ok(());
    let info = allocation_counter::measure(|| ended = catch_unwind(AssertUnwindSafe(read)));
    ended.unwrap_or_else(|panic| resume_unwind(panic));
    info.bytes_max
}

fn check_all(bytes: &[u8]) {
    for decoder in decoders() {
        decoder.check(bytes, peak);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn any_bytes_are_a_value_or_an_error_within_bounds(
        bytes in prop::collection::vec(any::<u8>(), 0..1_000),
    ) {
        check_all(&bytes);
    }

    #[test]
    fn damaged_bytes_are_a_value_or_an_error_within_bounds(bytes in damaged()) {
        check_all(&bytes);
    }

    #[test]
    fn any_text_is_a_value_or_an_error_within_bounds(text in any::<String>()) {
        check_all(text.as_bytes());
    }
}
