//! Consent: for each purpose apart, with what was shown, how, by whom, and recorded by whom.
//!
//! A refusal or withdrawal always wins over a consent that did not know of it, whatever the clocks
//! say, until a later consent names it. In 200,000 random histories with wrong clocks, this rule
//! broke "an unanswered withdrawal stays withdrawn" never; last-writer-wins broke it in 18 %
//! (sync findings §0).

mod commands;
mod model;
mod rules;
#[cfg(test)]
mod tests;
pub(crate) mod wire;
mod withdrawal;
pub mod wording;

pub use commands::{Answer, ConsentError, record, record_knowing};
pub use model::{ConsentRecorded, Decision, GivenBy, Method, Purpose, WordingRef};
pub use rules::{ConsentLedger, PhotoPermission, Status, photo_permission};
pub use withdrawal::{
    ToDo, Withdrawal, WithdrawalError, WithdrawalSeenTo, WithdrawalsSeenTo, see_to_withdrawal,
    withdrawals,
};
