//! The coordinator's page about the evaluation: what is asked, and who has answered.

use leptos::prelude::*;
use wellfield_core::evaluation::wording::{AnswerWords, words as instrument_words};
use wellfield_core::evaluation::{
    EvaluationPlanned, OWN_MAX, OwnOutcome, PlanError, Progress, Size, Topic, plan_evaluation,
    progress,
};
use wellfield_core::heads::Stamp;
use wellfield_core::language::Language;
use wellfield_core::measures::Catalogue;
use wellfield_core::text::{Line, Text};

use super::moment_words;
use crate::platform::nfc;
use crate::screen::Here;
use crate::ui::{
    Checkboxes, CustodyMark, ErrorSummary, FieldErrors, Page, Radios, SummaryList, SummaryRow,
    TextArea, TextField,
};
use crate::wording::{Moments, Words, words};

const SIZE: &str = "size";
const LICENCE: &str = "licence";
const TOPICS: &str = "topics";
const COMPARISON: &str = "comparison";
const COMPARED: &str = "compared";
/// The fields for questions of the project's own.
const OWN: [&str; OWN_MAX] = ["own-1", "own-2", "own-3"];

/// What is asked, who has answered, and choosing what is asked.
#[component]
pub fn EvaluationPage() -> impl IntoView {
    let w = words();
    view! {
        <Page title=w.evaluation_title() back="/app/coordinator">
            <Standing/>
            <HowFar/>
            <Choose/>
        </Page>
    }
}

fn size_words(w: Words, size: Size) -> &'static str {
    match size {
        Size::Small => w.evaluation_size_small(),
        Size::Medium => w.evaluation_size_medium(),
        Size::Full => w.evaluation_size_full(),
    }
}

fn topic_words(w: Words, topic: Topic) -> &'static str {
    match topic {
        Topic::Wellbeing => w.evaluation_topic_wellbeing(),
        Topic::Loneliness => w.evaluation_topic_loneliness(),
        Topic::MentalWellbeing => w.evaluation_topic_mental(),
        Topic::MentalWellbeingFull => w.evaluation_topic_mental_full(),
        Topic::SessionFeelings => w.evaluation_topic_feelings(),
        Topic::SessionFeelingsPositive => w.evaluation_topic_feelings_positive(),
        Topic::SessionFeelingsNegative => w.evaluation_topic_feelings_negative(),
    }
}

/// The plan as it stands.
#[component]
fn Standing() -> impl IntoView {
    let w = words();
    let here = Here::find();
    let plan = Memo::new(move |_| {
        here.with(|delivery| {
            let plans = delivery.evaluation.plans();
            let stands = plans.latest();
            stands.map(|head| {
                (
                    head.value.clone(),
                    head.stamp,
                    plans.standing().needs_choice(),
                )
            })
        })
        .flatten()
    });
    move || match plan.get() {
        None => view! { <p class="govuk-body">{w.evaluation_plan_none()}</p> }.into_any(),
        Some((plan, stamp, two)) => view! { <Plan plan stamp two/> }.into_any(),
    }
}

#[component]
fn Plan(plan: EvaluationPlanned, stamp: Stamp, two: bool) -> impl IntoView {
    let w = words();
    let here = Here::find();
    let custody = Signal::derive(move || here.tablet.custody(&stamp));
    let about = match plan.topics.as_slice() {
        [] => w.evaluation_topics_none().to_owned(),
        topics => {
            let topics = topics.iter().map(|topic| topic_words(w, *topic));
            topics.collect::<Vec<_>>().join("; ")
        }
    };
    view! {
        <section class="app-section">
            <h2 class="app-section__heading">{w.evaluation_plan_title()}</h2>
            {two.then(|| view! { <p class="govuk-body"><b>{w.evaluation_plan_two()}</b></p> })}
            <SummaryList>
                <SummaryRow key=w.evaluation_size_legend() value=size_words(w, plan.size)/>
                <SummaryRow key=w.evaluation_topics_legend() value=about/>
                {plan.own.iter().map(|own| view! { <SummaryRow key=w.evaluation_own_legend() value=own.text.to_string()/> }).collect_view()}
                {plan.comparison.map(|with| view! { <SummaryRow key=w.evaluation_comparison() value=with.to_string()/> })}
                <SummaryRow key=w.evaluation_plan_chosen() value=w.moment(stamp.at.instant())/>
            </SummaryList>
            <p class="govuk-body"><CustodyMark custody/></p>
        </section>
    }
}

/// How many people answered at each moment that the plan asks.
#[component]
fn HowFar() -> impl IntoView {
    let w = words();
    let here = Here::find();
    let lines = Memo::new(move |_| {
        let all = here.with(|delivery| progress(&delivery.evaluation));
        all.unwrap_or_default()
    });
    let cell = |head: &'static str, count: usize| {
        view! { <td class="govuk-table__cell govuk-table__cell--numeric" data-label=head>{count}</td> }
    };
    let heads = [
        w.evaluation_questions(),
        w.evaluation_answered(),
        w.evaluation_stopped(),
        w.evaluation_declined(),
        w.evaluation_linked(),
    ];
    let line = move |asked: Progress| {
        let counts = [
            asked.questions,
            asked.finished,
            asked.stopped,
            asked.declined,
            asked.linked,
        ];
        let cells = heads.into_iter().zip(counts);
        view! {
            <tr>
                <th scope="row" class="govuk-table__header">{moment_words(w, asked.moment)}</th>
                {cells.map(|(head, count)| cell(head, count)).collect_view()}
            </tr>
        }
    };
    view! {
        <Show when=move || !lines.get().is_empty()>
            <div class="app-table app-table--counts app-table--two">
                <table class="govuk-table">
                    <caption class="govuk-table__caption govuk-table__caption--m">{w.evaluation_progress_title()}</caption>
                    <thead>
                        <tr>
                            <th scope="col" class="govuk-table__header">{w.evaluation_when()}</th>
                            {heads.map(|head| view! { <th scope="col" class="govuk-table__header govuk-table__header--numeric">{head}</th> }).into_iter().collect_view()}
                        </tr>
                    </thead>
                    <tbody>{move || lines.get().into_iter().map(line).collect_view()}</tbody>
                </table>
            </div>
        </Show>
    }
}

/// Choosing what is asked. What was answered under an earlier plan stays.
#[component]
fn Choose() -> impl IntoView {
    let w = words();
    let here = Here::find();
    let stands = here
        .with_now(|delivery| delivery.evaluation.plan().cloned())
        .flatten();
    let size = RwSignal::new(stands.as_ref().map(|plan| plan.size));
    let topics = RwSignal::new(
        stands
            .as_ref()
            .map(|plan| plan.topics.clone())
            .unwrap_or_default(),
    );
    let own = OWN.map(|id| (id, RwSignal::new(String::new())));
    let comparison = RwSignal::new(String::new());
    if let Some(plan) = &stands {
        for ((_, field), asked) in own.iter().zip(&plan.own) {
            field.set(asked.text.to_string());
        }
        let noted = plan.comparison.as_ref();
        comparison.set(noted.map(ToString::to_string).unwrap_or_default());
    }
    let was_compared = stands.as_ref().is_some_and(|plan| plan.toolkit_compared);
    let compared = RwSignal::new(Vec::from_iter(was_compared.then_some(true)));
    let asked_before = stands.as_ref().map(|plan| plan.own.clone());
    let asked_before = StoredValue::new(asked_before.unwrap_or_default());
    let licence = stands.and_then(|plan| plan.swemwbs_licence);
    let licence = RwSignal::new(licence.map(|typed| typed.to_string()).unwrap_or_default());
    let errors: FieldErrors = RwSignal::new(Vec::new());
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        errors.set(Vec::new());
        let Some(size) = size.get_untracked() else {
            return errors.set(vec![(SIZE, w.evaluation_size_missing().to_owned())]);
        };
        let typed = licence.with_untracked(|typed| Line::typed_optional(typed, nfc));
        let Ok(swemwbs_licence) = typed else {
            return errors.set(vec![(LICENCE, w.evaluation_licence_missing().to_owned())]);
        };
        // They are asked where a lot is asked, and are not on screen where less is.
        let more = if size == Size::Full {
            let own = asked_before.with_value(|before| own_questions(own, w, before));
            own.and_then(|own| Ok((own, compared_with(comparison, w)?)))
        } else {
            Ok((Vec::new(), None))
        };
        let (own, comparison) = match more {
            Ok(more) => more,
            Err(error) => return errors.set(vec![error]),
        };
        let plan = EvaluationPlanned {
            size,
            topics: topics.get_untracked(),
            swemwbs_licence,
            own,
            comparison,
            toolkit_compared: compared.with_untracked(|compared| !compared.is_empty()),
        };
        let drafted = here
            .tablet
            .records
            .with_untracked(|records| plan_evaluation(records, here.programme, plan));
        match drafted {
            Ok(draft) => here.save_then(vec![draft], crate::ui::focus_heading),
            Err(PlanError::NoLicence) => {
                errors.set(vec![(LICENCE, w.evaluation_licence_missing().to_owned())]);
            }
            Err(PlanError::BothLengths) => {
                errors.set(vec![(TOPICS, w.evaluation_both_lengths().to_owned())]);
            }
            Err(PlanError::NotCompared) => {
                errors.set(vec![(COMPARED, w.evaluation_compare_missing().to_owned())]);
            }
            // There are as many fields as there may be questions.
            Err(PlanError::NothingToChange | PlanError::NoProgramme | PlanError::TooManyOwn) => {
                errors.set(vec![(SIZE, w.evaluation_unchanged().to_owned())]);
            }
        }
    };
    let sizes = Size::ALL
        .iter()
        .map(|size| (*size, size_words(w, *size).to_owned()));
    let all = Topic::ALL
        .iter()
        .map(|topic| (*topic, topic_words(w, *topic).to_owned()));
    view! {
        <section class="app-section">
            <h2 class="app-section__heading">{w.evaluation_choose_title()}</h2>
            <ErrorSummary errors/>
            <form on:submit=submit novalidate>
                <Radios id=SIZE legend=w.evaluation_size_legend() options=sizes.collect() value=size errors/>
                <Checkboxes id=TOPICS legend=w.evaluation_topics_legend() hint=w.evaluation_topics_hint() options=all.collect() value=topics errors/>
                <Show when=move || topics.with(|topics| topics.iter().any(|topic| topic.of_session()))>
                    <p class="govuk-body">{w.evaluation_feelings_hint()}</p>
                </Show>
                <Show when=move || topics.with(|topics| topics.iter().any(|topic| topic.needs_comparing()))>
                    <p class="govuk-body">{w.evaluation_compare_text()}</p>
                    {move || topics.get().into_iter().map(|topic| view! { <WordsToCompare topic/> }).collect_view()}
                    <Checkboxes id=COMPARED legend=w.evaluation_compare() options=vec![(true, w.evaluation_compare_done().to_owned())] value=compared errors/>
                </Show>
                <Show when=move || topics.with(|topics| topics.iter().any(|topic| topic.needs_licence()))>
                    <TextField id=LICENCE label=w.evaluation_licence() hint=w.evaluation_licence_hint() value=licence errors/>
                </Show>
                <Show when=move || size.get() == Some(Size::Full)>
                    <fieldset class="govuk-fieldset">
                        <legend class="govuk-fieldset__legend govuk-fieldset__legend--s">{w.evaluation_own_legend()}</legend>
                        <p class="govuk-hint">{w.evaluation_own_hint()}</p>
                        {own.into_iter().enumerate().map(|(place, (id, value))| {
                            let label = w.evaluation_own_question(&(place + 1));
                            view! { <TextField id label value errors/> }
                        }).collect_view()}
                    </fieldset>
                    <TextArea id=COMPARISON label=w.evaluation_comparison() hint=w.evaluation_comparison_hint() value=comparison errors rows=3/>
                </Show>
                <button type="submit" class="govuk-button">{w.action_save()}</button>
            </form>
        </section>
    }
}

/// What is asked about a topic, to be held against the toolkit; nothing where that is not needed.
#[component]
fn WordsToCompare(topic: Topic) -> impl IntoView {
    let catalogue = Catalogue::built_in();
    let key = topic.umbrella().filter(|_| topic.needs_comparing());
    let asked = key.and_then(|key| {
        let instrument = catalogue.get(catalogue.find(key, None)?)?;
        instrument_words(instrument, Language::English)
    });
    asked.map(|asked| {
        let answers = match asked.items.first().map(|item| item.answers) {
            Some(AnswerWords::Each(each)) => each.join(" · "),
            _ => String::new(),
        };
        view! {
            <div class="govuk-inset-text" lang="en">
                <p class="govuk-body">{asked.intro}</p>
                <ul class="govuk-list govuk-list--bullet">
                    {asked.items.iter().map(|item| view! { <li>{item.question}</li> }).collect_view()}
                </ul>
                <p class="govuk-body">{answers}</p>
            </div>
        }
    })
}

/// A field and what is wrong with it.
type FieldError = (&'static str, String);

/// The questions that were typed. One whose words did not change stays in the language in which it was asked.
fn own_questions(
    fields: [(&'static str, RwSignal<String>); OWN_MAX],
    w: Words,
    before: &[OwnOutcome],
) -> Result<Vec<OwnOutcome>, FieldError> {
    let mut own = Vec::new();
    for (id, field) in fields {
        let typed = field.with_untracked(|typed| Text::typed_optional(typed, nfc));
        let text: Option<Text<100>> =
            typed.map_err(|_| (id, w.evaluation_own_missing().to_owned()))?;
        let Some(text) = text else {
            continue;
        };
        let same = before.iter().find(|asked| asked.text == text);
        own.push(OwnOutcome {
            language: same.map_or(w.0, |asked| asked.language),
            text,
        });
    }
    Ok(own)
}

/// What was typed about what the figures are compared with.
fn compared_with(field: RwSignal<String>, w: Words) -> Result<Option<Text<500>>, FieldError> {
    let typed = field.with_untracked(|typed| Text::typed_optional(typed, nfc));
    typed.map_err(|_| (COMPARISON, w.evaluation_comparison_missing().to_owned()))
}
