//! What the programme is, where, when, how to get there, cost, access, what to expect.

use leptos::prelude::*;
use wellfield_core::offer::{OfferPublished, in_order};
use wellfield_core::referral::Question;

use super::app::{ALL, View};
use crate::ui::{Icon, Page, RingLink};
use crate::wording::words;

/// Every offer, for the person to choose one.
pub(super) fn offer_list(offers: &[OfferPublished]) -> impl IntoView + use<> {
    let w = words();
    let cards = in_order(offers, w.0)
        .into_iter()
        .map(|(offer, text)| {
            let lang = text.language.tag();
            view! {
                <li>
                    <a class="app-offer" href=View::Offer.of(offer.programme) rel="external">
                        <span class="app-offer__name" lang=lang>{text.name.to_string()}</span>
                        <span class="app-offer__fact">
                            <Icon name="map-pin"/>
                            <span><span class="govuk-visually-hidden">{w.offer_where()}": "</span><span lang=lang>{text.place.to_string()}</span></span>
                        </span>
                        <span class="app-offer__fact">
                            <Icon name="calendar"/>
                            <span><span class="govuk-visually-hidden">{w.offer_when()}": "</span><span lang=lang>{text.when.to_string()}</span></span>
                        </span>
                        <Icon name="arrow-right" class="app-icon app-icon--turn app-offer__go"/>
                    </a>
                </li>
            }
        })
        .collect_view();
    view! {
        <Page title=w.offer_choose()>
            <p class="govuk-body">{w.offer_choose_text()}</p>
            <ul class="app-offers">{cards}</ul>
        </Page>
    }
}

/// The offer, with "Refer myself" at both ends.
#[component]
pub(super) fn OfferPage(
    offer: OfferPublished,
    /// Whether there are others to choose from.
    several: bool,
) -> impl IntoView {
    let w = words();
    let Some(text) = offer.text(w.0).cloned() else {
        return ().into_any();
    };
    crate::platform::document().set_title(&format!("{} – {}", text.name, w.brand_name()));
    let refer = View::Question(Question::Name).of(offer.programme);
    let lang = text.language.tag();
    let facts = [
        ("map-pin", w.offer_where(), text.place),
        ("calendar", w.offer_when(), text.when),
        ("bus", w.offer_getting_there(), text.getting_there),
        ("pound", w.offer_cost(), text.cost),
        ("access", w.offer_access(), text.access),
        ("trowel", w.offer_expect(), text.expect),
    ];
    view! {
        <main id="main" tabindex="-1">
            <div class="app-hero">
                <div class="app-hero__inner">
                    {several.then(|| view! { <a class="govuk-back-link" href=ALL rel="external">{w.offer_all()}</a> })}
                    <h1 class="app-hero__title" tabindex="-1" lang=lang>{text.name.to_string()}</h1>
                    <p class="app-hero__lead" lang=lang>{text.what.to_string()}</p>
                    <div class="app-hero__actions">
                        <a class="govuk-button govuk-button--start" href=refer.clone() rel="external">{w.refer_start()}</a>
                    </div>
                </div>
                <HeroArt/>
            </div>
            <div class="app-main">
                <dl class="app-facts">
                    {facts
                        .map(|(icon, title, text)| {
                            view! {
                                <div class="app-fact">
                                    <Icon name=icon/>
                                    <dt>{title}</dt>
                                    <dd lang=lang>{text.to_string()}</dd>
                                </div>
                            }
                        })
                        .into_iter()
                        .collect_view()}
                </dl>
                <h2 class="govuk-heading-m">{w.offer_next()}</h2>
                <ol class="app-steps">
                    <li>{w.offer_next_tell()}</li>
                    <li>{w.offer_next_answer()}</li>
                    <li>{w.offer_next_visit()}</li>
                </ol>
                <div class="app-refer">
                    <h2 class="app-refer__title">{w.offer_ready()}</h2>
                    <a class="govuk-button govuk-button--start" href=refer rel="external">{w.refer_start()}</a>
                    <p class="govuk-body"><RingLink phone=offer.phone words=move |phone| w.offer_ring(&phone)/>" "{w.offer_talk()}</p>
                </div>
            </div>
        </main>
    }
    .into_any()
}

/// A field, hills, tents and a trench. Decoration only.
#[component]
fn HeroArt() -> impl IntoView {
    view! {
        <svg class="app-hero__art" viewBox="0 0 1440 260" preserveAspectRatio="xMidYMax slice" aria-hidden="true" focusable="false">
            <circle class="app-art-1" cx="960" cy="92" r="62"></circle>
            <path class="app-art-5" d="M0 118C150 70 300 62 470 96s300 44 480 6 340-38 490-4v162H0Z"></path>
            <path class="app-art-7" d="M0 150c170-40 330-42 520-14s330 26 520-6 280-22 400 4v126H0Z"></path>
            <g class="app-art-tent">
                <path d="M604 164 650 96l46 68Z"></path>
                <path d="M636 164l14-38 14 38"></path>
                <path d="M650 96V80l18 6-18 6M716 160 752 108l36 52Z"></path>
                <path d="M741 160l11-30 11 30"></path>
            </g>
            <path class="app-art-2" d="M0 178c220-36 420-34 640-14s540 26 800-8v104H0Z"></path>
            <path class="app-art-line" d="M0 236c70-34 160-58 300-70M120 260c60-44 150-76 300-94M280 260c44-42 120-74 230-92M430 260c32-38 90-68 170-86M580 260c20-32 60-58 116-74"></path>
            <path class="app-art-3" d="M860 208h300l52 52H800Z"></path>
            <path class="app-art-1" d="M882 222h260l9 9H872Z"></path>
            <path class="app-art-4" d="M872 231h279l28 29H842Z"></path>
        </svg>
    }
}
