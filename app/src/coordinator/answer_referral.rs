//! Answering a referral: a place on the list of people, or what else becomes of it.

use leptos::prelude::*;
use wellfield_core::clock::Date;
use wellfield_core::ids::{PersonId, ReferralId};
use wellfield_core::referral::{Answer, AnswerError, ReferralReceived, answer, take_on};
use wellfield_core::text::Paragraph;

use super::referrals::answer_words;
use crate::attendance::text_error;
use crate::platform::{nfc, random_u64};
use crate::screen::{Here, go_to};
use crate::shell::NotFound;
use crate::ui::{ErrorSummary, FieldErrors, Page, Radios, TextArea};
use crate::wording::words;

const LIST: &str = "/app/coordinator/referrals";
const ANSWER: &str = "answer";
const NOTE: &str = "note";

/// The form for the referral in the address.
#[component]
pub(super) fn AnswerReferral(referral: ReferralId) -> impl IntoView {
    let here = Here::find();
    let known = here.tablet.records.with_untracked(|records| {
        let view = records.casework(here.programme)?.referrals.get(referral)?;
        let answered = view.answered.map(|head| head.value.answer);
        Some((view.head.value.clone(), answered))
    });
    match known {
        Some((received, answered)) => view! { <Ask received answered/> }.into_any(),
        None => view! { <NotFound/> }.into_any(),
    }
}

#[component]
fn Ask(received: ReferralReceived, answered: Option<Answer>) -> impl IntoView {
    let w = words();
    let here = Here::find();
    let go = go_to();
    let today: RwSignal<Date> = expect_context();
    let referral = received.form.referral;
    let name = received.form.name.to_string();
    // Drawn once, so that a second tap on the button is about the same person.
    let person = PersonId(random_u64());
    let chosen = RwSignal::new(answered.filter(|answer| *answer != Answer::Joined));
    let note = RwSignal::new(String::new());
    let errors: FieldErrors = RwSignal::new(Vec::new());
    let has_joined = answered == Some(Answer::Joined);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(choice) = chosen.get_untracked() else {
            return errors.set(vec![(ANSWER, w.referrals_answer_missing().to_owned())]);
        };
        let note = match note.with_untracked(|typed| Paragraph::typed_optional(typed, nfc)) {
            Ok(note) => note,
            Err(error) => return errors.set(vec![(NOTE, text_error(w, error))]),
        };
        let today = today.get_untracked();
        let drafted = here.tablet.records.with_untracked(|records| {
            if choice != Answer::Joined {
                let draft = answer(records, here.programme, referral, choice, note, today)?;
                return Ok(vec![draft]);
            }
            take_on(records, here.programme, referral, person, today).map(Vec::from)
        });
        let (field, wrong) = match drafted {
            Ok(drafts) => {
                let go = go.clone();
                return here.save_then(drafts, move || go(LIST.to_owned()));
            }
            Err(AnswerError::NoteMissing) => (NOTE, w.referrals_note_missing()),
            Err(AnswerError::JoinedAlready) => (ANSWER, w.referrals_joined_already()),
            Err(AnswerError::NothingToChange | AnswerError::NoReferral) => {
                (ANSWER, w.referrals_unchanged())
            }
        };
        errors.set(vec![(field, wrong.to_owned())]);
    };
    let offered = Answer::ALL.iter().copied();
    let offered = offered.filter(move |answer| !has_joined || *answer != Answer::Joined);
    let options = offered.map(move |answer| (answer, answer_words(w, answer).to_owned()));
    let told = match received.referrer {
        Some(_) => w.referrals_note_told(),
        None => w.referrals_note_hint(),
    };
    view! {
        <Page title=name window=w.referrals_answer() caption=w.referrals_answer() back=LIST narrow=true>
            <ErrorSummary errors/>
            <p class="govuk-body">{w.referrals_joined_text()}</p>
            <form on:submit=submit novalidate>
                <Radios id=ANSWER legend=w.referrals_answer_ask() options=options.collect() value=chosen errors/>
                <TextArea id=NOTE label=w.referrals_note() hint=told value=note errors rows=2/>
                <button type="submit" class="govuk-button">{w.action_save()}</button>
            </form>
        </Page>
    }
}
