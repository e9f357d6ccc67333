//! Getting the tablet back from a participant.

use leptos::prelude::*;

use super::kiosk::change;
use crate::screen::Here;
use crate::shell::Preferences;
use crate::unlock::PinForm;
use crate::wording::words;

/// Asks for the PIN. The right one keeps what the participant said so far and ends the hand-over.
#[component]
pub(super) fn Unlock(
    /// Back to the participant's form.
    cancel: Callback<()>,
) -> impl IntoView {
    let w = words();
    let here = Here::find();
    let preferences: Preferences = expect_context();
    let opened = Callback::new(move |()| {
        // The participant's language was for their form alone.
        change(here, |_| None, move || preferences.restore());
    });
    view! { <PinForm title=w.unlock_title() text=w.unlock_text() opened cancel/> }
}
