//! The mending lane of a device: it compares what lies here with what the server holds, a bucket at a
//! time, and fetches again only what differs.
//!
//! It runs once the receiving lane rests, at most once an hour and at each start. Whatever fails ends
//! the run; the next time that everything was received it begins again. What is shown, the cursors and
//! the outbox stay as they are until a bucket that was fetched again is whole.

#[cfg(test)]
mod tests;

use std::collections::VecDeque;

use super::block::{BLOCK_EVENTS_MAX, KeptBlock, decode_block, encode_block};
use super::cursor::Cursor;
use super::digest::{BUCKET_EVENTS, BUCKETS_MAX, Digests, StreamSums};
use super::protocol::{DigestsReply, HttpReply, PULL_EVENTS_MAX, PullReply, PulledEvent};
use crate::clock::Instant;

/// Everything is compared this often while the app is open, in milliseconds: it reads all that lies on
/// the device, and damage is rare.
const BETWEEN_RUNS_MS: u64 = 60 * 60 * 1000;

/// A part of a stream that was fetched again, to take the place of what lies there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repair {
    /// How far the stream had been read when it was compared.
    pub cursor: Cursor,
    /// The events, without gaps.
    pub events: Vec<PulledEvent>,
}

impl Repair {
    fn places(&self) -> Option<(u64, u64)> {
        Some((self.events.first()?.seq, self.events.last()?.seq))
    }

    /// Whether it still belongs to what is shown of its stream. To be asked in the transaction that
    /// saves it: another tab may have read the stream afresh, or forgotten it.
    pub fn fits(&self, shown: Option<&Cursor>) -> bool {
        shown.is_some_and(|shown| {
            shown.stream == self.cursor.stream
                && shown.epoch == self.cursor.epoch
                && shown.after >= self.cursor.after
        })
    }

    /// The names, first and last, of the blocks in which some of it may lie.
    pub fn blocks_between(&self) -> (u64, u64) {
        let (first, last) = self.places().unwrap_or((1, 0));
        (first.saturating_sub(BLOCK_EVENTS_MAX as u64 - 1), last)
    }

    /// The blocks that take the place of those that lie between [`Repair::blocks_between`]. What can be
    /// read of them and lies outside of the repair is kept.
    pub fn blocks(&self, there: &[Vec<u8>]) -> Vec<KeptBlock> {
        let Some((first, last)) = self.places() else {
            return Vec::new();
        };
        let mut events: Vec<PulledEvent> = there
            .iter()
            .filter_map(|block| decode_block(block).ok())
            .flatten()
            .filter(|event| !(first..=last).contains(&event.seq))
            .chain(self.events.iter().cloned())
            .collect();
        events.sort_unstable_by_key(|event| event.seq);
        events.dedup_by_key(|event| event.seq);
        // Blocks end where those do that nothing ever happened to.
        let place = |event: &PulledEvent| event.seq.saturating_sub(1) / BLOCK_EVENTS_MAX as u64;
        events
            .chunk_by(|one, next| place(one) == place(next))
            .map(|block| KeptBlock {
                first_seq: block.first().map_or(0, |event| event.seq),
                bytes: encode_block(block),
            })
            .collect()
    }
}

/// Something that happened to the lane.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MendInput<'a> {
    /// Everything was received, at this time by the device's clock.
    Received(Instant),
    /// What lies on the device, summed up.
    Sums(Vec<StreamSums>),
    /// A reply came.
    Reply(&'a HttpReply),
    /// No reply came, or the connection broke.
    NoReply,
    /// What was to be saved is durable.
    Saved,
    /// The disk failed, or the repair no longer fits.
    DiskFailed,
}

/// What the lane wants done. Exactly one thing at a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MendEffect {
    /// Sum up what lies on the device of each stream that is shown.
    SumUp,
    /// Ask for digests.
    GetDigests {
        /// Of which stream and epoch, and through which place.
        cursor: Cursor,
        /// From which bucket on.
        bucket: u64,
    },
    /// Ask for a page of a bucket that differs.
    GetPage {
        /// From where.
        cursor: Cursor,
        /// Events at most.
        limit: usize,
    },
    /// Put what was fetched again in the place of what lies there, in one transaction, if
    /// [`Repair::fits`]; else say [`MendInput::DiskFailed`].
    Mend(Repair),
    /// Done for now.
    Rest,
}

/// A bucket that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Broken {
    cursor: Cursor,
    bucket: u64,
    /// What the server says that it adds up to.
    digest: u64,
    /// What was fetched of it so far.
    events: Vec<PulledEvent>,
}

impl Broken {
    fn last(&self) -> u64 {
        let end = (self.bucket + 1).saturating_mul(BUCKET_EVENTS);
        end.min(self.cursor.after)
    }

    /// What is missing of it.
    fn next_page(&self) -> Option<MendEffect> {
        let after = self.bucket * BUCKET_EVENTS + self.events.len() as u64;
        let missing = usize::try_from(self.last().saturating_sub(after)).unwrap_or(usize::MAX);
        (missing > 0).then(|| MendEffect::GetPage {
            cursor: Cursor {
                after,
                ..self.cursor
            },
            limit: missing.min(PULL_EVENTS_MAX),
        })
    }

    /// Takes a page in, if it is the one that was asked for.
    fn take(&mut self, page: PullReply) -> bool {
        let after = self.bucket * BUCKET_EVENTS + self.events.len() as u64;
        let seqs = page.events.iter().map(|event| event.seq);
        let fits = page.stream == self.cursor.stream
            && page.epoch == self.cursor.epoch
            && page.after == after
            && !page.events.is_empty()
            && after + page.events.len() as u64 <= self.last()
            && seqs.eq(after + 1..=after + page.events.len() as u64);
        if fits {
            self.events.extend(page.events);
        }
        fits
    }

    /// Whether what was fetched is what the server summed up.
    fn adds_up(&self) -> bool {
        let mut digests = Digests::new(self.bucket, 1, self.cursor.after);
        self.events.iter().for_each(|event| digests.add(event));
        digests.of(self.bucket) == Some(self.digest)
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum State {
    Resting,
    SummingUp,
    Comparing { bucket: u64 },
    Fetching(Broken),
    Saving,
}

/// The mending lane. Feed it with [`MendLane::step`] and do what it says.
#[derive(Clone, Debug)]
pub struct MendLane {
    state: State,
    began_at: Instant,
    /// When the last run began that came to its end.
    compared_at: Option<Instant>,
    to_compare: VecDeque<StreamSums>,
    broken: VecDeque<Broken>,
}

impl Default for MendLane {
    fn default() -> Self {
        Self {
            state: State::Resting,
            began_at: Instant(0),
            compared_at: None,
            to_compare: VecDeque::new(),
            broken: VecDeque::new(),
        }
    }
}

impl MendLane {
    /// Takes an input and says what to do. An input that does not belong to what is under way does
    /// nothing.
    pub fn step(&mut self, input: MendInput<'_>) -> Option<MendEffect> {
        match (input, &mut self.state) {
            (MendInput::Received(now), State::Resting) => {
                if !self.is_due(now) {
                    return None;
                }
                self.began_at = now;
                self.state = State::SummingUp;
                Some(MendEffect::SumUp)
            }
            (MendInput::Sums(sums), State::SummingUp) => {
                let read = sums.into_iter().filter(|sums| sums.cursor.after > 0);
                self.to_compare = read.collect();
                Some(self.compare_from(0))
            }
            (MendInput::Reply(reply), &mut State::Comparing { bucket }) => {
                Some(self.compare(reply, bucket))
            }
            (MendInput::Reply(reply), State::Fetching(broken)) => {
                let page = reply.read::<PullReply>();
                if !page.is_ok_and(|page| broken.take(page)) {
                    return Some(self.give_up());
                }
                if let Some(next) = broken.next_page() {
                    return Some(next);
                }
                if !broken.adds_up() {
                    // What the server says and what it hands out differ. Another try would not mend
                    // that, and what lies here is no worse.
                    return Some(self.fetch_next());
                }
                let repair = Repair {
                    cursor: broken.cursor,
                    events: std::mem::take(&mut broken.events),
                };
                self.state = State::Saving;
                Some(MendEffect::Mend(repair))
            }
            (MendInput::Saved, State::Saving) => Some(self.fetch_next()),
            (MendInput::NoReply, State::Comparing { .. } | State::Fetching(_))
            | (MendInput::DiskFailed, State::SummingUp | State::Saving) => Some(self.give_up()),
            _ => None,
        }
    }

    /// A clock that was put back makes it due, at worst once more than is needed.
    fn is_due(&self, now: Instant) -> bool {
        self.compared_at.is_none_or(|at| {
            now.0
                .checked_sub(at.0)
                .is_none_or(|age| age >= BETWEEN_RUNS_MS)
        })
    }

    /// Asks for the digests of the stream that is first, or of the next where that one is done.
    fn compare_from(&mut self, bucket: u64) -> MendEffect {
        while let Some(sums) = self.to_compare.front() {
            if sums.digest(bucket).is_some() {
                let cursor = sums.cursor;
                self.state = State::Comparing { bucket };
                return MendEffect::GetDigests { cursor, bucket };
            }
            self.to_compare.pop_front();
            if bucket > 0 {
                return self.compare_from(0);
            }
        }
        self.fetch_next()
    }

    fn compare(&mut self, reply: &HttpReply, bucket: u64) -> MendEffect {
        let Some(sums) = self.to_compare.front() else {
            return self.give_up();
        };
        let cursor = sums.cursor;
        let Ok(there) = reply.read::<DigestsReply>() else {
            return self.give_up();
        };
        let asked = (cursor.stream, cursor.epoch, bucket, cursor.after);
        let echoed = (there.stream, there.epoch, there.bucket, there.through);
        let expected = Digests::new(bucket, BUCKETS_MAX, cursor.after).to_vec();
        if asked != echoed || there.digests.len() != expected.len() {
            return self.give_up();
        }
        for (bucket, digest) in (bucket..).zip(&there.digests) {
            if sums.digest(bucket) != Some(*digest) {
                self.broken.push_back(Broken {
                    cursor,
                    bucket,
                    digest: *digest,
                    events: Vec::new(),
                });
            }
        }
        self.compare_from(bucket + there.digests.len() as u64)
    }

    fn fetch_next(&mut self) -> MendEffect {
        while let Some(broken) = self.broken.pop_front() {
            if let Some(page) = broken.next_page() {
                self.state = State::Fetching(broken);
                return page;
            }
        }
        self.compared_at = Some(self.began_at);
        self.state = State::Resting;
        MendEffect::Rest
    }

    fn give_up(&mut self) -> MendEffect {
        self.to_compare.clear();
        self.broken.clear();
        self.state = State::Resting;
        MendEffect::Rest
    }
}
