//! Who is to be asked the survey at a session.

use leptos::prelude::*;
use wellfield_core::clock::Date;
use wellfield_core::evaluation::{Asked, Due, due};
use wellfield_core::ids::SessionId;
use wellfield_core::measures::Moment;

use super::moment_words;
use crate::history::History;
use crate::screen::Here;
use crate::ui::Icon;
use crate::wording::{Words, words};

/// The people who are due, each with a way to ask them; nothing where nobody is. It waits until everything
/// on the tablet was read, because who is due follows from the whole of somebody's course.
#[component]
pub fn DueList(session: SessionId) -> impl IntoView {
    let w = words();
    let here = Here::find();
    let today: RwSignal<Date> = expect_context();
    let people = Memo::new(move |_| {
        if here.tablet.history.get() != History::Whole {
            return Vec::new();
        }
        let today = today.get();
        here.with(|delivery| due(delivery, session, today))
            .unwrap_or_default()
    });
    let line = move |due: Due| {
        let href = format!(
            "/app/session/{session}/ask/{}/{}",
            due.person,
            due.moment.code()
        );
        view! {
            <li>
                <a class="app-list__link" href=href>
                    <span class="app-list__main">{due.name}<small>{note(w, due.asked, due.moment)}</small></span>
                    <Icon name="arrow-right" class="app-icon app-icon--turn"/>
                </a>
            </li>
        }
    };
    view! {
        <Show when=move || !people.get().is_empty()>
            <section class="app-section">
                <h2 class="app-section__heading">{w.evaluation_due_title()}</h2>
                <p class="govuk-body">{w.evaluation_due_text()}</p>
                <ul class="app-list">{move || people.get().into_iter().map(line).collect_view()}</ul>
            </section>
        </Show>
    }
}

pub(super) fn note(w: Words, asked: Asked, moment: Moment) -> String {
    let moment = moment_words(w, moment);
    match asked {
        Asked::NotYet => moment.to_owned(),
        Asked::Stopped => format!("{moment} · {}", w.evaluation_due_stopped()),
        Asked::Linked => format!("{moment} · {}", w.evaluation_due_linked()),
        Asked::SaidNo => format!("{moment} · {}", w.evaluation_due_said_no()),
        Asked::ConsentFirst => format!("{moment} · {}", w.evaluation_due_consent()),
    }
}
