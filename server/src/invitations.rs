//! Inviting somebody to sign in on the server's pages, from there or from the command line.

use wellfield_core::audit::Actor;
use wellfield_core::clock::Instant;
use wellfield_core::desk::{Account, INVITATION_MS};

use crate::enrolment::{CodeHash, InvitationCode};
use crate::entropy::NoEntropy;
use crate::storage::{
    Invitation, InviteRefused, Slip, SlipHash, SlipKind, Storage, StorageError, Unavailable,
};

/// Somebody who was invited.
pub(crate) struct Invited {
    /// Who.
    pub(crate) account: Account,
    /// The code that they are told. It is shown once and kept nowhere.
    pub(crate) code: InvitationCode,
}

/// Why somebody was not invited.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Uninvited {
    /// Somebody else signs in with that address.
    #[error("somebody else signs in with that address")]
    AddressTaken,
    /// The database cannot answer.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
    /// No random numbers.
    #[error(transparent)]
    Entropy(#[from] NoEntropy),
}

/// Invites somebody, for the first time or anew.
///
/// # Errors
/// See [`Uninvited`].
pub(crate) async fn invite(
    storage: &dyn Storage,
    account: Account,
    by: Actor,
    now: Instant,
) -> Result<Invited, Uninvited> {
    let code = InvitationCode::draw()?;
    let CodeHash(hash) = code.hash();
    let invitation = Invitation {
        slip: Slip {
            hash: SlipHash(hash),
            kind: SlipKind::Invitation,
            account: Some(account.account),
            value: Vec::new(),
            expires_at: Instant(now.0.saturating_add(INVITATION_MS)),
        },
        account: account.clone(),
        by,
        now,
    };
    match storage.invite(invitation).await {
        Ok(()) => Ok(Invited { account, code }),
        Err(StorageError::Refused(InviteRefused::AddressTaken)) => Err(Uninvited::AddressTaken),
        Err(StorageError::Unavailable(unavailable)) => Err(unavailable.into()),
    }
}
