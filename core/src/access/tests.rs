use super::*;
use crate::accidents::{self, AccidentReported, Affected, Care, Followed};
use crate::erasure::Erased;
use crate::evaluation::{EvaluationPlanned, MeasuresAsked, Outcome, Questions, Size};
use crate::event::{Kind, Unread, UnreadBody};
use crate::ids::{
    AccidentId, ConcernId, DeviceId, EventId, PersonId, ProgrammeId, ResponseId, SessionId, StaffId,
};
use crate::measures::Moment;
use crate::notes::SessionNoted;
use crate::programme::{ProgrammeOpened, SessionPlanned};
use crate::pulse::PulseFlagSeen;
use crate::records::testing::{PROGRAMME, answered_ons4, enrolled, june, text, time};
use crate::safeguarding::{ConcernFollowed, ConcernRaised, LeadNamed};
use crate::set_aside::{Decision, SetAsideSettled};
use crate::staff::DeviceEnrolled;
use crate::vault::SealingKey;

use Action::{Read, Write};
use DeskRole::{Administrator, DataProtectionLead, LinkWorker};
use Role::{Coordinator, Facilitator, SafeguardingLead};
use Room::{Casework, Delivery, Organisation, Public, Safeguarding};

/// Who may do what where. Every combination stands here.
const MATRIX: &[(Role, Action, Room, bool)] = &[
    (Facilitator, Read, Public, true),
    (Facilitator, Read, Organisation, true),
    (Facilitator, Read, Safeguarding, false),
    (Facilitator, Read, Delivery, true),
    (Facilitator, Read, Casework, false),
    (Facilitator, Write, Public, false),
    (Facilitator, Write, Organisation, false),
    (Facilitator, Write, Safeguarding, true),
    (Facilitator, Write, Delivery, true),
    (Facilitator, Write, Casework, false),
    (Coordinator, Read, Public, true),
    (Coordinator, Read, Organisation, true),
    (Coordinator, Read, Safeguarding, false),
    (Coordinator, Read, Delivery, true),
    (Coordinator, Read, Casework, true),
    (Coordinator, Write, Public, true),
    (Coordinator, Write, Organisation, true),
    (Coordinator, Write, Safeguarding, true),
    (Coordinator, Write, Delivery, true),
    (Coordinator, Write, Casework, true),
    (SafeguardingLead, Read, Public, true),
    (SafeguardingLead, Read, Organisation, true),
    (SafeguardingLead, Read, Safeguarding, true),
    (SafeguardingLead, Read, Delivery, true),
    (SafeguardingLead, Read, Casework, false),
    (SafeguardingLead, Write, Public, false),
    (SafeguardingLead, Write, Organisation, false),
    (SafeguardingLead, Write, Safeguarding, true),
    (SafeguardingLead, Write, Delivery, true),
    (SafeguardingLead, Write, Casework, false),
];

#[test]
fn each_role_may_do_what_the_table_says_and_nothing_else() {
    for (role, action, room, expected) in MATRIX {
        let decided = decide((*role).into(), *action, (*room).into());
        assert_eq!(decided, *expected, "{role:?} {action:?} {room:?}");
    }
}

#[test]
fn the_table_leaves_no_combination_out() {
    let rooms = [Public, Organisation, Safeguarding, Delivery, Casework];
    let mut missing = Vec::new();
    for role in Role::ALL {
        for action in [Read, Write] {
            for room in rooms {
                let stands = |row: &&(Role, Action, Room, bool)| {
                    row.0 == *role && row.1 == action && row.2 == room
                };
                if MATRIX.iter().filter(stands).count() != 1 {
                    missing.push((role, action, room));
                }
            }
        }
    }
    assert!(missing.is_empty(), "{missing:?}");
}

/// A thing, whether it may be read, and whether it may be added to or changed.
type Row = (Resource, bool, bool);

/// Who may do what besides rooms. Every combination of an asker and a thing stands here: may they read it, may
/// they add to it or change it.
const BESIDE_ROOMS: &[(Actor, &[Row])] = &[
    (
        Actor::Public,
        &[
            (Resource::SelfReferral, false, true),
            (Resource::OwnAnswers, false, false),
            (Resource::OwnReferral, false, false),
            (Resource::OthersReferral, false, false),
            (Resource::Devices, false, false),
            (Resource::Accounts, false, false),
            (Resource::Audit, false, false),
            (Resource::Complaints, false, false),
        ],
    ),
    (
        Actor::Participant,
        &[
            (Resource::SelfReferral, false, true),
            (Resource::OwnAnswers, true, true),
            (Resource::OwnReferral, false, false),
            (Resource::OthersReferral, false, false),
            (Resource::Devices, false, false),
            (Resource::Accounts, false, false),
            (Resource::Audit, false, false),
            (Resource::Complaints, false, false),
        ],
    ),
    (
        Actor::Device(Facilitator),
        &[
            (Resource::SelfReferral, false, true),
            (Resource::OwnAnswers, false, false),
            (Resource::OwnReferral, false, false),
            (Resource::OthersReferral, false, false),
            (Resource::Devices, false, false),
            (Resource::Accounts, false, false),
            (Resource::Audit, false, false),
            (Resource::Complaints, false, false),
        ],
    ),
    (
        Actor::Device(Coordinator),
        &[
            (Resource::SelfReferral, false, true),
            (Resource::OwnAnswers, false, false),
            (Resource::OwnReferral, false, false),
            (Resource::OthersReferral, false, false),
            (Resource::Devices, true, true),
            (Resource::Accounts, false, false),
            (Resource::Audit, false, false),
            (Resource::Complaints, false, false),
        ],
    ),
    (
        Actor::Device(SafeguardingLead),
        &[
            (Resource::SelfReferral, false, true),
            (Resource::OwnAnswers, false, false),
            (Resource::OwnReferral, false, false),
            (Resource::OthersReferral, false, false),
            (Resource::Devices, false, false),
            (Resource::Accounts, false, false),
            (Resource::Audit, false, false),
            (Resource::Complaints, false, false),
        ],
    ),
    (
        Actor::Desk(LinkWorker),
        &[
            (Resource::SelfReferral, false, true),
            (Resource::OwnAnswers, false, false),
            (Resource::OwnReferral, true, true),
            (Resource::OthersReferral, false, false),
            (Resource::Devices, false, false),
            (Resource::Accounts, false, false),
            (Resource::Audit, false, false),
            (Resource::Complaints, false, false),
        ],
    ),
    (
        Actor::Desk(DataProtectionLead),
        &[
            (Resource::SelfReferral, false, true),
            (Resource::OwnAnswers, false, false),
            (Resource::OwnReferral, false, false),
            (Resource::OthersReferral, false, false),
            (Resource::Devices, false, false),
            (Resource::Accounts, false, false),
            (Resource::Audit, true, false),
            (Resource::Complaints, true, true),
        ],
    ),
    (
        Actor::Desk(Administrator),
        &[
            (Resource::SelfReferral, false, true),
            (Resource::OwnAnswers, false, false),
            (Resource::OwnReferral, false, false),
            (Resource::OthersReferral, false, false),
            (Resource::Devices, false, false),
            (Resource::Accounts, true, true),
            (Resource::Audit, false, false),
            (Resource::Complaints, false, false),
        ],
    ),
];

#[test]
fn everybody_may_do_beside_rooms_what_the_table_says_and_nothing_else() {
    for (actor, rows) in BESIDE_ROOMS {
        assert_eq!(rows.len(), 8, "{actor:?}");
        for (resource, reads, writes) in *rows {
            let decided = [Read, Write].map(|action| decide(*actor, action, *resource));
            assert_eq!(decided, [*reads, *writes], "{actor:?} {resource:?}");
        }
    }
    let devices = Role::ALL.iter().map(|role| Actor::Device(*role));
    let desks = DeskRole::ALL.iter().map(|role| Actor::Desk(*role));
    let everybody = [Actor::Public, Actor::Participant].into_iter();
    for actor in everybody.chain(devices).chain(desks) {
        let stands = BESIDE_ROOMS.iter().filter(|(listed, _)| *listed == actor);
        assert_eq!(stands.count(), 1, "{actor:?}");
    }
}

#[test]
fn whoever_has_no_device_reads_what_is_public_and_no_other_room() {
    let desks = DeskRole::ALL.iter().map(|role| Actor::Desk(*role));
    for actor in [Actor::Public, Actor::Participant].into_iter().chain(desks) {
        for room in [Public, Organisation, Safeguarding, Delivery, Casework] {
            let reads = decide(actor, Read, room.into());
            assert_eq!(reads, room == Public, "{actor:?} {room:?}");
            assert!(!decide(actor, Write, room.into()), "{actor:?} {room:?}");
        }
    }
}

#[test]
fn only_a_coordinator_manages_devices() {
    for (role, expected) in [
        (Facilitator, false),
        (Coordinator, true),
        (SafeguardingLead, false),
    ] {
        assert_eq!(may_manage_devices(role), expected);
    }
}

fn near_miss() -> AccidentReported {
    AccidentReported {
        accident: AccidentId(1),
        event: accidents::Event::NearMiss,
        affected: Affected::Nobody,
        person: None,
        name: None,
        day: june(1),
        time: time(10, 0),
        place: text("Trench 2"),
        what: text("A plank slid"),
        injury: None,
        care: Care::Nothing,
        care_by: None,
        action: None,
        followed: None,
    }
}

#[test]
fn plans_and_seen_flags_are_the_coordinators_even_in_a_shared_stream() {
    let delivery = Stream::Delivery(PROGRAMME);
    let casework = Stream::Casework(PROGRAMME);
    let session = SessionPlanned {
        session: SessionId(1),
        number: 1,
        date: june(1),
        starts: time(10, 0),
        ends: time(11, 0),
        place: None,
    };
    let programme = ProgrammeOpened {
        programme: PROGRAMME,
        name: text("Dig"),
        organisation: text("Wellfield"),
        site: text("Field"),
        first_day: june(1),
        last_day: june(2),
    };
    let seen = PulseFlagSeen {
        response: ResponseId(1),
        note: None,
    };
    let decided = SetAsideSettled {
        event: EventId {
            device: DeviceId(2),
            n: 1,
        },
        decision: Decision::LeftOut,
    };
    let note = SessionNoted {
        session: SessionId(1),
        text: None,
    };
    let device = DeviceEnrolled {
        device_name: text("Blue tablet"),
        staff: StaffId(1),
        staff_name: text("Tom"),
        role: Facilitator,
    };
    let newer = UnreadBody {
        kind: Kind(999),
        version: 1,
        subject: None,
        bytes: vec![],
        why: Unread::Newer,
    };
    let accident = near_miss();
    let followed = AccidentReported {
        followed: Some(Followed {
            done: text("New boards"),
            reported: None,
            day: june(2),
        }),
        ..near_miss()
    };
    // What, where, may a facilitator, may a coordinator.
    let cases: [(Body, Stream, bool, bool); 13] = [
        (accident.clone().into(), casework, true, true),
        (accident.into(), delivery, true, true),
        (followed.into(), casework, false, true),
        (enrolled(PersonId(1), "Ann").into(), delivery, true, true),
        (note.into(), delivery, true, true),
        (device.into(), delivery, true, true),
        (programme.into(), delivery, false, true),
        (session.into(), delivery, false, true),
        (seen.into(), delivery, false, true),
        (decided.into(), delivery, false, true),
        (Body::Unread(newer.clone()), delivery, true, true),
        (Body::Unread(newer.clone()), casework, false, true),
        (Body::Unread(newer), Stream::Safeguarding, true, true),
    ];
    for (body, stream, facilitator, coordinator) in cases {
        let kind = body.kind();
        assert_eq!(
            may_record(Facilitator, stream, &body),
            facilitator,
            "{kind:?}"
        );
        assert_eq!(
            may_record(Coordinator, stream, &body),
            coordinator,
            "{kind:?}"
        );
    }
}

#[test]
fn whoever_hands_the_tablet_over_brings_answers_in_and_reads_none() {
    let (delivery, casework) = (Stream::Delivery(PROGRAMME), Stream::Casework(PROGRAMME));
    let plan = EvaluationPlanned {
        size: Size::Small,
        topics: Vec::new(),
        swemwbs_licence: None,
        own: Vec::new(),
        comparison: None,
        toolkit_compared: false,
    };
    let asked = MeasuresAsked {
        person: PersonId(1),
        moment: Moment::End,
        session: SessionId(1),
        outcome: Outcome::Declined,
        questions: Questions::Usual,
    };
    let answered = answered_ons4();
    let roles = |may: [bool; 3]| Role::ALL.iter().copied().zip(may);
    for (role, may_plan) in roles([false, true, false]) {
        assert_eq!(
            may_record(role, delivery, &plan.clone().into()),
            may_plan,
            "{role:?}"
        );
        assert!(may_record(role, delivery, &asked.into()), "{role:?}");
        assert!(
            may_record(role, casework, &answered.clone().into()),
            "{role:?}"
        );
        let elsewhere = [Stream::Organisation, Stream::Public];
        for stream in elsewhere
            .into_iter()
            .filter(|stream| !decide(role.into(), Write, stream.room().into()))
        {
            assert!(
                !may_record(role, stream, &answered.clone().into()),
                "{role:?}"
            );
        }
    }
    for (role, may_read) in roles([false, true, false]) {
        assert_eq!(
            decide(role.into(), Read, casework.room().into()),
            may_read,
            "{role:?}"
        );
    }
    // A server that was restored gets it again, after it was erased on the tablet.
    assert!(may_record(Facilitator, casework, &Erased.into()));
}

#[test]
fn the_programme_of_a_stream_is_not_the_matter_of_a_role() {
    for programme in [PROGRAMME, ProgrammeId(8)] {
        let room = Stream::Casework(programme).room();
        assert!(decide(Coordinator.into(), Read, room.into()));
    }
}

#[test]
fn only_the_lead_says_who_the_lead_is_and_adds_to_concerns() {
    let key = SealingKey([9; 32]);
    let named = LeadNamed {
        name: text("Rhian"),
        phone: text("01632 960 001"),
        key,
    };
    let followed = ConcernFollowed {
        concern: ConcernId(1),
        sealed_with: key,
        sealed: vec![1],
    };
    let raised = ConcernRaised {
        concern: ConcernId(1),
        sealed_with: key,
        sealed: vec![1],
    };
    for role in Role::ALL {
        let is_lead = *role == SafeguardingLead;
        let delivery = Stream::Delivery(PROGRAMME);
        assert_eq!(may_record(*role, delivery, &named.clone().into()), is_lead);
        let may = |body: Body| may_record(*role, Stream::Safeguarding, &body);
        assert_eq!(may(followed.clone().into()), is_lead);
        assert!(may(raised.clone().into()), "{role:?}");
    }
}

#[test]
fn coordinators_shut_out_every_device_but_those_of_a_lead_and_nobody_else_does() {
    let roles = [Facilitator, Coordinator, SafeguardingLead];
    let may = |by| roles.map(|used_by| may_shut_out(by, used_by));
    assert_eq!(may(Coordinator), [true, true, false]);
    assert_eq!(may(Facilitator), [false; 3]);
    assert_eq!(may(SafeguardingLead), [false; 3]);
}
