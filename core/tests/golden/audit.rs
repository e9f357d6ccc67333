//! What lies in the database and beside it: entries of the audit, and the ledger of erasures.

use wellfield_core::access::Role;
use wellfield_core::audit::{Actor, Deed, Entry, NewEntry, What, decode_entry, encode_entry};
use wellfield_core::clock::Instant;
use wellfield_core::erasure::Subject;
use wellfield_core::ids::{AccountId, DeviceId, PersonId, ProgrammeId, ReferralId};
use wellfield_core::restore::ledger::{Erasure, encode_erasure, read_ledger};

use super::fixture::Case;

fn deeds() -> Vec<Deed> {
    let account = AccountId(0xFEDC_BA98_7654_3210);
    let (device, programme) = (DeviceId(2), ProgrammeId(u64::MAX));
    let role = Role::Coordinator;
    vec![
        Deed::DeviceEnrolled { device },
        Deed::DeviceRevoked { device },
        Deed::CodeMade { programme, role },
        Deed::Exported {
            programme,
            records: 0,
        },
        Deed::SafetyCopyTakenIn { device, records: 3 },
        Deed::SetAsideRead { records: u64::MAX },
        Deed::ConcernsRead { records: 3 },
        Deed::BackedUp,
        Deed::Restored { erased: 0 },
        Deed::KeyChanged,
        Deed::Erased { records: 14 },
        Deed::SubjectAccess { records: 14 },
        Deed::ComplaintReceived { day: 20_600 },
        Deed::ComplaintAcknowledged { complaint: 3 },
        Deed::ComplaintAnswered { complaint: 3 },
        Deed::AccountInvited { account },
        Deed::SignInSetUp { account },
        Deed::SignedIn { account },
        Deed::AccountClosed { account },
        Deed::OldKeyShown { device },
    ]
}

#[test]
fn the_fixtures_show_every_deed() {
    assert_eq!(deeds().len(), What::ALL.len());
}

fn entry(name: &str, actor: Actor, deed: Deed) -> Case {
    let entry = Entry {
        seq: 1,
        entered: NewEntry {
            at: Instant(1_750_000_000_000),
            actor,
            deed,
        },
    };
    Case {
        name: format!("audit-v1-{name}"),
        bytes: encode_entry(&entry),
        reads_back: Box::new(move |bytes| decode_entry(bytes) == Ok(entry)),
        rewrite: |bytes| decode_entry(bytes).ok().map(|entry| encode_entry(&entry)),
    }
}

/// A ledger of one entry. Of more, a part reads as a ledger too, and so does nothing at all.
fn ledger(name: &str, erasure: Erasure) -> Case {
    Case {
        name: name.to_owned(),
        bytes: encode_erasure(&erasure),
        reads_back: Box::new(move |bytes| read_ledger(bytes) == Ok(vec![erasure])),
        rewrite: |bytes| match &read_ledger(bytes).ok()?[..] {
            [] => None,
            erasures => Some(erasures.iter().flat_map(encode_erasure).collect()),
        },
    }
}

pub(crate) fn cases() -> Vec<Case> {
    let mut cases: Vec<_> = deeds()
        .into_iter()
        .map(|deed| entry(deed.name(), Actor::CommandLine, deed))
        .collect();
    let device = Actor::Device(DeviceId(7));
    cases.push(entry("by-a-device", device, Deed::BackedUp));
    let account = Actor::Account(AccountId(u64::MAX));
    cases.push(entry("by-an-account", account, Deed::BackedUp));
    cases.push(entry("by-nobody", Actor::Nobody, Deed::BackedUp));
    cases.push(ledger(
        "erasures-v1",
        Erasure {
            kind: u16::MAX,
            at: Instant(1_750_000_000_000),
            subject: u64::MAX,
        },
    ));
    let at = Instant(1_750_000_000_000);
    let person = Subject::Person(PersonId(0xFEDC_BA98_7654_3210));
    cases.push(ledger("erasures-v1-person", Erasure::of(person, at)));
    let referral = Subject::Referral(ReferralId(u128::MAX));
    cases.push(ledger("erasures-v1-referral", Erasure::of(referral, at)));
    cases
}
