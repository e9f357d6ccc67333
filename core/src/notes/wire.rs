//! Session notes on the wire, version 1.

use super::SessionNoted;
use crate::event::{NotOurs, recorded_v1};
use crate::ids::SessionId;
use crate::text::Text;

wire_map! {
    struct SessionNotedV1 {
        #[n(0)]
        session: u64,
        #[n(1)]
        text: Option<String>,
    }
}

recorded_v1!(SessionNoted, SessionNotedV1);

impl From<&SessionNoted> for SessionNotedV1 {
    fn from(noted: &SessionNoted) -> Self {
        Self {
            session: noted.session.0,
            text: noted.text.as_ref().map(ToString::to_string),
        }
    }
}

impl TryFrom<SessionNotedV1> for SessionNoted {
    type Error = NotOurs;

    fn try_from(wire: SessionNotedV1) -> Result<Self, NotOurs> {
        Ok(Self {
            session: SessionId(wire.session),
            text: Text::from_wire(wire.text)?,
        })
    }
}
