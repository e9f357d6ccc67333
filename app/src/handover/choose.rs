//! Whom the tablet is handed to.

use leptos::prelude::*;
use wellfield_core::handover::Form;
use wellfield_core::ids::{PersonId, ResponseId};
use wellfield_core::pulse::{Asking, PersonToAsk, people_to_ask};

use crate::attendance::NoSession;
use crate::evaluation::DueList;
use crate::platform::random_u64;
use crate::screen::Here;
use crate::ui::{Icon, Page};
use crate::wording::words;

/// No name, which nobody should have to look for, then the people of the session in the address, those who
/// are here first.
#[component]
pub fn ChoosePerson() -> impl IntoView {
    let w = words();
    let here = Here::find();
    let Some(plan) = here.session_plan() else {
        return view! { <NoSession/> }.into_any();
    };
    let session = plan.session;
    let people = Memo::new(move |_| {
        here.with(|delivery| people_to_ask(delivery, session))
            .unwrap_or_default()
    });
    let hand_over = move |person: Option<PersonId>| {
        let asking = Asking::begin(ResponseId(random_u64()), session, person, w.0);
        let asking = here
            .with_now(|delivery| asking.clone().asking_for_quotes(delivery))
            .unwrap_or(asking);
        here.run(
            async move |here: Here| here.tablet.keep_kiosk(Some(Form::Pulse(asking))).await,
            || {},
        );
    };
    // Whoever is asked what should change wants to hear what came of the last time.
    let came_of_it = here.with_now(|delivery| !delivery.feedback.all().is_empty());
    let came_of_it = came_of_it.unwrap_or_default();
    let line = move |person: PersonToAsk| {
        let note = if person.answered {
            Some(w.pulse_answered())
        } else if !person.here {
            Some(w.pulse_not_marked())
        } else {
            None
        };
        view! {
            <li>
                <button type="button" class="app-list__link" on:click=move |_| hand_over(Some(person.person))>
                    <span class="app-list__main">{person.name}<small>{note}</small></span>
                    <Icon name="hand-over"/>
                </button>
            </li>
        }
    };
    view! {
        <Page title=w.pulse_choose_title() caption=w.session(&plan) back=format!("/app/session/{session}")>
            <p class="govuk-body">{w.pulse_choose_text()}</p>
            {came_of_it.then(|| view! { <p class="govuk-body"><a class="govuk-link govuk-link--tap" href="/app/feedback">{w.feedback_title()}</a></p> })}
            <DueList session/>
            <h2 class="app-section__heading">{w.pulse_day_question()}</h2>
            <ul class="app-list">
                <li>
                    <button type="button" class="app-list__link" on:click=move |_| hand_over(None)>
                        <span class="app-list__main">{w.pulse_no_name()}<small>{w.pulse_no_name_text()}</small></span>
                        <Icon name="hand-over"/>
                    </button>
                </li>
                <li>
                    <a class="app-list__link" href=format!("/app/session/{session}/phones")>
                        <span class="app-list__main">{w.pulse_phones()}<small>{w.pulse_phones_text()}</small></span>
                        <Icon name="chevron"/>
                    </a>
                </li>
                {move || people.get().into_iter().map(line).collect_view()}
            </ul>
        </Page>
    }
    .into_any()
}
