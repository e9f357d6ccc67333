//! Which public page is in view.

use leptos::prelude::*;
use wellfield_core::ids::ProgrammeId;
use wellfield_core::language::Language;
use wellfield_core::offer::{Choice, OfferPublished, choice};
use wellfield_core::referral::Question;

use super::offer::{OfferPage, offer_list};
use super::refer::ReferMyself;
use super::send::{Offered, Sender};
use crate::platform::{listen, window};
use crate::shell::Preferences;
use crate::storage::PublicStore;
use crate::ui::{Icon, Page, focus_heading};
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
    fn named(name: &str) -> Self {
        match name {
            "check" => Self::Check,
            "done" => Self::Done,
            other => other
                .strip_prefix("question-")
                .and_then(|number| number.parse().ok())
                .and_then(Question::from_code)
                .map_or(Self::Offer, Self::Question),
        }
    }

    /// The address of the view for one programme.
    pub(super) fn of(self, programme: ProgrammeId) -> String {
        match self {
            Self::Offer => format!("#offer/{programme}"),
            Self::Question(question) => format!("#question-{}/{programme}", question.code()),
            Self::Check => format!("#check/{programme}"),
            Self::Done => format!("#done/{programme}"),
        }
    }

    /// Goes to the view for one programme.
    pub(super) fn go(self, programme: ProgrammeId) {
        let _ = window().location().set_hash(&self.of(programme));
    }
}

/// Where the address leads: a page, and the programme that it is about, if it names one.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Place {
    view: View,
    programme: Option<ProgrammeId>,
}

/// Every programme, or the only one.
pub(super) const ALL: &str = "#offer";

impl Place {
    fn current() -> Self {
        let hash = window().location().hash().unwrap_or_default();
        let mut parts = hash.trim_start_matches('#').split('/');
        Self {
            view: View::named(parts.next().unwrap_or_default()),
            programme: parts.next().and_then(|id| id.parse().ok()),
        }
    }
}

/// The public pages.
#[component]
pub fn PublicApp() -> impl IntoView {
    let preferences = Preferences::begin();
    let offers = RwSignal::new(Offered::Asking);
    let place = RwSignal::new(Place::current());
    // The form outlives its pages, and a change of language.
    let form = super::refer::FormState::new();
    provide_context(form);
    listen(&window(), "hashchange", move || {
        form.errors.set(Vec::new());
        place.set(Place::current());
    });
    let sender = Sender::begin(offers);
    provide_context(sender);
    leptos::task::spawn_local(async move {
        // Without storage the pages work while there is signal; the form says what it cannot keep.
        let store = PublicStore::open().await.ok();
        sender.start(store);
    });
    let shown = Shown { offers, place };
    move || {
        preferences.language.track();
        let w = words();
        view! {
            <div class="app-layout">
                <a class="govuk-skip-link" href="#main" rel="external" on:click=skip>{w.shell_skip()}</a>
                <PublicHeader shown/>
                {move || shown.page()}
                <PublicFooter shown/>
            </div>
        }
    }
}

/// What there is to show, and which of it the address asks for.
#[derive(Clone, Copy)]
struct Shown {
    offers: RwSignal<Offered>,
    place: RwSignal<Place>,
}

impl Shown {
    /// Reads something of the programme that is chosen, if one is.
    fn of_chosen<T>(self, read: impl FnOnce(&OfferPublished) -> T) -> Option<T> {
        let named = self.place.get().programme;
        self.offers
            .with(|offers| match choice(offers.all(), named) {
                Choice::One(offer) => Some(read(offer)),
                Choice::Nothing | Choice::Several => None,
            })
    }

    fn page(self) -> AnyView {
        let Some(offer) = self.of_chosen(OfferPublished::clone) else {
            return self.offers.with(|offers| match offers {
                Offered::Asking => {
                    view! { <Page title=words().offer_loading()>""</Page> }.into_any()
                }
                Offered::NoSignal => view! { <NoOffer signal=false/> }.into_any(),
                Offered::These(offers) if offers.is_empty() => {
                    view! { <NoOffer signal=true/> }.into_any()
                }
                Offered::These(offers) => offer_list(offers).into_any(),
            });
        };
        focus_heading();
        match self.place.get().view {
            View::Offer => {
                let several = self.offers.with(|offers| offers.all().len() > 1);
                view! { <OfferPage offer several/> }.into_any()
            }
            view => view! { <ReferMyself offer view/> }.into_any(),
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
fn PublicHeader(shown: Shown) -> impl IntoView {
    let w = words();
    let preferences: Preferences = expect_context();
    let form: super::refer::FormState = expect_context();
    let name = move || shown.of_chosen(|offer| Some(offer.text(w.0)?.name.to_string()));
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
                <a class="app-header__name" href=ALL rel="external">
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

/// Who runs the programme that is chosen, or all of them if it is the same for all.
#[component]
fn PublicFooter(shown: Shown) -> impl IntoView {
    let w = words();
    let run_by = move || {
        shown
            .of_chosen(|offer| w.shell_run_by(&offer.organisation))
            .or_else(|| {
                shown.offers.with(|offers| {
                    let (first, others) = offers.all().split_first()?;
                    let same = others
                        .iter()
                        .all(|offer| offer.organisation == first.organisation);
                    same.then(|| w.shell_run_by(&first.organisation))
                })
            })
    };
    view! { <footer class="app-footer"><div class="app-footer__inner"><p>{run_by}</p></div></footer> }
}

/// There is nothing to show: no signal yet, or nothing is offered. Says what to do.
#[component]
fn NoOffer(signal: bool) -> impl IntoView {
    let w = words();
    let sender: Sender = expect_context();
    let (title, icon, text) = if signal {
        (w.offer_none_title(), "calendar", w.offer_none())
    } else {
        (w.offer_no_signal_title(), "no-signal", w.offer_no_signal())
    };
    view! {
        <Page title>
            <div class="app-notice app-notice--warn">
                <Icon name=icon/>
                <div class="app-notice__body">
                    <p>{text}</p>
                    <p>{w.offer_ask_somebody()}</p>
                </div>
            </div>
            <button type="button" class="govuk-button" on:click=move |_| sender.ask_again()>{w.action_try_again()}</button>
        </Page>
    }
}
