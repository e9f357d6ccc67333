//! What is on screen: the start, an error, a hand-over, enrolment, or the app.

use leptos::prelude::*;
use leptos_router::components::{FlatRoutes, Route, Router};
use leptos_router::path;

use wellfield_app::attendance::RegisterPage;
use wellfield_app::history::OfSession;
use wellfield_app::platform::today_signal;
use wellfield_app::safeguarding::ConcernsKey;
use wellfield_app::shell::{Footer, Header, NoStorage, NotFound, Opening, Preferences, Update};
use wellfield_app::storage::StoreError;
use wellfield_app::tablet::Tablet;
use wellfield_app::today::Today;

use crate::later::{Field, Office, fetch_parts, field, join, office};

/// The staff app.
#[component]
pub fn StaffApp() -> impl IntoView {
    let preferences = Preferences::begin();
    provide_context(Update::watch());
    provide_context(today_signal());
    provide_context(ConcernsKey::watch());
    provide_context(RwSignal::new(None::<StoreError>));
    let tablet = RwSignal::new_local(None::<Result<Tablet, StoreError>>);
    leptos::task::spawn_local(async move {
        let opened = Tablet::open().await;
        if let Ok(tablet) = opened {
            tablet.start_sync();
            fetch_parts();
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

/// The store is open. A hand-over under way hides everything else, whatever the address says.
#[component]
fn Opened() -> impl IntoView {
    let tablet: Tablet = expect_context();
    let handed_over = Memo::new(move |_| tablet.kiosk.with(Option::is_some));
    let enrolled = Memo::new(move |_| tablet.identity.with(Option::is_some));
    move || {
        if !enrolled.get() {
            join()
        } else if handed_over.get() {
            field(Field::Kiosk)
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
                    <Route path=path!("/session/:session/add") view=|| field(Field::AddWalkIn)/>
                    <Route path=path!("/session/:session/on-site") view=|| field(Field::OnSite)/>
                    <Route path=path!("/session/:session/notes") view=|| field(Field::SessionNotes)/>
                    <Route path=path!("/session/:session/hand-over") view=|| field(Field::ChoosePerson)/>
                    <Route path=path!("/session/:session/mark/:person") view=|| field(Field::MarkMore)/>
                    <Route path=path!("/person/:person") view=|| field(Field::Person)/>
                    <Route path=path!("/person/:person/change") view=|| field(Field::ChangeDetails)/>
                    <Route path=path!("/person/:person/consent/:purpose") view=|| field(Field::ConsentRecord)/>
                    <Route path=path!("/person/:person/concern") view=|| field(Field::RaiseConcern)/>
                    <Route path=path!("/concern") view=|| field(Field::RaiseConcern)/>
                    <Route path=path!("/concerns") view=|| office(Office::Concerns)/>
                    <Route path=path!("/concerns/:concern") view=|| office(Office::Concern)/>
                    <Route path=path!("/sent") view=|| field(Field::SavedAndSent)/>
                    <Route path=path!("/check") view=|| field(Field::CheckThis)/>
                    <Route path=path!("/coordinator") view=|| office(Office::Overview)/>
                    <Route path=path!("/coordinator/referrals") view=|| office(Office::Referrals)/>
                    <Route path=path!("/coordinator/answers") view=|| office(Office::Answers)/>
                    <Route path=path!("/coordinator/devices") view=|| office(Office::Devices)/>
                    <Route path=path!("/settings") view=|| field(Field::Settings)/>
                </FlatRoutes>
                <Footer/>
            </div>
        </Router>
    }
}
