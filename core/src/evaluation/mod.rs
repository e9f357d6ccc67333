//! The evaluation of a programme: what is asked when, of whom, and what was answered.
//!
//! A coordinator chooses a plan that fits the size of the project (guidance, "Evaluation": proportionate,
//! planned from the beginning, validated methods). The plan decides which instruments are asked at which
//! moment ([`plan`]), and the tablet says who is due ([`due`]). A participant answers one question a page
//! ([`Survey`]). What they said lies in casework, where facilitators do not read; that they were asked lies
//! in delivery, so that another tablet does not ask again. [`collect`] makes of all this what
//! [`crate::measures`] works on.

mod answers;
mod asking;
mod commands;
mod due;
mod follow_up;
mod own;
mod plan;
mod progress;
mod saved;
#[cfg(test)]
pub(crate) mod tests;
mod wire;
pub mod wording;

use std::collections::BTreeMap;

use crate::clock::{Date, TimeOfDay};
use crate::heads::{Head, Heads, Stamp};
use crate::ids::{EventId, PersonId, ResponseId, SessionId};
use crate::language::Language;
use crate::measures::instrument::LicenceReference;
use crate::measures::{Catalogue, Mode, Moment, Reply, When};
use crate::text::{Line, Text};

pub use answers::{Collected, Period, collect};
pub use asking::{Sheet, Shown, Survey, SurveyError, SurveyTap};
pub(crate) use commands::noted;
pub use commands::{PlanError, declined, keep, plan_evaluation};
pub(crate) use due::last_day;
pub use due::{Asked, Due, due};
pub use follow_up::{FollowUp, Timing, asks_after, follow_up_session, follow_ups, follow_ups_open};
pub use own::{OWN_MAX, OwnOutcome};
pub use plan::{Question, asks, middle_session, question_count, questions};
pub use progress::{Progress, progress};
pub use saved::{decode_survey, encode_survey};
pub(crate) use wire::EvaluationPlannedV1;

coded_enum! {
    /// How much evaluation a project plans.
    pub enum Size {
        /// A survey before and after, the pulse of each session, stories.
        Small = 1,
        /// Also three and six months later, and the use of health services.
        Medium = 2,
        /// Also half-way.
        Full = 3,
    }
}

coded_enum! {
    /// What is asked about. Each stands for one or two instruments that belong together.
    pub enum Topic {
        /// Personal wellbeing: ONS4.
        Wellbeing = 1,
        /// Loneliness: the three items of UCLA, then the direct question of the ONS, as the ONS
        /// recommends.
        Loneliness = 2,
        /// Mental wellbeing: SWEMWBS, for which Warwick's reference has to be entered.
        MentalWellbeing = 3,
        /// Mental wellbeing by all fourteen statements: WEMWBS, for which the same reference is needed. The
        /// seven are among them, so one of the two is asked.
        MentalWellbeingFull = 4,
        /// What a session does: the umbrella for older adults of UCL, before and after the first session,
        /// the one half-way and the last (Museums on Prescription, domain findings §3).
        SessionFeelings = 5,
        /// What a session does, by the generic positive umbrella of UCL. Its words could not be compared with
        /// the toolkit here, so whoever plans it compares them first
        /// ([`EvaluationPlanned::toolkit_compared`]).
        SessionFeelingsPositive = 6,
        /// The same by the generic negative umbrella, of which less is better.
        SessionFeelingsNegative = 7,
    }
}

impl Topic {
    /// Whether its instrument's owner has to have given a reference.
    pub const fn needs_licence(self) -> bool {
        matches!(self, Self::MentalWellbeing | Self::MentalWellbeingFull)
    }

    /// Whether it is asked before and after a session, and not at moments of a course.
    pub const fn of_session(self) -> bool {
        self.umbrella().is_some()
    }

    /// The short name of the umbrella that is asked before and after a session.
    pub const fn umbrella(self) -> Option<&'static str> {
        match self {
            Self::SessionFeelings => Some("ucl-umbrella-older"),
            Self::SessionFeelingsPositive => Some("ucl-umbrella-positive"),
            Self::SessionFeelingsNegative => Some("ucl-umbrella-negative"),
            Self::Wellbeing
            | Self::Loneliness
            | Self::MentalWellbeing
            | Self::MentalWellbeingFull => None,
        }
    }

    /// Whether its words have to be compared with the toolkit before anybody is asked them.
    pub const fn needs_comparing(self) -> bool {
        matches!(
            self,
            Self::SessionFeelingsPositive | Self::SessionFeelingsNegative
        )
    }
}

/// The short name of an instrument, as events carry it.
pub type InstrumentKey = Text<40>;

/// A coordinator chose what is evaluated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EvaluationPlanned {
    /// How much.
    pub size: Size,
    /// About what, each at most once, in the order of their numbers.
    pub topics: Vec<Topic>,
    /// The reference that Warwick gave for SWEMWBS or WEMWBS.
    pub swemwbs_licence: Option<Line>,
    /// Questions of the project's own, at most [`OWN_MAX`], each once. They are asked where a lot is.
    pub own: Vec<OwnOutcome>,
    /// What the figures are to be compared with, and why it may be: a waiting list, another group, figures of
    /// the country.
    pub comparison: Option<Text<500>>,
    /// Whether whoever chose the plan compared what is asked with UCL's toolkit, word for word. Nothing that
    /// needs it is asked without it.
    pub toolkit_compared: bool,
}

impl EvaluationPlanned {
    /// So much, about this, and nothing else.
    pub const fn new(size: Size, topics: Vec<Topic>) -> Self {
        Self {
            size,
            topics,
            swemwbs_licence: None,
            own: Vec::new(),
            comparison: None,
            toolkit_compared: false,
        }
    }

    /// Whether it may ask about a topic, as far as its words have to be compared.
    pub const fn has_compared(&self, topic: Topic) -> bool {
        self.toolkit_compared || !topic.needs_comparing()
    }

    /// The instruments that are built in, and those of the project's own.
    pub fn catalogue(&self) -> Catalogue {
        own::with_own(&self.own)
    }

    /// The reference of the licence, where it is one.
    pub fn licence(&self) -> Option<LicenceReference> {
        let typed = self.swemwbs_licence.as_ref()?;
        LicenceReference::typed(typed.as_str()).ok()
    }

    /// Whether topics stand in order, none is asked that its owner has not licensed or nobody compared, and none
    /// twice over.
    fn keeps_rules(&self) -> bool {
        let in_order = self.topics.windows(2).all(|pair| pair[0] < pair[1]);
        let may_be_asked = self.is_licensed() && self.is_compared();
        in_order && may_be_asked && !self.asks_both_lengths() && self.owns_few()
    }

    fn owns_few(&self) -> bool {
        let twice = |place: usize, own: &OwnOutcome| self.own[..place].contains(own);
        let mut own = self.own.iter().enumerate();
        self.own.len() <= OWN_MAX && !own.any(|(place, own)| twice(place, own))
    }

    fn is_compared(&self) -> bool {
        self.topics.iter().all(|topic| self.has_compared(*topic))
    }

    fn is_licensed(&self) -> bool {
        self.licence().is_some() || !self.topics.iter().any(|topic| topic.needs_licence())
    }

    fn asks_both_lengths(&self) -> bool {
        let both = [Topic::MentalWellbeing, Topic::MentalWellbeingFull];
        both.iter().all(|topic| self.topics.contains(topic))
    }
}

coded_enum! {
    /// What came of asking.
    pub enum Outcome {
        /// They came to the end.
        Finished = 1,
        /// They stopped before the end. They may be asked again.
        Stopped = 2,
        /// They did not want to be asked this.
        Declined = 3,
        /// They got a link, to answer on their own phone.
        Linked = 4,
    }
}

coded_enum! {
    /// Which questions somebody is asked.
    pub enum Questions {
        /// Those of the plan.
        Usual = 1,
        /// Three pictures with a word each, after one to try, whatever the plan asks about. What is answered
        /// is reported apart (ux findings §2.3).
        Easy = 2,
    }
}

/// A participant was asked at a moment of their course. What they said is not in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MeasuresAsked {
    /// Who was asked.
    pub person: PersonId,
    /// At which moment.
    pub moment: Moment,
    /// At which session.
    pub session: SessionId,
    /// What came of it.
    pub outcome: Outcome,
    /// Which questions they were asked, so that they are asked the same the next time.
    pub questions: Questions,
}

impl MeasuresAsked {
    fn occasion(&self) -> Occasion {
        Occasion::new(self.moment, self.session)
    }
}

/// What a participant said to one instrument at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MeasureAnswered {
    /// This set of answers.
    pub response: ResponseId,
    /// Who answered.
    pub person: PersonId,
    /// When in their course.
    pub moment: Moment,
    /// At which session.
    pub session: Option<SessionId>,
    /// The instrument.
    pub instrument: InstrumentKey,
    /// Its version.
    pub version: u16,
    /// The language of the questions.
    pub language: Language,
    /// Who helped.
    pub mode: Mode,
    /// The day at the site.
    pub day: Date,
    /// The time at the site.
    pub time: TimeOfDay,
    /// Whether they came to the end.
    pub finished: bool,
    /// What was said, item by item in the order of the instrument. At most as many as an instrument may
    /// have.
    pub replies: Vec<Reply>,
}

impl MeasureAnswered {
    /// When it was said.
    pub const fn when(&self) -> When {
        When {
            date: self.day,
            time: Some(self.time),
        }
    }
}

/// Who was asked what, and the plan: what every tablet of a programme knows of its evaluation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Evaluation {
    plan: Heads<EvaluationPlanned>,
    /// Every question of the project's own that was ever planned: answers to it stay.
    own: BTreeMap<String, OwnOutcome>,
    asked: BTreeMap<(PersonId, Occasion), Heads<MeasuresAsked>>,
}

/// What somebody is asked at once: a moment of their course, or before or after one session, of which there
/// are several.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Occasion {
    moment: Moment,
    of: Option<SessionId>,
}

impl Occasion {
    /// That of a moment at a session. A moment of a course is the same at whichever session it is asked.
    pub fn new(moment: Moment, session: SessionId) -> Self {
        Self {
            moment,
            of: moment.of_session().then_some(session),
        }
    }
}

impl Evaluation {
    pub(crate) fn insert_plan(
        &mut self,
        stamp: Stamp,
        supersedes: &[EventId],
        planned: EvaluationPlanned,
    ) {
        let own = planned.own.iter();
        self.own
            .extend(own.map(|outcome| (outcome.key(), outcome.clone())));
        self.plan.insert(stamp, supersedes, planned);
    }

    pub(crate) fn insert_asked(
        &mut self,
        stamp: Stamp,
        supersedes: &[EventId],
        asked: MeasuresAsked,
    ) {
        let place = (asked.person, asked.occasion());
        self.asked
            .entry(place)
            .or_default()
            .insert(stamp, supersedes, asked);
    }

    /// The plan, once there is one. Two that were made without knowledge of each other: the latest, until
    /// one is chosen again.
    pub fn plan(&self) -> Option<&EvaluationPlanned> {
        self.plan.latest().map(|head| &head.value)
    }

    /// The instruments that are built in, and every one of the project's own.
    pub fn catalogue(&self) -> Catalogue {
        own::with_own(self.own.values())
    }

    /// The register of the plan.
    pub fn plans(&self) -> &Heads<EvaluationPlanned> {
        &self.plan
    }

    /// What came of each asking, by person and occasion.
    pub fn all_asked(&self) -> impl Iterator<Item = &Head<MeasuresAsked>> {
        self.asked.values().filter_map(furthest)
    }

    /// What came of asking a person on an occasion. Where two tablets asked, the one that came furthest: a
    /// person who answered is not asked again.
    pub fn asked(&self, person: PersonId, occasion: Occasion) -> Option<&Head<MeasuresAsked>> {
        furthest(self.asked.get(&(person, occasion))?)
    }

    /// Which questions somebody was asked the last time, at whatever moment of their course; the usual ones
    /// before anybody asked.
    pub fn questions_of(&self, person: PersonId) -> Questions {
        let of_course = Moment::ALL.iter().filter(|moment| !moment.of_session());
        let mut answered = of_course
            .rev()
            .filter_map(|moment| {
                let occasion = Occasion {
                    moment: *moment,
                    of: None,
                };
                self.asked(person, occasion)
            })
            .filter(|head| head.value.outcome != Outcome::Declined);
        answered
            .next()
            .map_or(Questions::Usual, |head| head.value.questions)
    }

    fn asked_heads(&self, person: PersonId, occasion: Occasion) -> Option<&Heads<MeasuresAsked>> {
        self.asked.get(&(person, occasion))
    }
}

/// The asking that came furthest.
fn furthest(heads: &Heads<MeasuresAsked>) -> Option<&Head<MeasuresAsked>> {
    heads.heads().iter().max_by_key(|head| {
        let rank = match head.value.outcome {
            Outcome::Finished => 3,
            Outcome::Declined => 2,
            Outcome::Stopped => 1,
            Outcome::Linked => 0,
        };
        (rank, head.stamp.at, head.stamp.id)
    })
}

/// What was answered, for whoever may read casework.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Measured {
    answered: BTreeMap<ResponseId, Heads<MeasureAnswered>>,
}

impl Measured {
    pub(crate) fn insert(
        &mut self,
        stamp: Stamp,
        supersedes: &[EventId],
        answered: MeasureAnswered,
    ) {
        self.answered
            .entry(answered.response)
            .or_default()
            .insert(stamp, supersedes, answered);
    }

    /// Every set of answers.
    pub fn all(&self) -> impl Iterator<Item = &Head<MeasureAnswered>> {
        self.answered.values().filter_map(Heads::latest)
    }
}
