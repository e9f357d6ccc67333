//! What a facilitator does on the register, as events to be saved.

use super::{AttendanceMarked, Mark, register_rows};
use crate::event::Draft;
use crate::heads::{Heads, Standing};
use crate::ids::{EventId, PersonId, ProgrammeId, SessionId};
use crate::records::{Delivery, Records};
use crate::stream::Stream;
use crate::text::Paragraph;

/// Why a mark could not be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MarkError {
    /// The tablet holds no such session.
    #[error("no such session")]
    NoSession,
    /// The tablet holds no such person in this programme.
    #[error("no such person")]
    NoPerson,
    /// They left before they came.
    #[error("left before arriving")]
    LeftBeforeArriving,
    /// Nothing differs, so there is nothing to choose or take back.
    #[error("nothing to change")]
    NothingToChange,
}

/// Marks one person at one session, replacing whatever this tablet knows of.
///
/// # Errors
/// See [`MarkError`].
pub fn mark(
    records: &Records,
    programme: ProgrammeId,
    session: SessionId,
    person: PersonId,
    mark: Mark,
    note: Option<Paragraph>,
) -> Result<Draft, MarkError> {
    let delivery = records.delivery(programme).ok_or(MarkError::NoSession)?;
    delivery.session(session).ok_or(MarkError::NoSession)?;
    delivery.person(person).ok_or(MarkError::NoPerson)?;
    if let Mark::Here(presence) = mark
        && let (Some(late), Some(left)) = (presence.late, presence.left)
        && left < late
    {
        return Err(MarkError::LeftBeforeArriving);
    }
    Ok(draft(
        delivery,
        programme,
        AttendanceMarked {
            session,
            person,
            mark,
            note,
        },
    ))
}

/// One tap on the register: marks one person and keeps the note that stands.
///
/// # Errors
/// [`MarkError::NothingToChange`] where everybody agrees on that already, as after a second tap on the
/// same button; else see [`MarkError`].
pub fn tap(
    records: &Records,
    programme: ProgrammeId,
    session: SessionId,
    person: PersonId,
    tapped: Mark,
) -> Result<Draft, MarkError> {
    let delivery = records.delivery(programme).ok_or(MarkError::NoSession)?;
    let standing = delivery.attendance.standing(session, person);
    if let Standing::Agreed(head) = &standing
        && core::mem::discriminant(&head.value.mark) == core::mem::discriminant(&tapped)
    {
        return Err(MarkError::NothingToChange);
    }
    let note = standing.shown().and_then(|head| head.value.note.clone());
    mark(records, programme, session, person, tapped, note)
}

/// Takes the shown mark back: the person counts as not marked. The note stays.
///
/// # Errors
/// [`MarkError::NothingToChange`] where nothing is marked; else see [`MarkError`].
pub fn undo(
    records: &Records,
    programme: ProgrammeId,
    session: SessionId,
    person: PersonId,
) -> Result<Draft, MarkError> {
    let delivery = records.delivery(programme).ok_or(MarkError::NoSession)?;
    match delivery.attendance.standing(session, person).shown() {
        // Where two tablets disagree only the shown mark is taken back; what the other one saw stands.
        Some(head) if head.value.mark != Mark::Unmarked => {
            let note = head.value.note.clone();
            let draft = mark(records, programme, session, person, Mark::Unmarked, note)?;
            Ok(draft.knowing(&[head.stamp.id]))
        }
        _ => Err(MarkError::NothingToChange),
    }
}

/// "Mark the other N as here": acts on rows without a mark and on nothing else.
pub fn mark_the_rest(records: &Records, programme: ProgrammeId, session: SessionId) -> Vec<Draft> {
    let Some(delivery) = records.delivery(programme) else {
        return Vec::new();
    };
    register_rows(delivery, session)
        .iter()
        .filter(|row| *row.mark() == Mark::Unmarked && !row.standing.needs_choice())
        .map(|row| {
            let marked = AttendanceMarked {
                session,
                person: row.person,
                mark: Mark::HERE,
                note: None,
            };
            draft(delivery, programme, marked)
        })
        .collect()
}

/// Settles "Check this": the chosen mark replaces every mark that stands.
///
/// # Errors
/// [`MarkError::NothingToChange`] if the chosen event no longer stands or nothing differs.
pub fn settle(
    records: &Records,
    programme: ProgrammeId,
    session: SessionId,
    person: PersonId,
    chosen: EventId,
) -> Result<Draft, MarkError> {
    let delivery = records.delivery(programme).ok_or(MarkError::NoSession)?;
    let heads = delivery
        .attendance
        .heads(session, person)
        .ok_or(MarkError::NothingToChange)?;
    if !heads.standing().needs_choice() {
        return Err(MarkError::NothingToChange);
    }
    let chosen = heads
        .heads()
        .iter()
        .find(|head| head.stamp.id == chosen)
        .ok_or(MarkError::NothingToChange)?;
    Ok(draft(delivery, programme, chosen.value.clone()))
}

/// Takes a choice back: the marks that stood before it stand again, beside each other, recorded by
/// whoever takes it back. What was recorded since the choice is replaced, because it was seen.
///
/// # Errors
/// [`MarkError::NothingToChange`] if they would not differ.
pub fn take_choice_back(
    records: &Records,
    programme: ProgrammeId,
    before: &[AttendanceMarked],
) -> Result<Vec<Draft>, MarkError> {
    let delivery = records.delivery(programme).ok_or(MarkError::NoSession)?;
    let differ = before.windows(2).any(|pair| pair[0] != pair[1]);
    if !differ {
        return Err(MarkError::NothingToChange);
    }
    let drafts = before.iter().cloned();
    Ok(drafts
        .map(|marked| draft(delivery, programme, marked))
        .collect())
}

fn draft(delivery: &Delivery, programme: ProgrammeId, marked: AttendanceMarked) -> Draft {
    Draft {
        stream: Stream::Delivery(programme),
        supersedes: delivery
            .attendance
            .heads(marked.session, marked.person)
            .map(Heads::ids)
            .unwrap_or_default(),
        body: marked.into(),
    }
}
