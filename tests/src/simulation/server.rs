//! The server with a database in memory. Its decisions are those of the core.

use std::collections::BTreeMap;
use std::ops::Range;
use std::rc::Rc;

use wellfield_core::access::{Action, Role};
use wellfield_core::clock::Instant;
use wellfield_core::erasure::ErasedSubjects;
use wellfield_core::event::{Event, decode_event};
use wellfield_core::ids::{DeviceId, EventId, ProgrammeId};
use wellfield_core::records::Records;
use wellfield_core::stream::Stream;
use wellfield_core::sync::server::{
    Accepted, DeviceStanding, HeldEvent, PushPlan, fingerprint, plan_push,
};
use wellfield_core::sync::{
    Cursor, HttpReply, MEDIA_TYPE, Message, Outcome, Problem, ProblemReply, PulledEvent, PushReply,
    PushRequest, Snapshot,
};

use super::Plan;
use super::flaw::Flaw;
use super::network::Address;
use super::tablet::Software;

/// A request as it arrives.
#[derive(Clone, Debug)]
pub(super) enum Request {
    /// `POST /v1/push`.
    Push(Vec<u8>),
    /// `GET /v1/streams`.
    Streams {
        /// How many events the device holds unsent.
        pending: u64,
        /// Up to which place it was told of its own records that were erased.
        erased: u64,
    },
    /// `GET /v1/pull`.
    Page {
        /// From where.
        cursor: Cursor,
        /// Events at most.
        limit: usize,
    },
    /// `GET /v1/snapshot`.
    Snapshot {
        /// Of which stream and epoch.
        of: Cursor,
    },
    /// `GET /v1/front`.
    Front {
        /// Of which stream and epoch.
        of: Cursor,
    },
    /// `GET /v1/snapshots/NAME`.
    Part {
        /// Of which snapshot.
        snapshot: Snapshot,
        /// Which of its bytes.
        bytes: Range<u32>,
    },
    /// `GET /v1/digests`.
    Digests {
        /// Of which stream, and through which place.
        cursor: Cursor,
        /// From which bucket on.
        bucket: u64,
    },
}

/// A stream in the database.
#[derive(Clone, Debug, Default)]
pub(super) struct Shelf {
    pub(super) epoch: u32,
    pub(super) events: Vec<Rc<Shelved>>,
}

/// An event in a stream, and what it says.
#[derive(Clone, Debug)]
pub(super) struct Shelved {
    pub(super) wire: PulledEvent,
    /// As readers take it: its time is that of its arrival at the latest.
    pub(super) event: Rc<Event>,
}

/// An event of a device's log that is held, in a stream or set aside.
#[derive(Clone, Debug)]
pub(super) struct Kept {
    pub(super) bytes: Rc<[u8]>,
    pub(super) outcome: Outcome,
    hash: [u8; 32],
}

/// What the server knows of a device.
#[derive(Clone, Debug)]
pub(super) struct Book {
    pub(super) standing: DeviceStanding,
    /// How many events it last said it holds unsent: what a coordinator reads.
    pub(super) pending: u64,
    /// How far its log went when it said so. No server knows this; a promise is checked with it.
    pub(super) told: u64,
    /// What it might read when it was enrolled, for a flaw that never looks again.
    pub(super) first_streams: Vec<Stream>,
}

/// An event whose number was given and that is not committed yet, for a flaw that does so.
#[derive(Clone, Debug)]
struct Uncommitted {
    stream: Stream,
    index: usize,
    event: Rc<Shelved>,
    until: u64,
}

/// The server and all it keeps. A clone is a backup.
#[derive(Clone, Debug)]
pub(super) struct Server {
    pub(super) books: BTreeMap<DeviceId, Book>,
    pub(super) held: BTreeMap<(DeviceId, u64), Kept>,
    pub(super) streams: BTreeMap<Stream, Shelf>,
    /// What was set aside, by its place in a log.
    pub(super) quarantine: Vec<(DeviceId, u64)>,
    pub(super) software: Software,
    /// Everybody who was erased: the ledger, which outlives a restore.
    pub(super) erased: ErasedSubjects,
    /// Which records were erased, in the order in which devices are told.
    pub(super) own_erased: Vec<(DeviceId, u64)>,
    /// What the last push added: the promises are checked with it, and it is no part of a backup.
    pub(super) news: Vec<(u64, Kept)>,
    uncommitted: Vec<Uncommitted>,
    requests: u64,
    /// Events at most in a page.
    pub(super) page: usize,
    /// Whether there are snapshots.
    pub(super) repairs: bool,
    pub(super) flaw: Option<Flaw>,
}

pub(super) fn ours(status: u16, body: Vec<u8>) -> HttpReply {
    HttpReply {
        status,
        media_type: MEDIA_TYPE.to_owned(),
        body,
    }
}

pub(super) fn refused(problem: ProblemReply) -> HttpReply {
    ours(problem.status(), problem.to_bytes())
}

impl Server {
    pub(super) fn new(programme: ProgrammeId, epoch: u32, page: usize, plan: Plan) -> Self {
        let streams = [
            Stream::Public,
            Stream::Organisation,
            Stream::Delivery(programme),
            Stream::Casework(programme),
        ];
        let events = Vec::new();
        let shelf = Shelf { epoch, events };
        Self {
            books: BTreeMap::new(),
            held: BTreeMap::new(),
            streams: streams.map(|stream| (stream, shelf.clone())).into(),
            quarantine: Vec::new(),
            software: Software::New,
            erased: ErasedSubjects::default(),
            own_erased: Vec::new(),
            news: Vec::new(),
            uncommitted: Vec::new(),
            requests: 0,
            page,
            repairs: plan.repairs,
            flaw: plan.flaw,
        }
    }

    pub(super) fn has(&self, flaw: Flaw) -> bool {
        self.flaw == Some(flaw)
    }

    pub(super) fn enrol(&mut self, device: DeviceId, role: Role, programme: ProgrammeId) {
        let standing = DeviceStanding {
            device,
            role,
            programmes: vec![programme],
            max_n: 0,
            revoked: false,
        };
        let book = Book {
            first_streams: standing.streams(),
            standing,
            pending: 0,
            told: 0,
        };
        self.books.insert(device, book);
    }

    pub(super) fn standing(&self, device: DeviceId) -> Option<&DeviceStanding> {
        self.books.get(&device).map(|book| &book.standing)
    }

    /// Stores an event of the server's own.
    pub(super) fn record(&mut self, event: Event, bytes: Vec<u8>, now: Instant) {
        let kept = Kept {
            hash: fingerprint(&bytes),
            bytes: bytes.as_slice().into(),
            outcome: Outcome::Stored,
        };
        self.held.insert((event.id.device, event.id.n), kept);
        self.shelve(event, bytes, now);
    }

    /// The number of the server's next event of its own.
    pub(super) fn next_own(&self) -> u64 {
        let own = (DeviceId::SERVER, 0)..=(DeviceId::SERVER, u64::MAX);
        let last = self.held.range(own).next_back();
        last.map_or(1, |((_, n), _)| n + 1)
    }

    fn shelve(&mut self, event: Event, bytes: Vec<u8>, now: Instant) {
        let stream = event.stream;
        let late = self.has(Flaw::SequenceCursor) && self.requests % 2 == 1;
        let shelf = self.streams.entry(stream).or_default();
        let wire = PulledEvent {
            seq: shelf.events.len() as u64 + 1,
            received_at: now,
            bytes,
        };
        // Nothing but the time differs from what the device wrote.
        let event = Rc::new(wire.event().unwrap_or(event));
        let shelved = Rc::new(Shelved { wire, event });
        let index = shelf.events.len();
        if late {
            let until = self.requests + 6;
            self.uncommitted.push(Uncommitted {
                stream,
                index,
                event: shelved,
                until,
            });
        } else {
            shelf.events.push(shelved);
        }
    }

    /// Commits what was held back, where its number says. A reader may be past that place.
    fn commit_late(&mut self) {
        let now = self.requests;
        let (due, later): (Vec<_>, Vec<_>) = std::mem::take(&mut self.uncommitted)
            .into_iter()
            .partition(|event| event.until <= now);
        self.uncommitted = later;
        for late in due {
            let shelf = self.streams.entry(late.stream).or_default();
            let index = late.index.min(shelf.events.len());
            shelf.events.insert(index, late.event);
            for (event, seq) in shelf.events.iter_mut().zip(1..) {
                Rc::make_mut(event).wire.seq = seq;
            }
        }
    }

    /// Every stream has to be read again from its beginning.
    pub(super) fn change_epochs(&mut self, epoch: u32) {
        for shelf in self.streams.values_mut() {
            shelf.epoch = epoch;
        }
    }

    pub(super) fn answer(&mut self, from: Address, request: &Request, now: Instant) -> HttpReply {
        self.news.clear();
        self.requests += 1;
        self.commit_late();
        match request {
            Request::Push(body) => self.push(from, body, now),
            Request::Streams { pending, erased } => {
                self.heard(from, *pending);
                self.heads(from.device, *erased, now)
            }
            Request::Page { cursor, limit } => self.page(from.device, *cursor, *limit),
            Request::Snapshot { of } => match self.snapshot(from.device, *of) {
                Ok((made, _)) => ours(200, made.to_bytes()),
                Err(problem) => refused(problem.into()),
            },
            Request::Front { of } => self.front(from.device, *of),
            Request::Part { snapshot, bytes } => self.part(from.device, snapshot, bytes),
            Request::Digests { cursor, bucket } => self.digests(from.device, *cursor, *bucket),
        }
    }

    /// Notes what a device holds unsent.
    fn heard(&mut self, from: Address, pending: u64) {
        let forgets = self.has(Flaw::PendingForgotten);
        if let Some(book) = self.books.get_mut(&from.device) {
            book.pending = if forgets { 0 } else { pending };
            book.told = from.newest;
        }
    }

    fn push(&mut self, from: Address, body: &[u8], now: Instant) -> HttpReply {
        let device = from.device;
        let Ok(mut request) = PushRequest::from_bytes(body) else {
            return refused(Problem::Malformed.into());
        };
        let Some(mut standing) = self.standing(device).cloned() else {
            return refused(Problem::UnknownDevice.into());
        };
        let (first_n, count, pending) = (request.first_n, request.events.len(), request.pending);
        let last_n = first_n + count as u64;
        let held = self.held.range((device, first_n)..(device, last_n));
        let mut held: BTreeMap<_, _> = held.map(|((_, n), kept)| (*n, self.known(kept))).collect();
        match self.flaw {
            Some(Flaw::StoresEveryPush) => {
                standing.max_n = first_n - 1;
                held.clear();
            }
            Some(Flaw::GapAccepted) => standing.max_n = standing.max_n.max(first_n - 1),
            Some(Flaw::ForkOverwritten) => self.overwrite(&standing, &request, &mut held, now),
            Some(Flaw::HalfABatchStored) => {
                let new = last_n.saturating_sub(standing.max_n + 1) as usize;
                request.events.truncate(count - new.min(count) / 2);
            }
            _ => {}
        }
        let held_before = standing.max_n;
        let erased = match self.flaw {
            Some(Flaw::LateIsStored) => ErasedSubjects::default(),
            _ => self.erased.clone(),
        };
        let mut plan = match plan_push(&standing, request, &held, &erased) {
            Ok(plan) => plan,
            Err(problem) => return refused(problem),
        };
        if self.has(Flaw::PoisonBlocks) && !plan.set_aside.is_empty() {
            return refused(Problem::Malformed.into());
        }
        self.as_software_does(&standing, &mut plan);
        if self.has(Flaw::SilentAboutSetAside) {
            for (outcome, _) in plan
                .outcomes
                .iter_mut()
                .zip(first_n..)
                .filter(|(_, n)| *n <= held_before)
            {
                *outcome = Outcome::Held;
            }
        }
        if self.has(Flaw::HalfABatchStored) {
            plan.outcomes.resize(count, Outcome::Stored);
            plan.max_n = plan.max_n.max(last_n - 1);
        }
        let reply = PushReply {
            device,
            max_n: plan.max_n,
            first_n,
            outcomes: plan.outcomes.clone(),
            server_time: now,
            taken_out: plan.taken_out,
        };
        self.carry_out(device, plan, now);
        self.heard(from, pending.saturating_sub(count as u64));
        ours(200, reply.to_bytes())
    }

    /// What the rules are told of an event that is held.
    fn known(&self, kept: &Kept) -> HeldEvent {
        let anew = self.has(Flaw::RepeatExaminedAnew);
        HeldEvent {
            hash: kept.hash,
            became: (!anew).then_some(kept.outcome),
        }
    }

    /// A server with older software knows fewer kinds. It stores what it does not know, whatever is in
    /// it, and hands it on.
    fn as_software_does(&self, standing: &DeviceStanding, plan: &mut PushPlan) {
        let unknown = |bytes: &[u8]| {
            let event = decode_event(bytes).ok()?;
            (!self.software.knows(&event.body)).then_some(event)
        };
        if self.has(Flaw::UnknownKindsSetAside) {
            let first_n = plan.max_n + 1 - plan.outcomes.len() as u64;
            for accepted in std::mem::take(&mut plan.accepted) {
                if self.software.knows(&accepted.event.body) {
                    plan.accepted.push(accepted);
                    continue;
                }
                let n = accepted.event.id.n;
                plan.outcomes[(n - first_n) as usize] = Outcome::Content;
                plan.set_aside.push(wellfield_core::sync::server::SetAside {
                    n,
                    bytes: accepted.bytes,
                    hash: accepted.hash,
                    outcome: Outcome::Content,
                    erased: false,
                });
            }
            return;
        }
        if self.software == Software::New {
            return;
        }
        for aside in std::mem::take(&mut plan.set_aside) {
            let writable = |event: &Event| standing.may(Action::Write, event.stream);
            match unknown(&aside.bytes).filter(writable) {
                Some(event) if aside.outcome == Outcome::NotAllowed => {
                    let first_n = plan.max_n + 1 - plan.outcomes.len() as u64;
                    plan.outcomes[(aside.n - first_n) as usize] = Outcome::Stored;
                    let (bytes, hash) = (aside.bytes, aside.hash);
                    plan.accepted.push(Accepted { event, bytes, hash });
                }
                _ => plan.set_aside.push(aside),
            }
        }
        plan.accepted.sort_by_key(|accepted| accepted.event.id.n);
    }

    fn carry_out(&mut self, device: DeviceId, plan: PushPlan, now: Instant) {
        let erased: Vec<EventId> = plan.erased(device).collect();
        erased.into_iter().for_each(|event| self.will_tell(event));
        let keep = |server: &mut Self, n, bytes: &[u8], hash, outcome| {
            let kept = Kept {
                bytes: bytes.into(),
                outcome,
                hash,
            };
            server.news.push((n, kept.clone()));
            server.held.insert((device, n), kept);
        };
        for accepted in plan.accepted {
            let n = accepted.event.id.n;
            keep(self, n, &accepted.bytes, accepted.hash, Outcome::Stored);
            self.shelve(accepted.event, accepted.bytes, now);
        }
        for aside in plan.set_aside {
            keep(self, aside.n, &aside.bytes, aside.hash, aside.outcome);
            self.quarantine.push((device, aside.n));
        }
        if let Some(book) = self.books.get_mut(&device) {
            book.standing.max_n = plan.max_n;
        }
    }

    /// Notes that a device is to be told that a record of its own was erased.
    fn will_tell(&mut self, event: EventId) {
        let told = (event.device, event.n);
        if event.device != DeviceId::SERVER && !self.own_erased.contains(&told) {
            self.own_erased.push(told);
        }
    }

    /// Erases, and answers which records were. Streams in which any were have to be read again.
    pub(super) fn erase(&mut self, subjects: &ErasedSubjects, epoch: u32) -> Vec<EventId> {
        let all = self.erased.blinds().chain(subjects.blinds());
        self.erased = all.collect();
        let mut gone = Vec::new();
        for shelf in self.streams.values_mut() {
            let before = gone.len();
            for place in &mut shelf.events {
                let Some(Accepted { event, bytes, .. }) = subjects.tombstone_of(&place.wire.bytes)
                else {
                    continue;
                };
                gone.push(event.id);
                let wire = PulledEvent {
                    bytes,
                    ..place.wire.clone()
                };
                let event = Rc::new(event);
                *place = Rc::new(Shelved { wire, event });
            }
            if gone.len() > before {
                shelf.epoch = epoch;
            }
        }
        let aside = self.quarantine.iter();
        gone.extend(aside.filter_map(|(device, n)| {
            let kept = self.held.get(&(*device, *n))?;
            let id = EventId {
                device: *device,
                n: *n,
            };
            subjects.tombstone_of(&kept.bytes).map(|_| id)
        }));
        for id in &gone {
            if let Some(kept) = self.held.get_mut(&(id.device, id.n))
                && let Some(erased) = subjects.tombstone_of(&kept.bytes)
            {
                kept.bytes = erased.bytes.into();
                kept.hash = erased.hash;
            }
            self.will_tell(*id);
        }
        gone
    }

    /// Puts other bytes where they differ from what is held, for a flaw that does.
    fn overwrite(
        &mut self,
        standing: &DeviceStanding,
        request: &PushRequest,
        held: &mut BTreeMap<u64, HeldEvent>,
        now: Instant,
    ) {
        for (n, bytes) in (request.first_n..).zip(&request.events) {
            let hash = fingerprint(bytes);
            if n > standing.max_n || held.get(&n).is_none_or(|known| known.hash == hash) {
                continue;
            }
            let outcome = Outcome::Stored;
            held.insert(n, HeldEvent { hash, became: None });
            if let Some(kept) = self.held.get_mut(&(standing.device, n)) {
                let bytes: Rc<[u8]> = bytes.as_slice().into();
                *kept = Kept {
                    bytes,
                    outcome,
                    hash,
                };
            }
            let Ok(event) = decode_event(bytes) else {
                continue;
            };
            let shelf = self.streams.entry(event.stream).or_default();
            if let Some(place) = shelf.events.iter_mut().find(|old| old.event.id == event.id) {
                let wire = PulledEvent {
                    seq: place.wire.seq,
                    received_at: now,
                    bytes: bytes.clone(),
                };
                let event = Rc::new(event);
                *place = Rc::new(Shelved { wire, event });
            }
        }
    }

    /// The streams that a device may read.
    pub(super) fn streams_of(&self, device: DeviceId) -> Vec<Stream> {
        self.standing(device)
            .map(DeviceStanding::streams)
            .unwrap_or_default()
    }

    /// What these streams add up to for a software.
    pub(super) fn fold(&self, streams: &[Stream], software: Software) -> Records {
        let mut records = Records::default();
        for event in self.events(streams) {
            if software.knows(&event.body) {
                records.apply(event);
            }
        }
        records
    }

    /// The events of these streams.
    pub(super) fn events<'a>(&'a self, streams: &'a [Stream]) -> impl Iterator<Item = &'a Event> {
        streams
            .iter()
            .filter_map(|stream| self.streams.get(stream))
            .flat_map(|shelf| &shelf.events)
            .map(|event| &*event.event)
    }

    /// What an event of a stream says. Most that a tablet reads were read here before, and reading
    /// them again would take a good part of the time.
    pub(super) fn read(&self, stream: Stream, wire: &PulledEvent) -> Option<Rc<Event>> {
        let shelf = self.streams.get(&stream);
        let index = usize::try_from(wire.seq.saturating_sub(1)).unwrap_or(usize::MAX);
        let known = shelf.and_then(|shelf| shelf.events.get(index));
        match known.filter(|known| known.wire == *wire) {
            Some(known) => Some(known.event.clone()),
            None => wire.event().ok().map(Rc::new),
        }
    }
}
