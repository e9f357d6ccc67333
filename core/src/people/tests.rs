use super::*;
use crate::attendance::{Mark, register_rows};
use crate::event::Body;
use crate::ids::{ProgrammeId, SessionId};
use crate::records::testing::{
    ANN, BEA, NOBODY, PROGRAMME, SECOND, details, june, meet, tablet, text, two_tablets,
};

const NEW: PersonId = PersonId(700);

fn contact() -> Contact {
    Contact {
        name: text("Gwen"),
        relation: Some(text("daughter")),
        phone: text("01632 960 123"),
    }
}

#[test]
fn a_walk_in_is_a_person_and_a_mark_saved_together() {
    let mut tablet = tablet();
    let drafts = add_walk_in(&tablet.records, PROGRAMME, SECOND, NEW, text("Zac")).unwrap();
    let kinds: Vec<_> = drafts.iter().map(|draft| draft.body.kind().0).collect();
    assert_eq!(
        kinds,
        [20, 30],
        "the person comes first, so that no reader sees a mark for nobody"
    );
    tablet.keep(drafts);
    let person = tablet.delivery().person(NEW).unwrap();
    assert_eq!(person.joined, Joined::WalkIn);
    assert_eq!((person.from, person.until), (june(4), None));
    let rows = register_rows(tablet.delivery(), SECOND);
    let row = rows.iter().find(|row| row.person == NEW).unwrap();
    assert_eq!((row.mark(), row.first_day), (&Mark::HERE, true));
}

#[test]
fn a_walk_in_needs_a_session_that_the_tablet_holds() {
    let tablet = tablet();
    for (programme, session) in [
        (PROGRAMME, SessionId(NOBODY)),
        (ProgrammeId(NOBODY), SECOND),
    ] {
        let refused = add_walk_in(&tablet.records, programme, session, NEW, text("Zac"));
        assert_eq!(refused, Err(AddError::NoSession));
    }
}

#[test]
fn details_are_needed_until_there_is_somebody_to_call() {
    let mut tablet = tablet();
    assert!(tablet.delivery().person(ANN).unwrap().details_needed());
    let learned = PersonDetails {
        emergency: Some(contact()),
        ..details("Ann")
    };
    let draft = change_details(&tablet.records, PROGRAMME, ANN, learned.clone()).unwrap();
    tablet.record(draft);
    let person = tablet.delivery().person(ANN).unwrap();
    assert!(!person.details_needed());
    assert_eq!(person.details, learned);
    assert_eq!(
        (person.joined, person.from),
        (Joined::Enrolled, june(2)),
        "the rest stays"
    );
}

#[test]
fn a_supporter_alone_is_nobody_to_call() {
    let supported = PersonRecorded {
        details: PersonDetails {
            supporter: Some(contact()),
            ..details("Ann")
        },
        ..crate::records::testing::enrolled(ANN, "Ann")
    };
    assert!(supported.details_needed());
}

#[test]
fn a_change_replaces_every_version_that_the_tablet_knows_of() {
    let (mut one, mut other) = two_tablets();
    for (tablet, name) in [(&mut one, "Annie"), (&mut other, "Anwen")] {
        let draft = change_details(&tablet.records, PROGRAMME, BEA, details(name)).unwrap();
        tablet.record(draft);
    }
    meet(&mut one, &mut other);
    assert_eq!(one.delivery().person_heads(BEA).unwrap().heads().len(), 2);
    let draft = change_details(&one.records, PROGRAMME, BEA, details("Bea")).unwrap();
    one.record(draft);
    meet(&mut one, &mut other);
    assert_eq!(other.delivery().person_heads(BEA).unwrap().heads().len(), 1);
    let nobody = change_details(&one.records, PROGRAMME, PersonId(NOBODY), details("X"));
    assert_eq!(nobody, Err(AddError::NoPerson));
}

#[test]
fn a_walk_in_is_the_same_kind_of_record_as_anybody() {
    let tablet = tablet();
    let [person, _] = add_walk_in(&tablet.records, PROGRAMME, SECOND, NEW, text("Zac")).unwrap();
    let Body::PersonRecorded(recorded) = person.body else {
        panic!("a person");
    };
    assert!(recorded.details_needed());
    assert_eq!(recorded.person, NEW);
}
