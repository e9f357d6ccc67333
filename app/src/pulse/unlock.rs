//! Getting the tablet back: the staff code. Wrong tries are counted on disk, so a reload gives none.

use leptos::prelude::*;
use wellfield_core::handover::wait_left_s;

use super::kiosk::change;
use crate::platform::now;
use crate::screen::Here;
use crate::shell::Preferences;
use crate::ui::{ErrorSummary, FieldErrors, Icon, TextField, focus_heading};
use crate::wording::words;

/// Asks for the code. A right one keeps what the participant said so far and ends the hand-over.
#[component]
pub(super) fn Unlock(
    /// Back to the participant's form.
    cancel: impl Fn() + Copy + 'static,
) -> impl IntoView {
    let w = words();
    let here = Here::find();
    let preferences: Preferences = expect_context();
    let typed = RwSignal::new(String::new());
    let errors: FieldErrors = RwSignal::new(Vec::new());
    focus_heading();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let pin = typed.get_untracked();
        leptos::task::spawn_local(async move {
            let refusal = match try_pin(here, &pin).await {
                Tried::Opened => {
                    // The participant's language was for their form alone.
                    change(here, |_| None, move || preferences.restore());
                    return;
                }
                Tried::Wrong => w.unlock_wrong().to_owned(),
                Tried::Wait(seconds) => w.unlock_wait(u64::from(seconds)),
                Tried::DiskFailed => w.store_undone().to_owned(),
            };
            typed.try_set(String::new());
            errors.try_set(vec![("pin", refusal)]);
        });
    };
    view! {
        <main class="app-lock" id="main">
            <Icon name="name-mark" class="app-header__mark"/>
            <h1 class="app-lock__title" tabindex="-1">{w.unlock_title()}</h1>
            <p class="app-lock__text">{w.unlock_text()}</p>
            <ErrorSummary errors/>
            <form on:submit=submit novalidate>
                <TextField id="pin" label=w.unlock_pin() value=typed errors kind="password" inputmode="numeric" autocomplete="one-time-code"/>
                <div class="govuk-button-group">
                    <button type="submit" class="govuk-button">{w.unlock_submit()}</button>
                    <button type="button" class="govuk-button govuk-button--secondary" on:click=move |_| cancel()>
                        {w.unlock_cancel()}
                    </button>
                </div>
            </form>
        </main>
    }
}

enum Tried {
    Opened,
    Wrong,
    Wait(u32),
    DiskFailed,
}

async fn try_pin(here: Here, pin: &str) -> Tried {
    let store = here.tablet.store();
    let Ok((tries, last)) = store.wrong_tries().await else {
        return Tried::DiskFailed;
    };
    let now = now();
    let wait = wait_left_s(tries, last, now);
    if wait > 0 {
        return Tried::Wait(wait);
    }
    let opens = here.tablet.identity.with_untracked(|identity| {
        identity
            .as_ref()
            .is_some_and(|identity| identity.pin.opens(pin))
    });
    let tries = if opens { 0 } else { tries.saturating_add(1) };
    let counted = store.keep_wrong_tries(tries, now).await;
    match (opens, counted) {
        // Staff get in even where the disk is full: the register and the evacuation list are behind.
        (true, _) => Tried::Opened,
        (false, Ok(())) => Tried::Wrong,
        (false, Err(_)) => Tried::DiskFailed,
    }
}
