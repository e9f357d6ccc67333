//! The drill: records are backed up while tablets send, the machine is lost, the backup is put back
//! elsewhere, and the tablets go on. And everything that can be wrong with a backup.

#![allow(clippy::unwrap_used, reason = "a test that fails says where")]

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use common::binary::{Running, json, output, standard_output, wellfield};
use common::{Device, note, pull_path};
use tempfile::TempDir;
use wellfield_core::clock::Instant;
use wellfield_core::event::decode_event;
use wellfield_core::ids::EventId;
use wellfield_core::restore::ledger::{Erasure, encode_erasure};
use wellfield_core::stream::Stream;
use wellfield_core::sync::{Outcome, Problem, PullReply};
use wellfield_server::keys::write_private;

/// A folder of records, a key that opens its backups, and where these are.
struct Site {
    folder: TempDir,
    recipient: String,
}

impl Site {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("records")).unwrap();
        let mut site = Self {
            folder,
            recipient: String::new(),
        };
        site.recipient = site.new_identity("identity");
        site
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn text(&self, name: &str) -> String {
        self.path(name).to_str().unwrap().to_owned()
    }

    fn records(&self) -> PathBuf {
        self.path("records")
    }

    fn new_identity(&self, name: &str) -> String {
        let made = wellfield(&["identity", &self.text(name)]).output().unwrap();
        assert!(made.status.success());
        String::from_utf8(made.stdout).unwrap().trim().to_owned()
    }

    fn backup(&self, name: &str) -> String {
        let file = self.text(name);
        standard_output(&["backup", &file, "--to", &self.recipient], &self.records())
    }

    /// Puts a backup back into a folder beside the first one, on a machine that has the keys.
    fn restore(&self, backup: &str, into: &str, more: &[&str]) -> Output {
        let data = self.path(into);
        fs::create_dir_all(&data).unwrap();
        if self.records().join("keys").exists() && !data.join("keys").exists() {
            fs::copy(self.records().join("keys"), data.join("keys")).unwrap();
        }
        let [backup, identity] = [backup, "identity"].map(|name| self.text(name));
        let mut arguments = vec!["restore", &backup];
        if !more.contains(&"--identity") {
            arguments.extend(["--identity", &identity]);
        }
        arguments.extend(more);
        output(&arguments, &data)
    }

    fn restored(&self, backup: &str, into: &str) -> PathBuf {
        let done = self.restore(backup, into, &[]);
        let said = String::from_utf8_lossy(&done.stderr).into_owned();
        assert!(done.status.success(), "{said}");
        self.path(into)
    }

    /// Restoring fails for this reason and leaves no records behind, and nothing that was decrypted.
    fn refuses(&self, backup: &str, more: &[&str], reason: &str) {
        let into = "refused";
        let refused = self.restore(backup, into, more);
        let said = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert_eq!(refused.status.code(), Some(1), "{said}");
        assert!(said.contains(reason), "{said}");
        assert_eq!(files_of(&self.path(into)), ["keys"]);
    }
}

fn files_of(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<_> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// A demonstration on whose records nothing is done any more.
fn quiet_site() -> Site {
    let site = Site::new();
    drop(Running::start("demo", &site.records()));
    site
}

/// A whole stream as a device reads it afresh, in the epoch that the server says.
fn read_afresh(device: &Device, stream: Stream) -> (u32, BTreeMap<EventId, Vec<u8>>) {
    let heads = device.streams(0).unwrap().streams;
    let head = heads.iter().find(|head| head.stream == stream).unwrap();
    let mut events = BTreeMap::new();
    let mut after = 0;
    while after < head.head {
        let path = pull_path(stream, head.epoch, after, 2000);
        let page: PullReply = device.get(&path).message().unwrap();
        after += page.events.len() as u64;
        for pulled in page.events {
            let id = pulled.event().unwrap().id;
            assert_eq!(
                events.insert(id, pulled.bytes),
                None,
                "{id:?} is there twice"
            );
        }
    }
    (head.epoch, events)
}

/// What a tablet does that is told that the server misses what it once acknowledged: it asks where the
/// server is, goes back there, and sends its log from there on.
fn send_again(device: &Device, log: &[Vec<u8>]) -> usize {
    let asked = device.push(log.len() as u64 + 1, vec![]);
    let Err(problem) = asked else { return 0 };
    assert_eq!(problem.problem, Problem::Gap);
    let first_n = problem.expected_n.unwrap();
    let missing = &log[usize::try_from(first_n - 1).unwrap()..];
    for (part, at) in missing.chunks(100).zip(0..) {
        let receipt = device.push(first_n + 100 * at, part.to_vec()).unwrap();
        assert!(
            receipt
                .outcomes
                .iter()
                .all(|outcome| *outcome == Outcome::Stored)
        );
    }
    missing.len()
}

/// The audit is whole, and holds the backup and the restore.
fn audit_tells_of_both(data: &Path) {
    let entries = json(&standard_output(&["audit", "list", "--json"], data));
    let actions: Vec<_> = entries
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| &entry["action"])
        .collect();
    assert!(
        actions.iter().any(|action| **action == "backed-up"),
        "{actions:?}"
    );
    assert!(
        actions.iter().any(|action| **action == "restored"),
        "{actions:?}"
    );
    let verified = standard_output(&["audit", "verify"], data);
    assert!(verified.contains("is whole"), "{verified}");
}

/// Makes a backup in the middle of a tablet's pushes. Answers everything that the tablet recorded, and how
/// much of it was acknowledged before the backup began.
fn backed_up_while_it_sends(
    site: &Site,
    ahead: &mut Device,
    stream: Stream,
) -> (Vec<Vec<u8>>, u64) {
    let (done, sent) = (AtomicBool::new(false), AtomicU64::new(0));
    // The backup is made in the middle of the pushes: they go on until it is there, and some more.
    std::thread::scope(|scope| {
        let pushing = scope.spawn(|| {
            let mut log = Vec::new();
            let mut after = 0;
            while after < 20 {
                let event = ahead.record(stream, note("Recorded"));
                let receipt = ahead.push(ahead.next_n - 1, vec![event.clone()]).unwrap();
                assert_eq!(receipt.outcomes, [Outcome::Stored]);
                log.push(event);
                sent.fetch_add(1, Ordering::SeqCst);
                after += u32::from(done.load(Ordering::SeqCst));
            }
            log
        });
        while sent.load(Ordering::SeqCst) < 5 {
            std::thread::yield_now();
        }
        let acknowledged = sent.load(Ordering::SeqCst);
        let said = site.backup("one.age");
        let meanwhile = sent.load(Ordering::SeqCst) - acknowledged;
        done.store(true, Ordering::SeqCst);
        assert!(said.contains("read back and compared"), "{said}");
        assert!(meanwhile > 0, "the backup kept the tablet waiting");
        (pushing.join().unwrap(), acknowledged)
    })
}

#[test]
fn after_a_disaster_nothing_that_tablets_hold_is_lost_or_doubled_and_all_end_equal() {
    let site = Site::new();
    let mut demo = Running::start("demo", &site.records());
    let (mut ahead, enrolled) = demo.enrol(demo.after("Enrolment code for a tablet: "));
    let (other, _) = demo.enrol(demo.after("Enrolment code for a coordinator's computer: "));
    let stream = Stream::Delivery(enrolled.programmes[0]);
    let (log, acknowledged) = backed_up_while_it_sends(&site, &mut ahead, stream);
    let (first_epoch, before) = read_afresh(&other, stream);
    let late_code = standard_output(
        &["enrol", "--programme", &programme(&site.records())],
        &site.records(),
    );
    let (late, _) = demo.enrol(late_code.trim());
    demo.child.kill().unwrap();
    demo.child.wait().unwrap();

    // The machine is lost, but for its keys, which were kept apart.
    let keys = fs::read(site.records().join("keys")).unwrap();
    fs::remove_dir_all(site.records()).unwrap();
    fs::create_dir(site.path("elsewhere")).unwrap();
    write_private(&site.path("elsewhere").join("keys"), &keys).unwrap();
    let data = site.restored("one.age", "elsewhere");
    let verified = standard_output(&["audit", "verify"], &data);
    assert!(verified.contains("is whole"), "{verified}");
    let server = Running::start("serve", &data);
    let [ahead, other, late] = [&ahead, &other, &late].map(|device| Device {
        address: server.address,
        ..device.clone()
    });
    let old = other.get(&pull_path(stream, first_epoch, 1, 10));
    assert_eq!(old.problem().problem, Problem::EpochChanged);
    let (_, put_back) = read_afresh(&other, stream);
    let early = log.iter().take(usize::try_from(acknowledged).unwrap());
    assert!(
        early
            .map(|bytes| decode_event(bytes).unwrap().id)
            .all(|id| put_back.contains_key(&id)),
        "what was acknowledged before the backup is in it"
    );
    assert!(
        put_back.len() < before.len() && put_back.iter().all(|(id, _)| before.contains_key(id))
    );
    let again = send_again(&ahead, &log);
    assert!((20..log.len()).contains(&again), "{again} of {}", log.len());
    assert_eq!(send_again(&ahead, &log), 0, "and then nothing is missing");
    let (epoch, one) = read_afresh(&ahead, stream);
    let (_, two) = read_afresh(&other, stream);
    assert_ne!(epoch, first_epoch);
    assert!(one == two && one == before, "what was there is there once");
    // A tablet that joined after the backup is told so, and its number is nobody else's.
    assert_eq!(late.streams(0).unwrap_err().problem, Problem::UnknownDevice);
    let code = standard_output(&["enrol", "--programme", &programme(&data)], &data);
    let (new, _) = server.enrol(code.trim());
    assert!(new.device.0 > late.device.0 + 900, "{:?}", new.device);
    audit_tells_of_both(&data);
}

fn programme(data: &Path) -> String {
    let status = json(&standard_output(&["status", "--json"], data));
    status["programmes"][0]["name"].as_str().unwrap().to_owned()
}

fn epochs(data: &Path) -> Vec<u64> {
    let status = json(&standard_output(&["status", "--json"], data));
    let streams = status["streams"].as_array().unwrap();
    streams
        .iter()
        .map(|stream| stream["epoch"].as_u64().unwrap())
        .collect()
}

#[test]
fn a_backup_that_is_restored_twice_begins_two_histories() {
    let site = quiet_site();
    site.backup("one.age");
    let [first, second] = ["first", "second"].map(|into| epochs(&site.restored("one.age", into)));
    assert!(!first.is_empty() && first.iter().all(|epoch| *epoch >= 1 << 31));
    assert!(
        first.iter().all(|epoch| !second.contains(epoch)),
        "{first:?} {second:?}"
    );
    // And what was restored can be backed up and restored again.
    let into = site.path("first");
    let file = site.text("two.age");
    standard_output(&["backup", &file, "--to", &site.recipient], &into);
    let third = epochs(&site.restored("two.age", "third"));
    assert!(third.iter().all(|epoch| !first.contains(epoch)));
}

#[test]
fn a_backup_opens_with_what_it_was_made_for_and_holds_nothing_readable() {
    let site = quiet_site();
    let second = site.new_identity("second");
    let file = site.text("one.age");
    let to = ["backup", &file, "--to", &site.recipient, "--to", &second];
    standard_output(&to, &site.records());
    let bytes = fs::read(site.path("one.age")).unwrap();
    let name = programme(&site.records());
    assert!(
        !bytes
            .windows(name.len())
            .any(|part| part == name.as_bytes())
    );
    assert!(!bytes.windows(6).any(|part| part == b"SQLite"));
    site.new_identity("stranger");
    let stranger = site.text("stranger");
    site.refuses(
        "one.age",
        &["--identity", &stranger],
        "encrypted to another key",
    );
    site.refuses(
        "one.age",
        &["--identity", &file],
        "there is no identity in it",
    );
    let with_second = site.text("second");
    assert!(
        site.restore("one.age", "done", &["--identity", &with_second])
            .status
            .success()
    );

    fs::write(site.path("passphrase"), "correct horse battery staple\n").unwrap();
    let [file, passphrase] = ["two.age", "passphrase"].map(|name| site.text(name));
    let arguments = ["backup", &file, "--passphrase-file", &passphrase];
    let said = standard_output(&arguments, &site.records());
    assert!(said.contains("opened again and compared"), "{said}");
    let into = site.path("by-passphrase");
    standard_output(&["restore", &file, "--passphrase-file", &passphrase], &into);
    assert_eq!(programme(&into), name);
}

#[test]
fn what_is_no_whole_backup_is_refused_and_leaves_nothing() {
    let site = quiet_site();
    site.backup("one.age");
    let whole = fs::read(site.path("one.age")).unwrap();
    for (length, reason) in [
        (0, "no backup"),
        (100, "no backup"),
        (whole.len() / 2, "damaged or cut off"),
        (whole.len() - 1, "damaged or cut off"),
    ] {
        fs::write(site.path("cut.age"), &whole[..length]).unwrap();
        site.refuses("cut.age", &[], reason);
    }
    let mut changed = whole.clone();
    changed[whole.len() / 2] ^= 1;
    fs::write(site.path("changed.age"), changed).unwrap();
    site.refuses("changed.age", &[], "damaged or cut off");
    site.refuses("nowhere.age", &[], "it cannot be read");
    // Another program's database, well encrypted.
    let other = tempfile::tempdir().unwrap();
    common::database(other.path())
        .execute_batch("CREATE TABLE x (y)")
        .unwrap();
    let lock = wellfield_server::backup::Lock::keys(std::slice::from_ref(&site.recipient)).unwrap();
    let database = fs::read(other.path().join("wellfield.sqlite3")).unwrap();
    for (content, reason) in [
        (&database[..], "not one of Wellfield"),
        (b"no database", "cannot be"),
    ] {
        let mut sealed = Vec::new();
        lock.seal(&mut &content[..], &mut sealed).unwrap();
        fs::write(site.path("other.age"), sealed).unwrap();
        site.refuses("other.age", &[], reason);
    }
}

#[test]
fn records_that_are_there_are_never_replaced() {
    let site = quiet_site();
    site.backup("one.age");
    let refused = site.restore("one.age", "records", &[]);
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(said.contains("there are records in"), "{said}");
    assert!(standard_output(&["audit", "verify"], &site.records()).contains("is whole"));
    let file = site.text("one.age");
    let before = fs::read(&file).unwrap();
    let refused = output(&["backup", &file, "--to", &site.recipient], &site.records());
    assert!(String::from_utf8_lossy(&refused.stderr).contains("already"));
    assert_eq!(fs::read(&file).unwrap(), before);
}

#[test]
fn who_was_erased_does_not_come_back() {
    let site = quiet_site();
    site.backup("one.age");
    let ledger = site.text("ledger");
    let export = |data: &Path| {
        json(&standard_output(
            &["export", "--programme", &programme(data)],
            data,
        ))
    };
    let before = export(&site.records());
    let person = before["people"][0]["id"].as_str().unwrap();
    let erase = ["erase", "--person", person, "--erasures", &ledger];
    let said = standard_output(&erase, &site.records());
    assert!(said.contains("Erased: "), "{said}");
    let without = serde_json::to_string(&export(&site.records())).unwrap();
    assert!(!without.contains(person));

    // Without the ledger they are there again, and with it they are not.
    let back = serde_json::to_string(&export(&site.restored("one.age", "forgetful"))).unwrap();
    assert!(back.contains(person));
    let done = site.restore("one.age", "done", &["--erasures", &ledger]);
    assert!(done.status.success());
    let said = String::from_utf8_lossy(&done.stdout).into_owned();
    assert!(said.contains("were erased again"), "{said}");
    let restored = serde_json::to_string(&export(&site.path("done"))).unwrap();
    assert!(!restored.contains(person));
    let verified = standard_output(&["audit", "verify"], &site.path("done"));
    assert!(verified.contains("is whole"), "{verified}");
}

#[test]
fn a_ledger_that_cannot_be_carried_out_stops_a_restore() {
    let site = quiet_site();
    site.backup("one.age");
    let ledger = site.text("ledger");
    let erasure = Erasure {
        kind: 3,
        at: Instant(5),
        subject: 7,
    };
    for (bytes, reason) in [
        (
            encode_erasure(&erasure),
            "entry 1 of the ledger of erasures is of kind 3",
        ),
        (
            b"\xa1".to_vec(),
            "entry 1 of the ledger of erasures is damaged",
        ),
    ] {
        fs::write(&ledger, bytes).unwrap();
        site.refuses("one.age", &["--erasures", &ledger], reason);
        let refused = output(
            &["restore", "--after", "--erasures", &ledger],
            &site.records(),
        );
        assert_eq!(refused.status.code(), Some(1));
    }
    fs::write(&ledger, b"").unwrap();
    let done = site.restore("one.age", "done", &["--erasures", &ledger]);
    assert!(done.status.success());
}

/// Runs the binary where no file may become longer than this, as on a disk that is full.
fn where_there_is_room_for(length: u64, arguments: &[&str], data: &Path) -> Output {
    let blocks = length / 512;
    let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\"");
    Command::new("sh")
        .args(["-c", &script, env!("CARGO_BIN_EXE_wellfield")])
        .args(arguments)
        .arg("--data")
        .arg(data)
        .arg("--keys")
        .arg(data.join("keys"))
        .output()
        .unwrap()
}

#[test]
fn on_a_full_disk_there_is_no_backup_and_no_restore_by_halves() {
    let site = quiet_site();
    site.backup("one.age");
    let length = fs::metadata(site.path("one.age")).unwrap().len();
    let before = files_of(&site.records());
    let [one, two, identity] = ["one.age", "two.age", "identity"].map(|name| site.text(name));
    // Room for the copy and not for what is encrypted of it; then not for the copy either.
    let rooms = [
        (length / 4096 * 4096, "two.age was not made: File too large"),
        (length / 2, "no backup was made"),
    ];
    for (room, reason) in rooms {
        // What is not in the database file yet needs no room of its own then.
        let checkpoint = "PRAGMA wal_checkpoint(TRUNCATE)";
        common::database(&site.records())
            .execute_batch(checkpoint)
            .unwrap();
        let arguments = ["backup", &two, "--to", &site.recipient];
        let refused = where_there_is_room_for(room, &arguments, &site.records());
        let said = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert!(said.contains(reason), "{said}");
        assert_eq!(refused.status.code(), Some(1));
        assert_eq!(files_of(&site.records()), before);
        assert_eq!(
            files_of(site.folder.path()),
            ["identity", "one.age", "records"]
        );
    }
    site.backup("two.age");
    let data = site.path("elsewhere");
    fs::create_dir(&data).unwrap();
    let arguments = ["restore", &one, "--identity", &identity];
    let refused = where_there_is_room_for(length / 2, &arguments, &data);
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(said.contains("cannot be written"), "{said}");
    assert_eq!(files_of(&data), <[&str; 0]>::default());
    site.restored("two.age", "elsewhere");
}

#[test]
fn on_a_machine_without_the_keys_the_audit_goes_on_with_others_and_says_so() {
    let site = quiet_site();
    site.backup("one.age");
    let [file, identity] = ["one.age", "identity"].map(|name| site.text(name));
    let data = site.path("elsewhere");
    let said = standard_output(&["restore", &file, "--identity", &identity], &data);
    assert!(said.contains("proves nothing"), "{said}");
    assert!(standard_output(&["audit", "verify"], &data).contains("is whole"));
    drop(Running::start("serve", &data));
}

#[test]
fn of_a_database_it_says_in_words_what_to_use_instead() {
    let database = ["--database", "postgres://wellfield@db.invalid/wellfield"];
    for (command, reasons) in [
        (
            ["backup", "one.age"],
            ["the records are in PostgreSQL", "pg_dump"],
        ),
        (
            ["restore", "one.age"],
            ["pg_restore", "wellfield restore --after"],
        ),
    ] {
        let refused = wellfield(&command).args(database).output().unwrap();
        assert_eq!(refused.status.code(), Some(1));
        let said = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert!(reasons.iter().all(|reason| said.contains(reason)), "{said}");
    }
}

#[test]
fn a_backup_that_nobody_could_open_is_not_made() {
    let site = quiet_site();
    let file = site.text("one.age");
    for (arguments, reason) in [
        (&["backup", &file][..], "name who can open the backup"),
        (&["backup", &file, "--to", "age1nobody"], "is no recipient"),
    ] {
        let refused = output(arguments, &site.records());
        let said = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert!(said.contains(reason), "{said}");
        assert!(!site.path("one.age").exists());
    }
}
