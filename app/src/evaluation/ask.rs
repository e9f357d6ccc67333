//! Before the tablet is handed over for the survey: what is asked, whether it may be, and who helps.

use leptos::prelude::*;
use wellfield_core::clock::Date;
use wellfield_core::consent::Purpose;
use wellfield_core::evaluation::{Asked, Due, Questions, Survey, declined, due, question_count};
use wellfield_core::handover::Form;
use wellfield_core::ids::{ResponseId, SessionId};
use wellfield_core::measures::{Mode, Moment};
use wellfield_core::own_phone::{Link as OwnPhone, give_link};

use super::link::{LinkForPhone, address_of};
use super::{at, moment_words};
use crate::attendance::NoSession;
use crate::platform::random_u64;
use crate::screen::{Here, code_param, go_to, person_param};
use crate::ui::{ErrorSummary, FieldErrors, Page, Radios};
use crate::wording::{Words, words};

/// The first option of "Who helps?": an error leads there.
const HELPS: &str = "helps";
const WHICH: &str = "which";

/// A link and its last day.
type Link = (String, Date);

/// What a person in the address is to be asked at the moment in the address.
#[component]
pub fn AskSurvey() -> impl IntoView {
    let w = words();
    let here = Here::find();
    let today: RwSignal<Date> = expect_context();
    let Some(plan) = here.session_plan() else {
        return view! { <NoSession/> }.into_any();
    };
    let session = plan.session;
    let wanted = person_param().zip(code_param("moment").and_then(Moment::from_code));
    let asked = Memo::new(move |_| {
        let (person, moment) = wanted?;
        let at = at(today.get());
        let all = here.with(|delivery| due(delivery, session, at))?;
        all.into_iter()
            .find(|due| (due.person, due.moment) == (person, moment))
    });
    let back = format!("/app/session/{session}/hand-over");
    let nothing = move |back: String| {
        view! {
            <Page title=w.evaluation_due_title() caption=w.session(&plan) back narrow=true>
                <p class="govuk-body">{w.evaluation_ask_none()}</p>
            </Page>
        }
    };
    let given = RwSignal::new(None::<Link>);
    let screen = move || match asked.get() {
        Some(due) => match given.get() {
            Some(link) => view! { <Given due link back=back.clone()/> }.into_any(),
            None => view! { <Ask due session given back=back.clone()/> }.into_any(),
        },
        None => nothing(back.clone()).into_any(),
    };
    screen.into_any()
}

#[component]
fn Ask(due: Due, session: SessionId, given: RwSignal<Option<Link>>, back: String) -> impl IntoView {
    let w = words();
    let title = w.evaluation_ask_title(&due.name);
    let caption = moment_words(w, due.moment);
    view! {
        <Page title window=w.evaluation_due_title() caption back narrow=true>
            {match due.asked {
                Asked::ConsentFirst => view! { <ConsentFirst due/> }.into_any(),
                Asked::NotYet | Asked::Stopped | Asked::Linked | Asked::SaidNo => view! { <HandOver due session given/> }.into_any(),
            }}
        </Page>
    }
}

/// The link that was given.
#[component]
fn Given(due: Due, link: Link, back: String) -> impl IntoView {
    let w = words();
    let page_title = w.evaluation_ask_title(&due.name);
    let caption = moment_words(w, due.moment);
    let done = back.clone();
    let (address, until) = link;
    let title = w.evaluation_link_title(&due.name);
    let until = w.evaluation_link_until(&w.dated(until));
    let about = format!("{} {until}", w.evaluation_link_only(&due.name));
    let scan = w.evaluation_link_scan(&due.name);
    view! {
        <Page title=page_title window=w.evaluation_due_title() caption back narrow=true>
            <LinkForPhone title about scan address back=done/>
        </Page>
    }
}

#[component]
fn ConsentFirst(due: Due) -> impl IntoView {
    let w = words();
    let purpose = Purpose::Evaluation.code();
    let href = format!("/app/person/{}/consent/{purpose}", due.person);
    view! {
        <p class="govuk-body">{w.evaluation_ask_consent_text(&due.name)}</p>
        <a class="govuk-button" href=href>{w.evaluation_ask_consent()}</a>
    }
}

fn modes(w: Words) -> Vec<(Mode, String)> {
    vec![
        (Mode::Alone, w.evaluation_ask_alone().to_owned()),
        (Mode::ReadByStaff, w.evaluation_ask_read().to_owned()),
        (Mode::ByCarer, w.evaluation_ask_carer().to_owned()),
    ]
}

fn which_words(w: Words) -> Vec<(Questions, String)> {
    vec![
        (Questions::Usual, w.evaluation_ask_usual().to_owned()),
        (Questions::Easy, w.evaluation_ask_easy().to_owned()),
    ]
}

#[component]
fn HandOver(due: Due, session: SessionId, given: RwSignal<Option<Link>>) -> impl IntoView {
    let w = words();
    let here = Here::find();
    let today: RwSignal<Date> = expect_context();
    let go = go_to();
    let go_back = go.clone();
    let helps = RwSignal::new(None::<Mode>);
    let errors: FieldErrors = RwSignal::new(Vec::new());
    let (person, moment) = (due.person, due.moment);
    // Before and after can only be compared where the same was asked, so what was asked last is chosen.
    let before = here.with_now(|delivery| delivery.evaluation.questions_of(person));
    // Around a session there is nothing to choose, and no time for a link.
    let around = moment.of_session();
    let before = before.filter(|_| !around).unwrap_or(Questions::Usual);
    let which = RwSignal::new(Some(before));
    let chosen = move || which.get().unwrap_or(Questions::Usual);
    let chosen_now = move || which.get_untracked().unwrap_or(before);
    let count = move || {
        let which = chosen();
        let count = here.with(|delivery| {
            let plan = delivery.evaluation.plan();
            plan.map_or(0, |plan| question_count(plan, moment, which))
        });
        count.unwrap_or(0) as u64
    };
    let stands = match due.asked {
        Asked::Stopped => Some(w.evaluation_ask_stopped(&due.name)),
        Asked::Linked => Some(w.evaluation_ask_linked(&due.name)),
        Asked::SaidNo => Some(w.evaluation_ask_said_no(&due.name)),
        Asked::NotYet | Asked::ConsentFirst => None,
    };
    let give = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(mode) = helps.get_untracked() else {
            return errors.set(vec![(HELPS, w.evaluation_ask_helps_missing().to_owned())]);
        };
        let survey = here
            .with_now(|delivery| {
                Survey::begin(
                    delivery.evaluation.plan()?,
                    (person, session, moment),
                    (mode, w.0, chosen_now()),
                    || ResponseId(random_u64()),
                )
            })
            .flatten();
        let Some(form) = survey.map(Form::Survey) else {
            // The plan was changed while the page stood here, and asks nothing any more.
            return go_back(format!("/app/session/{session}/hand-over"));
        };
        // Whoever gets the tablet back wants to see who is next.
        go_back(format!("/app/session/{session}/hand-over"));
        here.run(
            async move |here: Here| here.tablet.keep_kiosk(Some(form)).await,
            || {},
        );
    };
    let refuse = move |_| {
        let draft = here
            .tablet
            .records
            .with_untracked(|records| declined(records, here.programme, (person, session, moment)));
        let go = go.clone();
        here.save_then(vec![draft], move || {
            go(format!("/app/session/{session}/hand-over"));
        });
    };
    let give_a_link = move |_| {
        let at = at(today.get_untracked());
        let asked = (person, session, moment);
        let made = here.device().and_then(|device| {
            let by = (here.programme, device);
            let made = here
                .tablet
                .records
                .with_untracked(|records| give_link(records, by, asked, chosen_now(), at));
            // Where it is not the time any more the page says so by itself.
            let (link, record) = made.ok()?;
            let until = link.until;
            let address = address_of(here, OwnPhone::Survey(link))?;
            Some((address, until, record))
        });
        let Some((address, until, record)) = made else {
            return;
        };
        match record {
            None => given.set(Some((address, until))),
            Some(record) => here.save_then(vec![record], move || given.set(Some((address, until)))),
        }
    };
    view! {
        <ErrorSummary errors questions=vec![(HELPS, w.evaluation_ask_helps())]/>
        {stands.map(|stands| view! { <p class="govuk-body"><b>{stands}</b></p> })}
        <p class="govuk-body">{move || w.evaluation_ask_text(count())}</p>
        <form on:submit=give novalidate>
            {(!around).then(|| view! { <Radios id=WHICH legend=w.evaluation_ask_which() hint=w.evaluation_ask_which_hint() options=which_words(w) value=which errors/> })}
            <Radios id=HELPS legend=w.evaluation_ask_helps() options=modes(w) value=helps errors/>
            <div class="govuk-button-group">
                <button type="submit" class="govuk-button">{w.evaluation_ask_give(&due.name)}</button>
                {(!around).then(|| view! { <button type="button" class="govuk-button govuk-button--secondary" on:click=give_a_link>{w.evaluation_ask_link()}</button> })}
                <button type="button" class="govuk-button govuk-button--secondary" on:click=refuse>{w.evaluation_ask_decline()}</button>
            </div>
        </form>
    }
}
