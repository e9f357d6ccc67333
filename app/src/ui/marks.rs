//! Small signs that mean the same on every screen, each an icon with its word.

use leptos::prelude::*;
use wellfield_core::consent::{PhotoPermission, Purpose};
use wellfield_core::people::AccessNeed;
use wellfield_core::sync::Custody;

use super::Icon;
use crate::wording::{Words, words};

/// How far a record has come.
#[component]
pub fn CustodyMark(
    /// The state.
    #[prop(into)]
    custody: Signal<Custody>,
) -> impl IntoView {
    let w = words();
    move || match custody.get() {
        Custody::SavedHere => view! {
            <span class="app-state app-state--local"><Icon name="tick-outline"/>{w.state_saved_here()}</span>
        },
        Custody::Sent => view! {
            <span class="app-state app-state--sent"><Icon name="tick-solid"/>{w.state_sent()}</span>
        },
        Custody::SetAside => view! {
            <span class="app-state app-state--check"><Icon name="triangle-alert"/>{w.check_title()}</span>
        },
    }
}

/// Whether photos may be taken, on the register row.
#[component]
pub fn PhotoTag(
    /// What was consented to.
    permission: PhotoPermission,
) -> impl IntoView {
    let w = words();
    let (icon, class, text) = match permission {
        PhotoPermission::All => ("camera", "app-tag app-tag--plain", w.photo_all().to_owned()),
        PhotoPermission::For(uses)
            if uses.contains(&Purpose::PhotoOwnRecords) && uses.len() == 1 =>
        {
            (
                "camera",
                "app-tag app-tag--plain",
                w.photo_own_records().to_owned(),
            )
        }
        PhotoPermission::For(_) => (
            "camera",
            "app-tag app-tag--plain",
            w.photo_some().to_owned(),
        ),
        PhotoPermission::No => (
            "camera-off",
            "app-tag app-tag--strong",
            w.photo_none().to_owned(),
        ),
        PhotoPermission::NotAsked => (
            "camera-off",
            "app-tag app-tag--plain",
            w.photo_not_asked().to_owned(),
        ),
    };
    view! { <span class=class><Icon name=icon class="app-icon app-icon--small"/>{text}</span> }
}

/// The word and the icon for an access need.
pub fn access_word(w: Words, need: AccessNeed) -> (&'static str, &'static str) {
    let icon = match need {
        AccessNeed::StepFree => "access",
        AccessNeed::Seating => "access",
        AccessNeed::Hearing => "ear",
        AccessNeed::Sight => "eye",
        AccessNeed::Reading => "note",
        AccessNeed::Language => "speech",
        AccessNeed::QuietSpace => "heart",
        AccessNeed::Toilet => "toilet",
        AccessNeed::Breaks => "clock",
        AccessNeed::ClearSteps => "note",
        AccessNeed::Companion => "people",
        AccessNeed::AssistanceDog => "heart",
        AccessNeed::Transport => "bus",
    };
    (icon, w.need(need))
}
