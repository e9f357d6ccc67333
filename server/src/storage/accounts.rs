//! What is kept of people who sign in on the server's pages.
//!
//! How somebody signs in lies here as bytes that the engine does not read. What is known by its secret alone,
//! as a session or an invitation, is a [`Slip`]: the secret goes to a browser or is read out once, and its
//! fingerprint is the key.

use wellfield_core::audit::{Actor, Deed, NewEntry};
use wellfield_core::clock::Instant;
use wellfield_core::desk::{Account, SignInName};
use wellfield_core::ids::AccountId;

use super::{Answer, Decision, Unavailable};

/// An account, with how somebody signs in to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountEntry {
    /// Who.
    pub account: Account,
    /// How they sign in, for `crate::desk` to read; empty before they set it up.
    pub credentials: Vec<u8>,
}

/// By what an account is found.
#[derive(Clone, Debug)]
pub enum AccountBy {
    /// Its number.
    Number(AccountId),
    /// What somebody typed to sign in.
    SignIn(SignInName),
}

/// What a slip is for. A slip of one kind is none of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SlipKind {
    /// Lets somebody set up how they sign in, once.
    Invitation,
    /// Somebody is signed in.
    Session,
    /// Somebody is in the middle of signing in or of setting it up.
    Ceremony,
}

impl SlipKind {
    /// The number that stands for it in the database.
    pub const fn code(self) -> u8 {
        match self {
            Self::Invitation => 1,
            Self::Session => 2,
            Self::Ceremony => 3,
        }
    }
}

/// The fingerprint of a slip's secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SlipHash(pub [u8; 32]);

/// Something that is known by its secret and lasts for a while.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slip {
    /// The fingerprint of its secret.
    pub hash: SlipHash,
    /// What it is for.
    pub kind: SlipKind,
    /// Whose it is; `None` where nobody has said yet who they are.
    pub account: Option<AccountId>,
    /// What has to be known with it.
    pub value: Vec<u8>,
    /// The first moment at which it no longer counts.
    pub expires_at: Instant,
}

/// Somebody is to sign in from now on, or anew.
#[derive(Clone, Debug)]
pub struct Invitation {
    /// Who, as they are to be from now on.
    pub account: Account,
    /// What lets them set up how.
    pub slip: Slip,
    /// Who invites them.
    pub by: Actor,
    /// When.
    pub now: Instant,
}

impl Invitation {
    pub(super) fn entry(&self) -> NewEntry {
        let account = self.account.account;
        NewEntry {
            at: self.now,
            actor: self.by,
            deed: Deed::AccountInvited { account },
        }
    }
}

/// Why somebody was not invited.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InviteRefused {
    /// Somebody else signs in with that address.
    #[error("somebody else signs in with that address")]
    AddressTaken,
}

/// How somebody signs in is to change.
#[derive(Clone, Debug)]
pub struct CredentialsChange {
    /// Who.
    pub account: AccountId,
    /// How they sign in as far as whoever changes it knows. Where it is different by now nothing is changed.
    pub from: Vec<u8>,
    /// How they sign in from now on.
    pub to: Vec<u8>,
    /// The invitation that is used up by it. Where it is gone by now nothing is changed.
    pub spends: Option<SlipHash>,
    /// What the audit says of it.
    pub entry: NewEntry,
    /// The session that begins with it.
    pub session: Option<Slip>,
}

/// Somebody no longer signs in.
#[derive(Clone, Copy, Debug)]
pub struct Closing {
    /// Who.
    pub account: AccountId,
    /// Who says so.
    pub by: Actor,
    /// When.
    pub now: Instant,
}

impl Closing {
    pub(super) fn entry(&self) -> NewEntry {
        let account = self.account;
        NewEntry {
            at: self.now,
            actor: self.by,
            deed: Deed::AccountClosed { account },
        }
    }
}

/// Why an account was not closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CloseRefused {
    /// There is no such account, or it is closed.
    #[error("no such account")]
    NoAccount,
}

/// What every engine does for people who sign in.
pub trait Accounts: Send + Sync {
    /// Keeps an account, new or changed, with an invitation; earlier invitations of it no longer count.
    fn invite(&self, invitation: Invitation) -> Decision<'_, (), InviteRefused>;

    /// An account.
    fn account(&self, by: AccountBy) -> Answer<'_, Option<AccountEntry>, Unavailable>;

    /// Every account, by name.
    fn accounts(&self) -> Answer<'_, Vec<AccountEntry>, Unavailable>;

    /// Changes how somebody signs in; answers whether it did. Where an invitation is spent by it every
    /// session of the account ends, because somebody may have lost what they signed in with.
    fn change_credentials(&self, change: CredentialsChange) -> Answer<'_, bool, Unavailable>;

    /// Keeps a slip, in the place of one with the same fingerprint. Those that count no longer go.
    fn put_slip(&self, slip: Slip, now: Instant) -> Answer<'_, (), Unavailable>;

    /// A slip that still counts.
    fn slip(
        &self,
        kind: SlipKind,
        hash: SlipHash,
        now: Instant,
    ) -> Answer<'_, Option<Slip>, Unavailable>;

    /// Takes a slip that still counts away, so that nobody uses it a second time.
    fn take_slip(
        &self,
        kind: SlipKind,
        hash: SlipHash,
        now: Instant,
    ) -> Answer<'_, Option<Slip>, Unavailable>;

    /// Closes an account for good. Its sessions and invitations end.
    fn close_account(&self, closing: Closing) -> Decision<'_, (), CloseRefused>;
}
