use super::*;
use crate::consent::{self, Answer, GivenBy, Method};
use crate::ids::{ResponseId, SessionId};
use crate::language::Language;
use crate::pulse::{Answers, PulseAnswered};
use crate::records::testing::{
    ANN, BEA, FIRST, NOBODY, PROGRAMME, Tablet, june, meet, tablet, text, two_tablets,
};

const STORY: StoryId = StoryId(7);

fn agree(tablet: &mut Tablet, person: PersonId, yes: bool) {
    let answer = Answer {
        yes,
        language: Language::English,
        method: Method::Ticked,
        given_by: GivenBy::Themselves,
        giver_name: None,
    };
    let draft = consent::record(&tablet.records, PROGRAMME, person, Purpose::Quote, answer);
    tablet.record(draft.unwrap());
}

fn words(person: PersonId, said: &str) -> WordsShared {
    WordsShared {
        story: STORY,
        person,
        form: Form::Quote,
        day: june(2),
        text: Some(text(said)),
    }
}

fn share(tablet: &mut Tablet, words: WordsShared, looked_at: &[&str]) -> Result<(), StoryError> {
    let looked_at: Vec<String> = looked_at.iter().map(ToString::to_string).collect();
    let draft = share_words(&tablet.records, PROGRAMME, words, &looked_at)?;
    tablet.record(draft);
    Ok(())
}

fn all_june() -> Period {
    Period {
        from: june(1),
        to: june(30),
    }
}

fn shown(tablet: &Tablet, period: Period) -> Vec<String> {
    let casework = tablet.records.casework(PROGRAMME);
    let published = published(tablet.delivery(), casework, period);
    published.iter().map(|one| one.text.to_string()).collect()
}

#[test]
fn only_whoever_agreed_is_quoted_and_only_as_long_as_they_do() {
    let mut tablet = tablet();
    let said = words(ANN, "I slept well.");
    assert_eq!(
        share(&mut tablet, said.clone(), &[]),
        Err(StoryError::NoConsent)
    );
    agree(&mut tablet, ANN, true);
    assert_eq!(share(&mut tablet, said.clone(), &[]), Ok(()));
    assert_eq!(shown(&tablet, all_june()), ["I slept well."]);
    assert_eq!(
        share(&mut tablet, said, &[]),
        Err(StoryError::NothingToChange)
    );
    agree(&mut tablet, ANN, false);
    assert!(shown(&tablet, all_june()).is_empty(), "withdrawn");
}

#[test]
fn words_of_nobody_are_not_taken() {
    let mut tablet = tablet();
    assert_eq!(
        share(&mut tablet, words(PersonId(NOBODY), "Well."), &[]),
        Err(StoryError::NoPerson)
    );
}

#[test]
fn what_was_taken_back_is_out_even_where_somebody_else_changed_it_meanwhile() {
    let (mut one, mut other) = two_tablets();
    agree(&mut one, ANN, true);
    share(&mut one, words(ANN, "The larks."), &[]).unwrap();
    meet(&mut one, &mut other);
    let back = take_back(&one.records, PROGRAMME, STORY).unwrap();
    one.record(back);
    share(&mut other, words(ANN, "The larks, and the view."), &[]).unwrap();
    meet(&mut one, &mut other);
    assert!(shown(&one, all_june()).is_empty());
    assert_eq!(
        take_back(&Records::default(), PROGRAMME, STORY),
        Err(StoryError::NothingToChange)
    );
}

#[test]
fn a_report_of_other_days_does_not_show_them() {
    let mut tablet = tablet();
    agree(&mut tablet, ANN, true);
    share(&mut tablet, words(ANN, "The larks."), &[]).unwrap();
    let later = Period {
        from: june(3),
        to: june(30),
    };
    assert!(shown(&tablet, later).is_empty());
}

#[test]
fn a_name_a_number_and_an_address_are_pointed_at_until_somebody_looked() {
    let mut tablet = tablet();
    agree(&mut tablet, ANN, true);
    let said = words(
        ANN,
        "Bea\u{2019}s tea! Write to bea@example.org or 01632 960123.",
    );
    let parts = vec![
        "Bea\u{2019}s".to_owned(),
        "bea@example.org".to_owned(),
        "01632".to_owned(),
        "960123".to_owned(),
    ];
    assert_eq!(
        share(&mut tablet, said.clone(), &[]),
        Err(StoryError::Telling(parts))
    );
    let all = ["Bea\u{2019}s", "bea@example.org", "01632", "960123"];
    assert_eq!(share(&mut tablet, said, &all), Ok(()));
    assert!(telling(tablet.delivery(), "Beans in 2026, and the annual fair.").is_empty());
}

#[test]
fn stories_come_first() {
    let mut tablet = tablet();
    agree(&mut tablet, ANN, true);
    agree(&mut tablet, BEA, true);
    share(&mut tablet, words(ANN, "The larks."), &[]).unwrap();
    let story = WordsShared {
        story: StoryId(9),
        form: Form::Story,
        ..words(BEA, "I had not been out for a year.")
    };
    share(&mut tablet, story, &[]).unwrap();
    assert_eq!(
        shown(&tablet, all_june()),
        ["I had not been out for a year.", "The larks."]
    );
}

fn said_good(tablet: &mut Tablet, response: u64, person: Option<PersonId>, good: &str) {
    let answered = PulseAnswered {
        response: ResponseId(response),
        session: SessionId(FIRST.0),
        person,
        language: Language::English,
        mode: None,
        finished: true,
        answers: Answers {
            good: Reply::Given(text(good)),
            ..Answers::default()
        },
    };
    tablet.record_body(&[], answered);
}

#[test]
fn what_may_be_quoted_is_offered_and_nothing_else() {
    let mut tablet = tablet();
    agree(&mut tablet, ANN, true);
    said_good(&mut tablet, 1, Some(ANN), "The larks.");
    said_good(&mut tablet, 2, Some(ANN), "The tea.");
    // Bea was not asked, and nobody knows whether whoever wrote without a name agrees.
    said_good(&mut tablet, 3, Some(BEA), "The view.");
    said_good(&mut tablet, 4, None, "The people.");
    share(&mut tablet, words(ANN, "The larks."), &[]).unwrap();
    let casework = tablet.records.casework(PROGRAMME);
    let offered: Vec<_> = candidates(tablet.delivery(), casework)
        .iter()
        .map(|one| one.text.to_string())
        .collect();
    assert_eq!(offered, ["The tea."]);
    let quotable = quotable(tablet.delivery());
    assert_eq!(quotable, [(ANN, "Ann".to_owned())]);
}
