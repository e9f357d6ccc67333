//! A safety copy arrives once, whoever brings it, and only if its device made it.

#![allow(clippy::unwrap_used, reason = "a test that fails says where")]

mod common;

use common::{Device, PROGRAMME, Request, Server, note};
use wellfield_core::access::Role;
use wellfield_core::clock::Instant;
use wellfield_core::event::decode_event;
use wellfield_core::ids::ProgrammeId;
use wellfield_core::set_aside::{Decision, SetAsideSettled, takeable};
use wellfield_core::stream::Stream;
use wellfield_core::sync::{
    Delivery, DevicesReply, Outcome, PUSH_EVENTS_MAX, Problem, PushRequest, SAFETY_COPY_BYTES_MAX,
    SafetyCopy, delivery,
};

/// The stream without the programme's own first event.
fn stored(device: &Device) -> Vec<Vec<u8>> {
    let mut after = 1;
    let mut all = Vec::new();
    loop {
        let page = device
            .pull(Stream::Delivery(PROGRAMME), after, 2_000)
            .unwrap();
        after += page.events.len() as u64;
        all.extend(page.events.into_iter().map(|event| event.bytes));
        if after == page.head {
            return all;
        }
    }
}

fn key(device: &Device) -> [u8; 32] {
    let digit = |place: usize| u8::from_str_radix(&device.key[place..place + 2], 16).unwrap();
    std::array::from_fn(|byte| digit(2 * byte))
}

fn copy(device: &Device, first_n: u64, events: &[Vec<u8>]) -> SafetyCopy {
    SafetyCopy {
        push: PushRequest {
            device: device.device,
            first_n,
            events: events.to_vec(),
            pending: events.len() as u64,
        },
        made_at: Instant(5),
    }
}

fn bring(server: &Server, by: &Device, file: Vec<u8>) -> common::Received {
    Request::post("/v1/safety-copies", file)
        .key(&by.key)
        .send(server.address)
}

#[test]
fn what_a_tablet_could_not_send_arrives_by_another_one_and_once() {
    let server = Server::start();
    let (mut broken, other) = (
        server.device(Role::Facilitator),
        server.device(Role::Facilitator),
    );
    let events = broken.notes(3);
    // It had sent one of them, and the receipt was lost.
    broken.push(1, events[..1].to_vec()).unwrap();
    let copy = copy(&broken, 1, &events);
    let file = copy.to_file(&key(&broken));
    let came = bring(&server, &other, file.clone());
    let Delivery::Done(receipt) = delivery(&copy, &came.as_device_reads_it()) else {
        panic!("{}", came.status);
    };
    assert_eq!(
        receipt.outcomes,
        [Outcome::Held, Outcome::Stored, Outcome::Stored]
    );
    assert_eq!(stored(&other), events);
    // Brought again, and then sent by the tablet itself after all.
    let again = bring(&server, &broken, file);
    let again: wellfield_core::sync::PushReply = again.message().unwrap();
    assert_eq!(again.outcomes, [Outcome::Held; 3]);
    broken.push(1, events.clone()).unwrap();
    assert_eq!(stored(&other), events);
}

#[test]
fn a_copy_of_more_than_one_push_arrives_whole() {
    let server = Server::start();
    let mut device = server.device(Role::Facilitator);
    let events = device.notes(PUSH_EVENTS_MAX as u64 + 5);
    let copy = copy(&device, 1, &events);
    let came = bring(&server, &device, copy.to_file(&key(&device)));
    assert!(matches!(
        delivery(&copy, &came.as_device_reads_it()),
        Delivery::Done(_)
    ));
    assert_eq!(stored(&device), events);
}

#[test]
fn a_copy_that_its_device_did_not_make_or_from_a_stranger_stores_nothing() {
    let server = Server::start();
    let (mut one, other) = (
        server.device(Role::Facilitator),
        server.device(Role::Facilitator),
    );
    let events = one.notes(2);
    let forged = copy(&one, 1, &events).to_file(&key(&other));
    let mut damaged = copy(&one, 1, &events).to_file(&key(&one));
    let middle = damaged.len() / 2;
    damaged[middle] ^= 1;
    let nobody = SafetyCopy {
        push: PushRequest {
            device: wellfield_core::ids::DeviceId(99),
            ..copy(&one, 1, &events).push
        },
        made_at: Instant(5),
    };
    for (case, file, allowed) in [
        ("forged", forged, &[Problem::Forbidden][..]),
        (
            "damaged",
            damaged,
            &[Problem::Forbidden, Problem::Malformed],
        ),
        (
            "nobody's",
            nobody.to_file(&key(&one)),
            &[Problem::Forbidden],
        ),
        ("another file", b"%PDF-1.7".to_vec(), &[Problem::Malformed]),
        ("nothing", Vec::new(), &[Problem::Malformed]),
        (
            "huge",
            vec![0; SAFETY_COPY_BYTES_MAX + 1],
            &[Problem::TooLarge],
        ),
    ] {
        let refused = bring(&server, &other, file);
        assert!(allowed.contains(&refused.problem().problem), "{case}");
    }
    let stranger = Request::post(
        "/v1/safety-copies",
        copy(&one, 1, &events).to_file(&key(&one)),
    )
    .send(server.address);
    assert_eq!(stranger.problem().problem, Problem::UnknownDevice);
    let gap = bring(
        &server,
        &other,
        copy(&one, 2, &events[1..]).to_file(&key(&one)),
    );
    assert_eq!(gap.problem().problem, Problem::Gap);
    assert!(stored(&other).is_empty());
}

/// Whether the device sends them or somebody brings them. Both may happen, and each record is kept once.
#[test]
fn the_last_records_of_a_revoked_tablet_are_set_aside_for_the_coordinator_to_read() {
    let server = Server::start();
    let coordinator = server.device(Role::Coordinator);
    let mut lost = server.device(Role::Facilitator);
    let mut events = lost.notes(2);
    events.push(lost.record(Stream::Safeguarding, note("Nobody else reads this")));
    events.push(lost.record(Stream::Casework(ProgrammeId(78)), note("Nor this")));
    events.push(vec![0xFF]);
    server.revoke(lost.device);
    let sent = lost.push(1, events[..2].to_vec()).unwrap();
    assert_eq!(sent.outcomes, [Outcome::NotAllowed; 2]);
    let copy = copy(&lost, 1, &events);
    let came = bring(&server, &coordinator, copy.to_file(&key(&lost)));
    let Delivery::Done(receipt) = delivery(&copy, &came.as_device_reads_it()) else {
        panic!("{}", came.status);
    };
    assert_eq!(receipt.tally().set_aside, 5);
    assert!(stored(&coordinator).is_empty());
    let listed: DevicesReply = coordinator.get("/v1/devices").message().unwrap();
    let mut listed = listed.quarantined;
    listed.sort_by_key(|event| event.n);
    let seen: Vec<_> = listed.iter().map(|event| event.bytes.clone()).collect();
    let expected = [
        Some(events[0].clone()),
        Some(events[1].clone()),
        None,
        None,
        None,
    ];
    assert_eq!(seen, expected);
    let reasons: Vec<_> = listed.iter().map(|event| event.outcome).collect();
    use Outcome::{NotAllowed, Unreadable, WrongStream};
    assert_eq!(
        reasons,
        [NotAllowed, NotAllowed, WrongStream, WrongStream, Unreadable]
    );
}

#[test]
fn what_a_coordinator_takes_in_reaches_every_device_as_it_was_recorded() {
    let server = Server::start();
    let mut coordinator = server.device(Role::Coordinator);
    let mut lost = server.device(Role::Facilitator);
    let original = lost.notes(1).remove(0);
    server.revoke(lost.device);
    let copy = copy(&lost, 1, std::slice::from_ref(&original));
    bring(&server, &coordinator, copy.to_file(&key(&lost)));
    let event = decode_event(&original).unwrap();
    let decided = |bytes: &[u8]| SetAsideSettled {
        event: event.id,
        decision: Decision::TakenIn(takeable(event.id, event.stream, bytes).unwrap()),
    };
    let decision = coordinator.record(event.stream, decided(&original));
    let receipt = coordinator.push(1, vec![decision.clone()]).unwrap();
    assert_eq!(receipt.outcomes, [Outcome::Stored]);
    assert_eq!(stored(&coordinator), [decision]);
    // A facilitator decides nothing.
    let mut other = server.device(Role::Facilitator);
    let decision = other.record(event.stream, decided(&original));
    let receipt = other.push(1, vec![decision]).unwrap();
    assert_eq!(receipt.outcomes, [Outcome::NotAllowed]);
}
