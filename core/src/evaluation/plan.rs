//! What a plan asks at which moment.

use std::borrow::Cow;

use super::{EvaluationPlanned, Questions, Size, Topic};
use crate::measures::{Catalogue, Instrument, InstrumentNo, Moment};
use crate::programme::SessionPlanned;

/// The short name of the easy scale.
pub(super) const EASY: &str = "easy3";

/// One question of a survey: an item of an instrument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Question {
    /// The instrument.
    pub instrument: InstrumentNo,
    /// The place of the item.
    pub item: u8,
}

/// The instruments that a plan asks at a moment, by their short names, in the order in which they are
/// asked: ONS4 early, UCLA before the direct question (domain findings §4), use of services last.
fn instruments(plan: &EvaluationPlanned, moment: Moment) -> Vec<Cow<'static, str>> {
    let mut asked: Vec<&'static str> = Vec::new();
    if !asks(plan, moment) {
        return Vec::new();
    }
    if moment.of_session() {
        let topics = plan.topics.iter();
        let compared = topics.filter(|topic| plan.has_compared(**topic));
        let umbrellas = compared.filter_map(|topic| topic.umbrella());
        return umbrellas.map(Cow::Borrowed).collect();
    }
    for topic in &plan.topics {
        match topic {
            Topic::Wellbeing => asked.push("ons4"),
            Topic::Loneliness => asked.extend(["ucla3", "ons-loneliness"]),
            // Without the reference it is not asked, whatever else the plan says.
            Topic::MentalWellbeing => asked.extend(plan.licence().map(|_| "swemwbs")),
            Topic::MentalWellbeingFull => asked.extend(plan.licence().map(|_| "wemwbs")),
            // Before and after sessions alone.
            Topic::SessionFeelings
            | Topic::SessionFeelingsPositive
            | Topic::SessionFeelingsNegative => {}
        }
    }
    let own = match asks_own(plan) {
        true => plan.own.as_slice(),
        false => &[],
    };
    let own = own.iter().map(|own| Cow::Owned(own.key()));
    let services = plan.size >= Size::Medium && moment != Moment::Middle && !asked.is_empty();
    let asked = asked.into_iter().map(Cow::Borrowed).chain(own);
    asked
        .chain(services.then_some(Cow::Borrowed("service-use")))
        .collect()
}

/// Whether questions of the project's own are asked: they are one more each time, so where a lot is.
fn asks_own(plan: &EvaluationPlanned) -> bool {
    plan.size == Size::Full && !plan.own.is_empty()
}

/// Whether a plan asks anything at a moment.
pub fn asks(plan: &EvaluationPlanned, moment: Moment) -> bool {
    let by_size = match moment {
        Moment::Baseline | Moment::End => true,
        Moment::ThreeMonths | Moment::SixMonths => plan.size >= Size::Medium,
        Moment::Middle => plan.size == Size::Full,
        // Whatever the size. The pulse is asked after each session without any plan.
        Moment::BeforeSession | Moment::AfterSession => true,
    };
    let topics = plan.topics.iter();
    let mut topics = topics.filter(|topic| plan.has_compared(**topic));
    let own = asks_own(plan) && !moment.of_session();
    by_size && (own || topics.any(|topic| topic.of_session() == moment.of_session()))
}

/// The questions that a plan asks at a moment, in their order.
pub fn questions(
    plan: &EvaluationPlanned,
    (moment, which): (Moment, Questions),
    catalogue: &Catalogue,
) -> Vec<(InstrumentNo, Vec<Question>)> {
    let asked = match which {
        Questions::Usual => instruments(plan, moment),
        // How a day went is not among the three easy questions, so before and after one they are not asked.
        Questions::Easy if asks(plan, moment) && !moment.of_session() => vec![Cow::Borrowed(EASY)],
        Questions::Easy => Vec::new(),
    };
    asked
        .into_iter()
        .filter_map(|key| {
            let instrument = catalogue.find(&key, None)?;
            let definition = catalogue.get(instrument)?;
            definition.may_be_asked(plan.licence().as_ref()).ok()?;
            let items = items(definition, moment).map(|item| Question { instrument, item });
            Some((instrument, items.collect()))
        })
        .collect()
}

/// How many questions a plan asks at a moment.
pub fn question_count(plan: &EvaluationPlanned, moment: Moment, which: Questions) -> usize {
    let asked = questions(plan, (moment, which), &plan.catalogue());
    asked.iter().map(|(_, items)| items.len()).sum()
}

/// The items of an instrument that make sense at a moment.
pub(super) fn items(instrument: &Instrument, moment: Moment) -> impl Iterator<Item = u8> {
    let keys = instrument.items.iter().map(|item| item.key.as_ref());
    (0u8..)
        .zip(keys)
        .filter(move |(_, key)| {
            // Compared with before they joined, which says nothing while they are joining.
            let looks_back = matches!(*key, "services-now" | "medication-now");
            moment != Moment::Baseline || !looks_back
        })
        .map(|(item, _)| item)
        .collect::<Vec<_>>()
        .into_iter()
}

/// Whether people are asked before and after a session how they feel: at the first, the one half-way and the
/// last.
pub(super) fn is_asked_around(in_order: &[&SessionPlanned], session: &SessionPlanned) -> bool {
    let ends = [in_order.first().copied(), in_order.last().copied()];
    let mut all = ends.into_iter().chain([middle_session(in_order)]);
    all.any(|one| one.is_some_and(|one| one.session == session.session))
}

/// The session half-way through, where there are three or more.
pub fn middle_session<'a>(in_order: &[&'a SessionPlanned]) -> Option<&'a SessionPlanned> {
    if in_order.len() < 3 {
        return None;
    }
    in_order.get((in_order.len() - 1) / 2).copied()
}
