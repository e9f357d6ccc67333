use super::*;
use crate::records::testing::{PROGRAMME, meet, text, two_tablets};

#[test]
fn others_learn_who_records_on_a_tablet_and_what_it_is_called_now() {
    let (mut one, mut other) = two_tablets();
    let enrolled = |name: &str| DeviceEnrolled {
        device_name: text(name),
        staff: StaffId(9),
        staff_name: text("Tom"),
        role: Role::Facilitator,
    };
    let first = one.record(introduce(PROGRAMME, enrolled("Tablet")));
    one.now += 1_000;
    one.record(introduce(PROGRAMME, enrolled("Blue tablet")));
    meet(&mut one, &mut other);
    let device = other.delivery().device(first.device).unwrap();
    assert_eq!(device.device_name, text("Blue tablet"));
    assert_eq!(other.delivery().staff_name(StaffId(9)), Some("Tom"));
    assert_eq!(other.delivery().staff_name(StaffId(8)), None);
}
