//! Entries as they lie in the database, version 1: a CBOR map with integer keys.
//!
//! What is chained and signed are these bytes, so there is one way to write an entry: keys in their
//! order, nothing that says nothing.

use super::{Actor, Deed, Entry, NewEntry};
use crate::access::Role;
use crate::clock::Instant;
use crate::ids::{AccountId, DeviceId, ProgrammeId};

const VERSION: u8 = 1;

coded_enum! {
    /// Who did something. A number is never used again for something else.
    pub enum Who {
        /// Nobody who is known.
        Nobody = 0,
        /// A command on the server's machine.
        CommandLine = 1,
        /// A device, whose number stands beside it.
        Device = 2,
        /// Somebody who signed in, whose number stands beside it.
        Account = 3,
    }
}

coded_enum! {
    /// What was done. A number is never used again for something else.
    pub enum What {
        /// A device joined.
        DeviceEnrolled = 1,
        /// A device was shut out.
        DeviceRevoked = 2,
        /// A code was made.
        CodeMade = 3,
        /// A programme was handed out as a file.
        Exported = 4,
        /// A safety copy was taken in.
        SafetyCopyTakenIn = 5,
        /// What was set aside was shown.
        SetAsideRead = 6,
        /// A backup was made.
        BackedUp = 7,
        /// A backup was restored.
        Restored = 8,
        /// Another key signs.
        KeyChanged = 9,
        /// Safeguarding concerns were handed out.
        ConcernsRead = 10,
        /// Somebody was erased.
        Erased = 11,
        /// What there is about one person was handed out.
        SubjectAccess = 12,
        /// A complaint arrived.
        ComplaintReceived = 13,
        /// A complaint was acknowledged.
        ComplaintAcknowledged = 14,
        /// A complaint was answered.
        ComplaintAnswered = 15,
        /// Somebody was invited to sign in.
        AccountInvited = 16,
        /// Somebody set up how they sign in.
        SignInSetUp = 17,
        /// Somebody signed in.
        SignedIn = 18,
        /// Somebody no longer signs in.
        AccountClosed = 19,
        /// What a device showed before was shown.
        OldKeyShown = 20,
    }
}

/// Why bytes are not shown as an entry. The chain over them can be verified all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// They are no entry, or a damaged one.
    #[error("not an entry of the audit")]
    NotOurs,
    /// A newer version of this software wrote them.
    #[error("written by a newer version")]
    Newer,
}

wire_map! {
    struct EntryV1 {
        #[n(0)]
        version: u8,
        #[n(1)]
        seq: u64,
        #[n(2)]
        at: u64,
        #[n(3)]
        who: u8,
        #[n(4)]
        by_device: Option<u32>,
        #[n(5)]
        what: u8,
        #[n(6)]
        device: Option<u32>,
        #[n(7)]
        programme: Option<u64>,
        #[n(8)]
        role: Option<u8>,
        #[n(9)]
        count: Option<u64>,
        #[n(10)]
        account: Option<u64>,
        #[n(11)]
        by_account: Option<u64>,
    }
}

/// What a deed was done to, field by field.
#[derive(Default, PartialEq, Eq)]
struct Resource {
    device: Option<u32>,
    programme: Option<u64>,
    role: Option<u8>,
    count: Option<u64>,
    account: Option<u64>,
}

fn taken_apart(deed: Deed) -> (What, Resource) {
    let nothing = Resource::default();
    let of_device = |device: DeviceId| Resource {
        device: Some(device.0),
        ..Resource::default()
    };
    let of_account = |account: AccountId| Resource {
        account: Some(account.0),
        ..Resource::default()
    };
    match deed {
        Deed::AccountInvited { account } => (What::AccountInvited, of_account(account)),
        Deed::SignInSetUp { account } => (What::SignInSetUp, of_account(account)),
        Deed::SignedIn { account } => (What::SignedIn, of_account(account)),
        Deed::AccountClosed { account } => (What::AccountClosed, of_account(account)),
        Deed::DeviceEnrolled { device } => (What::DeviceEnrolled, of_device(device)),
        Deed::DeviceRevoked { device } => (What::DeviceRevoked, of_device(device)),
        Deed::OldKeyShown { device } => (What::OldKeyShown, of_device(device)),
        Deed::CodeMade { programme, role } => {
            let resource = Resource {
                programme: Some(programme.0),
                role: Some(role.code()),
                ..nothing
            };
            (What::CodeMade, resource)
        }
        Deed::Exported { programme, records } => {
            let resource = Resource {
                programme: Some(programme.0),
                count: Some(records),
                ..nothing
            };
            (What::Exported, resource)
        }
        Deed::SafetyCopyTakenIn { device, records } => {
            let resource = Resource {
                count: Some(records),
                ..of_device(device)
            };
            (What::SafetyCopyTakenIn, resource)
        }
        Deed::SetAsideRead { records } => {
            let count = Some(records);
            (What::SetAsideRead, Resource { count, ..nothing })
        }
        Deed::ConcernsRead { records } => {
            let count = Some(records);
            (What::ConcernsRead, Resource { count, ..nothing })
        }
        Deed::BackedUp => (What::BackedUp, nothing),
        Deed::Restored { erased } => {
            let count = Some(erased);
            (What::Restored, Resource { count, ..nothing })
        }
        Deed::KeyChanged => (What::KeyChanged, nothing),
        Deed::Erased { records } => {
            let count = Some(records);
            (What::Erased, Resource { count, ..nothing })
        }
        Deed::SubjectAccess { records } => {
            let count = Some(records);
            (What::SubjectAccess, Resource { count, ..nothing })
        }
        Deed::ComplaintReceived { day } => {
            let count = Some(day);
            (What::ComplaintReceived, Resource { count, ..nothing })
        }
        Deed::ComplaintAcknowledged { complaint } => {
            let count = Some(complaint);
            (What::ComplaintAcknowledged, Resource { count, ..nothing })
        }
        Deed::ComplaintAnswered { complaint } => {
            let count = Some(complaint);
            (What::ComplaintAnswered, Resource { count, ..nothing })
        }
    }
}

/// The deed of these fields. Fields that its kind does not have make it none.
fn put_together(what: What, resource: &Resource) -> Option<Deed> {
    let device = resource.device.map(DeviceId);
    let programme = resource.programme.map(ProgrammeId);
    let count = resource.count;
    let account = resource.account.map(AccountId);
    let deed = match what {
        What::DeviceEnrolled => Deed::DeviceEnrolled { device: device? },
        What::DeviceRevoked => Deed::DeviceRevoked { device: device? },
        What::OldKeyShown => Deed::OldKeyShown { device: device? },
        What::CodeMade => Deed::CodeMade {
            programme: programme?,
            role: Role::from_code(resource.role?)?,
        },
        What::Exported => Deed::Exported {
            programme: programme?,
            records: count?,
        },
        What::SafetyCopyTakenIn => Deed::SafetyCopyTakenIn {
            device: device?,
            records: count?,
        },
        What::SetAsideRead => Deed::SetAsideRead { records: count? },
        What::ConcernsRead => Deed::ConcernsRead { records: count? },
        What::BackedUp => Deed::BackedUp,
        What::Restored => Deed::Restored { erased: count? },
        What::KeyChanged => Deed::KeyChanged,
        What::Erased => Deed::Erased { records: count? },
        What::SubjectAccess => Deed::SubjectAccess { records: count? },
        What::ComplaintReceived => Deed::ComplaintReceived { day: count? },
        What::ComplaintAcknowledged => Deed::ComplaintAcknowledged { complaint: count? },
        What::ComplaintAnswered => Deed::ComplaintAnswered { complaint: count? },
        What::AccountInvited => Deed::AccountInvited { account: account? },
        What::SignInSetUp => Deed::SignInSetUp { account: account? },
        What::SignedIn => Deed::SignedIn { account: account? },
        What::AccountClosed => Deed::AccountClosed { account: account? },
    };
    (taken_apart(deed).1 == *resource).then_some(deed)
}

/// The bytes of an entry, as they are chained and stored.
pub fn encode_entry(entry: &Entry) -> Vec<u8> {
    let NewEntry { at, actor, deed } = entry.entered;
    let (who, by_device, by_account) = match actor {
        Actor::Nobody => (Who::Nobody, None, None),
        Actor::CommandLine => (Who::CommandLine, None, None),
        Actor::Device(device) => (Who::Device, Some(device.0), None),
        Actor::Account(account) => (Who::Account, None, Some(account.0)),
    };
    let (what, resource) = taken_apart(deed);
    let wire = EntryV1 {
        version: VERSION,
        seq: entry.seq,
        at: at.0,
        who: who.code(),
        by_device,
        what: what.code(),
        device: resource.device,
        programme: resource.programme,
        role: resource.role,
        count: resource.count,
        account: resource.account,
        by_account,
    };
    // Writing to a vector cannot fail.
    minicbor::to_vec(&wire).unwrap_or_default()
}

/// Reads an entry.
///
/// # Errors
/// See [`Unreadable`].
pub fn decode_entry(bytes: &[u8]) -> Result<Entry, Unreadable> {
    let mut decoder = minicbor::Decoder::new(bytes);
    let wire: EntryV1 = decoder.decode().map_err(|_| Unreadable::NotOurs)?;
    if decoder.position() != bytes.len() {
        return Err(Unreadable::NotOurs);
    }
    let (VERSION, Some(who), Some(what)) = (
        wire.version,
        Who::from_code(wire.who),
        What::from_code(wire.what),
    ) else {
        return Err(Unreadable::Newer);
    };
    let actor = match (who, wire.by_device, wire.by_account) {
        (Who::Nobody, None, None) => Actor::Nobody,
        (Who::CommandLine, None, None) => Actor::CommandLine,
        (Who::Device, Some(device), None) => Actor::Device(DeviceId(device)),
        (Who::Account, None, Some(account)) => Actor::Account(AccountId(account)),
        _ => return Err(Unreadable::NotOurs),
    };
    let resource = Resource {
        device: wire.device,
        programme: wire.programme,
        role: wire.role,
        count: wire.count,
        account: wire.account,
    };
    let deed = put_together(what, &resource).ok_or(Unreadable::NotOurs)?;
    Ok(Entry {
        seq: wire.seq,
        entered: NewEntry {
            at: Instant(wire.at),
            actor,
            deed,
        },
    })
}

/// The place that bytes name, of whatever version they are.
pub(super) fn place_of(bytes: &[u8]) -> Option<u64> {
    #[derive(minicbor::Decode)]
    #[cbor(map)]
    struct Placed {
        #[n(1)]
        seq: u64,
    }
    minicbor::decode::<Placed>(bytes)
        .ok()
        .map(|placed| placed.seq)
}
