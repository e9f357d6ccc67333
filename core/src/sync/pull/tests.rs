use super::*;
use crate::clock::Instant;
use crate::ids::ProgrammeId;
use crate::sync::{MEDIA_TYPE, Message};

const STREAM: Stream = Stream::Delivery(ProgrammeId(1));

fn ours(message: &impl Message) -> HttpReply {
    HttpReply {
        status: 200,
        media_type: MEDIA_TYPE.to_owned(),
        body: message.to_bytes(),
    }
}

fn streams(epoch: u32, head: u64) -> HttpReply {
    ours(&StreamsReply {
        streams: vec![StreamHead {
            stream: STREAM,
            epoch,
            head,
        }],
        server_time: Instant(0),
        snapshots: Vec::new(),
        sealing: None,
        erased: crate::sync::OwnErased::default(),
    })
}

fn page(after: u64, count: u64, head: u64) -> PullReply {
    let events = (after + 1..=after + count)
        .map(|seq| PulledEvent {
            seq,
            received_at: Instant(5),
            bytes: vec![seq as u8],
        })
        .collect();
    PullReply {
        stream: STREAM,
        epoch: 1,
        after,
        head,
        events,
    }
}

/// A lane that knows what is shown and what lies beside it, and has this reply to its question.
fn asked_with(here: Cursors, reply: &HttpReply) -> (PullLane, Option<PullEffect>) {
    let mut lane = PullLane::default();
    lane.step(PullInput::Wake, 0);
    lane.step(PullInput::Cursors(here), 0);
    let effect = lane.step(PullInput::Reply(reply), 0);
    (lane, effect)
}

fn asked(shown: Vec<Cursor>, reply: &HttpReply) -> (PullLane, Option<PullEffect>) {
    let beside = Vec::new();
    asked_with(
        Cursors {
            shown,
            beside,
            ..Cursors::default()
        },
        reply,
    )
}

fn refusal(problem: Problem) -> HttpReply {
    let problem = ProblemReply::from(problem);
    HttpReply {
        status: problem.status(),
        media_type: MEDIA_TYPE.to_owned(),
        body: problem.to_bytes(),
    }
}

fn at(after: u64) -> Cursor {
    Cursor {
        stream: STREAM,
        epoch: 1,
        after,
    }
}

#[test]
fn pages_follow_each_other_until_the_head() {
    let (mut lane, effect) = asked(vec![], &streams(1, 3));
    assert_eq!(
        effect,
        Some(PullEffect::GetPage {
            cursor: at(0),
            limit: PULL_EVENTS_MAX
        })
    );
    let saved = lane.step(PullInput::Reply(&ours(&page(0, 2, 3))), 0);
    assert!(matches!(saved, Some(PullEffect::SavePage(Page { cursor, .. })) if cursor == at(2)));
    let next = lane.step(PullInput::Saved, 0);
    assert_eq!(
        next,
        Some(PullEffect::GetPage {
            cursor: at(2),
            limit: PULL_EVENTS_MAX
        })
    );
    lane.step(PullInput::Reply(&ours(&page(2, 1, 3))), 0);
    assert_eq!(lane.step(PullInput::Saved, 0), Some(PullEffect::Rest));
}

#[test]
fn a_page_with_a_gap_or_from_elsewhere_is_not_believed() {
    let mut gap = page(0, 3, 3);
    gap.events.remove(1);
    let elsewhere = PullReply {
        after: 1,
        ..page(0, 2, 3)
    };
    let other_stream = PullReply {
        stream: Stream::Public,
        ..page(0, 2, 3)
    };
    let other_epoch = PullReply {
        epoch: 2,
        ..page(0, 2, 3)
    };
    let beyond_the_head = page(0, 3, 2);
    let nothing_where_there_is_more = page(0, 0, 3);
    for wrong in [
        gap,
        elsewhere,
        other_stream,
        other_epoch,
        beyond_the_head,
        nothing_where_there_is_more,
    ] {
        let (mut lane, _) = asked(vec![], &streams(1, 3));
        let effect = lane.step(PullInput::Reply(&ours(&wrong)), 0);
        assert!(matches!(effect, Some(PullEffect::Wait { .. })), "{wrong:?}");
    }
}

fn to_save(after: u64, count: u64, head: u64, place: Place) -> Page {
    let PullReply { events, .. } = page(after, count, head);
    Page {
        cursor: at(after + count),
        head,
        place,
        events,
    }
}

const fn in_epoch(epoch: u32, after: u64) -> Cursor {
    Cursor {
        stream: STREAM,
        epoch,
        after,
    }
}

#[test]
fn a_page_is_saved_only_where_another_tab_has_not_moved_the_cursor() {
    let asked_at_5 = to_save(5, 2, 9, Place::Shown);
    for (here, follows) in [
        (Some(at(5)), true),
        (Some(at(4)), false),
        (Some(at(7)), false),
        (Some(in_epoch(2, 5)), false),
        (None, false),
    ] {
        assert_eq!(asked_at_5.follows(here.as_ref(), None), follows, "{here:?}");
    }
    assert!(to_save(0, 2, 9, Place::Shown).follows(None, None));
}

#[test]
fn a_page_of_a_replacement_is_saved_only_where_it_still_replaces_something() {
    let old = in_epoch(7, 5);
    for place in [Place::Beside, Place::Instead] {
        let (first, later) = (to_save(0, 2, 9, place), to_save(2, 2, 9, place));
        for (shown, beside, first_follows, later_follows) in [
            (Some(old), None, true, false),
            (Some(old), Some(at(2)), true, true),
            (Some(old), Some(at(4)), true, false),
            (Some(old), Some(in_epoch(7, 2)), true, false),
            // The server was restored and kept its epoch: what is shown reaches further than it does.
            (Some(at(10)), Some(at(2)), true, true),
            // Another tab was quicker: what is shown is the replacement.
            (Some(at(9)), Some(at(2)), false, false),
            (None, Some(at(2)), false, false),
        ] {
            let follows = |page: &Page| page.follows(shown.as_ref(), beside.as_ref());
            let case = (place, shown, beside);
            assert_eq!(follows(&first), first_follows, "{case:?}");
            assert_eq!(follows(&later), later_follows, "{case:?}");
        }
    }
}

#[test]
fn a_trigger_in_mid_read_is_not_lost() {
    let (mut lane, _) = asked(vec![], &streams(1, 1));
    assert_eq!(lane.step(PullInput::Wake, 0), None);
    lane.step(PullInput::Reply(&ours(&page(0, 1, 1))), 0);
    let next = lane.step(PullInput::Saved, 0);
    assert_eq!(next, Some(PullEffect::ReadCursors));
}

#[test]
fn a_stream_that_became_forbidden_in_mid_read_is_forgotten_at_once() {
    let (mut lane, _) = asked(vec![at(1)], &streams(1, 3));
    let effect = lane.step(PullInput::Reply(&refusal(Problem::Forbidden)), 0);
    assert_eq!(effect, Some(PullEffect::Forget(STREAM)));
    let next = lane.step(PullInput::Saved, 0);
    assert_eq!(next, Some(PullEffect::ReadCursors));
}

#[test]
fn a_stream_that_changed_its_epoch_in_mid_read_is_looked_at_again_and_stays() {
    let (mut lane, _) = asked(vec![at(1)], &streams(1, 3));
    let effect = lane.step(PullInput::Reply(&refusal(Problem::EpochChanged)), 0);
    assert_eq!(effect, Some(PullEffect::ReadCursors));
}

#[test]
fn a_stream_that_is_no_longer_ours_is_forgotten() {
    let gone = ours(&StreamsReply {
        streams: vec![],
        server_time: Instant(0),
        snapshots: Vec::new(),
        sealing: None,
        erased: crate::sync::OwnErased::default(),
    });
    let (_, effect) = asked(vec![at(5)], &gone);
    assert_eq!(effect, Some(PullEffect::Forget(STREAM)));
}

#[test]
fn a_device_that_was_shut_out_forgets_every_stream_and_waits() {
    let public = Cursor {
        stream: Stream::Public,
        ..at(2)
    };
    let (mut lane, effect) = asked(vec![at(5), public], &refusal(Problem::Revoked));
    assert_eq!(effect, Some(PullEffect::Forget(STREAM)));
    let next = lane.step(PullInput::Saved, 0);
    assert_eq!(next, Some(PullEffect::Forget(Stream::Public)));
    let last = lane.step(PullInput::Saved, 0);
    assert!(matches!(last, Some(PullEffect::Wait { .. })));
}

/// An unknown device may be one whose server was restored from an old backup: it keeps what it has.
#[test]
fn a_device_that_the_server_does_not_know_forgets_nothing() {
    let (_, effect) = asked(vec![at(5)], &refusal(Problem::UnknownDevice));
    assert!(matches!(effect, Some(PullEffect::Wait { .. })));
}

#[test]
fn a_stream_that_is_empty_now_is_forgotten() {
    let (_, effect) = asked(vec![at(5)], &streams(2, 0));
    assert_eq!(effect, Some(PullEffect::Forget(STREAM)));
}

#[test]
fn a_new_epoch_or_a_shorter_stream_is_read_beside_what_is_shown() {
    for shown in [in_epoch(7, 2), at(5)] {
        let (mut lane, effect) = asked(vec![shown], &streams(1, 4));
        let (cursor, limit) = (at(0), PULL_EVENTS_MAX);
        assert_eq!(effect, Some(PullEffect::GetPage { cursor, limit }));
        let first = lane.step(PullInput::Reply(&ours(&page(0, 3, 4))), 0);
        let expected = to_save(0, 3, 4, Place::Beside);
        assert_eq!(first, Some(PullEffect::SavePage(expected)));
        let next = lane.step(PullInput::Saved, 0);
        let cursor = at(3);
        assert_eq!(next, Some(PullEffect::GetPage { cursor, limit }));
        let last = lane.step(PullInput::Reply(&ours(&page(3, 1, 4))), 0);
        let expected = to_save(3, 1, 4, Place::Instead);
        assert_eq!(last, Some(PullEffect::SavePage(expected)));
        assert_eq!(lane.step(PullInput::Saved, 0), Some(PullEffect::Rest));
    }
}

#[test]
fn a_replacement_that_was_begun_goes_on_and_one_of_another_epoch_begins_again() {
    for (begun, start) in [(at(3), at(3)), (in_epoch(6, 3), at(0)), (at(5), at(0))] {
        let here = Cursors {
            shown: vec![in_epoch(7, 9)],
            beside: vec![begun],
            begun: vec![],
        };
        let (_, effect) = asked_with(here, &streams(1, 4));
        let (cursor, limit) = (start, PULL_EVENTS_MAX);
        let asks = Some(PullEffect::GetPage { cursor, limit });
        assert_eq!(effect, asks, "{begun:?}");
    }
}

#[test]
fn a_replacement_that_is_whole_but_was_not_taken_yet_is_taken() {
    let here = Cursors {
        shown: vec![in_epoch(7, 9)],
        beside: vec![at(4)],
        begun: vec![],
    };
    let (mut lane, _) = asked_with(here, &streams(1, 4));
    let effect = lane.step(PullInput::Reply(&ours(&page(4, 0, 4))), 0);
    let expected = to_save(4, 0, 4, Place::Instead);
    assert_eq!(effect, Some(PullEffect::SavePage(expected)));
}

/// Under a number whose receipt it does not have may lie another record, since it was put back to an image.
#[test]
fn a_device_erases_what_it_knows_to_be_held_and_is_told_of_the_rest_again() {
    let told = crate::sync::OwnErased {
        numbers: vec![4, 9, 2],
        through: 30,
    };
    let known = |acked| told.known(acked).collect::<Vec<_>>();
    assert_eq!(known(4), [4, 2]);
    assert_eq!(known(9), [4, 9, 2]);
    let said = |epoch| StreamsReply {
        streams: vec![StreamHead {
            stream: STREAM,
            epoch,
            head: 3,
        }],
        server_time: Instant(5),
        snapshots: vec![],
        sealing: None,
        erased: told.clone(),
    };
    let mut asked = crate::sync::ToldErased::default();
    let mut place_after = |epoch, acked| {
        asked.carried_out(&said(epoch), acked);
        asked.place()
    };
    assert_eq!(place_after(1, 4), 0, "the ninth waits for its receipt");
    assert_eq!(place_after(1, 9), 30);
    assert_eq!(place_after(2, 9), 0, "everything is told anew");
    assert_eq!(place_after(2, 9), 30);
}
