//! When the disk or the file fails, nothing is acknowledged, and nothing that was is lost.

#![allow(clippy::unwrap_used, reason = "a test that fails says where")]

mod common;

use std::sync::atomic::{AtomicBool, Ordering};

use common::{Device, PROGRAMME, Request, Server};
use wellfield_core::access::Role;
use wellfield_core::stream::Stream;
use wellfield_core::sync::{Outcome, Problem};

const DELIVERY: Stream = Stream::Delivery(PROGRAMME);

fn bytes(device: &Device) -> Vec<Vec<u8>> {
    device
        .pull(DELIVERY, 1, 2000)
        .unwrap()
        .events
        .into_iter()
        .map(|event| event.bytes)
        .collect()
}

#[test]
fn while_another_process_holds_the_file_a_push_is_told_to_come_back_and_then_stored_once() {
    let server = Server::start();
    let mut device = server.device(Role::Facilitator);
    let events = device.notes(3);
    device.push(1, events[..1].to_vec()).unwrap();
    let other = server.database();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let refused = device
        .push_request(2, events[1..].to_vec())
        .send(server.address);
    assert_eq!(
        (refused.status, refused.problem().problem),
        (503, Problem::TryLater)
    );
    assert_eq!(refused.header("retry-after"), "5");
    assert_eq!(bytes(&device), events[..1], "reading goes on");
    other.execute_batch("ROLLBACK").unwrap();
    assert_eq!(
        device.push(2, events[1..].to_vec()).unwrap().outcomes,
        [Outcome::Stored; 2]
    );
    assert_eq!(bytes(&device), events);
}

/// What SQLite does where it cannot make the file longer is done here by a trigger: the statement fails
/// in the middle of the transaction. That a full file is told from others, and leaves nothing behind, is
/// tested with a file that may not grow (`storage/sqlite/mod.rs`).
#[test]
fn where_the_disk_is_full_a_push_is_told_to_come_back_and_then_stored_once() {
    let server = Server::start();
    let mut device = server.device(Role::Facilitator);
    let events = device.notes(3);
    device.push(1, events[..1].to_vec()).unwrap();
    let other = server.database();
    other
        .execute_batch(
            "CREATE TRIGGER full_disk AFTER INSERT ON event WHEN NEW.n = 3
             BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END",
        )
        .unwrap();
    let refused = device
        .push_request(2, events[1..].to_vec())
        .send(server.address);
    assert_eq!(
        (refused.status, refused.problem().problem),
        (503, Problem::TryLater)
    );
    assert_eq!(refused.header("retry-after"), "5");
    assert_eq!(bytes(&device), events[..1], "nothing was stored by halves");
    other.execute_batch("DROP TRIGGER full_disk").unwrap();
    let receipt = device.push(2, events[1..].to_vec()).unwrap();
    assert_eq!(receipt.outcomes, [Outcome::Stored; 2]);
    assert_eq!(bytes(&device), events);
}

#[test]
fn enrolling_and_referring_are_told_to_come_back_too_and_cost_no_try() {
    let server = Server::start();
    let code = server.code(Role::Facilitator);
    let other = server.database();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    for _ in 0..6 {
        let refused = server
            .enrol(&code, wellfield_core::ids::StaffId(1))
            .err()
            .unwrap();
        assert_eq!(refused.problem, Problem::TryLater);
    }
    other.execute_batch("ROLLBACK").unwrap();
    assert!(server.enrol(&code, wellfield_core::ids::StaffId(1)).is_ok());
}

#[test]
fn whatever_was_acknowledged_under_locks_that_come_and_go_is_there_once() {
    const PUSHES: u64 = 30;
    let server = Server::start();
    let devices: Vec<_> = (0..4).map(|_| server.device(Role::Facilitator)).collect();
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let locks = scope.spawn(|| {
            let other = server.database();
            while !done.load(Ordering::SeqCst) {
                if other.execute_batch("BEGIN IMMEDIATE").is_ok() {
                    std::thread::sleep(std::time::Duration::from_millis(250));
                    other.execute_batch("ROLLBACK").unwrap();
                }
                std::thread::sleep(std::time::Duration::from_millis(50));
            }
        });
        let pushing: Vec<_> = devices
            .iter()
            .cloned()
            .map(|mut device| {
                scope.spawn(move || {
                    for n in 1..=PUSHES {
                        let events = device.notes(1);
                        while let Err(problem) = device.push(n, events.clone()) {
                            assert_eq!(problem.problem, Problem::TryLater);
                        }
                    }
                })
            })
            .collect();
        for device in pushing {
            device.join().unwrap();
        }
        done.store(true, Ordering::SeqCst);
        locks.join().unwrap();
    });
    let page = devices[0].pull(DELIVERY, 1, 2000).unwrap();
    let mut ids: Vec<_> = page
        .events
        .iter()
        .map(|event| event.event().unwrap().id)
        .collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len() as u64, PUSHES * 4);
    assert!(
        page.events
            .iter()
            .zip(2..)
            .all(|(event, seq)| event.seq == seq)
    );
}

#[test]
fn a_database_that_does_not_answer_is_not_well() {
    let server = Server::start();
    let health = Request::get("/healthz").send(server.address);
    assert_eq!(
        (health.status, health.body.as_slice()),
        (200, "ok".as_bytes())
    );
    server
        .database()
        .execute_batch("ALTER TABLE stream RENAME TO gone")
        .unwrap();
    assert_eq!(Request::get("/healthz").send(server.address).status, 503);
}

#[test]
fn requests_under_way_are_answered_when_the_server_stops() {
    let mut server = Server::start();
    let mut device = server.device(Role::Facilitator);
    let events = device.notes(1);
    // How often a push looks at the clock, once it is known what to sign: the last time with its reply.
    device.push(1, events).unwrap();
    let events = device.notes(2);
    let before = server.clock.reads();
    device.push(2, events[..1].to_vec()).unwrap();
    let looks = server.clock.reads() - before;
    let other = server.database();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let before = server.clock.reads();
    let waiting = std::thread::spawn(move || device.push(3, events[1..].to_vec()));
    server.clock.wait_for_read_after(before + looks - 2);
    server.tell_to_stop();
    other.execute_batch("ROLLBACK").unwrap();
    assert_eq!(waiting.join().unwrap().unwrap().outcomes, [Outcome::Stored]);
    server.stop();
}
