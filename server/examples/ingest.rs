//! How many events a second the server takes in, durable, on one hot stream, over HTTP.
//!
//! `cargo run --release -p wellfield-server --example ingest [-- DEVICES BATCH EVENTS]`

#![allow(clippy::print_stdout, reason = "the figures are what is asked for")]

use std::error::Error;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;

use wellfield_core::access::Role;
use wellfield_core::attendance::{AttendanceMarked, Mark};
use wellfield_core::clock::{Date, Hlc, Instant as Moment, Month};
use wellfield_core::event::{Draft, encode_event};
use wellfield_core::ids::{DeviceId, EventId, PersonId, ProgrammeId, SessionId, StaffId};
use wellfield_core::programme::ProgrammeOpened;
use wellfield_core::stream::Stream;
use wellfield_core::sync::{MEDIA_TYPE, Message, PushReply, PushRequest};
use wellfield_core::text::Text;
use wellfield_server::clock::{Clock, SystemClock};
use wellfield_server::enrolment::{CodeHash, Token};
use wellfield_server::http::{Settings, serve};
use wellfield_server::storage::sqlite::{BUSY_TIMEOUT, SqliteStorage};
use wellfield_server::storage::{Enrolment, NewCode, OwnRecords, Storage};

type Failed = Box<dyn Error + Send + Sync>;

const PROGRAMME: ProgrammeId = ProgrammeId(77);

fn main() -> Result<(), Failed> {
    let given: Vec<u64> = std::env::args()
        .skip(1)
        .filter_map(|word| word.parse().ok())
        .collect();
    let value = |place: usize, otherwise| given.get(place).copied().unwrap_or(otherwise);
    let (devices, batch, events) = (value(0, 8), value(1, 100), value(2, 40_000));
    let runtime = tokio::runtime::Runtime::new()?;
    let directory = tempfile::tempdir()?;
    let storage: Arc<dyn Storage> = Arc::new(SqliteStorage::open(directory.path(), BUSY_TIMEOUT)?);
    let keys = runtime.block_on(set_up(&storage, devices))?;
    let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0"))?;
    let address = listener.local_addr()?;
    let settings = Settings {
        behind_tls_proxy: false,
    };
    runtime.spawn(serve(
        listener,
        Arc::clone(&storage),
        Arc::new(SystemClock),
        settings,
        std::future::pending(),
    ));

    let each = events / devices;
    let logs: Vec<_> = keys
        .iter()
        .map(|(device, _)| requests(*device, each, batch))
        .collect();
    let began = Instant::now();
    let pushed: Result<Vec<()>, Failed> = std::thread::scope(|scope| {
        let pushing: Vec<_> = keys
            .iter()
            .zip(&logs)
            .map(|((_, token), log)| scope.spawn(move || push_all(address, token, log)))
            .collect();
        pushing
            .into_iter()
            .map(|thread| thread.join().map_err(|_| "a device broke off")?)
            .collect()
    });
    pushed?;
    let seconds = began.elapsed().as_secs_f64();
    let stored = runtime
        .block_on(storage.events(vec![Stream::Delivery(PROGRAMME)]))?
        .len() as u64
        - 1;
    if stored != each * devices {
        return Err(format!("{stored} events are stored, {} were sent", each * devices).into());
    }
    println!(
        "{stored} events from {devices} devices in pushes of {batch}: {seconds:.2} s, {:.0} events/s",
        stored as f64 / seconds
    );
    Ok(())
}

async fn set_up(
    storage: &Arc<dyn Storage>,
    devices: u64,
) -> Result<Vec<(DeviceId, Token)>, Failed> {
    let now = SystemClock.now();
    let day = Date::from_calendar_date(2026, Month::June, 1)?;
    let opened = ProgrammeOpened {
        programme: PROGRAMME,
        name: Text::parse("Dig")?,
        organisation: Text::parse("Wellfield")?,
        site: Text::parse("Larkenhope")?,
        first_day: day,
        last_day: day,
    };
    let draft = Draft {
        stream: Stream::Delivery(PROGRAMME),
        supersedes: Vec::new(),
        body: opened.into(),
    };
    storage
        .append(OwnRecords {
            drafts: vec![draft],
            first_n: None,
            now,
        })
        .await?;
    let mut keys = Vec::new();
    for staff in 0..devices {
        let code = CodeHash([u8::try_from(staff)?; 32]);
        let expires_at = Moment(now.0 + 60_000);
        storage
            .create_code(NewCode {
                code,
                role: Role::Facilitator,
                programme: PROGRAMME,
                expires_at,
            })
            .await?;
        let token = Token::draw()?;
        let enrolment = Enrolment {
            code,
            device_name: Text::parse("Tablet")?,
            staff_name: Text::parse("Ann")?,
            staff: StaffId(staff),
            token: token.hash(),
            now,
        };
        keys.push((storage.enrol(enrolment).await?.device, token));
    }
    Ok(keys)
}

/// The pushes of a device, ready to be sent.
fn requests(device: DeviceId, events: u64, batch: u64) -> Vec<Vec<u8>> {
    let event = |n| {
        let marked = AttendanceMarked {
            session: SessionId(n / 40),
            person: PersonId(n % 40),
            mark: Mark::HERE,
            note: None,
        };
        let draft = Draft {
            stream: Stream::Delivery(PROGRAMME),
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

fn push_all(address: SocketAddr, token: &Token, log: &[Vec<u8>]) -> Result<(), Failed> {
    let agent = ureq::Agent::new_with_defaults();
    let key: String = token.0.iter().map(|byte| format!("{byte:02x}")).collect();
    for request in log {
        let mut reply = agent
            .post(format!("http://{address}/v1/push"))
            .header("authorization", format!("Bearer {key}"))
            .content_type(MEDIA_TYPE)
            .send(request.as_slice())?;
        PushReply::from_bytes(&reply.body_mut().read_to_vec()?)?;
    }
    Ok(())
}
