//! The sheet, for whoever has forgotten their words: it opens the tablet, and new words are drawn.

use leptos::prelude::*;
use wellfield_core::vault::{DataKey, KeySlot, RecoveryCode, SlotId, SlotSecret};

use super::lock_screen::{Locked, WhenOpened};
use super::new_words::{ChosenWords, NewWords};
use crate::platform::random_bytes;
use crate::storage::{Identity, StoreError};
use crate::stretching::stretched;
use crate::ui::{ErrorSummary, FieldErrors, Page, TextField, store_error_text};
use crate::wording::words;

/// Where somebody is on the way back in.
#[derive(Clone)]
enum Step {
    Sheet,
    Who(DataKey, Vec<(SlotId, Identity)>),
    Words(DataKey, SlotId),
}

/// From the sheet to new words. `opened` runs once the tablet's rows open.
#[component]
pub fn Recover(locked: Locked, opened: WhenOpened, back: Callback<()>) -> impl IntoView {
    let step = RwSignal::new_local(Step::Sheet);
    let both = StoredValue::new_local((locked, opened));
    move || {
        let (locked, opened) = both.get_value();
        match step.get() {
            Step::Sheet => view! { <TypeSheet locked step back/> }.into_any(),
            Step::Who(key, people) => view! { <Choose key people step/> }.into_any(),
            Step::Words(key, whose) => view! { <Renew locked key whose opened/> }.into_any(),
        }
    }
}

#[component]
fn TypeSheet(
    locked: Locked,
    step: RwSignal<Step, LocalStorage>,
    back: Callback<()>,
) -> impl IntoView {
    let w = words();
    let typed = RwSignal::new(String::new());
    let errors: FieldErrors = RwSignal::new(Vec::new());
    let locked = StoredValue::new_local(locked);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let locked = locked.get_value();
        let wrong = |text: &str| errors.set(vec![("sheet", text.to_owned())]);
        let Ok(code) = typed.with_untracked(|typed| RecoveryCode::typed(typed)) else {
            return wrong(w.lead_sheet_wrong());
        };
        let Ok((slot, key)) = locked.open(&SlotSecret::Recovery(code)) else {
            return wrong(w.lock_other_sheet());
        };
        locked.unlock(slot, &key);
        leptos::task::spawn_local(async move {
            match locked.store.people().await {
                Ok(people) => match people.as_slice() {
                    [(slot, _)] => step.set(Step::Words(key, *slot)),
                    _ => step.set(Step::Who(key, people)),
                },
                Err(error) => errors.set(vec![("sheet", store_error_text(w, &error).to_owned())]),
            }
        });
    };
    view! {
        <div class="app-layout">
            <Page title=w.lock_forgotten() narrow=true>
                <ErrorSummary errors/>
                <p class="govuk-body">{w.lock_forgotten_text()}</p>
                <form on:submit=submit novalidate autocomplete="off">
                    <TextField id="sheet" label=w.lead_have_sheet() hint=w.lead_have_sheet_hint() value=typed errors/>
                    <div class="govuk-button-group">
                        <button type="submit" class="govuk-button">{w.lead_use_sheet()}</button>
                        <button type="button" class="govuk-button govuk-button--secondary" on:click=move |_| back.run(())>{w.action_back()}</button>
                    </div>
                </form>
            </Page>
        </div>
    }
}

/// Whose words are to be drawn anew.
#[component]
fn Choose(
    key: DataKey,
    people: Vec<(SlotId, Identity)>,
    step: RwSignal<Step, LocalStorage>,
) -> impl IntoView {
    let w = words();
    let key = StoredValue::new_local(key);
    let buttons = people.into_iter().map(move |(slot, identity)| {
        let choose = move |_| step.set(Step::Words(key.get_value(), slot));
        view! { <li><button type="button" class="app-option" on:click=choose>{identity.staff_name.clone()}</button></li> }
    });
    view! {
        <div class="app-layout">
            <Page title=w.lock_who() narrow=true>
                <ul class="govuk-list">{buttons.collect_view()}</ul>
            </Page>
        </div>
    }
}

#[component]
fn Renew(locked: Locked, key: DataKey, whose: SlotId, opened: WhenOpened) -> impl IntoView {
    let w = words();
    let chosen = ChosenWords::begin();
    let errors: FieldErrors = RwSignal::new(Vec::new());
    let busy = RwSignal::new(false);
    let all = StoredValue::new_local((locked, key, opened));
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let words = match chosen.check(w) {
            Ok(words) => words,
            Err(error) => return errors.set(vec![error]),
        };
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let (locked, key, opened) = all.get_value();
        leptos::task::spawn_local(async move {
            let (stretching, salt) = (locked.lock.stretching, locked.lock.salt);
            let refusal = match stretched(&words, stretching, salt).await {
                Ok(stretched) => {
                    let secret = SlotSecret::Passphrase(stretched);
                    match renew(&locked, &key, whose, &secret).await {
                        Ok(()) => return opened.run(),
                        Err(error) => store_error_text(w, &error),
                    }
                }
                Err(_) => w.lead_not_tried(),
            };
            errors.try_set(vec![("passphrase", refusal.to_owned())]);
            busy.try_set(false);
        });
    };
    view! {
        <div class="app-layout">
            <Page title=w.lock_new_words() narrow=true>
                <ErrorSummary errors/>
                <form on:submit=submit novalidate autocomplete="off">
                    <NewWords chosen text=w.lock_words_text() errors/>
                    <button type="submit" class="govuk-button" aria-disabled=move || busy.get().then_some("true")>
                        {move || if busy.get() { w.lock_opening() } else { w.lock_open() }}
                    </button>
                </form>
            </Page>
        </div>
    }
}

/// Puts new words in the place of forgotten ones.
async fn renew(
    locked: &Locked,
    key: &DataKey,
    slot: SlotId,
    secret: &SlotSecret,
) -> Result<(), StoreError> {
    let device = locked.lock.device;
    let renewed = KeySlot::new(device, key, secret, random_bytes(), random_bytes());
    locked.store.renew_slot(slot, &renewed).await?;
    locked.unlock(slot, key);
    Ok(())
}
