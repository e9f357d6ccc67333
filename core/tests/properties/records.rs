//! Records are a function of the set of events: commutative, associative, idempotent.

use proptest::prelude::*;
use proptest::sample::Index;
use wellfield_core::clock::Hlc;
use wellfield_core::event::{Event, decode_event, encode_event};

use super::history::{any_body, any_clock, config, fold, history_of};

proptest! {
    #![proptest_config(config(400))]

    #[test]
    fn any_order_and_any_repetition_gives_the_same_records(
        history in history_of(any_body(), 1..24),
        repeated in prop::collection::vec(any::<Index>(), 0..24),
        shuffle in any::<u64>(),
    ) {
        let mut delivered: Vec<Event> = history.clone();
        delivered.extend(repeated.iter().map(|index| history[index.index(history.len())].clone()));
        delivered.sort_by_key(|event| mixed(event, shuffle));
        prop_assert_eq!(fold(&delivered), fold(&history));
    }

    #[test]
    fn events_that_arrive_in_parts_give_the_same_records_however_the_parts_are_cut(
        history in history_of(any_body(), 3..24),
        first_cut in any::<Index>(),
        second_cut in any::<Index>(),
    ) {
        let (a, b) = (first_cut.index(history.len()), second_cut.index(history.len()));
        let (one, rest) = history.split_at(a.min(b));
        let (two, three) = rest.split_at(a.max(b) - a.min(b));
        let whole = fold(&history);
        for parts in [[one, two, three], [three, one, two], [two, three, one], [three, two, one]] {
            prop_assert_eq!(fold(parts.into_iter().flatten()), whole.clone());
        }
    }

    #[test]
    fn a_record_that_comes_back_with_an_earlier_time_counts_with_it_whichever_came_first(
        history in history_of(any_body(), 1..16),
        arrival in prop::collection::vec(any_clock(), 16),
        shuffle in any::<u64>(),
    ) {
        let corrected: Vec<Event> = history
            .iter()
            .zip(arrival)
            .map(|(event, at)| Event { at: event.at.min(at), ..event.clone() })
            .collect();
        let mut both: Vec<Event> = history.iter().chain(&corrected).cloned().collect();
        both.sort_by_key(|event| (mixed(event, shuffle), event.at));
        prop_assert_eq!(fold(&both), fold(&corrected));
        both.reverse();
        prop_assert_eq!(fold(&both), fold(&corrected));
    }

    #[test]
    fn an_event_that_was_written_and_read_does_the_same(
        history in history_of(any_body(), 1..16),
    ) {
        let read: Vec<Event> = history
            .iter()
            .map(|event| decode_event(&encode_event(event)).unwrap())
            .collect();
        prop_assert_eq!(&read, &history);
    }

    #[test]
    fn no_bytes_make_a_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        // Noise is never an event: an envelope has ten fields in their places.
        let read = decode_event(&bytes).map(|event| encode_event(&event).len());
        prop_assert!(read.is_err() || bytes.len() > 10);
    }
}

/// An order that has nothing to do with the events' own.
fn mixed(event: &Event, shuffle: u64) -> u64 {
    let Hlc(at) = event.at;
    (event.id.n ^ (u64::from(event.id.device.0) << 32) ^ at)
        .wrapping_add(shuffle)
        .wrapping_mul(0x9E37_79B9_7F4A_7C15)
        .rotate_left(23)
        .wrapping_mul(0xBF58_476D_1CE4_E5B9)
}
