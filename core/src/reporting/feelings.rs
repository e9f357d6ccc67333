//! How people felt before and after single sessions, as it may be published.
//!
//! The single words of an umbrella are told of those alone whose sum is told. Were a word told of whoever
//! answered that word, what somebody said who left out another would follow: from the words added up, less
//! the sum of those who answered all.

use std::collections::{BTreeMap, BTreeSet};

use super::measured::{ScaleFigures, publish};
use crate::clock::Date;
use crate::disclosure::{Issuing, Part};
use crate::evaluation::Collected;
use crate::ids::{PersonId, SessionId};
use crate::measures::instrument::Part as PartOf;
use crate::measures::statistics::{Pair, paired};
use crate::measures::{Catalogue, LeftOut, Plan, Scale, ScaleReport, evaluate_around_sessions};
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
    /// The sum of all that was asked.
    pub whole: ScaleFigures,
    /// The single words, of the same people; nothing where the figures of the sum are not told.
    pub words: Vec<WordFigures>,
}

/// One word of an umbrella, before and after a session.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WordFigures {
    /// The place of its scale in the instrument.
    pub scale: usize,
    /// The mean before.
    pub before: f64,
    /// The mean after.
    pub after: f64,
    /// The mean change for the better.
    pub change: f64,
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
    let mut figures = Vec::new();
    for session in sessions_in_order(delivery) {
        let Some(scales) = around.sessions.remove(&session.session) else {
            continue;
        };
        let of = format!("session/{}/", session.session.0);
        let (wholes, words): (Vec<_>, Vec<_>) = scales
            .into_iter()
            .partition(|report| part_of(catalogue, report) == Some(PartOf::Whole));
        for whole in wholes {
            let told: BTreeSet<PersonId> = whole.compared.people.iter().copied().collect();
            let own = words
                .iter()
                .filter(|word| word.instrument == whole.instrument);
            let own: Vec<_> = own.collect();
            let Some(whole) = publish(issuing, &of, (catalogue, listed), whole) else {
                continue;
            };
            let of = match catalogue.get(whole.instrument) {
                Some(instrument) => format!("{of}{}/", instrument.key),
                None => continue,
            };
            let words = match whole.change {
                Some(_) => tell_words(issuing, &of, catalogue, (&told, &own)),
                None => Vec::new(),
            };
            figures.push(SessionFeelings {
                session: session.session,
                number: session.number,
                date: session.date,
                whole,
                words,
            });
        }
    }
    figures
}

fn scale_of<'c>(catalogue: &'c Catalogue, report: &ScaleReport) -> Option<&'c Scale> {
    catalogue.get(report.instrument)?.scales.get(report.scale)
}

fn part_of(catalogue: &Catalogue, report: &ScaleReport) -> Option<PartOf> {
    scale_of(catalogue, report).map(|scale| scale.part)
}

/// The words of those whose sum is told, all of them or none.
fn tell_words(
    issuing: &mut Issuing<'_>,
    of: &str,
    catalogue: &Catalogue,
    (told, words): (&BTreeSet<PersonId>, &[&ScaleReport]),
) -> Vec<WordFigures> {
    let of_told = |report: &ScaleReport| {
        let pairs = report.compared.people.iter().zip(&report.compared.pairs);
        let pairs = pairs.filter(|(person, _)| told.contains(*person));
        pairs
            .map(|(person, pair)| (*person, *pair))
            .collect::<BTreeMap<PersonId, Pair>>()
    };
    let words: Vec<_> = words.iter().map(|one| (*one, of_told(one))).collect();
    // What one person said to every word is one thing that is told of them.
    let parts = told.iter().map(|person| {
        let said = words.iter().filter_map(|(_, pairs)| pairs.get(person));
        let said = said.flat_map(|pair| [pair.from, pair.to]);
        let said = said.map(|score| u64::from(score.0.cast_unsigned()));
        Part::of(&[person.0].into_iter().chain(said).collect::<Vec<_>>())
    });
    if !issuing.may_show(&format!("{of}words"), parts.collect()) {
        return Vec::new();
    }
    let words = words.iter().filter_map(|(report, pairs)| {
        let pairs: Vec<Pair> = pairs.values().copied().collect();
        let change = paired(&pairs, scale_of(catalogue, report)?.direction)?;
        Some(WordFigures {
            scale: report.scale,
            before: change.from.mean,
            after: change.to.mean,
            change: change.mean,
        })
    });
    words.collect()
}

#[cfg(test)]
mod tests {
    use crate::attendance::Mark;
    use crate::disclosure::Shown::Number;
    use crate::evaluation::{
        EvaluationPlanned, Questions, Size, Survey, SurveyTap, Topic, keep, plan_evaluation,
    };
    use crate::ids::ResponseId;
    use crate::language::Language;
    use crate::measures::{Catalogue, Mode, Moment, Movement};
    use crate::pulse::Day;
    use crate::records::testing::{FIRST, PROGRAMME, Tablet, enrolled, june, time};
    use crate::reporting::tests::{mark, person, pulse, report, survey, with_people};

    /// People who were asked how they felt around the first session, by what they said before and after it.
    fn with_feelings(said: &[(i16, Option<i16>)]) -> Tablet {
        with_umbrellas(vec![Topic::SessionFeelings], said)
    }

    fn with_umbrellas(topics: Vec<Topic>, said: &[(i16, Option<i16>)]) -> Tablet {
        let mut tablet = with_people(said.len() as u64, 0);
        let feelings = EvaluationPlanned {
            toolkit_compared: true,
            ..EvaluationPlanned::new(Size::Small, topics)
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
        let whole = &session.whole;
        assert_eq!(
            (whole.matched, whole.finding.movement),
            (Number(12), Some(Movement::Better))
        );
        let change = whole.change.as_ref().unwrap();
        assert_eq!((change.from.mean, change.to.mean), (12.0, 21.0));
        let words = session.words.iter();
        let words: Vec<_> = words
            .map(|one| (one.before, one.after, one.change))
            .collect();
        assert_eq!(words, [(2.0, 3.5, 1.5); 6]);
    }

    #[test]
    fn pleasant_and_unpleasant_words_are_figures_of_their_own() {
        let both = vec![
            Topic::SessionFeelingsPositive,
            Topic::SessionFeelingsNegative,
        ];
        let said: Vec<_> = (0..12).map(|number| (2, Some(3 + number % 2))).collect();
        let report = report(&with_umbrellas(both, &said), 1, 30);
        let movements = report.feelings.iter().map(|one| {
            let change = one.whole.change.as_ref().unwrap();
            assert_eq!((one.session, one.words.len()), (FIRST, 6));
            assert_eq!((change.from.mean, change.to.mean), (12.0, 21.0));
            (one.whole.finding.movement, one.words[0].change)
        });
        // Whoever says more to unpleasant words feels worse.
        assert_eq!(
            movements.collect::<Vec<_>>(),
            [(Some(Movement::Better), 1.5), (Some(Movement::Worse), -1.5)]
        );
    }

    #[test]
    fn whoever_answered_before_a_session_alone_is_in_no_figure_and_few_are_not_told() {
        let mut said = vec![(2, Some(4)); 7];
        said.push((5, None));
        let report = report(&with_feelings(&said), 1, 30);
        let session = &report.feelings[0];
        let whole = &session.whole;
        assert_eq!((whole.matched, whole.change.as_ref()), (Number(7), None));
        assert_eq!(
            (whole.leavers_mean, session.words.as_slice()),
            (None, [].as_slice())
        );
    }

    #[test]
    fn what_somebody_said_who_left_out_a_word_follows_from_no_word() {
        let mut tablet = with_feelings(&[(2, Some(4)); 9]);
        let last = 8;
        // One more, who leaves out the first word each time.
        let catalogue = Catalogue::built_in();
        tablet.record_body(&[], enrolled(person(last + 1), "P9"));
        tablet.agree(person(last + 1), true);
        mark(&mut tablet, FIRST, last + 1, Mark::HERE);
        let plan = tablet.delivery().evaluation.plan().unwrap().clone();
        for moment in [Moment::BeforeSession, Moment::AfterSession] {
            let asked = (person(last + 1), FIRST, moment);
            let how = (Mode::Alone, Language::English, Questions::Usual);
            let response = ResponseId(7_000 + u64::from(moment.code()));
            let mut survey = Survey::begin(&plan, asked, how, || response).unwrap();
            survey.tap(SurveyTap::Start, &catalogue).unwrap();
            survey.tap(SurveyTap::Decline, &catalogue).unwrap();
            while !survey.is_finished() {
                survey.tap(SurveyTap::Choose(1), &catalogue).unwrap();
                survey.tap(SurveyTap::Continue, &catalogue).unwrap();
            }
            for draft in keep(&tablet.records, PROGRAMME, &survey, (june(2), time(10, 15))) {
                tablet.record(draft);
            }
        }
        let report = report(&tablet, 1, 30);
        let session = &report.feelings[0];
        let change = session.whole.change.as_ref().unwrap();
        assert_eq!(change.n, 9);
        let before: f64 = session.words.iter().map(|word| word.before).sum();
        let after: f64 = session.words.iter().map(|word| word.after).sum();
        assert_eq!((before, after), (change.from.mean, change.to.mean));
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
