use super::*;
use crate::attendance::{Mark, mark};
use crate::consent::{GivenBy, Method, Purpose, Status};
use crate::handover::Form;
use crate::records::testing::{
    ANN, BEA, FIRST, NOBODY, PROGRAMME, SECOND, Tablet, june, meet, tablet, text, time, two_tablets,
};

const RESPONSE: ResponseId = ResponseId(500);

fn answered(safe: Reply<Felt>) -> PulseAnswered {
    PulseAnswered {
        response: RESPONSE,
        session: FIRST,
        person: Some(ANN),
        language: Language::English,
        mode: Some(Mode::Alone),
        finished: true,
        answers: Answers {
            safe,
            ..Answers::default()
        },
    }
}

fn keep(tablet: &mut Tablet, what: PulseAnswered) -> EventId {
    let draft = answer(&tablet.records, PROGRAMME, what);
    tablet.record(draft)
}

fn view(tablet: &Tablet) -> PulseView<'_> {
    tablet.delivery().pulses.get(RESPONSE).unwrap()
}

#[test]
fn only_a_no_to_feeling_safe_raises_a_flag() {
    for (safe, flag) in [
        (Reply::NotReached, false),
        (Reply::Declined, false),
        (Reply::Given(Felt::Yes), false),
        (Reply::Given(Felt::Partly), false),
        (Reply::Given(Felt::No), true),
    ] {
        let mut tablet = tablet();
        keep(&mut tablet, answered(safe.clone()));
        assert_eq!(view(&tablet).needs_attention(), flag, "{safe:?}");
    }
}

#[test]
fn a_flag_needs_attention_until_somebody_has_dealt_with_it() {
    let (mut one, mut other) = two_tablets();
    let seen =
        |tablet: &Tablet| flag_seen(&tablet.records, PROGRAMME, RESPONSE, Some(text("Rang.")));
    assert_eq!(seen(&one), Err(PulseError::NoResponse));
    keep(&mut one, answered(Reply::Given(Felt::No)));
    assert!(view(&one).needs_attention());
    let draft = seen(&one).unwrap();
    one.record(draft);
    meet(&mut one, &mut other);
    assert!(!view(&other).needs_attention());
    assert!(
        view(&other).head.value.raises_flag(),
        "the flag itself stays"
    );
    assert_eq!(view(&other).seen.unwrap().value.note, Some(text("Rang.")));
}

#[test]
fn declined_and_not_reached_are_kept_apart() {
    let mut tablet = tablet();
    let answers = Answers {
        day: Reply::Given(Day::Bad),
        good: Reply::Declined,
        change: Reply::Given(text("More tea")),
        safe: Reply::NotReached,
    };
    let unfinished = PulseAnswered {
        finished: false,
        answers: answers.clone(),
        ..answered(Reply::NotReached)
    };
    // Keeping it writes and reads its bytes, so this also holds on the wire.
    keep(&mut tablet, unfinished);
    assert_eq!(view(&tablet).head.value.answers, answers);
    assert!(!view(&tablet).head.value.finished);
}

#[test]
fn finishing_replaces_what_was_unfinished() {
    let mut tablet = tablet();
    let unfinished = PulseAnswered {
        finished: false,
        ..answered(Reply::NotReached)
    };
    keep(&mut tablet, unfinished);
    keep(&mut tablet, answered(Reply::Given(Felt::Yes)));
    assert!(view(&tablet).head.value.finished);
    assert_eq!(
        tablet.delivery().pulses.all().len(),
        1,
        "one set of answers"
    );
}

#[test]
fn answers_need_neither_a_session_here_nor_a_name() {
    let mut tablet = tablet();
    let elsewhere = PulseAnswered {
        session: SessionId(NOBODY),
        ..answered(Reply::Declined)
    };
    let kept = answer(&tablet.records, PROGRAMME, elsewhere.clone());
    assert_eq!(kept.body, elsewhere.into(), "nobody can ask again");
    let nameless = PulseAnswered {
        person: None,
        ..answered(Reply::Declined)
    };
    keep(&mut tablet, nameless);
    assert_eq!(view(&tablet).head.value.person, None);
}

#[test]
fn the_latest_answers_come_first() {
    let mut tablet = tablet();
    for n in [1, 2, 3] {
        let one = PulseAnswered {
            response: ResponseId(n),
            ..answered(Reply::Declined)
        };
        keep(&mut tablet, one);
    }
    let all = tablet.delivery().pulses.all();
    let order: Vec<_> = all.iter().map(|view| view.head.value.response.0).collect();
    assert_eq!(order, [3, 2, 1]);
}

/// Which answers come first, and which follow for each session.
fn reading(tablet: &Tablet, kept: &[u64]) -> (Vec<u64>, Vec<(SessionId, Vec<u64>)>) {
    let kept = kept.iter().copied().map(ResponseId).collect();
    let read = answers_to_read(tablet.delivery(), &kept);
    let numbers = |views: &[PulseView<'_>]| -> Vec<u64> {
        let responses = views.iter().map(|view| view.head.value.response.0);
        responses.collect()
    };
    let sessions = read.sessions.iter();
    let sessions = sessions.map(|(session, views)| (*session, numbers(views)));
    (numbers(&read.first), sessions.collect())
}

#[test]
fn answers_that_need_somebody_come_first_and_the_others_by_session() {
    let mut tablet = tablet();
    let elsewhere = SessionId(NOBODY);
    for (n, session, safe) in [
        (1, FIRST, Felt::No),
        (2, FIRST, Felt::Yes),
        (3, SECOND, Felt::No),
        (4, FIRST, Felt::No),
        (5, SECOND, Felt::Partly),
        (6, elsewhere, Felt::Yes),
        (7, FIRST, Felt::Yes),
    ] {
        let one = PulseAnswered {
            response: ResponseId(n),
            session,
            ..answered(Reply::Given(safe))
        };
        keep(&mut tablet, one);
    }
    let others = vec![(SECOND, vec![5]), (FIRST, vec![7, 2]), (elsewhere, vec![6])];
    assert_eq!(reading(&tablet, &[]), (vec![4, 3, 1], others));
    // What was dealt with takes its place among the others.
    let seen = flag_seen(&tablet.records, PROGRAMME, ResponseId(4), None).unwrap();
    tablet.record(seen);
    let others = vec![
        (SECOND, vec![5]),
        (FIRST, vec![7, 4, 2]),
        (elsewhere, vec![6]),
    ];
    assert_eq!(reading(&tablet, &[]), (vec![3, 1], others));
    // Whoever dealt with it still sees it where it was.
    assert_eq!(reading(&tablet, &[3, 4]).0, [4, 3, 1]);
}

fn offered(tablet: &Tablet) -> Vec<(PersonId, bool, bool)> {
    people_to_ask(tablet.delivery(), FIRST)
        .iter()
        .map(|person| (person.person, person.here, person.answered))
        .collect()
}

fn marked(tablet: &mut Tablet, person: PersonId, what: Mark) {
    let draft = mark(&tablet.records, PROGRAMME, FIRST, person, what, None).unwrap();
    tablet.record(draft);
}

#[test]
fn only_people_who_are_not_marked_away_are_asked_and_those_who_are_here_first() {
    let mut tablet = tablet();
    assert_eq!(offered(&tablet), [(ANN, false, false), (BEA, false, false)]);
    marked(&mut tablet, BEA, Mark::HERE);
    assert_eq!(offered(&tablet), [(BEA, true, false), (ANN, false, false)]);
    marked(&mut tablet, ANN, Mark::NOT_HERE);
    assert_eq!(offered(&tablet), [(BEA, true, false)]);
}

#[test]
fn whoever_one_of_two_tablets_saw_may_be_asked() {
    for later in [Mark::NOT_HERE, Mark::Unmarked] {
        let (mut one, mut other) = two_tablets();
        other.now += 60_000;
        marked(&mut one, ANN, Mark::HERE);
        marked(&mut other, ANN, later.clone());
        meet(&mut one, &mut other);
        assert_eq!(offered(&one)[0], (ANN, true, false), "{later:?}");
    }
    let (mut one, mut other) = two_tablets();
    other.now += 60_000;
    marked(&mut one, ANN, Mark::Unmarked);
    marked(&mut other, ANN, Mark::NOT_HERE);
    meet(&mut one, &mut other);
    assert_eq!(offered(&one), [(BEA, false, false)], "nobody saw Ann");
}

#[test]
fn whoever_came_to_the_end_has_answered_and_may_be_asked_again() {
    let mut tablet = tablet();
    let unfinished = PulseAnswered {
        finished: false,
        ..answered(Reply::NotReached)
    };
    keep(&mut tablet, unfinished);
    assert_eq!(offered(&tablet)[0], (ANN, false, false));
    keep(&mut tablet, answered(Reply::Declined));
    assert_eq!(offered(&tablet)[0], (ANN, false, true));
    let elsewhere = people_to_ask(tablet.delivery(), SECOND);
    assert!(
        elsewhere.iter().all(|person| !person.answered),
        "the answers of one session are not those of another"
    );
}

/// A hand-over to somebody who wrote what was good, up to the page after the last question about the day.
fn wrote(tablet: &Tablet, person: Option<PersonId>, good: Tap) -> Asking {
    let mut asking = Asking::begin(ResponseId(70), FIRST, person, Language::Welsh)
        .asking_for_quotes(tablet.delivery());
    let taps = [Tap::Start, Tap::Decline, good, Tap::Continue, Tap::Continue];
    for tap in taps
        .into_iter()
        .chain([Tap::Safe(Felt::Yes), Tap::Continue])
    {
        asking.tap(tap).unwrap();
    }
    asking
}

fn trench() -> Tap {
    Tap::Words("The trench".to_owned())
}

fn quote_status(tablet: &Tablet) -> Status<'_> {
    tablet.delivery().consent.status(ANN, Purpose::Quote)
}

#[test]
fn whoever_wrote_something_decides_at_the_end_whether_it_may_be_quoted() {
    let mut tablet = tablet();
    let mut asking = wrote(&tablet, Some(ANN), trench());
    assert_eq!((asking.page, asking.questions()), (Page::Quote, 5));
    assert_eq!(asking.tap(Tap::Continue), Err(TapError::NothingChosen));
    // Stopped here, the answers about the day are all there.
    assert!(asking.kept().finished && !asking.is_finished());
    asking.tap(Tap::Quote(false)).unwrap();
    asking.tap(Tap::Quote(true)).unwrap();
    let resumed = decode_asking(&encode_asking(&asking)).unwrap();
    assert_eq!(resumed, asking);
    asking.tap(Tap::Continue).unwrap();
    for draft in Form::Pulse(asking).kept(&tablet.records, PROGRAMME, (june(2), time(15, 0))) {
        tablet.record(draft);
    }
    let Status::Given(head) = quote_status(&tablet) else {
        panic!("they agreed");
    };
    let said = (
        head.value.method,
        head.value.given_by,
        head.value.wording.language,
    );
    assert_eq!(said, (Method::Ticked, GivenBy::Themselves, Language::Welsh));
    // Whoever decided is not asked again.
    assert_eq!(wrote(&tablet, Some(ANN), trench()).page, Page::Thanks);
}

#[test]
fn a_no_is_kept_and_no_answer_decides_nothing() {
    let mut tablet = tablet();
    let mut asking = wrote(&tablet, Some(ANN), trench());
    asking.tap(Tap::Quote(true)).unwrap();
    asking.tap(Tap::Decline).unwrap();
    assert!(asking.is_finished());
    assert_eq!(may_be_quoted(&tablet.records, PROGRAMME, &asking), None);
    let mut asking = wrote(&tablet, Some(ANN), trench());
    asking.tap(Tap::Quote(false)).unwrap();
    let draft = may_be_quoted(&tablet.records, PROGRAMME, &asking).unwrap();
    tablet.record(draft);
    assert!(matches!(quote_status(&tablet), Status::Refused(_)));
    // Something was decided since this one was asked, so what they tap now decides nothing.
    asking.tap(Tap::Quote(true)).unwrap();
    assert_eq!(may_be_quoted(&tablet.records, PROGRAMME, &asking), None);
}

#[test]
fn nobody_is_asked_who_gave_no_name_or_wrote_nothing() {
    let tablet = tablet();
    assert_eq!(wrote(&tablet, None, trench()).page, Page::Thanks);
    assert_eq!(
        wrote(&tablet, Some(ANN), Tap::Words(String::new())).page,
        Page::Thanks
    );
}

#[test]
fn what_was_read_out_is_a_question_and_no_other_page() {
    let mut form = Form::Pulse(Asking::begin(RESPONSE, FIRST, None, Language::English));
    let mode = |form: &Form| match form {
        Form::Pulse(asking) => asking.mode,
        Form::Survey(_) => None,
    };
    assert!(
        !form.listened() && !form.back(),
        "the welcome is no question"
    );
    assert_eq!(mode(&form), Some(Mode::Alone));
    form.start();
    assert!(form.listened());
    assert_eq!(mode(&form), Some(Mode::ReadByApp));
    assert!(form.back());
    let mut cleared = form.cleared();
    assert!(!cleared.listened() && !cleared.back());
    // Whoever has somebody to help is helped by them.
    let mut helped = Asking::begin(RESPONSE, FIRST, None, Language::English);
    helped.mode = Some(Mode::ByCarer);
    let mut helped = Form::Pulse(helped);
    helped.start();
    assert!(helped.listened());
    assert_eq!(mode(&helped), Some(Mode::ByCarer));
}
