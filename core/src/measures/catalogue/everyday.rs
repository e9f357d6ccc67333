//! What is asked beside the established scales: the session pulse, the easy scale of three pictures, and
//! what people say of the services that they use. None of it is validated, and all of it says so.

use std::borrow::Cow;

use super::single;
use crate::measures::answer::Reply;
use crate::measures::instrument::{
    Band, Bands, Checked, Direction, Instrument, Item, Level, Licence, Scale, Score, Standing,
    TIMES_MAX,
};
use crate::pulse::{self, Day, Felt};

const fn in_steps(key: &'static str, item: &'static [u8], direction: Direction) -> Scale {
    let mut scale = single(key, item, direction);
    scale.level = Level::Ordinal;
    scale
}

const PULSE_ITEMS: &[Item] = &[
    Item::new(
        "day",
        Day::VeryBad.code() as i16,
        Day::VeryGood.code() as i16,
    ),
    Item::new("safe", Felt::Yes.code() as i16, Felt::No.code() as i16),
];

const PULSE_SCALES: &[Scale] = &[
    in_steps("day", &[0], Direction::HigherIsBetter),
    in_steps("safe", &[1], Direction::LowerIsBetter),
];

/// The session pulse, as [`crate::pulse`] asks it: how the day was, and whether the person felt safe.
pub(super) static PULSE: Instrument = Instrument {
    key: Cow::Borrowed("pulse"),
    version: 1,
    items: Cow::Borrowed(PULSE_ITEMS),
    scales: Cow::Borrowed(PULSE_SCALES),
    licence: Licence::Open,
    standing: Standing::Unvalidated,
    regresses: false,
    citation: Cow::Borrowed("Wellfield's own questions at the end of a session"),
    checked: Checked::Published,
    own: None,
};

/// The answers of a session pulse as answers to the items of the instrument `pulse`, in their order.
pub fn pulse_replies(answers: &pulse::Answers) -> [Reply; 2] {
    fn reply<T>(given: &pulse::Reply<T>, code: impl Fn(&T) -> u8) -> Reply {
        match given {
            pulse::Reply::NotReached => Reply::Skipped,
            pulse::Reply::Declined => Reply::PreferNotToSay,
            pulse::Reply::Given(value) => Reply::Given(i32::from(code(value))),
        }
    }
    [
        reply(&answers.day, |day| day.code()),
        reply(&answers.safe, |felt| felt.code()),
    ]
}

const EASY_ITEMS: &[Item] = &[
    Item {
        key: Cow::Borrowed("practice"),
        low: 1,
        high: 3,
        practice: true,
    },
    Item::new("feeling", 1, 3),
    Item::new("with-others", 1, 3),
    Item::new("doing", 1, 3),
];

const EASY_BANDS: &[Band] = &[
    Band::new("not-good", Score::points(1)),
    Band::new("in-between", Score::points(2)),
    Band::new("good", Score::points(3)),
];

const fn picture(key: &'static str, item: &'static [u8]) -> Scale {
    let mut scale = in_steps(key, item, Direction::HigherIsBetter);
    scale.bands = Some(Bands {
        bands: EASY_BANDS,
        least_well: 0,
    });
    scale
}

const EASY_SCALES: &[Scale] = &[
    picture("feeling", &[1]),
    picture("with-others", &[2]),
    picture("doing", &[3]),
];

/// Three pictures with a word each, after a practice item (Hartley and MacLean 2006). Each item is a
/// score of its own; nothing here is ever pooled with another scale.
pub(super) static EASY: Instrument = Instrument {
    key: Cow::Borrowed("easy3"),
    version: 1,
    items: Cow::Borrowed(EASY_ITEMS),
    scales: Cow::Borrowed(EASY_SCALES),
    licence: Licence::Open,
    standing: Standing::Apart,
    regresses: false,
    citation: Cow::Borrowed(
        "Wellfield's own, after Hartley SL and MacLean WE (2006), Journal of Intellectual Disability Research 50(11):813-827",
    ),
    checked: Checked::Published,
    own: None,
};

const SERVICE_ITEMS: &[Item] = &[
    Item::new("gp", 0, TIMES_MAX),
    Item::new("urgent-care", 0, TIMES_MAX),
    Item::new("hospital", 0, TIMES_MAX),
    // 1 less, 2 about the same, 3 more. Asked once people have joined, so there is nothing before.
    Item::new("services-now", 1, 3),
    Item::new("medication-now", 1, 3),
];

const SERVICE_SCALES: &[Scale] = &[
    single("gp", &[0], Direction::Neither),
    single("urgent-care", &[1], Direction::Neither),
    single("hospital", &[2], Direction::Neither),
    in_steps("services-now", &[3], Direction::Neither),
    in_steps("medication-now", &[4], Direction::Neither),
];

/// What people say of the health services that they used in the last three months. Whoever joins in a
/// bad month uses less in the next whatever happens, so regression to the mean stands beside it
/// (Carnes D et al. (2017), BMC Health Services Research 17:835).
pub(super) static SERVICE_USE: Instrument = Instrument {
    key: Cow::Borrowed("service-use"),
    version: 1,
    items: Cow::Borrowed(SERVICE_ITEMS),
    scales: Cow::Borrowed(SERVICE_SCALES),
    licence: Licence::Open,
    standing: Standing::Unvalidated,
    regresses: true,
    citation: Cow::Borrowed("Self-reported use of services over three months; not validated"),
    checked: Checked::Published,
    own: None,
};

const LINKWORKER_ITEMS: &[Item] = &[
    Item::new("wellbeing-better", 0, 1),
    Item::new("less-health-service", 0, 1),
    Item::new("less-medication", 0, 1),
    Item::new("more-active", 0, 1),
    Item::new("met-new-friends", 0, 1),
    Item::new("socialised-outside", 0, 1),
];

const LINKWORKER_SCALES: &[Scale] = &[
    in_steps("wellbeing-better", &[0], Direction::Neither),
    in_steps("less-health-service", &[1], Direction::Neither),
    in_steps("less-medication", &[2], Direction::Neither),
    in_steps("more-active", &[3], Direction::Neither),
    in_steps("met-new-friends", &[4], Direction::Neither),
    in_steps("socialised-outside", &[5], Direction::Neither),
];

/// The six yes-or-no items of the Heritage Linkworker project, asked at the end only: 1 yes, 0 no.
pub(super) static LINKWORKER: Instrument = Instrument {
    key: Cow::Borrowed("linkworker6"),
    version: 1,
    items: Cow::Borrowed(LINKWORKER_ITEMS),
    scales: Cow::Borrowed(LINKWORKER_SCALES),
    licence: Licence::Open,
    standing: Standing::Unvalidated,
    regresses: true,
    citation: Cow::Borrowed("Heritage Linkworker project, six self-reported outcomes"),
    checked: Checked::Published,
    own: None,
};
