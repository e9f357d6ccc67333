//! A coordinator writes the Story of Change.

use std::collections::BTreeMap;

use leptos::prelude::*;
use wellfield_core::planning::{Part, PlanningError, StoryOfChangeWritten, write_story};
use wellfield_core::text::Paragraph;

use crate::attendance::text_error;
use crate::platform::nfc;
use crate::screen::{Here, go_to};
use crate::ui::{ErrorSummary, FieldErrors, Page, TextArea};
use crate::wording::{Words, words};

const BACK: &str = "/app/coordinator";

fn hint(w: Words, part: Part) -> &'static str {
    match part {
        Part::Need => w.story_need_hint(),
        Part::Inputs => w.story_inputs_hint(),
        Part::Activities => w.story_activities_hint(),
        Part::Outputs => w.story_outputs_hint(),
        Part::Outcomes => w.story_outcomes_hint(),
    }
}

/// The parts that were typed, or what is wrong with them.
fn typed(
    w: Words,
    fields: &[(Part, RwSignal<String>)],
) -> Result<StoryOfChangeWritten, Vec<crate::ui::FieldError>> {
    let mut errors = Vec::new();
    let mut parts = BTreeMap::new();
    for (part, typed) in fields {
        match typed.with_untracked(|typed| Paragraph::typed_optional(typed, nfc)) {
            Ok(Some(words)) => {
                parts.insert(*part, words);
            }
            Ok(None) => {}
            Err(error) => errors.push((part.name(), text_error(w, error))),
        }
    }
    if errors.is_empty() {
        Ok(StoryOfChangeWritten { parts })
    } else {
        Err(errors)
    }
}

/// One field for each part, with what stands in it.
#[component]
pub fn StoryOfChange() -> impl IntoView {
    let w = words();
    let here = Here::find();
    let go = go_to();
    let stands = here.with_now(|delivery| {
        let story = delivery.planning.story();
        story.map(|head| head.value.clone()).unwrap_or_default()
    });
    let stands = stands.unwrap_or_default();
    let fields: Vec<_> = Part::ALL
        .iter()
        .map(|part| {
            let words = stands.parts.get(part).map(ToString::to_string);
            (*part, RwSignal::new(words.unwrap_or_default()))
        })
        .collect();
    let errors: FieldErrors = RwSignal::new(Vec::new());
    let all = fields.clone();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let story = match typed(w, &all) {
            Ok(story) => story,
            Err(wrong) => return errors.set(wrong),
        };
        let drafted = here
            .tablet
            .records
            .with_untracked(|records| write_story(records, here.programme, story));
        match drafted {
            Ok(draft) => {
                let go = go.clone();
                here.save_then(vec![draft], move || go(BACK.to_owned()));
            }
            Err(
                PlanningError::NothingToChange
                | PlanningError::NoProgramme
                | PlanningError::NoEvidence
                | PlanningError::Telling(_),
            ) => errors.set(vec![(Part::Need.name(), w.story_unchanged().to_owned())]),
        }
    };
    let field = move |(part, value): (Part, RwSignal<String>)| {
        view! { <TextArea id=part.name() label=w.story_part(part) hint=hint(w, part) value errors rows=6/> }
    };
    view! {
        <Page title=w.story_title() back=BACK narrow=true>
            <p class="govuk-body">{w.story_text()}</p>
            <ErrorSummary errors/>
            <form on:submit=submit novalidate>
                {fields.into_iter().map(field).collect_view()}
                <button type="submit" class="govuk-button">{w.action_save()}</button>
            </form>
        </Page>
    }
}
