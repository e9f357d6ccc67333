//! What a server keeps beside its records: the audit, and the ledger of erasures.

use wellfield_core::audit::{
    Link, Untrue, decode_entry, encode_entry, judge, read_signed_head, verify,
};
use wellfield_core::restore::ledger::{encode_erasure, plan_replay, read_ledger};

use super::{Decoder, LITTLE, memory_skipping, written_and_read};

const KEY: wellfield_core::audit::AuditKey = wellfield_core::audit::AuditKey([9; 32]);

pub(super) const AUDIT: &[Decoder] = &[
    Decoder {
        name: "decode_entry",
        golden: "audit-",
        read: |bytes| decode_entry(bytes).is_ok(),
        stays_the_same: |bytes| {
            written_and_read(bytes, decode_entry, encode_entry);
            never_signed(bytes);
        },
        memory_max: memory_skipping,
    },
    Decoder {
        name: "read_ledger",
        golden: "erasures-v1",
        read: |bytes| read_ledger(bytes).is_ok(),
        stays_the_same: |bytes| {
            let write = |erasures: &Vec<_>| erasures.iter().flat_map(encode_erasure).collect();
            written_and_read(bytes, read_ledger, write);
            if let Ok(erasures) = read_ledger(bytes) {
                let known = erasures
                    .iter()
                    .all(|erasure| (1..=2).contains(&erasure.kind));
                assert_eq!(plan_replay(&erasures).is_ok(), known);
            }
        },
        memory_max: memory_skipping,
    },
    Decoder {
        name: "read_signed_head",
        golden: "",
        read: |bytes| str::from_utf8(bytes).is_ok_and(|text| read_signed_head(text).is_ok()),
        stays_the_same: |bytes| {
            let text = String::from_utf8_lossy(bytes);
            let write = |head: &wellfield_core::audit::SignedHead| head.to_string().into_bytes();
            let read = |bytes: &[u8]| read_signed_head(&String::from_utf8_lossy(bytes));
            written_and_read(text.as_bytes(), read, write);
        },
        memory_max: |length| LITTLE + length,
    },
];

/// Whatever bytes stand in the place of an entry, a chain of them is followed or broken, and is nothing
/// that the key has signed.
fn never_signed(bytes: &[u8]) {
    let links = [Link {
        bytes: bytes.to_vec(),
        hash: [0; 32],
    }];
    assert!(verify(&links).is_err(), "no entry has a hash of zeros");
    let judged = judge(&links, None, &KEY, None);
    assert!(matches!(judged, Err(Untrue::Broken(_))));
}
