//! Somebody refers themselves from their own phone: it arrives once, for the coordinator alone.

#![allow(clippy::unwrap_used, reason = "a test that fails says where")]

mod common;

use common::{PROGRAMME, Received, Request, START, Server, form};
use wellfield_core::access::Role;
use wellfield_core::event::Body;
use wellfield_core::ids::{DeviceId, ProgrammeId, ReferralId};
use wellfield_core::referral::{
    COST_MAX, COST_MIN, Challenge, Doubt, Proof, Signals, Solver, encode_signals, encode_submission,
};
use wellfield_core::stream::Stream;
use wellfield_core::sync::{Message, Problem, ReferralReply};

fn send(server: &Server, programme: ProgrammeId, body: Vec<u8>) -> Received {
    Request::post(&format!("/v1/referrals?programme={programme}"), body).send(server.address)
}

#[test]
fn a_referral_arrives_on_the_coordinator_s_list_by_the_server_s_clock() {
    let server = Server::start();
    let received = send(&server, PROGRAMME, encode_submission(&form(9)));
    assert_eq!(received.status, 202);
    assert_eq!(
        ReferralReply::from_bytes(&received.body).unwrap().referral,
        ReferralId(9)
    );
    let coordinator = server.device(Role::Coordinator);
    let page = coordinator
        .pull(Stream::Casework(PROGRAMME), 0, 10)
        .unwrap();
    let event = page.events[0].event().unwrap();
    assert_eq!(
        (event.id.device, event.at.instant()),
        (DeviceId::SERVER, START)
    );
    assert!(matches!(event.body, Body::ReferralReceived(received) if received.form == form(9)));
}

#[test]
fn the_same_form_sent_twice_is_one_referral() {
    let server = Server::start();
    for _ in 0..3 {
        assert_eq!(
            send(&server, PROGRAMME, encode_submission(&form(9))).status,
            202
        );
    }
    assert_eq!(
        send(&server, PROGRAMME, encode_submission(&form(10))).status,
        202
    );
    let page = server
        .device(Role::Coordinator)
        .pull(Stream::Casework(PROGRAMME), 0, 10)
        .unwrap();
    assert_eq!(page.events.len(), 2);
}

#[test]
fn a_form_that_breaks_the_rules_of_its_fields_is_refused() {
    let server = Server::start();
    let mut no_language = encode_submission(&form(9));
    let place = no_language
        .windows(2)
        .rposition(|pair| pair == [8, 2])
        .unwrap();
    no_language[place + 1] = 23;
    for body in [Vec::new(), b"name=Si%C3%A2n".to_vec(), no_language] {
        let refused = send(&server, PROGRAMME, body);
        assert_eq!(
            (refused.status, refused.problem().problem),
            (400, Problem::BadForm)
        );
    }
    let refused = send(&server, PROGRAMME, vec![0; 32 * 1024 + 1]);
    assert_eq!(
        (refused.status, refused.problem().problem),
        (413, Problem::TooLarge)
    );
}

#[test]
fn a_programme_that_is_not_there_is_not_found() {
    let server = Server::start();
    let refused = send(&server, ProgrammeId(78), encode_submission(&form(9)));
    assert_eq!(
        (refused.status, refused.problem().problem),
        (404, Problem::NotFound)
    );
    let refused = Request::post(
        "/v1/referrals?programme=kitchen",
        encode_submission(&form(9)),
    )
    .send(server.address);
    assert_eq!(refused.problem().problem, Problem::NotFound);
}

#[test]
fn a_form_of_another_site_cannot_refer_anybody() {
    let server = Server::start();
    let request = || {
        let body = encode_submission(&form(9));
        Request::post(&format!("/v1/referrals?programme={PROGRAMME}"), body)
    };
    for media_type in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/cbor",
        "",
    ] {
        let refused = request()
            .header("content-type", media_type)
            .send(server.address);
        assert_eq!(
            refused.problem().problem,
            Problem::Malformed,
            "{media_type}"
        );
    }
    for site in ["cross-site", "same-site", "anything"] {
        let refused = request()
            .header("sec-fetch-site", site)
            .send(server.address);
        assert_eq!(
            (refused.status, refused.problem().problem),
            (403, Problem::Forbidden),
            "{site}"
        );
    }
    for site in ["same-origin", "none"] {
        assert_eq!(
            request()
                .header("sec-fetch-site", site)
                .send(server.address)
                .status,
            202,
            "{site}"
        );
    }
}

#[test]
fn thirty_referrals_from_one_address_are_taken_and_the_next_waits() {
    let server = Server::start();
    for referral in 0..30 {
        assert_eq!(
            send(&server, PROGRAMME, encode_submission(&form(referral))).status,
            202
        );
    }
    let refused = send(&server, PROGRAMME, encode_submission(&form(31)));
    assert_eq!(refused.problem().problem, Problem::TooManyTries);
    let wait: u32 = refused.header("retry-after").parse().unwrap();
    assert!((600..=750).contains(&wait), "{wait}");
    // Whoever did the sum goes on: a surgery is one address.
    let proof = worked(&challenge(&server), ReferralId(32));
    assert_eq!(send_with(&server, 32, Some(proof)).status, 202);
    let stolen = send_with(&server, 33, Some(proof));
    assert_eq!(stolen.status, 429, "one sum, one form");
    server.clock.advance_ms(600_000);
    assert_eq!(
        send(&server, PROGRAMME, encode_submission(&form(31))).status,
        202
    );
}

fn challenge(server: &Server) -> Challenge {
    let path = format!("/v1/referrals/challenge?programme={PROGRAMME}");
    Request::get(&path).send(server.address).message().unwrap()
}

fn worked(challenge: &Challenge, form: ReferralId) -> Proof {
    let mut solver = Solver::begin(*challenge, form).unwrap();
    solver.step(u32::MAX).unwrap()
}

/// Sends a form that somebody took their time for.
fn send_with(server: &Server, referral: u128, proof: Option<Proof>) -> Received {
    let signals = Signals {
        trap_filled: false,
        took_ms: Some(90_000),
        proof,
    };
    let body = [encode_submission(&form(referral)), encode_signals(&signals)];
    send(server, PROGRAMME, body.concat())
}

/// What is doubted of the referrals that arrived, in the order of their arrival.
fn doubts(server: &Server) -> Vec<Vec<Doubt>> {
    let coordinator = server.device(Role::Coordinator);
    let page = coordinator.pull(Stream::Casework(PROGRAMME), 0, 2_000);
    let events = page.unwrap().events;
    let doubts = events
        .iter()
        .map(|pulled| match pulled.event().unwrap().body {
            Body::ReferralReceived(received) => received.doubts,
            other => panic!("{other:?}"),
        });
    doubts.collect()
}

#[test]
fn whatever_is_thought_of_a_form_it_is_received_and_the_answer_is_the_same() {
    let server = Server::start();
    let machine = Signals {
        trap_filled: true,
        took_ms: Some(10),
        proof: None,
    };
    let body = [encode_submission(&form(1)), encode_signals(&machine)];
    let doubted = send(&server, PROGRAMME, body.concat());
    let proof = worked(&challenge(&server), ReferralId(2));
    let believed = send_with(&server, 2, Some(proof));
    let old_page = send(&server, PROGRAMME, encode_submission(&form(3)));
    for (received, form) in [(doubted, 1), (believed, 2), (old_page, 3)] {
        assert_eq!(received.status, 202);
        let reply: ReferralReply = received.message().unwrap();
        assert_eq!(reply.referral, ReferralId(form));
    }
    assert_eq!(
        doubts(&server),
        [
            vec![Doubt::Trap, Doubt::Hurried, Doubt::NoProof],
            vec![],
            vec![]
        ]
    );
}

#[test]
fn a_sum_that_is_too_old_or_of_another_programme_counts_as_none() {
    let server = Server::start();
    server.append(vec![common::opened(ProgrammeId(78), "Another")]);
    let asked = challenge(&server);
    assert_eq!(asked.cost, COST_MIN);
    let proof = worked(&asked, ReferralId(1));
    let elsewhere = [
        encode_submission(&form(1)),
        encode_signals(&Signals {
            trap_filled: false,
            took_ms: Some(1),
            proof: Some(proof),
        }),
    ];
    let elsewhere = send(&server, ProgrammeId(78), elsewhere.concat());
    assert_eq!(elsewhere.status, 202);
    server.clock.advance_ms(600_000);
    for form in 10..40 {
        assert_eq!(send_with(&server, form, None).status, 202);
    }
    assert_eq!(send_with(&server, 1, Some(proof)).status, 429, "too old");
    let unknown = Request::get("/v1/referrals/challenge?programme=kitchen").send(server.address);
    assert_eq!(unknown.problem().problem, Problem::NotFound);
}

#[test]
fn a_challenge_is_good_at_another_server_over_the_same_records() {
    let server = Server::start();
    let asked = challenge(&server);
    let server = server.restart();
    for form in 10..40 {
        assert_eq!(send_with(&server, form, None).status, 202);
    }
    let proof = worked(&asked, ReferralId(1));
    assert_eq!(send_with(&server, 1, Some(proof)).status, 202);
}

#[test]
fn the_sum_becomes_dearer_while_many_forms_arrive_and_cheap_again() {
    let server = Server::start();
    for form in 0..70 {
        let proof = worked(&challenge(&server), ReferralId(form));
        assert_eq!(send_with(&server, form, Some(proof)).status, 202);
    }
    let dear = challenge(&server).cost;
    assert!(dear > COST_MIN && dear <= COST_MAX, "{dear}");
    server.clock.advance_ms(600_000);
    assert_eq!(challenge(&server).cost, COST_MIN);
}

#[test]
fn a_new_log_of_the_server_goes_on_from_the_old_one() {
    let server = Server::start();
    send(&server, PROGRAMME, encode_submission(&form(1)));
    server.append(vec![common::opened(ProgrammeId(78), "Another")]);
    send(&server, ProgrammeId(78), encode_submission(&form(2)));
    let numbers: Vec<i64> = server
        .database()
        .prepare("SELECT n FROM event WHERE device = 1 ORDER BY n")
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    assert_eq!(numbers, [1, 2, 3, 4]);
}
