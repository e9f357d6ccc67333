//! Devices join with a code, once, and a lost answer costs nothing.

#![allow(clippy::unwrap_used, reason = "a test that fails says where")]

mod common;

use common::{Request, Server, hex, signing};
use wellfield_core::access::Role;
use wellfield_core::ids::{DeviceId, StaffId};
use wellfield_core::sync::{CodeReply, EnrolRequest, Message, Problem};

const STAFF: StaffId = StaffId(0x1234_5678_9ABC_DEF0);

fn streams_status(server: &Server, token: &[u8; 32]) -> u16 {
    Request::get("/v1/streams?pending=0")
        .key(&hex(token))
        .send(server.address)
        .status
}

#[test]
fn a_code_enrols_a_device_that_may_then_read_its_streams() {
    let server = Server::start();
    let reply = server
        .enrol(&server.code(Role::Facilitator), STAFF)
        .unwrap();
    assert_eq!(reply.device, DeviceId(2), "device 1 is the server itself");
    assert_eq!(reply.role, Role::Facilitator);
    assert_eq!(reply.programmes, [common::PROGRAMME]);
    assert_eq!(streams_status(&server, &reply.token), 200);
    let second = server
        .enrol(&server.code(Role::Coordinator), STAFF)
        .unwrap();
    assert_eq!(second.device, DeviceId(3));
}

#[test]
fn a_code_is_taken_however_it_is_typed() {
    let server = Server::start();
    let code = server.code(Role::Facilitator);
    let typed = format!(" {} ", code.to_lowercase().replace('-', " "));
    assert!(server.enrol(&typed, STAFF).is_ok());
}

#[test]
fn a_wrong_code_is_told_as_wrong() {
    let server = Server::start();
    for wrong in ["0000-0000", "hello", "", "éééé-éééé"] {
        let problem = server.enrol(wrong, STAFF).err().unwrap();
        assert_eq!(problem.problem, Problem::WrongCode, "{wrong}");
    }
}

#[test]
fn a_code_serves_one_device_only() {
    let server = Server::start();
    let code = server.code(Role::Facilitator);
    server.enrol(&code, STAFF).unwrap();
    let problem = server.enrol(&code, StaffId(9)).err().unwrap();
    assert_eq!(problem.problem, Problem::SpentCode);
}

#[test]
fn a_code_ends_after_its_minutes() {
    let server = Server::start();
    let code = server.code(Role::Facilitator);
    server.clock.advance_ms(10 * 60 * 1000);
    assert_eq!(
        server.enrol(&code, STAFF).err().unwrap().problem,
        Problem::SpentCode
    );
}

#[test]
fn a_lost_answer_is_asked_for_again_and_only_the_new_key_counts() {
    let server = Server::start();
    let code = server.code(Role::Facilitator);
    let lost = server.enrol(&code, STAFF).unwrap();
    let again = server.enrol(&code, STAFF).unwrap();
    assert_eq!(again.device, lost.device);
    assert!(again.token != lost.token);
    assert_eq!(streams_status(&server, &lost.token), 401);
    assert_eq!(streams_status(&server, &again.token), 200);
}

#[test]
fn once_the_device_has_sent_something_the_code_is_spent_for_it_too() {
    let server = Server::start();
    let code = server.code(Role::Facilitator);
    let reply = server.enrol(&code, STAFF).unwrap();
    let mut device = common::Device {
        address: server.address,
        device: reply.device,
        key: hex(&reply.token),
        next_n: 1,
    };
    let events = device.notes(1);
    device.push(1, events).unwrap();
    assert_eq!(
        server.enrol(&code, STAFF).err().unwrap().problem,
        Problem::SpentCode
    );
    assert_eq!(
        streams_status(&server, &reply.token),
        200,
        "its key is as it was"
    );
}

#[test]
fn after_five_wrong_codes_an_address_waits_ten_minutes_even_with_the_right_one() {
    let server = Server::start();
    let code = server.code(Role::Facilitator);
    for _ in 0..5 {
        assert_eq!(
            server.enrol("0000-0000", STAFF).err().unwrap().problem,
            Problem::WrongCode
        );
    }
    let problem = server.enrol(&code, STAFF).err().unwrap();
    assert_eq!(problem.problem, Problem::TooManyTries);
    assert!((600..=750).contains(&problem.retry_after_s.unwrap()));
    server.clock.advance_ms(10 * 60 * 1000);
    assert!(server.enrol(&server.code(Role::Facilitator), STAFF).is_ok());
}

#[test]
fn the_wait_stands_in_the_header_too() {
    let server = Server::start();
    let request = || {
        let request = EnrolRequest {
            code: "0000-0000".to_owned(),
            device_name: "Blue tablet".to_owned(),
            staff_name: "Siân".to_owned(),
            staff: STAFF,
            public_key: Some(signing::public_key()),
        };
        Request::post("/v1/enrol", request.to_bytes()).send(server.address)
    };
    for _ in 0..5 {
        request();
    }
    let refused = request();
    assert_eq!(refused.status, 429);
    let wait: u32 = refused.header("retry-after").parse().unwrap();
    assert!((600..=750).contains(&wait), "{wait}");
    assert_eq!(refused.problem().retry_after_s, Some(wait));
}

#[test]
fn right_codes_are_not_counted_as_tries() {
    let server = Server::start();
    for staff in 0..8 {
        let code = server.code(Role::Facilitator);
        assert!(server.enrol(&code, StaffId(staff)).is_ok());
    }
}

#[test]
fn names_that_cannot_be_shown_are_refused_and_the_code_stays_good() {
    let server = Server::start();
    let code = server.code(Role::Facilitator);
    let request = EnrolRequest {
        code: code.clone(),
        device_name: "  ".to_owned(),
        staff_name: "Siân".to_owned(),
        staff: STAFF,
        public_key: Some(signing::public_key()),
    };
    let refused = Request::post("/v1/enrol", request.to_bytes()).send(server.address);
    assert_eq!(
        (refused.status, refused.problem().problem),
        (400, Problem::BadForm)
    );
    assert!(server.enrol(&code, STAFF).is_ok());
}

#[test]
fn a_coordinator_makes_codes_for_their_programme_and_nobody_else_does() {
    let server = Server::start();
    let ask = |key: &str, query: &str| {
        Request::post(&format!("/v1/enrolment-codes?{query}"), Vec::new())
            .key(key)
            .send(server.address)
    };
    let ours = format!("role=facilitator&programme={}", common::PROGRAMME);
    let coordinator = server.device(Role::Coordinator);
    let reply: CodeReply = ask(&coordinator.key, &ours).message().unwrap();
    assert_eq!(
        server.enrol(&reply.code, STAFF).unwrap().role,
        Role::Facilitator
    );
    let facilitator = server.device(Role::Facilitator);
    assert_eq!(
        ask(&facilitator.key, &ours).problem().problem,
        Problem::Forbidden
    );
    let others = format!(
        "role=facilitator&programme={}",
        wellfield_core::ids::ProgrammeId(78)
    );
    assert_eq!(
        ask(&coordinator.key, &others).problem().problem,
        Problem::Forbidden
    );
    assert_eq!(
        ask(&coordinator.key, "role=queen&programme=0")
            .problem()
            .problem,
        Problem::Malformed
    );
}

#[test]
fn neither_codes_nor_keys_stand_in_the_file() {
    let server = Server::start();
    let code = server.code(Role::Facilitator);
    let reply = server.enrol(&code, STAFF).unwrap();
    server
        .database()
        .execute_batch("PRAGMA wal_checkpoint(TRUNCATE)")
        .unwrap();
    let file = std::fs::read(server.directory.path().join("wellfield.sqlite3")).unwrap();
    let holds = |needle: &[u8]| file.windows(needle.len()).any(|window| window == needle);
    assert!(
        holds("Blue tablet".as_bytes()),
        "the search finds what is there"
    );
    assert!(!holds(&reply.token) && !holds(hex(&reply.token).as_bytes()));
    assert!(!holds(code.as_bytes()) && !holds(code.replace('-', "").as_bytes()));
}
