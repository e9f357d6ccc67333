//! The audit: what comes into it over the network and on the command line, and what is found there.

#![allow(clippy::unwrap_used, reason = "a test that fails says where")]

mod common;

use std::path::Path;

use common::binary::{Running, json, output, standard_output};
use common::{PROGRAMME, Server, note};
use wellfield_core::access::Role;
use wellfield_core::audit::{Actor, Deed};
use wellfield_core::clock::Instant;
use wellfield_core::ids::DeviceId;
use wellfield_core::stream::Stream;
use wellfield_core::sync::{DevicesReply, PushRequest, SafetyCopy};

#[test]
fn what_coordinators_do_to_others_records_is_entered_and_what_they_look_at_in_vain_is_not() {
    let server = Server::start();
    let coordinator = server.device(Role::Coordinator);
    let mut facilitator = server.device(Role::Facilitator);
    let before = server.audit().len();
    let list = || coordinator.get("/v1/devices").message::<DevicesReply>();
    assert!(list().unwrap().quarantined.is_empty());
    assert_eq!(server.audit().len(), before, "nothing was shown");
    // Referrals are not a facilitator's to read or to write.
    let stray = facilitator.record(Stream::Casework(PROGRAMME), note("misplaced"));
    facilitator
        .push(1, vec![stray, b"damaged".to_vec()])
        .unwrap();
    let shown = list().unwrap().quarantined;
    assert_eq!(
        shown.iter().filter(|event| event.bytes.is_some()).count(),
        1
    );
    let code = format!("/v1/enrolment-codes?role=facilitator&programme={PROGRAMME}");
    let made = common::Request::post(&code, vec![]).key(&coordinator.key);
    assert_eq!(made.send(server.address).status, 200);
    assert_eq!(facilitator.get("/v1/devices").status, 403);
    let by = Actor::Device(coordinator.device);
    assert_eq!(
        server.audit()[before..],
        [
            (by, Deed::SetAsideRead { records: 1 }),
            (
                by,
                Deed::CodeMade {
                    programme: PROGRAMME,
                    role: Role::Facilitator
                }
            )
        ]
    );
}

#[test]
fn who_brings_a_safety_copy_is_entered_and_whose_it_is() {
    let server = Server::start();
    let carrier = server.device(Role::Facilitator);
    let mut lost = server.device(Role::Facilitator);
    let events = lost.notes(2);
    let copy = SafetyCopy {
        push: PushRequest {
            device: lost.device,
            first_n: 1,
            pending: 2,
            events,
        },
        made_at: Instant(5),
    };
    let key: Vec<u8> = (0..32)
        .map(|at| u8::from_str_radix(&lost.key[2 * at..2 * at + 2], 16).unwrap())
        .collect();
    let file = copy.to_file(&key.try_into().unwrap());
    let brought = common::Request::post("/v1/safety-copies", file).key(&carrier.key);
    assert_eq!(brought.send(server.address).status, 200);
    let (device, records) = (lost.device, 2);
    assert_eq!(
        server.audit().last(),
        Some(&(
            Actor::Device(carrier.device),
            Deed::SafetyCopyTakenIn { device, records }
        ))
    );
}

/// The records of a demonstration in which something was done.
fn records(data: &Path) {
    let demo = Running::start("demo", data);
    demo.enrol(demo.after("Enrolment code for a tablet: "));
    let status = json(&standard_output(&["status", "--json"], data));
    let name = status["programmes"][0]["name"].as_str().unwrap().to_owned();
    standard_output(&["revoke", "--device", "2"], data);
    standard_output(&["export", "--programme", &name], data);
}

fn said_in_vain(arguments: &[&str], data: &Path) -> String {
    let refused = output(arguments, data);
    assert_eq!(refused.status.code(), Some(1));
    String::from_utf8(refused.stderr).unwrap()
}

const VERIFY: &[&str] = &["audit", "verify"];

#[test]
fn the_audit_is_listed_without_a_name_and_verified() {
    let data = tempfile::tempdir().unwrap();
    records(data.path());
    let listed = standard_output(&["audit", "list"], data.path());
    let entries = json(&standard_output(&["audit", "list", "--json"], data.path()));
    let actions: Vec<_> = entries
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| {
            (
                entry["actor"].as_str().unwrap(),
                entry["action"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        actions,
        [
            ("command-line", "code-made"),
            ("command-line", "code-made"),
            ("command-line", "account-invited"),
            ("command-line", "account-invited"),
            ("command-line", "account-invited"),
            // The report that a demonstration writes.
            ("command-line", "exported"),
            ("device", "device-enrolled"),
            ("command-line", "device-revoked"),
            ("command-line", "exported"),
        ]
    );
    assert_eq!(entries[6]["by_device"], 2);
    assert_eq!(listed.lines().count(), actions.len());
    // What the device and its user are called is in the database and not here.
    assert!(
        !listed.contains("Blue tablet") && !listed.contains("Siân"),
        "{listed}"
    );
    let verified = standard_output(VERIFY, data.path());
    assert!(
        verified.starts_with("The audit is whole: 9 entries."),
        "{verified}"
    );
}

#[test]
fn what_somebody_changed_in_the_file_is_found_and_explained() {
    let data = tempfile::tempdir().unwrap();
    records(data.path());
    let file = common::database(data.path());
    file.execute_batch(
        "UPDATE audit SET bytes = (SELECT bytes FROM audit WHERE seq = 3) WHERE seq = 4",
    )
    .unwrap();
    let said = said_in_vain(VERIFY, data.path());
    assert!(said.contains("the audit is broken at entry 4"), "{said}");
    assert!(said.contains("compare it with a backup"), "{said}");
    assert_eq!(
        standard_output(&["audit", "list"], data.path())
            .lines()
            .count(),
        9,
        "it can be looked at all the same"
    );
}

#[test]
fn an_older_copy_of_the_database_is_found_by_what_lies_beside_the_keys() {
    let data = tempfile::tempdir().unwrap();
    records(data.path());
    let older = data.path().join("older.sqlite3");
    let database = data.path().join("wellfield.sqlite3");
    common::database(data.path())
        .execute("VACUUM INTO ?1", [older.to_str().unwrap()])
        .unwrap();
    standard_output(
        &["enrol", "--programme", &programme(data.path())],
        data.path(),
    );
    let noted = standard_output(VERIFY, data.path());
    let elsewhere = data.path().join("elsewhere");
    std::fs::write(&elsewhere, noted.lines().last().unwrap()).unwrap();
    std::fs::rename(&older, &database).unwrap();
    for left in ["wellfield.sqlite3-wal", "wellfield.sqlite3-shm"] {
        drop(std::fs::remove_file(data.path().join(left)));
    }
    let said = said_in_vain(VERIFY, data.path());
    assert!(said.contains("had another entry 10"), "{said}");
    // Whoever can take that away too does not reach what was noted elsewhere.
    std::fs::remove_file(data.path().join("keys.head")).unwrap();
    assert!(standard_output(VERIFY, data.path()).contains("9 entries"));
    let seen = ["audit", "verify", "--seen", elsewhere.to_str().unwrap()];
    let said = said_in_vain(&seen, data.path());
    assert!(said.contains("had another entry 10"), "{said}");
}

fn programme(data: &Path) -> String {
    let status = json(&standard_output(&["status", "--json"], data));
    status["programmes"][0]["name"].as_str().unwrap().to_owned()
}

#[test]
fn lost_keys_are_said_to_be_lost_and_others_go_on_only_when_asked() {
    let data = tempfile::tempdir().unwrap();
    records(data.path());
    let keys = data.path().join("keys");
    let said = said_in_vain(&["audit", "new-key"], data.path());
    assert!(said.contains("nothing was changed"), "{said}");
    std::fs::remove_file(&keys).unwrap();
    for command in [
        &["status"] as &[&str],
        &["serve", "--listen", "127.0.0.1:0"],
    ] {
        let said = said_in_vain(command, data.path());
        assert!(said.contains("there is no such file"), "{said}");
        assert!(!keys.exists(), "nothing takes their place by itself");
    }
    assert!(said_in_vain(VERIFY, data.path()).contains("not signed by these keys"));
    let said = standard_output(&["audit", "new-key"], data.path());
    assert!(said.contains("the 9 entries before"), "{said}");
    assert!(standard_output(VERIFY, data.path()).contains("10 entries"));
    standard_output(&["status"], data.path());
}

#[test]
fn every_device_that_joins_has_a_number_that_the_audit_names() {
    let server = Server::start();
    let device = server.device(Role::Facilitator).device;
    assert_ne!(device, DeviceId::SERVER);
    let entered = (Actor::Device(device), Deed::DeviceEnrolled { device });
    assert!(server.audit().contains(&entered));
}
