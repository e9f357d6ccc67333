//! Referrals: somebody asks for a place on their own phone, or a link worker asks for one with them; and what
//! came of it.

mod answer;
mod commands;
mod form;
mod outcome;
mod proof;
mod referrer;
mod sealed;
mod signals;
#[cfg(test)]
mod tests;
mod wire;
pub mod wording;

use std::collections::BTreeMap;

use crate::consent::WordingRef;
use crate::heads::{Head, Heads, Stamp};
use crate::ids::{AccountId, EventId, PersonId, ReferralId};
use crate::language::Language;
use crate::people::{AccessNeed, Contact};
use crate::text::{Line, Paragraph};

pub use answer::{Answer, AnswerError, ReferralAnswered, answer, take_on};
pub use commands::{SortError, sort};
pub use form::{FieldError, Form, Question, check_question, complete};
pub(crate) use outcome::judged;
pub use outcome::{Outcome, outcome};
pub use proof::{
    CHALLENGE_MS, COST_MAX, COST_MIN, Challenge, ChallengeKey, PUZZLES, Proof, SOLVING_MS_MAX,
    Solver, cost,
};
pub use referrer::{Attended, Field, MadeFor, Progress, complete_for, progress};
pub use sealed::{SealedForm, decode_opened, decode_sealed, encode_sealed, sealed_place};
pub use signals::{CROWD_WINDOW_MS, Doubt, Evidence, FORMS_USUAL_MAX, Signals, Verdict, weigh};
pub(crate) use wire::ChallengeV1;
pub use wire::{
    SubmissionError, Submitted, decode_signals, decode_submission, decode_submitted,
    encode_signals, encode_submission,
};

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

/// The link worker who referred somebody, and what they agreed with them at the start (guidance, "Expert
/// support").
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Referrer {
    /// The account with which they signed in.
    pub account: AccountId,
    /// Their name and where they work, as the account had it.
    pub name: Line,
    /// Where they are to be reached.
    pub contact: Line,
    /// The support that was agreed, and who gives it.
    pub agreed_support: Option<Paragraph>,
    /// Whom to call in an emergency.
    pub emergency: Option<Contact>,
}

/// A referral arrived at the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReferralReceived {
    /// What the person told us, or their link worker.
    pub form: SelfReferral,
    /// Why it may not be from a person; none for a referral like any other.
    pub doubts: Vec<Doubt>,
    /// Who referred them; nobody where they did it themselves.
    pub referrer: Option<Referrer>,
}

coded_enum! {
    /// Where a referral lies for whoever deals with it.
    pub enum Tray {
        /// Among the referrals.
        List = 1,
        /// Among those that may not be from a person.
        Check = 2,
    }
}

/// A coordinator looked at a referral that may not be from a person, and said where it belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReferralSorted {
    /// The referral.
    pub referral: ReferralId,
    /// Where it belongs.
    pub tray: Tray,
}

/// A referral with where it lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReferralView<'a> {
    /// The referral.
    pub head: &'a Head<ReferralReceived>,
    /// Who sorted it, if anybody did.
    pub sorted: Option<&'a Head<ReferralSorted>>,
    /// What was answered to it, if anything was.
    pub answered: Option<&'a Head<ReferralAnswered>>,
}

impl ReferralView<'_> {
    /// Where it lies: where a person put it, else where it came in.
    pub fn tray(&self) -> Tray {
        match self.sorted {
            Some(sorted) => sorted.value.tray,
            None if self.head.value.doubts.is_empty() => Tray::List,
            None => Tray::Check,
        }
    }

    /// Whether somebody waits for an answer: nothing was answered yet, or nobody could be reached.
    pub fn waits(&self) -> bool {
        let answer = self.answered.map(|head| head.value.answer);
        self.tray() == Tray::List && matches!(answer, None | Some(Answer::NotReached))
    }
}

/// Every referral of a programme.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Referrals {
    received: BTreeMap<ReferralId, Heads<ReferralReceived>>,
    sorted: BTreeMap<ReferralId, Heads<ReferralSorted>>,
    answered: BTreeMap<ReferralId, Heads<ReferralAnswered>>,
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

    pub(crate) fn insert_sorted(
        &mut self,
        stamp: Stamp,
        supersedes: &[EventId],
        sorted: ReferralSorted,
    ) {
        self.sorted
            .entry(sorted.referral)
            .or_default()
            .insert(stamp, supersedes, sorted);
    }

    pub(crate) fn insert_answered(
        &mut self,
        stamp: Stamp,
        supersedes: &[EventId],
        answered: ReferralAnswered,
    ) {
        self.answered
            .entry(answered.referral)
            .or_default()
            .insert(stamp, supersedes, answered);
    }

    /// One referral.
    pub fn get(&self, referral: ReferralId) -> Option<ReferralView<'_>> {
        let head = self.received.get(&referral)?.latest()?;
        let sorted = self.sorted.get(&referral).and_then(|heads| {
            // Where two who did not know of each other disagree, whoever took it for a person's is
            // not overruled.
            let listed = heads
                .heads()
                .iter()
                .find(|head| head.value.tray == Tray::List);
            listed.or(heads.latest())
        });
        let answered = self.answered.get(&referral).and_then(answer::standing);
        Some(ReferralView {
            head,
            sorted,
            answered,
        })
    }

    /// Every referral, latest first by the clocks.
    pub fn all(&self) -> Vec<ReferralView<'_>> {
        let mut referrals: Vec<_> = self
            .received
            .keys()
            .filter_map(|referral| self.get(*referral))
            .collect();
        referrals.sort_by_key(|view| core::cmp::Reverse((view.head.stamp.at, view.head.stamp.id)));
        referrals
    }

    /// Every referral as a coordinator works through them: first who waits, the longest first, then the others,
    /// latest first.
    pub fn by_waiting(&self) -> Vec<ReferralView<'_>> {
        let (mut waiting, answered): (Vec<_>, Vec<_>) =
            self.all().into_iter().partition(ReferralView::waits);
        waiting.reverse();
        waiting.into_iter().chain(answered).collect()
    }

    /// How many people wait for an answer.
    pub fn waiting(&self) -> usize {
        let views = self.received.keys().filter_map(|id| self.get(*id));
        views.filter(ReferralView::waits).count()
    }

    /// The referrals by which somebody came onto the list of people.
    pub fn of_person(&self, person: PersonId) -> Vec<ReferralId> {
        let led = |heads: &Heads<ReferralAnswered>| {
            let mut heads = heads.heads().iter();
            heads.any(|head| head.value.person() == Some(person))
        };
        let led = self.answered.iter().filter(|(_, heads)| led(heads));
        led.map(|(referral, _)| *referral).collect()
    }

    fn answered_heads(&self, referral: ReferralId) -> Option<&Heads<ReferralAnswered>> {
        self.answered.get(&referral)
    }

    fn sorted_heads(&self, referral: ReferralId) -> Option<&Heads<ReferralSorted>> {
        self.sorted.get(&referral)
    }
}
