//! What an entry of the audit says.

use crate::access::Role;
use crate::clock::Instant;
use crate::ids::{AccountId, DeviceId, ProgrammeId};

/// Who did something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    /// Nobody who is known: somebody who was not let in.
    Nobody,
    /// Whoever can run commands on the server's machine.
    CommandLine,
    /// Whoever holds this device.
    Device(DeviceId),
    /// Somebody who signed in on the server's pages.
    Account(AccountId),
}

/// What was done, and to what: numbers of programmes and devices, and counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// A device joined, or joined again and got a new key.
    DeviceEnrolled {
        /// Its number.
        device: DeviceId,
    },
    /// A device was shut out.
    DeviceRevoked {
        /// Its number.
        device: DeviceId,
    },
    /// Somebody showed what a device had shown before, when it was over: there is a copy of it, or the device's disk
    /// was put back to an earlier day.
    OldKeyShown {
        /// The device.
        device: DeviceId,
    },
    /// A code was made with which one device can join.
    CodeMade {
        /// The programme that it leads into.
        programme: ProgrammeId,
        /// What whoever uses it may do.
        role: Role,
    },
    /// What is recorded in a programme was about to be handed out as a file.
    Exported {
        /// The programme.
        programme: ProgrammeId,
        /// How many records it was made of.
        records: u64,
    },
    /// The unsent records of a device were taken in out of a file, or a part of them.
    SafetyCopyTakenIn {
        /// The device whose records they are.
        device: DeviceId,
        /// How many records the part has.
        records: u64,
    },
    /// What was set aside was about to be shown.
    SetAsideRead {
        /// How many records.
        records: u64,
    },
    /// Safeguarding concerns, sealed, were about to be handed to a device.
    ConcernsRead {
        /// How many records.
        records: u64,
    },
    /// A backup of everything was about to be made.
    BackedUp,
    /// The records were put back out of a backup. What the audit said after the backup is lost.
    Restored {
        /// How many entries of the ledger of erasures were carried out again.
        erased: u64,
    },
    /// Another key signs the audit from here on.
    KeyChanged,
    /// Somebody was erased, or what was erased once was erased again.
    Erased {
        /// How many records said something before and say nothing now.
        records: u64,
    },
    /// What there is about one person was about to be handed out.
    SubjectAccess {
        /// How many records.
        records: u64,
    },
    /// A complaint about data protection arrived.
    ComplaintReceived {
        /// The day on which it arrived, counted from the first of January 1970.
        day: u64,
    },
    /// A complaint was acknowledged.
    ComplaintAcknowledged {
        /// Its number: so many had been entered with it.
        complaint: u64,
    },
    /// A complaint was answered.
    ComplaintAnswered {
        /// Its number.
        complaint: u64,
    },
    /// Somebody was invited to sign in on the server's pages, for the first time or anew.
    AccountInvited {
        /// Who.
        account: AccountId,
    },
    /// Somebody set up how they sign in.
    SignInSetUp {
        /// Who.
        account: AccountId,
    },
    /// Somebody signed in.
    SignedIn {
        /// Who.
        account: AccountId,
    },
    /// Somebody no longer signs in.
    AccountClosed {
        /// Who.
        account: AccountId,
    },
}

/// Something that is to be entered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewEntry {
    /// When it was done, by the server's clock.
    pub at: Instant,
    /// Who did it.
    pub actor: Actor,
    /// What was done.
    pub deed: Deed,
}

/// An entry at its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its place, from 1, without gaps.
    pub seq: u64,
    /// What was entered.
    pub entered: NewEntry,
}

impl Deed {
    /// A stable lower-case name for lists and for other programs.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::DeviceEnrolled { .. } => "device-enrolled",
            Self::DeviceRevoked { .. } => "device-revoked",
            Self::CodeMade { .. } => "code-made",
            Self::Exported { .. } => "exported",
            Self::SafetyCopyTakenIn { .. } => "safety-copy-taken-in",
            Self::SetAsideRead { .. } => "set-aside-read",
            Self::ConcernsRead { .. } => "concerns-read",
            Self::BackedUp => "backed-up",
            Self::Restored { .. } => "restored",
            Self::KeyChanged => "key-changed",
            Self::Erased { .. } => "erased",
            Self::SubjectAccess { .. } => "subject-access",
            Self::ComplaintReceived { .. } => "complaint-received",
            Self::ComplaintAcknowledged { .. } => "complaint-acknowledged",
            Self::ComplaintAnswered { .. } => "complaint-answered",
            Self::AccountInvited { .. } => "account-invited",
            Self::SignInSetUp { .. } => "sign-in-set-up",
            Self::SignedIn { .. } => "signed-in",
            Self::AccountClosed { .. } => "account-closed",
            Self::OldKeyShown { .. } => "old-key-shown",
        }
    }
}
