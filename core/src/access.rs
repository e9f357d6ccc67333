//! Who may do what. A role on a device is a set of streams; a role on the server's pages is a few things.
//!
//! The decision stands here once; the server asks it for each request, the client asks it for what to show.

use crate::event::Body;
use crate::stream::{Room, Stream};

coded_enum! {
    /// What somebody does here who has a device.
    pub enum Role {
        /// Runs sessions on a tablet in the field.
        Facilitator = 1,
        /// Runs the programme: also sees referrals, flags and devices.
        Coordinator = 2,
        /// Reads safeguarding concerns, and nobody else does.
        SafeguardingLead = 3,
    }
}

coded_enum! {
    /// What somebody does who signs in on the server's pages and has no device here.
    pub enum DeskRole {
        /// Refers people from a surgery, and follows what becomes of them.
        LinkWorker = 1,
        /// Answers for data protection: reads the audit and deals with complaints.
        DataProtectionLead = 2,
        /// Says who signs in. Reads nothing about participants.
        Administrator = 3,
    }
}

/// Whoever asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    /// Anybody.
    Public,
    /// Somebody who has a link to questions on their own phone.
    Participant,
    /// Whoever holds a device that is used in this role.
    Device(Role),
    /// Somebody who signed in on the server's pages.
    Desk(DeskRole),
}

impl From<Role> for Actor {
    fn from(role: Role) -> Self {
        Self::Device(role)
    }
}

impl From<DeskRole> for Actor {
    fn from(role: DeskRole) -> Self {
        Self::Desk(role)
    }
}

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// To read it.
    Read,
    /// To add to it, or to change it.
    Write,
}

/// What something is done to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resource {
    /// The records of a room.
    Room(Room),
    /// Somebody's own asking for a place.
    SelfReferral,
    /// The questions of a link, and the answers to them.
    OwnAnswers,
    /// A referral that whoever asks made for somebody, and what became of it.
    OwnReferral,
    /// One that somebody else made.
    OthersReferral,
    /// Which devices hold unsent records and what was set aside; letting devices in and shutting them out.
    Devices,
    /// Who signs in on the server's pages.
    Accounts,
    /// The audit.
    Audit,
    /// Complaints about data protection.
    Complaints,
}

impl From<Room> for Resource {
    fn from(room: Room) -> Self {
        Self::Room(room)
    }
}

/// Whether somebody may do something. Belonging to the programme is checked by the caller, who knows the
/// programmes that a device or an account was let into.
pub const fn decide(actor: Actor, action: Action, resource: Resource) -> bool {
    match (actor, action, resource) {
        // What stands in the window of the shop, and the letter box below it.
        (_, Action::Read, Resource::Room(Room::Public))
        | (_, Action::Write, Resource::SelfReferral) => true,
        (Actor::Public, _, _) => false,
        (Actor::Participant, _, resource) => matches!(resource, Resource::OwnAnswers),
        (Actor::Device(role), action, Resource::Room(room)) => in_room(role, action, room),
        (Actor::Device(role), _, resource) => {
            matches!((role, resource), (Role::Coordinator, Resource::Devices))
        }
        (Actor::Desk(role), action, resource) => matches!(
            (role, action, resource),
            (DeskRole::LinkWorker, _, Resource::OwnReferral)
                | (DeskRole::DataProtectionLead, Action::Read, Resource::Audit)
                | (DeskRole::DataProtectionLead, _, Resource::Complaints)
                | (DeskRole::Administrator, _, Resource::Accounts)
        ),
    }
}

/// Whether a role on a device may read or add to a room.
const fn in_room(role: Role, action: Action, room: Room) -> bool {
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
            | Body::ReferralAnswered(_)
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
    (in_room(role, Action::Write, stream.room()) || brought_in)
        && (matches!(role, Role::Coordinator) || !coordinators_own)
        && (matches!(role, Role::SafeguardingLead) || !leads_own)
}

/// Whether a role sees which devices hold unsent records and what was set aside, and lets further
/// devices join.
pub const fn may_manage_devices(role: Role) -> bool {
    decide(Actor::Device(role), Action::Write, Resource::Devices)
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
