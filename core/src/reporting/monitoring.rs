//! Who was reached, by characteristic and by the district that people live in.

use std::collections::{BTreeMap, BTreeSet};

use super::reach::shown_part;
use crate::consent::Purpose;
use crate::disclosure::{Issuing, Shown};
use crate::ids::PersonId;
use crate::monitoring::{Characteristic, Choice, District, MonitoringAnswered};
use crate::records::{Casework, Delivery};

/// How the people who were reached answered one question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CharacteristicShown {
    /// The question.
    pub asked: Characteristic,
    /// How many gave each answer, "prefer not to say" among them.
    pub choices: Vec<(Choice, Shown)>,
    /// How many were not asked, did not answer, or did not agree that it is evaluated.
    pub not_said: Shown,
}

/// Where the people who were reached live.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DistrictsShown {
    /// Each district with enough people to be named.
    pub districts: Vec<(District, Shown)>,
    /// All the others together.
    pub elsewhere: Shown,
    /// How many said no district, or did not agree that it is evaluated.
    pub not_said: Shown,
}

/// What equality monitoring shows; one table a question, and none across two of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MonitoringFigures {
    /// The questions that anybody answered.
    pub characteristics: Vec<CharacteristicShown>,
    /// The districts, where anybody said one.
    pub districts: Option<DistrictsShown>,
}

pub(super) fn figures(
    delivery: &Delivery,
    casework: Option<&Casework>,
    people: &BTreeSet<PersonId>,
    issuing: &mut Issuing<'_>,
) -> MonitoringFigures {
    let said: Vec<&MonitoringAnswered> = people
        .iter()
        .filter(|person| {
            let status = delivery.consent.status(**person, Purpose::Evaluation);
            status.permits()
        })
        .filter_map(|person| Some(&casework?.monitoring.get(*person)?.value))
        .collect();
    let questions = Characteristic::ALL.iter().copied();
    MonitoringFigures {
        characteristics: questions
            .filter_map(|asked| characteristic(asked, &said, people.len(), issuing))
            .collect(),
        districts: districts(&said, people.len(), issuing),
    }
}

fn characteristic(
    asked: Characteristic,
    said: &[&MonitoringAnswered],
    people: usize,
    issuing: &mut Issuing<'_>,
) -> Option<CharacteristicShown> {
    let answers: Vec<Choice> = said
        .iter()
        .filter_map(|answered| answered.said.get(&asked).copied())
        .collect();
    if answers.is_empty() {
        return None;
    }
    let choices: Vec<Choice> = asked.choices().collect();
    let count = |choice: &Choice| answers.iter().filter(|answer| *answer == choice).count();
    let mut counts: Vec<_> = choices
        .iter()
        .map(|choice| (choice.code().into(), count(choice)))
        .collect();
    counts.push((NOT_SAID, people - answers.len()));
    let shown = issuing.one_way(&format!("monitoring/{}", asked.code()), &counts);
    Some(CharacteristicShown {
        asked,
        not_said: shown[choices.len()],
        choices: choices.into_iter().zip(shown).collect(),
    })
}

/// The keys of the columns that are no answer.
const NOT_SAID: u64 = u64::MAX;
const ELSEWHERE: u64 = u64::MAX - 1;

/// The key of a district: its letters.
fn key(district: &District) -> u64 {
    let letters = district.as_str().bytes();
    letters.fold(0, |key, letter| key << 8 | u64::from(letter))
}

/// A district that only a few people live in is not named: that somebody comes from there may be all that
/// it takes to know who. Where a report was given out before, the districts are those that it named: from
/// one that is named for the first time would follow how many of the others then came from there.
fn districts(
    said: &[&MonitoringAnswered],
    people: usize,
    issuing: &mut Issuing<'_>,
) -> Option<DistrictsShown> {
    let mut counts: BTreeMap<&District, usize> = BTreeMap::new();
    for district in said
        .iter()
        .filter_map(|answered| answered.district.as_ref())
    {
        *counts.entry(district).or_default() += 1;
    }
    if counts.is_empty() {
        return None;
    }
    let all: usize = counts.values().sum();
    let known = issuing.known_keys("districts");
    let is_named = |district: &District, count: usize| match &known {
        Some(known) => known.contains(&key(district)),
        None => matches!(
            shown_part(issuing.policy(), count, people),
            Shown::Number(_)
        ),
    };
    let named: Vec<(&District, usize)> = counts
        .into_iter()
        .filter(|(district, count)| is_named(district, *count))
        .collect();
    let elsewhere = all - named.iter().map(|(_, count)| count).sum::<usize>();
    let named_counts = named
        .iter()
        .map(|(district, count)| (key(district), *count));
    let others = [(ELSEWHERE, elsewhere), (NOT_SAID, people - all)];
    let table: Vec<_> = named_counts.chain(others).collect();
    let shown = issuing.one_way("districts", &table);
    Some(DistrictsShown {
        elsewhere: shown[named.len()],
        not_said: shown[named.len() + 1],
        districts: named
            .into_iter()
            .zip(shown)
            .map(|((district, _), shown)| (district.clone(), shown))
            .collect(),
    })
}
