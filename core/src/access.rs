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
        /// Reads safeguarding concerns, and nobody else does.
        SafeguardingLead = 3,
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
        (Role::Facilitator | Role::SafeguardingLead, _, Room::Casework) => false,
        (
            Role::Facilitator | Role::SafeguardingLead,
            Action::Write,
            Room::Public | Room::Organisation,
        ) => false,
        // Everybody may raise a concern, and the lead alone reads it.
        (_, Action::Write, Room::Safeguarding) => true,
        (Role::SafeguardingLead, Action::Read, Room::Safeguarding) => true,
        (Role::Facilitator | Role::Coordinator, Action::Read, Room::Safeguarding) => false,
    }
}

/// Whether a role may record this. Some records are the coordinator's even in a shared stream.
pub fn may_record(role: Role, stream: Stream, body: &Body) -> bool {
    let coordinators_own = matches!(
        body,
        Body::ProgrammeOpened(_)
            | Body::SessionPlanned(_)
            | Body::EvaluationPlanned(_)
            | Body::StoryOfChangeWritten(_)
            | Body::QualityReviewed(_)
            | Body::PulseFlagSeen(_)
            | Body::FeedbackActedOn(_)
            | Body::MovedOn(_)
            | Body::WordsShared(_)
            | Body::MonitoringAnswered(_)
            | Body::WithdrawalSeenTo(_)
            | Body::ReportGivenOut(_)
            | Body::ScoredElsewhere(_)
            | Body::ReferralReceived(_)
            | Body::SetAsideSettled(_)
            | Body::ReferralSorted(_)
    );
    let leads_own = matches!(body, Body::LeadNamed(_) | Body::ConcernFollowed(_));
    // Whoever hands the tablet over brings in what a participant answered, and does not read it; and whoever
    // was there reports an accident. What came of it is the coordinator's to write.
    let brought_in = match body {
        Body::MeasureAnswered(_) => true,
        Body::AccidentReported(reported) => reported.is_open(),
        // What was brought in and erased since comes again to a server that was put back to a backup from
        // before. It says nothing.
        Body::Erased(_) => true,
        _ => false,
    } && stream.room() == Room::Casework;
    (decide(role, Action::Write, stream.room()) || brought_in)
        && (role == Role::Coordinator || !coordinators_own)
        && (role == Role::SafeguardingLead || !leads_own)
}

/// Whether a role sees which devices hold unsent records and what was set aside, and lets further
/// devices join.
pub const fn may_manage_devices(role: Role) -> bool {
    matches!(role, Role::Coordinator)
}

/// Whether somebody who manages devices may shut out one that is used in this role, and be told what it held.
///
/// A safeguarding lead's is shut out where it was let in, on the server's own command line: with its last copy
/// goes the key to what people wrote of concerns, and no coordinator decides about that.
pub const fn may_shut_out(by: Role, used_by: Role) -> bool {
    may_manage_devices(by) && !matches!(used_by, Role::SafeguardingLead)
}

#[cfg(test)]
mod tests;
