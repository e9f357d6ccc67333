//! A place for records in one of the engines, and the devices that send to it.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use tempfile::TempDir;
use wellfield_core::access::Role;
use wellfield_core::audit::{Actor, Deed, decode_entry, judge};
use wellfield_core::clock::{Hlc, Instant};
use wellfield_core::event::{Body, Draft, encode_event};
use wellfield_core::ids::{DeviceId, EventId, ProgrammeId, StaffId};
use wellfield_core::stream::Stream;
use wellfield_core::sync::{ProblemReply, PulledEvent, PushReply, PushRequest};
use wellfield_core::text::Text;
use wellfield_server::enrolment::{CodeHash, TokenHash};
use wellfield_server::keys::write_private;
use wellfield_server::storage::postgres::{DatabaseUrl, PostgresStorage};
use wellfield_server::storage::sqlite::SqliteStorage;
use wellfield_server::storage::{
    Carrier, EnrolRefused, Enrolled, Enrolment, NewCode, OwnRecords, PageWanted, Push, Reader,
    Revocation, RevokeRefused, Storage, StorageError,
};

use crate::common::cluster::{Database, cluster};
use crate::common::{AUDIT_KEY, PROGRAMME, START, keys_text, note, opened};

/// How long an engine of a test waits for what somebody else has locked. Longer than the longest of
/// the transactions here, even on a machine that does much else.
const PATIENCE: Duration = Duration::from_secs(20);

/// The delivery stream of the programme that every test has.
pub const DELIVERY: Stream = Stream::Delivery(PROGRAMME);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

enum Holds {
    Folder(TempDir),
    Database(Database),
}

/// What the file of the server's keys is called.
const KEYS_FILE: &str = "wellfield.keys";

/// Where the records of one test are.
pub struct Place {
    holds: Holds,
    keys: TempDir,
    runtime: tokio::runtime::Runtime,
    drawn: AtomicU64,
}

impl Place {
    /// A new place with nothing in it.
    pub fn new(engine: Engine) -> Self {
        let holds = match engine {
            Engine::Sqlite => Holds::Folder(TempDir::new().unwrap()),
            Engine::Postgres => Holds::Database(cluster().database()),
        };
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .unwrap();
        let keys = TempDir::new().unwrap();
        // Before anybody asks: two servers that start at the same time would both write it.
        write_private(&keys.path().join(KEYS_FILE), keys_text().as_bytes()).unwrap();
        Self {
            holds,
            keys,
            runtime,
            drawn: AtomicU64::new(1),
        }
    }

    pub const fn engine(&self) -> Engine {
        match self.holds {
            Holds::Folder(_) => Engine::Sqlite,
            Holds::Database(_) => Engine::Postgres,
        }
    }

    /// The database, where the engine has one.
    pub fn database(&self) -> &Database {
        match &self.holds {
            Holds::Database(database) => database,
            Holds::Folder(_) => panic!("this engine has a file"),
        }
    }

    /// The records as a server has them open. Each call is another server.
    pub fn open(&self) -> Arc<dyn Storage> {
        self.open_with(PATIENCE)
    }

    pub fn open_with(&self, patience: Duration) -> Arc<dyn Storage> {
        match &self.holds {
            Holds::Folder(folder) => {
                Arc::new(SqliteStorage::open(folder.path(), patience, AUDIT_KEY).unwrap())
            }
            Holds::Database(database) => {
                let url = DatabaseUrl::parse(&database.url).unwrap();
                let opened = PostgresStorage::open(&url, patience, AUDIT_KEY);
                Arc::new(self.wait(opened).unwrap())
            }
        }
    }

    /// The records with the programme that every test has.
    pub fn with_programme(&self) -> Arc<dyn Storage> {
        let storage = self.open();
        self.append(&*storage, vec![opened(PROGRAMME, "Larkenhope Dig")]);
        storage
    }

    pub fn append(&self, storage: &dyn Storage, drafts: Vec<Draft>) {
        self.wait(storage.append(own(drafts))).unwrap();
    }

    /// The file of the server's keys, which goes with the test.
    pub fn keys_file(&self) -> PathBuf {
        self.keys.path().join(KEYS_FILE)
    }

    /// How the binary is told where the records are.
    pub fn arguments(&self) -> [String; 4] {
        let keys = self.keys_file();
        let [option, place] = match &self.holds {
            Holds::Folder(folder) => {
                let path = folder.path().to_str().unwrap();
                ["--data", path].map(str::to_owned)
            }
            Holds::Database(database) => ["--database".to_owned(), database.url.clone()],
        };
        [
            option,
            place,
            "--keys".to_owned(),
            keys.to_str().unwrap().to_owned(),
        ]
    }

    /// Shuts a device out, as the command line does.
    pub fn revoke(
        &self,
        storage: &dyn Storage,
        device: DeviceId,
    ) -> Result<(), StorageError<RevokeRefused>> {
        self.wait(storage.revoke(Revocation {
            device,
            by: Actor::CommandLine,
            now: START,
        }))
    }

    /// What the audit says, in order. It has to be whole.
    pub fn audit(&self, storage: &dyn Storage) -> Vec<(Actor, Deed)> {
        let audit = self.wait(storage.audit()).unwrap();
        assert_eq!(self.wait(storage.audit_end()).unwrap(), audit.signed);
        judge(&audit.links, audit.signed.as_ref(), &AUDIT_KEY, None).unwrap();
        let entries = audit
            .links
            .iter()
            .map(|link| decode_entry(&link.bytes).unwrap().entered);
        entries.map(|entry| (entry.actor, entry.deed)).collect()
    }

    /// Does something with the engine's own tools, which both engines understand alike.
    pub fn sql(&self, statements: &str) {
        match &self.holds {
            Holds::Folder(folder) => crate::common::database(folder.path())
                .execute_batch(statements)
                .unwrap(),
            Holds::Database(database) => database.sql(statements),
        }
    }

    /// What somebody wrote is in none of the files any more, where the engine has files; and it was in what
    /// was sent.
    pub fn gone_from_the_files(&self, words: &str, sent: &[Vec<u8>]) {
        let has = |bytes: &[u8]| {
            let mut parts = bytes.windows(words.len());
            parts.any(|part| part == words.as_bytes())
        };
        assert!(sent.iter().any(|bytes| has(bytes)));
        let Holds::Folder(folder) = &self.holds else {
            return;
        };
        for entry in std::fs::read_dir(folder.path()).unwrap() {
            let path = entry.unwrap().path();
            assert!(!has(&std::fs::read(&path).unwrap()), "{}", path.display());
        }
    }

    /// Waits for what storage answers.
    pub fn wait<T>(&self, answer: impl Future<Output = T>) -> T {
        self.runtime.block_on(answer)
    }

    /// A number that was not drawn before.
    pub fn draw(&self) -> u64 {
        self.drawn.fetch_add(1, Ordering::SeqCst)
    }

    /// A code that is valid for a minute.
    pub fn code(&self, storage: &dyn Storage, role: Role) -> CodeHash {
        let code = NewCode {
            code: CodeHash(fingerprint(1, self.draw())),
            role,
            programme: PROGRAMME,
            expires_at: Instant(START.0 + 60_000),
            by: Actor::CommandLine,
            now: START,
        };
        self.wait(storage.create_code(code)).unwrap();
        code.code
    }

    pub fn enrol(
        &self,
        storage: &dyn Storage,
        code: CodeHash,
        staff: StaffId,
        now: Instant,
    ) -> Result<(Enrolled, TokenHash), StorageError<EnrolRefused>> {
        let token = TokenHash(fingerprint(2, self.draw()));
        let enrolled = self.wait(storage.enrol(enrolment(code, staff, token, now)))?;
        Ok((enrolled, token))
    }

    /// An enrolled device.
    pub fn tablet(&self, storage: &dyn Storage, role: Role) -> Tablet {
        let code = self.code(storage, role);
        let staff = StaffId(self.draw());
        let (enrolled, token) = self.enrol(storage, code, staff, START).unwrap();
        Tablet {
            device: enrolled.device,
            token,
            next_n: 1,
        }
    }

    pub fn push(
        &self,
        storage: &dyn Storage,
        tablet: &Tablet,
        first_n: u64,
        events: &[Vec<u8>],
    ) -> Result<PushReply, ProblemReply> {
        self.wait(storage.push(tablet.request(first_n, events)))
            .map_err(|error| match error {
                StorageError::Refused(problem) => problem,
                StorageError::Unavailable(error) => panic!("{error}"),
            })
    }

    /// Everything in a stream, read page by page.
    pub fn read(&self, storage: &dyn Storage, stream: Stream) -> Vec<PulledEvent> {
        let mut events: Vec<PulledEvent> = Vec::new();
        loop {
            let after = events.last().map_or(0, |event| event.seq);
            let page = self
                .wait(storage.page(PageWanted {
                    reader: Reader::Of(vec![stream]),
                    stream,
                    epoch: None,
                    after,
                    limit: 1000,
                }))
                .unwrap();
            if page.events.is_empty() {
                assert_eq!(page.head, after, "the stream is read to its end");
                return events;
            }
            events.extend(page.events);
        }
    }

    /// What the devices sent into the delivery stream, after the programme itself.
    pub fn delivered(&self, storage: &dyn Storage) -> Vec<Vec<u8>> {
        let events = self.read(storage, DELIVERY);
        let seqs: Vec<u64> = events.iter().map(|event| event.seq).collect();
        assert_eq!(seqs, (1..=events.len() as u64).collect::<Vec<_>>());
        events
            .into_iter()
            .skip(1)
            .map(|event| event.bytes)
            .collect()
    }
}

/// Thirty-two bytes that differ in kind and number.
fn fingerprint(kind: u8, number: u64) -> [u8; 32] {
    let mut bytes = [kind; 32];
    bytes[..8].copy_from_slice(&number.to_be_bytes());
    bytes
}

pub fn enrolment(code: CodeHash, staff: StaffId, token: TokenHash, now: Instant) -> Enrolment {
    Enrolment {
        code,
        device_name: Text::parse("Blue tablet").unwrap(),
        staff_name: Text::parse("Siân").unwrap(),
        staff,
        token,
        public_key: crate::common::signing::public_key(),
        now,
    }
}

pub fn own(drafts: Vec<Draft>) -> OwnRecords {
    OwnRecords::made_now(drafts, START)
}

pub fn draft(stream: Stream, body: impl Into<Body>) -> Draft {
    Draft {
        stream,
        supersedes: Vec::new(),
        body: body.into(),
    }
}

/// A device as far as storage can tell.
#[derive(Clone, Debug)]
pub struct Tablet {
    pub device: DeviceId,
    pub token: TokenHash,
    pub next_n: u64,
}

impl Tablet {
    /// The frozen bytes of the next event of its log.
    pub fn record(&mut self, stream: Stream, body: impl Into<Body>) -> Vec<u8> {
        let id = EventId {
            device: self.device,
            n: self.next_n,
        };
        self.next_n += 1;
        encode_event(&draft(stream, body).place(id, Hlc::ZERO.tick(START), Some(StaffId(5))))
    }

    /// The next `count` events, each session notes that say their number.
    pub fn notes(&mut self, count: u64) -> Vec<Vec<u8>> {
        (0..count)
            .map(|_| {
                let text = format!("Record {} of {}", self.next_n, self.device);
                self.record(DELIVERY, note(&text))
            })
            .collect()
    }

    pub fn request(&self, first_n: u64, events: &[Vec<u8>]) -> Push {
        Push {
            carrier: Carrier::Device,
            token: self.token,
            request: PushRequest {
                device: self.device,
                first_n,
                pending: events.len() as u64,
                events: events.to_vec(),
            },
            now: START,
        }
    }
}

/// A number that somebody can wait for.
#[derive(Default)]
pub struct Count {
    value: Mutex<u64>,
    grew: Condvar,
}

impl Count {
    pub fn add(&self, more: u64) {
        *self.value.lock().unwrap() += more;
        self.grew.notify_all();
    }

    pub fn get(&self) -> u64 {
        *self.value.lock().unwrap()
    }

    /// Waits until it is so high.
    pub fn wait_for(&self, enough: u64) {
        let value = self.value.lock().unwrap();
        drop(
            self.grew
                .wait_while(value, |value| *value < enough)
                .unwrap(),
        );
    }
}

/// A programme that no test has unless it opens it.
pub const OTHER_PROGRAMME: ProgrammeId = ProgrammeId(78);
