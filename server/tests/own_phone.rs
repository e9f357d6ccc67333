//! Somebody answers on their own phone, by a link that a tablet gave out: it arrives once, for whoever may
//! read it, whether or not the tablet was heard of.

#![allow(clippy::unwrap_used, reason = "a test that fails says where")]

mod common;

use common::{Device, PROGRAMME, Received, Request, START, Server, opened};
use wellfield_core::access::Role;
use wellfield_core::audit::Actor;
use wellfield_core::clock::{Date, TimeOfDay};
use wellfield_core::erasure::Subject;
use wellfield_core::evaluation::{EvaluationPlanned, Outcome, Questions, Size, SurveyTap, Topic};
use wellfield_core::event::Body;
use wellfield_core::handover::Form;
use wellfield_core::ids::{DeviceId, PersonId, ProgrammeId, ResponseId, SessionId};
use wellfield_core::language::Language;
use wellfield_core::measures::{Catalogue, Mode, Moment, Reply};
use wellfield_core::own_phone::{
    LATE_DAYS, Link, PULSES_MAX, PhoneAnswers, PulseLink, SealedAnswers, SignedLink, SurveyLink,
    answers_place, encode_answers,
};
use wellfield_core::pulse::{Day, Tap};
use wellfield_core::stream::Stream;
use wellfield_core::sync::{AnswersReply, Problem, SealingKeyReply};
use wellfield_core::vault::{DataKey, OpeningKey, SealingKey};
use wellfield_server::storage::Erasing;

const ANN: PersonId = PersonId(7);
const OTHER: ProgrammeId = ProgrammeId(78);

fn today() -> Date {
    START.utc_day().unwrap()
}

fn key(device: &Device) -> [u8; 32] {
    let digit = |place: usize| u8::from_str_radix(&device.key[place..place + 2], 16).unwrap();
    std::array::from_fn(|byte| digit(2 * byte))
}

fn link(device: &Device) -> SurveyLink {
    SurveyLink {
        device: device.device,
        programme: PROGRAMME,
        person: ANN,
        session: SessionId(4),
        moment: Moment::ThreeMonths,
        which: Questions::Usual,
        plan: EvaluationPlanned {
            size: Size::Medium,
            topics: vec![Topic::Loneliness],
            swemwbs_licence: None,
            own: Vec::new(),
            comparison: None,
            toolkit_compared: false,
        },
        until: today(),
        asked_by: None,
    }
}

fn by(link: &SurveyLink, key: &[u8; 32]) -> SignedLink {
    Link::Survey(link.clone()).sign(key)
}

/// The answers of somebody who says the same to every question.
fn answers(link: &SignedLink, answer: i16) -> PhoneAnswers {
    let catalogue = Catalogue::built_in();
    let begun = link.begin(Mode::Alone, Language::English, ResponseId(0));
    let Some(Form::Survey(mut survey)) = begun else {
        panic!("{begun:?}");
    };
    survey.tap(SurveyTap::Start, &catalogue).unwrap();
    while !survey.is_finished() {
        // How many times they saw a doctor is typed, and they do not say.
        if survey.tap(SurveyTap::Choose(answer), &catalogue).is_err() {
            survey.tap(SurveyTap::Decline, &catalogue).unwrap();
        } else {
            survey.tap(SurveyTap::Continue, &catalogue).unwrap();
        }
    }
    PhoneAnswers {
        link: link.clone(),
        form: Form::Survey(survey),
        at: (today(), TimeOfDay::from_minutes(600).unwrap()),
    }
}

fn send(server: &Server, answers: &PhoneAnswers) -> Received {
    Request::post("/v1/answers", encode_answers(answers)).send(server.address)
}

fn said(server: &Server, coordinator: &Device) -> Vec<(String, Vec<Reply>)> {
    let _ = server;
    let page = coordinator.pull(Stream::Casework(PROGRAMME), 0, 100);
    let events = page.unwrap().events.into_iter();
    events
        .filter_map(|pulled| {
            let event = pulled.event().unwrap();
            match event.body {
                Body::MeasureAnswered(answered) => {
                    assert_eq!((event.id.device, event.by), (DeviceId::SERVER, None));
                    assert_eq!((answered.person, answered.mode), (ANN, Mode::Alone));
                    Some((answered.instrument.to_string(), answered.replies))
                }
                _ => None,
            }
        })
        .collect()
}

#[test]
fn answers_arrive_once_for_the_coordinator_and_every_tablet_hears_that_they_did() {
    let server = Server::start();
    let facilitator = server.device(Role::Facilitator);
    let coordinator = server.device(Role::Coordinator);
    let signed = by(&link(&facilitator), &key(&facilitator));
    let answers = answers(&signed, 2);
    for _ in 0..3 {
        let received = send(&server, &answers);
        assert_eq!(received.status, 202);
        let receipt: AnswersReply = received.message().unwrap();
        assert_eq!(receipt.link, signed.tag());
    }
    let said = said(&server, &coordinator);
    let keys: Vec<_> = said.iter().map(|(key, _)| key.as_str()).collect();
    assert_eq!(keys, ["ucla3", "ons-loneliness", "service-use"]);
    assert_eq!(said[0].1, [Reply::Given(2); 3]);
    let refused = facilitator.pull(Stream::Casework(PROGRAMME), 0, 10);
    assert_eq!(refused.unwrap_err().problem, Problem::Forbidden);
    let delivery = facilitator.pull(Stream::Delivery(PROGRAMME), 0, 100);
    let asked: Vec<_> = delivery
        .unwrap()
        .events
        .into_iter()
        .filter_map(|pulled| match pulled.event().unwrap().body {
            Body::MeasuresAsked(asked) => Some((asked.person, asked.moment, asked.outcome)),
            _ => None,
        })
        .collect();
    assert_eq!(asked, [(ANN, Moment::ThreeMonths, Outcome::Finished)]);
}

#[test]
fn a_link_brings_what_its_device_could_record_and_nothing_else() {
    let server = Server::start();
    server.append(vec![opened(OTHER, "Another dig")]);
    let facilitator = server.device(Role::Facilitator);
    let coordinator = server.device(Role::Coordinator);
    let good = link(&facilitator);
    let problem = |link: &SurveyLink, key: &[u8; 32]| {
        let received = send(&server, &answers(&by(link, key), 1));
        (received.status, received.problem().problem)
    };
    let forbidden = (403, Problem::Forbidden);
    assert_eq!(problem(&good, &[9; 32]), forbidden, "another key");
    let nobody = SurveyLink {
        device: DeviceId(999),
        ..good.clone()
    };
    assert_eq!(problem(&nobody, &key(&facilitator)), forbidden);
    let the_server = SurveyLink {
        device: DeviceId::SERVER,
        ..good.clone()
    };
    assert_eq!(problem(&the_server, &[0; 32]), forbidden);
    let elsewhere = SurveyLink {
        programme: OTHER,
        ..good.clone()
    };
    assert_eq!(problem(&elsewhere, &key(&facilitator)), forbidden);
    let mut for_another = answers(&by(&good, &key(&facilitator)), 1);
    let Form::Survey(survey) = &mut for_another.form else {
        unreachable!("it was begun as one");
    };
    survey.person = PersonId(8);
    let received = send(&server, &for_another);
    assert_eq!(received.problem().problem, Problem::BadForm);
    for bytes in [Vec::new(), b"no answers".to_vec(), vec![0xff; 9_000]] {
        let received = Request::post("/v1/answers", bytes).send(server.address);
        assert_eq!(received.problem().problem, Problem::BadForm);
    }
    let large = Request::post("/v1/answers", vec![0; 25 * 1024]).send(server.address);
    assert_eq!(large.problem().problem, Problem::TooLarge);
    assert!(said(&server, &coordinator).is_empty());
}

#[test]
fn a_link_ends_with_its_time_and_with_its_device() {
    let server = Server::start();
    let facilitator = server.device(Role::Facilitator);
    let coordinator = server.device(Role::Coordinator);
    let signed = by(&link(&facilitator), &key(&facilitator));
    let day = 86_400_000;
    server.clock.advance_ms(u64::from(LATE_DAYS) * day);
    assert_eq!(send(&server, &answers(&signed, 1)).status, 202);
    server.clock.advance_ms(day);
    let other = SurveyLink {
        moment: Moment::End,
        ..link(&facilitator)
    };
    let other = by(&other, &key(&facilitator));
    let received = send(&server, &answers(&other, 1));
    assert_eq!(
        (received.status, received.problem().problem),
        (410, Problem::LinkOver)
    );
    let in_time = SurveyLink {
        until: Date::from_julian_day(today().to_julian_day() + 40).unwrap(),
        ..link(&facilitator)
    };
    let in_time = by(&in_time, &key(&facilitator));
    server.revoke(facilitator.device);
    let received = send(&server, &answers(&in_time, 1));
    assert_eq!(received.problem().problem, Problem::LinkOver);
    assert_eq!(said(&server, &coordinator).len(), 3);
}

#[test]
fn whoever_guesses_at_links_has_to_wait_and_whoever_has_one_goes_on() {
    let server = Server::start();
    let facilitator = server.device(Role::Facilitator);
    let guess = answers(&by(&link(&facilitator), &[9; 32]), 1);
    let statuses: Vec<_> = (0..31).map(|_| send(&server, &guess).status).collect();
    assert!(
        statuses[..30].iter().all(|status| *status == 403),
        "{statuses:?}"
    );
    assert_eq!(statuses[30], 429);
    let signed = by(&link(&facilitator), &key(&facilitator));
    assert_eq!(send(&server, &answers(&signed, 1)).status, 202);
}

#[test]
fn answers_of_somebody_who_was_erased_are_acknowledged_and_not_kept() {
    let server = Server::start();
    let facilitator = server.device(Role::Facilitator);
    let coordinator = server.device(Role::Coordinator);
    server
        .wait(server.storage.erase(Erasing {
            subjects: Subject::Person(ANN).into(),
            epoch: 5,
            by: Actor::CommandLine,
            now: START,
        }))
        .unwrap();
    let signed = by(&link(&facilitator), &key(&facilitator));
    assert_eq!(send(&server, &answers(&signed, 1)).status, 202);
    assert!(said(&server, &coordinator).is_empty());
}

/// What somebody says about a session whose phone drew a number.
fn about_the_session(link: &SignedLink, drawn: u64) -> PhoneAnswers {
    let begun = link.begin(Mode::Alone, Language::Welsh, ResponseId(drawn));
    let Some(Form::Pulse(mut asking)) = begun else {
        panic!("{begun:?}");
    };
    for tap in [Tap::Start, Tap::Day(Day::Good), Tap::Continue] {
        asking.tap(tap).unwrap();
    }
    PhoneAnswers {
        link: link.clone(),
        form: Form::Pulse(asking),
        at: (today(), TimeOfDay::from_minutes(600).unwrap()),
    }
}

#[test]
fn one_code_brings_what_everybody_says_of_a_session_each_once_and_no_more_than_a_group() {
    let server = Server::start();
    let facilitator = server.device(Role::Facilitator);
    let made = PulseLink {
        device: facilitator.device,
        programme: PROGRAMME,
        session: SessionId(4),
        until: today(),
        asked_by: None,
    };
    let signed = Link::Pulse(made).sign(&key(&facilitator));
    for drawn in (0..u64::from(PULSES_MAX)).chain(0..3) {
        let received = send(&server, &about_the_session(&signed, drawn));
        assert_eq!(received.status, 202);
        let receipt: AnswersReply = received.message().unwrap();
        assert_eq!(receipt.link, signed.tag());
    }
    let one_more = send(&server, &about_the_session(&signed, 1_000));
    assert_eq!(one_more.problem().problem, Problem::LinkOver);
    let delivery = facilitator.pull(Stream::Delivery(PROGRAMME), 0, 200);
    let events = delivery.unwrap().events.into_iter();
    let said: Vec<_> = events
        .filter_map(|pulled| match pulled.event().unwrap().body {
            Body::PulseAnswered(answered) => Some(answered),
            _ => None,
        })
        .collect();
    assert_eq!(said.len(), PULSES_MAX as usize);
    for answered in &said {
        assert_eq!((answered.session, answered.person), (SessionId(4), None));
    }
    // Signed by nobody that is known, it brings nothing.
    let Link::Pulse(made) = signed.claims() else {
        unreachable!("it was made as one");
    };
    let forged = Link::Pulse(made.clone()).sign(&[9; 32]);
    let forged = send(&server, &about_the_session(&forged, 1));
    assert_eq!(forged.problem().problem, Problem::Forbidden);
}

/// As they wait on a phone: sealed to the organisation.
fn sealed_to(key: SealingKey, answers: &PhoneAnswers, link: [u8; 16]) -> Vec<u8> {
    let place = answers_place(&link);
    let sealed = key.seal(&place, &encode_answers(answers), [5; 32]).unwrap();
    SealedAnswers { link, sealed }.to_bytes()
}

#[test]
fn answers_that_waited_sealed_arrive_as_any_others_and_once() {
    let server = Server::start();
    let coordinator = server.device(Role::Coordinator);
    let tablet = server.device(Role::Facilitator);
    let signed = by(&link(&tablet), &key(&tablet));
    let answers = answers(&signed, 7);
    let told = Request::get("/v1/sealing-key").send(server.address);
    let SealingKeyReply { key: organisation } = told.message().unwrap();
    let send_sealed =
        |body: Vec<u8>| Request::post("/v1/sealed-answers", body).send(server.address);
    // What opens for nobody, belongs to another link, or is no answers, is refused for good.
    let elsewhere = OpeningKey::of(&DataKey::new([9; 32])).sealing_key();
    let body = sealed_to(organisation, &answers, signed.tag());
    let mut damaged = body.clone();
    *damaged.last_mut().unwrap() ^= 1;
    for wrong in [
        sealed_to(elsewhere, &answers, signed.tag()),
        sealed_to(organisation, &answers, [3; 16]),
        damaged,
        encode_answers(&answers),
        vec![7; 200],
    ] {
        let refused = send_sealed(wrong);
        assert_eq!(
            (refused.status, refused.problem().problem),
            (400, Problem::BadForm)
        );
    }
    assert_eq!(said(&server, &coordinator), []);
    for _ in 0..3 {
        let reply = send_sealed(body.clone());
        assert_eq!(reply.status, 202);
        assert_eq!(reply.message::<AnswersReply>().unwrap().link, signed.tag());
    }
    let arrived = said(&server, &coordinator);
    assert!(!arrived.is_empty());
    // The same answers, as an older page sends them.
    assert_eq!(send(&server, &answers).status, 202);
    assert_eq!(said(&server, &coordinator), arrived);
}
