//! What a coordinator sees of accidents and near misses, and what they write of them.

use leptos::prelude::*;
use wellfield_core::accidents::{AccidentError, AccidentReported, Followed, follow};
use wellfield_core::clock::Date;

use super::{affected_words, care_words, event_words};
use crate::screen::{Here, accident_param, go_to};
use crate::ui::{
    ErrorSummary, FieldErrors, Icon, Page, SummaryList, SummaryRow, TextArea, TextField, needed,
    optional,
};
use crate::wording::{Words, words};

const LIST: &str = "/app/coordinator/accidents";
const DONE: &str = "done";

fn title_of(w: Words, reported: &AccidentReported) -> String {
    format!(
        "{}, {}",
        event_words(w, reported.event),
        w.calendar_moment(&w.dated(reported.day), &reported.time)
    )
}

/// Who was hurt, as a coordinator knows them.
fn who(w: Words, here: Here, reported: &AccidentReported) -> String {
    let participant = reported.person.and_then(|person| {
        here.with_now(|delivery| {
            let person = delivery.person(person)?;
            Some(person.details.preferred_name.to_string())
        })
        .flatten()
    });
    let name = participant.or_else(|| reported.name.as_ref().map(ToString::to_string));
    let affected = affected_words(w, reported.affected);
    match name {
        Some(name) => format!("{name} ({affected})"),
        None => affected.to_owned(),
    }
}

/// Every accident and near miss: first those of which nobody wrote yet what came.
#[component]
pub fn AccidentsPage() -> impl IntoView {
    let w = words();
    let here = Here::find();
    let all = Memo::new(move |_| {
        here.tablet.records.with(|records| {
            let casework = records.casework(here.programme)?;
            let all = casework.accidents.all().into_iter();
            Some(all.map(|head| head.value.clone()).collect::<Vec<_>>())
        })
    });
    let line = move |reported: AccidentReported| {
        let note = if reported.is_open() {
            w.accident_open()
        } else {
            w.accident_followed()
        };
        let look = reported
            .may_be_reportable()
            .then(|| w.accident_reportable_short());
        let note = look.map_or_else(|| note.to_owned(), |look| format!("{note} · {look}"));
        view! {
            <li>
                <a class="app-list__link" href=format!("{LIST}/{}", reported.accident)>
                    <span class="app-list__main">{title_of(w, &reported)}<small>{reported.place.to_string()}" · "{note}</small></span>
                    <Icon name="arrow-right" class="app-icon app-icon--turn"/>
                </a>
            </li>
        }
    };
    let list = move || match all.get().unwrap_or_default() {
        none if none.is_empty() => {
            view! { <div class="app-empty"><p>{w.accident_none()}</p></div> }.into_any()
        }
        all => {
            let lines = all.into_iter().map(line).collect_view();
            view! { <ul class="app-list">{lines}</ul> }.into_any()
        }
    };
    view! {
        <Page title=w.accident_list_title() back="/app/coordinator">
            <p class="govuk-body">{w.accident_list_text()}</p>
            {list}
        </Page>
    }
}

/// The accident in the address.
#[component]
pub fn AccidentPage() -> impl IntoView {
    let w = words();
    let here = Here::find();
    let known = accident_param().and_then(|accident| {
        here.tablet.records.with_untracked(|records| {
            let accidents = &records.casework(here.programme)?.accidents;
            let of_others: Vec<_> = accidents.others(accident).cloned().collect();
            Some((accidents.get(accident)?.value.clone(), of_others))
        })
    });
    let Some((reported, of_others)) = known else {
        return view! {
            <Page title=w.accident_list_title() back=LIST>
                <p class="govuk-body">{w.accident_none()}</p>
            </Page>
        }
        .into_any();
    };
    let look = reported.may_be_reportable().then(|| {
        view! {
            <div class="app-notice app-notice--warn">
                <Icon name="triangle-alert"/>
                <div class="app-notice__body">
                    <p class="app-notice__title">{w.accident_reportable()}</p>
                    <p>{w.accident_reportable_text()}</p>
                </div>
            </div>
        }
    });
    let title = title_of(w, &reported);
    view! {
        <Page title window=w.accident_list_title() caption=w.accident_list_title() back=LIST narrow=true>
            {look}
            <Report reported=reported.clone()/>
            {of_others
                .into_iter()
                .map(|followed| view! { <p class="govuk-body">{w.accident_also(&followed.done)}</p> })
                .collect_view()}
            <Follow reported/>
        </Page>
    }
    .into_any()
}

/// The report as it was written.
#[component]
fn Report(reported: AccidentReported) -> impl IntoView {
    let w = words();
    let here = Here::find();
    let affected = who(w, here, &reported);
    let text = |text: Option<&wellfield_core::text::Paragraph>| {
        text.map(ToString::to_string).unwrap_or_default()
    };
    let care = match &reported.care_by {
        Some(by) => format!("{} ({by})", care_words(w, reported.care)),
        None => care_words(w, reported.care).to_owned(),
    };
    let rows = [
        (w.accident_affected(), affected),
        (w.accident_place(), reported.place.to_string()),
        (w.accident_what(), reported.what.to_string()),
        (w.accident_injury(), text(reported.injury.as_ref())),
        (w.accident_care(), care),
        (w.accident_action(), text(reported.action.as_ref())),
    ];
    let rows = rows.into_iter().filter(|(_, value)| !value.is_empty());
    view! {
        <SummaryList>
            {rows.map(|(key, value)| view! { <SummaryRow key value/> }).collect_view()}
        </SummaryList>
    }
}

/// What came of it.
#[component]
fn Follow(reported: AccidentReported) -> impl IntoView {
    let w = words();
    let here = Here::find();
    let go = go_to();
    let today: RwSignal<Date> = expect_context();
    let stands = reported.followed.as_ref();
    let done = RwSignal::new(
        stands
            .map(|stands| stands.done.to_string())
            .unwrap_or_default(),
    );
    let reference = stands.and_then(|stands| stands.reported.as_ref());
    let reference = RwSignal::new(reference.map(ToString::to_string).unwrap_or_default());
    let errors: FieldErrors = RwSignal::new(Vec::new());
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let mut wrong = Vec::new();
        let done = needed(w, &mut wrong, DONE, done, w.accident_done_missing());
        let reference = optional(w, &mut wrong, "reported", reference);
        let is_wrong = !wrong.is_empty();
        errors.set(wrong);
        let Some(done) = done.filter(|_| !is_wrong) else {
            return;
        };
        let followed = Followed {
            done,
            reported: reference,
            day: today.get_untracked(),
        };
        let drafted = here
            .tablet
            .records
            .with_untracked(|records| follow(records, here.programme, reported.accident, followed));
        match drafted {
            Ok(draft) => {
                let go = go.clone();
                here.save_then(vec![draft], move || go(LIST.to_owned()));
            }
            Err(
                AccidentError::NothingToChange
                | AccidentError::NotHere
                | AccidentError::NobodyNamed
                | AccidentError::NoInjury,
            ) => errors.set(vec![(DONE, w.accident_unchanged().to_owned())]),
        }
    };
    view! {
        <ErrorSummary errors/>
        <form on:submit=submit novalidate>
            <TextArea id=DONE label=w.accident_done() hint=w.accident_done_hint() value=done errors rows=3/>
            <TextField id="reported" label=w.accident_reported() hint=w.accident_reported_hint() value=reference errors/>
            <button type="submit" class="govuk-button">{w.action_save()}</button>
        </form>
    }
}
