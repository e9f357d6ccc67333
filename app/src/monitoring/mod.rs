//! Equality monitoring: whom to ask, and what they said.

use std::collections::BTreeMap;

use leptos::prelude::*;
use wellfield_core::clock::Date;
use wellfield_core::ids::PersonId;
use wellfield_core::monitoring::{
    Characteristic, Choice, District, MonitoringAnswered, MonitoringError, MonitoringLine,
    answer_monitoring, monitoring_list,
};

use crate::coordinator::{PersonLine, PersonList};
use crate::people::NoPerson;
use crate::screen::{Here, go_to, person_param};
use crate::ui::{ErrorSummary, FieldErrors, Page, Radios, TextField};
use crate::wording::words;

const LIST: &str = "/app/coordinator/monitoring";
const POSTCODE: &str = "postcode";

/// Everybody, with whether they were asked.
#[component]
pub fn MonitoringPage() -> impl IntoView {
    let w = words();
    let here = Here::find();
    let people = Memo::new(move |_| {
        let all = here.tablet.records.with(|records| {
            let delivery = records.delivery(here.programme)?;
            Some(monitoring_list(delivery, records.casework(here.programme)))
        });
        let note = |asked| {
            if asked {
                w.monitoring_asked()
            } else {
                w.monitoring_not_asked()
            }
        };
        let line = |line: MonitoringLine| PersonLine {
            person: line.person,
            name: line.name,
            note: Some(note(line.asked).to_owned()),
        };
        all.unwrap_or_default().into_iter().map(line).collect()
    });
    view! {
        <Page title=w.monitoring_title() back="/app/coordinator">
            <p class="govuk-body">{w.monitoring_text()}</p>
            <PersonList list=LIST people/>
        </Page>
    }
}

/// What the person in the address said.
#[component]
pub fn MonitoringOf() -> impl IntoView {
    let here = Here::find();
    let known = person_param().and_then(|person| {
        here.tablet.records.with_untracked(|records| {
            let recorded = records.delivery(here.programme)?.person(person)?;
            let casework = records.casework(here.programme);
            let stands = casework.and_then(|casework| casework.monitoring.get(person));
            let name = recorded.details.preferred_name.to_string();
            Some((person, name, stands.map(|head| head.value.clone())))
        })
    });
    match known {
        Some((person, name, stands)) => view! { <Ask person name stands/> }.into_any(),
        None => view! { <NoPerson/> }.into_any(),
    }
}

#[component]
fn Ask(person: PersonId, name: String, stands: Option<MonitoringAnswered>) -> impl IntoView {
    let w = words();
    let here = Here::find();
    let go = go_to();
    let today: RwSignal<Date> = expect_context();
    let said = |asked: &Characteristic| stands.as_ref()?.said.get(asked).copied();
    let fields: Vec<(Characteristic, RwSignal<Option<Choice>>)> = Characteristic::ALL
        .iter()
        .map(|asked| (*asked, RwSignal::new(said(asked))))
        .collect();
    let district = stands.as_ref().and_then(|stands| stands.district.as_ref());
    let postcode = RwSignal::new(district.map(ToString::to_string).unwrap_or_default());
    let errors: FieldErrors = RwSignal::new(Vec::new());
    let answers = fields.clone();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let typed = postcode.with_untracked(|typed| match typed.trim() {
            "" => Ok(None),
            typed => District::typed(typed).map(Some),
        });
        let Ok(district) = typed else {
            return errors.set(vec![(POSTCODE, w.monitoring_postcode_wrong().to_owned())]);
        };
        let said: BTreeMap<_, _> = answers
            .iter()
            .filter_map(|(asked, choice)| Some((*asked, choice.get_untracked()?)))
            .collect();
        let answered = MonitoringAnswered {
            person,
            said,
            district,
            day: today.get_untracked(),
        };
        let drafted = here
            .tablet
            .records
            .with_untracked(|records| answer_monitoring(records, here.programme, answered));
        match drafted {
            Ok(draft) => {
                let go = go.clone();
                here.save_then(vec![draft], move || go(LIST.to_owned()));
            }
            Err(
                MonitoringError::NothingToChange
                | MonitoringError::NoPerson
                | MonitoringError::Mismatch,
            ) => errors.set(vec![(
                Characteristic::Age.name(),
                w.monitoring_unchanged().to_owned(),
            )]),
        }
    };
    let field = move |(asked, value): (Characteristic, RwSignal<Option<Choice>>)| {
        let options = asked.choices();
        let options = options.map(move |choice| (choice, w.choice(choice).to_owned()));
        view! { <Radios id=asked.name() legend=w.characteristic(asked) options=options.collect() value errors/> }
    };
    view! {
        <Page title=name window=w.monitoring_title() caption=w.monitoring_title() back=LIST narrow=true>
            <p class="govuk-body">{w.monitoring_ask_text()}</p>
            <ErrorSummary errors/>
            <form on:submit=submit novalidate>
                {fields.into_iter().map(field).collect_view()}
                <TextField id=POSTCODE label=w.monitoring_postcode() hint=w.monitoring_postcode_hint() value=postcode errors autocomplete="off"/>
                <button type="submit" class="govuk-button">{w.action_save()}</button>
            </form>
        </Page>
    }
}
