//! Becoming the lead: the sheet, the passphrase, the number at which one is reached.

use leptos::prelude::*;
use wellfield_core::safeguarding::{LeadNamed, name_lead};
use wellfield_core::text::Line;
use wellfield_core::vault::{
    DataKey, KeySlot, OpeningKey, Passphrase, RecoveryCode, SlotSecret, Stretched,
};

use super::gate::ConcernsKey;
use crate::platform::{nfc, random_bytes};
use crate::screen::Here;
use crate::storage::StoreError;
use crate::stretching::stretched_anew;
use crate::ui::{ErrorSummary, FieldErrors, Page, TextField};
use crate::unlock::{ChosenWords, NewWords, PrintedSheet};
use crate::wording::{Words, words};

/// Who has the sheet already types it; who has none gets one.
#[derive(Clone)]
enum Sheet {
    Unknown,
    New(RecoveryCode),
    Typed(RecoveryCode),
}

/// Sets this device up to read concerns.
#[component]
pub(super) fn SetUp() -> impl IntoView {
    let w = words();
    let sheet = RwSignal::new(Sheet::Unknown);
    let code = RwSignal::new(String::new());
    let errors: FieldErrors = RwSignal::new(Vec::new());
    let take = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        match code.with_untracked(|typed| RecoveryCode::typed(typed)) {
            Ok(read) => sheet.set(Sheet::Typed(read)),
            Err(_) => errors.set(vec![("sheet", w.lead_sheet_wrong().to_owned())]),
        }
    };
    move || {
        match sheet.get() {
        Sheet::Unknown => view! {
            <Page title=w.lead_set_up() narrow=true>
                <ErrorSummary errors/>
                <p class="govuk-body">{w.lead_set_up_text()}</p>
                <button type="button" class="govuk-button" on:click=move |_| sheet.set(Sheet::New(RecoveryCode::new(random_bytes())))>
                    {w.lead_new_sheet()}
                </button>
                <form on:submit=take novalidate autocomplete="off">
                    <TextField id="sheet" label=w.lead_have_sheet() hint=w.lead_have_sheet_hint() value=code errors/>
                    <button type="submit" class="govuk-button govuk-button--secondary">{w.lead_use_sheet()}</button>
                </form>
            </Page>
        }
        .into_any(),
        Sheet::New(code) => view! { <Finish code is_new=true/> }.into_any(),
        Sheet::Typed(code) => view! { <Finish code is_new=false/> }.into_any(),
    }
    }
}

/// The words that open this device; made anew until somebody likes them.

#[component]
fn Finish(code: RecoveryCode, is_new: bool) -> impl IntoView {
    let w = words();
    let here = Here::find();
    let chosen = ChosenWords::begin();
    let phone = RwSignal::new(String::new());
    let errors: FieldErrors = RwSignal::new(Vec::new());
    let busy = RwSignal::new(false);
    let kept = code.clone();
    let key: ConcernsKey = expect_context();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some((passphrase, phone)) = check(w, chosen, phone, errors) else {
            return;
        };
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let code = code.clone();
        here.run(
            async move |here: Here| {
                let Ok(stretched) = stretched_anew(&passphrase).await else {
                    errors.try_set(vec![("passphrase", w.lead_not_tried().to_owned())]);
                    busy.try_set(false);
                    return Ok(());
                };
                let done = become_lead(here, &code, stretched, phone).await;
                busy.try_set(false);
                key.open(done?);
                Ok(())
            },
            || {},
        );
    };
    view! {
        <Page title=w.lead_set_up() narrow=true>
            <ErrorSummary errors/>
            {is_new.then(|| view! { <PrintedSheet code=kept text=w.lead_sheet_text()/> })}
            <form on:submit=submit novalidate autocomplete="off">
                <NewWords chosen text=w.lead_passphrase_text() errors/>
                <TextField id="phone" label=w.lead_phone() hint=w.lead_phone_hint() value=phone errors inputmode="tel" autocomplete="tel"/>
                <button type="submit" class="govuk-button" aria-disabled=move || busy.get().then_some("true")>
                    {move || if busy.get() { w.lead_opening() } else { w.lead_finish() }}
                </button>
            </form>
        </Page>
    }
}

fn check(
    w: Words,
    chosen: ChosenWords,
    phone: RwSignal<String>,
    errors: FieldErrors,
) -> Option<(Passphrase, Line)> {
    let mut found = Vec::new();
    let passphrase = chosen.check(w).map_err(|error| found.push(error)).ok();
    let number = phone.with_untracked(|typed| Line::typed(typed, nfc)).ok();
    if number.is_none() {
        found.push(("phone", w.lead_phone_missing().to_owned()));
    }
    errors.set(found);
    passphrase.zip(number)
}

/// Keeps the key behind the passphrase, and tells every tablet what to seal with.
async fn become_lead(
    here: Here,
    code: &RecoveryCode,
    passphrase: Stretched,
    phone: Line,
) -> Result<OpeningKey, StoreError> {
    let Some(identity) = here.tablet.identity.get_untracked() else {
        return Err(StoreError::Unreadable);
    };
    let key = DataKey::from_sheet(code);
    let opening = OpeningKey::of(&key);
    let slot = KeySlot::new(
        identity.device,
        &key,
        &SlotSecret::Passphrase(passphrase),
        random_bytes(),
        random_bytes(),
    );
    here.tablet.store().keep_lead_slot(&slot.to_bytes()).await?;
    let Ok(name) = Line::typed(&identity.staff_name, nfc) else {
        return Err(StoreError::Unreadable);
    };
    let named = LeadNamed {
        name,
        phone,
        key: opening.sealing_key(),
    };
    let drafts = here.tablet.records.with_untracked(|records| {
        let programmes = identity.programmes.iter();
        programmes
            .map(|programme| name_lead(records, *programme, named.clone()))
            .collect()
    });
    here.tablet.save(drafts).await?;
    Ok(opening)
}
