//! What a coordinator sees: sessions, referrals and their answers, answers with flags, devices.

mod answer_referral;
mod answers;
mod devices;
mod elsewhere;
mod lost;
mod onward;
mod overview;
mod person_list;
mod referrals;
mod stories;

pub use answers::{Answers, answer_rows, session_words};
pub use devices::{Asked, Devices, Trouble, ask_for_devices};
pub use elsewhere::{ScoresElsewherePage, ScoresOf};
pub use lost::LostDevice;
pub use onward::{OnwardOf, OnwardPage};
pub use overview::Overview;
pub use person_list::{PersonLine, PersonList};
pub use referrals::ReferralsReceived;
pub use stories::{ShareWords, StoriesPage};

use leptos::prelude::*;
use wellfield_core::access::{Action, Role, decide};
use wellfield_core::stream::Room;

use crate::tablet::Tablet;

/// Whether whoever uses this device may see what coordinators see: those who may read casework.
pub fn may_coordinate(tablet: Tablet) -> bool {
    let role: Option<Role> = tablet
        .identity
        .with_untracked(|identity| identity.as_ref().map(|identity| identity.role));
    role.is_some_and(|role| decide(role.into(), Action::Read, Room::Casework.into()))
}

/// Shows a screen to coordinators; to others there is no such page.
#[component]
pub fn ForCoordinators(children: Children) -> impl IntoView {
    if may_coordinate(expect_context()) {
        children().into_any()
    } else {
        view! { <crate::shell::NotFound/> }.into_any()
    }
}
