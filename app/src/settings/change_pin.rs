//! Another PIN.

use leptos::prelude::*;
use wellfield_core::handover::PinLatch;

use crate::enrol::pin_error;
use crate::platform::random_bytes;
use crate::screen::Here;
use crate::storage::Identity;
use crate::ui::{ErrorSummary, FieldErrors, TextField};
use crate::unlock::is_known;
use crate::wording::words;

const OLD: &str = "old-pin";
const NEW: &str = "pin";

/// Another code to end a hand-over. It asks who wants it: a tablet that lies open for a moment would
/// otherwise be somebody else's.
#[component]
pub fn ChangePin() -> impl IntoView {
    let w = words();
    let here = Here::find();
    let (old, new) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let errors: FieldErrors = RwSignal::new(Vec::new());
    let done = RwSignal::new(false);
    let busy = RwSignal::new(false);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        done.set(false);
        if busy.get_untracked() {
            return;
        }
        let pin = match new.with_untracked(|pin| PinLatch::set(pin, random_bytes())) {
            Ok(pin) => pin,
            Err(error) => return errors.set(vec![(NEW, pin_error(w, error).to_owned())]),
        };
        let Some(identity) = here.tablet.identity.get_untracked() else {
            return;
        };
        errors.set(Vec::new());
        busy.set(true);
        leptos::task::spawn_local(async move {
            let known = is_known(here, &old.get_untracked()).await;
            busy.try_set(false);
            if !known {
                errors.try_set(vec![(OLD, w.settings_old_pin_wrong().to_owned())]);
                return;
            }
            here.run(
                async move |here: Here| {
                    here.tablet
                        .keep_identity(Identity { pin, ..identity })
                        .await
                },
                move || {
                    old.try_set(String::new());
                    new.try_set(String::new());
                    done.try_set(true);
                },
            );
        });
    };
    view! {
        <h2 class="govuk-heading-m">{w.settings_pin()}</h2>
        <ErrorSummary errors/>
        <form on:submit=submit novalidate autocomplete="off">
            <TextField id=OLD label=w.settings_old_pin() hint=w.settings_old_pin_hint() value=old errors kind="password" autocomplete="off"/>
            <TextField id=NEW label=w.settings_new_pin() hint=w.enrol_pin_hint() value=new errors inputmode="numeric"/>
            <button type="submit" class="govuk-button govuk-button--secondary" aria-disabled=move || busy.get().then_some("true")>{w.action_save()}</button>
            <p class="govuk-body" role="status">{move || done.get().then(|| w.settings_pin_changed())}</p>
        </form>
    }
}
