//! Says that the device is nearly full, and what to do.

use leptos::prelude::*;

use crate::screen::Here;
use crate::ui::Icon;
use crate::wording::words;

/// The notice, while room is low.
#[component]
pub fn LowRoom() -> impl IntoView {
    let w = words();
    let tablet = Here::find().tablet;
    view! {
        <Show when=move || tablet.low_room.get()>
            <div class="app-notice app-notice--warn" role="alert">
                <Icon name="triangle-alert"/>
                <div class="app-notice__body">
                    <p class="app-notice__title">{w.store_low()}</p>
                    <p>{w.store_low_text()}</p>
                </div>
            </div>
        </Show>
    }
}
