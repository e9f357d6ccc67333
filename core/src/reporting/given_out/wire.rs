//! Reports that were given out on the wire, version 1. Days are Julian day numbers.

use minicbor::bytes::ByteVec;

use super::{KeptIssue, ReportGivenOut};
use crate::clock::Date;
use crate::evaluation::Period;
use crate::event::{NotOurs, recorded_v1};
use crate::ids::ReportId;
use crate::text::Text;

wire_map! {
    struct ReportGivenOutV1 {
        #[n(0)]
        report: u64,
        #[n(1)]
        from: i32,
        #[n(2)]
        to: i32,
        #[n(3)]
        day: i32,
        #[n(4)]
        to_whom: Option<String>,
        #[n(5)]
        shown: Option<ByteVec>,
    }
}

recorded_v1!(ReportGivenOut, ReportGivenOutV1);

impl From<&ReportGivenOut> for ReportGivenOutV1 {
    fn from(given: &ReportGivenOut) -> Self {
        Self {
            report: given.report.0,
            from: given.period.from.to_julian_day(),
            to: given.period.to.to_julian_day(),
            day: given.day.to_julian_day(),
            to_whom: given.to_whom.as_ref().map(ToString::to_string),
            shown: given.shown.as_ref().map(|shown| shown.0.clone().into()),
        }
    }
}

impl TryFrom<ReportGivenOutV1> for ReportGivenOut {
    type Error = NotOurs;

    fn try_from(wire: ReportGivenOutV1) -> Result<Self, NotOurs> {
        let day = |day| Date::from_julian_day(day).map_err(|_| NotOurs);
        let given = Self {
            report: ReportId(wire.report),
            period: Period {
                from: day(wire.from)?,
                to: day(wire.to)?,
            },
            day: day(wire.day)?,
            to_whom: Text::from_wire(wire.to_whom)?,
            shown: wire.shown.map(|shown| KeptIssue(shown.into())),
        };
        given.keeps_rules().then_some(given).ok_or(NotOurs)
    }
}
