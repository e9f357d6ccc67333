//! One question of the survey, in the words of its instrument.

use leptos::prelude::*;
use wellfield_core::evaluation::wording::AnswerWords;
use wellfield_core::evaluation::{Shown, Survey, SurveyError, SurveyTap};
use wellfield_core::handover::{Form, Place};
use wellfield_core::measures::{Catalogue, Reply};

use crate::handover::{Actions, FIRST_CHOICE, report};
use crate::screen::Here;
use crate::ui::{ErrorMessage, ErrorSummary, FieldErrors, TextField, described_by, error_of};
use crate::wording::{Words, words};

/// The field for how many times.
const TIMES: &str = "times";

/// Where a survey stands, for what its buttons do.
#[derive(Clone, Copy)]
struct Asked {
    here: Here,
    place: Place,
    errors: FieldErrors,
}

impl Asked {
    /// Reports taps, all of them or none.
    fn tap(self, taps: Vec<SurveyTap>, refused: impl FnOnce(SurveyError) + 'static) {
        report(self.here, self.place, move |form| {
            let Form::Survey(survey) = form else {
                return false;
            };
            let catalogue = Catalogue::built_in();
            let mut taps = taps.into_iter();
            let taken = taps.try_for_each(|tap| survey.tap(tap, &catalogue));
            taken.map_err(refused).is_ok()
        });
    }

    fn quietly(self, tap: SurveyTap) {
        self.tap(vec![tap], |_| {});
    }
}

/// The question that the survey is at.
#[component]
pub fn SurveyQuestion(survey: Survey) -> impl IntoView {
    let w = words();
    let asked = Asked {
        here: Here::find(),
        place: Form::Survey(survey.clone()).place(),
        errors: RwSignal::new(Vec::new()),
    };
    let given = match survey.reply() {
        Some(Reply::Given(given)) => i16::try_from(given).ok(),
        Some(Reply::Skipped | Reply::PreferNotToSay) | None => None,
    };
    let Some(shown) = survey.shown(&Catalogue::built_in()) else {
        // Of an instrument that this version does not know any more: it can only be left out.
        return actions(asked).into_any();
    };
    let elsewhere = (shown.language != survey.language).then(|| w.evaluation_in_english());
    let lang = shown.language.tag();
    view! {
        {elsewhere.map(|text| view! { <p class="app-kiosk__help">{text}</p> })}
        {shown.intro.map(|intro| view! { <p class="app-kiosk__help" lang=lang>{intro}</p> })}
        {match shown.item.answers {
            AnswerWords::Each(each) => view! { <Each shown each given asked/> }.into_any(),
            AnswerWords::Ends { low, high } => view! { <Numbers shown ends=(low, high) given asked/> }.into_any(),
            AnswerWords::Times => view! { <Times shown given asked/> }.into_any(),
        }}
        {shown.copyright.map(|line| view! { <p class="app-small app-soft" lang="en">{line}</p> })}
    }
    .into_any()
}

/// What was chosen, and what a choice does: it counts as soon as it is made, so that "Stop" does not lose
/// it.
fn choosing(given: Option<i16>, asked: Asked) -> (RwSignal<Option<i16>>, impl Fn(i16) + Copy) {
    let chosen = RwSignal::new(given);
    let choose = move |answer: i16| {
        chosen.set(Some(answer));
        asked.quietly(SurveyTap::Choose(answer));
    };
    (chosen, choose)
}

/// "Continue" on a question with answers to choose from.
fn go_on(w: Words, asked: Asked) -> impl Fn(leptos::ev::SubmitEvent) {
    move |event| {
        event.prevent_default();
        asked.tap(vec![SurveyTap::Continue], move |_| {
            asked
                .errors
                .set(vec![(FIRST_CHOICE, w.kiosk_choose().to_owned())]);
        });
    }
}

fn choice_id(index: usize) -> String {
    match index {
        0 => FIRST_CHOICE.to_owned(),
        _ => format!("{FIRST_CHOICE}-{index}"),
    }
}

/// A word for each answer.
#[component]
fn Each(
    shown: Shown,
    each: &'static [&'static str],
    given: Option<i16>,
    asked: Asked,
) -> impl IntoView {
    let w = words();
    let errors = asked.errors;
    let error = error_of(errors, FIRST_CHOICE);
    let (chosen, choose) = choosing(given, asked);
    let lang = shown.language.tag();
    let option = move |(index, (answer, label)): (usize, (i16, &'static str))| {
        let id = choice_id(index);
        view! {
            <div class="app-choice">
                <input
                    class="app-choice__input"
                    type="radio"
                    name="choice"
                    id=id.clone()
                    prop:checked=move || chosen.get() == Some(answer)
                    on:change=move |_| choose(answer)
                />
                <label class="app-choice__label" for=id><span class="app-choice__words" lang=lang>{label}</span></label>
            </div>
        }
    };
    let options = (shown.low..).zip(each.iter().copied()).enumerate();
    view! {
        <form on:submit=go_on(w, asked) novalidate>
            <ErrorSummary errors/>
            <fieldset class="app-choices" aria-describedby=described_by(FIRST_CHOICE, false, error)>
                <legend class="app-kiosk__question" lang=lang><h1 tabindex="-1">{shown.item.question}</h1></legend>
                <ErrorMessage id=FIRST_CHOICE error/>
                {options.map(option).collect_view()}
            </fieldset>
            {actions(asked)}
        </form>
    }
}

/// Numbers with a word at each end: in a row where it fits, else a list.
#[component]
fn Numbers(
    shown: Shown,
    ends: (&'static str, &'static str),
    given: Option<i16>,
    asked: Asked,
) -> impl IntoView {
    let w = words();
    let errors = asked.errors;
    let error = error_of(errors, FIRST_CHOICE);
    let (chosen, choose) = choosing(given, asked);
    let lang = shown.language.tag();
    let option = move |(index, answer): (usize, i16)| {
        let id = choice_id(index);
        let word = match answer {
            answer if answer == shown.low => Some(ends.0),
            answer if answer == shown.high => Some(ends.1),
            _ => None,
        };
        view! {
            <div class="app-scale__step">
                <input
                    type="radio"
                    name="choice"
                    id=id.clone()
                    prop:checked=move || chosen.get() == Some(answer)
                    on:change=move |_| choose(answer)
                />
                <label for=id>{answer}{word.map(|word| view! { " "<span class="app-scale__word" lang=lang>{word}</span> })}</label>
            </div>
        }
    };
    let end = |answer: i16, word: &str| format!("{answer} · {word}");
    view! {
        <form on:submit=go_on(w, asked) novalidate>
            <ErrorSummary errors/>
            <fieldset class="app-scale" aria-describedby=described_by(FIRST_CHOICE, false, error)>
                <legend class="app-kiosk__question" lang=lang><h1 tabindex="-1">{shown.item.question}</h1></legend>
                <ErrorMessage id=FIRST_CHOICE error/>
                <p class="app-scale__ends" lang=lang aria-hidden="true"><span>{end(shown.low, ends.0)}</span><span>{end(shown.high, ends.1)}</span></p>
                <div class="app-scale__steps">{(shown.low..=shown.high).enumerate().map(option).collect_view()}</div>
            </fieldset>
            {actions(asked)}
        </form>
    }
}

/// How many times, typed.
#[component]
fn Times(shown: Shown, given: Option<i16>, asked: Asked) -> impl IntoView {
    let w = words();
    let errors = asked.errors;
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
        asked.tap(vec![typed, SurveyTap::Continue], refused);
    };
    // A number counts when the field is left, which every other button of the page does. What is no number
    // is told when they go on.
    // The field is also left when the page goes, and then there is nothing to read any more.
    let leave = move |_| {
        if let Some(typed) = value.try_get_untracked() {
            asked.quietly(SurveyTap::Times(typed));
        }
    };
    view! {
        <form on:submit=submit on:focusout=leave novalidate>
            <ErrorSummary errors/>
            <div lang=shown.language.tag()>
                <TextField id=TIMES label=shown.item.question hint=w.evaluation_times_hint() value errors inputmode="numeric" heading=true/>
            </div>
            {actions(asked)}
        </form>
    }
}

fn actions(asked: Asked) -> impl IntoView {
    let decline = Callback::new(move |()| asked.quietly(SurveyTap::Decline));
    let back = Callback::new(move |()| asked.quietly(SurveyTap::Back));
    view! { <Actions decline back/> }
}
