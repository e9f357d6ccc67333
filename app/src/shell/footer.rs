//! Who runs the programme, below each screen.

use leptos::prelude::*;

use crate::tablet::Tablet;
use crate::wording::words;

/// The footer.
#[component]
pub fn Footer() -> impl IntoView {
    let w = words();
    let tablet: Tablet = expect_context();
    let run_by = move || {
        let programme = tablet.programme()?;
        tablet.records.with(|records| {
            Some(w.shell_run_by(&records.delivery(programme)?.programme()?.organisation))
        })
    };
    view! {
        <footer class="app-footer"><div class="app-footer__inner"><p><a class="govuk-link govuk-link--tap" href="/app/concern">{w.concern_link()}</a></p><p><a class="govuk-link govuk-link--tap" href="/app/accident">{w.accident_link()}</a></p><p>{run_by}</p></div></footer>
    }
}
