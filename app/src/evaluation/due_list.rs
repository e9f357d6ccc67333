//! Who is to be asked the survey at a session.

use leptos::prelude::*;
use wellfield_core::clock::Date;
use wellfield_core::evaluation::{Asked, Due, due};
use wellfield_core::ids::SessionId;
use wellfield_core::measures::Moment;

use super::{at, moment_words};
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
        let at = at(today.get());
        here.with(|delivery| due(delivery, session, at))
            .unwrap_or_default()
    });
    let of_session = move |wanted: bool| {
        people.with(|people| of_moments(people, |moment| moment.of_session() == wanted))
    };
    view! {
        <People
            title=w.evaluation_feelings_title()
            text=w.evaluation_feelings_text()
            people=Signal::derive(move || of_session(true))
            session
        />
        <People
            title=w.evaluation_due_title()
            text=w.evaluation_due_text()
            people=Signal::derive(move || of_session(false))
            session
        />
    }
}

fn of_moments(people: &[Due], wanted: impl Fn(Moment) -> bool) -> Vec<Due> {
    let people = people.iter().filter(|due| wanted(due.moment));
    people.cloned().collect()
}

/// Some of them, under a heading.
#[component]
fn People(
    title: &'static str,
    text: &'static str,
    people: Signal<Vec<Due>>,
    session: SessionId,
) -> impl IntoView {
    let w = words();
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
        <Show when=move || !people.with(Vec::is_empty)>
            <section class="app-section">
                <h2 class="app-section__heading">{title}</h2>
                <p class="govuk-body">{text}</p>
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
