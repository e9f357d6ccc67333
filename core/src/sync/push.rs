//! The sending lane of a device.
//!
//! No retry state lives only in memory: each trigger starts from what the disk says is unsent, so a
//! reload or a crash in mid-send costs nothing but a repeat, and a repeat is harmless.

use super::problem::{Problem, ProblemReply};
use super::protocol::{
    HttpReply, Outcome, PUSH_BYTES_MAX, PUSH_EVENTS_FIRST, PUSH_EVENTS_MAX, PushReply, PushRequest,
};
use super::retry::wait_ms;
use crate::ids::DeviceId;

/// The most bytes of a push around its events.
const REQUEST_BYTES_MAX: usize = 64;

/// The most bytes that a CBOR byte string of an event adds to the event.
const EVENT_HEAD_BYTES_MAX: usize = 9;

/// What the disk holds unsent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutboxPage {
    /// This device.
    pub device: DeviceId,
    /// The server is known to hold the log up to here.
    pub acked: u64,
    /// The newest event of the log.
    pub newest: u64,
    /// The events from `acked + 1`, in order, at most as many as were asked for.
    pub events: Vec<Vec<u8>>,
}

/// Something that happened to the lane.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PushInput<'a> {
    /// A reason to send: start, a save, back on line, visible again, the timer, "Send now".
    Wake,
    /// The outbox was read.
    Outbox(OutboxPage),
    /// A reply came.
    Reply(&'a HttpReply),
    /// No reply came, or the connection broke.
    NoReply,
    /// What was to be saved is durable.
    Saved,
    /// The disk failed.
    DiskFailed,
    /// The wait is over.
    WaitOver,
}

/// What the lane wants done. Exactly one thing at a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PushEffect {
    /// Read the outbox, at most so many events.
    ReadOutbox {
        /// Events at most.
        limit: usize,
    },
    /// Send a part of the log.
    Send(PushRequest),
    /// Make durable that the server holds the log up to `max_n`, and what it set aside. Another tab may
    /// have saved more since; the acknowledged place never goes back by this. It may also have gone back
    /// before `first_n`: then say [`PushInput::DiskFailed`], as nobody said what became of those between.
    SaveAck {
        /// The receipt is for the log from here.
        first_n: u64,
        /// The server holds the log up to here.
        max_n: u64,
        /// What was set aside, by number.
        quarantined: Vec<(u64, Outcome)>,
    },
    /// Make durable that the server holds the log no further than `max_n`: it was restored from a
    /// backup, and what came after is sent again. What it set aside there counts no longer.
    Rewind {
        /// The server holds the log up to here.
        max_n: u64,
    },
    /// Come back with [`PushInput::WaitOver`] after so many milliseconds.
    Wait {
        /// Milliseconds.
        ms: u32,
    },
    /// Nothing to do until the next [`PushInput::Wake`].
    Rest,
}

/// Why sending needs a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Halt {
    /// The server does not know this device's key.
    UnknownDevice,
    /// The device was revoked.
    Revoked,
    /// The server holds other records under this device's numbers: this tablet or its server was
    /// restored from a copy. Nothing is lost; the records stay here.
    Fork,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum State {
    Resting,
    Reading,
    Sending {
        first_n: u64,
        count: u64,
    },
    Saving,
    Waiting,
    /// Waiting because the server asked for it: no trigger cuts this short.
    Told,
}

/// The sending lane. Feed it with [`PushLane::step`] and do what it says.
#[derive(Clone, Debug)]
pub struct PushLane {
    device: DeviceId,
    state: State,
    /// A trigger came while something was under way.
    again: bool,
    failures: u32,
    batch: usize,
    halt: Option<Halt>,
    /// The server answered since the last trigger.
    heard: bool,
    /// The newest event that the server claimed to hold when it last answered.
    claimed: u64,
}

impl PushLane {
    /// The lane of a device at start.
    pub fn new(device: DeviceId) -> Self {
        Self {
            device,
            state: State::Resting,
            again: false,
            failures: 0,
            batch: PUSH_EVENTS_FIRST,
            halt: None,
            heard: false,
            claimed: 0,
        }
    }

    /// Why sending needs a person, if it does. Every trigger tries again all the same.
    pub fn halt(&self) -> Option<Halt> {
        self.halt
    }

    /// How many attempts failed running; 0 after a success.
    pub fn failures(&self) -> u32 {
        self.failures
    }

    /// Whether something is being sent right now.
    pub fn is_sending(&self) -> bool {
        matches!(
            self.state,
            State::Reading | State::Sending { count: 1.., .. } | State::Saving
        )
    }

    /// Takes an input and says what to do. `random` spreads waits. An input that does not belong to
    /// what is under way, such as a reply that comes after its time, does nothing.
    pub fn step(&mut self, input: PushInput<'_>, random: u32) -> Option<PushEffect> {
        match (input, &self.state) {
            (PushInput::Wake, State::Resting | State::Waiting)
            | (PushInput::WaitOver, State::Waiting | State::Told) => {
                self.heard = false;
                Some(self.read())
            }
            (PushInput::Wake, _) => {
                self.again = true;
                None
            }
            (PushInput::Outbox(page), State::Reading) => Some(self.send(page, random)),
            (PushInput::Reply(reply), &State::Sending { first_n, count }) => {
                Some(self.judge(reply, first_n, count, random))
            }
            (PushInput::NoReply, State::Sending { .. }) => {
                self.shrink();
                Some(self.fail(random))
            }
            (PushInput::Saved, State::Saving) => Some(self.read()),
            (PushInput::DiskFailed, State::Reading | State::Saving) => Some(self.fail(random)),
            _ => None,
        }
    }

    fn read(&mut self) -> PushEffect {
        self.again = false;
        self.state = State::Reading;
        PushEffect::ReadOutbox { limit: self.batch }
    }

    /// Sends what is unsent. Where nothing is, it asks once all the same: a server that was restored
    /// from a backup says only then that it misses what it once acknowledged.
    fn send(&mut self, mut page: OutboxPage, random: u32) -> PushEffect {
        if page.events.is_empty() && self.heard {
            if self.claimed > page.newest {
                return self.stop(Halt::Fork, random);
            }
            self.failures = 0;
            self.halt = None;
            if self.again {
                return self.read();
            }
            self.state = State::Resting;
            return PushEffect::Rest;
        }
        page.events.truncate(fitting(&page.events));
        let first_n = page.acked + 1;
        self.state = State::Sending {
            first_n,
            count: page.events.len() as u64,
        };
        PushEffect::Send(PushRequest {
            device: page.device,
            first_n,
            events: page.events,
            pending: page.newest.saturating_sub(page.acked),
        })
    }

    /// Believes a reply only if it is in our media type, echoes device and request, and acknowledges
    /// all that was sent. Takes it for what was sent and nothing beyond: whatever else the server holds
    /// under this device's numbers, it has not compared with what is here.
    fn judge(&mut self, reply: &HttpReply, first_n: u64, count: u64, random: u32) -> PushEffect {
        match reply.read::<PushReply>() {
            Ok(receipt) => {
                let last_n = first_n + count - 1;
                let echoes = receipt.device == self.device
                    && receipt.first_n == first_n
                    && receipt.outcomes.len() as u64 == count
                    && receipt.max_n >= last_n;
                if !echoes {
                    return self.fail(random);
                }
                self.heard = true;
                self.claimed = receipt.max_n;
                self.grow(count);
                if count == 0 {
                    return self.read();
                }
                self.failures = 0;
                self.halt = None;
                self.state = State::Saving;
                let numbered = (first_n..).zip(receipt.outcomes);
                PushEffect::SaveAck {
                    first_n,
                    max_n: last_n,
                    quarantined: numbered
                        .filter(|(_, outcome)| outcome.is_quarantined())
                        .collect(),
                }
            }
            Err(problem) => self.problem(problem, first_n, random),
        }
    }

    fn problem(&mut self, problem: Option<ProblemReply>, first_n: u64, random: u32) -> PushEffect {
        let Some(problem) = problem else {
            return self.fail(random);
        };
        match (problem.problem, problem.expected_n) {
            // The server was restored from a backup: it wants what it held before. The log is still here.
            (Problem::Gap, Some(expected)) if expected >= 1 && expected < first_n => {
                self.state = State::Saving;
                PushEffect::Rewind {
                    max_n: expected - 1,
                }
            }
            (Problem::TooLarge, _) => {
                self.shrink();
                self.fail(random)
            }
            (Problem::UnknownDevice, _) => self.stop(Halt::UnknownDevice, random),
            (Problem::Revoked, _) => self.stop(Halt::Revoked, random),
            (Problem::Fork, _) => self.stop(Halt::Fork, random),
            _ if problem.retry_after_s.is_some() => self.wait(problem.retry_after_s, random),
            _ => self.fail(random),
        }
    }

    /// The line carries something: batches are at least as large as at the start again. Where it has
    /// carried a whole one it may carry twice as much, which waits less often for the server's disk.
    fn grow(&mut self, count: u64) {
        let carried = if count >= self.batch as u64 {
            self.batch * 2
        } else {
            self.batch
        };
        self.batch = carried.clamp(PUSH_EVENTS_FIRST, PUSH_EVENTS_MAX);
    }

    /// A smaller batch passes where a large one times out.
    fn shrink(&mut self) {
        self.batch = (self.batch / 2).max(1);
    }

    fn stop(&mut self, halt: Halt, random: u32) -> PushEffect {
        self.halt = Some(halt);
        self.fail(random)
    }

    fn fail(&mut self, random: u32) -> PushEffect {
        self.wait(None, random)
    }

    fn wait(&mut self, asked_s: Option<u32>, random: u32) -> PushEffect {
        self.failures = self.failures.saturating_add(1);
        self.state = asked_s.map_or(State::Waiting, |_| State::Told);
        PushEffect::Wait {
            ms: wait_ms(self.failures, asked_s, random),
        }
    }
}

/// How many of these events fit into one request: at least one, because one that is too large alone
/// has to be refused by the server and not by silence.
fn fitting(events: &[Vec<u8>]) -> usize {
    let mut bytes = REQUEST_BYTES_MAX;
    let fits = |event: &&Vec<u8>| {
        bytes += event.len() + EVENT_HEAD_BYTES_MAX;
        bytes <= PUSH_BYTES_MAX
    };
    events
        .iter()
        .take_while(fits)
        .count()
        .max(events.len().min(1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Instant;
    use crate::sync::{MEDIA_TYPE, Message};

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
}
