//! Who was reached, by characteristic and by the district that people live in.

use std::collections::{BTreeMap, BTreeSet};

use super::reach::{one_way, shown, shown_part};
use crate::consent::Purpose;
use crate::disclosure::{Policy, Shown};
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
    policy: Policy,
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
            .filter_map(|asked| characteristic(asked, &said, people.len(), policy))
            .collect(),
        districts: districts(&said, people.len(), policy),
    }
}

fn characteristic(
    asked: Characteristic,
    said: &[&MonitoringAnswered],
    people: usize,
    policy: Policy,
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
    let mut counts: Vec<usize> = choices.iter().map(count).collect();
    counts.push(people - answers.len());
    let release = one_way(policy, &counts);
    let at = |place| shown(release.as_ref(), place);
    let not_said = at(choices.len());
    let choices = choices.into_iter().enumerate();
    Some(CharacteristicShown {
        asked,
        choices: choices.map(|(place, choice)| (choice, at(place))).collect(),
        not_said,
    })
}

/// A district that only a few people live in is not named: that somebody comes from there may be all that
/// it takes to know who.
fn districts(
    said: &[&MonitoringAnswered],
    people: usize,
    policy: Policy,
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
    let named: Vec<(&District, usize)> = counts
        .into_iter()
        .filter(|(_, count)| matches!(shown_part(policy, *count, people), Shown::Number(_)))
        .collect();
    let elsewhere = all - named.iter().map(|(_, count)| count).sum::<usize>();
    let mut table: Vec<usize> = named.iter().map(|(_, count)| *count).collect();
    table.extend([elsewhere, people - all]);
    let release = one_way(policy, &table);
    let at = |place| shown(release.as_ref(), place);
    let (elsewhere, not_said) = (at(named.len()), at(named.len() + 1));
    let named = named.into_iter().enumerate();
    Some(DistrictsShown {
        districts: named
            .map(|(place, (district, _))| (district.clone(), at(place)))
            .collect(),
        elsewhere,
        not_said,
    })
}
