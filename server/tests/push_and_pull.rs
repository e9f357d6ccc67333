//! What a device sends is stored once, in order, and comes back as it was sent.

#![allow(clippy::unwrap_used, reason = "a test that fails says where")]

mod common;

use common::{PROGRAMME, START, Server, note, pull_path, signing};
use wellfield_core::access::Role;
use wellfield_core::attendance::{AttendanceMarked, Mark};
use wellfield_core::clock::Instant;
use wellfield_core::event::{Event, decode_event, encode_event};
use wellfield_core::ids::{DeviceId, PersonId, ProgrammeId, SessionId};
use wellfield_core::stream::Stream;
use wellfield_core::sync::{
    HttpReply, Message, OutboxPage, Outcome, PUSH_BYTES_MAX, PUSH_EVENTS_MAX, Problem, PullReply,
    PushEffect, PushInput, PushLane,
};

const DELIVERY: Stream = Stream::Delivery(PROGRAMME);

/// The stream from its second event: the first is the programme itself.
fn pulled(device: &common::Device) -> PullReply {
    device.pull(DELIVERY, 1, 2000).unwrap()
}

fn bytes_of(page: &PullReply) -> Vec<Vec<u8>> {
    page.events
        .iter()
        .map(|event| event.bytes.clone())
        .collect()
}

#[test]
fn what_is_pushed_comes_back_byte_for_byte_in_order_and_without_gaps() {
    let server = Server::start();
    let mut device = server.device(Role::Facilitator);
    let events = device.notes(5);
    let receipt = device.push(1, events.clone()).unwrap();
    assert_eq!(
        (receipt.device, receipt.first_n, receipt.max_n),
        (device.device, 1, 5)
    );
    assert_eq!(receipt.outcomes, [Outcome::Stored; 5]);
    let page = pulled(&device);
    assert_eq!(bytes_of(&page), events);
    let seqs: Vec<u64> = page.events.iter().map(|event| event.seq).collect();
    assert_eq!(seqs, [2, 3, 4, 5, 6]);
    assert_eq!((page.after, page.head), (1, 6));
    assert!(page.events.iter().all(|event| event.received_at == START));
}

#[test]
fn a_repeated_push_is_one_push() {
    let server = Server::start();
    let mut device = server.device(Role::Facilitator);
    let events = device.notes(3);
    device.push(1, events.clone()).unwrap();
    let receipt = device.push(1, events.clone()).unwrap();
    assert_eq!(receipt.outcomes, [Outcome::Held; 3]);
    assert_eq!(bytes_of(&pulled(&device)), events);
}

#[test]
fn a_push_that_overlaps_what_is_held_stores_the_rest() {
    let server = Server::start();
    let mut device = server.device(Role::Facilitator);
    let events = device.notes(4);
    device.push(1, events[..2].to_vec()).unwrap();
    let receipt = device.push(2, events[1..].to_vec()).unwrap();
    assert_eq!(
        receipt.outcomes,
        [Outcome::Held, Outcome::Stored, Outcome::Stored]
    );
    assert_eq!(bytes_of(&pulled(&device)), events);
}

#[test]
fn a_gap_is_refused_with_the_number_that_is_wanted_and_nothing_is_stored() {
    let server = Server::start();
    let mut device = server.device(Role::Facilitator);
    let events = device.notes(3);
    let problem = device.push(2, events[1..].to_vec()).unwrap_err();
    assert_eq!(
        (problem.problem, problem.expected_n),
        (Problem::Gap, Some(1))
    );
    assert_eq!(pulled(&device).events, []);
    assert_eq!(
        device.push(1, events).unwrap().max_n,
        3,
        "and the log goes on from there"
    );
}

#[test]
fn other_bytes_under_a_held_number_are_a_fork_and_nothing_of_the_push_is_stored() {
    let server = Server::start();
    let mut device = server.device(Role::Facilitator);
    let events = device.notes(2);
    device.push(1, events.clone()).unwrap();
    let mut clone = common::Device {
        next_n: 2,
        ..device.clone()
    };
    let other = vec![
        clone.record(DELIVERY, note("Something else")),
        clone.record(DELIVERY, note("And more")),
    ];
    let problem = clone.push(2, other).unwrap_err();
    assert_eq!((problem.problem, problem.n), (Problem::Fork, Some(2)));
    assert_eq!(bytes_of(&pulled(&device)), events);
}

#[test]
fn bytes_that_are_no_push_are_malformed() {
    let server = Server::start();
    let device = server.device(Role::Facilitator);
    for body in [
        vec![],
        vec![0xFF; 40],
        b"{\"device\":2}".to_vec(),
        vec![0xBB, 255, 255, 255, 255, 255, 255, 255, 255],
    ] {
        let refused = common::Request::post("/v1/push", body)
            .key(&device.key)
            .send(server.address);
        assert_eq!(
            (refused.status, refused.problem().problem),
            (400, Problem::Malformed)
        );
    }
}

#[test]
fn a_push_of_too_many_bytes_is_refused_however_it_is_announced() {
    let server = Server::start();
    let device = server.device(Role::Facilitator);
    let refused = common::Request::post("/v1/push", vec![0; PUSH_BYTES_MAX + 1])
        .key(&device.key)
        .send(server.address);
    assert_eq!(
        (refused.status, refused.problem().problem),
        (413, Problem::TooLarge)
    );
    let chunked = chunked_post(&server, &device.key, PUSH_BYTES_MAX + 1);
    assert!(chunked.starts_with("HTTP/1.1 413"), "{chunked}");
}

/// A push that does not say beforehand how long it is.
fn chunked_post(server: &Server, key: &str, bytes: usize) -> String {
    use std::io::{Read, Write};
    let mut connection = std::net::TcpStream::connect(server.address).unwrap();
    let shown = format!("Bearer {key}");
    let challenge = signing::challenge(server.address);
    let proof = signing::proof("POST", "/v1/push", &shown, &vec![0; bytes], challenge);
    let head = format!(
        "POST /v1/push HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: {shown}\r\n\
         Wellfield-Proof: {proof}\r\nContent-Type: {}\r\nTransfer-Encoding: chunked\r\n\r\n{bytes:x}\r\n",
        wellfield_core::sync::MEDIA_TYPE
    );
    connection.write_all(head.as_bytes()).unwrap();
    // The server may answer and close before it has read everything.
    drop(
        connection
            .write_all(&vec![0; bytes])
            .and_then(|()| connection.write_all(b"\r\n0\r\n\r\n")),
    );
    let mut reply = [0; 64];
    let length = connection.read(&mut reply).unwrap();
    String::from_utf8_lossy(&reply[..length]).into_owned()
}

#[test]
fn a_push_of_too_many_events_is_refused_and_the_largest_is_taken() {
    let server = Server::start();
    let mut device = server.device(Role::Facilitator);
    let events = device.notes(PUSH_EVENTS_MAX as u64 + 1);
    assert_eq!(
        device.push(1, events.clone()).unwrap_err().problem,
        Problem::TooLarge
    );
    assert_eq!(
        device
            .push(1, events[..PUSH_EVENTS_MAX].to_vec())
            .unwrap()
            .max_n,
        PUSH_EVENTS_MAX as u64
    );
}

#[test]
fn a_key_that_nobody_has_is_an_unknown_device() {
    let server = Server::start();
    let mut device = server.device(Role::Facilitator);
    let events = device.notes(1);
    for key in [
        "",
        "0",
        &"0".repeat(64),
        &device
            .key
            .to_uppercase()
            .replace(|c: char| c.is_ascii_digit(), "0"),
    ] {
        let stranger = common::Device {
            key: key.to_owned(),
            ..device.clone()
        };
        let refused = stranger
            .push_request(1, events.clone())
            .send(server.address);
        assert_eq!(
            (refused.status, refused.problem().problem),
            (401, Problem::UnknownDevice),
            "{key}"
        );
    }
}

#[test]
fn a_device_cannot_push_in_the_name_of_another() {
    let server = Server::start();
    let mut one = server.device(Role::Facilitator);
    let other = server.device(Role::Facilitator);
    let events = one.notes(1);
    let impostor = common::Device {
        key: other.key.clone(),
        ..one.clone()
    };
    assert_eq!(
        impostor.push(1, events).unwrap_err().problem,
        Problem::UnknownDevice
    );
    // And in its own name with another's events, they are set aside.
    let forged = one.record(DELIVERY, note("Not mine"));
    assert_eq!(
        other.push(1, vec![forged]).unwrap().outcomes,
        [Outcome::Misplaced]
    );
}

#[test]
fn a_revoked_device_is_told_so_and_reads_nothing_and_what_it_sends_is_set_aside() {
    let server = Server::start();
    let mut device = server.device(Role::Facilitator);
    let events = device.notes(1);
    server.revoke(device.device);
    let receipt = device.push(1, events.clone()).unwrap();
    assert_eq!(receipt.outcomes, [Outcome::NotAllowed]);
    assert!(receipt.taken_out);
    let asked = device.push(2, Vec::new()).unwrap();
    assert!(asked.taken_out, "it holds nothing more, and is told again");
    let other = server.device(Role::Facilitator);
    let there = other.pull(DELIVERY, 0, 10).unwrap();
    assert!(there.events.iter().all(|event| event.bytes != events[0]));
    let refused = device.get("/v1/streams");
    assert_eq!(
        (refused.status, refused.problem().problem),
        (410, Problem::Revoked)
    );
    assert_eq!(device.streams(0).unwrap_err().problem, Problem::Revoked);
    assert_eq!(
        device.pull(DELIVERY, 0, 10).unwrap_err().problem,
        Problem::Revoked
    );
}

#[test]
fn an_event_that_is_set_aside_lets_the_next_ones_go_on() {
    let server = Server::start();
    let mut device = server.device(Role::Facilitator);
    let good = device.record(DELIVERY, note("Good"));
    let unreadable = vec![0xFF, 0x00];
    device.next_n += 1;
    let elsewhere = device.record(Stream::Public, note("Wrong room"));
    let not_theirs = device.record(Stream::Delivery(ProgrammeId(78)), note("Not my programme"));
    let renamed = common::opened(PROGRAMME, "Renamed").body;
    let not_a_facilitators = device.record(DELIVERY, renamed);
    let broken = broken_content(&mut device);
    let after = device.record(DELIVERY, note("After"));
    let events = vec![
        good.clone(),
        unreadable,
        elsewhere,
        not_theirs,
        not_a_facilitators,
        broken,
        after.clone(),
    ];
    let receipt = device.push(1, events.clone()).unwrap();
    use Outcome::{Content, NotAllowed, Stored, Unreadable, WrongStream};
    assert_eq!(
        receipt.outcomes,
        [
            Stored,
            Unreadable,
            WrongStream,
            NotAllowed,
            NotAllowed,
            Content,
            Stored
        ]
    );
    assert_eq!(receipt.max_n, 7);
    assert_eq!(bytes_of(&pulled(&device)), [good, after]);
    // The receipt may have been lost: a repeat says again what was set aside.
    let repeated = device.push(1, events).unwrap();
    assert_eq!(repeated.outcomes[1..6], receipt.outcomes[1..6]);
    assert_eq!(
        [repeated.outcomes[0], repeated.outcomes[6]],
        [Outcome::Held; 2]
    );
    let kept: u32 = server
        .database()
        .query_row("SELECT count(*) FROM quarantine", [], |row| row.get(0))
        .unwrap();
    assert_eq!(kept, 5);
}

/// A mark whose body is cut short.
fn broken_content(device: &mut common::Device) -> Vec<u8> {
    let marked = AttendanceMarked {
        session: SessionId(1),
        person: PersonId(1),
        mark: Mark::HERE,
        note: None,
    };
    let whole = decode_event(&device.record(DELIVERY, marked)).unwrap();
    let kind = whole.body.kind();
    let body = wellfield_core::event::Body::Unread(wellfield_core::event::UnreadBody {
        kind,
        version: whole.body.version(),
        subject: None,
        bytes: vec![0xA0],
        why: wellfield_core::event::Unread::Invalid,
    });
    encode_event(&Event { body, ..whole })
}

#[test]
fn a_kind_that_this_version_does_not_know_is_stored_and_handed_on() {
    let server = Server::start();
    let mut device = server.device(Role::Facilitator);
    let newer = wellfield_core::event::UnreadBody {
        kind: wellfield_core::event::Kind(999),
        version: 3,
        subject: None,
        bytes: vec![0x83, 1, 2, 3],
        why: wellfield_core::event::Unread::Newer,
    };
    let event = device.record(DELIVERY, wellfield_core::event::Body::Unread(newer));
    assert_eq!(
        device.push(1, vec![event.clone()]).unwrap().outcomes,
        [Outcome::Stored]
    );
    assert_eq!(bytes_of(&pulled(&device)), [event]);
}

#[test]
fn a_second_device_sees_what_the_first_recorded() {
    let server = Server::start();
    let mut first = server.device(Role::Facilitator);
    let second = server.device(Role::Facilitator);
    let events = first.notes(3);
    first.push(1, events.clone()).unwrap();
    let heads = second.streams(0).unwrap().streams;
    let delivery = heads.iter().find(|head| head.stream == DELIVERY).unwrap();
    assert_eq!((delivery.epoch, delivery.head), (1, 4));
    assert_eq!(bytes_of(&pulled(&second)), events);
}

#[test]
fn pages_join_without_gap_or_overlap() {
    let server = Server::start();
    let mut device = server.device(Role::Facilitator);
    let events = device.notes(10);
    device.push(1, events.clone()).unwrap();
    let mut cursor = 1;
    let mut joined = Vec::new();
    loop {
        let page = device.pull(DELIVERY, cursor, 3).unwrap();
        if page.events.is_empty() {
            break;
        }
        assert_eq!(page.after, cursor);
        cursor += page.events.len() as u64;
        joined.extend(bytes_of(&page));
    }
    assert_eq!(joined, events);
    assert_eq!(device.pull(DELIVERY, u64::MAX, 3).unwrap().events, []);
}

#[test]
fn a_page_ends_before_it_is_too_large_and_the_next_one_goes_on() {
    let server = Server::start();
    let mut device = server.device(Role::Facilitator);
    let long = "a".repeat(2000);
    let events: Vec<_> = (0..1000)
        .map(|_| device.record(DELIVERY, note(&long)))
        .collect();
    for (index, batch) in events.chunks(250).enumerate() {
        device.push(index as u64 * 250 + 1, batch.to_vec()).unwrap();
    }
    let first = pulled(&device);
    assert!(
        first.events.len() > 400 && first.events.len() < 1000,
        "{}",
        first.events.len()
    );
    let next = device
        .pull(DELIVERY, 1 + first.events.len() as u64, 2000)
        .unwrap();
    assert_eq!(bytes_of(&first).len() + bytes_of(&next).len(), 1000);
}

#[test]
fn a_facilitator_reads_no_casework_and_nothing_of_other_programmes() {
    let server = Server::start();
    server.append(vec![common::opened(ProgrammeId(78), "Another")]);
    let facilitator = server.device(Role::Facilitator);
    let streams: Vec<_> = facilitator
        .streams(0)
        .unwrap()
        .streams
        .iter()
        .map(|head| head.stream)
        .collect();
    assert_eq!(streams, [Stream::Public, Stream::Organisation, DELIVERY]);
    for stream in [
        Stream::Casework(PROGRAMME),
        Stream::Safeguarding,
        Stream::Delivery(ProgrammeId(78)),
        Stream::Delivery(ProgrammeId(1)),
    ] {
        assert_eq!(
            facilitator.pull(stream, 0, 10).unwrap_err().problem,
            Problem::Forbidden,
            "{stream}"
        );
    }
    let coordinator = server.device(Role::Coordinator);
    assert!(coordinator.pull(Stream::Casework(PROGRAMME), 0, 10).is_ok());
}

#[test]
fn the_public_stream_needs_no_key_and_every_other_does() {
    let server = Server::start();
    let read = |stream| common::Request::get(&pull_path(stream, 1, 0, 10)).send(server.address);
    assert_eq!(read(Stream::Public).message::<PullReply>().unwrap().head, 0);
    for stream in [Stream::Organisation, DELIVERY, Stream::Casework(PROGRAMME)] {
        assert_eq!(read(stream).status, 401, "{stream}");
    }
}

#[test]
fn a_wrong_epoch_means_reading_afresh_and_a_wrong_query_is_malformed() {
    let server = Server::start();
    let device = server.device(Role::Facilitator);
    assert_eq!(
        device.get(&pull_path(DELIVERY, 2, 0, 10)).problem().problem,
        Problem::EpochChanged
    );
    for query in [
        "",
        "stream=kitchen&epoch=1&after=0",
        "stream=public&epoch=x&after=0",
        "stream=public&epoch=1&after=-1",
    ] {
        let refused = device.get(&format!("/v1/pull?{query}"));
        assert_eq!(
            (refused.status, refused.problem().problem),
            (400, Problem::Malformed),
            "{query}"
        );
    }
}

#[test]
fn everything_is_still_there_after_a_restart() {
    let server = Server::start();
    let mut device = server.device(Role::Facilitator);
    let events = device.notes(3);
    device.push(1, events.clone()).unwrap();
    let server = server.restart();
    let device = common::Device {
        address: server.address,
        ..device
    };
    assert_eq!(bytes_of(&pulled(&device)), events);
    assert_eq!(device.push(1, events).unwrap().outcomes, [Outcome::Held; 3]);
}

#[test]
fn the_reply_is_what_clears_an_outbox_and_a_login_page_with_the_same_bytes_is_not() {
    let server = Server::start();
    let mut device = server.device(Role::Facilitator);
    let events = device.notes(2);
    let reply = device
        .push_request(1, events.clone())
        .send(server.address)
        .as_device_reads_it();
    let portal = HttpReply {
        media_type: "text/html".to_owned(),
        ..reply.clone()
    };
    for (reply, clears) in [(reply, true), (portal, false)] {
        let mut lane = PushLane::new(device.device);
        lane.step(PushInput::Wake, 0);
        let page = OutboxPage {
            device: device.device,
            acked: 0,
            newest: 2,
            events: events.clone(),
        };
        lane.step(PushInput::Outbox(page), 0);
        let effect = lane.step(PushInput::Reply(&reply), 0);
        assert_eq!(
            matches!(effect, Some(PushEffect::SaveAck { max_n: 2, .. })),
            clears,
            "{effect:?}"
        );
    }
}

#[test]
fn eight_devices_at_once_leave_no_gap_and_no_double() {
    const PUSHES: u64 = 20;
    const EVENTS: u64 = 10;
    let server = Server::start();
    let devices: Vec<_> = (0..8).map(|_| server.device(Role::Facilitator)).collect();
    std::thread::scope(|scope| {
        for mut device in devices.clone() {
            scope.spawn(move || {
                for push in 0..PUSHES {
                    let events = device.notes(EVENTS);
                    let first_n = push * EVENTS + 1;
                    device.push(first_n, events.clone()).unwrap();
                    // Every other reply is lost.
                    if push % 2 == 0 {
                        assert_eq!(
                            device.push(first_n, events).unwrap().outcomes,
                            [Outcome::Held; EVENTS as usize]
                        );
                    }
                }
            });
        }
    });
    let page = pulled(&devices[0]);
    let total = 8 * PUSHES * EVENTS;
    let seqs: Vec<u64> = page.events.iter().map(|event| event.seq).collect();
    assert_eq!(seqs, (2..2 + total).collect::<Vec<_>>());
    let mut ids: Vec<_> = page
        .events
        .iter()
        .map(|event| event.event().unwrap().id)
        .collect();
    for device in &devices {
        let of_device: Vec<u64> = ids
            .iter()
            .filter(|id| id.device == device.device)
            .map(|id| id.n)
            .collect();
        assert_eq!(
            of_device,
            (1..=PUSHES * EVENTS).collect::<Vec<_>>(),
            "each log in its own order"
        );
    }
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len() as u64, total);
}

#[test]
fn one_device_in_two_tabs_at_once_is_stored_once() {
    let server = Server::start();
    let mut device = server.device(Role::Facilitator);
    let events = device.notes(50);
    std::thread::scope(|scope| {
        for _ in 0..8 {
            let (device, events) = (device.clone(), events.clone());
            scope.spawn(move || assert_eq!(device.push(1, events).unwrap().max_n, 50));
        }
    });
    assert_eq!(bytes_of(&pulled(&device)), events);
}

#[test]
fn the_time_of_arrival_is_the_server_s() {
    let server = Server::start();
    let mut device = server.device(Role::Facilitator);
    server.clock.advance_ms(5);
    let events = device.notes(1);
    let receipt = device.push(1, events).unwrap();
    assert_eq!(receipt.server_time, Instant(START.0 + 5));
    assert_eq!(pulled(&device).events[0].received_at, Instant(START.0 + 5));
    assert_eq!(receipt.device, DeviceId(2));
    assert!(!receipt.to_bytes().is_empty());
}
