//! Referrals as they arrived, and what became of each.

use leptos::prelude::*;
use wellfield_core::clock::Instant;
use wellfield_core::referral::{
    Answer, ContactWay, Doubt, ReferralAnswered, ReferralReceived, ReferralView, Referrer, Tray,
    sort,
};

use super::answer_referral::AnswerReferral;
use crate::screen::{Here, referral_param};
use crate::ui::{Page, SummaryList, SummaryRow, access_word, unbroken};
use crate::wording::{Moments, Words, words};

/// A referral as its card shows it.
#[derive(Clone, PartialEq)]
struct Card {
    at: Instant,
    received: ReferralReceived,
    tray: Tray,
    answered: Option<ReferralAnswered>,
    waits: bool,
}

impl From<ReferralView<'_>> for Card {
    fn from(view: ReferralView<'_>) -> Self {
        Self {
            at: view.head.stamp.at.instant(),
            received: view.head.value.clone(),
            tray: view.tray(),
            answered: view.answered.map(|head| head.value.clone()),
            waits: view.waits(),
        }
    }
}

/// The referral in the address, to be answered; without one, every referral.
#[component]
pub fn ReferralsReceived() -> impl IntoView {
    match referral_param() {
        Some(referral) => view! { <AnswerReferral referral/> }.into_any(),
        None => view! { <AllReferrals/> }.into_any(),
    }
}

/// Every referral: first who waits, then the latest; those that may not be from a person below the others.
#[component]
fn AllReferrals() -> impl IntoView {
    let w = words();
    let here = Here::find();
    let cards = Memo::new(move |_| {
        here.tablet.records.with(|records| {
            let casework = records.casework(here.programme);
            let all = casework.map(|casework| casework.referrals.by_waiting());
            let all = all.unwrap_or_default().into_iter();
            all.map(Card::from).collect::<Vec<_>>()
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

/// What was answered to a referral.
pub(super) fn answer_words(w: Words, answer: Answer) -> &'static str {
    match answer {
        Answer::PlaceOffered => w.referrals_answer_offered(),
        Answer::Joined => w.referrals_answer_joined(),
        Answer::NotReached => w.referrals_answer_not_reached(),
        Answer::NotSuitable => w.referrals_answer_not_suitable(),
        Answer::Withdrawn => w.referrals_answer_withdrawn(),
    }
}

/// How far a referral is, and the way to answering it.
#[component]
fn Answered(card: Card) -> impl IntoView {
    let w = words();
    let form = &card.received.form;
    let answer = card.answered.as_ref().map(|answered| answered.answer);
    let class = if card.waits {
        "app-tag app-tag--strong"
    } else {
        "app-tag"
    };
    let said = answer.map_or(w.referrals_waits(), |answer| answer_words(w, answer));
    let note = card.answered.and_then(|answered| answered.note);
    let name = form.name.to_string();
    view! {
        <p class="govuk-body"><span class=class>{said}</span></p>
        {note.map(|note| view! { <p class="govuk-body">{note.to_string()}</p> })}
        <a class="govuk-button" href=format!("/app/coordinator/referrals/{}", form.referral)>
            {w.referrals_answer()}
            <span class="govuk-visually-hidden">": "{name}</span>
        </a>
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

/// What a link worker said of themselves, and of what they agreed.
fn referred_by(w: Words, by: &Referrer) -> Vec<(&'static str, String)> {
    let support = by.agreed_support.as_ref().map(ToString::to_string);
    let emergency = by.emergency.as_ref();
    let emergency =
        emergency.map(|contact| format!("{}, {}", contact.name, unbroken(contact.phone.as_str())));
    let said = format!("{}, {}", by.name, unbroken(by.contact.as_str()));
    let more = [
        (w.person_support(), support),
        (w.person_emergency(), emergency),
    ];
    let more = more
        .into_iter()
        .filter_map(|(key, value)| Some((key, value?)));
    core::iter::once((w.referrals_by(), said))
        .chain(more)
        .collect()
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
    let referred = card.received.referrer.as_ref().map(|by| referred_by(w, by));
    let rows = referred.unwrap_or_default().into_iter().chain(rows);
    view! {
        <article class="app-card" aria-labelledby=labelled>
            <h2 class="app-card__heading" id=heading>{form.name.to_string()}</h2>
            {(card.tray == Tray::List).then(|| view! { <Answered card=card.clone()/> })}
            <SummaryList>
                {rows.map(|(key, value)| view! { <SummaryRow key value/> }).collect_view()}
            </SummaryList>
            <Sorting card/>
        </article>
    }
}
