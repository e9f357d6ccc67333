//! Blocks: how pulled events lie on the device.
//!
//! One row for each event is forty times slower to write than one row for 256 of them (sync findings
//! §3), so a page is cut into blocks. A block is a CBOR array of `[seq, received_at, bytes]`.

use super::protocol::{PulledEvent, PulledEventV1};

/// At most this many events in a block.
pub const BLOCK_EVENTS_MAX: usize = 256;

/// Bytes that are no block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a block of events")]
pub struct BlockError;

/// The bytes of a block.
pub fn encode_block(events: &[PulledEvent]) -> Vec<u8> {
    let wire: Vec<PulledEventV1> = events.iter().map(Into::into).collect();
    // Writing to a vector cannot fail.
    minicbor::to_vec(&wire).unwrap_or_default()
}

/// Reads a block.
///
/// # Errors
/// [`BlockError`] if the bytes are no block.
pub fn decode_block(bytes: &[u8]) -> Result<Vec<PulledEvent>, BlockError> {
    let wire: Vec<PulledEventV1> = minicbor::decode(bytes).map_err(|_| BlockError)?;
    Ok(wire.into_iter().map(Into::into).collect())
}
