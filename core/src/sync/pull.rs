//! The receiving lane of a device.
//!
//! A page and its cursor are saved together or not at all, so the cursor never skips. The lane never
//! waits for the outbox, nor the outbox for it.

use std::collections::VecDeque;

use super::problem::{Problem, ProblemReply};
use super::protocol::{
    HttpReply, PULL_EVENTS_MAX, PullReply, PulledEvent, StreamHead, StreamsReply,
};
use super::retry::wait_ms;
use crate::stream::Stream;

/// How far a stream has been read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// The stream.
    pub stream: Stream,
    /// The epoch that was read.
    pub epoch: u32,
    /// The last event that is on this device.
    pub after: u64,
}

/// A page to be saved together with its cursor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// The cursor once the page is saved.
    pub cursor: Cursor,
    /// The events, following on what is on the device.
    pub events: Vec<PulledEvent>,
}

impl Page {
    /// Whether the page follows on what the disk holds now. To be asked in the transaction that saves
    /// it: another tab may have moved the cursor, or forgotten the stream, since the page was asked for,
    /// and saving it then would leave a gap that no cursor shows.
    pub fn follows(&self, here: Option<&Cursor>) -> bool {
        let start = self.cursor.after.saturating_sub(self.events.len() as u64);
        match here {
            Some(here) => here.epoch == self.cursor.epoch && here.after == start,
            None => start == 0,
        }
    }
}

/// Something that happened to the lane.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PullInput<'a> {
    /// A reason to look.
    Wake,
    /// The cursors on disk.
    Cursors(Vec<Cursor>),
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
    /// Save a page and its cursor, together, if [`Page::follows`]; else say
    /// [`PullInput::DiskFailed`], and the lane starts again from what the disk says.
    SavePage(Page),
    /// Delete everything of a stream: it may no longer be held, or has to be read afresh. The outbox
    /// stays as it is.
    Forget(Stream),
    /// Come back with [`PullInput::WaitOver`] after so many milliseconds.
    Wait {
        /// Milliseconds.
        ms: u32,
    },
    /// Everything is up to date.
    Rest,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum State {
    Resting,
    ReadingCursors,
    Asking { cursors: Vec<Cursor> },
    Forgetting,
    Paging { cursor: Cursor },
    SavingPage { cursor: Cursor, head: u64 },
    Waiting,
}

/// The receiving lane. Feed it with [`PullLane::step`] and do what it says.
#[derive(Clone, Debug)]
pub struct PullLane {
    state: State,
    again: bool,
    failures: u32,
    limit: usize,
    to_forget: VecDeque<Stream>,
    to_read: VecDeque<Cursor>,
}

impl Default for PullLane {
    fn default() -> Self {
        Self {
            state: State::Resting,
            again: false,
            failures: 0,
            limit: PULL_EVENTS_MAX,
            to_forget: VecDeque::new(),
            to_read: VecDeque::new(),
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
        match (input, &self.state) {
            (PullInput::Wake, State::Resting | State::Waiting)
            | (PullInput::WaitOver, State::Waiting) => {
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
                match reply.read::<StreamsReply>() {
                    Ok(streams) => {
                        (self.to_forget, self.to_read) = compare(cursors, &streams.streams);
                        Some(self.next())
                    }
                    Err(_) => Some(self.fail(random)),
                }
            }
            (PullInput::Saved, State::Forgetting) => Some(self.next()),
            (PullInput::Reply(reply), &State::Paging { cursor }) => {
                Some(self.judge(reply, cursor, random))
            }
            (PullInput::Saved, &State::SavingPage { cursor, head }) => {
                self.failures = 0;
                self.limit = PULL_EVENTS_MAX;
                if cursor.after < head {
                    self.to_read.push_front(cursor);
                }
                Some(self.next())
            }
            (PullInput::NoReply, State::Asking { .. } | State::Paging { .. }) => {
                self.limit = (self.limit / 2).max(1);
                Some(self.fail(random))
            }
            (
                PullInput::DiskFailed,
                State::ReadingCursors | State::Forgetting | State::SavingPage { .. },
            ) => Some(self.fail(random)),
            _ => None,
        }
    }

    fn next(&mut self) -> PullEffect {
        if let Some(stream) = self.to_forget.pop_front() {
            self.state = State::Forgetting;
            return PullEffect::Forget(stream);
        }
        if let Some(cursor) = self.to_read.pop_front() {
            self.state = State::Paging { cursor };
            return PullEffect::GetPage {
                cursor,
                limit: self.limit,
            };
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

    /// Believes a page only if it follows on exactly what is here, without gaps.
    fn judge(&mut self, reply: &HttpReply, cursor: Cursor, random: u32) -> PullEffect {
        match reply.read::<PullReply>() {
            Ok(page) => {
                let follows = page.stream == cursor.stream
                    && page.epoch == cursor.epoch
                    && page.after == cursor.after
                    && page
                        .events
                        .iter()
                        .zip(cursor.after + 1..)
                        .all(|(event, seq)| event.seq == seq);
                let after = cursor.after + page.events.len() as u64;
                if !follows || after > page.head || (page.events.is_empty() && after < page.head) {
                    return self.fail(random);
                }
                let cursor = Cursor { after, ..cursor };
                self.state = State::SavingPage {
                    cursor,
                    head: page.head,
                };
                PullEffect::SavePage(Page {
                    cursor,
                    events: page.events,
                })
            }
            Err(Some(ProblemReply {
                problem: Problem::EpochChanged | Problem::Forbidden,
                ..
            })) => {
                self.to_forget.push_back(cursor.stream);
                self.again = true;
                self.next()
            }
            Err(_) => self.fail(random),
        }
    }

    fn fail(&mut self, random: u32) -> PullEffect {
        self.to_forget.clear();
        self.to_read.clear();
        self.failures = self.failures.saturating_add(1);
        self.state = State::Waiting;
        PullEffect::Wait {
            ms: wait_ms(self.failures, random),
        }
    }
}

/// What to forget and what to read, given what is here and where the server stands. A stream whose
/// head at the server lies before our cursor was restored from a backup and is read afresh.
fn compare(here: &[Cursor], there: &[StreamHead]) -> (VecDeque<Stream>, VecDeque<Cursor>) {
    let mut to_forget = VecDeque::new();
    let mut to_read = VecDeque::new();
    for cursor in here {
        if !there.iter().any(|head| head.stream == cursor.stream) {
            to_forget.push_back(cursor.stream);
        }
    }
    for head in there {
        let known = here.iter().find(|cursor| cursor.stream == head.stream);
        let start = match known {
            Some(cursor) if cursor.epoch == head.epoch && cursor.after <= head.head => *cursor,
            Some(_) => {
                to_forget.push_back(head.stream);
                Cursor {
                    stream: head.stream,
                    epoch: head.epoch,
                    after: 0,
                }
            }
            None => Cursor {
                stream: head.stream,
                epoch: head.epoch,
                after: 0,
            },
        };
        if start.after < head.head {
            to_read.push_back(start);
        }
    }
    (to_forget, to_read)
}

#[cfg(test)]
mod tests {
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

    fn asked(here: Vec<Cursor>, reply: &HttpReply) -> (PullLane, Option<PullEffect>) {
        let mut lane = PullLane::default();
        assert_eq!(lane.step(PullInput::Wake, 0), Some(PullEffect::ReadCursors));
        assert_eq!(
            lane.step(PullInput::Cursors(here), 0),
            Some(PullEffect::GetStreams)
        );
        let effect = lane.step(PullInput::Reply(reply), 0);
        (lane, effect)
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
        assert!(
            matches!(saved, Some(PullEffect::SavePage(Page { cursor, .. })) if cursor == at(2))
        );
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

    #[test]
    fn a_page_is_saved_only_where_another_tab_has_not_moved_the_cursor() {
        let PullReply { events, .. } = page(5, 2, 9);
        let asked_at_5 = Page {
            cursor: at(7),
            events,
        };
        let other_epoch = Cursor { epoch: 2, ..at(5) };
        for (here, follows) in [
            (Some(at(5)), true),
            (Some(at(4)), false),
            (Some(at(7)), false),
            (Some(other_epoch), false),
            (None, false),
        ] {
            assert_eq!(asked_at_5.follows(here.as_ref()), follows, "{here:?}");
        }
        let PullReply { events, .. } = page(0, 2, 9);
        let from_the_beginning = Page {
            cursor: at(2),
            events,
        };
        assert!(from_the_beginning.follows(None));
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
    fn a_stream_that_changed_in_mid_read_is_forgotten_and_looked_at_again() {
        for problem in [Problem::EpochChanged, Problem::Forbidden] {
            let (mut lane, _) = asked(vec![at(1)], &streams(1, 3));
            let refused = HttpReply {
                status: 409,
                media_type: MEDIA_TYPE.to_owned(),
                body: ProblemReply::from(problem).to_bytes(),
            };
            let effect = lane.step(PullInput::Reply(&refused), 0);
            assert_eq!(effect, Some(PullEffect::Forget(STREAM)), "{problem:?}");
            let next = lane.step(PullInput::Saved, 0);
            assert_eq!(next, Some(PullEffect::ReadCursors), "{problem:?}");
        }
    }

    #[test]
    fn a_stream_that_is_no_longer_ours_is_forgotten() {
        let gone = ours(&StreamsReply {
            streams: vec![],
            server_time: Instant(0),
        });
        let (_, effect) = asked(vec![at(5)], &gone);
        assert_eq!(effect, Some(PullEffect::Forget(STREAM)));
    }

    #[test]
    fn a_new_epoch_or_a_shorter_stream_is_read_afresh() {
        for there in [streams(2, 9), streams(1, 4)] {
            let (mut lane, effect) = asked(vec![at(5)], &there);
            assert_eq!(effect, Some(PullEffect::Forget(STREAM)));
            let next = lane.step(PullInput::Saved, 0);
            assert!(matches!(
                next,
                Some(PullEffect::GetPage {
                    cursor: Cursor { after: 0, .. },
                    ..
                })
            ));
        }
    }
}
