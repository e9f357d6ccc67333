//! A person on the day, and changing what is known of them.

mod change;
mod needs;
mod page;

pub use change::ChangeDetails;
pub use needs::NeedsMet;
pub use page::PersonPage;

use crate::wording::{Words, words};
use leptos::prelude::*;

/// The person in the address is not on this tablet.
#[component]
pub fn NoPerson() -> impl IntoView {
    let w: Words = words();
    view! {
        <crate::ui::Page title=w.person_none() back="/app/">
            <p class="govuk-body">{w.person_none_text()}</p>
        </crate::ui::Page>
    }
}
