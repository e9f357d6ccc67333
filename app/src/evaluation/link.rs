//! A link for somebody's own phone, as staff show it or send it on.

use leptos::prelude::*;
use wasm_bindgen_futures::JsFuture;
use wellfield_core::clock::Date;
use wellfield_core::evaluation::SignedLink;
use wellfield_wording::SquareCode;

use crate::platform::{page_origin, window};
use crate::ui::Square;
use crate::wording::words;

/// The address that a link leads to.
pub(super) fn address_of(link: &SignedLink) -> String {
    format!("{}/a/#{}", page_origin(), link.to_text())
}

/// The link: to scan, and to copy.
#[component]
pub(super) fn LinkForPhone(
    /// Whose it is.
    name: String,
    /// What it leads to.
    address: String,
    /// The last day on which an answer counts.
    until: Date,
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
        <h2 class="govuk-heading-m" tabindex="-1">{w.evaluation_link_title(&name)}</h2>
        <p class="govuk-body">{w.evaluation_link_only(&name)}" "{w.evaluation_link_until(&w.dated(until))}</p>
        <p class="govuk-body">{w.evaluation_link_scan(&name)}</p>
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
