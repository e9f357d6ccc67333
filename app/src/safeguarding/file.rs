//! One concern: what was said, what was done since, and what the lead adds.

use leptos::prelude::*;
use wellfield_core::ids::ConcernId;
use wellfield_core::safeguarding::{Concern, ConcernRead, Entry, FollowUp, follow};
use wellfield_core::text::{Paragraph, TextError};

use super::gate::ConcernsKey;
use super::raise::sharing_words;
use crate::attendance::text_error;
use crate::platform::{nfc, random_bytes};
use crate::screen::{Here, concern_param};
use crate::ui::{
    ErrorSummary, FieldErrors, Page, Radios, SummaryList, SummaryRow, TextArea, focus_heading,
};
use crate::wording::{Moments, Words, words};

/// The concern in the address.
#[component]
pub fn ConcernPage() -> impl IntoView {
    let w = words();
    let here = Here::find();
    let key: ConcernsKey = expect_context();
    let read = Memo::new(move |_| {
        let concern = concern_param()?;
        here.tablet
            .records
            .with(|records| key.with(|key| records.concerns.opened(concern, key)))
            .flatten()
    });
    let about = move || {
        read.with(|read| {
            let said = read.as_ref()?.said.as_ref()?;
            Some(said.about.to_string())
        })
        .unwrap_or_else(|| w.lead_other_sheet().to_owned())
    };
    view! {
        <Page title=w.lead_concern() back="/app/concerns">
            <h2 class="govuk-heading-l">{about}</h2>
            {move || read.get().and_then(|read| read.said).map(|said| view! { <Said said/> })}
            {move || read.get().map(|read| view! { <Chronology read/> })}
            {concern_param().map(|concern| view! { <Add concern/> })}
        </Page>
    }
}

#[component]
fn Said(said: Concern) -> impl IntoView {
    let w = words();
    let yes_no = move |yes: bool| if yes { w.concern_yes() } else { w.concern_no() };
    let or_none =
        move |text: Option<String>| text.unwrap_or_else(|| w.person_not_recorded().to_owned());
    let sharing = sharing_words(w, said.sharing);
    let sharing = said.sharing_reason.map_or_else(
        || sharing.to_owned(),
        |reason| format!("{sharing}: {reason}"),
    );
    view! {
        <SummaryList>
            <SummaryRow key=w.concern_words() value=said.words.to_string()/>
            <SummaryRow key=w.concern_when() value=said.when.to_string()/>
            <SummaryRow key=w.concern_place() value=said.place.to_string()/>
            <SummaryRow key=w.concern_action() value=or_none(said.action.map(|text| text.to_string()))/>
            <SummaryRow key=w.concern_emergency() value=yes_no(said.emergency_called)/>
            <SummaryRow key=w.concern_told() value=or_none(said.told.map(|text| text.to_string()))/>
            <SummaryRow key=w.concern_sharing() value=sharing/>
        </SummaryList>
    }
}

fn entry_words(w: Words, entry: &Entry) -> (&'static str, String) {
    match &entry.added {
        Some(FollowUp::Note(text)) => (w.lead_note(), text.to_string()),
        Some(FollowUp::Outcome(text)) => (w.lead_outcome(), text.to_string()),
        Some(FollowUp::Closed(text)) => (w.lead_closed(), text.to_string()),
        None => (w.lead_note(), w.lead_other_sheet().to_owned()),
    }
}

#[component]
fn Chronology(read: ConcernRead) -> impl IntoView {
    let w = words();
    let here = Here::find();
    let by = move |stamp: wellfield_core::heads::Stamp| {
        let who = here
            .with_now(|delivery| {
                stamp
                    .by
                    .and_then(|staff| delivery.staff_name(staff))
                    .map(ToOwned::to_owned)
            })
            .flatten()
            .unwrap_or_default();
        w.consent_recorded_by(&who, &w.moment(stamp.at.instant()))
    };
    let raised = by(read.stamp);
    view! {
        <h2 class="govuk-heading-m">{w.lead_chronology()}</h2>
        <ol class="govuk-list">
            <li><b>{w.lead_raised()}</b>" · "{raised}</li>
            {read
                .entries
                .iter()
                .map(|entry| {
                    let (kind, text) = entry_words(w, entry);
                    view! { <li><b>{kind}</b>" · "{by(entry.stamp)}<br/>{text}</li> }
                })
                .collect_view()}
        </ol>
    }
}

/// Which kind of entry is added.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Note,
    Outcome,
    Closed,
}

#[component]
fn Add(concern: ConcernId) -> impl IntoView {
    let w = words();
    let here = Here::find();
    let key: ConcernsKey = expect_context();
    let kind = RwSignal::new(Some(Kind::Note));
    let text = RwSignal::new(String::new());
    let errors: FieldErrors = RwSignal::new(Vec::new());
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let typed = match text.with_untracked(|typed| Paragraph::typed(typed, nfc)) {
            Ok(typed) => typed,
            Err(error) => {
                let said = match error {
                    TextError::Empty => w.lead_text_missing().to_owned(),
                    other => text_error(w, other),
                };
                return errors.set(vec![("text", said)]);
            }
        };
        let added = match kind.get_untracked() {
            Some(Kind::Outcome) => FollowUp::Outcome(typed),
            Some(Kind::Closed) => FollowUp::Closed(typed),
            Some(Kind::Note) | None => FollowUp::Note(typed),
        };
        let draft = key.with(|key| follow(key.sealing_key(), concern, &added, random_bytes()));
        if let Some(Ok(draft)) = draft {
            errors.set(Vec::new());
            here.save_then(vec![draft], move || {
                text.set(String::new());
                focus_heading();
            });
        }
    };
    let kinds = vec![
        (Kind::Note, w.lead_note().to_owned()),
        (Kind::Outcome, w.lead_outcome().to_owned()),
        (Kind::Closed, w.lead_close().to_owned()),
    ];
    view! {
        <h2 class="govuk-heading-m">{w.lead_add()}</h2>
        <ErrorSummary errors/>
        <form on:submit=submit novalidate autocomplete="off">
            <Radios id="kind" legend=w.lead_kind() options=kinds value=kind errors/>
            <TextArea id="text" label=w.lead_text() value=text errors rows=5/>
            <button type="submit" class="govuk-button">{w.action_save()}</button>
        </form>
    }
}
