//! How far a stream has been read, and how that lies on disk: version 1, a CBOR array.

use minicbor::{Decode, Encode};

use crate::event::NotOurs;
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

#[derive(Clone, Copy, Encode, Decode)]
#[cbor(array)]
pub(crate) struct CursorV1 {
    #[n(0)]
    stream: Stream,
    #[n(1)]
    epoch: u32,
    #[n(2)]
    after: u64,
}

impl From<Cursor> for CursorV1 {
    fn from(cursor: Cursor) -> Self {
        Self {
            stream: cursor.stream,
            epoch: cursor.epoch,
            after: cursor.after,
        }
    }
}

impl From<CursorV1> for Cursor {
    fn from(wire: CursorV1) -> Self {
        Self {
            stream: wire.stream,
            epoch: wire.epoch,
            after: wire.after,
        }
    }
}

/// The bytes of a cursor.
pub fn encode_cursor(cursor: Cursor) -> Vec<u8> {
    // Writing to a vector cannot fail.
    minicbor::to_vec(CursorV1::from(cursor)).unwrap_or_default()
}

/// Reads a cursor.
///
/// # Errors
/// [`NotOurs`] if the bytes are no cursor of this version.
pub fn decode_cursor(bytes: &[u8]) -> Result<Cursor, NotOurs> {
    minicbor::decode::<CursorV1>(bytes)
        .map(Into::into)
        .map_err(|_| NotOurs)
}
