//! How a device comes by a long stream of which it has nothing: what the first screens need, then the
//! snapshot in parts that are kept. The tail is pulled as pages, as ever.

#[cfg(test)]
mod tests;

use std::collections::VecDeque;

use super::cursor::Cursor;
use super::problem::{Problem, ProblemReply};
use super::protocol::HttpReply;
use super::pull::PullEffect;
use super::snapshot::Snapshot;
use crate::start::StartCopy;
use crate::stream::Stream;

/// A stream that is to be fetched as a snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Wanted {
    pub(super) stream: Stream,
    pub(super) epoch: u32,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum State {
    Asking,
    Looking(Snapshot),
    AskingForFront(Snapshot),
    SavingFront(Snapshot),
    Fetching { snapshot: Snapshot, part: u32 },
    SavingPart(Snapshot),
    Installing(Cursor),
}

/// The way to a snapshot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Bootstrap {
    wanted: Wanted,
    state: State,
    missing: VecDeque<u32>,
}

/// Something that happened on the way.
pub(super) enum Input<'a> {
    Reply(&'a HttpReply),
    /// These parts are on the disk.
    Parts(&'a [u32]),
    Saved,
}

/// What follows.
#[derive(Debug)]
pub(super) enum Next {
    Do(PullEffect),
    /// The snapshot is in its place, up to there.
    Done(Cursor),
    /// There is no snapshot to be had; the stream is read as pages.
    Unavailable,
    /// Try again later. Parts that are here stay.
    Failed(Option<ProblemReply>),
    /// The input does not belong to what is under way.
    Nothing,
}

impl Bootstrap {
    /// Begins, with the question for the snapshot.
    pub(super) fn begin(wanted: Wanted) -> (Self, PullEffect) {
        let Wanted { stream, epoch } = wanted;
        let begun = Self {
            wanted,
            state: State::Asking,
            missing: VecDeque::new(),
        };
        (begun, PullEffect::GetSnapshot { stream, epoch })
    }

    /// The cursor of a device that reads the stream as pages instead.
    pub(super) const fn beginning(&self) -> Cursor {
        let Wanted { stream, epoch } = self.wanted;
        Cursor {
            stream,
            epoch,
            after: 0,
        }
    }

    /// Whether a request is under way.
    pub(super) fn is_asking(&self) -> bool {
        matches!(
            self.state,
            State::Asking | State::AskingForFront(_) | State::Fetching { .. }
        )
    }

    pub(super) fn step(&mut self, input: Input<'_>) -> Next {
        let state = std::mem::replace(&mut self.state, State::Asking);
        match (input, state) {
            (Input::Reply(reply), State::Asking) => self.read_name(reply),
            (Input::Parts(held), State::Looking(snapshot)) => self.look(snapshot, held),
            (Input::Reply(reply), State::AskingForFront(snapshot)) => {
                self.read_front(reply, snapshot)
            }
            (Input::Saved, State::SavingFront(snapshot) | State::SavingPart(snapshot)) => {
                self.fetch_next(snapshot)
            }
            (Input::Reply(reply), State::Fetching { snapshot, part }) => {
                self.read_part(reply, snapshot, part)
            }
            (Input::Saved, State::Installing(cursor)) => Next::Done(cursor),
            (_, state) => {
                self.state = state;
                Next::Nothing
            }
        }
    }

    fn read_name(&mut self, reply: &HttpReply) -> Next {
        match reply.read::<Snapshot>() {
            Ok(snapshot)
                if snapshot.cursor.stream == self.wanted.stream
                    && snapshot.cursor.epoch == self.wanted.epoch
                    && snapshot.cursor.after > 0 =>
            {
                self.state = State::Looking(snapshot.clone());
                Next::Do(PullEffect::ReadParts(snapshot))
            }
            Ok(_) => Next::Failed(None),
            Err(problem) => Self::refused(problem),
        }
    }

    /// Where no part is here yet, what the first screens need comes first.
    fn look(&mut self, snapshot: Snapshot, held: &[u32]) -> Next {
        let parts = u32::try_from(snapshot.parts.len()).unwrap_or(u32::MAX);
        self.missing = (0..parts).filter(|part| !held.contains(part)).collect();
        if !held.is_empty() {
            return self.fetch_next(snapshot);
        }
        self.state = State::AskingForFront(snapshot);
        let Wanted { stream, epoch } = self.wanted;
        Next::Do(PullEffect::GetFront { stream, epoch })
    }

    /// Without it everything still comes, only later.
    fn read_front(&mut self, reply: &HttpReply, snapshot: Snapshot) -> Next {
        let copy = reply.content().map(StartCopy::from_bytes);
        match copy {
            Ok(Ok(copy)) => {
                self.state = State::SavingFront(snapshot);
                Next::Do(PullEffect::SaveFront(copy))
            }
            Ok(Err(_)) => self.fetch_next(snapshot),
            Err(problem) => Self::refused(problem),
        }
    }

    fn fetch_next(&mut self, snapshot: Snapshot) -> Next {
        let Some(part) = self.missing.pop_front() else {
            self.state = State::Installing(snapshot.cursor);
            return Next::Do(PullEffect::Install(snapshot));
        };
        let Some(bytes) = snapshot.bytes_of(part) else {
            return Next::Failed(None);
        };
        let effect = PullEffect::GetPart {
            snapshot: snapshot.clone(),
            bytes,
        };
        self.state = State::Fetching { snapshot, part };
        Next::Do(effect)
    }

    fn read_part(&mut self, reply: &HttpReply, snapshot: Snapshot, part: u32) -> Next {
        match reply.content() {
            Ok(bytes) if snapshot.is_part(part, bytes) => {
                let effect = PullEffect::SavePart {
                    snapshot: snapshot.clone(),
                    part,
                    bytes: bytes.to_vec(),
                };
                self.state = State::SavingPart(snapshot);
                Next::Do(effect)
            }
            Ok(_) => Next::Failed(None),
            Err(problem) => Self::refused(problem),
        }
    }

    /// A server that has no snapshot after all hands out the stream as pages.
    fn refused(problem: Option<ProblemReply>) -> Next {
        match problem.as_ref().map(|problem| problem.problem) {
            Some(Problem::NotFound) => Next::Unavailable,
            _ => Next::Failed(problem),
        }
    }
}
