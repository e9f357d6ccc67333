//! What happens to bytes on the way, or what somebody does to them.

use proptest::prelude::*;
use proptest::sample::Index;

use super::GOLDEN;

/// Frozen bytes to which something happened.
pub(crate) fn damaged() -> impl Strategy<Value = Vec<u8>> {
    (any::<Index>(), prop::collection::vec(damage(), 1..6)).prop_map(|(which, damages)| {
        let mut bytes = GOLDEN[which.index(GOLDEN.len())].1.clone();
        for damage in damages {
            damage.happens_to(&mut bytes);
        }
        bytes
    })
}

/// Something that happens to bytes on the way, or that somebody does to them.
#[derive(Clone, Debug)]
enum Damage {
    /// Other bits.
    Flip(Index, u8),
    /// Nothing from here on.
    Cut(Index),
    /// More bytes in between.
    Insert(Index, Vec<u8>),
    /// A part that comes several times.
    Repeat(Index, Index, usize),
    /// A head that says that more follows than can.
    Claim(Index, u8, u64),
    /// The rest of something else.
    Splice(Index, Index, Index),
}

/// The first byte of a head with eight bytes of length: byte string, text, array, map and tag; and the
/// heads that leave the length open, over which the length lies as garbage.
const HEADS: &[u8] = &[0x5b, 0x7b, 0x9b, 0xbb, 0xdb, 0x5f, 0x7f, 0x9f, 0xbf];

fn damage() -> impl Strategy<Value = Damage> {
    let place = any::<Index>;
    let claimed = prop_oneof![
        Just(u64::MAX),
        Just(u64::from(u32::MAX)),
        Just(i64::MAX as u64),
        any::<u64>(),
    ];
    prop_oneof![
        4 => (place(), 1u8..=255).prop_map(|(at, bits)| Damage::Flip(at, bits)),
        1 => place().prop_map(Damage::Cut),
        2 => (place(), prop::collection::vec(any::<u8>(), 1..12))
            .prop_map(|(at, bytes)| Damage::Insert(at, bytes)),
        1 => (place(), place(), 2usize..40)
            .prop_map(|(from, to, times)| Damage::Repeat(from, to, times)),
        3 => (place(), prop::sample::select(HEADS), claimed)
            .prop_map(|(at, head, length)| Damage::Claim(at, head, length)),
        1 => (place(), place(), place())
            .prop_map(|(at, other, from)| Damage::Splice(at, other, from)),
    ]
}

impl Damage {
    fn happens_to(&self, bytes: &mut Vec<u8>) {
        let place = |index: &Index, bytes: &[u8]| index.index(bytes.len() + 1);
        match self {
            Self::Flip(at, bits) => {
                let at = place(at, bytes);
                if let Some(byte) = bytes.get_mut(at) {
                    *byte ^= bits;
                }
            }
            Self::Cut(at) => bytes.truncate(place(at, bytes)),
            Self::Insert(at, more) => {
                let at = place(at, bytes);
                bytes.splice(at..at, more.iter().copied());
            }
            Self::Repeat(from, to, times) => {
                let (one, other) = (place(from, bytes), place(to, bytes));
                let part = bytes[one.min(other)..one.max(other)].repeat(*times);
                // Several of these after one another would be megabytes.
                if part.len() < 20_000 {
                    bytes.splice(one.min(other)..one.max(other), part);
                }
            }
            Self::Claim(at, head, length) => {
                let at = place(at, bytes);
                let head = [&[*head][..], &length.to_be_bytes()].concat();
                let end = (at + head.len()).min(bytes.len());
                bytes.splice(at..end, head);
            }
            Self::Splice(at, other, from) => {
                bytes.truncate(place(at, bytes));
                let other = &GOLDEN[other.index(GOLDEN.len())].1;
                bytes.extend_from_slice(&other[place(from, other)..]);
            }
        }
    }
}
