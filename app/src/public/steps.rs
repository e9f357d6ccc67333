//! The questions of the self-referral, one a page.

use leptos::prelude::*;
use wellfield_core::offer::OfferPublished;
use wellfield_core::people::AccessNeed;
use wellfield_core::referral::{ContactWay, Question, wording};

use super::app::View;
use super::refer::FormState;
use crate::ui::{Checkboxes, ErrorSummary, Radios, RingLink, TextArea, TextField, access_word};
use crate::wording::{Words, words};

/// One question with its button.
#[component]
pub(super) fn QuestionPage(offer: OfferPublished, question: Question) -> impl IntoView {
    let w = words();
    let form: FormState = expect_context();
    crate::platform::document().set_title(&format!("{} – {}", title(w, question), w.brand_name()));
    if form.checking.get_untracked() {
        // Whoever comes from the check page is told at once what is missing here.
        form.check(w, question);
    }
    let programme = offer.programme;
    let back = match question.previous() {
        _ if form.checking.get_untracked() => View::Check,
        Some(previous) => View::Question(previous),
        None => View::Offer,
    };
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if !form.check(w, question) {
            return;
        }
        match question.next() {
            Some(next) if !form.checking.get_untracked() => View::Question(next).go(programme),
            _ => View::Check.go(programme),
        }
    };
    view! {
        <main class="app-main app-main--narrow" id="main" tabindex="-1">
            <a class="govuk-back-link" href=back.of(programme) rel="external">{w.action_back()}</a>
            <ErrorSummary errors=form.errors/>
            <p class="govuk-caption-m">{w.kiosk_question(&question.code(), &Question::ALL.len())}</p>
            <form on:submit=submit novalidate>
                <Fields offer question/>
                <button type="submit" class="govuk-button">{w.action_continue()}</button>
            </form>
        </main>
    }
}

fn title(w: Words, question: Question) -> &'static str {
    match question {
        Question::Name => w.refer_name(),
        Question::Contact => w.refer_contact(),
        Question::Access => w.refer_access(),
        Question::Hopes => w.refer_hopes(),
        Question::Supporter => w.refer_supporter(),
        Question::Agreement => w.refer_agreement(),
    }
}

/// A field that nobody sees, hears or reaches with the keyboard. Programs that fill in every field fill
/// in this one too.
#[component]
fn Trap() -> impl IntoView {
    let form: FormState = expect_context();
    view! {
        <div class="govuk-visually-hidden" aria-hidden="true">
            <label for="website">{words().refer_trap()}</label>
            <input
                class="govuk-visually-hidden"
                id="website"
                name="website"
                type="text"
                tabindex="-1"
                autocomplete="off"
                prop:value=move || form.trap.get()
                on:input:target=move |event| form.trap.set(event.target().value())
            />
        </div>
    }
}

#[component]
fn Fields(offer: OfferPublished, question: Question) -> impl IntoView {
    let w = words();
    let form: FormState = expect_context();
    let errors = form.errors;
    let title = title(w, question);
    match question {
        Question::Name => {
            view! { <TextField id="name" label=title hint=w.refer_name_hint() value=form.name errors autocomplete="off" heading=true/> }.into_any()
        }
        Question::Contact => {
            let options = vec![
                (ContactWay::Telephone, w.refer_by_telephone().to_owned()),
                (ContactWay::TextMessage, w.refer_by_text().to_owned()),
                (ContactWay::Email, w.refer_by_email().to_owned()),
            ];
            view! {
                <Radios id="way" legend=title options value=form.contact_way errors heading=true/>
                <TextField id="contact" label=w.refer_contact_detail() value=form.contact errors/>
                <Trap/>
            }
                .into_any()
        }
        Question::Access => {
            let options = AccessNeed::ALL.iter().map(|need| (*need, access_word(w, *need).1.to_owned())).collect();
            view! {
                <Checkboxes id="access" legend=title hint=w.refer_access_hint() options value=form.access errors heading=true/>
                <TextArea id="access-note" label=w.person_access_note() value=form.access_note errors rows=3/>
            }
                .into_any()
        }
        Question::Hopes => {
            view! { <TextArea id="hopes" label=title hint=w.refer_optional() value=form.hopes errors heading=true/> }.into_any()
        }
        Question::Supporter => {
            view! { <TextField id="supporter" label=title hint=w.refer_supporter_hint() value=form.supporter errors heading=true/> }.into_any()
        }
        Question::Agreement => {
            let text = wording::agreement(w.0, offer.organisation.as_str());
            view! {
                <h1 class="govuk-heading-l" tabindex="-1">{title}</h1>
                <div class="govuk-inset-text">{text}</div>
                <Checkboxes id="agree" legend=w.refer_agree_legend() options=vec![(true, w.refer_agree().to_owned())] value=form.agreed errors/>
                <p class="govuk-body"><RingLink phone=offer.phone words=move |phone| w.refer_ring_instead(&phone)/></p>
            }
                .into_any()
        }
    }
}
