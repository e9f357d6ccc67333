//! The PIN: it brings the screen back while the keys are still in memory, and nothing else.

use leptos::prelude::*;
use wellfield_core::handover::{Shown, drops_keys};

use super::cover::lock_now;
use super::lock_screen::Locked;
use crate::screen::Here;
use crate::tablet::Tablet;
use crate::ui::{ErrorSummary, FieldErrors, Icon, TextField, focus_heading};
use crate::wording::words;

/// Asks for the PIN, or for the five words of somebody who has forgotten it. After so many wrong PINs the
/// keys go, and the five words are asked for.
#[component]
pub fn PinForm(
    title: &'static str,
    text: &'static str,
    opened: Callback<()>,
    /// The way back, where there is one.
    #[prop(optional)]
    cancel: Option<Callback<()>>,
    /// Whether somebody else may lock the tablet and open it with their own words.
    #[prop(optional)]
    someone_else: bool,
) -> impl IntoView {
    let w = words();
    let here = Here::find();
    let typed = RwSignal::new(String::new());
    let errors: FieldErrors = RwSignal::new(Vec::new());
    let with_words = RwSignal::new(false);
    let busy = RwSignal::new(false);
    focus_heading();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        leptos::task::spawn_local(async move {
            let known = is_known(here, &typed.get_untracked()).await;
            // After too many wrong ones the whole page is gone.
            if typed.try_set(String::new()).is_some() {
                return;
            }
            busy.try_set(false);
            if known {
                opened.run(());
            } else {
                let wrong = if with_words.get_untracked() {
                    w.lock_wrong()
                } else {
                    w.unlock_wrong()
                };
                errors.set(vec![("pin", wrong.to_owned())]);
            }
        });
    };
    let field = move || {
        if with_words.get() {
            view! {
                <TextField id="pin" label=w.lock_words() hint=w.lock_words_hint() value=typed errors kind="password" autocomplete="current-password"/>
            }
            .into_any()
        } else {
            view! {
                <TextField id="pin" label=w.unlock_pin() value=typed errors kind="password" inputmode="numeric" autocomplete="one-time-code"/>
            }
            .into_any()
        }
    };
    let use_words = move |_| {
        typed.set(String::new());
        errors.set(Vec::new());
        with_words.set(true);
    };
    view! {
        <main class="app-lock" id="main">
            <Icon name="name-mark" class="app-header__mark"/>
            <h1 class="app-lock__title" tabindex="-1">{title}</h1>
            <p class="app-lock__text">{text}</p>
            <ErrorSummary errors/>
            <form on:submit=submit novalidate>
                {field}
                <div class="govuk-button-group">
                    <button type="submit" class="govuk-button" aria-disabled=move || busy.get().then_some("true")>
                        {move || if busy.get() { w.lock_opening() } else { w.unlock_submit() }}
                    </button>
                    {cancel
                        .map(|cancel| {
                            view! {
                                <button type="button" class="govuk-button govuk-button--secondary" on:click=move |_| cancel.run(())>
                                    {w.unlock_cancel()}
                                </button>
                            }
                        })}
                    {someone_else
                        .then(|| {
                            view! {
                                <button type="button" class="govuk-button govuk-button--secondary" on:click=|_| lock_now()>
                                    {w.lock_someone_else()}
                                </button>
                            }
                        })}
                </div>
                <Show when=move || !with_words.get()>
                    <button type="button" class="app-link" on:click=use_words>{w.unlock_use_words()}</button>
                </Show>
            </form>
        </main>
    }
}

/// Whether whoever has the tablet in hand may use it: they know the PIN of whoever unlocked it, or words that
/// open it. After so many wrong PINs the keys go, and the screen with them.
pub async fn is_known(here: Here, typed: &str) -> bool {
    let words = match Shown::typed(typed) {
        Shown::Words(words) => words,
        Shown::Pin(pin) => {
            let right = is_pin(here.tablet, pin);
            if !right && drops_keys(here.tablet.wrong_pins.get_untracked()) {
                lock_now();
            }
            return right;
        }
    };
    let store = here.tablet.store();
    let Ok(Some(lock)) = store.lock().await else {
        return false;
    };
    let opened = Locked { store, lock }.try_words(&words).await;
    opened.is_ok_and(|opened| opened.is_some())
}

/// Whether this is the PIN of whoever unlocked the tablet. Wrong ones are counted in memory: a reload
/// drops the keys, and then no PIN helps.
fn is_pin(tablet: Tablet, pin: &str) -> bool {
    let right = tablet.identity.with_untracked(|identity| {
        identity
            .as_ref()
            .is_some_and(|identity| identity.pin.opens(pin))
    });
    tablet
        .wrong_pins
        .update(|wrong| *wrong = if right { 0 } else { wrong.saturating_add(1) });
    right
}
