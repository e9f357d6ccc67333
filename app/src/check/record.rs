//! What a record says in words, and what the register says beside it.

use leptos::prelude::*;
use wellfield_core::attendance::AttendanceMarked;
use wellfield_core::consent::{ConsentRecorded, Decision};
use wellfield_core::event::{Body, Event, remains};
use wellfield_core::heads::{Head, Stamp};
use wellfield_core::ids::{DeviceId, PersonId, SessionId};
use wellfield_core::records::Delivery;
use wellfield_core::sync::Outcome;

use super::details::details_lines;
use crate::attendance::mark_words;
use crate::consent::purpose_words;
use crate::coordinator::{answer_rows, session_words};
use crate::wording::{Moments, Words, words};

/// What a record is about, and what it says of it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Said {
    /// What it is about.
    pub title: String,
    /// What it says, a line each.
    pub lines: Vec<String>,
}

/// Who may read what participants said.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Reader {
    /// Whoever deals with answers.
    Coordinator,
    /// Whoever only handed the tablet over.
    Facilitator,
}

/// Why the server set an event aside.
pub fn outcome_words(w: Words, outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Stored | Outcome::Held => w.devices_in_use(),
        Outcome::Unreadable => w.aside_unreadable(),
        Outcome::Misplaced => w.aside_misplaced(),
        Outcome::WrongStream => w.aside_wrong_stream(),
        Outcome::Content => w.aside_content(),
        Outcome::NotAllowed => w.aside_not_allowed(),
    }
}

/// When something was recorded, by whom and on which device.
pub(super) fn by_words(w: Words, delivery: &Delivery, stamp: &Stamp) -> String {
    let who = stamp.by.and_then(|staff| delivery.staff_name(staff));
    let parts = [
        Some(w.moment(stamp.at.instant())),
        who.map(ToOwned::to_owned),
        Some(device_words(w, delivery, stamp.id.device)),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// What a device is called.
pub(super) fn device_words(w: Words, delivery: &Delivery, device: DeviceId) -> String {
    if device == DeviceId::SERVER {
        return w.check_server().to_owned();
    }
    delivery.device(device).map_or_else(
        || w.check_device(&device),
        |introduced| introduced.device_name.to_string(),
    )
}

fn name_of(w: Words, delivery: &Delivery, person: PersonId) -> String {
    delivery.person(person).map_or_else(
        || w.aside_somebody().to_owned(),
        |person| person.details.preferred_name.to_string(),
    )
}

/// What an event says.
pub fn said(w: Words, delivery: &Delivery, event: &Event, reader: Reader) -> Said {
    let person = |person| name_of(w, delivery, person);
    let session = |session: SessionId| session_words(w, delivery, session);
    let (title, lines) = match &event.body {
        Body::AttendanceMarked(marked) => {
            let mut lines = mark_lines(w, marked, &event.stamp());
            lines.push(session(marked.session));
            (w.aside_kind_mark(&person(marked.person)), lines)
        }
        Body::SessionNoted(noted) => {
            let text = noted.text.as_ref().map(ToString::to_string);
            let lines = text.into_iter().chain([session(noted.session)]).collect();
            (w.aside_kind_notes().to_owned(), lines)
        }
        Body::PersonRecorded(recorded) => (
            w.aside_kind_details(&recorded.details.preferred_name),
            details_lines(w, recorded),
        ),
        Body::ConsentRecorded(recorded) => (
            w.aside_kind_consent(&person(recorded.person)),
            vec![consent_line(w, recorded)],
        ),
        Body::PulseAnswered(answered) => {
            let mut lines = vec![session(answered.session)];
            if reader == Reader::Coordinator {
                let rows = answer_rows(w, &answered.answers).into_iter();
                lines.extend(rows.map(|(question, reply)| format!("{question} {reply}")));
            }
            (w.aside_kind_answers().to_owned(), lines)
        }
        Body::PulseFlagSeen(seen) => {
            let note = seen.note.as_ref().map(ToString::to_string);
            (w.aside_kind_seen().to_owned(), note.into_iter().collect())
        }
        Body::SessionPlanned(plan) => {
            let hours = w.hours(plan.starts, plan.ends);
            let line = format!("{}, {hours}", w.session(plan));
            (w.aside_kind_session().to_owned(), vec![line])
        }
        Body::ProgrammeOpened(opened) => {
            let days = format!("{} – {}", w.day(opened.first_day), w.day(opened.last_day));
            let lines = vec![opened.name.to_string(), opened.site.to_string(), days];
            (w.aside_kind_programme().to_owned(), lines)
        }
        Body::DeviceEnrolled(device) => {
            let line = format!("{} · {}", device.device_name, device.staff_name);
            (w.aside_kind_device().to_owned(), vec![line])
        }
        Body::EvaluationPlanned(_) => (w.aside_kind_plan().to_owned(), Vec::new()),
        Body::MeasuresAsked(asked) => (
            w.aside_kind_asked(&person(asked.person)),
            vec![session(asked.session)],
        ),
        Body::MeasureAnswered(answered) => (
            w.aside_kind_measures(&person(answered.person)),
            answered.session.map(session).into_iter().collect(),
        ),
        Body::StoryOfChangeWritten(_) => (w.aside_kind_story().to_owned(), Vec::new()),
        Body::QualityReviewed(reviewed) => {
            let evidence = reviewed.evidence.as_ref().map(ToString::to_string);
            (
                w.aside_kind_quality().to_owned(),
                evidence.into_iter().collect(),
            )
        }
        Body::NeedSeenTo(seen) => (
            w.aside_kind_need(&person(seen.person)),
            vec![w.need(seen.need).to_owned()],
        ),
        Body::FeedbackActedOn(acted) => (
            w.aside_kind_change().to_owned(),
            vec![acted.said.to_string(), acted.did.to_string()],
        ),
        Body::MovedOn(_)
        | Body::MonitoringAnswered(_)
        | Body::WordsShared(_)
        | Body::WithdrawalSeenTo(_)
        | Body::ReportGivenOut(_)
        | Body::ScoredElsewhere(_)
        | Body::AccidentReported(_) => said_in_casework(w, &event.body, &person),
        Body::LeadNamed(_)
        | Body::ConcernRaised(_)
        | Body::ConcernFollowed(_)
        | Body::SetAsideSettled(_)
        | Body::ReferralReceived(_)
        | Body::ReferralSorted(_)
        | Body::ReferralAnswered(_)
        | Body::OfferPublished(_)
        | Body::Erased(_)
        | Body::Unread(_) => (w.aside_kind_other().to_owned(), Vec::new()),
    };
    Said { title, lines }
}

/// What a record says that only coordinators read.
fn said_in_casework(
    w: Words,
    body: &Body,
    person: &dyn Fn(PersonId) -> String,
) -> (String, Vec<String>) {
    match body {
        Body::MovedOn(moved) => (w.aside_kind_onward(&person(moved.person)), Vec::new()),
        Body::MonitoringAnswered(answered) => (
            w.aside_kind_monitoring(&person(answered.person)),
            Vec::new(),
        ),
        Body::WordsShared(shared) => {
            let text = shared.text.as_ref().map(ToString::to_string);
            (
                w.aside_kind_words(&person(shared.person)),
                text.into_iter().collect(),
            )
        }
        Body::WithdrawalSeenTo(seen) => (
            w.aside_kind_withdrawal(&person(seen.person)),
            seen.note.iter().map(ToString::to_string).collect(),
        ),
        Body::AccidentReported(reported) => (
            w.aside_kind_accident().to_owned(),
            vec![reported.what.to_string()],
        ),
        Body::ReportGivenOut(given) => (
            w.aside_kind_given_out().to_owned(),
            given.to_whom.iter().map(ToString::to_string).collect(),
        ),
        Body::ScoredElsewhere(scored) => (
            w.aside_kind_elsewhere(&person(scored.person)),
            vec![format!(
                "{}, {}: {}",
                scored.tool,
                scored.area,
                scored.figure.as_points()
            )],
        ),
        // The caller tells what lies in other rooms.
        _ => (w.aside_kind_other().to_owned(), Vec::new()),
    }
}

/// What can be shown of the bytes of a record: what it says, or what is left of it.
pub(super) fn said_by_bytes(
    w: Words,
    delivery: &Delivery,
    bytes: &[u8],
    event: Option<&Event>,
) -> Said {
    match (remains(bytes), event) {
        (None, Some(event)) => said(w, delivery, event, Reader::Coordinator),
        (left, _) => Said {
            title: w.aside_kind_unreadable().to_owned(),
            lines: left
                .map(|left| left.texts.iter().map(ToString::to_string).collect())
                .unwrap_or_default(),
        },
    }
}

/// What the register says of the same thing, each version with who said so.
pub(super) fn register_says(w: Words, delivery: &Delivery, body: &Body) -> Vec<Said> {
    let by = |stamp: &Stamp| by_words(w, delivery, stamp);
    match body {
        Body::AttendanceMarked(marked) => {
            let standing = delivery.attendance.standing(marked.session, marked.person);
            let line = |head: &Head<AttendanceMarked>| mark_lines(w, &head.value, &head.stamp);
            let heads = standing.all();
            heads
                .map(|head| Said {
                    title: by(&head.stamp),
                    lines: line(head),
                })
                .collect()
        }
        Body::SessionNoted(noted) => {
            let heads = delivery.notes(noted.session).map(|heads| heads.heads());
            let heads = heads.unwrap_or_default().iter();
            heads
                .map(|head| Said {
                    title: by(&head.stamp),
                    lines: head.value.text.iter().map(ToString::to_string).collect(),
                })
                .collect()
        }
        Body::PersonRecorded(recorded) => {
            let heads = delivery.person_heads(recorded.person);
            let heads = heads.map(|heads| heads.heads()).unwrap_or_default().iter();
            heads
                .map(|head| Said {
                    title: by(&head.stamp),
                    lines: details_lines(w, &head.value),
                })
                .collect()
        }
        Body::ConsentRecorded(recorded) => {
            let status = delivery.consent.status(recorded.person, recorded.purpose);
            let entry = status.entry().into_iter();
            entry
                .map(|head| Said {
                    title: by(&head.stamp),
                    lines: vec![consent_line(w, &head.value)],
                })
                .collect()
        }
        _ => Vec::new(),
    }
}

fn mark_lines(w: Words, marked: &AttendanceMarked, stamp: &Stamp) -> Vec<String> {
    let note = marked.note.as_ref();
    let note = note.map(|note| format!("{}: {note}", w.more_note()));
    let mark = mark_words(w, &marked.mark, Some(stamp));
    [mark].into_iter().chain(note).collect()
}

fn consent_line(w: Words, recorded: &ConsentRecorded) -> String {
    let decision = match recorded.decision {
        Decision::Given | Decision::GivenAgain => w.consent_given(),
        Decision::Refused => w.consent_refused(),
        Decision::Withdrawn => w.consent_withdrawn(),
    };
    format!("{}: {decision}", purpose_words(w, recorded.purpose))
}

/// Something that was chosen on this visit, with the way back where there is one.
pub(super) fn chosen_notice(
    text: String,
    whose: String,
    undo: Option<Box<dyn Fn() + Send + Sync>>,
) -> AnyView {
    use crate::ui::Icon;
    let w = words();
    let button = undo.map(|undo| {
        view! {
            <button type="button" class="govuk-button govuk-button--secondary" on:click=move |_| undo()>
                <Icon name="undo"/>
                {w.action_undo()}
                <span class="govuk-visually-hidden">": "{whose}</span>
            </button>
        }
    });
    view! {
        <div class="app-notice">
            <Icon name="tick-solid"/>
            <div class="app-notice__body">
                <p role="status">{text}</p>
                {button}
            </div>
        </div>
    }
    .into_any()
}
