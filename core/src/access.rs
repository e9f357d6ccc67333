//! Who may read and write what: a role is a set of streams.
//!
//! The decision stands here once; the server asks it for each stream of each request, the client
//! asks it for what to show.

use crate::event::Body;
use crate::stream::{Room, Stream};

coded_enum! {
    /// What somebody does here.
    pub enum Role {
        /// Runs sessions on a tablet in the field.
        Facilitator = 1,
        /// Runs the programme: also sees referrals, flags and devices.
        Coordinator = 2,
    }
}

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// To read a stream.
    Read,
    /// To add to a stream.
    Write,
}

/// Whether a role may read or add to a stream. Belonging to the programme is checked by the caller,
/// who knows the programmes that a device was enrolled for.
pub const fn decide(role: Role, action: Action, room: Room) -> bool {
    match (role, action, room) {
        (_, Action::Read, Room::Public | Room::Organisation | Room::Delivery) => true,
        (_, Action::Write, Room::Delivery) => true,
        (Role::Coordinator, _, Room::Casework) => true,
        (Role::Coordinator, Action::Write, Room::Public | Room::Organisation) => true,
        (Role::Facilitator, _, Room::Casework) => false,
        (Role::Facilitator, Action::Write, Room::Public | Room::Organisation) => false,
        (_, _, Room::Safeguarding) => false,
    }
}

/// Whether a role may record this. Some records are the coordinator's even in a shared stream.
pub fn may_record(role: Role, stream: Stream, body: &Body) -> bool {
    let coordinators_own = matches!(
        body,
        Body::ProgrammeOpened(_)
            | Body::SessionPlanned(_)
            | Body::PulseFlagSeen(_)
            | Body::ReferralReceived(_)
    );
    decide(role, Action::Write, stream.room()) && (role == Role::Coordinator || !coordinators_own)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_facilitator_sees_no_casework_and_nobody_reads_concerns_here() {
        for action in [Action::Read, Action::Write] {
            assert!(!decide(Role::Facilitator, action, Room::Casework));
            for role in Role::ALL {
                assert!(!decide(*role, action, Room::Safeguarding));
            }
        }
        assert!(decide(Role::Coordinator, Action::Read, Room::Casework));
        assert!(!decide(Role::Facilitator, Action::Write, Room::Public));
    }
}
