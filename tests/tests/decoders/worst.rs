//! Bytes made to cost much.

use wellfield_core::clock::Instant;
use wellfield_core::ids::DeviceId;
use wellfield_core::sync::{
    BLOCK_EVENTS_MAX, Message, PulledEvent, PushRequest, SAFETY_COPY_BYTES_MAX, SafetyCopy,
    decode_block, encode_block,
};

use super::{GOLDEN, check_all, decoders, peak};

/// A CBOR head with four bytes of length.
fn head(major: u8, length: usize) -> Vec<u8> {
    let length = u32::try_from(length).expect("a length of a test");
    [&[(major << 5) | 26][..], &length.to_be_bytes()].concat()
}

/// The least elements of the lists that there are, and what nests without end.
const LEAST: &[(&str, &[u8])] = &[
    ("byte strings", &[0x40]),
    ("texts", &[0x60]),
    ("numbers", &[0x01]),
    ("pairs", &[0x82, 0x01, 0x01]),
    ("streams and cursors", &[0x83, 0x81, 0x01, 0x00, 0x00]),
    ("pulled events", &[0x83, 0x00, 0x00, 0x40]),
    // {0: 1, 1: "", 2: "", 3: 1, 5: 0, 6: 0, 7: false}
    (
        "devices",
        &[
            0xa7, 0x00, 0x01, 0x01, 0x60, 0x02, 0x60, 0x03, 0x01, 0x05, 0x00, 0x06, 0x00, 0x07,
            0xf4,
        ],
    ),
    // {0: 1, 1: 1, 2: 10, 3: 0}
    (
        "things set aside",
        &[0xa4, 0x00, 0x01, 0x01, 0x01, 0x02, 0x0a, 0x03, 0x00],
    ),
    ("arrays inside each other", &[0x81]),
    ("arrays that do not end", &[0x9f]),
    ("maps inside each other", &[0xa1, 0x00]),
    ("maps that do not end", &[0xbf, 0x00]),
];

/// Values that cost much for their length: as a list, as bytes, as text, and one inside another.
fn costly(length: usize) -> Vec<Vec<u8>> {
    let costly = LEAST.iter().flat_map(|(_, element)| {
        let times = length / element.len();
        let all = element.repeat(times);
        let under = |major, length| [head(major, length), all.clone()].concat();
        [
            under(4, times),
            under(2, all.len()),
            under(3, all.len()),
            all.clone(),
        ]
    });
    costly.collect()
}

/// The map, once for each of its keys, with another value under that key, and once with the value under
/// a key that nobody knows. Nothing for what is no map.
fn with_a_value_replaced(map: &[u8], value: &[u8]) -> Vec<Vec<u8>> {
    let mut decoder = minicbor::Decoder::new(map);
    let Ok(Some(pairs)) = decoder.map() else {
        return Vec::new();
    };
    let start = decoder.position();
    let mut replaced = vec![
        [
            &[0xa0 | (pairs as u8 + 1)],
            &[0x18, 99][..],
            value,
            &map[start..],
        ]
        .concat(),
    ];
    for _ in 0..pairs {
        decoder.skip().expect("a key");
        let (from, _) = (decoder.position(), decoder.skip().expect("a value"));
        replaced.push([&map[..from], value, &map[decoder.position()..]].concat());
    }
    replaced
}

#[test]
fn what_costs_most_for_its_length_is_within_bounds() {
    // Just past a power of two a list that grows has twice the room that it needs.
    let costly = costly(66_000);
    for bytes in &costly {
        check_all(bytes);
    }
    for decoder in decoders().filter(|decoder| !decoder.golden.is_empty()) {
        let frozen = GOLDEN
            .iter()
            .filter(|(name, _)| name.starts_with(decoder.golden) && !name.contains("-bare"));
        for ((_, frozen), value) in
            frozen.flat_map(|frozen| costly.iter().map(move |value| (frozen, value)))
        {
            for bytes in with_a_value_replaced(frozen, value) {
                decoder.check(&bytes, peak);
            }
        }
    }
}

#[test]
fn files_that_unpack_into_much_are_within_bounds() {
    let events = |count, bytes: &[u8]| vec![bytes.to_vec(); count];
    for push in [
        events(70_000, &[]),
        events(SAFETY_COPY_BYTES_MAX / 16, &[]),
        events(SAFETY_COPY_BYTES_MAX / 16 + 1, &[]),
        // Just past a power of two, where a list that grew had the most room to spare.
        events((1 << 20) + 1, &[]),
        events(7, &[0; 1_000_000]),
    ] {
        let push = PushRequest {
            device: DeviceId(7),
            first_n: 1,
            pending: 0,
            events: push,
        };
        check_all(&push.to_bytes());
        let copy = SafetyCopy {
            push,
            made_at: Instant(0),
        };
        check_all(&copy.to_file(&[9; 32]));
    }
    for (count, length) in [
        (256, 0),
        (257, 0),
        (1_000_000, 0),
        (256, 16_000),
        (1, 4_000_000),
        (256, 32_000),
    ] {
        // The shortest number that an event can have, so that a million fit into a block that is read.
        let event = PulledEvent {
            seq: 0,
            received_at: Instant(0),
            bytes: vec![0x9f; length],
        };
        let events = vec![event; count];
        let block = encode_block(&events);
        check_all(&block);
        let read = decode_block(&block);
        assert_eq!(
            read.is_ok_and(|read| read == events),
            count <= BLOCK_EVENTS_MAX,
            "{count} events of {length} bytes"
        );
    }
}
