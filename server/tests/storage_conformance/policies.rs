//! What PostgreSQL itself holds our statements to, behind the decision of who may read what.

use std::process::{Command, Stdio};

use wellfield_core::access::Role;
use wellfield_core::stream::Stream;
use wellfield_core::sync::Outcome;
use wellfield_server::storage::postgres::{DatabaseUrl, PostgresStorage};
use wellfield_server::storage::{PageWanted, PhoneSubmission, Reader, Storage};

use crate::common::cluster::{Cluster, cluster};
use crate::common::{AUDIT_KEY, PROGRAMME, START, note};
use crate::place::{DELIVERY, Engine, Place, draft};

const CASEWORK: Stream = Stream::Casework(PROGRAMME);

/// A database with records of two streams, three of delivery and two of casework, and one set aside.
fn busy() -> (Place, std::sync::Arc<dyn Storage>) {
    let place = Place::new(Engine::Postgres);
    let storage = place.with_programme();
    let note = |stream| draft(stream, note("Said"));
    let answers = PhoneSubmission {
        programme: PROGRAMME,
        person: None,
        link: [1; 16],
        set: None,
        records: vec![note(CASEWORK), note(CASEWORK), note(DELIVERY)],
        now: START,
    };
    place.wait(storage.answer(answers)).unwrap();
    let mut tablet = place.tablet(&*storage, Role::Facilitator);
    let good = tablet.notes(1);
    place.push(&*storage, &tablet, 1, &good).unwrap();
    let wrong = place.push(&*storage, &tablet, 2, &[b"noise".to_vec()]);
    assert_eq!(wrong.unwrap().outcomes, [Outcome::Unreadable]);
    (place, storage)
}

#[test]
fn a_statement_on_a_devices_connection_gets_no_event_of_another_stream() {
    let (place, _storage) = busy();
    let connection = place.database().connect();
    // An ordinary user, who owns the tables: it is the policy that holds them, and nothing else.
    let above = "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user";
    assert_eq!(connection.value(above), "f");
    let counted = |reads: &str| {
        connection.sql(&format!("SET wellfield.streams = '{reads}'"));
        ["event", "quarantine"]
            .map(|table| connection.value(&format!("SELECT count(*) FROM {table}")))
    };
    let count = |events: u32, set_aside: u32| [events.to_string(), set_aside.to_string()];
    assert_eq!(counted("*"), count(5, 1));
    assert_eq!(counted(""), count(0, 0), "before it is said for whom");
    assert_eq!(counted(&DELIVERY.to_string()), count(3, 0));
    assert_eq!(counted(&CASEWORK.to_string()), count(2, 0));
    assert_eq!(counted(&format!("{DELIVERY} {CASEWORK}")), count(5, 0));
    assert_eq!(counted("public delivery"), count(0, 0), "no part of a name");
    assert_eq!(counted("* x"), count(0, 0), "nothing but the star alone");
    let priya = "INSERT INTO account (id, role, sign_in, name, contact, programmes) VALUES (1, 1, 'p', 'P', '1', '')";
    connection.sql("SET wellfield.streams = '*'");
    connection.sql(priya);
    connection
        .sql("INSERT INTO slip (hash, kind, account, value, expires_at) VALUES ('1', 2, 1, '', 1)");
    for (reads, there) in [("*", "1"), ("", "0"), ("public", "0")] {
        connection.sql(&format!("SET wellfield.streams = '{reads}'"));
        for table in ["account", "slip"] {
            let count = connection.value(&format!("SELECT count(*) FROM {table}"));
            assert_eq!(count, there, "{table} for {reads:?}");
        }
    }
    // Not even what nothing was asked about.
    connection.sql(&format!("SET wellfield.streams = '{CASEWORK}'"));
    connection.sql("UPDATE event SET hlc = 0; DELETE FROM event");
    assert_eq!(counted("*"), count(3, 1));
}

#[test]
fn where_nothing_was_said_everything_is_read() {
    let (place, _storage) = busy();
    let connection = place.database().connect();
    assert_eq!(connection.value("SELECT count(*) FROM event"), "5");
    assert_eq!(connection.value("SELECT count(*) FROM quarantine"), "1");
}

#[test]
fn readers_that_share_connections_get_each_their_own() {
    let (place, storage) = busy();
    let wanted = |number: usize| {
        let (stream, events) = [(DELIVERY, 3), (CASEWORK, 2)][number % 2];
        let wanted = PageWanted {
            reader: Reader::Of(vec![stream]),
            stream,
            epoch: None,
            after: 0,
            limit: 100,
        };
        let page = storage.page(wanted);
        async move { (page.await.unwrap().events.len(), events) }
    };
    let pages = place.wait(futures::future::join_all((0..200).map(wanted)));
    for (events, expected) in pages {
        assert_eq!(events, expected);
    }
}

#[test]
fn a_dump_as_the_guide_makes_it_holds_every_record_and_any_other_fails_aloud() {
    let (place, storage) = busy();
    let before = place.read(&*storage, DELIVERY);
    drop(storage);
    let dump = |extra: &[&str]| {
        Command::new(Cluster::program("pg_dump"))
            .args(["--format=custom"])
            .args(extra)
            .arg(&place.database().url)
            .stderr(Stdio::piped())
            .output()
            .unwrap()
    };
    let held_back = dump(&[]);
    assert!(!held_back.status.success(), "it would leave records out");
    let whole = dump(&["--enable-row-security"]);
    let said = String::from_utf8_lossy(&whole.stderr).into_owned();
    assert!(whole.status.success(), "{said}");
    let folder = tempfile::TempDir::new().unwrap();
    let file = folder.path().join("dump");
    std::fs::write(&file, &whole.stdout).unwrap();
    let other = cluster().database();
    let restored = Command::new(Cluster::program("pg_restore"))
        .args(["--no-owner", "--exit-on-error", "--dbname", &other.url])
        .arg(&file)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&restored.stderr).into_owned();
    assert!(restored.status.success(), "{said}");
    assert_eq!(other.value("SELECT count(*) FROM event"), "5");
    assert_eq!(other.value("SELECT count(*) FROM quarantine"), "1");
    let url = DatabaseUrl::parse(&other.url).unwrap();
    let patience = std::time::Duration::from_secs(20);
    let opened = place.wait(PostgresStorage::open(&url, patience, AUDIT_KEY));
    assert_eq!(place.read(&opened.unwrap(), DELIVERY), before);
    // The policies came along.
    let connection = other.connect();
    connection.sql("SET wellfield.streams = ''");
    assert_eq!(connection.value("SELECT count(*) FROM event"), "0");
}
