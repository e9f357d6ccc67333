//! How many events a second the server takes in, durable, over HTTP, and how many it gives out.
//!
//! `cargo run --release -p wellfield-server --example ingest [-- [--database URL] DEVICES BATCH EVENTS
//! STREAMS]`
//!
//! Without a database it measures SQLite in a temporary folder. A database has to be empty, and keeps
//! what was sent. With one stream all devices send into the same one. Pulling is measured twice over
//! what was stored: a whole stream, and the last events of it behind a cursor, which is what a device
//! asks for that was in contact before.

#![allow(clippy::print_stdout, reason = "the figures are what is asked for")]

use std::error::Error;
use std::net::SocketAddr;
use std::sync::{Arc, OnceLock};
use std::time::Instant;

use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};
use wellfield_core::access::Role;
use wellfield_core::attendance::{AttendanceMarked, Mark};
use wellfield_core::audit::{Actor, AuditKey};
use wellfield_core::clock::{Date, Hlc, Instant as Moment, Month};
use wellfield_core::event::{Draft, encode_event};
use wellfield_core::ids::{DeviceId, EventId, PersonId, ProgrammeId, SessionId, StaffId};
use wellfield_core::programme::ProgrammeOpened;
use wellfield_core::stream::Stream;
use wellfield_core::sync::{
    CHALLENGE_HEADER, Freshness, MEDIA_TYPE, Message, Outcome, PROOF_HEADER, PublicKey, PullReply,
    PushReply, PushRequest, Signed, body_digest,
};
use wellfield_core::text::Text;
use wellfield_server::clock::{Clock, SystemClock};
use wellfield_server::enrolment::{CodeHash, Token};
use wellfield_server::http::{Settings, serve};
use wellfield_server::keys::SealingKeys;
use wellfield_server::storage::postgres::{DatabaseUrl, PATIENCE, PostgresStorage};
use wellfield_server::storage::sqlite::{BUSY_TIMEOUT, SqliteStorage};
use wellfield_server::storage::{Enrolment, NewCode, OwnRecords, Storage};

type Failed = Box<dyn Error + Send + Sync>;

/// The events behind a cursor that are asked for to see what new events cost.
const NEW: u64 = 100;

/// The key that signs the audit.
const KEY: AuditKey = AuditKey([1; 32]);

/// How often they are asked for.
const PULLS: u32 = 200;

/// What to measure.
struct Plan {
    database: Option<String>,
    devices: u64,
    batch: u64,
    events: u64,
    streams: u64,
}

impl Plan {
    fn typed() -> Result<Self, Failed> {
        let mut words = std::env::args().skip(1);
        let mut database = None;
        let mut given = Vec::new();
        while let Some(word) = words.next() {
            if word == "--database" {
                database = words.next();
            } else {
                given.push(word.parse()?);
            }
        }
        let value = |place: usize, otherwise| given.get(place).copied().unwrap_or(otherwise);
        Ok(Self {
            database,
            devices: value(0, 8),
            batch: value(1, 100),
            events: value(2, 40_000),
            streams: value(3, 1),
        })
    }

    /// The programme that a device sends to.
    fn programme(&self, device: u64) -> ProgrammeId {
        ProgrammeId(77 + device % self.streams)
    }
}

/// A device, where it sends and with which key.
struct Enrolled {
    device: DeviceId,
    token: Token,
    stream: Stream,
}

fn main() -> Result<(), Failed> {
    let plan = Plan::typed()?;
    let runtime = tokio::runtime::Runtime::new()?;
    let directory = tempfile::tempdir()?;
    let storage: Arc<dyn Storage> = match &plan.database {
        Some(url) => {
            let url = DatabaseUrl::parse(url)?;
            Arc::new(runtime.block_on(PostgresStorage::open(&url, PATIENCE, KEY))?)
        }
        None => Arc::new(SqliteStorage::open(directory.path(), BUSY_TIMEOUT, KEY)?),
    };
    let devices = runtime.block_on(set_up(&storage, &plan))?;
    let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0"))?;
    let address = listener.local_addr()?;
    let settings = Settings {
        behind_tls_proxy: false,
        ..Settings::default()
    };
    runtime.spawn(serve(
        listener,
        Arc::clone(&storage),
        Arc::new(SystemClock),
        SealingKeys::of([]),
        settings,
        std::future::pending(),
    ));
    measure_pushes(&plan, address, &devices)?;
    let heads = runtime.block_on(storage.heads(vec![devices[0].stream]))?;
    measure_pulls(address, &devices[0], heads[0].head)
}

fn measure_pushes(plan: &Plan, address: SocketAddr, devices: &[Enrolled]) -> Result<(), Failed> {
    let each = plan.events / plan.devices;
    let logs: Vec<_> = devices
        .iter()
        .map(|device| requests(device, each, plan.batch))
        .collect();
    let began = Instant::now();
    let stored: Result<Vec<u64>, Failed> = std::thread::scope(|scope| {
        let pushing: Vec<_> = devices
            .iter()
            .zip(&logs)
            .map(|(device, log)| scope.spawn(move || push_all(address, &device.token, log)))
            .collect();
        pushing
            .into_iter()
            .map(|thread| thread.join().map_err(|_| "a device broke off")?)
            .collect()
    });
    let stored: u64 = stored?.into_iter().sum();
    let seconds = began.elapsed().as_secs_f64();
    println!(
        "{stored} events from {} devices in pushes of {} into {} streams: {seconds:.2} s, {:.0} events/s",
        plan.devices,
        plan.batch,
        plan.streams,
        stored as f64 / seconds
    );
    Ok(())
}

/// A whole stream, and the newest of it again and again.
fn measure_pulls(address: SocketAddr, device: &Enrolled, head: u64) -> Result<(), Failed> {
    let agent = ureq::Agent::new_with_defaults();
    let began = Instant::now();
    let mut after = 0;
    while after < head {
        let page = pull(&agent, address, device, after)?;
        after += page.events.len() as u64;
        if page.events.is_empty() || page.head != head {
            return Err("a page does not lead to the end".into());
        }
    }
    let seconds = began.elapsed().as_secs_f64();
    println!(
        "{head} events pulled: {seconds:.2} s, {:.0} events/s",
        head as f64 / seconds
    );
    let new = NEW.min(head);
    let began = Instant::now();
    for _ in 0..PULLS {
        let page = pull(&agent, address, device, head - new)?;
        if page.events.len() as u64 != new {
            return Err("a page has other events than the newest".into());
        }
    }
    let each = began.elapsed() / PULLS;
    println!(
        "the newest {new} of {head} events pulled: {:.2} ms, {:.0} events/s",
        each.as_secs_f64() * 1000.0,
        new as f64 / each.as_secs_f64()
    );
    Ok(())
}

fn pull(
    agent: &ureq::Agent,
    address: SocketAddr,
    device: &Enrolled,
    after: u64,
) -> Result<PullReply, Failed> {
    let stream = device.stream;
    let path = format!("/v1/pull?stream={stream}&epoch=1&after={after}&limit=2000");
    let shown = bearer(&device.token);
    let proof = proof(
        "GET",
        &path,
        &shown,
        &[],
        challenge(agent, address, &shown)?,
    )?;
    let mut reply = agent
        .get(format!("http://{address}{path}"))
        .header("authorization", shown)
        .header(PROOF_HEADER, proof)
        .call()?;
    let body = reply.body_mut().with_config().limit(100 << 20);
    Ok(PullReply::from_bytes(&body.read_to_vec()?)?)
}

async fn set_up(storage: &Arc<dyn Storage>, plan: &Plan) -> Result<Vec<Enrolled>, Failed> {
    let now = SystemClock.now();
    let day = Date::from_calendar_date(2026, Month::June, 1)?;
    for programme in (0..plan.streams).map(|number| plan.programme(number)) {
        let opened = ProgrammeOpened {
            programme,
            name: Text::parse(&format!("Dig {programme}"))?,
            organisation: Text::parse("Wellfield")?,
            site: Text::parse("Larkenhope")?,
            first_day: day,
            last_day: day,
        };
        let draft = Draft {
            stream: Stream::Delivery(programme),
            supersedes: Vec::new(),
            body: opened.into(),
        };
        storage
            .append(OwnRecords::made_now(vec![draft], now))
            .await?;
    }
    let mut devices = Vec::new();
    for staff in 0..plan.devices {
        let code = CodeHash([u8::try_from(staff)?; 32]);
        let expires_at = Moment(now.0 + 60_000);
        let programme = plan.programme(staff);
        storage
            .create_code(NewCode {
                code,
                role: Role::Facilitator,
                programme,
                expires_at,
                by: Actor::CommandLine,
                now,
            })
            .await?;
        let token = Token::draw()?;
        let enrolment = Enrolment {
            public_key: public_key()?,
            code,
            device_name: Text::parse("Tablet")?,
            staff_name: Text::parse("Ann")?,
            staff: StaffId(staff),
            token: token.hash(),
            now,
        };
        devices.push(Enrolled {
            device: storage.enrol(enrolment).await?.device,
            token,
            stream: Stream::Delivery(programme),
        });
    }
    Ok(devices)
}

/// The pushes of a device, ready to be sent.
fn requests(device: &Enrolled, events: u64, batch: u64) -> Vec<Vec<u8>> {
    let (device, stream) = (device.device, device.stream);
    let event = |n| {
        let marked = AttendanceMarked {
            session: SessionId(n / 40),
            person: PersonId(n % 40),
            mark: Mark::HERE,
            note: None,
        };
        let draft = Draft {
            stream,
            supersedes: Vec::new(),
            body: marked.into(),
        };
        encode_event(&draft.place(EventId { device, n }, Hlc(n << 16), Some(StaffId(1))))
    };
    (0..events / batch)
        .map(|push| {
            let first_n = push * batch + 1;
            let events = (first_n..first_n + batch).map(event).collect();
            PushRequest {
                device,
                first_n,
                events,
                pending: batch,
            }
            .to_bytes()
        })
        .collect()
}

/// Sends a log, and answers how many of its events the server says it stored.
fn push_all(address: SocketAddr, token: &Token, log: &[Vec<u8>]) -> Result<u64, Failed> {
    let agent = ureq::Agent::new_with_defaults();
    let shown = bearer(token);
    let challenge = challenge(&agent, address, &shown)?;
    let mut stored = 0;
    for request in log {
        let proof = proof("POST", "/v1/push", &shown, request, challenge)?;
        let mut reply = agent
            .post(format!("http://{address}/v1/push"))
            .header("authorization", &shown)
            .header(PROOF_HEADER, proof)
            .content_type(MEDIA_TYPE)
            .send(request.as_slice())?;
        let receipt = PushReply::from_bytes(&reply.body_mut().read_to_vec()?)?;
        let outcomes = receipt.outcomes.into_iter();
        stored += outcomes
            .filter(|outcome| *outcome == Outcome::Stored)
            .count() as u64;
    }
    Ok(stored)
}

fn bearer(token: &Token) -> String {
    let key: String = token.0.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("Bearer {key}")
}

/// The key that every device signs with.
fn signing_key() -> Result<SigningKey, Failed> {
    Ok(SigningKey::from_slice(&[7; 32])?)
}

fn public_key() -> Result<PublicKey, Failed> {
    let point = signing_key()?.verifying_key().to_sec1_point(false);
    Ok(point.as_bytes().try_into()?)
}

/// What the server asked to be signed first. It stays good for longer than anything here takes.
static CHALLENGE: OnceLock<Freshness> = OnceLock::new();

fn challenge(agent: &ureq::Agent, address: SocketAddr, shown: &str) -> Result<Freshness, Failed> {
    if let Some(known) = CHALLENGE.get() {
        return Ok(*known);
    }
    let refused = agent
        .get(format!("http://{address}/v1/streams"))
        .config()
        .http_status_as_error(false)
        .build()
        .header("authorization", shown)
        .call()?;
    let said = refused.headers().get(CHALLENGE_HEADER);
    let said = said.ok_or("a reply without a challenge")?.to_str()?;
    Ok(*CHALLENGE.get_or_init(|| Freshness::from_text(said).unwrap_or_default()))
}

/// The header with which a request is a device's own.
fn proof(
    method: &str,
    address: &str,
    authorization: &str,
    body: &[u8],
    challenge: Freshness,
) -> Result<String, Failed> {
    let mut nonce = [0; 16];
    getrandom::fill(&mut nonce)?;
    let signed = Signed {
        method,
        address,
        authorization,
        challenge,
        nonce,
        body: body_digest(body),
    };
    let signature: Signature = signing_key()?.sign(&signed.to_bytes());
    Ok(signed.proof(signature.to_bytes().into()).to_text())
}
