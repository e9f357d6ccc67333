//! Consent on screen: how each purpose stands, and recording a decision with the wording shown.

mod list;
mod record;

pub use list::{ConsentList, purpose_words, status_words};
pub use record::ConsentRecord;
