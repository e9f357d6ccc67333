//! A link worker refers somebody, and follows what becomes of it.

use super::form::{FieldError, Form, Question, complete_agreed, optional, paragraph};
use super::{Answer, ReferralReceived, Referrer, wording};
use crate::attendance::{Absence, Mark};
use crate::clock::Date;
use crate::consent::Purpose;
use crate::ids::{PersonId, ProgrammeId, ReferralId};
use crate::language::Language;
use crate::people::Contact;
use crate::programme::{SessionDay, session_day, sessions_in_order};
use crate::records::{Delivery, Records};
use crate::text::{Line, Paragraph};

/// The form as a link worker fills it in: what was typed, in normal form C and otherwise unchecked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MadeFor {
    /// What is asked of everybody. `agreed` says that the person agreed to being referred.
    pub person: Form,
    /// The support that was agreed.
    pub agreed_support: String,
    /// Whom to call in an emergency.
    pub emergency_name: String,
    /// Their number.
    pub emergency_phone: String,
}

/// A field of a link worker's form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// One that is asked of everybody.
    Person(Question),
    /// The support that was agreed.
    AgreedSupport,
    /// Whom to call in an emergency.
    EmergencyName,
    /// Their number.
    EmergencyPhone,
}

/// Makes the referral out of a link worker's form. `by` is the account, with its name and where it is to be
/// reached; what the form says besides is put into it.
///
/// # Errors
/// Every field that is wrong, in order, with what is wrong.
pub fn complete_for(
    form: &MadeFor,
    referral: ReferralId,
    by: Referrer,
    language: Language,
    organisation: &str,
) -> Result<ReferralReceived, Vec<(Field, FieldError)>> {
    let shown = wording::agreement_for(language, organisation);
    let person = complete_agreed(&form.person, referral, language, &shown);
    let agreed_support = paragraph(&form.agreed_support);
    let emergency = emergency(form);
    match (person, agreed_support, emergency) {
        (Ok(person), Ok(agreed_support), Ok(emergency)) => Ok(ReferralReceived {
            form: person,
            doubts: Vec::new(),
            referrer: Some(Referrer {
                agreed_support,
                emergency,
                ..by
            }),
        }),
        (person, agreed_support, emergency) => {
            let person = person.err().into_iter().flatten();
            let person = person.map(|(question, error)| (Field::Person(question), error));
            let support = agreed_support.err();
            let support = support.map(|error| (Field::AgreedSupport, error));
            Err(person.chain(support).chain(emergency.err()).collect())
        }
    }
}

/// Whom to call: a name and a number, or neither.
fn emergency(form: &MadeFor) -> Result<Option<Contact>, (Field, FieldError)> {
    let name: Option<Line> =
        optional(&form.emergency_name).map_err(|error| (Field::EmergencyName, error))?;
    let phone: Option<Line> =
        optional(&form.emergency_phone).map_err(|error| (Field::EmergencyPhone, error))?;
    match (name, phone) {
        (None, None) => Ok(None),
        (Some(name), Some(phone)) => Ok(Some(Contact {
            name,
            relation: None,
            phone,
        })),
        (None, Some(_)) => Err((Field::EmergencyName, FieldError::NameMissing)),
        (Some(_), None) => Err((Field::EmergencyPhone, FieldError::ContactMissing)),
    }
}

/// How far somebody got, as whoever referred them is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    /// What was answered; `None` while nothing was.
    pub answer: Option<Answer>,
    /// The day of the answer.
    pub day: Option<Date>,
    /// What the coordinator wrote to whoever referred them.
    pub note: Option<Paragraph>,
    /// How they attend: only of somebody who joined, and who agreed that whoever referred them is talked to.
    pub attended: Option<Attended>,
}

/// How somebody attends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Attended {
    /// At so many sessions they were marked as here.
    pub came: u32,
    /// At so many it was marked whether they came. Where they were excused beforehand does not count (domain
    /// findings §5, attendance rules).
    pub of: u32,
    /// The last day on which they were here.
    pub last: Option<Date>,
    /// Whether sessions of the programme are still to come.
    pub goes_on: bool,
}

/// How far somebody got who was referred by this account; `None` of anybody else.
///
/// Attendance is told only while the person's consent to talk to the referrer stands: a withdrawal ends it
/// from the next look on (domain findings §7).
pub fn progress(
    records: &Records,
    programme: ProgrammeId,
    referral: ReferralId,
    by: crate::ids::AccountId,
    today: Date,
) -> Option<Progress> {
    let view = records.casework(programme)?.referrals.get(referral)?;
    view.head
        .value
        .referrer
        .as_ref()
        .filter(|referrer| referrer.account == by)?;
    let answered = view.answered.map(|head| &head.value);
    let attended = answered.and_then(|answered| {
        let delivery = records.delivery(programme)?;
        let person = answered.person()?;
        let told = delivery.consent.status(person, Purpose::TalkToReferrer);
        told.permits().then(|| attended(delivery, person, today))
    });
    Some(Progress {
        answer: answered.map(|answered| answered.answer),
        day: answered.map(|answered| answered.day),
        note: answered.and_then(|answered| answered.note.clone()),
        attended,
    })
}

fn attended(delivery: &Delivery, person: PersonId, today: Date) -> Attended {
    let mut attended = Attended::default();
    for session in sessions_in_order(delivery) {
        attended.goes_on |= session_day(session, today) == SessionDay::ToCome;
        let standing = delivery.attendance.standing(session.session, person);
        match standing.shown().map(|head| &head.value.mark) {
            Some(Mark::Here(_)) => {
                attended.came += 1;
                attended.of += 1;
                attended.last = Some(session.date);
            }
            Some(Mark::NotHere { absence, .. }) => {
                attended.of += u32::from(*absence != Absence::Excused);
            }
            Some(Mark::Unmarked) | None => {}
        }
    }
    attended
}

#[cfg(test)]
mod tests;
