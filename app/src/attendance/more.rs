//! "More": late, left early, the reason of an absence, a note.

use leptos::prelude::*;
use wellfield_core::attendance::{Absence, Mark, MarkError, Presence, mark};
use wellfield_core::clock::TimeOfDay;
use wellfield_core::heads::Heads;
use wellfield_core::ids::{PersonId, SessionId};
use wellfield_core::text::{Line, Paragraph, TextError};

use super::register::NoSession;
use crate::platform::nfc;
use crate::screen::{Here, go_to, person_param, session_param};
use crate::ui::{ErrorSummary, FieldError, FieldErrors, Page, Radios, TextArea, TextField};
use crate::wording::{Words, words};

#[derive(Clone, Copy, PartialEq)]
enum Choice {
    Here,
    NotHere(Absence),
}

#[derive(Clone, Copy)]
struct Fields {
    choice: RwSignal<Option<Choice>>,
    late: RwSignal<String>,
    left: RwSignal<String>,
    reason: RwSignal<String>,
    note: RwSignal<String>,
    errors: FieldErrors,
}

impl Fields {
    fn of(mark: &Mark, note: Option<&Paragraph>) -> Self {
        let (choice, late, left, reason) = match mark {
            Mark::Unmarked => (None, None, None, None),
            Mark::Here(presence) => (Some(Choice::Here), presence.late, presence.left, None),
            Mark::NotHere { absence, reason } => {
                (Some(Choice::NotHere(*absence)), None, None, reason.as_ref())
            }
        };
        let time = |time: Option<TimeOfDay>| {
            RwSignal::new(time.map(|time| time.to_string()).unwrap_or_default())
        };
        Self {
            choice: RwSignal::new(choice),
            late: time(late),
            left: time(left),
            reason: RwSignal::new(reason.map(ToString::to_string).unwrap_or_default()),
            note: RwSignal::new(note.map(ToString::to_string).unwrap_or_default()),
            errors: RwSignal::new(Vec::new()),
        }
    }
}

/// More about one person at one session.
#[component]
pub fn MarkMore() -> impl IntoView {
    let w = words();
    let here = Here::find();
    let (Some(session), Some(person)) = (session_param(), person_param()) else {
        return view! { <NoSession/> }.into_any();
    };
    let known = here
        .with_now(|delivery| {
            let name = delivery.person(person)?.details.preferred_name.to_string();
            let standing = delivery.attendance.standing(session, person);
            let shown = standing.shown().map(|head| head.value.clone());
            let plan = delivery.session(session)?;
            Some((name, w.session(plan), shown))
        })
        .flatten();
    let Some((name, caption, marked)) = known else {
        return view! { <NoSession/> }.into_any();
    };
    let (mark, note) = marked.map_or((Mark::Unmarked, None), |marked| (marked.mark, marked.note));
    let fields = Fields::of(&mark, note.as_ref());
    view! { <MoreForm session person name caption fields/> }.into_any()
}

#[component]
fn MoreForm(
    session: SessionId,
    person: PersonId,
    name: String,
    caption: String,
    fields: Fields,
) -> impl IntoView {
    let w = words();
    let here = Here::find();
    let register = format!("/app/session/{session}");
    let go = go_to();
    let seen = here
        .with_now(|delivery| delivery.attendance.heads(session, person).map(Heads::ids))
        .flatten()
        .unwrap_or_default();
    let back = register.clone();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let drafted = build(w, fields).and_then(|(wanted, note)| {
            here.tablet
                .records
                .with_untracked(|records| {
                    mark(records, here.programme, session, person, wanted, note)
                })
                .map_err(|error| vec![("left", mark_error(w, error).to_owned())])
        });
        match drafted {
            Ok(draft) => {
                let draft = draft.knowing(&seen);
                let (go, back) = (go.clone(), back.clone());
                here.save_then(vec![draft], move || go(back));
            }
            Err(errors) => fields.errors.set(errors),
        }
    };
    let is_here = move || fields.choice.get() == Some(Choice::Here);
    let is_away = move || matches!(fields.choice.get(), Some(Choice::NotHere(_)));
    view! {
        <Page title=name window=caption.clone() caption=caption back=register narrow=true>
            <ErrorSummary errors=fields.errors/>
            <form on:submit=submit novalidate>
                <Radios id="mark" legend=w.more_question() options=options(w) value=fields.choice errors=fields.errors/>
                <Show when=is_here>
                    <TextField id="late" label=w.more_late() hint=w.more_time_hint() value=fields.late errors=fields.errors kind="time"/>
                    <TextField id="left" label=w.more_left() hint=w.more_time_hint() value=fields.left errors=fields.errors kind="time"/>
                </Show>
                <Show when=is_away>
                    <TextField id="reason" label=w.more_reason() value=fields.reason errors=fields.errors/>
                </Show>
                <TextArea id="note" label=w.more_note() hint=w.more_note_hint() value=fields.note errors=fields.errors rows=2/>
                <button type="submit" class="govuk-button">{w.action_save()}</button>
            </form>
        </Page>
    }
}

fn options(w: Words) -> Vec<(Choice, String)> {
    vec![
        (Choice::Here, w.register_mark_here().to_owned()),
        (
            Choice::NotHere(Absence::Unknown),
            w.more_not_here_unknown().to_owned(),
        ),
        (
            Choice::NotHere(Absence::Apologies),
            w.more_apologies().to_owned(),
        ),
        (
            Choice::NotHere(Absence::NoWord),
            w.more_no_word().to_owned(),
        ),
        (
            Choice::NotHere(Absence::Excused),
            w.more_excused().to_owned(),
        ),
    ]
}

fn mark_error(w: Words, error: MarkError) -> &'static str {
    match error {
        MarkError::LeftBeforeArriving => w.more_left_before_arriving(),
        MarkError::NoSession | MarkError::NoPerson | MarkError::NothingToChange => {
            w.register_no_session_text()
        }
    }
}

fn build(w: Words, fields: Fields) -> Result<(Mark, Option<Paragraph>), Vec<FieldError>> {
    let mut errors = Vec::new();
    let mut time = |id: &'static str, typed: RwSignal<String>| {
        let typed = typed.get_untracked();
        let time = TimeOfDay::parse(&typed);
        if time.is_none() && !typed.trim().is_empty() {
            errors.push((id, w.more_not_a_time().to_owned()));
        }
        time
    };
    let mark = match fields.choice.get_untracked() {
        None => None,
        Some(Choice::Here) => Some(Mark::Here(Presence {
            late: time("late", fields.late),
            left: time("left", fields.left),
        })),
        Some(Choice::NotHere(absence)) => match fields
            .reason
            .with_untracked(|typed| Line::typed_optional(typed, nfc))
        {
            Ok(reason) => Some(Mark::NotHere { absence, reason }),
            Err(error) => {
                errors.push(("reason", text_error(w, error)));
                None
            }
        },
    };
    if fields.choice.get_untracked().is_none() {
        errors.push(("mark", w.more_choose().to_owned()));
    }
    let note = fields
        .note
        .with_untracked(|typed| Paragraph::typed_optional(typed, nfc));
    if let Err(error) = note {
        errors.push(("note", text_error(w, error)));
    }
    match (mark, note) {
        (Some(mark), Ok(note)) if errors.is_empty() => Ok((mark, note)),
        _ => Err(errors),
    }
}

/// What is wrong with a typed text.
pub fn text_error(w: Words, error: TextError) -> String {
    match error {
        TextError::Empty => w.form_missing().to_owned(),
        TextError::TooLong { max } => w.form_too_long(&max),
    }
}
