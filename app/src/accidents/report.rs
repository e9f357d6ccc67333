//! Reporting an accident or a near miss, with or without signal.

use leptos::prelude::*;
use wellfield_core::accidents::{AccidentError, AccidentReported, Affected, Care, Event, report};
use wellfield_core::clock::{TimeOfDay, iso_date, parse_iso_date};
use wellfield_core::ids::{AccidentId, PersonId};

use super::{affected_words, care_words, event_words};
use crate::platform::{local, now, random_u64};
use crate::screen::{Here, person_param};
use crate::ui::{
    ErrorMessage, ErrorSummary, FieldErrors, Icon, Page, Radios, TextArea, TextField, described_by,
    error_of, needed, optional,
};
use crate::wording::{Words, words};

const EVENT: &str = "event";
const AFFECTED: &str = "affected";
const PERSON: &str = "person";
const INJURY: &str = "injury";
const CARE: &str = "care";

#[derive(Clone, Copy)]
struct Fields {
    event: RwSignal<Option<Event>>,
    affected: RwSignal<Option<Affected>>,
    person: RwSignal<Option<PersonId>>,
    name: RwSignal<String>,
    day: RwSignal<String>,
    time: RwSignal<String>,
    place: RwSignal<String>,
    what: RwSignal<String>,
    injury: RwSignal<String>,
    care: RwSignal<Option<Care>>,
    care_by: RwSignal<String>,
    action: RwSignal<String>,
    errors: FieldErrors,
}

impl Fields {
    fn new(person: Option<PersonId>) -> Self {
        let (day, time) = local(now());
        let empty = || RwSignal::new(String::new());
        Self {
            event: RwSignal::new(None),
            affected: RwSignal::new(person.map(|_| Affected::Participant)),
            person: RwSignal::new(person),
            name: empty(),
            day: RwSignal::new(iso_date(day)),
            time: RwSignal::new(time.to_string()),
            place: empty(),
            what: empty(),
            injury: empty(),
            care: RwSignal::new(None),
            care_by: empty(),
            action: empty(),
            errors: RwSignal::new(Vec::new()),
        }
    }

    fn is(self, event: Event) -> bool {
        self.event.get() == Some(event)
    }

    fn is_about(self, affected: &[Affected]) -> bool {
        self.affected
            .get()
            .is_some_and(|one| affected.contains(&one))
    }

    /// What was typed; the errors are on the fields where something is missing.
    fn build(self, w: Words, accident: AccidentId) -> Option<AccidentReported> {
        let mut errors = Vec::new();
        let event = self.event.get_untracked();
        if event.is_none() {
            errors.push((EVENT, w.accident_event_missing().to_owned()));
        }
        let affected = self.affected.get_untracked();
        if affected.is_none() {
            errors.push((AFFECTED, w.accident_affected_missing().to_owned()));
        }
        let person = self.person.get_untracked();
        let name = optional(w, &mut errors, "name", self.name);
        let day = self.day.with_untracked(|typed| parse_iso_date(typed));
        if day.is_none() {
            errors.push(("day", w.accident_day_missing().to_owned()));
        }
        let time = self.time.with_untracked(|typed| TimeOfDay::parse(typed));
        if time.is_none() {
            errors.push(("time", w.more_not_a_time().to_owned()));
        }
        let place = needed(
            w,
            &mut errors,
            "place",
            self.place,
            w.accident_place_missing(),
        );
        let what = needed(w, &mut errors, "what", self.what, w.accident_what_missing());
        let injury = optional(w, &mut errors, INJURY, self.injury);
        let was_hurt = event == Some(Event::Accident);
        let care = self.care.get_untracked();
        if was_hurt && care.is_none() {
            errors.push((CARE, w.accident_care_missing().to_owned()));
        }
        let care_by = optional(w, &mut errors, "care-by", self.care_by);
        let action = optional(w, &mut errors, "action", self.action);
        self.errors.set(errors);
        Some(AccidentReported {
            accident,
            event: event?,
            affected: affected?,
            person,
            name,
            day: day?,
            time: time?,
            place: place?,
            what: what?,
            injury,
            care: care.unwrap_or(Care::Nothing),
            care_by,
            action,
            followed: None,
        })
        .filter(|_| self.errors.with_untracked(Vec::is_empty))
    }
}

/// The page on which an accident or a near miss is reported.
#[component]
pub fn ReportAccident() -> impl IntoView {
    let w = words();
    let saved = RwSignal::new(false);
    let back = person_param().map_or_else(
        || "/app/".to_owned(),
        |person| format!("/app/person/{person}"),
    );
    view! {
        <Page title=w.accident_title() back narrow=true>
            <Show when=move || saved.get() fallback=move || view! { <Form saved/> }>
                <div class="app-notice">
                    <Icon name="tick-solid"/>
                    <div class="app-notice__body">
                        <p class="app-notice__title" role="status">{w.accident_saved()}</p>
                        <p>{w.accident_saved_text()}</p>
                    </div>
                </div>
                <p class="govuk-body"><a class="govuk-link govuk-link--tap" href="/app/">{w.shell_to_today()}</a></p>
            </Show>
        </Page>
    }
}

#[component]
fn Form(saved: RwSignal<bool>) -> impl IntoView {
    let w = words();
    let here = Here::find();
    let fields = Fields::new(person_param());
    let errors = fields.errors;
    // Drawn once, so that a form that is sent twice is one accident.
    let number = AccidentId(random_u64());
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(reported) = fields.build(w, number) else {
            return;
        };
        let draft = here
            .tablet
            .records
            .with_untracked(|records| report(records, here.programme, reported));
        let wrong = match draft {
            Ok(draft) => {
                return here.save_then(vec![draft], move || {
                    saved.set(true);
                    crate::ui::focus_heading();
                });
            }
            Err(AccidentError::NoInjury) => (INJURY, w.accident_injury_missing()),
            Err(AccidentError::NobodyNamed) if fields.is_about(&[Affected::Participant]) => {
                (PERSON, w.accident_person_missing())
            }
            Err(
                AccidentError::NobodyNamed
                | AccidentError::NotHere
                | AccidentError::NothingToChange,
            ) => (AFFECTED, w.accident_affected_hurt()),
        };
        errors.set(vec![(wrong.0, wrong.1.to_owned())]);
    };
    let events = Event::ALL.iter();
    let events = events.map(|event| (*event, event_words(w, *event).to_owned()));
    let affected = Affected::ALL.iter();
    let affected = affected.map(|one| (*one, affected_words(w, *one).to_owned()));
    let others = [Affected::Staff, Affected::Visitor];
    view! {
        <div class="app-notice app-notice--warn">
            <Icon name="triangle-alert"/>
            <div class="app-notice__body"><p class="app-notice__title">{w.accident_danger()}</p></div>
        </div>
        <p class="govuk-body">{w.accident_text()}</p>
        <ErrorSummary errors/>
        <form on:submit=submit novalidate autocomplete="off">
            <Radios id=EVENT legend=w.accident_event() options=events.collect() value=fields.event errors/>
            <Radios id=AFFECTED legend=w.accident_affected() options=affected.collect() value=fields.affected errors/>
            <Show when=move || fields.is_about(&[Affected::Participant])>
                <People fields/>
            </Show>
            <Show when=move || fields.is_about(&others)>
                <TextField id="name" label=w.accident_name() value=fields.name errors/>
            </Show>
            <TextField id="day" label=w.accident_day() value=fields.day errors kind="date"/>
            <TextField id="time" label=w.accident_time() hint=w.accident_time_hint() value=fields.time errors kind="time"/>
            <TextField id="place" label=w.accident_place() hint=w.accident_place_hint() value=fields.place errors/>
            <TextArea id="what" label=w.accident_what() hint=w.accident_what_hint() value=fields.what errors rows=4/>
            <Show when=move || fields.is(Event::Accident)>
                <Hurt fields/>
            </Show>
            <TextArea id="action" label=w.accident_action() hint=w.accident_action_hint() value=fields.action errors rows=2/>
            <button type="submit" class="govuk-button">{w.action_save()}</button>
        </form>
    }
}

/// How somebody was hurt, and how they were looked after.
#[component]
fn Hurt(fields: Fields) -> impl IntoView {
    let w = words();
    let errors = fields.errors;
    let care = Care::ALL.iter();
    let care = care.map(|care| (*care, care_words(w, *care).to_owned()));
    view! {
        <TextArea id=INJURY label=w.accident_injury() hint=w.accident_injury_hint() value=fields.injury errors rows=2/>
        <Radios id=CARE legend=w.accident_care() options=care.collect() value=fields.care errors/>
        <TextField id="care-by" label=w.accident_care_by() value=fields.care_by errors/>
    }
}

/// Everybody of the programme, by name, of whom one is chosen.
#[component]
fn People(fields: Fields) -> impl IntoView {
    let w = words();
    let here = Here::find();
    let errors = fields.errors;
    let error = error_of(errors, PERSON);
    let people = here.with_now(|delivery| {
        let people = delivery.people();
        let mut people: Vec<_> = people
            .map(|(person, recorded)| (person, recorded.details.preferred_name.to_string()))
            .collect();
        people.sort_by_key(|(person, name)| (name.to_lowercase(), *person));
        people
    });
    let option = move |(person, name): (PersonId, String)| {
        let chosen = move || fields.person.get() == Some(person);
        view! { <option value=person.to_string() prop:selected=chosen>{name}</option> }
    };
    view! {
        <div class="govuk-form-group">
            <label class="govuk-label" for=PERSON>{w.accident_person()}</label>
            <ErrorMessage id=PERSON error/>
            <select
                class="govuk-select"
                id=PERSON
                aria-describedby=described_by(PERSON, false, error)
                aria-invalid=move || error.get().is_some().then_some("true")
                on:change:target=move |event| fields.person.set(event.target().value().parse().ok())
            >
                <option value="">{w.accident_person_choose()}</option>
                {people.unwrap_or_default().into_iter().map(option).collect_view()}
            </select>
        </div>
    }
}
