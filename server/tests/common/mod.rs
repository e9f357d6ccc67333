//! A server on a free port with a real file, and the devices and strangers that talk to it.

#![allow(
    dead_code,
    unused_imports,
    unreachable_pub,
    clippy::unwrap_used,
    reason = "each test file uses its own part of this"
)]
#![allow(missing_docs, reason = "the names tell")]

pub mod binary;
pub mod cluster;
mod request;
pub mod signing;

use std::net::SocketAddr;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use tempfile::TempDir;
use tokio::sync::oneshot;
use wellfield_core::access::Role;
use wellfield_core::audit::{Actor, AuditKey, Deed, decode_entry, judge};
use wellfield_core::clock::{Date, Hlc, Instant, Month};
use wellfield_core::consent::WordingRef;
use wellfield_core::event::{Body, Draft, encode_event};
use wellfield_core::ids::{DeviceId, EventId, ProgrammeId, ReferralId, SessionId, StaffId};
use wellfield_core::language::Language;
use wellfield_core::notes::SessionNoted;
use wellfield_core::programme::ProgrammeOpened;
use wellfield_core::referral::{ContactWay, SelfReferral};
use wellfield_core::stream::Stream;
use wellfield_core::sync::{
    EnrolReply, EnrolRequest, Message, ProblemReply, PullReply, PushReply, PushRequest,
    StreamsReply,
};
use wellfield_core::text::Text;
use wellfield_server::clock::Clock;
use wellfield_server::enrolment::{EnrolmentCode, Token, TokenHash};
use wellfield_server::http::{Settings, serve};
use wellfield_server::keys::SealingKeys;
use wellfield_server::storage::postgres::{DatabaseUrl, PostgresStorage};
use wellfield_server::storage::sqlite::SqliteStorage;
use wellfield_server::storage::{NewCode, OwnRecords, Revocation, Storage};

pub use request::{Received, Request, agent};

/// The programme that every test server has.
pub const PROGRAMME: ProgrammeId = ProgrammeId(77);

/// The moment at which every test begins.
pub const START: Instant = Instant(1_750_000_000_000);

/// The key that signs the audit of every test.
pub const AUDIT_KEY: AuditKey = AuditKey([1; 32]);

/// What the server's key is made of to which tablets seal.
pub const SEALING_KEY: [u8; 32] = [2; 32];

/// The audit of every test as its keys lie in a file.
pub fn keys_text() -> String {
    format!("wellfield-keys 1\naudit {}\n", hex(&AUDIT_KEY.0))
}

/// Nobody is two people.
static NEXT_STAFF: AtomicU64 = AtomicU64::new(1000);

/// A clock that stands still until a test moves it, and that counts how often it is read.
pub struct TestClock {
    now: AtomicU64,
    reads: Mutex<u64>,
    read: Condvar,
}

impl TestClock {
    fn new(now: Instant) -> Self {
        Self {
            now: AtomicU64::new(now.0),
            reads: Mutex::new(0),
            read: Condvar::new(),
        }
    }

    pub fn advance_ms(&self, ms: u64) {
        self.now.fetch_add(ms, Ordering::SeqCst);
    }

    /// How often the server read it so far.
    pub fn reads(&self) -> u64 {
        *self.reads.lock().unwrap()
    }

    /// Waits until it is read once more than `before`. Every request that writes does so on its way, so
    /// that a test knows by it that a request has arrived.
    pub fn wait_for_read_after(&self, before: u64) {
        let reads = self.reads.lock().unwrap();
        drop(
            self.read
                .wait_while(reads, |reads| *reads <= before)
                .unwrap(),
        );
    }
}

impl Clock for TestClock {
    fn now(&self) -> Instant {
        *self.reads.lock().unwrap() += 1;
        self.read.notify_all();
        Instant(self.now.load(Ordering::SeqCst))
    }
}

fn runtime() -> Arc<tokio::runtime::Runtime> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build();
    Arc::new(runtime.unwrap())
}

/// A running server. It stops, and its file goes, with the value.
pub struct Server {
    pub address: SocketAddr,
    pub directory: Arc<TempDir>,
    pub storage: Arc<dyn Storage>,
    pub clock: Arc<TestClock>,
    runtime: Arc<tokio::runtime::Runtime>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// A server with [`PROGRAMME`].
    pub fn start() -> Self {
        let server = Self::start_with(
            Arc::new(TempDir::new().unwrap()),
            Settings {
                behind_tls_proxy: false,
                ..Settings::default()
            },
        );
        server.append(vec![opened(PROGRAMME, "Larkenhope Dig")]);
        server
    }

    /// A server with [`PROGRAMME`] over a PostgreSQL database of its own.
    pub fn start_on_postgres() -> Self {
        let url = DatabaseUrl::parse(&cluster::cluster().database().url).unwrap();
        let runtime = runtime();
        let patience = Duration::from_secs(20);
        let opened_storage = runtime.block_on(PostgresStorage::open(&url, patience, AUDIT_KEY));
        let server = Self::over(
            runtime,
            Arc::new(opened_storage.unwrap()),
            Arc::new(TempDir::new().unwrap()),
            Settings {
                behind_tls_proxy: false,
                ..Settings::default()
            },
        );
        server.append(vec![opened(PROGRAMME, "Larkenhope Dig")]);
        server
    }

    pub fn start_with(directory: Arc<TempDir>, settings: Settings) -> Self {
        let storage =
            SqliteStorage::open(directory.path(), Duration::from_millis(200), AUDIT_KEY).unwrap();
        Self::over(runtime(), Arc::new(storage), directory, settings)
    }

    fn over(
        runtime: Arc<tokio::runtime::Runtime>,
        storage: Arc<dyn Storage>,
        directory: Arc<TempDir>,
        settings: Settings,
    ) -> Self {
        let clock = Arc::new(TestClock::new(START));
        let listener = runtime
            .block_on(tokio::net::TcpListener::bind("127.0.0.1:0"))
            .unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let served = serve(
            listener,
            Arc::clone(&storage),
            Arc::clone(&clock) as _,
            SealingKeys::of([SEALING_KEY]),
            settings,
            async {
                drop(stopped.await);
            },
        );
        let on = Arc::clone(&runtime);
        let thread = std::thread::spawn(move || on.block_on(served).unwrap());
        Self {
            address,
            directory,
            storage,
            clock,
            runtime,
            stop: Some(stop),
            thread: Some(thread),
        }
    }

    /// Stops the server as a signal would and starts it again on the same file.
    pub fn restart(mut self) -> Self {
        self.stop();
        let directory = Arc::clone(&self.directory);
        drop(self);
        Self::start_with(
            directory,
            Settings {
                behind_tls_proxy: false,
                ..Settings::default()
            },
        )
    }

    /// Tells the server to stop, and does not wait for it.
    pub fn tell_to_stop(&mut self) {
        drop(self.stop.take());
    }

    pub fn stop(&mut self) {
        self.tell_to_stop();
        if let Some(thread) = self.thread.take() {
            thread.join().unwrap();
        }
    }

    /// Waits for what storage answers.
    pub fn wait<T>(&self, answer: impl Future<Output = T>) -> T {
        self.runtime.block_on(answer)
    }

    pub fn append(&self, drafts: Vec<Draft>) {
        let now = self.clock.now();
        self.wait(self.storage.append(OwnRecords::made_now(drafts, now)))
            .unwrap();
    }

    /// A code of the test's own making, valid for ten minutes.
    pub fn code(&self, role: Role) -> String {
        self.code_for(role, PROGRAMME)
    }

    pub fn code_for(&self, role: Role, programme: ProgrammeId) -> String {
        let code = EnrolmentCode::draw().unwrap();
        let now = self.clock.now();
        let expires_at = Instant(now.0 + 10 * 60 * 1000);
        self.wait(self.storage.create_code(NewCode {
            code: code.hash(),
            role,
            programme,
            expires_at,
            by: Actor::CommandLine,
            now,
        }))
        .unwrap();
        code.to_string()
    }

    /// An enrolled device.
    pub fn device(&self, role: Role) -> Device {
        self.device_of(role, PROGRAMME)
    }

    /// An enrolled device of a programme.
    pub fn device_of(&self, role: Role, programme: ProgrammeId) -> Device {
        let staff = StaffId(NEXT_STAFF.fetch_add(1, Ordering::SeqCst));
        let reply = self.enrol(&self.code_for(role, programme), staff).unwrap();
        Device {
            address: self.address,
            device: reply.device,
            key: hex(&reply.token),
            next_n: 1,
        }
    }

    pub fn enrol(&self, code: &str, staff: StaffId) -> Result<EnrolReply, ProblemReply> {
        let request = EnrolRequest {
            staff,
            ..enrol_request(code)
        };
        Request::post("/v1/enrol", request.to_bytes())
            .send(self.address)
            .message()
    }

    /// Shuts a device out, as the command line does.
    pub fn revoke(&self, device: DeviceId) {
        self.wait(self.storage.revoke(Revocation {
            device,
            by: Actor::CommandLine,
            now: START,
        }))
        .unwrap();
    }

    /// What the audit says, in order.
    pub fn audit(&self) -> Vec<(Actor, Deed)> {
        let audit = self.wait(self.storage.audit()).unwrap();
        judge(&audit.links, audit.signed.as_ref(), &AUDIT_KEY, None).unwrap();
        let entries = audit
            .links
            .iter()
            .map(|link| decode_entry(&link.bytes).unwrap().entered);
        entries.map(|entry| (entry.actor, entry.deed)).collect()
    }

    pub fn database(&self) -> rusqlite::Connection {
        database(self.directory.path())
    }
}

/// What a device asks with to join.
pub fn enrol_request(code: &str) -> EnrolRequest {
    EnrolRequest {
        code: code.to_owned(),
        device_name: "Blue tablet".to_owned(),
        staff_name: "Siân".to_owned(),
        staff: StaffId(7),
        public_key: Some(signing::public_key()),
    }
}

/// The fingerprint of a device's key.
pub fn token(key: &str) -> TokenHash {
    Token::from_hex(key).unwrap().hash()
}

/// Another process that looks at or locks the file.
pub fn database(directory: &Path) -> rusqlite::Connection {
    rusqlite::Connection::open(directory.join("wellfield.sqlite3")).unwrap()
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop();
    }
}

/// A device as far as the server can tell.
#[derive(Clone, Debug)]
pub struct Device {
    pub address: SocketAddr,
    pub device: DeviceId,
    pub key: String,
    pub next_n: u64,
}

impl Device {
    /// The frozen bytes of the next event of its log.
    pub fn record(&mut self, stream: Stream, body: impl Into<Body>) -> Vec<u8> {
        let id = EventId {
            device: self.device,
            n: self.next_n,
        };
        self.next_n += 1;
        let draft = Draft {
            stream,
            supersedes: Vec::new(),
            body: body.into(),
        };
        encode_event(&draft.place(id, Hlc::ZERO.tick(START), Some(StaffId(5))))
    }

    /// The next `count` events, each session notes that say their number.
    pub fn notes(&mut self, count: u64) -> Vec<Vec<u8>> {
        (0..count)
            .map(|_| {
                let text = format!("Record {} of {}", self.next_n, self.device);
                self.record(Stream::Delivery(PROGRAMME), note(&text))
            })
            .collect()
    }

    pub fn push_request(&self, first_n: u64, events: Vec<Vec<u8>>) -> Request {
        let request = PushRequest {
            device: self.device,
            first_n,
            pending: events.len() as u64,
            events,
        };
        Request::post("/v1/push", request.to_bytes()).key(&self.key)
    }

    pub fn push(&self, first_n: u64, events: Vec<Vec<u8>>) -> Result<PushReply, ProblemReply> {
        self.push_request(first_n, events)
            .send(self.address)
            .message()
    }

    pub fn streams(&self, pending: u64) -> Result<StreamsReply, ProblemReply> {
        self.get(&format!("/v1/streams?pending={pending}"))
            .message()
    }

    pub fn get(&self, path: &str) -> Received {
        Request::get(path).key(&self.key).send(self.address)
    }

    pub fn pull(
        &self,
        stream: Stream,
        after: u64,
        limit: usize,
    ) -> Result<PullReply, ProblemReply> {
        self.get(&pull_path(stream, 1, after, limit)).message()
    }
}

pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    use std::io::Write;
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub fn pull_path(stream: Stream, epoch: u32, after: u64, limit: usize) -> String {
    format!("/v1/pull?stream={stream}&epoch={epoch}&after={after}&limit={limit}")
}

/// A form as somebody fills it in who says no more than they have to.
pub fn form(referral: u128) -> SelfReferral {
    SelfReferral {
        referral: ReferralId(referral),
        name: Text::parse("Siân").unwrap(),
        contact_way: ContactWay::Telephone,
        contact: Text::parse("01632 960 123").unwrap(),
        access: Vec::new(),
        access_note: None,
        hopes: None,
        supporter: None,
        language: Language::Welsh,
        agreed: WordingRef {
            version: 1,
            language: Language::Welsh,
            sha256: [7; 32],
        },
    }
}

pub fn note(text: &str) -> SessionNoted {
    SessionNoted {
        session: SessionId(1),
        text: Some(Text::parse(text).unwrap()),
    }
}

pub fn opened(programme: ProgrammeId, name: &str) -> Draft {
    let day = |day| Date::from_calendar_date(2026, Month::June, day).unwrap();
    Draft {
        stream: Stream::Delivery(programme),
        supersedes: Vec::new(),
        body: ProgrammeOpened {
            programme,
            name: Text::parse(name).unwrap(),
            organisation: Text::parse("Wellfield").unwrap(),
            site: Text::parse("Larkenhope").unwrap(),
            first_day: day(1),
            last_day: day(30),
        }
        .into(),
    }
}

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
