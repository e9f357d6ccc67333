//! Equality monitoring: who is reached, by characteristic and by where people live.
//!
//! Funders ask whether everybody is reached (guidance, "Evaluation"). What is asked is what the census of
//! 2021 asks, in its broadest groups, and "prefer not to say" is an answer to each. It lies in casework,
//! because nobody needs it on the day. A postcode is kept as its district, which is the first half of it:
//! the rest would be an address.

mod district;
#[cfg(test)]
mod tests;
mod wire;

use std::collections::BTreeMap;

use crate::clock::Date;
use crate::event::Draft;
use crate::heads::{Head, Heads, Stamp};
use crate::ids::{EventId, PersonId, ProgrammeId};
use crate::records::{Casework, Delivery, Records};
use crate::stream::Stream;

pub use district::{District, NotADistrict};

coded_enum! {
    /// What is asked.
    pub enum Characteristic {
        /// Age.
        Age = 1,
        /// Gender.
        Gender = 2,
        /// Ethnic group.
        Ethnicity = 3,
        /// Whether a health problem or disability limits somebody's day.
        Disability = 4,
    }
}

coded_enum! {
    /// An answer.
    pub enum Choice {
        /// "Prefer not to say": an answer to everything.
        PreferNotToSay = 1,
        /// Under 18.
        Under18 = 10,
        /// 18 to 24.
        From18 = 11,
        /// 25 to 34.
        From25 = 12,
        /// 35 to 44.
        From35 = 13,
        /// 45 to 54.
        From45 = 14,
        /// 55 to 64.
        From55 = 15,
        /// 65 to 74.
        From65 = 16,
        /// 75 and over.
        From75 = 17,
        /// A woman.
        Woman = 30,
        /// A man.
        Man = 31,
        /// Non-binary.
        NonBinary = 32,
        /// Described otherwise.
        AnotherGender = 33,
        /// Asian, Asian British or Asian Welsh.
        Asian = 50,
        /// Black, Black British, Black Welsh, Caribbean or African.
        Black = 51,
        /// Mixed or multiple ethnic groups.
        Mixed = 52,
        /// White.
        White = 53,
        /// Another ethnic group.
        AnotherEthnicity = 54,
        /// Day-to-day activities are limited a lot.
        LimitedALot = 70,
        /// Day-to-day activities are limited a little.
        LimitedALittle = 71,
        /// They are not limited.
        NotLimited = 72,
    }
}

impl Choice {
    /// What it answers; nothing for "prefer not to say", which answers everything.
    pub const fn answers(self) -> Option<Characteristic> {
        Some(match self {
            Self::PreferNotToSay => return None,
            Self::Under18
            | Self::From18
            | Self::From25
            | Self::From35
            | Self::From45
            | Self::From55
            | Self::From65
            | Self::From75 => Characteristic::Age,
            Self::Woman | Self::Man | Self::NonBinary | Self::AnotherGender => {
                Characteristic::Gender
            }
            Self::Asian | Self::Black | Self::Mixed | Self::White | Self::AnotherEthnicity => {
                Characteristic::Ethnicity
            }
            Self::LimitedALot | Self::LimitedALittle | Self::NotLimited => {
                Characteristic::Disability
            }
        })
    }
}

impl Characteristic {
    /// The answers that it takes, "prefer not to say" last.
    pub fn choices(self) -> impl Iterator<Item = Choice> {
        let own = Choice::ALL.iter().copied();
        own.filter(move |choice| choice.answers() == Some(self))
            .chain([Choice::PreferNotToSay])
    }
}

/// What somebody said when they were asked for monitoring.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MonitoringAnswered {
    /// Who.
    pub person: PersonId,
    /// What they said. What was not asked, or not answered, is not there.
    pub said: BTreeMap<Characteristic, Choice>,
    /// The district of their postcode.
    pub district: Option<District>,
    /// The day on which they were asked.
    pub day: Date,
}

impl MonitoringAnswered {
    /// Whether each answer is one to what it is said to answer.
    fn keeps_rules(&self) -> bool {
        let mut said = self.said.iter();
        said.all(|(asked, choice)| choice.answers().is_none_or(|answers| answers == *asked))
    }

    fn says_nothing(&self) -> bool {
        self.said.is_empty() && self.district.is_none()
    }
}

/// Why it was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MonitoringError {
    /// The device holds no such person.
    #[error("no such person")]
    NoPerson,
    /// An answer to something else.
    #[error("an answer to another question")]
    Mismatch,
    /// It stands like this already.
    #[error("nothing to change")]
    NothingToChange,
}

/// Keeps what somebody said, or what they say now. An empty answer takes back what stood.
///
/// # Errors
/// See [`MonitoringError`].
pub fn answer_monitoring(
    records: &Records,
    programme: ProgrammeId,
    answered: MonitoringAnswered,
) -> Result<Draft, MonitoringError> {
    let delivery = records.delivery(programme);
    let known = delivery.and_then(|delivery| delivery.person(answered.person));
    known.ok_or(MonitoringError::NoPerson)?;
    if !answered.keeps_rules() {
        return Err(MonitoringError::Mismatch);
    }
    let casework = records.casework(programme);
    let heads = casework.and_then(|casework| casework.monitoring.all.get(&answered.person));
    let stands = heads.and_then(Heads::latest).map(|head| &head.value);
    let same = match stands {
        Some(stands) => (&stands.said, &stands.district) == (&answered.said, &answered.district),
        None => answered.says_nothing(),
    };
    if same {
        return Err(MonitoringError::NothingToChange);
    }
    Ok(Draft {
        stream: Stream::Casework(programme),
        supersedes: heads.map(Heads::ids).unwrap_or_default(),
        body: answered.into(),
    })
}

/// What everybody said, for whoever may read casework.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Monitoring {
    all: BTreeMap<PersonId, Heads<MonitoringAnswered>>,
}

impl Monitoring {
    pub(crate) fn insert(
        &mut self,
        stamp: Stamp,
        supersedes: &[EventId],
        answered: MonitoringAnswered,
    ) {
        let heads = self.all.entry(answered.person).or_default();
        heads.insert(stamp, supersedes, answered);
    }

    /// What somebody said last.
    pub fn get(&self, person: PersonId) -> Option<&Head<MonitoringAnswered>> {
        let latest = self.all.get(&person)?.latest();
        latest.filter(|head| !head.value.says_nothing())
    }

    /// What everybody said last who said anything.
    pub fn all(&self) -> impl Iterator<Item = &Head<MonitoringAnswered>> {
        self.all.keys().filter_map(|person| self.get(*person))
    }
}

/// Somebody of a programme, and whether they were asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MonitoringLine {
    /// Who.
    pub person: PersonId,
    /// What they want to be called.
    pub name: String,
    /// Whether anything they said is kept.
    pub asked: bool,
}

/// Everybody of a programme, by preferred name; first those who were not asked.
pub fn monitoring_list(delivery: &Delivery, casework: Option<&Casework>) -> Vec<MonitoringLine> {
    let asked = |person| casework.is_some_and(|casework| casework.monitoring.get(person).is_some());
    let mut all: Vec<_> = delivery
        .people()
        .map(|(person, recorded)| MonitoringLine {
            person,
            name: recorded.details.preferred_name.to_string(),
            asked: asked(person),
        })
        .collect();
    all.sort_by_key(|line| (line.asked, line.name.to_lowercase(), line.person));
    all
}
