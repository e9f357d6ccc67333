//! Who is on site now: arrived and not left. The list for an evacuation, readable without signal.

use leptos::prelude::*;
use wellfield_core::attendance::on_site;
use wellfield_core::people::Contact;

use super::mark_words;
use super::register::NoSession;
use crate::screen::{Here, session_param};
use crate::ui::{Icon, Page, access_word};
use crate::wording::words;

#[derive(Clone, PartialEq)]
struct Present {
    address: String,
    name: String,
    detail: String,
    support: Option<String>,
    emergency: Option<Contact>,
}

/// Who is on site now.
#[component]
pub fn OnSite() -> impl IntoView {
    let w = words();
    let here = Here::find();
    let Some(session) = session_param() else {
        return view! { <NoSession/> }.into_any();
    };
    let people = Memo::new(move |_| {
        here.with(|delivery| {
            on_site(delivery, session)
                .iter()
                .map(|row| {
                    let details = &row.details.details;
                    let head = row.standing.shown();
                    let since = mark_words(w, row.mark(), head.map(|head| &head.stamp));
                    let check = row.standing.needs_choice().then(|| w.check_title());
                    let needs = details.access.iter().map(|need| access_word(w, *need).1);
                    Present {
                        address: format!("/app/person/{}?session={session}", row.person),
                        name: details.preferred_name.to_string(),
                        detail: std::iter::once(since.as_str())
                            .chain(check)
                            .chain(needs)
                            .collect::<Vec<_>>()
                            .join(" · "),
                        support: details.agreed_support.as_ref().map(ToString::to_string),
                        emergency: details.emergency.clone(),
                    }
                })
                .collect::<Vec<_>>()
        })
        .unwrap_or_default()
    });
    let row = move |present: Present| {
        view! {
            <li>
                <span class="app-onsite__name">
                    <a class="govuk-link" href=present.address>{present.name}</a>
                    <small>{present.detail}</small>
                    {present.support.map(|support| view! { <small>{w.onsite_support(&support)}</small> })}
                </span>
                {match present.emergency {
                    Some(contact) => view! { <CallButton contact/> }.into_any(),
                    None => view! { <span class="app-tag app-tag--strong">{w.onsite_no_contact()}</span> }.into_any(),
                }}
            </li>
        }
    };
    view! {
        <Page title=w.onsite_title() back=format!("/app/session/{session}")>
            <p class="app-onsite__count" role="status">{move || w.onsite_count(people.with(Vec::len) as u64)}</p>
            <ul class="app-onsite">{move || people.get().into_iter().map(row).collect_view()}</ul>
            <Show when=move || people.with(Vec::is_empty)>
                <div class="app-empty"><p>{w.onsite_nobody()}</p></div>
            </Show>
        </Page>
    }
    .into_any()
}

/// A button that rings somebody.
#[component]
pub fn CallButton(contact: Contact) -> impl IntoView {
    let w = words();
    let number: String = contact
        .phone
        .as_str()
        .chars()
        .filter(|c| c.is_ascii_digit() || *c == '+')
        .collect();
    let who = match &contact.relation {
        Some(relation) => format!("{}, {relation}", contact.name),
        None => contact.name.to_string(),
    };
    view! {
        <a class="govuk-button govuk-button--secondary" href=format!("tel:{number}") rel="external">
            <Icon name="phone"/>
            {w.onsite_call(&contact.phone, &who)}
        </a>
    }
}
