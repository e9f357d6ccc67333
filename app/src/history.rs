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
use wellfield_core::event::{Event, decode_event};
use wellfield_core::ids::SessionId;
use wellfield_core::records::Records;
use wellfield_core::start::{StartCopy, StartPicker, is_near};
use wellfield_core::sync::each_event;

use crate::platform::today;
use crate::screen::{Here, session_param};
use crate::storage::{Loaded, StoreError};
use crate::tablet::Tablet;
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

/// So many blocks are read in one piece: some thousandths of a second.
const PIECE: usize = 8;

/// So many rows of the log take as long to read as a block.
const ROWS_FOR_A_BLOCK: usize = 16;

/// A start that reads no more than this needs no copy, or none newer than it has.
const BLOCKS_WITHOUT_COPY: usize = 12;
const ROWS_WITHOUT_COPY: usize = 2_000;

/// So many events received make a copy worth its making.
const EVENTS_WITHOUT_COPY: usize = 3_000;

/// Nothing has been received for so long, in milliseconds, when the copy is made.
const AFTER_PULL_MS: u32 = 3_000;

/// What a tab keeps in mind until everything is read, and for the next copy.
#[derive(Default)]
pub(crate) struct Reading {
    /// What was taken in since the reading began; nothing while nobody reads.
    meanwhile: RefCell<Option<Vec<Event>>>,
    /// Events received since the last copy.
    received: Cell<usize>,
    /// A history is on its way, so there is nothing to read yet.
    expected: Cell<bool>,
    /// Runs out when a copy is to be made.
    later: RefCell<Option<Timeout>>,
}

impl Reading {
    /// Whether a history is on its way.
    pub(crate) fn expect_history(&self, expected: bool) {
        self.expected.set(expected);
    }

    /// Notes what is taken in while the rest is read.
    pub(crate) fn note<'a>(&self, events: impl Iterator<Item = &'a Event>) {
        if let Some(meanwhile) = self.meanwhile.borrow_mut().as_mut() {
            meanwhile.extend(events.cloned());
        }
    }
}

impl Tablet {
    /// Reads the rest, if there is any, and makes a copy for the next start, if one would help it.
    pub(crate) fn read_history_later(self, read: Read) {
        let copy_helps = read.blocks > BLOCKS_WITHOUT_COPY || read.rows > ROWS_WITHOUT_COPY;
        if self.history.get_untracked() == History::Whole && !copy_helps {
            return;
        }
        leptos::task::spawn_local(async move {
            TimeoutFuture::new(AFTER_START_MS).await;
            self.read_history(copy_helps).await;
        });
    }

    /// Far sessions wait for a history that is on its way.
    pub(crate) fn wait_for_history(self, front: &StartCopy) {
        self.reading().expect_history(true);
        self.history.set(History::Around(front.day));
    }

    /// Reads the history that has just come.
    pub(crate) fn read_installed(self) {
        self.reading().expect_history(false);
        if self.history.get_untracked() == History::Whole {
            self.history.set(History::Around(today()));
        }
        leptos::task::spawn_local(self.read_history(true));
    }

    /// Counts what was received. After much of it, as on the day a tablet is set up, a copy is made for
    /// the next start, once nothing more comes.
    pub(crate) fn copy_after_pulling(self, events: usize) {
        let reading = self.reading();
        reading.received.set(reading.received.get() + events);
        if reading.received.get() < EVENTS_WITHOUT_COPY {
            return;
        }
        let timer = Timeout::new(AFTER_PULL_MS, move || {
            leptos::task::spawn_local(self.read_history(true));
        });
        reading.later.replace(Some(timer));
    }

    /// Reads everything, unless that is going on already.
    async fn read_history(self, copy_helps: bool) {
        let reading = self.reading();
        if reading.expected.get() || reading.meanwhile.borrow().is_some() {
            return;
        }
        reading.meanwhile.replace(Some(Vec::new()));
        // What cannot be read now is read at the next start; until then far sessions say that they are
        // being read, and everything else is right.
        let read = self.read_all(copy_helps).await;
        reading.meanwhile.take();
        if copy_helps && read.is_ok() {
            reading.received.set(0);
        }
    }

    async fn read_all(self, copy_helps: bool) -> Result<(), StoreError> {
        let loaded = self.store().load().await?;
        if self.history.get_untracked() != History::Whole {
            let records = fold_in_pieces(&loaded).await;
            self.in_turn(async move |tablet: Self| tablet.complete(records))
                .await;
        }
        if copy_helps {
            self.keep_copy(loaded).await?;
        }
        Ok(())
    }

    /// Puts the whole in place of what lacked something, with what was taken in meanwhile. Somebody else
    /// may have done so, because a stream was read afresh.
    fn complete(self, mut records: Records) {
        if self.history.get_untracked() == History::Whole {
            return;
        }
        let reading = self.reading();
        let meanwhile = reading.meanwhile.borrow();
        let events = meanwhile.iter().flatten();
        events.for_each(|event| records.apply(event));
        self.set_whole(records);
    }

    /// Makes a copy of what was read, a piece at a time, and keeps it.
    async fn keep_copy(self, loaded: Loaded) -> Result<(), StoreError> {
        let mut picker = self
            .records
            .with_untracked(|records| StartPicker::new(records, today()));
        for blocks in loaded.blocks.chunks(PIECE) {
            blocks.iter().for_each(|block| picker.take_block(block));
            TimeoutFuture::new(0).await;
        }
        for rows in loaded.log.chunks(PIECE * ROWS_FOR_A_BLOCK) {
            rows.iter().for_each(|row| picker.take_row(row));
            TimeoutFuture::new(0).await;
        }
        self.store()
            .keep_start(&picker.finish(loaded.cursors))
            .await
    }
}

async fn fold_in_pieces(loaded: &Loaded) -> Records {
    let mut records = Records::default();
    for blocks in loaded.blocks.chunks(PIECE) {
        fold(&mut records, blocks, &[]);
        TimeoutFuture::new(0).await;
    }
    for rows in loaded.log.chunks(PIECE * ROWS_FOR_A_BLOCK) {
        fold(&mut records, &[], rows);
        TimeoutFuture::new(0).await;
    }
    records
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

/// Adds what lies on disk to the records, and returns the newest own event.
pub(crate) fn fold(records: &mut Records, blocks: &[Vec<u8>], log: &[Vec<u8>]) -> u64 {
    each(blocks, log, |event| records.apply(&event))
}

/// Hands over every event that lies on disk, and returns the newest own one.
pub(crate) fn each(blocks: &[Vec<u8>], log: &[Vec<u8>], mut take: impl FnMut(Event)) -> u64 {
    for block in blocks {
        // A block that cannot be read leaves the others readable; a later repair can fetch it again.
        let _ = each_event(block, &mut take);
    }
    let mut newest = 0;
    for event in log.iter().filter_map(|bytes| decode_event(bytes).ok()) {
        newest = event.id.n.max(newest);
        take(event);
    }
    newest
}
