//! Several tabs of one tablet: one sends, all hear of what changed.
//!
//! Both are conveniences. Without Web Locks every tab sends, and a repeat is harmless; without
//! BroadcastChannel a tab looks at the disk when it becomes visible.

use std::cell::Cell;
use std::rc::Rc;

use wasm_bindgen::prelude::*;
use web_sys::{BroadcastChannel, MessageEvent};

use crate::platform::window;
use crate::storage::{StoreError, TabletStore};

const NAME: &str = "wellfield";
const CHANGED: &str = "changed";
const WAKE: &str = "wake";
const TAKEN_OUT: &str = "taken out";

/// The other tabs.
pub struct Tabs {
    channel: Option<BroadcastChannel>,
    sends: Rc<Cell<bool>>,
}

impl Tabs {
    /// Joins the other tabs. `changed` runs when another tab wrote to the disk, `wake` when another tab
    /// wants this one to send, or when this tab becomes the one that sends.
    pub fn join(changed: impl Fn() + 'static, wake: impl Fn() + Clone + 'static) -> Self {
        let sends = Rc::new(Cell::new(false));
        let channel = channel();
        if let Some(channel) = &channel {
            let woken = wake.clone();
            let sending = Rc::clone(&sends);
            let on_message = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
                match event.data().as_string().as_deref() {
                    Some(CHANGED) => changed(),
                    // Only the tab that sends answers; others would only ask on, without end.
                    Some(WAKE) if sending.get() => woken(),
                    _ => {}
                }
            });
            channel.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
            on_message.forget();
        }
        match locks() {
            Some(locks) => hold(&locks, Rc::clone(&sends), wake),
            None => sends.set(true),
        }
        Self { channel, sends }
    }

    /// Whether this tab is the one that sends.
    pub fn sends(&self) -> bool {
        self.sends.get()
    }

    /// Tells the others that the disk changed.
    pub fn tell_changed(&self) {
        self.post(CHANGED);
    }

    /// Asks the tab that sends to do so.
    pub fn wake_sender(&self) {
        self.post(WAKE);
    }

    fn post(&self, message: &str) {
        if let Some(channel) = &self.channel {
            let _ = channel.post_message(&JsValue::from_str(message));
        }
    }
}

/// Empties a tablet that was taken out of use and has delivered everything, unless somebody has saved
/// meanwhile: then the lane goes on. Nothing, once every tab shows that it is empty.
pub(super) async fn wipe(store: &TabletStore, max_n: u64) -> Option<Result<(), StoreError>> {
    match store.wipe(max_n).await {
        Ok(true) => {
            show_that_it_was_taken_out();
            None
        }
        Ok(false) => Some(Ok(())),
        Err(error) => Some(Err(error)),
    }
}

/// In every tab, the page anew, which says that this tablet was taken out of use.
fn show_that_it_was_taken_out() {
    if let Some(channel) = channel() {
        let _ = channel.post_message(&JsValue::from_str(TAKEN_OUT));
    }
    load_anew();
}

/// Listens for as long as the page lives whether another tab finds that this tablet was taken out of use.
/// A locked page listens too.
pub fn hear_that_it_was_taken_out() {
    let Some(channel) = channel() else {
        return;
    };
    let kept = channel.clone();
    let on_message = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
        if event.data().as_string().as_deref() == Some(TAKEN_OUT) {
            // Nothing else keeps the channel.
            kept.close();
            load_anew();
        }
    });
    channel.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    on_message.forget();
}

/// The first page: the address of the one that was open is about somebody.
fn load_anew() {
    let _ = window().location().replace("/app/");
}

fn channel() -> Option<BroadcastChannel> {
    has("BroadcastChannel")
        .then(|| BroadcastChannel::new(NAME).ok())
        .flatten()
}

fn has(name: &str) -> bool {
    js_sys::Reflect::has(&js_sys::global(), &JsValue::from_str(name)).unwrap_or(false)
}

/// The lock manager, which the bindings do not offer yet.
fn locks() -> Option<JsValue> {
    let locks = js_sys::Reflect::get(&window().navigator(), &JsValue::from_str("locks")).ok()?;
    locks.is_object().then_some(locks)
}

/// Waits for the lock and keeps it for as long as the tab lives: the promise never settles.
fn hold(locks: &JsValue, sends: Rc<Cell<bool>>, wake: impl Fn() + 'static) {
    let granted = Closure::<dyn FnMut(JsValue) -> js_sys::Promise>::new(move |_| {
        sends.set(true);
        wake();
        js_sys::Promise::new(&mut |_, _| {})
    });
    let request = js_sys::Reflect::get(locks, &JsValue::from_str("request"))
        .ok()
        .and_then(|request| request.dyn_into::<js_sys::Function>().ok());
    // A lock that cannot be asked for leaves the tab a listener; the other tabs send.
    if let Some(request) = request {
        let _ = request.call2(
            locks,
            &JsValue::from_str("wellfield-sync"),
            granted.as_ref(),
        );
    }
    granted.forget();
}
