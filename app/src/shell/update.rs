//! A new version of the app: it waits, and is used when the person says so.
//!
//! The page is reloaded once, after the new worker has taken over, and only if this tab asked for it.
//! The worker may take half a minute, in which people go on: the reload waits until the first screen is
//! open again, where nothing is being filled in.

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
    agreed: RwSignal<Agreed>,
}

/// How far a version has come that somebody agreed to in this tab.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Agreed {
    No,
    /// The new worker was asked to take over.
    Coming,
    /// It has taken over; this page is still of the old version.
    Here,
}

impl Update {
    /// Begins to look out for new versions.
    pub fn watch() -> Self {
        let update = Self {
            waiting: RwSignal::new(false),
            agreed: RwSignal::new(Agreed::No),
        };
        let Some(container) = container() else {
            return update;
        };
        listen(&container, "controllerchange", move || {
            if update.agreed.get_untracked() == Agreed::Coming {
                update.agreed.set(Agreed::Here);
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
        leptos::task::spawn_local(async move {
            let Some(registration) = registration(&container).await else {
                return;
            };
            match registration.waiting() {
                Some(waiting) => {
                    self.agreed.set(Agreed::Coming);
                    let _ = waiting.post_message(&JsValue::from_str(SKIP_WAITING));
                }
                // Somebody agreed in another tab, and this page is the last of the old version.
                None => self.agreed.set(Agreed::Here),
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
    let later = RwSignal::new(false);
    let update = use_context::<Update>()?;
    Effect::new(move || {
        if update.agreed.get() == Agreed::Here {
            update.agreed.set(Agreed::No);
            let _ = window().location().reload();
        }
    });
    let is_coming = move || update.agreed.get() != Agreed::No;
    let offered = move || is_coming() || (!later.get() && update.waiting.get());
    Some(view! {
        <Show when=offered>
            <div class="app-notice" role="status">
                <div class="app-notice__body">
                    <Show when=move || !is_coming() fallback=move || view! { <p>{w.update_taking()}</p> }>
                        <p><b>{w.update_ready()}</b></p>
                        <div class="govuk-button-group">
                            <button type="button" class="govuk-button" on:click=move |_| update.take()>{w.update_now()}</button>
                            <button type="button" class="govuk-button govuk-button--secondary" on:click=move |_| later.set(true)>
                                {w.update_later()}
                            </button>
                        </div>
                    </Show>
                </div>
            </div>
        </Show>
    })
}
