//! Consent on screen: how each purpose stands, and recording a decision with the wording shown.

mod list;
mod record;
mod withdrawn;

pub use list::{ConsentList, purpose_words, status_words};
pub use record::ConsentRecord;
pub use withdrawn::{SeeToWithdrawal, WithdrawnPage, withdrawals_open};
