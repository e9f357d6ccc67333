//! What is on screen: the start, an error, a hand-over, enrolment, or the app.

use leptos::prelude::*;
use leptos_router::components::{FlatRoutes, Route, Router};
use leptos_router::path;

use super::Preferences;
use super::header::Header;
use super::update::Update;
use crate::attendance::{AddWalkIn, MarkMore, OnSite, RegisterPage};
use crate::check::CheckThis;
use crate::consent::ConsentRecord;
use crate::coordinator::{Answers, Devices, ForCoordinators, Overview, ReferralsReceived};
use crate::enrol::Enrol;
use crate::history::{OfAll, OfSession};
use crate::notes::SessionNotes;
use crate::people::{ChangeDetails, PersonPage};
use crate::platform::today_signal;
use crate::pulse::{ChoosePerson, Kiosk};
use crate::sent::SavedAndSent;
use crate::settings::Settings;
use crate::storage::StoreError;
use crate::tablet::Tablet;
use crate::today::Today;
use crate::ui::{Page, store_error_text};
use crate::wording::words;

/// The staff app.
#[component]
pub fn StaffApp() -> impl IntoView {
    let preferences = Preferences::begin();
    provide_context(Update::watch());
    provide_context(today_signal());
    provide_context(RwSignal::new(None::<StoreError>));
    let tablet = RwSignal::new_local(None::<Result<Tablet, StoreError>>);
    leptos::task::spawn_local(async move {
        let opened = Tablet::open().await;
        if let Ok(tablet) = opened {
            tablet.start_sync();
        }
        tablet.set(Some(opened));
    });
    view! {
        {move || {
            // Reading the language here makes the whole page anew when it changes.
            preferences.language.track();
            match tablet.get() {
                None => view! { <Opening/> }.into_any(),
                Some(Err(error)) => view! { <NoStorage error/> }.into_any(),
                Some(Ok(tablet)) => {
                    provide_context(tablet);
                    view! { <Opened/> }.into_any()
                }
            }
        }}
    }
}

/// Nothing but the name, for the moment that reading the disk takes.
#[component]
fn Opening() -> impl IntoView {
    let w = words();
    view! { <div class="app-layout"><p class="app-opening" role="status">{w.shell_opening()}</p></div> }
}

#[component]
fn NoStorage(error: StoreError) -> impl IntoView {
    let w = words();
    // What is known has its words. The browser's own help whoever looks for the cause of the rest.
    let unknown = matches!(error, StoreError::Other(_)).then(|| error.to_string());
    view! {
        <div class="app-layout">
            <Page title=w.store_no_start()>
                <p class="govuk-body">{store_error_text(w, &error)}</p>
                {unknown.map(|text| view! { <p class="govuk-hint" lang="en">{text}</p> })}
                <p class="govuk-body">
                    <a class="govuk-button" href="/app/" rel="external">{w.action_try_again()}</a>
                </p>
            </Page>
        </div>
    }
}

/// The store is open. A hand-over under way hides everything else, whatever the address says.
#[component]
fn Opened() -> impl IntoView {
    let tablet: Tablet = expect_context();
    let handed_over = Memo::new(move |_| tablet.kiosk.with(Option::is_some));
    let enrolled = Memo::new(move |_| tablet.identity.with(Option::is_some));
    move || {
        if !enrolled.get() {
            view! { <Enrol/> }.into_any()
        } else if handed_over.get() {
            view! { <Kiosk/> }.into_any()
        } else {
            view! { <Screens/> }.into_any()
        }
    }
}

#[component]
fn Screens() -> impl IntoView {
    view! {
        <Router base="/app">
            <div class="app-layout">
                <Header/>
                <FlatRoutes fallback=NotFound>
                    <Route path=path!("/") view=Today/>
                    <Route path=path!("/today") view=Today/>
                    <Route path=path!("/session/:session") view=|| view! { <OfSession><RegisterPage/></OfSession> }/>
                    <Route path=path!("/session/:session/add") view=|| view! { <OfSession><AddWalkIn/></OfSession> }/>
                    <Route path=path!("/session/:session/on-site") view=|| view! { <OfSession><OnSite/></OfSession> }/>
                    <Route path=path!("/session/:session/notes") view=|| view! { <OfSession><SessionNotes/></OfSession> }/>
                    <Route path=path!("/session/:session/hand-over") view=|| view! { <OfSession><ChoosePerson/></OfSession> }/>
                    <Route path=path!("/session/:session/mark/:person") view=|| view! { <OfSession><MarkMore/></OfSession> }/>
                    <Route path=path!("/person/:person") view=PersonPage/>
                    <Route path=path!("/person/:person/change") view=ChangeDetails/>
                    <Route path=path!("/person/:person/consent/:purpose") view=ConsentRecord/>
                    <Route path=path!("/sent") view=SavedAndSent/>
                    <Route path=path!("/check") view=|| view! { <OfAll><CheckThis/></OfAll> }/>
                    <Route path=path!("/coordinator") view=|| view! { <ForCoordinators><OfAll><Overview/></OfAll></ForCoordinators> }/>
                    <Route path=path!("/coordinator/referrals") view=|| view! { <ForCoordinators><ReferralsReceived/></ForCoordinators> }/>
                    <Route path=path!("/coordinator/answers") view=|| view! { <ForCoordinators><OfAll><Answers/></OfAll></ForCoordinators> }/>
                    <Route path=path!("/coordinator/devices") view=|| view! { <ForCoordinators><Devices/></ForCoordinators> }/>
                    <Route path=path!("/settings") view=Settings/>
                </FlatRoutes>
                <Footer/>
            </div>
        </Router>
    }
}

/// The address leads nowhere.
#[component]
pub fn NotFound() -> impl IntoView {
    let w = words();
    view! {
        <Page title=w.shell_not_found()>
            <p class="govuk-body">{w.shell_not_found_text()}</p>
            <p class="govuk-body"><a class="govuk-link govuk-link--tap" href="/app/">{w.shell_to_today()}</a></p>
        </Page>
    }
}

#[component]
fn Footer() -> impl IntoView {
    let w = words();
    let tablet: Tablet = expect_context();
    let run_by = move || {
        let programme = tablet.programme()?;
        tablet.records.with(|records| {
            Some(w.shell_run_by(&records.delivery(programme)?.programme()?.organisation))
        })
    };
    view! {
        <footer class="app-footer"><div class="app-footer__inner"><p>{run_by}</p></div></footer>
    }
}
