//! Safeguarding: anybody raises a concern, the lead alone reads it.

mod file;
mod gate;
mod raise;
mod set_up;

pub use file::ConcernPage;
pub use gate::{ConcernsKey, OfLead, is_lead};
pub use raise::RaiseConcern;

mod list;
pub use list::ConcernList;
