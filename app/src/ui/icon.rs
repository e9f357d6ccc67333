//! Icons. The shapes stand in the page itself (`style/icons.svg`), so an icon costs one element here.

use leptos::prelude::*;

/// An icon beside words that say the same. It is hidden from screen readers.
#[component]
pub fn Icon(
    /// Its name in `style/icons.json`.
    #[prop(into)]
    name: Signal<&'static str>,
    /// Its classes.
    #[prop(default = "app-icon")]
    class: &'static str,
) -> impl IntoView {
    view! {
        <svg class=class aria-hidden="true" focusable="false">
            <use href=move || format!("#i-{}", name.get())></use>
        </svg>
    }
}
