use super::*;
use crate::event::{Body, check};
use crate::records::testing::{
    ANN, NOBODY, PROGRAMME, Tablet, june, tablet, text, time, two_tablets,
};

fn accident() -> AccidentReported {
    AccidentReported {
        accident: AccidentId(1),
        event: Event::Accident,
        affected: Affected::Participant,
        person: Some(ANN),
        name: None,
        day: june(2),
        time: time(11, 20),
        place: text("By the spoil heap"),
        what: text("Slipped on wet boards"),
        injury: Some(text("A grazed hand")),
        care: Care::FirstAid,
        care_by: Some(text("Siân")),
        action: Some(text("Boards taken up")),
        followed: None,
    }
}

fn followed(done: &str, reported: Option<&str>) -> Followed {
    Followed {
        done: text(done),
        reported: reported.map(text),
        day: june(3),
    }
}

fn reported(tablet: &mut Tablet, reported: AccidentReported) {
    let draft = report(&tablet.records, PROGRAMME, reported).unwrap();
    tablet.record(draft);
}

fn stands(tablet: &Tablet) -> Vec<(u64, bool)> {
    let casework = tablet.records.casework(PROGRAMME).unwrap();
    let all = casework.accidents.all().into_iter();
    all.map(|head| (head.value.accident.0, head.value.is_open()))
        .collect()
}

#[test]
fn a_coordinator_writes_what_came_of_it_and_the_report_stays_as_it_was_written() {
    let mut tablet = tablet();
    reported(&mut tablet, accident());
    let done = follow(
        &tablet.records,
        PROGRAMME,
        AccidentId(1),
        followed("New boards", None),
    );
    tablet.record(done.unwrap());
    let casework = tablet.records.casework(PROGRAMME).unwrap();
    let head = casework.accidents.get(AccidentId(1)).unwrap();
    let expected = AccidentReported {
        followed: Some(followed("New boards", None)),
        ..accident()
    };
    assert_eq!(head.value, expected);
    assert_eq!(casework.accidents.open(), 0);
    let again = |done| follow(&tablet.records, PROGRAMME, AccidentId(1), done).err();
    let same = Some(AccidentError::NothingToChange);
    assert_eq!(again(followed("New boards", None)), same);
    assert_eq!(again(followed("New boards", Some("HSE 4711"))), None);
    let nowhere = follow(
        &tablet.records,
        PROGRAMME,
        AccidentId(9),
        followed("New boards", None),
    );
    assert_eq!(nowhere.err(), Some(AccidentError::NotHere));
}

#[test]
fn what_nobody_has_looked_at_stands_first_and_of_it_the_latest() {
    let mut tablet = tablet();
    for (number, day) in [(1, 2), (2, 4), (3, 3)] {
        let one = AccidentReported {
            accident: AccidentId(number),
            day: june(day),
            ..accident()
        };
        reported(&mut tablet, one);
    }
    assert_eq!(stands(&tablet), [(2, true), (3, true), (1, true)]);
    let done = follow(
        &tablet.records,
        PROGRAMME,
        AccidentId(2),
        followed("New boards", None),
    );
    tablet.record(done.unwrap());
    assert_eq!(stands(&tablet), [(3, true), (1, true), (2, false)]);
}

#[test]
fn two_coordinators_who_write_at_once_lose_nothing() {
    let (mut one, mut other) = two_tablets();
    reported(&mut one, accident());
    other.hear(&one);
    for (tablet, done) in [(&mut one, "New boards"), (&mut other, "Rubber mats")] {
        let draft = follow(
            &tablet.records,
            PROGRAMME,
            AccidentId(1),
            followed(done, None),
        );
        tablet.record(draft.unwrap());
    }
    crate::records::testing::meet(&mut one, &mut other);
    let accidents = &one.records.casework(PROGRAMME).unwrap().accidents;
    let latest = accidents
        .get(AccidentId(1))
        .unwrap()
        .value
        .followed
        .as_ref();
    let others = accidents.others(AccidentId(1));
    let mut all: Vec<_> = others.chain(latest).map(|one| one.done.as_str()).collect();
    all.sort_unstable();
    assert_eq!(all, ["New boards", "Rubber mats"], "both stand there");
}

#[test]
fn of_a_near_miss_there_is_no_injury_and_whoever_was_hurt_is_named() {
    let tablet = tablet();
    let of = |change: fn(&mut AccidentReported)| {
        let mut reported = accident();
        change(&mut reported);
        report(&tablet.records, PROGRAMME, reported)
    };
    let near_miss = of(|one| {
        one.event = Event::NearMiss;
        one.affected = Affected::Nobody;
    });
    let near_miss = near_miss.unwrap();
    let Body::AccidentReported(kept) = &near_miss.body else {
        panic!("{near_miss:?}");
    };
    assert_eq!((&kept.injury, kept.care), (&None, Care::Nothing));
    assert_eq!((kept.person, &kept.care_by), (None, &None));
    assert_eq!(near_miss.body.subject(), None);
    let visitor = of(|one| {
        one.affected = Affected::Visitor;
        one.name = Some(text("A walker"));
    });
    assert_eq!(visitor.unwrap().body.subject(), None);
    assert_eq!(of(|_| {}).unwrap().body.subject(), Some(ANN));
    for (refused, error) in [
        (of(|one| one.person = None), AccidentError::NobodyNamed),
        (
            of(|one| one.affected = Affected::Nobody),
            AccidentError::NobodyNamed,
        ),
        (of(|one| one.injury = None), AccidentError::NoInjury),
        (
            of(|one| one.person = Some(PersonId(NOBODY))),
            AccidentError::NotHere,
        ),
    ] {
        assert_eq!(refused.err(), Some(error));
    }
}

#[test]
fn whoever_went_to_hospital_or_works_here_and_saw_a_doctor_may_have_to_be_reported() {
    let reportable = |affected, care| {
        let one = AccidentReported {
            affected,
            care,
            ..accident()
        };
        one.may_be_reportable()
    };
    for (affected, care, expected) in [
        (Affected::Participant, Care::FirstAid, false),
        (Affected::Participant, Care::Doctor, false),
        (Affected::Participant, Care::Hospital, true),
        (Affected::Visitor, Care::Hospital, true),
        (Affected::Staff, Care::FirstAid, false),
        (Affected::Staff, Care::Doctor, true),
    ] {
        assert_eq!(
            reportable(affected, care),
            expected,
            "{affected:?} {care:?}"
        );
    }
    let near_miss = AccidentReported {
        event: Event::NearMiss,
        care: Care::Hospital,
        ..accident()
    };
    assert!(!near_miss.may_be_reportable());
}

#[test]
fn a_record_that_follows_nothing_or_reports_over_something_is_set_aside() {
    let mut tablet = tablet();
    let first = report(&tablet.records, PROGRAMME, accident()).unwrap();
    let id = tablet.record(first.clone());
    let placed = |draft: Draft| draft.place(id, crate::clock::Hlc::ZERO, None);
    assert_eq!(check(&placed(first.clone())), Ok(()));
    let over = Draft {
        supersedes: vec![EventId { n: 77, ..id }],
        ..first.clone()
    };
    assert!(check(&placed(over)).is_err());
    let of_nothing = Draft {
        body: AccidentReported {
            followed: Some(followed("New boards", None)),
            ..accident()
        }
        .into(),
        ..first
    };
    assert!(check(&placed(of_nothing)).is_err());
}
