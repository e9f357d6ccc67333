use super::*;
use crate::ids::ProgrammeId;
use crate::stream::Stream;
use crate::sync::{MEDIA_TYPE, Message, Problem, ProblemReply};

const STREAM: Stream = Stream::Delivery(ProgrammeId(1));

fn event(seq: u64) -> PulledEvent {
    PulledEvent {
        seq,
        received_at: Instant(5),
        bytes: seq.to_be_bytes().to_vec(),
    }
}

fn events(places: std::ops::RangeInclusive<u64>) -> Vec<PulledEvent> {
    places.map(event).collect()
}

fn cursor(after: u64) -> Cursor {
    Cursor {
        stream: STREAM,
        epoch: 1,
        after,
    }
}

fn ours(message: &impl Message) -> HttpReply {
    HttpReply {
        status: 200,
        media_type: MEDIA_TYPE.to_owned(),
        body: message.to_bytes(),
    }
}

/// What a device has that read so far and lacks these places.
fn sums(after: u64, lacks: &[u64]) -> Vec<StreamSums> {
    let mut sums = StreamSums::new(cursor(after));
    let held: Vec<_> = (1..=after)
        .filter(|seq| !lacks.contains(seq))
        .map(event)
        .collect();
    for block in held.chunks(BLOCK_EVENTS_MAX) {
        sums.take_block(&encode_block(block)).unwrap();
    }
    vec![sums]
}

/// What a server answers that has everything.
fn answer(effect: &MendEffect) -> HttpReply {
    match effect {
        MendEffect::GetDigests { cursor, bucket } => {
            let mut digests = Digests::new(*bucket, BUCKETS_MAX, cursor.after);
            (1..=cursor.after).for_each(|seq| digests.add(&event(seq)));
            ours(&DigestsReply {
                stream: cursor.stream,
                epoch: cursor.epoch,
                bucket: *bucket,
                through: cursor.after,
                digests: digests.to_vec(),
            })
        }
        MendEffect::GetPage { cursor, limit } => ours(&page(cursor.after, *limit as u64)),
        other => panic!("nothing to answer: {other:?}"),
    }
}

fn page(after: u64, count: u64) -> PullReply {
    PullReply {
        stream: STREAM,
        epoch: 1,
        after,
        head: 1_000_000,
        events: events(after + 1..=after + count),
    }
}

/// A lane that was told what lies on the device.
fn told(sums: Vec<StreamSums>) -> (MendLane, MendEffect) {
    let mut lane = MendLane::default();
    let first = lane.step(MendInput::Received(Instant(1_000)));
    assert_eq!(first, Some(MendEffect::SumUp));
    let next = lane.step(MendInput::Sums(sums)).unwrap();
    (lane, next)
}

/// Everything that a run fetches and mends with an honest server.
fn run(sums: Vec<StreamSums>) -> (usize, Vec<Repair>) {
    let (mut lane, mut effect) = told(sums);
    let (mut pages, mut repairs) = (0, Vec::new());
    loop {
        effect = match effect {
            MendEffect::Rest => return (pages, repairs),
            MendEffect::Mend(repair) => {
                repairs.push(repair);
                lane.step(MendInput::Saved).unwrap()
            }
            asks => {
                pages += usize::from(matches!(asks, MendEffect::GetPage { .. }));
                lane.step(MendInput::Reply(&answer(&asks))).unwrap()
            }
        };
    }
}

#[test]
fn what_is_the_same_is_not_fetched() {
    assert_eq!(run(sums(70_000, &[])), (0, Vec::new()));
    assert_eq!(run(sums(0, &[])), (0, Vec::new()));
    assert_eq!(run(Vec::new()), (0, Vec::new()));
}

#[test]
fn only_the_bucket_that_differs_is_fetched() {
    // The second lies beyond the digests of one reply.
    let (pages, repairs) = run(sums(70_000, &[1_030, 69_000]));
    assert_eq!(pages, 2);
    let places: Vec<_> = repairs.iter().filter_map(Repair::places).collect();
    assert_eq!(places, [(1_025, 2_048), (68_609, 69_632)]);
    assert_eq!(repairs[0].events, events(1_025..=2_048));
}

#[test]
fn the_last_bucket_is_fetched_as_far_as_the_stream_was_read() {
    let (_, repairs) = run(sums(1_500, &[1_500]));
    assert_eq!(repairs[0].places(), Some((1_025, 1_500)));
}

#[test]
fn it_is_compared_once_an_hour_and_again_after_a_failure() {
    let (mut lane, effect) = told(sums(10, &[]));
    assert_eq!(
        lane.step(MendInput::Reply(&answer(&effect))),
        Some(MendEffect::Rest)
    );
    let hour = BETWEEN_RUNS_MS;
    assert_eq!(lane.step(MendInput::Received(Instant(1_001))), None);
    assert_eq!(lane.step(MendInput::Received(Instant(999 + hour))), None);
    let next = lane.step(MendInput::Received(Instant(1_000 + hour)));
    assert_eq!(next, Some(MendEffect::SumUp));
    assert_eq!(lane.step(MendInput::DiskFailed), Some(MendEffect::Rest));
    let next = lane.step(MendInput::Received(Instant(1_001 + hour)));
    assert_eq!(next, Some(MendEffect::SumUp));
}

#[test]
fn a_clock_that_was_put_back_does_not_stop_it() {
    let (mut lane, effect) = told(sums(10, &[]));
    lane.step(MendInput::Reply(&answer(&effect)));
    let next = lane.step(MendInput::Received(Instant(10)));
    assert_eq!(next, Some(MendEffect::SumUp));
}

#[test]
fn a_reply_that_is_not_the_answer_ends_the_run_and_mends_nothing() {
    let right = |effect: &MendEffect| match effect {
        MendEffect::GetDigests { .. } => answer(effect),
        _ => panic!("digests come first"),
    };
    let (_, asks) = told(sums(3_000, &[2_000]));
    let HttpReply { body, .. } = right(&asks);
    let digests = DigestsReply::from_bytes(&body).unwrap();
    let portal = HttpReply {
        media_type: "text/html".to_owned(),
        ..right(&asks)
    };
    let refusal = ProblemReply::from(Problem::Forbidden);
    let refusal = HttpReply {
        status: refusal.status(),
        ..ours(&refusal)
    };
    let others = [
        DigestsReply {
            epoch: 2,
            ..digests.clone()
        },
        DigestsReply {
            stream: Stream::Public,
            ..digests.clone()
        },
        DigestsReply {
            bucket: 1,
            ..digests.clone()
        },
        // A server that was restored, and has less by now.
        DigestsReply {
            through: 2_999,
            ..digests.clone()
        },
        DigestsReply {
            digests: vec![0; 2],
            ..digests.clone()
        },
        DigestsReply {
            digests: vec![0; 9_999],
            ..digests
        },
    ];
    for wrong in others.iter().map(ours).chain([portal, refusal]) {
        let (mut lane, _) = told(sums(3_000, &[2_000]));
        let effect = lane.step(MendInput::Reply(&wrong));
        assert_eq!(effect, Some(MendEffect::Rest), "{wrong:?}");
    }
}

#[test]
fn a_page_that_is_not_the_one_that_was_asked_for_mends_nothing() {
    for wrong in [
        page(0, 1_024),
        page(1_024, 0),
        page(1_024, 1_025),
        page(2_048, 10),
        PullReply {
            epoch: 2,
            ..page(1_024, 1_024)
        },
        PullReply {
            events: events(1_026..=1_030),
            ..page(1_024, 1)
        },
    ] {
        let (mut lane, asks) = told(sums(5_000, &[2_000]));
        let asks = lane.step(MendInput::Reply(&answer(&asks)));
        assert!(matches!(asks, Some(MendEffect::GetPage { .. })));
        let effect = lane.step(MendInput::Reply(&ours(&wrong)));
        assert_eq!(effect, Some(MendEffect::Rest), "{wrong:?}");
    }
}

#[test]
fn a_bucket_may_come_in_several_pages() {
    let (mut lane, asks) = told(sums(5_000, &[2_000]));
    lane.step(MendInput::Reply(&answer(&asks)));
    let next = lane.step(MendInput::Reply(&ours(&page(1_024, 1_000))));
    let rest = MendEffect::GetPage {
        cursor: cursor(2_024),
        limit: 24,
    };
    assert_eq!(next, Some(rest));
    let next = lane.step(MendInput::Reply(&ours(&page(2_024, 24))));
    let repair = Repair {
        cursor: cursor(5_000),
        events: events(1_025..=2_048),
    };
    assert_eq!(next, Some(MendEffect::Mend(repair)));
}

#[test]
fn a_server_that_hands_out_something_else_than_it_sums_up_mends_nothing_and_ends_nothing() {
    let (mut lane, asks) = told(sums(5_000, &[2_000, 3_000]));
    lane.step(MendInput::Reply(&answer(&asks)));
    let mut other = page(1_024, 1_024);
    other.events[7].bytes = b"something else".to_vec();
    let next = lane.step(MendInput::Reply(&ours(&other)));
    let second = MendEffect::GetPage {
        cursor: cursor(2_048),
        limit: 1_024,
    };
    assert_eq!(next, Some(second));
}

#[test]
fn a_repair_fits_what_was_read_at_least_as_far_in_the_same_epoch() {
    let repair = Repair {
        cursor: cursor(100),
        events: events(1..=100),
    };
    let other_epoch = Cursor {
        epoch: 2,
        ..cursor(100)
    };
    for (shown, fits) in [
        (None, false),
        (Some(cursor(99)), false),
        (Some(cursor(100)), true),
        (Some(cursor(101)), true),
        (Some(other_epoch), false),
    ] {
        assert_eq!(repair.fits(shown.as_ref()), fits, "{shown:?}");
    }
}

/// What lies in blocks.
fn lying(blocks: &[KeptBlock]) -> Vec<PulledEvent> {
    let mut all = Vec::new();
    for block in blocks {
        let events = decode_block(&block.bytes).unwrap();
        assert_eq!(block.first_seq, events[0].seq);
        assert!(events.len() <= BLOCK_EVENTS_MAX);
        all.extend(events);
    }
    all
}

#[test]
fn what_lies_around_a_repair_stays() {
    let repair = Repair {
        cursor: cursor(3_000),
        events: events(1_025..=2_048),
    };
    assert_eq!(repair.blocks_between(), (770, 2_048));
    let there = [
        // Blocks that something had happened to overlap the bucket's ends.
        encode_block(&events(1_000..=1_100)),
        b"damaged".to_vec(),
        encode_block(&[
            PulledEvent {
                bytes: b"wrong".to_vec(),
                ..event(1_500)
            },
            event(1_501),
        ]),
        encode_block(&events(2_040..=2_060)),
    ];
    let blocks = repair.blocks(&there);
    assert_eq!(lying(&blocks), events(1_000..=2_060));
    let names: Vec<_> = blocks.iter().map(|block| block.first_seq).collect();
    assert_eq!(names, [1_000, 1_025, 1_281, 1_537, 1_793, 2_049]);
}
