//! A decision on the wire, version 1.

use minicbor::bytes::ByteSlice;
use minicbor::{Decode, Encode};

use super::{Decision, Original, SetAsideSettled};
use crate::event::{NotOurs, recorded_v1};
use crate::ids::{DeviceId, EventId};

const OPEN: u8 = 0;
const TAKEN_IN: u8 = 1;
const LEFT_OUT: u8 = 2;
const RECORDED_ANEW: u8 = 3;

#[derive(Encode, Decode)]
#[cbor(map)]
struct SetAsideSettledV1<'b> {
    #[n(0)]
    device: u32,
    #[n(1)]
    n: u64,
    /// 0 open, 1 taken in, 2 left out, 3 recorded anew.
    #[n(2)]
    decision: u8,
    /// The event as it was set aside, where it is taken in.
    #[b(3)]
    original: Option<&'b ByteSlice>,
}

recorded_v1!(SetAsideSettled, SetAsideSettledV1<'_>, subject: SetAsideSettled::subject_of_original);

impl<'b> From<&'b SetAsideSettled> for SetAsideSettledV1<'b> {
    fn from(settled: &'b SetAsideSettled) -> Self {
        let (decision, original) = match &settled.decision {
            Decision::Open => (OPEN, None),
            Decision::TakenIn(original) => (TAKEN_IN, Some(original.bytes().into())),
            Decision::LeftOut => (LEFT_OUT, None),
            Decision::RecordedAnew => (RECORDED_ANEW, None),
        };
        Self {
            device: settled.event.device.0,
            n: settled.event.n,
            decision,
            original,
        }
    }
}

impl TryFrom<SetAsideSettledV1<'_>> for SetAsideSettled {
    type Error = NotOurs;

    fn try_from(wire: SetAsideSettledV1<'_>) -> Result<Self, NotOurs> {
        let event = EventId {
            device: DeviceId(wire.device),
            n: wire.n,
        };
        let decision = match (wire.decision, wire.original) {
            (OPEN, None) => Decision::Open,
            (LEFT_OUT, None) => Decision::LeftOut,
            (RECORDED_ANEW, None) => Decision::RecordedAnew,
            // What may not be taken in makes the decision unreadable, and the server sets it aside.
            (TAKEN_IN, Some(bytes)) => {
                Decision::TakenIn(Original::read(event, bytes).map_err(|_| NotOurs)?)
            }
            _ => return Err(NotOurs),
        };
        Ok(Self { event, decision })
    }
}
