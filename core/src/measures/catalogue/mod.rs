//! Every instrument that is known, built in or set up by a project.

mod everyday;
mod national;
#[cfg(test)]
mod tests;
mod ucl;
mod warwick;

use std::borrow::Cow;

use super::instrument::{
    Checked, Direction, Flaw, Instrument, Item, Level, Licence, Method, OwnWords, Part, Scale,
    Standing, same_name,
};

pub use everyday::pulse_replies;

/// The place of an instrument in a [`Catalogue`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct InstrumentNo(pub u16);

/// What an answer answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Question {
    /// An item of an instrument, by its place.
    Known {
        /// The instrument.
        instrument: InstrumentNo,
        /// The place of the item.
        item: u8,
    },
    /// Something of an instrument that is not known here.
    UnknownInstrument,
    /// Something of a version of an instrument that is not known here.
    UnknownVersion,
    /// Something that the instrument does not ask.
    UnknownItem,
}

/// Every instrument that is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Catalogue {
    instruments: Vec<Cow<'static, Instrument>>,
}

/// The instruments that are built in.
static BUILT_IN: &[&Instrument] = &[
    &national::ONS4,
    &warwick::SWEMWBS,
    &warwick::WEMWBS,
    &ucl::OLDER_ADULT,
    &ucl::POSITIVE,
    &ucl::NEGATIVE,
    &ucl::QUESTIONNAIRE,
    &national::UCLA3,
    &national::LONELINESS,
    &everyday::PULSE,
    &everyday::EASY,
    &everyday::SERVICE_USE,
    &everyday::LINKWORKER,
];

impl Default for Catalogue {
    fn default() -> Self {
        Self::built_in()
    }
}

impl Catalogue {
    /// The instruments that are built in, and no others.
    pub fn built_in() -> Self {
        Self {
            instruments: BUILT_IN.iter().map(|one| Cow::Borrowed(*one)).collect(),
        }
    }

    /// Adds a project's own instrument.
    ///
    /// # Errors
    /// Everything that is wrong with it; nothing is added then.
    pub fn add(&mut self, instrument: Instrument) -> Result<InstrumentNo, Vec<Flaw>> {
        let mut flaws = instrument.flaws();
        if self
            .find(&instrument.key, Some(instrument.version))
            .is_some()
        {
            flaws.push(Flaw::Twice);
        }
        match u16::try_from(self.instruments.len()) {
            Ok(place) if flaws.is_empty() => {
                self.instruments.push(Cow::Owned(instrument));
                Ok(InstrumentNo(place))
            }
            _ => Err(flaws),
        }
    }

    /// Adds a question of a project's own, where it is not there yet.
    pub fn add_own(&mut self, own: Instrument) {
        if self.instruments.iter().all(|one| one.key != own.key) {
            self.instruments.push(Cow::Owned(own));
        }
    }

    /// Every instrument with its place.
    pub fn all(&self) -> impl Iterator<Item = (InstrumentNo, &Instrument)> {
        (0u16..)
            .map(InstrumentNo)
            .zip(self.instruments.iter().map(|one| &**one))
    }

    /// The instrument at a place.
    pub fn get(&self, place: InstrumentNo) -> Option<&Instrument> {
        self.instruments.get(usize::from(place.0)).map(|one| &**one)
    }

    /// The instrument of this short name, in this version or, without one, in its newest. Capitals and
    /// what stands between the words do not matter: `UCLA-3` is `ucla3`.
    pub fn find(&self, key: &str, version: Option<u16>) -> Option<InstrumentNo> {
        // Records name an instrument as it stands here, so that is looked for first.
        let as_written = version.and_then(|version| {
            let mut all = self.all();
            all.find(|(_, one)| one.version == version && one.key == key)
        });
        if let Some((place, _)) = as_written {
            return Some(place);
        }
        self.all()
            .filter(|(_, one)| same_name(&one.key, key))
            .filter(|(_, one)| version.is_none_or(|version| one.version == version))
            .max_by_key(|(_, one)| one.version)
            .map(|(place, _)| place)
    }

    /// What somebody answered who names an instrument, its version and an item by key or number.
    pub fn question(&self, key: &str, version: Option<u16>, item: &str) -> Question {
        let instrument = match self.named(key, version) {
            Ok(instrument) => instrument,
            Err(unknown) => return unknown,
        };
        let item = self.get(instrument).and_then(|found| found.item(item));
        item.map_or(Question::UnknownItem, |item| Question::Known {
            instrument,
            item,
        })
    }

    /// What somebody answered who went through an instrument of a version item by item, so many items in
    /// their order.
    pub fn questions_in_order(
        &self,
        key: &str,
        version: u16,
        count: u8,
    ) -> impl Iterator<Item = Question> {
        let named = self.named(key, Some(version));
        let known = named.ok().and_then(|instrument| self.get(instrument));
        let known = known.map_or(0, |found| found.items.len());
        (0..count).map(move |item| match named {
            Ok(instrument) if usize::from(item) < known => Question::Known { instrument, item },
            Ok(_) => Question::UnknownItem,
            Err(unknown) => unknown,
        })
    }

    /// The instrument of this name and version, or what an answer to it is where there is none.
    fn named(&self, key: &str, version: Option<u16>) -> Result<InstrumentNo, Question> {
        self.find(key, version)
            .ok_or_else(|| match self.find(key, None) {
                Some(_) => Question::UnknownVersion,
                None => Question::UnknownInstrument,
            })
    }
}

/// A question that a project asks of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnQuestion {
    /// The name of the item: lower-case letters, digits and `-`.
    pub key: String,
    /// The lowest answer.
    pub low: i16,
    /// The highest answer.
    pub high: i16,
    /// Which way is better.
    pub direction: Direction,
}

/// A project's own outcome questions as an instrument: each a score of its own, and unvalidated.
///
/// # Errors
/// Everything that is wrong with them.
pub fn own_questions(
    key: &str,
    version: u16,
    questions: Vec<OwnQuestion>,
) -> Result<Instrument, Vec<Flaw>> {
    let mut items = Vec::new();
    let mut scales = Vec::new();
    for (question, place) in questions.into_iter().zip(0u8..) {
        scales.push(Scale {
            key: Cow::Owned(question.key.clone()),
            items: Cow::Owned(vec![place]),
            method: Method::Sum,
            direction: question.direction,
            level: Level::Interval,
            bands: None,
            reliable: &[],
            part: Part::Whole,
        });
        items.push(Item {
            key: Cow::Owned(question.key),
            low: question.low,
            high: question.high,
            practice: false,
        });
    }
    let own = Instrument {
        key: Cow::Owned(key.to_owned()),
        version,
        items: Cow::Owned(items),
        scales: Cow::Owned(scales),
        licence: Licence::Open,
        standing: Standing::Unvalidated,
        regresses: false,
        citation: Cow::Borrowed(OWN_CITATION),
        checked: Checked::Published,
        own: None,
    };
    let flaws = own.flaws();
    if flaws.is_empty() {
        Ok(own)
    } else {
        Err(flaws)
    }
}

/// How the short names of questions of a project's own begin.
pub const OWN_KEY: &str = "own-";

/// A question of a project's own that is answered with a number from 0 to 10, of which more is better. Its
/// words are not known to whoever has the answers alone.
pub fn own_outcome(key: String, words: Option<OwnWords>) -> Instrument {
    const ITEMS: &[Item] = &[Item::new("answer", 0, 10)];
    const SCALES: &[Scale] = &[single("answer", &[0], Direction::HigherIsBetter)];
    Instrument {
        key: Cow::Owned(key),
        version: 1,
        items: Cow::Borrowed(ITEMS),
        scales: Cow::Borrowed(SCALES),
        licence: Licence::Open,
        standing: Standing::Unvalidated,
        regresses: false,
        citation: Cow::Borrowed(OWN_CITATION),
        checked: Checked::Published,
        own: words,
    }
}

const OWN_CITATION: &str = "The project's own questions";

/// A scale of one item whose answers are its score.
const fn single(key: &'static str, item: &'static [u8], direction: Direction) -> Scale {
    Scale {
        key: Cow::Borrowed(key),
        items: Cow::Borrowed(item),
        method: Method::Sum,
        direction,
        level: Level::Interval,
        bands: None,
        reliable: &[],
        part: Part::Whole,
    }
}

/// A sum of items.
const fn sum(key: &'static str, items: &'static [u8], direction: Direction) -> Scale {
    single(key, items, direction)
}
