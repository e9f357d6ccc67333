//! Own records that are damaged on this tablet: what can still be read of them, for somebody who was
//! there.

use leptos::prelude::*;
use wellfield_core::event::{Remains, remains};
use wellfield_core::sync::Outcome;

use crate::screen::Here;
use crate::storage::StoreError;
use crate::tablet::Tablet;
use crate::ui::Icon;
use crate::wording::{Moments, words};

/// What is left of damaged records, unsent ones and those that the server has set aside since.
#[component]
pub(super) fn DamagedRecords() -> impl IntoView {
    let w = words();
    let tablet = Here::find().tablet;
    let all = RwSignal::new(Vec::<Remains>::new());
    Effect::new(move |_| {
        tablet.newest.track();
        tablet.aside.track();
        if tablet.progress.with(|progress| progress.sending) {
            return;
        }
        leptos::task::spawn_local(async move {
            if let Ok(found) = find(tablet).await {
                all.try_set(found);
            }
        });
    });
    let line = move |left: Remains| {
        let when = left.at.map(|at| w.moment(at));
        let none = left.texts.is_empty().then(|| w.damaged_nothing());
        let texts = left.texts.into_iter();
        view! {
            <li>
                {when}
                <ul class="govuk-list govuk-list--bullet">
                    {texts.map(|text| view! { <li>{text.to_string()}</li> }).collect_view()}
                    {none.map(|text| view! { <li>{text}</li> })}
                </ul>
            </li>
        }
    };
    view! {
        <Show when=move || all.with(|all| !all.is_empty())>
            <section class="app-sent">
                <h2 class="app-sent__heading">
                    <span class="app-state app-state--check"><Icon name="triangle-alert"/>{w.damaged_title()}</span>
                </h2>
                <p class="govuk-body">{move || w.damaged_text(all.with(Vec::len) as u64)}</p>
                <ul class="govuk-list">{move || all.get().into_iter().map(line).collect_view()}</ul>
            </section>
        </Show>
    }
}

async fn find(tablet: Tablet) -> Result<Vec<Remains>, StoreError> {
    let Some(identity) = tablet.identity.get_untracked() else {
        return Ok(Vec::new());
    };
    let unreadable = |(n, outcome): &(u64, Outcome)| {
        matches!(outcome, Outcome::Unreadable | Outcome::Content).then_some(*n)
    };
    let aside: Vec<u64> = tablet
        .aside
        .with_untracked(|aside| aside.iter().filter_map(unreadable).collect());
    let mut rows = tablet.store().own(&aside).await?;
    rows.extend(tablet.store().outbox(&identity, usize::MAX).await?.events);
    Ok(rows.iter().filter_map(|row| remains(row)).collect())
}
