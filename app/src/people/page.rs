//! A person's page: what helps, what was agreed, whom to call, what they consented to.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use wellfield_core::consent::photo_permission;
use wellfield_core::ids::{PersonId, SessionId};
use wellfield_core::people::{AccessNeed, Contact, Joined, PersonRecorded};

use super::NoPerson;
use super::needs::met_tag;
use crate::consent::ConsentList;
use crate::screen::{Here, person_param};
use crate::ui::{CallButton, Icon, Page, PhotoTag, SummaryList, SummaryRow, access_word};
use crate::wording::{Words, words};

/// The page of the person in the address.
#[component]
pub fn PersonPage() -> impl IntoView {
    let w = words();
    let here = Here::find();
    let Some(person) = person_param() else {
        return view! { <NoPerson/> }.into_any();
    };
    let Some(name) = here
        .with_now(|delivery| {
            delivery
                .person(person)
                .map(|p| p.details.preferred_name.to_string())
        })
        .flatten()
    else {
        return view! { <NoPerson/> }.into_any();
    };
    let session: Option<SessionId> = use_query_map()
        .with_untracked(|query| query.get("session").and_then(|text| text.parse().ok()));
    let back = session.map_or("/app/".to_owned(), |session| {
        format!("/app/session/{session}")
    });
    let details = Memo::new(move |_| {
        here.with(|delivery| delivery.person(person).cloned())
            .flatten()
    });
    let photos =
        Memo::new(move |_| here.with(|delivery| photo_permission(&delivery.consent, person)));
    view! {
        <Page title=name window=w.person_caption() caption=w.person_caption() back=back>
            {move || details.get().map(|recorded| view! { <Details recorded/> })}
            <p class="govuk-body">
                <a class="govuk-button govuk-button--secondary" href=format!("/app/person/{person}/change")>{w.person_change()}</a>
            </p>
            <h2 class="govuk-heading-m">{w.consent_title()}</h2>
            <p class="govuk-body">{move || photos.get().map(|permission| view! { <PhotoTag permission/> })}</p>
            <ConsentList person/>
            <p class="govuk-body">
                <a class="govuk-link govuk-link--tap" href=format!("/app/person/{person}/concern")>{w.concern_link_person()}</a>
            </p>
            <p class="govuk-body">
                <a class="govuk-link govuk-link--tap" href=format!("/app/person/{person}/accident")>{w.accident_link()}</a>
            </p>
        </Page>
    }
    .into_any()
}

#[component]
fn Details(recorded: PersonRecorded) -> impl IntoView {
    let w = words();
    let details_needed = recorded.details_needed();
    let person = recorded.person;
    let details = recorded.details;
    let no_needs = details.access.is_empty();
    let recorded_text =
        move |text: Option<String>| text.unwrap_or_else(|| w.person_not_recorded().to_owned());
    let needs = details
        .access
        .iter()
        .map(|need| view! { <Need person need=*need/> });
    let needs = needs.collect_view();
    view! {
        <div class="app-person">
            <div class="app-stack">
                {details_needed.then(|| view! { <DetailsNeeded person/> })}
                <section class="app-card" aria-labelledby="needs">
                    <h2 class="app-card__heading" id="needs">{w.person_needs()}</h2>
                    {if no_needs {
                        view! { <p class="govuk-body">{w.person_no_needs()}</p> }.into_any()
                    } else {
                        view! {
                            <ul class="app-needs">{needs}</ul>
                            <p class="govuk-body"><a class="govuk-link govuk-link--tap" href=format!("/app/person/{person}/needs")>{w.need_met_ask()}</a></p>
                        }
                            .into_any()
                    }}
                    {details.access_note.map(|note| view! { <p class="govuk-body">{note.to_string()}</p> })}
                </section>
                <SummaryList>
                    <SummaryRow key=w.person_support() value=recorded_text(details.agreed_support.map(|text| text.to_string()))/>
                    <Supporter contact=details.supporter/>
                    <SummaryRow key=w.person_joined() value=joined_words(w, recorded.joined)/>
                </SummaryList>
            </div>
            <Emergency contact=details.emergency/>
        </div>
    }
}

/// What somebody needs, and whether it was there.
#[component]
fn Need(person: PersonId, need: AccessNeed) -> impl IntoView {
    let w = words();
    let here = Here::find();
    let (icon, word) = access_word(w, need);
    let met = move || {
        let met = here.with_person(person, |delivery| delivery.needs.met(person, need));
        met.flatten().map(|met| format!(" · {}", met_tag(w, met)))
    };
    view! { <li class="app-tag"><Icon name=icon/>{word}{met}</li> }
}

/// Says what is missing, and leads to where it is put right.
#[component]
fn DetailsNeeded(person: PersonId) -> impl IntoView {
    let w = words();
    view! {
        <div class="app-notice app-notice--warn">
            <Icon name="triangle-alert"/>
            <div class="app-notice__body">
                <p>{w.person_details_needed_text()}</p>
                <p><a class="govuk-link govuk-link--tap" href=format!("/app/person/{person}/change")>{w.person_change()}</a></p>
            </div>
        </div>
    }
}

/// Who is responsible for the person's care, to be rung like the emergency contact.
#[component]
fn Supporter(contact: Option<Contact>) -> impl IntoView {
    let w = words();
    view! {
        <div class="govuk-summary-list__row">
            <dt class="govuk-summary-list__key">{w.person_supporter()}</dt>
            <dd class="govuk-summary-list__value">
                {match contact {
                    Some(contact) => view! { <CallButton contact/> }.into_any(),
                    None => w.person_not_recorded().into_any(),
                }}
            </dd>
        </div>
    }
}

fn joined_words(w: Words, joined: Joined) -> &'static str {
    match joined {
        Joined::Enrolled => w.person_joined_enrolled(),
        Joined::WalkIn => w.person_joined_walk_in(),
    }
}

#[component]
fn Emergency(contact: Option<Contact>) -> impl IntoView {
    let w = words();
    view! {
        <section class="app-contact" aria-labelledby="emergency">
            <h2 class="app-contact__title" id="emergency">{w.person_emergency()}</h2>
            {match contact {
                Some(contact) => {
                    view! { <CallButton contact/> }.into_any()
                }
                None => view! { <p class="govuk-body">{w.person_no_emergency()}</p> }.into_any(),
            }}
        </section>
    }
}
