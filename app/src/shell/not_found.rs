//! The page for an address that leads nowhere.

use leptos::prelude::*;

use crate::ui::Page;
use crate::wording::words;

/// The address leads nowhere.
#[component]
pub fn NotFound() -> impl IntoView {
    let w = words();
    view! {
        <Page title=w.shell_not_found()>
            <p class="govuk-body">{w.shell_not_found_text()}</p>
            <p class="govuk-body"><a class="govuk-link govuk-link--tap" href="/app/">{w.shell_to_today()}</a></p>
        </Page>
    }
}
