use super::*;
use crate::disclosure::Policy;
use crate::disclosure::Shown::{Number, Under};
use crate::evaluation::Period;
use crate::records::testing::{ANN, BEA, NOBODY, PROGRAMME, Tablet, enrolled, june, tablet, text};
use crate::reporting::{ProgrammeReport, programme_report};

const STAR: (Score, Score) = (Score::points(1), Score::points(5));

fn scored(score: u64, person: PersonId, moment: Moment, figure: i32) -> ScoredElsewhere {
    ScoredElsewhere {
        score: ScoreId(score),
        person,
        tool: text("Well-being Star"),
        area: text("Lifestyle"),
        figure: Score::points(figure),
        range: STAR,
        moment,
        day: june(2),
        licence_holder: text("Mendip Link Workers"),
        is_taken_out: false,
    }
}

fn record(tablet: &mut Tablet, scored: ScoredElsewhere) {
    let draft = score_elsewhere(&tablet.records, PROGRAMME, scored).unwrap();
    tablet.record(draft);
}

fn refused(tablet: &Tablet, scored: ScoredElsewhere) -> Option<ElsewhereError> {
    score_elsewhere(&tablet.records, PROGRAMME, scored).err()
}

#[test]
fn a_score_lies_in_the_range_of_its_tool() {
    let tablet = tablet();
    let of = |figure, range| ScoredElsewhere {
        range,
        ..scored(1, ANN, Moment::Baseline, figure)
    };
    assert_eq!(refused(&tablet, of(5, STAR)), None);
    assert_eq!(
        refused(&tablet, of(6, STAR)),
        Some(ElsewhereError::OutsideRange)
    );
    assert_eq!(
        refused(&tablet, of(0, STAR)),
        Some(ElsewhereError::OutsideRange)
    );
    let none = (Score::points(5), Score::points(5));
    assert_eq!(refused(&tablet, of(5, none)), Some(ElsewhereError::NoRange));
    let nobody = scored(1, PersonId(NOBODY), Moment::Baseline, 3);
    assert_eq!(refused(&tablet, nobody), Some(ElsewhereError::NoPerson));
}

#[test]
fn one_score_for_each_person_tool_area_and_moment_however_it_is_written() {
    let mut tablet = tablet();
    record(&mut tablet, scored(1, ANN, Moment::Baseline, 2));
    let again = ScoredElsewhere {
        tool: text("WELL-BEING STAR"),
        ..scored(2, ANN, Moment::Baseline, 3)
    };
    assert_eq!(refused(&tablet, again), Some(ElsewhereError::Twice));
    record(&mut tablet, scored(3, ANN, Moment::End, 4));
    record(&mut tablet, scored(4, BEA, Moment::Baseline, 4));
    let other = ScoredElsewhere {
        area: text("Money"),
        ..scored(5, ANN, Moment::Baseline, 3)
    };
    record(&mut tablet, other);
    let casework = tablet.records.casework(PROGRAMME).unwrap();
    assert_eq!(casework.elsewhere.all().len(), 4);
    assert_eq!(casework.elsewhere.last().unwrap().value.score, ScoreId(5));
    let listed = elsewhere_list(tablet.delivery(), Some(casework));
    let listed: Vec<_> = listed
        .iter()
        .map(|line| (line.name.as_str(), line.scores))
        .collect();
    assert_eq!(listed, [("Ann", 3), ("bea", 1)]);
}

#[test]
fn a_score_that_was_a_mistake_is_taken_out_and_written_down_anew() {
    let mut tablet = tablet();
    record(&mut tablet, scored(1, ANN, Moment::Baseline, 2));
    let draft = take_score_out(&tablet.records, PROGRAMME, ScoreId(1)).unwrap();
    tablet.record(draft);
    assert_eq!(
        tablet.records.casework(PROGRAMME).unwrap().elsewhere.all(),
        Vec::<&Head<_>>::new()
    );
    for score in [1, 404] {
        let refused = take_score_out(&tablet.records, PROGRAMME, ScoreId(score));
        assert_eq!(refused.err(), Some(ElsewhereError::NoScore));
    }
    record(&mut tablet, scored(2, ANN, Moment::Baseline, 3));
}

#[test]
fn figures_are_typed_with_a_point_or_a_comma() {
    for (typed, hundredths) in [
        ("3", 300),
        (" 4.5 ", 450),
        ("4,25", 425),
        ("0.05", 5),
        ("-2", -200),
        ("−1.5", -150),
        ("10000", 1_000_000),
    ] {
        assert_eq!(parse_figure(typed), Some(Score(hundredths)), "{typed}");
    }
    for typed in [
        "",
        "-",
        "3.",
        ".5",
        "3.125",
        "3 4",
        "10001",
        "1e3",
        "five",
        "٣",
        "4.5.6",
        "99999999999",
    ] {
        assert_eq!(parse_figure(typed), None, "{typed}");
    }
}

fn report(tablet: &Tablet) -> ProgrammeReport {
    let casework = tablet.records.casework(PROGRAMME);
    let period = Period {
        from: june(1),
        to: june(30),
    };
    programme_report(tablet.delivery(), casework, period, Policy::default()).0
}

#[test]
fn a_report_counts_which_way_they_moved_of_those_who_agreed_and_each_area_alone() {
    let mut tablet = tablet();
    for number in 0..16 {
        let person = PersonId(1_000 + number);
        tablet.record_body(&[], enrolled(person, &format!("P{number}")));
        if number < 14 {
            tablet.agree(person, true);
        }
        record(&mut tablet, scored(number, person, Moment::Baseline, 2));
        let end = if number < 7 { 4 } else { 2 };
        if number != 13 {
            record(&mut tablet, scored(100 + number, person, Moment::End, end));
        }
    }
    let other = ScoredElsewhere {
        area: text("Money"),
        ..scored(500, PersonId(1_000), Moment::Baseline, 3)
    };
    record(&mut tablet, other);
    let figures = report(&tablet).elsewhere;
    assert_eq!(figures.len(), 2);
    let lifestyle = &figures[0];
    assert_eq!(lifestyle.people, Number(14));
    let moved = [
        lifestyle.higher,
        lifestyle.same,
        lifestyle.lower,
        lifestyle.both,
    ];
    assert_eq!(moved, [Number(7), Number(6), Number(0), Number(13)]);
    assert_eq!(
        (figures[1].area.as_str(), figures[1].people),
        ("Money", Under(5))
    );
}
