//! One question of the pulse.

use leptos::prelude::*;
use wellfield_core::pulse::{Asking, Day, Felt, Page, Quoting, Reply, Tap, TapError};

use crate::attendance::text_error;
use crate::handover::{Actions, Choices, Choosing, Layout, TakeTaps};
use crate::platform::nfc;
use crate::ui::{ErrorSummary, FieldErrors, TextArea};
use crate::wording::words;

type Taps = TakeTaps<Tap, TapError>;

fn face(day: Day) -> &'static str {
    match day {
        Day::VeryGood => "face-5",
        Day::Good => "face-4",
        Day::Mixed => "face-3",
        Day::Bad => "face-2",
        Day::VeryBad => "face-1",
    }
}

/// The question that the form is at.
#[component]
pub fn Question(
    /// The form as it stands.
    asking: Asking,
    /// What takes in what is done on the page.
    taps: Taps,
    /// What they agree to, word for word, where they are asked whether their words may be quoted.
    #[prop(optional_no_strip)]
    quote: Option<String>,
) -> impl IntoView {
    let w = words();
    let number = |code: u8| i16::from(code);
    match asking.page {
        Page::Day => {
            let days = Day::ALL.iter();
            let options = days
                .clone()
                .map(|day| (number(day.code()), w.how_day(*day).to_owned()));
            let shown = Shown {
                title: w.pulse_day_question(),
                options: options.collect(),
                chosen: asking.answers.day.given().map(|day| number(day.code())),
                faces: days.map(|day| Some(face(*day))).collect(),
            };
            choices(shown, taps, |code| Day::from_code(code).map(Tap::Day))
        }
        Page::Safe => {
            let options = Felt::ALL
                .iter()
                .map(|felt| (number(felt.code()), w.how_felt(*felt).to_owned()));
            let shown = Shown {
                title: w.pulse_safe_question(),
                options: options.collect(),
                chosen: asking.answers.safe.given().map(|felt| number(felt.code())),
                faces: Vec::new(),
            };
            choices(shown, taps, |code| Felt::from_code(code).map(Tap::Safe))
        }
        Page::Good => {
            let typed = typed(&asking.answers.good);
            view! { <OwnWords title=w.pulse_good_question() taps typed/> }.into_any()
        }
        Page::Change => {
            let typed = typed(&asking.answers.change);
            view! { <OwnWords title=w.pulse_change_question() taps typed/> }.into_any()
        }
        Page::Quote => {
            let shown = Shown {
                title: w.pulse_quote_question(),
                options: vec![
                    (1, w.consent_yes().to_owned()),
                    (0, w.consent_no().to_owned()),
                ],
                chosen: match asking.quote {
                    Quoting::Yes => Some(1),
                    Quoting::No => Some(0),
                    Quoting::NotAsked | Quoting::ToAsk => None,
                },
                faces: Vec::new(),
            };
            let choices = choices(shown, taps, |code| Some(Tap::Quote(code == 1)));
            // What they agree to stands above the question, word for word.
            view! {
                <p class="app-kiosk__help">{quote}</p>
                {choices}
            }
            .into_any()
        }
        Page::Welcome | Page::Thanks => ().into_any(),
    }
}

/// A question with answers to choose from, by their numbers.
struct Shown {
    title: &'static str,
    options: Vec<(i16, String)>,
    chosen: Option<i16>,
    faces: Vec<Option<&'static str>>,
}

/// The page of such a question. `tap` is what choosing an answer means.
fn choices(shown: Shown, taps: Taps, tap: fn(u8) -> Option<Tap>) -> AnyView {
    let choosing = Choosing {
        choose: Callback::new(move |number| {
            if let Some(tap) = u8::try_from(number).ok().and_then(tap) {
                quietly(taps, tap);
            }
        }),
        go_on: Callback::new(move |refused: Callback<()>| {
            let refused = Callback::new(move |_| refused.run(()));
            taps.run((vec![Tap::Continue], refused));
        }),
        decline: Callback::new(move |()| quietly(taps, Tap::Decline)),
        back: Callback::new(move |()| quietly(taps, Tap::Back)),
    };
    let layout = Layout::Rows(shown.faces);
    view! { <Choices title=shown.title options=shown.options chosen=shown.chosen layout choosing/> }
        .into_any()
}

fn typed(reply: &Reply<wellfield_core::text::Paragraph>) -> String {
    reply.given().map(ToString::to_string).unwrap_or_default()
}

fn quietly(taps: Taps, tap: Tap) {
    taps.run((vec![tap], Callback::new(|_| {})));
}

/// A question that asks for words.
#[component]
fn OwnWords(title: &'static str, taps: Taps, typed: String) -> impl IntoView {
    let w = words();
    let value = RwSignal::new(typed);
    let errors: FieldErrors = RwSignal::new(Vec::new());
    let refused = Callback::new(move |error| {
        if let TapError::Words(error) = error {
            errors.set(vec![("words", text_error(w, error))]);
        }
    });
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let words = Tap::Words(value.with_untracked(|typed| nfc(typed)));
        taps.run((vec![words, Tap::Continue], refused));
    };
    // Words count when the field is left, which every other button of the page does.
    let leave = move |_| {
        // The field is also left when the page goes, and then there is nothing to read any more.
        let typed = value.try_with_untracked(|typed| nfc(typed));
        if let Some(typed) = typed.filter(|typed| !typed.trim().is_empty()) {
            taps.run((vec![Tap::Words(typed)], refused));
        }
    };
    view! {
        <form on:submit=submit on:focusout=leave novalidate>
            <ErrorSummary errors/>
            <TextArea id="words" label=title hint=w.kiosk_words_hint() value errors rows=5 heading=true/>
            {actions(taps)}
        </form>
    }
}

fn actions(taps: Taps) -> impl IntoView {
    let decline = Callback::new(move |()| quietly(taps, Tap::Decline));
    let back = Callback::new(move |()| quietly(taps, Tap::Back));
    view! { <Actions decline back/> }
}
