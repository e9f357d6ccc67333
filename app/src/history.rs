//! The rest of what lies on the tablet, read while the person is already working.
//!
//! The first screens come from a copy ([`wellfield_core::start`]) and what came after it. Then
//! everything is read and folded in small pieces, between which the tablet answers taps, and takes the
//! place of what the copy gave. Last, the copy is made anew where it has fallen behind.

use std::cell::{Cell, RefCell};

use gloo::timers::callback::Timeout;
use gloo::timers::future::TimeoutFuture;
use leptos::prelude::*;
use wellfield_core::clock::Date;
use wellfield_core::ids::SessionId;
use wellfield_core::records::Records;
use wellfield_core::start::{StartPicker, is_near};

use crate::platform::today;
use crate::screen::{Here, session_param};
use crate::storage::{Loaded, StoreError};
use crate::tablet::{Tablet, fold};
use crate::ui::Page;
use crate::wording::words;

/// How much of what lies on the tablet is in the records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum History {
    /// All of it.
    Whole,
    /// Everything but the registers, notes and answers of sessions that are not near this day.
    Around(Date),
}

/// How much was read from the disk for the first screens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Read {
    /// Blocks.
    pub(crate) blocks: usize,
    /// Rows of the own log.
    pub(crate) rows: usize,
}

/// The rest is read so long after the first screen, in milliseconds.
const AFTER_START_MS: u32 = 400;

/// So many blocks, or rows times sixteen, are read in one piece: some thousandths of a second.
const PIECE: usize = 8;

/// A start that reads no more than this needs no copy, or none newer than it has.
const BLOCKS_WITHOUT_COPY: usize = 12;
const ROWS_WITHOUT_COPY: usize = 2_000;

/// So many events received make a copy worth its making.
const EVENTS_WITHOUT_COPY: usize = 3_000;

/// Nothing has been received for so long, in milliseconds, when the copy is made.
const AFTER_PULL_MS: u32 = 3_000;

impl Tablet {
    /// Reads the rest, if there is any, and makes a copy for the next start, if one would help it.
    pub(crate) fn read_history_later(self, read: Read) {
        let copy_helps = read.blocks > BLOCKS_WITHOUT_COPY || read.rows > ROWS_WITHOUT_COPY;
        let is_whole = self.history.get_untracked() == History::Whole;
        if is_whole && !copy_helps {
            return;
        }
        leptos::task::spawn_local(async move {
            TimeoutFuture::new(AFTER_START_MS).await;
            self.remember_meanwhile(true);
            // What cannot be read now is read at the next start; until then far sessions say that they
            // are being read, and everything else is right.
            let _ = self.read_history(copy_helps).await;
            self.remember_meanwhile(false);
        });
    }

    /// Counts what was received. After much of it, as on the day a tablet is set up, a copy is made for
    /// the next start, once nothing more comes.
    pub(crate) fn copy_after_pulling(self, events: usize) {
        thread_local! {
            static RECEIVED: Cell<usize> = const { Cell::new(0) };
            static LATER: RefCell<Option<Timeout>> = const { RefCell::new(None) };
        }
        let received = RECEIVED.get() + events;
        RECEIVED.set(received);
        if received < EVENTS_WITHOUT_COPY {
            return;
        }
        let timer = Timeout::new(AFTER_PULL_MS, move || {
            RECEIVED.set(0);
            leptos::task::spawn_local(async move {
                // Without it the next start reads more and is right all the same.
                let _ = self.read_history(true).await;
            });
        });
        LATER.replace(Some(timer));
    }

    async fn read_history(self, copy_helps: bool) -> Result<(), StoreError> {
        let loaded = self.store().load().await?;
        let (records, newest) = fold_in_pieces(&loaded).await;
        let picker = copy_helps.then(|| StartPicker::new(&records, today()));
        let take = async move |tablet: Self| {
            // Somebody else may have read everything meanwhile, because a stream was read afresh.
            if tablet.history.get_untracked() != History::Whole {
                tablet.take_in_whole(records);
            }
        };
        self.in_turn(take).await;
        match picker {
            Some(picker) => self.keep_copy(picker, loaded, newest).await,
            None => Ok(()),
        }
    }

    /// Makes a copy of what was read, a piece at a time, and keeps it.
    async fn keep_copy(
        self,
        mut picker: StartPicker,
        loaded: Loaded,
        newest: u64,
    ) -> Result<(), StoreError> {
        for blocks in loaded.blocks.chunks(PIECE) {
            blocks.iter().for_each(|block| picker.take_block(block));
            TimeoutFuture::new(0).await;
        }
        for rows in loaded.log.chunks(PIECE * 16) {
            rows.iter().for_each(|row| picker.take_row(row));
            TimeoutFuture::new(0).await;
        }
        let copy = picker.finish(loaded.cursors, newest);
        self.store().keep_start(&copy).await
    }
}

/// Folds everything, and returns the newest event of the own log.
async fn fold_in_pieces(loaded: &Loaded) -> (Records, u64) {
    let (mut records, mut newest) = (Records::default(), 0);
    for blocks in loaded.blocks.chunks(PIECE) {
        fold(&mut records, blocks, &[]);
        TimeoutFuture::new(0).await;
    }
    for rows in loaded.log.chunks(PIECE * 16) {
        newest = fold(&mut records, &[], rows).max(newest);
        TimeoutFuture::new(0).await;
    }
    (records, newest)
}

/// Whether everything that is recorded of a session is known by now.
fn is_known(here: Here, session: SessionId) -> bool {
    match here.tablet.history.get() {
        History::Whole => true,
        History::Around(day) => here
            .with_now(|delivery| {
                let planned = delivery.session(session)?;
                Some(is_near(planned.date, day))
            })
            .flatten()
            .unwrap_or(false),
    }
}

/// Shows a screen about the session in the address once everything that is recorded of it is known,
/// which it is at once for sessions of these days.
#[component]
pub fn OfSession(children: ChildrenFn) -> impl IntoView {
    let here = Here::find();
    let known = Memo::new(move |_| session_param().is_none_or(|session| is_known(here, session)));
    when(known, children)
}

/// Shows a screen about all sessions once everything is known.
#[component]
pub fn OfAll(children: ChildrenFn) -> impl IntoView {
    let here = Here::find();
    let known = Memo::new(move |_| here.tablet.history.get() == History::Whole);
    when(known, children)
}

fn when(known: Memo<bool>, children: ChildrenFn) -> impl IntoView {
    let w = words();
    move || {
        if known.get() {
            children().into_any()
        } else {
            view! {
                <Page title=w.history_title()>
                    <p class="govuk-body" role="status">{w.history_text()}</p>
                </Page>
            }
            .into_any()
        }
    }
}
