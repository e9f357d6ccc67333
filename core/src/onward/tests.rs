use super::*;
use crate::records::testing::{ANN, NOBODY, PROGRAMME, june, tablet};

fn to(person: PersonId, to: &[Onward]) -> MovedOn {
    MovedOn {
        person,
        to: to.to_vec(),
        note: None,
        day: june(30),
    }
}

#[test]
fn somebody_moves_on_to_several_things_and_later_to_others() {
    let mut tablet = tablet();
    let first = to(
        ANN,
        &[Onward::Learning, Onward::Volunteering, Onward::Learning],
    );
    let draft = move_on(&tablet.records, PROGRAMME, first.clone()).unwrap();
    tablet.record(draft);
    let again = move_on(&tablet.records, PROGRAMME, first);
    assert_eq!(again.err(), Some(OnwardError::NothingToChange));
    let later = to(ANN, &[Onward::PaidWork]);
    let draft = move_on(&tablet.records, PROGRAMME, later).unwrap();
    tablet.record(draft);
    let casework = tablet.records.casework(PROGRAMME).unwrap();
    let stands = casework.onward.get(ANN).unwrap();
    assert_eq!(stands.value.to, [Onward::PaidWork]);
    assert_eq!(casework.onward.all().count(), 1);
    let list = onward_list(tablet.delivery(), Some(casework));
    let names: Vec<_> = list.iter().map(|line| line.name.as_str()).collect();
    assert_eq!(names, ["bea", "Ann"], "Bea was not asked");
    assert_eq!(list[1].to, [Onward::PaidWork]);
}

#[test]
fn what_makes_no_sense_is_not_taken() {
    let tablet = tablet();
    for (moved, error) in [
        (
            to(PersonId(NOBODY), &[Onward::PaidWork]),
            OnwardError::NoPerson,
        ),
        (to(ANN, &[]), OnwardError::Nothing),
        (
            to(ANN, &[Onward::NothingYet, Onward::Heritage]),
            OnwardError::Contradiction,
        ),
        (
            to(ANN, &[Onward::NothingYet, Onward::NotReached]),
            OnwardError::Contradiction,
        ),
    ] {
        let refused = move_on(&tablet.records, PROGRAMME, moved);
        assert_eq!(refused.err(), Some(error));
    }
}
