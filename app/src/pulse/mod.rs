//! Handing the tablet over, the participant's pages, and getting the tablet back.

mod choose;
mod kiosk;
mod question;
mod unlock;

pub use choose::ChoosePerson;
pub use kiosk::Kiosk;
pub use question::{day_words, felt_words};
