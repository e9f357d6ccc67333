//! The vault: what lies on a tablet tells nothing to whoever takes the tablet away.
//!
//! Everything a tablet keeps is sealed under one random [`DataKey`], which is never on the disk as it
//! is. It lies there once for each secret that opens it, wrapped in a [`KeySlot`]: the passphrase of
//! each facilitator, and the recovery sheet that was printed when the tablet was set up. Forgetting a
//! secret loses nothing while another one opens the tablet.
//!
//! No browser can count tries for somebody who copies the disk, so a secret has to stand against
//! guessing by itself: a passphrase is five words drawn by lot (64.6 bits) and is stretched
//! ([`Stretching`]) before it opens anything. A short code only brings the screen back while the keys
//! are still in memory ([`crate::handover`]).
//!
//! A sealed row ([`RowKey::seal`]) opens only in the place that it was sealed for: the device, the
//! store, the key, the revision and the schema are bound into it, so a row that was changed, swapped
//! with another or put back from an older copy is refused, and the others stay usable. Its length tells
//! only roughly how much is in it ([`padded_len`]).
//!
//! Nothing here draws a random number: salts, nonces and keys are arguments, to be drawn by the
//! platform's generator each time anew. The design and its reasons: security findings §1.

mod draft;
mod grant;
mod idle;
mod keys;
mod lock;
mod manifest;
mod passkey;
mod passphrase;
mod recovery;
mod row;
mod sealing;
mod slot;
mod stretching;

#[cfg(test)]
mod tests;

pub use draft::DraftKey;
pub use grant::SendGrant;
pub use idle::{IDLE_MS, Screen, Usage, is_idle};
pub use keys::{DataKey, RowKey, VaultKeys};
pub use lock::{Lock, NotALock, Passkey, SLOTS_MAX, SlotId, TooManySlots};
pub use manifest::{Manifest, NotAManifest};
pub use passkey::{CREDENTIAL_BYTES_MAX, NotACredential, PasskeySecret};
pub use passphrase::{
    EasyToGuess, LIST_WORDS, OWN_LETTERS, OWN_WORDS, Passphrase, ShortList, WORDS,
};
pub use recovery::{RecoveryCode, RecoveryError};
pub use row::{NotOpened, Place, padded_len};
pub use sealing::{NotAKey, OpeningKey, SealingKey};
pub use slot::{KeySlot, SlotError, SlotSecret};
pub use stretching::{Stretched, Stretching, TooWeak};
