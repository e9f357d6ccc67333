//! What is known of something, as a list of names and values.

use leptos::prelude::*;
use leptos::text_prop::TextProp;

use crate::wording::words;

/// The list around its rows.
#[component]
pub fn SummaryList(
    /// The rows.
    children: Children,
) -> impl IntoView {
    view! { <dl class="govuk-summary-list">{children()}</dl> }
}

/// One name with its value.
#[component]
pub fn SummaryRow(
    /// What it is.
    #[prop(into)]
    key: String,
    /// What it says.
    #[prop(into)]
    value: TextProp,
    /// Where it can be changed, on a page without a router.
    #[prop(optional, into)]
    change: Option<String>,
) -> impl IntoView {
    let w = words();
    let named = key.clone();
    view! {
        <div class="govuk-summary-list__row">
            <dt class="govuk-summary-list__key">{key}</dt>
            <dd class="govuk-summary-list__value">{move || value.get()}</dd>
            {change
                .map(|href| {
                    view! {
                        <dd class="govuk-summary-list__actions">
                            <a class="govuk-link govuk-link--no-visited-state" href=href rel="external">
                                {w.action_change()}
                                <span class="govuk-visually-hidden">": "{named}</span>
                            </a>
                        </dd>
                    }
                })}
        </div>
    }
}
