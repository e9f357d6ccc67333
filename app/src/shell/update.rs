//! A new version of the app: it waits, and is used when the person says so.
//!
//! The page is reloaded once, after the new worker has taken over, and only if this tab asked for it.

use std::cell::Cell;
use std::rc::Rc;

use leptos::prelude::*;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{ServiceWorkerContainer, ServiceWorkerRegistration, ServiceWorkerState};

use crate::platform::{document, listen, window};
use crate::wording::words;

/// What `sw.js` listens for.
const SKIP_WAITING: &str = "SKIP_WAITING";

/// A waiting version, if there is one.
#[derive(Clone, Copy)]
pub struct Update {
    waiting: RwSignal<bool>,
    asked: StoredValue<Rc<Cell<bool>>, LocalStorage>,
}

impl Update {
    /// Begins to look out for new versions.
    pub fn watch() -> Self {
        let update = Self {
            waiting: RwSignal::new(false),
            asked: StoredValue::new_local(Rc::new(Cell::new(false))),
        };
        let Some(container) = container() else {
            return update;
        };
        let asked = update.asked.get_value();
        listen(&container, "controllerchange", move || {
            if asked.replace(false) {
                let _ = window().location().reload();
            }
        });
        leptos::task::spawn_local(async move {
            // On the first visit there is nothing to watch until the page has registered its worker.
            let Some(registration) = ready(&container).await else {
                return;
            };
            update.look(&registration);
            let found = registration.clone();
            listen(&registration, "updatefound", move || update.follow(&found));
            listen(&document(), "visibilitychange", move || {
                if document().visibility_state() == web_sys::VisibilityState::Visible {
                    // Looking for a new version may fail without signal, which is no fault.
                    let _ = registration.update();
                }
            });
        });
        update
    }

    /// A version that waits while another is in use; the very first one does not count.
    fn look(self, registration: &ServiceWorkerRegistration) {
        self.waiting
            .set(registration.waiting().is_some() && registration.active().is_some());
    }

    fn follow(self, registration: &ServiceWorkerRegistration) {
        let Some(installing) = registration.installing() else {
            return;
        };
        let registration = registration.clone();
        let worker = installing.clone();
        listen(&installing, "statechange", move || {
            if worker.state() == ServiceWorkerState::Installed {
                self.look(&registration);
            }
        });
    }

    fn take(self) {
        let Some(container) = container() else {
            return;
        };
        let asked = self.asked.get_value();
        leptos::task::spawn_local(async move {
            let Some(registration) = registration(&container).await else {
                return;
            };
            if let Some(waiting) = registration.waiting() {
                asked.set(true);
                let _ = waiting.post_message(&JsValue::from_str(SKIP_WAITING));
            }
        });
    }
}

fn container() -> Option<ServiceWorkerContainer> {
    let navigator = window().navigator();
    // The binding fails where the browser has no service workers, as on a page without TLS.
    js_sys::Reflect::has(&navigator, &JsValue::from_str("serviceWorker"))
        .ok()?
        .then(|| navigator.service_worker())
}

async fn ready(container: &ServiceWorkerContainer) -> Option<ServiceWorkerRegistration> {
    JsFuture::from(container.ready().ok()?)
        .await
        .ok()?
        .dyn_into()
        .ok()
}

async fn registration(container: &ServiceWorkerContainer) -> Option<ServiceWorkerRegistration> {
    JsFuture::from(container.get_registration())
        .await
        .ok()?
        .dyn_into()
        .ok()
}

/// "A new version is ready", on the first screen only, where nothing is being filled in.
#[component]
pub fn UpdateOffer() -> impl IntoView {
    let w = words();
    let update = use_context::<Update>();
    let later = RwSignal::new(false);
    // The old worker may have something to finish first, which takes up to half a minute.
    let taking = RwSignal::new(false);
    let take = move |_| {
        if let Some(update) = update {
            taking.set(true);
            update.take();
        }
    };
    let offered = move || !later.get() && update.is_some_and(|update| update.waiting.get());
    view! {
        <Show when=offered>
            <div class="app-notice" role="status">
                <div class="app-notice__body">
                    <Show when=move || !taking.get() fallback=move || view! { <p>{w.update_taking()}</p> }>
                        <p><b>{w.update_ready()}</b></p>
                        <div class="govuk-button-group">
                            <button type="button" class="govuk-button" on:click=take>{w.update_now()}</button>
                            <button type="button" class="govuk-button govuk-button--secondary" on:click=move |_| later.set(true)>
                                {w.update_later()}
                            </button>
                        </div>
                    </Show>
                </div>
            </div>
        </Show>
    }
}
