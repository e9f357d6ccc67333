//! The PIN: it brings the screen back while the keys are still in memory, and nothing else.

use leptos::prelude::*;
use wellfield_core::handover::{Shown, drops_keys};

use super::cover::lock_now;
use super::lock_screen::Locked;
use crate::screen::Here;
use crate::tablet::Tablet;
use crate::ui::{ErrorSummary, FieldErrors, Icon, TextField, focus_heading};
use crate::wording::words;

/// Asks for the PIN. After so many wrong ones the keys go, and the five words are asked for.
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
    /// What whoever has forgotten the PIN does instead, where there is something.
    #[prop(optional)]
    forgotten: Option<Callback<()>>,
) -> impl IntoView {
    let w = words();
    let tablet = Here::find().tablet;
    let typed = RwSignal::new(String::new());
    let errors: FieldErrors = RwSignal::new(Vec::new());
    focus_heading();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let right = typed.with_untracked(|pin| is_pin(tablet, pin));
        typed.set(String::new());
        if right {
            opened.run(());
        } else if drops_keys(tablet.wrong_pins.get_untracked()) {
            lock_now();
        } else {
            errors.set(vec![("pin", w.unlock_wrong().to_owned())]);
        }
    };
    view! {
        <main class="app-lock" id="main">
            <Icon name="name-mark" class="app-header__mark"/>
            <h1 class="app-lock__title" tabindex="-1">{title}</h1>
            <p class="app-lock__text">{text}</p>
            <ErrorSummary errors/>
            <form on:submit=submit novalidate>
                <TextField id="pin" label=w.unlock_pin() value=typed errors kind="password" inputmode="numeric" autocomplete="one-time-code"/>
                <div class="govuk-button-group">
                    <button type="submit" class="govuk-button">{w.unlock_submit()}</button>
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
                {forgotten
                    .map(|forgotten| {
                        view! { <button type="button" class="app-link" on:click=move |_| forgotten.run(())>{w.unlock_use_words()}</button> }
                    })}
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
