//! The pages of a link.

use leptos::prelude::*;
use wellfield_core::clock::Date;
use wellfield_core::handover::{Form, Place};
use wellfield_core::language::Language;
use wellfield_core::measures::Mode;

use super::answering::{Answering, Stage};
use crate::evaluation::SurveyQuestion;
use crate::handover::{Listen, taken_by_pulse, taken_by_survey};
use crate::pulse::Question;
use crate::settings::TextSizeSwitch;
use crate::shell::Preferences;
use crate::ui::{ErrorSummary, FieldErrors, Icon, Radios, focus_heading};
use crate::wording::{Words, words};

/// The first option of "Does somebody help you?".
const HELPS: &str = "helps";

/// What is on screen: the stage, and in the questions the page.
#[derive(Clone, PartialEq)]
enum Shown {
    Stage(Stage),
    Question(usize, usize),
    Ready,
}

/// The questions of the link in the address.
#[component]
pub fn AnswerApp() -> impl IntoView {
    let preferences = Preferences::begin();
    let answering = Answering::begin();
    let shown = Memo::new(move |_| match answering.stage.get() {
        Stage::Asking => answering
            .form
            .with(|form| match form.as_ref().map(Form::place) {
                Some(Place::Question { number, of }) => Shown::Question(number, of),
                Some(Place::Thanks) => Shown::Ready,
                Some(Place::Welcome) | None => Shown::Stage(Stage::Opening),
            }),
        stage => Shown::Stage(stage),
    });
    move || {
        preferences.language.track();
        let w = words();
        view! {
            <div class="app-kiosk">
                <header class="app-kiosk__bar">
                    <span class="app-kiosk__where">{move || above(w, &shown.get())}</span>
                    <div class="app-switch">
                        <LanguageSwitch answering/>
                        <TextSizeSwitch/>
                        {move || {
                            // Made anew with each page, so that nothing of the page before is read on.
                            shown.track();
                            let used = Callback::new(move |()| {
                                answering.change(Form::listened);
                            });
                            view! { <Listen used/> }
                        }}
                    </div>
                </header>
                <main class="app-kiosk__main" id="main">
                    {move || {
                        focus_heading();
                        page(shown.get(), answering)
                    }}
                </main>
            </div>
        }
    }
}

fn above(w: Words, shown: &Shown) -> String {
    match shown {
        Shown::Question(number, of) => w.kiosk_question(number, of),
        Shown::Stage(_) | Shown::Ready => w.brand_name().to_owned(),
    }
}

/// The other language, for everything on the page.
#[component]
fn LanguageSwitch(answering: Answering) -> impl IntoView {
    let w = words();
    let preferences: Preferences = expect_context();
    let other = match w.0 {
        Language::English => Language::Welsh,
        Language::Welsh => Language::English,
    };
    let switch = move |_| {
        answering.set_language(other);
        preferences.set_language(other);
    };
    view! {
        <button type="button" class="app-option" lang=other.tag() on:click=switch>
            {Words(other).settings_language_name()}
        </button>
    }
}

fn page(shown: Shown, answering: Answering) -> AnyView {
    let w = words();
    let stage = match shown {
        Shown::Question(..) => return question(answering),
        Shown::Ready => return view! { <Ready answering/> }.into_any(),
        Shown::Stage(stage) => stage,
    };
    match stage {
        Stage::Opening | Stage::Asking => {
            view! { <p class="app-kiosk__help">{w.offer_loading()}</p> }.into_any()
        }
        Stage::NoLink => told(
            w.own_phone_wrong_title(),
            w.own_phone_wrong_text().to_owned(),
        ),
        Stage::Over(day) => over(w, day),
        Stage::Welcome => view! { <Welcome answering/> }.into_any(),
        Stage::Waiting => view! { <Waiting answering/> }.into_any(),
        Stage::NotSent => view! { <NotSent answering/> }.into_any(),
        Stage::Sent => view! {
            <div class="app-thanks">
                <Icon name="tick-outline"/>
                <h1 class="app-thanks__title" tabindex="-1">{w.kiosk_thanks()}</h1>
                <p>{w.own_phone_sent_text()}</p>
            </div>
        }
        .into_any(),
        Stage::Refused => told(
            w.own_phone_refused_title(),
            w.own_phone_refused_text().to_owned(),
        ),
    }
}

fn over(w: Words, day: Date) -> AnyView {
    told(
        w.own_phone_over_title(),
        w.own_phone_over_text(&w.dated(day)),
    )
}

/// A page that only says something.
fn told(title: &'static str, text: String) -> AnyView {
    view! {
        <h1 class="app-kiosk__question" tabindex="-1">{title}</h1>
        <p class="app-kiosk__help">{text}</p>
    }
    .into_any()
}

fn question(answering: Answering) -> AnyView {
    match answering.form.get_untracked() {
        Some(Form::Survey(survey)) => {
            let taps = Callback::new(move |(taps, refused)| {
                answering.change(|form| taken_by_survey(form, taps, refused));
            });
            view! { <SurveyQuestion survey taps/> }.into_any()
        }
        Some(Form::Pulse(asking)) => {
            let taps = Callback::new(move |(taps, refused)| {
                answering.change(|form| taken_by_pulse(form, taps, refused));
            });
            view! { <Question asking taps/> }.into_any()
        }
        None => ().into_any(),
    }
}

fn helpers(w: Words) -> Vec<(Mode, String)> {
    vec![
        (Mode::Alone, w.own_phone_alone().to_owned()),
        (Mode::ByCarer, w.own_phone_helped().to_owned()),
    ]
}

/// What it is, that it is a choice, and who answers.
#[component]
fn Welcome(answering: Answering) -> impl IntoView {
    let w = words();
    let helps = RwSignal::new(None::<Mode>);
    let errors: FieldErrors = RwSignal::new(Vec::new());
    let from = answering.asked_by().map(|by| {
        if answering.is_pulse() {
            w.own_phone_from_session(&by.programme, &by.organisation)
        } else {
            w.own_phone_from(&by.programme, &by.organisation)
        }
    });
    let start = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        match helps.get_untracked() {
            Some(mode) => answering.start(mode, w.0),
            None => errors.set(vec![(HELPS, w.own_phone_helps_missing().to_owned())]),
        }
    };
    view! {
        <h1 class="app-kiosk__question" tabindex="-1">{w.own_phone_title()}</h1>
        <p class="app-kiosk__help">{from}</p>
        <p class="app-kiosk__help">{w.own_phone_text(answering.questions() as u64)}</p>
        <p class="app-kiosk__help">{if answering.is_pulse() { w.own_phone_nameless() } else { w.own_phone_private() }}</p>
        <form on:submit=start novalidate>
            <ErrorSummary errors questions=vec![(HELPS, w.own_phone_helps())]/>
            <Radios id=HELPS legend=w.own_phone_helps() options=helpers(w) value=helps errors/>
            <div class="app-kiosk__actions">
                <button type="submit" class="govuk-button">{w.kiosk_start()}</button>
            </div>
        </form>
    }
}

/// After the last question, before anything is sent.
#[component]
fn Ready(answering: Answering) -> impl IntoView {
    let w = words();
    let back = move |_| answering.change(Form::back);
    view! {
        <h1 class="app-kiosk__question" tabindex="-1">{w.own_phone_ready_title()}</h1>
        <p class="app-kiosk__help">{w.own_phone_ready_text()}</p>
        <div class="app-kiosk__actions">
            <button type="button" class="govuk-button" on:click=move |_| answering.send()>
                <Icon name="send"/>
                {w.own_phone_send()}
            </button>
            <button type="button" class="app-link" on:click=back>{w.action_back()}</button>
        </div>
    }
}

/// Kept on this phone, and not sent yet.
#[component]
fn Waiting(answering: Answering) -> impl IntoView {
    let w = words();
    let sending = move || answering.sending.get() > 0;
    view! {
        <h1 class="app-kiosk__question" tabindex="-1">{w.refer_waiting_title()}</h1>
        <p class="app-kiosk__help">{w.own_phone_waiting_text()}</p>
        <div class="app-kiosk__actions">
            <button
                type="button"
                class="govuk-button govuk-button--secondary"
                aria-disabled=move || sending().then_some("true")
                on:click=move |_| answering.send_now()
            >
                <Icon name="send"/>
                {move || if sending() { w.refer_sending() } else { w.sent_send_now() }}
            </button>
        </div>
    }
}

/// Neither kept nor sent.
#[component]
fn NotSent(answering: Answering) -> impl IntoView {
    let w = words();
    view! {
        <h1 class="app-kiosk__question" tabindex="-1">{w.refer_not_sent()}</h1>
        <p class="app-kiosk__help">{w.own_phone_not_sent_text()}</p>
        <div class="app-kiosk__actions">
            <button type="button" class="govuk-button" on:click=move |_| answering.send()>
                <Icon name="send"/>
                {w.own_phone_send()}
            </button>
        </div>
    }
}
