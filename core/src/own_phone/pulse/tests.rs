//! How a session was, by one code for everybody.

use super::*;
use crate::clock::Month;
use crate::consent::Purpose;
use crate::event::Body;
use crate::handover::Form;
use crate::own_phone::tests::{KEY, ME, answered, arrived, baseline, on_the_phone, ready};
use crate::own_phone::{AnswersRefused, Link, PhoneAnswers, SignedLink};
use crate::pulse::{Day, Page, PulseAnswered, Reply as Said, Tap};
use crate::records::testing::{ANN, FIRST, SECOND, Tablet, june, tablet, text, time};

fn link_of(tablet: &Tablet, today: Date) -> Option<PulseLink> {
    pulse_link(tablet.delivery(), ME, FIRST, today)
}

fn link() -> SignedLink {
    let link = Link::Pulse(link_of(&tablet(), june(2)).unwrap());
    SignedLink::from_text(&link.sign(&KEY).to_text()).unwrap()
}

/// What somebody says whose phone drew a number.
fn said(link: &SignedLink, drawn: u64, taps: Vec<Tap>) -> PhoneAnswers {
    let begun = link.begin(Mode::Alone, Language::Welsh, ResponseId(drawn));
    let Some(Form::Pulse(mut asking)) = begun else {
        panic!("{begun:?}");
    };
    for tap in taps {
        asking.tap(tap).unwrap();
    }
    PhoneAnswers {
        link: link.clone(),
        form: Form::Pulse(asking),
        at: (june(2), time(18, 30)),
    }
}

fn all_four() -> Vec<Tap> {
    let words = |words: &str| Tap::Words(words.to_owned());
    let mut taps = vec![Tap::Start, Tap::Day(Day::Good), Tap::Continue];
    taps.extend([
        words("The trench"),
        Tap::Continue,
        Tap::Decline,
        Tap::Listen,
    ]);
    taps.extend([Tap::Safe(crate::pulse::Felt::No), Tap::Continue]);
    taps
}

fn record(answers: &PhoneAnswers) -> PulseAnswered {
    let drafts = arrived(answers).records(june(2)).unwrap();
    match &drafts[..] {
        [draft] => match &draft.body {
            Body::PulseAnswered(answered) => answered.clone(),
            other => panic!("{other:?}"),
        },
        other => panic!("{other:?}"),
    }
}

#[test]
fn one_link_is_for_everybody_of_a_session_until_a_week_later() {
    let tablet = tablet();
    let given = link_of(&tablet, june(2)).unwrap();
    assert_eq!(link_of(&tablet, june(9)), Some(given.clone()), "made again");
    assert_eq!(given.until, june(9));
    assert_eq!(link_of(&tablet, june(10)), None);
    let other = pulse_link(tablet.delivery(), ME, SECOND, june(2)).unwrap();
    assert_ne!(other, given);
    let unknown = pulse_link(tablet.delivery(), ME, SessionId(999), june(2));
    assert_eq!(unknown, None);
    let address = link().to_text();
    assert!(address.len() < 140, "{} letters", address.len());
    assert_eq!(link().claims(), &Link::Pulse(given));
    let link = link();
    let asked_by = link.claims().asked_by().unwrap();
    let opened = tablet.delivery().programme().unwrap();
    assert_eq!(
        (&asked_by.programme, &asked_by.organisation),
        (&opened.name, &opened.organisation)
    );
}

#[test]
fn what_comes_is_a_pulse_without_a_name_and_its_flag_is_raised() {
    let answered = record(&said(&link(), 1, all_four()));
    assert_eq!((answered.session, answered.person), (FIRST, None));
    assert_eq!(answered.answers.day, Said::Given(Day::Good));
    assert_eq!(answered.answers.good, Said::Given(text("The trench")));
    assert_eq!(answered.answers.change, Said::Declined);
    assert_eq!(answered.language, Language::Welsh);
    assert_eq!(answered.mode, Some(Mode::ReadByApp), "it was read out");
    assert!(answered.finished && answered.raises_flag());
}

#[test]
fn each_phone_has_a_set_of_its_own_and_sent_again_it_is_the_same() {
    let link = link();
    let [one, other] = [1, 2].map(|drawn| said(&link, drawn, all_four()));
    assert_ne!(record(&one).response, record(&other).response);
    assert_eq!(record(&one), record(&one));
    assert_ne!(one.set(), other.set());
    assert_eq!(
        answered(&on_the_phone(&baseline(&ready()).0), 1).set(),
        None
    );
    // A phone does not choose the number, and the same number by another link is another set.
    assert_ne!(record(&one).response, ResponseId(1));
    let second = Link::Pulse(pulse_link(tablet().delivery(), ME, SECOND, june(2)).unwrap());
    let second = said(&second.sign(&KEY), 1, all_four());
    assert_ne!(record(&one).response, record(&second).response);
}

#[test]
fn nothing_but_the_pulse_of_that_session_comes_by_it_and_nobody_is_named() {
    let link = link();
    let not_asked = Err(AnswersRefused::NotAsked);
    let refused = |change: fn(&mut crate::pulse::Asking)| {
        let mut answers = said(&link, 1, all_four());
        let Form::Pulse(asking) = &mut answers.form else {
            unreachable!("it was begun as one");
        };
        change(asking);
        arrived(&answers).records(june(2))
    };
    assert_eq!(refused(|asking| asking.person = Some(ANN)), not_asked);
    assert_eq!(refused(|asking| asking.session = SECOND), not_asked);
    assert_eq!(refused(|asking| *asking = asking.cleared()), not_asked);
    let survey = answered(&on_the_phone(&baseline(&ready()).0), 1);
    let crossed = [
        PhoneAnswers {
            link: link.clone(),
            ..survey.clone()
        },
        PhoneAnswers {
            link: survey.link,
            ..said(&link, 1, all_four())
        },
    ];
    for answers in crossed {
        assert_eq!(arrived(&answers).records(june(2)), not_asked);
        assert_eq!(answers.set(), None);
    }
}

#[test]
fn late_ones_are_taken_for_a_month_after_its_last_day() {
    let answers = said(&link(), 1, all_four());
    let july = |day| Date::from_calendar_date(2026, Month::July, day).unwrap();
    assert!(answers.records(july(10)).is_ok());
    assert_eq!(answers.records(july(11)), Err(AnswersRefused::TooOld));
}

#[test]
fn on_a_phone_the_last_answer_can_be_changed_before_it_is_sent_and_quotes_are_not_asked_for() {
    let link = link();
    let mut answers = said(&link, 1, all_four());
    let Form::Pulse(asking) = &mut answers.form else {
        unreachable!("it was begun as one");
    };
    assert!(asking.is_finished());
    asking.tap(Tap::Back).unwrap();
    assert_eq!((asking.page, asking.questions()), (Page::Safe, 4));
    let drafts = answers.records(june(2)).unwrap();
    let consents = drafts.iter().filter(|draft| {
        matches!(&draft.body, Body::ConsentRecorded(recorded) if recorded.purpose == Purpose::Quote)
    });
    assert_eq!(consents.count(), 0);
}
