//! Digests: whether what lies on a device is what the server holds.
//!
//! A stream is cut into buckets of 1,024 places. The digest of a bucket is the sum of its events'
//! fingerprints, so that it does not matter in which order or in which blocks they lie. Both sides sum
//! up what they hold, each time anew: a digest that was taken over from the other side, or kept from an
//! earlier day, would agree for ever with whatever has gone wrong since (sync findings §2, on a port
//! that adopted the server's root).

use std::ops::Range;

use sha2::{Digest as _, Sha256};

use super::block::{BlockError, each_pulled};
use super::cursor::Cursor;
use super::protocol::{PulledEvent, PulledEventV1};

/// So many places of a stream share a digest.
pub const BUCKET_EVENTS: u64 = 1_024;

/// At most so many digests are asked for at once: the server reads what they stand for.
pub const BUCKETS_MAX: u64 = 64;

/// The bucket that a place of a stream lies in, from 0; places count from 1.
const fn bucket_of(seq: u64) -> u64 {
    seq.saturating_sub(1) / BUCKET_EVENTS
}

/// The digests of neighbouring buckets of a stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Digests {
    buckets: Range<u64>,
    through: u64,
    /// Buckets and their sums, in the order in which their first events came.
    sums: Vec<(u64, u64)>,
}

impl Digests {
    /// Digests of no event yet, for at most `count` buckets from `first` on, of which none reaches
    /// beyond the place `through`.
    pub fn new(first: u64, count: u64, through: u64) -> Self {
        let end = match through {
            0 => 0,
            _ => (bucket_of(through) + 1).min(first.saturating_add(count)),
        };
        Self {
            buckets: first..end.max(first),
            through,
            sums: Vec::new(),
        }
    }

    /// Adds an event. One that lies in no bucket of these, or beyond the end, adds nothing.
    pub fn add(&mut self, event: &PulledEvent) {
        self.add_wire(&event.into());
    }

    fn add_wire(&mut self, event: &PulledEventV1<'_>) {
        let bucket = bucket_of(event.seq);
        let counts = event.seq > 0 && event.seq <= self.through;
        if counts && self.buckets.contains(&bucket) {
            // Events come nearly in order, so it is the last one or none.
            let known = self.sums.iter().rposition(|(known, _)| *known == bucket);
            let index = known.unwrap_or_else(|| {
                self.sums.push((bucket, 0));
                self.sums.len() - 1
            });
            if let Some((_, sum)) = self.sums.get_mut(index) {
                *sum = sum.wrapping_add(fingerprint(event));
            }
        }
    }

    /// The first place that these digests say something of, and the last.
    pub fn places(&self) -> (u64, u64) {
        let first = self
            .buckets
            .start
            .saturating_mul(BUCKET_EVENTS)
            .saturating_add(1);
        let last = self.buckets.end.saturating_mul(BUCKET_EVENTS);
        (first, last.min(self.through))
    }

    /// The digest of a bucket; `None` where these say nothing of it.
    pub fn of(&self, bucket: u64) -> Option<u64> {
        let known = self.buckets.contains(&bucket);
        known.then(|| {
            let sum = self.sums.iter().find(|(of, _)| *of == bucket);
            sum.map_or(0, |(_, sum)| *sum)
        })
    }

    /// The digests, in order. To be asked only where their number is bounded.
    pub fn to_vec(&self) -> Vec<u64> {
        let buckets = self.buckets.clone();
        buckets.filter_map(|bucket| self.of(bucket)).collect()
    }
}

/// An event's part in the digest: the first 64 bits of the SHA-256 of its place, its arrival and its
/// bytes. It finds accidents. It proves nothing against somebody who wants to deceive, and need not:
/// what is compared was received from the server, and is received again from it.
fn fingerprint(event: &PulledEventV1<'_>) -> u64 {
    let hash = Sha256::new()
        .chain_update(event.seq.to_be_bytes())
        .chain_update(event.received_at.to_be_bytes())
        .chain_update(&**event.bytes)
        .finalize();
    hash.iter()
        .take(8)
        .fold(0, |number, byte| (number << 8) | u64::from(*byte))
}

/// What a device has of a stream, summed up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StreamSums {
    pub(super) cursor: Cursor,
    digests: Digests,
}

impl StreamSums {
    /// Nothing yet of a stream that was read so far.
    pub fn new(cursor: Cursor) -> Self {
        Self {
            cursor,
            digests: Digests::new(0, u64::MAX, cursor.after),
        }
    }

    /// Adds an event.
    pub fn take(&mut self, event: &PulledEvent) {
        self.digests.add(event);
    }

    /// Adds the events of a block.
    ///
    /// # Errors
    /// [`BlockError`] if it is damaged. What was added of it then does not add up to what the server
    /// says, which is how it is found.
    pub fn take_block(&mut self, bytes: &[u8]) -> Result<(), BlockError> {
        each_pulled(bytes, |event| self.digests.add_wire(&event))
    }

    /// The digest of a bucket; `None` beyond what was read.
    pub(super) fn digest(&self, bucket: u64) -> Option<u64> {
        self.digests.of(bucket)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::block::encode_block;
    use super::*;
    use crate::clock::Instant;
    use crate::ids::ProgrammeId;
    use crate::stream::Stream;

    fn event(seq: u64) -> PulledEvent {
        PulledEvent {
            seq,
            received_at: Instant(seq + 7),
            bytes: seq.to_be_bytes().to_vec(),
        }
    }

    fn sums(first: u64, count: u64, through: u64, events: &[PulledEvent]) -> Vec<u64> {
        let mut digests = Digests::new(first, count, through);
        events.iter().for_each(|event| digests.add(event));
        digests.to_vec()
    }

    #[test]
    fn a_bucket_has_1024_places_and_the_first_place_is_one() {
        for (seq, bucket) in [(1, 0), (1_024, 0), (1_025, 1), (2_048, 1), (2_049, 2)] {
            assert_eq!(bucket_of(seq), bucket);
        }
        assert_eq!(Digests::new(0, 64, 0).to_vec().len(), 0);
        assert_eq!(Digests::new(0, 64, 1_024).to_vec().len(), 1);
        assert_eq!(Digests::new(0, 64, 1_025).to_vec().len(), 2);
        assert_eq!(Digests::new(1, 2, 9_999).to_vec().len(), 2);
        assert_eq!(Digests::new(9, 2, 1_025).to_vec().len(), 0);
        assert_eq!(Digests::new(1, 2, 9_999).places(), (1_025, 3_072));
        assert_eq!(Digests::new(1, 64, 1_500).places(), (1_025, 1_500));
    }

    #[test]
    fn whatever_is_other_about_an_event_changes_the_digest() {
        let whole = sums(0, 1, 3, &[event(1), event(2), event(3)]);
        for other in [
            vec![event(1), event(2)],
            vec![event(1), event(2), event(2)],
            vec![
                event(1),
                event(2),
                PulledEvent {
                    received_at: Instant(0),
                    ..event(3)
                },
            ],
            vec![
                event(1),
                event(2),
                PulledEvent {
                    bytes: b"else".to_vec(),
                    ..event(3)
                },
            ],
        ] {
            assert_ne!(sums(0, 1, 3, &other), whole);
        }
    }

    #[test]
    fn what_lies_beyond_the_end_adds_nothing() {
        let events = [event(0), event(1), event(2)];
        assert_eq!(sums(0, 1, 1, &events), sums(0, 1, 1, &[event(1)]));
    }

    proptest! {
        #[test]
        fn it_does_not_matter_how_events_lie_in_blocks(
            sizes in prop::collection::vec(1usize..=256, 1..8),
            first in 0u64..3,
        ) {
            let all: Vec<_> = (1..=sizes.iter().sum::<usize>() as u64).map(event).collect();
            let through = all.len() as u64;
            let cursor = Cursor { stream: Stream::Delivery(ProgrammeId(1)), epoch: 1, after: through };
            let mut here = StreamSums::new(cursor);
            let mut rest = &all[..];
            let mut blocks = Vec::new();
            for size in sizes {
                let (block, after) = rest.split_at(size);
                blocks.push(encode_block(block));
                rest = after;
            }
            blocks.reverse();
            for block in blocks {
                here.take_block(&block).unwrap();
            }
            let there = sums(first, BUCKETS_MAX, through, &all);
            for (bucket, sum) in (first..).zip(&there) {
                prop_assert_eq!(here.digest(bucket), Some(*sum));
            }
            prop_assert_eq!(here.digest(bucket_of(through) + 1), None);
        }
    }
}
