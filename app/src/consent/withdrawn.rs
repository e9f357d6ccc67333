//! What coordinators have to do because somebody withdrew a consent.

use leptos::prelude::*;
use wellfield_core::clock::Date;
use wellfield_core::consent::{
    Purpose, ToDo, Withdrawal, WithdrawalError, see_to_withdrawal, withdrawals,
};

use super::list::purpose_words;
use crate::screen::{Here, code_param, go_to, person_param};
use crate::ui::{ErrorSummary, FieldErrors, Icon, Page, TextArea, optional};
use crate::wording::{Moments, Words, words};

const LIST: &str = "/app/coordinator/withdrawn";
const NOTE: &str = "note";

/// What Wellfield does by itself once a purpose is withdrawn.
pub(super) fn by_itself(w: Words, purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::HoldSupport => w.withdrawn_by_itself_hold(),
        Purpose::TalkToReferrer => w.withdrawn_by_itself_referrer(),
        Purpose::Evaluation => w.withdrawn_by_itself_evaluation(),
        Purpose::Quote => w.withdrawn_by_itself_quote(),
        Purpose::PhotoOwnRecords
        | Purpose::PhotoReports
        | Purpose::PhotoWebsite
        | Purpose::PhotoSocialMedia
        | Purpose::PhotoPress => w.withdrawn_by_itself_photos(),
        Purpose::ContactLater => w.withdrawn_by_itself_contact(),
    }
}

fn to_do(w: Words, to_do: ToDo) -> &'static str {
    match to_do {
        ToDo::TalkWithThem => w.withdrawn_talk(),
        ToDo::TellReferrer => w.withdrawn_tell_referrer(),
        ToDo::TakeWordsDown => w.withdrawn_words_down(),
        ToDo::TakePhotosDown => w.withdrawn_photos_down(),
        ToDo::StopContact => w.withdrawn_stop_contact(),
    }
}

fn all(here: Here) -> Vec<Withdrawal> {
    here.tablet.records.with(|records| {
        let delivery = records.delivery(here.programme);
        delivery.map_or_else(Vec::new, |delivery| {
            withdrawals(delivery, records.casework(here.programme))
        })
    })
}

/// How many withdrawals nobody has seen to.
pub fn withdrawals_open(here: Here) -> usize {
    all(here).iter().filter(|one| one.seen.is_none()).count()
}

/// Every withdrawal that asks for something.
#[component]
pub fn WithdrawnPage() -> impl IntoView {
    let w = words();
    let here = Here::find();
    let all = Memo::new(move |_| all(here));
    let line = move |one: Withdrawal| {
        let state = if one.seen.is_some() {
            w.withdrawn_done()
        } else {
            to_do(w, one.to_do)
        };
        let when = w.moment(one.at.instant());
        view! {
            <li>
                <a class="app-list__link" href=format!("{LIST}/{}/{}", one.person, one.purpose.code())>
                    <span class="app-list__main">
                        {format!("{}: {}", one.name, purpose_words(w, one.purpose))}
                        <small>{when}" · "{state}</small>
                    </span>
                    <Icon name="arrow-right" class="app-icon app-icon--turn"/>
                </a>
            </li>
        }
    };
    let list = move || match all.get() {
        none if none.is_empty() => {
            view! { <div class="app-empty"><p>{w.withdrawn_none()}</p></div> }.into_any()
        }
        all => {
            let lines = all.into_iter().map(line).collect_view();
            view! { <ul class="app-list">{lines}</ul> }.into_any()
        }
    };
    view! {
        <Page title=w.withdrawn_title() back="/app/coordinator">
            <p class="govuk-body">{w.withdrawn_text()}</p>
            {list}
        </Page>
    }
}

/// The withdrawal of the person and purpose in the address.
#[component]
pub fn SeeToWithdrawal() -> impl IntoView {
    let w = words();
    let here = Here::find();
    let purpose = code_param("purpose").and_then(Purpose::from_code);
    let wanted = person_param().zip(purpose);
    let found = untrack(|| all(here))
        .into_iter()
        .find(|one| Some((one.person, one.purpose)) == wanted);
    match found {
        Some(one) => view! { <SeeTo one/> }.into_any(),
        None => view! {
            <Page title=w.withdrawn_title() back=LIST>
                <p class="govuk-body">{w.withdrawn_gone()}</p>
            </Page>
        }
        .into_any(),
    }
}

#[component]
fn SeeTo(one: Withdrawal) -> impl IntoView {
    let w = words();
    let here = Here::find();
    let go = go_to();
    let today: RwSignal<Date> = expect_context();
    let stands = one.seen.as_ref().and_then(|seen| seen.note.as_ref());
    let note = RwSignal::new(stands.map(ToString::to_string).unwrap_or_default());
    let errors: FieldErrors = RwSignal::new(Vec::new());
    let event = one.event;
    let submit = move |submitted: leptos::ev::SubmitEvent| {
        submitted.prevent_default();
        let mut wrong = Vec::new();
        let note = optional(w, &mut wrong, NOTE, note);
        if !wrong.is_empty() {
            return errors.set(wrong);
        }
        let drafted = here.tablet.records.with_untracked(|records| {
            see_to_withdrawal(records, here.programme, event, note, today.get_untracked())
        });
        match drafted {
            Ok(draft) => {
                let go = go.clone();
                here.save_then(vec![draft], move || go(LIST.to_owned()));
            }
            Err(WithdrawalError::NothingToChange) => {
                errors.set(vec![(NOTE, w.withdrawn_unchanged().to_owned())]);
            }
            Err(WithdrawalError::NotHere) => {
                errors.set(vec![(NOTE, w.withdrawn_gone().to_owned())]);
            }
        }
    };
    let done = one
        .seen
        .as_ref()
        .map(|seen| w.withdrawn_done_on(&w.dated(seen.day)));
    let title = purpose_words(w, one.purpose);
    view! {
        <Page title window=w.withdrawn_title() caption=one.name back=LIST narrow=true>
            <p class="govuk-body"><b>{w.withdrawn_when(&w.moment(one.at.instant()))}</b></p>
            {done.map(|done| view! { <p class="govuk-body"><b>{done}</b></p> })}
            <p class="govuk-body">{by_itself(w, one.purpose)}</p>
            <div class="govuk-inset-text">{to_do(w, one.to_do)}</div>
            <ErrorSummary errors/>
            <form on:submit=submit novalidate>
                <TextArea id=NOTE label=w.withdrawn_note() hint=w.withdrawn_note_hint() value=note errors rows=2/>
                <button type="submit" class="govuk-button">{w.withdrawn_is_done()}</button>
            </form>
        </Page>
    }
}
