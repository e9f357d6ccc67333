//! Forms: what was typed, and the fields in which it is typed.

use std::sync::Arc;
use std::time::Duration;

use axum::body::to_bytes;
use axum::extract::{FromRequest, Request};
use axum::http::header::CONTENT_TYPE;
use maud::{Markup, html};
use wellfield_wording::Words;

use super::super::App;
use super::page::{Failed, Why};
use super::visit::language;
use crate::unicode::nfc;

/// The longest form, in bytes: every field of a referral filled to its end fits.
const BYTES_MAX: usize = 64 * 1024;

/// A form that takes longer than this to arrive is given up.
const BODY_TIME: Duration = Duration::from_secs(60);

/// What was typed, field by field, in normal form C.
#[derive(Default)]
pub(super) struct Typed(Vec<(String, String)>);

impl Typed {
    /// What was typed into a field; nothing where there was none.
    pub(super) fn text(&self, field: &str) -> &str {
        let found = self.0.iter().find(|(name, _)| name == field);
        found.map_or("", |(_, value)| value)
    }

    /// Everything that was chosen of several.
    pub(super) fn chosen(&self, field: &str) -> impl Iterator<Item = &str> {
        let found = self.0.iter().filter(move |(name, _)| name == field);
        found.map(|(_, value)| value.as_str())
    }
}

impl FromRequest<Arc<App>> for Typed {
    type Rejection = Failed;

    async fn from_request(request: Request, _: &Arc<App>) -> Result<Self, Failed> {
        let w = language(request.headers());
        let not_a_form = Failed(w, Why::NotAForm);
        let kind = request.headers().get(CONTENT_TYPE);
        let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        if !kind.starts_with("application/x-www-form-urlencoded") {
            return Err(not_a_form);
        }
        let body = tokio::time::timeout(BODY_TIME, to_bytes(request.into_body(), BYTES_MAX)).await;
        let body = body.ok().and_then(Result::ok).ok_or(not_a_form)?;
        let pairs = form_urlencoded::parse(&body);
        Ok(Self(
            pairs
                .map(|(name, value)| (name.into_owned(), nfc(&value)))
                .collect(),
        ))
    }
}

/// What is wrong: the field, and what to do about it.
pub(super) type Wrong = Vec<(&'static str, String)>;

/// What is wrong, above the form.
pub(super) fn summary(w: Words, wrong: &Wrong) -> Markup {
    html! {
        @if !wrong.is_empty() {
            div class="govuk-error-summary" tabindex="-1" {
                div role="alert" {
                    h2 class="govuk-error-summary__title" { (w.form_problem()) }
                    div class="govuk-error-summary__body" {
                        ul class="govuk-list govuk-error-summary__list" {
                            @for (field, what) in wrong { li { a href={ "#" (field) } { (what) } } }
                        }
                    }
                }
            }
        }
    }
}

/// A field of a form.
pub(super) struct Field<'a> {
    /// Its name, and the id of its control.
    pub(super) name: &'static str,
    /// What is asked.
    pub(super) label: &'a str,
    /// More about it.
    pub(super) hint: Option<&'a str>,
    /// What is in it.
    pub(super) value: &'a str,
    /// What browsers may fill in.
    pub(super) autocomplete: &'static str,
}

impl<'a> Field<'a> {
    /// A field that nothing is filled into.
    pub(super) const fn new(name: &'static str, label: &'a str, value: &'a str) -> Self {
        Self {
            name,
            label,
            hint: None,
            value,
            autocomplete: "off",
        }
    }

    /// The same with a hint.
    pub(super) const fn hint(mut self, hint: &'a str) -> Self {
        self.hint = Some(hint);
        self
    }

    /// The same, which a browser or a keeper of passwords may fill in.
    pub(super) const fn autocomplete(mut self, what: &'static str) -> Self {
        self.autocomplete = what;
        self
    }

    fn described_by(&self, wrong: Option<&str>) -> Option<String> {
        let hint = self.hint.map(|_| format!("{}-hint", self.name));
        let error = wrong.map(|_| format!("{}-error", self.name));
        let all: Vec<_> = hint.into_iter().chain(error).collect();
        (!all.is_empty()).then(|| all.join(" "))
    }

    fn around(&self, w: Words, wrong: Option<&str>, control: &Markup) -> Markup {
        html! {
            div class=(group(wrong)) {
                label class="govuk-label govuk-label--s" for=(self.name) { (self.label) }
                @if let Some(hint) = self.hint {
                    div class="govuk-hint" id={ (self.name) "-hint" } { (hint) }
                }
                (message(w, self.name, wrong))
                (control)
            }
        }
    }

    /// One line.
    pub(super) fn line(&self, w: Words, wrong: &Wrong) -> Markup {
        let error = of(wrong, self.name);
        let class = if error.is_some() {
            "govuk-input govuk-input--error"
        } else {
            "govuk-input"
        };
        self.around(w, error, &html! {
            input class=(class) type="text" id=(self.name) name=(self.name) value=(self.value)
                autocomplete=(self.autocomplete) spellcheck="false"
                aria-describedby=[self.described_by(error)] aria-invalid=[error.map(|_| "true")];
        })
    }

    /// A few sentences.
    pub(super) fn paragraph(&self, w: Words, wrong: &Wrong) -> Markup {
        let error = of(wrong, self.name);
        let class = if error.is_some() {
            "govuk-textarea govuk-textarea--error"
        } else {
            "govuk-textarea"
        };
        self.around(w, error, &html! {
            textarea class=(class) id=(self.name) name=(self.name) rows="3" autocomplete="off"
                aria-describedby=[self.described_by(error)] aria-invalid=[error.map(|_| "true")] {
                (self.value)
            }
        })
    }
}

fn of<'a>(wrong: &'a Wrong, field: &str) -> Option<&'a str> {
    let found = wrong.iter().find(|(name, _)| *name == field);
    found.map(|(_, what)| what.as_str())
}

const fn group(wrong: Option<&str>) -> &'static str {
    match wrong {
        Some(_) => "govuk-form-group govuk-form-group--error",
        None => "govuk-form-group",
    }
}

fn message(w: Words, field: &str, wrong: Option<&str>) -> Markup {
    html! {
        @if let Some(what) = wrong {
            p class="govuk-error-message" id={ (field) "-error" } {
                span class="govuk-visually-hidden" { (w.form_error_prefix()) " " }
                (what)
            }
        }
    }
}

/// Something to choose.
pub(super) struct Choice {
    /// What is sent.
    pub(super) value: String,
    /// What is shown.
    pub(super) label: String,
    /// Whether it is chosen.
    pub(super) chosen: bool,
}

/// How many may be chosen.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Many {
    /// One of them.
    One,
    /// Any of them, or none.
    Any,
}

/// A question with things to choose below it. The first has the field's name for its id, so that what is wrong
/// leads there.
pub(super) fn choices(
    w: Words,
    wrong: &Wrong,
    (name, legend, hint): (&'static str, &str, Option<&str>),
    all: &[Choice],
    many: Many,
) -> Markup {
    let error = of(wrong, name);
    let (kind, control) = match many {
        Many::One => ("radios", "radio"),
        Many::Any => ("checkboxes", "checkbox"),
    };
    let described = Field {
        hint,
        ..Field::new(name, legend, "")
    }
    .described_by(error);
    html! {
        div class=(group(error)) {
            fieldset class="govuk-fieldset" aria-describedby=[described] {
                legend class="govuk-fieldset__legend govuk-fieldset__legend--s" { (legend) }
                @if let Some(hint) = hint { div class="govuk-hint" id={ (name) "-hint" } { (hint) } }
                (message(w, name, error))
                div class={ "govuk-" (kind) } {
                    @for (place, choice) in all.iter().enumerate() {
                        @let id = if place == 0 { name.to_owned() } else { format!("{name}-{place}") };
                        div class={ "govuk-" (kind) "__item" } {
                            input class={ "govuk-" (kind) "__input" } type=(control) id=(id) name=(name)
                                value=(choice.value) checked[choice.chosen];
                            label class={ "govuk-label govuk-" (kind) "__label" } for=(id) { (choice.label) }
                        }
                    }
                }
            }
        }
    }
}

/// The button that sends a form.
pub(super) fn submit(label: &str) -> Markup {
    html! { button class="govuk-button" type="submit" { (label) } }
}

/// A line of a list of what is known.
pub(super) fn row(key: &str, value: &str) -> Markup {
    html! {
        div class="govuk-summary-list__row" {
            dt class="govuk-summary-list__key" { (key) }
            dd class="govuk-summary-list__value" { bdi { (value) } }
        }
    }
}
