//! Recording a decision: the wording as the person is shown it, and how they answered.

use leptos::prelude::*;
use wellfield_core::consent::wording::Wording;
use wellfield_core::consent::{
    Answer, ConsentError, GivenBy, Method, Purpose, Status, record_knowing,
};
use wellfield_core::ids::PersonId;
use wellfield_core::language::Language;
use wellfield_core::text::Line;

use super::list::{purpose_words, status_words};
use super::withdrawn::by_itself;
use crate::people::NoPerson;
use crate::platform::nfc;
use crate::screen::{Here, code_param, go_to, person_param};
use crate::ui::{ErrorSummary, FieldError, FieldErrors, Page, Radios, TextField};
use crate::wording::{Moments, Words, words};

/// Asks about the purpose in the address.
#[component]
pub fn ConsentRecord() -> impl IntoView {
    let here = Here::find();
    let purpose = code_param("purpose").and_then(Purpose::from_code);
    let (Some(person), Some(purpose)) = (person_param(), purpose) else {
        return view! { <NoPerson/> }.into_any();
    };
    let name = here
        .with_now(|delivery| {
            delivery
                .person(person)
                .map(|p| p.details.preferred_name.to_string())
        })
        .flatten();
    match name {
        Some(name) => view! { <ConsentForm person purpose name/> }.into_any(),
        None => view! { <NoPerson/> }.into_any(),
    }
}

#[derive(Clone, Copy)]
struct Fields {
    language: RwSignal<Option<Language>>,
    yes: RwSignal<Option<bool>>,
    method: RwSignal<Option<Method>>,
    given_by: RwSignal<Option<GivenBy>>,
    giver_name: RwSignal<String>,
    errors: FieldErrors,
}

#[component]
fn ConsentForm(person: PersonId, purpose: Purpose, name: String) -> impl IntoView {
    let w = words();
    let here = Here::find();
    let fields = Fields {
        language: RwSignal::new(Some(w.0)),
        yes: RwSignal::new(None),
        method: RwSignal::new(None),
        given_by: RwSignal::new(None),
        giver_name: RwSignal::new(String::new()),
        errors: RwSignal::new(Vec::new()),
    };
    let go = go_to();
    let seen = here
        .with_now(|delivery| delivery.consent.standing_ids(person, purpose))
        .unwrap_or_default();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(answer) = build(w, fields) else {
            return;
        };
        let drafted = here.tablet.records.with_untracked(|records| {
            record_knowing(records, here.programme, person, purpose, answer, &seen)
        });
        match drafted {
            Ok(draft) => {
                let go = go.clone();
                here.save_then(vec![draft], move || go(format!("/app/person/{person}")));
            }
            Err(error) => fields.errors.set(vec![refusal(w, error)]),
        }
    };
    let organisation = here
        .with_now(|delivery| delivery.programme().map(|p| p.organisation.to_string()))
        .flatten()
        .unwrap_or_default();
    let shown = move || {
        let language = fields.language.get().unwrap_or(Language::English);
        view! { <p class="app-wording" lang=language.tag()>{Wording::current(purpose, language).text(&organisation)}</p> }
    };
    let errors = fields.errors;
    let was_given = here
        .with_now(|delivery| delivery.consent.status(person, purpose).permits())
        .unwrap_or(false);
    let is_withdrawal = move |fields: Fields| was_given && fields.yes.get() == Some(false);
    view! {
        <Page title=purpose_words(w, purpose) caption=name back=format!("/app/person/{person}") narrow=true>
            <ErrorSummary errors questions=questions(w)/>
            <Standing person purpose/>
            <form on:submit=submit novalidate>
                <Radios id="language" legend=w.consent_language() options=languages() value=fields.language errors/>
                <p class="govuk-body"><b>{w.consent_read_out()}</b></p>
                <div class="govuk-inset-text">{shown}</div>
                <Radios id="answer" legend=w.consent_answer() options=vec![(true, w.consent_yes().to_owned()), (false, w.consent_no().to_owned())] value=fields.yes errors/>
                <Show when=move || is_withdrawal(fields)>
                    <div class="govuk-inset-text">{w.withdrawn_follows()}" "{by_itself(w, purpose)}</div>
                </Show>
                <Radios id="method" legend=w.consent_method() options=methods(w) value=fields.method errors/>
                <Radios id="by" legend=w.consent_by() options=givers(w) value=fields.given_by errors/>
                <Show when=move || fields.given_by.get().is_some_and(|by| by != GivenBy::Themselves)>
                    <TextField id="giver" label=w.consent_giver() value=fields.giver_name errors/>
                </Show>
                <button type="submit" class="govuk-button">{w.action_save()}</button>
            </form>
        </Page>
    }
}

/// Why an answer was not taken, and at which field.
fn refusal(w: Words, error: ConsentError) -> FieldError {
    match error {
        ConsentError::GiverNameMissing => ("giver", w.consent_giver_missing().to_owned()),
        ConsentError::ChangedMeanwhile => ("answer", w.consent_changed().to_owned()),
        ConsentError::NoPerson => ("answer", w.person_none_text().to_owned()),
    }
}

/// How the purpose stands now, so that a person is not asked about a "no" without knowing of it.
#[component]
fn Standing(person: PersonId, purpose: Purpose) -> impl IntoView {
    let w = words();
    let here = Here::find();
    let stands = Memo::new(move |_| {
        here.with(|delivery| {
            let status = delivery.consent.status(person, purpose);
            let when = status.entry().map(|head| w.moment(head.stamp.at.instant()));
            let warns = matches!(status, Status::Refused(_) | Status::Withdrawn(_));
            when.map(|when| (w.consent_stands(&status_words(w, &status).0, &when), warns))
        })
        .flatten()
    });
    move || {
        stands.get().map(|(text, warns)| {
            let more = warns.then(|| w.consent_again());
            view! { <p class="govuk-body"><b>{text}</b>" "{more}</p> }
        })
    }
}

fn languages() -> Vec<(Language, String)> {
    vec![
        (Language::English, "English".to_owned()),
        (Language::Welsh, "Cymraeg".to_owned()),
    ]
}

fn methods(w: Words) -> Vec<(Method, String)> {
    vec![
        (Method::Spoken, w.consent_spoken().to_owned()),
        (Method::Ticked, w.consent_ticked().to_owned()),
        (Method::Signed, w.consent_signed().to_owned()),
    ]
}

fn givers(w: Words) -> Vec<(GivenBy, String)> {
    vec![
        (GivenBy::Themselves, w.consent_themselves().to_owned()),
        (
            GivenBy::ParentalResponsibility,
            w.consent_parent().to_owned(),
        ),
        (GivenBy::PowerOfAttorney, w.consent_attorney().to_owned()),
        (GivenBy::Deputy, w.consent_deputy().to_owned()),
    ]
}

/// What the summary says beside "Choose an answer", which stands under its question at the field.
fn questions(w: Words) -> Vec<(&'static str, &'static str)> {
    vec![
        ("answer", w.consent_answer()),
        ("method", w.consent_method()),
        ("by", w.consent_by()),
    ]
}

fn build(w: Words, fields: Fields) -> Option<Answer> {
    let mut errors = Vec::new();
    let yes = fields.yes.get_untracked();
    let method = fields.method.get_untracked();
    let given_by = fields.given_by.get_untracked();
    for (id, missing) in [
        ("answer", yes.is_none()),
        ("method", method.is_none()),
        ("by", given_by.is_none()),
    ] {
        if missing {
            errors.push((id, w.consent_choose().to_owned()));
        }
    }
    let giver_name = fields
        .giver_name
        .with_untracked(|typed| Line::typed_optional(typed, nfc))
        .unwrap_or_else(|error| {
            errors.push(("giver", crate::attendance::text_error(w, error)));
            None
        });
    let complete = errors.is_empty();
    fields.errors.set(errors);
    let language = fields.language.get_untracked().unwrap_or(w.0);
    let answer = Answer {
        yes: yes?,
        language,
        method: method?,
        given_by: given_by?,
        giver_name,
    };
    complete.then_some(answer)
}
