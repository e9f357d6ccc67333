//! Opening this tablet, and closing it again: the five words, the sheet, the PIN, and what happens when
//! nobody uses it.

mod cover;
mod lock_screen;
mod new_words;
mod own_passkey;
mod passkey;
mod people;
mod pin;
mod recover;

pub use cover::{Cover, Covered, InUse};
pub use lock_screen::{LockScreen, Locked, WhenOpened};
pub use new_words::{ChosenWords, NewWords, PrintedSheet, WordList};
pub use people::PeopleWhoUnlock;
pub use pin::{PinForm, is_known};
pub use recover::Recover;
