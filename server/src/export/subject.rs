//! Everything recorded about one person, for that person.
//!
//! ```text
//! format       "wellfield-subject-access"
//! version      1
//! made         when (RFC 3339, UTC)
//! subject      { kind: person | referral, id }
//! left_out     what is not in it, in sentences
//! records      [ { event, at, recorded_by, programme, what, replaced, content } ]   by time
//! ```
//!
//! `what` is the kind of the record; `replaced` says that a later record of the list stands in its place.
//! `content` has every field of the record: unlike in an export, nothing is left out. Other people's names
//! may be among it, so that somebody has to look at it before it is handed out.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};
use wellfield_core::attendance::{AttendanceMarked, Mark};
use wellfield_core::clock::{Instant, iso_date};
use wellfield_core::consent::ConsentRecorded;
use wellfield_core::erasure::{Findings, Subject};
use wellfield_core::event::{Body, Event};
use wellfield_core::ids::{EventId, SessionId};
use wellfield_core::people::{AccessNeed, Contact, PersonRecorded};
use wellfield_core::pulse::PulseAnswered;
use wellfield_core::records::{Delivery, Records};
use wellfield_core::referral::ReferralReceived;
use wellfield_core::set_aside::Decision;

use super::instant::rfc3339;
use super::measures::{answered, asking};
use super::outcomes::{accident, monitored, need, onward, scored, seen_to, shared};
use super::parts::{answers, text, word, wording};

/// The version of the keys and words.
const VERSION: u32 = 1;

/// What is recorded about somebody, as it was found. `records` is everything, for the names of whom and
/// what the records name.
pub fn subject(subject: Subject, findings: &Findings, records: &Records, made: Instant) -> Value {
    let (kind, id) = match subject {
        Subject::Person(person) => ("person", person.to_string()),
        Subject::Referral(referral) => ("referral", referral.to_string()),
    };
    let replaced: BTreeSet<EventId> = findings
        .events
        .iter()
        .flat_map(|event| event.supersedes.iter().copied())
        .collect();
    let mut events: Vec<&Event> = findings.events.iter().collect();
    events.sort_by_key(|event| (event.at, event.id));
    let entry = |event: &&Event| entry(event, &replaced, records);
    json!({
        "format": "wellfield-subject-access",
        "version": VERSION,
        "made": rfc3339(made),
        "subject": { "kind": kind, "id": id },
        "left_out": left_out(findings),
        "records": events.iter().map(entry).collect::<Vec<_>>(),
    })
}

/// What is not in the list, as the person has to be told.
fn left_out(findings: &Findings) -> Vec<String> {
    let mut sentences = vec![
        "Safeguarding records are not in this copy, whether or not there are any. The safeguarding lead reviews them and decides what can be given.".to_owned(),
    ];
    let notes = findings.sessions_with_notes();
    if notes > 0 {
        sentences.push(format!(
            "Notes of {notes} sessions are not in this copy, because they may be about several people. Somebody reads them and adds what is about you."
        ));
    }
    sentences
}

fn entry(event: &Event, replaced: &BTreeSet<EventId>, records: &Records) -> Value {
    let programme = event.stream.programme();
    let delivery = programme.and_then(|programme| records.delivery(programme));
    let opened = delivery.and_then(Delivery::programme);
    let by = event
        .by
        .and_then(|staff| delivery.and_then(|delivery| delivery.staff_name(staff)));
    json!({
        "event": event.id.to_string(),
        "at": rfc3339(event.at.instant()),
        "recorded_by": by,
        "programme": opened.map(|opened| opened.name.as_str()),
        "what": word(event.body.kind().name()),
        "replaced": replaced.contains(&event.id),
        "content": content(&event.body, delivery),
    })
}

fn content(body: &Body, delivery: Option<&Delivery>) -> Value {
    match body {
        Body::PersonRecorded(recorded) => person(recorded),
        Body::AttendanceMarked(marked) => mark(marked, delivery),
        Body::ConsentRecorded(recorded) => consent(recorded),
        Body::PulseAnswered(answered) => pulse(answered, delivery),
        Body::MeasuresAsked(asked) => asking(asked).into(),
        Body::MeasureAnswered(sheet) => answered(sheet).into(),
        Body::NeedSeenTo(seen) => need(seen).into(),
        Body::MovedOn(moved) => onward(moved).into(),
        Body::WordsShared(words) => shared(words).into(),
        Body::MonitoringAnswered(answered) => monitored(answered).into(),
        Body::AccidentReported(reported) => accident(reported).into(),
        Body::WithdrawalSeenTo(seen) => seen_to(seen).into(),
        Body::ScoredElsewhere(score) => scored(score).into(),
        Body::ReferralReceived(received) => referral(received),
        Body::ReferralSorted(sorted) => json!({ "tray": word(sorted.tray.name()) }),
        Body::ReferralAnswered(answered) => json!({
            "answer": word(answered.answer.name()),
            "note": text(answered.note.as_ref()),
            "day": iso_date(answered.day),
        }),
        Body::SetAsideSettled(settled) => match &settled.decision {
            Decision::TakenIn(original) => json!({
                "taken_in": word(original.event().body.kind().name()),
                "content": content(&original.event().body, delivery),
            }),
            Decision::Open | Decision::LeftOut | Decision::RecordedAnew => Value::Null,
        },
        // Of a newer version, which has to be asked for it.
        Body::Unread(unread) => json!({ "unread_bytes": unread.bytes.len() }),
        // These name nobody.
        _ => Value::Null,
    }
}

fn person(recorded: &PersonRecorded) -> Value {
    let details = &recorded.details;
    json!({
        "preferred_name": details.preferred_name.as_str(),
        "joined": word(recorded.joined.name()),
        "from": iso_date(recorded.from),
        "until": recorded.until.map(iso_date),
        "access": needs(&details.access),
        "access_note": text(details.access_note.as_ref()),
        "agreed_support": text(details.agreed_support.as_ref()),
        "emergency_contact": contact(details.emergency.as_ref()),
        "supporter": contact(details.supporter.as_ref()),
    })
}

fn needs(needs: &[AccessNeed]) -> Vec<String> {
    needs.iter().map(|need| word(need.name())).collect()
}

fn contact(contact: Option<&Contact>) -> Value {
    contact.map_or(Value::Null, |contact| {
        json!({
            "name": contact.name.as_str(),
            "relation": text(contact.relation.as_ref()),
            "phone": contact.phone.as_str(),
        })
    })
}

/// The session as the person knows it: its day, where that is known.
fn session(session: SessionId, delivery: Option<&Delivery>) -> Value {
    let planned = delivery.and_then(|delivery| delivery.session(session));
    planned.map_or_else(
        || session.to_string().into(),
        |planned| iso_date(planned.date).into(),
    )
}

fn mark(marked: &AttendanceMarked, delivery: Option<&Delivery>) -> Value {
    let mut content = Map::new();
    let mut add = |key: &str, value: Value| content.insert(key.to_owned(), value);
    add("session", session(marked.session, delivery));
    match &marked.mark {
        Mark::Unmarked => {
            add("status", "unmarked".into());
        }
        Mark::Here(presence) => {
            add("status", "here".into());
            add("late", text(presence.late.as_ref()));
            add("left", text(presence.left.as_ref()));
        }
        Mark::NotHere { absence, reason } => {
            add("status", "not_here".into());
            add("absence", word(absence.name()).into());
            add("reason", text(reason.as_ref()));
        }
    }
    add("note", text(marked.note.as_ref()));
    content.into()
}

fn consent(recorded: &ConsentRecorded) -> Value {
    json!({
        "purpose": word(recorded.purpose.name()),
        "decision": word(recorded.decision.name()),
        "wording": wording(&recorded.wording),
        "method": word(recorded.method.name()),
        "given_by": word(recorded.given_by.name()),
        "giver_name": text(recorded.giver_name.as_ref()),
    })
}

fn pulse(answered: &PulseAnswered, delivery: Option<&Delivery>) -> Value {
    json!({
        "session": session(answered.session, delivery),
        "language": answered.language.tag(),
        "mode": answered.mode.map(|mode| word(mode.name())),
        "finished": answered.finished,
        "answers": answers(&answered.answers),
    })
}

fn referral(received: &ReferralReceived) -> Value {
    let form = &received.form;
    let by = received.referrer.as_ref();
    json!({
        "reference": form.referral.reference(),
        "name": form.name.as_str(),
        "contact_way": word(form.contact_way.name()),
        "contact": form.contact.as_str(),
        "access": needs(&form.access),
        "access_note": text(form.access_note.as_ref()),
        "hopes": text(form.hopes.as_ref()),
        "supporter": text(form.supporter.as_ref()),
        "language": form.language.tag(),
        "agreed": wording(&form.agreed),
        "referred_by": by.map(|by| json!({
            "name": by.name.as_str(),
            "contact": by.contact.as_str(),
            "agreed_support": text(by.agreed_support.as_ref()),
            "emergency_contact": contact(by.emergency.as_ref()),
        })),
    })
}
