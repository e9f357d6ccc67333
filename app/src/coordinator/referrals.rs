//! Self-referrals as they arrived.

use leptos::prelude::*;
use wellfield_core::referral::{ContactWay, SelfReferral};

use crate::screen::Here;
use crate::ui::{Page, SummaryList, SummaryRow, access_word};
use crate::wording::{Words, words};

/// Every self-referral, latest first.
#[component]
pub fn ReferralsReceived() -> impl IntoView {
    let w = words();
    let here = Here::find();
    let referrals = Memo::new(move |_| {
        here.tablet.records.with(|records| {
            records
                .casework(here.programme)
                .map(|casework| {
                    let all = casework.referrals.all();
                    all.iter()
                        .map(|head| (head.stamp.at, head.value.form.clone()))
                        .collect::<Vec<_>>()
                })
                .unwrap_or_default()
        })
    });
    view! {
        <Page title=w.referrals_title() back="/app/coordinator">
            <Show when=move || referrals.with(Vec::is_empty)>
                <div class="app-empty"><p>{w.referrals_none()}</p></div>
            </Show>
            {move || {
                referrals
                    .get()
                    .into_iter()
                    .map(|(at, form)| view! { <Referral form when=w.moment(at.instant())/> })
                    .collect_view()
            }}
        </Page>
    }
}

/// How somebody wants to be answered.
pub(crate) fn contact_way_words(w: Words, way: ContactWay) -> &'static str {
    match way {
        ContactWay::Telephone => w.refer_by_telephone(),
        ContactWay::TextMessage => w.refer_by_text(),
        ContactWay::Email => w.refer_by_email(),
    }
}

#[component]
fn Referral(form: SelfReferral, when: String) -> impl IntoView {
    let w = words();
    let reference = form.referral.reference();
    let heading = format!("referral-{reference}");
    let labelled = heading.clone();
    let needs: Vec<_> = form
        .access
        .iter()
        .map(|need| access_word(w, *need).1)
        .collect();
    let not_said = || w.refer_not_said().to_owned();
    let rows = [
        (w.referrals_reference(), reference),
        (w.referrals_received(), when),
        (
            contact_way_words(w, form.contact_way),
            form.contact.to_string(),
        ),
        (
            w.person_needs(),
            if needs.is_empty() {
                not_said()
            } else {
                needs.join(", ")
            },
        ),
        (
            w.person_access_note(),
            form.access_note
                .map_or_else(not_said, |text| text.to_string()),
        ),
        (
            w.referrals_hopes(),
            form.hopes.map_or_else(not_said, |text| text.to_string()),
        ),
        (
            w.referrals_supporter(),
            form.supporter
                .map_or_else(not_said, |text| text.to_string()),
        ),
        (
            w.settings_language(),
            Words(form.language).settings_language_name().to_owned(),
        ),
    ];
    view! {
        <article class="app-card" aria-labelledby=labelled>
            <h2 class="app-card__heading" id=heading>{form.name.to_string()}</h2>
            <SummaryList>
                {rows.map(|(key, value)| view! { <SummaryRow key value/> }).into_iter().collect_view()}
            </SummaryList>
        </article>
    }
}
