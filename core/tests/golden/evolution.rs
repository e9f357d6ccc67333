//! Old software meets what newer software wrote.

use minicbor::data::Type;
use minicbor::{Decoder, Encoder};
use wellfield_core::event::{
    Body, Event, Kind, Unread, UnreadBody, check, decode_event, encode_event,
};

use super::events::{self, EVENT_BODY_KEY, full_envelope};
use super::messages;

/// A key that no version has used.
const FUTURE_KEY: u64 = 200;

/// The values that a newer version might put under a new key.
fn future_values() -> Vec<Vec<u8>> {
    let mut nested = Encoder::new(Vec::new());
    nested.array(2).unwrap().map(1).unwrap().u8(1).unwrap();
    nested.str("text").unwrap().bytes(&[0; 3]).unwrap();
    let mut open = Encoder::new(Vec::new());
    open.begin_array().unwrap().null().unwrap().end().unwrap();
    vec![
        minicbor::to_vec(7u8).unwrap(),
        minicbor::to_vec("text").unwrap(),
        minicbor::to_vec(Option::<u8>::None).unwrap(),
        minicbor::to_vec(0.5f64).unwrap(),
        nested.into_writer(),
        open.into_writer(),
    ]
}

/// The same map with one more entry at its end.
fn with_entry(map: &[u8], value: &[u8]) -> Vec<u8> {
    let mut decoder = Decoder::new(map);
    assert_eq!(decoder.datatype().unwrap(), Type::Map);
    let entries = decoder.map().unwrap().unwrap();
    let rest = &map[decoder.position()..];
    let mut encoder = Encoder::new(Vec::new());
    encoder.map(entries + 1).unwrap();
    let mut bytes = encoder.into_writer();
    bytes.extend(rest);
    bytes.extend(minicbor::to_vec(FUTURE_KEY).unwrap());
    bytes.extend(value);
    bytes
}

/// The same event with one more entry in its body.
fn with_body_entry(event: &[u8], value: &[u8]) -> Vec<u8> {
    let mut decoder = Decoder::new(event);
    let entries = decoder.map().unwrap().unwrap();
    for _ in 0..entries {
        let key = decoder.u64().unwrap();
        let start = decoder.position();
        if key != EVENT_BODY_KEY {
            decoder.skip().unwrap();
            continue;
        }
        let body = with_entry(decoder.bytes().unwrap(), value);
        let mut bytes = event[..start].to_vec();
        let mut encoder = Encoder::new(&mut bytes);
        encoder.bytes(&body).unwrap();
        bytes.extend(&event[decoder.position()..]);
        return bytes;
    }
    panic!("an event without a body");
}

#[test]
fn a_reader_skips_keys_of_the_envelope_that_it_does_not_know() {
    for (name, event) in events::all() {
        for value in future_values() {
            let bytes = with_entry(&encode_event(&event), &value);
            assert_eq!(decode_event(&bytes).as_ref(), Ok(&event), "{name}");
        }
    }
}

#[test]
fn a_reader_skips_keys_of_a_body_that_it_does_not_know() {
    for (name, event) in events::all() {
        if matches!(event.body, Body::Unread(_)) {
            continue;
        }
        for value in future_values() {
            let bytes = with_body_entry(&encode_event(&event), &value);
            assert_eq!(decode_event(&bytes).as_ref(), Ok(&event), "{name}");
        }
    }
}

#[test]
fn a_reader_skips_keys_of_a_message_that_it_does_not_know() {
    for case in messages::cases() {
        if Decoder::new(&case.bytes).datatype().unwrap() != Type::Map {
            continue;
        }
        for value in future_values() {
            let bytes = with_entry(&case.bytes, &value);
            assert!((case.reads_back)(&bytes), "{}", case.name);
        }
    }
}

#[test]
fn a_kind_or_version_from_the_future_is_kept_byte_for_byte_and_passes() {
    let known = Kind(30);
    for (kind, version) in [(Kind(9_999), 1), (Kind(9_999), 255), (known, 2), (known, 0)] {
        for body in [vec![], vec![0xff; 40], b"not even CBOR".to_vec()] {
            let event = full_envelope(Body::Unread(UnreadBody {
                kind,
                version,
                subject: None,
                bytes: body,
                why: Unread::Newer,
            }));
            let bytes = encode_event(&event);
            let read = decode_event(&bytes).unwrap();
            assert_eq!(read, event);
            assert_eq!(encode_event(&read), bytes);
            assert_eq!(check(&read), Ok(()), "a newer tablet may know it");
        }
    }
}

#[test]
fn content_that_breaks_its_rules_is_kept_byte_for_byte_and_set_aside() {
    let event = full_envelope(Body::Unread(UnreadBody {
        kind: Kind(30),
        version: 1,
        subject: None,
        bytes: b"not a mark".to_vec(),
        why: Unread::Invalid,
    }));
    let bytes = encode_event(&event);
    let read = decode_event(&bytes).unwrap();
    assert_eq!(read, event);
    assert_eq!(encode_event(&read), bytes);
    assert!(check(&read).is_err());
}

/// What is done to a person's records goes by the envelope, so a body about somebody else is invalid.
#[test]
fn a_body_about_another_person_than_its_envelope_is_not_read() {
    for (name, event) in events::all() {
        let (Some(person), false) = (event.body.subject(), matches!(event.body, Body::Unread(_)))
        else {
            continue;
        };
        let Event { body, .. } = &event;
        let other = Event {
            body: Body::Unread(UnreadBody {
                kind: body.kind(),
                version: body.version(),
                subject: Some(wellfield_core::ids::PersonId(person.0 ^ 1)),
                bytes: events::body_bytes(&event),
                why: Unread::Invalid,
            }),
            ..event.clone()
        };
        let read = decode_event(&encode_event(&other)).unwrap();
        assert_eq!(read, other, "{name}");
        assert!(check(&read).is_err(), "{name}");
    }
}

#[test]
fn bytes_after_an_event_make_it_unreadable() {
    for (name, event) in events::all() {
        let mut bytes = encode_event(&event);
        bytes.push(0);
        assert!(decode_event(&bytes).is_err(), "{name}");
    }
}
