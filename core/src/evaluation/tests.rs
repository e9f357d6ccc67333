use super::*;
use crate::attendance::{Mark, mark};
use crate::clock::{Instant, Month};
use crate::ids::ProgrammeId;
use crate::measures::{Catalogue, Comparison, Consent, Participant, People, Plan, evaluate};
use crate::programme::SessionPlanned;
use crate::records::testing::{
    ANN, BEA, FIRST, PROGRAMME, SECOND, Tablet, june, meet, tablet, text, time, two_tablets,
};

pub(super) const LAST: SessionId = SessionId(203);

pub(super) fn planned(size: Size, topics: &[Topic]) -> EvaluationPlanned {
    EvaluationPlanned {
        size,
        topics: topics.to_vec(),
        swemwbs_licence: None,
    }
}

fn licensed() -> EvaluationPlanned {
    EvaluationPlanned {
        swemwbs_licence: Some(text("WEMWBS-4711")),
        ..planned(Size::Small, &[Topic::MentalWellbeing])
    }
}

pub(super) fn plan(tablet: &mut Tablet, plan: EvaluationPlanned) {
    let draft = plan_evaluation(&tablet.records, PROGRAMME, plan).unwrap();
    tablet.record(draft);
}

/// Sessions on 2, 4 and 30 June, and the clock at noon of the first.
pub(super) fn course() -> Tablet {
    let mut tablet = tablet();
    tablet.now = noon(june(2));
    tablet.record_body(
        &[],
        SessionPlanned {
            session: LAST,
            number: 3,
            date: june(30),
            starts: time(10, 0),
            ends: time(15, 0),
            place: None,
        },
    );
    tablet
}

fn noon(day: Date) -> u64 {
    Instant::utc(day, time(12, 0)).0
}

pub(super) fn begin(
    tablet: &Tablet,
    person: PersonId,
    session: SessionId,
    moment: Moment,
) -> Survey {
    let mut next = 9_000 + person.0 * 100 + u64::from(moment.code()) * 10;
    Survey::begin(
        (
            tablet.delivery().evaluation.plan().unwrap(),
            &Catalogue::built_in(),
        ),
        (person, session, moment),
        (Mode::Alone, Language::English),
        || {
            next += 1;
            ResponseId(next)
        },
    )
    .unwrap()
}

/// Answers every question with this, and goes on.
pub(super) fn answer_all(survey: &mut Survey, answer: i16) {
    let catalogue = Catalogue::built_in();
    survey.tap(SurveyTap::Start, &catalogue).unwrap();
    while !survey.is_finished() {
        survey.tap(SurveyTap::Choose(answer), &catalogue).unwrap();
        survey.tap(SurveyTap::Continue, &catalogue).unwrap();
    }
}

pub(super) fn keep_all(tablet: &mut Tablet, survey: &Survey, day: Date) {
    for draft in keep(&tablet.records, PROGRAMME, survey, (day, time(10, 30))) {
        tablet.record(draft);
    }
}

pub(super) fn asked_at(
    tablet: &Tablet,
    session: SessionId,
    today: Date,
) -> Vec<(PersonId, Moment, Asked)> {
    let due = due(tablet.delivery(), session, today).into_iter();
    due.map(|due| (due.person, due.moment, due.asked)).collect()
}

#[test]
fn a_small_plan_asks_before_and_after_and_a_full_one_at_every_moment() {
    let moments = |size| -> Vec<Moment> {
        let all = Moment::ALL.iter().copied();
        let plan = planned(size, &[Topic::Wellbeing]);
        all.filter(|moment| asks(&plan, *moment)).collect()
    };
    use Moment::{Baseline, End, Middle, SixMonths, ThreeMonths};
    assert_eq!(moments(Size::Small), [Baseline, End]);
    assert_eq!(
        moments(Size::Medium),
        [Baseline, End, ThreeMonths, SixMonths]
    );
    assert_eq!(
        moments(Size::Full),
        [Baseline, Middle, End, ThreeMonths, SixMonths]
    );
}

#[test]
fn a_plan_without_topics_asks_nothing_and_nobody_is_due() {
    let mut tablet = course();
    plan(&mut tablet, planned(Size::Full, &[Topic::Wellbeing]));
    plan(&mut tablet, planned(Size::Full, &[]));
    tablet.agree(ANN, true);
    assert_eq!(asked_at(&tablet, FIRST, june(2)), []);
}

#[test]
fn the_direct_question_follows_ucla_and_services_come_last() {
    let keys = |plan: &EvaluationPlanned, moment| -> Vec<String> {
        let catalogue = Catalogue::built_in();
        let all = questions(plan, moment, &catalogue).into_iter();
        all.map(|(place, _)| catalogue.get(place).unwrap().key.to_string())
            .collect()
    };
    let plan = planned(Size::Full, &[Topic::Wellbeing, Topic::Loneliness]);
    let all = ["ons4", "ucla3", "ons-loneliness", "service-use"];
    assert_eq!(keys(&plan, Moment::Baseline), all);
    assert_eq!(keys(&plan, Moment::Middle), all[..3]);
    assert_eq!(keys(&plan, Moment::AfterSession), [""; 0]);
    let small = planned(Size::Small, &[Topic::Loneliness]);
    assert_eq!(keys(&small, Moment::End), all[1..3]);
    // Whether they use services less than before they joined is no question for the day they join.
    let items = |moment| {
        let all = questions(&plan, moment, &Catalogue::built_in());
        all.last().unwrap().1.len()
    };
    assert_eq!((items(Moment::Baseline), items(Moment::End)), (3, 5));
}

#[test]
fn swemwbs_is_off_until_the_reference_of_its_licence_is_entered() {
    let tablet = course();
    for typed in [None, Some("x")] {
        let plan = EvaluationPlanned {
            swemwbs_licence: typed.map(text),
            ..licensed()
        };
        // No command makes such a plan, no tablet takes one in, and nothing is asked for it.
        assert_eq!(
            plan_evaluation(&tablet.records, PROGRAMME, plan.clone()),
            Err(PlanError::NoLicence)
        );
        let bytes = crate::event::Recorded::to_bytes(&plan);
        let version = <EvaluationPlanned as crate::event::Recorded>::VERSION;
        assert!(
            <EvaluationPlanned as crate::event::Recorded>::from_bytes(version, &bytes).is_err()
        );
        assert_eq!(
            questions(&plan, Moment::Baseline, &Catalogue::built_in()),
            []
        );
    }
    let asked = questions(&licensed(), Moment::Baseline, &Catalogue::built_in());
    assert_eq!(asked[0].1.len(), 7);
}

#[test]
fn a_plan_is_chosen_once_and_changed_by_another() {
    let mut tablet = course();
    let small = planned(Size::Small, &[Topic::Wellbeing]);
    let typed_out_of_order = planned(
        Size::Full,
        &[Topic::Loneliness, Topic::Wellbeing, Topic::Wellbeing],
    );
    let full = planned(Size::Full, &[Topic::Wellbeing, Topic::Loneliness]);
    plan(&mut tablet, small.clone());
    assert_eq!(
        plan_evaluation(&tablet.records, PROGRAMME, small),
        Err(PlanError::NothingToChange)
    );
    plan(&mut tablet, typed_out_of_order);
    assert_eq!(tablet.delivery().evaluation.plan(), Some(&full));
    assert_eq!(
        plan_evaluation(&tablet.records, ProgrammeId(1), full),
        Err(PlanError::NoProgramme)
    );
}

#[test]
fn a_baseline_is_due_at_the_first_session_of_whoever_agreed() {
    let mut tablet = course();
    assert_eq!(asked_at(&tablet, FIRST, june(2)), [], "there is no plan");
    plan(&mut tablet, planned(Size::Small, &[Topic::Wellbeing]));
    tablet.agree(ANN, true);
    let first = Moment::Baseline;
    assert_eq!(
        asked_at(&tablet, FIRST, june(2)),
        [
            (ANN, first, Asked::NotYet),
            (BEA, first, Asked::ConsentFirst)
        ]
    );
    assert_eq!(
        asked_at(&tablet, SECOND, june(4)),
        [],
        "not the first session of either"
    );
    tablet.agree(BEA, false);
    assert_eq!(
        asked_at(&tablet, FIRST, june(2)),
        [(ANN, first, Asked::NotYet)]
    );
    // Ann did not come. Her course begins when she does.
    let away = mark(&tablet.records, PROGRAMME, FIRST, ANN, Mark::NOT_HERE, None).unwrap();
    tablet.record(away);
    assert_eq!(asked_at(&tablet, FIRST, june(2)), []);
    assert_eq!(
        asked_at(&tablet, SECOND, june(4)),
        [(ANN, first, Asked::NotYet)]
    );
    // On the next day it would not count any more.
    assert_eq!(asked_at(&tablet, SECOND, june(5)), []);
}

#[test]
fn whoever_answered_or_said_no_is_left_in_peace_and_whoever_stopped_is_asked_again() {
    let mut tablet = course();
    plan(&mut tablet, planned(Size::Small, &[Topic::Wellbeing]));
    tablet.agree(ANN, true);
    tablet.agree(BEA, true);
    let catalogue = Catalogue::built_in();
    let mut survey = begin(&tablet, ANN, FIRST, Moment::Baseline);
    survey.tap(SurveyTap::Start, &catalogue).unwrap();
    keep_all(&mut tablet, &survey, june(2));
    let asked = |tablet: &Tablet| asked_at(tablet, FIRST, june(2));
    let first = Moment::Baseline;
    let not_yet = |person| (person, first, Asked::NotYet);
    assert_eq!(
        asked(&tablet),
        [not_yet(ANN), not_yet(BEA)],
        "she said nothing"
    );
    survey.tap(SurveyTap::Choose(4), &catalogue).unwrap();
    keep_all(&mut tablet, &survey, june(2));
    assert_eq!(asked(&tablet), [(ANN, first, Asked::Stopped), not_yet(BEA)]);
    let no = declined(&tablet.records, PROGRAMME, (BEA, FIRST, first));
    tablet.record(no);
    assert_eq!(
        asked(&tablet),
        [(ANN, first, Asked::Stopped), (BEA, first, Asked::SaidNo)]
    );
    assert!(Asked::Stopped.is_open() && !Asked::SaidNo.is_open());
    let mut again = begin(&tablet, ANN, FIRST, first);
    answer_all(&mut again, 5);
    keep_all(&mut tablet, &again, june(2));
    // She thought again.
    let mut thought_again = begin(&tablet, BEA, FIRST, first);
    answer_all(&mut thought_again, 6);
    assert_eq!(asked(&tablet), [(BEA, first, Asked::SaidNo)]);
    keep_all(&mut tablet, &thought_again, june(2));
    assert_eq!(asked(&tablet), []);
}

#[test]
fn two_tablets_that_asked_the_same_person_agree_that_it_is_done() {
    let (mut one, mut other) = two_tablets();
    plan(&mut one, planned(Size::Small, &[Topic::Wellbeing]));
    meet(&mut one, &mut other);
    let mut finished = begin(&one, ANN, FIRST, Moment::Baseline);
    answer_all(&mut finished, 5);
    keep_all(&mut one, &finished, june(2));
    let no = declined(&other.records, PROGRAMME, (ANN, FIRST, Moment::Baseline));
    other.now += 1_000;
    other.record(no);
    meet(&mut one, &mut other);
    let asked = one
        .delivery()
        .evaluation
        .asked(ANN, Moment::Baseline)
        .unwrap();
    assert_eq!(asked.value.outcome, Outcome::Finished);
    // Whoever asks next settles it.
    let next = declined(&one.records, PROGRAMME, (ANN, FIRST, Moment::Baseline));
    assert_eq!(next.supersedes.len(), 2);
}

#[test]
fn the_end_and_what_follows_are_due_at_the_last_session_while_they_would_count() {
    let mut tablet = course();
    plan(&mut tablet, planned(Size::Full, &[Topic::Wellbeing]));
    tablet.agree(ANN, true);
    tablet.agree(BEA, false);
    let moments = |session, today| -> Vec<Moment> {
        asked_at(&tablet, session, today)
            .iter()
            .map(|(_, moment, _)| *moment)
            .collect()
    };
    let july = |day| Date::from_calendar_date(2026, Month::July, day).unwrap();
    let september = Date::from_calendar_date(2026, Month::September, 28).unwrap();
    assert_eq!(moments(SECOND, june(4)), [Moment::Middle]);
    assert_eq!(moments(LAST, june(30)), [Moment::End]);
    assert_eq!(moments(LAST, july(14)), [Moment::End]);
    assert_eq!(moments(LAST, july(15)), []);
    assert_eq!(moments(LAST, september), [Moment::ThreeMonths]);
}

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
