//! A tablet that nobody uses: the screen is covered, and later the keys go.
//!
//! Going means loading the page anew: nothing of it is left in memory, and what is on disk is sealed.

use std::cell::Cell;
use std::rc::Rc;

use gloo::events::{EventListener, EventListenerOptions};
use gloo::timers::callback::Interval;
use leptos::prelude::*;
use wellfield_core::clock::Instant;
use wellfield_core::vault::{Screen, Usage};

use super::pin::PinForm;
use crate::platform::{document, listen, now, window};
use crate::wording::words;

/// It is looked at so often whether the screen is to be covered, in milliseconds.
const LOOK_MS: u32 = 5_000;

/// Whether the screen is covered.
#[derive(Clone, Copy)]
pub struct Covered {
    covered: RwSignal<bool>,
    usage: StoredValue<Rc<Cell<Usage>>, LocalStorage>,
    in_use: StoredValue<Box<dyn Fn() -> InUse>, LocalStorage>,
}

/// What the page holds that the cover and the lock are there for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InUse {
    /// No keys: there is nothing to cover.
    Nothing,
    /// The keys, and nothing of anybody on screen: somebody is on the way back in with the sheet.
    Keys,
    /// An open tablet.
    Tablet {
        /// Whether a participant has it.
        handed_over: bool,
    },
}

/// Drops the keys and shows the lock.
pub fn lock_now() {
    let _ = window().location().reload();
}

impl Covered {
    /// Not covered, and somebody who looks whether it has to be, for as long as the page lives.
    pub fn watch(in_use: impl Fn() -> InUse + 'static) -> Self {
        let usage = Rc::new(Cell::new(Usage {
            last_touch: now(),
            dark_since: None,
            handed_over: false,
        }));
        let this = Self {
            covered: RwSignal::new(false),
            usage: StoredValue::new_local(usage),
            in_use: StoredValue::new_local(Box::new(in_use)),
        };
        for touch in ["pointerdown", "keydown"] {
            let options = EventListenerOptions::run_in_capture_phase();
            EventListener::new_with_options(&document(), touch, options, move |_| this.touched())
                .forget();
        }
        let look = move || this.look(now());
        let seen = move || {
            // First what became of the time in the dark, then what begins now.
            look();
            let hidden = document().hidden();
            this.note(|usage| usage.dark_since = hidden.then(now));
        };
        listen(&document(), "visibilitychange", seen);
        listen(&window(), "pageshow", look);
        Interval::new(LOOK_MS, look).forget();
        this
    }

    fn note(self, change: impl FnOnce(&mut Usage)) {
        let cell = self.usage.get_value();
        let mut usage = cell.get();
        change(&mut usage);
        cell.set(usage);
    }

    /// A touch of a covered screen keeps nothing open.
    fn touched(self) {
        if !self.covered.get_untracked() {
            self.look(now());
            self.note(|usage| usage.last_touch = now());
        }
    }

    fn look(self, at: Instant) {
        let in_use = self.in_use.with_value(|in_use| in_use());
        if in_use == InUse::Nothing {
            return self.note(|usage| usage.last_touch = at);
        }
        self.note(|usage| {
            usage.handed_over = in_use == InUse::Tablet { handed_over: true };
        });
        match (self.usage.get_value().get().screen(at), in_use) {
            (Screen::Open, _) => {}
            (Screen::Covered, InUse::Tablet { .. }) => self.covered.set(true),
            (Screen::Locked, _) | (Screen::Covered, _) => lock_now(),
        }
    }

    /// Whether it is.
    pub fn is(self) -> bool {
        self.covered.get()
    }

    fn lift(self) {
        self.note(|usage| usage.last_touch = now());
        self.covered.set(false);
    }
}

/// What covers the screen: the question for the PIN.
#[component]
pub fn Cover() -> impl IntoView {
    let w = words();
    let covered: Covered = expect_context();
    let opened = Callback::new(move |()| covered.lift());
    view! { <PinForm title=w.cover_title() text=w.cover_text() opened someone_else=true/> }
}
