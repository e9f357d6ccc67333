use proptest::prelude::*;

use super::*;
use crate::attendance::{AttendanceMarked, Mark};
use crate::clock::{Hlc, Instant};
use crate::evaluation::{MeasureAnswered, MeasuresAsked, Outcome, Questions};
use crate::event::{Body, Event, Kind, Unread, UnreadBody, check, decode_event, encode_event};
use crate::ids::{DeviceId, EventId, ProgrammeId, SessionId, StaffId};
use crate::measures::Moment;
use crate::notes::SessionNoted;
use crate::records::Records;
use crate::records::testing::{answered_ons4, june, text};
use crate::referral::{Answer, ReferralAnswered, ReferralSorted, Tray};
use crate::set_aside::{Decision, SetAsideSettled, takeable};
use crate::stream::Stream;

const ANN: PersonId = PersonId(7);
const BEN: PersonId = PersonId(8);
const DELIVERY: Stream = Stream::Delivery(ProgrammeId(3));

fn event(n: u64, stream: Stream, body: impl Into<Body>) -> Event {
    Event {
        id: EventId {
            device: DeviceId(4),
            n,
        },
        at: Hlc::ZERO.tick(Instant(1_780_000_000_000)),
        stream,
        by: Some(StaffId(9)),
        supersedes: vec![EventId {
            device: DeviceId(5),
            n: 1,
        }],
        body: body.into(),
    }
}

fn mark(n: u64, person: PersonId) -> Event {
    let body = AttendanceMarked {
        session: SessionId(1),
        person,
        mark: Mark::HERE,
        note: text("Was tired").into(),
    };
    event(n, DELIVERY, body)
}

fn ann() -> ErasedSubjects {
    Subject::Person(ANN).into()
}

#[test]
fn a_record_about_somebody_goes_and_those_about_others_stay() {
    let goes = mark(1, ANN);
    let tombstone = ann().tombstone_of(&encode_event(&goes)).unwrap();
    assert_eq!(ann().tombstone_of(&encode_event(&mark(1, BEN))), None);
    assert_eq!(ErasedSubjects::default().tombstone_for(&goes), None);
    let left = decode_event(&tombstone.bytes).unwrap();
    assert_eq!(left, tombstone.event);
    assert_eq!((left.id, left.stream), (goes.id, goes.stream));
    assert_eq!(left.body, Erased.into());
    assert_eq!((left.at, left.by), (Hlc::ZERO, None));
    assert_eq!(check(&left), Ok(()), "its device may send it again");
    assert_eq!(ann().tombstone_for(&left), None, "and it is about nobody");
}

#[test]
fn what_a_newer_version_wrote_and_what_was_taken_in_goes_too() {
    let newer = Body::Unread(UnreadBody {
        kind: Kind(999),
        version: 1,
        subject: Some(ANN),
        bytes: b"what it says".to_vec(),
        why: Unread::Newer,
    });
    let original = encode_event(&mark(2, ANN));
    let id = mark(2, ANN).id;
    let settled = SetAsideSettled {
        event: id,
        decision: Decision::TakenIn(takeable(id, DELIVERY, &original).unwrap()),
    };
    for event in [
        event(1, DELIVERY, newer.clone()),
        event(1, DELIVERY, settled),
    ] {
        assert!(ann().tombstone_for(&event).is_some(), "{event:?}");
    }
    let concern = event(1, Stream::Safeguarding, newer);
    assert_eq!(ann().tombstone_for(&concern), None, "a concern is kept");
}

#[test]
fn a_referral_goes_with_what_was_decided_about_it() {
    let referral = ReferralId(5);
    let sorted = |referral| {
        let tray = Tray::List;
        event(
            1,
            Stream::Casework(ProgrammeId(3)),
            ReferralSorted { referral, tray },
        )
    };
    let erased = ErasedSubjects::from(Subject::Referral(referral));
    assert!(erased.tombstone_for(&sorted(referral)).is_some());
    assert!(erased.tombstone_for(&sorted(ReferralId(6))).is_none());
}

#[test]
fn with_a_person_goes_the_form_by_which_they_came_onto_the_list_and_with_a_form_goes_nothing_else()
{
    let casework = Stream::Casework(ProgrammeId(3));
    let form = ReferralId(5);
    let joined = ReferralAnswered::new(form, Answer::Joined, Some(ANN), None, june(1)).unwrap();
    let answered = event(1, casework, joined);
    let mut records = Records::default();
    records.apply(&answered);
    let (ann_herself, form) = (Subject::Person(ANN), Subject::Referral(form));
    assert_eq!(one_somebody(&records, ann_herself), [ann_herself, form]);
    let ben = Subject::Person(BEN);
    assert_eq!(one_somebody(&records, ben), [ben]);
    assert_eq!(one_somebody(&records, form), [form]);
    assert!(
        ErasedSubjects::from(form)
            .tombstone_for(&answered)
            .is_some()
    );
    assert!(ErasedSubjects::from(ben).tombstone_for(&answered).is_none());
}

#[test]
fn a_person_and_a_referral_of_one_number_are_two() {
    let person = Blind::of(Subject::Person(PersonId(5)));
    assert_ne!(person, Blind::of(Subject::Referral(ReferralId(5))));
    assert_ne!(person.0, 5);
}

#[test]
fn what_was_erased_changes_nothing_of_what_is_known() {
    let [of_ann, of_ben] = [mark(1, ANN), mark(2, BEN)];
    let mut with = Records::default();
    with.apply(&tombstone(&of_ann));
    with.apply(&of_ben);
    let mut without = Records::default();
    without.apply(&of_ben);
    assert_eq!(with, without);
}

#[test]
fn what_there_is_about_somebody_is_counted_with_the_notes_that_a_person_has_to_read() {
    let noted = |n, session| {
        let session = SessionId(session);
        let text = Some(text("All well"));
        event(n, DELIVERY, SessionNoted { session, text })
    };
    let mut findings = Findings::about(Subject::Person(ANN).into());
    for event in [
        noted(1, 1),
        mark(2, ANN),
        mark(3, BEN),
        mark(4, ANN),
        noted(5, 2),
    ] {
        findings.take(event);
    }
    let marks = Finding {
        stream: DELIVERY,
        kind: Kind(30),
    };
    assert_eq!(findings.counts, [(marks, 2)].into());
    assert_eq!((findings.total(), findings.sessions_with_notes()), (2, 1));
}

proptest! {
    #[test]
    fn nothing_of_a_record_is_left_but_where_it_lay(note in "[a-z]{6,40}", n in 1_u64..1000) {
        let mut record = mark(n, ANN);
        if let Body::AttendanceMarked(marked) = &mut record.body {
            marked.note = Some(text(&note));
        }
        let bytes = encode_event(&record);
        let left = ann().tombstone_of(&bytes).unwrap();
        prop_assert!(!left.bytes.windows(6).any(|part| part == &note.as_bytes()[..6]));
        prop_assert_eq!(ann().tombstone_of(&bytes), Some(left), "it follows from the record");
    }
}

#[test]
fn what_somebody_answered_and_was_asked_goes_with_them() {
    let asked = MeasuresAsked {
        person: ANN,
        moment: Moment::Baseline,
        session: SessionId(7),
        outcome: Outcome::Finished,
        questions: Questions::Usual,
    };
    let answered = MeasureAnswered {
        person: ANN,
        ..answered_ons4()
    };
    let asked = event(1, DELIVERY, asked);
    let answered = event(2, Stream::Casework(ProgrammeId(3)), answered);
    for event in [&asked, &answered] {
        assert!(ann().tombstone_for(event).is_some());
    }
    let mut findings = Findings::about(Subject::Person(ANN).into());
    findings.take(asked);
    findings.take(answered);
    assert_eq!(findings.total(), 2);
}

/// What a tablet puts in the place of its own record is what the server has, to the byte.
#[test]
fn a_device_erases_its_own_record_as_the_server_does_and_once() {
    let answered = answered_ons4();
    let whose: ErasedSubjects = Subject::Person(answered.person).into();
    let answered = event(2, Stream::Casework(ProgrammeId(3)), answered);
    let at_the_server = whose.tombstone_for(&answered).unwrap();
    let here = erased_in_place(&encode_event(&answered)).unwrap();
    assert_eq!(here, at_the_server.bytes);
    assert_eq!(erased_in_place(&here), None);
    assert_eq!(erased_in_place(b"no record"), None);
}
