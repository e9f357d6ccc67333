//! The UCL Museum Wellbeing Measures: umbrellas of six words, and the short questionnaire. Used before
//! and after the same session; they sense a change where a global scale does not. The umbrella for younger
//! adults is not here, because its words could not be compared with the toolkit.

use std::borrow::Cow;

use super::{single, sum};
use crate::measures::instrument::{
    Checked, Direction, Instrument, Item, Licence, Part, Scale, Standing,
};

const CITATION: &str = "Thomson LJ and Chatterjee HJ (2013), UCL Museum Wellbeing Measures Toolkit, funded by the Arts and Humanities Research Council";

/// One word, reported beside the sum.
const fn word(key: &'static str, item: &'static [u8], direction: Direction) -> Scale {
    let mut scale = single(key, item, direction);
    scale.part = Part::Word;
    scale
}

/// Declares an instrument of six items from 1 to 5 whose sum goes from 6 to 30.
macro_rules! six {
    ($(#[$meta:meta])* $name:ident, $key:literal, $direction:ident, $checked:ident,
     [$a:literal, $b:literal, $c:literal, $d:literal, $e:literal, $f:literal]) => {
        $(#[$meta])*
        pub(super) static $name: Instrument = {
            const ITEMS: &[Item] = &[
                Item::new($a, 1, 5),
                Item::new($b, 1, 5),
                Item::new($c, 1, 5),
                Item::new($d, 1, 5),
                Item::new($e, 1, 5),
                Item::new($f, 1, 5),
            ];
            const SCALES: &[Scale] = &[
                sum("total", &[0, 1, 2, 3, 4, 5], Direction::$direction),
                word($a, &[0], Direction::$direction),
                word($b, &[1], Direction::$direction),
                word($c, &[2], Direction::$direction),
                word($d, &[3], Direction::$direction),
                word($e, &[4], Direction::$direction),
                word($f, &[5], Direction::$direction),
            ];
            Instrument {
                key: Cow::Borrowed($key),
                version: 1,
                items: Cow::Borrowed(ITEMS),
                scales: Cow::Borrowed(SCALES),
                licence: Licence::Open,
                standing: Standing::Validated,
                regresses: false,
                citation: Cow::Borrowed(CITATION),
                checked: Checked::$checked,
                own: None,
            }
        };
    };
}

six!(
    /// The umbrella for older adults: six words that one would like to hear more of.
    OLDER_ADULT, "ucl-umbrella-older", HigherIsBetter, Published,
    ["absorbed", "active", "cheerful", "encouraged", "enlightened", "inspired"]
);
six!(
    /// The generic positive umbrella.
    POSITIVE, "ucl-umbrella-positive", HigherIsBetter, FromMemory,
    ["active", "alert", "enthusiastic", "excited", "happy", "inspired"]
);
six!(
    /// The generic negative umbrella: less is better.
    NEGATIVE, "ucl-umbrella-negative", LowerIsBetter, FromMemory,
    ["distressed", "irritable", "nervous", "scared", "unhappy", "upset"]
);
six!(
    /// The short generic wellbeing questionnaire.
    QUESTIONNAIRE, "ucl-questionnaire", HigherIsBetter, FromMemory,
    ["happy", "engaged", "comfortable", "safe-and-secure", "enjoyed-company", "talked-to-people"]
);
