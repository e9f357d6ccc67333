//! The parts of an export, each a list of flat objects.

use serde_json::{Map, Value, json};
use wellfield_core::attendance::{AttendanceMarked, Mark};
use wellfield_core::clock::{TimeOfDay, iso_date};
use wellfield_core::consent::{Purpose, Status, WordingRef};
use wellfield_core::heads::{Head, Heads, Stamp};
use wellfield_core::ids::ProgrammeId;
use wellfield_core::programme::sessions_in_order;
use wellfield_core::pulse::{Answers, PulseView, Reply};
use wellfield_core::records::{Casework, Delivery, Records};
use wellfield_core::referral::ReferralView;
use wellfield_core::set_aside::Decision;

use super::instant::rfc3339;

/// The programme; what is not known of it is `null`.
pub(super) fn opened(delivery: &Delivery, programme: ProgrammeId) -> Value {
    let opened = delivery.programme();
    json!({
        "id": programme.to_string(),
        "name": opened.map(|o| o.name.as_str()),
        "organisation": opened.map(|o| o.organisation.as_str()),
        "site": opened.map(|o| o.site.as_str()),
        "first_day": opened.map(|o| iso_date(o.first_day)),
        "last_day": opened.map(|o| iso_date(o.last_day)),
    })
}

/// The sessions, by date.
pub(super) fn sessions(delivery: &Delivery) -> Vec<Value> {
    sessions_in_order(delivery)
        .into_iter()
        .map(|session| {
            json!({
                "id": session.session.to_string(),
                "number": session.number,
                "date": iso_date(session.date),
                "starts": session.starts.to_string(),
                "ends": session.ends.to_string(),
                "place": text(session.place.as_ref()),
            })
        })
        .collect()
}

/// The people: who they are to the register, and no more.
pub(super) fn people(delivery: &Delivery) -> Vec<Value> {
    delivery
        .people()
        .map(|(person, recorded)| {
            json!({
                "id": person.to_string(),
                "preferred_name": recorded.details.preferred_name.as_str(),
                "joined": word(recorded.joined.name()),
                "from": iso_date(recorded.from),
                "until": recorded.until.map(iso_date),
                "details_needed": recorded.details_needed(),
            })
        })
        .collect()
}

/// Every register value, also of a session or person whose own record has not arrived.
pub(super) fn register(delivery: &Delivery) -> Vec<Value> {
    delivery
        .attendance
        .all()
        .map(|(session, person, heads)| {
            let mut entry = register_value(heads, |head| mark(delivery, head));
            entry.insert("session".to_owned(), session.to_string().into());
            entry.insert("person".to_owned(), person.to_string().into());
            entry.into()
        })
        .collect()
}

/// The notes of every session that has any.
pub(super) fn notes(delivery: &Delivery) -> Vec<Value> {
    delivery
        .all_notes()
        .map(|(session, heads)| {
            let mut entry = register_value(heads, |head| {
                let mut noted = stamp(delivery, head.stamp);
                noted.insert("text".to_owned(), text(head.value.text.as_ref()));
                noted
            });
            entry.insert("session".to_owned(), session.to_string().into());
            entry.into()
        })
        .collect()
}

/// What was decided about every event that was set aside and decided about.
pub(super) fn set_aside(delivery: &Delivery) -> Vec<Value> {
    delivery
        .set_aside
        .all()
        .map(|(event, heads)| {
            let mut entry = register_value(heads, |head| {
                let decision = match head.value {
                    Decision::Open => "open",
                    Decision::TakenIn(_) => "taken_in",
                    Decision::LeftOut => "left_out",
                    Decision::RecordedAnew => "recorded_anew",
                };
                with(stamp(delivery, head.stamp), [("decision", decision.into())])
            });
            entry.insert("event_set_aside".to_owned(), event.to_string().into());
            entry.into()
        })
        .collect()
}

/// A register value: what is shown of it, whether a person has to choose, and every version that
/// stands.
fn register_value<V: PartialEq>(
    heads: &Heads<V>,
    version: impl Fn(&Head<V>) -> Map<String, Value>,
) -> Map<String, Value> {
    let standing = heads.standing();
    let mut entry = standing.shown().map(&version).unwrap_or_default();
    let versions: Vec<Value> = heads
        .heads()
        .iter()
        .map(|head| version(head).into())
        .collect();
    entry.insert("check".to_owned(), standing.needs_choice().into());
    entry.insert("versions".to_owned(), versions.into());
    entry
}

fn mark(delivery: &Delivery, head: &Head<AttendanceMarked>) -> Map<String, Value> {
    let time = |time: Option<TimeOfDay>| Value::from(time.map(|time| time.to_string()));
    let (status, late, left, absence, reason) = match &head.value.mark {
        Mark::Unmarked => ("unmarked", None, None, Value::Null, Value::Null),
        Mark::Here(presence) => (
            "here",
            presence.late,
            presence.left,
            Value::Null,
            Value::Null,
        ),
        Mark::NotHere { absence, reason } => (
            "not_here",
            None,
            None,
            word(absence.name()).into(),
            text(reason.as_ref()),
        ),
    };
    with(
        stamp(delivery, head.stamp),
        [
            ("status", status.into()),
            ("late", time(late)),
            ("left", time(left)),
            ("absence", absence),
            ("reason", reason),
            ("note", text(head.value.note.as_ref())),
        ],
    )
}

/// Every entry of the ledger, in the order of people, purposes and events.
pub(super) fn consents(delivery: &Delivery) -> Vec<Value> {
    delivery
        .consent
        .all()
        .map(|head| {
            let recorded = &head.value;
            with(
                stamp(delivery, head.stamp),
                [
                    ("person", recorded.person.to_string().into()),
                    ("purpose", word(recorded.purpose.name()).into()),
                    ("decision", word(recorded.decision.name()).into()),
                    ("wording", wording(&recorded.wording)),
                    ("method", word(recorded.method.name()).into()),
                    ("given_by", word(recorded.given_by.name()).into()),
                    ("giver_name", text(recorded.giver_name.as_ref())),
                ],
            )
            .into()
        })
        .collect()
}

/// How every purpose stands for every person, not asked included.
pub(super) fn consent_status(delivery: &Delivery) -> Vec<Value> {
    // An entry may arrive before the record of the person whom it is about.
    let mut people: Vec<_> = delivery
        .people()
        .map(|(person, _)| person)
        .chain(delivery.consent.all().map(|head| head.value.person))
        .collect();
    people.sort_unstable();
    people.dedup();
    let statuses = people.into_iter().flat_map(|person| {
        Purpose::ALL.iter().map(move |purpose| {
            let status = delivery.consent.status(person, *purpose);
            json!({
                "person": person.to_string(),
                "purpose": word(purpose.name()),
                "status": status_word(&status),
                "decided_by": status.entry().map(|head| head.stamp.id.to_string()),
            })
        })
    });
    statuses.collect()
}

const fn status_word(status: &Status<'_>) -> &'static str {
    match status {
        Status::NotAsked => "not_asked",
        Status::Given(_) => "given",
        Status::Refused(_) => "refused",
        Status::Withdrawn(_) => "withdrawn",
    }
}

/// Every set of answers, latest first by the clocks.
pub(super) fn pulses(delivery: &Delivery) -> Vec<Value> {
    delivery
        .pulses
        .all()
        .iter()
        .map(|view| pulse(delivery, view).into())
        .collect()
}

fn pulse(delivery: &Delivery, view: &PulseView<'_>) -> Map<String, Value> {
    let answered = &view.head.value;
    let seen = view.seen.map(|seen| {
        with(
            stamp(delivery, seen.stamp),
            [("note", text(seen.value.note.as_ref()))],
        )
    });
    with(
        stamp(delivery, view.head.stamp),
        [
            ("response", answered.response.to_string().into()),
            ("session", answered.session.to_string().into()),
            ("person", text(answered.person.as_ref())),
            ("language", answered.language.tag().into()),
            ("mode", answered.mode.map(|mode| word(mode.name())).into()),
            ("finished", answered.finished.into()),
            ("answers", answers(&answered.answers)),
            ("flag", answered.raises_flag().into()),
            ("needs_attention", view.needs_attention().into()),
            ("seen", seen.into()),
        ],
    )
}

pub(super) fn answers(answers: &Answers) -> Value {
    let mut day = reply(&answers.day, |day| word(day.name()));
    day.insert(
        "score".to_owned(),
        answers.day.given().map(|day| day.code()).into(),
    );
    json!({
        "day": day,
        "good": reply(&answers.good, ToString::to_string),
        "change": reply(&answers.change, ToString::to_string),
        "safe": reply(&answers.safe, |felt| word(felt.name())),
    })
}

/// What was said to a question. Declined on purpose is not the same as never reached.
fn reply<T>(reply: &Reply<T>, value: impl Fn(&T) -> String) -> Map<String, Value> {
    let state = match reply {
        Reply::NotReached => "not_reached",
        Reply::Declined => "declined",
        Reply::Given(_) => "given",
    };
    with(
        Map::new(),
        [
            ("state", state.into()),
            ("value", reply.given().map(value).into()),
        ],
    )
}

/// Every self-referral, latest first by the clocks.
pub(super) fn referrals(records: &Records, programme: ProgrammeId) -> Vec<Value> {
    let received = records
        .casework(programme)
        .map(|Casework { referrals, .. }| referrals.all())
        .unwrap_or_default();
    let delivery = records.delivery(programme);
    received
        .into_iter()
        .filter_map(|view| Some(referral(delivery?, &view).into()))
        .collect()
}

fn referral(delivery: &Delivery, view: &ReferralView<'_>) -> Map<String, Value> {
    let received = &view.head.value;
    let form = &received.form;
    let doubts: Vec<Value> = received
        .doubts
        .iter()
        .map(|doubt| word(doubt.name()).into())
        .collect();
    let access: Vec<Value> = form
        .access
        .iter()
        .map(|need| word(need.name()).into())
        .collect();
    with(
        stamp(delivery, view.head.stamp),
        [
            ("id", form.referral.to_string().into()),
            ("reference", form.referral.reference().into()),
            ("name", form.name.as_str().into()),
            ("contact_way", word(form.contact_way.name()).into()),
            ("contact", form.contact.as_str().into()),
            ("access", access.into()),
            ("access_note", text(form.access_note.as_ref())),
            ("hopes", text(form.hopes.as_ref())),
            ("supporter", text(form.supporter.as_ref())),
            ("language", form.language.tag().into()),
            ("agreed", wording(&form.agreed)),
            ("doubts", doubts.into()),
            ("tray", word(view.tray().name()).into()),
        ],
    )
}

pub(super) fn wording(wording: &WordingRef) -> Value {
    let sha256: String = wording
        .sha256
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    json!({
        "version": wording.version,
        "language": wording.language.tag(),
        "sha256": sha256,
    })
}

/// Which record says so, and who made it, where and when.
pub(super) fn stamp(delivery: &Delivery, stamp: Stamp) -> Map<String, Value> {
    let device = stamp.id.device;
    let device_name = delivery
        .device(device)
        .map(|enrolled| enrolled.device_name.as_str());
    let recorded_by = stamp.by.and_then(|staff| delivery.staff_name(staff));
    with(
        Map::new(),
        [
            ("event", stamp.id.to_string().into()),
            ("device", device.0.into()),
            ("device_name", device_name.into()),
            ("recorded_by", recorded_by.into()),
            ("at", rfc3339(stamp.at.instant()).into()),
        ],
    )
}

pub(super) fn with<const N: usize>(
    mut object: Map<String, Value>,
    entries: [(&str, Value); N],
) -> Map<String, Value> {
    object.extend(
        entries
            .into_iter()
            .map(|(key, value)| (key.to_owned(), value)),
    );
    object
}

pub(super) fn text(value: Option<&impl ToString>) -> Value {
    value.map(ToString::to_string).into()
}

/// The name of a value of an enumeration as the export writes it: `NoWord` as `no_word`.
pub(super) fn word(name: &str) -> String {
    let mut word = String::with_capacity(name.len() + 2);
    for c in name.chars() {
        if c.is_ascii_uppercase() && !word.is_empty() {
            word.push('_');
        }
        word.push(c.to_ascii_lowercase());
    }
    word
}
