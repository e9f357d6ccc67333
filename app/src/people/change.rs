//! Changing what is known of a person, for instance after a walk-in gave their details.

use leptos::prelude::*;
use wellfield_core::heads::Heads;
use wellfield_core::ids::PersonId;
use wellfield_core::people::{AccessNeed, Contact, PersonDetails, PersonRecorded, change_details};
use wellfield_core::text::{Line, Paragraph, TextError};

use super::NoPerson;
use crate::attendance::text_error;
use crate::platform::nfc;
use crate::screen::{Here, go_to, person_param};
use crate::ui::{
    Checkboxes, ErrorSummary, FieldError, FieldErrors, Page, TextArea, TextField, access_word,
};
use crate::wording::{Words, words};

/// The fields of the emergency contact.
const EMERGENCY: [&str; 3] = ["emergency-name", "emergency-relation", "emergency-phone"];

/// The fields of whoever is responsible for the person's care.
const SUPPORTER: [&str; 3] = ["supporter-name", "supporter-relation", "supporter-phone"];

#[derive(Clone, Copy)]
struct Fields {
    name: RwSignal<String>,
    access: RwSignal<Vec<AccessNeed>>,
    access_note: RwSignal<String>,
    support: RwSignal<String>,
    emergency: [RwSignal<String>; 3],
    supporter: [RwSignal<String>; 3],
    errors: FieldErrors,
}

fn contact_fields(contact: Option<&Contact>) -> [RwSignal<String>; 3] {
    let text =
        |text: Option<&Line>| RwSignal::new(text.map(ToString::to_string).unwrap_or_default());
    [
        text(contact.map(|contact| &contact.name)),
        text(contact.and_then(|contact| contact.relation.as_ref())),
        text(contact.map(|contact| &contact.phone)),
    ]
}

impl Fields {
    fn of(recorded: &PersonRecorded) -> Self {
        let details = &recorded.details;
        let text = |text: Option<&Paragraph>| {
            RwSignal::new(text.map(ToString::to_string).unwrap_or_default())
        };
        Self {
            name: RwSignal::new(details.preferred_name.to_string()),
            access: RwSignal::new(details.access.clone()),
            access_note: text(details.access_note.as_ref()),
            support: text(details.agreed_support.as_ref()),
            emergency: contact_fields(details.emergency.as_ref()),
            supporter: contact_fields(details.supporter.as_ref()),
            errors: RwSignal::new(Vec::new()),
        }
    }

    fn build(self, w: Words) -> Option<PersonDetails> {
        let mut errors = Vec::new();
        let preferred_name = line(
            w,
            &mut errors,
            "name",
            self.name,
            Some(w.add_name_missing()),
        );
        let missing = [
            w.person_emergency_name_missing(),
            w.person_emergency_phone_missing(),
        ];
        let emergency = contact(w, &mut errors, EMERGENCY, self.emergency, missing);
        let missing = [
            w.person_supporter_name_missing(),
            w.person_supporter_phone_missing(),
        ];
        let supporter = contact(w, &mut errors, SUPPORTER, self.supporter, missing);
        let mut paragraph = |id: &'static str, typed: RwSignal<String>| {
            typed
                .with_untracked(|typed| Paragraph::typed_optional(typed, nfc))
                .unwrap_or_else(|error| {
                    errors.push((id, text_error(w, error)));
                    None
                })
        };
        let access_note = paragraph("access-note", self.access_note);
        let agreed_support = paragraph("support", self.support);
        let complete = errors.is_empty();
        self.errors.set(errors);
        let access = self.access.get_untracked();
        let details = PersonDetails {
            preferred_name: preferred_name?,
            access,
            access_note,
            agreed_support,
            emergency,
            supporter,
        };
        complete.then_some(details)
    }
}

/// Reads one line; says so where it cannot be taken, or is `missing`.
fn line(
    w: Words,
    errors: &mut Vec<FieldError>,
    id: &'static str,
    typed: RwSignal<String>,
    missing: Option<&'static str>,
) -> Option<Line> {
    match (
        typed.with_untracked(|typed| Line::typed(typed, nfc)),
        missing,
    ) {
        (Ok(line), _) => Some(line),
        (Err(TextError::Empty), None) => None,
        (Err(TextError::Empty), Some(missing)) => {
            errors.push((id, missing.to_owned()));
            None
        }
        (Err(error), _) => {
            errors.push((id, text_error(w, error)));
            None
        }
    }
}

/// Reads somebody to call; nobody where every field is empty. `missing` says that the name, or the
/// number, is not there.
fn contact(
    w: Words,
    errors: &mut Vec<FieldError>,
    ids: [&'static str; 3],
    fields: [RwSignal<String>; 3],
    missing: [&'static str; 2],
) -> Option<Contact> {
    let is_empty = |field: &RwSignal<String>| field.with_untracked(|typed| typed.trim().is_empty());
    if fields.iter().all(is_empty) {
        return None;
    }
    let name = line(w, errors, ids[0], fields[0], Some(missing[0]));
    let relation = line(w, errors, ids[1], fields[1], None);
    let phone = line(w, errors, ids[2], fields[2], Some(missing[1]));
    Some(Contact {
        name: name?,
        relation,
        phone: phone?,
    })
}

/// Changes the details of the person in the address.
#[component]
pub fn ChangeDetails() -> impl IntoView {
    let here = Here::find();
    let known = person_param().and_then(|person| {
        here.with_now(|delivery| delivery.person(person).cloned())
            .flatten()
    });
    match known {
        Some(recorded) => {
            let fields = Fields::of(&recorded);
            view! { <ChangeForm person=recorded.person fields/> }.into_any()
        }
        None => view! { <NoPerson/> }.into_any(),
    }
}

#[component]
fn ChangeForm(person: PersonId, fields: Fields) -> impl IntoView {
    let w = words();
    let here = Here::find();
    let go = go_to();
    let seen = here
        .with_now(|delivery| delivery.person_heads(person).map(Heads::ids))
        .flatten()
        .unwrap_or_default();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(details) = fields.build(w) else {
            return;
        };
        let draft = here
            .tablet
            .records
            .with_untracked(|records| change_details(records, here.programme, person, details));
        if let Ok(draft) = draft {
            let draft = draft.knowing(&seen);
            let go = go.clone();
            here.save_then(vec![draft], move || go(format!("/app/person/{person}")));
        }
    };
    let needs = AccessNeed::ALL
        .iter()
        .map(|need| (*need, access_word(w, *need).1.to_owned()))
        .collect();
    let errors = fields.errors;
    view! {
        <Page title=w.person_change() back=format!("/app/person/{person}") narrow=true>
            <ErrorSummary errors/>
            <form on:submit=submit novalidate>
                <TextField id="name" label=w.person_name() value=fields.name errors/>
                <Checkboxes id="access" legend=w.person_needs() options=needs value=fields.access errors/>
                <TextArea id="access-note" label=w.person_access_note() value=fields.access_note errors rows=2/>
                <TextArea id="support" label=w.person_support() hint=w.person_support_hint() value=fields.support errors rows=3/>
                <ContactFields
                    legend=w.person_emergency()
                    ids=EMERGENCY
                    values=fields.emergency
                    errors
                />
                <ContactFields
                    legend=w.person_supporter()
                    ids=SUPPORTER
                    values=fields.supporter
                    errors
                />
                <button type="submit" class="govuk-button">{w.action_save()}</button>
            </form>
        </Page>
    }
}

/// Somebody to call, as one group: "Name" alone would not say whose.
#[component]
fn ContactFields(
    legend: &'static str,
    ids: [&'static str; 3],
    values: [RwSignal<String>; 3],
    errors: FieldErrors,
) -> impl IntoView {
    let w = words();
    view! {
        <div class="govuk-form-group">
            <fieldset class="govuk-fieldset">
                <legend class="govuk-fieldset__legend govuk-fieldset__legend--m">
                    <h2 class="govuk-fieldset__heading">{legend}</h2>
                </legend>
                <TextField id=ids[0] label=w.person_contact_name() value=values[0] errors/>
                <TextField id=ids[1] label=w.person_contact_relation() value=values[1] errors/>
                <TextField id=ids[2] label=w.person_contact_phone() value=values[2] errors kind="tel"/>
            </fieldset>
        </div>
    }
}
