//! What is on screen: the start, an error, a hand-over, enrolment, or the app.

use std::rc::Rc;

use leptos::prelude::*;
use leptos_router::components::{FlatRoutes, Route, Router};
use leptos_router::path;

use wellfield_app::attendance::RegisterPage;
use wellfield_app::history::OfSession;
use wellfield_app::platform::today_signal;
use wellfield_app::safeguarding::ConcernsKey;
use wellfield_app::shell::{Footer, Header, NoStorage, NotFound, Opening, Preferences, Update};
use wellfield_app::storage::{StoreError, TabletStore};
use wellfield_app::sync::{LockedSending, hear_that_it_was_taken_out};
use wellfield_app::tablet::Tablet;
use wellfield_app::today::Today;
use wellfield_app::unlock::{Cover, Covered, InUse, LockScreen, Locked, WhenOpened};

use crate::later::{
    Emptied, Field, Forgotten, Join, Office, fetch_parts, field, join, locked_sending, office,
    word_list,
};

/// The staff app.
#[component]
pub fn StaffApp() -> impl IntoView {
    let preferences = Preferences::begin();
    provide_context(Update::watch());
    provide_context(today_signal());
    provide_context(ConcernsKey::watch());
    provide_context(word_list());
    provide_context(RwSignal::new(None::<StoreError>));
    let stage = RwSignal::new_local(Stage::Opening);
    provide_context(Covered::watch(move || stage.with_untracked(Stage::in_use)));
    leptos::task::spawn_local(async move { stage.set(begin().await) });
    view! {
        {move || {
            // Reading the language here makes the whole page anew when it changes.
            preferences.language.track();
            match stage.get() {
                Stage::Opening => view! { <Opening/> }.into_any(),
                Stage::Failed(error) => view! { <NoStorage error/> }.into_any(),
                Stage::Locked(locked, sending) => view! { <Closed locked sending stage/> }.into_any(),
                Stage::TakenOut(store) => {
                    provide_context(Emptied(StoredValue::new_local(store)));
                    join(Join::TakenOut)
                }
                Stage::Open(tablet) => {
                    provide_context(tablet);
                    view! { <Opened/> }.into_any()
                }
            }
        }}
    }
}

/// What the whole page is about.
#[derive(Clone)]
enum Stage {
    Opening,
    Failed(StoreError),
    Locked(Locked, ArcRwSignal<Option<LockedSending>>),
    /// It was taken out of use, and nothing is left on it.
    TakenOut(Rc<TabletStore>),
    Open(Tablet),
}

impl Stage {
    fn in_use(&self) -> InUse {
        match self {
            Self::Open(tablet) if tablet.identity.with_untracked(Option::is_some) => {
                InUse::Tablet {
                    handed_over: tablet.kiosk.with_untracked(Option::is_some),
                }
            }
            Self::Locked(locked, _) if locked.store.is_unlocked() => InUse::Keys,
            _ => InUse::Nothing,
        }
    }
}

/// Opens the store, and the tablet too where nothing is locked because it was never set up.
async fn begin() -> Stage {
    let store = match TabletStore::open().await {
        Ok(store) => Rc::new(store),
        Err(error) => return Stage::Failed(error),
    };
    fetch_parts();
    hear_that_it_was_taken_out();
    match store.lock().await {
        Ok(Some(lock)) => {
            let sending = locked_sending(Rc::clone(&store), lock.device);
            Stage::Locked(Locked { store, lock }, sending)
        }
        Ok(None) => match store.is_taken_out().await {
            Ok(false) => open(store).await,
            Ok(true) => Stage::TakenOut(store),
            Err(error) => Stage::Failed(error),
        },
        Err(error) => Stage::Failed(error),
    }
}

async fn open(store: Rc<TabletStore>) -> Stage {
    match Tablet::open(store).await {
        Ok(tablet) => {
            tablet.start_sync();
            Stage::Open(tablet)
        }
        Err(error) => Stage::Failed(error),
    }
}

/// The tablet is locked: the words, or the sheet.
#[component]
fn Closed(
    locked: Locked,
    sending: ArcRwSignal<Option<LockedSending>>,
    stage: RwSignal<Stage, LocalStorage>,
) -> impl IntoView {
    let forgotten = RwSignal::new(false);
    let store = Rc::clone(&locked.store);
    let opened = WhenOpened::new(move || {
        let store = Rc::clone(&store);
        leptos::task::spawn_local(async move { stage.set(open(store).await) });
    });
    let opened = StoredValue::new_local(opened);
    let locked = StoredValue::new_local(locked);
    move || {
        let locked = locked.get_value();
        if forgotten.get() {
            let back = Callback::new(move |()| forgotten.set(false));
            provide_context(Forgotten {
                locked: StoredValue::new_local(locked),
                opened,
                back,
            });
            join(Join::Recover)
        } else {
            let forgotten = Callback::new(move |()| forgotten.set(true));
            let sending = sending.clone();
            view! { <LockScreen locked opened=opened.get_value() forgotten sending/> }.into_any()
        }
    }
}

/// The tablet is open. A hand-over under way hides everything else, whatever the address says, and so
/// does the cover of a tablet that nobody uses.
#[component]
fn Opened() -> impl IntoView {
    let tablet: Tablet = expect_context();
    let covered: Covered = expect_context();
    let handed_over = Memo::new(move |_| tablet.kiosk.with(Option::is_some));
    let enrolled = Memo::new(move |_| tablet.identity.with(Option::is_some));
    let screens = move || {
        if !enrolled.get() {
            join(Join::Enrol)
        } else if handed_over.get() {
            field(Field::Kiosk)
        } else {
            view! { <Screens/> }.into_any()
        }
    };
    // What somebody was typing stays under the cover.
    view! {
        <div hidden=move || covered.is()>{screens}</div>
        <Show when=move || covered.is()><Cover/></Show>
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
                    <Route path=path!("/session/:session/phones") view=|| field(Field::CodeForPhones)/>
                    <Route path=path!("/session/:session/ask/:person/:moment") view=|| field(Field::AskSurvey)/>
                    <Route path=path!("/session/:session/mark/:person") view=|| field(Field::MarkMore)/>
                    <Route path=path!("/person/:person") view=|| field(Field::Person)/>
                    <Route path=path!("/person/:person/change") view=|| field(Field::ChangeDetails)/>
                    <Route path=path!("/person/:person/needs") view=|| field(Field::NeedsMet)/>
                    <Route path=path!("/person/:person/consent/:purpose") view=|| field(Field::ConsentRecord)/>
                    <Route path=path!("/person/:person/concern") view=|| field(Field::RaiseConcern)/>
                    <Route path=path!("/person/:person/accident") view=|| field(Field::ReportAccident)/>
                    <Route path=path!("/accident") view=|| field(Field::ReportAccident)/>
                    <Route path=path!("/concern") view=|| field(Field::RaiseConcern)/>
                    <Route path=path!("/concerns") view=|| office(Office::Concerns)/>
                    <Route path=path!("/concerns/:concern") view=|| office(Office::Concern)/>
                    <Route path=path!("/sent") view=|| field(Field::SavedAndSent)/>
                    <Route path=path!("/check") view=|| field(Field::CheckThis)/>
                    <Route path=path!("/feedback") view=|| field(Field::Feedback)/>
                    <Route path=path!("/coordinator") view=|| office(Office::Overview)/>
                    <Route path=path!("/coordinator/accidents") view=|| office(Office::Accidents)/>
                    <Route path=path!("/coordinator/accidents/:accident") view=|| office(Office::Accident)/>
                    <Route path=path!("/coordinator/withdrawn") view=|| office(Office::Withdrawn)/>
                    <Route path=path!("/coordinator/withdrawn/:person/:purpose") view=|| office(Office::SeeToWithdrawal)/>
                    <Route path=path!("/coordinator/referrals") view=|| office(Office::Referrals)/>
                    <Route path=path!("/coordinator/referrals/:referral") view=|| office(Office::Referrals)/>
                    <Route path=path!("/coordinator/answers") view=|| office(Office::Answers)/>
                    <Route path=path!("/coordinator/feedback/new") view=|| office(Office::WriteFeedback)/>
                    <Route path=path!("/coordinator/feedback/:change") view=|| office(Office::WriteFeedback)/>
                    <Route path=path!("/coordinator/stories") view=|| office(Office::Stories)/>
                    <Route path=path!("/coordinator/stories/:person") view=|| office(Office::ShareWords)/>
                    <Route path=path!("/coordinator/onward") view=|| office(Office::Onward)/>
                    <Route path=path!("/coordinator/onward/:person") view=|| office(Office::OnwardOf)/>
                    <Route path=path!("/coordinator/scores") view=|| office(Office::Scores)/>
                    <Route path=path!("/coordinator/scores/:person") view=|| office(Office::ScoresOf)/>
                    <Route path=path!("/coordinator/evaluation") view=|| office(Office::Evaluation)/>
                    <Route path=path!("/coordinator/story-of-change") view=|| office(Office::StoryOfChange)/>
                    <Route path=path!("/coordinator/quality") view=|| office(Office::Quality)/>
                    <Route path=path!("/coordinator/quality/:principle") view=|| office(Office::ReviewPrinciple)/>
                    <Route path=path!("/coordinator/follow-up") view=|| office(Office::FollowUp)/>
                    <Route path=path!("/coordinator/link-workers") view=|| office(Office::Leaflet)/>
                    <Route path=path!("/coordinator/monitoring") view=|| office(Office::Monitoring)/>
                    <Route path=path!("/coordinator/monitoring/:person") view=|| office(Office::MonitoringOf)/>
                    <Route path=path!("/coordinator/report") view=|| office(Office::Report)/>
                    <Route path=path!("/coordinator/devices") view=|| office(Office::Devices)/>
                    <Route path=path!("/coordinator/devices/:device") view=|| office(Office::LostDevice)/>
                    <Route path=path!("/settings") view=|| field(Field::Settings)/>
                    <Route path=path!("/settings/people") view=|| field(Field::PeopleWhoUnlock)/>
                </FlatRoutes>
                <Footer/>
            </div>
        </Router>
    }
}
