//! The evaluation: whom to ask, what a participant is asked, and the coordinator's plan.

mod ask;
mod due_list;
mod follow_up;
mod link;
mod plan;
mod question;

use wellfield_core::clock::Date;
use wellfield_core::measures::{Moment, When};

pub use ask::AskSurvey;
pub use due_list::DueList;
pub use follow_up::FollowUpPage;
pub(crate) use link::{LinkForPhone, address_of};
pub use plan::EvaluationPage;
pub use question::SurveyQuestion;

use crate::platform::{local, now};
use crate::wording::Words;

/// Now, on the day that the screen takes for today.
pub(crate) fn at(today: Date) -> When {
    When {
        date: today,
        time: Some(local(now()).1),
    }
}

/// What a moment of a course is called.
pub(crate) fn moment_words(w: Words, moment: Moment) -> &'static str {
    match moment {
        Moment::Baseline => w.evaluation_moment_baseline(),
        Moment::BeforeSession => w.evaluation_moment_before_session(),
        Moment::AfterSession => w.evaluation_moment_after_session(),
        Moment::Middle => w.evaluation_moment_middle(),
        Moment::End => w.evaluation_moment_end(),
        Moment::ThreeMonths => w.evaluation_moment_three_months(),
        Moment::SixMonths => w.evaluation_moment_six_months(),
    }
}
