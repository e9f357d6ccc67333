//! What a device shows that was taken out of use: nothing of anybody, and how to go on.

use std::rc::Rc;

use leptos::prelude::*;

use crate::platform::window;
use crate::shell::BrandHeader;
use crate::storage::{StoreError, TabletStore};
use crate::ui::{Page, store_error_text};
use crate::wording::words;

/// Everything was sent and deleted. A coordinator can set the device up again.
#[component]
pub fn TakenOut(store: Rc<TabletStore>) -> impl IntoView {
    let w = words();
    let failed = RwSignal::new(None::<StoreError>);
    let store = StoredValue::new_local(store);
    let set_up = move |_| {
        let store = store.get_value();
        leptos::task::spawn_local(async move {
            match store.begin_anew().await {
                Ok(()) => drop(window().location().reload()),
                Err(error) => drop(failed.try_set(Some(error))),
            }
        });
    };
    view! {
        <div class="app-layout">
            <BrandHeader/>
            <Page title=w.taken_out_title() narrow=true>
                <p class="govuk-body">{w.taken_out_text()}</p>
                <p class="govuk-body">{w.taken_out_next()}</p>
                <div role="alert">
                    {move || failed.get().map(|error| view! { <p class="govuk-error-message">{store_error_text(w, &error)}</p> })}
                </div>
                <p class="govuk-body">
                    <button type="button" class="govuk-button govuk-button--secondary" on:click=set_up>{w.taken_out_set_up()}</button>
                </p>
            </Page>
        </div>
    }
}
