//! The first screen: today's session, what else there is, and what is still to be sent.

use leptos::prelude::*;
use wellfield_core::attendance::is_expected;
use wellfield_core::clock::Date;
use wellfield_core::ids::SessionId;
use wellfield_core::programme::{SessionDay, SessionPlanned, session_day, sessions_in_order};
use wellfield_core::records::Delivery;

use crate::screen::Here;
use crate::sent::LowRoom;
use crate::shell::UpdateOffer;
use crate::ui::{Icon, Page};
use crate::wording::{Words, words};

#[derive(Clone, PartialEq)]
struct Card {
    session: SessionId,
    day: SessionDay,
    when: String,
    title: String,
    expected: u64,
    place: String,
}

fn card(w: Words, delivery: &Delivery, session: &SessionPlanned, today: Date) -> Card {
    let day = session_day(session, today);
    let hours = w.hours(session.starts, session.ends);
    let when = match day {
        SessionDay::Today => w.today_when_today(&hours),
        _ => w.today_when(&w.day(session.date), &hours),
    };
    let site = delivery
        .programme()
        .map(|programme| programme.site.to_string());
    Card {
        session: session.session,
        day,
        when,
        title: w.today_session(&session.number),
        expected: delivery
            .people()
            .filter(|(_, person)| is_expected(person, session.date))
            .count() as u64,
        place: session
            .place
            .as_ref()
            .map(ToString::to_string)
            .or(site)
            .unwrap_or_default(),
    }
}

/// Today.
#[component]
pub fn Today() -> impl IntoView {
    let day: RwSignal<Date> = expect_context();
    move || {
        // A new day makes the page anew, caption and all.
        day.track();
        view! { <TodayOn/> }
    }
}

#[component]
fn TodayOn() -> impl IntoView {
    let w = words();
    let here = Here::find();
    let day: RwSignal<Date> = expect_context();
    let cards = Memo::new(move |_| {
        let today = day.get();
        here.with(|delivery| {
            sessions_in_order(delivery)
                .into_iter()
                .map(|session| card(w, delivery, session, today))
                .collect::<Vec<_>>()
        })
        .unwrap_or_default()
    });
    let on = move |day: SessionDay| cards.get().into_iter().filter(move |card| card.day == day);
    let now = move || on(SessionDay::Today).collect::<Vec<_>>();
    view! {
        <Page title=w.today_title() caption=w.day(day.get_untracked())>
            <UpdateOffer/>
            <LowRoom/>
            <Show when=move || cards.with(Vec::is_empty)>
                <div class="app-empty"><p>{w.today_nothing_yet()}</p></div>
            </Show>
            <ul class="app-today">
                {move || now().into_iter().map(|card| today_cards(w, &card)).collect_view()}
            </ul>
            <Show when=move || now().is_empty() && !cards.with(Vec::is_empty)>
                <div class="app-empty"><p>{w.today_none_today()}</p></div>
            </Show>
            <Show when=move || on(SessionDay::ToCome).next().is_some()>
                <h2 class="govuk-heading-m">{w.today_to_come()}</h2>
                <ul class="app-today">
                    {move || on(SessionDay::ToCome).take(2).map(|card| later_card(w, &card)).collect_view()}
                </ul>
            </Show>
            <Show when=move || on(SessionDay::Past).next().is_some()>
                <details class="govuk-details">
                    <summary class="govuk-details__summary">
                        <span class="govuk-details__summary-text">{w.today_past()}</span>
                    </summary>
                    <ul class="app-today">
                        {move || {
                            let mut past: Vec<_> = on(SessionDay::Past).collect();
                            past.reverse();
                            past.iter().map(|card| later_card(w, card)).collect_view()
                        }}
                    </ul>
                </details>
            </Show>
        </Page>
    }
}

fn today_cards(w: Words, card: &Card) -> impl IntoView + use<> {
    let address = format!("/app/session/{}", card.session);
    let plain = |path: &str, icon: &'static str, title: &'static str| {
        view! {
            <li>
                <a class="app-today__card app-today__card--plain" href=format!("{address}/{path}")>
                    <Icon name=icon/>
                    <span class="app-today__title">{title}</span>
                    <Icon name="arrow-right" class="app-icon app-icon--turn"/>
                </a>
            </li>
        }
    };
    let actions = (
        plain("hand-over", "hand-over", w.pulse_hand_over()),
        plain("on-site", "people", w.onsite_title()),
        plain("notes", "note", w.notes_title()),
    );
    (main_card(w, card, "app-today__card"), actions)
}

fn later_card(w: Words, card: &Card) -> impl IntoView + use<> {
    main_card(w, card, "app-today__card app-today__card--later")
}

fn main_card(w: Words, card: &Card, class: &'static str) -> impl IntoView + use<> {
    let Card {
        session,
        when,
        title,
        expected,
        place,
        ..
    } = card.clone();
    view! {
        <li>
            <a class=class href=format!("/app/session/{session}")>
                <Icon name="arrow-right" class="app-icon app-icon--turn"/>
                <span class="app-today__when">{when}</span>
                <span class="app-today__title">{title}</span>
                <span class="app-today__meta">
                    <span><Icon name="people"/>" "{w.today_expected(expected)}</span>
                    <span><Icon name="map-pin"/>" "{place}</span>
                </span>
            </a>
        </li>
    }
}
