//! The receiving lane of a device.
//!
//! A page and its cursor are saved together or not at all, so the cursor never skips. The lane never
//! waits for the outbox, nor the outbox for it.
//!
//! A stream that has to be read afresh stays on screen until its replacement is here whole: the
//! replacement is read beside it and takes its place in one transaction. A signal that drops in
//! between costs time and no register.

#[cfg(test)]
mod tests;

use core::ops::Range;
use std::collections::VecDeque;

use super::bootstrap::{self, Bootstrap, Wanted};
use super::cursor::Cursor;
use super::problem::{Problem, ProblemReply};
use super::protocol::{
    HttpReply, PULL_EVENTS_MAX, PullReply, PulledEvent, StreamHead, StreamsReply,
};
use super::retry::wait_ms;
use super::snapshot::Snapshot;
use crate::start::StartCopy;
use crate::stream::Stream;

impl Cursor {
    /// Whether what was read up to here has to be read afresh from a stream that stands there: in
    /// another epoch, or before this cursor, because the server was restored from a backup.
    const fn is_outdated(&self, epoch: u32, head: u64) -> bool {
        self.epoch != epoch || self.after > head
    }
}

/// What of the streams lies on disk.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cursors {
    /// How far each stream was read that is shown.
    pub shown: Vec<Cursor>,
    /// How far the replacement of a stream was read that lies beside it and is not shown yet.
    pub beside: Vec<Cursor>,
    /// The streams of which parts of a snapshot lie here.
    pub begun: Vec<Stream>,
}

impl Cursors {
    /// Every stream of which something lies here. What lies beside a stream lies beside one that is
    /// shown.
    fn streams(&self) -> impl Iterator<Item = Stream> {
        let shown = self.shown.iter().map(|cursor| cursor.stream);
        let begun = self.begun.iter().copied();
        let begun = begun.filter(|stream| !self.shown.iter().any(|c| c.stream == *stream));
        shown.chain(begun)
    }
}

/// Where a page belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// After what is shown of the stream.
    Shown,
    /// After what lies beside the stream; it is not to be shown yet. A page from the beginning deletes
    /// first what lay there.
    Beside,
    /// As [`Place::Beside`], and with it the replacement is whole: in the same transaction it takes the
    /// place of what is shown.
    Instead,
}

/// A page to be saved together with its cursor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// The cursor once the page is saved.
    pub cursor: Cursor,
    /// Where the stream stood when the page was made.
    pub head: u64,
    /// Where it belongs.
    pub place: Place,
    /// The events, following on what is on the device.
    pub events: Vec<PulledEvent>,
}

impl Page {
    /// The last event before the page.
    pub fn start(&self) -> u64 {
        self.cursor.after.saturating_sub(self.events.len() as u64)
    }

    /// Whether the page follows on what the disk holds of its stream now, shown and beside. To be asked
    /// in the transaction that saves it: another tab may have moved the cursor, or forgotten or replaced
    /// the stream, since the page was asked for, and saving it then would leave a gap that no cursor
    /// shows.
    pub fn follows(&self, shown: Option<&Cursor>, beside: Option<&Cursor>) -> bool {
        let start = self.start();
        let continues = |here: &Cursor| here.epoch == self.cursor.epoch && here.after == start;
        match self.place {
            Place::Shown => shown.map_or(start == 0, continues),
            Place::Beside | Place::Instead => {
                shown.is_some_and(|shown| shown.is_outdated(self.cursor.epoch, self.head))
                    && (start == 0 || beside.is_some_and(continues))
            }
        }
    }
}

/// Something that happened to the lane.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PullInput<'a> {
    /// A reason to look.
    Wake,
    /// The cursors on disk.
    Cursors(Cursors),
    /// The parts of the snapshot that are on disk.
    Parts(Vec<u32>),
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
pub enum PullEffect {
    /// Read the cursors.
    ReadCursors,
    /// Ask which streams there are and where they stand.
    GetStreams,
    /// Ask for a page.
    GetPage {
        /// From where.
        cursor: Cursor,
        /// Events at most.
        limit: usize,
    },
    /// Save a page and its cursor, together and where [`Place`] says, if [`Page::follows`]; else say
    /// [`PullInput::DiskFailed`], and the lane starts again from what the disk says.
    SavePage(Page),
    /// Delete everything of a stream, shown, beside and begun: it may no longer be held, or is empty now.
    /// The outbox stays as it is.
    Forget(Stream),
    /// Ask for the snapshot of a stream.
    GetSnapshot {
        /// Of which stream.
        stream: Stream,
        /// In which epoch.
        epoch: u32,
    },
    /// Say which parts of this snapshot lie on disk, and delete those of others of its stream.
    ReadParts(Snapshot),
    /// Ask for what the first screens need of a stream.
    GetFront {
        /// Of which stream.
        stream: Stream,
        /// In which epoch.
        epoch: u32,
    },
    /// Keep what the first screens need as the copy for the start, with what such a copy holds already,
    /// and show it.
    SaveFront(StartCopy),
    /// Ask for a part of a snapshot.
    GetPart {
        /// Of which snapshot.
        snapshot: Snapshot,
        /// Which of its bytes.
        bytes: Range<u32>,
    },
    /// Keep a part.
    SavePart {
        /// Of which snapshot.
        snapshot: Snapshot,
        /// Its number.
        part: u32,
        /// Its bytes.
        bytes: Vec<u8>,
    },
    /// Put the blocks of the snapshot ([`Snapshot::blocks`]) and its cursor in place and delete its
    /// parts, all in one transaction, if nothing is shown of the stream yet. Where they are not its
    /// parts, delete them and say [`PullInput::DiskFailed`].
    Install(Snapshot),
    /// Come back with [`PullInput::WaitOver`] after so many milliseconds.
    Wait {
        /// Milliseconds.
        ms: u32,
    },
    /// Everything is up to date.
    Rest,
}

/// A stream to be read, and whether that replaces what is shown of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct ToRead {
    cursor: Cursor,
    replaces: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum State {
    Resting,
    ReadingCursors,
    Asking {
        cursors: Cursors,
    },
    Forgetting,
    Bootstrapping(Box<Bootstrap>),
    Paging(ToRead),
    SavingPage {
        saved: ToRead,
        head: u64,
    },
    Waiting,
    /// Waiting because the server asked for it: no trigger cuts this short.
    Told,
}

/// The receiving lane. Feed it with [`PullLane::step`] and do what it says.
#[derive(Clone, Debug)]
pub struct PullLane {
    state: State,
    again: bool,
    /// The server gave nothing and took away: what is to be forgotten ends in a wait.
    shut_out: bool,
    failures: u32,
    limit: usize,
    to_forget: VecDeque<Stream>,
    to_read: VecDeque<ToRead>,
    to_fetch: VecDeque<Wanted>,
}

impl Default for PullLane {
    fn default() -> Self {
        Self {
            state: State::Resting,
            again: false,
            shut_out: false,
            failures: 0,
            limit: PULL_EVENTS_MAX,
            to_forget: VecDeque::new(),
            to_read: VecDeque::new(),
            to_fetch: VecDeque::new(),
        }
    }
}

impl PullLane {
    /// How many attempts failed running; 0 after a success.
    pub fn failures(&self) -> u32 {
        self.failures
    }

    /// Takes an input and says what to do. `random` spreads waits. An input that does not belong to
    /// what is under way does nothing.
    pub fn step(&mut self, input: PullInput<'_>, random: u32) -> Option<PullEffect> {
        match (input, &mut self.state) {
            (PullInput::Wake, State::Resting | State::Waiting)
            | (PullInput::WaitOver, State::Waiting | State::Told) => {
                self.again = false;
                self.state = State::ReadingCursors;
                Some(PullEffect::ReadCursors)
            }
            (PullInput::Wake, _) => {
                self.again = true;
                None
            }
            (PullInput::Cursors(cursors), State::ReadingCursors) => {
                self.state = State::Asking { cursors };
                Some(PullEffect::GetStreams)
            }
            (PullInput::Reply(reply), State::Asking { cursors }) => {
                let cursors = std::mem::take(cursors);
                Some(self.look(reply, &cursors, random))
            }
            (PullInput::Saved, State::Forgetting) => Some(self.next(random)),
            (PullInput::Reply(reply), &mut State::Paging(read)) => {
                Some(self.judge(reply, read, random))
            }
            (PullInput::Reply(reply), State::Bootstrapping(way)) => {
                let next = way.step(bootstrap::Input::Reply(reply));
                self.follow(next, random)
            }
            (PullInput::Parts(held), State::Bootstrapping(way)) => {
                let next = way.step(bootstrap::Input::Parts(&held));
                self.follow(next, random)
            }
            (PullInput::Saved, State::Bootstrapping(way)) => {
                let next = way.step(bootstrap::Input::Saved);
                self.follow(next, random)
            }
            (PullInput::NoReply, State::Bootstrapping(way)) if way.is_asking() => {
                Some(self.fail(None, random))
            }
            (PullInput::DiskFailed, State::Bootstrapping(way)) if !way.is_asking() => {
                Some(self.fail(None, random))
            }
            (PullInput::Saved, &mut State::SavingPage { saved, head }) => {
                self.failures = 0;
                self.limit = PULL_EVENTS_MAX;
                if saved.cursor.after < head {
                    self.to_read.push_front(saved);
                }
                Some(self.next(random))
            }
            (PullInput::NoReply, State::Asking { .. } | State::Paging(_)) => {
                self.limit = (self.limit / 2).max(1);
                Some(self.fail(None, random))
            }
            (
                PullInput::DiskFailed,
                State::ReadingCursors | State::Forgetting | State::SavingPage { .. },
            ) => Some(self.fail(None, random)),
            _ => None,
        }
    }

    /// Goes on with a snapshot, or with the stream's pages once it is here or is not to be had.
    fn follow(&mut self, next: bootstrap::Next, random: u32) -> Option<PullEffect> {
        let State::Bootstrapping(way) = &self.state else {
            return None;
        };
        let cursor = match next {
            bootstrap::Next::Do(effect) => return Some(effect),
            bootstrap::Next::Nothing => return None,
            bootstrap::Next::Failed(problem) => return Some(self.fail(problem, random)),
            bootstrap::Next::Done(cursor) => cursor,
            bootstrap::Next::Unavailable => way.beginning(),
        };
        self.failures = 0;
        // The tail is asked for even where there is none by what was said at first: more may have come.
        self.to_read.push_front(ToRead {
            cursor,
            replaces: false,
        });
        Some(self.next(random))
    }

    fn next(&mut self, random: u32) -> PullEffect {
        if let Some(stream) = self.to_forget.pop_front() {
            self.state = State::Forgetting;
            return PullEffect::Forget(stream);
        }
        if self.shut_out {
            return self.fail(None, random);
        }
        if let Some(read) = self.to_read.pop_front() {
            self.state = State::Paging(read);
            return PullEffect::GetPage {
                cursor: read.cursor,
                limit: self.limit,
            };
        }
        if let Some(wanted) = self.to_fetch.pop_front() {
            let (way, effect) = Bootstrap::begin(wanted);
            self.state = State::Bootstrapping(Box::new(way));
            return effect;
        }
        self.failures = 0;
        if self.again {
            self.again = false;
            self.state = State::ReadingCursors;
            return PullEffect::ReadCursors;
        }
        self.state = State::Resting;
        PullEffect::Rest
    }

    /// Compares where the streams stand with what is here. A device that was shut out may hold none of
    /// them, so it forgets them all; its own log stays.
    fn look(&mut self, reply: &HttpReply, here: &Cursors, random: u32) -> PullEffect {
        match reply.read::<StreamsReply>() {
            Ok(streams) => {
                let plan = compare(here, &streams);
                self.to_forget = plan.to_forget;
                self.to_read = plan.to_read;
                self.to_fetch = plan.to_fetch;
                self.next(random)
            }
            Err(Some(ProblemReply {
                problem: Problem::Revoked,
                ..
            })) => {
                self.shut_out = true;
                self.to_forget = here.streams().collect();
                self.next(random)
            }
            Err(problem) => self.fail(problem, random),
        }
    }

    /// Believes a page only if it follows on exactly what is here, without gaps.
    fn judge(&mut self, reply: &HttpReply, read: ToRead, random: u32) -> PullEffect {
        let ToRead { cursor, replaces } = read;
        match reply.read::<PullReply>() {
            Ok(page) => {
                // A cursor that is damaged on disk may stand at the last number there is.
                let Some(after) = cursor.after.checked_add(page.events.len() as u64) else {
                    return self.fail(None, random);
                };
                let follows = page.stream == cursor.stream
                    && page.epoch == cursor.epoch
                    && page.after == cursor.after
                    && page
                        .events
                        .iter()
                        .zip(cursor.after.saturating_add(1)..=after)
                        .all(|(event, seq)| event.seq == seq);
                if !follows || after > page.head || (page.events.is_empty() && after < page.head) {
                    return self.fail(None, random);
                }
                let cursor = Cursor { after, ..cursor };
                self.state = State::SavingPage {
                    saved: ToRead { cursor, replaces },
                    head: page.head,
                };
                PullEffect::SavePage(Page {
                    cursor,
                    head: page.head,
                    place: match (replaces, after == page.head) {
                        (false, _) => Place::Shown,
                        (true, false) => Place::Beside,
                        (true, true) => Place::Instead,
                    },
                    events: page.events,
                })
            }
            Err(Some(ProblemReply { problem, .. }))
                if matches!(problem, Problem::EpochChanged | Problem::Forbidden) =>
            {
                // What changed its epoch stays on screen until its replacement is here.
                if problem == Problem::Forbidden {
                    self.to_forget.push_back(cursor.stream);
                }
                self.again = true;
                self.next(random)
            }
            Err(problem) => self.fail(problem, random),
        }
    }

    /// Waits, at least as long as the server asked if it did.
    fn fail(&mut self, problem: Option<ProblemReply>, random: u32) -> PullEffect {
        let asked_s = problem.and_then(|problem| problem.retry_after_s);
        self.to_forget.clear();
        self.to_read.clear();
        self.to_fetch.clear();
        self.shut_out = false;
        self.failures = self.failures.saturating_add(1);
        self.state = match asked_s {
            Some(_) => State::Told,
            None => State::Waiting,
        };
        PullEffect::Wait {
            ms: wait_ms(self.failures, asked_s, random),
        }
    }
}

/// What is to be done, in this order.
struct Comparison {
    to_forget: VecDeque<Stream>,
    to_read: VecDeque<ToRead>,
    to_fetch: VecDeque<Wanted>,
}

/// What to forget and what to read, given what is here and where the server stands. A stream of
/// another epoch, or whose head at the server lies before our cursor, is read afresh beside what is
/// shown of it; a replacement that was begun goes on. One of which nothing is shown yet is fetched as a
/// snapshot if there is one.
fn compare(here: &Cursors, there: &StreamsReply) -> Comparison {
    let listed = |stream: Stream| there.streams.iter().any(|head| head.stream == stream);
    let mut plan = Comparison {
        to_forget: here.streams().filter(|stream| !listed(*stream)).collect(),
        to_read: VecDeque::new(),
        to_fetch: VecDeque::new(),
    };
    for head in &there.streams {
        let StreamHead {
            stream,
            epoch,
            head,
        } = *head;
        let of = |cursors: &[Cursor]| cursors.iter().find(|c| c.stream == stream).copied();
        let beginning = Cursor {
            stream,
            epoch,
            after: 0,
        };
        let shown = of(&here.shown);
        let replaces = shown.is_some_and(|shown| shown.is_outdated(epoch, head));
        let cursor = if replaces {
            let begun = of(&here.beside).filter(|begun| !begun.is_outdated(epoch, head));
            begun.unwrap_or(beginning)
        } else {
            shown.unwrap_or(beginning)
        };
        if replaces && head == 0 {
            plan.to_forget.push_back(stream);
        } else if shown.is_none() && there.snapshots.contains(&stream) {
            plan.to_fetch.push_back(Wanted { stream, epoch });
        } else if replaces || cursor.after < head {
            plan.to_read.push_back(ToRead { cursor, replaces });
        }
    }
    plan
}
