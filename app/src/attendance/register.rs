//! A session's register: one tap a person.

use gloo::timers::callback::Timeout;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wellfield_core::attendance::{MarkError, Summary, mark_the_rest, register_rows, summary};
use wellfield_core::clock::Date;
use wellfield_core::evaluation::due;
use wellfield_core::ids::{PersonId, SessionId};
use wellfield_core::programme::{SessionDay, SessionPlanned, session_day};

use super::row::RegisterRow;
use crate::evaluation::at;
use crate::history::History;
use crate::platform::{document, folded};
use crate::screen::Here;
use crate::ui::{Icon, Page, focus_heading};
use crate::wording::words;

/// Rows that are drawn with the page; more than a tablet shows at once.
const FIRST_ROWS: usize = 10;

/// The other rows follow after this, in milliseconds: once the page was drawn.
const AFTER_FIRST_ROWS_MS: u32 = 30;

/// The register of the session in the address.
#[component]
pub fn RegisterPage() -> impl IntoView {
    let w = words();
    let here = Here::find();
    let Some(plan) = here.session_plan() else {
        return view! { <NoSession/> }.into_any();
    };
    let caption = format!("{} · {}", w.day(plan.date), w.hours(plan.starts, plan.ends));
    view! {
        <Page title=w.register_title(&plan.number) caption=caption back="/app/">
            <Register plan/>
        </Page>
    }
    .into_any()
}

/// The session in the address is not on this tablet.
#[component]
pub fn NoSession() -> impl IntoView {
    let w = words();
    view! {
        <Page title=w.register_no_session() back="/app/">
            <p class="govuk-body">{w.register_no_session_text()}</p>
        </Page>
    }
}

#[component]
fn Register(plan: SessionPlanned) -> impl IntoView {
    let w = words();
    let here = Here::find();
    let session = plan.session;
    let search = RwSignal::new(String::new());
    // One reading of the register at each save; what did not change by it is not made again.
    let rows = Memo::new(move |_| {
        here.with(|delivery| {
            let rows = register_rows(delivery, session);
            let names = rows.iter().map(|row| {
                let name = row.details.details.preferred_name.to_string();
                (row.person, name)
            });
            (names.collect::<Vec<_>>(), summary(&rows))
        })
        .unwrap_or_default()
    });
    let names = Memo::new(move |_| rows.with(|(names, _)| names.clone()));
    let counts = Memo::new(move |_| rows.with(|(_, counts)| *counts));
    let shown = Memo::new(move |_| {
        let wanted = folded(search.get().trim());
        names.with(|names| {
            names
                .iter()
                .filter(|(_, name)| wanted.is_empty() || folded(name).contains(&wanted))
                .map(|(person, _)| *person)
                .collect::<Vec<PersonId>>()
        })
    });
    // What fits on a screen is drawn first, so that a hand need not wait for rows that nobody sees yet.
    let drawn = RwSignal::new(FIRST_ROWS);
    Timeout::new(AFTER_FIRST_ROWS_MS, move || {
        drawn.try_set(usize::MAX);
    })
    .forget();
    let address = format!("/app/session/{session}");
    view! {
        <Counts counts/>
        <div class="app-tools">
            <SearchField search/>
            <MarkTheRest session counts search/>
            <a class="govuk-button govuk-button--secondary" href=format!("{address}/add")>
                <Icon name="plus"/>{w.add_title()}
            </a>
        </div>
        <h2 class="govuk-visually-hidden">{w.register_people()}</h2>
        <ul class="app-register">
            <For
                each=move || shown.with(|shown| shown.iter().copied().take(drawn.get()).collect::<Vec<_>>())
                key=|person| *person
                let:person
            >
                <RegisterRow session person/>
            </For>
        </ul>
        <Show when=move || shown.with(Vec::is_empty)>
            <div class="app-empty">
                {move || {
                    if names.with(Vec::is_empty) {
                        view! { <p>{w.register_empty()}</p> }.into_any()
                    } else {
                        view! { <NoMatch search/> }.into_any()
                    }
                }}
            </div>
        </Show>
        <Also plan/>
    }
}

/// What else there is for the session.
#[component]
fn Also(plan: SessionPlanned) -> impl IntoView {
    let w = words();
    let today: RwSignal<Date> = expect_context();
    let session = plan.session;
    let address = format!("/app/session/{session}");
    let on_site = format!("{address}/on-site");
    // "Now" is nothing that the register of another day can tell.
    let is_today = move || session_day(&plan, today.get()) == SessionDay::Today;
    view! {
        <nav class="app-page__actions" aria-label=w.register_also()>
            <Show when=is_today>
                <a class="govuk-button govuk-button--secondary" href=on_site.clone()><Icon name="people"/>{w.onsite_title()}</a>
            </Show>
            <a class="govuk-button govuk-button--secondary" href=format!("{address}/hand-over")><Icon name="hand-over"/>{w.pulse_hand_over()}<StillToAsk session/></a>
            <a class="govuk-button govuk-button--secondary" href=format!("{address}/notes")><Icon name="note"/>{w.notes_title()}</a>
        </nav>
    }
}

/// So long after the register is there it is counted who waits for the survey, in milliseconds.
const COUNT_AFTER_MS: u32 = 400;

/// How many people are still to be asked the survey. It is counted after the register is drawn, once for
/// each time that it is opened, and on no tap: whoever hands the tablet over sees the list itself.
#[component]
fn StillToAsk(session: SessionId) -> impl IntoView {
    let w = words();
    let here = Here::find();
    let today: RwSignal<Date> = expect_context();
    let waiting = RwSignal::new(0usize);
    Effect::new(move |_| {
        if here.tablet.history.get() != History::Whole {
            return;
        }
        let count = move || {
            let all = here.with_now(|delivery| due(delivery, session, at(today.get_untracked())));
            let all = all.unwrap_or_default();
            // Gone, if somebody went to another screen meanwhile.
            waiting.try_set(all.iter().filter(|due| due.asked.is_open()).count());
        };
        Timeout::new(COUNT_AFTER_MS, count).forget();
    });
    move || match waiting.get() {
        0 => None,
        count => {
            Some(view! { " "<span class="app-count">{w.evaluation_to_ask(count as u64)}</span> })
        }
    }
}

#[component]
fn SearchField(search: RwSignal<String>) -> impl IntoView {
    let w = words();
    view! {
        <div class="app-search">
            <label class="govuk-visually-hidden" for="search">{w.register_search()}</label>
            <Icon name="search"/>
            <input
                class="govuk-input"
                id="search"
                type="search"
                autocomplete="off"
                placeholder=w.register_search()
                prop:value=move || search.get()
                on:input:target=move |event| search.set(event.target().value())
            />
        </div>
    }
}

/// Nobody is called what was typed.
#[component]
fn NoMatch(search: RwSignal<String>) -> impl IntoView {
    let w = words();
    let clear = move |_| {
        // The button goes, and the focus with it.
        if let Some(field) = document().get_element_by_id("search")
            && let Ok(field) = field.dyn_into::<web_sys::HtmlElement>()
        {
            let _ = field.focus();
        }
        search.set(String::new());
    };
    view! {
        <p>{w.register_no_match()}</p>
        <button type="button" class="govuk-button govuk-button--secondary" on:click=clear>{w.register_clear_search()}</button>
    }
}

#[component]
fn Counts(counts: Memo<Summary>) -> impl IntoView {
    let w = words();
    view! {
        <ul class="app-summary" aria-live="polite">
            <li class="app-summary__item app-summary__item--here"><Icon name="tick"/>{move || w.register_here(counts.get().here as u64)}</li>
            <li class="app-summary__item app-summary__item--away"><Icon name="cross"/>{move || w.register_not_here(counts.get().not_here as u64)}</li>
            <li class="app-summary__item"><Icon name="ring"/>{move || w.register_to_mark(counts.get().to_mark as u64)}</li>
            <Show when=move || { counts.get().to_check > 0 }>
                <li class="app-summary__item">
                    <Icon name="triangle-alert"/>
                    <a class="govuk-link govuk-link--tap" href="/app/check">{move || w.register_to_check(counts.get().to_check as u64)}</a>
                </li>
            </Show>
        </ul>
    }
}

/// Acts on rows without a mark and names their number. While a search hides some of them it is not
/// there, because nobody should mark people whom they do not see.
#[component]
fn MarkTheRest(
    session: SessionId,
    counts: Memo<Summary>,
    search: RwSignal<String>,
) -> impl IntoView {
    let w = words();
    let all_shown = move || search.with(|typed| typed.trim().is_empty());
    let here = Here::find();
    let programme = here.programme;
    let run = move |_| {
        // The button goes, and the focus with it.
        focus_heading();
        here.save_with(move |records| {
            Ok::<_, MarkError>(mark_the_rest(records, programme, session))
        });
    };
    view! {
        <Show when=move || { all_shown() && counts.get().to_mark > 0 }>
            <button type="button" class="govuk-button govuk-button--secondary" on:click=run>
                <Icon name="tick"/>{move || w.register_mark_rest(counts.get().to_mark as u64)}
            </button>
        </Show>
    }
}
