//! The audit, and the numbers from which a restored server goes on.

use wellfield_core::access::Role;
use wellfield_core::audit::{Actor, Broken, Deed, Fault, NewEntry, Untrue, judge};
use wellfield_core::ids::{DeviceId, StaffId};
use wellfield_core::restore::Renewal;
use wellfield_core::stream::Stream;
use wellfield_server::storage::{
    Carrier, PageRefused, PageWanted, Reader, Restoration, StorageError,
};

use crate::common::{AUDIT_KEY, PROGRAMME, START, note};
use crate::own::submission;
use crate::place::{DELIVERY, OTHER_PROGRAMME, Place, draft};
use crate::servers::{said, wellfield};

fn entry(deed: Deed) -> NewEntry {
    NewEntry {
        at: START,
        actor: Actor::CommandLine,
        deed,
    }
}

pub fn what_concerns_others_is_entered_with_who_did_it(place: &Place) {
    let storage = place.with_programme();
    assert_eq!(
        place.audit(&*storage),
        [],
        "the server's own records are not"
    );
    let mut tablet = place.tablet(&*storage, Role::Facilitator);
    let events = tablet.notes(2);
    place.push(&*storage, &tablet, 1, &events[..1]).unwrap();
    let by = Actor::Device(DeviceId(9));
    for _ in 0..2 {
        let mut brought = tablet.request(1, &events);
        brought.carrier = Carrier::SafetyCopy(by);
        place.wait(storage.push(brought)).unwrap();
    }
    place.revoke(&*storage, tablet.device).unwrap();
    place.wait(storage.enter(entry(Deed::BackedUp))).unwrap();
    let device = tablet.device;
    let (programme, role) = (PROGRAMME, Role::Facilitator);
    let taken_in = (by, Deed::SafetyCopyTakenIn { device, records: 2 });
    let said = [
        (Actor::CommandLine, Deed::CodeMade { programme, role }),
        (Actor::Device(device), Deed::DeviceEnrolled { device }),
        taken_in,
        taken_in,
        (Actor::CommandLine, Deed::DeviceRevoked { device }),
        (Actor::CommandLine, Deed::BackedUp),
    ];
    assert_eq!(place.audit(&*storage), said);
    assert_eq!(place.audit(&*place.open()), said, "and is there afterwards");
}

pub fn what_is_refused_is_not_entered_and_what_is_not_entered_is_not_done(place: &Place) {
    let storage = place.with_programme();
    let tablet = place.tablet(&*storage, Role::Facilitator);
    let before = place.audit(&*storage);
    assert!(place.revoke(&*storage, DeviceId(99)).is_err());
    let mut gap = tablet.request(7, &[]);
    gap.carrier = Carrier::SafetyCopy(Actor::CommandLine);
    assert!(place.wait(storage.push(gap)).is_err());
    assert_eq!(place.audit(&*storage), before);
    // There is no room for an entry, so what it would tell of does not happen either.
    place.sql("ALTER TABLE audit RENAME TO away");
    let refused = place.revoke(&*storage, tablet.device);
    assert!(matches!(refused, Err(StorageError::Unavailable(_))));
    place.sql("ALTER TABLE away RENAME TO audit");
    let caller = place.wait(storage.caller(tablet.token)).unwrap().unwrap();
    assert!(!caller.standing.revoked);
    assert_eq!(place.audit(&*storage), before);
}

pub fn two_servers_that_enter_at_once_keep_one_chain(place: &Place) {
    const EACH: u64 = 40;
    let servers = [place.with_programme(), place.open()];
    let entered = (0..EACH).flat_map(|number| {
        let records = number;
        servers
            .iter()
            .map(move |server| server.enter(entry(Deed::SetAsideRead { records })))
    });
    for entered in place.wait(futures::future::join_all(entered)) {
        entered.unwrap();
    }
    let said = place.audit(&*servers[0]);
    assert_eq!(said.len() as u64, 2 * EACH);
    for records in 0..EACH {
        let one = (Actor::CommandLine, Deed::SetAsideRead { records });
        assert_eq!(said.iter().filter(|entry| **entry == one).count(), 2);
    }
}

pub fn what_was_changed_in_the_database_is_found(place: &Place) {
    let storage = place.with_programme();
    for records in 1..=4 {
        let entered = storage.enter(entry(Deed::SetAsideRead { records }));
        place.wait(entered).unwrap();
    }
    let found = || {
        let audit = place.wait(storage.audit()).unwrap();
        judge(&audit.links, audit.signed.as_ref(), &AUDIT_KEY, None).err()
    };
    assert_eq!(found(), None);
    let broken = |at, fault| Some(Untrue::Broken(Broken { at, fault }));
    let swap = "UPDATE audit SET seq = 9 WHERE seq = 2; UPDATE audit SET seq = 2 WHERE seq = 3;
                UPDATE audit SET seq = 3 WHERE seq = 9";
    place.sql(swap);
    assert_eq!(found(), broken(2, Fault::Misplaced));
    place.sql(swap);
    let copy = "UPDATE audit SET hash = (SELECT hash FROM audit WHERE seq = 1) WHERE seq = 3";
    place.sql("CREATE TABLE kept AS SELECT * FROM audit");
    place.sql(copy);
    assert_eq!(found(), broken(3, Fault::Changed));
    place.sql("DELETE FROM audit WHERE seq = 3");
    assert_eq!(found(), broken(3, Fault::Misplaced));
    place.sql("INSERT INTO audit SELECT * FROM kept WHERE seq = 3");
    assert_eq!(found(), None);
    place.sql("DELETE FROM audit WHERE seq = 4");
    let (entries, signed) = (3, 4);
    assert_eq!(found(), Some(Untrue::OtherEnd { entries, signed }));
    place.sql("UPDATE audit_head SET seq = 3, hash = (SELECT hash FROM audit WHERE seq = 3)");
    assert_eq!(found(), Some(Untrue::OtherKey), "nobody signed that");
}

pub fn after_a_restore_no_number_is_given_out_that_was_given_out_before(place: &Place) {
    let storage = place.with_programme();
    let mut tablet = place.tablet(&*storage, Role::Facilitator);
    let events = tablet.notes(3);
    place.push(&*storage, &tablet, 1, &events[..2]).unwrap();
    let [never_used, unknown] = [
        Stream::Casework(PROGRAMME),
        Stream::Delivery(OTHER_PROGRAMME),
    ];
    let renewal = Renewal::draw([7; 16], &[1]).unwrap();
    let restored = Deed::Restored { erased: 0 };
    let restoration = Restoration {
        renewal,
        entry: entry(restored),
    };
    place.wait(storage.renew(restoration)).unwrap();
    let heads = place
        .wait(storage.heads(vec![DELIVERY, never_used, unknown]))
        .unwrap();
    let stand: Vec<_> = heads.iter().map(|head| (head.epoch, head.head)).collect();
    assert_eq!(stand, [3, 0, 0].map(|head| (renewal.epoch, head)));
    let old = place.wait(storage.page(PageWanted {
        reader: Reader::Of(vec![DELIVERY, Stream::Casework(PROGRAMME)]),
        stream: DELIVERY,
        epoch: Some(1),
        after: 3,
        limit: 10,
    }));
    assert!(matches!(
        old,
        Err(StorageError::Refused(PageRefused::EpochChanged))
    ));
    // What the devices hold they send on from where the server is.
    place.push(&*storage, &tablet, 3, &events[2..]).unwrap();
    assert_eq!(place.delivered(&*storage), events);
    // A stream that is opened now has the new epoch too, and the server's records other places.
    place.wait(storage.submit(submission(5))).unwrap();
    let received = place.read(&*storage, never_used);
    let [received] = &received[..] else {
        panic!("{received:?}")
    };
    assert!(received.event().unwrap().id.n > renewal.places_left_out);
    let [head] = place.wait(storage.heads(vec![never_used])).unwrap()[..] else {
        panic!("one head")
    };
    assert_eq!((head.epoch, head.head), (renewal.epoch, 1));
    let code = place.code(&*storage, Role::Coordinator);
    let (next, _) = place.enrol(&*storage, code, StaffId(9), START).unwrap();
    assert!(next.device.0 > tablet.device.0 + renewal.devices_left_out);
    place.append(&*storage, vec![draft(DELIVERY, note("after"))]);
    assert_eq!(place.audit(&*storage)[2], (Actor::CommandLine, restored));
}

pub fn what_was_put_back_by_other_means_is_made_ready_on_the_command_line(place: &Place) {
    let storage = place.with_programme();
    place.tablet(&*storage, Role::Facilitator);
    for _ in 0..2 {
        let [before] = place.wait(storage.heads(vec![DELIVERY])).unwrap()[..] else {
            panic!("one head")
        };
        said(&wellfield(place, &["restore", "--after"]).output().unwrap());
        let [after] = place.wait(storage.heads(vec![DELIVERY])).unwrap()[..] else {
            panic!("one head")
        };
        assert_ne!(after.epoch, before.epoch);
        assert_eq!(after.head, before.head);
    }
    let restored = (Actor::CommandLine, Deed::Restored { erased: 0 });
    assert_eq!(place.audit(&*storage)[2..], [restored; 2]);
    said(&wellfield(place, &["audit", "verify"]).output().unwrap());
}
