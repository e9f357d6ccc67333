//! The head of a page that belongs to nobody yet, or to nobody any more: the name and the language.

use leptos::prelude::*;

use crate::settings::LanguageSwitch;
use crate::ui::Icon;
use crate::wording::words;

/// What stands above the lock, above setting up, and on a device that was taken out of use.
#[component]
pub fn BrandHeader() -> impl IntoView {
    let w = words();
    view! {
        <header class="app-header">
            <div class="app-header__row">
                <span class="app-header__name">
                    <Icon name="name-mark" class="app-header__mark"/>
                    <span class="app-header__words"><span class="app-header__title">{w.brand_name()}</span></span>
                </span>
                <LanguageSwitch/>
            </div>
        </header>
    }
}
