//! What may be taken in, and what may not.

use super::*;
use crate::access::Role::Coordinator;
use crate::attendance::Mark;
use crate::clock::Hlc;
use crate::event::{Draft, Event, Kind, UnreadBody, encode_event};
use crate::ids::{DeviceId, ProgrammeId, ReferralId};
use crate::language::Language;
use crate::offer::OfferPublished;
use crate::people::{AccessNeed, Contact, PersonDetails, PersonRecorded};
use crate::programme::ProgrammeOpened;
use crate::records::Delivery;
use crate::records::testing::{ANN, PROGRAMME, enrolled, june, text, two_tablets};
use crate::referral::{ContactWay, ReferralReceived, SelfReferral};
use crate::set_aside::tests::{DAYS, LOST, consent, decide, event, item, lost, marked, noted};
use crate::set_aside::{Choice, SetAsideError, settle_set_aside};
use crate::sync::PUSH_BYTES_MAX;

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
        ..event(ReferralReceived {
            form: SelfReferral {
                referral: ReferralId(1),
                name: text("Siân"),
                contact_way: ContactWay::Telephone,
                contact: text("01632 960 123"),
                access: Vec::new(),
                access_note: None,
                hopes: None,
                supporter: None,
                language: Language::English,
                agreed: consent().wording,
            },
            doubts: Vec::new(),
            referrer: None,
        })
    };
    let refused = takeable(LOST, Stream::Casework(PROGRAMME), &encode_event(&casework));
    assert_eq!(refused, Err(NotTakeable::OtherStream));
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
        let nothing = Delivery::default();
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
    let contact = || Contact {
        name: line(),
        relation: Some(line()),
        phone: line(),
    };
    let longest = PersonDetails {
        preferred_name: line(),
        access: AccessNeed::ALL.to_vec(),
        access_note: Some(paragraph()),
        agreed_support: Some(paragraph()),
        emergency: Some(contact()),
        supporter: Some(contact()),
    };
    let recorded = PersonRecorded {
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
