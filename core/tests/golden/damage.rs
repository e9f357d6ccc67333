//! Bytes that broke on the way, or were made to break: read as nothing or as something else, and
//! never a panic, an endless loop or a memory that fills.

use wellfield_core::event::decode_event;
use wellfield_core::records::Records;

use super::{all_cases, events};

#[test]
fn a_value_cut_off_anywhere_reads_as_nothing() {
    for case in all_cases() {
        for length in 0..case.bytes.len() {
            let read = (case.rewrite)(&case.bytes[..length]);
            assert!(read.is_none(), "{} cut to {length} bytes", case.name);
        }
    }
}

#[test]
fn no_single_wrong_byte_makes_a_reader_panic() {
    for case in all_cases() {
        let mut bytes = case.bytes.clone();
        for place in 0..bytes.len() {
            let right = bytes[place];
            for wrong in 0..=u8::MAX {
                bytes[place] = wrong;
                // What comes out may be nothing or another value, which again has bytes that read.
                if let Some(again) = (case.rewrite)(&bytes) {
                    let twice = (case.rewrite)(&again);
                    assert_eq!(twice.as_ref(), Some(&again), "{} at {place}", case.name);
                }
            }
            bytes[place] = right;
        }
    }
}

#[test]
fn no_single_wrong_byte_makes_the_records_panic() {
    for event in events::all() {
        let mut bytes = wellfield_core::event::encode_event(&event.1);
        for place in 0..bytes.len() {
            let right = bytes[place];
            for bit in 0..8 {
                bytes[place] = right ^ (1 << bit);
                if let Ok(other) = decode_event(&bytes) {
                    let mut records = Records::default();
                    records.apply(&event.1);
                    records.apply(&other);
                    let programme = records.programmes().count();
                    assert!(programme <= 2, "{}", event.0);
                }
            }
            bytes[place] = right;
        }
    }
}
