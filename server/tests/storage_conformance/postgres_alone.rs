//! What only a database that others share can meet.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use wellfield_core::access::Role;
use wellfield_core::sync::{Outcome, Problem};
use wellfield_server::clock::SystemClock;
use wellfield_server::http::{Settings, serve};
use wellfield_server::keys::SealingKeys;
use wellfield_server::storage::postgres::{DatabaseUrl, OpenError, PostgresStorage};
use wellfield_server::storage::{PageWanted, Push, Reader, Storage, StorageError};

use crate::common::{AUDIT_KEY, Request};
use crate::place::{Count, DELIVERY, Engine, Place, Tablet};
use crate::servers::{Running, at, bare_wellfield, said, wellfield};

/// Short, for what is to be waited for in vain.
const SOON: Duration = Duration::from_millis(300);

fn place() -> Place {
    Place::new(Engine::Postgres)
}

/// How many of the server's transactions wait for a lock.
const WAITING: &str = "SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND application_name = 'wellfield'
      AND wait_event_type = 'Lock'";

const TERMINATE_WAITING: &str = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND application_name = 'wellfield'
      AND wait_event_type = 'Lock'";

const TERMINATE_ALL: &str = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND application_name = 'wellfield'";

const TERMINATE_WORKING: &str = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND application_name = 'wellfield' AND state <> 'idle'";

/// Serves a storage over HTTP for as long as the test runs.
fn over_http(place: &Place, storage: &Arc<dyn Storage>) -> SocketAddr {
    place.wait(async {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let settings = Settings {
            behind_tls_proxy: false,
            ..Settings::default()
        };
        let (storage, clock) = (Arc::clone(storage), Arc::new(SystemClock));
        tokio::spawn(serve(
            listener,
            storage,
            clock,
            SealingKeys::of([[2; 32]]),
            settings,
            std::future::pending(),
        ));
        address
    })
}

fn is_unavailable<T, R>(answer: &Result<T, StorageError<R>>) -> bool {
    matches!(answer, Err(StorageError::Unavailable(_)))
}

#[test]
fn servers_that_start_at_the_same_time_bring_the_database_to_its_schema_once() {
    let place = place();
    let opened: Vec<_> = std::thread::scope(|scope| {
        let opening: Vec<_> = (0..8).map(|_| scope.spawn(|| place.open())).collect();
        opening
            .into_iter()
            .map(|server| server.join().unwrap())
            .collect()
    });
    for server in &opened {
        assert_eq!(place.wait(server.overview()).unwrap().devices, []);
    }
    let database = place.database();
    assert_eq!(database.value("SELECT count(*) FROM schema_version"), "1");
    assert_eq!(database.value("SELECT count(*) FROM device"), "1");
}

#[test]
fn a_database_of_a_newer_version_is_left_alone() {
    let place = place();
    drop(place.open());
    place.sql("UPDATE schema_version SET steps = 99");
    let url = DatabaseUrl::parse(&place.database().url).unwrap();
    let refused = place.wait(PostgresStorage::open(&url, SOON, AUDIT_KEY));
    assert!(matches!(
        refused.err().unwrap(),
        OpenError::TooNew { found: 99, .. }
    ));
    assert_eq!(
        place.database().value("SELECT steps FROM schema_version"),
        "99"
    );
}

#[test]
fn two_servers_over_one_database_serve_one_device_in_turn() {
    const ROUNDS: u64 = 10;
    let place = place();
    let starting = || std::iter::repeat_with(|| Running::serve(&place));
    // Both find nothing there and start at the same time.
    let servers: Vec<_> = std::thread::scope(|scope| {
        let starting: Vec<_> = (0..2)
            .map(|_| scope.spawn(|| starting().next().unwrap()))
            .collect();
        starting
            .into_iter()
            .map(|server| server.join().unwrap())
            .collect()
    });
    let storage = place.with_programme();
    let mut devices: Vec<_> = (0..3).map(|_| servers[0].device(&place)).collect();
    let mut hopping = devices.pop().unwrap();
    let mut sent = BTreeSet::new();
    std::thread::scope(|scope| {
        // Others send to either server meanwhile.
        let others: Vec<_> = devices
            .into_iter()
            .zip(&servers)
            .map(|(mut device, server)| {
                scope.spawn(move || {
                    let mut sent = Vec::new();
                    for round in 0..ROUNDS {
                        let events = device.notes(5);
                        let receipt = at(&device, server).push(round * 5 + 1, events.clone());
                        assert_eq!(receipt.unwrap().outcomes, [Outcome::Stored; 5]);
                        sent.extend(events);
                    }
                    sent
                })
            })
            .collect();
        for round in 0..ROUNDS {
            let [here, there] = [0, 1].map(|side| &servers[(round + side) as usize % 2]);
            let events = hopping.notes(2);
            let receipt = at(&hopping, here).push(round * 2 + 1, events.clone());
            assert_eq!(receipt.unwrap().outcomes, [Outcome::Stored; 2]);
            // The receipt was lost: the other server knows what the first has taken.
            let again = at(&hopping, there).push(round * 2 + 1, events.clone());
            assert_eq!(again.unwrap().outcomes, [Outcome::Held; 2]);
            let page = at(&hopping, there).pull(DELIVERY, 0, 2000).unwrap();
            let read: BTreeSet<_> = page.events.into_iter().map(|event| event.bytes).collect();
            assert!(events.iter().all(|event| read.contains(event)));
            sent.extend(events);
        }
        for other in others {
            sent.extend(other.join().unwrap());
        }
    });
    let held = place.delivered(&*storage);
    assert_eq!(held.len(), sent.len());
    assert_eq!(held.into_iter().collect::<BTreeSet<_>>(), sent);
    // What is done at one server holds at the other.
    let number = hopping.device.to_string();
    said(
        &wellfield(&place, &["revoke", "--device", &number])
            .output()
            .unwrap(),
    );
    for server in &servers {
        let told = at(&hopping, server).push(ROUNDS * 2 + 1, Vec::new());
        assert!(told.unwrap().taken_out);
    }
}

#[test]
fn a_push_whose_connection_is_killed_stores_nothing_and_once_it_is_sent_again() {
    let place = place();
    let storage = place.with_programme();
    let mut tablet = place.tablet(&*storage, Role::Facilitator);
    let events = tablet.notes(3);
    let other = place.database().connect();
    // Somebody holds the counter, so that the push is in the middle: its events are not stored yet,
    // and its device is locked.
    other.sql("BEGIN; SELECT head FROM stream FOR UPDATE");
    let answer = std::thread::scope(|scope| {
        let pushing = scope.spawn(|| place.wait(storage.push(tablet.request(1, &events))));
        other.wait_for(WAITING, "1");
        other.sql(TERMINATE_WAITING);
        pushing.join().unwrap()
    });
    assert!(is_unavailable(&answer), "{answer:?}");
    other.sql("ROLLBACK");
    assert_eq!(place.delivered(&*storage), Vec::<Vec<u8>>::new());
    let receipt = place.push(&*storage, &tablet, 1, &events).unwrap();
    assert_eq!(receipt.outcomes, [Outcome::Stored; 3]);
    assert_eq!(place.delivered(&*storage), events);
}

/// Ends every connection that is in the middle of something, again and again, each time after some
/// pushes have come through, until all have.
fn kill_connections(place: &Place, stored: &Count, all: u64) {
    const BETWEEN: u64 = 12;
    let other = place.database().connect();
    let mut next = BETWEEN;
    while next < all {
        stored.wait_for(next);
        // Somebody may be between two transactions; then it is tried again.
        while other.value(TERMINATE_WORKING).is_empty() && stored.get() < all {}
        next = stored.get() + BETWEEN;
    }
}

/// Pushes again and again until everything is stored.
fn push_stubbornly(
    place: &Place,
    storage: &dyn Storage,
    mut tablet: Tablet,
    pushes: u64,
    stored: &Count,
) -> Vec<Vec<u8>> {
    let mut sent = Vec::new();
    for push in 0..pushes {
        let events = tablet.notes(5);
        loop {
            let answer = place.wait(storage.push(tablet.request(push * 5 + 1, &events)));
            if answer.is_ok() {
                break;
            }
            assert!(is_unavailable(&answer), "{answer:?}");
        }
        stored.add(1);
        sent.extend(events);
    }
    sent
}

#[test]
fn nothing_is_lost_or_doubled_while_connections_are_killed_under_load() {
    const DEVICES: u64 = 6;
    const PUSHES: u64 = 20;
    let place = place();
    let storage = place.with_programme();
    let tablets: Vec<_> = (0..DEVICES)
        .map(|_| place.tablet(&*storage, Role::Facilitator))
        .collect();
    let stored = Count::default();
    let sent: BTreeSet<Vec<u8>> = std::thread::scope(|scope| {
        scope.spawn(|| kill_connections(&place, &stored, DEVICES * PUSHES));
        let pushing: Vec<_> = tablets
            .into_iter()
            .map(|tablet| {
                scope.spawn(|| push_stubbornly(&place, &*storage, tablet, PUSHES, &stored))
            })
            .collect();
        pushing
            .into_iter()
            .flat_map(|pushing| pushing.join().unwrap())
            .collect()
    });
    let held = place.delivered(&*storage);
    assert_eq!(held.len() as u64, DEVICES * PUSHES * 5);
    assert_eq!(held.into_iter().collect::<BTreeSet<_>>(), sent);
}

#[test]
fn after_every_connection_was_killed_the_next_request_is_answered() {
    let place = place();
    let storage = place.with_programme();
    let tablet = place.tablet(&*storage, Role::Facilitator);
    let other = place.database().connect();
    other.sql(TERMINATE_ALL);
    let gone = "SELECT count(*) FROM pg_stat_activity
        WHERE datname = current_database() AND application_name = 'wellfield'";
    other.wait_for(gone, "0");
    let caller = place.wait(storage.caller(tablet.token)).unwrap().unwrap();
    assert_eq!(caller.standing.device, tablet.device);
    assert_eq!(place.wait(storage.overview()).unwrap().devices.len(), 1);
    other.sql(TERMINATE_ALL);
    other.wait_for(gone, "0");
    let receipt = place.push(&*storage, &tablet, 1, &tablet.clone().notes(1));
    assert_eq!(receipt.unwrap().outcomes, [Outcome::Stored]);
}

#[test]
fn what_is_locked_for_too_long_is_told_to_come_back_and_then_stored_once() {
    let place = place();
    drop(place.with_programme());
    let storage = place.open_with(SOON);
    let mut device = place.tablet_over_http(&*storage);
    device.address = over_http(&place, &storage);
    let events = device.notes(2);
    let other = place.database().connect();
    other.sql("BEGIN; SELECT head FROM stream FOR UPDATE");
    let refused = device.push_request(1, events.clone()).send(device.address);
    assert_eq!(
        (refused.status, refused.problem().problem),
        (503, Problem::TryLater)
    );
    assert_eq!(refused.header("retry-after"), "5");
    let page = device.pull(DELIVERY, 0, 10).unwrap();
    assert_eq!(page.events.len(), 1, "reading goes on");
    other.sql("ROLLBACK");
    let receipt = device.push(1, events.clone()).unwrap();
    assert_eq!(receipt.outcomes, [Outcome::Stored; 2]);
    // A lock on the whole table stops reading too, and that is said in time as well.
    other.sql("BEGIN; LOCK TABLE device, stream IN ACCESS EXCLUSIVE MODE");
    let refused = device.get("/v1/streams?pending=0");
    assert_eq!(refused.status, 503);
    assert_eq!(Request::get("/healthz").send(device.address).status, 503);
    other.sql("ROLLBACK");
    assert_eq!(Request::get("/healthz").send(device.address).status, 200);
    assert_eq!(place.delivered(&*storage), events);
}

#[test]
fn a_page_costs_what_is_on_it_and_not_what_is_held() {
    const BATCHES: u64 = 10;
    const BATCH: u64 = 500;
    let place = place();
    let storage = place.with_programme();
    let mut tablet = place.tablet(&*storage, Role::Facilitator);
    for batch in 0..BATCHES {
        let events = tablet.notes(BATCH);
        place
            .push(&*storage, &tablet, batch * BATCH + 1, &events)
            .unwrap();
    }
    drop(storage);
    let other = place.database().connect();
    // The database counts what a connection has read at the latest when that ends.
    let read = || {
        let open = "SELECT count(*) FROM pg_stat_activity
            WHERE datname = current_database() AND application_name = 'wellfield'";
        other.wait_for(open, "0");
        let rows = "SELECT seq_tup_read + idx_tup_fetch FROM pg_stat_user_tables
            WHERE relname = 'event'";
        other.value(rows).parse::<u64>().unwrap()
    };
    let before = read();
    let storage = place.open();
    for after in [0, BATCHES * BATCH / 2, BATCHES * BATCH - 9] {
        let wanted = PageWanted {
            reader: Reader::Of(vec![DELIVERY]),
            stream: DELIVERY,
            epoch: Some(1),
            after,
            limit: 10,
        };
        let page = place.wait(storage.page(wanted)).unwrap();
        assert_eq!(page.events.len(), 10);
    }
    drop(storage);
    let rows = read() - before;
    assert!((30..100).contains(&rows), "{rows} rows were read for 30");
}

#[test]
fn many_pushes_behind_one_lock_wait_for_it_once_together() {
    const DEVICES: usize = 20;
    let place = place();
    drop(place.with_programme());
    let storage = place.open_with(SOON);
    let mut tablets: Vec<_> = (0..DEVICES)
        .map(|_| place.tablet(&*storage, Role::Facilitator))
        .collect();
    let events: Vec<_> = tablets.iter_mut().map(|tablet| tablet.notes(1)).collect();
    let other = place.database().connect();
    other.sql("BEGIN; SELECT head FROM stream FOR UPDATE");
    let began = std::time::Instant::now();
    let pushes = tablets.iter().zip(&events);
    let pushes = pushes.map(|(tablet, events)| storage.push(tablet.request(1, events)));
    let answers = place.wait(futures::future::join_all(pushes));
    assert!(answers.iter().all(is_unavailable));
    let waited = began.elapsed();
    assert!(waited < SOON * 10, "{waited:?}");
}

#[test]
fn a_full_disk_refuses_a_push_whole_and_keeps_what_was_acknowledged() {
    let place = place();
    let storage = place.with_programme();
    let mut device = place.tablet_over_http(&*storage);
    device.address = over_http(&place, &storage);
    let events = device.notes(4);
    device.push(1, events[..1].to_vec()).unwrap();
    // As the engine says it when it cannot extend a file, in the middle of a push.
    place.sql(
        "CREATE FUNCTION full_disk() RETURNS TRIGGER LANGUAGE plpgsql AS $$
           BEGIN
             IF NEW.n = 3 THEN
               RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full';
             END IF;
             RETURN NEW;
           END $$;
         CREATE TRIGGER full_disk BEFORE INSERT ON event
           FOR EACH ROW EXECUTE FUNCTION full_disk();",
    );
    let refused = device
        .push_request(2, events[1..].to_vec())
        .send(device.address);
    assert_eq!(
        (refused.status, refused.problem().problem),
        (503, Problem::TryLater)
    );
    assert_eq!(refused.header("retry-after"), "5");
    assert_eq!(place.delivered(&*storage), events[..1]);
    place.sql("DROP TRIGGER full_disk ON event");
    let receipt = device.push(2, events[1..].to_vec()).unwrap();
    assert_eq!(receipt.outcomes, [Outcome::Stored; 3]);
    assert_eq!(place.delivered(&*storage), events);
}

/// Transactions get in each other's way so many times. What a sequence counted stays counted.
fn in_the_way(times: u32) -> String {
    format!(
        "CREATE SEQUENCE tries;
         CREATE FUNCTION in_the_way() RETURNS TRIGGER LANGUAGE plpgsql AS $$
           BEGIN
             IF nextval('tries') <= {times} THEN
               RAISE EXCEPTION 'in the way' USING ERRCODE = 'serialization_failure';
             END IF;
             RETURN NEW;
           END $$;
         CREATE TRIGGER in_the_way BEFORE INSERT ON event
           FOR EACH ROW EXECUTE FUNCTION in_the_way();"
    )
}

#[test]
fn transactions_in_each_other_s_way_are_tried_again_and_not_for_ever() {
    for (times, stored, tries) in [(2, true, "3"), (1000, false, "4")] {
        let place = place();
        let storage = place.with_programme();
        let mut tablet = place.tablet(&*storage, Role::Facilitator);
        place.sql(&in_the_way(times));
        let events = tablet.notes(1);
        let answer = place.wait(storage.push(tablet.request(1, &events)));
        assert_eq!(answer.is_ok(), stored, "{answer:?}");
        assert_eq!(is_unavailable(&answer), !stored);
        let counted = place.database().value("SELECT last_value FROM tries");
        assert_eq!(counted, tries);
        let held = place.delivered(&*storage).len();
        assert_eq!(held, usize::from(stored));
    }
}

#[test]
fn a_push_that_the_database_cannot_take_keeps_no_other_from_being_stored() {
    const DEVICES: usize = 8;
    let place = place();
    let storage = place.with_programme();
    let mut tablets: Vec<_> = (0..DEVICES)
        .map(|_| place.tablet(&*storage, Role::Facilitator))
        .collect();
    let events: Vec<_> = tablets.iter_mut().map(|tablet| tablet.notes(1)).collect();
    let poisoned = tablets[3].device;
    place.sql(&format!(
        "ALTER TABLE event ADD CONSTRAINT never CHECK (device <> {poisoned})"
    ));
    // All are queued at once, so that they share a transaction.
    let pushes: Vec<Push> = tablets
        .iter()
        .zip(&events)
        .map(|(tablet, events)| tablet.request(1, events))
        .collect();
    let answers = place.wait(futures::future::join_all(
        pushes.into_iter().map(|push| storage.push(push)),
    ));
    for (tablet, answer) in tablets.iter().zip(answers) {
        assert_eq!(is_unavailable(&answer), tablet.device == poisoned);
        if let Err(StorageError::Unavailable(error)) = answer {
            let text = error.to_string();
            assert!(!text.contains("Failing row"), "rows are not quoted: {text}");
        }
    }
    assert_eq!(place.delivered(&*storage).len(), DEVICES - 1);
}

#[test]
fn the_password_is_shown_nowhere_and_the_environment_names_the_database() {
    let place = place();
    place.with_programme();
    let secret = "hunter2";
    let url = place.database().url_with_password(secret);
    let mut command = bare_wellfield(&["status"]);
    command.env("WELLFIELD_DATABASE", &url);
    command.env("WELLFIELD_KEYS", place.keys_file());
    let told = said(&command.output().unwrap());
    assert!(told.contains("Larkenhope Dig"), "{told}");
    assert!(!told.contains(secret));
    // Where there is no such database, where nobody listens, and where the address is none.
    let elsewhere = [
        url.replace("/test_", "/none_"),
        format!("postgres://ann:{secret}@127.0.0.1:1/x"),
        format!("postgres://ann:{secret}@127.0.0.1:x/x"),
        format!("postgres://ann:{secret}@127.0.0.1/x?sslmode=sometimes"),
    ];
    for url in elsewhere {
        for command in ["status", "serve"] {
            let mut typed = bare_wellfield(&[command]);
            typed.args(["--database", &url]);
            typed.env("WELLFIELD_KEYS", place.keys_file());
            let output = typed.output().unwrap();
            assert!(!output.status.success());
            let told = [output.stdout, output.stderr].concat();
            let told = String::from_utf8_lossy(&told).into_owned();
            assert!(told.contains("the database"), "{told}");
            assert!(!told.contains(secret), "{told}");
        }
    }
}
