//! A coordinator sees which devices hold unsent records and what was set aside.

#![allow(clippy::unwrap_used, reason = "a test that fails says where")]

mod common;

use std::time::{Duration, Instant};

use common::{Device, PROGRAMME, Received, Request, START, Server, note, opened};
use wellfield_core::access::Role;
use wellfield_core::audit::{Actor, Deed};
use wellfield_core::clock::{Date, Month};
use wellfield_core::event::Draft;
use wellfield_core::ids::{DeviceId, PersonId, ProgrammeId};
use wellfield_core::people::{Joined, PersonDetails, PersonRecorded};
use wellfield_core::stream::Stream;
use wellfield_core::sync::{
    DeviceState, DevicesReply, LossReply, Message, Outcome, Problem, PushRequest, ShutOutReply,
};
use wellfield_core::text::Text;

fn devices(coordinator: &Device) -> DevicesReply {
    coordinator.get("/v1/devices").message().unwrap()
}

fn state(coordinator: &Device, device: &Device) -> DeviceState {
    let found = devices(coordinator)
        .devices
        .into_iter()
        .find(|state| state.device == device.device);
    found.unwrap()
}

#[test]
fn a_coordinator_sees_who_holds_what_and_a_facilitator_does_not() {
    let server = Server::start();
    let coordinator = server.device(Role::Coordinator);
    let mut tablet = server.device(Role::Facilitator);
    let events = tablet.notes(3);
    tablet.push(1, events).unwrap();
    let seen = state(&coordinator, &tablet);
    assert_eq!(
        (seen.name.as_str(), seen.staff_name.as_str()),
        ("Blue tablet", "Siân")
    );
    assert_eq!(
        (seen.max_n, seen.pending, seen.last_seen),
        (3, 0, Some(START))
    );
    assert_eq!(
        devices(&coordinator).devices.len(),
        2,
        "the server itself is not listed"
    );
    let refused = tablet.get("/v1/devices");
    assert_eq!(
        (refused.status, refused.problem().problem),
        (403, Problem::Forbidden)
    );
}

#[test]
fn what_a_device_says_it_holds_is_kept_with_the_time_of_the_contact() {
    let server = Server::start();
    let coordinator = server.device(Role::Coordinator);
    let tablet = server.device(Role::Facilitator);
    server.clock.advance_ms(60_000);
    tablet.streams(41).unwrap();
    // It is written down beside the answer, so it may come a moment after it.
    let deadline = Instant::now() + Duration::from_secs(5);
    while state(&coordinator, &tablet).pending != 41 {
        assert!(
            Instant::now() < deadline,
            "the contact was never written down"
        );
    }
    assert_eq!(
        state(&coordinator, &tablet).last_seen.unwrap().0,
        START.0 + 60_000
    );
}

/// With it a device that has nothing unsent learns of a restored server, and is seen.
#[test]
fn a_push_of_nothing_says_how_far_the_log_is_held_and_counts_as_a_contact() {
    let server = Server::start();
    let coordinator = server.device(Role::Coordinator);
    let mut tablet = server.device(Role::Facilitator);
    assert_eq!(tablet.push(1, Vec::new()).unwrap().max_n, 0);
    let request = PushRequest {
        device: tablet.device,
        first_n: 1,
        events: tablet.notes(3),
        pending: 9,
    };
    let first = Request::post("/v1/push", request.to_bytes()).key(&tablet.key);
    assert_eq!(first.send(server.address).status, 200);
    assert_eq!(state(&coordinator, &tablet).pending, 6);
    server.clock.advance_ms(60_000);
    let receipt = tablet.push(4, Vec::new()).unwrap();
    assert_eq!(
        (receipt.device, receipt.first_n, receipt.max_n),
        (tablet.device, 4, 3)
    );
    assert_eq!(receipt.outcomes, []);
    let seen = state(&coordinator, &tablet);
    assert_eq!((seen.pending, seen.max_n), (0, 3));
    assert_eq!(seen.last_seen.unwrap().0, START.0 + 60_000);
    // The programme and the device's own notes: nothing came of the pushes of nothing.
    let delivery = Stream::Delivery(PROGRAMME);
    assert_eq!(tablet.pull(delivery, 0, 10).unwrap().head, 4);
}

#[test]
fn a_push_of_nothing_from_beyond_what_is_held_is_a_gap_and_no_contact() {
    let server = Server::start();
    let coordinator = server.device(Role::Coordinator);
    let mut tablet = server.device(Role::Facilitator);
    let events = tablet.notes(3);
    tablet.push(1, events).unwrap();
    server.clock.advance_ms(60_000);
    for first_n in [5, 6, u64::MAX] {
        let refused = tablet.push_request(first_n, Vec::new());
        let refused = refused.send(server.address);
        let problem = refused.problem();
        assert_eq!(
            (refused.status, problem.problem, problem.expected_n),
            (409, Problem::Gap, Some(4)),
            "{first_n}"
        );
    }
    let seen = state(&coordinator, &tablet);
    assert_eq!(seen.last_seen, Some(START));
    assert_eq!(seen.max_n, 3);
}

#[test]
fn what_was_set_aside_is_listed_with_its_reason() {
    let server = Server::start();
    let coordinator = server.device(Role::Coordinator);
    let mut tablet = server.device(Role::Facilitator);
    let misplaced = tablet.record(Stream::Casework(PROGRAMME), note("Not here"));
    // Longer than what can be taken in, and whole all the same: a key that nobody knows holds it.
    let mut long = tablet.record(Stream::Casework(PROGRAMME), note("Long"));
    long[0] += 1;
    long.extend([0x0a, 0x5a, 0x00, 0x01, 0x00, 0x00]);
    long.extend(vec![0; 0x1_0000]);
    tablet
        .push(1, vec![misplaced.clone(), long, vec![0xFF]])
        .unwrap();
    let bytes = devices(&coordinator).quarantined.into_iter();
    let bytes: Vec<_> = bytes.map(|event| event.bytes).collect();
    assert_eq!(bytes, [None, None, Some(misplaced)]);
    let listed: Vec<_> = devices(&coordinator)
        .quarantined
        .iter()
        .map(|event| (event.device, event.n, event.outcome))
        .collect();
    let expected = [
        (tablet.device, 3, Outcome::Unreadable),
        (tablet.device, 2, Outcome::WrongStream),
        (tablet.device, 1, Outcome::WrongStream),
    ];
    assert_eq!(listed, expected);
}

#[test]
fn a_coordinator_sees_the_devices_of_their_own_programmes_only() {
    let server = Server::start();
    server.append(vec![common::opened(ProgrammeId(78), "Another")]);
    let coordinator = server.device(Role::Coordinator);
    let code = server.code_for(Role::Facilitator, ProgrammeId(78));
    let other = server
        .enrol(&code, wellfield_core::ids::StaffId(4))
        .unwrap();
    assert!(
        devices(&coordinator)
            .devices
            .iter()
            .all(|state| state.device != other.device)
    );
}

#[test]
fn a_device_that_asks_without_end_has_to_wait_and_no_other_does() {
    let server = Server::start();
    let (busy, other) = (
        server.device(Role::Facilitator),
        server.device(Role::Facilitator),
    );
    let agent = common::agent();
    let ask = |device: &common::Device| {
        Request::get("/v1/streams")
            .key(&device.key)
            .send_by(&agent, server.address)
            .unwrap()
    };
    for _ in 0..3_000 {
        assert_eq!(ask(&busy).status, 200);
    }
    let refused = ask(&busy);
    assert_eq!(refused.problem().problem, Problem::TooManyTries);
    let wait: u32 = refused.header("retry-after").parse().unwrap();
    assert!((60..=75).contains(&wait), "{wait}");
    assert_eq!(ask(&other).status, 200);
    // Whoever has what another shows, and no key, does not use its requests up.
    for _ in 0..3_000 {
        let copied = Request::get("/v1/streams").key(&other.key).unsigned();
        let refused = copied.send_by(&agent, server.address).unwrap();
        assert_eq!(refused.problem().problem, Problem::Unproven);
    }
    assert_eq!(ask(&other).status, 200);
    server.clock.advance_ms(60_000);
    assert_eq!(ask(&busy).status, 200);
}

fn shut_out(by: &Device, device: DeviceId) -> Received {
    let path = format!("/v1/devices/shut-out?device={device}");
    Request::post(&path, Vec::new())
        .key(&by.key)
        .send(by.address)
}

fn loss(by: &Device, device: DeviceId) -> Received {
    by.get(&format!("/v1/devices/loss?device={device}"))
}

fn forbidden(received: &Received) -> bool {
    (received.status, received.problem().problem) == (403, Problem::Forbidden)
}

#[test]
fn a_coordinator_shuts_a_lost_tablet_out_and_what_it_held_unsent_is_set_aside() {
    let server = Server::start();
    let coordinator = server.device(Role::Coordinator);
    let mut tablet = server.device(Role::Facilitator);
    for _ in 0..2 {
        // A reply may be lost, and the button pressed once more.
        let reply: ShutOutReply = shut_out(&coordinator, tablet.device).message().unwrap();
        assert_eq!(reply.device, tablet.device);
    }
    assert!(state(&coordinator, &tablet).revoked);
    let refused = tablet.get("/v1/streams?pending=0");
    assert_eq!(refused.problem().problem, Problem::Revoked);
    let events = tablet.notes(2);
    let reply = tablet.push(1, events).unwrap();
    assert_eq!(reply.outcomes, [Outcome::NotAllowed; 2]);
    let by = Actor::Device(coordinator.device);
    let entered: Vec<_> = server
        .audit()
        .into_iter()
        .filter(|(actor, deed)| *actor == by && matches!(deed, Deed::DeviceRevoked { .. }))
        .collect();
    assert_eq!(entered.len(), 1, "{entered:?}");
}

#[test]
fn nobody_shuts_out_what_is_not_theirs_to_shut_out_or_learns_whether_it_is_there() {
    let server = Server::start();
    let other = ProgrammeId(78);
    server.append(vec![opened(other, "Another Dig")]);
    let coordinator = server.device(Role::Coordinator);
    let tablet = server.device(Role::Facilitator);
    let lead = server.device(Role::SafeguardingLead);
    let elsewhere = server.device_of(Role::Facilitator, other);
    let nobody = DeviceId(999);
    for (by, device) in [
        (&coordinator, coordinator.device),
        (&coordinator, lead.device),
        (&coordinator, elsewhere.device),
        (&coordinator, DeviceId::SERVER),
        (&coordinator, nobody),
        (&tablet, coordinator.device),
        (&lead, tablet.device),
        (&elsewhere, tablet.device),
    ] {
        assert!(forbidden(&shut_out(by, device)), "{device}");
        assert!(forbidden(&loss(by, device)), "{device}");
    }
    for device in [&tablet, &lead, &elsewhere] {
        device.streams(0).unwrap();
    }
}

#[test]
fn a_coordinator_sees_whom_a_loss_may_harm_and_no_names_of_another_programme() {
    let server = Server::start();
    let other = ProgrammeId(78);
    server.append(vec![opened(other, "Another Dig")]);
    let coordinator = server.device(Role::Coordinator);
    let tablet = server.device(Role::Facilitator);
    let elsewhere = server.device_of(Role::Coordinator, other);
    let enrolled = |person, name: &str, programme| Draft {
        stream: Stream::Delivery(programme),
        supersedes: Vec::new(),
        body: PersonRecorded {
            person: PersonId(person),
            joined: Joined::Enrolled,
            from: Date::from_calendar_date(2026, Month::June, 2).unwrap(),
            until: None,
            details: PersonDetails {
                preferred_name: Text::parse(name).unwrap(),
                access: Vec::new(),
                access_note: None,
                agreed_support: None,
                emergency: None,
                supporter: None,
            },
        }
        .into(),
    };
    server.append(vec![
        enrolled(1, "Nia", PROGRAMME),
        enrolled(2, "Ann", PROGRAMME),
        enrolled(3, "Tomos", other),
    ]);
    // It receives them with its next contact.
    tablet.streams(0).unwrap();
    let deadline = Instant::now() + Duration::from_secs(5);
    while state(&coordinator, &tablet).last_seen.is_none() {
        assert!(Instant::now() < deadline, "the contact was never noted");
    }
    let held: LossReply = loss(&coordinator, tablet.device).message().unwrap();
    let names: Vec<_> = held.people.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names, ["Ann", "Nia"]);
    assert_eq!((held.notes, held.concerns), (0, 0));
    let by = Actor::Device(coordinator.device);
    // That the programme was opened is on it too.
    let (programme, records) = (PROGRAMME, 3);
    let exported = Deed::Exported { programme, records };
    let entries = server.audit();
    assert_eq!(
        entries
            .iter()
            .filter(|entry| **entry == (by, exported))
            .count(),
        1,
        "{entries:?}"
    );
    assert!(forbidden(&loss(&elsewhere, tablet.device)));
}
