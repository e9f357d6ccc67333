//! What the Office for National Statistics recommends: personal wellbeing and loneliness. Free to use,
//! no permission needed, and to be cited.

use std::borrow::Cow;

use super::{single, sum};
use crate::measures::instrument::{
    Band, Bands, Checked, Direction, Instrument, Item, Level, Licence, Origin, Reliable, Scale,
    Score, Standing,
};

const ONS4_ITEMS: &[Item] = &[
    Item::new("satisfied", 0, 10),
    Item::new("worthwhile", 0, 10),
    Item::new("happy", 0, 10),
    Item::new("anxious", 0, 10),
];

/// Thresholds as the ONS publishes them for satisfied, worthwhile and happy.
const WELL_BANDS: &[Band] = &[
    Band::new("low", Score::points(0)),
    Band::new("medium", Score::points(5)),
    Band::new("high", Score::points(7)),
    Band::new("very-high", Score::points(9)),
];

/// Thresholds as the ONS publishes them for anxious.
const ANXIOUS_BANDS: &[Band] = &[
    Band::new("very-low", Score::points(0)),
    Band::new("low", Score::points(2)),
    Band::new("medium", Score::points(4)),
    Band::new("high", Score::points(6)),
];

/// There is no official least change for ONS4: one point is our convention and labelled so.
const ONE_POINT: &[Reliable] = &[Reliable {
    least: Score::points(1),
    origin: Origin::Convention,
}];

const fn ons(
    key: &'static str,
    item: &'static [u8],
    direction: Direction,
    bands: &'static [Band],
    least_well: usize,
) -> Scale {
    let mut scale = single(key, item, direction);
    scale.bands = Some(Bands { bands, least_well });
    scale.reliable = ONE_POINT;
    scale
}

/// Four scores that are never summed or averaged: no scale here has two items.
const ONS4_SCALES: &[Scale] = &[
    ons("satisfied", &[0], Direction::HigherIsBetter, WELL_BANDS, 0),
    ons("worthwhile", &[1], Direction::HigherIsBetter, WELL_BANDS, 0),
    ons("happy", &[2], Direction::HigherIsBetter, WELL_BANDS, 0),
    ons("anxious", &[3], Direction::LowerIsBetter, ANXIOUS_BANDS, 3),
];

/// ONS4, personal wellbeing: four items from 0 to 10.
pub(super) static ONS4: Instrument = Instrument {
    key: Cow::Borrowed("ons4"),
    version: 1,
    items: Cow::Borrowed(ONS4_ITEMS),
    scales: Cow::Borrowed(ONS4_SCALES),
    licence: Licence::Open,
    standing: Standing::Validated,
    regresses: false,
    citation: Cow::Borrowed(
        "Office for National Statistics, personal well-being user guidance; Government Analysis Function, harmonised standard for personal well-being",
    ),
    checked: Checked::Published,
    own: None,
};

const UCLA3_ITEMS: &[Item] = &[
    Item::new("companionship", 1, 3),
    Item::new("left-out", 1, 3),
    Item::new("isolated", 1, 3),
];

const UCLA3_SCALES: &[Scale] = &[sum("loneliness", &[0, 1, 2], Direction::LowerIsBetter)];

/// The three-item UCLA loneliness scale: 3 to 9, more is lonelier. It has no official cut, so it has no
/// bands.
pub(super) static UCLA3: Instrument = Instrument {
    key: Cow::Borrowed("ucla3"),
    version: 1,
    items: Cow::Borrowed(UCLA3_ITEMS),
    scales: Cow::Borrowed(UCLA3_SCALES),
    licence: Licence::Open,
    standing: Standing::Validated,
    regresses: false,
    citation: Cow::Borrowed(
        "Hughes ME et al. (2004), Research on Aging 26(6):655-672; Office for National Statistics, measuring loneliness: guidance for use of the national indicators on surveys",
    ),
    checked: Checked::Published,
    own: None,
};

const LONELINESS_ITEMS: &[Item] = &[Item::new("lonely", 1, 5)];

const LONELINESS_BANDS: &[Band] = &[
    Band::new("often-or-always", Score::points(1)),
    Band::new("some-of-the-time", Score::points(2)),
    Band::new("occasionally", Score::points(3)),
    Band::new("hardly-ever", Score::points(4)),
    Band::new("never", Score::points(5)),
];

const LONELINESS_SCALES: &[Scale] = &[{
    let mut scale = single("lonely", &[0], Direction::HigherIsBetter);
    scale.level = Level::Ordinal;
    scale.bands = Some(Bands {
        bands: LONELINESS_BANDS,
        least_well: 0,
    });
    scale
}];

/// The direct question of the ONS, from 1 (often or always) to 5 (never), so that more is better. What
/// is reported is the share of "often or always".
pub(super) static LONELINESS: Instrument = Instrument {
    key: Cow::Borrowed("ons-loneliness"),
    version: 1,
    items: Cow::Borrowed(LONELINESS_ITEMS),
    scales: Cow::Borrowed(LONELINESS_SCALES),
    licence: Licence::Open,
    standing: Standing::Validated,
    regresses: false,
    citation: Cow::Borrowed(
        "Office for National Statistics, measuring loneliness: guidance for use of the national indicators on surveys",
    ),
    checked: Checked::Published,
    own: None,
};
