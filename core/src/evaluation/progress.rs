//! How far the asking has come.

use super::{Evaluation, Outcome, Questions, asks, question_count};
use crate::measures::Moment;

/// What came of asking at a moment that the plan asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The moment.
    pub moment: Moment,
    /// How many questions are asked.
    pub questions: usize,
    /// People who came to the end.
    pub finished: usize,
    /// People who stopped before it.
    pub stopped: usize,
    /// People who did not want to be asked.
    pub declined: usize,
    /// People who have a link and have not answered.
    pub linked: usize,
}

/// What came of asking, for each moment of the plan in order; nothing without a plan.
pub fn progress(evaluation: &Evaluation) -> Vec<Progress> {
    let Some(plan) = evaluation.plan() else {
        return Vec::new();
    };
    let moments = Moment::ALL.iter().copied();
    let mut all: Vec<_> = moments
        .filter(|moment| asks(plan, *moment))
        .map(|moment| Progress {
            moment,
            questions: question_count(plan, moment, Questions::Usual),
            finished: 0,
            stopped: 0,
            declined: 0,
            linked: 0,
        })
        .collect();
    for asked in evaluation.all_asked() {
        let of_moment = all.iter_mut().find(|one| one.moment == asked.value.moment);
        if let Some(one) = of_moment {
            match asked.value.outcome {
                Outcome::Finished => one.finished += 1,
                Outcome::Stopped => one.stopped += 1,
                Outcome::Declined => one.declined += 1,
                Outcome::Linked => one.linked += 1,
            }
        }
    }
    all
}
