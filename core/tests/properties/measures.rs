//! What comes out of answers does not depend on how they come in, nor on who is not compared.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::sample::Index;
use wellfield_core::clock::{Date, parse_iso_date};
use wellfield_core::ids::PersonId;
use wellfield_core::measures::{
    Answer, Catalogue, Consent, Journey, Moment, Participant, People, Plan, Question, Reply, When,
    evaluate,
};

use super::history::config;

fn day(offset: i64) -> Date {
    parse_iso_date("2026-04-01").unwrap() + core::time::Duration::from_secs(offset as u64 * 86_400)
}

/// Any answer to anything, well or badly given, of people 1 to 14.
fn any_answer() -> impl Strategy<Value = Answer> {
    let catalogue = Catalogue::built_in();
    let questions: Vec<_> = catalogue
        .all()
        .filter(|(_, one)| matches!(one.key.as_ref(), "ons4" | "ucla3" | "ons-loneliness"))
        .flat_map(|(instrument, one)| {
            (0u8..)
                .take(one.items.len())
                .map(move |item| Question::Known { instrument, item })
        })
        .chain([Question::UnknownItem])
        .collect();
    let moment = prop_oneof![
        4 => Just(Moment::Baseline),
        4 => Just(Moment::End),
        1 => Just(Moment::ThreeMonths),
    ];
    let reply = prop_oneof![
        12 => (1..=3).prop_map(Reply::Given),
        2 => (-1..=12).prop_map(Reply::Given),
        1 => Just(Reply::Skipped),
        1 => Just(Reply::PreferNotToSay),
    ];
    let when = prop_oneof![
        3 => Just(None),
        3 => (0i64..60).prop_map(|offset| Some(When::day(day(offset)))),
    ];
    (
        1u64..15,
        prop::sample::select(questions),
        moment,
        when,
        reply,
    )
        .prop_map(|(person, question, moment, when, reply)| Answer {
            person: PersonId(person),
            question,
            moment,
            session: None,
            when,
            reply,
            mode: None,
            language: None,
        })
}

/// A full set of answers of some people, and a few that are in the way.
fn answers() -> impl Strategy<Value = Vec<Answer>> {
    let full = prop::collection::vec((0i32..=10, 0i32..=10, any::<bool>()), 6..16);
    let others = prop::collection::vec(any_answer(), 0..40);
    (full, others).prop_map(|(full, others)| {
        let catalogue = Catalogue::built_in();
        let mut answers = others;
        for ((before, after, stays), person) in full.into_iter().zip(15..) {
            for item in ["satisfied", "anxious"] {
                let question = catalogue.question("ons4", None, item);
                let one = |moment, given| Answer {
                    person: PersonId(person),
                    question,
                    moment,
                    session: None,
                    when: None,
                    reply: Reply::Given(given),
                    mode: None,
                    language: None,
                };
                answers.push(one(Moment::Baseline, before));
                if stays {
                    answers.push(one(Moment::End, after));
                }
            }
        }
        answers
    })
}

fn listed() -> People {
    let participant = |person: u64| Participant {
        consent: match person % 5 {
            0 => Consent::Never,
            1 => Consent::Given {
                from: When::day(day(3)),
            },
            2 => Consent::Withdrawn {
                at: When::day(day(30)),
            },
            _ => Consent::NotKeptHere,
        },
        journey: person.is_multiple_of(2).then(|| Journey {
            first: day(5),
            first_ends: None,
            last: day(50),
        }),
    };
    People::Listed(
        (1..40)
            .map(|person| (PersonId(person), participant(person)))
            .collect(),
    )
}

proptest! {
    #![proptest_config(config(400))]

    #[test]
    fn the_order_of_answers_never_matters(
        answers in answers(),
        swaps in prop::collection::vec((any::<Index>(), any::<Index>()), 60),
        list in any::<bool>(),
    ) {
        let people = if list { listed() } else { People::WhoeverAnswered };
        let mut places: Vec<_> = (0..answers.len()).collect();
        for (one, other) in swaps {
            places.swap(one.index(answers.len()), other.index(answers.len()));
        }
        let mixed: Vec<_> = places.iter().map(|place| answers[*place]).collect();
        let catalogue = Catalogue::built_in();
        let plan = Plan::default();
        let report = evaluate(&catalogue, &answers, &people, &plan);
        let other = evaluate(&catalogue, &mixed, &people, &plan);
        // To the last digit.
        prop_assert_eq!(&report.scales, &other.scales);
        let by_place: BTreeMap<_, _> =
            report.left_out.iter().map(|one| (one.answer, one.reason)).collect();
        let from_mixed: BTreeMap<_, _> =
            other.left_out.iter().map(|one| (places[one.answer], one.reason)).collect();
        prop_assert_eq!(by_place, from_mixed);
    }

    #[test]
    fn somebody_who_is_not_compared_never_changes_a_paired_figure(
        answers in answers(),
        given in 0i32..=10,
        at_the_end in any::<bool>(),
        item in prop::sample::select(vec!["satisfied", "worthwhile", "happy", "anxious"]),
    ) {
        let catalogue = Catalogue::built_in();
        let people = People::WhoeverAnswered;
        let plan = Plan::default();
        let before = evaluate(&catalogue, &answers, &people, &plan);
        let mut more = answers.clone();
        more.push(Answer {
            person: PersonId(1_000),
            question: catalogue.question("ons4", None, item),
            moment: if at_the_end { Moment::End } else { Moment::Baseline },
            session: None,
            when: None,
            reply: Reply::Given(given),
            mode: None,
            language: None,
        });
        let after = evaluate(&catalogue, &more, &people, &plan);
        for scale in &before.scales {
            let same = after
                .scales
                .iter()
                .find(|one| (one.instrument, one.scale) == (scale.instrument, scale.scale))
                .unwrap();
            prop_assert_eq!(&scale.figures, &same.figures);
            prop_assert_eq!(scale.counts.matched, same.counts.matched);
            prop_assert_eq!(scale.finding.movement, same.finding.movement);
            prop_assert_eq!(scale.finding.size, same.finding.size);
        }
    }

    #[test]
    fn every_answer_counts_or_has_one_reason_why_not(answers in answers()) {
        let catalogue = Catalogue::built_in();
        let report = evaluate(&catalogue, &answers, &listed(), &Plan::default());
        let mut places: Vec<_> = report.left_out.iter().map(|one| one.answer).collect();
        let all = places.len();
        places.dedup();
        prop_assert_eq!(places.len(), all);
        prop_assert!(places.iter().all(|place| *place < answers.len()));
        for scale in &report.scales {
            let counts = scale.counts;
            prop_assert!(counts.matched <= counts.baseline.min(counts.end));
            prop_assert_eq!(scale.figures.is_some(), counts.matched >= 8);
        }
    }
}
