//! The sending lane of a device.
//!
//! No retry state lives only in memory: each trigger starts from what the disk says is unsent, so a
//! reload or a crash in mid-send costs nothing but a repeat, and a repeat is harmless.

#[cfg(test)]
mod tests;

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

impl OutboxPage {
    /// The events for a page, given the rows of the log with their numbers. In the place of a row that
    /// is missing stands an empty one: it is set aside, and what follows it still comes under its own
    /// number.
    pub fn events_of(acked: u64, rows: Vec<(u64, Vec<u8>)>) -> Vec<Vec<u8>> {
        let mut events = Vec::with_capacity(rows.len());
        let mut next = acked.saturating_add(1);
        for (n, row) in rows {
            // A number that is far away is damage too, and not a thousand rows.
            while next < n && events.len() < PUSH_EVENTS_MAX {
                events.push(Vec::new());
                next += 1;
            }
            if next == n {
                events.push(row);
                next += 1;
            }
        }
        events
    }
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
    /// Delete everything on this device: it was taken out of use, and the server holds all of its log.
    /// Look again, in the transaction that deletes, whether there is nothing after `max_n`, because
    /// another tab may have saved meanwhile; if there is, say [`PushInput::Saved`] and delete nothing.
    Wipe {
        /// The server holds the log up to here.
        max_n: u64,
    },
    /// Nothing to do until the next [`PushInput::Wake`].
    Rest,
}

/// Why sending needs a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Halt {
    /// The server does not know this device's key.
    UnknownDevice,
    /// The device was taken out of use. It sends what it holds, which is set aside, and is then wiped.
    Revoked,
    /// The server holds other records under this device's numbers: this tablet or its server was
    /// restored from a copy. Nothing is lost; the records stay here.
    Fork,
    /// The server cannot open what this locked tablet sends. It is sent once somebody opens the tablet.
    StaysSealed,
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
    /// The server said when it last answered that this device was taken out of use.
    taken_out: bool,
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
            taken_out: false,
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
            if self.taken_out {
                self.halt = Some(Halt::Revoked);
                self.state = State::Saving;
                return PushEffect::Wipe { max_n: page.acked };
            }
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
                self.taken_out = receipt.taken_out;
                self.grow(count);
                if count == 0 {
                    return self.read();
                }
                self.failures = 0;
                self.halt = receipt.taken_out.then_some(Halt::Revoked);
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
            // What comes before a row that was changed on the disk is sent all the same.
            (Problem::StaysSealed, _) if self.batch > 1 => {
                self.shrink();
                self.fail(random)
            }
            (Problem::StaysSealed, _) => self.stop(Halt::StaysSealed, random),
            // It was signed anew before it came to this, so the server does not know this device's key.
            (Problem::UnknownDevice | Problem::Unproven, _) => {
                self.stop(Halt::UnknownDevice, random)
            }
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
