//! The server with a database in memory. Its decisions are those of the core.

use std::collections::BTreeMap;

use wellfield_core::access::{Action, Role};
use wellfield_core::clock::Instant;
use wellfield_core::event::Event;
use wellfield_core::ids::{DeviceId, ProgrammeId};
use wellfield_core::records::Records;
use wellfield_core::stream::Stream;
use wellfield_core::sync::server::{DeviceStanding, PushPlan, fingerprint, plan_push};
use wellfield_core::sync::{
    Cursor, HttpReply, MEDIA_TYPE, Message, Outcome, Problem, ProblemReply, PullReply, PulledEvent,
    PushReply, PushRequest, StreamHead, StreamsReply,
};

use super::flaw::Flaw;

/// A request as it arrives.
#[derive(Clone, Debug)]
pub(super) enum Request {
    /// `POST /v1/push`.
    Push(Vec<u8>),
    /// `GET /v1/streams`.
    Streams,
    /// `GET /v1/pull`.
    Page {
        /// From where.
        cursor: Cursor,
        /// Events at most.
        limit: usize,
    },
}

/// A stream in the database.
#[derive(Clone, Debug, Default)]
pub(super) struct Shelf {
    pub(super) epoch: u32,
    pub(super) events: Vec<PulledEvent>,
}

/// An event that was set aside.
#[derive(Clone, Debug)]
pub(super) struct Quarantined {
    pub(super) device: DeviceId,
    pub(super) n: u64,
    pub(super) bytes: Vec<u8>,
    pub(super) outcome: Outcome,
}

/// The server and all it keeps. A clone is a backup.
#[derive(Clone, Debug)]
pub(super) struct Server {
    devices: BTreeMap<DeviceId, DeviceStanding>,
    held: BTreeMap<(DeviceId, u64), [u8; 32]>,
    pub(super) streams: BTreeMap<Stream, Shelf>,
    pub(super) quarantine: Vec<Quarantined>,
    /// Events at most in a page.
    page: usize,
    flaw: Option<Flaw>,
}

fn ours(status: u16, body: Vec<u8>) -> HttpReply {
    HttpReply {
        status,
        media_type: MEDIA_TYPE.to_owned(),
        body,
    }
}

fn refused(problem: ProblemReply) -> HttpReply {
    ours(problem.status(), problem.to_bytes())
}

impl Server {
    pub(super) fn new(programme: ProgrammeId, epoch: u32, page: usize, flaw: Option<Flaw>) -> Self {
        let streams = [
            Stream::Public,
            Stream::Organisation,
            Stream::Delivery(programme),
            Stream::Casework(programme),
        ];
        let shelf = Shelf {
            epoch,
            events: Vec::new(),
        };
        Self {
            devices: BTreeMap::new(),
            held: BTreeMap::new(),
            streams: streams
                .into_iter()
                .map(|stream| (stream, shelf.clone()))
                .collect(),
            quarantine: Vec::new(),
            page,
            flaw,
        }
    }

    pub(super) fn enrol(&mut self, device: DeviceId, role: Role, programme: ProgrammeId) {
        let standing = DeviceStanding {
            device,
            role,
            programmes: vec![programme],
            max_n: 0,
            revoked: false,
        };
        self.devices.insert(device, standing);
    }

    pub(super) fn standing(&self, device: DeviceId) -> Option<&DeviceStanding> {
        self.devices.get(&device)
    }

    /// Stores an event of the server's own.
    pub(super) fn record(&mut self, event: Event, bytes: Vec<u8>, now: Instant) {
        self.held
            .insert((event.id.device, event.id.n), fingerprint(&bytes));
        self.shelve(event.stream, bytes, now);
    }

    fn shelve(&mut self, stream: Stream, bytes: Vec<u8>, now: Instant) {
        let shelf = self.streams.entry(stream).or_default();
        shelf.events.push(PulledEvent {
            seq: shelf.events.len() as u64 + 1,
            received_at: now,
            bytes,
        });
    }

    /// Every stream has to be read again from its beginning.
    pub(super) fn change_epochs(&mut self, epoch: u32) {
        for shelf in self.streams.values_mut() {
            shelf.epoch = epoch;
        }
    }

    pub(super) fn answer(
        &mut self,
        device: DeviceId,
        request: &Request,
        now: Instant,
    ) -> HttpReply {
        match request {
            Request::Push(body) => self.push(device, body, now),
            Request::Streams => self.heads(device, now),
            Request::Page { cursor, limit } => self.page(device, *cursor, *limit),
        }
    }

    fn push(&mut self, device: DeviceId, body: &[u8], now: Instant) -> HttpReply {
        let Ok(request) = PushRequest::from_bytes(body) else {
            return refused(Problem::Malformed.into());
        };
        let Some(mut standing) = self.devices.get(&device).cloned() else {
            return refused(Problem::UnknownDevice.into());
        };
        let first_n = request.first_n;
        let last_n = first_n + request.events.len() as u64;
        let mut held: BTreeMap<_, _> = self
            .held
            .range((device, first_n)..(device, last_n))
            .map(|((_, n), hash)| (*n, *hash))
            .collect();
        if self.flaw == Some(Flaw::StoresEveryPush) {
            standing.max_n = first_n - 1;
            held.clear();
        }
        let held_before = standing.max_n;
        match plan_push(&standing, request, &held) {
            Err(problem) => refused(problem),
            Ok(mut plan) => {
                if self.flaw == Some(Flaw::SilentAboutSetAside) {
                    for (outcome, n) in plan.outcomes.iter_mut().zip(first_n..) {
                        if n <= held_before {
                            *outcome = Outcome::Held;
                        }
                    }
                }
                let reply = PushReply {
                    device,
                    max_n: plan.max_n,
                    first_n,
                    outcomes: plan.outcomes.clone(),
                    server_time: now,
                };
                self.carry_out(device, plan, now);
                ours(200, reply.to_bytes())
            }
        }
    }

    fn carry_out(&mut self, device: DeviceId, plan: PushPlan, now: Instant) {
        for accepted in plan.accepted {
            self.held
                .insert((device, accepted.event.id.n), accepted.hash);
            self.shelve(accepted.event.stream, accepted.bytes, now);
        }
        for aside in plan.set_aside {
            self.held.insert((device, aside.n), aside.hash);
            self.quarantine.push(Quarantined {
                device,
                n: aside.n,
                bytes: aside.bytes,
                outcome: aside.outcome,
            });
        }
        if let Some(standing) = self.devices.get_mut(&device) {
            standing.max_n = plan.max_n;
        }
    }

    fn heads(&self, device: DeviceId, now: Instant) -> HttpReply {
        let Some(standing) = self.devices.get(&device) else {
            return refused(Problem::UnknownDevice.into());
        };
        let heads = standing.streams().into_iter().filter_map(|stream| {
            let shelf = self.streams.get(&stream)?;
            Some(StreamHead {
                stream,
                epoch: shelf.epoch,
                head: shelf.events.len() as u64,
            })
        });
        let reply = StreamsReply {
            streams: heads.collect(),
            server_time: now,
        };
        ours(200, reply.to_bytes())
    }

    fn page(&self, device: DeviceId, cursor: Cursor, limit: usize) -> HttpReply {
        let may_read = self
            .devices
            .get(&device)
            .is_some_and(|standing| standing.may(Action::Read, cursor.stream));
        let Some(shelf) = self.streams.get(&cursor.stream).filter(|_| may_read) else {
            return refused(Problem::Forbidden.into());
        };
        if shelf.epoch != cursor.epoch {
            return refused(Problem::EpochChanged.into());
        }
        let start = shelf.events.iter().skip(cursor.after as usize);
        let reply = PullReply {
            stream: cursor.stream,
            epoch: shelf.epoch,
            after: cursor.after,
            head: shelf.events.len() as u64,
            events: start.take(limit.min(self.page)).cloned().collect(),
        };
        ours(200, reply.to_bytes())
    }

    /// The events of the streams that a device may read.
    pub(super) fn events_for(&self, device: DeviceId) -> Vec<Event> {
        let streams = self.devices.get(&device).map(DeviceStanding::streams);
        streams
            .unwrap_or_default()
            .iter()
            .filter_map(|stream| self.streams.get(stream))
            .flat_map(|shelf| &shelf.events)
            .filter_map(|event| event.event().ok())
            .collect()
    }

    /// What the streams that a device may read add up to.
    pub(super) fn fold_for(&self, device: DeviceId) -> Records {
        let mut records = Records::default();
        for event in self.events_for(device) {
            records.apply(&event);
        }
        records
    }
}
