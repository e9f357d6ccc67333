//! Whom to get in touch with months after the course.

use leptos::prelude::*;
use wellfield_core::clock::Date;
use wellfield_core::evaluation::{
    Asked, FollowUp, Timing, asks_after, follow_up_session, follow_ups,
};
use wellfield_core::ids::SessionId;

use super::due_list::note;
use crate::screen::Here;
use crate::ui::{Icon, Page};
use crate::wording::{Words, words};

/// What the page shows.
#[derive(Clone, PartialEq)]
enum Stands {
    /// The plan asks nothing after the course.
    NotPlanned,
    /// Everybody who has not answered, and the session at which it is entered.
    Planned(SessionId, Vec<FollowUp>),
}

/// Everybody to be asked after the course: now, later, and those for whom it is too late.
#[component]
pub fn FollowUpPage() -> impl IntoView {
    let w = words();
    let here = Here::find();
    let today: RwSignal<Date> = expect_context();
    let stands = Memo::new(move |_| {
        let today = today.get();
        let planned = here.with(|delivery| {
            let plan = delivery.evaluation.plan();
            plan.filter(|plan| asks_after(plan))?;
            let session = follow_up_session(delivery)?;
            Some(Stands::Planned(session, follow_ups(delivery, today)))
        });
        planned.flatten().unwrap_or(Stands::NotPlanned)
    });
    let lists = move || {
        match stands.get() {
        Stands::NotPlanned => view! {
            <div class="app-empty">
                <p>{w.follow_up_not_planned()}</p>
                <p><a class="govuk-link govuk-link--tap" href="/app/coordinator/evaluation">{w.evaluation_title()}</a></p>
            </div>
        }
        .into_any(),
        Stands::Planned(session, all) => [Timing::Now, Timing::Later, Timing::Missed]
            .map(|timing| {
                let of = all.iter().filter(|one| one.timing == timing);
                view! { <List timing session all=of.cloned().collect()/> }
            })
            .into_any(),
    }
    };
    view! {
        <Page title=w.follow_up_title() back="/app/coordinator">
            <p class="govuk-body">{w.follow_up_text()}</p>
            {lists}
        </Page>
    }
}

/// One of the lists. That of today says so where it is empty; the others are left out.
#[component]
fn List(timing: Timing, session: SessionId, all: Vec<FollowUp>) -> impl IntoView {
    let w = words();
    let (heading, empty) = match timing {
        Timing::Now => (w.follow_up_now(), Some(w.follow_up_nobody())),
        Timing::Later => (w.follow_up_later(), None),
        Timing::Missed => (w.follow_up_missed(), None),
    };
    let empty = all.is_empty().then_some(empty);
    if empty == Some(None) {
        return ().into_any();
    }
    let count = all.len() as u64;
    let lines = all.into_iter().map(|one| line(w, session, one));
    let lines = view! { <ul class="app-list">{lines.collect_view()}</ul> };
    // What can be done today stands open; the rest is long and is looked up.
    let lines = match timing {
        Timing::Now => lines.into_any(),
        Timing::Later | Timing::Missed => view! {
            <details class="govuk-details">
                <summary class="govuk-details__summary">
                    <span class="govuk-details__summary-text">{w.follow_up_show(count)}</span>
                </summary>
                {lines}
            </details>
        }
        .into_any(),
    };
    view! {
        <section class="app-section">
            <h2 class="app-section__heading">{heading}</h2>
            {empty.flatten().map(|empty| view! { <div class="app-empty"><p>{empty}</p></div> })}
            {lines}
        </section>
    }
    .into_any()
}

fn line(w: Words, session: SessionId, one: FollowUp) -> AnyView {
    let what = note(w, one.due.asked, one.due.moment);
    let when = match one.timing {
        Timing::Now => w.follow_up_until(&w.dated(one.until)),
        Timing::Later => w.follow_up_from(&w.dated(one.from)),
        Timing::Missed => w.follow_up_was_until(&w.dated(one.until)),
    };
    let name = one.due.name;
    let words =
        view! { <span class="app-list__main">{name}<small>{what}" · "{when}</small></span> };
    let (person, moment) = (one.due.person, one.due.moment.code());
    // Whether somebody's answers may be used can be asked before it is time.
    let href = match (one.timing, one.due.asked) {
        (Timing::Now, _) => Some(format!("/app/session/{session}/ask/{person}/{moment}")),
        (Timing::Later, Asked::ConsentFirst) => Some(format!("/app/person/{person}")),
        (Timing::Later | Timing::Missed, _) => None,
    };
    match href {
        Some(href) => view! {
            <li>
                <a class="app-list__link" href=href>{words}<Icon name="arrow-right" class="app-icon app-icon--turn"/></a>
            </li>
        }
        .into_any(),
        None => view! { <li>{words}</li> }.into_any(),
    }
}
