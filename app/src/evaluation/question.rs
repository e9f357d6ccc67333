//! One question of the survey, in the words of its instrument.

use leptos::prelude::*;
use wellfield_core::evaluation::wording::AnswerWords;
use wellfield_core::evaluation::{Shown, Survey, SurveyError, SurveyTap};
use wellfield_core::handover::{Form, Place};
use wellfield_core::measures::{Catalogue, Reply};

use crate::handover::{Actions, Choices, Choosing, Layout, report};
use crate::screen::Here;
use crate::ui::{ErrorSummary, FieldErrors, TextField};
use crate::wording::words;

/// The pictures of the easy scale, from the worst to the best.
const FACES: [&str; 3] = ["face-1", "face-3", "face-5"];

/// The field for how many times.
const TIMES: &str = "times";

/// Where a survey stands, for what its buttons do.
#[derive(Clone, Copy)]
struct Asked {
    here: Here,
    place: Place,
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
            AnswerWords::Each(each) => {
                let words = each.iter().map(|word| (*word).to_owned());
                let options = (shown.low..).zip(words).collect();
                view! { <Choose shown options layout=Layout::Rows(Vec::new()) given asked/> }.into_any()
            }
            AnswerWords::Pictures(each) => {
                let words = each.iter().map(|word| (*word).to_owned());
                let options = (shown.low..).zip(words).collect();
                let faces = FACES.iter().map(|face| Some(*face)).collect();
                view! { <Choose shown options layout=Layout::Rows(faces) given asked/> }.into_any()
            }
            AnswerWords::Ends { low, high } => {
                let numbers = shown.low..=shown.high;
                let options = numbers.map(|number| (number, number.to_string())).collect();
                view! { <Choose shown options layout=Layout::Numbers(low, high) given asked/> }.into_any()
            }
            AnswerWords::Times => view! { <Times shown given asked/> }.into_any(),
        }}
        {shown.copyright.map(|line| view! { <p class="app-small app-soft" lang="en">{line}</p> })}
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
    asked: Asked,
) -> impl IntoView {
    let choosing = Choosing {
        choose: Callback::new(move |answer| asked.quietly(SurveyTap::Choose(answer))),
        go_on: Callback::new(move |refused: Callback<()>| {
            asked.tap(vec![SurveyTap::Continue], move |_| refused.run(()));
        }),
        decline: Callback::new(move |()| asked.quietly(SurveyTap::Decline)),
        back: Callback::new(move |()| asked.quietly(SurveyTap::Back)),
    };
    let lang = Some(shown.language.tag());
    view! { <Choices title=shown.item.question lang options chosen=given layout choosing/> }
}

/// How many times, typed.
#[component]
fn Times(shown: Shown, given: Option<i16>, asked: Asked) -> impl IntoView {
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
