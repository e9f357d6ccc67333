//! Records are a function of the set of events: commutative, associative, idempotent.

use proptest::prelude::*;
use proptest::sample::Index;
use wellfield_core::clock::Hlc;
use wellfield_core::event::{Event, decode_event, encode_event};

use wellfield_core::ids::{DeviceId, EventId, ProgrammeId};
use wellfield_core::set_aside::{Decision, SetAsideSettled};
use wellfield_core::stream::Stream;

use wellfield_core::records::{Delivery, Records};

use super::history::{
    PERSON, PROGRAMME, any_body, any_clock, any_mark, config, fold, history_of, marked, set_aside,
};

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
    fn a_forged_decision_changes_nothing_wherever_it_comes(
        history in history_of(any_body(), 1..16),
        at in any_clock(),
        which in 1u64..6,
        elsewhere in any::<bool>(),
        place in any::<Index>(),
    ) {
        let original = set_aside(which);
        // About another event than its own, or in the days of another programme.
        let claimed = if elsewhere { original.event().id.n } else { which + 1 };
        let programme = if elsewhere { ProgrammeId(2) } else { PROGRAMME };
        let forged = Event {
            id: EventId { device: DeviceId(40), n: 1 },
            at,
            stream: Stream::Delivery(programme),
            by: None,
            supersedes: Vec::new(),
            body: SetAsideSettled {
                event: EventId { device: original.event().id.device, n: claimed },
                decision: Decision::TakenIn(original),
            }
            .into(),
        };
        let mut delivered = history.clone();
        delivered.insert(place.index(history.len()), forged);
        let (with, without) = (fold(&delivered), fold(&history));
        let nothing = Delivery::default();
        let here = |records: &Records| records.delivery(PROGRAMME).unwrap_or(&nothing).clone();
        prop_assert_eq!(here(&with), here(&without));
        prop_assert_eq!(with.delivery(ProgrammeId(2)).unwrap_or(&nothing), &nothing);
    }

    #[test]
    fn a_record_that_was_taken_in_counts_as_if_it_had_arrived(
        history in history_of(any_mark().prop_map(|mark| marked(PERSON, mark)), 1..16),
        place in any::<Index>(),
    ) {
        let original = set_aside(5);
        let arrived = original.event().clone();
        let decision = Event {
            id: EventId { device: DeviceId(40), n: 1 },
            at: Hlc(u64::MAX),
            body: SetAsideSettled {
                event: arrived.id,
                decision: Decision::TakenIn(original),
            }
            .into(),
            ..arrived.clone()
        };
        let at = place.index(history.len());
        let with = |event: Event| {
            let mut delivered = history.clone();
            delivered.insert(at, event);
            fold(&delivered)
        };
        let (decided, came) = (with(decision), with(arrived));
        let (decided, came) = (decided.delivery(PROGRAMME), came.delivery(PROGRAMME));
        let marks = |delivery: Option<&Delivery>| delivery.unwrap().attendance.clone();
        prop_assert_eq!(marks(decided), marks(came));
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
