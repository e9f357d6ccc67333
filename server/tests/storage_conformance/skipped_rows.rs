//! Numbers that are taken in one order and become visible in another make a reader skip records for
//! good: it saves the cursor behind the later one, and the earlier one appears before it.
//!
//! Sixteen servers store in one stream and are slow to commit, while a reader follows by its cursor.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use wellfield_core::access::Role;
use wellfield_server::storage::{PageWanted, Reader, Storage};

use crate::place::{DELIVERY, Engine, Place, Tablet};

const WRITERS: usize = 16;
const PUSHES: u64 = 6;

/// Long beside what else a transaction takes, and different from one transaction to the next.
const SLOW_POSTGRES: &str = "
    CREATE FUNCTION dawdle() RETURNS TRIGGER LANGUAGE plpgsql AS $$
      BEGIN PERFORM pg_sleep(0.02 * random()); RETURN NULL; END $$;
    CREATE CONSTRAINT TRIGGER slow_commit AFTER INSERT ON event
      DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION dawdle();";

/// SQLite has no sleep and no hook at the commit; this counts for some milliseconds before it.
const SLOW_SQLITE: &str = "
    CREATE TRIGGER slow_commit AFTER INSERT ON event BEGIN
      SELECT count(*) FROM sqlite_schema a, sqlite_schema b, sqlite_schema c, sqlite_schema d;
    END;";

/// The counter of streams as a sequence, as somebody might write it to be rid of the lock: numbers are
/// taken at once, and become visible when their transactions commit.
const UNSAFE_COUNTER: &str = "
    ALTER TABLE stream RENAME TO stream_table;
    CREATE SEQUENCE unsafe_head START WITH 2;
    CREATE VIEW stream AS SELECT key, id,
      (SELECT last_value FROM unsafe_head) AS head, epoch FROM stream_table;
    CREATE FUNCTION take_number() RETURNS TRIGGER LANGUAGE plpgsql AS $$
      BEGIN
        NEW.head = nextval('unsafe_head');
        RETURN NEW;
      END $$;
    CREATE TRIGGER take_number INSTEAD OF UPDATE ON stream
      FOR EACH ROW EXECUTE FUNCTION take_number();";

/// What a reader met that followed the writers, and what is there in the end.
struct Followed {
    by_cursor: Vec<Vec<u8>>,
    in_the_end: Vec<Vec<u8>>,
}

impl Followed {
    fn skipped(&self) -> usize {
        let read: BTreeSet<_> = self.by_cursor.iter().collect();
        self.in_the_end
            .iter()
            .filter(|event| !read.contains(event))
            .count()
    }
}

/// Each writer is a server of its own, so that no two pushes share a transaction.
fn follow(place: &Place, storage: &Arc<dyn Storage>) -> Followed {
    let servers: Vec<_> = (0..WRITERS).map(|_| place.open()).collect();
    let tablets: Vec<_> = servers
        .iter()
        .map(|server| place.tablet(&**server, Role::Facilitator))
        .collect();
    let done = AtomicBool::new(false);
    let by_cursor = std::thread::scope(|scope| {
        let reader = scope.spawn(|| read_along(place, &**storage, &done));
        let writers: Vec<_> = servers
            .iter()
            .zip(tablets)
            .map(|(server, tablet)| scope.spawn(move || write(place, &**server, tablet)))
            .collect();
        for writer in writers {
            writer.join().unwrap();
        }
        done.store(true, Ordering::SeqCst);
        reader.join().unwrap()
    });
    let in_the_end = place.wait(storage.events(vec![DELIVERY])).unwrap();
    Followed {
        by_cursor,
        in_the_end: in_the_end.into_iter().map(|event| event.bytes).collect(),
    }
}

fn write(place: &Place, server: &dyn Storage, mut tablet: Tablet) {
    for n in 1..=PUSHES {
        let events = tablet.notes(1);
        place.push(server, &tablet, n, &events).unwrap();
    }
}

/// Reads on behind the last event read until the writers are done, as a device does, and once more.
fn read_along(place: &Place, storage: &dyn Storage, done: &AtomicBool) -> Vec<Vec<u8>> {
    let mut read = Vec::new();
    let mut after = 0;
    loop {
        let last_time = done.load(Ordering::SeqCst);
        let page = place
            .wait(storage.page(PageWanted {
                reader: Reader::Of(vec![DELIVERY]),
                stream: DELIVERY,
                epoch: None,
                after,
                limit: 1000,
            }))
            .unwrap();
        for event in page.events {
            after = event.seq;
            read.push(event.bytes);
        }
        if last_time {
            return read;
        }
    }
}

pub fn a_reader_that_follows_sixteen_slow_writers_misses_nothing(place: &Place) {
    let storage = place.with_programme();
    place.sql(match place.engine() {
        Engine::Sqlite => SLOW_SQLITE,
        Engine::Postgres => SLOW_POSTGRES,
    });
    let followed = follow(place, &storage);
    assert_eq!(followed.skipped(), 0);
    assert_eq!(followed.by_cursor, followed.in_the_end);
    assert_eq!(
        followed.in_the_end.len() as u64,
        1 + WRITERS as u64 * PUSHES
    );
    place.delivered(&*storage);
}

/// The same test finds the flaw where there is one, so that it is known that it can.
#[test]
fn a_counter_that_is_not_locked_until_the_commit_is_found_out() {
    let place = Place::new(Engine::Postgres);
    let storage = place.with_programme();
    place.sql(SLOW_POSTGRES);
    // What the engine prepared names the table that is about to change its name.
    drop(storage);
    place.sql(UNSAFE_COUNTER);
    let storage = place.open_with(Duration::from_secs(20));
    let followed = follow(&place, &storage);
    assert_eq!(
        followed.in_the_end.len() as u64,
        1 + WRITERS as u64 * PUSHES,
        "everything is stored"
    );
    assert!(
        followed.skipped() > 0,
        "a reader that follows an unsafe counter has to miss something here"
    );
}
