//! The survey of one person at one moment of their course.
//!
//! Whoever has the link can answer in that person's place, once. A link that is used again, or a second link
//! for the same person and moment, brings the same sets of answers.

use super::{AskedBy, numbered_by};
use crate::clock::Date;
use crate::evaluation::{
    Asked, EvaluationPlanned, InstrumentKey, MeasuresAsked, Occasion, Outcome, Questions, Survey,
    due, last_day, noted,
};
use crate::event::Draft;
use crate::ids::{DeviceId, PersonId, ProgrammeId, ResponseId, SessionId};
use crate::language::Language;
use crate::measures::{Mode, Moment, When};
use crate::records::Records;

/// What a link to a survey says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SurveyLink {
    /// The device that gave it out.
    pub device: DeviceId,
    /// The programme.
    pub programme: ProgrammeId,
    /// Who is asked.
    pub person: PersonId,
    /// At which session their answers are entered.
    pub session: SessionId,
    /// At which moment of their course.
    pub moment: Moment,
    /// Which questions.
    pub which: Questions,
    /// What is asked: the plan as it stood when the link was made.
    pub plan: EvaluationPlanned,
    /// The last day on which an answer counts.
    pub until: Date,
    /// Who asks.
    pub asked_by: Option<AskedBy>,
}

/// Why no link is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoLink {
    /// Nothing is to be asked of this person now.
    #[error("nothing is to be asked")]
    NotDue,
    /// They have not said whether their answers may be used.
    #[error("they have not been asked for their consent")]
    ConsentFirst,
}

/// Makes a link, and the record that somebody has one, where there is none yet. The link may be shown once
/// the record is saved. Made again, it is the same link. There is none for before or after a session: where
/// people are then there is no signal.
///
/// # Errors
/// See [`NoLink`].
pub fn give_link(
    records: &Records,
    (programme, device): (ProgrammeId, DeviceId),
    (person, session, moment): (PersonId, SessionId, Moment),
    which: Questions,
    at: When,
) -> Result<(SurveyLink, Option<Draft>), NoLink> {
    let delivery = records.delivery(programme).ok_or(NoLink::NotDue)?;
    let plan = delivery.evaluation.plan().ok_or(NoLink::NotDue)?;
    let all = due(delivery, session, at);
    let one = all
        .iter()
        .find(|one| (one.person, one.moment) == (person, moment))
        .ok_or(NoLink::NotDue)?;
    if one.asked == Asked::ConsentFirst {
        return Err(NoLink::ConsentFirst);
    }
    let link = SurveyLink {
        device,
        programme,
        person,
        session,
        moment,
        which,
        plan: EvaluationPlanned {
            // Nobody who answers has to know it, and it would make the link longer.
            comparison: None,
            ..plan.clone()
        },
        until: last_day(delivery, session, (person, moment), at.date).ok_or(NoLink::NotDue)?,
        asked_by: AskedBy::of(delivery),
    };
    let asked = MeasuresAsked {
        person,
        moment,
        session,
        outcome: Outcome::Linked,
        questions: which,
    };
    let known = delivery
        .evaluation
        .asked(person, Occasion::new(moment, session));
    let is_known = known.is_some_and(|head| head.value == asked);
    let record = (!is_known).then(|| noted(records, programme, asked));
    Ok((link, record))
}

impl SurveyLink {
    /// The survey that it leads to, from the beginning; `None` where it asks nothing that is known here.
    pub(super) fn begin(&self, mode: Mode, language: Language) -> Option<Survey> {
        let mut survey = Survey::begin(
            &self.plan,
            (self.person, self.session, self.moment),
            (mode, language, self.which),
            || ResponseId(0),
        )?;
        self.number(&mut survey);
        Some(survey)
    }

    /// A survey with the numbers that its sets of answers have by this link; `None` where it is not the one
    /// that the link asks.
    pub(super) fn numbered(&self, survey: &Survey) -> Option<Survey> {
        let asked = (self.person, self.session, self.moment, self.which);
        let said = (survey.person, survey.session, survey.moment, survey.which());
        (said == asked).then(|| {
            let mut survey = survey.clone();
            self.number(&mut survey);
            survey
        })
    }

    /// Gives each set of answers its number. It is the same for every link of this person and moment, so
    /// that answers that come twice are there once.
    fn number(&self, survey: &mut Survey) {
        for sheet in &mut survey.sheets {
            sheet.response = self.response(&sheet.instrument);
        }
    }

    fn response(&self, instrument: &InstrumentKey) -> ResponseId {
        numbered_by(&[
            &self.person.0.to_be_bytes(),
            &self.session.0.to_be_bytes(),
            &[self.moment.code()],
            instrument.as_str().as_bytes(),
        ])
    }
}
