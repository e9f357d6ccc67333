//! What the first screens show from the copy is what they show from everything.

use proptest::prelude::*;

use super::*;
use crate::attendance::{AttendanceMarked, Mark};
use crate::clock::{Hlc, Month};
use crate::event::{Draft, encode_event};
use crate::ids::{DeviceId, EventId, PersonId, ProgrammeId};
use crate::notes::SessionNoted;
use crate::programme::SessionPlanned;
use crate::records::testing::{enrolled, time};
use crate::set_aside::{SetAsideSettled, takeable};
use crate::stream::Stream;

const PROGRAMME: ProgrammeId = ProgrammeId(100);
const STREAM: Stream = Stream::Delivery(PROGRAMME);
const PEOPLE: u64 = 3;
/// Sessions a week apart; the fifth is on the day of the copy.
const SESSIONS: u64 = 9;

fn day() -> Date {
    Date::from_calendar_date(2026, Month::June, 29).unwrap()
}

fn date_of(session: u64) -> Date {
    let first = Date::from_calendar_date(2026, Month::June, 1).unwrap();
    Date::from_julian_day(first.to_julian_day() + 7 * (session as i32)).unwrap()
}

fn event(n: u64, supersedes: &[u64], body: impl Into<Body>) -> Event {
    let id = |n| EventId {
        device: DeviceId(2),
        n,
    };
    let draft = Draft {
        stream: STREAM,
        supersedes: supersedes.iter().map(|n| id(*n)).collect(),
        body: body.into(),
    };
    draft.place(id(n), Hlc(n << 16), None)
}

/// The programme's plan and people, then marks and notes: each of a session, a person and whether it
/// supersedes what stands.
fn history(marks: &[(u64, u64, bool, bool)]) -> Vec<Event> {
    let mut events = Vec::new();
    let next = |events: &Vec<Event>| events.len() as u64 + 1;
    for session in 0..SESSIONS {
        let planned = SessionPlanned {
            session: SessionId(session),
            number: session as u16 + 1,
            date: date_of(session),
            starts: time(10, 0),
            ends: time(15, 0),
            place: None,
        };
        events.push(event(next(&events), &[], planned));
    }
    for person in 0..PEOPLE {
        events.push(event(next(&events), &[], enrolled(PersonId(person), "Ann")));
    }
    for &(session, person, here, follows) in marks {
        let last = events.iter().rev().find(|event| {
            matches!(&event.body, Body::AttendanceMarked(marked)
                if marked.session.0 == session && marked.person.0 == person)
        });
        let superseded: Vec<u64> = last
            .filter(|_| follows)
            .map(|last| last.id.n)
            .into_iter()
            .collect();
        let marked = AttendanceMarked {
            session: SessionId(session),
            person: PersonId(person),
            mark: if here { Mark::HERE } else { Mark::NOT_HERE },
            note: None,
        };
        events.push(event(next(&events), &superseded, marked));
    }
    let noted = SessionNoted {
        session: SessionId(4),
        text: None,
    };
    events.push(event(next(&events), &[], noted));
    events
}

fn fold(events: &[Event]) -> Records {
    let mut records = Records::default();
    events.iter().for_each(|event| records.apply(event));
    records
}

fn block(events: &[Event]) -> Vec<u8> {
    let pulled: Vec<_> = events
        .iter()
        .zip(1..)
        .map(|(event, seq)| PulledEvent {
            seq,
            received_at: NOT_ARRIVED,
            bytes: encode_event(event),
        })
        .collect();
    encode_block(&pulled)
}

fn cursor(after: u64) -> Cursor {
    Cursor {
        stream: STREAM,
        epoch: 3,
        after,
    }
}

/// The copy of a history of which the first part was received and the rest is the tablet's own.
fn copy(events: &[Event], received: usize) -> StartCopy {
    let mut picker = StartPicker::new(&fold(events), day());
    picker.take_block(&block(&events[..received]));
    events[received..]
        .iter()
        .for_each(|event| picker.take_row(&encode_event(event)));
    picker.finish(vec![cursor(received as u64)])
}

proptest! {
    #[test]
    fn near_sessions_and_everybody_are_as_they_are_with_everything(
        marks in prop::collection::vec((0..SESSIONS, 0..PEOPLE, any::<bool>(), any::<bool>()), 0..60),
        received in any::<prop::sample::Index>(),
        covered in any::<prop::sample::Index>(),
    ) {
        let events = history(&marks);
        let covered = 1 + covered.index(events.len());
        let copy = copy(&events[..covered], received.index(covered + 1));
        let read = StartCopy::from_bytes(&copy.to_bytes()).unwrap();
        prop_assert_eq!(&read, &copy);
        let mut records = Records::default();
        read.fold_into(&mut records).unwrap();
        events[covered..].iter().for_each(|event| records.apply(event));
        let whole = fold(&events);
        let (some, all) = (records.delivery(PROGRAMME).unwrap(), whole.delivery(PROGRAMME).unwrap());
        // Sessions that were planned only after the copy was made are as far as the copy knows them.
        for session in (0..SESSIONS).filter(|session| covered >= SESSIONS as usize && is_near(date_of(*session), day())) {
            for person in 0..PEOPLE {
                let (session, person) = (SessionId(session), PersonId(person));
                prop_assert_eq!(
                    some.attendance.heads(session, person),
                    all.attendance.heads(session, person)
                );
            }
            prop_assert_eq!(some.notes(SessionId(session)), all.notes(SessionId(session)));
        }
        prop_assert!(some.people().eq(all.people()));
        prop_assert_eq!(some.sessions().count(), all.sessions().count());
    }

    #[test]
    fn any_bytes_are_a_copy_or_none(bytes in any::<Vec<u8>>()) {
        let _ = StartCopy::from_bytes(&bytes);
    }
}

#[test]
fn sessions_far_away_are_left_out_which_is_what_the_copy_is_for() {
    let marks: Vec<_> = (0..SESSIONS)
        .map(|session| (session, 0, true, false))
        .collect();
    let events = history(&marks);
    let mut records = Records::default();
    copy(&events, events.len()).fold_into(&mut records).unwrap();
    let attendance = &records.delivery(PROGRAMME).unwrap().attendance;
    let there: Vec<_> = (0..SESSIONS)
        .filter(|session| attendance.heads(SessionId(*session), PersonId(0)).is_some())
        .collect();
    assert_eq!(there, [3, 4, 5]);
}

#[test]
fn a_copy_serves_its_week_and_the_streams_that_it_was_made_of() {
    let events = history(&[]);
    let copy = copy(&events, events.len());
    let after = |days: i32| Date::from_julian_day(day().to_julian_day() + days).unwrap();
    let now = [cursor(events.len() as u64 + 7)];
    assert!(copy.serves(day(), &now));
    assert!(copy.serves(after(5), &now) && !copy.serves(after(6), &now));
    assert!(copy.serves(after(-5), &now) && !copy.serves(after(-6), &now));
    assert!(!copy.serves(day(), &[]), "the stream is gone");
    assert!(
        !copy.serves(day(), &[cursor(1)]),
        "the stream was read afresh and not as far"
    );
    let afresh = Cursor { epoch: 4, ..now[0] };
    assert!(!copy.serves(day(), &[afresh]));
    assert_eq!(copy.covers(&now[0]), events.len() as u64);
    assert_eq!(copy.covers(&afresh), 0);
}

#[test]
fn a_damaged_copy_is_none() {
    let events = history(&[]);
    let mut damaged = copy(&events, events.len());
    damaged.blocks[0] = b"damaged".to_vec();
    let read = StartCopy::from_bytes(&damaged.to_bytes()).unwrap();
    assert_eq!(read.fold_into(&mut Records::default()), Err(Damaged));
}

#[test]
fn what_was_taken_in_is_in_the_copy_where_its_day_is() {
    let near = (0..SESSIONS).find(|session| is_near(date_of(*session), day()));
    let cases = [(near.unwrap(), true), (0, false)];
    for (session, copied) in cases {
        let mut events = history(&[]);
        let marked = AttendanceMarked {
            session: SessionId(session),
            person: PersonId(1),
            mark: Mark::HERE,
            note: None,
        };
        let original = Event {
            id: EventId {
                device: DeviceId(9),
                n: 1,
            },
            ..event(1, &[], marked)
        };
        let original = takeable(original.id, STREAM, &encode_event(&original)).unwrap();
        let settled = SetAsideSettled {
            event: original.event().id,
            decision: Decision::TakenIn(original),
        };
        let decided = settled.event;
        events.push(event(events.len() as u64 + 1, &[], settled));
        let left_out = SetAsideSettled {
            event: EventId { n: 2, ..decided },
            decision: Decision::LeftOut,
        };
        let other = left_out.event;
        events.push(event(events.len() as u64 + 1, &[], left_out));
        let mut records = Records::default();
        events.iter().for_each(|event| records.apply(event));
        let mut picker = StartPicker::new(&records, day());
        events
            .iter()
            .for_each(|event| picker.take_row(&encode_event(event)));
        let mut first = Records::default();
        picker.finish(Vec::new()).fold_into(&mut first).unwrap();
        let delivery = first.delivery(PROGRAMME).unwrap();
        assert_eq!(delivery.set_aside.is_taken_in(decided), copied);
        assert!(delivery.set_aside.is_settled(other));
        let mark = delivery.attendance.heads(SessionId(session), PersonId(1));
        assert_eq!(mark.is_some(), copied);
    }
}
