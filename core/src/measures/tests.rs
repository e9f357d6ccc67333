//! Which answers count, and what comes out of them, over made-up courses and the worked vector.

use std::collections::BTreeMap;

use super::instrument::Direction;
use super::*;
use crate::clock::{Date, TimeOfDay, parse_iso_date};
use crate::ids::{PersonId, SessionId};

fn day(text: &str) -> Date {
    parse_iso_date(text).unwrap()
}

fn on(text: &str) -> Option<When> {
    Some(When::day(day(text)))
}

fn answer(person: u64, moment: Moment, key: &str, item: &str, given: i32) -> Answer {
    Answer {
        person: PersonId(person),
        question: Catalogue::built_in().question(key, None, item),
        moment,
        session: None,
        when: None,
        reply: Reply::Given(given),
        mode: None,
        language: None,
    }
}

/// Answers to every item of an instrument whose sum is `sum`.
fn sitting(person: u64, moment: Moment, key: &str, sum: i32) -> Vec<Answer> {
    let catalogue = Catalogue::built_in();
    let instrument = catalogue.get(catalogue.find(key, None).unwrap()).unwrap();
    let mut left = sum
        - instrument
            .items
            .iter()
            .map(|item| i32::from(item.low))
            .sum::<i32>();
    let mut answers = Vec::new();
    for (item, number) in instrument.items.iter().zip(1..) {
        let more = left.min(i32::from(item.high - item.low));
        left -= more;
        let given = i32::from(item.low) + more;
        answers.push(answer(person, moment, key, &format!("{number}"), given));
    }
    assert_eq!(left, 0, "{sum} can be reached");
    answers
}

fn everybody(answers: &[Answer]) -> Report {
    evaluate(
        &Catalogue::built_in(),
        answers,
        &People::WhoeverAnswered,
        &Plan::default(),
    )
}

fn scale<'r>(report: &'r Report, key: &str, scale: &str) -> &'r ScaleReport {
    let catalogue = Catalogue::built_in();
    let place = catalogue.find(key, None).unwrap();
    let scales = &catalogue.get(place).unwrap().scales;
    let number = scales.iter().position(|one| one.key == scale).unwrap();
    report
        .scales
        .iter()
        .find(|one| one.instrument == place && one.scale == number)
        .unwrap()
}

#[track_caller]
fn near(found: f64, expected: f64, within: f64) {
    assert!(
        (found - expected).abs() <= within,
        "{found} is not {expected}"
    );
}

/// The worked vector of domain findings §5, computed with SciPy.
#[test]
fn the_worked_vector_comes_out() {
    let pre = [18, 21, 16, 25, 20, 23, 19, 27, 14, 22, 24, 17];
    let post = [22, 24, 19, 24, 23, 26, 19, 29, 18, 25, 23, 22];
    let mut answers = Vec::new();
    for ((pre, post), person) in pre.into_iter().zip(post).zip(1..) {
        answers.extend(sitting(person, Moment::Baseline, "swemwbs", pre));
        answers.extend(sitting(person, Moment::End, "swemwbs", post));
    }
    let report = everybody(&answers);
    assert_eq!(report.left_out, []);
    let one = scale(&report, "swemwbs", "metric");
    assert_eq!(
        (one.counts.baseline, one.counts.end, one.counts.matched),
        (12, 12, 12)
    );
    let figures = one.figures.as_ref().unwrap();
    let change = figures.change.as_ref().unwrap();
    near(change.from.mean, 19.2100, 5e-5);
    near(change.to.mean, 20.7892, 5e-5);
    near(change.mean, 1.5792, 5e-5);
    near(change.sd, 1.3422, 5e-5);
    let test = change.t_test.unwrap();
    near(test.t, 4.0758, 5e-5);
    assert_eq!(test.df, 11);
    near(test.p, 0.001_833, 5e-7);
    near(change.interval.0, 0.7264, 5e-5);
    near(change.interval.1, 2.4319, 5e-5);
    near(change.d_z.unwrap(), 1.1766, 5e-5);
    near(change.g_z.unwrap(), 1.0945, 5e-5);
    near(change.d_av.unwrap(), 0.6240, 5e-5);
    let ranks = figures.ranks.unwrap();
    assert_eq!((ranks.w, ranks.n, ranks.zeros), (3.0, 11, 1));
    near(ranks.p, 0.004_882_8, 5e-8);
    // In binary fractions 22.35 − 21.54 and 21.54 − 20.73 are not quite as large as each other, and the
    // vector's z = −2.6229 (p = 0.0087193) is of that. In hundredths they are, and the correction for
    // ties makes it this; R gives it for round(end - baseline, 2).
    near(ranks.z, 2.6242, 5e-5);
    near(ranks.p_normal, 0.008_686_124, 5e-9);
    assert_eq!(
        figures
            .reliable
            .iter()
            .map(|count| (count.improved, count.worse))
            .collect::<Vec<_>>(),
        [(9, 0), (1, 0)]
    );
    assert_eq!(one.finding.strength, Strength::Indicative);
    assert_eq!(one.finding.movement, Some(Movement::Better));
    assert_eq!(one.finding.basis, Some(Basis::Wilcoxon));
    assert_eq!(one.finding.size, Some(EffectSize::Large));
}

/// Eight people whose satisfaction went from 4 to 6, with a course from April to June.
fn course() -> (Vec<Answer>, BTreeMap<PersonId, Participant>) {
    let mut answers = Vec::new();
    let mut people = BTreeMap::new();
    for person in 1..=8 {
        let mut before = answer(person, Moment::Baseline, "ons4", "satisfied", 4);
        before.when = on("2026-04-01");
        let mut after = answer(person, Moment::End, "ons4", "satisfied", 6);
        after.when = on("2026-06-10");
        answers.extend([before, after]);
        people.insert(
            PersonId(person),
            Participant {
                consent: Consent::Given {
                    from: When::day(day("2026-04-01")),
                },
                journey: Some(Journey {
                    first: day("2026-04-08"),
                    first_ends: TimeOfDay::from_minutes(12 * 60),
                    last: day("2026-06-10"),
                }),
            },
        );
    }
    (answers, people)
}

fn listed(answers: &[Answer], people: BTreeMap<PersonId, Participant>) -> Report {
    evaluate(
        &Catalogue::built_in(),
        answers,
        &People::Listed(people),
        &Plan::default(),
    )
}

/// The reasons that are given for these answers, by their places.
fn reasons(report: &Report) -> Vec<(usize, Reason)> {
    let told = |one: &LeftOut| (one.answer, one.reason);
    report.left_out.iter().map(told).collect()
}

#[test]
fn a_course_without_a_fault_counts_everybody() {
    let (answers, people) = course();
    let report = listed(&answers, people);
    assert_eq!(report.left_out, []);
    let one = scale(&report, "ons4", "satisfied");
    assert_eq!(one.counts.eligible, 8);
    assert_eq!(one.counts.matched, 8);
    // Everybody changed by the same: there is a change and no spread to test it by.
    let change = one.figures.as_ref().unwrap().change.as_ref().unwrap();
    assert_eq!((change.mean, change.sd), (2.0, 0.0));
    assert_eq!((change.t_test, change.d_z), (None, None));
    let other = scale(&report, "ons4", "anxious");
    assert_eq!(other.counts.matched, 0);
    assert_eq!(other.finding.strength, Strength::Stories);
}

#[test]
fn an_answer_that_cannot_count_is_kept_and_says_why() {
    let (mut answers, mut people) = course();
    // Outside the scale, of nothing that is known, of nobody on the list.
    answers[0].reply = Reply::Given(11);
    answers[2].question = Question::UnknownInstrument;
    answers[4].question = Question::UnknownVersion;
    answers[6].question = Question::UnknownItem;
    answers.push(answer(99, Moment::Baseline, "ons4", "happy", 3));
    // Refused; withdrew between the two; asked before the agreement.
    let change = |people: &mut BTreeMap<_, Participant>, person, consent| {
        people.get_mut(&PersonId(person)).unwrap().consent = consent;
    };
    change(&mut people, 5, Consent::Never);
    let at = When::day(day("2026-05-01"));
    change(&mut people, 6, Consent::Withdrawn { at });
    let from = When::day(day("2026-04-02"));
    change(&mut people, 7, Consent::Given { from });
    let report = listed(&answers, people);
    assert_eq!(
        reasons(&report),
        [
            (0, Reason::OutsideScale { low: 0, high: 10 }),
            (2, Reason::UnknownInstrument),
            (4, Reason::UnknownVersion),
            (6, Reason::UnknownItem),
            (8, Reason::NoConsent),
            (9, Reason::NoConsent),
            (10, Reason::ConsentWithdrawn),
            (11, Reason::AfterWithdrawal),
            (12, Reason::BeforeConsent),
            (16, Reason::NotAParticipant),
        ]
    );
    assert_eq!(scale(&report, "ons4", "satisfied").counts.matched, 1);
    assert_eq!(scale(&report, "ons4", "satisfied").counts.eligible, 6);
    assert_eq!(count_reasons(&report.left_out)[&Reason::NoConsent], 2);
    assert_eq!(
        left_out_of(PersonId(7), &answers, &report.left_out),
        [LeftOut {
            answer: 12,
            reason: Reason::BeforeConsent
        }]
    );
}

#[test]
fn what_was_answered_twice_for_one_moment_counts_not_at_all() {
    let (mut answers, people) = course();
    answers.push(answers[1]);
    let report = listed(&answers, people.clone());
    assert_eq!(reasons(&report), [(1, Reason::Twice), (16, Reason::Twice)]);
    assert_eq!(scale(&report, "ons4", "satisfied").counts.matched, 7);
    // Without a day nothing tells which of two is nearer.
    answers[16].when = None;
    let report = listed(&answers, people);
    assert_eq!(reasons(&report), [(1, Reason::Twice), (16, Reason::Twice)]);
}

#[test]
fn a_skipped_item_and_prefer_not_to_say_are_missing_and_never_zero() {
    let (mut answers, people) = course();
    answers[0].reply = Reply::Skipped;
    answers[3].reply = Reply::PreferNotToSay;
    let report = listed(&answers, people);
    assert_eq!(report.left_out, [], "nothing is wrong with not answering");
    let counts = scale(&report, "ons4", "satisfied").counts;
    assert_eq!((counts.baseline, counts.end, counts.matched), (7, 7, 6));
}

#[test]
fn a_baseline_counts_from_a_fortnight_before_until_the_end_of_the_first_session() {
    let time = |text| TimeOfDay::parse(text);
    for (date, at, counts) in [
        ("2026-03-24", None, false),
        ("2026-03-25", None, true),
        ("2026-04-08", None, true),
        ("2026-04-08", time("12:00"), true),
        ("2026-04-08", time("12:01"), false),
        ("2026-04-09", None, false),
    ] {
        let (mut answers, mut people) = course();
        answers[0].when = Some(When {
            date: day(date),
            time: at,
        });
        let from = When::day(day("2026-01-01"));
        people.get_mut(&PersonId(1)).unwrap().consent = Consent::Given { from };
        let report = listed(&answers, people);
        let expected = if counts {
            vec![]
        } else {
            vec![(0, Reason::OutsideWindow)]
        };
        assert_eq!(reasons(&report), expected, "{date} {at:?}");
        let matched = scale(&report, "ons4", "satisfied").counts.matched;
        assert_eq!(matched, 7 + usize::from(counts), "{date}");
    }
}

#[test]
fn an_end_counts_within_a_fortnight_of_the_last_session_and_the_nearest_is_taken() {
    for (dates, taken) in [
        (["2026-06-10", "2026-06-09"], 0),
        (["2026-06-17", "2026-06-12"], 1),
        // As near: the later looks back on the whole course.
        (["2026-06-07", "2026-06-13"], 1),
    ] {
        let (mut answers, people) = course();
        answers.push(answers[1]);
        answers[1].when = on(dates[0]);
        answers[16].when = on(dates[1]);
        answers[16].reply = Reply::Given(9);
        let report = listed(&answers, people);
        let other = if taken == 0 { 16 } else { 1 };
        assert_eq!(reasons(&report), [(other, Reason::AnotherIsNearer)]);
        let figures = scale(&report, "ons4", "satisfied").figures.clone().unwrap();
        let mean = figures.change.unwrap().to.mean;
        near(mean, if taken == 0 { 6.0 } else { 51.0 / 8.0 }, 1e-12);
    }
    for (date, counts) in [
        ("2026-05-26", false),
        ("2026-05-27", true),
        ("2026-06-24", true),
        ("2026-06-25", false),
    ] {
        let (mut answers, people) = course();
        answers[1].when = on(date);
        assert_eq!(listed(&answers, people).left_out.is_empty(), counts);
    }
}

#[test]
fn where_the_nearest_is_not_complete_a_farther_one_that_is_counts() {
    let (mut answers, people) = course();
    answers.push(answers[1]);
    answers[1].reply = Reply::Skipped;
    answers[16].when = on("2026-06-14");
    let report = listed(&answers, people);
    assert_eq!(report.left_out, []);
    assert_eq!(scale(&report, "ons4", "satisfied").counts.matched, 8);
}

#[test]
fn two_versions_are_never_paired() {
    let mut catalogue = Catalogue::built_in();
    let own = |version| {
        let question = OwnQuestion {
            key: "proud".to_owned(),
            low: 1,
            high: 5,
            direction: Direction::HigherIsBetter,
        };
        own_questions("dig", version, vec![question]).unwrap()
    };
    catalogue.add(own(1)).unwrap();
    catalogue.add(own(2)).unwrap();
    let mut answers = Vec::new();
    for person in 1..=8 {
        for (moment, version) in [(Moment::Baseline, 1), (Moment::End, 2)] {
            let mut one = answer(person, moment, "ons4", "happy", 3);
            one.question = catalogue.question("dig", Some(version), "proud");
            answers.push(one);
        }
    }
    assert_eq!(
        catalogue.question("dig", Some(3), "proud"),
        Question::UnknownVersion
    );
    let report = evaluate(
        &catalogue,
        &answers,
        &People::WhoeverAnswered,
        &Plan::default(),
    );
    assert_eq!(report.scales.len(), 2);
    assert!(report.scales.iter().all(|one| one.counts.matched == 0));
}

#[test]
fn an_umbrella_is_compared_within_one_session() {
    let mut answers = Vec::new();
    for person in 1..=9 {
        for (moment, sum) in [(Moment::BeforeSession, 12), (Moment::AfterSession, 18)] {
            for session in [SessionId(1), SessionId(2)] {
                let six = sitting(person, moment, "ucl-umbrella-positive", sum);
                answers.extend(six.into_iter().map(|one| Answer {
                    session: Some(session),
                    ..one
                }));
            }
        }
    }
    let plan = Plan {
        comparison: Comparison::WithinSession(SessionId(2)),
        ..Plan::default()
    };
    let report = evaluate(
        &Catalogue::built_in(),
        &answers,
        &People::WhoeverAnswered,
        &plan,
    );
    assert_eq!(report.left_out, []);
    let one = scale(&report, "ucl-umbrella-positive", "total");
    assert_eq!(one.counts.matched, 9);
    let change = one.figures.as_ref().unwrap().change.as_ref().unwrap();
    near(change.mean, 6.0, 1e-12);
}

#[test]
fn less_anxiety_is_an_improvement_and_service_use_has_no_better_end() {
    let mut answers = Vec::new();
    for person in 1..=10 {
        let fewer = i32::try_from(person % 3).unwrap();
        answers.push(answer(person, Moment::Baseline, "ons4", "anxious", 7));
        answers.push(answer(person, Moment::End, "ons4", "anxious", 4 - fewer));
        answers.push(answer(person, Moment::Baseline, "service-use", "gp", 7));
        answers.push(answer(person, Moment::End, "service-use", "gp", 4 - fewer));
    }
    let report = everybody(&answers);
    let anxious = scale(&report, "ons4", "anxious");
    let change = anxious.figures.as_ref().unwrap().change.as_ref().unwrap();
    assert!(change.mean > 3.0 && change.t_test.unwrap().t > 0.0);
    assert_eq!(anxious.finding.movement, Some(Movement::Better));
    let gp = scale(&report, "service-use", "gp");
    let change = gp.figures.as_ref().unwrap().change.as_ref().unwrap();
    assert!(change.mean < -3.0);
    assert_eq!(gp.finding.movement, Some(Movement::Fell));
    assert_eq!(
        gp.finding.caveats,
        [
            Caveat::RegressionToTheMean,
            Caveat::NoComparisonGroup,
            Caveat::Unvalidated
        ]
    );
}

#[test]
fn under_eight_there_is_no_figure_and_a_funder_may_ask_for_ten() {
    let people = |count| {
        let mut answers = Vec::new();
        for person in 1..=count {
            answers.extend(sitting(person, Moment::Baseline, "ucla3", 7));
            answers.extend(sitting(person, Moment::End, "ucla3", 5));
        }
        answers
    };
    let seven = everybody(&people(7));
    assert_eq!(scale(&seven, "ucla3", "loneliness").figures, None);
    let eight = everybody(&people(8));
    assert!(scale(&eight, "ucla3", "loneliness").figures.is_some());
    let plan = Plan {
        policy: crate::disclosure::Policy::new(10, 10).unwrap(),
        ..Plan::default()
    };
    let nine = evaluate(
        &Catalogue::built_in(),
        &people(9),
        &People::WhoeverAnswered,
        &plan,
    );
    let nine = scale(&nine, "ucla3", "loneliness");
    assert_eq!(nine.figures, None);
    assert_eq!(nine.finding.strength, Strength::Stories);
    assert_eq!(nine.finding.movement, None);
}

#[test]
fn the_number_of_people_decides_how_much_is_said() {
    assert_eq!(strength(7, 8), Strength::Stories);
    assert_eq!(strength(8, 8), Strength::Indicative);
    assert_eq!(strength(29, 8), Strength::Indicative);
    assert_eq!(strength(30, 8), Strength::Inferential);
}

#[test]
fn bands_are_ranks_without_means() {
    let mut answers = Vec::new();
    for person in 1..=9 {
        let after = if person <= 6 { 3 } else { 1 };
        answers.push(answer(person, Moment::Baseline, "ons-loneliness", "1", 1));
        answers.push(answer(person, Moment::End, "ons-loneliness", "1", after));
    }
    let report = everybody(&answers);
    let one = scale(&report, "ons-loneliness", "lonely");
    let figures = one.figures.as_ref().unwrap();
    assert_eq!(figures.change, None);
    let bands = figures.bands.as_ref().unwrap();
    assert_eq!(bands.people[0], [3, 0, 6, 0, 0]);
    let test = bands.least_well.unwrap();
    assert_eq!((test.left, test.came), (6, 0));
    near(test.p, 2.0 / 64.0, 1e-15);
    assert_eq!(one.finding.size, None);
    assert_eq!(one.finding.movement, Some(Movement::Better));
}

#[test]
fn who_left_is_told_and_their_mean_only_where_they_are_many() {
    let mut answers = Vec::new();
    for person in 1..=20 {
        let low = if person <= 8 { 6 } else { 2 };
        answers.push(answer(person, Moment::Baseline, "ons4", "happy", low));
        if person <= 8 {
            answers.push(answer(person, Moment::End, "ons4", "happy", 7));
        }
    }
    let report = everybody(&answers);
    let one = scale(&report, "ons4", "happy");
    assert_eq!(one.counts.left(), 12);
    assert_eq!(one.counts.completion(), Some(0.4));
    assert_eq!(one.leavers_mean, Some(2.0));
    assert!(one.finding.caveats.contains(&Caveat::ManyLeft));
    let few = everybody(&answers[..22]);
    let few = scale(&few, "ons4", "happy");
    assert_eq!((few.counts.left(), few.leavers_mean), (6, None));
}

#[test]
fn help_in_answering_is_told() {
    let (mut answers, people) = course();
    answers[0].mode = Some(Mode::ReadByStaff);
    answers[1].mode = Some(Mode::ByCarer);
    answers[3].mode = Some(Mode::ByCarer);
    answers[5].mode = Some(Mode::ReadByApp);
    let report = listed(&answers, people);
    let one = scale(&report, "ons4", "satisfied");
    assert_eq!(one.counts.helped, 2);
    assert!(one.finding.caveats.contains(&Caveat::Helped { people: 2 }));
}

#[test]
fn an_estimate_in_pounds_has_its_range_and_its_year() {
    use super::wellby::{CAVEATS, Lasting, PRICE_YEAR, wellbys};
    let mut answers = Vec::new();
    for person in 1..=10u64 {
        let after = 5 + i32::try_from(person % 2).unwrap() * 2;
        answers.push(answer(person, Moment::Baseline, "ons4", "satisfied", 5));
        answers.push(answer(person, Moment::End, "ons4", "satisfied", after));
    }
    let report = everybody(&answers);
    let figures = scale(&report, "ons4", "satisfied").figures.clone().unwrap();
    let change = figures.change.unwrap();
    assert_eq!(change.mean, 1.0);
    let worth = wellbys(&change, Lasting::years(0.25).unwrap());
    near(worth.wellbys, 2.5, 1e-12);
    near(worth.pounds.0, 25_000.0, 1e-6);
    near(worth.pounds.1, 32_500.0, 1e-6);
    near(worth.pounds.2, 40_000.0, 1e-6);
    assert!(worth.pounds_range.0 < worth.pounds.0 && worth.pounds.2 < worth.pounds_range.1);
    assert_eq!(PRICE_YEAR, 2019);
    assert_eq!(CAVEATS.len(), 5);
    for years in [0.0, -1.0, 1.01, f64::NAN, f64::INFINITY] {
        assert!(Lasting::years(years).is_err());
    }
}
