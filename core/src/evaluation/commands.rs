//! Choosing a plan, and keeping what came of asking.

use super::{EvaluationPlanned, MeasuresAsked, OWN_MAX, Outcome, OwnOutcome, Questions, Survey};
use crate::clock::{Date, TimeOfDay};
use crate::event::{Body, Draft};
use crate::heads::Heads;
use crate::ids::{PersonId, ProgrammeId, SessionId};
use crate::measures::Moment;
use crate::records::Records;
use crate::stream::Stream;

/// Why a plan was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// The device holds no such programme.
    #[error("no such programme")]
    NoProgramme,
    /// SWEMWBS or WEMWBS without the reference that its owner gave.
    #[error("the licence reference for SWEMWBS or WEMWBS is missing")]
    NoLicence,
    /// The seven statements and the fourteen, of which the seven are a part.
    #[error("the short and the long scale ask the same")]
    BothLengths,
    /// Words that have to be compared with the toolkit, and nobody did.
    #[error("the words were not compared with the toolkit")]
    NotCompared,
    /// More questions of the project's own than [`OWN_MAX`].
    #[error("more than {OWN_MAX} questions of the project's own")]
    TooManyOwn,
    /// It is the plan already.
    #[error("nothing to change")]
    NothingToChange,
}

/// Chooses what is evaluated. What was answered under another plan stays as it is.
///
/// # Errors
/// See [`PlanError`].
pub fn plan_evaluation(
    records: &Records,
    programme: ProgrammeId,
    mut plan: EvaluationPlanned,
) -> Result<Draft, PlanError> {
    let delivery = records.delivery(programme).ok_or(PlanError::NoProgramme)?;
    plan.topics.sort_unstable();
    plan.topics.dedup();
    let mut own: Vec<OwnOutcome> = Vec::new();
    for outcome in core::mem::take(&mut plan.own) {
        if !own.contains(&outcome) {
            own.push(outcome);
        }
    }
    plan.own = own;
    if plan.own.len() > OWN_MAX {
        return Err(PlanError::TooManyOwn);
    }
    if plan.asks_both_lengths() {
        return Err(PlanError::BothLengths);
    }
    if !plan.is_compared() {
        return Err(PlanError::NotCompared);
    }
    // It is said of what is asked.
    plan.toolkit_compared &= plan.topics.iter().any(|topic| topic.needs_comparing());
    if !plan.is_licensed() {
        return Err(PlanError::NoLicence);
    }
    let plans = delivery.evaluation.plans();
    if delivery.evaluation.plan() == Some(&plan) && !plans.standing().needs_choice() {
        return Err(PlanError::NothingToChange);
    }
    Ok(Draft {
        stream: Stream::Delivery(programme),
        supersedes: plans.ids(),
        body: plan.into(),
    })
}

/// Keeps what somebody said, finished or not, and that they were asked: nobody can ask them again the
/// same way. Nothing where they said nothing.
pub fn keep(
    records: &Records,
    programme: ProgrammeId,
    survey: &Survey,
    at: (Date, TimeOfDay),
) -> Vec<Draft> {
    if !survey.has_replies() {
        return Vec::new();
    }
    let answered = survey.kept(at).into_iter().map(|answered| Draft {
        stream: Stream::Casework(programme),
        supersedes: Vec::new(),
        body: answered.into(),
    });
    let asked = MeasuresAsked {
        person: survey.person,
        moment: survey.moment,
        session: survey.session,
        outcome: survey.outcome(),
        questions: survey.which(),
    };
    answered.chain([noted(records, programme, asked)]).collect()
}

/// Notes that somebody did not want to be asked at a moment, so that they are left in peace. It is no
/// withdrawal of their consent.
pub fn declined(
    records: &Records,
    programme: ProgrammeId,
    (person, session, moment): (PersonId, SessionId, Moment),
) -> Draft {
    let delivery = records.delivery(programme);
    let asked = MeasuresAsked {
        person,
        moment,
        session,
        outcome: Outcome::Declined,
        questions: delivery.map_or(Questions::Usual, |delivery| {
            delivery.evaluation.questions_of(person)
        }),
    };
    noted(records, programme, asked)
}

pub(crate) fn noted(records: &Records, programme: ProgrammeId, asked: MeasuresAsked) -> Draft {
    let heads = records.delivery(programme).and_then(|delivery| {
        delivery
            .evaluation
            .asked_heads(asked.person, asked.occasion())
    });
    Draft {
        stream: Stream::Delivery(programme),
        supersedes: heads.map(Heads::ids).unwrap_or_default(),
        body: Body::from(asked),
    }
}
