//! What is to be known about the whole.

use wellfield_core::access::Role;
use wellfield_core::clock::Instant;
use wellfield_core::ids::ProgrammeId;
use wellfield_core::stream::Stream;
use wellfield_server::enrolment::TokenHash;
use wellfield_server::storage::Overview;

use crate::common::{PROGRAMME, START, opened};
use crate::place::{DELIVERY, Place};

pub fn the_overview_tells_everything_in_its_order(place: &Place) {
    let storage = place.open();
    assert_eq!(place.wait(storage.overview()).unwrap(), Overview::default());
    // Letters of other alphabets and cases stand in the order of their numbers, on every engine.
    let names = ["Éire dig", "Zoo walk", "archive", "Archive B", "a-b", "a b"];
    for (number, name) in (PROGRAMME.0..).zip(names) {
        place.append(&*storage, vec![opened(ProgrammeId(number), name)]);
    }
    let first = place.tablet(&*storage, Role::Facilitator);
    let second = place.tablet(&*storage, Role::Coordinator);
    place.revoke(&*storage, first.device).unwrap();
    let overview = place.wait(storage.overview()).unwrap();
    assert_eq!(overview.organisation.as_deref(), Some("Wellfield"));
    let shown: Vec<_> = overview
        .programmes
        .iter()
        .map(|entry| entry.name.as_str())
        .collect();
    let mut sorted = names;
    sorted.sort_unstable();
    assert_eq!(shown, sorted);
    let devices: Vec<_> = overview
        .devices
        .iter()
        .map(|entry| {
            let state = &entry.state;
            let names = (state.name.as_str(), state.staff_name.as_str());
            assert_eq!(names, ("Blue tablet", "Siân"));
            assert_eq!(entry.programmes, [PROGRAMME]);
            (state.device, state.role, state.last_seen, state.revoked)
        })
        .collect();
    let expected = [
        (first.device, Role::Facilitator, Some(START), true),
        (second.device, Role::Coordinator, Some(START), false),
    ];
    assert_eq!(devices, expected);
    let streams: Vec<_> = overview
        .streams
        .iter()
        .map(|head| head.stream.to_string())
        .collect();
    assert!(streams.is_sorted());
    assert_eq!(streams.len(), names.len());
    assert!(overview.streams.iter().all(|head| head.head == 1));
}

pub fn a_contact_is_noted_and_a_caller_is_known_by_its_key(place: &Place) {
    let storage = place.with_programme();
    let tablet = place.tablet(&*storage, Role::Facilitator);
    assert_eq!(
        place.wait(storage.caller(TokenHash([9; 32]))).unwrap(),
        None
    );
    let later = Instant(START.0 + 1000);
    storage.saw(tablet.device, 4, later);
    // Nobody is told when it is noted; until then the caller is as before.
    let began = std::time::Instant::now();
    loop {
        let caller = place.wait(storage.caller(tablet.token)).unwrap().unwrap();
        assert_eq!(caller.standing.device, tablet.device);
        if (caller.pending, caller.last_seen) == (4, Some(later)) {
            break;
        }
        assert_eq!((caller.pending, caller.last_seen), (0, Some(START)));
        assert!(began.elapsed().as_secs() < 30, "the contact was not noted");
    }
}

pub fn what_was_kept_is_there_when_the_records_are_opened_again(place: &Place) {
    let storage = place.with_programme();
    let mut tablet = place.tablet(&*storage, Role::Facilitator);
    let events = tablet.notes(3);
    place.push(&*storage, &tablet, 1, &events).unwrap();
    let before = place.wait(storage.overview()).unwrap();
    drop(storage);
    let storage = place.open();
    assert_eq!(place.wait(storage.overview()).unwrap(), before);
    assert_eq!(place.delivered(&*storage), events);
    let heads = place.wait(storage.heads(vec![DELIVERY, Stream::Public]));
    assert_eq!(heads.unwrap()[0].head, 4);
}
