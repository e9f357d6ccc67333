//! Carries out what the two lanes say.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use futures::future::LocalBoxFuture;
use gloo::timers::callback::Timeout;
use wellfield_core::clock::Instant;
use wellfield_core::start::StartCopy;
use wellfield_core::sync::{
    Believed, Cursor, Cursors, Halt, HttpReply, MendLane, Message, OutboxPage, Outcome, Page,
    Place, PullEffect, PullInput, PullLane, PushEffect, PushInput, PushLane, StreamsReply,
    ToldErased, believed,
};
use wellfield_core::vault::SealingKey;

use super::as_device::{Asked, as_device};
use super::bootstrap::bootstrap;
use super::mend::Errand;
use super::tabs::wipe;

use crate::platform::{now, random_u32};
use crate::storage::{Identity, TabletStore};

/// Sending is looked after at least this often while the app is open, in milliseconds.
pub(super) const TIMER_MS: u32 = 60_000;

/// What the header says about sending.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// A part of the log is on its way right now.
    pub sending: bool,
    /// The last attempt failed.
    pub failing: bool,
    /// When everything was last received, by this tablet's clock.
    pub last_contact: Option<Instant>,
    /// Sending needs a person.
    pub halt: Option<Halt>,
    /// So many bytes of a long history are here, and of how many, while it is on its way.
    pub receiving: Option<(u32, u32)>,
    /// So many events lay damaged on this tablet, or near a damaged one, and were received again since
    /// the app was opened.
    pub mended: u64,
}

/// Who is told what came of it.
pub trait Sink {
    /// The server holds the log up to here; these were set aside.
    fn acked(&self, max_n: u64, quarantined: &[(u64, Outcome)]);
    /// A page is on disk, after what is shown.
    fn pulled(&self, page: &Page);
    /// This is what first screens need of a stream; its history is on its way.
    fn front(&self, front: &StartCopy);
    /// The history of a stream is on disk. The lane goes on meanwhile.
    fn installed(&self);
    /// Something is gone from the disk, or something else took its place there: a stream, or what the
    /// server once said of the log. The lane goes on once this is done.
    fn forgotten(&self) -> LocalBoxFuture<'static, ()>;
    /// The state of sending changed.
    fn progress(&self, progress: Progress);
}

/// The lanes of this device, and what they run on.
pub struct Driver {
    pub(super) store: Rc<TabletStore>,
    pub(super) identity: Identity,
    pub(super) sink: Rc<dyn Sink>,
    push: RefCell<PushLane>,
    pull: RefCell<PullLane>,
    pub(super) mend: RefCell<MendLane>,
    pub(super) progress: Cell<Progress>,
    pending: Cell<u64>,
    /// Something was sent since the last fetch.
    to_come_back: Cell<bool>,
    /// The server's key for which the tablet has what it sends with while it is locked.
    pub(super) granted: Cell<Option<SealingKey>>,
    /// It was looked since the last reason to for what the server knows this device by.
    looked: Cell<bool>,
    /// How far it was told of own records that were erased.
    told: Cell<ToldErased>,
    timers: RefCell<[Option<Timeout>; 4]>,
}

/// What a lane is fed with, owned, because it crosses an await.
pub enum Fed {
    /// A reason to look what there is to do.
    Wake,
    /// The time to wait is over.
    WaitOver,
    /// What is unsent, as far as it goes into one request.
    Outbox(OutboxPage),
    /// How far the streams reach that are here.
    Cursors(Cursors),
    /// The parts of a snapshot that are here.
    Parts(Vec<u32>),
    /// What the server answered.
    Reply(HttpReply),
    /// Nothing was answered.
    NoReply,
    /// What was to be kept is on disk.
    Saved,
    /// It is not.
    DiskFailed,
}

const PUSH_TIMER: usize = 0;
const PULL_TIMER: usize = 1;
const REGULAR_TIMER: usize = 2;
pub(super) const MEND_TIMER: usize = 3;

impl Driver {
    /// The lanes of a device at start.
    pub fn new(store: Rc<TabletStore>, identity: Identity, sink: Rc<dyn Sink>) -> Rc<Self> {
        Rc::new(Self {
            push: RefCell::new(PushLane::new(identity.device)),
            pull: RefCell::new(PullLane::default()),
            mend: RefCell::new(MendLane::default()),
            store,
            identity,
            sink,
            progress: Cell::new(Progress::default()),
            pending: Cell::new(0),
            to_come_back: Cell::new(false),
            granted: Cell::new(None),
            looked: Cell::default(),
            told: Cell::default(),
            timers: RefCell::default(),
        })
    }

    /// A reason to send and receive: start, a save, back on line, visible again, "Send now".
    pub fn wake(self: &Rc<Self>) {
        self.looked.set(false);
        self.send_and_receive();
        let regular = Rc::clone(self);
        self.keep_timer(
            REGULAR_TIMER,
            Timeout::new(TIMER_MS, move || regular.wake()),
        );
    }

    /// Looks what there is to send and to receive.
    pub(super) fn send_and_receive(self: &Rc<Self>) {
        self.drive_push(Fed::Wake);
        self.drive_pull(Fed::Wake);
    }

    fn drive_push(self: &Rc<Self>, first: Fed) {
        let driver = Rc::clone(self);
        wasm_bindgen_futures::spawn_local(async move {
            let mut next = Some(first);
            while let Some(fed) = next {
                let reply;
                let input = match fed {
                    Fed::Wake => PushInput::Wake,
                    Fed::WaitOver => PushInput::WaitOver,
                    Fed::Outbox(page) => PushInput::Outbox(page),
                    Fed::Reply(came) => {
                        reply = came;
                        PushInput::Reply(&reply)
                    }
                    Fed::NoReply => PushInput::NoReply,
                    Fed::Saved => PushInput::Saved,
                    Fed::DiskFailed | Fed::Cursors(_) | Fed::Parts(_) => PushInput::DiskFailed,
                };
                let effect = driver.push.borrow_mut().step(input, random_u32());
                driver.report(&effect);
                next = match effect {
                    Some(effect) => driver.carry_out_push(effect).await,
                    None => None,
                };
            }
        });
    }

    async fn carry_out_push(self: &Rc<Self>, effect: PushEffect) -> Option<Fed> {
        match effect {
            PushEffect::ReadOutbox { limit } => {
                let page = self.store.outbox(&self.identity, limit).await;
                if let Ok(page) = &page {
                    self.pending.set(page.newest.saturating_sub(page.acked));
                }
                Some(page.map_or(Fed::DiskFailed, Fed::Outbox))
            }
            PushEffect::Send(request) => {
                let reply =
                    as_device(&self.store, Asked::post("/v1/push", &request.to_bytes())).await;
                Some(reply.map_or(Fed::NoReply, Fed::Reply))
            }
            PushEffect::SaveAck {
                first_n,
                max_n,
                quarantined,
            } => {
                let saved = self.store.save_ack(first_n, max_n, &quarantined).await;
                let Ok(acked) = saved else {
                    return Some(Fed::DiskFailed);
                };
                self.sink.acked(acked, &quarantined);
                self.to_come_back.set(true);
                Some(Fed::Saved)
            }
            PushEffect::Rewind { max_n } => {
                if self.store.rewind(max_n).await.is_err() {
                    return Some(Fed::DiskFailed);
                }
                // What was said to be set aside beyond that place is gone from the disk too.
                self.sink.forgotten().await;
                Some(Fed::Saved)
            }
            PushEffect::Wipe { max_n } => {
                let saved = wipe(&self.store, max_n).await?;
                Some(saved.map_or(Fed::DiskFailed, |()| Fed::Saved))
            }
            PushEffect::Wait { ms } => {
                self.fetch_back();
                let driver = Rc::clone(self);
                let timer = Timeout::new(ms, move || driver.drive_push(Fed::WaitOver));
                self.keep_timer(PUSH_TIMER, timer);
                None
            }
            PushEffect::Rest => {
                self.fetch_back();
                None
            }
        }
    }

    /// What was sent comes back with its place in the stream. It is fetched once all of it was sent:
    /// the sending comes first where both share a weak line and a slow processor.
    fn fetch_back(self: &Rc<Self>) {
        if self.to_come_back.take() {
            self.drive_pull(Fed::Wake);
        }
    }

    fn drive_pull(self: &Rc<Self>, first: Fed) {
        let driver = Rc::clone(self);
        wasm_bindgen_futures::spawn_local(async move {
            let mut next = Some(first);
            while let Some(fed) = next {
                let reply;
                let input = match fed {
                    Fed::Wake => PullInput::Wake,
                    Fed::WaitOver => PullInput::WaitOver,
                    Fed::Cursors(cursors) => PullInput::Cursors(cursors),
                    Fed::Parts(parts) => PullInput::Parts(parts),
                    Fed::Reply(came) => {
                        reply = came;
                        PullInput::Reply(&reply)
                    }
                    Fed::NoReply => PullInput::NoReply,
                    Fed::Saved => PullInput::Saved,
                    Fed::DiskFailed | Fed::Outbox(_) => PullInput::DiskFailed,
                };
                let effect = driver.pull.borrow_mut().step(input, random_u32());
                let rested = matches!(effect, Some(PullEffect::Rest));
                next = match effect {
                    Some(effect) => driver.carry_out_pull(effect).await,
                    None => None,
                };
                if rested {
                    driver.mend_later();
                    driver.tell(Progress {
                        last_contact: Some(now()),
                        ..driver.progress.get()
                    });
                }
            }
        });
    }

    async fn carry_out_pull(self: &Rc<Self>, effect: PullEffect) -> Option<Fed> {
        match effect {
            PullEffect::ReadCursors => Some(
                self.store
                    .cursors()
                    .await
                    .map_or(Fed::DiskFailed, Fed::Cursors),
            ),
            PullEffect::GetStreams => {
                let (pending, erased) = (self.pending.get(), self.told.get().place());
                let address = format!("/v1/streams?pending={pending}&erased={erased}");
                let fed = self.get(&address).await;
                if let Fed::Reply(reply) = &fed {
                    self.heed(reply).await;
                }
                Some(fed)
            }
            PullEffect::GetPage { cursor, limit } => {
                Some(self.get(&Self::page_address(cursor, limit)).await)
            }
            PullEffect::SavePage(page) => {
                if self.store.save_page(&page).await.is_err() {
                    return Some(Fed::DiskFailed);
                }
                match page.place {
                    Place::Shown => self.sink.pulled(&page),
                    // What is shown stays until the replacement is whole.
                    Place::Beside => {}
                    Place::Instead => self.sink.forgotten().await,
                }
                Some(Fed::Saved)
            }
            PullEffect::Forget(stream) => {
                if self.store.forget(stream).await.is_err() {
                    return Some(Fed::DiskFailed);
                }
                self.sink.forgotten().await;
                Some(Fed::Saved)
            }
            PullEffect::GetSnapshot { .. }
            | PullEffect::ReadParts(_)
            | PullEffect::GetFront { .. }
            | PullEffect::SaveFront(_)
            | PullEffect::GetPart { .. }
            | PullEffect::SavePart { .. }
            | PullEffect::Install(_) => bootstrap(Rc::clone(self), effect).await,
            PullEffect::Wait { ms } => {
                self.receiving(None);
                let driver = Rc::clone(self);
                let timer = Timeout::new(ms, move || driver.drive_pull(Fed::WaitOver));
                self.keep_timer(PULL_TIMER, timer);
                None
            }
            PullEffect::Rest => None,
        }
    }

    /// Where a page is to be had.
    pub(super) fn page_address(cursor: Cursor, limit: usize) -> String {
        let Cursor {
            stream,
            epoch,
            after,
        } = cursor;
        format!("/v1/pull?stream={stream}&epoch={epoch}&after={after}&limit={limit}")
    }

    /// Keeps a timer running, in the place of the one of its kind that was running.
    pub(super) fn keep_timer(&self, kind: usize, timer: Timeout) {
        self.timers.borrow_mut()[kind] = Some(timer);
    }

    /// What the server says of this tablet beside where the streams stand. Where it cannot be carried out,
    /// the next contact makes up for it.
    async fn heed(self: &Rc<Self>, reply: &HttpReply) {
        let Ok(said) = reply.read::<StreamsReply>() else {
            return;
        };
        if let Some(key) = said.sealing
            && self.granted.get() != Some(key)
        {
            Rc::clone(self).run(Errand::Grant(key));
        }
        let mut acked = 0;
        if !said.erased.numbers.is_empty() {
            let Ok((forgot, held)) = self.store.erase_told(&said.erased).await else {
                return;
            };
            acked = held;
            if forgot {
                // Records in memory only ever grow, so without what was erased they are made anew.
                self.sink.forgotten().await;
            }
        }
        let mut told = self.told.get();
        told.carried_out(&said, acked);
        self.told.set(told);
    }

    /// Tells how many bytes of a history are here, and of how many.
    pub(super) fn receiving(&self, bytes: Option<(u32, u32)>) {
        self.tell(Progress {
            receiving: bytes,
            ..self.progress.get()
        });
    }

    pub(super) async fn get(self: &Rc<Self>, address: &str) -> Fed {
        self.ask(Asked::get(address)).await
    }

    /// Makes a request. Where the server does not know what this device shows, it is looked once for what it knows.
    async fn ask(self: &Rc<Self>, asked: Asked<'_>) -> Fed {
        let Ok(reply) = as_device(&self.store, asked).await else {
            return Fed::NoReply;
        };
        if believed(&reply) == Believed::NotKnown && !self.looked.replace(true) {
            Rc::clone(self).run(Errand::ShowOther);
        }
        Fed::Reply(reply)
    }

    /// Tells the screen what the sending lane came to, from the lane itself.
    fn report(&self, effect: &Option<PushEffect>) {
        let push = self.push.borrow();
        let last = self.progress.get();
        // An empty push only asks whether the server still has everything. Between two parts of the log
        // the next one is read, which is sending still.
        let sending = match effect {
            Some(PushEffect::Send(request)) => !request.events.is_empty(),
            Some(PushEffect::SaveAck { .. }) => true,
            Some(PushEffect::ReadOutbox { .. }) => last.sending,
            _ => false,
        };
        let failing = match effect {
            Some(PushEffect::Wait { .. }) => true,
            Some(PushEffect::Rest | PushEffect::SaveAck { .. }) => false,
            _ => last.failing,
        };
        let progress = Progress {
            sending,
            failing,
            halt: push.halt(),
            ..last
        };
        drop(push);
        self.tell(progress);
    }

    pub(super) fn tell(&self, progress: Progress) {
        if self.progress.replace(progress) != progress {
            self.sink.progress(progress);
        }
    }
}
