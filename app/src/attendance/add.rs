//! Somebody new at the gate: a first name is enough.

use leptos::prelude::*;
use wellfield_core::ids::PersonId;
use wellfield_core::people::add_walk_in;
use wellfield_core::text::{Line, TextError};

use super::register::NoSession;
use super::text_error;
use crate::platform::{nfc, random_u64};
use crate::screen::{Here, go_to};
use crate::ui::{ErrorSummary, FieldErrors, Page, TextField};
use crate::wording::words;

/// Adds somebody and marks them as here.
#[component]
pub fn AddWalkIn() -> impl IntoView {
    let w = words();
    let here = Here::find();
    let Some(plan) = here.session_plan() else {
        return view! { <NoSession/> }.into_any();
    };
    let session = plan.session;
    let name = RwSignal::new(String::new());
    let errors: FieldErrors = RwSignal::new(Vec::new());
    let person = PersonId(random_u64());
    let go = go_to();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let first_name = match name.with_untracked(|typed| Line::typed(typed, nfc)) {
            Ok(first_name) => first_name,
            Err(error) => {
                let text = match error {
                    TextError::Empty => w.add_name_missing().to_owned(),
                    other => text_error(w, other),
                };
                return errors.set(vec![("name", text)]);
            }
        };
        let drafts = here.tablet.records.with_untracked(|records| {
            add_walk_in(records, here.programme, session, person, first_name)
        });
        if let Ok(drafts) = drafts {
            let go = go.clone();
            here.save_then(drafts.to_vec(), move || {
                go(format!("/app/session/{session}"))
            });
        }
    };
    view! {
        <Page title=w.add_title() caption=w.session(&plan) back=format!("/app/session/{session}") narrow=true>
            <ErrorSummary errors/>
            <form on:submit=submit novalidate>
                <TextField id="name" label=w.add_name() hint=w.add_name_hint() value=name errors/>
                <button type="submit" class="govuk-button">{w.add_submit()}</button>
            </form>
        </Page>
    }
    .into_any()
}
