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
    match need {
        AccessNeed::StepFree => ("access", w.need_step_free()),
        AccessNeed::Seating => ("access", w.need_seating()),
        AccessNeed::Hearing => ("ear", w.need_hearing()),
        AccessNeed::Sight => ("eye", w.need_sight()),
        AccessNeed::Reading => ("note", w.need_reading()),
        AccessNeed::Language => ("speech", w.need_language()),
        AccessNeed::QuietSpace => ("heart", w.need_quiet_space()),
        AccessNeed::Toilet => ("toilet", w.need_toilet()),
        AccessNeed::Breaks => ("clock", w.need_breaks()),
        AccessNeed::ClearSteps => ("note", w.need_clear_steps()),
        AccessNeed::Companion => ("people", w.need_companion()),
        AccessNeed::AssistanceDog => ("heart", w.need_assistance_dog()),
        AccessNeed::Transport => ("bus", w.need_transport()),
    }
}
