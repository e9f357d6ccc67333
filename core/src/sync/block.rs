//! Blocks: how pulled events lie on the device.
//!
//! One row for each event is forty times slower to write than one row for 256 of them (sync findings
//! §3), so events lie in blocks. The last block of a stream is filled up by the next page, so that a
//! tablet that is on line all day, and receives one event at a time, holds no more blocks than one that
//! fetches everything in the evening.
//!
//! A block is a CBOR array of `[seq, received_at, bytes]`. Version 2, which is written, is a map around
//! that array compressed with LZ4: encrypted blocks cannot be compressed by whatever keeps them.
//! Version 1 is the array itself. It is still read, and written where the array is so large that a
//! reader would not believe the map.

use std::borrow::Cow;

use minicbor::bytes::ByteSlice;
use minicbor::data::Type;
use minicbor::{Decode, Decoder, Encode};

use super::protocol::{PulledEvent, PulledEventV1};
use crate::event::Event;

/// At most this many events in a block.
pub const BLOCK_EVENTS_MAX: usize = 256;

/// LZ4 makes nothing smaller than a 255th; a block that claims otherwise is none, and gets no memory.
const RATIO_MAX: usize = 255;

/// A compressed block that claims to be larger than this is none. Blocks of ordinary records are a
/// hundred times smaller.
const BLOCK_BYTES_MAX: usize = 4 * 1024 * 1024;

const VERSION: u8 = 2;

/// Bytes that are no block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a block of events")]
pub struct BlockError;

#[derive(Encode, Decode)]
#[cbor(map)]
struct BlockV2<'b> {
    #[n(0)]
    version: u8,
    /// How many bytes come out.
    #[n(1)]
    length: u32,
    #[b(2)]
    compressed: &'b ByteSlice,
}

/// The bytes of a block of at most [`BLOCK_EVENTS_MAX`] events.
pub fn encode_block(events: &[PulledEvent]) -> Vec<u8> {
    let wire: Vec<PulledEventV1<'_>> = events.iter().map(Into::into).collect();
    // Writing to a vector cannot fail.
    let plain = minicbor::to_vec(&wire).unwrap_or_default();
    if plain.len() > BLOCK_BYTES_MAX {
        // Whoever may send a form can send 256 that are together larger than a reader lets a few
        // compressed bytes become. What is received must stay readable, so it stays as it is.
        return plain;
    }
    let compressed = lz4_flex::block::compress(&plain);
    let block = BlockV2 {
        version: VERSION,
        length: u32::try_from(plain.len()).unwrap_or(u32::MAX),
        compressed: compressed.as_slice().into(),
    };
    minicbor::to_vec(&block).unwrap_or_default()
}

/// Reads a block.
///
/// # Errors
/// [`BlockError`] if the bytes are no block.
pub fn decode_block(bytes: &[u8]) -> Result<Vec<PulledEvent>, BlockError> {
    let mut events = Vec::new();
    each_pulled(bytes, |event| events.push(event.into()))?;
    Ok(events)
}

/// Reads a block for the records that it adds up to. An event that cannot be read is left out here and
/// stays in the block. A tablet does this with everything it holds at each start, so no event is copied
/// on the way.
///
/// # Errors
/// [`BlockError`] if the bytes are no block; some of its events may have been handed over before that
/// was seen, which does no harm because they are events all the same.
pub fn each_event(bytes: &[u8], mut take: impl FnMut(Event)) -> Result<(), BlockError> {
    each_pulled(bytes, |pulled| {
        if let Ok(event) = pulled.event() {
            take(event);
        }
    })
}

/// Reads a block event by event, without copying any.
///
/// # Errors
/// As [`each_event`].
pub(crate) fn each_pulled(
    bytes: &[u8],
    mut take: impl FnMut(PulledEventV1<'_>),
) -> Result<(), BlockError> {
    let plain = plain(bytes)?;
    let mut decoder = Decoder::new(&plain);
    let events = decoder
        .array_iter::<PulledEventV1<'_>>()
        .map_err(|_| BlockError)?;
    for (place, event) in events.enumerate() {
        // An event of four bytes becomes forty in memory, and compressed it was a fraction of one.
        if place == BLOCK_EVENTS_MAX {
            return Err(BlockError);
        }
        take(event.map_err(|_| BlockError)?);
    }
    Ok(())
}

/// The array inside a block.
fn plain(bytes: &[u8]) -> Result<Cow<'_, [u8]>, BlockError> {
    let version_1 = Decoder::new(bytes).datatype().map_err(|_| BlockError)? == Type::Array;
    if version_1 {
        return Ok(Cow::Borrowed(bytes));
    }
    let block: BlockV2<'_> = minicbor::decode(bytes).map_err(|_| BlockError)?;
    let length = block.length as usize;
    let possible = block.compressed.len().saturating_mul(RATIO_MAX) + RATIO_MAX;
    if block.version != VERSION || length > possible.min(BLOCK_BYTES_MAX) {
        return Err(BlockError);
    }
    let plain = lz4_flex::block::decompress(block.compressed, length).map_err(|_| BlockError)?;
    Ok(Cow::Owned(plain))
}

/// A block as it is to be kept: the number of its first event, which names it, and its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptBlock {
    /// The number of its first event.
    pub first_seq: u64,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// The blocks that keep `events`, given the last block that is there. The first of them takes that
/// block's place, and its name, where events fit into it; a block that cannot be read, or after which
/// something is missing, is left alone.
pub fn blocks_after(last: Option<&[u8]>, events: &[PulledEvent]) -> Vec<KeptBlock> {
    let Some(first) = events.first() else {
        return Vec::new();
    };
    let follows = |last: &Vec<PulledEvent>| {
        last.len() < BLOCK_EVENTS_MAX
            && last
                .last()
                .is_some_and(|event| event.seq.checked_add(1) == Some(first.seq))
    };
    let mut all = last
        .and_then(|last| decode_block(last).ok())
        .filter(follows)
        .unwrap_or_default();
    all.extend_from_slice(events);
    all.chunks(BLOCK_EVENTS_MAX)
        .map(|chunk| KeptBlock {
            first_seq: chunk.first().map_or(0, |event| event.seq),
            bytes: encode_block(chunk),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::clock::{Hlc, Instant};
    use crate::event::{Draft, encode_event};
    use crate::ids::{DeviceId, EventId, ProgrammeId, SessionId};
    use crate::notes::SessionNoted;
    use crate::stream::Stream;
    use proptest::prelude::*;

    fn pulled(seq: u64) -> PulledEvent {
        let noted = SessionNoted {
            session: SessionId(4),
            text: None,
        };
        let draft = Draft {
            stream: Stream::Delivery(ProgrammeId(3)),
            supersedes: Vec::new(),
            body: noted.into(),
        };
        let id = EventId {
            device: DeviceId(7),
            n: seq,
        };
        PulledEvent {
            seq,
            received_at: Instant(5),
            bytes: encode_event(&draft.place(id, Hlc(u64::MAX), None)),
        }
    }

    #[test]
    fn a_block_gives_the_same_events_in_either_way_of_reading_it() {
        let mut events: Vec<_> = (1..=5).map(pulled).collect();
        events[2].bytes = b"damaged".to_vec();
        let bytes = encode_block(&events);
        let whole: Vec<_> = decode_block(&bytes)
            .unwrap()
            .iter()
            .filter_map(|event| event.event().ok())
            .collect();
        assert_eq!(whole.len(), 4);
        let mut each = Vec::new();
        each_event(&bytes, |event| each.push(event)).unwrap();
        assert_eq!(each, whole);
    }

    /// The blocks that are there after pages of these sizes.
    fn kept(pages: &[usize]) -> BTreeMap<u64, Vec<u8>> {
        let mut kept = BTreeMap::new();
        let mut seq = 0;
        for size in pages {
            let events: Vec<_> = (0..*size as u64).map(|i| pulled(seq + 1 + i)).collect();
            seq += *size as u64;
            let last: Option<Vec<u8>> = kept.values().next_back().cloned();
            for block in blocks_after(last.as_deref(), &events) {
                kept.insert(block.first_seq, block.bytes);
            }
        }
        kept
    }

    proptest! {
        #[test]
        fn however_events_arrive_they_lie_in_the_same_blocks(
            pages in prop::collection::vec(0usize..300, 0..6),
        ) {
            let all = pages.iter().sum();
            prop_assert_eq!(kept(&pages), kept(&[all]));
        }

        #[test]
        fn bytes_that_are_no_block_are_refused_and_cost_no_memory(bytes in any::<Vec<u8>>()) {
            // Whatever they are, reading them ends with a block or an error.
            let _ = decode_block(&bytes);
        }
    }

    #[test]
    fn a_last_block_that_is_damaged_or_not_the_last_is_left_alone() {
        let old = encode_block(&[pulled(1), pulled(2)]);
        for last in [&b"damaged"[..], &old] {
            let blocks = blocks_after(Some(last), &[pulled(9)]);
            assert_eq!(blocks[0].first_seq, 9);
        }
    }

    #[test]
    fn a_block_of_version_1_is_still_read() {
        let events = [pulled(1), pulled(2)];
        let wire: Vec<PulledEventV1<'_>> = events.iter().map(Into::into).collect();
        let bytes = minicbor::to_vec(&wire).unwrap();
        assert_eq!(decode_block(&bytes).as_deref(), Ok(&events[..]));
    }

    #[test]
    fn a_block_that_claims_to_be_huge_is_none() {
        let block = BlockV2 {
            version: VERSION,
            length: u32::MAX,
            compressed: [0u8; 20].as_slice().into(),
        };
        let bytes = minicbor::to_vec(&block).unwrap();
        assert_eq!(decode_block(&bytes), Err(BlockError));
    }

    /// An event that cannot be read, as large as this.
    fn large(seq: u64, length: usize) -> PulledEvent {
        PulledEvent {
            seq,
            received_at: Instant(5),
            bytes: vec![7; length],
        }
    }

    #[test]
    fn a_block_of_the_largest_events_reads_back() {
        for length in [1, 16 * 1024, 32 * 1024] {
            let events: Vec<_> = (1..=BLOCK_EVENTS_MAX as u64)
                .map(|seq| large(seq, length))
                .collect();
            let read = decode_block(&encode_block(&events));
            assert!(read.as_ref() == Ok(&events), "256 events of {length} bytes");
        }
        let one = [large(1, 2 * BLOCK_BYTES_MAX)];
        let read = decode_block(&encode_block(&one));
        assert!(read.as_deref() == Ok(&one[..]), "one huge event");
    }

    #[test]
    fn a_block_of_more_events_than_a_block_has_is_none() {
        let events: Vec<_> = (1..=BLOCK_EVENTS_MAX as u64 + 1)
            .map(|seq| large(seq, 0))
            .collect();
        assert_eq!(decode_block(&encode_block(&events)), Err(BlockError));
    }

    #[test]
    fn what_is_no_block_is_none_in_either_way_of_reading_it() {
        assert_eq!(decode_block(b"damaged"), Err(BlockError));
        assert_eq!(each_event(b"damaged", |_| ()), Err(BlockError));
    }
}
