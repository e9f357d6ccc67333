//! Programmes and sessions on the wire, version 1. Days are Julian day numbers.

use super::{ProgrammeOpened, SessionPlanned};
use crate::clock::{Date, TimeOfDay};
use crate::event::{NotOurs, recorded_v1};
use crate::ids::{ProgrammeId, SessionId};
use crate::text::Text;

wire_map! {
    struct ProgrammeOpenedV1 {
        #[n(0)]
        programme: u64,
        #[n(1)]
        name: String,
        #[n(2)]
        organisation: String,
        #[n(3)]
        site: String,
        #[n(4)]
        first_day: i32,
        #[n(5)]
        last_day: i32,
    }
}

recorded_v1!(ProgrammeOpened, ProgrammeOpenedV1);

impl From<&ProgrammeOpened> for ProgrammeOpenedV1 {
    fn from(opened: &ProgrammeOpened) -> Self {
        Self {
            programme: opened.programme.0,
            name: opened.name.to_string(),
            organisation: opened.organisation.to_string(),
            site: opened.site.to_string(),
            first_day: opened.first_day.to_julian_day(),
            last_day: opened.last_day.to_julian_day(),
        }
    }
}

impl TryFrom<ProgrammeOpenedV1> for ProgrammeOpened {
    type Error = NotOurs;

    fn try_from(wire: ProgrammeOpenedV1) -> Result<Self, NotOurs> {
        Ok(Self {
            programme: ProgrammeId(wire.programme),
            name: Text::required_from_wire(&wire.name)?,
            organisation: Text::required_from_wire(&wire.organisation)?,
            site: Text::required_from_wire(&wire.site)?,
            first_day: Date::from_julian_day(wire.first_day).map_err(|_| NotOurs)?,
            last_day: Date::from_julian_day(wire.last_day).map_err(|_| NotOurs)?,
        })
    }
}

wire_map! {
    struct SessionPlannedV1 {
        #[n(0)]
        session: u64,
        #[n(1)]
        number: u16,
        #[n(2)]
        date: i32,
        #[n(3)]
        starts: u16,
        #[n(4)]
        ends: u16,
        #[n(5)]
        place: Option<String>,
    }
}

recorded_v1!(SessionPlanned, SessionPlannedV1);

impl From<&SessionPlanned> for SessionPlannedV1 {
    fn from(planned: &SessionPlanned) -> Self {
        Self {
            session: planned.session.0,
            number: planned.number,
            date: planned.date.to_julian_day(),
            starts: planned.starts.minutes(),
            ends: planned.ends.minutes(),
            place: planned.place.as_ref().map(ToString::to_string),
        }
    }
}

impl TryFrom<SessionPlannedV1> for SessionPlanned {
    type Error = NotOurs;

    fn try_from(wire: SessionPlannedV1) -> Result<Self, NotOurs> {
        let starts = TimeOfDay::from_minutes(wire.starts).ok_or(NotOurs)?;
        let ends = TimeOfDay::from_minutes(wire.ends).ok_or(NotOurs)?;
        if ends < starts {
            return Err(NotOurs);
        }
        Ok(Self {
            session: SessionId(wire.session),
            number: wire.number,
            date: Date::from_julian_day(wire.date).map_err(|_| NotOurs)?,
            starts,
            ends,
            place: Text::from_wire(wire.place)?,
        })
    }
}
