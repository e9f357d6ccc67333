//! `wellfield new-sealing-key`: another key for tablets to seal to.

use super::failure::Failure;
use super::{NewSealingKey, say};

/// Draws the key. The one before it still opens what tablets have sealed.
pub(super) fn new_key(command: NewSealingKey) -> Result<(), Failure> {
    let place = command.data.place()?;
    place.keys.renew_sealing()?;
    say(&format!(
        "There is a new key in {}. Start the server again, so that it uses it. A tablet changes over when \
         somebody opens it with signal; until then what it sends while it is locked still arrives. A key \
         that was there before the last one opens nothing any more.",
        place.keys.path().display()
    ))
}
