//! Two people who changed the same person's details: every version, one choice.

use leptos::prelude::*;
use wellfield_core::heads::Head;
use wellfield_core::ids::{EventId, PersonId};
use wellfield_core::people::{Contact, PersonRecorded, settle_details};
use wellfield_core::records::Delivery;

use super::record::device_words;
use crate::screen::Here;
use crate::ui::{Icon, access_word, focus_heading, unbroken};
use crate::wording::{Moments, Words, words};

#[derive(Clone, PartialEq)]
struct Version {
    id: EventId,
    lines: Vec<String>,
    who: String,
    when: String,
}

fn contact(contact: &Contact) -> String {
    format!("{} · {}", contact.name, unbroken(contact.phone.as_str()))
}

/// What is recorded of a person, a line each.
pub(super) fn details_lines(w: Words, recorded: &PersonRecorded) -> Vec<String> {
    let details = &recorded.details;
    let needs: Vec<_> = details
        .access
        .iter()
        .map(|need| access_word(w, *need).1)
        .collect();
    let not_recorded = || w.person_not_recorded().to_owned();
    let emergency = details
        .emergency
        .as_ref()
        .map_or_else(not_recorded, contact);
    let support = details
        .agreed_support
        .as_ref()
        .map_or_else(not_recorded, ToString::to_string);
    let lines = vec![
        details.preferred_name.to_string(),
        needs.join(", "),
        details
            .access_note
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default(),
        format!("{}: {support}", w.person_support()),
        format!("{}: {emergency}", w.person_emergency()),
        details.supporter.as_ref().map(contact).unwrap_or_default(),
    ];
    lines.into_iter().filter(|line| !line.is_empty()).collect()
}

fn version(w: Words, delivery: &Delivery, head: &Head<PersonRecorded>) -> Version {
    let by = head.stamp.by.and_then(|staff| delivery.staff_name(staff));
    Version {
        id: head.stamp.id,
        lines: details_lines(w, &head.value),
        who: by.map_or_else(
            || device_words(w, delivery, head.stamp.id.device),
            ToOwned::to_owned,
        ),
        when: w.moment(head.stamp.at.instant()),
    }
}

/// Every person whose details need a choice.
#[component]
pub(super) fn DetailsToCheck() -> impl IntoView {
    let w = words();
    let here = Here::find();
    let people = Memo::new(move |_| {
        here.with(|delivery| {
            delivery
                .people_to_check()
                .map(|(person, heads)| {
                    let versions = heads.heads().iter();
                    (
                        person,
                        versions
                            .map(|head| version(w, delivery, head))
                            .collect::<Vec<_>>(),
                    )
                })
                .collect::<Vec<_>>()
        })
        .unwrap_or_default()
    });
    move || {
        people
            .get()
            .into_iter()
            .map(|(person, versions)| view! { <DetailsChoice person versions/> })
            .collect_view()
    }
}

#[component]
fn DetailsChoice(person: PersonId, versions: Vec<Version>) -> impl IntoView {
    let w = words();
    let here = Here::find();
    let programme = here.programme;
    let heading = format!("details-{person}");
    let labelled = heading.clone();
    let name = versions
        .first()
        .and_then(|version| version.lines.first().cloned());
    let choose = move |chosen: EventId| {
        // The button goes, and the focus with it.
        focus_heading();
        here.save_with(move |records| {
            settle_details(records, programme, person, chosen).map(|draft| vec![draft])
        });
    };
    let versions = versions
        .into_iter()
        .map(|version| {
            let lines = version.lines.into_iter().map(|line| view! { <p>{line}</p> }).collect_view();
            view! {
                <div class="app-check__version">
                    {lines}
                    <p class="app-check__by">{format!("{} · {}", version.when, version.who)}</p>
                    <button type="button" class="govuk-button govuk-button--secondary" on:click=move |_| choose(version.id)>
                        {w.check_use_details(&version.when, &version.who)}
                    </button>
                </div>
            }
        })
        .collect_view();
    view! {
        <section class="app-check" aria-labelledby=labelled>
            <h2 class="app-check__title" id=heading>
                <Icon name="triangle-alert"/>
                {w.check_two_details(&name.unwrap_or_default())}
            </h2>
            <p class="app-check__why">{w.check_why()}</p>
            <div class="app-check__versions">{versions}</div>
        </section>
    }
}
