//! What becomes of a push.

use std::collections::BTreeSet;

use wellfield_core::access::Role;
use wellfield_core::attendance::{AttendanceMarked, Mark};
use wellfield_core::audit::Actor;
use wellfield_core::clock::{Hlc, Instant};
use wellfield_core::event::encode_event;
use wellfield_core::ids::{EventId, PersonId, SessionId, StaffId};
use wellfield_core::referral::ReferralReceived;
use wellfield_core::stream::Stream;
use wellfield_core::sync::{Outcome, Problem};
use wellfield_server::enrolment::TokenHash;
use wellfield_server::storage::{Carrier, OriginalsWanted, Push, StorageError};

use crate::common::{PROGRAMME, START, form, note, opened};
use crate::place::{DELIVERY, Place, Tablet, draft};

pub fn a_push_is_stored_once_however_often_it_arrives(place: &Place) {
    let storage = place.with_programme();
    let mut tablet = place.tablet(&*storage, Role::Facilitator);
    let events = tablet.notes(3);
    for outcome in [Outcome::Stored, Outcome::Held, Outcome::Held] {
        let receipt = place.push(&*storage, &tablet, 1, &events).unwrap();
        assert_eq!(receipt.outcomes, [outcome; 3]);
        assert_eq!(
            (
                receipt.device,
                receipt.first_n,
                receipt.max_n,
                receipt.server_time
            ),
            (tablet.device, 1, 3, START)
        );
    }
    assert_eq!(place.delivered(&*storage), events);
    let nothing = place.push(&*storage, &tablet, 4, &[]).unwrap();
    assert_eq!((nothing.outcomes, nothing.max_n), (Vec::new(), 3));
}

pub fn a_push_that_overlaps_what_is_held_stores_the_rest(place: &Place) {
    let storage = place.with_programme();
    let mut tablet = place.tablet(&*storage, Role::Facilitator);
    let events = tablet.notes(4);
    place.push(&*storage, &tablet, 1, &events[..2]).unwrap();
    let receipt = place.push(&*storage, &tablet, 2, &events[1..]).unwrap();
    assert_eq!(
        receipt.outcomes,
        [Outcome::Held, Outcome::Stored, Outcome::Stored]
    );
    assert_eq!(place.delivered(&*storage), events);
}

pub fn a_gap_is_refused_and_nothing_is_stored(place: &Place) {
    let storage = place.with_programme();
    let mut tablet = place.tablet(&*storage, Role::Facilitator);
    let events = tablet.notes(3);
    let problem = place.push(&*storage, &tablet, 2, &events[1..]).unwrap_err();
    assert_eq!(
        (problem.problem, problem.expected_n),
        (Problem::Gap, Some(1))
    );
    assert_eq!(place.delivered(&*storage), Vec::<Vec<u8>>::new());
    let receipt = place.push(&*storage, &tablet, 1, &events).unwrap();
    assert_eq!(receipt.max_n, 3, "and the log goes on from there");
}

pub fn other_bytes_under_a_held_number_are_a_fork_and_nothing_is_stored(place: &Place) {
    let storage = place.with_programme();
    let mut tablet = place.tablet(&*storage, Role::Facilitator);
    let events = tablet.notes(2);
    place.push(&*storage, &tablet, 1, &events).unwrap();
    tablet.next_n = 2;
    let other = [
        tablet.record(DELIVERY, note("Something else")),
        tablet.record(DELIVERY, note("And more")),
    ];
    let problem = place.push(&*storage, &tablet, 2, &other).unwrap_err();
    assert_eq!((problem.problem, problem.n), (Problem::Fork, Some(2)));
    assert_eq!(place.delivered(&*storage), events);
}

pub fn what_is_wrong_is_set_aside_byte_for_byte_and_the_rest_goes_on(place: &Place) {
    let storage = place.with_programme();
    let mut tablet = place.tablet(&*storage, Role::Facilitator);
    let mut events = tablet.notes(1);
    // No event at all; one that only a coordinator may record; one of another device.
    events.push(vec![0, 255, 0]);
    tablet.next_n += 1;
    let opened = opened(PROGRAMME, "Another name").body;
    events.push(tablet.record(DELIVERY, opened));
    let mut stranger = Tablet {
        device: wellfield_core::ids::DeviceId(99),
        ..tablet.clone()
    };
    tablet.next_n += 1;
    events.extend(stranger.notes(1));
    events.extend(tablet.notes(1));
    let outcomes = [Outcome::Unreadable, Outcome::NotAllowed, Outcome::Misplaced];
    for good in [Outcome::Stored, Outcome::Held] {
        let receipt = place.push(&*storage, &tablet, 1, &events).unwrap();
        assert_eq!(receipt.max_n, 5);
        let expected = [&[good], outcomes.as_slice(), &[good]].concat();
        assert_eq!(receipt.outcomes, expected, "said again where it was lost");
    }
    assert_eq!(
        place.delivered(&*storage),
        [events[0].clone(), events[4].clone()]
    );
    let overview = place.wait(storage.overview()).unwrap();
    let quarantined: Vec<_> = overview
        .quarantined
        .iter()
        .map(|event| (event.device, event.n, event.outcome, event.received_at))
        .collect();
    let mut expected: Vec<_> = (2..=4)
        .zip(outcomes)
        .map(|(n, outcome)| (tablet.device, n, outcome, START))
        .collect();
    expected.reverse();
    assert_eq!(quarantined, expected, "latest first");
    assert_eq!(
        overview.programmes[0].name, "Larkenhope Dig",
        "what is set aside changes nothing"
    );
    // Other bytes under the number of what was set aside are a fork as well.
    let fork = place.push(&*storage, &tablet, 2, &[vec![1]]).unwrap_err();
    assert_eq!(fork.problem, Problem::Fork);
}

pub fn of_a_device_that_is_revoked_or_unknown_nothing_is_stored(place: &Place) {
    let storage = place.with_programme();
    let mut tablet = place.tablet(&*storage, Role::Facilitator);
    let events = tablet.notes(1);
    let unknown = Tablet {
        token: TokenHash([9; 32]),
        ..tablet.clone()
    };
    let problem = place.push(&*storage, &unknown, 1, &events).unwrap_err();
    assert_eq!(problem.problem, Problem::UnknownDevice);
    place.revoke(&*storage, tablet.device).unwrap();
    let receipt = place.push(&*storage, &tablet, 1, &events).unwrap();
    assert_eq!(receipt.outcomes, [Outcome::NotAllowed]);
    assert!(receipt.taken_out);
    let caller = place.wait(storage.caller(tablet.token)).unwrap().unwrap();
    assert!(caller.standing.revoked, "it is still told why");
    assert_eq!(place.delivered(&*storage), Vec::<Vec<u8>>::new());
}

pub fn each_stream_of_a_push_is_numbered_on_its_own(place: &Place) {
    let storage = place.with_programme();
    let mut tablet = place.tablet(&*storage, Role::Coordinator);
    let casework = Stream::Casework(PROGRAMME);
    let received = |referral| ReferralReceived {
        form: form(referral),
        doubts: Vec::new(),
        referrer: None,
    };
    let mut events = vec![tablet.record(casework, received(1))];
    events.extend(tablet.notes(2));
    events.push(tablet.record(casework, received(2)));
    let receipt = place.push(&*storage, &tablet, 1, &events).unwrap();
    assert_eq!(receipt.outcomes, [Outcome::Stored; 4]);
    let in_casework = place.read(&*storage, casework);
    let seqs: Vec<_> = in_casework.iter().map(|event| event.seq).collect();
    assert_eq!(seqs, [1, 2]);
    let bytes: Vec<_> = in_casework.into_iter().map(|event| event.bytes).collect();
    assert_eq!(bytes, [events[0].clone(), events[3].clone()]);
    assert_eq!(place.delivered(&*storage), events[1..3]);
}

pub fn pushes_that_arrive_together_are_answered_each_for_itself(place: &Place) {
    const DEVICES: usize = 40;
    let storage = place.with_programme();
    let mut tablets: Vec<_> = (0..DEVICES)
        .map(|_| place.tablet(&*storage, Role::Facilitator))
        .collect();
    let events: Vec<_> = tablets.iter_mut().map(|tablet| tablet.notes(2)).collect();
    // Every third leaves a gap, and every fifth has a key that nobody knows.
    let first_n = |index: usize| if index.is_multiple_of(3) { 2 } else { 1 };
    let token = |index: usize, tablet: &Tablet| match index % 5 {
        0 => TokenHash([7; 32]),
        _ => tablet.token,
    };
    let pushes = tablets.iter().zip(&events).enumerate();
    let pushes: Vec<_> = pushes
        .map(|(index, (tablet, events))| {
            let tablet = Tablet {
                token: token(index, tablet),
                ..tablet.clone()
            };
            storage.push(tablet.request(first_n(index), events))
        })
        .collect();
    // All are queued before any is waited for.
    let answers = place.wait(futures::future::join_all(pushes));
    let mut expected = BTreeSet::new();
    for (index, answer) in answers.into_iter().enumerate() {
        match (index % 5, index % 3) {
            (0, _) => assert!(matches!(
                answer,
                Err(StorageError::Refused(problem)) if problem.problem == Problem::UnknownDevice
            )),
            (_, 0) => assert!(matches!(
                answer,
                Err(StorageError::Refused(problem)) if problem.problem == Problem::Gap
            )),
            _ => {
                let receipt = answer.unwrap();
                assert_eq!(receipt.device, tablets[index].device);
                assert_eq!(receipt.outcomes, [Outcome::Stored; 2]);
                expected.extend(events[index].iter().cloned());
            }
        }
    }
    let held = place.delivered(&*storage);
    assert_eq!(held.len(), expected.len());
    assert_eq!(held.into_iter().collect::<BTreeSet<_>>(), expected);
}

pub fn pushes_of_one_device_at_two_servers_at_once_are_stored_once(place: &Place) {
    const ROUNDS: u64 = 20;
    let servers = [place.with_programme(), place.open()];
    let mut tablet = place.tablet(&*servers[0], Role::Facilitator);
    let mut all = Vec::new();
    for round in 0..ROUNDS {
        let events = tablet.notes(3);
        let push = || tablet.request(round * 3 + 1, &events);
        let answers = place.wait(futures::future::join_all(
            servers.iter().map(|server| server.push(push())),
        ));
        let mut outcomes: Vec<_> = answers
            .into_iter()
            .map(|answer| answer.unwrap().outcomes)
            .collect();
        outcomes.sort();
        let mut expected = vec![vec![Outcome::Stored; 3], vec![Outcome::Held; 3]];
        expected.sort();
        assert_eq!(outcomes, expected);
        all.extend(events);
    }
    assert_eq!(place.delivered(&*servers[1]), all);
}

pub fn what_a_device_holds_unsent_is_what_it_did_not_send(place: &Place) {
    let storage = place.with_programme();
    let mut tablet = place.tablet(&*storage, Role::Facilitator);
    let events = tablet.notes(2);
    let mut push = tablet.request(1, &events);
    push.request.pending = 7;
    push.now = Instant(START.0 + 5);
    place.wait(storage.push(push)).unwrap();
    let caller = place.wait(storage.caller(tablet.token)).unwrap().unwrap();
    assert_eq!(
        (caller.pending, caller.last_seen, caller.standing.max_n),
        (5, Some(Instant(START.0 + 5)), 2)
    );
}

pub fn every_number_of_sixty_four_bits_comes_back(place: &Place) {
    let storage = place.with_programme();
    let tablet = place.tablet(&*storage, Role::Facilitator);
    let marked = AttendanceMarked {
        session: SessionId(u64::MAX),
        person: PersonId(u64::MAX - 1),
        mark: Mark::HERE,
        note: None,
    };
    let id = EventId {
        device: tablet.device,
        n: 1,
    };
    let event = draft(DELIVERY, marked).place(id, Hlc(u64::MAX), Some(StaffId(u64::MAX)));
    let bytes = encode_event(&event);
    let mut push = tablet.request(1, std::slice::from_ref(&bytes));
    push.request.pending = u64::MAX;
    push.now = Instant((1 << 48) - 1);
    let receipt = place.wait(storage.push(push)).unwrap();
    assert_eq!(receipt.outcomes, [Outcome::Stored]);
    let read = place.read(&*storage, DELIVERY).pop().unwrap();
    assert_eq!(read.bytes, bytes);
    assert_eq!(read.received_at, Instant((1 << 48) - 1));
    let caller = place.wait(storage.caller(tablet.token)).unwrap().unwrap();
    assert_eq!(caller.pending, u64::MAX - 1);
}

pub fn what_was_set_aside_is_read_byte_for_byte_as_far_as_there_is_room(place: &Place) {
    let storage = place.with_programme();
    let mut tablet = place.tablet(&*storage, Role::Facilitator);
    let good = tablet.notes(1).remove(0);
    let long = vec![0xFF; 3_000];
    let events = [good, b"one".to_vec(), long, b"two".to_vec(), vec![]];
    place.push(&*storage, &tablet, 1, &events).unwrap();
    let id = |n| EventId {
        device: tablet.device,
        n,
    };
    let read = |numbers: &[u64], each_max, bytes_max| {
        let wanted = OriginalsWanted {
            events: numbers.iter().map(|n| id(*n)).collect(),
            each_max,
            bytes_max,
        };
        let found = place.wait(storage.originals(wanted)).unwrap();
        let found = found.into_iter().map(|(event, bytes)| {
            assert_eq!(bytes, events[event.n as usize - 1], "byte for byte");
            assert_eq!(event.device, tablet.device);
            event.n
        });
        found.collect::<Vec<_>>()
    };
    // What is stored was not set aside, and nobody sent a ninth.
    assert_eq!(read(&[5, 4, 3, 2, 1, 9], 3_000, 9_000), [2, 3, 4, 5]);
    assert_eq!(read(&[3, 2, 4], 2_999, 9_000), [2, 4], "one is too long");
    // The first that are wanted have the room.
    assert_eq!(read(&[4, 3, 2], 3_000, 3_002), [2, 4]);
    assert_eq!(read(&[3, 2, 4], 3_000, 3_003), [2, 3]);
    assert_eq!(read(&[2, 4], 3_000, 3), [2]);
    assert_eq!(read(&[], 3_000, 3_000), [0; 0]);
    let overview = place.wait(storage.overview()).unwrap();
    let kept = overview.quarantined.iter();
    assert!(kept.clone().all(|event| event.bytes.is_none()));
    assert_eq!(kept.count(), 4);
}

pub fn a_safety_copy_of_a_device_that_is_revoked_is_set_aside(place: &Place) {
    let storage = place.with_programme();
    let mut tablet = place.tablet(&*storage, Role::Facilitator);
    let events = tablet.notes(3);
    place.push(&*storage, &tablet, 1, &events[..1]).unwrap();
    place.revoke(&*storage, tablet.device).unwrap();
    for _ in 0..2 {
        let copy = Push {
            carrier: Carrier::SafetyCopy(Actor::CommandLine),
            ..tablet.request(1, &events)
        };
        let receipt = place.wait(storage.push(copy)).unwrap();
        use Outcome::{Held, NotAllowed};
        assert_eq!(receipt.outcomes, [Held, NotAllowed, NotAllowed]);
    }
    assert_eq!(place.delivered(&*storage), events[..1]);
    let overview = place.wait(storage.overview()).unwrap();
    assert_eq!(overview.quarantined.len(), 2);
}
