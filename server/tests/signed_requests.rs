//! A request counts only if the device signed it: this request, now, and once. What a device shows changes, and no
//! lost answer locks it out.

#![allow(clippy::unwrap_used, reason = "a test that fails says where")]

mod common;

use common::{Device, PROGRAMME, Received, Request, Server, gzip, hex, pull_path, signing};
use wellfield_core::access::Role;
use wellfield_core::audit::{Actor, Deed};
use wellfield_core::device_key::KeyHash;
use wellfield_core::stream::Stream;
use wellfield_core::sync::{
    CHALLENGE_HEADER, Freshness, MEDIA_TYPE, Message, PROOF_HEADER, Problem, PushRequest,
    RenewReply, RenewRequest,
};

const STREAMS: &str = "/v1/streams";
const MINUTE: u64 = 60 * 1000;

fn shown(device: &Device) -> String {
    format!("Bearer {}", device.key)
}

/// What the server asks to be signed at this moment.
fn asked(server: &Server, device: &Device) -> Freshness {
    let refused = Request::get(STREAMS)
        .key(&device.key)
        .unsigned()
        .send(server.address);
    Freshness::from_text(refused.header(CHALLENGE_HEADER)).unwrap()
}

/// A request as it comes with a proof that was made elsewhere.
fn with(server: &Server, request: Request, proof: &str) -> Received {
    request
        .unsigned()
        .header(PROOF_HEADER, proof)
        .send(server.address)
}

fn refused(received: &Received) -> Problem {
    assert_eq!(received.status, 401);
    received.problem().problem
}

#[test]
fn without_a_signature_nobody_is_the_device() {
    let server = Server::start();
    let mut device = server.device(Role::Coordinator);
    let note = device.notes(1);
    let push = PushRequest {
        device: device.device,
        first_n: 1,
        events: note,
        pending: 1,
    };
    let delivery = pull_path(Stream::Delivery(PROGRAMME), 1, 0, 10);
    let code = format!("/v1/enrolment-codes?role=facilitator&programme={PROGRAMME}");
    let requests = [
        Request::get(STREAMS),
        Request::get(&delivery),
        Request::get("/v1/devices"),
        Request::post("/v1/push", push.to_bytes()),
        Request::post(&code, Vec::new()),
        Request::post("/v1/safety-copies", vec![1]),
    ];
    for request in requests {
        let bare = request
            .clone()
            .key(&device.key)
            .unsigned()
            .send(server.address);
        assert_eq!(refused(&bare), Problem::Unproven);
        for wrong in ["", "aaaa", &"a".repeat(256), &"!".repeat(256)] {
            let received = with(&server, request.clone().key(&device.key), wrong);
            assert_eq!(refused(&received), Problem::Unproven);
        }
        let signed = request.key(&device.key).send(server.address);
        assert_ne!(signed.status, 401, "the device itself");
    }
}

#[test]
fn a_signature_is_for_one_request_of_one_device() {
    let server = Server::start();
    let device = server.device(Role::Coordinator);
    let other = server.device(Role::Coordinator);
    let challenge = asked(&server, &device);
    let mine = shown(&device);
    let proof = |method: &str, address: &str, shown: &str, body: &[u8]| {
        signing::proof(method, address, shown, body, challenge)
    };
    let get = || Request::get(STREAMS).key(&device.key);
    let good = proof("GET", STREAMS, &mine, b"");
    for wrong in [
        proof("POST", STREAMS, &mine, b""),
        proof("GET", "/v1/streams?pending=1", &mine, b""),
        proof("GET", "/streams", &mine, b""),
        proof("GET", STREAMS, &shown(&other), b""),
        signing::proof_by(&signing::key(8), "GET", STREAMS, &mine, b"", challenge),
        signing::proof("GET", STREAMS, &mine, b"", Freshness([1; 16])),
    ] {
        assert_eq!(refused(&with(&server, get(), &wrong)), Problem::Unproven);
    }
    // What somebody else sends with a device's signature does not use it up.
    assert_eq!(
        refused(&with(&server, Request::get(STREAMS).key(&other.key), &good)),
        Problem::Unproven
    );
    assert_eq!(with(&server, get(), &good).status, 200);
    assert_eq!(
        refused(&with(&server, get(), &good)),
        Problem::Unproven,
        "once more"
    );
}

#[test]
fn another_body_than_the_one_that_was_signed_is_not_carried_out() {
    let server = Server::start();
    let mut device = server.device(Role::Facilitator);
    let events = device.notes(2);
    let push = |events: &[Vec<u8>]| {
        let pending = events.len() as u64;
        PushRequest {
            device: device.device,
            first_n: 1,
            events: events.to_vec(),
            pending,
        }
        .to_bytes()
    };
    let challenge = asked(&server, &device);
    let proof = |body: &[u8]| signing::proof("POST", "/v1/push", &shown(&device), body, challenge);
    let post = |body: Vec<u8>| Request::post("/v1/push", body).key(&device.key);
    let other = with(&server, post(push(&events)), &proof(&push(&events[..1])));
    assert_eq!(refused(&other), Problem::Unproven);
    let squeezed = post(gzip(&push(&events))).header("content-encoding", "gzip");
    let other = with(&server, squeezed.clone(), &proof(&push(&events[..1])));
    assert_eq!(refused(&other), Problem::Unproven);
    assert_eq!(
        server
            .wait(server.storage.caller(common::token(&device.key)))
            .unwrap()
            .unwrap()
            .standing
            .max_n,
        0
    );
    // It is what the body says that is signed, however it is compressed on the way.
    assert_eq!(with(&server, squeezed, &proof(&push(&events))).status, 200);
}

#[test]
fn what_is_signed_is_over_after_some_minutes_whatever_the_tablets_clock_says() {
    let server = Server::start();
    let device = server.device(Role::Facilitator);
    let challenge = asked(&server, &device);
    let ask = |challenge| {
        let proof = signing::proof("GET", STREAMS, &shown(&device), b"", challenge);
        with(&server, Request::get(STREAMS).key(&device.key), &proof)
    };
    assert_eq!(ask(challenge).status, 200);
    server.clock.advance_ms(4 * MINUTE);
    assert_eq!(ask(challenge).status, 200, "a request on a weak line");
    server.clock.advance_ms(6 * MINUTE);
    let late = ask(challenge);
    assert_eq!(refused(&late), Problem::Unproven);
    // The reply says what to sign instead.
    let next = Freshness::from_text(late.header(CHALLENGE_HEADER)).unwrap();
    assert_ne!(next, challenge);
    assert_eq!(ask(next).status, 200);
    assert_eq!(
        Request::get("/v1/sealing-key")
            .send(server.address)
            .header(CHALLENGE_HEADER),
        ""
    );
}

fn renew(server: &Server, device: &Device, next: [u8; 32]) -> Received {
    let request = RenewRequest {
        shown: KeyHash::of(&next).0,
        public_key: None,
    };
    Request::post("/v1/credential", request.to_bytes())
        .key(&device.key)
        .send(server.address)
}

fn with_key(device: &Device, key: [u8; 32]) -> Device {
    Device {
        key: hex(&key),
        ..device.clone()
    }
}

#[test]
fn what_a_device_shows_changes_and_a_lost_answer_locks_nobody_out() {
    let server = Server::start();
    let first = server.device(Role::Facilitator);
    let second = with_key(&first, [21; 32]);
    let status = |device: &Device| device.get(STREAMS).status;
    assert_eq!(status(&second), 401);
    for _ in 0..3 {
        // However often the answer is lost, the device goes on with what it has and asks again.
        let reply: RenewReply = renew(&server, &first, [21; 32]).message().unwrap();
        assert_eq!(reply.shown, KeyHash::of(&[21; 32]).0);
        assert_eq!(status(&first), 200);
    }
    assert_eq!(status(&second), 200);
    assert_eq!(status(&second), 200);
    // What was under way with the old one, or comes from another tab, arrives.
    server.clock.advance_ms(9 * MINUTE);
    assert_eq!(status(&first), 200);
    assert!(
        !server
            .audit()
            .iter()
            .any(|(_, deed)| matches!(deed, Deed::OldKeyShown { .. }))
    );
    server.clock.advance_ms(MINUTE);
    for _ in 0..3 {
        assert_eq!(refused(&first.get(STREAMS)), Problem::UnknownDevice);
    }
    let old = (
        Actor::Nobody,
        Deed::OldKeyShown {
            device: first.device,
        },
    );
    assert_eq!(
        server.audit().iter().filter(|entry| **entry == old).count(),
        1
    );
    assert_eq!(status(&second), 200);
    // The next month the same again, and the first is not even known any more.
    renew(&server, &second, [22; 32])
        .message::<RenewReply>()
        .unwrap();
    assert_eq!(status(&with_key(&first, [22; 32])), 200);
    assert_eq!(refused(&first.get(STREAMS)), Problem::UnknownDevice);
}

#[test]
fn a_device_signs_with_the_key_that_it_brought() {
    let server = Server::start();
    let device = server.device(Role::Facilitator);
    let bring = |key| {
        let request = RenewRequest {
            shown: KeyHash::of(&[31; 32]).0,
            public_key: Some(key),
        };
        Request::post("/v1/credential", request.to_bytes()).key(&device.key)
    };
    let other = signing::public(&signing::key(9));
    let received = bring(other).send(server.address);
    assert_eq!(
        (received.status, received.problem().problem),
        (403, Problem::Forbidden)
    );
    let received = bring([4; 65]).send(server.address);
    assert_eq!(
        (received.status, received.problem().problem),
        (400, Problem::BadForm),
        "no point of the curve"
    );
    // One that joined before devices signed goes on as it did until it brings its key.
    server
        .database()
        .execute_batch("DELETE FROM device_proof")
        .unwrap();
    let unsigned = || {
        Request::get(STREAMS)
            .key(&device.key)
            .unsigned()
            .send(server.address)
    };
    assert_eq!(unsigned().status, 200);
    bring(signing::public_key())
        .unsigned()
        .send(server.address)
        .message::<RenewReply>()
        .unwrap();
    assert_eq!(refused(&unsigned()), Problem::Unproven);
    assert_eq!(device.get(STREAMS).status, 200);
    assert_eq!(with_key(&device, [31; 32]).get(STREAMS).status, 200);
}

#[test]
fn nobody_joins_without_a_key_to_sign_with_and_one_that_is_out_of_use_changes_nothing() {
    let server = Server::start();
    let device = server.device(Role::Facilitator);
    server.revoke(device.device);
    let out = renew(&server, &device, [41; 32]);
    assert_eq!((out.status, out.problem().problem), (410, Problem::Revoked));
    let bare = common::enrol_request(&server.code(Role::Facilitator));
    for public_key in [None, Some([0; 65])] {
        let request = wellfield_core::sync::EnrolRequest {
            public_key,
            ..bare.clone()
        };
        let refused = Request::post("/v1/enrol", request.to_bytes()).send(server.address);
        assert_eq!(
            (refused.status, refused.problem().problem),
            (400, Problem::BadForm)
        );
    }
    let joined = Request::post("/v1/enrol", bare.to_bytes()).send(server.address);
    assert_eq!(
        (joined.status, joined.header("content-type")),
        (200, MEDIA_TYPE),
        "the code was not spent"
    );
}
