//! A link for people's own phones, as staff show it or send it on.

use leptos::prelude::*;
use wasm_bindgen_futures::JsFuture;
use wellfield_core::own_phone::{Link, SignedLink};
use wellfield_wording::SquareCode;

use crate::platform::{page_origin, window};
use crate::screen::Here;
use crate::ui::Square;
use crate::wording::words;

/// The address that a link leads to, signed by this device; `None` where the device has not joined.
pub(crate) fn address_of(here: Here, link: Link) -> Option<String> {
    here.tablet.identity.with_untracked(|identity| {
        let signed: SignedLink = link.sign(&identity.as_ref()?.token);
        Some(format!("{}/a/#{}", page_origin(), signed.to_text()))
    })
}

/// The link: to scan, and to copy.
#[component]
pub(crate) fn LinkForPhone(
    /// What stands above it.
    #[prop(into)]
    title: Option<String>,
    /// For whom it is, and until when.
    about: String,
    /// How it is scanned.
    #[prop(into)]
    scan: String,
    /// What it leads to.
    address: String,
    /// Back to where they came from.
    back: String,
) -> impl IntoView {
    let w = words();
    let copied = RwSignal::new(None::<bool>);
    let field = NodeRef::<leptos::html::Textarea>::new();
    let text = address.clone();
    let copy = move |_| {
        // Selected as well, so that a hand can copy it where the browser does not.
        if let Some(field) = field.get_untracked() {
            field.select();
        }
        let written = window().navigator().clipboard().write_text(&text);
        leptos::task::spawn_local(async move {
            let done = JsFuture::from(written).await.is_ok();
            copied.try_set(Some(done));
        });
    };
    let told = move || {
        copied.get().map(|done| {
            if done {
                w.evaluation_link_copied()
            } else {
                w.evaluation_link_not_copied()
            }
        })
    };
    view! {
        {title.map(|title| view! { <h2 class="govuk-heading-m" tabindex="-1">{title}</h2> })}
        <p class="govuk-body">{about}</p>
        <p class="govuk-body">{scan}</p>
        {SquareCode::of(&address).map(|code| view! { <Square code label=w.evaluation_link_code()/> })}
        <p class="govuk-body">{w.evaluation_link_send()}</p>
        <div class="govuk-form-group">
            <label class="govuk-label" for="link">{w.evaluation_link_address()}</label>
            <textarea class="govuk-textarea" id="link" rows="3" readonly spellcheck="false" node_ref=field prop:value=address></textarea>
        </div>
        <div class="govuk-button-group">
            <button type="button" class="govuk-button" on:click=copy>{w.evaluation_link_copy()}</button>
            <a class="govuk-button govuk-button--secondary" href=back>{w.evaluation_link_done()}</a>
        </div>
        <p class="govuk-body" role="status">{told}</p>
    }
}
