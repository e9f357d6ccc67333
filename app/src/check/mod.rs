//! Check this: two tablets that said different things of one person, and what the server set aside, side
//! by side, one choice.

mod details;
mod record;
mod set_aside;

use details::DetailsToCheck;
use leptos::prelude::*;
pub use record::{Reader, outcome_words, said};
use record::{by_words, chosen_notice};
use set_aside::SetAsideToCheck;
use wellfield_core::attendance::{AttendanceMarked, settle, take_choice_back};
use wellfield_core::ids::{EventId, PersonId, SessionId};

use crate::attendance::mark_words;
use crate::coordinator::may_coordinate;
use crate::screen::Here;
use crate::tablet::Tablet;
use crate::ui::{Icon, Page, focus_heading};
use crate::wording::words;

#[derive(Clone, PartialEq)]
struct Version {
    id: EventId,
    value: String,
    note: Option<String>,
    by: String,
}

#[derive(Clone, PartialEq)]
struct Disagreement {
    session: SessionId,
    person: PersonId,
    name: String,
    caption: String,
    versions: Vec<Version>,
    /// The marks as they stand, for taking a choice back.
    marks: Vec<AttendanceMarked>,
}

/// A choice that was made on this visit, and can be taken back.
#[derive(Clone, PartialEq)]
struct Chosen {
    session: SessionId,
    person: PersonId,
    name: String,
    value: String,
    before: Vec<AttendanceMarked>,
}

/// How many marks, details and decisions need a choice, for the header.
pub fn to_check_count(tablet: Tablet) -> usize {
    let Some(programme) = tablet.programme() else {
        return 0;
    };
    tablet.records.with(|records| {
        records.delivery(programme).map_or(0, |delivery| {
            let decisions = if may_coordinate(tablet) {
                delivery.set_aside.to_check().count()
            } else {
                0
            };
            delivery.attendance.to_check_count() + delivery.people_to_check().count() + decisions
        })
    })
}

/// Everything that needs a choice.
#[component]
pub fn CheckThis() -> impl IntoView {
    let w = words();
    let here = Here::find();
    let all = Memo::new(move |_| {
        here.with(|delivery| {
            delivery
                .attendance
                .to_check()
                .map(|(session, person, standing)| {
                    let versions = standing
                        .all()
                        .map(|head| Version {
                            id: head.stamp.id,
                            value: mark_words(w, &head.value.mark, Some(&head.stamp)),
                            note: head.value.note.as_ref().map(ToString::to_string),
                            by: by_words(w, delivery, &head.stamp),
                        })
                        .collect();
                    let marks = standing.all().map(|head| head.value.clone()).collect();
                    Disagreement {
                        marks,
                        session,
                        person,
                        name: delivery
                            .person(person)
                            .map(|p| p.details.preferred_name.to_string())
                            .unwrap_or_default(),
                        caption: delivery
                            .session(session)
                            .map(|plan| w.day(plan.date))
                            .unwrap_or_default(),
                        versions,
                    }
                })
                .collect::<Vec<_>>()
        })
        .unwrap_or_default()
    });
    let chosen = RwSignal::new(Vec::<Chosen>::new());
    // What differs again is a choice to be made, not one that was made.
    let is_open = move |made: &Chosen| {
        all.with(|all| {
            all.iter()
                .any(|one| (one.session, one.person) == (made.session, made.person))
        })
    };
    let made = move || chosen.get().into_iter().filter(move |made| !is_open(made));
    // What was set aside is a coordinator's to decide, and the server's to tell.
    let decides = may_coordinate(here.tablet);
    let waiting = RwSignal::new(decides);
    view! {
        <Page title=w.check_title()>
            <Show when=move || to_check_count(here.tablet) == 0 && !waiting.get()>
                <div class="app-empty"><p>{w.check_nothing()}</p></div>
            </Show>
            {move || all.get().into_iter().map(|one| view! { <Choice one chosen/> }).collect_view()}
            <DetailsToCheck/>
            {decides.then(|| view! { <SetAsideToCheck waiting/> })}
            {move || made().map(|made| view! { <Made made chosen/> }).collect_view()}
        </Page>
    }
}

/// What was chosen a moment ago, with the way back.
#[component]
fn Made(made: Chosen, chosen: RwSignal<Vec<Chosen>>) -> impl IntoView {
    let w = words();
    let here = Here::find();
    let programme = here.programme;
    let text = w.check_chosen(&made.name, &made.value);
    let whose = made.name.clone();
    let undo = move || {
        focus_heading();
        let before = made.before.clone();
        chosen.update(|all| all.retain(|one| *one != made));
        here.save_with(move |records| take_choice_back(records, programme, &before));
    };
    chosen_notice(text, whose, Some(Box::new(undo)))
}

#[component]
fn Choice(one: Disagreement, chosen: RwSignal<Vec<Chosen>>) -> impl IntoView {
    let w = words();
    let here = Here::find();
    let Disagreement {
        session,
        person,
        name,
        caption,
        versions,
        marks,
    } = one;
    let heading = format!("check-{session}-{person}");
    let labelled = heading.clone();
    let programme = here.programme;
    let title = w.check_two_marks(&name);
    let choose = move |event: EventId, value: String| {
        // The button goes, and the focus with it.
        focus_heading();
        let made = Chosen {
            session,
            person,
            name: name.clone(),
            value,
            before: marks.clone(),
        };
        chosen.update(|all| {
            all.retain(|one| (one.session, one.person) != (session, person));
            all.push(made);
        });
        here.save_with(move |records| {
            settle(records, programme, session, person, event).map(|draft| vec![draft])
        });
    };
    let versions = versions
        .into_iter()
        .map(|version| {
            let by = version.by;
            // Two people may have said the same with another note; the button's name tells them apart.
            let whose = by.clone();
            let choose = choose.clone();
            let value = version.value.clone();
            view! {
                <div class="app-check__version">
                    <p class="app-check__value">{version.value.clone()}</p>
                    {version.note.map(|note| view! { <p>{w.more_note()}": "{note}</p> })}
                    <p class="app-check__by">{by}</p>
                    <button type="button" class="govuk-button govuk-button--secondary" on:click=move |_| choose(version.id, value.clone())>
                        <span>
                            {w.check_use_mark(&version.value)}
                            <span class="govuk-visually-hidden">", "{whose}</span>
                        </span>
                    </button>
                </div>
            }
        })
        .collect_view();
    view! {
        <section class="app-check" aria-labelledby=labelled>
            <h2 class="app-check__title" id=heading><Icon name="triangle-alert"/>{title}</h2>
            <p class="app-check__why">{caption}" · "{w.check_why()}</p>
            <div class="app-check__versions">{versions}</div>
            <p class="app-check__after">
                {w.check_after()}
                " "
                <a class="govuk-link govuk-link--tap" href=format!("/app/session/{session}")>{w.check_to_register()}</a>
            </p>
        </section>
    }
}
