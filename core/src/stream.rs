//! Streams: the rooms that events lie in, and the unit of permission.
//!
//! A role is a set of streams ([`crate::access`]). What a facilitator needs on the day lies in
//! *delivery*; why somebody was referred lies in *casework*. Because a register never spans
//! streams, leaving a stream out leaves out everything in it (design §2).

use core::fmt;
use core::str::FromStr;

use minicbor::{Decode, Encode};

use crate::ids::{NotAnId, ProgrammeId};

/// Where an event lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stream {
    /// What everybody may read: the offers.
    Public,
    /// What all staff of the organisation may read.
    Organisation,
    /// Concerns, for the safeguarding lead alone.
    Safeguarding,
    /// What a facilitator of this programme needs on the day.
    Delivery(ProgrammeId),
    /// Referrals and what surrounds them, for coordinators and link workers.
    Casework(ProgrammeId),
}

/// The part of a stream's name that does not depend on the programme.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Room {
    /// See [`Stream::Public`].
    Public,
    /// See [`Stream::Organisation`].
    Organisation,
    /// See [`Stream::Safeguarding`].
    Safeguarding,
    /// See [`Stream::Delivery`].
    Delivery,
    /// See [`Stream::Casework`].
    Casework,
}

impl Stream {
    /// The kind of room.
    pub const fn room(self) -> Room {
        match self {
            Self::Public => Room::Public,
            Self::Organisation => Room::Organisation,
            Self::Safeguarding => Room::Safeguarding,
            Self::Delivery(_) => Room::Delivery,
            Self::Casework(_) => Room::Casework,
        }
    }

    /// The programme, for the rooms that belong to one.
    pub const fn programme(self) -> Option<ProgrammeId> {
        match self {
            Self::Delivery(programme) | Self::Casework(programme) => Some(programme),
            Self::Public | Self::Organisation | Self::Safeguarding => None,
        }
    }
}

impl fmt::Display for Stream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Public => f.write_str("public"),
            Self::Organisation => f.write_str("organisation"),
            Self::Safeguarding => f.write_str("safeguarding"),
            Self::Delivery(programme) => write!(f, "delivery/{programme}"),
            Self::Casework(programme) => write!(f, "casework/{programme}"),
        }
    }
}

impl FromStr for Stream {
    type Err = NotAnId;

    fn from_str(text: &str) -> Result<Self, NotAnId> {
        match text.split_once('/') {
            None => match text {
                "public" => Ok(Self::Public),
                "organisation" => Ok(Self::Organisation),
                "safeguarding" => Ok(Self::Safeguarding),
                _ => Err(NotAnId),
            },
            Some(("delivery", programme)) => programme.parse().map(Self::Delivery),
            Some(("casework", programme)) => programme.parse().map(Self::Casework),
            Some(_) => Err(NotAnId),
        }
    }
}

/// On the wire a stream is `[room]` or `[room, programme]`.
impl<C> Encode<C> for Stream {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut minicbor::Encoder<W>,
        _: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        let (room, programme) = match self {
            Self::Public => (1u8, None),
            Self::Organisation => (2, None),
            Self::Safeguarding => (3, None),
            Self::Delivery(programme) => (4, Some(programme)),
            Self::Casework(programme) => (5, Some(programme)),
        };
        match programme {
            None => e.array(1)?.u8(room)?,
            Some(programme) => e.array(2)?.u8(room)?.u64(programme.0)?,
        };
        Ok(())
    }
}

impl<'b, C> Decode<'b, C> for Stream {
    fn decode(d: &mut minicbor::Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
        let length = d.array()?;
        let room = d.u8()?;
        match (length, room) {
            (Some(1), 1) => Ok(Self::Public),
            (Some(1), 2) => Ok(Self::Organisation),
            (Some(1), 3) => Ok(Self::Safeguarding),
            (Some(2), 4) => Ok(Self::Delivery(ProgrammeId(d.u64()?))),
            (Some(2), 5) => Ok(Self::Casework(ProgrammeId(d.u64()?))),
            _ => Err(minicbor::decode::Error::message("no such stream")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_reads_back_from_its_text_and_its_bytes() {
        let programme = ProgrammeId(77);
        for stream in [
            Stream::Public,
            Stream::Organisation,
            Stream::Safeguarding,
            Stream::Delivery(programme),
            Stream::Casework(programme),
        ] {
            assert_eq!(stream.to_string().parse(), Ok(stream));
            let bytes = minicbor::to_vec(stream).unwrap();
            assert_eq!(minicbor::decode::<Stream>(&bytes).unwrap(), stream);
        }
        assert!("delivery/".parse::<Stream>().is_err());
        assert!("kitchen".parse::<Stream>().is_err());
    }
}
