//! Screens whose code comes after the first screen.
//!
//! The register and what leads to it are in the client's first module. Everything else lies in parts of
//! its own, which the browser fetches once the first screen is there; the service worker keeps them, so
//! that without signal they are there too. `cargo xtask` cuts the client along the two functions below
//! (xtask/src/parts.rs, docs/decisions/0016-parts.md).

use core::cell::Cell;
use std::rc::Rc;

use diceware_wordlists::EFF_LONG_WORDLIST;
use futures::FutureExt;
use futures::future::LocalBoxFuture;
use gloo::timers::future::TimeoutFuture;
use leptos::prelude::*;
use leptos::wasm_split::{SplitLoaderError, wasm_split};

use wellfield_app::accidents::{AccidentPage, AccidentsPage, ReportAccident};
use wellfield_app::attendance::{AddWalkIn, MarkMore, OnSite};
use wellfield_app::check::CheckThis;
use wellfield_app::consent::{ConsentRecord, SeeToWithdrawal, WithdrawnPage};
use wellfield_app::coordinator::{
    Answers, Devices, ForCoordinators, LostDevice, OnwardOf, OnwardPage, Overview,
    ReferralsReceived, ScoresElsewherePage, ScoresOf, ShareWords, StoriesPage,
};
use wellfield_app::enrol::{Enrol, TakenOut};
use wellfield_app::evaluation::{AskSurvey, EvaluationPage, FollowUpPage};
use wellfield_app::feedback::{FeedbackPage, WriteFeedback};
use wellfield_app::handover::{ChoosePerson, Kiosk};
use wellfield_app::history::{OfAll, OfSession};
use wellfield_app::monitoring::{MonitoringOf, MonitoringPage};
use wellfield_app::notes::SessionNotes;
use wellfield_app::people::{ChangeDetails, NeedsMet, PersonPage};
use wellfield_app::planning::{QualityPage, ReviewPrinciple, StoryOfChange};
use wellfield_app::pulse::CodeForPhones;
use wellfield_app::reporting::{LeafletPage, ReportPage};
use wellfield_app::safeguarding::{ConcernList, ConcernPage, OfLead, RaiseConcern};
use wellfield_app::sent::SavedAndSent;
use wellfield_app::settings::Settings;
use wellfield_app::shell::{Opening, PartMissing};
use wellfield_app::storage::TabletStore;
use wellfield_app::sync::{Driver, Errand, Fed, LockedSender, LockedSending};
use wellfield_app::unlock::{Locked, PeopleWhoUnlock, Recover, WhenOpened, WordList};
use wellfield_core::ids::DeviceId;
use wellfield_core::sync::PullEffect;

/// The parts are fetched so long after the first screen, in milliseconds.
const AFTER_START_MS: u32 = 300;

/// A screen of a facilitator's that is no first screen.
#[derive(Clone, Copy)]
pub(crate) enum Field {
    AddWalkIn,
    AskSurvey,
    ChangeDetails,
    CheckThis,
    ChoosePerson,
    CodeForPhones,
    ConsentRecord,
    Feedback,
    Kiosk,
    MarkMore,
    NeedsMet,
    OnSite,
    PeopleWhoUnlock,
    Person,
    RaiseConcern,
    ReportAccident,
    SavedAndSent,
    SessionNotes,
    Settings,
}

/// A screen of a coordinator's or of the safeguarding lead's.
#[derive(Clone, Copy)]
pub(crate) enum Office {
    Accident,
    Accidents,
    Answers,
    Concern,
    Concerns,
    Devices,
    Evaluation,
    FollowUp,
    Leaflet,
    LostDevice,
    Monitoring,
    MonitoringOf,
    Onward,
    OnwardOf,
    Overview,
    Quality,
    Referrals,
    Report,
    ReviewPrinciple,
    Scores,
    ScoresOf,
    SeeToWithdrawal,
    ShareWords,
    Stories,
    StoryOfChange,
    Withdrawn,
    WriteFeedback,
}

/// A part of the client did not come.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("a part of the client did not come")]
struct NotHere;

impl From<SplitLoaderError> for NotHere {
    fn from(_: SplitLoaderError) -> Self {
        Self
    }
}

#[wasm_split(field, wasm_split_path = leptos::wasm_split, fallible, preload(fetch_field))]
fn draw_field(screen: Field) -> Result<AnyView, NotHere> {
    Ok(match screen {
        Field::AddWalkIn => view! { <OfSession><AddWalkIn/></OfSession> }.into_any(),
        Field::AskSurvey => view! { <OfAll><AskSurvey/></OfAll> }.into_any(),
        Field::ChangeDetails => view! { <ChangeDetails/> }.into_any(),
        Field::CheckThis => view! { <OfAll><CheckThis/></OfAll> }.into_any(),
        Field::ChoosePerson => view! { <OfSession><ChoosePerson/></OfSession> }.into_any(),
        Field::CodeForPhones => view! { <OfSession><CodeForPhones/></OfSession> }.into_any(),
        Field::ConsentRecord => view! { <ConsentRecord/> }.into_any(),
        Field::Feedback => view! { <OfAll><FeedbackPage/></OfAll> }.into_any(),
        Field::Kiosk => view! { <Kiosk/> }.into_any(),
        Field::MarkMore => view! { <OfSession><MarkMore/></OfSession> }.into_any(),
        Field::NeedsMet => view! { <NeedsMet/> }.into_any(),
        Field::OnSite => view! { <OfSession><OnSite/></OfSession> }.into_any(),
        Field::PeopleWhoUnlock => view! { <PeopleWhoUnlock/> }.into_any(),
        Field::Person => view! { <PersonPage/> }.into_any(),
        Field::RaiseConcern => view! { <RaiseConcern/> }.into_any(),
        Field::ReportAccident => view! { <ReportAccident/> }.into_any(),
        Field::SavedAndSent => view! { <SavedAndSent/> }.into_any(),
        Field::SessionNotes => view! { <OfSession><SessionNotes/></OfSession> }.into_any(),
        Field::Settings => view! { <Settings/> }.into_any(),
    })
}

#[wasm_split(office, wasm_split_path = leptos::wasm_split, fallible, preload(fetch_office))]
fn draw_office(screen: Office) -> Result<AnyView, NotHere> {
    Ok(match screen {
        Office::Accident => {
            view! { <ForCoordinators><OfAll><AccidentPage/></OfAll></ForCoordinators> }.into_any()
        }
        Office::Accidents => {
            view! { <ForCoordinators><OfAll><AccidentsPage/></OfAll></ForCoordinators> }.into_any()
        }
        Office::Answers => {
            view! { <ForCoordinators><OfAll><Answers/></OfAll></ForCoordinators> }.into_any()
        }
        Office::Concern => view! { <OfLead><ConcernPage/></OfLead> }.into_any(),
        Office::Concerns => view! { <OfLead><ConcernList/></OfLead> }.into_any(),
        Office::Devices => view! { <ForCoordinators><Devices/></ForCoordinators> }.into_any(),
        Office::Evaluation => {
            view! { <ForCoordinators><OfAll><EvaluationPage/></OfAll></ForCoordinators> }.into_any()
        }
        Office::FollowUp => {
            view! { <ForCoordinators><OfAll><FollowUpPage/></OfAll></ForCoordinators> }.into_any()
        }
        Office::Leaflet => {
            view! { <ForCoordinators><OfAll><LeafletPage/></OfAll></ForCoordinators> }.into_any()
        }
        Office::LostDevice => view! { <ForCoordinators><LostDevice/></ForCoordinators> }.into_any(),
        Office::Monitoring => {
            view! { <ForCoordinators><OfAll><MonitoringPage/></OfAll></ForCoordinators> }.into_any()
        }
        Office::MonitoringOf => {
            view! { <ForCoordinators><OfAll><MonitoringOf/></OfAll></ForCoordinators> }.into_any()
        }
        Office::Onward => {
            view! { <ForCoordinators><OfAll><OnwardPage/></OfAll></ForCoordinators> }.into_any()
        }
        Office::OnwardOf => {
            view! { <ForCoordinators><OfAll><OnwardOf/></OfAll></ForCoordinators> }.into_any()
        }
        Office::Quality => {
            view! { <ForCoordinators><OfAll><QualityPage/></OfAll></ForCoordinators> }.into_any()
        }
        Office::ReviewPrinciple => {
            view! { <ForCoordinators><OfAll><ReviewPrinciple/></OfAll></ForCoordinators> }
                .into_any()
        }
        Office::StoryOfChange => {
            view! { <ForCoordinators><OfAll><StoryOfChange/></OfAll></ForCoordinators> }.into_any()
        }
        Office::ShareWords => {
            view! { <ForCoordinators><OfAll><ShareWords/></OfAll></ForCoordinators> }.into_any()
        }
        Office::Stories => {
            view! { <ForCoordinators><OfAll><StoriesPage/></OfAll></ForCoordinators> }.into_any()
        }
        Office::Withdrawn => {
            view! { <ForCoordinators><OfAll><WithdrawnPage/></OfAll></ForCoordinators> }.into_any()
        }
        Office::Scores => {
            view! { <ForCoordinators><OfAll><ScoresElsewherePage/></OfAll></ForCoordinators> }
                .into_any()
        }
        Office::ScoresOf => {
            view! { <ForCoordinators><OfAll><ScoresOf/></OfAll></ForCoordinators> }.into_any()
        }
        Office::SeeToWithdrawal => {
            view! { <ForCoordinators><OfAll><SeeToWithdrawal/></OfAll></ForCoordinators> }
                .into_any()
        }
        Office::WriteFeedback => {
            view! { <ForCoordinators><OfAll><WriteFeedback/></OfAll></ForCoordinators> }.into_any()
        }
        Office::Overview => {
            view! { <ForCoordinators><OfAll><Overview/></OfAll></ForCoordinators> }.into_any()
        }
        Office::Report => {
            view! { <ForCoordinators><OfAll><ReportPage/></OfAll></ForCoordinators> }.into_any()
        }
        Office::Referrals => {
            view! { <ForCoordinators><ReferralsReceived/></ForCoordinators> }.into_any()
        }
    })
}

/// A screen of somebody who has no words for this tablet: none yet, or none any more.
#[derive(Clone, Copy)]
pub(crate) enum Join {
    Enrol,
    Recover,
    TakenOut,
}

/// What [`Join::TakenOut`] finds in its context.
#[derive(Clone, Copy)]
pub(crate) struct Emptied(pub(crate) StoredValue<Rc<TabletStore>, LocalStorage>);

/// What [`Join::Recover`] finds in its context.
#[derive(Clone, Copy)]
pub(crate) struct Forgotten {
    pub(crate) locked: StoredValue<Locked, LocalStorage>,
    pub(crate) opened: StoredValue<WhenOpened, LocalStorage>,
    pub(crate) back: Callback<()>,
}

/// Setting a device up has a part of its own, because it is the first screen of whoever comes for the
/// first time and the last time that they see it.
#[wasm_split(join, wasm_split_path = leptos::wasm_split, fallible, preload(fetch_join))]
fn draw_join(screen: Join) -> Result<AnyView, NotHere> {
    Ok(match screen {
        Join::Enrol => view! { <Enrol/> }.into_any(),
        Join::Recover => {
            let Forgotten {
                locked,
                opened,
                back,
            } = expect_context();
            let (locked, opened) = (locked.get_value(), opened.get_value());
            view! { <Recover locked opened back/> }.into_any()
        }
        Join::TakenOut => {
            let Emptied(store) = expect_context();
            view! { <TakenOut store=store.get_value()/> }.into_any()
        }
    })
}

/// The list from which words are drawn, in a part of its own: whoever sets a device up sees a screen before
/// they see words.
#[wasm_split(words, wasm_split_path = leptos::wasm_split, fallible, preload(fetch_words))]
fn draw_list() -> Result<&'static [&'static str], NotHere> {
    Ok(EFF_LONG_WORDLIST.as_slice())
}

/// What nobody waits for, in a part of its own: comparing this tablet with the server, which begins seconds after
/// everything was received, and seeing to what the tablet shows and sends with.
#[wasm_split(mend, wasm_split_path = leptos::wasm_split, fallible, preload(fetch_mend))]
fn mending(driver: Rc<Driver>, errand: Errand) -> Result<LocalBoxFuture<'static, ()>, NotHere> {
    Ok(driver.carry_out_errand(errand).boxed_local())
}

/// Brings the code for an errand and runs it.
pub(crate) fn mend(driver: Rc<Driver>, errand: Errand) -> LocalBoxFuture<'static, ()> {
    async move {
        if let Ok(mending) = mending(driver, errand).await {
            mending.await;
        }
    }
    .boxed_local()
}

/// What brings a long history here, in the same part: a tablet needs it when it joins, and hardly ever after.
#[wasm_split(mend, wasm_split_path = leptos::wasm_split, fallible)]
fn bootstrapping(
    driver: Rc<Driver>,
    effect: PullEffect,
) -> Result<LocalBoxFuture<'static, Option<Fed>>, NotHere> {
    Ok(driver.carry_out_bootstrap(effect).boxed_local())
}

/// Brings the code for a long history and runs it.
pub(crate) fn bootstrap(
    driver: Rc<Driver>,
    effect: PullEffect,
) -> LocalBoxFuture<'static, Option<Fed>> {
    async move {
        match bootstrapping(driver, effect).await {
            Ok(carried_out) => carried_out.await,
            Err(NotHere) => Some(Fed::NoReply),
        }
    }
    .boxed_local()
}

/// The sending of a locked tablet, in the same part: it begins after the first screen too.
#[wasm_split(mend, wasm_split_path = leptos::wasm_split, fallible)]
fn send_locked(
    store: Rc<TabletStore>,
    device: DeviceId,
    told: ArcRwSignal<Option<LockedSending>>,
) -> Result<(), NotHere> {
    LockedSender::start(store, device, told);
    Ok(())
}

/// Brings the code that sends while the tablet is locked and begins; what it comes to is nothing until then.
pub(crate) fn locked_sending(
    store: Rc<TabletStore>,
    device: DeviceId,
) -> ArcRwSignal<Option<LockedSending>> {
    let told = ArcRwSignal::new(None);
    let sending = send_locked(store, device, told.clone());
    leptos::task::spawn_local(async {
        // Where the code does not come, what is unsent goes once somebody opens the tablet.
        let _ = sending.await;
    });
    told
}

/// Where words are drawn from.
pub(crate) fn word_list() -> WordList {
    WordList(|| async { draw_list().await.ok() }.boxed_local())
}

/// A screen of one of the parts.
#[derive(Clone, Copy)]
pub(crate) enum Later {
    Join(Join),
    Field(Field),
    Office(Office),
}

/// Which parts are here.
#[derive(Clone, Copy)]
struct Here {
    join: bool,
    field: bool,
    office: bool,
}

thread_local! {
    /// Which parts are here: asked while a screen is drawn, which can not wait.
    static HERE: Cell<Here> = const { Cell::new(Here { join: false, field: false, office: false }) };
}

impl Later {
    fn is_here(self) -> bool {
        let here = HERE.get();
        match self {
            Self::Join(_) => here.join,
            Self::Field(_) => here.field,
            Self::Office(_) => here.office,
        }
    }

    /// Brings the part, unless it is here. The waiting for it must not be given up half-way, which is
    /// why callers spawn this.
    async fn fetch(self) -> Result<(), NotHere> {
        match self {
            Self::Join(_) => fetch_join().await?,
            Self::Field(_) => fetch_field().await?,
            Self::Office(_) => fetch_office().await?,
        }
        let mut here = HERE.get();
        match self {
            Self::Join(_) => here.join = true,
            Self::Field(_) => here.field = true,
            Self::Office(_) => here.office = true,
        }
        HERE.set(here);
        Ok(())
    }

    /// The screen; nothing while its part is not here.
    fn draw(self) -> Option<AnyView> {
        if !self.is_here() {
            return None;
        }
        // What is here is drawn at the first asking.
        match self {
            Self::Join(screen) => draw_join(screen).now_or_never()?.ok(),
            Self::Field(screen) => draw_field(screen).now_or_never()?.ok(),
            Self::Office(screen) => draw_office(screen).now_or_never()?.ok(),
        }
    }
}

/// Brings every part once the first screen is there, so that no tap waits for one.
pub(crate) fn fetch_parts() {
    leptos::task::spawn_local(async {
        TimeoutFuture::new(AFTER_START_MS).await;
        for part in [
            Later::Join(Join::Enrol),
            Later::Field(Field::Settings),
            Later::Office(Office::Overview),
        ] {
            // What does not come now comes with the screen that needs it, which says so if it can not.
            let _ = part.fetch().await;
        }
        let _ = fetch_words().await;
        let _ = fetch_mend().await;
    });
}

/// A screen of somebody without words, as soon as its part is here.
pub(crate) fn join(screen: Join) -> AnyView {
    later(Later::Join(screen))
}

/// A facilitator's screen, as soon as its part is here.
pub(crate) fn field(screen: Field) -> AnyView {
    later(Later::Field(screen))
}

/// A coordinator's screen or the lead's, as soon as its part is here.
pub(crate) fn office(screen: Office) -> AnyView {
    later(Later::Office(screen))
}

fn later(screen: Later) -> AnyView {
    if let Some(view) = screen.draw() {
        return view;
    }
    let came = RwSignal::new(None::<bool>);
    let fetch = move || {
        came.set(None);
        leptos::task::spawn_local(async move {
            let fetched = screen.fetch().await;
            came.try_set(Some(fetched.is_ok()));
        });
    };
    fetch();
    (move || match came.get() {
        None => view! { <Opening/> }.into_any(),
        Some(true) => screen
            .draw()
            .unwrap_or_else(|| view! { <PartMissing fetch/> }.into_any()),
        Some(false) => view! { <PartMissing fetch/> }.into_any(),
    })
    .into_any()
}
