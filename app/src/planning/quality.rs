//! The self-review: eight principles, how far each is kept, and how one knows.

use leptos::prelude::*;
use wellfield_core::clock::Date;
use wellfield_core::planning::{PlanningError, Principle, QualityReviewed, Rating, review_quality};
use wellfield_core::text::Paragraph;

use crate::attendance::text_error;
use crate::platform::nfc;
use crate::screen::{Here, code_param, go_to};
use crate::ui::{ErrorSummary, FieldErrors, Icon, Page, Radios, TextArea};
use crate::wording::{Words, words};

const LIST: &str = "/app/coordinator/quality";
const RATING: &str = "rating";
const EVIDENCE: &str = "evidence";

fn meaning(w: Words, principle: Principle) -> &'static str {
    match principle {
        Principle::PersonCentred => w.quality_person_centred_text(),
        Principle::Equitable => w.quality_equitable_text(),
        Principle::Safe => w.quality_safe_text(),
        Principle::Creative => w.quality_creative_text(),
        Principle::Collaborative => w.quality_collaborative_text(),
        Principle::Realistic => w.quality_realistic_text(),
        Principle::Reflective => w.quality_reflective_text(),
        Principle::Sustainable => w.quality_sustainable_text(),
    }
}

fn stands(here: Here, principle: Principle) -> Option<QualityReviewed> {
    let review = here.with_now(|delivery| {
        let review = delivery.planning.review(principle);
        review.map(|head| head.value.clone())
    });
    review.flatten()
}

/// Every principle, with how far it is kept.
#[component]
pub fn QualityPage() -> impl IntoView {
    let w = words();
    let here = Here::find();
    let line = move |principle: &Principle| {
        let principle = *principle;
        let note = move || {
            let review = here.with(|delivery| {
                let review = delivery.planning.review(principle)?;
                Some((review.value.rating, review.value.day))
            });
            match review.flatten() {
                Some((rating, day)) => w.quality_when(&w.dated(day), &w.rating(rating)),
                None => w.quality_not_reviewed().to_owned(),
            }
        };
        view! {
            <li>
                <a class="app-list__link" href=format!("{LIST}/{}", principle.code())>
                    <span class="app-list__main">{w.principle(principle)}<small>{note}</small></span>
                    <Icon name="arrow-right" class="app-icon app-icon--turn"/>
                </a>
            </li>
        }
    };
    view! {
        <Page title=w.quality_title() back="/app/coordinator">
            <p class="govuk-body">{w.quality_text()}</p>
            <ul class="app-list">{Principle::ALL.iter().map(line).collect_view()}</ul>
        </Page>
    }
}

/// The principle in the address.
#[component]
pub fn ReviewPrinciple() -> impl IntoView {
    match code_param("principle").and_then(Principle::from_code) {
        Some(principle) => view! { <Review principle/> }.into_any(),
        None => view! { <QualityPage/> }.into_any(),
    }
}

#[component]
fn Review(principle: Principle) -> impl IntoView {
    let w = words();
    let here = Here::find();
    let go = go_to();
    let today: RwSignal<Date> = expect_context();
    let stands = stands(here, principle);
    let rating = RwSignal::new(stands.as_ref().map(|stands| stands.rating));
    let evidence = stands.and_then(|stands| stands.evidence);
    let evidence = RwSignal::new(evidence.map(|text| text.to_string()).unwrap_or_default());
    let errors: FieldErrors = RwSignal::new(Vec::new());
    let looked_at = StoredValue::new(Vec::<String>::new());
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(rating) = rating.get_untracked() else {
            return errors.set(vec![(RATING, w.quality_rating_missing().to_owned())]);
        };
        let typed = evidence.with_untracked(|typed| Paragraph::typed_optional(typed, nfc));
        let evidence = match typed {
            Ok(evidence) => evidence,
            Err(error) => return errors.set(vec![(EVIDENCE, text_error(w, error))]),
        };
        let reviewed = QualityReviewed {
            principle,
            rating,
            evidence,
            day: today.get_untracked(),
        };
        let drafted = here.tablet.records.with_untracked(|records| {
            looked_at.with_value(|looked| review_quality(records, here.programme, reviewed, looked))
        });
        let (field, wrong) = match drafted {
            Ok(draft) => {
                let go = go.clone();
                return here.save_then(vec![draft], move || go(LIST.to_owned()));
            }
            Err(PlanningError::NoEvidence) => (EVIDENCE, w.quality_evidence_missing().to_owned()),
            Err(PlanningError::Telling(parts)) => {
                let wrong = w.stories_telling(&parts.join(", "));
                looked_at.update_value(|looked| looked.extend(parts));
                (EVIDENCE, wrong)
            }
            Err(PlanningError::NothingToChange | PlanningError::NoProgramme) => {
                (RATING, w.quality_unchanged().to_owned())
            }
        };
        errors.set(vec![(field, wrong)]);
    };
    let ratings = Rating::ALL
        .iter()
        .map(move |rating| (*rating, w.rating(*rating).to_owned()));
    view! {
        <Page title=w.principle(principle) caption=w.quality_title() back=LIST narrow=true>
            <p class="govuk-body">{meaning(w, principle)}</p>
            <ErrorSummary errors/>
            <form on:submit=submit novalidate>
                <Radios id=RATING legend=w.quality_rating() options=ratings.collect() value=rating errors/>
                <TextArea id=EVIDENCE label=w.quality_evidence() hint=w.quality_evidence_hint() value=evidence errors rows=4/>
                <button type="submit" class="govuk-button">{w.action_save()}</button>
            </form>
        </Page>
    }
}
