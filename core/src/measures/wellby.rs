//! What a change in life satisfaction may be worth: an estimate, off unless somebody asks for it.
//!
//! One WELLBY is one point of life satisfaction from 0 to 10, for one person, for one year. HM Treasury
//! puts £13,000 on it, in prices of 2019, with a range from £10,000 to £16,000 (Wellbeing Guidance for
//! Appraisal: Supplementary Green Book Guidance, July 2021). The guidance means changes that a programme
//! brought about, beside a group that was not in it. Before and after alone does not show that, so the
//! figure never stands without its range, its price year and every caveat.

use super::instrument::{Instrument, Scale};
use super::statistics::PairedChange;

/// The lowest, the central and the highest value of a WELLBY in pounds, in prices of 2019.
pub const POUNDS: (f64, f64, f64) = (10_000.0, 13_000.0, 16_000.0);
/// The year of these prices.
pub const PRICE_YEAR: u16 = 2019;

/// For how long the change is assumed to last, in years: more than none and at most one, because nothing
/// beyond the follow-ups was asked.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Lasting(f64);

/// A time for which a change cannot be assumed to last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a change is assumed to last for more than no time and at most a year")]
pub struct NotATime;

impl Lasting {
    /// So many years.
    ///
    /// # Errors
    /// Where it is not above 0 and at most 1.
    pub fn years(years: f64) -> Result<Self, NotATime> {
        if years > 0.0 && years <= 1.0 {
            Ok(Self(years))
        } else {
            Err(NotATime)
        }
    }

    /// The years.
    pub const fn as_years(self) -> f64 {
        self.0
    }
}

/// Whether a score is the ONS's life satisfaction, of which alone a WELLBY is a point.
pub fn is_life_satisfaction(instrument: &Instrument, scale: &Scale) -> bool {
    instrument.key == "ons4" && scale.key == "satisfied"
}

/// What has to stand beside an estimate, all of it.
pub const CAVEATS: &[WellbyCaveat] = &[
    WellbyCaveat::NoComparisonGroup,
    WellbyCaveat::AssumedToLast,
    WellbyCaveat::OnlyThoseCompared,
    WellbyCaveat::PricesOf2019,
    WellbyCaveat::NotSaved,
];

/// What has to stand beside an estimate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WellbyCaveat {
    /// There was no group to compare with, so the change may have come without the programme.
    NoComparisonGroup,
    /// How long the change lasts is an assumption.
    AssumedToLast,
    /// It is about those who answered both times and not about everybody who came.
    OnlyThoseCompared,
    /// The prices are of 2019 and were not brought up to date.
    PricesOf2019,
    /// It is no money that anybody saved or has.
    NotSaved,
}

/// An estimate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Wellbys {
    /// WELLBYs of those who are compared: people × mean change × years.
    pub wellbys: f64,
    /// The same at the ends of the 95% interval of the mean change.
    pub wellbys_interval: (f64, f64),
    /// In pounds of [`PRICE_YEAR`], at the lowest, the central and the highest value.
    pub pounds: (f64, f64, f64),
    /// In pounds at the ends of everything: the lower end of the interval at whichever value makes it
    /// least, and the upper end at whichever makes it most.
    pub pounds_range: (f64, f64),
}

/// The estimate for a change in the ONS's `satisfied`, and for nothing else.
pub fn wellbys(satisfied: &PairedChange, lasting: Lasting) -> Wellbys {
    let people = satisfied.n as f64;
    let of = |change: f64| people * change * lasting.0;
    let (low, central, high) = POUNDS;
    let (least, most) = (of(satisfied.interval.0), of(satisfied.interval.1));
    let wellbys = of(satisfied.mean);
    Wellbys {
        wellbys,
        wellbys_interval: (least, most),
        pounds: (wellbys * low, wellbys * central, wellbys * high),
        pounds_range: (
            (least * low).min(least * high),
            (most * low).max(most * high),
        ),
    }
}
