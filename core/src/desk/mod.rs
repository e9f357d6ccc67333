//! People who sign in on the server's pages: link workers, the data-protection lead, administrators.
//!
//! They have no device here and hold no records. What each may do is for [`crate::access::decide`] to say;
//! here is who they are, and how long a sign-in, an invitation and a code count.

#[cfg(test)]
mod tests;

use crate::access::{Action, Actor, DeskRole, Resource, decide};
use crate::clock::Instant;
use crate::ids::{AccountId, ProgrammeId};
use crate::text::{Line, TextError};

const MINUTE_MS: u64 = 60 * 1000;

/// Whoever is not seen for so long signs in again, in milliseconds (ASVS 5.0, 7.3.1).
pub const IDLE_MS: u64 = 30 * MINUTE_MS;

/// After so long everybody signs in again, in milliseconds (ASVS 5.0, 7.3.2): a day's work.
pub const SESSION_MS: u64 = 12 * 60 * MINUTE_MS;

/// So long an invitation can be used, in milliseconds: a week, for somebody on leave.
pub const INVITATION_MS: u64 = 7 * 24 * 60 * MINUTE_MS;

/// So long somebody may take over one step of signing in, in milliseconds.
pub const CEREMONY_MS: u64 = 5 * MINUTE_MS;

/// A code of an app counts for so many seconds (RFC 6238, section 4.1).
pub const CODE_STEP_S: u64 = 30;

/// Somebody who signs in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Their number.
    pub account: AccountId,
    /// What they do.
    pub role: DeskRole,
    /// With what they sign in.
    pub sign_in: SignInName,
    /// Their name and where they work, as referrals show it: "Priya Nair, Alder Street Surgery".
    pub name: Line,
    /// Where they are to be reached.
    pub contact: Line,
    /// The programmes that they refer into. Of other roles none.
    pub programmes: Vec<ProgrammeId>,
    /// Whether they no longer sign in.
    pub closed: bool,
}

impl Account {
    /// Whether they may do something.
    pub fn may(&self, action: Action, resource: Resource) -> bool {
        !self.closed && decide(Actor::Desk(self.role), action, resource)
    }

    /// Whether they may close another account. Nobody closes their own: the last administrator would shut
    /// everybody out.
    pub fn may_close(&self, other: &Self) -> bool {
        self.may(Action::Write, Resource::Accounts)
            && self.account != other.account
            && !other.closed
    }

    /// Whether they may refer somebody into a programme, and read what became of whom they referred.
    pub fn may_refer_into(&self, programme: ProgrammeId) -> bool {
        self.may(Action::Write, Resource::OwnReferral) && self.programmes.contains(&programme)
    }
}

/// The programmes of an account, of those that were chosen for it: a link worker refers into at least one, and
/// nobody else into any. `None` for a link worker without.
pub fn programmes_of(role: DeskRole, chosen: Vec<ProgrammeId>) -> Option<Vec<ProgrammeId>> {
    let refers = decide(role.into(), Action::Write, Resource::OwnReferral);
    match (refers, chosen.is_empty()) {
        (true, true) => None,
        (true, false) => Some(chosen),
        (false, _) => Some(Vec::new()),
    }
}

/// An e-mail address with which somebody signs in. Nothing is ever sent to it: it is a name that people know.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SignInName(Line);

/// Why what was typed is no address to sign in with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignInNameError {
    /// Nothing was typed, or too much.
    #[error(transparent)]
    Text(#[from] TextError),
    /// There is no `@` with something on both sides.
    #[error("not an e-mail address")]
    NotAnAddress,
}

impl SignInName {
    /// Reads an address. Capitals make no difference.
    ///
    /// # Errors
    /// See [`SignInNameError`].
    pub fn typed(typed: &str, nfc: impl FnOnce(&str) -> String) -> Result<Self, SignInNameError> {
        let line = Line::typed(&typed.to_lowercase(), nfc)?;
        let is_address = line.as_str().split_once('@').is_some_and(|(user, host)| {
            !user.is_empty() && !host.is_empty() && !host.contains('@')
        });
        if is_address && !line.as_str().contains(char::is_whitespace) {
            Ok(Self(line))
        } else {
            Err(SignInNameError::NotAnAddress)
        }
    }

    /// As it is stored and shown.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

/// How long somebody has been signed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Session {
    /// Since when.
    pub opened: Instant,
    /// When they were last seen.
    pub seen: Instant,
}

impl Session {
    /// Whether it still counts. A clock that went back ends it: how much time passed is not known then.
    pub const fn stands(self, now: Instant) -> bool {
        let (opened, seen, now) = (self.opened.0, self.seen.0, now.0);
        opened <= seen && seen <= now && now - seen < IDLE_MS && now - opened < SESSION_MS
    }
}

/// The steps whose code counts at a moment: the one of now and those beside it, for clocks that are a little
/// off (RFC 6238, section 5.2), without those up to the one that was used last, so that a code that somebody
/// looked at over a shoulder counts once.
pub fn steps_that_count(now: Instant, used: Option<u64>) -> impl Iterator<Item = u64> {
    let step = now.0 / 1000 / CODE_STEP_S;
    let around = step.saturating_sub(1)..=step.saturating_add(1);
    around.filter(move |step| used.is_none_or(|used| *step > used))
}
