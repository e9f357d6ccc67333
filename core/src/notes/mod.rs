//! The notes of a session: one text, changed by whole versions.

#[cfg(test)]
mod tests;
mod wire;

use crate::event::Draft;
use crate::heads::Heads;
use crate::ids::{ProgrammeId, SessionId};
use crate::records::Records;
use crate::stream::Stream;
use crate::text::Paragraph;

/// The notes of a session were written. No text means that they were cleared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionNoted {
    /// The session.
    pub session: SessionId,
    /// The notes.
    pub text: Option<Paragraph>,
}

/// Why notes could not be saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// The tablet holds no such session.
    #[error("no such session")]
    NoSession,
    /// The notes say what they said before.
    #[error("nothing to change")]
    NothingToChange,
}

/// Saves the notes of a session, replacing every version that this tablet knows of.
///
/// # Errors
/// See [`NoteError`].
pub fn write_notes(
    records: &Records,
    programme: ProgrammeId,
    session: SessionId,
    text: Option<Paragraph>,
) -> Result<Draft, NoteError> {
    let delivery = records.delivery(programme).ok_or(NoteError::NoSession)?;
    delivery.session(session).ok_or(NoteError::NoSession)?;
    let heads = delivery.notes(session);
    let standing = heads.map(Heads::standing);
    let unchanged = match standing.as_ref().and_then(|standing| standing.shown()) {
        Some(head) => head.value.text == text,
        None => text.is_none(),
    };
    if unchanged && !standing.is_some_and(|standing| standing.needs_choice()) {
        return Err(NoteError::NothingToChange);
    }
    Ok(Draft {
        stream: Stream::Delivery(programme),
        supersedes: heads.map(Heads::ids).unwrap_or_default(),
        body: SessionNoted { session, text }.into(),
    })
}
