//! Snapshots: a long stream as a file, for a device that has nothing of it yet.
//!
//! A snapshot is the beginning of a stream in the blocks that the device will keep, one after the other,
//! so that a device writes what it received and encodes nothing again. It ends at a round place and
//! never changes while the stream's epoch lasts, so it is named by the SHA-256 of its bytes, and whoever
//! makes it from the same events makes the same file. It is fetched in parts that are kept: a line that
//! breaks costs one part, not everything (sync findings §2, on those that start over, and §5.7).

use minicbor::Decoder;
use minicbor::bytes::{ByteArray, ByteSlice, ByteVec};
use sha2::{Digest as _, Sha256};

use super::block::{BLOCK_EVENTS_MAX, KeptBlock, encode_block};
use super::cursor::Cursor;
use super::protocol::{Message, PulledEvent, message};
use crate::event::NotOurs;
use crate::stream::Stream;

/// A stream has a snapshot once it has so many events, and a longer one after each further so many. The
/// rest, which is shorter than this, is pulled as pages.
pub const SNAPSHOT_EVENTS: u64 = 8_192;

/// So many bytes are in a part; the last one may have fewer.
pub const SNAPSHOT_PART_BYTES: u32 = 256 * 1024;

/// A snapshot that claims to be larger than this is none: it would not fit into a tablet's memory.
const SNAPSHOT_BYTES_MAX: u32 = 128 * 1024 * 1024;

/// Where the snapshot of a stream ends that has so many events; `None` while it is too short for one.
pub const fn snapshot_through(head: u64) -> Option<u64> {
    match head / SNAPSHOT_EVENTS {
        0 => None,
        whole => Some(whole * SNAPSHOT_EVENTS),
    }
}

/// The SHA-256 of some bytes.
pub type ContentHash = [u8; 32];

fn hash(bytes: &[u8]) -> ContentHash {
    Sha256::digest(bytes).into()
}

/// What a snapshot is, without its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// Of which stream and epoch, and up to where: the cursor of a device that has it.
    pub cursor: Cursor,
    /// How many bytes it has.
    pub length: u32,
    /// The SHA-256 of all its bytes, which names it.
    pub hash: ContentHash,
    /// The SHA-256 of each part, in order.
    pub parts: Vec<ContentHash>,
}

wire_map! {
    struct SnapshotV1 {
        #[n(0)]
        stream: Stream,
        #[n(1)]
        epoch: u32,
        #[n(2)]
        through: u64,
        #[n(3)]
        length: u32,
        #[n(4)]
        hash: ByteArray<32>,
        #[n(5)]
        parts: Vec<ByteArray<32>>,
    }
}

message!(Snapshot, SnapshotV1);

impl From<&Snapshot> for SnapshotV1 {
    fn from(snapshot: &Snapshot) -> Self {
        Self {
            stream: snapshot.cursor.stream,
            epoch: snapshot.cursor.epoch,
            through: snapshot.cursor.after,
            length: snapshot.length,
            hash: snapshot.hash.into(),
            parts: snapshot.parts.iter().map(|part| (*part).into()).collect(),
        }
    }
}

impl TryFrom<SnapshotV1> for Snapshot {
    type Error = NotOurs;

    fn try_from(wire: SnapshotV1) -> Result<Self, NotOurs> {
        let parts = wire.length.div_ceil(SNAPSHOT_PART_BYTES);
        if wire.length > SNAPSHOT_BYTES_MAX || wire.parts.len() != parts as usize {
            return Err(NotOurs);
        }
        Ok(Self {
            cursor: Cursor {
                stream: wire.stream,
                epoch: wire.epoch,
                after: wire.through,
            },
            length: wire.length,
            hash: wire.hash.into(),
            parts: wire.parts.into_iter().map(Into::into).collect(),
        })
    }
}

/// The parts do not make up the snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not the parts of this snapshot")]
pub struct NotThese;

impl Snapshot {
    /// The name as it stands in an address: the hash in hexadecimal digits.
    pub fn name(&self) -> String {
        self.hash
            .iter()
            .fold(String::new(), |name, byte| format!("{name}{byte:02x}"))
    }

    /// Where a part lies in the file: its first byte and the one after its last. `None` beyond the end.
    pub fn bytes_of(&self, part: u32) -> Option<core::ops::Range<u32>> {
        let start = part.checked_mul(SNAPSHOT_PART_BYTES)?;
        let end = start.saturating_add(SNAPSHOT_PART_BYTES).min(self.length);
        (start < end).then_some(start..end)
    }

    /// Whether these bytes are that part.
    pub fn is_part(&self, part: u32, bytes: &[u8]) -> bool {
        let named = usize::try_from(part)
            .ok()
            .and_then(|part| self.parts.get(part));
        named == Some(&hash(bytes))
    }

    /// The blocks in which the events lie, given all parts in order. Each is looked at once more: they
    /// may have lain on a disk for days.
    ///
    /// # Errors
    /// [`NotThese`] if they are not what the snapshot says.
    pub fn blocks(&self, parts: &[Vec<u8>]) -> Result<Vec<KeptBlock>, NotThese> {
        let fits = (0..).zip(parts).all(|(n, bytes)| self.is_part(n, bytes));
        if parts.len() != self.parts.len() || !fits {
            return Err(NotThese);
        }
        let file = parts.concat();
        let mut decoder = Decoder::new(&file);
        let mut blocks = Vec::new();
        let mut first_seq = 1;
        while decoder.position() < file.len() {
            let bytes: &ByteSlice = decoder.decode().map_err(|_| NotThese)?;
            let bytes = bytes.to_vec();
            blocks.push(KeptBlock { first_seq, bytes });
            first_seq += BLOCK_EVENTS_MAX as u64;
        }
        let expected = self.cursor.after.div_ceil(BLOCK_EVENTS_MAX as u64);
        if blocks.len() as u64 == expected {
            Ok(blocks)
        } else {
            Err(NotThese)
        }
    }
}

/// Makes a snapshot out of the events of a stream, from the first one on.
#[derive(Clone, Debug, Default)]
pub struct SnapshotMaker {
    file: Vec<u8>,
    events: u64,
    block: Vec<PulledEvent>,
}

impl SnapshotMaker {
    /// Adds the next event.
    pub fn take(&mut self, event: PulledEvent) {
        self.events += 1;
        self.block.push(event);
        if self.block.len() == BLOCK_EVENTS_MAX {
            self.close_block();
        }
    }

    fn close_block(&mut self) {
        if !self.block.is_empty() {
            let block = ByteVec::from(encode_block(&self.block));
            // Writing to a vector cannot fail.
            self.file
                .extend(minicbor::to_vec(&block).unwrap_or_default());
            self.block.clear();
        }
    }

    /// The snapshot of everything that was added, and its bytes.
    pub fn finish(mut self, stream: Stream, epoch: u32) -> (Snapshot, Vec<u8>) {
        self.close_block();
        let parts = self.file.chunks(SNAPSHOT_PART_BYTES as usize);
        let snapshot = Snapshot {
            cursor: Cursor {
                stream,
                epoch,
                after: self.events,
            },
            length: u32::try_from(self.file.len()).unwrap_or(u32::MAX),
            hash: hash(&self.file),
            parts: parts.map(hash).collect(),
        };
        (snapshot, self.file)
    }
}

#[cfg(test)]
mod tests {
    use super::super::block::{blocks_after, decode_block};
    use super::*;
    use crate::clock::Instant;
    use crate::ids::ProgrammeId;

    fn event(seq: u64) -> PulledEvent {
        // Nothing that could be compressed, so that there are several parts.
        let words = (0..8).flat_map(|word| hash(&[seq.to_be_bytes(), [word; 8]].concat()));
        PulledEvent {
            seq,
            received_at: Instant(seq),
            bytes: words.collect(),
        }
    }

    fn made(events: u64) -> (Snapshot, Vec<u8>) {
        let mut maker = SnapshotMaker::default();
        (1..=events).for_each(|seq| maker.take(event(seq)));
        maker.finish(Stream::Delivery(ProgrammeId(7)), 3)
    }

    fn parts(snapshot: &Snapshot, file: &[u8]) -> Vec<Vec<u8>> {
        (0..snapshot.parts.len() as u32)
            .map(|part| {
                let range = snapshot.bytes_of(part).unwrap();
                file[range.start as usize..range.end as usize].to_vec()
            })
            .collect()
    }

    #[test]
    fn a_snapshot_is_the_blocks_that_pages_would_have_made() {
        let all: Vec<_> = (1..=10_000).map(event).collect();
        let (snapshot, file) = made(10_000);
        let parts = parts(&snapshot, &file);
        assert!(parts.len() > 2, "{}", parts.len());
        assert_eq!(snapshot.blocks(&parts), Ok(blocks_after(None, &all)));
        assert_eq!(snapshot.cursor.after, 10_000);
        let last = snapshot.blocks(&parts).unwrap().pop().unwrap();
        assert_eq!(decode_block(&last.bytes).unwrap().len(), 10_000 % 256);
    }

    #[test]
    fn the_same_events_make_the_same_file_and_others_another() {
        assert_eq!(made(300), made(300));
        assert_ne!(made(300).0.hash, made(301).0.hash);
    }

    #[test]
    fn nothing_makes_an_empty_file() {
        let (snapshot, file) = made(0);
        assert_eq!((snapshot.length, file.len()), (0, 0));
        assert_eq!(snapshot.blocks(&[]), Ok(Vec::new()));
        assert_eq!(snapshot.bytes_of(0), None);
    }

    #[test]
    fn parts_that_are_damaged_missing_or_in_another_order_are_not_these() {
        let (snapshot, file) = made(10_000);
        let whole = parts(&snapshot, &file);
        let mut damaged = whole.clone();
        damaged[1][9] ^= 1;
        let mut swapped = whole.clone();
        swapped.swap(0, 1);
        for wrong in [damaged, swapped, whole[1..].to_vec(), Vec::new()] {
            assert_eq!(snapshot.blocks(&wrong), Err(NotThese));
        }
        assert!(snapshot.is_part(0, &whole[0]));
        assert!(!snapshot.is_part(1, &whole[0]));
        assert!(!snapshot.is_part(99, &whole[0]));
    }

    #[test]
    fn a_file_that_is_not_as_many_blocks_as_it_says_is_none() {
        let (snapshot, file) = made(300);
        let longer = Snapshot {
            cursor: Cursor {
                after: 600,
                ..snapshot.cursor
            },
            ..snapshot.clone()
        };
        let parts = parts(&snapshot, &file);
        assert_eq!(longer.blocks(&parts), Err(NotThese));
        let noise = vec![0xff; 40];
        let other = Snapshot {
            length: 40,
            parts: vec![hash(&noise)],
            ..snapshot
        };
        assert_eq!(other.blocks(&[noise]), Err(NotThese));
    }

    #[test]
    fn what_claims_to_be_huge_or_names_other_parts_than_it_has_is_none() {
        let (snapshot, _) = made(300);
        let huge = Snapshot {
            length: u32::MAX,
            ..snapshot.clone()
        };
        let unnamed = Snapshot {
            parts: Vec::new(),
            ..snapshot.clone()
        };
        for wrong in [huge, unnamed] {
            assert_eq!(Snapshot::from_bytes(&wrong.to_bytes()), Err(NotOurs));
        }
        assert_eq!(Snapshot::from_bytes(&snapshot.to_bytes()), Ok(snapshot));
    }

    #[test]
    fn a_snapshot_ends_at_a_round_place() {
        for (head, through) in [
            (0, None),
            (8_191, None),
            (8_192, Some(8_192)),
            (100_000, Some(98_304)),
        ] {
            assert_eq!(snapshot_through(head), through);
        }
    }
}
