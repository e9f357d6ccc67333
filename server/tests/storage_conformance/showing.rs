//! What devices show with their requests, and how it changes.

use wellfield_core::access::Role;
use wellfield_core::audit::Deed;
use wellfield_core::clock::Instant;
use wellfield_core::device_key::KeyHash;
use wellfield_core::ids::StaffId;
use wellfield_core::sync::DeviceProof;
use wellfield_server::enrolment::TokenHash;
use wellfield_server::storage::{CredentialChange, RenewRefused, Showing, Storage, StorageError};

use crate::common::{START, signing};
use crate::place::{Place, Tablet};

const SECOND: TokenHash = TokenHash([201; 32]);
const THIRD: TokenHash = TokenHash([202; 32]);
const LATER: Instant = Instant(START.0 + 5_000);

fn change(tablet: &Tablet, next: TokenHash) -> CredentialChange {
    CredentialChange {
        device: tablet.device,
        next,
        public_key: None,
        now: LATER,
    }
}

fn showing(place: &Place, storage: &dyn Storage, shown: TokenHash) -> Option<Showing> {
    place.wait(storage.showing(shown)).unwrap()
}

fn proof(place: &Place, storage: &dyn Storage, shown: TokenHash) -> DeviceProof {
    showing(place, storage, shown).unwrap().proof.unwrap()
}

pub fn what_a_device_shows_changes_when_the_next_is_used(place: &Place) {
    let storage = place.with_programme();
    let tablet = place.tablet(&*storage, Role::Facilitator);
    let other = place.tablet(&*storage, Role::Coordinator);
    let joined = showing(place, &*storage, tablet.token).unwrap();
    assert_eq!(joined.caller.standing.device, tablet.device);
    assert_eq!(joined.key, tablet.token);
    let begun = DeviceProof::begin(signing::public_key(), KeyHash(tablet.token.0), START);
    assert_eq!(joined.proof, Some(begun));
    assert_eq!(showing(place, &*storage, SECOND), None);

    // However often it asks, the next one is known and nothing else has changed.
    for _ in 0..2 {
        place
            .wait(storage.change_credential(change(&tablet, SECOND)))
            .unwrap();
        let asked = proof(place, &*storage, tablet.token).credential;
        assert_eq!(
            (asked.shown, asked.next),
            (begun.credential.shown, Some(KeyHash(SECOND.0)))
        );
        assert_eq!(showing(place, &*storage, SECOND).unwrap().key, tablet.token);
    }
    for _ in 0..2 {
        place
            .wait(storage.turn_over(tablet.device, SECOND, LATER))
            .unwrap();
        let changed = proof(place, &*storage, SECOND).credential;
        let expected = (KeyHash(SECOND.0), None, Some(begun.credential.shown), LATER);
        assert_eq!(
            (
                changed.shown,
                changed.next,
                changed.before,
                changed.changed_at
            ),
            expected
        );
    }
    // What it showed before is known for what it is, and its key is what pushes go by.
    assert_eq!(
        proof(place, &*storage, tablet.token),
        proof(place, &*storage, SECOND)
    );
    let events = tablet.clone().notes(1);
    place.push(&*storage, &tablet, 1, &events).unwrap();
    assert!(
        proof(place, &*storage, other.token)
            .credential
            .before
            .is_none()
    );
    // And all of it is there afterwards.
    let again = place.open();
    assert_eq!(
        proof(place, &*again, SECOND),
        proof(place, &*storage, SECOND)
    );
}

pub fn a_device_keeps_the_key_that_it_brought(place: &Place) {
    let storage = place.with_programme();
    let tablet = place.tablet(&*storage, Role::Facilitator);
    let with = |public_key, next| {
        let change = CredentialChange {
            public_key,
            ..change(&tablet, next)
        };
        match place.wait(storage.change_credential(change)) {
            Ok(()) => Ok(()),
            Err(StorageError::Refused(refused)) => Err(refused),
            Err(StorageError::Unavailable(unavailable)) => panic!("{unavailable}"),
        }
    };
    assert_eq!(with(Some([5; 65]), SECOND), Err(RenewRefused::Taken));
    assert_eq!(with(Some(signing::public_key()), SECOND), Ok(()));
    // One that joined before devices signed has none until it brings one.
    place.sql("DELETE FROM device_proof");
    let known = showing(place, &*storage, tablet.token).unwrap();
    assert_eq!((known.key, known.proof), (tablet.token, None));
    assert_eq!(with(None, THIRD), Err(RenewRefused::NoKey));
    assert_eq!(with(Some(signing::public_key()), THIRD), Ok(()));
    let brought = proof(place, &*storage, tablet.token);
    assert_eq!(brought.public_key, signing::public_key());
    assert_eq!(brought.credential.next, Some(KeyHash(THIRD.0)));
}

pub fn an_old_one_that_is_shown_is_entered_once(place: &Place) {
    let storage = place.with_programme();
    let tablet = place.tablet(&*storage, Role::Facilitator);
    let entered = || {
        let entries = place.audit(&*storage);
        let is_old =
            |deed: &&Deed| matches!(deed, Deed::OldKeyShown { device } if *device == tablet.device);
        entries.iter().map(|(_, deed)| deed).filter(is_old).count()
    };
    for (round, next) in [SECOND, THIRD].into_iter().enumerate() {
        place
            .wait(storage.change_credential(change(&tablet, next)))
            .unwrap();
        place
            .wait(storage.turn_over(tablet.device, next, LATER))
            .unwrap();
        for _ in 0..3 {
            place.wait(storage.note_old(tablet.device, LATER)).unwrap();
            assert_eq!(entered(), round + 1);
        }
    }
}

pub fn a_device_that_joins_again_shows_its_new_key(place: &Place) {
    let storage = place.with_programme();
    let code = place.code(&*storage, Role::Facilitator);
    let (_, lost) = place.enrol(&*storage, code, StaffId(1), START).unwrap();
    let (_, token) = place.enrol(&*storage, code, StaffId(1), LATER).unwrap();
    assert_eq!(showing(place, &*storage, lost), None);
    let again = DeviceProof::begin(signing::public_key(), KeyHash(token.0), LATER);
    assert_eq!(proof(place, &*storage, token), again);
}
