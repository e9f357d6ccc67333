use super::*;
use crate::attendance::{Mark, mark};
use crate::clock::{Instant, Month};
use crate::ids::ProgrammeId;
use crate::measures::{Catalogue, When};
use crate::programme::SessionPlanned;
use crate::records::testing::{
    ANN, BEA, FIRST, PROGRAMME, SECOND, Tablet, june, meet, tablet, text, time, two_tablets,
};

pub(crate) const LAST: SessionId = SessionId(203);

pub(crate) fn planned(size: Size, topics: &[Topic]) -> EvaluationPlanned {
    EvaluationPlanned {
        size,
        topics: topics.to_vec(),
        swemwbs_licence: None,
        own: Vec::new(),
        comparison: None,
        toolkit_compared: false,
    }
}

fn licensed() -> EvaluationPlanned {
    EvaluationPlanned {
        swemwbs_licence: Some(text("WEMWBS-4711")),
        own: Vec::new(),
        comparison: None,
        toolkit_compared: false,
        ..planned(Size::Small, &[Topic::MentalWellbeing])
    }
}

pub(crate) fn plan(tablet: &mut Tablet, plan: EvaluationPlanned) {
    let draft = plan_evaluation(&tablet.records, PROGRAMME, plan).unwrap();
    tablet.record(draft);
}

/// Sessions on 2, 4 and 30 June, and the clock at noon of the first.
pub(crate) fn course() -> Tablet {
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

pub(crate) fn noon(day: Date) -> u64 {
    Instant::utc(day, time(12, 0)).0
}

pub(crate) fn begin(
    tablet: &Tablet,
    person: PersonId,
    session: SessionId,
    moment: Moment,
) -> Survey {
    let mut next = 9_000 + person.0 * 100 + u64::from(moment.code()) * 10;
    Survey::begin(
        tablet.delivery().evaluation.plan().unwrap(),
        (person, session, moment),
        (Mode::Alone, Language::English, Questions::Usual),
        || {
            next += 1;
            ResponseId(next)
        },
    )
    .unwrap()
}

/// Answers every question with this, and goes on.
pub(crate) fn answer_all(survey: &mut Survey, answer: i16) {
    let catalogue = Catalogue::built_in();
    survey.tap(SurveyTap::Start, &catalogue).unwrap();
    while !survey.is_finished() {
        survey.tap(SurveyTap::Choose(answer), &catalogue).unwrap();
        survey.tap(SurveyTap::Continue, &catalogue).unwrap();
    }
}

pub(crate) fn keep_all(tablet: &mut Tablet, survey: &Survey, day: Date) {
    for draft in keep(&tablet.records, PROGRAMME, survey, (day, time(10, 30))) {
        tablet.record(draft);
    }
}

pub(crate) fn asked_at(
    tablet: &Tablet,
    session: SessionId,
    today: Date,
) -> Vec<(PersonId, Moment, Asked)> {
    let due = due(tablet.delivery(), session, When::day(today)).into_iter();
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

/// Who is asked how they feel around a session, at a time of its day.
fn around(
    tablet: &Tablet,
    session: SessionId,
    (day, at): (Date, TimeOfDay),
) -> Vec<(PersonId, Moment, Asked)> {
    let at = When {
        date: day,
        time: Some(at),
    };
    let due = due(tablet.delivery(), session, at).into_iter();
    let of_session = due.filter(|due| due.moment.of_session());
    of_session
        .map(|due| (due.person, due.moment, due.asked))
        .collect()
}

#[test]
fn feelings_are_asked_before_half_of_a_session_and_after_it_of_whoever_answered_before() {
    use Moment::{AfterSession, BeforeSession};
    let mut tablet = course();
    plan(&mut tablet, planned(Size::Small, &[Topic::SessionFeelings]));
    tablet.agree(ANN, true);
    let plan_now = tablet.delivery().evaluation.plan().unwrap().clone();
    assert!(!asks(&plan_now, Moment::Baseline) && asks(&plan_now, BeforeSession));
    let of_day =
        |tablet: &Tablet, hour, minute| around(tablet, FIRST, (june(2), time(hour, minute)));
    // The first session is from 10 to 15 o'clock.
    let first = tablet.delivery().session(FIRST).unwrap();
    assert_eq!((first.starts, first.ends), (time(10, 0), time(15, 0)));
    let consent_first = (BEA, BeforeSession, Asked::ConsentFirst);
    assert_eq!(
        of_day(&tablet, 8, 0),
        [(ANN, BeforeSession, Asked::NotYet), consent_first]
    );
    assert_eq!(of_day(&tablet, 12, 29), of_day(&tablet, 8, 0));
    assert_eq!(of_day(&tablet, 12, 30), [], "nobody answered before it");
    assert_eq!(
        around(&tablet, FIRST, (june(3), time(9, 0))),
        [],
        "another day"
    );
    let mut before = begin(&tablet, ANN, FIRST, BeforeSession);
    assert_eq!(before.questions(), 6);
    answer_all(&mut before, 2);
    keep_all(&mut tablet, &before, june(2));
    assert_eq!(of_day(&tablet, 10, 40), [consent_first]);
    assert_eq!(
        of_day(&tablet, 14, 50),
        [(ANN, AfterSession, Asked::NotYet)]
    );
    let mut after = begin(&tablet, ANN, FIRST, AfterSession);
    answer_all(&mut after, 4);
    keep_all(&mut tablet, &after, june(2));
    assert_eq!(of_day(&tablet, 14, 50), []);
    // Each session is asked about for itself.
    assert_eq!(
        around(&tablet, LAST, (june(30), time(9, 0)))[0],
        (ANN, BeforeSession, Asked::NotYet)
    );
}

#[test]
fn feelings_are_asked_around_the_first_the_middle_and_the_last_session() {
    let mut tablet = course();
    for (number, session) in [(4, 204), (5, 205)] {
        let planned = SessionPlanned {
            session: SessionId(session),
            number,
            date: june(30 - 7 * (6 - u8::try_from(number).unwrap())),
            starts: time(10, 0),
            ends: time(15, 0),
            place: None,
        };
        tablet.record_body(&[], planned);
    }
    plan(&mut tablet, planned(Size::Small, &[Topic::SessionFeelings]));
    tablet.agree(ANN, true);
    let sessions = crate::programme::sessions_in_order(tablet.delivery());
    let asked: Vec<_> = sessions
        .iter()
        .map(|one| (one.session, one.date))
        .map(|(session, day)| !around(&tablet, session, (day, time(9, 0))).is_empty())
        .collect();
    assert_eq!(asked, [true, false, true, false, true]);
}

#[test]
fn easy_questions_are_asked_at_moments_of_a_course_and_remembered_from_those() {
    let topics = [Topic::Wellbeing, Topic::SessionFeelings];
    let plan = planned(Size::Small, &topics);
    let catalogue = Catalogue::built_in();
    let count = |moment, which| questions(&plan, (moment, which), &catalogue).len();
    assert_eq!(count(Moment::Baseline, Questions::Easy), 1);
    assert_eq!(count(Moment::BeforeSession, Questions::Easy), 0);
    assert_eq!(count(Moment::BeforeSession, Questions::Usual), 1);
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
        let all = questions(plan, (moment, Questions::Usual), &catalogue).into_iter();
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
        let all = questions(&plan, (moment, Questions::Usual), &Catalogue::built_in());
        all.last().unwrap().1.len()
    };
    assert_eq!((items(Moment::Baseline), items(Moment::End)), (3, 5));
}

#[test]
fn words_that_were_not_compared_with_the_toolkit_are_asked_once_somebody_did() {
    let mut tablet = course();
    let topics = [
        Topic::SessionFeelingsNegative,
        Topic::SessionFeelingsPositive,
    ];
    let not_compared = planned(Size::Small, &topics);
    let how = (Moment::BeforeSession, Questions::Usual);
    // No command makes such a plan, no tablet takes one in, and nothing is asked for it.
    assert_eq!(
        plan_evaluation(&tablet.records, PROGRAMME, not_compared.clone()),
        Err(PlanError::NotCompared)
    );
    let bytes = crate::event::Recorded::to_bytes(&not_compared);
    assert!(<EvaluationPlanned as crate::event::Recorded>::from_bytes(1, &bytes).is_err());
    assert_eq!(questions(&not_compared, how, &Catalogue::built_in()), []);
    assert!(!asks(&not_compared, Moment::BeforeSession));
    let compared = EvaluationPlanned {
        toolkit_compared: true,
        ..not_compared
    };
    plan(&mut tablet, compared);
    let stands = tablet.delivery().evaluation.plan().unwrap().clone();
    assert_eq!(question_count(&stands, how.0, how.1), 12);
    tablet.agree(ANN, true);
    let before = begin(&tablet, ANN, FIRST, Moment::BeforeSession);
    let asked: Vec<_> = before
        .sheets
        .iter()
        .map(|sheet| sheet.instrument.as_str())
        .collect();
    assert_eq!(asked, ["ucl-umbrella-positive", "ucl-umbrella-negative"]);
    // Where nothing of it is asked, nothing is said of it.
    let other = EvaluationPlanned {
        toolkit_compared: true,
        ..planned(Size::Small, &[Topic::SessionFeelings])
    };
    plan(&mut tablet, other);
    assert!(
        !tablet
            .delivery()
            .evaluation
            .plan()
            .unwrap()
            .toolkit_compared
    );
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
            questions(
                &plan,
                (Moment::Baseline, Questions::Usual),
                &Catalogue::built_in()
            ),
            []
        );
    }
    let asked = questions(
        &licensed(),
        (Moment::Baseline, Questions::Usual),
        &Catalogue::built_in(),
    );
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
        .asked(ANN, Occasion::new(Moment::Baseline, FIRST))
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
    fn of(tablet: &Tablet, session: SessionId, today: Date) -> Vec<Moment> {
        let asked = asked_at(tablet, session, today);
        asked.iter().map(|(_, moment, _)| *moment).collect()
    }
    let moments = |session, today| of(&tablet, session, today);
    let july = |day| Date::from_calendar_date(2026, Month::July, day).unwrap();
    let september = Date::from_calendar_date(2026, Month::September, 28).unwrap();
    assert_eq!(moments(SECOND, june(4)), [Moment::Middle]);
    assert_eq!(moments(LAST, june(30)), [Moment::End]);
    assert_eq!(moments(LAST, july(14)), [Moment::End]);
    assert_eq!(moments(LAST, july(15)), []);
    assert_eq!(moments(LAST, september), [Moment::ThreeMonths]);
    // Whoever begins at the session in the middle is not half-way.
    let away = mark(&tablet.records, PROGRAMME, FIRST, ANN, Mark::NOT_HERE, None).unwrap();
    tablet.record(away);
    assert_eq!(of(&tablet, SECOND, june(4)), [Moment::Baseline]);
}
