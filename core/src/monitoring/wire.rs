//! What was said for monitoring on the wire, version 1. The day is a Julian day number.

use super::{Characteristic, Choice, District, MonitoringAnswered};
use crate::clock::Date;
use crate::event::{NotOurs, recorded_v1};
use crate::ids::PersonId;

wire_map! {
    struct MonitoringAnsweredV1 {
        #[n(0)]
        person: u64,
        /// The code of each characteristic with that of its answer, in rising order.
        #[n(1)]
        said: Vec<(u8, u8)>,
        #[n(2)]
        district: Option<String>,
        #[n(3)]
        day: i32,
    }
}

recorded_v1!(MonitoringAnswered, MonitoringAnsweredV1, subject: |answered| Some(answered.person));

impl From<&MonitoringAnswered> for MonitoringAnsweredV1 {
    fn from(answered: &MonitoringAnswered) -> Self {
        let said = answered.said.iter();
        Self {
            person: answered.person.0,
            said: said
                .map(|(asked, choice)| (asked.code(), choice.code()))
                .collect(),
            district: answered.district.as_ref().map(ToString::to_string),
            day: answered.day.to_julian_day(),
        }
    }
}

impl TryFrom<MonitoringAnsweredV1> for MonitoringAnswered {
    type Error = NotOurs;

    fn try_from(wire: MonitoringAnsweredV1) -> Result<Self, NotOurs> {
        if !wire.said.is_sorted_by(|one, next| one.0 < next.0) {
            return Err(NotOurs);
        }
        let said = wire.said.into_iter().map(|(asked, choice)| {
            let asked = Characteristic::from_code(asked).ok_or(NotOurs)?;
            Ok((asked, Choice::from_code(choice).ok_or(NotOurs)?))
        });
        let district = wire.district.as_deref().map(District::parse).transpose();
        let answered = Self {
            person: PersonId(wire.person),
            said: said.collect::<Result<_, NotOurs>>()?,
            district: district.map_err(|_| NotOurs)?,
            day: Date::from_julian_day(wire.day).map_err(|_| NotOurs)?,
        };
        answered.keeps_rules().then_some(answered).ok_or(NotOurs)
    }
}
