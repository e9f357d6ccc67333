//! What came of what people said.

use leptos::prelude::*;
use wellfield_core::feedback::FeedbackActedOn;
use wellfield_core::heads::Stamp;

use crate::coordinator::may_coordinate;
use crate::screen::Here;
use crate::ui::{CustodyMark, Page, SummaryList, SummaryRow};
use crate::wording::words;

/// What came of what people said, latest first; a coordinator can write more.
#[component]
pub fn FeedbackPage() -> impl IntoView {
    let w = words();
    let here = Here::find();
    let writes = may_coordinate(here.tablet);
    let all = Memo::new(move |_| {
        here.with(|delivery| {
            let all = delivery.feedback.all().into_iter();
            all.map(|head| (head.value.clone(), head.stamp))
                .collect::<Vec<_>>()
        })
        .unwrap_or_default()
    });
    let back = if writes { "/app/coordinator" } else { "/app/" };
    view! {
        <Page title=w.feedback_title() back>
            <p class="govuk-body">{w.feedback_text()}</p>
            {writes.then(|| view! { <p class="govuk-body"><a class="govuk-button" href="/app/coordinator/feedback/new">{w.feedback_add()}</a></p> })}
            <Show when=move || all.with(Vec::is_empty)>
                <div class="app-empty"><p>{w.feedback_none()}</p></div>
            </Show>
            <For each=move || all.get() key=|(acted, stamp)| (acted.change, stamp.id) let:((acted, stamp))>
                <Change acted stamp writes/>
            </For>
        </Page>
    }
}

#[component]
fn Change(acted: FeedbackActedOn, stamp: Stamp, writes: bool) -> impl IntoView {
    let w = words();
    let here = Here::find();
    let custody = Signal::derive(move || here.tablet.custody(&stamp));
    let heading = format!("change-{}", acted.change);
    let labelled = heading.clone();
    let href = format!("/app/coordinator/feedback/{}", acted.change);
    let said = acted.said.to_string();
    view! {
        <article class="app-card" aria-labelledby=labelled>
            <h2 class="app-card__heading" id=heading>{said.clone()}</h2>
            <SummaryList>
                <SummaryRow key=w.report_acted_did() value=acted.did.to_string()/>
                <SummaryRow key=w.report_acted_how_far() value=w.how_far(acted.progress)/>
                <SummaryRow key=w.evaluation_when() value=w.dated(acted.day)/>
            </SummaryList>
            <p class="govuk-body"><CustodyMark custody/></p>
            {writes
                .then(|| {
                    view! {
                        <p class="govuk-body">
                            <a class="govuk-link govuk-link--tap" href=href>
                                {w.feedback_change()}
                                <span class="govuk-visually-hidden">": "{said}</span>
                            </a>
                        </p>
                    }
                })}
        </article>
    }
}
