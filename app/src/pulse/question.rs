//! One question of the pulse.

use leptos::prelude::*;
use wellfield_core::consent::Purpose;
use wellfield_core::consent::wording::Wording;
use wellfield_core::handover::Form;
use wellfield_core::pulse::{Asking, Day, Felt, Page, Quoting, Reply, Tap, TapError};

use crate::attendance::text_error;
use crate::handover::{Actions, Choices, Choosing, Layout};
use crate::platform::nfc;
use crate::screen::Here;
use crate::ui::{ErrorSummary, FieldErrors, TextArea};
use crate::wording::words;

fn face(day: Day) -> &'static str {
    match day {
        Day::VeryGood => "face-5",
        Day::Good => "face-4",
        Day::Mixed => "face-3",
        Day::Bad => "face-2",
        Day::VeryBad => "face-1",
    }
}

/// The question that the hand-over is at.
#[component]
pub fn Question(asking: Asking) -> impl IntoView {
    let w = words();
    let here = Here::find();
    match asking.page {
        Page::Day => {
            let days = Day::ALL.iter();
            let options = days.clone().map(|day| (*day, w.how_day(*day).to_owned()));
            let layout = Layout::Rows(days.map(|day| Some(face(*day))).collect());
            let chosen = asking.answers.day.given().copied();
            let choosing = choosing(here, asking.page, Tap::Day);
            view! { <Choices title=w.pulse_day_question() options=options.collect() chosen layout choosing/> }.into_any()
        }
        Page::Safe => {
            let options = Felt::ALL
                .iter()
                .map(|felt| (*felt, w.how_felt(*felt).to_owned()));
            let chosen = asking.answers.safe.given().copied();
            let choosing = choosing(here, asking.page, Tap::Safe);
            let layout = Layout::Rows(Vec::new());
            view! { <Choices title=w.pulse_safe_question() options=options.collect() chosen layout choosing/> }.into_any()
        }
        Page::Good => {
            let typed = typed(&asking.answers.good);
            view! { <OwnWords title=w.pulse_good_question() page=asking.page typed/> }.into_any()
        }
        Page::Change => {
            let typed = typed(&asking.answers.change);
            view! { <OwnWords title=w.pulse_change_question() page=asking.page typed/> }.into_any()
        }
        Page::Quote => {
            // What they agree to stands above the question, word for word.
            let organisation = here.with_now(|delivery| {
                let programme = delivery.programme();
                programme.map(|programme| programme.organisation.to_string())
            });
            let organisation = organisation.flatten().unwrap_or_default();
            let wording = Wording::current(Purpose::Quote, w.0).text(&organisation);
            let title = w.pulse_quote_question();
            let options = vec![
                (true, w.consent_yes().to_owned()),
                (false, w.consent_no().to_owned()),
            ];
            let chosen = match asking.quote {
                Quoting::Yes => Some(true),
                Quoting::No => Some(false),
                Quoting::NotAsked | Quoting::ToAsk => None,
            };
            let choosing = choosing(here, asking.page, Tap::Quote);
            let layout = Layout::Rows(Vec::new());
            view! {
                <p class="app-kiosk__help">{wording}</p>
                <Choices title options chosen layout choosing/>
            }
            .into_any()
        }
        Page::Welcome | Page::Thanks => ().into_any(),
    }
}

fn typed(reply: &Reply<wellfield_core::text::Paragraph>) -> String {
    reply.given().map(ToString::to_string).unwrap_or_default()
}

/// What is done with the answers to a question.
fn choosing<T: Send + Sync + 'static>(here: Here, page: Page, tap: fn(T) -> Tap) -> Choosing<T> {
    Choosing {
        choose: Callback::new(move |option| report(here, page, vec![tap(option)], |_| {})),
        go_on: Callback::new(move |refused: Callback<()>| {
            report(here, page, vec![Tap::Continue], move |_| refused.run(()));
        }),
        decline: Callback::new(move |()| report(here, page, vec![Tap::Decline], |_| {})),
        back: Callback::new(move |()| report(here, page, vec![Tap::Back], |_| {})),
    }
}

/// A question that asks for words.
#[component]
fn OwnWords(title: &'static str, page: Page, typed: String) -> impl IntoView {
    let w = words();
    let here = Here::find();
    let value = RwSignal::new(typed);
    let errors: FieldErrors = RwSignal::new(Vec::new());
    let refused = move |error| {
        if let TapError::Words(error) = error {
            errors.set(vec![("words", text_error(w, error))]);
        }
    };
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let words = Tap::Words(value.with_untracked(|typed| nfc(typed)));
        report(here, page, vec![words, Tap::Continue], refused);
    };
    // Words count when the field is left, which every other button of the page does.
    let leave = move |_| {
        // The field is also left when the page goes, and then there is nothing to read any more.
        let typed = value.try_with_untracked(|typed| nfc(typed));
        if let Some(typed) = typed.filter(|typed| !typed.trim().is_empty()) {
            report(here, page, vec![Tap::Words(typed)], refused);
        }
    };
    view! {
        <form on:submit=submit on:focusout=leave novalidate>
            <ErrorSummary errors/>
            <TextArea id="words" label=title hint=w.kiosk_words_hint() value errors rows=5 heading=true/>
            {actions(here, page)}
        </form>
    }
}

fn actions(here: Here, page: Page) -> impl IntoView {
    let decline = Callback::new(move |()| report(here, page, vec![Tap::Decline], |_| {}));
    let back = Callback::new(move |()| report(here, page, vec![Tap::Back], |_| {}));
    view! { <Actions decline back/> }
}

/// Reports taps made on `page`, all of them or none.
fn report(here: Here, page: Page, taps: Vec<Tap>, refused: impl FnOnce(TapError) + 'static) {
    let place = here.tablet.kiosk.with_untracked(|form| match form {
        Some(form @ Form::Pulse(asking)) if asking.page == page => Some(form.place()),
        _ => None,
    });
    let Some(place) = place else {
        return;
    };
    crate::handover::report(here, place, move |form| {
        let Form::Pulse(asking) = form else {
            return false;
        };
        let taken = taps.into_iter().try_for_each(|tap| asking.tap(tap));
        taken.map_err(refused).is_ok()
    });
}
