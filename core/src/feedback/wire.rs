//! What came of feedback on the wire, version 1. The day is a Julian day number.

use super::{FeedbackActedOn, Progress};
use crate::clock::Date;
use crate::event::{NotOurs, recorded_v1};
use crate::ids::ChangeId;
use crate::text::Text;

wire_map! {
    struct FeedbackActedOnV1 {
        #[n(0)]
        change: u64,
        #[n(1)]
        said: String,
        #[n(2)]
        did: String,
        #[n(3)]
        progress: u8,
        #[n(4)]
        day: i32,
        #[n(5)]
        dropped: bool,
    }
}

recorded_v1!(FeedbackActedOn, FeedbackActedOnV1);

impl From<&FeedbackActedOn> for FeedbackActedOnV1 {
    fn from(acted: &FeedbackActedOn) -> Self {
        Self {
            change: acted.change.0,
            said: acted.said.to_string(),
            did: acted.did.to_string(),
            progress: acted.progress.code(),
            day: acted.day.to_julian_day(),
            dropped: acted.dropped,
        }
    }
}

impl TryFrom<FeedbackActedOnV1> for FeedbackActedOn {
    type Error = NotOurs;

    fn try_from(wire: FeedbackActedOnV1) -> Result<Self, NotOurs> {
        Ok(Self {
            change: ChangeId(wire.change),
            said: Text::required_from_wire(&wire.said)?,
            did: Text::required_from_wire(&wire.did)?,
            progress: Progress::from_code(wire.progress).ok_or(NotOurs)?,
            day: Date::from_julian_day(wire.day).map_err(|_| NotOurs)?,
            dropped: wire.dropped,
        })
    }
}
