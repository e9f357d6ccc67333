//! Which public page is in view.

use leptos::prelude::*;
use wellfield_core::language::Language;
use wellfield_core::offer::OfferPublished;
use wellfield_core::referral::Question;

use super::offer::OfferPage;
use super::refer::ReferMyself;
use super::send::Sender;
use crate::platform::{listen, window};
use crate::shell::Preferences;
use crate::storage::PublicStore;
use crate::ui::{Icon, focus_heading};
use crate::wording::{Words, words};

/// A public page.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum View {
    /// What the programme is.
    Offer,
    /// A question of the form.
    Question(Question),
    /// Check your answers.
    Check,
    /// It was kept or sent.
    Done,
}

impl View {
    fn from_hash(hash: &str) -> Self {
        match hash.trim_start_matches('#') {
            "check" => Self::Check,
            "done" => Self::Done,
            other => other
                .strip_prefix("question-")
                .and_then(|number| number.parse().ok())
                .and_then(Question::from_code)
                .map_or(Self::Offer, Self::Question),
        }
    }

    /// The address of the view.
    pub(super) fn hash(self) -> String {
        match self {
            Self::Offer => "#offer".to_owned(),
            Self::Question(question) => format!("#question-{}", question.code()),
            Self::Check => "#check".to_owned(),
            Self::Done => "#done".to_owned(),
        }
    }

    /// Goes to the view.
    pub(super) fn go(self) {
        let _ = window().location().set_hash(&self.hash());
    }
}

fn current_view() -> View {
    View::from_hash(&window().location().hash().unwrap_or_default())
}

/// The public pages.
#[component]
pub fn PublicApp() -> impl IntoView {
    let preferences = Preferences::begin();
    let offers = RwSignal::new(None::<Vec<OfferPublished>>);
    let view = RwSignal::new(current_view());
    // The form outlives its pages, and a change of language.
    let form = super::refer::FormState::new();
    provide_context(form);
    listen(&window(), "hashchange", move || {
        form.errors.set(Vec::new());
        view.set(current_view());
    });
    let sender = Sender::begin(offers);
    provide_context(sender);
    leptos::task::spawn_local(async move {
        // Without storage the pages work while there is signal; the form says what it cannot keep.
        let store = PublicStore::open().await.ok();
        sender.start(store);
    });
    move || {
        preferences.language.track();
        let w = words();
        view! {
            <div class="app-layout">
                <a class="govuk-skip-link" href="#main" rel="external" on:click=skip>{w.shell_skip()}</a>
                <PublicHeader offers/>
                {move || {
                    let offer = offers.with(|offers| offers.as_ref().and_then(|all| all.first().cloned()));
                    focus_heading();
                    match (offer, view.get()) {
                        (Some(offer), View::Offer) => view! { <OfferPage offer/> }.into_any(),
                        (Some(offer), view) => view! { <ReferMyself offer view/> }.into_any(),
                        (None, _) => view! { <NoOffer waiting=offers.with(Option::is_none)/> }.into_any(),
                    }
                }}
                <PublicFooter offers/>
            </div>
        }
    }
}

/// The address after `#` is the page, so the skip link moves the focus itself.
fn skip(event: leptos::ev::MouseEvent) {
    use wasm_bindgen::JsCast;
    event.prevent_default();
    if let Some(main) = crate::platform::document().get_element_by_id("main")
        && let Ok(main) = main.dyn_into::<web_sys::HtmlElement>()
    {
        let _ = main.focus();
    }
}

#[component]
fn PublicHeader(offers: RwSignal<Option<Vec<OfferPublished>>>) -> impl IntoView {
    let w = words();
    let preferences: Preferences = expect_context();
    let form: super::refer::FormState = expect_context();
    let name =
        move || offers.with(|offers| Some(offers.as_ref()?.first()?.text(w.0)?.name.to_string()));
    let switch = move |language: Language| {
        view! {
            <button
                type="button"
                class="app-option"
                lang=language.tag()
                aria-pressed=move || if preferences.language.get() == language { "true" } else { "false" }
                on:click=move |_| {
                    // The agreement was given to the words of the other language.
                    form.agreed.set(Vec::new());
                    preferences.set_language(language);
                }
            >
                {Words(language).settings_language_name()}
            </button>
        }
    };
    view! {
        <header class="app-header">
            <div class="app-header__row">
                <a class="app-header__name" href="#offer" rel="external">
                    <Icon name="name-mark" class="app-header__mark"/>
                    <span class="app-header__words">
                        <span class="app-header__title">{w.brand_name()}</span>
                        <span class="app-header__programme">{name}</span>
                    </span>
                </a>
                <div class="app-header__extra">
                    <div class="app-switch" role="group" aria-label=w.settings_language()>
                        {switch(Language::English)}
                        {switch(Language::Welsh)}
                    </div>
                </div>
            </div>
        </header>
    }
}

#[component]
fn PublicFooter(offers: RwSignal<Option<Vec<OfferPublished>>>) -> impl IntoView {
    let w = words();
    let run_by =
        move || offers.with(|offers| Some(w.shell_run_by(&offers.as_ref()?.first()?.organisation)));
    view! { <footer class="app-footer"><div class="app-footer__inner"><p>{run_by}</p></div></footer> }
}

#[component]
fn NoOffer(waiting: bool) -> impl IntoView {
    let w = words();
    view! {
        <main class="app-main" id="main" tabindex="-1">
            <div class="app-page"><h1 class="app-page__heading" tabindex="-1">{w.brand_name()}</h1></div>
            <p class="govuk-body" role="status">
                {if waiting { w.offer_loading() } else { w.offer_none() }}
            </p>
        </main>
    }
}
