//! What can be done on every question.

use gloo::timers::callback::Timeout;
use leptos::prelude::*;

use crate::wording::words;

/// For so long after a question appears its buttons do nothing, in milliseconds.
const SETTLING_MS: u32 = 500;

/// The first answer of a question: an error leads there.
pub const FIRST_CHOICE: &str = "choice";

/// The buttons below a question. "Continue" submits the form around them.
#[component]
pub fn Actions(
    /// "I do not want to answer".
    decline: Callback<()>,
    /// Back one page.
    back: Callback<()>,
) -> impl IntoView {
    let w = words();
    // A hand that taps twice would answer a question that nobody has read yet.
    let settling = RwSignal::new(true);
    let settled = Timeout::new(SETTLING_MS, move || {
        settling.try_set(false);
    });
    settled.forget();
    view! {
        <div class="app-kiosk__actions">
            <button type="submit" class="govuk-button" disabled=move || settling.get()>{w.action_continue()}</button>
            <button type="button" class="govuk-button govuk-button--secondary" disabled=move || settling.get() on:click=move |_| decline.run(())>
                {w.kiosk_decline()}
            </button>
            <button type="button" class="app-link" on:click=move |_| back.run(())>{w.action_back()}</button>
        </div>
    }
}
