//! Carries out what the mending lane says.

use std::cell::Cell;
use std::rc::Rc;

use futures::future::LocalBoxFuture;
use gloo::timers::callback::Timeout;
use gloo::timers::future::TimeoutFuture;
use wellfield_core::sync::{Cursor, MendEffect, MendInput, StreamSums};
use wellfield_core::vault::SealingKey;

use super::as_device::{Asked, as_device};
use super::driver::{Driver, MEND_TIMER, Progress};
use crate::platform::now;
use crate::storage::StoreError;

/// What lies here is compared so long after everything was received, in milliseconds: it can wait, and
/// whoever has just opened the app cannot.
const AFTER_PULL_MS: u32 = 5_000;

/// So many blocks are summed up in one piece: some thousandths of a second.
const PIECE: usize = 8;

/// What nobody waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Errand {
    /// Comparing what lies here with the server, and putting right what differs.
    Mend,
    /// Looking for what the server knows this device by.
    ShowOther,
    /// Keeping what the tablet sends with while it is locked, for the key that the server names.
    Grant(SealingKey),
}

/// Brings the code for an errand, and runs it. It comes after the first screen, and where it does not come
/// nothing is done until the next time.
pub type Mend = fn(Rc<Driver>, Errand) -> LocalBoxFuture<'static, ()>;

thread_local! {
    static MEND: Cell<Option<Mend>> = const { Cell::new(None) };
}

/// Says where the code that compares comes from. Whoever puts the client together does, once.
pub fn mend_with(mend: Mend) {
    MEND.set(Some(mend));
}

impl Driver {
    /// Compares what lies here with the server, a while after everything was received.
    pub(super) fn mend_later(self: &Rc<Self>) {
        let driver = Rc::clone(self);
        let timer = Timeout::new(AFTER_PULL_MS, move || driver.run(Errand::Mend));
        self.keep_timer(MEND_TIMER, timer);
    }

    /// Runs an errand with the code that is brought for it.
    pub(super) fn run(self: Rc<Self>, errand: Errand) {
        if let Some(mend) = MEND.get() {
            wasm_bindgen_futures::spawn_local(mend(self, errand));
        }
    }

    /// Runs an errand.
    pub async fn carry_out_errand(self: Rc<Self>, errand: Errand) {
        match errand {
            Errand::Mend => {
                self.renew_if_due().await;
                self.mend().await;
            }
            Errand::ShowOther => self.show_other().await,
            Errand::Grant(key) => {
                if self.store.keep_grant(key).await.is_ok() {
                    self.granted.set(Some(key));
                }
            }
        }
    }

    /// Compares what lies here with the server, and puts right what differs.
    async fn mend(self: Rc<Self>) {
        let mut next = self.step_mend(MendInput::Received(now()));
        let mut mended = 0;
        while let Some(effect) = next {
            next = match effect {
                MendEffect::SumUp => match self.sum_up().await {
                    Ok(sums) => self.step_mend(MendInput::Sums(sums)),
                    Err(_) => self.step_mend(MendInput::DiskFailed),
                },
                MendEffect::GetDigests {
                    cursor:
                        Cursor {
                            stream,
                            epoch,
                            after,
                        },
                    bucket,
                } => {
                    let digests = format!(
                        "/v1/digests?stream={stream}&epoch={epoch}&bucket={bucket}&through={after}"
                    );
                    self.ask_for_mending(&digests).await
                }
                MendEffect::GetPage { cursor, limit } => {
                    self.ask_for_mending(&Self::page_address(cursor, limit))
                        .await
                }
                MendEffect::Mend(repair) => {
                    let count = repair.events.len() as u64;
                    let saved = self.store.save_repair(repair).await;
                    if saved.is_ok() {
                        mended += count;
                    }
                    self.step_mend(saved.map_or(MendInput::DiskFailed, |()| MendInput::Saved))
                }
                MendEffect::Rest => None,
            };
        }
        if mended > 0 {
            self.tell_mended(mended).await;
        }
    }

    fn step_mend(&self, input: MendInput<'_>) -> Option<MendEffect> {
        self.mend.borrow_mut().step(input)
    }

    async fn ask_for_mending(&self, address: &str) -> Option<MendEffect> {
        match as_device(&self.store, Asked::get(address)).await {
            Ok(reply) => self.step_mend(MendInput::Reply(&reply)),
            Err(_) => self.step_mend(MendInput::NoReply),
        }
    }

    /// Sums up what lies here, a stream after the other and a piece at a time.
    async fn sum_up(&self) -> Result<Vec<StreamSums>, StoreError> {
        let mut all = Vec::new();
        for cursor in self.store.cursors().await?.shown {
            let Some((cursor, blocks)) = self.store.stream(cursor.stream).await? else {
                continue;
            };
            let mut sums = StreamSums::new(cursor);
            for blocks in blocks.chunks(PIECE) {
                for block in blocks {
                    // A block that cannot be read leaves its bucket with another sum.
                    let _ = sums.take_block(block);
                }
                TimeoutFuture::new(0).await;
            }
            all.push(sums);
        }
        Ok(all)
    }

    /// What was wrong is on screen until everything is added up anew.
    async fn tell_mended(&self, mended: u64) {
        self.sink.forgotten().await;
        let progress = self.progress.get();
        self.tell(Progress {
            mended: progress.mended + mended,
            ..progress
        });
    }
}
