//! A locked tablet sends what it cannot read, and nobody else can send anything in its name.

#![allow(clippy::unwrap_used, reason = "a test that fails says where")]

mod common;

use common::{PROGRAMME, Request, SEALING_KEY, Server};
use wellfield_core::access::Role;
use wellfield_core::stream::Stream;
use wellfield_core::sync::{Message, Outcome, Problem, ProblemReply, PushReply, PushRequest};
use wellfield_core::vault::{DataKey, RowKey, SendGrant};
use wellfield_server::enrolment::Token;
use wellfield_server::keys::SealingKeys;

const DELIVERY: Stream = Stream::Delivery(PROGRAMME);

fn log_key() -> RowKey {
    DataKey::new([5; 32]).keys().log
}

/// The rows of a log from its first, as they lie on the tablet.
fn rows(device: &common::Device, events: &[Vec<u8>]) -> Vec<Vec<u8>> {
    let seal = |(n, event): (u64, &Vec<u8>)| {
        let mut nonce = [0; 24];
        nonce[..8].copy_from_slice(&n.to_be_bytes());
        log_key().seal_own(device.device, n, event, nonce)
    };
    (1..).zip(events).map(seal).collect()
}

fn grant_to(server: &SealingKeys, device: &common::Device) -> Vec<u8> {
    let token = Token::from_hex(&device.key).unwrap();
    let grant = SendGrant::new(device.device, token.0, log_key());
    grant.seal(server.newest().unwrap(), [3; 32]).unwrap()
}

fn grant(device: &common::Device) -> Vec<u8> {
    grant_to(&SealingKeys::of([SEALING_KEY]), device)
}

fn push(
    device: &common::Device,
    grant: &[u8],
    events: Vec<Vec<u8>>,
) -> Result<PushReply, ProblemReply> {
    let request = PushRequest {
        device: device.device,
        first_n: 1,
        pending: events.len() as u64,
        events,
    };
    let digits: String = grant.iter().map(|byte| format!("{byte:02x}")).collect();
    Request::post("/v1/sealed-push", request.to_bytes())
        .shows(&format!("Sealed {digits}"))
        .send(device.address)
        .message()
}

fn arrived(device: &common::Device) -> Vec<Vec<u8>> {
    let page = device.pull(DELIVERY, 1, 2000).unwrap();
    page.events.into_iter().map(|event| event.bytes).collect()
}

#[test]
fn rows_of_a_locked_tablet_arrive_as_what_it_recorded() {
    let server = Server::start();
    let mut device = server.device(Role::Facilitator);
    let told = device.streams(0).unwrap().sealing;
    assert_eq!(told, SealingKeys::of([SEALING_KEY]).newest());
    let events = device.notes(3);
    let receipt = push(&device, &grant(&device), rows(&device, &events)).unwrap();
    assert_eq!(
        (receipt.max_n, receipt.outcomes),
        (3, vec![Outcome::Stored; 3])
    );
    assert_eq!(arrived(&device), events);
    // Sent again by the tablet once it is open, they are the same records.
    let receipt = device.push(1, events.clone()).unwrap();
    assert_eq!(receipt.outcomes, [Outcome::Held; 3]);
    assert_eq!(arrived(&device), events);
}

#[test]
fn nothing_is_stored_of_a_push_of_which_a_row_does_not_open() {
    let server = Server::start();
    let mut device = server.device(Role::Facilitator);
    let events = device.notes(3);
    let whole = rows(&device, &events);
    let mut changed = whole.clone();
    changed[2][60] ^= 1;
    let mut swapped = whole.clone();
    swapped.swap(0, 2);
    let missing = vec![whole[0].clone(), Vec::new(), whole[2].clone()];
    for rows in [changed, swapped, missing, events] {
        let refused = push(&device, &grant(&device), rows).unwrap_err();
        assert_eq!(refused.problem, Problem::StaysSealed);
    }
    assert!(arrived(&device).is_empty());
}

#[test]
fn a_grant_that_is_none_or_another_tablets_or_another_servers_sends_nothing() {
    let server = Server::start();
    let mut device = server.device(Role::Facilitator);
    let other = server.device(Role::Facilitator);
    let events = device.notes(1);
    let rows = rows(&device, &events);
    let with = |grant: &[u8]| push(&device, grant, rows.clone()).unwrap_err().problem;
    let elsewhere = SealingKeys::of([[9; 32]]);
    assert_eq!(with(&grant_to(&elsewhere, &device)), Problem::StaysSealed);
    assert_eq!(with(&grant(&other)), Problem::StaysSealed);
    assert_eq!(with(&[]), Problem::UnknownDevice);
    assert_eq!(with(&[7; 1_024]), Problem::StaysSealed);
    assert_eq!(with(&[7; 1_025]), Problem::UnknownDevice);
    // The key of an open tablet is none here, and a grant is none there.
    let request = PushRequest {
        device: device.device,
        first_n: 1,
        events: rows.clone(),
        pending: 1,
    };
    let by_key = Request::post("/v1/sealed-push", request.to_bytes()).key(&device.key);
    let refused = by_key.send(device.address).problem();
    assert_eq!(refused.problem, Problem::UnknownDevice);
    assert!(arrived(&device).is_empty());
}

#[test]
fn a_tablet_that_was_taken_out_of_use_is_told_so_while_it_is_locked() {
    let server = Server::start();
    let mut device = server.device(Role::Facilitator);
    let events = device.notes(1);
    server.revoke(device.device);
    let receipt = push(&device, &grant(&device), rows(&device, &events)).unwrap();
    assert_eq!(receipt.outcomes, [Outcome::NotAllowed]);
    assert!(receipt.taken_out);
    assert!(arrived(&server.device(Role::Facilitator)).is_empty());
}

/// The lines with keys to which tablets seal, of the keys beside some records.
fn sealing_lines(data: &std::path::Path) -> Vec<String> {
    let keys = std::fs::read_to_string(data.join("keys")).unwrap();
    let lines = keys.lines().filter(|line| line.starts_with("sealing "));
    lines.map(str::to_owned).collect()
}

#[test]
fn another_key_is_drawn_when_somebody_asks_and_two_are_kept() {
    let data = tempfile::tempdir().unwrap();
    drop(common::binary::Running::start("serve", data.path()));
    let first = sealing_lines(data.path());
    assert_eq!(first.len(), 1);
    for _ in 0..2 {
        let before = sealing_lines(data.path());
        let said = common::binary::standard_output(&["new-sealing-key"], data.path());
        assert!(said.contains("Start the server again"), "{said}");
        let after = sealing_lines(data.path());
        assert_eq!((after.len(), &after[1]), (2, &before[0]));
    }
    assert!(!sealing_lines(data.path()).contains(&first[0]));
}
