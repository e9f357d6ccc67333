use super::*;
use crate::event::Body;
use crate::ids::AccountId;
use crate::people::AccessNeed;
use crate::records::testing::{PROGRAMME, Tablet, june, meet, text, two_tablets};
use crate::referral::tests::{FORM, form};
use crate::referral::{Doubt, Tray, sort};

const SIAN: PersonId = PersonId(70);

fn referrer() -> Referrer {
    Referrer {
        account: AccountId(5),
        name: text("Priya Nair, Alder Street Surgery"),
        contact: text("01632 960 200"),
        agreed_support: Some(text("A quiet place when she asks for it.")),
        emergency: Some(Contact {
            name: text("Mair"),
            relation: None,
            phone: text("01632 960 300"),
        }),
    }
}

fn received(doubts: Vec<Doubt>, referrer: Option<Referrer>) -> Draft {
    let mut form = form();
    form.access = vec![AccessNeed::QuietSpace];
    form.hopes = Some(text("To sleep."));
    Draft {
        stream: Stream::Casework(PROGRAMME),
        supersedes: Vec::new(),
        body: Body::from(ReferralReceived {
            form,
            doubts,
            referrer,
        }),
    }
}

/// Two coordinators who hold one referral.
fn two_with(referrer: Option<Referrer>) -> (Tablet, Tablet) {
    let (mut one, mut other) = two_tablets();
    one.record(received(Vec::new(), referrer));
    meet(&mut one, &mut other);
    (one, other)
}

fn say(tablet: &mut Tablet, what: Answer, note: Option<&str>) -> Result<(), AnswerError> {
    let note = note.map(text);
    let draft = answer(&tablet.records, PROGRAMME, FORM, what, note, june(3))?;
    tablet.record(draft);
    Ok(())
}

fn take(tablet: &mut Tablet, person: PersonId) -> Result<(), AnswerError> {
    let drafts = take_on(&tablet.records, PROGRAMME, FORM, person, june(3))?;
    tablet.keep(drafts);
    Ok(())
}

fn stands(tablet: &Tablet) -> Option<Answer> {
    let casework = tablet.records.casework(PROGRAMME).unwrap();
    let view = casework.referrals.get(FORM).unwrap();
    view.answered.map(|head| head.value.answer)
}

fn waiting(tablet: &Tablet) -> usize {
    let casework = tablet.records.casework(PROGRAMME).unwrap();
    casework.referrals.waiting()
}

#[test]
fn somebody_waits_until_they_are_answered_and_goes_on_waiting_who_was_not_reached() {
    let (mut one, _) = two_with(None);
    assert_eq!((stands(&one), waiting(&one)), (None, 1));
    say(&mut one, Answer::NotReached, None).unwrap();
    assert_eq!((stands(&one), waiting(&one)), (Some(Answer::NotReached), 1));
    say(&mut one, Answer::PlaceOffered, Some("Starts on the ninth.")).unwrap();
    assert_eq!(waiting(&one), 0);
    let again = say(&mut one, Answer::PlaceOffered, Some("Starts on the ninth."));
    assert_eq!(again, Err(AnswerError::NothingToChange));
    say(&mut one, Answer::PlaceOffered, None).unwrap();
    for answer in [Answer::NotSuitable, Answer::Withdrawn] {
        say(&mut one, answer, Some("Said so.")).unwrap();
        assert_eq!((stands(&one), waiting(&one)), (Some(answer), 0));
    }
}

#[test]
fn who_has_waited_longest_comes_first_and_who_was_answered_last() {
    let (mut one, _) = two_tablets();
    for number in [1, 2, 3] {
        let mut draft = received(Vec::new(), None);
        if let Body::ReferralReceived(received) = &mut draft.body {
            received.form.referral = ReferralId(number);
        }
        one.record(draft);
    }
    let answered = answer(
        &one.records,
        PROGRAMME,
        ReferralId(1),
        Answer::PlaceOffered,
        None,
        june(3),
    );
    one.record(answered.unwrap());
    let casework = one.records.casework(PROGRAMME).unwrap();
    let order = casework.referrals.by_waiting();
    let order = order.iter().map(|view| view.head.value.form.referral.0);
    assert_eq!(order.collect::<Vec<_>>(), [2, 3, 1]);
}

#[test]
fn who_joins_is_expected_from_the_next_session_or_from_today() {
    let (mut one, _) = two_with(None);
    take(&mut one, SIAN).unwrap();
    assert_eq!(one.delivery().person(SIAN).unwrap().from, june(4));
    let (mut other, _) = two_with(None);
    let late = take_on(&other.records, PROGRAMME, FORM, SIAN, june(29)).unwrap();
    other.keep(late);
    assert_eq!(other.delivery().person(SIAN).unwrap().from, june(29));
}

#[test]
fn a_form_that_may_not_be_from_a_person_is_nobody_who_waits() {
    let (mut one, _) = two_tablets();
    one.record(received(vec![Doubt::Trap], None));
    assert_eq!(waiting(&one), 0);
    let listed = sort(&one.records, PROGRAMME, FORM, Tray::List).unwrap();
    one.record(listed);
    assert_eq!(waiting(&one), 1);
}

#[test]
fn whoever_referred_them_is_told_why_it_is_not_for_them() {
    let (mut one, _) = two_with(Some(referrer()));
    let silent = say(&mut one, Answer::NotSuitable, None);
    assert_eq!(silent, Err(AnswerError::NoteMissing));
    say(&mut one, Answer::NotSuitable, Some("Steep ground.")).unwrap();
}

#[test]
fn who_is_taken_on_is_on_the_list_with_what_a_facilitator_needs_and_no_more() {
    let (mut one, _) = two_with(Some(referrer()));
    take(&mut one, SIAN).unwrap();
    assert_eq!((stands(&one), waiting(&one)), (Some(Answer::Joined), 0));
    let recorded = one.delivery().person(SIAN).unwrap();
    assert_eq!(
        (recorded.joined, recorded.from),
        (Joined::Enrolled, june(4))
    );
    let details = &recorded.details;
    assert_eq!(details.preferred_name.as_str(), "Siân");
    assert_eq!(details.access, [AccessNeed::QuietSpace]);
    assert_eq!(details.agreed_support, referrer().agreed_support);
    assert_eq!(details.emergency, referrer().emergency);
    let supporter = details.supporter.as_ref().unwrap();
    assert_eq!(supporter.name, referrer().name);
    assert_eq!(supporter.phone, referrer().contact);
    let casework = one.records.casework(PROGRAMME).unwrap();
    assert_eq!(casework.referrals.of_person(SIAN), [FORM]);
    assert!(casework.referrals.of_person(PersonId(71)).is_empty());
    assert_eq!(
        take(&mut one, PersonId(71)),
        Err(AnswerError::JoinedAlready)
    );
}

#[test]
fn who_referred_themselves_is_taken_on_with_what_they_said() {
    let (mut one, _) = two_with(None);
    take(&mut one, SIAN).unwrap();
    let details = &one.delivery().person(SIAN).unwrap().details;
    assert_eq!(details.access, [AccessNeed::QuietSpace]);
    assert!(details.agreed_support.is_none() && details.supporter.is_none());
    assert!(one.delivery().person(SIAN).unwrap().details_needed());
}

#[test]
fn a_referral_that_was_withdrawn_stays_so_whatever_somebody_else_answered_meanwhile() {
    for meanwhile in [Answer::PlaceOffered, Answer::NotReached] {
        let (mut one, mut other) = two_with(None);
        say(&mut one, Answer::Withdrawn, None).unwrap();
        say(&mut other, Answer::NotReached, Some("Rang twice.")).unwrap();
        say(&mut other, meanwhile, None).unwrap();
        meet(&mut one, &mut other);
        for tablet in [&one, &other] {
            assert_eq!(stands(tablet), Some(Answer::Withdrawn));
        }
        // They rang and want the place after all: whoever says so knows of the withdrawal.
        say(&mut other, Answer::PlaceOffered, None).unwrap();
        meet(&mut one, &mut other);
        assert_eq!(stands(&one), Some(Answer::PlaceOffered));
    }
}

#[test]
fn whoever_was_taken_on_is_on_the_list_whatever_somebody_else_answered_meanwhile() {
    let (mut one, mut other) = two_with(None);
    take(&mut one, SIAN).unwrap();
    say(&mut other, Answer::NotReached, None).unwrap();
    say(&mut other, Answer::NotSuitable, Some("Steep.")).unwrap();
    meet(&mut one, &mut other);
    assert_eq!(stands(&other), Some(Answer::Joined));
    assert_eq!(
        take(&mut other, PersonId(71)),
        Err(AnswerError::JoinedAlready)
    );
}

#[test]
fn what_is_not_there_is_not_answered() {
    let (one, _) = two_tablets();
    let nothing = answer(
        &one.records,
        PROGRAMME,
        FORM,
        Answer::Withdrawn,
        None,
        june(3),
    );
    assert_eq!(nothing, Err(AnswerError::NoReferral));
    let nobody = take_on(&one.records, PROGRAMME, FORM, SIAN, june(3));
    assert_eq!(nobody, Err(AnswerError::NoReferral));
}

#[test]
fn only_who_joined_is_somebody_on_the_list() {
    for what in Answer::ALL {
        let joined = *what == Answer::Joined;
        for person in [None, Some(SIAN)] {
            let made = ReferralAnswered::new(FORM, *what, person, None, june(3));
            assert_eq!(made.is_some(), joined == person.is_some(), "{what:?}");
        }
    }
}
