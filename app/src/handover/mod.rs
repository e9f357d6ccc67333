//! Handing the tablet over, what is around the participant's form, and getting the tablet back.

mod actions;
mod choices;
mod choose;
mod kiosk;
mod listen;
mod taps;
mod unlock;

pub use actions::{Actions, FIRST_CHOICE};
pub use choices::{Choices, Choosing, Layout};
pub use choose::ChoosePerson;
pub use kiosk::Kiosk;
pub use listen::Listen;
pub use taps::{TakeTaps, taken_by_pulse, taken_by_survey};
