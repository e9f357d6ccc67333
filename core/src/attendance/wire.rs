//! A mark on the wire, version 1.

use super::{Absence, AttendanceMarked, Mark, Presence};
use crate::clock::TimeOfDay;
use crate::event::{NotOurs, recorded_v1};
use crate::ids::{PersonId, SessionId};
use crate::text::Text;

const UNMARKED: u8 = 0;
const HERE: u8 = 1;
const NOT_HERE: u8 = 2;

wire_map! {
    struct AttendanceMarkedV1 {
        #[n(0)]
        session: u64,
        #[n(1)]
        person: u64,
        /// 0 unmarked, 1 here, 2 not here.
        #[n(2)]
        mark: u8,
        /// Minutes after midnight.
        #[n(3)]
        late: Option<u16>,
        /// Minutes after midnight.
        #[n(4)]
        left: Option<u16>,
        #[n(5)]
        absence: Option<u8>,
        #[n(6)]
        reason: Option<String>,
        #[n(7)]
        note: Option<String>,
    }
}

recorded_v1!(AttendanceMarked, AttendanceMarkedV1, subject: |marked| Some(marked.person));

impl From<&AttendanceMarked> for AttendanceMarkedV1 {
    fn from(marked: &AttendanceMarked) -> Self {
        let mut wire = Self {
            session: marked.session.0,
            person: marked.person.0,
            mark: UNMARKED,
            late: None,
            left: None,
            absence: None,
            reason: None,
            note: marked.note.as_ref().map(ToString::to_string),
        };
        match &marked.mark {
            Mark::Unmarked => {}
            Mark::Here(presence) => {
                wire.mark = HERE;
                wire.late = presence.late.map(TimeOfDay::minutes);
                wire.left = presence.left.map(TimeOfDay::minutes);
            }
            Mark::NotHere { absence, reason } => {
                wire.mark = NOT_HERE;
                wire.absence = Some(absence.code());
                wire.reason = reason.as_ref().map(ToString::to_string);
            }
        }
        wire
    }
}

impl TryFrom<AttendanceMarkedV1> for AttendanceMarked {
    type Error = NotOurs;

    fn try_from(wire: AttendanceMarkedV1) -> Result<Self, NotOurs> {
        let time = |minutes: Option<u16>| {
            minutes
                .map(|m| TimeOfDay::from_minutes(m).ok_or(NotOurs))
                .transpose()
        };
        let mark = match wire.mark {
            UNMARKED => Mark::Unmarked,
            HERE => Mark::Here(Presence {
                late: time(wire.late)?,
                left: time(wire.left)?,
            }),
            NOT_HERE => Mark::NotHere {
                absence: wire.absence.and_then(Absence::from_code).ok_or(NotOurs)?,
                reason: Text::from_wire(wire.reason)?,
            },
            _ => return Err(NotOurs),
        };
        Ok(Self {
            session: SessionId(wire.session),
            person: PersonId(wire.person),
            mark,
            note: Text::from_wire(wire.note)?,
        })
    }
}
