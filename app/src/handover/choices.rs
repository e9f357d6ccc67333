//! A question with an answer to choose.

use std::borrow::Cow;

use leptos::prelude::*;

use super::{Actions, FIRST_CHOICE};
use crate::ui::{ErrorMessage, ErrorSummary, FieldErrors, Icon, described_by, error_of};
use crate::wording::words;

/// What a question does when something is done on it.
#[derive(Clone, Copy)]
pub struct Choosing {
    /// An answer was chosen, by its number. It counts from here on, so that "Stop" does not lose it.
    pub choose: Callback<i16>,
    /// "Continue". Where nothing was chosen it calls what it is given.
    pub go_on: Callback<Callback<()>>,
    /// "I do not want to answer".
    pub decline: Callback<()>,
    /// Back one page.
    pub back: Callback<()>,
}

/// How the answers stand on the page.
#[derive(Clone, Debug)]
pub enum Layout {
    /// A row for each, with a picture beside the word where there is one.
    Rows(Vec<Option<&'static str>>),
    /// Numbers beside each other where they fit, with a word at either end.
    Numbers(&'static str, &'static str),
}

/// Labelled answers, of which one is chosen. Nothing is chosen beforehand. Answers are numbers here, so that the
/// page is compiled once and not for each kind of answer.
#[component]
pub fn Choices(
    /// The question.
    #[prop(into)]
    title: Cow<'static, str>,
    /// The language of the question and its answers, where it is not that of the page.
    #[prop(optional_no_strip)]
    lang: Option<&'static str>,
    /// The answers with their words.
    options: Vec<(i16, String)>,
    /// The answer that was given before.
    chosen: Option<i16>,
    /// How the answers stand on the page.
    layout: Layout,
    /// What is done with them.
    choosing: Choosing,
) -> impl IntoView {
    let w = words();
    let value = RwSignal::new(chosen);
    let errors: FieldErrors = RwSignal::new(Vec::new());
    let error = error_of(errors, FIRST_CHOICE);
    let nothing_chosen = Callback::new(move |()| {
        errors.set(vec![(FIRST_CHOICE, w.kiosk_choose().to_owned())]);
    });
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        choosing.go_on.run(nothing_chosen);
    };
    let choose = move |option: i16| {
        value.set(Some(option));
        choosing.choose.run(option);
    };
    let input = move |class: &'static str, id: String, option: i16| {
        view! {
            <input
                class=class
                type="radio"
                name="choice"
                id=id
                prop:checked=move || value.get() == Some(option)
                on:change=move |_| choose(option)
            />
        }
    };
    let answers = match layout {
        Layout::Rows(faces) => rows(options, faces, lang, input).into_any(),
        Layout::Numbers(low, high) => numbers(options, (low, high), lang, input).into_any(),
    };
    view! {
        <form on:submit=submit novalidate>
            <ErrorSummary errors/>
            <fieldset class="app-choices" aria-describedby=described_by(FIRST_CHOICE, false, error)>
                <legend class="app-kiosk__question" lang=lang><h1 tabindex="-1">{title}</h1></legend>
                <ErrorMessage id=FIRST_CHOICE error/>
                {answers}
            </fieldset>
            <Actions decline=choosing.decline back=choosing.back/>
        </form>
    }
}

fn choice_id(index: usize) -> String {
    match index {
        0 => FIRST_CHOICE.to_owned(),
        _ => format!("{FIRST_CHOICE}-{index}"),
    }
}

fn rows<V: IntoView + 'static>(
    options: Vec<(i16, String)>,
    faces: Vec<Option<&'static str>>,
    lang: Option<&'static str>,
    input: impl Fn(&'static str, String, i16) -> V,
) -> impl IntoView {
    let faces = faces.into_iter().chain(core::iter::repeat(None));
    let row = |(index, ((option, label), face)): (usize, ((i16, String), Option<&'static str>))| {
        let id = choice_id(index);
        view! {
            <div class="app-choice">
                {input("app-choice__input", id.clone(), option)}
                <label class="app-choice__label" for=id>
                    <span class="app-choice__words" lang=lang>{label}</span>
                    {face.map(|face| view! { <Icon name=face class="app-icon app-choice__face"/> })}
                </label>
            </div>
        }
    };
    let rows = options.into_iter().zip(faces).enumerate().map(row);
    rows.collect_view()
}

fn numbers<V: IntoView + 'static>(
    options: Vec<(i16, String)>,
    (low, high): (&'static str, &'static str),
    lang: Option<&'static str>,
    input: impl Fn(&'static str, String, i16) -> V,
) -> impl IntoView {
    let last = options.len().saturating_sub(1);
    let ends =
        [options.first(), options.last()].map(|option| option.map(|(_, label)| label.clone()));
    let [first, final_] = ends.map(Option::unwrap_or_default);
    let step = |(index, (option, label)): (usize, (i16, String))| {
        let id = choice_id(index);
        let word = match index {
            0 => Some(low),
            index if index == last => Some(high),
            _ => None,
        };
        // Where the words stand above the row they are still read out with their number.
        let word =
            word.map(|word| view! { " "<span class="app-scale__word" lang=lang>{word}</span> });
        view! {
            <div class="app-scale__step">
                {input("", id.clone(), option)}
                <label for=id>{label}{word}</label>
            </div>
        }
    };
    view! {
        <p class="app-scale__ends" lang=lang aria-hidden="true">
            <span>{format!("{first} · {low}")}</span>
            <span>{format!("{final_} · {high}")}</span>
        </p>
        <div class="app-scale__steps">{options.into_iter().enumerate().map(step).collect_view()}</div>
    }
}
