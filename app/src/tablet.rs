//! This tablet: what it knows, and the one way to add to it.
//!
//! Screens read [`Tablet::records`] and call [`Tablet::save`]. A record is on screen only after it is
//! durable, so a screen never says more than the disk does.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use futures::future::LocalBoxFuture;
use futures::lock::Mutex;
use gloo::timers::callback::Timeout;
use leptos::prelude::*;
use wellfield_core::clock::Instant;
use wellfield_core::event::{Draft, Event, decode_event};
use wellfield_core::handover::{Form, decode_form, encode_form};
use wellfield_core::heads::Stamp;
use wellfield_core::ids::{PersonId, ProgrammeId};
use wellfield_core::records::Records;
use wellfield_core::start::{Damaged, StartCopy};
use wellfield_core::sync::{Cursor, Custody, Outcome, Page, custody, is_room_low};
use wellfield_core::vault::{DataKey, KeySlot, Lock, SlotId};

use crate::history::{History, Read, Reading, each, fold};
use crate::platform;
use crate::signing::KeyPair;
use crate::storage::{Also, Identity, Loaded, StoreError, TabletStore};
use crate::subjects::Subjects;
use crate::sync::{Driver, Progress, Sink, Tabs};

/// What can wait until whoever opened the app has begun, in milliseconds.
const AFTER_START_MS: u32 = 3_000;

/// How long after the last save it is told and sent, in milliseconds: a hand that is tapping its way down
/// the register must not wait for what nobody is waiting for.
const AFTER_SAVE_MS: u32 = 700;

/// A hand that does not pause is not waited for any longer than this, in milliseconds.
const AFTER_FIRST_SAVE_MS: u64 = 8_000;

/// This tablet, as every screen sees it.
#[derive(Clone, Copy)]
pub struct Tablet {
    inner: StoredValue<Rc<Inner>, LocalStorage>,
    /// What the events add up to.
    pub records: RwSignal<Records>,
    /// How much of what lies on the tablet is in the records.
    pub history: RwSignal<History>,
    /// Who this device is; nothing before enrolment.
    pub identity: RwSignal<Option<Identity>, LocalStorage>,
    /// The server is known to hold the own log up to here.
    pub acked: RwSignal<u64>,
    /// The newest event of the own log.
    pub newest: RwSignal<u64>,
    /// When the first record was made that the server is not known to hold, by this tablet's clock.
    pub unsent_since: RwSignal<Option<Instant>>,
    /// What the server set aside of the own log.
    pub aside: RwSignal<Vec<(u64, Outcome)>>,
    /// A hand-over under way: while there is one, nothing else is on screen.
    pub kiosk: RwSignal<Option<Form>>,
    /// How sending goes.
    pub progress: RwSignal<Progress>,
    /// Whether the device is nearly full.
    pub low_room: RwSignal<bool>,
    /// How many wrong PINs were typed in a row.
    pub wrong_pins: RwSignal<u32>,
}

struct Inner {
    store: Rc<TabletStore>,
    driver: RefCell<Option<Rc<Driver>>>,
    tabs: RefCell<Option<Rc<Tabs>>>,
    cursors: RefCell<Vec<Cursor>>,
    subjects: Subjects,
    reading: Rc<Reading>,
    to_refresh: Cell<bool>,
    /// Runs out when what was saved last is to be told and sent.
    after_save: RefCell<Option<Timeout>>,
    /// When the first of the saves was that are still to be told and sent.
    first_save: Cell<Option<Instant>>,
    /// Held by whoever reads records, decides and saves, so that two taps in quick succession are
    /// decided one after the other, the second knowing of the first.
    turn: Mutex<()>,
}

impl Tablet {
    /// Reads what lies in an unlocked store, or in one that was never set up.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn open(store: Rc<TabletStore>) -> Result<Self, StoreError> {
        let loaded = store.load_for_start(platform::today()).await?;
        let tablet = Self {
            inner: StoredValue::new_local(Rc::new(Inner {
                store,
                driver: RefCell::new(None),
                tabs: RefCell::new(None),
                cursors: RefCell::new(Vec::new()),
                subjects: Subjects::default(),
                reading: Rc::default(),
                to_refresh: Cell::new(false),
                after_save: RefCell::new(None),
                first_save: Cell::new(None),
                turn: Mutex::new(()),
            })),
            records: RwSignal::new(Records::default()),
            history: RwSignal::new(History::Whole),
            identity: RwSignal::new_local(None),
            acked: RwSignal::new(0),
            newest: RwSignal::new(0),
            unsent_since: RwSignal::new(None),
            aside: RwSignal::new(Vec::new()),
            kiosk: RwSignal::new(None),
            progress: RwSignal::new(Progress::default()),
            low_room: RwSignal::new(false),
            wrong_pins: RwSignal::new(0),
        };
        let read = match tablet.take_in(loaded) {
            Ok(read) => read,
            // Everything that the copy was made of is still there.
            Err(Damaged) => tablet.take_in_all().await?,
        };
        tablet.read_history_later(read);
        Ok(tablet)
    }

    /// Makes everything anew from what lies on disk. What a stream added cannot be taken out of the
    /// fold, so a stream that is gone means a new fold. Returns how much was read for it.
    ///
    /// # Errors
    /// [`Damaged`] if the copy for the start is; then nothing was made. Without a copy nothing fails.
    fn take_in(self, loaded: Loaded) -> Result<Read, Damaged> {
        let mut records = Records::default();
        let newest = loaded.newest;
        let mut history = History::Whole;
        if let Some(copy) = &loaded.copy {
            copy.fold_into(&mut records)?;
            history = History::Around(copy.day);
        }
        let front = loaded.copy.as_ref().is_some_and(StartCopy::is_front);
        self.reading().expect_history(front);
        fold(&mut records, &loaded.blocks, &loaded.log);
        self.records.set(records);
        self.history.set(history);
        self.newest.set(newest);
        self.acked.set(loaded.acked);
        self.aside.set(loaded.aside);
        self.identity.set(loaded.identity);
        // The log has no gaps, so what is unsent are its last rows.
        let unsent = usize::try_from(newest.saturating_sub(loaded.acked)).unwrap_or(usize::MAX);
        let first_unsent = loaded.log.len().checked_sub(unsent);
        self.date_unsent(first_unsent.and_then(|first| loaded.log.get(first)));
        self.show_kiosk(loaded.kiosk.as_deref());
        *self.inner().cursors.borrow_mut() = loaded.cursors;
        self.inner().subjects.tell_all();
        Ok(Read {
            blocks: loaded.blocks.len(),
            rows: loaded.log.len(),
        })
    }

    /// Makes everything anew from all that lies on disk.
    async fn take_in_all(self) -> Result<Read, StoreError> {
        let loaded = self.store().load().await?;
        self.take_in(loaded)
            .map_err(|Damaged| StoreError::Unreadable)
    }

    /// Puts records that lack nothing in place of those on screen.
    pub(crate) fn set_whole(self, records: Records) {
        self.records.set(records);
        self.history.set(History::Whole);
        self.inner().subjects.tell_all();
    }

    /// What is kept in mind while the history is read.
    pub(crate) fn reading(self) -> Rc<Reading> {
        Rc::clone(&self.inner().reading)
    }

    /// Notes since when something has been waiting, given the first row of the log that is unsent.
    fn date_unsent(self, first: Option<&Vec<u8>>) {
        let event = first.and_then(|row| decode_event(row).ok());
        let since = event.map(|event| event.at.instant());
        if self.unsent_since.get_untracked() != since {
            self.unsent_since.set(since);
        }
    }

    /// Finds out since when something has been waiting, once the server has taken a part.
    fn date_rest(self) {
        if self.acked.get_untracked() >= self.newest.get_untracked() {
            return self.date_unsent(None);
        }
        let Some(identity) = self.identity.get_untracked() else {
            return;
        };
        let store = self.store();
        leptos::task::spawn_local(async move {
            // Where it cannot be read, the older date stays, which says too much and never too little.
            if let Ok(page) = store.outbox(&identity, 1).await {
                self.date_unsent(page.events.first());
            }
        });
    }

    /// Shows the hand-over that lies on disk, or that there is none.
    fn show_kiosk(self, bytes: Option<&[u8]>) {
        let kiosk = bytes.map(|bytes| decode_form(bytes).unwrap_or_else(|_| Form::unreadable()));
        if self.kiosk.with_untracked(|shown| *shown != kiosk) {
            self.kiosk.set(kiosk);
        }
    }

    fn inner(self) -> Rc<Inner> {
        self.inner.get_value()
    }

    /// Begins to send and receive, and listens for every reason to. Does nothing before enrolment.
    pub fn start_sync(self) {
        let Some(identity) = self.identity.get_untracked() else {
            return;
        };
        let inner = self.inner();
        if inner.driver.borrow().is_some() {
            return;
        }
        let driver = Driver::new(Rc::clone(&inner.store), identity, Rc::new(self));
        *inner.driver.borrow_mut() = Some(driver);
        let tabs = Tabs::join(move || self.refresh(), move || self.wake());
        *inner.tabs.borrow_mut() = Some(Rc::new(tabs));
        platform::listen(&platform::window(), "online", move || self.wake());
        platform::listen(&platform::window(), "pageshow", move || self.refresh());
        platform::listen(&platform::document(), "visibilitychange", move || {
            if platform::document().visibility_state() == web_sys::VisibilityState::Visible {
                self.refresh();
                self.wake();
                self.look_at_room();
            }
        });
        self.wake();
        Timeout::new(AFTER_START_MS, move || self.look_at_room()).forget();
    }

    /// A reason to send: this tab does, or asks the one that does.
    pub fn wake(self) {
        let inner = self.inner();
        let tabs = inner.tabs.borrow().clone();
        match (inner.driver.borrow().as_ref(), tabs) {
            (Some(driver), Some(tabs)) if tabs.sends() => driver.wake(),
            (_, Some(tabs)) => tabs.wake_sender(),
            _ => {}
        }
    }

    /// "Send now": this tab sends, whichever tab usually does. A repeat is harmless.
    pub fn send_now(self) {
        let driver = self.inner().driver.borrow().clone();
        if let Some(driver) = driver {
            driver.wake();
        }
    }

    /// Some browsers tell of no lack of room before there is none.
    fn note_full(self, error: &StoreError) {
        if *error == StoreError::Full {
            self.low_room.set(true);
        }
    }

    /// Finds out whether room runs low; not at the start, and not while somebody waits.
    pub fn look_at_room(self) {
        leptos::task::spawn_local(async move {
            if let Some((used, quota)) = platform::room().await {
                self.low_room.try_set(is_room_low(used, quota));
            }
        });
    }

    /// Saves records, all of them or none. Once this returns `Ok` they survive a pulled plug.
    ///
    /// # Errors
    /// See [`StoreError`]; then nothing was saved and nothing on screen changed.
    pub async fn save(self, drafts: Vec<Draft>) -> Result<(), StoreError> {
        self.append(drafts, Also::Nothing).await
    }

    /// Does something that reads, decides and saves when everything before it is done.
    pub async fn in_turn<T>(self, work: impl AsyncFnOnce(Self) -> T) -> T {
        let inner = self.inner();
        let _turn = inner.turn.lock().await;
        work(self).await
    }

    async fn append(self, drafts: Vec<Draft>, also: Also<'_>) -> Result<(), StoreError> {
        let Some(identity) = self.identity.get_untracked() else {
            return Err(StoreError::Unavailable);
        };
        let inner = self.inner();
        let events = inner
            .store
            .append(&identity, &drafts, platform::now(), also)
            .await
            .inspect_err(|error| self.note_full(error))?;
        self.add(&events);
        self.then_send();
        Ok(())
    }

    /// Tells the other tabs and begins to send, once what was saved is on screen: nobody waits for it.
    /// Saves in quick succession are told and sent together.
    fn then_send(self) {
        let inner = self.inner();
        let first = inner.first_save.get().unwrap_or_else(platform::now);
        inner.first_save.set(Some(first));
        if platform::now().0.saturating_sub(first.0) > AFTER_FIRST_SAVE_MS {
            return self.send_what_was_saved();
        }
        let timer = Timeout::new(AFTER_SAVE_MS, move || self.send_what_was_saved());
        inner.after_save.replace(Some(timer));
    }

    fn send_what_was_saved(self) {
        let inner = self.inner();
        inner.after_save.take();
        inner.first_save.set(None);
        self.tell_others();
        self.wake();
    }

    fn add(self, events: &[Event]) {
        if let Some(last) = events.last() {
            self.newest
                .update(|newest| *newest = (*newest).max(last.id.n));
        }
        if self.unsent_since.get_untracked().is_none() {
            let first = events.first().map(|event| event.at.instant());
            self.unsent_since.set(first);
        }
        self.apply(events.iter());
    }

    /// Takes events into the records. What shows the people that they are about is told first, so that
    /// the row under a finger changes before the counts above it are made anew.
    fn apply<'a>(self, events: impl Iterator<Item = &'a Event> + Clone) {
        self.inner().reading.note(events.clone());
        self.records
            .update_untracked(|records| events.clone().for_each(|event| records.apply(event)));
        self.inner().subjects.tell(events);
        let records = self.records;
        Timeout::new(0, move || records.notify()).forget();
    }

    /// Reads records of one person, and again whenever that person's records change. Whatever is read
    /// of others here is not heard of.
    pub fn with_person<T>(self, person: PersonId, read: impl FnOnce(&Records) -> T) -> T {
        self.inner().subjects.track(person);
        self.records.with_untracked(read)
    }

    fn tell_others(self) {
        let tabs = self.inner().tabs.borrow().clone();
        if let Some(tabs) = tabs {
            tabs.tell_changed();
        }
    }

    /// Keeps who this device is, behind a lock, and begins to sync.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn enrol(
        self,
        identity: Identity,
        introductions: Vec<Draft>,
        (lock, slot, key): (&Lock, SlotId, &DataKey),
        pair: &KeyPair,
    ) -> Result<(), StoreError> {
        let store = self.store();
        store.unlock(identity.device, key, slot);
        let also = Also::Identity(lock, pair);
        let events = store
            .append(&identity, &introductions, platform::now(), also)
            .await?;
        self.add(&events);
        self.identity.set(Some(identity));
        self.start_sync();
        Ok(())
    }

    /// Lets somebody else open this tablet with words of their own, and tells the others who they are.
    ///
    /// # Errors
    /// See [`StoreError`]; then nothing changed.
    pub async fn add_person(
        self,
        introductions: Vec<Draft>,
        (id, slot, identity): (SlotId, &KeySlot, &Identity),
    ) -> Result<(), StoreError> {
        let also = Also::Person { id, slot, identity };
        self.append(introductions, also).await
    }

    /// Keeps a changed identity: another code to end a hand-over.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn keep_identity(self, identity: Identity) -> Result<(), StoreError> {
        self.inner().store.keep_identity(&identity).await?;
        self.identity.set(Some(identity));
        Ok(())
    }

    /// Keeps where a hand-over is, then shows it. `None` ends it.
    ///
    /// # Errors
    /// See [`StoreError`]; then the screen stays where it was.
    pub async fn keep_kiosk(self, form: Option<Form>) -> Result<(), StoreError> {
        let bytes = form.as_ref().map(encode_form);
        self.inner().store.keep_kiosk(bytes.as_deref()).await?;
        self.kiosk.set(form);
        self.tell_others();
        Ok(())
    }

    /// Keeps a participant's answers and clears them from the hand-over, both or neither. `None` in
    /// `then` ends the hand-over.
    ///
    /// # Errors
    /// See [`StoreError`]; then the answers are still on the hand-over.
    pub async fn keep_answers(
        self,
        drafts: Vec<Draft>,
        then: Option<Form>,
    ) -> Result<(), StoreError> {
        let bytes = then.as_ref().map(encode_form);
        self.append(drafts, Also::Kiosk(bytes.as_deref())).await?;
        self.kiosk.set(then);
        Ok(())
    }

    /// The store, for what belongs to one screen alone.
    pub fn store(self) -> Rc<TabletStore> {
        Rc::clone(&self.inner().store)
    }

    /// Whether a record is only here or already at the server.
    pub fn custody(self, stamp: &Stamp) -> Custody {
        let device = self
            .identity
            .with(|identity| identity.as_ref().map(|identity| identity.device));
        device.map_or(Custody::Sent, |device| {
            let programme = self.programme();
            self.records.with_untracked(|records| {
                let delivery = programme.and_then(|programme| records.delivery(programme));
                let decided = delivery.map(|delivery| &delivery.set_aside);
                self.aside
                    .with(|aside| custody(stamp.id, device, self.acked.get(), aside, decided))
            })
        })
    }

    /// How many own records the server is not known to hold.
    pub fn unsent(self) -> u64 {
        self.newest.get().saturating_sub(self.acked.get())
    }

    /// The programme on this device. Devices are enrolled for one.
    pub fn programme(self) -> Option<ProgrammeId> {
        self.identity
            .with(|identity| identity.as_ref()?.programmes.first().copied())
    }

    /// Takes in what another tab wrote.
    fn refresh(self) {
        let inner = self.inner();
        if inner.to_refresh.replace(true) {
            return;
        }
        leptos::task::spawn_local(async move {
            let look = async move |tablet: Self| {
                // Whatever is written from here on is heard of again.
                tablet.inner().to_refresh.set(false);
                tablet.look().await
            };
            // What cannot be read now is read at the next occasion.
            let _ = self.in_turn(look).await;
        });
    }

    async fn look(self) -> Result<(), StoreError> {
        let inner = self.inner();
        let seen = inner.cursors.borrow().clone();
        let since = inner
            .store
            .since(self.newest.get_untracked(), &seen)
            .await?;
        let gone = |cursor: &Cursor| {
            let there = since.cursors.iter();
            !there.clone().any(|c| {
                c.stream == cursor.stream && c.epoch == cursor.epoch && c.after >= cursor.after
            })
        };
        if seen.iter().any(gone) {
            self.take_in_all().await?;
            return Ok(());
        }
        if !since.log.is_empty() || !since.blocks.is_empty() {
            let mut events = Vec::new();
            let added = each(&since.blocks, &since.log, |event| events.push(event));
            self.newest.update(|newest| *newest = (*newest).max(added));
            self.apply(events.iter());
        }
        if since.acked != self.acked.get_untracked() {
            self.acked.set(since.acked);
            self.date_rest();
        }
        self.show_kiosk(since.kiosk.as_deref());
        *inner.cursors.borrow_mut() = since.cursors;
        Ok(())
    }
}

impl Sink for Tablet {
    fn acked(&self, max_n: u64, quarantined: &[(u64, Outcome)]) {
        self.acked.set(max_n);
        self.date_rest();
        if !quarantined.is_empty() {
            self.aside
                .update(|aside| aside.extend_from_slice(quarantined));
        }
        self.tell_others();
    }

    fn pulled(&self, page: &Page) {
        let inner = self.inner();
        let mut cursors = inner.cursors.borrow_mut();
        cursors.retain(|cursor| cursor.stream != page.cursor.stream);
        cursors.push(page.cursor);
        drop(cursors);
        let events: Vec<_> = page
            .events
            .iter()
            .filter_map(|event| event.event().ok())
            .collect();
        self.apply(events.iter());
        self.copy_after_pulling(events.len());
        self.tell_others();
    }

    fn front(&self, front: &StartCopy) {
        // A copy that cannot be read shows nothing, and everything still comes.
        self.records.update_untracked(|records| {
            let _ = front.fold_into(records);
        });
        self.wait_for_history(front);
        self.records.notify();
        self.inner().subjects.tell_all();
        self.tell_others();
    }

    fn installed(&self) {
        self.read_installed();
        self.tell_others();
    }

    fn forgotten(&self) -> LocalBoxFuture<'static, ()> {
        let tablet = *self;
        Box::pin(async move {
            // What cannot be read now is read at the next start; the disk is already right.
            let _ = tablet.in_turn(Self::take_in_all).await;
            tablet.tell_others();
        })
    }

    fn progress(&self, progress: Progress) {
        let before = self.progress.get_untracked().last_contact;
        if before.is_none() && progress.last_contact.is_some() {
            self.look_at_room();
        }
        self.progress.set(progress);
    }
}
