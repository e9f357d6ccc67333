//! Telephone numbers: shown in one piece, and there to be rung.

use leptos::prelude::*;
use wellfield_core::people::Contact;
use wellfield_core::text::Line;

use super::Icon;
use crate::wording::words;

/// A number that no line break takes apart. People read it out, and half of it on the next line is read
/// out wrong.
pub fn unbroken(number: &str) -> String {
    number.replace(' ', "\u{a0}")
}

/// The address that rings a number.
fn tel(number: &str) -> String {
    let digits = number
        .chars()
        .filter(|c| c.is_ascii_digit() || *c == '+')
        .collect::<String>();
    format!("tel:{digits}")
}

/// A link that rings a number, in words that name it.
#[component]
pub fn RingLink(
    /// The number.
    phone: Line,
    /// What the link says, given the number as it is shown.
    words: impl FnOnce(&str) -> String,
) -> impl IntoView {
    let number = phone.as_str();
    view! { <a class="govuk-link govuk-link--tap" href=tel(number) rel="external">{words(&unbroken(number))}</a> }
}

/// A button that rings somebody.
#[component]
pub fn CallButton(
    /// Whom it rings.
    contact: Contact,
) -> impl IntoView {
    let w = words();
    let number = contact.phone.as_str();
    let who = match &contact.relation {
        Some(relation) => format!("{}, {relation}", contact.name),
        None => contact.name.to_string(),
    };
    view! {
        <a class="govuk-button govuk-button--secondary" href=tel(number) rel="external">
            <Icon name="phone"/>
            {w.onsite_call(&unbroken(number), &who)}
        </a>
    }
}
