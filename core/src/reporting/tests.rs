use super::*;
use crate::attendance::{AttendanceMarked, Mark, Presence};
use crate::clock::Date;
use crate::disclosure::Shown::{self, Hidden, Number, Under};
use crate::evaluation::{
    EvaluationPlanned, Questions, Size, Survey, SurveyTap, Topic, keep, plan_evaluation,
};
use crate::ids::{PersonId, ReportId, ResponseId, SessionId};
use crate::language::Language;
use crate::measures::{Catalogue, Mode, Moment, Movement, Reason};
use crate::monitoring::{Characteristic, Choice, District, MonitoringAnswered, answer_monitoring};
use crate::onward::{MovedOn, Onward, move_on};
use crate::people::{AccessNeed, Met, NeedSeenTo, PersonRecorded, see_to};
use crate::pulse::{Answers, Day, Felt, PulseAnswered, Reply};
use crate::records::testing::{FIRST, PROGRAMME, SECOND, Tablet, enrolled, june, tablet, time};

pub(super) fn person(number: u64) -> PersonId {
    PersonId(1_000 + number)
}

/// So many people, of whom the first few need somewhere to sit.
pub(super) fn with_people(people: u64, sitting: u64) -> Tablet {
    let mut tablet = tablet();
    // Noon on 2 June.
    tablet.now = 1_780_401_600_000;
    for number in 0..people {
        let mut recorded: PersonRecorded = enrolled(person(number), &format!("P{number}"));
        if number < sitting {
            recorded.details.access = vec![AccessNeed::Seating];
        }
        tablet.record_body(&[], recorded);
    }
    tablet
}

pub(super) fn mark(tablet: &mut Tablet, session: SessionId, number: u64, mark: Mark) {
    tablet.record_body(
        &[],
        AttendanceMarked {
            session,
            person: person(number),
            mark,
            note: None,
        },
    );
}

fn plan_wellbeing(tablet: &mut Tablet) {
    let wellbeing = EvaluationPlanned {
        size: Size::Small,
        topics: vec![Topic::Wellbeing],
        swemwbs_licence: None,
        own: Vec::new(),
        comparison: None,
        toolkit_compared: false,
    };
    let plan = plan_evaluation(&tablet.records, PROGRAMME, wellbeing).unwrap();
    tablet.record(plan);
}

pub(super) fn survey(
    tablet: &mut Tablet,
    number: u64,
    (session, moment, day): (SessionId, Moment, Date),
    score: i16,
) {
    let catalogue = Catalogue::built_in();
    let plan = tablet.delivery().evaluation.plan().unwrap().clone();
    let mut responses = (number * 100 + u64::from(moment.code()) * 10..).map(ResponseId);
    let mut survey = Survey::begin(
        &plan,
        (person(number), session, moment),
        (Mode::Alone, Language::English, Questions::Usual),
        || responses.next().unwrap(),
    )
    .unwrap();
    survey.tap(SurveyTap::Start, &catalogue).unwrap();
    while !survey.is_finished() {
        survey.tap(SurveyTap::Choose(score), &catalogue).unwrap();
        survey.tap(SurveyTap::Continue, &catalogue).unwrap();
    }
    for draft in keep(&tablet.records, PROGRAMME, &survey, (day, time(10, 15))) {
        tablet.record(draft);
    }
}

pub(super) fn report(tablet: &Tablet, from: u8, to: u8) -> ProgrammeReport {
    let casework = tablet.records.casework(PROGRAMME);
    let period = Period {
        from: june(from),
        to: june(to),
    };
    programme_report(tablet.delivery(), casework, period, Policy::default()).0
}

#[test]
fn people_count_once_newcomers_by_their_first_session_and_hours_by_when_they_were_there() {
    let mut tablet = with_people(20, 6);
    for number in 0..12 {
        mark(&mut tablet, FIRST, number, Mark::HERE);
    }
    let half = Presence {
        late: Some(time(11, 0)),
        left: Some(time(14, 30)),
    };
    for number in 4..18 {
        mark(&mut tablet, SECOND, number, Mark::Here(half));
    }
    mark(&mut tablet, SECOND, 0, Mark::NOT_HERE);
    let all = report(&tablet, 1, 30).reach;
    assert_eq!((all.people, all.newcomers), (Number(18), Number(18)));
    assert_eq!(all.attendances, Number(26));
    // Twelve for five hours, fourteen for three and a half.
    assert_eq!(all.hours, Some(12.0 * 5.0 + 14.0 * 3.5));
    let here: Vec<_> = all
        .sessions
        .iter()
        .map(|one| (one.number, one.here))
        .collect();
    assert_eq!(here, [(1, Number(12)), (2, Number(14))]);
    assert_eq!(all.needs.len(), 1);
    assert_eq!(
        (all.needs[0].need, all.needs[0].people),
        (AccessNeed::Seating, Number(6))
    );
    let second = report(&tablet, 3, 30).reach;
    assert_eq!((second.people, second.newcomers), (Number(14), Number(6)));
    assert_eq!(report(&tablet, 5, 30).reach.sessions, []);
}

#[test]
fn small_counts_are_hidden_and_what_they_would_follow_from() {
    let mut tablet = with_people(16, 3);
    for number in 0..14 {
        mark(&mut tablet, FIRST, number, Mark::HERE);
    }
    for number in 0..3 {
        mark(&mut tablet, SECOND, number, Mark::HERE);
    }
    let reach = report(&tablet, 1, 30).reach;
    let here: Vec<_> = reach.sessions.iter().map(|one| one.here).collect();
    assert_eq!(here[1], Under(5));
    // With two sessions the small one would follow from the other and the total.
    assert!(
        here[0] == Hidden || reach.attendances == Hidden,
        "{reach:?}"
    );
    assert_eq!(reach.hours.is_some(), reach.attendances != Hidden);
    assert_eq!(reach.needs[0].people, Under(5));
}

#[test]
fn before_and_after_is_about_those_who_agreed_and_answered_both_times() {
    let mut tablet = with_people(20, 0);
    plan_wellbeing(&mut tablet);
    for number in 0..20 {
        mark(&mut tablet, FIRST, number, Mark::HERE);
        if number < 14 {
            tablet.agree(person(number), true);
        }
        let first = (FIRST, Moment::Baseline, june(2));
        survey(
            &mut tablet,
            number,
            first,
            if number % 2 == 0 { 4 } else { 5 },
        );
        // Two of those who agreed do not come to the end.
        if !(12..14).contains(&number) {
            survey(&mut tablet, number, (SECOND, Moment::End, june(4)), 7);
        }
    }
    let report = report(&tablet, 1, 30);
    let satisfied = &report.scales[0];
    assert_eq!(satisfied.matched, Number(12));
    let change = satisfied.change.as_ref().unwrap();
    assert_eq!((change.from.mean, change.to.mean), (4.5, 7.0));
    assert_eq!(satisfied.finding.movement, Some(Movement::Better));
    // Two left: neither their number nor what it follows from is told.
    assert_eq!(satisfied.completed, None);
    assert!(satisfied.completion.is_none_or(|completion| completion.left == Under(5)
        && completion.agreed != Number(14)));
    assert_eq!(satisfied.leavers_mean, None);
    // Six answered and never agreed.
    assert_eq!(report.left_out.len(), 1);
    assert_eq!(report.left_out[0].reason, Reason::NoConsent);
    assert_eq!(report.left_out[0].people, Number(6));
    // All twelve were in the low or the medium band and are in the high one.
    let bands = satisfied.bands.as_ref().unwrap();
    assert_eq!(bands.shown(0, 2), Number(6));
    assert_eq!(satisfied.reliable[0].improved, Number(12));
    // Everybody's anxiety rose as well, which is worse.
    assert_eq!(report.scales[3].finding.movement, Some(Movement::Worse));
}

fn give_out(tablet: &mut Tablet) {
    let casework = tablet.records.casework(PROGRAMME);
    let period = Period {
        from: june(1),
        to: june(30),
    };
    let policy = Policy::default();
    let (_, behind) = programme_report(tablet.delivery(), casework, period, policy);
    let given = Given {
        report: ReportId(1),
        period,
        issue: &behind.issue,
        to_whom: None,
        day: june(30),
    };
    let draft = given.draft(PROGRAMME).unwrap();
    tablet.record(draft);
}

/// Twelve people answered both times when a report was given out; the means of thirteen would tell what the
/// thirteenth said.
#[test]
fn a_scale_is_shown_anew_only_once_enough_people_answered_since_it_was_given_out() {
    let mut tablet = with_people(24, 0);
    plan_wellbeing(&mut tablet);
    let answer = |tablet: &mut Tablet, number, score| {
        tablet.agree(person(number), true);
        mark(tablet, FIRST, number, Mark::HERE);
        survey(tablet, number, (FIRST, Moment::Baseline, june(2)), 4);
        survey(tablet, number, (SECOND, Moment::End, june(4)), score);
    };
    for number in 0..12 {
        answer(&mut tablet, number, 7);
    }
    let before = report(&tablet, 1, 30);
    give_out(&mut tablet);
    // The same is shown as often as anybody likes.
    assert_eq!(report(&tablet, 1, 30).scales, before.scales);
    for number in 12..19 {
        answer(&mut tablet, number, 9);
        let held = report(&tablet, 1, 30);
        let satisfied = &held.scales[0];
        assert!(satisfied.is_held_back);
        assert_eq!((&satisfied.change, &satisfied.ranks), (&None, &None));
        assert!(satisfied.bands.is_none() && satisfied.reliable.is_empty());
        assert_eq!(
            (satisfied.finding.movement, satisfied.completed),
            (None, before.scales[0].completed)
        );
        // How many there are may be told: everything is about them.
        assert_eq!(
            satisfied.matched,
            Number(u32::try_from(number).unwrap() + 1)
        );
    }
    answer(&mut tablet, 19, 9);
    let after = report(&tablet, 1, 30);
    assert!(!after.scales[0].is_held_back);
    assert_eq!(after.scales[0].change.as_ref().unwrap().n, 20);
}

/// An answer that comes late leaves the mean of its session as it was given out.
#[test]
fn the_mean_of_a_session_stays_until_enough_people_said_more() {
    let mut tablet = with_people(10, 0);
    for response in 0..10 {
        pulse(&mut tablet, response, None, Day::Good);
    }
    give_out(&mut tablet);
    let mean = |tablet: &Tablet| report(tablet, 1, 30).pulse.sessions[0].day_mean;
    for response in 10..17 {
        pulse(&mut tablet, response, None, Day::VeryBad);
        assert_eq!(mean(&tablet), Some(4.0));
    }
    pulse(&mut tablet, 17, None, Day::VeryBad);
    let of_all = (40.0 + 8.0) / 18.0;
    assert!(mean(&tablet).is_some_and(|mean| (mean - of_all).abs() < 1e-9));
}

/// The district of the fifth who comes from there is not named in the next report: how many there were before
/// would follow.
#[test]
fn districts_are_those_that_the_report_before_named() {
    let mut tablet = with_people(40, 0);
    let come = |tablet: &mut Tablet, numbers: core::ops::Range<u64>, postcode: &str| {
        for number in numbers {
            tablet.agree(person(number), true);
            mark(tablet, FIRST, number, Mark::HERE);
            monitor(tablet, number, &[], postcode);
        }
    };
    come(&mut tablet, 0..12, "BA1 1AA");
    come(&mut tablet, 12..16, "BS1 1AA");
    come(&mut tablet, 16..20, "SN1 1AA");
    let named = |tablet: &Tablet| {
        let districts = report(tablet, 1, 30).monitoring.districts.unwrap();
        let names = districts.districts.iter();
        names.map(|(name, _)| name.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(named(&tablet), ["BA1"]);
    come(&mut tablet, 20..28, "BS1 1AA");
    assert_eq!(named(&tablet), ["BA1", "BS1"]);
    let mut tablet_before = with_people(40, 0);
    come(&mut tablet_before, 0..12, "BA1 1AA");
    come(&mut tablet_before, 12..16, "BS1 1AA");
    come(&mut tablet_before, 16..20, "SN1 1AA");
    give_out(&mut tablet_before);
    come(&mut tablet_before, 20..28, "BS1 1AA");
    assert_eq!(named(&tablet_before), ["BA1"]);
}

#[test]
fn too_few_for_a_mean_have_none() {
    let mut tablet = with_people(7, 0);
    plan_wellbeing(&mut tablet);
    for number in 0..7 {
        mark(&mut tablet, FIRST, number, Mark::HERE);
        tablet.agree(person(number), true);
        survey(&mut tablet, number, (FIRST, Moment::Baseline, june(2)), 4);
        survey(&mut tablet, number, (SECOND, Moment::End, june(4)), 7);
    }
    for scale in report(&tablet, 1, 30).scales {
        assert_eq!(scale.matched, Number(7));
        assert_eq!((scale.change, scale.ranks, scale.bands), (None, None, None));
        assert!(scale.reliable.is_empty());
        assert_eq!(scale.finding.movement, None);
    }
}

pub(super) fn pulse(tablet: &mut Tablet, response: u64, who: Option<u64>, day: Day) {
    tablet.record_body(
        &[],
        PulseAnswered {
            response: ResponseId(response),
            session: FIRST,
            person: who.map(person),
            language: Language::English,
            mode: None,
            finished: true,
            answers: Answers {
                day: Reply::Given(day),
                safe: Reply::Given(Felt::Yes),
                ..Answers::default()
            },
        },
    );
}

#[test]
fn how_a_day_was_counts_without_a_name_and_by_name_where_it_may() {
    let mut tablet = with_people(10, 0);
    for number in 0..10 {
        // Half of those who give their name agreed.
        if number < 5 {
            tablet.agree(person(number), true);
        }
        pulse(&mut tablet, number, Some(number), Day::VeryBad);
        pulse(&mut tablet, 100 + number, None, Day::VeryGood);
    }
    let pulse = report(&tablet, 1, 30).pulse;
    assert_eq!(pulse.day.total, Number(15));
    let each: Vec<(Day, Shown)> = pulse.day.each.clone();
    assert!(each.contains(&(Day::VeryGood, Number(10))));
    assert!(each.contains(&(Day::VeryBad, Number(5))));
    assert_eq!(pulse.felt.none, Number(0));
    let mean = pulse.sessions[0].day_mean.unwrap();
    assert!((mean - (10.0 * 5.0 + 5.0) / 15.0).abs() < 1e-9);
    assert_eq!(report(&tablet, 3, 30).pulse.sessions, []);
}

#[test]
fn how_many_agreed_is_not_told_where_few_did_not() {
    let mut tablet = with_people(20, 0);
    plan_wellbeing(&mut tablet);
    for number in 0..20 {
        mark(&mut tablet, FIRST, number, Mark::HERE);
        tablet.agree(person(number), true);
        survey(&mut tablet, number, (FIRST, Moment::Baseline, june(2)), 4);
        survey(&mut tablet, number, (SECOND, Moment::End, june(4)), 6);
    }
    // Ann and Bea are the two who were never asked.
    let satisfied = &report(&tablet, 1, 30).scales[0];
    assert_eq!(satisfied.matched, Number(20));
    assert_eq!(satisfied.completion, None);
    for person in [crate::records::testing::ANN, crate::records::testing::BEA] {
        tablet.agree(person, true);
    }
    // Now everybody agreed, and the two without answers are hidden among the others.
    let completion = report(&tablet, 1, 30).scales[0].completion;
    assert!(completion.is_none_or(|completion| completion.neither == Under(5)));
}

fn meet_need(tablet: &mut Tablet, number: u64, met: Met) {
    let seen = NeedSeenTo {
        person: person(number),
        need: AccessNeed::Seating,
        met,
    };
    let draft = see_to(&tablet.records, PROGRAMME, seen).unwrap();
    tablet.record(draft);
}

#[test]
fn barriers_are_counted_by_whether_they_were_met() {
    let mut tablet = with_people(40, 20);
    for number in 0..40 {
        mark(&mut tablet, FIRST, number, Mark::HERE);
    }
    for number in 0..12 {
        meet_need(&mut tablet, number, Met::Yes);
    }
    for number in 12..18 {
        meet_need(&mut tablet, number, Met::No);
    }
    let need = report(&tablet, 1, 30).reach.needs[0];
    // Of two nobody said: who they are would follow from the others and all.
    assert_eq!(need.not_said, Under(5));
    assert!([need.people, need.met, need.not_met].contains(&Hidden));
    assert_eq!(need.partly, Number(0));
    for number in 18..20 {
        meet_need(&mut tablet, number, Met::No);
    }
    let need = report(&tablet, 1, 30).reach.needs[0];
    let shown = (need.people, need.met, need.not_met, need.not_said);
    assert_eq!(shown, (Number(20), Number(12), Number(8), Number(0)));
}

#[test]
fn nothing_of_a_need_is_told_where_few_are_without_it() {
    let mut tablet = with_people(20, 18);
    for number in 0..20 {
        mark(&mut tablet, FIRST, number, Mark::HERE);
        if number < 18 {
            meet_need(&mut tablet, number, Met::Yes);
        }
    }
    let need = report(&tablet, 1, 30).reach.needs[0];
    assert_eq!((need.people, need.met), (Hidden, Hidden));
}

#[test]
fn where_people_moved_on_to_counts_those_who_agreed() {
    let mut tablet = with_people(20, 0);
    for number in 0..20 {
        if number < 16 {
            tablet.agree(person(number), true);
        }
        let to = if number < 8 {
            vec![Onward::Volunteering, Onward::Learning]
        } else {
            vec![Onward::NothingYet]
        };
        let moved = MovedOn {
            person: person(number),
            to,
            note: None,
            day: june(30),
        };
        let draft = move_on(&tablet.records, PROGRAMME, moved).unwrap();
        tablet.record(draft);
    }
    let onward = report(&tablet, 1, 30).onward;
    assert_eq!(onward.people, Number(16));
    assert_eq!(
        onward.to,
        [
            (Onward::Volunteering, Number(8)),
            (Onward::Learning, Number(8)),
            (Onward::NothingYet, Number(8)),
        ]
    );
    assert_eq!(report(&tablet, 1, 29).onward.people, Number(0));
}

#[test]
fn a_leaflet_tells_the_first_score_of_each_instrument_whatever_it_says() {
    let mut tablet = with_people(10, 0);
    plan_wellbeing(&mut tablet);
    for number in 0..10 {
        tablet.agree(person(number), true);
        mark(&mut tablet, FIRST, number, Mark::HERE);
        let high = if number % 2 == 0 { 8 } else { 9 };
        survey(
            &mut tablet,
            number,
            (FIRST, Moment::Baseline, june(2)),
            high,
        );
        survey(&mut tablet, number, (SECOND, Moment::End, june(4)), 5);
    }
    let report = report(&tablet, 2, 30);
    let catalogue = Catalogue::built_in();
    let chosen = leaflet(&report, &catalogue, tablet.delivery(), june(3));
    // ONS4 has four scores. It is life satisfaction that is told, though it fell.
    assert_eq!(chosen.findings.len(), 1);
    let told = &report.scales[chosen.findings[0]];
    assert_eq!(told.scale, 0);
    assert_eq!(told.finding.movement, Some(Movement::Worse));
    let next: Vec<_> = chosen.next.iter().map(|session| session.session).collect();
    assert_eq!(next, [SECOND]);
    assert!(chosen.quotes.is_empty());
    // Where no change may be published, nothing is told.
    let few = leaflet(
        &ProgrammeReport {
            scales: Vec::new(),
            ..report
        },
        &catalogue,
        tablet.delivery(),
        june(30),
    );
    assert!(few.findings.is_empty() && few.next.is_empty());
}

fn monitor(tablet: &mut Tablet, number: u64, said: &[(Characteristic, Choice)], postcode: &str) {
    let answered = MonitoringAnswered {
        person: person(number),
        said: said.iter().copied().collect(),
        district: District::typed(postcode).ok(),
        day: june(2),
    };
    let draft = answer_monitoring(&tablet.records, PROGRAMME, answered).unwrap();
    tablet.record(draft);
}

#[test]
fn who_was_reached_is_told_by_one_thing_at_a_time_and_no_small_count_follows() {
    use Characteristic::{Age, Gender};
    let mut tablet = with_people(30, 0);
    for number in 0..30 {
        if number < 28 {
            mark(&mut tablet, FIRST, number, Mark::HERE);
        }
        // Two who came did not agree.
        tablet.agree(person(number), number >= 2);
        let age = match number {
            2..10 => Choice::From65,
            10..13 => Choice::From75,
            _ => Choice::PreferNotToSay,
        };
        let gender = if number < 15 {
            Choice::Woman
        } else {
            Choice::Man
        };
        let postcode = if number < 20 { "SY9 5AB" } else { "LL57 2DG" };
        let postcode = if number == 5 { "ZE1 0AA" } else { postcode };
        monitor(
            &mut tablet,
            number,
            &[(Age, age), (Gender, gender)],
            postcode,
        );
    }
    let monitoring = report(&tablet, 1, 30).monitoring;
    let of = |asked| {
        let found = monitoring.characteristics.iter();
        found.clone().find(|one| one.asked == asked).unwrap()
    };
    let shown = |asked, choice| {
        let mut choices = of(asked).choices.iter();
        choices.find(|(one, _)| *one == choice).unwrap().1
    };
    // 28 came: 2 did not agree, 8 are 65 or over, 3 are 75 or over, 15 would rather not say.
    assert_eq!(shown(Age, Choice::From75), Under(5));
    assert_eq!(of(Age).not_said, Under(5));
    assert_eq!(shown(Age, Choice::From65), Number(8));
    assert_eq!(shown(Age, Choice::PreferNotToSay), Number(15));
    // 13 women and 13 men agreed; the two who did not are what is left of 28, so one more is hidden.
    assert_eq!(of(Gender).not_said, Under(5));
    let hidden = of(Gender)
        .choices
        .iter()
        .filter(|(_, shown)| *shown == Hidden);
    assert!(hidden.count() > 0, "{:?}", of(Gender));
    assert_eq!(
        monitoring.characteristics.len(),
        2,
        "what nobody answered is left out"
    );
    let districts = monitoring.districts.unwrap();
    let named: Vec<_> = districts
        .districts
        .iter()
        .map(|(one, _)| one.as_str())
        .collect();
    // One person lives on Shetland, and nothing says so.
    assert_eq!(named, ["LL57", "SY9"]);
    assert_eq!(districts.elsewhere, Under(5));
}
