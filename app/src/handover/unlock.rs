//! Getting the tablet back from a participant.

use leptos::prelude::*;

use super::kiosk::change;
use crate::screen::Here;
use crate::shell::Preferences;
use crate::ui::{ErrorSummary, FieldErrors, Icon, TextField, focus_heading};
use crate::unlock::{PinForm, is_known};
use crate::wording::words;

/// Asks for the PIN, or for the words of whoever has forgotten it. Either keeps what the participant said so
/// far and ends the hand-over.
#[component]
pub(super) fn Unlock(
    /// Back to the participant's form.
    cancel: Callback<()>,
) -> impl IntoView {
    let w = words();
    let here = Here::find();
    let preferences: Preferences = expect_context();
    let with_words = RwSignal::new(false);
    let opened = Callback::new(move |()| {
        // The participant's language was for their form alone.
        change(here, |_| None, move || preferences.restore());
    });
    let forgotten = Callback::new(move |()| with_words.set(true));
    move || {
        if with_words.get() {
            view! { <WordsForm opened cancel/> }.into_any()
        } else {
            view! { <PinForm title=w.unlock_title() text=w.unlock_text() opened cancel forgotten/> }
                .into_any()
        }
    }
}

/// Asks for five words that open this tablet.
#[component]
fn WordsForm(opened: Callback<()>, cancel: Callback<()>) -> impl IntoView {
    let w = words();
    let here = Here::find();
    let typed = RwSignal::new(String::new());
    let errors: FieldErrors = RwSignal::new(Vec::new());
    let busy = RwSignal::new(false);
    focus_heading();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        errors.set(Vec::new());
        leptos::task::spawn_local(async move {
            let known = is_known(here, &typed.get_untracked()).await;
            // They may have gone back meanwhile, and then nothing of this counts.
            if typed.try_set(String::new()).is_some() {
                return;
            }
            busy.try_set(false);
            if known {
                opened.run(());
            } else {
                errors.try_set(vec![("words", w.lock_wrong().to_owned())]);
            }
        });
    };
    view! {
        <main class="app-lock" id="main">
            <Icon name="name-mark" class="app-header__mark"/>
            <h1 class="app-lock__title" tabindex="-1">{w.unlock_title()}</h1>
            <ErrorSummary errors/>
            <form on:submit=submit novalidate>
                <TextField id="words" label=w.lock_words() hint=w.lock_words_hint() value=typed errors kind="password" autocomplete="current-password"/>
                <div class="govuk-button-group">
                    <button type="submit" class="govuk-button" aria-disabled=move || busy.get().then_some("true")>
                        {move || if busy.get() { w.lock_opening() } else { w.unlock_submit() }}
                    </button>
                    <button type="button" class="govuk-button govuk-button--secondary" on:click=move |_| cancel.run(())>
                        {w.unlock_cancel()}
                    </button>
                </div>
            </form>
        </main>
    }
}
