use super::*;
use crate::ids::{PersonId, SessionId};
use crate::people::{Joined, PersonRecorded, add_walk_in};
use crate::programme::SessionDay;
use crate::records::testing::{
    ANN, BEA, FIRST, NOBODY, PROGRAMME, SECOND, Tablet, details, enrolled, june, meet, tablet,
    text, time, two_tablets,
};

fn tap(tablet: &mut Tablet, person: PersonId, what: Mark) -> crate::ids::EventId {
    let draft = mark(&tablet.records, PROGRAMME, FIRST, person, what, None).unwrap();
    tablet.record(draft)
}

fn shown(tablet: &Tablet, person: PersonId) -> Mark {
    let standing = tablet.delivery().attendance.standing(FIRST, person);
    standing
        .shown()
        .map_or(Mark::Unmarked, |head| head.value.mark.clone())
}

fn needs_choice(tablet: &Tablet, person: PersonId) -> bool {
    let standing = tablet.delivery().attendance.standing(FIRST, person);
    standing.needs_choice()
}

fn names(rows: &[Row<'_>]) -> Vec<String> {
    rows.iter()
        .map(|row| row.details.details.preferred_name.to_string())
        .collect()
}

fn until(left: (u16, u16)) -> Mark {
    Mark::Here(Presence {
        late: None,
        left: Some(time(left.0, left.1)),
    })
}

#[test]
fn a_mark_is_shown_and_the_next_one_replaces_it() {
    let mut tablet = tablet();
    for what in [Mark::HERE, Mark::NOT_HERE, until((12, 0)), Mark::HERE] {
        tap(&mut tablet, ANN, what.clone());
        assert_eq!(shown(&tablet, ANN), what);
        let heads = tablet.delivery().attendance.heads(FIRST, ANN).unwrap();
        assert_eq!(
            heads.heads().len(),
            1,
            "one tablet never disagrees with itself"
        );
    }
    assert_eq!(shown(&tablet, BEA), Mark::Unmarked);
}

#[test]
fn undo_makes_a_person_unmarked_once() {
    let mut tablet = tablet();
    let take_back = |tablet: &Tablet| undo(&tablet.records, PROGRAMME, FIRST, ANN);
    assert_eq!(take_back(&tablet), Err(MarkError::NothingToChange));
    tap(&mut tablet, ANN, Mark::HERE);
    let draft = take_back(&tablet).unwrap();
    tablet.record(draft);
    assert_eq!(shown(&tablet, ANN), Mark::Unmarked);
    assert_eq!(take_back(&tablet), Err(MarkError::NothingToChange));
}

#[test]
fn a_mark_needs_a_session_a_person_and_a_day_that_runs_forward() {
    let tablet = tablet();
    let try_mark = |programme, session, person, what| {
        mark(&tablet.records, programme, session, person, what, None).map(drop)
    };
    let stay = |late, left| {
        Mark::Here(Presence {
            late: Some(late),
            left: Some(left),
        })
    };
    let elsewhere = crate::ids::ProgrammeId(NOBODY);
    let no_session = Err(MarkError::NoSession);
    let no_person = Err(MarkError::NoPerson);
    let backwards = Err(MarkError::LeftBeforeArriving);
    let (ten, noon) = (time(10, 0), time(12, 0));
    for (case, result, expected) in [
        (
            "other programme",
            try_mark(elsewhere, FIRST, ANN, Mark::HERE),
            no_session,
        ),
        (
            "other session",
            try_mark(PROGRAMME, SessionId(NOBODY), ANN, Mark::HERE),
            no_session,
        ),
        (
            "nobody",
            try_mark(PROGRAMME, FIRST, PersonId(NOBODY), Mark::HERE),
            no_person,
        ),
        (
            "left first",
            try_mark(PROGRAMME, FIRST, ANN, stay(noon, ten)),
            backwards,
        ),
        (
            "left at once",
            try_mark(PROGRAMME, FIRST, ANN, stay(noon, noon)),
            Ok(()),
        ),
        (
            "stayed",
            try_mark(PROGRAMME, FIRST, ANN, stay(ten, noon)),
            Ok(()),
        ),
    ] {
        assert_eq!(result, expected, "{case}");
    }
}

#[test]
fn marking_the_rest_touches_rows_without_a_mark_and_no_others() {
    let (mut one, mut other) = two_tablets();
    let cai = PersonId(303);
    one.record_body(&[], enrolled(cai, "Cai"));
    other.hear(&one);
    tap(&mut one, ANN, Mark::NOT_HERE);
    tap(&mut one, BEA, Mark::HERE);
    tap(&mut other, BEA, Mark::NOT_HERE);
    meet(&mut one, &mut other);
    assert!(needs_choice(&one, BEA));
    let rest = mark_the_rest(&one.records, PROGRAMME, FIRST);
    let marked: Vec<_> = rest.iter().map(|draft| draft.body.subject()).collect();
    assert_eq!(
        marked,
        [Some(cai)],
        "neither who is away nor who is to be checked"
    );
    for draft in rest {
        one.record(draft);
    }
    assert_eq!(shown(&one, cai), Mark::HERE);
    assert_eq!(mark_the_rest(&one.records, PROGRAMME, FIRST), []);
    assert_eq!(
        mark_the_rest(&one.records, PROGRAMME, SessionId(NOBODY)),
        []
    );
}

#[test]
fn a_row_to_be_checked_is_not_of_the_rest_even_where_it_shows_no_mark() {
    let (mut one, mut other) = two_tablets();
    tap(&mut one, ANN, Mark::NOT_HERE);
    other.hear(&one);
    tap(&mut one, ANN, Mark::HERE);
    other.now += 60_000;
    let draft = undo(&other.records, PROGRAMME, FIRST, ANN).unwrap();
    other.record(draft);
    meet(&mut one, &mut other);
    assert!(needs_choice(&one, ANN));
    assert_eq!(shown(&one, ANN), Mark::Unmarked);
    let rest = mark_the_rest(&one.records, PROGRAMME, FIRST);
    let marked: Vec<_> = rest.iter().map(|draft| draft.body.subject()).collect();
    assert_eq!(marked, [Some(BEA)]);
}

#[test]
fn a_mark_that_was_taken_back_belongs_to_the_rest() {
    let mut tablet = tablet();
    tap(&mut tablet, ANN, Mark::HERE);
    let draft = undo(&tablet.records, PROGRAMME, FIRST, ANN).unwrap();
    let undone = tablet.record(draft);
    let rest = mark_the_rest(&tablet.records, PROGRAMME, FIRST);
    let of_ann = rest.iter().find(|draft| draft.body.subject() == Some(ANN));
    assert_eq!(of_ann.unwrap().supersedes, [undone]);
}

#[test]
fn two_tablets_that_differ_show_the_later_and_ask_for_a_choice() {
    let (mut one, mut other) = two_tablets();
    other.now += 60_000;
    tap(&mut one, ANN, Mark::HERE);
    tap(&mut other, ANN, Mark::NOT_HERE);
    meet(&mut one, &mut other);
    assert!(needs_choice(&one, ANN));
    assert_eq!(shown(&one, ANN), Mark::NOT_HERE);
    assert_eq!(shown(&other, ANN), Mark::NOT_HERE);
    let to_check = one.delivery().attendance.to_check().count();
    assert_eq!(to_check, 1);
}

#[test]
fn two_tablets_that_agree_ask_for_nothing() {
    let (mut one, mut other) = two_tablets();
    tap(&mut one, ANN, Mark::HERE);
    tap(&mut other, ANN, Mark::HERE);
    meet(&mut one, &mut other);
    assert!(!needs_choice(&one, ANN));
    tap(&mut one, ANN, Mark::NOT_HERE);
    meet(&mut one, &mut other);
    assert_eq!(
        shown(&other, ANN),
        Mark::NOT_HERE,
        "the next mark replaces both"
    );
    assert!(!needs_choice(&other, ANN));
}

#[test]
fn a_choice_settles_it_on_both_tablets_whichever_was_chosen() {
    for choose_first in [true, false] {
        let (mut one, mut other) = two_tablets();
        let here = tap(&mut one, ANN, Mark::HERE);
        let away = tap(&mut other, ANN, Mark::NOT_HERE);
        meet(&mut one, &mut other);
        let (chosen, mark) = if choose_first {
            (here, Mark::HERE)
        } else {
            (away, Mark::NOT_HERE)
        };
        let draft = settle(&one.records, PROGRAMME, FIRST, ANN, chosen).unwrap();
        one.record(draft);
        meet(&mut one, &mut other);
        assert_eq!(shown(&other, ANN), mark);
        assert!(!needs_choice(&other, ANN));
    }
}

#[test]
fn a_choice_that_was_taken_back_is_open_again_on_both_tablets() {
    let (mut one, mut other) = two_tablets();
    let here = tap(&mut one, ANN, Mark::HERE);
    tap(&mut other, ANN, Mark::NOT_HERE);
    meet(&mut one, &mut other);
    let heads = one.delivery().attendance.heads(FIRST, ANN).unwrap();
    let before: Vec<_> = heads
        .heads()
        .iter()
        .map(|head| head.value.clone())
        .collect();
    let draft = settle(&one.records, PROGRAMME, FIRST, ANN, here).unwrap();
    one.record(draft);
    for draft in take_choice_back(&one.records, PROGRAMME, &before).unwrap() {
        one.record(draft);
    }
    meet(&mut one, &mut other);
    for tablet in [&one, &other] {
        assert!(needs_choice(tablet, ANN));
        let heads = tablet.delivery().attendance.heads(FIRST, ANN).unwrap();
        assert_eq!(heads.heads().len(), 2);
    }
    let alike = &before[..1];
    let nothing = take_choice_back(&one.records, PROGRAMME, alike).map(drop);
    assert_eq!(nothing, Err(MarkError::NothingToChange));
}

#[test]
fn only_a_mark_that_stands_and_differs_can_be_chosen() {
    let (mut one, mut other) = two_tablets();
    let try_settle =
        |tablet: &Tablet, chosen| settle(&tablet.records, PROGRAMME, FIRST, ANN, chosen).map(drop);
    let replaced = tap(&mut one, ANN, Mark::HERE);
    assert_eq!(
        try_settle(&one, replaced),
        Err(MarkError::NothingToChange),
        "no difference"
    );
    let away = tap(&mut one, ANN, Mark::NOT_HERE);
    tap(&mut other, ANN, Mark::HERE);
    meet(&mut one, &mut other);
    assert_eq!(
        try_settle(&one, replaced),
        Err(MarkError::NothingToChange),
        "no longer stands"
    );
    assert_eq!(try_settle(&one, away), Ok(()));
}

#[test]
fn two_choices_made_at_once_are_a_difference_only_if_they_differ() {
    for (agree, differs) in [(true, false), (false, true)] {
        let (mut one, mut other) = two_tablets();
        let here = tap(&mut one, ANN, Mark::HERE);
        let away = tap(&mut other, ANN, Mark::NOT_HERE);
        meet(&mut one, &mut other);
        let first = settle(&one.records, PROGRAMME, FIRST, ANN, here).unwrap();
        let chosen = if agree { here } else { away };
        let second = settle(&other.records, PROGRAMME, FIRST, ANN, chosen).unwrap();
        one.record(first);
        other.record(second);
        meet(&mut one, &mut other);
        assert_eq!(needs_choice(&one, ANN), differs);
    }
}

#[test]
fn a_register_holds_who_was_expected_on_its_day_and_who_was_marked() {
    let mut tablet = tablet();
    let person = |id, name, from, until| PersonRecorded {
        from: june(from),
        until,
        ..enrolled(PersonId(id), name)
    };
    tablet.record_body(&[], person(311, "Came later", 3, None));
    tablet.record_body(&[], person(312, "Left before", 1, Some(june(1))));
    tablet.record_body(&[], person(313, "Last day", 1, Some(june(2))));
    tablet.record_body(&[], person(314, "Came early", 4, None));
    let early = mark(
        &tablet.records,
        PROGRAMME,
        FIRST,
        PersonId(314),
        Mark::HERE,
        None,
    );
    tablet.record(early.unwrap());
    let first = register_rows(tablet.delivery(), FIRST);
    assert_eq!(names(&first), ["Ann", "bea", "Came early", "Last day"]);
    let second = register_rows(tablet.delivery(), SECOND);
    assert_eq!(names(&second), ["Ann", "bea", "Came early", "Came later"]);
    assert_eq!(register_rows(tablet.delivery(), SessionId(NOBODY)), []);
}

#[test]
fn an_old_register_keeps_who_left_since() {
    let mut tablet = tablet();
    let known = tablet.delivery().person_heads(ANN).unwrap().ids();
    let left = PersonRecorded {
        until: Some(june(3)),
        ..enrolled(ANN, "Ann")
    };
    tablet.record_body(&known, left);
    assert_eq!(
        names(&register_rows(tablet.delivery(), FIRST)),
        ["Ann", "bea"]
    );
    assert_eq!(names(&register_rows(tablet.delivery(), SECOND)), ["bea"]);
}

#[test]
fn on_site_is_who_arrived_and_has_not_left() {
    let late = Mark::Here(Presence {
        late: Some(time(11, 0)),
        left: None,
    });
    for (what, on) in [
        (Mark::HERE, true),
        (late, true),
        (until((12, 0)), false),
        (Mark::NOT_HERE, false),
        (Mark::Unmarked, false),
    ] {
        let mut tablet = tablet();
        tap(&mut tablet, ANN, what.clone());
        let there = names(&on_site(tablet.delivery(), FIRST));
        assert_eq!(there == ["Ann"], on, "{what:?}");
    }
}

#[test]
fn whoever_one_of_two_tablets_saw_counts_as_on_site() {
    for (one_says, other_says, on) in [
        (Mark::HERE, Mark::NOT_HERE, true),
        (until((12, 0)), Mark::HERE, true),
        (until((12, 0)), Mark::NOT_HERE, false),
    ] {
        let (mut one, mut other) = two_tablets();
        other.now += 60_000;
        tap(&mut one, ANN, one_says.clone());
        tap(&mut other, ANN, other_says.clone());
        meet(&mut one, &mut other);
        let there = names(&on_site(one.delivery(), FIRST));
        assert_eq!(there == ["Ann"], on, "{one_says:?} against {other_says:?}");
    }
}

#[test]
fn the_summary_counts_each_row_once_and_first_time_walk_ins_apart() {
    let (mut one, mut other) = two_tablets();
    let walk_in = |tablet: &mut Tablet, id, name| {
        let drafts = add_walk_in(&tablet.records, PROGRAMME, FIRST, PersonId(id), text(name));
        tablet.keep(drafts.unwrap());
    };
    walk_in(&mut one, 321, "Dai");
    walk_in(&mut one, 322, "Efa");
    other.hear(&one);
    tap(&mut one, PersonId(322), Mark::Unmarked);
    tap(&mut one, ANN, Mark::HERE);
    tap(&mut other, ANN, Mark::NOT_HERE);
    meet(&mut one, &mut other);
    let first = summary(&register_rows(one.delivery(), FIRST));
    assert_eq!(first.here + first.not_here + first.to_mark, 4);
    assert_eq!((first.to_mark, first.to_check, first.walk_ins), (2, 1, 1));
    let back = mark(
        &one.records,
        PROGRAMME,
        SECOND,
        PersonId(321),
        Mark::HERE,
        None,
    )
    .unwrap();
    one.record(back);
    let second = summary(&register_rows(one.delivery(), SECOND));
    let expected = Summary {
        here: 1,
        to_mark: 3,
        ..Summary::default()
    };
    assert_eq!(second, expected, "who came back is no walk-in any more");
    assert_eq!(summary(&[]), Summary::default());
}

#[test]
fn a_walk_in_without_details_stands_on_the_register_by_name() {
    let mut tablet = tablet();
    let person = PersonRecorded {
        joined: Joined::WalkIn,
        details: details("Zac"),
        ..enrolled(PersonId(330), "Zac")
    };
    tablet.record_body(&[], person);
    assert_eq!(
        names(&register_rows(tablet.delivery(), FIRST)),
        ["Ann", "bea", "Zac"]
    );
}

#[test]
fn a_note_alone_is_a_difference_to_be_looked_at() {
    let (mut one, mut other) = two_tablets();
    tap(&mut one, ANN, Mark::HERE);
    let noted = Some(text("Used the quiet tent."));
    let draft = mark(&other.records, PROGRAMME, FIRST, ANN, Mark::HERE, noted).unwrap();
    other.record(draft);
    meet(&mut one, &mut other);
    assert!(needs_choice(&one, ANN));
}

#[test]
fn a_session_to_come_counts_only_what_was_marked_beforehand() {
    let counts = Summary {
        not_here: 2,
        to_mark: 5,
        ..Summary::default()
    };
    let whole = Tally {
        here: Some(0),
        not_here: Some(2),
        to_mark: Some(5),
    };
    assert_eq!(tally(counts, SessionDay::Today), whole);
    assert_eq!(tally(counts, SessionDay::Past), whole);
    let ahead = Tally {
        here: None,
        not_here: Some(2),
        to_mark: None,
    };
    assert_eq!(tally(counts, SessionDay::ToCome), ahead);
}
