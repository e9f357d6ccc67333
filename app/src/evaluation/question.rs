//! One question of the survey, in the words of its instrument.

use leptos::prelude::*;
use wellfield_core::evaluation::wording::AnswerWords;
use wellfield_core::evaluation::{Shown, Survey, SurveyError, SurveyTap};
use wellfield_core::language::Language;
use wellfield_core::measures::Reply;

use crate::handover::{Actions, Choices, Choosing, Layout, TakeTaps};
use crate::ui::{ErrorSummary, FieldErrors, TextField};
use crate::wording::words;

/// The pictures of the easy scale, from the worst to the best.
const FACES: [&str; 3] = ["face-1", "face-3", "face-5"];

/// The field for how many times.
const TIMES: &str = "times";

type Taps = TakeTaps<SurveyTap, SurveyError>;

fn quietly(taps: Taps, tap: SurveyTap) {
    taps.run((vec![tap], Callback::new(|_| {})));
}

/// The question that the survey is at.
#[component]
pub fn SurveyQuestion(
    /// The survey as it stands.
    survey: Survey,
    /// What takes in what is done on the page.
    taps: Taps,
) -> impl IntoView {
    let w = words();
    let given = match survey.reply() {
        Some(Reply::Given(given)) => i16::try_from(given).ok(),
        Some(Reply::Skipped | Reply::PreferNotToSay) | None => None,
    };
    let Some(shown) = survey.shown(&survey.catalogue()) else {
        // Of an instrument that this version does not know any more: it can only be left out.
        return actions(taps).into_any();
    };
    let elsewhere = (shown.language != survey.language).then(|| match shown.language {
        Language::English => w.evaluation_in_english(),
        Language::Welsh => w.evaluation_in_welsh(),
    });
    let lang = shown.language.tag();
    let copyright = shown.copyright;
    view! {
        {elsewhere.map(|text| view! { <p class="app-kiosk__help">{text}</p> })}
        {shown.intro.map(|intro| view! { <p class="app-kiosk__help" lang=lang>{intro}</p> })}
        {match shown.answers {
            AnswerWords::Each(each) => {
                let words = each.iter().map(|word| (*word).to_owned());
                let options = (shown.low..).zip(words).collect();
                view! { <Choose shown options layout=Layout::Rows(Vec::new()) given taps/> }.into_any()
            }
            AnswerWords::Pictures(each) => {
                let words = each.iter().map(|word| (*word).to_owned());
                let options = (shown.low..).zip(words).collect();
                let faces = FACES.iter().map(|face| Some(*face)).collect();
                view! { <Choose shown options layout=Layout::Rows(faces) given taps/> }.into_any()
            }
            AnswerWords::Ends { low, high } => {
                let numbers = shown.low..=shown.high;
                let options = numbers.map(|number| (number, number.to_string())).collect();
                view! { <Choose shown options layout=Layout::Numbers(low, high) given taps/> }.into_any()
            }
            AnswerWords::Times => view! { <Times shown given taps/> }.into_any(),
        }}
        {copyright.map(|line| view! { <p class="app-small app-soft" lang="en">{line}</p> })}
    }
    .into_any()
}

/// Answers to choose from: a word for each, or numbers with a word at either end.
#[component]
fn Choose(
    shown: Shown,
    options: Vec<(i16, String)>,
    layout: Layout,
    given: Option<i16>,
    taps: Taps,
) -> impl IntoView {
    let choosing = Choosing {
        choose: Callback::new(move |answer| quietly(taps, SurveyTap::Choose(answer))),
        go_on: Callback::new(move |refused: Callback<()>| {
            let refused = Callback::new(move |_| refused.run(()));
            taps.run((vec![SurveyTap::Continue], refused));
        }),
        decline: Callback::new(move |()| quietly(taps, SurveyTap::Decline)),
        back: Callback::new(move |()| quietly(taps, SurveyTap::Back)),
    };
    let lang = Some(shown.language.tag());
    view! { <Choices title=shown.question lang options chosen=given layout choosing/> }
}

/// How many times, typed.
#[component]
fn Times(shown: Shown, given: Option<i16>, taps: Taps) -> impl IntoView {
    let w = words();
    let errors: FieldErrors = RwSignal::new(Vec::new());
    let value = RwSignal::new(given.map(|given| given.to_string()).unwrap_or_default());
    let refused = move |error: SurveyError| {
        let text = match error {
            SurveyError::OutsideScale { high } => w.evaluation_not_held(&high),
            SurveyError::NotANumber => w.evaluation_not_a_number().to_owned(),
            SurveyError::NothingChosen | SurveyError::NotHere => {
                w.evaluation_no_number().to_owned()
            }
        };
        errors.set(vec![(TIMES, text)]);
    };
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let typed = SurveyTap::Times(value.get_untracked());
        taps.run((vec![typed, SurveyTap::Continue], Callback::new(refused)));
    };
    // A number counts when the field is left, which every other button of the page does. What is no number
    // is told when they go on.
    // The field is also left when the page goes, and then there is nothing to read any more.
    let leave = move |_| {
        if let Some(typed) = value.try_get_untracked() {
            quietly(taps, SurveyTap::Times(typed));
        }
    };
    view! {
        <form on:submit=submit on:focusout=leave novalidate>
            <ErrorSummary errors/>
            <div lang=shown.language.tag()>
                <TextField id=TIMES label=shown.question.into_owned() hint=w.evaluation_times_hint() value errors inputmode="numeric" heading=true/>
            </div>
            {actions(taps)}
        </form>
    }
}

fn actions(taps: Taps) -> impl IntoView {
    let decline = Callback::new(move |()| quietly(taps, SurveyTap::Decline));
    let back = Callback::new(move |()| quietly(taps, SurveyTap::Back));
    view! { <Actions decline back/> }
}
