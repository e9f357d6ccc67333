use super::*;
use crate::event::{Body, Draft, Invalid, check};
use crate::ids::{DeviceId, EventId};
use crate::records::testing::{FIRST, PROGRAMME, SECOND, june, tablet, text, time};
use crate::stream::Stream;

#[test]
fn sessions_stand_in_the_order_of_their_days_and_times() {
    let mut tablet = tablet();
    let planned = |session, day, starts| SessionPlanned {
        session: SessionId(session),
        number: 9,
        date: june(day),
        starts: time(starts, 0),
        ends: time(16, 0),
        place: None,
    };
    tablet.record_body(&[], planned(1, 4, 14));
    tablet.record_body(&[], planned(2, 1, 10));
    let order: Vec<_> = sessions_in_order(tablet.delivery())
        .iter()
        .map(|session| session.session)
        .collect();
    assert_eq!(order, [SessionId(2), FIRST, SECOND, SessionId(1)]);
}

#[test]
fn a_screen_opens_with_the_session_of_today_or_the_next_or_the_last() {
    let tablet = tablet();
    for (today, expected) in [
        (1, FIRST),
        (2, FIRST),
        (3, SECOND),
        (4, SECOND),
        (30, SECOND),
    ] {
        let session = current_session(tablet.delivery(), june(today)).unwrap();
        assert_eq!(session.session, expected, "on {today} June");
    }
}

#[test]
fn a_day_is_before_after_or_on_the_day_of_a_session() {
    let tablet = tablet();
    let session = tablet.delivery().session(FIRST).unwrap();
    for (today, expected) in [
        (1, SessionDay::ToCome),
        (2, SessionDay::Today),
        (3, SessionDay::Past),
    ] {
        assert_eq!(session_day(session, june(today)), expected);
    }
}

#[test]
fn a_programme_describes_itself_in_its_own_stream_and_in_no_other() {
    let opened = |programme| -> Body {
        ProgrammeOpened {
            programme,
            name: text("Dig"),
            organisation: text("Wellfield"),
            site: text("Field"),
            first_day: june(1),
            last_day: june(2),
        }
        .into()
    };
    for (programme, expected) in [(PROGRAMME, Ok(())), (ProgrammeId(8), Err(Invalid::Content))] {
        let draft = Draft {
            stream: Stream::Delivery(PROGRAMME),
            supersedes: vec![],
            body: opened(programme),
        };
        let id = EventId {
            device: DeviceId(2),
            n: 1,
        };
        let event = draft.place(id, crate::clock::Hlc::ZERO, None);
        assert_eq!(check(&event), expected);
    }
}
