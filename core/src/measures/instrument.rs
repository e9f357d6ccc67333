//! What an instrument is: its items, the scales that are made of them, who owns it, and what may be
//! said about it. Everything here is data; [`super::score`] and [`super::report`] read it.
//!
//! The words of the questions are not here: [`crate::evaluation::wording`] has those of the instruments
//! that are asked.

use core::fmt;
use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::language::Language;

/// A score in hundredths of a point, so that scores add up exactly and ties are ties.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Score(pub i32);

impl Score {
    /// So many whole points.
    pub const fn points(points: i32) -> Self {
        Self(points * 100)
    }

    /// In points.
    pub fn as_points(self) -> f64 {
        f64::from(self.0) / 100.0
    }
}

/// One question with the whole numbers that answer it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// The name of the item, also the last part of its key in the translations.
    pub key: Cow<'static, str>,
    /// The lowest answer.
    pub low: i16,
    /// The highest answer.
    pub high: i16,
    /// Whether the item is there to try out how to answer, and is never scored.
    pub practice: bool,
}

impl Item {
    /// An item that counts.
    pub const fn new(key: &'static str, low: i16, high: i16) -> Self {
        Self {
            key: Cow::Borrowed(key),
            low,
            high,
            practice: false,
        }
    }

    /// Whether an answer lies on the item's scale.
    pub const fn holds(&self, answer: i32) -> bool {
        self.low as i32 <= answer && answer <= self.high as i32
    }
}

/// How answers become a score. Every item of the scale has to be answered: nothing is imputed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Method {
    /// The sum of the answers; for a scale of one item, the answer.
    Sum,
    /// The sum, looked up in a table of hundredths that begins with the lowest possible sum.
    Converted(&'static [u16]),
}

/// Which way is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Direction {
    /// More is better.
    HigherIsBetter,
    /// Less is better, as with anxiety and loneliness.
    LowerIsBetter,
    /// Neither: a visit to a doctor can be a good thing. A change is end minus baseline.
    Neither,
}

/// What may be worked out from the scores.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Steps that are taken to be equal: means and everything else.
    Interval,
    /// Steps in an order: bands and ranks, no means.
    Ordinal,
}

/// One band of a scale: from this score up to where the next begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Band {
    /// The name of the band, also the last part of its key in the translations.
    pub key: &'static str,
    /// The lowest score in it.
    pub from: Score,
}

impl Band {
    /// A band.
    pub const fn new(key: &'static str, from: Score) -> Self {
        Self { key, from }
    }
}

/// The bands of a scale, from the lowest scores to the highest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bands {
    /// The bands.
    pub bands: &'static [Band],
    /// The place of the band that one would like people to leave: "low" wellbeing, "high" anxiety.
    pub least_well: usize,
}

impl Bands {
    /// The place of the band in which a score lies; scores below the first count to the first.
    pub fn of(&self, score: Score) -> usize {
        let begun = self.bands.iter().filter(|band| band.from <= score).count();
        begun.saturating_sub(1)
    }
}

/// A change of one person that counts as more than the noise of the instrument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reliable {
    /// The least change, in either direction.
    pub least: Score,
    /// Where the figure is from.
    pub origin: Origin,
}

/// Where a threshold is from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Published for the instrument.
    Published,
    /// Our own convention, and to be labelled as that.
    Convention,
}

/// How a scale stands among the others of its instrument.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// What the instrument measures.
    Whole,
    /// One word of an umbrella, reported beside the whole.
    Word,
}

/// A score and what is known of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scale {
    /// The name of the scale, also the last part of its key in the translations.
    pub key: Cow<'static, str>,
    /// The places of its items.
    pub items: Cow<'static, [u8]>,
    /// How their answers become a score.
    pub method: Method,
    /// Which way is better.
    pub direction: Direction,
    /// What may be worked out from it.
    pub level: Level,
    /// Its bands, where there are any.
    pub bands: Option<Bands>,
    /// Changes of one person that count, the smallest first.
    pub reliable: &'static [Reliable],
    /// How it stands among the others.
    pub part: Part,
}

/// The highest number of times that somebody can say. On paper it has no end; more than this is a slip of the
/// finger.
pub const TIMES_MAX: i16 = 99;

impl Scale {
    /// Whether it is a number of times, which has no highest one.
    pub fn is_count(&self, instrument: &Instrument) -> bool {
        let mut items = self.items.iter();
        items.all(|place| {
            let item = instrument.items.get(usize::from(*place));
            item.is_some_and(|item| (item.low, item.high) == (0, TIMES_MAX))
        })
    }

    /// The lowest and the highest score that there can be; `None` for a scale that is not of this
    /// instrument.
    pub fn range(&self, instrument: &Instrument) -> Option<(Score, Score)> {
        let items: Vec<&Item> = self
            .items
            .iter()
            .map(|place| instrument.items.get(usize::from(*place)))
            .collect::<Option<_>>()?;
        match self.method {
            Method::Sum => {
                let (low, high) = raw_range(&items);
                Some((Score::points(low), Score::points(high)))
            }
            Method::Converted(table) => {
                let ends = table.first().zip(table.last());
                ends.map(|(low, high)| (Score(i32::from(*low)), Score(i32::from(*high))))
            }
        }
    }
}

/// Who has to agree before an instrument is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Licence {
    /// Nobody: it may be used by anybody, with its source named.
    Open,
    /// Its owner: it stays switched off until an administrator has entered the reference of the
    /// licence, its words may not be edited, and this line stands on every copy.
    Registered {
        /// The copyright line, word for word.
        copyright: &'static str,
    },
}

/// The reference that the owner of an instrument gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LicenceReference(String);

/// A text that cannot be the reference of a licence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the reference of a licence has 3 to 80 characters")]
pub struct NotAReference;

impl LicenceReference {
    /// The reference as somebody typed it.
    ///
    /// # Errors
    /// Where it has fewer than three or more than eighty characters.
    pub fn typed(text: &str) -> Result<Self, NotAReference> {
        let text = text.trim();
        if (3..=80).contains(&text.chars().count()) {
            Ok(Self(text.to_owned()))
        } else {
            Err(NotAReference)
        }
    }

    /// The reference.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// How well an instrument is established.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// Validated by others.
    Validated,
    /// Nobody has validated it, and every figure from it says so.
    Unvalidated,
    /// An easy version of something else: reported apart and never pooled with it.
    Apart,
}

/// Whether what is said here was compared with a publication.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Checked {
    /// Yes.
    Published,
    /// No: it was written down from memory, and has to be compared before people see it.
    FromMemory,
}

/// An instrument in one version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instrument {
    /// Its usual short name.
    pub key: Cow<'static, str>,
    /// Its version. Answers of two versions are never paired.
    pub version: u16,
    /// Its questions, in the order in which they are asked.
    pub items: Cow<'static, [Item]>,
    /// What they add up to.
    pub scales: Cow<'static, [Scale]>,
    /// Who has to agree.
    pub licence: Licence,
    /// How well it is established.
    pub standing: Standing,
    /// Whether a fall or rise may only be people going back to what is usual for them.
    pub regresses: bool,
    /// Whom to cite.
    pub citation: Cow<'static, str>,
    /// Whether what is said here was compared with a publication.
    pub checked: Checked,
    /// What it asks, where it is a question of a project's own.
    pub own: Option<OwnWords>,
}

/// A question of a project's own, word for word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnWords {
    /// The language that it is in.
    pub language: Language,
    /// The question.
    pub text: String,
}

/// Why an instrument may not be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the owner's licence reference has not been entered")]
pub struct NotLicensed;

impl Instrument {
    /// Whether it may be asked, given the licence reference that an administrator entered.
    ///
    /// # Errors
    /// Where its owner has to agree and no reference was entered.
    pub const fn may_be_asked(
        &self,
        reference: Option<&LicenceReference>,
    ) -> Result<(), NotLicensed> {
        match (self.licence, reference) {
            (Licence::Registered { .. }, None) => Err(NotLicensed),
            _ => Ok(()),
        }
    }

    /// The line that has to stand on every copy and every report.
    pub const fn copyright(&self) -> Option<&'static str> {
        match self.licence {
            Licence::Open => None,
            Licence::Registered { copyright } => Some(copyright),
        }
    }

    /// The place of the item of this key or number, counted from 1.
    pub fn item(&self, name: &str) -> Option<u8> {
        let place = match name.parse::<usize>() {
            Ok(number) => number
                .checked_sub(1)
                .filter(|place| *place < self.items.len())?,
            Err(_) => self
                .items
                .iter()
                .position(|item| same_name(&item.key, name))?,
        };
        u8::try_from(place).ok()
    }

    /// What is wrong with it. Empty for every instrument that may come into a catalogue.
    pub fn flaws(&self) -> Vec<Flaw> {
        let mut flaws = Vec::new();
        if !is_key(&self.key) {
            flaws.push(Flaw::Key(self.key.to_string()));
        }
        if self.items.is_empty() || self.items.len() > ITEMS_MAX {
            flaws.push(Flaw::Items(self.items.len()));
        }
        let mut keys = BTreeSet::new();
        for item in self.items.iter() {
            if !is_key(&item.key) || !keys.insert(letters(&item.key).collect::<Vec<_>>()) {
                flaws.push(Flaw::Key(item.key.to_string()));
            }
            if item.low >= item.high || item.low < 0 || item.high > ANSWER_MAX {
                flaws.push(Flaw::Range(item.key.to_string()));
            }
        }
        let mut keys = BTreeSet::new();
        for scale in self.scales.iter() {
            if !is_key(&scale.key) || !keys.insert(letters(&scale.key).collect::<Vec<_>>()) {
                flaws.push(Flaw::Key(scale.key.to_string()));
            }
            if !self.scale_is_sound(scale) {
                flaws.push(Flaw::Scale(scale.key.to_string()));
            }
        }
        if self.citation.trim().is_empty() {
            flaws.push(Flaw::NoCitation);
        }
        flaws
    }

    fn scale_is_sound(&self, scale: &Scale) -> bool {
        let distinct: BTreeSet<_> = scale.items.iter().collect();
        let items: Option<Vec<_>> = scale
            .items
            .iter()
            .map(|place| self.items.get(usize::from(*place)))
            .collect();
        let Some(items) = items.filter(|items| !items.is_empty()) else {
            return false;
        };
        let (low, high) = raw_range(&items);
        let method = match scale.method {
            Method::Sum => true,
            // One figure for each sum, rising.
            Method::Converted(table) => {
                i32::try_from(table.len()).is_ok_and(|sums| sums == high - low + 1)
                    && table.windows(2).all(|pair| pair[0] < pair[1])
            }
        };
        let bands = scale.bands.as_ref().is_none_or(|bands| {
            bands.least_well < bands.bands.len()
                && bands.bands.len() > 1
                && bands
                    .bands
                    .windows(2)
                    .all(|pair| pair[0].from < pair[1].from)
        });
        let reliable = scale.reliable.iter().all(|change| change.least.0 > 0);
        distinct.len() == items.len()
            && items.iter().all(|item| !item.practice)
            && method
            && bands
            && reliable
    }
}

/// Whether two names are the same but for capitals and what stands between their words.
pub(super) fn same_name(one: &str, other: &str) -> bool {
    letters(other).next().is_some() && other.is_ascii() && letters(one).eq(letters(other))
}

fn letters(name: &str) -> impl Iterator<Item = u8> {
    name.bytes()
        .filter(u8::is_ascii_alphanumeric)
        .map(|byte| byte.to_ascii_lowercase())
}

/// The lowest and the highest sum of these items.
pub(super) fn raw_range(items: &[&Item]) -> (i32, i32) {
    let low = items.iter().map(|item| i32::from(item.low)).sum();
    let high = items.iter().map(|item| i32::from(item.high)).sum();
    (low, high)
}

/// The most items that an instrument may have.
pub const ITEMS_MAX: usize = 32;
/// The highest answer that an item may have: a count of visits, the most of all.
pub const ANSWER_MAX: i16 = 999;
const KEY_MAX: usize = 40;

/// Whether a text can name an item: lower-case letters, digits and `-`, and not a number, because items
/// are also named by number.
fn is_key(text: &str) -> bool {
    let letters = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    (1..=KEY_MAX).contains(&text.len())
        && text.chars().all(letters)
        && text.parse::<usize>().is_err()
}

/// What is wrong with an instrument.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// A key that is none, or that stands for two things.
    Key(String),
    /// Too few or too many items.
    Items(usize),
    /// An item whose lowest answer is not below its highest.
    Range(String),
    /// A scale that cannot be worked out from the items.
    Scale(String),
    /// Nobody is cited.
    NoCitation,
    /// There is an instrument of this key and version already.
    Twice,
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Key(key) => write!(f, "“{key}” is no key or stands twice"),
            Self::Items(count) => write!(f, "{count} items"),
            Self::Range(key) => write!(f, "{key} has no range of answers"),
            Self::Scale(key) => write!(f, "{key} cannot be worked out"),
            Self::NoCitation => f.write_str("nobody is cited"),
            Self::Twice => f.write_str("there is one of this name and version"),
        }
    }
}
