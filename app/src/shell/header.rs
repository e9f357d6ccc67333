//! The header: whose programme this is, how sending goes, where one can go.

use leptos::prelude::*;
use leptos_router::hooks::use_location;

use crate::check::to_check_count;
use crate::coordinator::may_coordinate;
use crate::safeguarding::is_lead;
use crate::sent::stuck;
use crate::tablet::Tablet;
use crate::ui::Icon;
use crate::wording::{Moments, Words, words};

/// The header of every staff screen.
#[component]
pub fn Header() -> impl IntoView {
    let w = words();
    let tablet: Tablet = expect_context();
    let programme = move || {
        let programme = tablet.programme()?;
        tablet
            .records
            .with(|records| Some(records.delivery(programme)?.programme()?.name.to_string()))
    };
    let coordinator = may_coordinate(tablet);
    let lead = is_lead(tablet);
    let to_check = Memo::new(move |_| to_check_count(tablet));
    view! {
        <a class="govuk-skip-link" href="#main" rel="external">{w.shell_skip()}</a>
        <header class="app-header">
            <div class="app-header__row">
                <a class="app-header__name" href="/app/">
                    <Icon name="name-mark" class="app-header__mark"/>
                    <span class="app-header__words">
                        <span class="app-header__title">{w.brand_name()}</span>
                        <span class="app-header__programme">{programme}</span>
                    </span>
                </a>
                <SendingChip/>
            </div>
            <nav class="app-header__nav" aria-label=w.shell_navigation()>
                <ul>
                    <NavLink href="/app/" icon="home" text=w.today_title()/>
                    <NavLink href="/app/sent" icon="send" text=w.sent_title()/>
                    <li>
                        <a href="/app/check" aria-current=current("/app/check")>
                            <Icon name="triangle-alert"/>
                            <span>
                                {w.check_title()}
                                {move || {
                                    let n = to_check.get();
                                    (n > 0).then(|| view! { " "<span class="app-count">{n}</span> })
                                }}
                            </span>
                        </a>
                    </li>
                    {coordinator.then(|| view! { <NavLink href="/app/coordinator" icon="people" text=w.coordinator_title()/> })}
                    {lead.then(|| view! { <NavLink href="/app/concerns" icon="people" text=w.lead_title()/> })}
                    <NavLink href="/app/settings" icon="settings" text=w.settings_title()/>
                </ul>
            </nav>
        </header>
    }
}

fn current(href: &'static str) -> impl Fn() -> Option<&'static str> {
    let path = use_location().pathname;
    move || {
        let path = path.get();
        (path.trim_end_matches('/') == href.trim_end_matches('/')).then_some("page")
    }
}

#[component]
fn NavLink(href: &'static str, icon: &'static str, text: &'static str) -> impl IntoView {
    view! {
        <li>
            <a href=href aria-current=current(href)><Icon name=icon/>{text}</a>
        </li>
    }
}

/// How sending goes, as the chip shows it.
#[derive(Clone, PartialEq)]
struct Chip {
    class: &'static str,
    icon: &'static str,
    text: String,
    /// What fits beside the name on a phone.
    short: String,
}

fn chip(w: Words, tablet: Tablet, stuck: Memo<bool>) -> Chip {
    let unsent = tablet.unsent();
    let progress = tablet.progress.get();
    let (class, icon, text, short) = if progress.halt.is_some() {
        let text = w.chip_needs_help().to_owned();
        ("app-chip app-chip--check", "triangle-alert", text, None)
    } else if unsent > 0 && stuck.get() && !progress.sending {
        let (text, short) = (w.chip_stuck(), w.chip_needs_help());
        (
            "app-chip app-chip--check",
            "triangle-alert",
            text.to_owned(),
            Some(short.to_owned()),
        )
    } else if unsent > 0 && progress.sending {
        let text = w.chip_sending(unsent);
        ("app-chip app-chip--local", "send", text, None)
    } else if unsent > 0 && progress.failing {
        let (text, short) = (w.chip_no_signal(unsent), w.chip_no_signal_short(unsent));
        ("app-chip app-chip--offline", "no-signal", text, Some(short))
    } else if unsent > 0 {
        let (text, short) = (w.chip_saved_here(unsent), w.chip_saved_here_short(unsent));
        (
            "app-chip app-chip--local",
            "tick-outline",
            text,
            Some(short),
        )
    } else {
        let short = w.chip_all_sent().to_owned();
        let text = progress
            .last_contact
            .map_or_else(|| short.clone(), |at| w.chip_all_sent_at(&w.moment(at)));
        ("app-chip app-chip--sent", "tick-solid", text, Some(short))
    };
    Chip {
        class,
        icon,
        short: short.unwrap_or_else(|| text.clone()),
        text,
    }
}

/// The chip, which leads to the details. Screen readers hear of changes.
#[component]
fn SendingChip() -> impl IntoView {
    let w = words();
    let tablet: Tablet = expect_context();
    let stuck = stuck(tablet);
    let state = Memo::new(move |_| chip(w, tablet, stuck));
    view! {
        <a class=move || state.with(|chip| chip.class) href="/app/sent">
            <Icon name=Signal::derive(move || state.with(|chip| chip.icon))/>
            <span role="status">
                <span class="app-chip__long">{move || state.with(|chip| chip.text.clone())}</span>
                <span class="app-chip__short">{move || state.with(|chip| chip.short.clone())}</span>
            </span>
        </a>
    }
}
