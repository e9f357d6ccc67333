//! One row of the register.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wellfield_core::attendance::{Absence, Mark, tap, undo};
use wellfield_core::consent::{PhotoPermission, photo_permission};
use wellfield_core::heads::Stamp;
use wellfield_core::ids::{PersonId, SessionId};
use wellfield_core::people::AccessNeed;

use crate::platform;
use crate::screen::Here;
use crate::ui::{CustodyMark, Icon, PhotoTag, access_word};
use crate::wording::{Words, words};

#[derive(Clone, PartialEq)]
struct RowView {
    name: String,
    needs: Vec<AccessNeed>,
    photos: PhotoPermission,
    mark: Mark,
    stamp: Option<Stamp>,
    check: bool,
    details_needed: bool,
}

fn read(here: Here, session: SessionId, person: PersonId) -> Option<RowView> {
    here.with_person(person, |delivery| {
        let details = delivery.person(person)?;
        let standing = delivery.attendance.standing(session, person);
        let shown = standing.shown();
        Some(RowView {
            name: details.details.preferred_name.to_string(),
            needs: details.details.access.clone(),
            photos: photo_permission(&delivery.consent, person),
            mark: shown.map_or(Mark::Unmarked, |head| head.value.mark.clone()),
            stamp: shown.map(|head| head.stamp),
            check: standing.needs_choice(),
            details_needed: details.details_needed(),
        })
    })
    .flatten()
}

/// What a mark says, with its times.
pub fn mark_words(w: Words, mark: &Mark, stamp: Option<&Stamp>) -> String {
    let tapped = stamp
        .map(|stamp| platform::local(stamp.at.instant()).1.to_string())
        .unwrap_or_default();
    match mark {
        Mark::Unmarked => w.mark_unmarked().to_owned(),
        Mark::Here(presence) => {
            let since = presence.late.map_or(tapped, |late| late.to_string());
            match (presence.late, presence.left) {
                (_, Some(left)) => w.mark_here_left(&left, &since),
                (Some(_), None) => w.mark_here_late(&since),
                (None, None) => w.mark_here_since(&since),
            }
        }
        Mark::NotHere { absence, reason } => {
            let kind = match absence {
                Absence::Unknown => w.mark_not_here(),
                Absence::Apologies => w.mark_apologies(),
                Absence::NoWord => w.mark_no_word(),
                Absence::Excused => w.mark_excused(),
            };
            match reason {
                Some(reason) => format!("{kind} · {reason}"),
                None => kind.to_owned(),
            }
        }
    }
}

/// One person's row: two buttons, and after a tap what was saved, when, and Undo.
#[component]
pub fn RegisterRow(session: SessionId, person: PersonId) -> impl IntoView {
    let row = {
        let here = Here::find();
        Memo::new(move |_| read(here, session, person))
    };
    let check = move || row.with(|row| row.as_ref().is_some_and(|row| row.check));
    let class = move || {
        if check() {
            "app-row app-row--check"
        } else {
            "app-row"
        }
    };
    let name = Signal::derive(move || {
        row.with(|row| row.as_ref().map(|row| row.name.clone()).unwrap_or_default())
    });
    view! {
        <li class=class>
            <div class="app-row__who">
                <h3 class="app-row__name">
                    <a class="app-row__person" href=format!("/app/person/{person}?session={session}")>{name}</a>
                </h3>
                <RowState row session person/>
                <RowNeeds row/>
            </div>
            <RowMarks row session person name/>
        </li>
    }
}

#[component]
fn RowState(row: Memo<Option<RowView>>, session: SessionId, person: PersonId) -> impl IntoView {
    let w = words();
    let here = Here::find();
    let programme = here.programme;
    let take_back = move |event: leptos::ev::MouseEvent| {
        focus_marks(&event);
        here.save_with(move |records| {
            undo(records, programme, session, person).map(|draft| vec![draft])
        });
    };
    move || {
        let row = row.get()?;
        if row.mark == Mark::Unmarked {
            return None;
        }
        let stamp = row.stamp?;
        Some(view! {
            <p class="app-row__state">
                <b>{mark_words(w, &row.mark, Some(&stamp))}</b>
                " "
                <button type="button" class="app-row__undo" on:click=take_back>
                    {w.action_undo()}
                    <span class="govuk-visually-hidden">" "{row.name}</span>
                </button>
                {row
                    .check
                    .then(|| {
                        view! {
                            <a class="app-state app-state--check" href="/app/check">
                                <Icon name="triangle-alert"/>
                                {w.check_title()}
                            </a>
                        }
                    })}
            </p>
        })
    }
}

/// Moves the focus to the row's first button, because "Undo" is about to go.
fn focus_marks(event: &leptos::ev::MouseEvent) {
    let target = event
        .target()
        .and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    let row = target.and_then(|element| element.closest(".app-row").ok().flatten());
    let button = row.and_then(|row| row.query_selector(".app-mark").ok().flatten());
    if let Some(button) = button.and_then(|button| button.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = button.focus();
    }
}

/// What to know about the person, and how far the mark has come. Only the latter is drawn again after a
/// tap.
#[component]
fn RowNeeds(row: Memo<Option<RowView>>) -> impl IntoView {
    let custody = Memo::new(move |_| {
        row.with(|row| {
            let row = row.as_ref()?;
            row.stamp
                .filter(|_| row.mark != Mark::Unmarked && !row.check)
        })
    });
    let tags = Memo::new(move |_| {
        row.with(|row| {
            let row = row.as_ref()?;
            Some((row.needs.clone(), row.photos.clone(), row.details_needed))
        })
    });
    view! {
        <ul class="app-row__needs">
            <RowCustody custody/>
            {move || {
                tags.get()
                    .map(|(needs, photos, details_needed)| view! { <RowTags needs photos details_needed/> })
            }}
        </ul>
    }
}

#[component]
fn RowCustody(custody: Memo<Option<Stamp>>) -> impl IntoView {
    let here = Here::find();
    move || {
        let stamp = custody.get()?;
        let custody = Signal::derive(move || here.tablet.custody(&stamp));
        Some(view! { <li><CustodyMark custody/></li> })
    }
}

#[component]
fn RowTags(needs: Vec<AccessNeed>, photos: PhotoPermission, details_needed: bool) -> impl IntoView {
    let w = words();
    view! {
        {needs
            .into_iter()
            .map(|need| {
                let (icon, word) = access_word(w, need);
                view! { <li class="app-tag"><Icon name=icon class="app-icon app-icon--small"/>{word}</li> }
            })
            .collect_view()}
        {details_needed
            .then(|| {
                view! { <li class="app-tag app-tag--strong"><Icon name="note" class="app-icon app-icon--small"/>{w.person_details_needed()}</li> }
            })}
        <li><PhotoTag permission=photos/></li>
    }
}

#[component]
fn RowMarks(
    row: Memo<Option<RowView>>,
    session: SessionId,
    person: PersonId,
    name: Signal<String>,
) -> impl IntoView {
    let w = words();
    let here = Here::find();
    let is_here = Memo::new(move |_| {
        row.with(|row| matches!(row.as_ref().map(|r| &r.mark), Some(Mark::Here(_))))
    });
    let is_away = Memo::new(move |_| {
        row.with(|row| matches!(row.as_ref().map(|r| &r.mark), Some(Mark::NotHere { .. })))
    });
    let programme = here.programme;
    let tapped = move |wanted: Mark| {
        here.save_with(move |records| {
            tap(records, programme, session, person, wanted).map(|draft| vec![draft])
        });
    };
    let pressed = |on: bool| if on { "true" } else { "false" };
    view! {
        <div class="app-row__marks" role="group" aria-label=name>
            <button
                type="button"
                class="app-mark app-mark--here"
                aria-pressed=move || pressed(is_here.get())
                on:click=move |_| tapped(Mark::HERE)
            >
                <Icon name=Signal::derive(move || if is_here.get() { "tick" } else { "ring" })/>
                {w.register_mark_here()}
            </button>
            <button
                type="button"
                class="app-mark app-mark--away"
                aria-pressed=move || pressed(is_away.get())
                on:click=move |_| tapped(Mark::NOT_HERE)
            >
                <Icon name=Signal::derive(move || if is_away.get() { "cross" } else { "ring" })/>
                {w.register_mark_not_here()}
            </button>
            <a class="app-row__more" href=format!("/app/session/{session}/mark/{person}")>
                {w.register_more()}
                <span class="govuk-visually-hidden">" "{name}</span>
            </a>
        </div>
    }
}
