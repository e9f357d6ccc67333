//! Scores from elsewhere on the wire, version 1. Figures are hundredths of a point, days Julian day numbers.

use super::ScoredElsewhere;
use crate::clock::Date;
use crate::event::{NotOurs, recorded_v1};
use crate::ids::{PersonId, ScoreId};
use crate::measures::{Moment, Score};
use crate::text::Text;

wire_map! {
    struct ScoredElsewhereV1 {
        #[n(0)]
        score: u64,
        #[n(1)]
        person: u64,
        #[n(2)]
        tool: String,
        #[n(3)]
        area: String,
        #[n(4)]
        figure: i32,
        #[n(5)]
        low: i32,
        #[n(6)]
        high: i32,
        #[n(7)]
        moment: u8,
        #[n(8)]
        day: i32,
        #[n(9)]
        licence_holder: String,
        /// There where it was taken out.
        #[n(10)]
        taken_out: Option<bool>,
    }
}

recorded_v1!(
    ScoredElsewhere,
    ScoredElsewhereV1,
    subject: |scored| Some(scored.person)
);

impl From<&ScoredElsewhere> for ScoredElsewhereV1 {
    fn from(scored: &ScoredElsewhere) -> Self {
        Self {
            score: scored.score.0,
            person: scored.person.0,
            tool: scored.tool.to_string(),
            area: scored.area.to_string(),
            figure: scored.figure.0,
            low: scored.range.0.0,
            high: scored.range.1.0,
            moment: scored.moment.code(),
            day: scored.day.to_julian_day(),
            licence_holder: scored.licence_holder.to_string(),
            taken_out: scored.is_taken_out.then_some(true),
        }
    }
}

impl TryFrom<ScoredElsewhereV1> for ScoredElsewhere {
    type Error = NotOurs;

    fn try_from(wire: ScoredElsewhereV1) -> Result<Self, NotOurs> {
        let scored = Self {
            score: ScoreId(wire.score),
            person: PersonId(wire.person),
            tool: Text::required_from_wire(&wire.tool)?,
            area: Text::required_from_wire(&wire.area)?,
            figure: Score(wire.figure),
            range: (Score(wire.low), Score(wire.high)),
            moment: Moment::from_code(wire.moment).ok_or(NotOurs)?,
            day: Date::from_julian_day(wire.day).map_err(|_| NotOurs)?,
            licence_holder: Text::required_from_wire(&wire.licence_holder)?,
            is_taken_out: wire.taken_out.unwrap_or_default(),
        };
        scored.check().map_err(|_| NotOurs)?;
        Ok(scored)
    }
}
