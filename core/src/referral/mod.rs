//! Self-referral: somebody asks for a place, on their own phone.

mod form;
mod outcome;
mod wire;
pub mod wording;

use std::collections::BTreeMap;

use crate::consent::WordingRef;
use crate::heads::{Head, Heads, Stamp};
use crate::ids::{EventId, ReferralId};
use crate::language::Language;
use crate::people::AccessNeed;
use crate::text::{Line, Paragraph};

pub use form::{FieldError, Form, Question, check_question, complete};
pub use outcome::{Outcome, outcome};
pub use wire::{SubmissionError, decode_submission, encode_submission};

coded_enum! {
    /// How somebody wants to be answered.
    pub enum ContactWay {
        /// By telephone.
        Telephone = 1,
        /// By text message.
        TextMessage = 2,
        /// By e-mail.
        Email = 3,
    }
}

/// What somebody told us about themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SelfReferral {
    /// The form, drawn when it was opened.
    pub referral: ReferralId,
    /// Their name.
    pub name: Line,
    /// How they want to be answered.
    pub contact_way: ContactWay,
    /// The number or address for that.
    pub contact: Line,
    /// What would help them take part.
    pub access: Vec<AccessNeed>,
    /// More about that.
    pub access_note: Option<Paragraph>,
    /// What they hope for.
    pub hopes: Option<Paragraph>,
    /// Who supports them now: a link worker, a nurse, a friend.
    pub supporter: Option<Line>,
    /// The language they used.
    pub language: Language,
    /// The agreement that they gave to our keeping this.
    pub agreed: WordingRef,
}

/// A self-referral arrived at the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReferralReceived {
    /// What they told us.
    pub form: SelfReferral,
}

/// Every referral of a programme.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Referrals {
    received: BTreeMap<ReferralId, Heads<ReferralReceived>>,
}

impl Referrals {
    pub(crate) fn insert(
        &mut self,
        stamp: Stamp,
        supersedes: &[EventId],
        received: ReferralReceived,
    ) {
        self.received
            .entry(received.form.referral)
            .or_default()
            .insert(stamp, supersedes, received);
    }

    /// Every referral, latest first by the clocks.
    pub fn all(&self) -> Vec<&Head<ReferralReceived>> {
        let mut referrals: Vec<_> = self.received.values().filter_map(Heads::latest).collect();
        referrals.sort_by_key(|head| core::cmp::Reverse((head.stamp.at, head.stamp.id)));
        referrals
    }
}
