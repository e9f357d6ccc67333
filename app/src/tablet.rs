//! This tablet: what it knows, and the one way to add to it.
//!
//! Screens read [`Tablet::records`] and call [`Tablet::save`]. A record is on screen only after it is
//! durable, so a screen never says more than the disk does.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use futures::future::LocalBoxFuture;
use futures::lock::Mutex;
use leptos::prelude::*;
use wellfield_core::event::{Draft, Event, decode_event};
use wellfield_core::heads::Stamp;
use wellfield_core::ids::{ProgrammeId, ResponseId, SessionId};
use wellfield_core::language::Language;
use wellfield_core::pulse::{Asking, decode_asking, encode_asking};
use wellfield_core::records::Records;
use wellfield_core::sync::{Cursor, Custody, Outcome, Page, custody, decode_block};

use crate::platform;
use crate::storage::{Also, Identity, Loaded, StoreError, TabletStore};
use crate::sync::{Driver, Progress, Sink, Tabs};

/// This tablet, as every screen sees it.
#[derive(Clone, Copy)]
pub struct Tablet {
    inner: StoredValue<Rc<Inner>, LocalStorage>,
    /// What the events add up to.
    pub records: RwSignal<Records>,
    /// Who this device is; nothing before enrolment.
    pub identity: RwSignal<Option<Identity>, LocalStorage>,
    /// The server is known to hold the own log up to here.
    pub acked: RwSignal<u64>,
    /// The newest event of the own log.
    pub newest: RwSignal<u64>,
    /// What the server set aside of the own log.
    pub aside: RwSignal<Vec<(u64, Outcome)>>,
    /// A hand-over under way: while there is one, nothing else is on screen.
    pub kiosk: RwSignal<Option<Asking>>,
    /// How sending goes.
    pub progress: RwSignal<Progress>,
}

struct Inner {
    store: Rc<TabletStore>,
    driver: RefCell<Option<Rc<Driver>>>,
    tabs: RefCell<Option<Rc<Tabs>>>,
    cursors: RefCell<Vec<Cursor>>,
    to_refresh: Cell<bool>,
    /// Held by whoever reads records, decides and saves, so that two taps in quick succession are
    /// decided one after the other, the second knowing of the first.
    turn: Mutex<()>,
}

impl Tablet {
    /// Opens the store and reads everything on it.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn open() -> Result<Self, StoreError> {
        let store = Rc::new(TabletStore::open().await?);
        let loaded = store.load().await?;
        let tablet = Self {
            inner: StoredValue::new_local(Rc::new(Inner {
                store,
                driver: RefCell::new(None),
                tabs: RefCell::new(None),
                cursors: RefCell::new(Vec::new()),
                to_refresh: Cell::new(false),
                turn: Mutex::new(()),
            })),
            records: RwSignal::new(Records::default()),
            identity: RwSignal::new_local(None),
            acked: RwSignal::new(0),
            newest: RwSignal::new(0),
            aside: RwSignal::new(Vec::new()),
            kiosk: RwSignal::new(None),
            progress: RwSignal::new(Progress::default()),
        };
        tablet.take_in(loaded);
        Ok(tablet)
    }

    /// Makes everything anew from what lies on disk. What a stream added cannot be taken out of the
    /// fold, so a stream that is gone means a new fold.
    fn take_in(self, loaded: Loaded) {
        let mut records = Records::default();
        let newest = fold(&mut records, &loaded.blocks, &loaded.log);
        self.records.set(records);
        self.newest.set(newest);
        self.acked.set(loaded.acked);
        self.aside.set(loaded.aside);
        self.identity.set(loaded.identity);
        self.show_kiosk(loaded.kiosk.as_deref());
        *self.inner().cursors.borrow_mut() = loaded.cursors;
    }

    /// Shows the hand-over that lies on disk, or that there is none.
    fn show_kiosk(self, bytes: Option<&[u8]>) {
        // A hand-over that cannot be read is still a hand-over: the thank-you page, and the lock.
        let unreadable = || {
            let begun = Asking::begin(ResponseId(0), SessionId(0), None, Language::English);
            begun.cleared()
        };
        let kiosk = bytes.map(|bytes| decode_asking(bytes).unwrap_or_else(|_| unreadable()));
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
            }
        });
        self.wake();
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
            .await?;
        self.add(&events);
        self.tell_others();
        self.wake();
        Ok(())
    }

    fn add(self, events: &[Event]) {
        if let Some(last) = events.last() {
            self.newest
                .update(|newest| *newest = (*newest).max(last.id.n));
        }
        self.records
            .update(|records| events.iter().for_each(|event| records.apply(event)));
    }

    fn tell_others(self) {
        let tabs = self.inner().tabs.borrow().clone();
        if let Some(tabs) = tabs {
            tabs.tell_changed();
        }
    }

    /// Keeps who this device is, and begins to sync.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn enrol(
        self,
        identity: Identity,
        introductions: Vec<Draft>,
    ) -> Result<(), StoreError> {
        let events = self
            .inner()
            .store
            .append(&identity, &introductions, platform::now(), Also::Identity)
            .await?;
        self.add(&events);
        self.identity.set(Some(identity));
        self.start_sync();
        Ok(())
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
    pub async fn keep_kiosk(self, asking: Option<Asking>) -> Result<(), StoreError> {
        let bytes = asking.as_ref().map(encode_asking);
        self.inner().store.keep_kiosk(bytes.as_deref()).await?;
        self.kiosk.set(asking);
        self.tell_others();
        Ok(())
    }

    /// Keeps a participant's answers and clears them from the hand-over, both or neither. `None` in
    /// `then` ends the hand-over.
    ///
    /// # Errors
    /// See [`StoreError`]; then the answers are still on the hand-over.
    pub async fn keep_answers(self, draft: Draft, then: Option<Asking>) -> Result<(), StoreError> {
        let bytes = then.as_ref().map(encode_asking);
        self.append(vec![draft], Also::Kiosk(bytes.as_deref()))
            .await?;
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
            self.aside
                .with(|aside| custody(stamp.id, device, self.acked.get(), aside))
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
            self.take_in(inner.store.load().await?);
            return Ok(());
        }
        if !since.log.is_empty() || !since.blocks.is_empty() {
            let added = self
                .records
                .try_update(|records| fold(records, &since.blocks, &since.log))
                .unwrap_or(0);
            self.newest.update(|newest| *newest = (*newest).max(added));
        }
        if since.acked != self.acked.get_untracked() {
            self.acked.set(since.acked);
        }
        self.show_kiosk(since.kiosk.as_deref());
        *inner.cursors.borrow_mut() = since.cursors;
        Ok(())
    }
}

impl Sink for Tablet {
    fn acked(&self, max_n: u64, quarantined: &[(u64, Outcome)]) {
        self.acked.set(max_n);
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
        self.records.update(|records| {
            for event in page.events.iter().filter_map(|event| event.event().ok()) {
                records.apply(&event);
            }
        });
        self.tell_others();
    }

    fn forgotten(&self) -> LocalBoxFuture<'static, ()> {
        let tablet = *self;
        Box::pin(async move {
            let load = async |tablet: Self| {
                let loaded = tablet.inner().store.load().await;
                loaded.map(|loaded| tablet.take_in(loaded))
            };
            // What cannot be read now is read at the next start; the disk is already right.
            let _ = tablet.in_turn(load).await;
            tablet.tell_others();
        })
    }

    fn progress(&self, progress: Progress) {
        self.progress.set(progress);
    }
}

/// Adds what lies on disk to the records, and returns the newest own event.
fn fold(records: &mut Records, blocks: &[Vec<u8>], log: &[Vec<u8>]) -> u64 {
    for block in blocks {
        // A block that cannot be read leaves the others readable; a later repair can fetch it again.
        for event in decode_block(block).unwrap_or_default() {
            if let Ok(event) = event.event() {
                records.apply(&event);
            }
        }
    }
    let mut newest = 0;
    for event in log.iter().filter_map(|bytes| decode_event(bytes).ok()) {
        newest = event.id.n.max(newest);
        records.apply(&event);
    }
    newest
}
