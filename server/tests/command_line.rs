//! The binary as people run it.

#![allow(clippy::unwrap_used, reason = "a test that fails says where")]

mod common;

use std::process::Command;

use common::binary::{Running, json, output, standard_output};
use common::{Request, note};
use wellfield_core::access::Role;
use wellfield_core::language::Language;
use wellfield_core::offer::read_published;
use wellfield_core::stream::Stream;
use wellfield_core::sync::{Outcome, PullReply, PushReply};

#[test]
fn the_demonstration_says_where_to_go_and_its_codes_let_devices_in() {
    let data = tempfile::tempdir().unwrap();
    let demo = Running::start("demo", data.path());
    let port = demo.address.port();
    assert_eq!(
        demo.after("Staff app: "),
        format!("http://localhost:{port}/app/")
    );
    assert_eq!(
        demo.after("Public pages: "),
        format!("http://localhost:{port}/r/")
    );
    let (tablet, enrolled) = demo.enrol(demo.after("Enrolment code for a tablet: "));
    assert_eq!(enrolled.role, Role::Facilitator);
    let (_, coordinator) = demo.enrol(demo.after("Enrolment code for a coordinator's computer: "));
    assert_eq!(coordinator.role, Role::Coordinator);
    let delivery = Stream::Delivery(enrolled.programmes[0]);
    assert!(
        tablet.pull(delivery, 0, 2000).unwrap().head > 38,
        "the sample programme is there"
    );
}

#[test]
fn the_demonstration_adds_its_programme_once() {
    let data = tempfile::tempdir().unwrap();
    let events = || json(&standard_output(&["status", "--json"], data.path()))["streams"].clone();
    drop(Running::start("demo", data.path()));
    let first = events();
    drop(Running::start("demo", data.path()));
    assert_eq!(events(), first);
}

#[test]
fn what_was_acknowledged_survives_a_server_that_is_killed() {
    let data = tempfile::tempdir().unwrap();
    let mut demo = Running::start("demo", data.path());
    let (mut device, enrolled) = demo.enrol(demo.after("Enrolment code for a tablet: "));
    let programme = enrolled.programmes[0];
    let mut acknowledged = Vec::new();
    for n in 1..=40 {
        let event = device.record(Stream::Delivery(programme), note("Recorded"));
        assert_eq!(
            device.push(n, vec![event.clone()]).unwrap().outcomes,
            [Outcome::Stored]
        );
        acknowledged.push(event);
        if n == 25 {
            // SIGKILL: nothing is closed, nothing is flushed.
            demo.child.kill().unwrap();
            demo.child.wait().unwrap();
            demo = Running::start("serve", data.path());
            device.address = demo.address;
        }
    }
    let receipt: PushReply = device.push(1, acknowledged).unwrap();
    assert_eq!(receipt.outcomes, [Outcome::Held; 40]);
    let status = json(&standard_output(&["status", "--json"], data.path()));
    let tablet = &status["devices"][0];
    assert_eq!(
        (tablet["device"].as_u64(), tablet["max_n"].as_u64()),
        (Some(2), Some(40))
    );
    assert_eq!(status["quarantine"], json("[]"));
}

#[test]
fn a_terminated_server_ends_by_itself_and_says_that_all_is_well() {
    let data = tempfile::tempdir().unwrap();
    let mut server = Running::start("serve", data.path());
    assert_eq!(Request::get("/healthz").send(server.address).status, 200);
    let terminated = Command::new("kill")
        .args(["-TERM", &server.child.id().to_string()])
        .status();
    assert!(terminated.unwrap().success());
    assert!(server.child.wait().unwrap().success());
}

/// A spreadsheet of the import's own tests.
fn spreadsheet(name: &str) -> String {
    format!(
        "{}/tests/fixtures/import/{name}.csv",
        env!("CARGO_MANIFEST_DIR")
    )
}

#[test]
fn spreadsheets_are_imported_whole_once_and_only_when_asked() {
    let data = tempfile::tempdir().unwrap();
    let [people, sessions, bad] = ["people", "sessions", "people-bad"].map(spreadsheet);
    let import = |people: &str, more: &[&str]| {
        let mut arguments = vec![
            "import",
            people,
            &sessions,
            "--programme",
            "Dig for Wellbeing",
        ];
        arguments.extend(more);
        output(&arguments, data.path())
    };
    let programmes =
        || json(&standard_output(&["status", "--json"], data.path()))["programmes"].clone();
    assert!(import(&people, &["--dry-run"]).status.success());
    assert_eq!(programmes(), json("[]"));
    let refused = import(&bad, &[]);
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(
        said.contains("people.csv line ") && said.contains("Nothing was imported."),
        "{said}"
    );
    assert_eq!(programmes(), json("[]"));
    assert!(
        import(&people, &["--organisation", "Larkenhope Trust"])
            .status
            .success()
    );
    assert_eq!(programmes()[0]["name"], "Dig for Wellbeing");
    for more in [&[] as &[&str], &["--dry-run"]] {
        let refused = import(&people, more);
        assert!(
            String::from_utf8_lossy(&refused.stderr)
                .contains("a programme of the name Dig for Wellbeing exists")
        );
    }
    let status = json(&standard_output(&["status", "--json"], data.path()));
    assert_eq!(status["organisation"], "Larkenhope Trust");
}

#[test]
fn an_offer_is_published_when_asked_and_again_only_if_it_changed() {
    let data = tempfile::tempdir().unwrap();
    let [people, sessions] = ["people", "sessions"].map(spreadsheet);
    let name = "Community dig";
    standard_output(
        &["import", &people, &sessions, "--programme", name],
        data.path(),
    );
    let server = Running::start("serve", data.path());
    let example = include_str!("../../docs/offer-example.json");
    let file = data.path().join("offer.json");
    let offer = |content: &str, programme: &str, more: &[&str]| {
        std::fs::write(&file, content).unwrap();
        let mut arguments = vec!["offer", file.to_str().unwrap(), "--programme", programme];
        arguments.extend(more);
        let output = output(&arguments, data.path());
        let said = [output.stdout, output.stderr].concat();
        (output.status.success(), String::from_utf8(said).unwrap())
    };
    let published = || {
        let page = Request::get("/v1/pull?stream=public&after=0&limit=2000").send(server.address);
        let page: PullReply = page.message().unwrap();
        let offers = page
            .events
            .iter()
            .map(|event| read_published(event).unwrap());
        offers.collect::<Vec<_>>()
    };

    let (done, said) = offer(example, name, &["--dry-run"]);
    assert!(done && said.contains("Nothing was kept."), "{said}");
    assert_eq!(published(), []);
    let (done, said) = offer(example, &name.to_uppercase(), &[]);
    assert!(done && said.contains("is published, in en, cy."), "{said}");
    let [(first, named, _)] = &published()[..] else {
        panic!("{:?}", published())
    };
    assert_eq!(named[..], []);
    for more in [&[] as &[&str], &["--dry-run"]] {
        let (done, said) = offer(example, name, more);
        assert!(done && said.starts_with("Nothing changes: "), "{said}");
    }
    assert_eq!(published().len(), 1);

    let changed = example.replace("Bus 14", "Bus 15");
    assert!(offer(&changed, name, &[]).0);
    let [_, (_, named, second)] = &published()[..] else {
        panic!("{:?}", published())
    };
    assert_eq!(named[..], [first.id]);
    let getting_there = &second.text(Language::English).unwrap().getting_there;
    assert!(getting_there.as_str().starts_with("Bus 15 "));

    let wrong = example
        .replace("\"phone\"", "\"telephone\"")
        .replace("\"cy\"", "\"en\"");
    let (done, said) = offer(&wrong, name, &[]);
    assert!(
        !done && said.ends_with("Nothing was published.\n"),
        "{said}"
    );
    for line in ["telephone: ", "phone: ", "texts[1].language: "] {
        assert!(said.lines().any(|told| told.starts_with(line)), "{said}");
    }
    let (done, said) = offer(example, "No such dig", &[]);
    assert!(!done && said.contains("there is: Community dig"), "{said}");
    assert_eq!(published().len(), 2);
}

#[test]
fn codes_are_made_and_devices_shut_out_while_the_server_runs() {
    let data = tempfile::tempdir().unwrap();
    let demo = Running::start("demo", data.path());
    let name =
        json(&standard_output(&["status", "--json"], data.path()))["programmes"][0]["name"].clone();
    let name = name.as_str().unwrap();
    let arguments = [
        "enrol",
        "--programme",
        &name.to_uppercase(),
        "--role",
        "coordinator",
    ];
    let code = standard_output(&arguments, data.path());
    let (device, enrolled) = demo.enrol(code.trim());
    assert_eq!(enrolled.role, Role::Coordinator);
    let number = device.device.to_string();
    standard_output(&["revoke", "--device", &number], data.path());
    assert_eq!(device.get("/v1/streams").status, 410);
    let status = standard_output(&["status"], data.path());
    assert!(
        status.contains("Blue tablet") && status.contains("shut out"),
        "{status}"
    );
    let list = data.path().join("lost.html");
    let arguments = ["loss", "--device", &number, "--out", list.to_str().unwrap()];
    let said = standard_output(&arguments, data.path());
    let page = std::fs::read_to_string(&list).unwrap();
    assert!(page.contains("It was shut out.") && page.contains("Last contact: "));
    let people = said.split_whitespace().next().unwrap().parse::<usize>();
    assert!(people.unwrap() >= 38, "{said}");
    for held in ["emergency", "access needs", "self-referral", "answers"] {
        assert!(page.contains(held), "{held}");
    }
    assert!(
        !output(&arguments, data.path()).status.success(),
        "nothing is replaced"
    );
    let nobody = ["loss", "--device", "99", "--out", "never.html"];
    assert!(!output(&nobody, data.path()).status.success());
    let exported = json(&standard_output(
        &["export", "--programme", name],
        data.path(),
    ));
    assert!(exported.is_object());
}

#[test]
fn what_is_not_there_is_said_and_nothing_is_made() {
    let data = tempfile::tempdir().unwrap();
    let nowhere = data.path().join("nowhere");
    let example = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/offer-example.json");
    for arguments in [
        vec!["status"],
        vec!["export", "--programme", "Dig"],
        vec!["enrol", "--programme", "Dig"],
        vec!["offer", example, "--programme", "Dig"],
    ] {
        let refused = output(&arguments, &nowhere);
        assert!(!refused.status.success());
        assert!(String::from_utf8_lossy(&refused.stderr).contains("there are no records in"));
        assert!(!nowhere.exists());
    }
    drop(Running::start("demo", data.path()));
    let refused = output(&["enrol", "--programme", "No such dig"], data.path());
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(
        said.contains("there is no programme of the name No such dig; there is: "),
        "{said}"
    );
    assert!(
        output(&["revoke", "--device", "1"], data.path())
            .status
            .code()
            == Some(1)
    );
}

#[test]
fn a_safety_copy_is_taken_in_from_a_file_and_a_second_time_changes_nothing() {
    use wellfield_core::clock::Instant;
    use wellfield_core::sync::{PushRequest, SafetyCopy};
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("records");
    let demo = Running::start("demo", &data);
    let (mut device, reply) = demo.enrol(demo.after("Enrolment code for a tablet: "));
    let stream = Stream::Delivery(reply.programmes[0]);
    let events = vec![device.record(stream, note("Not sent")), b"damaged".to_vec()];
    let copy = SafetyCopy {
        push: PushRequest {
            device: device.device,
            first_n: 1,
            pending: 2,
            events,
        },
        made_at: Instant(5),
    };
    let file = folder.path().join("copy.wellfield");
    std::fs::write(&file, copy.to_file(&reply.token)).unwrap();
    let file = file.to_str().unwrap();
    let said = standard_output(&["take-in", file], &data);
    assert!(
        said.contains("2 records: 1 new, 0 were here already, 1 set aside"),
        "{said}"
    );
    let said = standard_output(&["take-in", file], &data);
    assert!(
        said.contains("2 records: 0 new, 1 were here already, 1 set aside"),
        "{said}"
    );
    std::fs::write(file, b"something else").unwrap();
    let refused = output(&["take-in", file], &data);
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(
        !refused.status.success() && said.contains("not a safety copy"),
        "{said}"
    );
}
