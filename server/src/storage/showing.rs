//! What devices show with their requests, as every engine keeps it.

use wellfield_core::clock::Instant;
use wellfield_core::ids::DeviceId;
use wellfield_core::sync::{DeviceProof, PublicKey};

use super::Caller;
use crate::enrolment::TokenHash;

/// A device that shows something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Showing {
    /// The device.
    pub caller: Caller,
    /// The fingerprint of the key that it was given when it joined.
    pub key: TokenHash,
    /// What its requests are known by; nothing of one that joined before devices signed.
    pub proof: Option<DeviceProof>,
}

/// A device says what it will show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CredentialChange {
    /// The device.
    pub device: DeviceId,
    /// The fingerprint of what it will show.
    pub next: TokenHash,
    /// With what it signs, where it says so.
    pub public_key: Option<PublicKey>,
    /// When it asked.
    pub now: Instant,
}
