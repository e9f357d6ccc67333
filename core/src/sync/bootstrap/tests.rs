use super::super::protocol::{Message, PulledEvent};
use super::super::snapshot::{SNAPSHOT_PART_BYTES, SnapshotMaker};
use super::*;
use crate::clock::{Date, Instant};
use crate::ids::ProgrammeId;
use crate::records::Records;
use crate::start::StartPicker;
use crate::sync::{Cursors, MEDIA_TYPE, PullInput, PullLane, PullReply, StreamHead, StreamsReply};

const STREAM: Stream = Stream::Delivery(ProgrammeId(1));
const HEAD: u64 = 9_000;

fn event(seq: u64) -> PulledEvent {
    PulledEvent {
        seq,
        received_at: Instant(5),
        // Nothing that could be compressed, so that there are several parts.
        bytes: (0..16)
            .flat_map(|i| {
                (seq * 31 + i)
                    .wrapping_mul(0x9E37_79B9_7F4A_7C15)
                    .to_be_bytes()
            })
            .collect(),
    }
}

fn made() -> (Snapshot, Vec<u8>) {
    let mut maker = SnapshotMaker::default();
    (1..=8_192).for_each(|seq| maker.take(event(seq)));
    maker.finish(STREAM, 1)
}

fn reply(status: u16, body: Vec<u8>) -> HttpReply {
    HttpReply {
        status,
        media_type: MEDIA_TYPE.to_owned(),
        body,
    }
}

fn refusal(problem: Problem) -> HttpReply {
    let problem = ProblemReply::from(problem);
    reply(problem.status(), problem.to_bytes())
}

fn streams(snapshots: Vec<Stream>) -> HttpReply {
    let heads = StreamsReply {
        streams: vec![StreamHead {
            stream: STREAM,
            epoch: 1,
            head: HEAD,
        }],
        server_time: Instant(0),
        snapshots,
        sealing: None,
        erased: crate::sync::OwnErased::default(),
    };
    reply(200, heads.to_bytes())
}

fn front() -> StartCopy {
    StartPicker::new(
        &Records::default(),
        Date::from_julian_day(2_461_221).unwrap(),
    )
    .finish(Vec::new())
}

/// A lane that has nothing and is told of a snapshot.
fn asked(here: Cursors) -> (PullLane, PullEffect) {
    let mut lane = PullLane::default();
    lane.step(PullInput::Wake, 0);
    lane.step(PullInput::Cursors(here), 0);
    let effect = lane.step(PullInput::Reply(&streams(vec![STREAM])), 0);
    (lane, effect.unwrap())
}

/// An honest server and a sound disk that holds these parts.
struct Around {
    snapshot: Snapshot,
    file: Vec<u8>,
    held: Vec<u32>,
    done: Vec<&'static str>,
}

impl Around {
    fn with(held: Vec<u32>) -> Self {
        let (snapshot, file) = made();
        assert!(snapshot.parts.len() > 3);
        Self {
            snapshot,
            file,
            held,
            done: Vec::new(),
        }
    }

    /// Carries out one effect.
    fn carry_out(&mut self, lane: &mut PullLane, effect: PullEffect) -> Option<PullEffect> {
        let (name, next) = match effect {
            PullEffect::GetSnapshot { stream, epoch } => {
                assert_eq!((stream, epoch), (STREAM, 1));
                let body = self.snapshot.to_bytes();
                ("name", lane.step(PullInput::Reply(&reply(200, body)), 0))
            }
            PullEffect::ReadParts(_) => ("look", lane.step(PullInput::Parts(self.held.clone()), 0)),
            PullEffect::GetFront { .. } => {
                let body = front().to_bytes();
                ("front", lane.step(PullInput::Reply(&reply(200, body)), 0))
            }
            PullEffect::SaveFront(copy) => {
                assert_eq!(copy, front());
                ("show", lane.step(PullInput::Saved, 0))
            }
            PullEffect::GetPart { bytes, .. } => {
                let body = self.file[bytes.start as usize..bytes.end as usize].to_vec();
                ("part", lane.step(PullInput::Reply(&reply(206, body)), 0))
            }
            PullEffect::SavePart { part, bytes, .. } => {
                assert!(self.snapshot.is_part(part, &bytes));
                self.held.push(part);
                ("keep", lane.step(PullInput::Saved, 0))
            }
            PullEffect::Install(_) => {
                self.held.clear();
                ("install", lane.step(PullInput::Saved, 0))
            }
            other => {
                self.done.push("tail");
                assert_eq!(
                    other,
                    PullEffect::GetPage {
                        cursor: self.snapshot.cursor,
                        limit: 2_000
                    }
                );
                return None;
            }
        };
        self.done.push(name);
        next
    }

    fn run(&mut self) {
        let (mut lane, mut effect) = asked(Cursors::default());
        while let Some(next) = self.carry_out(&mut lane, effect) {
            effect = next;
        }
    }
}

#[test]
fn what_the_first_screens_need_comes_before_the_parts_and_the_tail_after_them() {
    let mut around = Around::with(Vec::new());
    around.run();
    let parts = around.snapshot.parts.len();
    let mut expected = vec!["name", "look", "front", "show"];
    expected.extend(["part", "keep"].repeat(parts));
    expected.extend(["install", "tail"]);
    assert_eq!(around.done, expected);
}

#[test]
fn parts_that_are_here_are_not_fetched_again() {
    let mut around = Around::with(vec![0, 2]);
    let parts = around.snapshot.parts.len();
    around.run();
    assert!(!around.done.contains(&"front"));
    let fetched = around.done.iter().filter(|what| **what == "part").count();
    assert_eq!(fetched, parts - 2);
}

#[test]
fn a_stream_that_is_shown_already_is_read_on_and_not_fetched() {
    let shown = Cursor {
        stream: STREAM,
        epoch: 1,
        after: 10,
    };
    let (_, effect) = asked(Cursors {
        shown: vec![shown],
        ..Cursors::default()
    });
    assert!(matches!(effect, PullEffect::GetPage { cursor, .. } if cursor == shown));
}

#[test]
fn a_server_that_has_none_after_all_hands_out_pages() {
    let (mut lane, _) = asked(Cursors::default());
    let effect = lane.step(PullInput::Reply(&refusal(Problem::NotFound)), 0);
    let beginning = Cursor {
        stream: STREAM,
        epoch: 1,
        after: 0,
    };
    assert!(matches!(effect, Some(PullEffect::GetPage { cursor, .. }) if cursor == beginning));
}

/// A lane that has asked for the first part.
fn asking_for_a_part(around: &mut Around) -> PullLane {
    let (mut lane, mut effect) = asked(Cursors::default());
    while !matches!(effect, PullEffect::GetPart { .. }) {
        effect = around.carry_out(&mut lane, effect).unwrap();
    }
    lane
}

#[test]
fn what_is_not_the_part_is_not_kept() {
    let mut around = Around::with(Vec::new());
    let whole = around.file[..SNAPSHOT_PART_BYTES as usize].to_vec();
    let mut damaged = whole.clone();
    damaged[77] ^= 4;
    let portal = HttpReply {
        media_type: "text/html".to_owned(),
        ..reply(200, whole.clone())
    };
    for wrong in [
        reply(206, damaged),
        reply(206, whole[1..].to_vec()),
        reply(206, Vec::new()),
        portal,
        refusal(Problem::TryLater),
    ] {
        let mut lane = asking_for_a_part(&mut around);
        let effect = lane.step(PullInput::Reply(&wrong), 0);
        assert!(matches!(effect, Some(PullEffect::Wait { .. })), "{wrong:?}");
        assert_eq!(lane.failures(), 1);
    }
    assert!(around.held.is_empty());
}

#[test]
fn a_line_that_breaks_costs_one_part() {
    let mut around = Around::with(Vec::new());
    let mut lane = asking_for_a_part(&mut around);
    let part = around.file[..SNAPSHOT_PART_BYTES as usize].to_vec();
    let keep = lane.step(PullInput::Reply(&reply(206, part)), 0).unwrap();
    around.carry_out(&mut lane, keep);
    let effect = lane.step(PullInput::NoReply, 0);
    assert!(matches!(effect, Some(PullEffect::Wait { .. })));
    around.done.clear();
    around.run();
    assert_eq!(around.done[..3], ["name", "look", "part"]);
}

#[test]
fn a_snapshot_of_something_else_is_not_fetched() {
    let (right, _) = made();
    for cursor in [
        Cursor {
            epoch: 2,
            ..right.cursor
        },
        Cursor {
            stream: Stream::Public,
            ..right.cursor
        },
        Cursor {
            after: 0,
            ..right.cursor
        },
    ] {
        let other = Snapshot {
            cursor,
            ..right.clone()
        };
        let (mut lane, _) = asked(Cursors::default());
        let effect = lane.step(PullInput::Reply(&reply(200, other.to_bytes())), 0);
        assert!(
            matches!(effect, Some(PullEffect::Wait { .. })),
            "{cursor:?}"
        );
    }
}

#[test]
fn a_front_that_cannot_be_read_is_done_without() {
    let mut around = Around::with(Vec::new());
    let (mut lane, mut effect) = asked(Cursors::default());
    while !matches!(effect, PullEffect::GetFront { .. }) {
        effect = around.carry_out(&mut lane, effect).unwrap();
    }
    let effect = lane.step(
        PullInput::Reply(&reply(200, b"of a newer kind".to_vec())),
        0,
    );
    assert!(matches!(effect, Some(PullEffect::GetPart { .. })));
}

#[test]
fn parts_that_turn_out_to_be_damaged_are_fetched_again_later() {
    let mut around = Around::with(Vec::new());
    let (mut lane, mut effect) = asked(Cursors::default());
    while !matches!(effect, PullEffect::Install(_)) {
        effect = around.carry_out(&mut lane, effect).unwrap();
    }
    let effect = lane.step(PullInput::DiskFailed, 0);
    assert!(matches!(effect, Some(PullEffect::Wait { .. })));
}

#[test]
fn parts_of_a_stream_that_may_no_longer_be_held_are_forgotten() {
    let begun = || Cursors {
        begun: vec![STREAM, Stream::Casework(ProgrammeId(1))],
        ..Cursors::default()
    };
    let (_, effect) = asked(begun());
    assert_eq!(effect, PullEffect::Forget(Stream::Casework(ProgrammeId(1))));
    let mut lane = PullLane::default();
    lane.step(PullInput::Wake, 0);
    lane.step(PullInput::Cursors(begun()), 0);
    let effect = lane.step(PullInput::Reply(&refusal(Problem::Revoked)), 0);
    assert_eq!(effect, Some(PullEffect::Forget(STREAM)));
}

#[test]
fn after_the_tail_everything_is_here() {
    let mut around = Around::with(Vec::new());
    let (mut lane, mut effect) = asked(Cursors::default());
    while let Some(next) = around.carry_out(&mut lane, effect.clone()) {
        effect = next;
    }
    let tail = PullReply {
        stream: STREAM,
        epoch: 1,
        after: 8_192,
        head: HEAD,
        events: (8_193..=HEAD).map(event).collect(),
    };
    let save = lane.step(PullInput::Reply(&reply(200, tail.to_bytes())), 0);
    assert!(matches!(save, Some(PullEffect::SavePage(_))));
    assert_eq!(lane.step(PullInput::Saved, 0), Some(PullEffect::Rest));
}
