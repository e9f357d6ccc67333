//! A locked tablet sends what it holds, as it lies there, and cannot read it.
//!
//! It is the sending lane of an open tablet with two differences: the rows stay sealed, and what is shown
//! is the grant. It takes no turn with other tabs, because a repeat is harmless, and stops as soon as
//! somebody opens the tablet in this one.

use std::cell::RefCell;
use std::rc::Rc;

use gloo::timers::callback::Timeout;
use leptos::prelude::*;
use wellfield_core::ids::DeviceId;
use wellfield_core::sync::{Halt, HttpReply, Message, OutboxPage, PushEffect, PushInput, PushLane};

use super::as_device::as_locked;
use super::driver::TIMER_MS;
use super::tabs::wipe;
use crate::platform::{document, listen, random_u32, window};
use crate::storage::TabletStore;

/// Sending begins so long after the first screen, in milliseconds.
const AFTER_START_MS: u32 = 300;

/// What a locked tablet knows of its sending.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LockedSending {
    /// Everything was sent.
    AllSent,
    /// So many records are unsent, and go when there is signal.
    Unsent(u64),
    /// So many records are unsent, and go once somebody opens the tablet.
    Stays(u64),
}

/// The sending of a locked tablet.
pub struct LockedSender {
    store: Rc<TabletStore>,
    device: DeviceId,
    lane: RefCell<PushLane>,
    sending: ArcRwSignal<Option<LockedSending>>,
    timers: RefCell<[Option<Timeout>; 2]>,
}

const LANE_TIMER: usize = 0;
const REGULAR_TIMER: usize = 1;

/// What the lane is fed with, owned, because it crosses an await.
enum Fed {
    Wake,
    WaitOver,
    Outbox(OutboxPage),
    Reply(HttpReply),
    NoReply,
    Saved,
    DiskFailed,
}

impl LockedSender {
    /// Begins to send once the first screen is there, and tells what it comes to.
    pub fn start(
        store: Rc<TabletStore>,
        device: DeviceId,
        sending: ArcRwSignal<Option<LockedSending>>,
    ) {
        let sender = Rc::new(Self {
            store,
            device,
            lane: RefCell::new(PushLane::new(device)),
            sending,
            timers: RefCell::default(),
        });
        let online = Rc::clone(&sender);
        listen(&window(), "online", move || online.wake());
        let visible = Rc::clone(&sender);
        listen(&document(), "visibilitychange", move || {
            if document().visibility_state() == web_sys::VisibilityState::Visible {
                visible.wake();
            }
        });
        let first = Rc::clone(&sender);
        sender.keep_timer(
            REGULAR_TIMER,
            Timeout::new(AFTER_START_MS, move || first.wake()),
        );
    }

    /// A reason to send.
    fn wake(self: &Rc<Self>) {
        if self.store.is_unlocked() {
            return;
        }
        self.drive(Fed::Wake);
        let regular = Rc::clone(self);
        self.keep_timer(
            REGULAR_TIMER,
            Timeout::new(TIMER_MS, move || regular.wake()),
        );
    }

    fn keep_timer(&self, kind: usize, timer: Timeout) {
        self.timers.borrow_mut()[kind] = Some(timer);
    }

    fn drive(self: &Rc<Self>, first: Fed) {
        let sender = Rc::clone(self);
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
                    Fed::DiskFailed => PushInput::DiskFailed,
                };
                let effect = sender.lane.borrow_mut().step(input, random_u32());
                // An open tablet sends for itself.
                next = match effect {
                    Some(effect) if !sender.store.is_unlocked() => sender.carry_out(effect).await,
                    _ => None,
                };
            }
        });
    }

    async fn carry_out(self: &Rc<Self>, effect: PushEffect) -> Option<Fed> {
        match effect {
            PushEffect::ReadOutbox { limit } => {
                let page = self.store.sealed_outbox(self.device, limit).await;
                if let Ok(page) = &page {
                    self.tell(page.newest.saturating_sub(page.acked)).await;
                }
                Some(page.map_or(Fed::DiskFailed, Fed::Outbox))
            }
            PushEffect::Send(request) => {
                // Without a grant there is nothing that the server could believe.
                let Ok(Some(grant)) = self.store.grant().await else {
                    return Some(Fed::NoReply);
                };
                let reply =
                    as_locked(&self.store, &grant, "/v1/sealed-push", &request.to_bytes()).await;
                Some(reply.map_or(Fed::NoReply, Fed::Reply))
            }
            PushEffect::SaveAck {
                first_n,
                max_n,
                quarantined,
            } => {
                let saved = self.store.save_ack(first_n, max_n, &quarantined).await;
                Some(saved.map_or(Fed::DiskFailed, |_| Fed::Saved))
            }
            PushEffect::Rewind { max_n } => {
                let saved = self.store.rewind(max_n).await;
                Some(saved.map_or(Fed::DiskFailed, |()| Fed::Saved))
            }
            PushEffect::Wipe { max_n } => {
                let saved = wipe(&self.store, max_n).await?;
                Some(saved.map_or(Fed::DiskFailed, |()| Fed::Saved))
            }
            PushEffect::Wait { ms } => {
                self.look_again().await;
                let sender = Rc::clone(self);
                let timer = Timeout::new(ms, move || sender.drive(Fed::WaitOver));
                self.keep_timer(LANE_TIMER, timer);
                None
            }
            PushEffect::Rest => None,
        }
    }

    /// What is unsent, after an attempt that failed: it may have been refused.
    async fn look_again(&self) {
        if let Ok(page) = self.store.sealed_outbox(self.device, 1).await {
            self.tell(page.newest.saturating_sub(page.acked)).await;
        }
    }

    async fn tell(&self, unsent: u64) {
        // One that was taken out of use sends all the same.
        let halt = self.lane.borrow().halt();
        let stays = halt.is_some_and(|halt| halt != Halt::Revoked)
            || !matches!(self.store.grant().await, Ok(Some(_)));
        self.sending.set(Some(match unsent {
            0 => LockedSending::AllSent,
            _ if stays => LockedSending::Stays(unsent),
            _ => LockedSending::Unsent(unsent),
        }));
    }
}
