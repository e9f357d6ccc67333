//! The people who record, and the devices they record on.

#[cfg(test)]
mod tests;
mod wire;

use crate::access::Role;
use crate::event::Draft;
use crate::ids::{ProgrammeId, StaffId};
use crate::stream::Stream;
use crate::text::Line;

/// A device and the person using it joined a programme. The device is the event's author.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceEnrolled {
    /// What the device is called: "Blue tablet".
    pub device_name: Line,
    /// The person using it.
    pub staff: StaffId,
    /// Their name.
    pub staff_name: Line,
    /// What they do.
    pub role: Role,
}

/// Tells the others who is recording on this device.
pub fn introduce(programme: ProgrammeId, enrolled: DeviceEnrolled) -> Draft {
    Draft {
        stream: Stream::Delivery(programme),
        supersedes: Vec::new(),
        body: enrolled.into(),
    }
}
