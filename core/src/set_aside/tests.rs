use super::*;
use crate::access::Role;
use crate::attendance::{AttendanceMarked, Mark, mark};
use crate::clock::{Hlc, Instant};
use crate::consent::{ConsentRecorded, Decision as Consent, GivenBy, Method, Purpose, WordingRef};
use crate::evaluation::MeasureAnswered;
use crate::event::{Body, Draft, Event, encode_event};
use crate::heads::Standing;
use crate::ids::{DeviceId, EventId, PersonId, ProgrammeId, ResponseId};
use crate::language::Language;
use crate::measures::{Mode, Moment, Reply};
use crate::notes::{SessionNoted, write_notes};
use crate::people::change_details;
use crate::records::testing::{
    ANN, FIRST, PROGRAMME, Tablet, details, enrolled, june, meet, text, time, two_tablets,
};
use crate::stream::Stream;
use crate::sync::Outcome;
use crate::text::{Paragraph, Text};

use Role::{Coordinator, Facilitator};

pub(super) const DAYS: Stream = Stream::Delivery(PROGRAMME);
/// The device whose records were set aside, and the place of the record.
pub(super) const LOST: EventId = EventId {
    device: DeviceId(9),
    n: 4,
};

pub(super) fn marked(mark: Mark) -> AttendanceMarked {
    AttendanceMarked {
        session: FIRST,
        person: ANN,
        mark,
        note: None,
    }
}

pub(super) fn noted(typed: Option<&str>) -> SessionNoted {
    SessionNoted {
        session: FIRST,
        text: typed.map(text),
    }
}

pub(super) fn consent() -> ConsentRecorded {
    ConsentRecorded {
        person: ANN,
        purpose: Purpose::Quote,
        decision: Consent::Given,
        wording: WordingRef {
            version: 1,
            language: Language::English,
            sha256: [0; 32],
        },
        method: Method::Spoken,
        given_by: GivenBy::Themselves,
        giver_name: None,
    }
}

pub(super) fn event(body: impl Into<Body>) -> Event {
    let draft = Draft {
        stream: DAYS,
        supersedes: Vec::new(),
        body: body.into(),
    };
    draft.place(LOST, Hlc(500 << 16), None)
}

pub(super) fn lost(body: impl Into<Body>) -> Vec<u8> {
    encode_event(&event(body))
}

pub(super) fn item(bytes: &[u8]) -> Item<'_> {
    Item {
        event: LOST,
        bytes: Some(bytes),
    }
}

/// Decides, and returns the way back as it was before.
pub(super) fn decide(tablet: &mut Tablet, bytes: &[u8], choice: Choice) -> Option<WayBack> {
    let way_back = takeable(LOST, DAYS, bytes)
        .ok()
        .and_then(|original| what_stands(&tablet.records, PROGRAMME, &original));
    let drafts = settle_set_aside(&tablet.records, PROGRAMME, Coordinator, item(bytes), choice);
    for draft in drafts.unwrap() {
        tablet.record(draft);
    }
    way_back
}

fn take_back(tablet: &mut Tablet, way_back: Option<&WayBack>) {
    let drafts = take_decision_back(&tablet.records, PROGRAMME, Coordinator, LOST, way_back);
    for draft in drafts.unwrap() {
        tablet.record(draft);
    }
}

fn shown(tablet: &Tablet) -> Vec<Mark> {
    let standing = tablet.delivery().attendance.standing(FIRST, ANN);
    standing.all().map(|head| head.value.mark.clone()).collect()
}

#[test]
fn a_record_that_is_taken_in_stands_as_its_device_recorded_it() {
    let (mut coordinator, mut tablet) = two_tablets();
    let bytes = lost(marked(Mark::HERE));
    decide(&mut coordinator, &bytes, Choice::TakeIn);
    meet(&mut coordinator, &mut tablet);
    let head = tablet.delivery().attendance.heads(FIRST, ANN).unwrap();
    assert_eq!(head.ids(), [LOST]);
    assert_eq!(head.heads()[0].stamp, event(noted(None)).stamp());
    assert!(tablet.delivery().set_aside.is_settled(LOST));
}

#[test]
fn the_event_of_a_decision_carries_the_person_whom_the_record_is_about() {
    let settled = |decision| {
        Body::from(SetAsideSettled {
            event: LOST,
            decision,
        })
    };
    let original = takeable(LOST, DAYS, &lost(marked(Mark::HERE))).unwrap();
    assert_eq!(settled(Decision::TakenIn(original)).subject(), Some(ANN));
    assert_eq!(settled(Decision::LeftOut).subject(), None);
}

#[test]
fn a_record_from_a_clock_that_ran_ahead_counts_with_the_time_of_the_decision() {
    let (mut coordinator, _) = two_tablets();
    let ahead = encode_event(&Event {
        at: Hlc(u64::MAX),
        ..event(marked(Mark::HERE))
    });
    decide(&mut coordinator, &ahead, Choice::TakeIn);
    let heads = coordinator.delivery().attendance.heads(FIRST, ANN).unwrap();
    let at = heads.heads()[0].stamp.at.instant();
    assert_eq!(at, Instant(coordinator.now));
}

#[test]
fn one_choice_is_enough_where_another_mark_stands() {
    let (mut coordinator, mut tablet) = two_tablets();
    let draft = mark(&tablet.records, PROGRAMME, FIRST, ANN, Mark::NOT_HERE, None);
    tablet.record(draft.unwrap());
    meet(&mut coordinator, &mut tablet);
    decide(&mut coordinator, &lost(marked(Mark::HERE)), Choice::TakeIn);
    meet(&mut coordinator, &mut tablet);
    assert_eq!(shown(&tablet), [Mark::HERE]);
}

#[test]
fn what_stood_before_stands_again_once_a_record_is_taken_back() {
    let here = lost(marked(Mark::HERE));
    // Nothing stood.
    let (mut coordinator, mut tablet) = two_tablets();
    let way_back = decide(&mut coordinator, &here, Choice::TakeIn);
    take_back(&mut coordinator, way_back.as_ref());
    meet(&mut coordinator, &mut tablet);
    assert_eq!(shown(&tablet), [Mark::Unmarked]);
    assert!(!tablet.delivery().set_aside.is_settled(LOST));
    // Two tablets disagreed.
    let (mut coordinator, mut tablet) = two_tablets();
    for (device, said) in [
        (&mut coordinator, Mark::NOT_HERE),
        (&mut tablet, Mark::HERE),
    ] {
        let draft = mark(&device.records, PROGRAMME, FIRST, ANN, said, None);
        device.record(draft.unwrap());
    }
    meet(&mut coordinator, &mut tablet);
    let mut before = shown(&coordinator);
    let way_back = decide(&mut coordinator, &here, Choice::TakeIn);
    assert_eq!(shown(&coordinator), [Mark::HERE]);
    take_back(&mut coordinator, way_back.as_ref());
    meet(&mut coordinator, &mut tablet);
    let mut after = shown(&tablet);
    before.sort_by_key(|mark| format!("{mark:?}"));
    after.sort_by_key(|mark| format!("{mark:?}"));
    assert_eq!(after, before);
}

#[test]
fn notes_and_details_are_put_back_too() {
    let (mut coordinator, _) = two_tablets();
    let said = |tablet: &Tablet| {
        let notes = tablet.delivery().notes(FIRST)?.latest()?;
        notes.value.text.as_ref().map(ToString::to_string)
    };
    let bytes = lost(noted(Some("The red trowel")));
    let way_back = decide(&mut coordinator, &bytes, Choice::TakeIn);
    assert_eq!(said(&coordinator).as_deref(), Some("The red trowel"));
    take_back(&mut coordinator, way_back.as_ref());
    assert_eq!(said(&coordinator), None);
    let written = Paragraph::parse("The tent is wet").ok();
    let draft = write_notes(&coordinator.records, PROGRAMME, FIRST, written);
    coordinator.record(draft.unwrap());
    let way_back = decide(&mut coordinator, &bytes, Choice::TakeIn);
    assert_eq!(said(&coordinator).as_deref(), Some("The red trowel"));
    take_back(&mut coordinator, way_back.as_ref());
    assert_eq!(said(&coordinator).as_deref(), Some("The tent is wet"));

    let (mut coordinator, _) = two_tablets();
    let name = |tablet: &Tablet| {
        let person = tablet.delivery().person(ANN).unwrap();
        person.details.preferred_name.to_string()
    };
    let draft = change_details(&coordinator.records, PROGRAMME, ANN, details("Annie"));
    coordinator.record(draft.unwrap());
    let way_back = decide(
        &mut coordinator,
        &lost(enrolled(ANN, "Anna")),
        Choice::TakeIn,
    );
    assert_eq!(name(&coordinator), "Anna");
    take_back(&mut coordinator, way_back.as_ref());
    assert_eq!(name(&coordinator), "Annie");
}

#[test]
fn a_record_can_be_taken_in_again_after_that_was_taken_back() {
    let (mut coordinator, mut tablet) = two_tablets();
    let here = lost(marked(Mark::HERE));
    for _ in 0..2 {
        let way_back = decide(&mut coordinator, &here, Choice::TakeIn);
        assert_eq!(shown(&coordinator), [Mark::HERE]);
        take_back(&mut coordinator, way_back.as_ref());
        assert_eq!(shown(&coordinator), [Mark::Unmarked]);
    }
    decide(&mut coordinator, &here, Choice::TakeIn);
    meet(&mut coordinator, &mut tablet);
    assert_eq!(shown(&tablet), [Mark::HERE]);
    assert!(tablet.delivery().set_aside.is_settled(LOST));
}

#[test]
fn what_counts_for_good_has_no_way_back() {
    let bodies: [Body; 2] = [
        consent().into(),
        enrolled(PersonId(999), "Somebody new").into(),
    ];
    for body in bodies {
        let (mut coordinator, _) = two_tablets();
        let way_back = decide(&mut coordinator, &lost(body), Choice::TakeIn);
        assert_eq!(way_back, None);
        let refused = take_decision_back(&coordinator.records, PROGRAMME, Coordinator, LOST, None);
        assert_eq!(refused, Err(SetAsideError::NoWayBack));
    }
    let (coordinator, _) = two_tablets();
    assert!(coordinator.delivery().person(PersonId(999)).is_none());
}

#[test]
fn a_way_back_belongs_to_one_record() {
    let (mut coordinator, _) = two_tablets();
    let other = EventId { n: 5, ..LOST };
    let bytes = encode_event(&Event {
        id: other,
        ..event(marked(Mark::NOT_HERE))
    });
    let original = takeable(other, DAYS, &bytes).unwrap();
    let way_back = what_stands(&coordinator.records, PROGRAMME, &original);
    decide(&mut coordinator, &lost(marked(Mark::HERE)), Choice::TakeIn);
    let refused = take_decision_back(
        &coordinator.records,
        PROGRAMME,
        Coordinator,
        LOST,
        way_back.as_ref(),
    );
    assert_eq!(refused, Err(SetAsideError::NoWayBack));
}

#[test]
fn a_record_that_is_left_out_changes_nothing_and_that_can_be_taken_back() {
    let (mut coordinator, mut tablet) = two_tablets();
    decide(&mut coordinator, b"no event", Choice::LeaveOut);
    meet(&mut coordinator, &mut tablet);
    assert!(tablet.delivery().set_aside.is_settled(LOST));
    assert_eq!(shown(&tablet), []);
    take_back(&mut coordinator, None);
    meet(&mut coordinator, &mut tablet);
    assert!(!tablet.delivery().set_aside.is_settled(LOST));
    let again = take_decision_back(&tablet.records, PROGRAMME, Coordinator, LOST, None);
    assert_eq!(again, Err(SetAsideError::NothingToChange));
}

#[test]
fn a_choice_is_refused_where_it_cannot_be_made() {
    let (mut coordinator, _) = two_tablets();
    let here = lost(marked(Mark::HERE));
    let choose = |tablet: &Tablet, programme, role, bytes, choice| {
        let item = Item { event: LOST, bytes };
        settle_set_aside(&tablet.records, programme, role, item, choice).err()
    };
    let bytes = Some(here.as_slice());
    let tried = [
        (
            ProgrammeId(8),
            Coordinator,
            bytes,
            SetAsideError::NoProgramme,
        ),
        (PROGRAMME, Facilitator, bytes, SetAsideError::NotAllowed),
        (PROGRAMME, Coordinator, None, SetAsideError::NoBytes),
    ];
    for (programme, role, bytes, why) in tried {
        let refused = choose(&coordinator, programme, role, bytes, Choice::TakeIn);
        assert_eq!(refused, Some(why));
    }
    let leave_out =
        |tablet: &Tablet| choose(tablet, PROGRAMME, Coordinator, None, Choice::LeaveOut);
    assert_eq!(leave_out(&coordinator), None);
    decide(&mut coordinator, &here, Choice::TakeIn);
    assert_eq!(leave_out(&coordinator), Some(SetAsideError::TakenIn));
    let again = choose(&coordinator, PROGRAMME, Coordinator, bytes, Choice::TakeIn);
    assert_eq!(again, Some(SetAsideError::NothingToChange));
    let role = take_decision_back(&coordinator.records, PROGRAMME, Facilitator, LOST, None);
    assert_eq!(role, Err(SetAsideError::NotAllowed));
}

#[test]
fn two_coordinators_who_decided_differently_are_told_and_the_record_stands() {
    let (mut one, mut other) = two_tablets();
    let bytes = lost(marked(Mark::HERE));
    decide(&mut one, &bytes, Choice::TakeIn);
    decide(&mut other, &bytes, Choice::LeaveOut);
    meet(&mut one, &mut other);
    let set_aside = &one.delivery().set_aside;
    assert!(matches!(
        set_aside.standing(LOST),
        Standing::CheckThis { .. }
    ));
    assert!(!set_aside.is_settled(LOST));
    assert_eq!(shown(&one), [Mark::HERE]);
    // The server need not list it any more.
    let open = rows(set_aside, &[]);
    assert_eq!(open.len(), 1);
    assert_eq!(open[0].bytes, Some(bytes.as_slice()));
    assert!(open[0].is_taken_in());
    decide(&mut other, &bytes, Choice::TakeIn);
    meet(&mut one, &mut other);
    assert!(one.delivery().set_aside.is_settled(LOST));
    assert_eq!(rows(&one.delivery().set_aside, &[]), []);
}

#[test]
fn an_own_record_that_a_coordinator_took_in_is_sent_and_one_that_was_left_out_is_not() {
    use crate::sync::{Custody, custody};
    let aside = [(LOST.n, Outcome::NotAllowed)];
    let state = |tablet: &Tablet| {
        let decided = Some(&tablet.delivery().set_aside);
        custody(LOST, LOST.device, LOST.n, &aside, decided)
    };
    let (mut coordinator, _) = two_tablets();
    let bytes = lost(marked(Mark::HERE));
    assert_eq!(state(&coordinator), Custody::SetAside);
    decide(&mut coordinator, &bytes, Choice::LeaveOut);
    assert_eq!(state(&coordinator), Custody::SetAside);
    decide(&mut coordinator, &bytes, Choice::TakeIn);
    assert_eq!(state(&coordinator), Custody::Sent);
}

/// What somebody answered on a tablet that was shut out before it could send.
fn answered() -> MeasureAnswered {
    MeasureAnswered {
        response: ResponseId(77),
        person: ANN,
        moment: Moment::Baseline,
        session: Some(FIRST),
        instrument: Text::parse("ons-loneliness").unwrap(),
        version: 1,
        language: Language::English,
        mode: Mode::Alone,
        day: june(2),
        time: time(15, 0),
        finished: true,
        replies: vec![Reply::Given(3)],
    }
}

fn lost_in(stream: Stream, body: impl Into<Body>) -> Vec<u8> {
    let draft = Draft {
        stream,
        supersedes: Vec::new(),
        body: body.into(),
    };
    encode_event(&draft.place(LOST, Hlc(500 << 16), None))
}

#[test]
fn what_belongs_to_casework_is_recorded_there_once_more_and_not_in_the_decision() {
    let casework = Stream::Casework(PROGRAMME);
    let (mut coordinator, mut other) = two_tablets();
    let bytes = lost_in(casework, answered());
    assert_eq!(takeable(LOST, DAYS, &bytes), Err(NotTakeable::OtherStream));
    assert!(may_be_taken_in(LOST, PROGRAMME, &bytes));
    assert!(!may_be_taken_in(LOST, ProgrammeId(78), &bytes));
    // Two coordinators who know nothing of each other take it in.
    for tablet in [&mut coordinator, &mut other] {
        decide(tablet, &bytes, Choice::TakeIn);
        let again = settle_set_aside(
            &tablet.records,
            PROGRAMME,
            Coordinator,
            item(&bytes),
            Choice::TakeIn,
        );
        assert_eq!(again, Err(SetAsideError::NothingToChange));
    }
    meet(&mut coordinator, &mut other);
    for tablet in [&coordinator, &other] {
        let standing = tablet.delivery().set_aside.standing(LOST);
        for head in standing.all() {
            assert_eq!(head.value, Decision::RecordedAnew);
        }
        assert!(tablet.delivery().set_aside.is_taken_in(LOST));
        let measured = &tablet.records.casework(PROGRAMME).unwrap().measured;
        let said: Vec<_> = measured.all().map(|head| head.value.clone()).collect();
        assert_eq!(said, [answered()], "once, whoever took it in");
    }
    // An answer is evidence, and is not taken back.
    let back = take_decision_back(&coordinator.records, PROGRAMME, Coordinator, LOST, None);
    assert_eq!(back, Err(SetAsideError::NoWayBack));
    let left_out = settle_set_aside(
        &coordinator.records,
        PROGRAMME,
        Coordinator,
        item(&bytes),
        Choice::LeaveOut,
    );
    assert_eq!(left_out, Err(SetAsideError::TakenIn));
}

#[test]
fn nobody_takes_in_what_lies_elsewhere_or_is_another_event() {
    let (coordinator, _) = two_tablets();
    let settle = |role, event, bytes: &[u8]| {
        let item = Item {
            event,
            bytes: Some(bytes),
        };
        settle_set_aside(&coordinator.records, PROGRAMME, role, item, Choice::TakeIn).err()
    };
    let of = |stream| lost_in(stream, answered());
    let elsewhere = of(Stream::Casework(ProgrammeId(78)));
    let other_stream = Some(NotTakeable::OtherStream.into());
    assert_eq!(settle(Coordinator, LOST, &elsewhere), other_stream);
    let here = of(Stream::Casework(PROGRAMME));
    let other_event = EventId {
        n: LOST.n + 1,
        ..LOST
    };
    let not_it = Some(NotTakeable::OtherEvent.into());
    assert_eq!(settle(Coordinator, other_event, &here), not_it);
    assert_eq!(
        settle(Facilitator, LOST, &here),
        Some(SetAsideError::NotAllowed)
    );
    assert_eq!(settle(Coordinator, LOST, &here), None);
    // Only the lead reads concerns, so nobody else takes one in.
    let concern = lost_in(Stream::Safeguarding, noted(Some("Seen")));
    assert!(settle(Coordinator, LOST, &concern).is_some());
}
