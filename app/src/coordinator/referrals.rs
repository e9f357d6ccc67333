//! Self-referrals as they arrived.

use leptos::prelude::*;
use wellfield_core::clock::Instant;
use wellfield_core::referral::{ContactWay, Doubt, ReferralReceived, Tray, sort};

use crate::screen::Here;
use crate::ui::{Page, SummaryList, SummaryRow, access_word};
use crate::wording::{Moments, Words, words};

/// A referral as its card shows it.
#[derive(Clone, PartialEq)]
struct Card {
    at: Instant,
    received: ReferralReceived,
    tray: Tray,
}

/// Every self-referral, latest first; those that may not be from a person below the others.
#[component]
pub fn ReferralsReceived() -> impl IntoView {
    let w = words();
    let here = Here::find();
    let cards = Memo::new(move |_| {
        here.tablet.records.with(|records| {
            let casework = records.casework(here.programme);
            let all = casework.map(|casework| casework.referrals.all());
            let all = all.unwrap_or_default().into_iter();
            all.map(|view| Card {
                at: view.head.stamp.at.instant(),
                received: view.head.value.clone(),
                tray: view.tray(),
            })
            .collect::<Vec<_>>()
        })
    });
    let lying = move |tray: Tray| {
        let cards = cards.get().into_iter();
        cards
            .filter(|card| card.tray == tray)
            .map(|card| view! { <Referral card/> })
            .collect_view()
    };
    let any_to_check =
        Memo::new(move |_| cards.with(|cards| cards.iter().any(|card| card.tray == Tray::Check)));
    view! {
        <Page title=w.referrals_title() back="/app/coordinator">
            <Show when=move || cards.with(Vec::is_empty)>
                <div class="app-empty"><p>{w.referrals_none()}</p></div>
            </Show>
            {move || lying(Tray::List)}
            <Show when=move || any_to_check.get()>
                <section aria-labelledby="to-check">
                    <h2 class="govuk-heading-m" id="to-check">{w.referrals_check_title()}</h2>
                    <p class="govuk-body">{w.referrals_check_text()}</p>
                    {move || lying(Tray::Check)}
                </section>
            </Show>
        </Page>
    }
}

fn doubt_words(w: Words, doubt: Doubt) -> &'static str {
    match doubt {
        Doubt::Trap => w.referrals_doubt_trap(),
        Doubt::Hurried => w.referrals_doubt_hurried(),
        Doubt::NoProof => w.referrals_doubt_no_proof(),
        Doubt::Crowd => w.referrals_doubt_crowd(),
        Doubt::Rush => w.referrals_doubt_rush(),
    }
}

/// Why a referral may not be from a person, and the way to the other tray. To put it back is to undo.
#[component]
fn Sorting(card: Card) -> impl IntoView {
    let w = words();
    let here = Here::find();
    let (referral, name) = (
        card.received.form.referral,
        card.received.form.name.to_string(),
    );
    let (to, label) = match card.tray {
        Tray::Check => (Tray::List, w.referrals_to_list()),
        Tray::List => (Tray::Check, w.referrals_to_check()),
    };
    let move_it = move |_| {
        here.save_with(move |records| {
            sort(records, here.programme, referral, to).map(|draft| vec![draft])
        });
    };
    let reasons = (card.tray == Tray::Check && !card.received.doubts.is_empty()).then(|| {
        let doubts = card.received.doubts.iter();
        let lines = doubts.map(|doubt| view! { <li>{doubt_words(w, *doubt)}</li> });
        view! { <ul class="govuk-list govuk-list--bullet">{lines.collect_view()}</ul> }
    });
    view! {
        {reasons}
        <button type="button" class="govuk-button govuk-button--secondary" on:click=move_it>
            {label}
            <span class="govuk-visually-hidden">": "{name}</span>
        </button>
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
fn Referral(card: Card) -> impl IntoView {
    let w = words();
    let form = card.received.form.clone();
    let when = w.moment(card.at);
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
            <Sorting card/>
        </article>
    }
}
