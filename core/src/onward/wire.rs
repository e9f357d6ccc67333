//! Where people moved on to on the wire, version 1. The day is a Julian day number.

use super::{MovedOn, Onward};
use crate::clock::Date;
use crate::event::{NotOurs, recorded_v1};
use crate::ids::PersonId;
use crate::text::Text;

wire_map! {
    struct MovedOnV1 {
        #[n(0)]
        person: u64,
        #[n(1)]
        to: Vec<u8>,
        #[n(2)]
        note: Option<String>,
        #[n(3)]
        day: i32,
    }
}

recorded_v1!(MovedOn, MovedOnV1, subject: |moved| Some(moved.person));

impl From<&MovedOn> for MovedOnV1 {
    fn from(moved: &MovedOn) -> Self {
        Self {
            person: moved.person.0,
            to: moved.to.iter().map(|to| to.code()).collect(),
            note: moved.note.as_ref().map(ToString::to_string),
            day: moved.day.to_julian_day(),
        }
    }
}

impl TryFrom<MovedOnV1> for MovedOn {
    type Error = NotOurs;

    fn try_from(wire: MovedOnV1) -> Result<Self, NotOurs> {
        let to = wire.to.into_iter();
        let to = to.map(|code| Onward::from_code(code).ok_or(NotOurs));
        let moved = Self {
            person: PersonId(wire.person),
            to: to.collect::<Result<_, _>>()?,
            note: Text::from_wire(wire.note)?,
            day: Date::from_julian_day(wire.day).map_err(|_| NotOurs)?,
        };
        moved.keeps_rules().then_some(moved).ok_or(NotOurs)
    }
}
