//! Codes, and the devices that join with them.

use wellfield_core::access::Role;
use wellfield_core::audit::Actor;
use wellfield_core::clock::Instant;
use wellfield_core::ids::{DeviceId, StaffId};
use wellfield_server::enrolment::{CodeHash, TokenHash};
use wellfield_server::storage::{CodeRefused, EnrolRefused, NewCode, RevokeRefused, StorageError};

use crate::common::{PROGRAMME, START};
use crate::place::{OTHER_PROGRAMME, Place, enrolment};

const TOO_LATE: Instant = Instant(START.0 + 60_000);

pub fn a_code_lets_one_device_in_until_it_is_too_old(place: &Place) {
    let storage = place.with_programme();
    let wrong = place.enrol(&*storage, CodeHash([3; 32]), StaffId(1), START);
    assert!(matches!(
        wrong,
        Err(StorageError::Refused(EnrolRefused::WrongCode))
    ));
    let code = place.code(&*storage, Role::Coordinator);
    let late = place.enrol(&*storage, code, StaffId(1), TOO_LATE);
    assert!(matches!(
        late,
        Err(StorageError::Refused(EnrolRefused::SpentCode))
    ));
    let just = Instant(TOO_LATE.0 - 1);
    let (first, token) = place.enrol(&*storage, code, StaffId(1), just).unwrap();
    assert_eq!(first.device, DeviceId(2), "number 1 is the server itself");
    assert_eq!(
        (first.role, first.programmes.as_slice()),
        (Role::Coordinator, [PROGRAMME].as_slice())
    );
    let caller = place.wait(storage.caller(token)).unwrap().unwrap();
    assert_eq!(
        (
            caller.standing.device,
            caller.standing.role,
            caller.last_seen
        ),
        (first.device, Role::Coordinator, Some(just))
    );
    let somebody_else = place.enrol(&*storage, code, StaffId(2), START);
    assert!(matches!(
        somebody_else,
        Err(StorageError::Refused(EnrolRefused::SpentCode))
    ));
}

pub fn the_same_device_may_ask_again_until_it_has_sent_something(place: &Place) {
    let storage = place.with_programme();
    let code = place.code(&*storage, Role::Facilitator);
    let (first, lost) = place.enrol(&*storage, code, StaffId(1), START).unwrap();
    let (second, token) = place.enrol(&*storage, code, StaffId(1), START).unwrap();
    assert_eq!(second, first);
    assert_eq!(
        place.wait(storage.caller(lost)).unwrap(),
        None,
        "the new key takes the place of the old one"
    );
    let mut tablet = crate::place::Tablet {
        device: second.device,
        token,
        next_n: 1,
    };
    let events = tablet.notes(1);
    place.push(&*storage, &tablet, 1, &events).unwrap();
    let again = place.enrol(&*storage, code, StaffId(1), START);
    assert!(matches!(
        again,
        Err(StorageError::Refused(EnrolRefused::SpentCode))
    ));
    // One that was shut out does not come in again either.
    let code = place.code(&*storage, Role::Facilitator);
    let (other, _) = place.enrol(&*storage, code, StaffId(1), START).unwrap();
    place.revoke(&*storage, other.device).unwrap();
    assert!(place.enrol(&*storage, code, StaffId(1), START).is_err());
}

pub fn two_devices_with_one_code_at_once_and_one_is_let_in(place: &Place) {
    const ROUNDS: u8 = 10;
    let servers = [place.with_programme(), place.open()];
    for round in 0..ROUNDS {
        let code = place.code(&*servers[0], Role::Facilitator);
        let asked = servers.iter().zip(1..).map(|(server, number)| {
            let token = TokenHash([100 + round * 2 + number; 32]);
            server.enrol(enrolment(code, StaffId(u64::from(number)), token, START))
        });
        let answers = place.wait(futures::future::join_all(asked));
        let let_in = answers.iter().filter(|answer| answer.is_ok()).count();
        assert_eq!(let_in, 1, "{answers:?}");
        assert!(
            answers.iter().any(|answer| matches!(
                answer,
                Err(StorageError::Refused(EnrolRefused::SpentCode))
            ))
        );
    }
    let overview = place.wait(servers[0].overview()).unwrap();
    assert_eq!(overview.devices.len(), usize::from(ROUNDS));
}

pub fn a_code_needs_a_programme(place: &Place) {
    let storage = place.with_programme();
    let refused = place.wait(storage.create_code(NewCode {
        code: CodeHash([4; 32]),
        role: Role::Facilitator,
        programme: OTHER_PROGRAMME,
        expires_at: TOO_LATE,
        by: Actor::CommandLine,
        now: START,
    }));
    assert!(matches!(
        refused,
        Err(StorageError::Refused(CodeRefused::NoProgramme))
    ));
}

pub fn only_a_device_that_is_there_can_be_revoked(place: &Place) {
    let storage = place.with_programme();
    for nobody in [DeviceId::SERVER, DeviceId(2), DeviceId(u32::MAX)] {
        assert!(matches!(
            place.revoke(&*storage, nobody),
            Err(StorageError::Refused(RevokeRefused::NoDevice))
        ));
    }
    let mut tablet = place.tablet(&*storage, Role::Facilitator);
    for _ in 0..2 {
        place.revoke(&*storage, tablet.device).unwrap();
    }
    let events = tablet.notes(1);
    assert!(
        place
            .push(&*storage, &tablet, 1, &events)
            .unwrap()
            .taken_out
    );
}

pub fn the_key_of_a_device_is_found_by_its_number(place: &Place) {
    let storage = place.with_programme();
    let code = place.code(&*storage, Role::Facilitator);
    let (enrolled, token) = place.enrol(&*storage, code, StaffId(1), START).unwrap();
    let key_of = |device| place.wait(storage.key_of(device)).unwrap();
    assert_eq!(key_of(enrolled.device), Some(token));
    assert_eq!(key_of(DeviceId::SERVER), None, "the server shows no key");
    assert_eq!(key_of(DeviceId(99)), None);
}
