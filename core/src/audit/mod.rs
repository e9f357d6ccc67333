//! The audit: who did what with other people's records, as a chain that nobody can change unseen.
//!
//! An entry says when, who, what, and about which programme or device, in numbers. It holds no name, no
//! text and nothing of what was read, so that erasing a person never has to touch it. Each entry is
//! chained to the one before it by SHA-256, and the head of the chain is signed with a key that lies
//! outside the database ([`AuditKey`]): whoever can write into the database, and no more than that, can
//! neither change an entry nor add one without it being seen.
//!
//! The server's part alone: the client neither keeps nor reads an audit.

mod chain;
mod model;
#[cfg(test)]
mod tests;
mod wire;

pub use chain::{
    AuditKey, Broken, Fault, Head, Link, NotAHead, SignedHead, Untrue, judge, read_signed_head,
    verify,
};
pub use model::{Actor, Deed, Entry, NewEntry};
pub use wire::{Unreadable, What, Who, decode_entry, encode_entry};
