//! What the server set aside of this tablet's records, with what each says and what became of it.

use leptos::prelude::*;
use wellfield_core::event::{Event, decode_event, remains};
use wellfield_core::ids::EventId;
use wellfield_core::set_aside::SetAsides;

use crate::check::{Reader, outcome_words, said};
use crate::coordinator::may_coordinate;
use crate::screen::Here;
use crate::storage::StoreError;
use crate::tablet::Tablet;
use crate::ui::Icon;
use crate::wording::{Moments, words};

/// What was set aside of this tablet's own records. Those that cannot be read are shown with the damaged
/// ones.
#[component]
pub(super) fn SetAside() -> impl IntoView {
    let w = words();
    let here = Here::find();
    let tablet = here.tablet;
    let own = RwSignal::new(Vec::<Event>::new());
    Effect::new(move |_| {
        tablet.aside.track();
        leptos::task::spawn_local(async move {
            if let Ok(found) = find(tablet).await {
                own.try_set(found);
            }
        });
    });
    let reader = if may_coordinate(tablet) {
        Reader::Coordinator
    } else {
        Reader::Facilitator
    };
    let is_any = move || tablet.aside.with(|aside| !aside.is_empty());
    let open = move || {
        let device = tablet
            .identity
            .with(|identity| Some(identity.as_ref()?.device));
        let settled = |n: u64, decided: &SetAsides| {
            device.is_some_and(|device| decided.is_settled(EventId { device, n }))
        };
        let all = tablet.aside.get();
        let waits = here.with(|delivery| {
            let waiting = all
                .iter()
                .filter(|(n, _)| !settled(*n, &delivery.set_aside));
            waiting.count()
        });
        waits.unwrap_or(all.len()) as u64
    };
    let line = move |event: Event| {
        let says = here.with(|delivery| said(w, delivery, &event, reader))?;
        let why = tablet.aside.with(|aside| {
            let found = aside.iter().find(|(n, _)| *n == event.id.n);
            found.map(|(_, outcome)| outcome_words(w, *outcome))
        });
        let state = move || {
            let became =
                |decided: &SetAsides| (decided.is_settled(event.id), decided.is_taken_in(event.id));
            match here.with(|delivery| became(&delivery.set_aside)) {
                Some((true, true)) => (
                    "app-state app-state--sent",
                    "tick-solid",
                    w.aside_coordinator_used(),
                ),
                Some((true, false)) => ("app-state", "cross", w.aside_coordinator_left_out()),
                _ => (
                    "app-state app-state--check",
                    "triangle-alert",
                    w.aside_coordinator_decides(),
                ),
            }
        };
        let when = w.moment(event.at.instant());
        let lines = says
            .lines
            .into_iter()
            .map(|line| view! { <small>{line}</small> });
        let view = view! {
            <li>
                <span class="app-list__main">
                    {says.title}
                    {lines.collect_view()}
                    <small>{when}{why.map(|why| format!(" · {why}"))}</small>
                </span>
                {move || {
                    let (class, icon, text) = state();
                    view! { <span class=class><Icon name=icon/>{text}</span> }
                }}
            </li>
        };
        Some(view)
    };
    view! {
        <Show when=is_any>
            <section class="app-sent">
                <h2 class="app-sent__heading">
                    <span class="app-state app-state--check"><Icon name="triangle-alert"/>{w.check_title()}</span>
                </h2>
                <Show when=move || { open() > 0 }>
                    <p class="govuk-body">{move || w.sent_set_aside(open())}</p>
                </Show>
                <Show when=move || own.with(|own| !own.is_empty())>
                    <ul class="app-list">{move || own.get().into_iter().map(line).collect_view()}</ul>
                </Show>
            </section>
        </Show>
    }
}

async fn find(tablet: Tablet) -> Result<Vec<Event>, StoreError> {
    let aside: Vec<u64> = tablet
        .aside
        .with_untracked(|aside| aside.iter().map(|(n, _)| *n).collect());
    let rows = tablet.store().own(&aside).await?;
    let whole = rows.iter().filter(|row| remains(row).is_none());
    Ok(whole.filter_map(|row| decode_event(row).ok()).collect())
}
