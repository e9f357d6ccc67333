//! What a programme can show to a funder or the health service: how many people it reached, how they
//! attended, how their answers moved, how the sessions were.
//!
//! Everything here has been through [`crate::disclosure`]: what is in a [`ProgrammeReport`] may be
//! published as it is, and whatever prints it only has to find words. Counts of people under the threshold
//! are not in it, nor others from which they would follow.

mod elsewhere;
mod feelings;
mod given_out;
mod leaflet;
mod measured;
mod monitoring;
mod onward;
mod pulse;
mod reach;
#[cfg(test)]
mod tests;

use crate::clock::Date;
use crate::disclosure::{Issue, Issuing, Policy};
use crate::evaluation::{Collected, Period, collect};
use crate::feedback::{FeedbackActedOn, acted_on};
use crate::measures::wellby::{Lasting, Wellbys, is_life_satisfaction, wellbys};
use crate::measures::{Catalogue, LeftOut, Plan, evaluate};
use crate::planning::{QualityReviewed, StoryOfChangeWritten};
use crate::records::{Casework, Delivery};
use crate::stories::{Published, published};
use crate::text::Text;

pub use elsewhere::ElsewhereFigures;
pub use feelings::{SessionFeelings, WordFigures};
pub use given_out::{
    Given, GivenOut, GivenOutError, KeptIssue, ReportGivenOut, TooLarge, was_not_given_out,
};
pub use leaflet::{Leaflet, leaflet};
pub use measured::{Completion, LeftOutPeople, ReliableShown, ScaleFigures};
pub use monitoring::{CharacteristicShown, DistrictsShown, MonitoringFigures};
pub use onward::OnwardFigures;
pub use pulse::{Answered, PulseFigures, SessionPulse};
pub use reach::{NeedShown, Reach, SessionAttendance};

/// A programme over a stretch of days.
#[derive(Clone, Debug, PartialEq)]
pub struct ProgrammeReport {
    /// The days.
    pub period: Period,
    /// From how many people something is shown.
    pub policy: Policy,
    /// Whom it reached.
    pub reach: Reach,
    /// Every scale that was answered, in the order of the catalogue.
    pub scales: Vec<ScaleFigures>,
    /// How people felt before and after single sessions.
    pub feelings: Vec<SessionFeelings>,
    /// Scores that were worked out elsewhere, by tool and area.
    pub elsewhere: Vec<ElsewhereFigures>,
    /// Whose answers are out of the figures, and why.
    pub left_out: Vec<LeftOutPeople>,
    /// How the sessions were.
    pub pulse: PulseFigures,
    /// Participants' own words.
    pub words: Vec<Published>,
    /// What was changed because of what participants said.
    pub acted_on: Vec<FeedbackActedOn>,
    /// Who was reached, by characteristic and district.
    pub monitoring: MonitoringFigures,
    /// What people moved on to.
    pub onward: OnwardFigures,
    /// What the programme set out to change, as it stands today.
    pub story: Option<StoryOfChangeWritten>,
    /// How far the principles of good work are kept, as it stands today.
    pub quality: Vec<QualityReviewed>,
    /// The earlier reports that were given out and that this one is held against: their days, and when they
    /// were given out.
    pub against: Vec<(Period, Date)>,
    /// The days of other reports that were given out and share some with this one, which it is not held
    /// against.
    pub beside: Vec<Period>,
    /// What the plan says that the figures are to be compared with.
    pub comparison: Option<Text<500>>,
    /// What the change in life satisfaction may be worth; nothing unless somebody asked for it.
    pub worth: Option<Worth>,
}

/// What a change in life satisfaction may be worth, if it lasts for some time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Worth {
    /// The estimate.
    pub wellbys: Wellbys,
    /// For how long the change is assumed to last.
    pub lasting: Lasting,
}

impl ProgrammeReport {
    /// The same report with an estimate of what the change in life satisfaction may be worth, where a change
    /// may be published at all.
    #[must_use]
    pub fn with_worth(mut self, catalogue: &Catalogue, lasting: Option<Lasting>) -> Self {
        let satisfied = self.scales.iter().find(|figures| {
            let instrument = catalogue.get(figures.instrument);
            instrument.is_some_and(|instrument| {
                let scale = instrument.scales.get(figures.scale);
                scale.is_some_and(|scale| is_life_satisfaction(instrument, scale))
            })
        });
        let change = satisfied.and_then(|figures| figures.change.as_ref());
        self.worth = change.zip(lasting).map(|(change, lasting)| Worth {
            wellbys: wellbys(change, lasting),
            lasting,
        });
        self
    }
}

/// What a report is made of, for whoever may see it.
#[derive(Clone, Debug, PartialEq)]
pub struct Behind {
    /// Every answer.
    pub collected: Collected,
    /// The answers that are out of the figures.
    pub left_out: Vec<LeftOut>,
    /// What the report shows, to be kept if it is given out.
    pub issue: Issue,
}

/// Works a report out, with what is behind it. What it shows is held against the earlier reports that were
/// given out, of the same days and of fewer from the same first day on.
pub fn programme_report(
    delivery: &Delivery,
    casework: Option<&Casework>,
    period: Period,
    policy: Policy,
) -> (ProgrammeReport, Behind) {
    let collected = collect(
        delivery,
        casework.map(|casework| &casework.measured),
        period,
    );
    let plan = Plan {
        policy,
        ..Plan::default()
    };
    let worked_out = evaluate(
        &collected.catalogue,
        &collected.answers,
        &collected.people,
        &plan,
    );
    let mut left_out = worked_out.left_out;
    let catalogue = &collected.catalogue;
    let listed = delivery.people().count();
    let reached = reach::people_reached(delivery, period);
    let scales = worked_out.scales.into_iter();
    let earlier = given_out::earlier(casework, period);
    let mut issuing = Issuing::new(policy, earlier.issues.iter().collect());
    let report = ProgrammeReport {
        period,
        policy,
        reach: reach::reach(delivery, (period, &reached), &mut issuing),
        scales: scales
            .filter_map(|scale| measured::publish(&mut issuing, "", (catalogue, listed), scale))
            .collect(),
        feelings: feelings::figures(
            delivery,
            (&collected, listed),
            &plan,
            &mut issuing,
            &mut left_out,
        ),
        elsewhere: elsewhere::figures(delivery, casework, period, &mut issuing),
        left_out: measured::left_out(&mut issuing, &collected.answers, &left_out),
        pulse: pulse::figures(delivery, period, &mut issuing),
        words: published(delivery, casework, period),
        acted_on: acted_on(delivery, period),
        monitoring: monitoring::figures(delivery, casework, &reached, &mut issuing),
        onward: onward::figures(delivery, casework, period, &mut issuing),
        against: earlier.against.clone(),
        beside: earlier.beside.clone(),
        story: delivery.planning.story().map(|head| head.value.clone()),
        quality: delivery
            .planning
            .reviews()
            .map(|head| head.value.clone())
            .collect(),
        comparison: delivery
            .evaluation
            .plan()
            .and_then(|plan| plan.comparison.clone()),
        worth: None,
    };
    let behind = Behind {
        collected,
        left_out,
        issue: issuing.finish(),
    };
    (report, behind)
}
