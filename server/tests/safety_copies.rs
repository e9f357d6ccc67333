//! A safety copy arrives once, whoever brings it, and only if its device made it.

#![allow(clippy::unwrap_used, reason = "a test that fails says where")]

mod common;

use common::{Device, PROGRAMME, Request, Server};
use wellfield_core::access::Role;
use wellfield_core::clock::Instant;
use wellfield_core::stream::Stream;
use wellfield_core::sync::{
    Delivery, Outcome, PUSH_EVENTS_MAX, Problem, PushRequest, SAFETY_COPY_BYTES_MAX, SafetyCopy,
    delivery,
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
