//! What people moved on to: whom to ask, and what they said.

use leptos::prelude::*;
use wellfield_core::clock::Date;
use wellfield_core::ids::PersonId;
use wellfield_core::onward::{MovedOn, Onward, OnwardError, OnwardLine, move_on, onward_list};
use wellfield_core::text::Paragraph;

use super::{PersonLine, PersonList};
use crate::attendance::text_error;
use crate::people::NoPerson;
use crate::platform::nfc;
use crate::screen::{Here, go_to, person_param};
use crate::ui::{Checkboxes, ErrorSummary, FieldErrors, Page, TextArea};
use crate::wording::{Words, words};

const LIST: &str = "/app/coordinator/onward";
const TO: &str = "to";
const NOTE: &str = "note";

fn went(w: Words, to: &[Onward]) -> String {
    let to: Vec<_> = to.iter().map(|to| w.onward(*to)).collect();
    match to.as_slice() {
        [] => w.onward_not_asked().to_owned(),
        to => to.join(", "),
    }
}

/// Everybody, with where they went.
#[component]
pub fn OnwardPage() -> impl IntoView {
    let w = words();
    let here = Here::find();
    let people = Memo::new(move |_| {
        let all = here.tablet.records.with(|records| {
            let delivery = records.delivery(here.programme)?;
            Some(onward_list(delivery, records.casework(here.programme)))
        });
        let line = |line: OnwardLine| PersonLine {
            person: line.person,
            name: line.name,
            note: Some(went(w, &line.to)),
        };
        all.unwrap_or_default().into_iter().map(line).collect()
    });
    view! {
        <Page title=w.onward_title() back="/app/coordinator">
            <p class="govuk-body">{w.onward_text()}</p>
            <PersonList list=LIST people/>
        </Page>
    }
}

/// Where the person in the address went.
#[component]
pub fn OnwardOf() -> impl IntoView {
    let here = Here::find();
    let known = person_param().and_then(|person| {
        here.tablet.records.with_untracked(|records| {
            let recorded = records.delivery(here.programme)?.person(person)?;
            let casework = records.casework(here.programme);
            let stands = casework.and_then(|casework| casework.onward.get(person));
            let name = recorded.details.preferred_name.to_string();
            Some((person, name, stands.map(|head| head.value.clone())))
        })
    });
    match known {
        Some((person, name, stands)) => view! { <Ask person name stands/> }.into_any(),
        None => view! { <NoPerson/> }.into_any(),
    }
}

#[component]
fn Ask(person: PersonId, name: String, stands: Option<MovedOn>) -> impl IntoView {
    let w = words();
    let here = Here::find();
    let go = go_to();
    let today: RwSignal<Date> = expect_context();
    let note = stands.as_ref().and_then(|moved| moved.note.as_ref());
    let note = RwSignal::new(note.map(ToString::to_string).unwrap_or_default());
    let to = RwSignal::new(stands.map(|moved| moved.to).unwrap_or_default());
    let errors: FieldErrors = RwSignal::new(Vec::new());
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let note = match note.with_untracked(|typed| Paragraph::typed_optional(typed, nfc)) {
            Ok(note) => note,
            Err(error) => return errors.set(vec![(NOTE, text_error(w, error))]),
        };
        let moved = MovedOn {
            person,
            to: to.get_untracked(),
            note,
            day: today.get_untracked(),
        };
        let drafted = here
            .tablet
            .records
            .with_untracked(|records| move_on(records, here.programme, moved));
        let wrong = match drafted {
            Ok(draft) => {
                let go = go.clone();
                return here.save_then(vec![draft], move || go(LIST.to_owned()));
            }
            Err(OnwardError::Nothing) => w.onward_missing(),
            Err(OnwardError::Contradiction) => w.onward_contradiction(),
            Err(OnwardError::NothingToChange | OnwardError::NoPerson) => w.onward_unchanged(),
        };
        errors.set(vec![(TO, wrong.to_owned())]);
    };
    let all = Onward::ALL
        .iter()
        .map(move |to| (*to, w.onward(*to).to_owned()));
    view! {
        <Page title=name window=w.onward_window() caption=w.onward_title() back=LIST narrow=true>
            <ErrorSummary errors/>
            <form on:submit=submit novalidate>
                <Checkboxes id=TO legend=w.onward_ask() hint=w.onward_ask_hint() options=all.collect() value=to errors/>
                <TextArea id=NOTE label=w.onward_note() hint=w.onward_note_hint() value=note errors rows=2/>
                <button type="submit" class="govuk-button">{w.action_save()}</button>
            </form>
        </Page>
    }
}
