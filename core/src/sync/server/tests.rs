use super::*;
use crate::attendance::{AttendanceMarked, Mark};
use crate::clock::Hlc;
use crate::event::{Body, Kind, Unread, UnreadBody, encode_event};
use crate::ids::{EventId, SessionId};
use crate::records::testing::{ANN, FIRST, PROGRAMME, answered_ons4};

const DEVICE: DeviceId = DeviceId(7);

fn standing(max_n: u64) -> DeviceStanding {
    DeviceStanding {
        device: DEVICE,
        role: Role::Facilitator,
        programmes: vec![PROGRAMME],
        max_n,
        revoked: false,
    }
}

fn mark() -> Body {
    AttendanceMarked {
        session: FIRST,
        person: ANN,
        mark: Mark::HERE,
        note: None,
    }
    .into()
}

fn unread(kind: u16, version: u8, bytes: &[u8]) -> Body {
    Body::Unread(UnreadBody {
        kind: Kind(kind),
        version,
        subject: None,
        bytes: bytes.to_vec(),
        why: Unread::Newer,
    })
}

fn event(device: DeviceId, n: u64, stream: Stream, body: Body) -> Vec<u8> {
    encode_event(&Event {
        id: EventId { device, n },
        at: Hlc::ZERO,
        stream,
        by: None,
        supersedes: vec![],
        body,
    })
}

fn delivered(n: u64) -> Vec<u8> {
    event(DEVICE, n, Stream::Delivery(PROGRAMME), mark())
}

fn request(first_n: u64, events: Vec<Vec<u8>>) -> PushRequest {
    PushRequest {
        device: DEVICE,
        first_n,
        pending: events.len() as u64,
        events,
    }
}

fn nobody() -> ErasedSubjects {
    ErasedSubjects::default()
}

/// Pushes to a server that holds [`delivered`] up to `max_n`.
fn push(max_n: u64, request: PushRequest) -> Result<PushPlan, ProblemReply> {
    let before = (1..=max_n)
        .map(|n| (n, held(&delivered(n), Outcome::Stored)))
        .collect();
    plan_push(&standing(max_n), request, &before, &nobody())
}

/// What the server knows of bytes that came before.
fn held(bytes: &[u8], became: Outcome) -> HeldEvent {
    HeldEvent {
        hash: fingerprint(bytes),
        became: Some(became),
    }
}

#[test]
fn what_follows_on_is_stored_and_what_is_held_is_not_stored_again() {
    use Outcome::{Held, Stored};
    for (max_n, first_n, count, outcomes, then) in [
        (0, 1, 2, vec![Stored, Stored], 2),
        (2, 3, 1, vec![Stored], 3),
        (2, 1, 2, vec![Held, Held], 2),
        (2, 2, 3, vec![Held, Stored, Stored], 4),
        (5, 1, 2, vec![Held, Held], 5),
        (2, 3, 0, vec![], 2),
    ] {
        let events = (first_n..first_n + count).map(delivered).collect();
        let plan = push(max_n, request(first_n, events)).unwrap();
        assert_eq!((&plan.outcomes, plan.max_n), (&outcomes, then));
        let stored: Vec<_> = plan.accepted.iter().map(|event| event.event.id.n).collect();
        assert_eq!(stored, (max_n + 1..=then).collect::<Vec<_>>());
    }
}

#[test]
fn a_gap_is_refused_whole_and_says_what_is_wanted() {
    for first_n in [4, 5, 900] {
        let problem = push(2, request(first_n, vec![delivered(first_n)])).unwrap_err();
        assert_eq!(
            (problem.problem, problem.expected_n),
            (Problem::Gap, Some(3))
        );
    }
    let problem = push(2, request(9, vec![])).unwrap_err();
    assert_eq!(
        problem.expected_n,
        Some(3),
        "an empty request asks the same question"
    );
}

#[test]
fn other_bytes_under_a_number_that_is_held_are_a_fork_and_nothing_is_stored() {
    let other = event(
        DEVICE,
        2,
        Stream::Delivery(PROGRAMME),
        unread(999, 1, b"other"),
    );
    let problem = push(2, request(1, vec![delivered(1), other, delivered(3)])).unwrap_err();
    assert_eq!((problem.problem, problem.n), (Problem::Fork, Some(2)));
    let lost = plan_push(
        &standing(1),
        request(1, vec![delivered(1)]),
        &BTreeMap::new(),
        &nobody(),
    );
    assert_eq!(
        lost.unwrap_err().problem,
        Problem::Fork,
        "held, and nobody knows what"
    );
}

#[test]
fn a_request_from_somebody_else_or_beyond_the_limit_is_refused_whole() {
    let somebody_else = DeviceStanding {
        device: DeviceId(8),
        ..standing(0)
    };
    let many = (1..=PUSH_EVENTS_MAX as u64 + 1).map(delivered).collect();
    for (standing, request, expected) in [
        (
            somebody_else,
            request(1, vec![delivered(1)]),
            Problem::UnknownDevice,
        ),
        (standing(0), request(1, many), Problem::TooLarge),
    ] {
        let problem = plan_push(&standing, request, &BTreeMap::new(), &nobody()).unwrap_err();
        assert_eq!(problem.problem, expected);
    }
}

/// What is set aside, and why. None of it keeps what follows from being stored.
fn set_aside() -> Vec<(&'static str, Vec<u8>, Outcome)> {
    let here = Stream::Delivery(PROGRAMME);
    let elsewhere = Stream::Delivery(ProgrammeId(8));
    let named = |device, n| event(device, n, here, mark());
    let content = unread(30, 1, b"not a mark");
    let mut trailing = delivered(1);
    trailing.push(0);
    vec![
        ("nothing", vec![], Outcome::Unreadable),
        ("noise", b"noise".to_vec(), Outcome::Unreadable),
        ("bytes after it", trailing, Outcome::Unreadable),
        ("another device", named(DeviceId(8), 1), Outcome::Misplaced),
        ("another number", named(DEVICE, 2), Outcome::Misplaced),
        (
            "broken content",
            event(DEVICE, 1, here, content),
            Outcome::Content,
        ),
        (
            "wrong room",
            event(DEVICE, 1, Stream::Public, mark()),
            Outcome::WrongStream,
        ),
        (
            "another programme",
            event(DEVICE, 1, elsewhere, mark()),
            Outcome::NotAllowed,
        ),
        (
            "beyond the role",
            event(DEVICE, 1, Stream::Casework(PROGRAMME), unread(999, 1, b"")),
            Outcome::NotAllowed,
        ),
    ]
}

#[test]
fn what_cannot_be_stored_is_set_aside_and_the_next_event_goes_on() {
    for (case, bytes, outcome) in set_aside() {
        let plan = push(0, request(1, vec![bytes.clone(), delivered(2)])).unwrap();
        assert_eq!(plan.outcomes, [outcome, Outcome::Stored], "{case}");
        assert_eq!(plan.max_n, 2, "{case}");
        let kept: Vec<_> = plan
            .set_aside
            .iter()
            .map(|event| (event.n, &event.bytes))
            .collect();
        assert_eq!(kept, [(1, &bytes)], "{case}: kept as it came");
        assert_eq!(plan.set_aside[0].hash, fingerprint(&bytes), "{case}");
    }
}

/// The first receipt may have been lost; without this the tablet would call it sent.
#[test]
fn what_was_set_aside_is_said_again_when_it_is_sent_again() {
    for (case, bytes, outcome) in set_aside() {
        let before = BTreeMap::from([(1, held(&bytes, outcome))]);
        let plan = plan_push(&standing(1), request(1, vec![bytes]), &before, &nobody()).unwrap();
        assert_eq!(plan.outcomes, [outcome], "{case}");
        assert_eq!(
            (plan.accepted.len(), plan.set_aside.len()),
            (0, 0),
            "{case}: kept once"
        );
    }
}

#[test]
fn a_kind_or_version_from_the_future_is_stored() {
    let here = Stream::Delivery(PROGRAMME);
    let events = vec![
        event(DEVICE, 1, here, unread(999, 1, b"new kind")),
        event(DEVICE, 2, here, unread(30, 2, b"new version")),
    ];
    let plan = push(0, request(1, events)).unwrap();
    assert_eq!(plan.outcomes, [Outcome::Stored, Outcome::Stored]);
}

#[test]
fn a_device_reads_the_streams_of_its_role_and_programmes() {
    let (delivery, casework) = (Stream::Delivery(PROGRAMME), Stream::Casework(PROGRAMME));
    let common = [Stream::Public, Stream::Organisation, delivery];
    let coordinator = DeviceStanding {
        role: Role::Coordinator,
        ..standing(0)
    };
    let revoked = DeviceStanding {
        revoked: true,
        ..coordinator.clone()
    };
    assert_eq!(standing(0).streams(), common);
    assert_eq!(coordinator.streams(), [&common[..], &[casework]].concat());
    let lead = DeviceStanding {
        role: Role::SafeguardingLead,
        ..standing(0)
    };
    let read_by_lead = [
        Stream::Public,
        Stream::Organisation,
        Stream::Safeguarding,
        delivery,
    ];
    assert_eq!(lead.streams(), read_by_lead);
    assert_eq!(revoked.streams(), []);
    assert!(!coordinator.may(Action::Read, Stream::Casework(ProgrammeId(8))));
}

/// Whoever hands the tablet over does not read what was answered, and brings it in.
#[test]
fn an_answer_to_an_instrument_is_stored_where_its_device_does_not_read() {
    let answered = |programme| {
        let stream = Stream::Casework(programme);
        event(DEVICE, 1, stream, answered_ons4().into())
    };
    let facilitator = standing(0);
    assert!(!facilitator.may(Action::Read, Stream::Casework(PROGRAMME)));
    for (programme, outcome) in [
        (PROGRAMME, Outcome::Stored),
        (ProgrammeId(8), Outcome::NotAllowed),
    ] {
        let plan = push(0, request(1, vec![answered(programme)])).unwrap();
        assert_eq!(plan.outcomes, [outcome]);
    }
}

#[test]
fn a_session_of_another_programme_lies_in_another_stream() {
    let other = SessionId(1);
    let marked = AttendanceMarked {
        session: other,
        person: ANN,
        mark: Mark::HERE,
        note: None,
    };
    let stream = Stream::Delivery(ProgrammeId(8));
    let bytes = event(DEVICE, 1, stream, marked.into());
    let plan = push(0, request(1, vec![bytes])).unwrap();
    assert_eq!(plan.outcomes, [Outcome::NotAllowed]);
}

/// A coordinator's record was stored and its receipt lost; meanwhile they became a facilitator, or the
/// other way round. The receipt says what happened and not what would happen today.
#[test]
fn what_comes_again_after_a_change_of_role_is_told_what_became_of_it() {
    for (became, said) in [
        (Outcome::Stored, Outcome::Held),
        (Outcome::NotAllowed, Outcome::NotAllowed),
    ] {
        let elsewhere = event(DEVICE, 1, Stream::Casework(PROGRAMME), unread(999, 1, b""));
        let held = HeldEvent {
            hash: fingerprint(&elsewhere),
            became: Some(became),
        };
        for role in [Role::Facilitator, Role::Coordinator] {
            let standing = DeviceStanding {
                role,
                ..standing(1)
            };
            let held = BTreeMap::from([(1, held)]);
            let plan = plan_push(
                &standing,
                request(1, vec![elsewhere.clone()]),
                &held,
                &nobody(),
            )
            .unwrap();
            assert_eq!(plan.outcomes, [said], "{role:?}");
            assert!(plan.accepted.is_empty() && plan.set_aside.is_empty());
        }
    }
}

#[test]
fn what_a_device_sends_that_was_taken_out_of_use_is_set_aside_and_it_is_told_so() {
    let shut_out = DeviceStanding {
        revoked: true,
        ..standing(1)
    };
    let events = || vec![delivered(1), delivered(2), delivered(3)];
    let before = [(1, held(&delivered(1), Outcome::Stored))].into();
    let plan = plan_push(&shut_out, request(1, events()), &before, &nobody()).unwrap();
    use Outcome::{Held, NotAllowed};
    assert_eq!(plan.outcomes, [Held, NotAllowed, NotAllowed]);
    assert_eq!((plan.accepted.len(), plan.set_aside.len()), (0, 2));
    assert!(plan.taken_out);
    // One with nothing to send is told so too.
    let nothing = plan_push(&shut_out, request(2, vec![]), &BTreeMap::new(), &nobody()).unwrap();
    assert!(nothing.taken_out && nothing.outcomes.is_empty());
    let in_use = plan_push(&standing(1), request(1, events()), &before, &nobody()).unwrap();
    assert_eq!(in_use.outcomes, [Held, Outcome::Stored, Outcome::Stored]);
    assert!(!in_use.taken_out);
}

#[test]
fn a_concern_counts_from_a_device_too_that_was_taken_out_of_use() {
    let shut_out = DeviceStanding {
        revoked: true,
        role: Role::SafeguardingLead,
        ..standing(0)
    };
    let concern = || {
        Body::from(crate::safeguarding::ConcernRaised {
            concern: crate::ids::ConcernId(1),
            sealed_with: crate::vault::SealingKey([9; 32]),
            sealed: vec![2; 80],
        })
    };
    let raised = |n, stream| event(DEVICE, n, stream, concern());
    let followed = Body::from(crate::safeguarding::ConcernFollowed {
        concern: crate::ids::ConcernId(1),
        sealed_with: crate::vault::SealingKey([9; 32]),
        sealed: vec![2; 80],
    });
    let events = vec![
        raised(1, Stream::Safeguarding),
        raised(2, Stream::Public),
        event(DEVICE, 3, Stream::Safeguarding, followed),
    ];
    let plan = plan_push(&shut_out, request(1, events), &BTreeMap::new(), &nobody()).unwrap();
    use Outcome::{NotAllowed, Stored, WrongStream};
    assert_eq!(plan.outcomes, [Stored, WrongStream, NotAllowed]);
}

#[test]
fn bytes_that_were_set_aside_are_shown_to_who_may_read_where_they_lie() {
    let coordinator = DeviceStanding {
        role: Role::Coordinator,
        ..standing(0)
    };
    let at = |stream, body| event(DEVICE, 1, stream, body);
    let newer = || unread(999, 1, b"x");
    let other = ProgrammeId(8);
    let offer = |programme| {
        Body::from(crate::offer::OfferPublished {
            programme,
            organisation: crate::records::testing::text("Wellfield"),
            phone: crate::records::testing::text("01632 960 100"),
            texts: vec![],
        })
    };
    let cases = [
        (delivered(1), true),
        (at(Stream::Casework(PROGRAMME), mark()), true),
        (at(Stream::Casework(PROGRAMME), newer()), true),
        (at(Stream::Public, offer(PROGRAMME)), true),
        (at(Stream::Public, offer(other)), false),
        (at(Stream::Safeguarding, newer()), false),
        (at(Stream::Safeguarding, mark()), false),
        (at(Stream::Delivery(other), mark()), false),
        (b"no event".to_vec(), false),
    ];
    for (bytes, seen) in cases {
        assert_eq!(may_see_set_aside(&coordinator, &bytes), seen, "{bytes:?}");
        assert!(!may_see_set_aside(&standing(0), &bytes), "a facilitator");
        let shut_out = DeviceStanding {
            revoked: true,
            ..coordinator.clone()
        };
        assert!(!may_see_set_aside(&shut_out, &bytes));
    }
}

#[test]
fn what_arrives_late_about_somebody_who_was_erased_is_acknowledged_and_not_kept() {
    let erased = ErasedSubjects::from(crate::erasure::Subject::Person(ANN));
    let late = request(2, vec![delivered(2)]);
    let before = BTreeMap::new();
    let plan = plan_push(&standing(1), late.clone(), &before, &erased).unwrap();
    assert_eq!(
        (&plan.outcomes[..], plan.max_n),
        (&[Outcome::Stored][..], 2)
    );
    let [kept] = &plan.accepted[..] else {
        panic!("its place is taken")
    };
    assert_eq!(kept.event.id, decode_event(&delivered(2)).unwrap().id);
    assert_eq!(kept.event.body.subject(), None);
    // The receipt was lost, and the device sends it again: what it has, or what it was left with.
    for bytes in [delivered(2), kept.bytes.clone()] {
        let before = [(2, held(&kept.bytes, Outcome::Stored))].into();
        let again = request(2, vec![bytes]);
        let plan = plan_push(&standing(2), again, &before, &erased).unwrap();
        assert_eq!(plan.outcomes, [Outcome::Held]);
    }
    let forked = event(DEVICE, 2, Stream::Public, mark());
    let before = [(2, held(&kept.bytes, Outcome::Stored))].into();
    let refused = plan_push(&standing(2), request(2, vec![forked]), &before, &erased);
    assert_eq!(refused.unwrap_err().problem, Problem::Fork);
}

#[test]
fn what_would_be_set_aside_about_somebody_who_was_erased_says_nothing() {
    let erased = ErasedSubjects::from(crate::erasure::Subject::Person(ANN));
    let elsewhere = event(DEVICE, 1, Stream::Public, mark());
    let plan = plan_push(
        &standing(0),
        request(1, vec![elsewhere.clone()]),
        &BTreeMap::new(),
        &erased,
    )
    .unwrap();
    let [aside] = &plan.set_aside[..] else {
        panic!("set aside")
    };
    assert!(aside.erased && plan.accepted.is_empty());
    assert_eq!(decode_event(&aside.bytes).unwrap().body.subject(), None);
    assert_eq!(plan.outcomes, [Outcome::WrongStream]);
    let before = [(1, held(&aside.bytes, aside.outcome))].into();
    let again = plan_push(&standing(1), request(1, vec![elsewhere]), &before, &erased);
    assert_eq!(again.unwrap().outcomes, [Outcome::WrongStream]);
}

#[test]
fn a_coordinator_shuts_out_what_is_used_beside_them_and_not_themselves() {
    let coordinator = DeviceStanding {
        role: Role::Coordinator,
        ..standing(0)
    };
    let lost = DeviceStanding {
        device: DeviceId(8),
        programmes: vec![ProgrammeId(99), PROGRAMME],
        ..standing(0)
    };
    assert!(coordinator.may_shut_out(&lost));
    // Once more does no harm: a reply may have been lost.
    let gone = DeviceStanding {
        revoked: true,
        ..lost.clone()
    };
    assert!(coordinator.may_shut_out(&gone));
    assert!(!gone.may_shut_out(&coordinator));
    assert!(!coordinator.may_shut_out(&coordinator));
    let elsewhere = DeviceStanding {
        programmes: vec![ProgrammeId(99)],
        ..lost.clone()
    };
    assert!(!coordinator.may_shut_out(&elsewhere));
    let leads = DeviceStanding {
        role: Role::SafeguardingLead,
        ..lost.clone()
    };
    assert!(!coordinator.may_shut_out(&leads));
    let shut_out = DeviceStanding {
        revoked: true,
        ..coordinator
    };
    assert!(!shut_out.may_shut_out(&lost));
}
