//! Enrolled devices on the wire, version 1.

use super::DeviceEnrolled;
use crate::access::Role;
use crate::event::{NotOurs, recorded_v1};
use crate::ids::StaffId;
use crate::text::Text;

wire_map! {
    struct DeviceEnrolledV1 {
        #[n(0)]
        device_name: String,
        #[n(1)]
        staff: u64,
        #[n(2)]
        staff_name: String,
        #[n(3)]
        role: u8,
    }
}

recorded_v1!(DeviceEnrolled, DeviceEnrolledV1);

impl From<&DeviceEnrolled> for DeviceEnrolledV1 {
    fn from(enrolled: &DeviceEnrolled) -> Self {
        Self {
            device_name: enrolled.device_name.to_string(),
            staff: enrolled.staff.0,
            staff_name: enrolled.staff_name.to_string(),
            role: enrolled.role.code(),
        }
    }
}

impl TryFrom<DeviceEnrolledV1> for DeviceEnrolled {
    type Error = NotOurs;

    fn try_from(wire: DeviceEnrolledV1) -> Result<Self, NotOurs> {
        Ok(Self {
            device_name: Text::required_from_wire(&wire.device_name)?,
            staff: StaffId(wire.staff),
            staff_name: Text::required_from_wire(&wire.staff_name)?,
            role: Role::from_code(wire.role).ok_or(NotOurs)?,
        })
    }
}
