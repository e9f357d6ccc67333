use super::*;
use crate::records::testing::{
    ANN, BEA, NOBODY, PROGRAMME, Tablet, june, meet, tablet, two_tablets,
};

fn said(person: PersonId, said: &[(Characteristic, Choice)]) -> MonitoringAnswered {
    MonitoringAnswered {
        person,
        said: said.iter().copied().collect(),
        district: None,
        day: june(2),
    }
}

fn answer(tablet: &mut Tablet, answered: MonitoringAnswered) -> Result<(), MonitoringError> {
    let draft = answer_monitoring(&tablet.records, PROGRAMME, answered)?;
    tablet.record(draft);
    Ok(())
}

fn stands(tablet: &Tablet, person: PersonId) -> Option<MonitoringAnswered> {
    let casework = tablet.records.casework(PROGRAMME)?;
    let stands = casework.monitoring.get(person);
    stands.map(|head| head.value.clone())
}

#[test]
fn every_choice_answers_one_thing_and_prefer_not_to_say_everything() {
    let mut seen = 0;
    for asked in Characteristic::ALL {
        let choices: Vec<_> = asked.choices().collect();
        assert_eq!(choices.last(), Some(&Choice::PreferNotToSay));
        assert!(choices.len() > 3);
        seen += choices.len() - 1;
    }
    assert_eq!(
        seen,
        Choice::ALL.len() - 1,
        "none is left out, none is twice"
    );
}

#[test]
fn somebody_says_something_says_it_otherwise_and_takes_it_back() {
    use Characteristic::{Age, Gender};
    let mut tablet = tablet();
    let nothing = said(ANN, &[]);
    assert_eq!(
        answer(&mut tablet, nothing.clone()),
        Err(MonitoringError::NothingToChange)
    );
    let first = said(
        ANN,
        &[(Age, Choice::From65), (Gender, Choice::PreferNotToSay)],
    );
    answer(&mut tablet, first.clone()).unwrap();
    assert_eq!(stands(&tablet, ANN), Some(first.clone()));
    // The same on another day is no news.
    let again = MonitoringAnswered {
        day: june(4),
        ..first
    };
    assert_eq!(
        answer(&mut tablet, again),
        Err(MonitoringError::NothingToChange)
    );
    answer(&mut tablet, said(ANN, &[(Age, Choice::From75)])).unwrap();
    answer(&mut tablet, nothing).unwrap();
    assert_eq!(stands(&tablet, ANN), None);
}

#[test]
fn an_answer_to_another_question_and_of_nobody_is_not_taken() {
    let mut tablet = tablet();
    let mixed = said(ANN, &[(Characteristic::Age, Choice::Woman)]);
    assert_eq!(answer(&mut tablet, mixed), Err(MonitoringError::Mismatch));
    let nobody = said(PersonId(NOBODY), &[(Characteristic::Age, Choice::From18)]);
    assert_eq!(answer(&mut tablet, nobody), Err(MonitoringError::NoPerson));
}

#[test]
fn the_list_has_those_first_who_were_not_asked() {
    let (mut one, mut other) = two_tablets();
    answer(
        &mut one,
        said(ANN, &[(Characteristic::Age, Choice::From18)]),
    )
    .unwrap();
    meet(&mut one, &mut other);
    let list = monitoring_list(other.delivery(), other.records.casework(PROGRAMME));
    let list: Vec<_> = list.iter().map(|line| (line.person, line.asked)).collect();
    assert_eq!(list, [(BEA, false), (ANN, true)]);
}
