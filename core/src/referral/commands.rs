//! Saying where a referral belongs that may not be from a person.

use super::{ReferralSorted, Tray};
use crate::event::Draft;
use crate::heads::Heads;
use crate::ids::{ProgrammeId, ReferralId};
use crate::records::Records;
use crate::stream::Stream;

/// Why a referral was not sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SortError {
    /// The device holds no such referral.
    #[error("no such referral")]
    NoReferral,
    /// It lies there already.
    #[error("nothing to change")]
    NothingToChange,
}

/// Puts a referral where it belongs. To undo it is to put it back.
///
/// # Errors
/// See [`SortError`].
pub fn sort(
    records: &Records,
    programme: ProgrammeId,
    referral: ReferralId,
    tray: Tray,
) -> Result<Draft, SortError> {
    let casework = records.casework(programme).ok_or(SortError::NoReferral)?;
    let referrals = &casework.referrals;
    let view = referrals.get(referral).ok_or(SortError::NoReferral)?;
    if view.tray() == tray {
        return Err(SortError::NothingToChange);
    }
    let heads = referrals.sorted_heads(referral);
    Ok(Draft {
        stream: Stream::Casework(programme),
        supersedes: heads.map(Heads::ids).unwrap_or_default(),
        body: ReferralSorted { referral, tray }.into(),
    })
}
