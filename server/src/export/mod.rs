//! A programme as JSON, so that an outsider can compare what was tapped with what arrived.
//!
//! Keys and words are stable: a change that breaks a reader is a new `version`. Lists are always
//! there, empty or not; a key whose value is not known holds `null`. What is not needed for the
//! comparison (emergency contacts, agreed support) is left out.
//!
//! ```text
//! format       "wellfield-export"
//! version      1
//! programme    { id, name, organisation, site, first_day, last_day }
//! sessions     [ { id, number, date, starts, ends, place } ]                    by date
//! people       [ { id, preferred_name, joined, from, until, details_needed } ]  by id
//! register     [ { session, person, check, versions: [ MARK ], …MARK } ]        by session, person
//!   MARK       { STAMP, status, late, left, absence, reason, note }
//!              status: here | not_here | unmarked; absence: unknown | apologies | no_word | excused
//! consents     [ { STAMP, person, purpose, decision, wording: WORDING, method, given_by,
//!                  giver_name } ]                                               every entry
//! consent_status [ { person, purpose, status, decided_by } ]   every person and purpose
//!              status: not_asked | given | refused | withdrawn; decided_by: an event
//! pulses       [ { STAMP, response, session, person, language, mode, finished, flag, needs_attention,
//!                  seen: null | { STAMP, note },
//!                  answers: { day, good, change, safe: { state, value } } } ]
//!              state: given | declined | not_reached; day's value counts as `score`, 1 to 5
//! notes        [ { session, check, versions: [ { STAMP, text } ], STAMP, text } ]
//! set_aside    [ { event_set_aside, check, versions: [ { STAMP, decision } ], STAMP, decision } ]
//!              decision: open | taken_in | left_out | recorded_anew; what was taken in stands in its own list
//! referrals    [ { STAMP, id, reference, name, contact_way, contact, access, access_note, hopes,
//!                  supporter, language, agreed: WORDING, doubts, tray } ]
//!              doubts: why it may not be from a person; tray: list | check, where it lies now
//! evaluation_plan  null | { STAMP, size, topics, swemwbs_licence,
//!                    own [ { instrument, question, language } ], comparison, toolkit_compared, check }
//! asked        [ { STAMP, person, moment, session, outcome, questions } ]       by person, moment
//!              outcome: finished | stopped | declined | linked; questions: usual | easy
//! measures     [ { STAMP, response, person, moment, session, instrument, version, language, mode,
//!                  date, time, finished, replies: [ { item, state, value } ] } ]
//!              state: given | declined | not_answered
//! needs_met    [ { STAMP, person, need, met } ]    met: yes | partly | no       by person, need
//! feedback     [ { STAMP, change, said, did, progress, date } ]                latest first
//!              progress: done | planned | not_possible
//! story_of_change  null | { STAMP, need, inputs, activities, outputs, outcomes }
//! quality      [ { STAMP, principle, rating, evidence, date } ]                by principle
//!              rating: not_yet | partly | mostly | fully
//! withdrawals_seen_to [ { STAMP, person, withdrawal, note, date } ]; withdrawal: the event, DEVICE-N
//! scores_from_elsewhere [ { STAMP, person, tool, area, figure, lowest, highest, moment, date,
//!   licence_holder, taken_out } ]; figures in points
//! reports_given_out [ { STAMP, report, from, to, to_whom, date } ]
//! accidents    [ { STAMP, person, accident, event, affected, name, date, time, place, what, injury, care,
//!              care_by, action, done, reported } ]; event: accident | near_miss
//! monitoring   [ { STAMP, person, age, gender, ethnicity, disability, postcode_district, date } ]
//!              by person; what was not asked is not there
//! moved_on     [ { STAMP, person, to: [ ], note, date } ]                      by person
//! words_shared [ { STAMP, story, person, form, date, text } ]
//!              form: quote | story; text: null once the words were taken back
//!   WORDING    { version, language, sha256 }
//!   STAMP      { event, device, device_name, recorded_by, at }
//! ```
//!
//! `event` is `device-n`, the identity of the record that says so; each stands once on the device
//! that made it and once here. `recorded_by` is the name of the member of staff. `at` is what the
//! recording device's clock said, or, if that ran ahead, when the record arrived (RFC 3339, UTC).
//! Marks that are not `check` agree with each other, however many `versions` stand.

mod instant;
mod measures;
mod outcomes;
mod page;
mod parts;
mod subject;

use serde_json::{Value, json};
use wellfield_core::ids::ProgrammeId;
use wellfield_core::records::Records;

pub use instant::rfc3339;
pub use page::page;
pub use subject::subject;

/// The version of the keys and words.
const VERSION: u32 = 1;

/// Everything about a programme that was recorded; `None` where no such programme is held.
pub fn programme(records: &Records, programme: ProgrammeId) -> Option<Value> {
    let delivery = records.delivery(programme)?;
    Some(json!({
        "format": "wellfield-export",
        "version": VERSION,
        "programme": parts::opened(delivery, programme),
        "sessions": parts::sessions(delivery),
        "people": parts::people(delivery),
        "register": parts::register(delivery),
        "consents": parts::consents(delivery),
        "consent_status": parts::consent_status(delivery),
        "pulses": parts::pulses(delivery),
        "notes": parts::notes(delivery),
        "set_aside": parts::set_aside(delivery),
        "referrals": parts::referrals(records, programme),
        "evaluation_plan": measures::plan(delivery),
        "asked": measures::asked(delivery),
        "measures": measures::measures(records, programme),
        "needs_met": outcomes::needs(delivery),
        "story_of_change": outcomes::story(delivery),
        "quality": outcomes::quality(delivery),
        "feedback": outcomes::feedback(delivery),
        "monitoring": outcomes::monitoring(records, programme),
        "accidents": outcomes::accidents(records, programme),
        "withdrawals_seen_to": outcomes::withdrawals(records, programme),
        "scores_from_elsewhere": outcomes::elsewhere(records, programme),
        "reports_given_out": outcomes::given_out(records, programme),
        "moved_on": outcomes::moved_on(records, programme),
        "words_shared": outcomes::words(records, programme),
    }))
}

#[cfg(test)]
mod tests;
