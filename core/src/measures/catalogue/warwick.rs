//! The Warwick-Edinburgh scales. Their words belong to their owners and are not here; the keys below are
//! our names for the items. Both are off until an administrator has entered the licence reference.

use std::borrow::Cow;

use super::sum;
use crate::measures::instrument::{
    Band, Bands, Checked, Direction, Instrument, Item, Licence, Method, Origin, Reliable, Scale,
    Score, Standing,
};

const SWEMWBS_ITEMS: &[Item] = &[
    Item::new("optimistic", 1, 5),
    Item::new("useful", 1, 5),
    Item::new("relaxed", 1, 5),
    Item::new("problems", 1, 5),
    Item::new("thinking", 1, 5),
    Item::new("close", 1, 5),
    Item::new("mind", 1, 5),
];

/// The metric score in hundredths for each sum from 7 to 35, from the conversion table that Warwick
/// publishes (Stewart-Brown S et al. (2009), Health and Quality of Life Outcomes 7:15). Four independent
/// implementations agree with it.
const SWEMWBS_METRIC: &[u16] = &[
    700, 951, 1125, 1240, 1333, 1408, 1475, 1532, 1584, 1636, 1688, 1743, 1798, 1859, 1925, 1998,
    2073, 2154, 2235, 2321, 2411, 2503, 2602, 2703, 2813, 2931, 3070, 3255, 3500,
];

/// On the metric, after Ng Fat et al. (2017): low up to 19.5, medium from 19.6, high from 27.5. They are
/// the cut points of a population, and no diagnosis.
const SWEMWBS_BANDS: &[Band] = &[
    Band::new("low", Score(700)),
    Band::new("medium", Score(1960)),
    Band::new("high", Score(2750)),
];

/// Shah et al. (2018): one standard error of measurement, and 2.77 of them.
const SWEMWBS_RELIABLE: &[Reliable] = &[
    Reliable {
        least: Score(103),
        origin: Origin::Published,
    },
    Reliable {
        least: Score(287),
        origin: Origin::Published,
    },
];

const SWEMWBS_SCALES: &[Scale] = &[{
    let mut scale = sum("metric", &[0, 1, 2, 3, 4, 5, 6], Direction::HigherIsBetter);
    scale.method = Method::Converted(SWEMWBS_METRIC);
    scale.bands = Some(Bands {
        bands: SWEMWBS_BANDS,
        least_well: 0,
    });
    scale.reliable = SWEMWBS_RELIABLE;
    scale
}];

/// SWEMWBS: seven items from 1 to 5, all of them, as the metric score from 7.00 to 35.00.
pub(super) static SWEMWBS: Instrument = Instrument {
    key: Cow::Borrowed("swemwbs"),
    version: 1,
    items: Cow::Borrowed(SWEMWBS_ITEMS),
    scales: Cow::Borrowed(SWEMWBS_SCALES),
    licence: Licence::Registered {
        copyright: "Short Warwick Edinburgh Mental Wellbeing Scale (SWEMWBS) © NHS Health Scotland, University of Warwick and University of Edinburgh, 2008, all rights reserved.",
    },
    standing: Standing::Validated,
    regresses: false,
    citation: Cow::Borrowed(
        "Stewart-Brown S et al. (2009), Health and Quality of Life Outcomes 7:15; Ng Fat L et al. (2017), Quality of Life Research 26:1129-1144; Shah N et al. (2018), Health and Quality of Life Outcomes 16:239",
    ),
    checked: Checked::Published,
    own: None,
};

const WEMWBS_ITEMS: &[Item] = &[
    Item::new("optimistic", 1, 5),
    Item::new("useful", 1, 5),
    Item::new("relaxed", 1, 5),
    Item::new("interested-in-people", 1, 5),
    Item::new("energy", 1, 5),
    Item::new("problems", 1, 5),
    Item::new("thinking", 1, 5),
    Item::new("good-about-myself", 1, 5),
    Item::new("close", 1, 5),
    Item::new("confident", 1, 5),
    Item::new("mind", 1, 5),
    Item::new("loved", 1, 5),
    Item::new("new-things", 1, 5),
    Item::new("cheerful", 1, 5),
];

/// One standard error of measurement, which is 2.4 to 3.1 points, and 2.77 of them (Maheswaran H et al.
/// (2012), Health and Quality of Life Outcomes 10:156); the user guide says "3 to 8 points".
const WEMWBS_RELIABLE: &[Reliable] = &[
    Reliable {
        least: Score::points(3),
        origin: Origin::Published,
    },
    Reliable {
        least: Score::points(8),
        origin: Origin::Published,
    },
];

const WEMWBS_SCALES: &[Scale] = &[{
    let mut scale = sum(
        "total",
        &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13],
        Direction::HigherIsBetter,
    );
    scale.reliable = WEMWBS_RELIABLE;
    scale
}];

/// WEMWBS: fourteen items from 1 to 5, summed to 14 to 70, without conversion.
pub(super) static WEMWBS: Instrument = Instrument {
    key: Cow::Borrowed("wemwbs"),
    version: 1,
    items: Cow::Borrowed(WEMWBS_ITEMS),
    scales: Cow::Borrowed(WEMWBS_SCALES),
    licence: Licence::Registered {
        copyright: "Warwick Edinburgh Mental Wellbeing Scale (WEMWBS) © NHS Health Scotland, University of Warwick and University of Edinburgh, 2006, all rights reserved.",
    },
    standing: Standing::Validated,
    regresses: false,
    citation: Cow::Borrowed(
        "Tennant R et al. (2007), Health and Quality of Life Outcomes 5:63; Maheswaran H et al. (2012), Health and Quality of Life Outcomes 10:156",
    ),
    checked: Checked::Published,
    own: None,
};
