//! What people do, as drafts.

use super::{Concern, ConcernFollowed, ConcernRaised, FollowUp, LeadNamed, Sharing};
use crate::event::Draft;
use crate::heads::Heads;
use crate::ids::{ConcernId, ProgrammeId};
use crate::records::Records;
use crate::stream::Stream;
use crate::vault::SealingKey;

/// Why a concern could not be saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConcernError {
    /// Nobody is the lead of this programme yet, or this device has not heard of them. Nobody could read
    /// the concern.
    #[error("no safeguarding lead")]
    NoLead,
    /// Why the person did not agree, or was not asked, is missing.
    #[error("no reason why it is passed on without consent")]
    NoReason,
    /// The lead's key is damaged.
    #[error("a key that nothing can be sealed with")]
    NotAKey,
}

/// What a text about a concern is bound to: a sealed text of one concern does not open as that of
/// another, nor what was raised as what was added.
pub(super) fn place(concern: ConcernId, is_raised: bool) -> [u8; 9] {
    let mut place = [u8::from(is_raised); 9];
    place[1..].copy_from_slice(&concern.0.to_be_bytes());
    place
}

/// Makes somebody the lead of a programme, in the place of whoever was. Concerns are sealed to them from
/// now on; what was sealed before opens with the sheet of whoever was the lead then.
pub fn name_lead(records: &Records, programme: ProgrammeId, named: LeadNamed) -> Draft {
    let heads = records.delivery(programme).map(|delivery| delivery.leads());
    Draft {
        stream: Stream::Delivery(programme),
        supersedes: heads.map(Heads::ids).unwrap_or_default(),
        body: named.into(),
    }
}

/// Raises a concern. `concern` and `random` are drawn by the caller.
///
/// # Errors
/// See [`ConcernError`].
pub fn raise(
    records: &Records,
    concern: ConcernId,
    said: &Concern,
    random: [u8; 32],
) -> Result<Draft, ConcernError> {
    let delivery = records.delivery(said.programme);
    let lead = delivery.and_then(|delivery| delivery.lead());
    let lead = lead.ok_or(ConcernError::NoLead)?;
    if said.sharing != Sharing::Agreed && said.sharing_reason.is_none() {
        return Err(ConcernError::NoReason);
    }
    let sealed = lead
        .key
        .seal(&place(concern, true), &said.to_bytes(), random)
        .map_err(|_| ConcernError::NotAKey)?;
    Ok(draft(ConcernRaised {
        concern,
        sealed_with: lead.key,
        sealed,
    }))
}

/// Adds something to a concern, sealed to the lead who adds it. `random` is drawn by the caller.
///
/// # Errors
/// [`ConcernError::NotAKey`].
pub fn follow(
    key: SealingKey,
    concern: ConcernId,
    added: &FollowUp,
    random: [u8; 32],
) -> Result<Draft, ConcernError> {
    let sealed = key
        .seal(&place(concern, false), &added.to_bytes(), random)
        .map_err(|_| ConcernError::NotAKey)?;
    Ok(draft(ConcernFollowed {
        concern,
        sealed_with: key,
        sealed,
    }))
}

fn draft(body: impl Into<crate::event::Body>) -> Draft {
    Draft {
        stream: Stream::Safeguarding,
        // Nothing here is ever replaced.
        supersedes: Vec::new(),
        body: body.into(),
    }
}
