//! What people moved on to.

use std::collections::BTreeMap;

use super::Period;
use crate::consent::Purpose;
use crate::disclosure::{Issuing, Shown, count};
use crate::onward::{MovedOn, Onward};
use crate::records::{Casework, Delivery};

/// What people moved on to, of those who agreed that what they say is evaluated and of whom it was
/// written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OnwardFigures {
    /// How many people that is.
    pub people: Shown,
    /// How many went where; somebody can have gone to several. What nobody went to is left out.
    pub to: Vec<(Onward, Shown)>,
}

pub(super) fn figures(
    delivery: &Delivery,
    casework: Option<&Casework>,
    period: Period,
    issuing: &mut Issuing<'_>,
) -> OnwardFigures {
    let all = casework
        .into_iter()
        .flat_map(|casework| casework.onward.all());
    let asked: Vec<&MovedOn> = all
        .map(|head| &head.value)
        .filter(|moved| period.holds(moved.day))
        .filter(|moved| {
            let status = delivery.consent.status(moved.person, Purpose::Evaluation);
            status.permits()
        })
        .collect();
    let mut went: BTreeMap<Onward, usize> = BTreeMap::new();
    for to in asked.iter().flat_map(|moved| &moved.to) {
        *went.entry(*to).or_default() += 1;
    }
    let went = went.into_iter();
    OnwardFigures {
        people: u32::try_from(asked.len())
            .map_or(Shown::Hidden, |people| count(issuing.policy(), people)),
        to: went
            .map(|(to, people)| {
                let name = format!("onward/{}", to.code());
                (to, issuing.part(&name, people, asked.len()))
            })
            .collect(),
    }
}
