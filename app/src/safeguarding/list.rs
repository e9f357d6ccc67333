//! Every concern, for the lead.

use leptos::prelude::*;
use wellfield_core::safeguarding::ConcernRead;

use super::gate::ConcernsKey;
use crate::screen::Here;
use crate::ui::{Icon, Page};
use crate::wording::{Moments, words};

/// The list: the open concerns first, and of these the newest.
#[component]
pub fn ConcernList() -> impl IntoView {
    let w = words();
    let here = Here::find();
    let key: ConcernsKey = expect_context();
    let all = Memo::new(move |_| {
        here.tablet
            .records
            .with(|records| key.with(|key| records.concerns.all_opened(key)))
            .unwrap_or_default()
    });
    view! {
        <Page title=w.lead_title()>
            <Show when=move || all.with(Vec::is_empty)>
                <div class="app-empty"><p>{w.lead_none()}</p></div>
            </Show>
            <ul class="app-list">{move || all.get().into_iter().map(|read| view! { <Line read/> }).collect_view()}</ul>
            <p class="govuk-body">
                <button type="button" class="govuk-button govuk-button--secondary" on:click=move |_| key.lock()>{w.lead_lock()}</button>
            </p>
        </Page>
    }
}

#[component]
fn Line(read: ConcernRead) -> impl IntoView {
    let w = words();
    let here = Here::find();
    let is_closed = read.is_closed();
    let about = read.said.map_or_else(
        || w.lead_other_sheet().to_owned(),
        |said| said.about.to_string(),
    );
    let who = here
        .with_now(|delivery| {
            read.stamp
                .by
                .and_then(|staff| delivery.staff_name(staff))
                .map(ToOwned::to_owned)
        })
        .flatten()
        .unwrap_or_default();
    let when = w.consent_recorded_by(&who, &w.moment(read.stamp.at.instant()));
    view! {
        <li>
            <span class="app-list__main">
                <a class="govuk-link govuk-link--tap" href=format!("/app/concerns/{}", read.concern)>{about}</a>
                <small>{when}</small>
            </span>
            {if is_closed {
                view! { <span class="app-state app-state--sent"><Icon name="tick-solid"/>{w.lead_closed()}</span> }.into_any()
            } else {
                view! { <span class="app-state app-state--check"><Icon name="triangle-alert"/>{w.lead_is_open()}</span> }.into_any()
            }}
        </li>
    }
}
