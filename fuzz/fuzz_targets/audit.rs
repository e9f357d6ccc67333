#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| wellfield_fuzz::check("audit", bytes));
