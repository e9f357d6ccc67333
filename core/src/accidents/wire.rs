//! Accidents on the wire, version 1. Days are Julian day numbers, times minutes after midnight.

use super::{AccidentReported, Affected, Care, Event, Followed};
use crate::clock::{Date, TimeOfDay};
use crate::event::{NotOurs, recorded_v1};
use crate::ids::{AccidentId, PersonId};
use crate::text::Text;

wire_map! {
    struct AccidentReportedV1 {
        #[n(0)]
        accident: u64,
        #[n(1)]
        event: u8,
        #[n(2)]
        affected: u8,
        #[n(3)]
        person: Option<u64>,
        #[n(4)]
        name: Option<String>,
        #[n(5)]
        day: i32,
        #[n(6)]
        time: u16,
        #[n(7)]
        place: String,
        #[n(8)]
        what: String,
        #[n(9)]
        injury: Option<String>,
        #[n(10)]
        care: u8,
        #[n(11)]
        care_by: Option<String>,
        #[n(12)]
        action: Option<String>,
        /// What was done, the reference of a report where there is one, and the day.
        #[n(13)]
        followed: Option<(String, Option<String>, i32)>,
    }
}

recorded_v1!(
    AccidentReported,
    AccidentReportedV1,
    subject: |reported| reported.person,
    rules: |reported, supersedes| reported.keeps_rules(supersedes)
);

impl From<&AccidentReported> for AccidentReportedV1 {
    fn from(reported: &AccidentReported) -> Self {
        let followed = reported.followed.as_ref();
        Self {
            accident: reported.accident.0,
            event: reported.event.code(),
            affected: reported.affected.code(),
            person: reported.person.map(|person| person.0),
            name: reported.name.as_ref().map(ToString::to_string),
            day: reported.day.to_julian_day(),
            time: reported.time.minutes(),
            place: reported.place.to_string(),
            what: reported.what.to_string(),
            injury: reported.injury.as_ref().map(ToString::to_string),
            care: reported.care.code(),
            care_by: reported.care_by.as_ref().map(ToString::to_string),
            action: reported.action.as_ref().map(ToString::to_string),
            followed: followed.map(|followed| {
                (
                    followed.done.to_string(),
                    followed.reported.as_ref().map(ToString::to_string),
                    followed.day.to_julian_day(),
                )
            }),
        }
    }
}

impl TryFrom<AccidentReportedV1> for AccidentReported {
    type Error = NotOurs;

    fn try_from(wire: AccidentReportedV1) -> Result<Self, NotOurs> {
        let day = |day| Date::from_julian_day(day).map_err(|_| NotOurs);
        let followed = wire.followed.map(|(done, reported, on)| {
            Ok(Followed {
                done: Text::required_from_wire(&done)?,
                reported: Text::from_wire(reported)?,
                day: day(on)?,
            })
        });
        let reported = Self {
            accident: AccidentId(wire.accident),
            event: Event::from_code(wire.event).ok_or(NotOurs)?,
            affected: Affected::from_code(wire.affected).ok_or(NotOurs)?,
            person: wire.person.map(PersonId),
            name: Text::from_wire(wire.name)?,
            day: day(wire.day)?,
            time: TimeOfDay::from_minutes(wire.time).ok_or(NotOurs)?,
            place: Text::required_from_wire(&wire.place)?,
            what: Text::required_from_wire(&wire.what)?,
            injury: Text::from_wire(wire.injury)?,
            care: Care::from_code(wire.care).ok_or(NotOurs)?,
            care_by: Text::from_wire(wire.care_by)?,
            action: Text::from_wire(wire.action)?,
            followed: followed.transpose()?,
        };
        reported.is_complete().then_some(reported).ok_or(NotOurs)
    }
}
