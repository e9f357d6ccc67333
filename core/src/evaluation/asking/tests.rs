//! A survey from its first page to the figures.

use super::*;
use crate::clock::Instant;
use crate::evaluation::tests::{LAST, answer_all, begin, course, keep_all, noon, plan, planned};
use crate::evaluation::{
    Period, Size, Topic, collect, declined, decode_survey, encode_survey, progress,
};
use crate::measures::{Comparison, Consent, Participant, People, Plan, When, evaluate};
use crate::records::testing::{ANN, BEA, FIRST, PROGRAMME, Tablet, june};

#[test]
fn a_survey_goes_question_by_question_and_takes_no_answer_outside_the_scale() {
    let mut tablet = course();
    plan(&mut tablet, planned(Size::Medium, &[Topic::Loneliness]));
    let catalogue = Catalogue::built_in();
    let mut survey = begin(&tablet, ANN, FIRST, Moment::Baseline);
    assert_eq!((survey.questions(), survey.question_number()), (7, None));
    assert_eq!(
        survey.tap(SurveyTap::Back, &catalogue),
        Err(SurveyError::NotHere)
    );
    survey.tap(SurveyTap::Start, &catalogue).unwrap();
    assert_eq!(
        survey.tap(SurveyTap::Start, &catalogue),
        Err(SurveyError::NotHere)
    );
    assert!(survey.begins_instrument());
    assert_eq!(
        survey.tap(SurveyTap::Continue, &catalogue),
        Err(SurveyError::NothingChosen)
    );
    assert_eq!(
        survey.tap(SurveyTap::Choose(4), &catalogue),
        Err(SurveyError::OutsideScale { high: 3 })
    );
    survey.tap(SurveyTap::Choose(3), &catalogue).unwrap();
    survey.tap(SurveyTap::Continue, &catalogue).unwrap();
    assert!(!survey.begins_instrument());
    survey.tap(SurveyTap::Decline, &catalogue).unwrap();
    survey.tap(SurveyTap::Back, &catalogue).unwrap();
    assert_eq!(survey.reply(), Some(Reply::PreferNotToSay));
    // A second thought counts.
    for answer in [2, 1, 5] {
        survey.tap(SurveyTap::Choose(answer), &catalogue).unwrap();
        survey.tap(SurveyTap::Continue, &catalogue).unwrap();
    }
    assert!(survey.begins_instrument(), "how many times");
    for (typed, refused) in [
        ("often", SurveyError::NotANumber),
        ("1.5", SurveyError::NotANumber),
        ("-1", SurveyError::OutsideScale { high: 99 }),
        ("100", SurveyError::OutsideScale { high: 99 }),
    ] {
        let tap = SurveyTap::Times(typed.to_owned());
        assert_eq!(survey.tap(tap, &catalogue), Err(refused), "{typed}");
    }
    survey
        .tap(SurveyTap::Times(" 12 ".to_owned()), &catalogue)
        .unwrap();
    assert_eq!(survey.reply(), Some(Reply::Given(12)));
    // A number that is taken away again is no answer.
    let empty = || SurveyTap::Times(String::new());
    survey.tap(empty(), &catalogue).unwrap();
    assert_eq!(survey.reply(), Some(Reply::Skipped));
    survey.tap(SurveyTap::Decline, &catalogue).unwrap();
    survey.tap(SurveyTap::Back, &catalogue).unwrap();
    survey.tap(empty(), &catalogue).unwrap();
    assert_eq!(survey.reply(), Some(Reply::PreferNotToSay));
    // An empty field says nothing, and "Continue" asks for a number or a "no".
    survey.tap(SurveyTap::Continue, &catalogue).unwrap();
    survey
        .tap(SurveyTap::Times("  ".to_owned()), &catalogue)
        .unwrap();
    assert_eq!(
        survey.tap(SurveyTap::Continue, &catalogue),
        Err(SurveyError::NothingChosen)
    );
    assert_eq!(survey.outcome(), Outcome::Stopped);
    let cleared = survey.cleared();
    assert!(cleared.is_finished() && !cleared.has_replies());
}

#[test]
fn a_survey_reads_back_where_it_was_and_is_never_taken_for_a_pulse() {
    let mut tablet = course();
    plan(
        &mut tablet,
        planned(Size::Medium, &[Topic::Wellbeing, Topic::Loneliness]),
    );
    let catalogue = Catalogue::built_in();
    let mut survey = begin(&tablet, ANN, FIRST, Moment::Baseline);
    let taps = [
        SurveyTap::Start,
        SurveyTap::Choose(2),
        SurveyTap::Continue,
        SurveyTap::Decline,
    ];
    for tap in taps {
        survey.tap(tap, &catalogue).unwrap();
        let bytes = encode_survey(&survey);
        assert_eq!(decode_survey(&bytes), Ok(survey.clone()));
        assert!(crate::pulse::decode_asking(&bytes).is_err());
    }
    let pulse = crate::pulse::Asking::begin(ResponseId(1), FIRST, None, Language::Welsh);
    assert!(decode_survey(&crate::pulse::encode_asking(&pulse)).is_err());
}

#[test]
fn what_is_kept_is_one_record_for_each_instrument_that_was_reached() {
    let mut tablet = course();
    plan(
        &mut tablet,
        planned(Size::Medium, &[Topic::Wellbeing, Topic::Loneliness]),
    );
    let catalogue = Catalogue::built_in();
    let mut survey = begin(&tablet, ANN, FIRST, Moment::Baseline);
    survey.language = Language::Welsh;
    survey.tap(SurveyTap::Start, &catalogue).unwrap();
    for _ in 0..4 {
        survey.tap(SurveyTap::Choose(1), &catalogue).unwrap();
        survey.tap(SurveyTap::Continue, &catalogue).unwrap();
    }
    survey.tap(SurveyTap::Decline, &catalogue).unwrap();
    keep_all(&mut tablet, &survey, june(2));
    let casework = tablet.records.casework(PROGRAMME).unwrap();
    let kept: Vec<_> = casework.measured.all().map(|head| &head.value).collect();
    let keys: Vec<_> = kept.iter().map(|sheet| sheet.instrument.as_str()).collect();
    assert_eq!(keys, ["ons4", "ucla3"]);
    // No Welsh wording was published that we know of, so she read the English one.
    assert!(
        kept.iter()
            .all(|sheet| sheet.language == Language::English && !sheet.finished)
    );
    assert_eq!(kept[0].replies, [Reply::Given(1); 4]);
    assert_eq!(kept[1].replies[0], Reply::PreferNotToSay);
}

#[test]
fn answers_become_figures_and_those_without_consent_or_course_do_not() {
    let mut tablet = course();
    plan(&mut tablet, planned(Size::Small, &[Topic::Wellbeing]));
    tablet.agree(ANN, true);
    for (session, moment, day, answer) in [
        (FIRST, Moment::Baseline, june(2), 4),
        (LAST, Moment::End, june(30), 7),
    ] {
        for person in [ANN, BEA] {
            let mut survey = begin(&tablet, person, session, moment);
            answer_all(&mut survey, answer);
            keep_all(&mut tablet, &survey, day);
        }
    }
    let period = Period {
        from: june(10),
        to: june(30),
    };
    let collect = |tablet: &Tablet, period| {
        let measured = tablet
            .records
            .casework(PROGRAMME)
            .map(|casework| &casework.measured);
        collect(tablet.delivery(), measured, period)
    };
    let all = collect(&tablet, period);
    let report = evaluate(&all.catalogue, &all.answers, &all.people, &Plan::default());
    let satisfaction = &report.scales[0];
    // Bea never agreed. Ann's baseline lies before the period and belongs to her end in it.
    assert_eq!(
        (satisfaction.counts.baseline, satisfaction.counts.matched),
        (1, 1)
    );
    assert_eq!(report.left_out.len(), 8);
    let before = collect(
        &tablet,
        Period {
            from: june(1),
            to: june(29),
        },
    );
    assert!(
        before
            .answers
            .iter()
            .all(|answer| answer.moment == Moment::Baseline)
    );
    assert_eq!(Plan::default().comparison, Comparison::Course);
    tablet.agree(ANN, false);
    let withdrawn = collect(&tablet, period);
    let People::Listed(people) = &withdrawn.people else {
        panic!("everybody is listed");
    };
    let consent = people.get(&ANN).map(|Participant { consent, .. }| *consent);
    assert!(matches!(consent, Some(Consent::Withdrawn { .. })));
    let report = evaluate(
        &withdrawn.catalogue,
        &withdrawn.answers,
        &withdrawn.people,
        &Plan::default(),
    );
    assert_eq!(report.left_out.len(), 16);
}

#[test]
fn a_consent_counts_from_the_first_yes_after_the_last_no() {
    let mut tablet = course();
    let from = |tablet: &Tablet| {
        let all = collect(
            tablet.delivery(),
            None,
            Period {
                from: june(1),
                to: june(30),
            },
        );
        let People::Listed(people) = all.people else {
            panic!("everybody is listed");
        };
        people[&ANN].consent
    };
    let since = |day| Consent::Given {
        from: When::day(june(day)),
    };
    assert_eq!(from(&tablet), Consent::Never);
    tablet.agree(ANN, true);
    assert_eq!(from(&tablet), since(2));
    tablet.now = noon(june(9));
    tablet.agree(ANN, true);
    assert_eq!(from(&tablet), since(2), "said once more");
    tablet.agree(ANN, false);
    tablet.now = noon(june(16));
    tablet.agree(ANN, true);
    assert_eq!(from(&tablet), since(16));
    assert_eq!(Instant(noon(june(16))).utc_day(), Some(june(16)));
}

#[test]
fn how_far_the_asking_has_come_is_counted_by_person_and_moment() {
    let mut tablet = course();
    assert_eq!(progress(&tablet.delivery().evaluation), []);
    plan(&mut tablet, planned(Size::Medium, &[Topic::Wellbeing]));
    let mut survey = begin(&tablet, ANN, FIRST, Moment::Baseline);
    answer_all(&mut survey, 1);
    keep_all(&mut tablet, &survey, june(2));
    let no = declined(&tablet.records, PROGRAMME, (BEA, FIRST, Moment::Baseline));
    tablet.record(no);
    let all = progress(&tablet.delivery().evaluation);
    let counts: Vec<_> = all
        .iter()
        .map(|one| {
            (
                one.moment,
                one.questions,
                one.finished,
                one.stopped,
                one.declined,
            )
        })
        .collect();
    assert_eq!(
        counts,
        [
            (Moment::Baseline, 7, 1, 0, 1),
            (Moment::End, 9, 0, 0, 0),
            (Moment::ThreeMonths, 9, 0, 0, 0),
            (Moment::SixMonths, 9, 0, 0, 0),
        ]
    );
}

#[test]
fn easy_questions_are_asked_instead_of_the_plan_and_the_same_is_asked_again() {
    let mut tablet = course();
    plan(&mut tablet, planned(Size::Full, &[Topic::Wellbeing]));
    tablet.agree(ANN, true);
    let catalogue = Catalogue::built_in();
    let plan_of = |tablet: &Tablet| tablet.delivery().evaluation.plan().unwrap().clone();
    let easy = |tablet: &Tablet, session, moment| {
        let mut next = 0;
        Survey::begin(
            &plan_of(tablet),
            (ANN, session, moment),
            (Mode::ReadByStaff, Language::Welsh, Questions::Easy),
            || {
                next += 1;
                ResponseId(u64::from(moment.code()) * 10 + next)
            },
        )
    };
    let evaluation = |tablet: &Tablet| tablet.delivery().evaluation.questions_of(ANN);
    assert_eq!(evaluation(&tablet), Questions::Usual);
    let mut survey = easy(&tablet, FIRST, Moment::Baseline).unwrap();
    assert_eq!((survey.which(), survey.questions()), (Questions::Easy, 4));
    survey.tap(SurveyTap::Start, &catalogue).unwrap();
    // The first is for practice, and says so. It is our own, so it is asked in Welsh.
    let shown = survey.shown(&catalogue).unwrap();
    assert_eq!(shown.language, Language::Welsh);
    assert!(shown.intro.is_some());
    let outside = survey.tap(SurveyTap::Choose(4), &catalogue);
    assert_eq!(outside, Err(SurveyError::OutsideScale { high: 3 }));
    assert_eq!(decode_survey(&encode_survey(&survey)).as_ref(), Ok(&survey));
    for _ in 0..4 {
        survey.tap(SurveyTap::Choose(1), &catalogue).unwrap();
        survey.tap(SurveyTap::Continue, &catalogue).unwrap();
    }
    keep_all(&mut tablet, &survey, june(2));
    assert_eq!(evaluation(&tablet), Questions::Easy);
    // Whoever says no the next time is still asked the easy ones after that.
    let no = declined(&tablet.records, PROGRAMME, (ANN, LAST, Moment::End));
    tablet.record(no);
    assert_eq!(evaluation(&tablet), Questions::Easy);
    let mut survey = easy(&tablet, LAST, Moment::End).unwrap();
    answer_all(&mut survey, 3);
    keep_all(&mut tablet, &survey, june(30));
    let period = Period {
        from: june(1),
        to: june(30),
    };
    let casework = tablet.records.casework(PROGRAMME).unwrap();
    let collected = collect(tablet.delivery(), Some(&casework.measured), period);
    let report = evaluate(
        &collected.catalogue,
        &collected.answers,
        &collected.people,
        &Plan::default(),
    );
    // Each of the three is a score of its own, and what was for practice is none.
    let scales: Vec<_> = report.scales.iter().map(|one| one.counts.matched).collect();
    assert_eq!(scales, [1, 1, 1]);
    // A plan that asks nothing asks nothing easy either.
    plan(&mut tablet, planned(Size::Full, &[]));
    assert!(easy(&tablet, LAST, Moment::End).is_none());
}

#[test]
fn what_was_read_out_is_told_apart_and_whoever_has_help_is_helped_by_them() {
    let mut tablet = course();
    plan(&mut tablet, planned(Size::Small, &[Topic::Wellbeing]));
    let catalogue = Catalogue::built_in();
    for (mode, expected) in [
        (Mode::Alone, Mode::ReadByApp),
        (Mode::ReadByApp, Mode::ReadByApp),
        (Mode::ReadByStaff, Mode::ReadByStaff),
        (Mode::ByCarer, Mode::ByCarer),
    ] {
        let mut survey = begin(&tablet, ANN, FIRST, Moment::Baseline);
        survey.mode = mode;
        let before = survey.tap(SurveyTap::Listen, &catalogue);
        assert_eq!(
            before,
            Err(SurveyError::NotHere),
            "before the first question"
        );
        survey.tap(SurveyTap::Start, &catalogue).unwrap();
        survey.tap(SurveyTap::Listen, &catalogue).unwrap();
        assert_eq!((survey.mode, survey.page), (expected, 1));
    }
}
