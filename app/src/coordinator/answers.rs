//! What participants said: what somebody has to deal with, then the rest by session.

use std::collections::BTreeSet;

use leptos::prelude::*;
use wellfield_core::ids::{ResponseId, SessionId};
use wellfield_core::pulse::{Answers as Given, PulseView, Reply, answers_to_read, flag_seen};
use wellfield_core::records::Delivery;
use wellfield_core::text::Paragraph;

use crate::attendance::text_error;
use crate::platform::nfc;
use crate::screen::Here;
use crate::ui::{ErrorSummary, FieldErrors, Icon, Page, SummaryList, SummaryRow, TextArea};
use crate::wording::{Moments, Words, words};

#[derive(Clone, PartialEq)]
struct Line {
    response: ResponseId,
    who: String,
    session: String,
    unfinished: bool,
    flag: bool,
    seen: Option<String>,
    rows: [(&'static str, String); 4],
}

fn reply<T>(w: Words, reply: &Reply<T>, text: impl FnOnce(&T) -> String) -> String {
    match reply {
        Reply::NotReached => w.answers_not_reached().to_owned(),
        Reply::Declined => w.answers_declined().to_owned(),
        Reply::Given(value) => text(value),
    }
}

fn line(w: Words, delivery: &Delivery, view: &PulseView<'_>) -> Line {
    let answered = &view.head.value;
    let person = answered.person.and_then(|person| delivery.person(person));
    Line {
        response: answered.response,
        who: person.map_or_else(
            || w.pulse_no_name().to_owned(),
            |p| p.details.preferred_name.to_string(),
        ),
        session: session_words(w, delivery, answered.session),
        unfinished: !answered.finished,
        flag: answered.raises_flag(),
        seen: view.seen.map(|head| {
            let who = head
                .stamp
                .by
                .and_then(|staff| delivery.staff_name(staff))
                .unwrap_or_default();
            let note = head
                .value
                .note
                .as_ref()
                .map(|note| format!(": {note}"))
                .unwrap_or_default();
            format!(
                "{}{note}",
                w.consent_recorded_by(&who, &w.moment(head.stamp.at.instant()))
            )
        }),
        rows: answer_rows(w, &answered.answers),
    }
}

/// Each question with what was said to it.
pub fn answer_rows(w: Words, answers: &Given) -> [(&'static str, String); 4] {
    [
        (
            w.pulse_day_question(),
            reply(w, &answers.day, |day| w.how_day(*day).to_owned()),
        ),
        (
            w.pulse_good_question(),
            reply(w, &answers.good, ToString::to_string),
        ),
        (
            w.pulse_change_question(),
            reply(w, &answers.change, ToString::to_string),
        ),
        (
            w.pulse_safe_question(),
            reply(w, &answers.safe, |felt| w.how_felt(*felt).to_owned()),
        ),
    ]
}

/// The answers of one session, or of one that is not on this tablet.
#[derive(Clone, PartialEq)]
struct OfSession {
    session: SessionId,
    title: String,
    lines: Vec<Line>,
}

/// What is on the page.
#[derive(Clone, Default, PartialEq)]
struct Lists {
    first: Vec<Line>,
    sessions: Vec<OfSession>,
}

/// Which session it is.
pub fn session_words(w: Words, delivery: &Delivery, session: SessionId) -> String {
    delivery.session(session).map_or_else(
        || w.register_no_session().to_owned(),
        |plan| w.session(plan),
    )
}

fn lists(w: Words, delivery: &Delivery, kept: &BTreeSet<ResponseId>) -> Lists {
    let read = answers_to_read(delivery, kept);
    let lines =
        |views: &[PulseView<'_>]| views.iter().map(|view| line(w, delivery, view)).collect();
    let sessions = read.sessions.iter();
    Lists {
        first: lines(&read.first),
        sessions: sessions
            .map(|(session, views)| OfSession {
                session: *session,
                title: session_words(w, delivery, *session),
                lines: lines(views),
            })
            .collect(),
    }
}

/// Every set of answers: those that need somebody, then those of each session behind its name.
#[component]
pub fn Answers() -> impl IntoView {
    let w = words();
    let here = Here::find();
    // What was open while the page is open, so that it stays there when it is dealt with.
    let kept = StoredValue::new(BTreeSet::<ResponseId>::new());
    let all = Memo::new(move |_| {
        here.with(|delivery| {
            let lists = kept.with_value(|kept| lists(w, delivery, kept));
            let open = lists.first.iter().map(|line| line.response);
            kept.update_value(|kept| kept.extend(open));
            lists
        })
        .unwrap_or_default()
    });
    let first = move || all.with(|all| all.first.clone());
    let sessions = Memo::new(move |_| {
        all.with(|all| {
            let sessions = all.sessions.iter();
            sessions.map(|of| of.session).collect::<Vec<_>>()
        })
    });
    let of = move |session: SessionId| {
        all.with(|all| {
            let mut sessions = all.sessions.iter();
            sessions.find(|of| of.session == session).cloned()
        })
    };
    view! {
        <Page title=w.answers_title() back="/app/coordinator">
            <Show when=move || all.with(|all| all.first.is_empty() && all.sessions.is_empty())>
                <div class="app-empty"><p>{w.answers_none()}</p></div>
            </Show>
            <Cards lines=Signal::derive(first)/>
            <For each=move || sessions.get() key=|session| *session let:session>
                <SessionAnswers of=Signal::derive(move || of(session))/>
            </For>
        </Page>
    }
}

/// The answers of a session, closed until somebody wants to read them.
#[component]
fn SessionAnswers(of: Signal<Option<OfSession>>) -> impl IntoView {
    let w = words();
    let lines = Signal::derive(move || of.get().map(|of| of.lines).unwrap_or_default());
    let title = move || {
        let of = of.get()?;
        Some(format!(
            "{} · {}",
            of.title,
            w.answers_answered(of.lines.len() as u64)
        ))
    };
    view! {
        <details class="govuk-details">
            <summary class="govuk-details__summary">
                <span class="govuk-details__summary-text">{title}</span>
            </summary>
            <Cards lines/>
        </details>
    }
}

#[component]
fn Cards(lines: Signal<Vec<Line>>) -> impl IntoView {
    view! {
        <For each=move || lines.get() key=|line| (line.response, line.seen.clone(), line.unfinished) let:line>
            <OneAnswer line/>
        </For>
    }
}

#[component]
fn OneAnswer(line: Line) -> impl IntoView {
    let w = words();
    let heading = format!("response-{}", line.response);
    let labelled = heading.clone();
    let needs_attention = line.flag && line.seen.is_none();
    let response = line.response;
    view! {
        <article class="app-card" aria-labelledby=labelled>
            <h2 class="app-card__heading" id=heading>{line.who}" "<small>{line.session}</small></h2>
            {line.unfinished.then(|| view! { <p class="govuk-body"><span class="app-tag">{w.answers_unfinished()}</span></p> })}
            {line
                .flag
                .then(|| {
                    view! {
                        <div class="app-flag app-flag--safeguarding">
                            <Icon name="flag"/>
                            <div class="app-flag__body"><p><b>{w.answers_flag()}</b></p>{line.seen.map(|seen| view! { <p>{w.answers_seen()}" "{seen}</p> })}</div>
                        </div>
                    }
                })}
            <SummaryList>
                {line.rows.map(|(key, value)| view! { <SummaryRow key value/> }).into_iter().collect_view()}
            </SummaryList>
            {needs_attention.then(|| view! { <DealWith response/> })}
        </article>
    }
}

/// What was done about a flag.
#[component]
fn DealWith(response: ResponseId) -> impl IntoView {
    let w = words();
    let here = Here::find();
    let note = RwSignal::new(String::new());
    let errors: FieldErrors = RwSignal::new(Vec::new());
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let note = match note.with_untracked(|typed| Paragraph::typed_optional(typed, nfc)) {
            Ok(note) => note,
            Err(error) => return errors.set(vec![("done", text_error(w, error))]),
        };
        let draft = here
            .tablet
            .records
            .with_untracked(|records| flag_seen(records, here.programme, response, note));
        if let Ok(draft) = draft {
            here.save_then(vec![draft], || {});
        }
    };
    view! {
        <ErrorSummary errors of=response.to_string()/>
        <form on:submit=submit novalidate>
            <TextArea id="done" of=response.to_string() label=w.answers_done() value=note errors rows=2/>
            <button type="submit" class="govuk-button govuk-button--secondary">{w.answers_mark_seen()}</button>
        </form>
    }
}
