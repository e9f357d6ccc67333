//! The notes of a session. What is typed is kept at every pause, so that nothing is lost.

use gloo::timers::callback::Timeout;
use leptos::prelude::*;
use wellfield_core::heads::Heads;
use wellfield_core::ids::{EventId, SessionId};
use wellfield_core::notes::{NoteError, write_notes};
use wellfield_core::text::Paragraph;

use crate::attendance::text_error;
use crate::platform::nfc;
use crate::screen::Here;
use crate::ui::{CustodyMark, ErrorSummary, FieldErrors, Page, TextArea};
use crate::wording::{Moments, words};

/// A pause in typing of this length keeps what was typed, in milliseconds.
const PAUSE_MS: u32 = 400;

/// The notes of the session in the address.
#[component]
pub fn SessionNotes() -> impl IntoView {
    let w = words();
    let here = Here::find();
    let Some(plan) = here.session_plan() else {
        return view! { <crate::attendance::NoSession/> }.into_any();
    };
    let session = plan.session;
    view! {
        <Page title=w.notes_title() caption=w.session(&plan) back=format!("/app/session/{session}") narrow=true>
            <NotesForm session/>
        </Page>
    }
    .into_any()
}

#[component]
fn NotesForm(session: SessionId) -> impl IntoView {
    let w = words();
    let here = Here::find();
    let saved = here.with_now(|delivery| {
        let standing = delivery.notes(session).map(Heads::standing)?;
        standing
            .shown()
            .and_then(|head| head.value.text.as_ref().map(ToString::to_string))
    });
    let text = RwSignal::new(saved.flatten().unwrap_or_default());
    let errors: FieldErrors = RwSignal::new(Vec::new());
    let timer = keep_while_typing(here, session, text);
    let seen = StoredValue::new(known_versions(here, session));
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let typed = match text.with_untracked(|typed| Paragraph::typed_optional(typed, nfc)) {
            Ok(typed) => typed,
            Err(error) => return errors.set(vec![("notes", text_error(w, error))]),
        };
        errors.set(Vec::new());
        timer.set_value(None);
        match here
            .tablet
            .records
            .with_untracked(|records| write_notes(records, here.programme, session, typed))
        {
            Ok(draft) => {
                let draft = draft.knowing(&seen.get_value());
                here.save_then(vec![draft], move || {
                    seen.try_set_value(known_versions(here, session));
                    forget_draft(here, session);
                });
            }
            Err(NoteError::NothingToChange) => forget_draft(here, session),
            Err(NoteError::NoSession) => {
                errors.set(vec![("notes", w.register_no_session_text().to_owned())])
            }
        }
    };
    view! {
        <ErrorSummary errors/>
        <Versions session/>
        <form on:submit=submit novalidate>
            <TextArea id="notes" label=w.notes_label() hint=w.notes_hint() value=text errors rows=8/>
            <button type="submit" class="govuk-button">{w.action_save()}</button>
        </form>
    }
}

/// What was saved, by whom and how far it has come. Two tablets that wrote at once show both texts.
#[component]
fn Versions(session: SessionId) -> impl IntoView {
    let w = words();
    let here = Here::find();
    let versions = Memo::new(move |_| {
        here.with(|delivery| {
            let heads = delivery
                .notes(session)
                .map(Heads::heads)
                .unwrap_or_default();
            heads
                .iter()
                .map(|head| {
                    let who = head
                        .stamp
                        .by
                        .and_then(|staff| delivery.staff_name(staff))
                        .unwrap_or_default()
                        .to_owned();
                    (
                        head.stamp,
                        who,
                        head.value.text.as_ref().map(ToString::to_string),
                    )
                })
                .collect::<Vec<_>>()
        })
        .unwrap_or_default()
    });
    move || {
        let versions = versions.get();
        let several = versions.len() > 1;
        versions
            .into_iter()
            .map(|(stamp, who, text)| {
                let custody = Signal::derive(move || here.tablet.custody(&stamp));
                view! {
                    <p class="govuk-body">
                        <CustodyMark custody/>
                        " · "
                        {w.consent_recorded_by(&who, &w.moment(stamp.at.instant()))}
                    </p>
                    {several.then(|| view! { <div class="govuk-inset-text">{text}</div> })}
                }
            })
            .collect_view()
    }
}

fn draft_name(session: SessionId) -> String {
    format!("notes/{session}")
}

fn forget_draft(here: Here, session: SessionId) {
    here.run(
        async move |here: Here| {
            here.tablet
                .store()
                .keep_draft(&draft_name(session), None)
                .await
        },
        || {},
    );
}

/// The versions that stand, which whoever reads them now replaces when they save.
fn known_versions(here: Here, session: SessionId) -> Vec<EventId> {
    here.with_now(|delivery| delivery.notes(session).map(Heads::ids))
        .flatten()
        .unwrap_or_default()
}

type Pause = StoredValue<Option<Timeout>, LocalStorage>;

/// Puts back what was typed and never saved, and keeps what is being typed.
fn keep_while_typing(here: Here, session: SessionId, text: RwSignal<String>) -> Pause {
    let timer = StoredValue::new_local(None::<Timeout>);
    leptos::task::spawn_local(async move {
        if let Ok(Some(kept)) = here.tablet.store().draft(&draft_name(session)).await {
            text.try_set(kept);
        }
    });
    Effect::new(move |before: Option<String>| {
        let typed = text.get();
        if before.as_ref().is_some_and(|before| *before != typed) {
            let kept = typed.clone();
            timer.set_value(Some(Timeout::new(PAUSE_MS, move || {
                here.run(
                    async move |here: Here| {
                        here.tablet
                            .store()
                            .keep_draft(&draft_name(session), Some(&kept))
                            .await
                    },
                    || {},
                );
            })));
        }
        typed
    });
    // Leaving the page within the pause must not lose the last words.
    on_cleanup(move || {
        if timer.try_update_value(Option::take).flatten().is_some() {
            let kept = text.get_untracked();
            let keep = async move |here: Here| {
                let store = here.tablet.store();
                store.keep_draft(&draft_name(session), Some(&kept)).await
            };
            here.run(keep, || {});
        }
    });
    timer
}
