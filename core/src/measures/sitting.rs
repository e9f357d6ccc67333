//! Sittings: what one person answered of one instrument at one moment.

use super::answer::{Answer, Moment, Reply, When};
use super::catalogue::{Catalogue, InstrumentNo, Question};
use super::instrument::Score;
use super::participant::People;
use super::score::score;
use super::sorting::{LeftOut, Reason, reason};
use crate::ids::{PersonId, SessionId};

/// What tells one sitting from another. Sessions count only where a moment belongs to one.
type Key = (
    InstrumentNo,
    PersonId,
    Moment,
    Option<SessionId>,
    Option<When>,
);

/// What one person answered of one instrument at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Sitting {
    /// The instrument.
    pub(super) instrument: InstrumentNo,
    /// The person.
    pub(super) person: PersonId,
    /// The moment.
    pub(super) moment: Moment,
    /// The session, where the moment belongs to one.
    pub(super) session: Option<SessionId>,
    /// The day.
    pub(super) when: Option<When>,
    /// Whether another person took part.
    pub(super) helped: bool,
    /// The score of each scale of the instrument; `None` where it is not complete.
    pub(super) scores: Vec<Option<Score>>,
    /// The places of its answers in what was given.
    pub(super) answers: Vec<u32>,
}

/// Sittings sorted by instrument, person and moment, whatever the order of the answers, and the answers
/// that belong to none.
pub(super) fn sittings(
    catalogue: &Catalogue,
    answers: &[Answer],
    people: &People,
    left_out: &mut Vec<LeftOut>,
) -> Vec<Sitting> {
    let mut sorted: Vec<(Key, u8, u32)> = Vec::with_capacity(answers.len());
    for (answer, place) in answers.iter().zip(0u32..) {
        let reason = reason(catalogue, people, answer);
        match (reason, answer.question) {
            (None, Question::Known { instrument, item }) => {
                let session = answer.session.filter(|_| answer.moment.of_session());
                let key = (
                    instrument,
                    answer.person,
                    answer.moment,
                    session,
                    answer.when,
                );
                sorted.push((key, item, place));
            }
            (reason, _) => left_out.push(LeftOut {
                answer: place as usize,
                reason: reason.unwrap_or(Reason::UnknownItem),
            }),
        }
    }
    sorted.sort_unstable();
    sorted
        .chunk_by(|one, next| one.0 == next.0)
        .filter_map(|rows| sitting(catalogue, answers, rows, left_out))
        .collect()
}

fn sitting(
    catalogue: &Catalogue,
    answers: &[Answer],
    rows: &[(Key, u8, u32)],
    left_out: &mut Vec<LeftOut>,
) -> Option<Sitting> {
    let (instrument, person, moment, session, when) = rows.first()?.0;
    let definition = catalogue.get(instrument)?;
    let mut given: Vec<Option<i16>> = vec![None; definition.items.len()];
    let mut helped = false;
    let mut places = Vec::with_capacity(rows.len());
    for same in rows.chunk_by(|one, next| one.1 == next.1) {
        let &[(_, item, place)] = same else {
            left_out.extend(same.iter().map(|(.., place)| LeftOut {
                answer: *place as usize,
                reason: Reason::Twice,
            }));
            continue;
        };
        let answer = answers.get(place as usize)?;
        helped |= answer.mode.is_some_and(super::answer::Mode::helped);
        places.push(place);
        if let (Reply::Given(value), Some(slot)) = (answer.reply, given.get_mut(usize::from(item)))
        {
            *slot = i16::try_from(value).ok();
        }
    }
    let scores = definition
        .scales
        .iter()
        .map(|scale| score(definition, scale, &given))
        .collect();
    Some(Sitting {
        instrument,
        person,
        moment,
        session,
        when,
        helped,
        scores,
        answers: places,
    })
}
