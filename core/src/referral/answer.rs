//! What a coordinator answers to a referral: a place, or why there is none.

use super::{ReferralReceived, ReferralView, Referrer};
use crate::clock::Date;
use crate::event::Draft;
use crate::heads::{Head, Heads};
use crate::ids::{PersonId, ProgrammeId, ReferralId};
use crate::people::{Contact, Joined, PersonDetails, PersonRecorded};
use crate::programme::current_session;
use crate::records::{Delivery, Records};
use crate::stream::Stream;
use crate::text::Paragraph;

coded_enum! {
    /// What was answered to a referral.
    pub enum Answer {
        /// A place was offered; the person has not said yes.
        PlaceOffered = 1,
        /// The person is on the list of people.
        Joined = 2,
        /// Nobody could reach them so far.
        NotReached = 3,
        /// The programme is not for them, and the note says why.
        NotSuitable = 4,
        /// The person does not want the place.
        Withdrawn = 5,
    }
}

/// A coordinator answered a referral.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReferralAnswered {
    /// The referral.
    pub referral: ReferralId,
    /// What was answered.
    pub answer: Answer,
    /// Whom the referral became on the list of people: there where, and only where, they joined.
    pub(super) person: Option<PersonId>,
    /// What the link worker is told besides.
    pub note: Option<Paragraph>,
    /// The day.
    pub day: Date,
}

impl ReferralAnswered {
    /// An answer; `None` if it says of nobody that they joined, or of somebody else that they did.
    pub fn new(
        referral: ReferralId,
        answer: Answer,
        person: Option<PersonId>,
        note: Option<Paragraph>,
        day: Date,
    ) -> Option<Self> {
        let fits = person.is_some() == matches!(answer, Answer::Joined);
        fits.then_some(Self {
            referral,
            answer,
            person,
            note,
            day,
        })
    }

    /// Whom the referral became on the list of people.
    pub const fn person(&self) -> Option<PersonId> {
        self.person
    }
}

/// Why a referral was not answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AnswerError {
    /// The device holds no such referral.
    #[error("no such referral")]
    NoReferral,
    /// The person is on the list of people already.
    #[error("joined already")]
    JoinedAlready,
    /// Whoever referred them has to be told why it is not for them.
    #[error("why it is not for them is missing")]
    NoteMissing,
    /// It was answered like this already.
    #[error("nothing to change")]
    NothingToChange,
}

/// The answer that stands. Of several that did not know of each other, a referral that the person withdrew
/// stays withdrawn (design, records); then somebody who joined is on the list, whatever else was answered;
/// then the latest counts.
pub(super) fn standing(heads: &Heads<ReferralAnswered>) -> Option<&Head<ReferralAnswered>> {
    let of = |answer| {
        let heads = heads.heads().iter();
        heads
            .filter(|head| head.value.answer == answer)
            .max_by_key(|head| head.stamp.display_order())
    };
    of(Answer::Withdrawn)
        .or_else(|| of(Answer::Joined))
        .or_else(|| heads.latest())
}

fn found(
    records: &Records,
    programme: ProgrammeId,
    referral: ReferralId,
) -> Result<(ReferralView<'_>, Option<&Heads<ReferralAnswered>>), AnswerError> {
    let casework = records.casework(programme);
    let referrals = &casework.ok_or(AnswerError::NoReferral)?.referrals;
    let view = referrals.get(referral).ok_or(AnswerError::NoReferral)?;
    Ok((view, referrals.answered_heads(referral)))
}

/// Answers a referral; to put somebody on the list of people is [`take_on`].
///
/// # Errors
/// See [`AnswerError`].
pub fn answer(
    records: &Records,
    programme: ProgrammeId,
    referral: ReferralId,
    answer: Answer,
    note: Option<Paragraph>,
    today: Date,
) -> Result<Draft, AnswerError> {
    let (view, heads) = found(records, programme, referral)?;
    let stands = view.answered.map(|head| &head.value);
    if stands.is_some_and(|stands| stands.answer == answer && stands.note == note) {
        return Err(AnswerError::NothingToChange);
    }
    if matches!(answer, Answer::NotSuitable) && note.is_none() {
        return Err(AnswerError::NoteMissing);
    }
    let answered = ReferralAnswered::new(referral, answer, None, note, today);
    Ok(Draft {
        stream: Stream::Casework(programme),
        supersedes: heads.map(Heads::ids).unwrap_or_default(),
        body: answered.ok_or(AnswerError::NothingToChange)?.into(),
    })
}

/// Puts somebody on the list of people, with what the referral says of them. `person` is 64 random bits drawn
/// by the caller. They are expected from the next session on, today's if there is one. Both records are saved
/// together or not at all.
///
/// # Errors
/// See [`AnswerError`].
pub fn take_on(
    records: &Records,
    programme: ProgrammeId,
    referral: ReferralId,
    person: PersonId,
    today: Date,
) -> Result<[Draft; 2], AnswerError> {
    let (view, heads) = found(records, programme, referral)?;
    let joined = heads.map(Heads::heads).unwrap_or_default().iter();
    if joined.clone().any(|head| head.value.person.is_some()) {
        return Err(AnswerError::JoinedAlready);
    }
    let recorded = PersonRecorded {
        person,
        joined: Joined::Enrolled,
        from: first_day(records.delivery(programme), today),
        until: None,
        details: details_of(&view.head.value),
    };
    let answered = ReferralAnswered::new(referral, Answer::Joined, Some(person), None, today);
    Ok([
        Draft {
            stream: Stream::Delivery(programme),
            supersedes: Vec::new(),
            body: recorded.into(),
        },
        Draft {
            stream: Stream::Casework(programme),
            supersedes: heads.map(Heads::ids).unwrap_or_default(),
            body: answered.ok_or(AnswerError::NoReferral)?.into(),
        },
    ])
}

/// The first day on which somebody is expected who joins today: that of the next session, or today where none
/// is to come.
fn first_day(delivery: Option<&Delivery>, today: Date) -> Date {
    let next = delivery.and_then(|delivery| current_session(delivery, today));
    next.map_or(today, |session| session.date.max(today))
}

/// What a facilitator needs of a referral on the day. Hopes, and how to reach the person, stay in casework.
fn details_of(received: &ReferralReceived) -> PersonDetails {
    let form = &received.form;
    let referrer = received.referrer.as_ref();
    PersonDetails {
        preferred_name: form.name.clone(),
        access: form.access.clone(),
        access_note: form.access_note.clone(),
        agreed_support: referrer.and_then(|referrer| referrer.agreed_support.clone()),
        emergency: referrer.and_then(|referrer| referrer.emergency.clone()),
        supporter: referrer.map(supporter),
    }
}

/// The link worker as the person's supporter.
fn supporter(referrer: &Referrer) -> Contact {
    Contact {
        name: referrer.name.clone(),
        relation: None,
        phone: referrer.contact.clone(),
    }
}

#[cfg(test)]
mod tests;
