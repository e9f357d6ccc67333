//! The frame of a screen: title, heading, focus, and what went wrong with saving.

use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::Icon;
use crate::platform::document;
use crate::storage::StoreError;
use crate::wording::{Words, words};

/// A screen with its heading. Moving to it sets the title of the window and the focus.
#[component]
pub fn Page(
    /// The heading.
    #[prop(into)]
    title: String,
    /// A line above the heading.
    #[prop(optional, into)]
    caption: Option<String>,
    /// Where "Back" leads.
    #[prop(optional, into)]
    back: Option<String>,
    /// What the window is called instead: a heading that names a person must not stand in the history of
    /// the browser.
    #[prop(optional, into)]
    window: Option<String>,
    /// Whether the page asks one thing and is kept narrow.
    #[prop(optional)]
    narrow: bool,
    /// The content.
    children: Children,
) -> impl IntoView {
    let w = words();
    let window = window.as_ref().unwrap_or(&title);
    document().set_title(&format!("{window} – {}", w.brand_name()));
    if let Some(problem) = use_context::<RwSignal<Option<StoreError>>>() {
        problem.set(None);
    }
    let class = if narrow {
        "app-main app-main--narrow"
    } else {
        "app-main"
    };
    focus_heading();
    view! {
        <main class=class id="main" tabindex="-1">
            {back.map(|href| view! { <a class="govuk-back-link" href=href>{w.action_back()}</a> })}
            <StoreNotice/>
            <div class="app-page">
                <h1 class="app-page__heading" tabindex="-1">
                    {caption.map(|caption| view! { <span class="app-page__caption">{caption}</span> })}
                    {title}
                </h1>
            </div>
            {children()}
        </main>
    }
}

/// Moves the focus to the heading of the page that is about to be shown, as a browser does when it
/// loads one. The first page after the start is left alone.
pub fn focus_heading() {
    thread_local!(static SHOWN: core::cell::Cell<bool> = const { core::cell::Cell::new(false) });
    if !SHOWN.replace(true) {
        return;
    }
    request_animation_frame(|| {
        if let Ok(Some(heading)) = document().query_selector("h1[tabindex]")
            && let Ok(heading) = heading.dyn_into::<web_sys::HtmlElement>()
        {
            let _ = heading.focus();
        }
        crate::platform::window().scroll_to_with_x_and_y(0.0, 0.0);
    });
}

/// What went wrong with saving, in words that say what to do. What was typed is still on screen.
#[component]
pub fn StoreNotice() -> impl IntoView {
    let w = words();
    let problem = use_context::<RwSignal<Option<StoreError>>>();
    move || {
        problem.and_then(|problem| problem.get()).map(|error| {
            view! {
                <div class="app-notice app-notice--error" role="alert">
                    <Icon name="triangle-alert"/>
                    <div class="app-notice__body">
                        <p><b>{w.store_not_saved()}</b></p>
                        <p>{store_error_text(w, &error)}</p>
                    </div>
                </div>
            }
        })
    }
}

/// What a storage error means to the person and what they can do.
pub fn store_error_text(w: Words, error: &StoreError) -> &'static str {
    match error {
        StoreError::Unavailable => w.store_unavailable(),
        StoreError::Blocked => w.store_blocked(),
        StoreError::TooNew => w.store_too_new(),
        StoreError::Full => w.store_full(),
        StoreError::Lost | StoreError::Undone | StoreError::Overtaken | StoreError::Other(_) => {
            w.store_undone()
        }
        StoreError::TakenOut => w.store_taken_out(),
        StoreError::Locked | StoreError::Unreadable => w.store_unreadable(),
    }
}
