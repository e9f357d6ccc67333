//! Recording a decision.

use super::wording::{self, Wording};
use super::{ConsentRecorded, Decision, GivenBy, Method, Purpose, Status, WordingRef};
use crate::event::Draft;
use crate::ids::{EventId, PersonId, ProgrammeId};
use crate::language::Language;
use crate::records::Records;
use crate::stream::Stream;
use crate::text::Line;

/// Why a decision could not be recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConsentError {
    /// The tablet holds no such person.
    #[error("no such person")]
    NoPerson,
    /// Somebody else decided, and their name is missing.
    #[error("the name of whoever decided is missing")]
    GiverNameMissing,
    /// Something was recorded about this purpose since the person was asked.
    #[error("changed while asking")]
    ChangedMeanwhile,
}

/// What the person answered and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Yes or no. Whether a yes is "again" and a no is a withdrawal follows from what stands.
    pub yes: bool,
    /// The language of the wording that was on screen.
    pub language: Language,
    /// How it was given.
    pub method: Method,
    /// Who gave it.
    pub given_by: GivenBy,
    /// Their name, where it was not the person.
    pub giver_name: Option<Line>,
}

/// Records a decision that a person took while a form was open. `seen` is what stood when they were
/// asked ([`super::ConsentLedger::standing_ids`]): a "yes" must not undo a "no" that came in meanwhile
/// and that nobody in the room knew of.
///
/// # Errors
/// [`ConsentError::ChangedMeanwhile`] if something else stands now; else as [`record`].
pub fn record_knowing(
    records: &Records,
    programme: ProgrammeId,
    person: PersonId,
    purpose: Purpose,
    answer: Answer,
    seen: &[EventId],
) -> Result<Draft, ConsentError> {
    let stands = records
        .delivery(programme)
        .map(|delivery| delivery.consent.standing_ids(person, purpose));
    if stands.is_some_and(|stands| stands != seen) {
        return Err(ConsentError::ChangedMeanwhile);
    }
    record(records, programme, person, purpose, answer)
}

/// Records a person's decision about a purpose.
///
/// A "yes" after a "no" that stands names that "no", as only a consent that knew of it may undo it.
/// A "no" after a "yes" that stands is a withdrawal, and so is a "no" after a withdrawal.
///
/// # Errors
/// See [`ConsentError`].
pub fn record(
    records: &Records,
    programme: ProgrammeId,
    person: PersonId,
    purpose: Purpose,
    answer: Answer,
) -> Result<Draft, ConsentError> {
    let delivery = records.delivery(programme).ok_or(ConsentError::NoPerson)?;
    delivery.person(person).ok_or(ConsentError::NoPerson)?;
    if answer.given_by != GivenBy::Themselves && answer.giver_name.is_none() {
        return Err(ConsentError::GiverNameMissing);
    }
    let status = delivery.consent.status(person, purpose);
    let forbidden = status
        .entry()
        .is_some_and(|head| head.value.decision.forbids());
    let withdrawn = matches!(status, Status::Withdrawn(_));
    let decision = match (answer.yes, forbidden) {
        (true, false) => Decision::Given,
        (true, true) => Decision::GivenAgain,
        (false, _) if status.permits() || withdrawn => Decision::Withdrawn,
        (false, _) => Decision::Refused,
    };
    let organisation = delivery
        .programme()
        .map(|p| p.organisation.as_str())
        .unwrap_or_default();
    let shown = Wording::current(purpose, answer.language).text(organisation);
    Ok(Draft {
        stream: Stream::Delivery(programme),
        supersedes: delivery.consent.standing_ids(person, purpose),
        body: ConsentRecorded {
            person,
            purpose,
            decision,
            wording: WordingRef {
                version: wording::CURRENT_VERSION,
                language: answer.language,
                sha256: wording::sha256(&shown),
            },
            method: answer.method,
            given_by: answer.given_by,
            giver_name: answer.giver_name,
        }
        .into(),
    })
}
