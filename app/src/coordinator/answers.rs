//! What participants said, flags first.

use leptos::prelude::*;
use wellfield_core::ids::ResponseId;
use wellfield_core::pulse::{PulseView, Reply, flag_seen};
use wellfield_core::records::Delivery;
use wellfield_core::text::Paragraph;

use crate::attendance::text_error;
use crate::pulse::{day_words, felt_words};
use crate::screen::Here;
use crate::ui::{ErrorSummary, FieldErrors, Icon, Page, SummaryList, SummaryRow, TextArea};
use crate::wording::{Words, words};

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
    let answers = &answered.answers;
    let person = answered.person.and_then(|person| delivery.person(person));
    let session = delivery.session(answered.session);
    Line {
        response: answered.response,
        who: person.map_or_else(
            || w.pulse_no_name().to_owned(),
            |p| p.details.preferred_name.to_string(),
        ),
        session: session
            .map(|plan| format!("{} · {}", w.today_session(&plan.number), w.day(plan.date)))
            .unwrap_or_default(),
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
        rows: [
            (
                w.pulse_day_question(),
                reply(w, &answers.day, |day| day_words(w, *day).to_owned()),
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
                reply(w, &answers.safe, |felt| felt_words(w, *felt).to_owned()),
            ),
        ],
    }
}

/// Every set of answers: those that need somebody first, then latest first.
#[component]
pub fn Answers() -> impl IntoView {
    let w = words();
    let here = Here::find();
    let lines = Memo::new(move |_| {
        here.with(|delivery| {
            let views = delivery.pulses.to_read();
            views
                .iter()
                .map(|view| line(w, delivery, view))
                .collect::<Vec<_>>()
        })
        .unwrap_or_default()
    });
    view! {
        <Page title=w.answers_title() back="/app/coordinator">
            <Show when=move || lines.with(Vec::is_empty)>
                <div class="app-empty"><p>{w.answers_none()}</p></div>
            </Show>
            <For each=move || lines.get() key=|line| (line.response, line.seen.clone(), line.unfinished) let:line>
                <OneAnswer line/>
            </For>
        </Page>
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
            <h2 class="app-card__heading" id=heading>{line.who}" · "{line.session}</h2>
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
        let note = match note.with_untracked(|typed| Paragraph::parse_optional(typed)) {
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
        <ErrorSummary errors/>
        <form on:submit=submit novalidate>
            <TextArea id="done" label=w.answers_done() value=note errors rows=2/>
            <button type="submit" class="govuk-button govuk-button--secondary">{w.answers_mark_seen()}</button>
        </form>
    }
}
