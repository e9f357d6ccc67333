//! Who is on site now: arrived and not left. The list for an evacuation, readable without signal.

use leptos::prelude::*;
use wellfield_core::attendance::on_site;
use wellfield_core::people::Contact;

use super::mark_words;
use super::register::NoSession;
use crate::screen::Here;
use crate::ui::{CallButton, Page, access_word};
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
    let Some(plan) = here.session_plan() else {
        return view! { <NoSession/> }.into_any();
    };
    let session = plan.session;
    let hours = w.hours(plan.starts, plan.ends);
    let caption = format!("{} · {hours}", w.session(&plan));
    let people = Memo::new(move |_| {
        here.with(|delivery| {
            on_site(delivery, session)
                .iter()
                .map(|row| {
                    let details = &row.details.details;
                    // Where two tablets disagree, whoever counts heads has to see both.
                    let marks: Vec<_> = row
                        .standing
                        .all()
                        .map(|head| mark_words(w, &head.value.mark, Some(&head.stamp)))
                        .collect();
                    let marks = marks.join(" / ");
                    let check = row.standing.needs_choice().then(|| w.check_title());
                    let needs = details.access.iter().map(|need| access_word(w, *need).1);
                    Present {
                        address: format!("/app/person/{}?session={session}", row.person),
                        name: details.preferred_name.to_string(),
                        detail: std::iter::once(marks.as_str())
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
                    <a class="govuk-link govuk-link--tap" href=present.address>{present.name}</a>
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
        <Page title=w.onsite_title() caption=caption back=format!("/app/session/{session}")>
            <p class="app-onsite__count" role="status">{move || w.onsite_count(people.with(Vec::len) as u64)}</p>
            <ul class="app-onsite">{move || people.get().into_iter().map(row).collect_view()}</ul>
            <Show when=move || people.with(Vec::is_empty)>
                <div class="app-empty"><p>{w.onsite_nobody()}</p></div>
            </Show>
        </Page>
    }
    .into_any()
}
