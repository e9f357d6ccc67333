use super::*;
use crate::access::Role;
use crate::attendance::{AttendanceMarked, Mark, mark};
use crate::clock::{Hlc, Instant};
use crate::consent::{ConsentRecorded, Decision as Consent, GivenBy, Method, Purpose, WordingRef};
use crate::event::{
    Body, Draft, Event, Invalid, Kind, Unread, UnreadBody, check, decode_event, encode_event,
};
use crate::heads::Standing;
use crate::ids::{DeviceId, EventId, PersonId, ProgrammeId};
use crate::language::Language;
use crate::notes::{SessionNoted, write_notes};
use crate::offer::OfferPublished;
use crate::people::change_details;
use crate::programme::ProgrammeOpened;
use crate::records::testing::{
    ANN, FIRST, PROGRAMME, Tablet, details, enrolled, june, meet, text, two_tablets,
};
use crate::stream::Stream;
use crate::sync::{Outcome, PUSH_BYTES_MAX, QuarantinedEvent};
use crate::text::Paragraph;

use Role::{Coordinator, Facilitator};

const DAYS: Stream = Stream::Delivery(PROGRAMME);
/// The device whose records were set aside, and the place of the record.
const LOST: EventId = EventId {
    device: DeviceId(9),
    n: 4,
};

fn marked(mark: Mark) -> AttendanceMarked {
    AttendanceMarked {
        session: FIRST,
        person: ANN,
        mark,
        note: None,
    }
}

fn noted(typed: Option<&str>) -> SessionNoted {
    SessionNoted {
        session: FIRST,
        text: typed.map(text),
    }
}

fn consent() -> ConsentRecorded {
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

fn event(body: impl Into<Body>) -> Event {
    let draft = Draft {
        stream: DAYS,
        supersedes: Vec::new(),
        body: body.into(),
    };
    draft.place(LOST, Hlc(500 << 16), None)
}

fn lost(body: impl Into<Body>) -> Vec<u8> {
    encode_event(&event(body))
}

fn item(bytes: &[u8]) -> Item<'_> {
    Item {
        event: LOST,
        bytes: Some(bytes),
    }
}

/// Decides, and returns the way back as it was before.
fn decide(tablet: &mut Tablet, bytes: &[u8], choice: Choice) -> Option<WayBack> {
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

/// The same event with a key that nobody knows, so that its bytes have a length.
fn padded(bytes: &[u8], length: usize) -> Vec<u8> {
    let mut padded = bytes.to_vec();
    padded[0] += 1;
    // Key 10, and the head of a byte string whose length has four bytes.
    let padding = length - bytes.len() - 6;
    padded.extend([0x0a, 0x5a]);
    padded.extend(u32::try_from(padding).unwrap().to_be_bytes());
    padded.extend(vec![0; padding]);
    assert_eq!(padded.len(), length);
    padded
}

#[test]
fn each_reason_not_to_take_a_record_in_is_told() {
    let other_place = EventId {
        device: DeviceId(8),
        n: 4,
    };
    let misplaced = encode_event(&Event {
        id: other_place,
        ..event(marked(Mark::HERE))
    });
    let elsewhere = |stream, body: Body| {
        encode_event(&Event {
            stream,
            ..event(body)
        })
    };
    let unread = |kind, why| UnreadBody {
        kind: Kind(kind),
        version: 1,
        subject: None,
        bytes: vec![0xff],
        why,
    };
    let decision = SetAsideSettled {
        event: LOST,
        decision: Decision::LeftOut,
    };
    let about_another = ProgrammeOpened {
        programme: ProgrammeId(8),
        name: text("Dig"),
        organisation: text("Wellfield"),
        site: text("Field"),
        first_day: june(1),
        last_day: june(2),
    };
    let offer = OfferPublished {
        programme: PROGRAMME,
        organisation: text("Wellfield"),
        phone: text("01632 960 100"),
        texts: Vec::new(),
    };
    let mark = || marked(Mark::HERE).into();
    let newer = Body::Unread(unread(999, Unread::Newer));
    let cases = [
        (vec![0xff], NotTakeable::Unreadable),
        (lost(decision), NotTakeable::ADecision),
        (lost(newer.clone()), NotTakeable::Newer),
        (
            lost(Body::Unread(unread(30, Unread::Invalid))),
            NotTakeable::Content,
        ),
        (lost(about_another), NotTakeable::Content),
        (lost(offer), NotTakeable::WrongStream),
        (
            elsewhere(Stream::Casework(PROGRAMME), mark()),
            NotTakeable::WrongStream,
        ),
        (misplaced, NotTakeable::OtherEvent),
        (
            elsewhere(Stream::Delivery(ProgrammeId(8)), mark()),
            NotTakeable::OtherStream,
        ),
        (
            padded(&lost(marked(Mark::HERE)), ORIGINAL_BYTES_MAX + 1),
            NotTakeable::TooLarge,
        ),
    ];
    for (bytes, why) in cases {
        assert_eq!(takeable(LOST, DAYS, &bytes), Err(why), "{why:?}");
        let (tablet, _) = two_tablets();
        let refused = settle_set_aside(
            &tablet.records,
            PROGRAMME,
            Coordinator,
            item(&bytes),
            Choice::TakeIn,
        );
        assert_eq!(refused, Err(SetAsideError::NotTakeable(why)));
    }
    assert!(takeable(LOST, DAYS, &lost(marked(Mark::HERE))).is_ok());
}

#[test]
fn a_record_of_another_room_is_not_taken_in_even_where_its_kind_lies_there() {
    let casework = Event {
        stream: Stream::Casework(PROGRAMME),
        ..event(crate::referral::ReferralReceived {
            form: crate::referral::SelfReferral {
                referral: crate::ids::ReferralId(1),
                name: text("Siân"),
                contact_way: crate::referral::ContactWay::Telephone,
                contact: text("01632 960 123"),
                access: Vec::new(),
                access_note: None,
                hopes: None,
                supporter: None,
                language: Language::English,
                agreed: consent().wording,
            },
        })
    };
    let refused = takeable(LOST, Stream::Casework(PROGRAMME), &encode_event(&casework));
    assert_eq!(refused, Err(NotTakeable::OtherStream));
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
    let bytes = lost(marked(Mark::HERE));
    let choose = |tablet: &Tablet, programme, role, bytes, choice| {
        let item = Item { event: LOST, bytes };
        settle_set_aside(&tablet.records, programme, role, item, choice).err()
    };
    let bytes = Some(bytes.as_slice());
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
    decide(&mut coordinator, bytes.unwrap(), Choice::TakeIn);
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
fn what_is_listed_stands_with_what_was_decided() {
    let (mut coordinator, _) = two_tablets();
    let listed = |n| QuarantinedEvent {
        device: LOST.device,
        n,
        outcome: Outcome::NotAllowed,
        received_at: Instant(7),
        bytes: None,
    };
    let listed = [listed(5), listed(4)];
    decide(&mut coordinator, b"", Choice::LeaveOut);
    let rows = rows(&coordinator.delivery().set_aside, &listed);
    let stand: Vec<_> = rows
        .iter()
        .map(|row| (row.event.n, row.is_settled()))
        .collect();
    assert_eq!(stand, [(5, false), (4, true)]);
    assert_eq!(rows[0].told, Some((Outcome::NotAllowed, Instant(7))));
}

/// A decision whose envelope says what these bytes of a body do.
fn forged(stream: Stream, original: &[u8]) -> Event {
    let mut body = vec![0xa4, 0x00, 0x09, 0x01, 0x04, 0x02, 0x01, 0x03, 0x59];
    body.extend(u16::try_from(original.len()).unwrap().to_be_bytes());
    body.extend(original);
    let subject = decode_event(original)
        .ok()
        .and_then(|event| event.body.subject());
    let body = Body::from_bytes(Kind(61), 1, subject, &body);
    Event {
        id: EventId {
            device: DeviceId(2),
            n: 1,
        },
        stream,
        ..event(body)
    }
}

#[test]
fn a_forged_decision_is_set_aside_and_changes_nothing() {
    let other_place = encode_event(&Event {
        id: EventId { n: 5, ..LOST },
        ..event(marked(Mark::HERE))
    });
    let decision = SetAsideSettled {
        event: LOST,
        decision: Decision::LeftOut,
    };
    let elsewhere = Stream::Delivery(ProgrammeId(8));
    let cases = [
        (DAYS, b"no event".to_vec()),
        (DAYS, lost(decision)),
        (DAYS, other_place),
        (elsewhere, lost(marked(Mark::HERE))),
    ];
    for (stream, original) in cases {
        let (tablet, _) = two_tablets();
        let forged = forged(stream, &original);
        assert_eq!(check(&forged), Err(Invalid::Content));
        let mut records = tablet.records.clone();
        records.apply(&forged);
        let days = records.delivery(PROGRAMME).unwrap();
        assert_eq!(days, tablet.delivery());
        let nothing = crate::records::Delivery::default();
        let other = records.delivery(ProgrammeId(8)).unwrap_or(&nothing);
        assert_eq!(*other, nothing);
    }
    // The same bytes in their place are no forgery.
    assert_eq!(check(&forged(DAYS, &lost(marked(Mark::HERE)))), Ok(()));
}

#[test]
fn decisions_within_decisions_are_not_opened() {
    let mut bytes = lost(marked(Mark::HERE));
    for _ in 0..200 {
        let mut body = vec![0xa4, 0x00, 0x09, 0x01, 0x04, 0x02, 0x01, 0x03, 0x59];
        body.extend(u16::try_from(bytes.len()).unwrap().to_be_bytes());
        body.extend(&bytes);
        bytes = lost(Body::Unread(UnreadBody {
            kind: Kind(61),
            version: 1,
            subject: None,
            bytes: body,
            why: Unread::Newer,
        }));
    }
    assert_eq!(takeable(LOST, DAYS, &bytes), Err(NotTakeable::ADecision));
    let read = decode_event(&bytes).unwrap();
    assert!(matches!(read.body, Body::Unread(_)));
}

#[test]
fn a_decision_about_the_longest_original_still_goes_through_a_push() {
    let (tablet, _) = two_tablets();
    let longest = padded(&lost(marked(Mark::HERE)), ORIGINAL_BYTES_MAX);
    let drafts = settle_set_aside(
        &tablet.records,
        PROGRAMME,
        Coordinator,
        item(&longest),
        Choice::TakeIn,
    );
    let [draft] = drafts.unwrap().try_into().unwrap();
    let supersedes = vec![LOST; 64];
    let draft = Draft {
        supersedes,
        ..draft
    };
    let bytes = encode_event(&draft.place(LOST, Hlc(u64::MAX), None));
    assert!(bytes.len() < PUSH_BYTES_MAX / 8, "{}", bytes.len());
}

/// Four bytes a letter, every field at its limit.
#[test]
fn the_longest_record_that_people_can_type_can_be_taken_in() {
    let line = || text::<100>(&"😀".repeat(100));
    let paragraph = || text::<2000>(&"😀".repeat(2000));
    let contact = || crate::people::Contact {
        name: line(),
        relation: Some(line()),
        phone: line(),
    };
    let longest = crate::people::PersonDetails {
        preferred_name: line(),
        access: crate::people::AccessNeed::ALL.to_vec(),
        access_note: Some(paragraph()),
        agreed_support: Some(paragraph()),
        emergency: Some(contact()),
        supporter: Some(contact()),
    };
    let recorded = crate::people::PersonRecorded {
        details: longest,
        ..enrolled(ANN, "Ann")
    };
    let event = Event {
        supersedes: vec![LOST; 64],
        ..event(recorded)
    };
    assert!(takeable(LOST, DAYS, &encode_event(&event)).is_ok());
}

#[test]
fn an_original_tells_nothing_of_what_people_typed() {
    let original = takeable(LOST, DAYS, &lost(noted(Some("The red trowel")))).unwrap();
    assert!(!format!("{original:?}").contains("trowel"));
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
