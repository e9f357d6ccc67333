//! Backups of a data folder, and putting one back.
//!
//! A backup is the database of one moment, taken while the server runs, encrypted in the format of `age`
//! (age-encryption.org/v1). Inside is an SQLite file like any other, so that somebody who has the key and
//! nothing of ours can still get at the records.
//!
//! Encrypted to a public key, a backup cannot be read by the server that makes it, nor by whoever takes the
//! server over. The keys of the server and the ledger of erasures are not in it.

mod make;
mod restore;
mod sealing;

pub use make::{BackupError, Made, make};
pub use restore::{GoOn, NoNumbers, RestoreError, Restored, draw, go_on, restore};
pub use sealing::{Lock, NoIdentity, NotARecipient, Opener, SealError, UnsealError, new_identity};
