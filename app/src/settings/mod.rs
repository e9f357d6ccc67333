//! Settings: language, text size, screen, and what this device is.

mod change_pin;

use change_pin::ChangePin;

use leptos::prelude::*;
use wellfield_core::language::Language;

use crate::platform::is_persisted;
use crate::screen::Here;
use crate::shell::{Preferences, TextSize, Theme};
use crate::ui::{Icon, Page, SummaryList, SummaryRow};
use crate::wording::{Words, words};

const fn pressed(on: bool) -> &'static str {
    if on { "true" } else { "false" }
}

/// The languages as buttons, each in its own language.
#[component]
fn LanguageOptions() -> impl IntoView {
    let preferences: Preferences = expect_context();
    Language::ALL
        .iter()
        .map(|language| {
            let language = *language;
            view! {
                <button
                    type="button"
                    class="app-option"
                    lang=language.tag()
                    aria-pressed=move || pressed(preferences.language.get() == language)
                    on:click=move |_| preferences.set_language(language)
                >
                    {Words(language).settings_language_name()}
                </button>
            }
        })
        .collect_view()
}

/// The languages as one group with its name, for a header.
#[component]
pub fn LanguageSwitch() -> impl IntoView {
    let w = words();
    view! {
        <div class="app-switch" role="group" aria-label=w.settings_language()><LanguageOptions/></div>
    }
}

/// One button that makes text larger, step by step, and small again.
#[component]
pub fn TextSizeSwitch() -> impl IntoView {
    let w = words();
    let preferences: Preferences = expect_context();
    let next = move |_| {
        preferences.text.update(|text| {
            *text = match text {
                TextSize::Usual => TextSize::Large,
                TextSize::Large => TextSize::Largest,
                TextSize::Largest => TextSize::Usual,
            };
        });
    };
    view! { <button type="button" class="app-option" on:click=next>{w.settings_text()}</button> }
}

/// Settings.
#[component]
pub fn Settings() -> impl IntoView {
    let w = words();
    let preferences: Preferences = expect_context();
    view! {
        <Page title=w.settings_title()>
            <div class="app-display">
                <div role="group" aria-labelledby="language">
                    <h2 class="app-display__title" id="language">{w.settings_language()}</h2>
                    <div class="app-display__options"><LanguageOptions/></div>
                </div>
                <div role="group" aria-labelledby="text">
                    <h2 class="app-display__title" id="text">{w.settings_text()}</h2>
                    <div class="app-display__options">
                        {TextSize::ALL.map(|text| view! { <TextOption text preferences/> }).into_iter().collect_view()}
                    </div>
                </div>
                <div role="group" aria-labelledby="theme">
                    <h2 class="app-display__title" id="theme">{w.settings_theme()}</h2>
                    <div class="app-display__options">
                        {Theme::ALL.map(|theme| view! { <ThemeOption theme preferences/> }).into_iter().collect_view()}
                    </div>
                </div>
            </div>
            <ThisDevice/>
            <p class="govuk-body"><a class="govuk-link govuk-link--tap" href="/app/settings/people">{w.lock_people()}</a></p>
            <ChangePin/>
        </Page>
    }
}

#[component]
fn TextOption(text: TextSize, preferences: Preferences) -> impl IntoView {
    let w = words();
    let (class, label) = match text {
        TextSize::Usual => ("app-option", w.settings_text_usual()),
        TextSize::Large => ("app-option app-option--large", w.settings_text_large()),
        TextSize::Largest => ("app-option app-option--largest", w.settings_text_largest()),
    };
    view! {
        <button type="button" class=class aria-pressed=move || pressed(preferences.text.get() == text) on:click=move |_| preferences.set_text(text)>
            {label}
        </button>
    }
}

#[component]
fn ThemeOption(theme: Theme, preferences: Preferences) -> impl IntoView {
    let w = words();
    let (icon, label) = match theme {
        Theme::Auto => ("tablet", w.settings_theme_auto()),
        Theme::Light => ("ring", w.settings_theme_light()),
        Theme::Dark => ("moon", w.settings_theme_dark()),
        Theme::Sun => ("sun", w.settings_theme_sun()),
    };
    view! {
        <button type="button" class="app-option" aria-pressed=move || pressed(preferences.theme.get() == theme) on:click=move |_| preferences.set_theme(theme)>
            <Icon name=icon/>
            {label}
        </button>
    }
}

#[component]
fn ThisDevice() -> impl IntoView {
    let w = words();
    let here = Here::find();
    let persisted = RwSignal::new(None::<bool>);
    leptos::task::spawn_local(async move {
        let answer = is_persisted().await;
        persisted.try_set(answer);
    });
    let (name, staff) = here.tablet.identity.with_untracked(|identity| {
        identity
            .as_ref()
            .map(|i| (i.device_name.clone(), i.staff_name.clone()))
            .unwrap_or_default()
    });
    let kept = move || match persisted.get() {
        Some(true) => w.settings_kept(),
        Some(false) => w.settings_not_kept(),
        None => w.settings_kept_unknown(),
    };
    view! {
        <h2 class="govuk-heading-m">{w.settings_device()}</h2>
        <SummaryList>
            <SummaryRow key=w.enrol_device() value=name/>
            <SummaryRow key=w.settings_used_by() value=staff/>
            <SummaryRow key=w.settings_storage() value=kept/>
        </SummaryList>
    }
}
