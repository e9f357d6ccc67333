use super::*;
use crate::clock::Instant;
use crate::sync::{MEDIA_TYPE, Message, ProblemReply};

const DEVICE: DeviceId = DeviceId(7);

fn sending(lane: &mut PushLane, acked: u64, newest: u64) -> PushEffect {
    assert_eq!(
        lane.step(PushInput::Wake, 0),
        Some(PushEffect::ReadOutbox {
            limit: PUSH_EVENTS_FIRST
        })
    );
    lane.step(PushInput::Outbox(page(acked, newest)), 0)
        .unwrap()
}

fn page(acked: u64, newest: u64) -> OutboxPage {
    OutboxPage {
        device: DEVICE,
        acked,
        newest,
        events: (acked..newest).map(|n| vec![n as u8]).collect(),
    }
}

fn receipt(first_n: u64, max_n: u64, count: usize) -> PushReply {
    PushReply {
        device: DEVICE,
        max_n,
        first_n,
        outcomes: vec![Outcome::Stored; count],
        server_time: Instant(0),
        taken_out: false,
    }
}

fn reply(receipt: &PushReply) -> HttpReply {
    HttpReply {
        status: 200,
        media_type: MEDIA_TYPE.to_owned(),
        body: receipt.to_bytes(),
    }
}

#[test]
fn an_acknowledged_batch_is_saved_and_the_rest_is_read() {
    let mut lane = PushLane::new(DEVICE);
    sending(&mut lane, 0, 3);
    let saved = lane.step(PushInput::Reply(&reply(&receipt(1, 3, 3))), 0);
    assert_eq!(
        saved,
        Some(PushEffect::SaveAck {
            first_n: 1,
            max_n: 3,
            quarantined: vec![]
        })
    );
    assert_eq!(
        lane.step(PushInput::Saved, 0),
        Some(PushEffect::ReadOutbox {
            limit: PUSH_EVENTS_FIRST
        })
    );
    let empty = OutboxPage {
        device: DEVICE,
        acked: 3,
        newest: 3,
        events: vec![],
    };
    assert_eq!(
        lane.step(PushInput::Outbox(empty), 0),
        Some(PushEffect::Rest)
    );
}

#[test]
fn a_login_page_with_status_200_clears_nothing() {
    let mut lane = PushLane::new(DEVICE);
    sending(&mut lane, 0, 3);
    let portal = HttpReply {
        status: 200,
        media_type: "text/html".to_owned(),
        body: receipt(1, 3, 3).to_bytes(),
    };
    assert!(matches!(
        lane.step(PushInput::Reply(&portal), 0),
        Some(PushEffect::Wait { .. })
    ));
}

#[test]
fn a_receipt_for_somebody_else_or_something_else_clears_nothing() {
    let wrong = [
        PushReply {
            device: DeviceId(8),
            ..receipt(1, 3, 3)
        },
        receipt(2, 3, 3),
        receipt(1, 2, 3),
        receipt(1, 3, 2),
    ];
    for receipt in wrong {
        let mut lane = PushLane::new(DEVICE);
        sending(&mut lane, 0, 3);
        let effect = lane.step(PushInput::Reply(&reply(&receipt)), 0);
        assert!(
            matches!(effect, Some(PushEffect::Wait { .. })),
            "{receipt:?}"
        );
    }
}

#[test]
fn a_device_that_is_not_believed_keeps_its_records_says_so_and_goes_on_when_it_is() {
    for problem in [Problem::UnknownDevice, Problem::Unproven] {
        let mut lane = PushLane::new(DEVICE);
        sending(&mut lane, 0, 3);
        let refused = HttpReply {
            status: 401,
            media_type: MEDIA_TYPE.to_owned(),
            body: ProblemReply::from(problem).to_bytes(),
        };
        let effect = lane.step(PushInput::Reply(&refused), 0);
        assert!(
            matches!(effect, Some(PushEffect::Wait { .. })),
            "{problem:?}"
        );
        assert_eq!(lane.halt(), Some(Halt::UnknownDevice));
        sending(&mut lane, 0, 3);
        let effect = lane.step(PushInput::Reply(&reply(&receipt(1, 3, 3))), 0);
        assert!(matches!(effect, Some(PushEffect::SaveAck { max_n: 3, .. })));
        assert_eq!(lane.halt(), None);
    }
}

#[test]
fn a_server_that_knows_more_than_was_recorded_here_is_a_fork() {
    let mut lane = PushLane::new(DEVICE);
    sending(&mut lane, 0, 3);
    lane.step(PushInput::Reply(&reply(&receipt(1, 9, 3))), 0);
    lane.step(PushInput::Saved, 0);
    lane.step(PushInput::Outbox(page(3, 3)), 0);
    assert_eq!(lane.halt(), Some(Halt::Fork));
}

#[test]
fn another_tab_that_sent_more_in_the_meantime_is_no_fork() {
    let mut lane = PushLane::new(DEVICE);
    sending(&mut lane, 0, 3);
    lane.step(PushInput::Reply(&reply(&receipt(1, 9, 3))), 0);
    lane.step(PushInput::Saved, 0);
    let rest = lane.step(PushInput::Outbox(page(9, 9)), 0);
    assert_eq!((rest, lane.halt()), (Some(PushEffect::Rest), None));
}

/// A tablet restored from a copy holds other records under numbers that the server holds too. Were
/// the server's word taken for them, they would count as sent and never be compared.
#[test]
fn a_receipt_clears_no_more_than_what_was_sent_with_it() {
    let mut lane = PushLane::new(DEVICE);
    sending(&mut lane, 0, 3);
    let saved = lane.step(PushInput::Reply(&reply(&receipt(1, 9, 3))), 0);
    assert!(matches!(saved, Some(PushEffect::SaveAck { max_n: 3, .. })));
}

#[test]
fn an_empty_outbox_asks_the_server_once_and_then_rests() {
    let mut lane = PushLane::new(DEVICE);
    let hello = sending(&mut lane, 5, 5);
    let PushEffect::Send(request) = hello else {
        panic!("{hello:?}");
    };
    assert_eq!((request.first_n, request.events.len()), (6, 0));
    lane.step(PushInput::Reply(&reply(&receipt(6, 5, 0))), 0);
    let rest = lane.step(PushInput::Outbox(page(5, 5)), 0);
    assert_eq!(rest, Some(PushEffect::Rest));
}

#[test]
fn a_server_restored_from_a_backup_gets_what_it_lost_although_nothing_is_unsent() {
    let mut lane = PushLane::new(DEVICE);
    sending(&mut lane, 5, 5);
    let gap = ProblemReply {
        expected_n: Some(3),
        ..Problem::Gap.into()
    };
    let gap = HttpReply {
        status: 409,
        media_type: MEDIA_TYPE.to_owned(),
        body: gap.to_bytes(),
    };
    let effect = lane.step(PushInput::Reply(&gap), 0);
    assert!(matches!(effect, Some(PushEffect::Rewind { max_n: 2 })));
}

#[test]
fn a_batch_is_cut_to_what_one_request_may_carry() {
    let third = vec![7u8; PUSH_BYTES_MAX / 3];
    let oversized = vec![7u8; PUSH_BYTES_MAX + 1];
    let cases = [
        (
            "three thirds and the bytes around them",
            vec![third.clone(); 3],
            2,
        ),
        (
            "small ones",
            vec![vec![1]; PUSH_EVENTS_MAX],
            PUSH_EVENTS_MAX,
        ),
        ("one that is too large alone", vec![oversized, third], 1),
    ];
    for (case, events, expected) in cases {
        let mut lane = PushLane::new(DEVICE);
        lane.step(PushInput::Wake, 0);
        let outbox = OutboxPage {
            device: DEVICE,
            acked: 0,
            newest: events.len() as u64,
            events,
        };
        let Some(PushEffect::Send(request)) = lane.step(PushInput::Outbox(outbox), 0) else {
            panic!("{case}");
        };
        assert_eq!(request.events.len(), expected, "{case}");
        if expected > 1 {
            assert!(request.to_bytes().len() <= PUSH_BYTES_MAX, "{case}");
        }
    }
}

#[test]
fn a_restored_server_gets_the_log_again() {
    let mut lane = PushLane::new(DEVICE);
    sending(&mut lane, 5, 6);
    let gap = ProblemReply {
        expected_n: Some(3),
        ..Problem::Gap.into()
    };
    let gap = HttpReply {
        status: 409,
        media_type: MEDIA_TYPE.to_owned(),
        body: gap.to_bytes(),
    };
    let effect = lane.step(PushInput::Reply(&gap), 0);
    assert_eq!(effect, Some(PushEffect::Rewind { max_n: 2 }));
}

#[test]
fn a_trigger_in_mid_send_is_not_lost() {
    let mut lane = PushLane::new(DEVICE);
    sending(&mut lane, 0, 1);
    assert_eq!(lane.step(PushInput::Wake, 0), None);
    lane.step(PushInput::Reply(&reply(&receipt(1, 1, 1))), 0);
    assert!(matches!(
        lane.step(PushInput::Saved, 0),
        Some(PushEffect::ReadOutbox { .. })
    ));
}

#[test]
fn a_trigger_while_an_empty_outbox_is_read_reads_it_again() {
    let mut lane = PushLane::new(DEVICE);
    sending(&mut lane, 5, 5);
    lane.step(PushInput::Reply(&reply(&receipt(6, 5, 0))), 0);
    assert_eq!(lane.step(PushInput::Wake, 0), None);
    let again = lane.step(PushInput::Outbox(page(5, 5)), 0);
    assert!(matches!(again, Some(PushEffect::ReadOutbox { .. })));
}

#[test]
fn batches_shrink_when_nothing_comes_through_and_never_to_nothing() {
    let mut lane = PushLane::new(DEVICE);
    for _ in 0..20 {
        lane.step(PushInput::Wake, 0);
        let page = OutboxPage {
            device: DEVICE,
            acked: 0,
            newest: 1,
            events: vec![vec![1]],
        };
        lane.step(PushInput::Outbox(page), 0);
        lane.step(PushInput::NoReply, 0);
    }
    assert_eq!(
        lane.step(PushInput::Wake, 0),
        Some(PushEffect::ReadOutbox { limit: 1 })
    );
}

/// Sends whole batches, all acknowledged, and returns their sizes.
fn sizes(lane: &mut PushLane, mut acked: u64, newest: u64) -> Vec<usize> {
    let mut sizes = Vec::new();
    let mut effect = lane.step(PushInput::Wake, 0);
    while acked < newest {
        let Some(PushEffect::ReadOutbox { limit }) = effect else {
            panic!("{effect:?}");
        };
        let mut outbox = page(acked, newest);
        outbox.events.truncate(limit);
        let Some(PushEffect::Send(request)) = lane.step(PushInput::Outbox(outbox), 0) else {
            panic!("nothing is sent");
        };
        let count = request.events.len();
        sizes.push(count);
        let receipt = receipt(acked + 1, acked + count as u64, count);
        lane.step(PushInput::Reply(&reply(&receipt)), 0);
        acked += count as u64;
        effect = lane.step(PushInput::Saved, 0);
    }
    sizes
}

#[test]
fn batches_double_while_the_line_carries_whole_ones() {
    let mut lane = PushLane::new(DEVICE);
    let grown = sizes(&mut lane, 0, 12_000);
    assert_eq!(grown, [500, 1_000, 2_000, 4_000, 4_000, 500]);
}

#[test]
fn a_small_outbox_says_nothing_about_larger_batches() {
    let mut lane = PushLane::new(DEVICE);
    for n in 0..20 {
        sizes(&mut lane, n, n + 1);
        lane.step(PushInput::Outbox(page(n + 1, n + 1)), 0);
    }
    assert_eq!(sizes(&mut lane, 20, 1_000)[0], PUSH_EVENTS_FIRST);
}

#[test]
fn after_a_long_time_without_signal_the_second_batch_is_a_whole_one() {
    let mut lane = PushLane::new(DEVICE);
    lane.step(PushInput::Wake, 0);
    for _ in 0..20 {
        lane.step(PushInput::Outbox(page(0, 300)), 0);
        lane.step(PushInput::NoReply, 0);
        lane.step(PushInput::WaitOver, 0);
    }
    let mut lane = lane.clone();
    lane.step(PushInput::Outbox(page(0, 1)), 0);
    lane.step(PushInput::Reply(&reply(&receipt(1, 1, 1))), 0);
    let read = lane.step(PushInput::Saved, 0);
    assert_eq!(
        read,
        Some(PushEffect::ReadOutbox {
            limit: PUSH_EVENTS_FIRST
        })
    );
}

#[test]
fn a_late_reply_does_nothing() {
    let mut lane = PushLane::new(DEVICE);
    assert_eq!(
        lane.step(PushInput::Reply(&reply(&receipt(1, 1, 1))), 0),
        None
    );
    assert_eq!(lane.step(PushInput::Saved, 0), None);
}

#[test]
fn a_row_that_is_missing_leaves_its_place_and_moves_no_other() {
    let row = |n: u64| (n, vec![n as u8; 3]);
    let events = OutboxPage::events_of(4, vec![row(5), row(7), row(8)]);
    assert_eq!(events, [vec![5; 3], vec![], vec![7; 3], vec![8; 3]]);
    assert_eq!(OutboxPage::events_of(4, vec![]), Vec::<Vec<u8>>::new());
    // Rows that were acknowledged already, or stand beyond anything that a log can hold.
    let far = OutboxPage::events_of(4, vec![row(3), row(u64::MAX)]);
    assert_eq!(far.len(), PUSH_EVENTS_MAX);
}

fn told_that_it_was_taken_out(receipt: PushReply) -> HttpReply {
    reply(&PushReply {
        taken_out: true,
        ..receipt
    })
}

#[test]
fn a_device_that_was_taken_out_of_use_sends_everything_and_then_deletes_it() {
    let mut lane = PushLane::new(DEVICE);
    sending(&mut lane, 0, 3);
    let last = told_that_it_was_taken_out(receipt(1, 2, 2));
    // Two of three were sent.
    let mut lane_of_two = lane.clone();
    assert!(matches!(
        lane_of_two.step(PushInput::Reply(&last), 0),
        Some(PushEffect::Wait { .. })
    ));
    let all = told_that_it_was_taken_out(receipt(1, 3, 3));
    let saved = lane.step(PushInput::Reply(&all), 0);
    assert!(matches!(saved, Some(PushEffect::SaveAck { max_n: 3, .. })));
    assert_eq!(lane.halt(), Some(Halt::Revoked));
    lane.step(PushInput::Saved, 0);
    // Something was recorded meanwhile: it is sent first.
    let more = lane.step(PushInput::Outbox(page(3, 4)), 0);
    assert!(matches!(more, Some(PushEffect::Send(_))));
    let rest = told_that_it_was_taken_out(receipt(4, 4, 1));
    lane.step(PushInput::Reply(&rest), 0);
    lane.step(PushInput::Saved, 0);
    let done = lane.step(PushInput::Outbox(page(4, 4)), 0);
    assert_eq!(done, Some(PushEffect::Wipe { max_n: 4 }));
    // Another tab was quicker than the disk.
    let again = lane.step(PushInput::Saved, 0);
    assert!(matches!(again, Some(PushEffect::ReadOutbox { .. })));
}

#[test]
fn a_device_that_was_taken_out_of_use_deletes_nothing_unless_it_was_told_just_now() {
    let mut lane = PushLane::new(DEVICE);
    let asked = sending(&mut lane, 4, 4);
    assert!(matches!(asked, PushEffect::Send(_)), "it asks first");
    let told = told_that_it_was_taken_out(receipt(5, 4, 0));
    lane.step(PushInput::Reply(&told), 0);
    // The disk failed, and the next answer says something else.
    lane.step(PushInput::DiskFailed, 0);
    lane.step(PushInput::WaitOver, 0);
    let asked = lane.step(PushInput::Outbox(page(4, 4)), 0);
    assert!(matches!(asked, Some(PushEffect::Send(_))), "it asks again");
    lane.step(PushInput::Reply(&reply(&receipt(5, 4, 0))), 0);
    let rest = lane.step(PushInput::Outbox(page(4, 4)), 0);
    assert_eq!((rest, lane.halt()), (Some(PushEffect::Rest), None));
}

#[test]
fn a_device_that_was_taken_out_of_use_keeps_what_the_server_does_not_have() {
    // The server holds more under its number than it ever recorded: one of the two is a copy.
    let mut lane = PushLane::new(DEVICE);
    sending(&mut lane, 4, 4);
    let told = told_that_it_was_taken_out(receipt(5, 9, 0));
    lane.step(PushInput::Reply(&told), 0);
    lane.step(PushInput::Outbox(page(4, 4)), 0);
    assert_eq!(lane.halt(), Some(Halt::Fork));
    // Somebody else's page says so.
    let mut lane = PushLane::new(DEVICE);
    sending(&mut lane, 4, 4);
    let portal = HttpReply {
        media_type: "text/html".to_owned(),
        ..told_that_it_was_taken_out(receipt(5, 4, 0))
    };
    let waits = lane.step(PushInput::Reply(&portal), 0);
    assert!(matches!(waits, Some(PushEffect::Wait { .. })));
    assert_eq!(lane.step(PushInput::Outbox(page(4, 4)), 0), None);
}
