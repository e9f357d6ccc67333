//! Before and after single sessions.
//!
//! Each session stands alone: several sessions of one person are not independent, so they are never put
//! together (domain findings §4.4).

use std::collections::{BTreeMap, BTreeSet};

use super::answer::{Answer, Moment};
use super::catalogue::{Catalogue, InstrumentNo, Question};
use super::pairing::Comparison;
use super::participant::People;
use super::report::{Plan, ScaleReport, evaluate};
use super::sorting::LeftOut;
use crate::ids::SessionId;

/// What came out around sessions.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AroundSessions {
    /// The scales of each session around which anybody was asked.
    pub sessions: BTreeMap<SessionId, Vec<ScaleReport>>,
    /// The answers around sessions that are out of the figures.
    pub left_out: Vec<LeftOut>,
    /// How many answers were looked at.
    pub answers: usize,
}

/// Works out every scale before and after each session. The plan's own comparison does not matter.
pub fn evaluate_around_sessions(
    catalogue: &Catalogue,
    answers: &[Answer],
    people: &People,
    plan: &Plan,
) -> AroundSessions {
    let mut around = AroundSessions::default();
    for (session, places) in by_session(answers) {
        let of_session: Vec<Answer> = places
            .iter()
            .filter_map(|place| answers.get(*place).cloned())
            .collect();
        let plan = Plan {
            comparison: Comparison::WithinSession(session),
            ..*plan
        };
        let report = evaluate(catalogue, &of_session, people, &plan);
        around.answers += of_session.len();
        around
            .left_out
            .extend(report.left_out.iter().filter_map(|one| {
                let answer = *places.get(one.answer)?;
                Some(LeftOut { answer, ..*one })
            }));
        around.sessions.insert(session, report.scales);
    }
    around.left_out.sort_unstable();
    around
}

/// The places of the answers around each session, of the instruments that anybody answered before it. What
/// is asked after a session alone, as the pulse is, has nothing to be compared with.
fn by_session(answers: &[Answer]) -> BTreeMap<SessionId, Vec<usize>> {
    let all = answers.iter().enumerate();
    let around: Vec<_> = all
        .filter_map(|(place, answer)| {
            let session = answer.session.filter(|_| answer.moment.of_session())?;
            match answer.question {
                Question::Known { instrument, .. } => {
                    Some((place, (session, instrument), answer.moment))
                }
                _ => None,
            }
        })
        .collect();
    let before: BTreeSet<(SessionId, InstrumentNo)> = around
        .iter()
        .filter(|(_, _, moment)| *moment == Moment::BeforeSession)
        .map(|(_, asked, _)| *asked)
        .collect();
    let mut places: BTreeMap<SessionId, Vec<usize>> = BTreeMap::new();
    for (place, asked, _) in around {
        if before.contains(&asked) {
            places.entry(asked.0).or_default().push(place);
        }
    }
    places
}
