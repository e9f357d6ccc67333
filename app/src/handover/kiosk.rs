//! The tablet in a participant's hands: their form and nothing else.
//!
//! No router, no header, no names but their own. The state is on disk before the screen shows it, so
//! that Back, reload and a crash lead here again. Only the code leads out.

use leptos::prelude::*;
use wellfield_core::consent::Purpose;
use wellfield_core::consent::wording::Wording;
use wellfield_core::evaluation::{SurveyError, SurveyTap};
use wellfield_core::handover::{Form, Place};
use wellfield_core::ids::ProgrammeId;
use wellfield_core::language::Language;
use wellfield_core::pulse::{Asking, Page, Tap, TapError};

use super::listen::Listen;
use super::taps::{TakeTaps, taken_by_pulse, taken_by_survey};
use super::unlock::Unlock;
use crate::evaluation::SurveyQuestion;
use crate::platform::{local, now};
use crate::pulse::Question;
use crate::screen::Here;
use crate::settings::TextSizeSwitch;
use crate::shell::Preferences;
use crate::storage::StoreError;
use crate::tablet::Tablet;
use crate::ui::{Icon, StoreNotice, focus_heading};
use crate::wording::{Words, words};

/// Everything on screen while the tablet is handed over.
#[component]
pub fn Kiosk() -> impl IntoView {
    let w = words();
    let here = Here::find();
    crate::platform::document().set_title(w.brand_name());
    let preferences: Preferences = expect_context();
    let language = here
        .tablet
        .kiosk
        .with_untracked(|form| form.as_ref().map(Form::language));
    if let Some(language) = language.filter(|language| *language != w.0) {
        // After a reload the participant goes on in their own language.
        preferences.language.set(language);
    }
    let unlocking = RwSignal::new(false);
    let place = Memo::new(move |_| {
        here.tablet
            .kiosk
            .with(|form| form.as_ref().map(Form::place))
    });
    view! {
        {move || {
            if unlocking.get() {
                return view! { <Unlock cancel=Callback::new(move |()| unlocking.set(false))/> }.into_any();
            }
            match place.get() {
                Some(place) => view! { <KioskPage place unlocking/> }.into_any(),
                None => ().into_any(),
            }
        }}
    }
}

#[component]
fn KioskPage(place: Place, unlocking: RwSignal<bool>) -> impl IntoView {
    let w = words();
    let here = Here::find();
    focus_heading();
    let Some(form) = here.tablet.kiosk.get_untracked() else {
        return ().into_any();
    };
    let where_ = match place {
        Place::Question { number, of } => Some(w.kiosk_question(&number, &of)),
        Place::Welcome | Place::Thanks => None,
    };
    view! {
        <div class="app-kiosk">
            <header class="app-kiosk__bar">
                <span class="app-kiosk__where">{where_}</span>
                <div class="app-switch">
                    <KioskLanguage/>
                    <TextSizeSwitch/>
                    <Listen used=listened(here, place)/>
                    {(place != Place::Thanks).then(|| view! { <StopButton/> })}
                </div>
            </header>
            <main class="app-kiosk__main" id="main">
                <StoreNotice/>
                {match (place, form) {
                    (Place::Welcome, form) => view! { <Welcome form/> }.into_any(),
                    (Place::Thanks, _) => view! { <Thanks/> }.into_any(),
                    (Place::Question { .. }, Form::Pulse(asking)) => {
                        let quote = quote_wording(here, w, &asking);
                        view! { <Question asking taps=pulse_taps(here, place) quote/> }.into_any()
                    }
                    (Place::Question { .. }, Form::Survey(survey)) => view! { <SurveyQuestion survey taps=survey_taps(here, place)/> }.into_any(),
                }}
            </main>
            <footer class="app-kiosk__ask">
                <Icon name="speech"/>
                {w.kiosk_ask_for_help()}
                " "
                <button type="button" class="app-link" on:click=move |_| unlocking.set(true)>
                    <Icon name="lock"/>
                    {w.kiosk_staff()}
                </button>
            </footer>
        </div>
    }
    .into_any()
}

/// The name of whoever has the tablet, if they answer with their name.
fn name_of(here: Here, form: &Form) -> Option<String> {
    let person = form.person()?;
    here.with_now(|delivery| {
        delivery
            .person(person)
            .map(|p| p.details.preferred_name.to_string())
    })
    .flatten()
}

#[component]
fn Welcome(form: Form) -> impl IntoView {
    let w = words();
    let here = Here::find();
    let name = name_of(here, &form);
    let place = form.place();
    let start = match &name {
        Some(name) => w.kiosk_start_as(name),
        None => w.kiosk_start().to_owned(),
    };
    view! {
        <h1 class="app-kiosk__question" tabindex="-1">
            {match name {
                Some(name) => view! { {w.kiosk_give_to()}" "<span class="app-kiosk__name">{name}</span> }.into_any(),
                None => w.kiosk_give_to_participant().into_any(),
            }}
        </h1>
        <p class="app-kiosk__help">{w.kiosk_give_text()}</p>
        <div class="app-kiosk__actions">
            <button type="button" class="govuk-button" on:click=move |_| report(here, place, started)>{start}</button>
        </div>
    }
}

/// Notes that a question was read out.
fn listened(here: Here, place: Place) -> Callback<()> {
    Callback::new(move |()| {
        report(here, place, Form::listened);
    })
}

/// Takes in what a participant does on a question of the survey.
fn survey_taps(here: Here, place: Place) -> TakeTaps<SurveyTap, SurveyError> {
    Callback::new(move |(taps, refused)| {
        report(here, place, move |form| {
            taken_by_survey(form, taps, refused)
        });
    })
}

/// Takes in what a participant does on a question of the pulse.
fn pulse_taps(here: Here, place: Place) -> TakeTaps<Tap, TapError> {
    Callback::new(move |(taps, refused)| {
        report(here, place, move |form| taken_by_pulse(form, taps, refused));
    })
}

/// What somebody agrees to, word for word, on the page that asks whether their words may be quoted.
fn quote_wording(here: Here, w: Words, asking: &Asking) -> Option<String> {
    (asking.page == Page::Quote).then(|| {
        let organisation = here.with_now(|delivery| {
            let programme = delivery.programme();
            programme.map(|programme| programme.organisation.to_string())
        });
        let organisation = organisation.flatten().unwrap_or_default();
        Wording::current(Purpose::Quote, w.0).text(&organisation)
    })
}

fn started(form: &mut Form) -> bool {
    form.start();
    true
}

#[component]
fn Thanks() -> impl IntoView {
    let w = words();
    view! {
        <div class="app-thanks">
            <Icon name="tick-outline"/>
            <h1 class="app-thanks__title" tabindex="-1">{w.kiosk_thanks()}</h1>
            <p>{w.kiosk_thanks_private()}</p>
            <p>{w.kiosk_thanks_give_back()}</p>
        </div>
    }
}

/// Stops: what was said so far is kept as unfinished, and the thank-you page comes.
#[component]
fn StopButton() -> impl IntoView {
    let w = words();
    let here = Here::find();
    let stop = move |_| change(here, |form| Some(form.cleared()), || {});
    view! {
        <button type="button" class="app-stop" on:click=stop>
            <Icon name="cross"/>
            {w.kiosk_stop()}
        </button>
    }
}

/// Leaves the form: keeps what was said so far, finished or not, and goes where `then` says; `None`
/// ends the hand-over. `after` runs once that is on disk.
pub(super) fn change(
    here: Here,
    then: impl FnOnce(&Form) -> Option<Form> + 'static,
    after: impl FnOnce() + 'static,
) {
    let programme = here.programme;
    let work = async move |tablet: Tablet| {
        let Some(form) = tablet.kiosk.get_untracked() else {
            return Ok(());
        };
        let then = then(&form);
        let ends = then.is_none();
        let kept = keep(tablet, programme, &form, then).await;
        if ends && kept.is_err() {
            // Staff get out all the same. The answers stay on disk as they are, and the notice says so.
            tablet.kiosk.set(None);
        }
        kept
    };
    here.run(
        async move |here: Here| here.tablet.in_turn(work).await,
        after,
    );
}

/// Keeps what was said so far and shows `then`; without replies there is nothing to keep.
async fn keep(
    tablet: Tablet,
    programme: ProgrammeId,
    form: &Form,
    then: Option<Form>,
) -> Result<(), StoreError> {
    let at = local(now());
    let drafts = tablet
        .records
        .with_untracked(|records| form.kept(records, programme, at));
    if drafts.is_empty() {
        return tablet.keep_kiosk(then).await;
    }
    tablet.keep_answers(drafts, then).await
}

/// Reports what was done on a page: the next page is on disk before it is on screen, and the last one
/// keeps the answers. `done` changes the form and says whether the page took it; where it did not, nothing
/// changes. A second tap that comes while the first is being kept belongs to a page that is gone, and does
/// nothing.
fn report(here: Here, place: Place, done: impl FnOnce(&mut Form) -> bool + 'static) {
    let programme = here.programme;
    let work = async move |tablet: Tablet| {
        let Some(mut form) = tablet.kiosk.get_untracked() else {
            return Ok(());
        };
        if form.place() != place || !done(&mut form) {
            return Ok(());
        }
        if form.is_finished() {
            let cleared = form.cleared();
            keep(tablet, programme, &form, Some(cleared)).await
        } else {
            tablet.keep_kiosk(Some(form)).await
        }
    };
    here.run(
        async move |here: Here| here.tablet.in_turn(work).await,
        || {},
    );
}

/// The participant's own choice of language, for this form.
#[component]
fn KioskLanguage() -> impl IntoView {
    let w = words();
    let here = Here::find();
    let preferences: Preferences = expect_context();
    let other = match w.0 {
        Language::English => Language::Welsh,
        Language::Welsh => Language::English,
    };
    let switch = move |_| {
        let work = async move |tablet: Tablet| {
            let form = tablet.kiosk.get_untracked();
            let form = form.map(|form| form.in_language(other));
            tablet.keep_kiosk(form).await
        };
        here.run(
            async move |here: Here| here.tablet.in_turn(work).await,
            move || preferences.language.set(other),
        );
    };
    view! {
        <button type="button" class="app-option" lang=other.tag() on:click=switch>
            {Words(other).settings_language_name()}
        </button>
    }
}
