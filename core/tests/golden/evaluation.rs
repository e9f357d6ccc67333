//! What is evaluated, who was asked, and what they said.

use wellfield_core::clock::{Date, Month, TimeOfDay};
use wellfield_core::evaluation::{
    EvaluationPlanned, MeasureAnswered, MeasuresAsked, Outcome, OwnOutcome, Questions, Size,
    Survey, SurveyTap, Topic, decode_survey, encode_survey,
};
use wellfield_core::event::Body;
use wellfield_core::handover::Form;
use wellfield_core::ids::{DeviceId, PersonId, ProgrammeId, ResponseId, SessionId};
use wellfield_core::language::Language;
use wellfield_core::measures::{Catalogue, Mode, Moment, Reply};
use wellfield_core::own_phone::{
    AskedBy, Kept, Link, PhoneAnswers, PulseLink, SealedAnswers, SignedLink, SurveyLink,
    decode_answers, encode_answers,
};
use wellfield_core::pulse::{Day, Tap};
use wellfield_core::text::Text;

use super::fixture::Case;

const SESSION: SessionId = SessionId(0x1111_2222_3333_4444);
const PERSON: PersonId = PersonId(0xFEDC_BA98_7654_3210);

/// The least of each.
pub(crate) fn bare() -> Vec<(&'static str, Body)> {
    vec![
        ("bare", plan(Size::Small, Vec::new(), None).into()),
        (
            "bare-declined",
            asked(Moment::Baseline, Outcome::Declined).into(),
        ),
        ("bare", answered(None, Vec::new()).into()),
    ]
}

/// The fullest of each.
pub(crate) fn full() -> Vec<(&'static str, Body)> {
    let topics = vec![Topic::Wellbeing, Topic::Loneliness, Topic::MentalWellbeing];
    let replies = vec![
        Reply::Given(0),
        Reply::Given(10),
        Reply::PreferNotToSay,
        Reply::Skipped,
        // Outside every scale, and kept.
        Reply::Given(300),
    ];
    vec![
        (
            "full",
            plan(Size::Full, topics, Some("WEMWBS-2026/0815")).into(),
        ),
        (
            "full-fourteen",
            plan(
                Size::Small,
                vec![Topic::MentalWellbeingFull],
                Some("WEMWBS-2026/0815"),
            )
            .into(),
        ),
        ("full-own", of_its_own().into()),
        (
            "full-compared",
            EvaluationPlanned {
                toolkit_compared: true,
                ..plan(Size::Small, vec![Topic::SessionFeelingsNegative], None)
            }
            .into(),
        ),
        (
            "full-finished",
            asked(Moment::SixMonths, Outcome::Finished).into(),
        ),
        (
            "full-stopped",
            asked(Moment::Middle, Outcome::Stopped).into(),
        ),
        (
            "full-linked",
            asked(Moment::ThreeMonths, Outcome::Linked).into(),
        ),
        (
            "full-easy",
            MeasuresAsked {
                questions: Questions::Easy,
                ..asked(Moment::End, Outcome::Finished)
            }
            .into(),
        ),
        ("full", answered(Some(SESSION), replies).into()),
    ]
}

fn plan(size: Size, topics: Vec<Topic>, licence: Option<&str>) -> EvaluationPlanned {
    EvaluationPlanned {
        size,
        topics,
        swemwbs_licence: licence.map(|typed| Text::parse(typed).unwrap()),
        own: Vec::new(),
        comparison: None,
        toolkit_compared: false,
    }
}

/// A plan with questions of the project's own.
fn of_its_own() -> EvaluationPlanned {
    let own = [
        ("How confident are you?", Language::English),
        ("Pa mor hyderus ydych chi ar lan y môr?", Language::Welsh),
    ];
    EvaluationPlanned {
        own: own
            .map(|(question, language)| OwnOutcome {
                text: Text::parse(question).unwrap(),
                language,
            })
            .to_vec(),
        comparison: Some(Text::parse("People on the waiting list, in the same weeks").unwrap()),
        ..plan(Size::Full, vec![Topic::SessionFeelings], None)
    }
}

fn asked(moment: Moment, outcome: Outcome) -> MeasuresAsked {
    MeasuresAsked {
        person: PERSON,
        moment,
        session: SESSION,
        outcome,
        questions: Questions::Usual,
    }
}

fn answered(session: Option<SessionId>, replies: Vec<Reply>) -> MeasureAnswered {
    MeasureAnswered {
        response: ResponseId(0x0BAD_CAFE),
        person: PERSON,
        moment: Moment::End,
        session,
        instrument: Text::parse("ons4").unwrap(),
        version: 1,
        language: Language::English,
        mode: Mode::ReadByStaff,
        day: Date::from_calendar_date(2026, Month::July, 31).unwrap(),
        time: TimeOfDay::from_minutes(15 * 60 + 5).unwrap(),
        finished: !replies.is_empty(),
        replies,
    }
}

/// Surveys under way on disk, and answers from a phone.
pub(crate) fn cases() -> Vec<Case> {
    let taps = vec![
        SurveyTap::Start,
        SurveyTap::Choose(7),
        SurveyTap::Continue,
        SurveyTap::Decline,
    ];
    let bare = (
        plan(Size::Small, vec![Topic::Loneliness], None),
        Moment::End,
    );
    let topics = vec![Topic::Wellbeing, Topic::Loneliness, Topic::MentalWellbeing];
    let every_topic = plan(Size::Full, topics, Some("WEMWBS-2026/0815"));
    vec![
        survey("bare", bare, Vec::new()),
        survey(
            "full",
            (every_topic.clone(), Moment::Baseline),
            taps.clone(),
        ),
        survey(
            "own",
            (of_its_own(), Moment::End),
            vec![SurveyTap::Start, SurveyTap::Choose(10)],
        ),
        kept("under-way", Kept::UnderWay(vec![1, 2, 3])),
        kept(
            "waiting",
            Kept::Waiting(SealedAnswers {
                link: [0xAB; 16],
                sealed: vec![1, 2, 3],
            }),
        ),
        sealed_answers(),
        kept("sent", Kept::Sent),
        kept("refused", Kept::Refused),
        answers(
            "bare",
            plan(Size::Medium, vec![Topic::Loneliness], None),
            Questions::Easy,
            Vec::new(),
        ),
        answers("full", every_topic, Questions::Usual, taps),
        pulse_answers("pulse-bare", None, Vec::new()),
        pulse_answers(
            "pulse-full",
            Some(AskedBy {
                programme: Text::parse("Castell Dig").unwrap(),
                organisation: Text::parse("Wellfield").unwrap(),
            }),
            vec![
                Tap::Start,
                Tap::Day(Day::Good),
                Tap::Continue,
                Tap::Words("Y cwmni".to_owned()),
                Tap::Continue,
            ],
        ),
    ]
}

fn survey(name: &str, (plan, moment): (EvaluationPlanned, Moment), taps: Vec<SurveyTap>) -> Case {
    let catalogue = plan.catalogue();
    let mut drawn = 0;
    let begun = Survey::begin(
        &plan,
        (PERSON, SESSION, moment),
        (Mode::ByCarer, Language::Welsh, Questions::Usual),
        || {
            drawn += 1;
            ResponseId(drawn)
        },
    );
    let mut survey = begun.unwrap();
    for tap in taps {
        survey.tap(tap, &catalogue).unwrap();
    }
    Case {
        name: format!("survey-v1-{name}"),
        bytes: encode_survey(&survey),
        reads_back: Box::new(move |bytes| decode_survey(bytes).as_ref() == Ok(&survey)),
        rewrite: |bytes| {
            let survey = decode_survey(bytes).ok();
            survey.map(|survey| encode_survey(&survey))
        },
    }
}

/// Answers as they travel sealed.
fn sealed_answers() -> Case {
    let sealed = SealedAnswers {
        link: [0xAB; 16],
        sealed: vec![1, 2, 3],
    };
    Case {
        name: "sealed-answers-v1".to_owned(),
        bytes: sealed.to_bytes(),
        reads_back: Box::new(move |bytes| SealedAnswers::from_bytes(bytes).as_ref() == Ok(&sealed)),
        rewrite: |bytes| {
            let sealed = SealedAnswers::from_bytes(bytes).ok();
            sealed.map(|sealed| sealed.to_bytes())
        },
    }
}

fn kept(name: &str, kept: Kept) -> Case {
    Case {
        name: format!("kept-answers-v1-{name}"),
        bytes: kept.to_bytes(),
        reads_back: Box::new(move |bytes| Kept::from_bytes(bytes).as_ref() == Ok(&kept)),
        rewrite: |bytes| Kept::from_bytes(bytes).ok().map(|kept| kept.to_bytes()),
    }
}

fn answers(name: &str, plan: EvaluationPlanned, which: Questions, taps: Vec<SurveyTap>) -> Case {
    let link = Link::Survey(SurveyLink {
        device: DeviceId(2),
        programme: ProgrammeId(0x0102_0304_0506_0708),
        person: PERSON,
        session: SESSION,
        moment: Moment::ThreeMonths,
        which,
        plan,
        until: Date::from_calendar_date(2026, Month::October, 28).unwrap(),
        asked_by: None,
    });
    from_phone(name, link, |form| {
        let Form::Survey(survey) = form else {
            panic!("{form:?}");
        };
        for tap in taps {
            survey.tap(tap, &Catalogue::built_in()).unwrap();
        }
    })
}

fn pulse_answers(name: &str, asked_by: Option<AskedBy>, taps: Vec<Tap>) -> Case {
    let link = Link::Pulse(PulseLink {
        device: DeviceId(2),
        programme: ProgrammeId(0x0102_0304_0506_0708),
        session: SESSION,
        until: Date::from_calendar_date(2026, Month::October, 28).unwrap(),
        asked_by,
    });
    from_phone(name, link, |form| {
        let Form::Pulse(asking) = form else {
            panic!("{form:?}");
        };
        for tap in taps {
            asking.tap(tap).unwrap();
        }
    })
}

/// What a phone sends that was answered by a link.
fn from_phone(name: &str, link: Link, answer: impl FnOnce(&mut Form)) -> Case {
    let link = SignedLink::from_text(&link.sign(&[5; 32]).to_text()).unwrap();
    let mut form = link
        .begin(Mode::Alone, Language::Welsh, ResponseId(41))
        .unwrap();
    answer(&mut form);
    let answers = PhoneAnswers {
        link,
        form,
        at: (
            Date::from_calendar_date(2026, Month::October, 1).unwrap(),
            TimeOfDay::from_minutes(20 * 60).unwrap(),
        ),
    };
    Case {
        name: format!("phone-answers-v1-{name}"),
        bytes: encode_answers(&answers),
        reads_back: Box::new(move |bytes| decode_answers(bytes).as_ref() == Ok(&answers)),
        rewrite: |bytes| {
            let answers = decode_answers(bytes).ok();
            answers.map(|answers| encode_answers(&answers))
        },
    }
}
