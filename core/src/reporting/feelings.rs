//! How people felt before and after single sessions, as it may be published.

use super::measured::{ScaleFigures, publish};
use crate::clock::Date;
use crate::disclosure::Issuing;
use crate::evaluation::Collected;
use crate::ids::SessionId;
use crate::measures::{LeftOut, Plan, evaluate_around_sessions};
use crate::programme::sessions_in_order;
use crate::records::Delivery;

/// How people felt before and after one session.
#[derive(Clone, Debug, PartialEq)]
pub struct SessionFeelings {
    /// The session.
    pub session: SessionId,
    /// Its number.
    pub number: u16,
    /// Its day.
    pub date: Date,
    /// Each scale of what was asked: the sum, then the single words.
    pub scales: Vec<ScaleFigures>,
}

/// Every session around which people were asked, in order. What is out of its figures is added to
/// `left_out`.
pub(super) fn figures(
    delivery: &Delivery,
    (collected, listed): (&Collected, usize),
    plan: &Plan,
    issuing: &mut Issuing<'_>,
    left_out: &mut Vec<LeftOut>,
) -> Vec<SessionFeelings> {
    let (catalogue, people) = (&collected.catalogue, &collected.people);
    let mut around = evaluate_around_sessions(catalogue, &collected.answers, people, plan);
    // One that is out for its own sake is told once.
    left_out.append(&mut around.left_out);
    left_out.sort_unstable();
    left_out.dedup();
    let sessions = sessions_in_order(delivery);
    let mut figures = Vec::new();
    for session in sessions {
        let Some(scales) = around.sessions.remove(&session.session) else {
            continue;
        };
        let of = format!("session/{}/", session.session.0);
        let shown = scales.into_iter();
        figures.push(SessionFeelings {
            session: session.session,
            number: session.number,
            date: session.date,
            scales: shown
                .filter_map(|scale| publish(issuing, &of, (catalogue, listed), scale))
                .collect(),
        });
    }
    figures
}

#[cfg(test)]
mod tests {
    use crate::attendance::Mark;
    use crate::disclosure::Shown::Number;
    use crate::evaluation::{EvaluationPlanned, Size, Topic, plan_evaluation};
    use crate::measures::{Moment, Movement};
    use crate::pulse::Day;
    use crate::records::testing::{FIRST, PROGRAMME, Tablet, june};
    use crate::reporting::tests::{mark, person, pulse, report, survey, with_people};

    /// People who were asked how they felt around the first session, by what they said before and after it.
    fn with_feelings(said: &[(i16, Option<i16>)]) -> Tablet {
        let mut tablet = with_people(said.len() as u64, 0);
        let feelings = EvaluationPlanned {
            size: Size::Small,
            topics: vec![Topic::SessionFeelings],
            swemwbs_licence: None,
            own: Vec::new(),
            comparison: None,
        };
        let plan = plan_evaluation(&tablet.records, PROGRAMME, feelings).unwrap();
        tablet.record(plan);
        for (number, (before, after)) in (0u64..).zip(said) {
            tablet.agree(person(number), true);
            mark(&mut tablet, FIRST, number, Mark::HERE);
            let around = (FIRST, Moment::BeforeSession, june(2));
            survey(&mut tablet, number, around, *before);
            if let Some(after) = after {
                let around = (FIRST, Moment::AfterSession, june(2));
                survey(&mut tablet, number, around, *after);
            }
        }
        tablet
    }

    #[test]
    fn feelings_before_and_after_a_session_are_compared_for_each_session_and_each_word() {
        let said: Vec<_> = (0..12).map(|number| (2, Some(3 + number % 2))).collect();
        let report = report(&with_feelings(&said), 1, 30);
        assert_eq!(report.scales, [], "it is no matter of the course");
        let [session] = &report.feelings[..] else {
            panic!("one session");
        };
        assert_eq!(
            (session.session, session.number, session.date),
            (FIRST, 1, june(2))
        );
        assert_eq!(session.scales.len(), 7);
        let total = &session.scales[0];
        assert_eq!(
            (total.matched, total.finding.movement),
            (Number(12), Some(Movement::Better))
        );
        let change = total.change.as_ref().unwrap();
        assert_eq!((change.from.mean, change.to.mean), (12.0, 21.0));
        let word = session.scales[6].change.as_ref().unwrap();
        assert_eq!((word.from.mean, word.to.mean), (2.0, 3.5));
    }

    #[test]
    fn whoever_answered_before_a_session_alone_is_in_no_figure_and_few_are_not_told() {
        let mut said = vec![(2, Some(4)); 7];
        said.push((5, None));
        let report = report(&with_feelings(&said), 1, 30);
        let total = &report.feelings[0].scales[0];
        assert_eq!((total.matched, total.change.as_ref()), (Number(7), None));
        assert_eq!(total.leavers_mean, None);
    }

    #[test]
    fn the_pulse_after_a_session_is_not_taken_for_feelings_around_it() {
        let mut tablet = with_people(9, 0);
        for number in 0..9 {
            tablet.agree(person(number), true);
            pulse(&mut tablet, 900 + number, Some(number), Day::Good);
        }
        assert_eq!(report(&tablet, 1, 30).feelings, []);
    }
}
