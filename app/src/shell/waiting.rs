//! What stands in the place of a screen that cannot be shown yet, or at all.

use leptos::prelude::*;

use crate::storage::StoreError;
use crate::ui::{Page, store_error_text};
use crate::wording::words;

/// Nothing but the name, for the moment that reading the disk takes.
#[component]
pub fn Opening() -> impl IntoView {
    let w = words();
    view! { <div class="app-layout"><p class="app-opening" role="status">{w.shell_opening()}</p></div> }
}

/// The records on this tablet cannot be opened.
#[component]
pub fn NoStorage(error: StoreError) -> impl IntoView {
    let w = words();
    // What is known has its words. The browser's own help whoever looks for the cause of the rest.
    let unknown = matches!(error, StoreError::Other(_)).then(|| error.to_string());
    view! {
        <div class="app-layout">
            <Page title=w.store_no_start()>
                <p class="govuk-body">{store_error_text(w, &error)}</p>
                {unknown.map(|text| view! { <p class="govuk-hint" lang="en">{text}</p> })}
                <p class="govuk-body">
                    <a class="govuk-button" href="/app/" rel="external">{w.action_try_again()}</a>
                </p>
            </Page>
        </div>
    }
}

/// The part did not come: the first visit has not ended, and the signal is gone.
#[component]
pub fn PartMissing(fetch: impl Fn() + Send + Sync + 'static) -> impl IntoView {
    let w = words();
    view! {
        <Page title=w.later_title()>
            <p class="govuk-body" role="alert">{w.later_text()}</p>
            <p class="govuk-body">
                <button type="button" class="govuk-button" on:click=move |_| fetch()>{w.action_try_again()}</button>
            </p>
        </Page>
    }
}
