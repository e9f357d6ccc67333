//! One question of the pulse.

use leptos::prelude::*;
use wellfield_core::handover::{Form, Place};
use wellfield_core::pulse::{Asking, Day, Felt, Page, Reply, Tap, TapError};

use crate::attendance::text_error;
use crate::handover::{Actions, FIRST_CHOICE};
use crate::platform::nfc;
use crate::screen::Here;
use crate::ui::{ErrorMessage, ErrorSummary, FieldErrors, Icon, TextArea, described_by, error_of};
use crate::wording::{Words, words};

/// The word for how a day was.
pub fn day_words(w: Words, day: Day) -> &'static str {
    match day {
        Day::VeryGood => w.pulse_day_very_good(),
        Day::Good => w.pulse_day_good(),
        Day::Mixed => w.pulse_day_mixed(),
        Day::Bad => w.pulse_day_bad(),
        Day::VeryBad => w.pulse_day_very_bad(),
    }
}

/// The word for whether somebody felt safe and included.
pub fn felt_words(w: Words, felt: Felt) -> &'static str {
    match felt {
        Felt::Yes => w.pulse_felt_yes(),
        Felt::Partly => w.pulse_felt_partly(),
        Felt::No => w.pulse_felt_no(),
    }
}

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
    match asking.page {
        Page::Day => {
            let options = Day::ALL
                .iter()
                .map(|day| (*day, day_words(w, *day), Some(face(*day))))
                .collect();
            let chosen = asking.answers.day.given().copied();
            view! { <Choices title=w.pulse_day_question() options chosen page=asking.page tap=Tap::Day/> }.into_any()
        }
        Page::Safe => {
            let options = Felt::ALL
                .iter()
                .map(|felt| (*felt, felt_words(w, *felt), None))
                .collect();
            let chosen = asking.answers.safe.given().copied();
            view! { <Choices title=w.pulse_safe_question() options chosen page=asking.page tap=Tap::Safe/> }
                .into_any()
        }
        Page::Good => {
            let typed = typed(&asking.answers.good);
            view! { <OwnWords title=w.pulse_good_question() page=asking.page typed/> }.into_any()
        }
        Page::Change => {
            let typed = typed(&asking.answers.change);
            view! { <OwnWords title=w.pulse_change_question() page=asking.page typed/> }.into_any()
        }
        Page::Welcome | Page::Thanks => ().into_any(),
    }
}

fn typed(reply: &Reply<wellfield_core::text::Paragraph>) -> String {
    reply.given().map(ToString::to_string).unwrap_or_default()
}

/// Labelled answers, of which one is chosen. Nothing is chosen beforehand.
#[component]
fn Choices<T>(
    title: &'static str,
    options: Vec<(T, &'static str, Option<&'static str>)>,
    chosen: Option<T>,
    page: Page,
    tap: fn(T) -> Tap,
) -> impl IntoView
where
    T: Copy + PartialEq + Send + Sync + 'static,
{
    let w = words();
    let here = Here::find();
    let value = RwSignal::new(chosen);
    let errors: FieldErrors = RwSignal::new(Vec::new());
    let error = error_of(errors, FIRST_CHOICE);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        report(here, page, vec![Tap::Continue], move |_| {
            errors.set(vec![(FIRST_CHOICE, w.kiosk_choose().to_owned())]);
        });
    };
    // A choice counts as soon as it is made, so that "Stop" does not lose it.
    let choose = move |option: T| {
        value.set(Some(option));
        report(here, page, vec![tap(option)], |_| {});
    };
    let items = options
        .into_iter()
        .enumerate()
        .map(|(index, (option, label, face))| {
            let id = match index {
                0 => FIRST_CHOICE.to_owned(),
                _ => format!("{FIRST_CHOICE}-{index}"),
            };
            view! {
                <div class="app-choice">
                    <input
                        class="app-choice__input"
                        type="radio"
                        name="choice"
                        id=id.clone()
                        prop:checked=move || value.get() == Some(option)
                        on:change=move |_| choose(option)
                    />
                    <label class="app-choice__label" for=id>
                        <span class="app-choice__words">{label}</span>
                        {face.map(|face| view! { <Icon name=face class="app-icon app-choice__face"/> })}
                    </label>
                </div>
            }
        })
        .collect_view();
    view! {
        <form on:submit=submit novalidate>
            <ErrorSummary errors/>
            <fieldset class="app-choices" aria-describedby=described_by(FIRST_CHOICE, false, error)>
                <legend class="app-kiosk__question"><h1 tabindex="-1">{title}</h1></legend>
                <ErrorMessage id=FIRST_CHOICE error/>
                {items}
            </fieldset>
            {actions(here, page)}
        </form>
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
    let Some(number) = page.question_number() else {
        return;
    };
    let place = Place::Question {
        number,
        of: Page::QUESTIONS.len(),
    };
    crate::handover::report(here, place, move |form| {
        let Form::Pulse(asking) = form else {
            return false;
        };
        let taken = taps.into_iter().try_for_each(|tap| asking.tap(tap));
        taken.map_err(refused).is_ok()
    });
}
