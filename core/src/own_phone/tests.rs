use super::*;
use crate::clock::Month;
use crate::evaluation::tests::{LAST, answer_all, asked_at, course, keep_all, plan, planned};
use crate::evaluation::{
    Asked, EvaluationPlanned, InstrumentKey, Outcome, Questions, Size, Survey, SurveyTap, Topic,
    follow_ups, progress,
};
use crate::event::{Body, NotOurs};
use crate::ids::PersonId;
use crate::measures::{Catalogue, Moment, Reply, When};
use crate::records::testing::{
    ANN, BEA, FIRST, PROGRAMME, Tablet, june, meet, text, time, two_tablets,
};
use crate::referral::Outcome as Delivered;
use crate::sync::{MEDIA_TYPE, Message, Problem, ProblemReply, ReferralReply};
use crate::vault::{DataKey, DraftKey, OpeningKey};

pub(super) const KEY: [u8; 32] = [7; 32];
const DEVICE: DeviceId = DeviceId(4);
pub(super) const ME: (ProgrammeId, DeviceId) = (PROGRAMME, DEVICE);

fn october(day: u8) -> Date {
    Date::from_calendar_date(2026, Month::October, day).unwrap()
}

/// Ann agreed, and it is time for her baseline.
pub(super) fn ready() -> Tablet {
    let mut tablet = course();
    plan(&mut tablet, planned(Size::Medium, &[Topic::Wellbeing]));
    tablet.agree(ANN, true);
    tablet
}

pub(super) fn baseline(tablet: &Tablet) -> (SurveyLink, Option<Draft>) {
    let asked = (ANN, FIRST, Moment::Baseline);
    give_link(
        &tablet.records,
        ME,
        asked,
        Questions::Usual,
        When::day(june(2)),
    )
    .unwrap()
}

/// What the phone reads out of the address.
pub(super) fn on_the_phone(link: &SurveyLink) -> SignedLink {
    SignedLink::from_text(&signed(link).to_text()).unwrap()
}

fn signed(link: &SurveyLink) -> SignedLink {
    Link::Survey(link.clone()).sign(&KEY)
}

/// The survey that a link leads to.
fn survey_of(link: &SignedLink, mode: Mode, language: Language) -> Survey {
    match link.begin(mode, language, ResponseId(0)) {
        Some(Form::Survey(survey)) => survey,
        other => panic!("{other:?}"),
    }
}

pub(super) fn answered(link: &SignedLink, answer: i16) -> PhoneAnswers {
    let mut survey = survey_of(link, Mode::Alone, Language::Welsh);
    answer_all(&mut survey, answer);
    PhoneAnswers {
        link: link.clone(),
        form: Form::Survey(survey),
        at: (june(2), time(18, 30)),
    }
}

/// What arrives at the server.
pub(super) fn arrived(answers: &PhoneAnswers) -> PhoneAnswers {
    decode_answers(&encode_answers(answers)).unwrap()
}

fn replies(tablet: &Tablet) -> Vec<(PersonId, String, Vec<Reply>)> {
    let all = tablet.records.casework(PROGRAMME).unwrap().measured.all();
    all.map(|head| {
        let key = head.value.instrument.to_string();
        (head.value.person, key, head.value.replies.clone())
    })
    .collect()
}

#[test]
fn a_link_says_what_is_asked_and_nothing_about_who_they_are() {
    let (link, _) = baseline(&ready());
    assert_eq!((link.until, link.which), (june(2), Questions::Usual));
    let signed = signed(&link);
    let address = signed.to_text();
    assert!(address.len() < 180, "{} letters", address.len());
    let letter = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    assert!(address.chars().all(letter), "{address}");
    assert_eq!(SignedLink::from_text(&address), Ok(signed));
    let bytes = format!("{:?}", on_the_phone(&link));
    assert!(!bytes.contains("Ann") && !address.contains("Ann"));
}

#[test]
fn only_the_device_that_a_link_names_can_have_made_it() {
    let (link, _) = baseline(&ready());
    let signed = on_the_phone(&link);
    assert_eq!(
        signed.proven(&KeyHash::of(&KEY)),
        Ok(&Link::Survey(link.clone()))
    );
    assert_eq!(signed.proven(&KeyHash::of(&[8; 32])), Err(Forged));
    let other = Link::Survey(SurveyLink {
        person: BEA,
        ..link
    });
    let mut bytes = other.clone().sign(&[8; 32]).bytes;
    let end = bytes.len() - TAG_BYTES;
    bytes[end..].copy_from_slice(&signed.tag());
    let forged = SignedLink { link: other, bytes };
    let forged = SignedLink::from_text(&forged.to_text()).unwrap();
    assert_eq!(forged.proven(&KeyHash::of(&KEY)), Err(Forged));
}

#[test]
fn a_damaged_or_shortened_link_is_none_or_is_not_proven() {
    let address = signed(&baseline(&ready()).0).to_text();
    for end in 0..address.len() {
        if let Ok(read) = SignedLink::from_text(&address[..end]) {
            assert_eq!(read.proven(&KeyHash::of(&KEY)), Err(Forged), "{end}");
        }
    }
    for place in 0..address.len() {
        let mut other = address.clone().into_bytes();
        other[place] = if other[place] == b'A' { b'B' } else { b'A' };
        let other = String::from_utf8(other).unwrap();
        // The last letter may hold bits that say nothing; then nothing else is read than before.
        match SignedLink::from_text(&other) {
            Ok(read) if read.to_text() == address => {}
            Ok(read) => assert_eq!(read.proven(&KeyHash::of(&KEY)), Err(Forged), "{place}"),
            Err(NotOurs) => {}
        }
    }
    assert_eq!(SignedLink::from_text(&"A".repeat(100_000)), Err(NotOurs));
}

#[test]
fn a_link_is_given_where_the_tablet_could_be_handed_over() {
    let mut tablet = ready();
    let give = |tablet: &Tablet, person, session, moment, today| {
        let asked = (person, session, moment);
        give_link(
            &tablet.records,
            ME,
            asked,
            Questions::Usual,
            When::day(today),
        )
        .map(|(link, _)| link.until)
    };
    let first = Moment::Baseline;
    assert_eq!(give(&tablet, ANN, FIRST, first, june(2)), Ok(june(2)));
    let consent = Err(NoLink::ConsentFirst);
    assert_eq!(give(&tablet, BEA, FIRST, first, june(2)), consent);
    let early = Err(NoLink::NotDue);
    assert_eq!(give(&tablet, ANN, FIRST, Moment::End, june(2)), early);
    // Three months later until the last day on which an answer counts, as the list of follow-ups says.
    let three = Moment::ThreeMonths;
    let until = give(&tablet, ANN, LAST, three, october(1)).unwrap();
    let listed = follow_ups(tablet.delivery(), october(1));
    let listed = listed.iter().find(|one| one.due.moment == three).unwrap();
    assert_eq!(until, listed.until);
    tablet.agree(ANN, false);
    assert_eq!(give(&tablet, ANN, FIRST, first, june(2)), early);
}

#[test]
fn whoever_has_a_link_stands_there_until_their_answers_come() {
    let (mut tablet, mut server) = two_tablets();
    plan(&mut tablet, planned(Size::Medium, &[Topic::Wellbeing]));
    tablet.agree(ANN, true);
    let (link, record) = baseline(&tablet);
    tablet.record(record.unwrap());
    assert_eq!(baseline(&tablet), (link.clone(), None), "shown again");
    let first = Moment::Baseline;
    let stands = |tablet: &Tablet| asked_at(tablet, FIRST, june(2));
    assert!(stands(&tablet).contains(&(ANN, first, Asked::Linked)));
    assert!(!Asked::Linked.is_open(), "nobody has to chase them");
    let counts = |tablet: &Tablet| {
        let of_first = progress(&tablet.delivery().evaluation);
        let of_first = of_first.iter().find(|one| one.moment == first).unwrap();
        (of_first.linked, of_first.finished)
    };
    assert_eq!(counts(&tablet), (1, 0));
    // The server knows nothing of the tablet's record, and names it in none of its own.
    let answers = arrived(&answered(&on_the_phone(&link), 2));
    for draft in answers.records(june(3)).unwrap() {
        assert!(draft.supersedes.is_empty());
        server.record(draft);
    }
    meet(&mut tablet, &mut server);
    assert!(!stands(&tablet).iter().any(|(person, ..)| *person == ANN));
    assert_eq!(counts(&tablet), (0, 1));
    let all = replies(&tablet);
    let ons4 = all.iter().find(|(_, key, _)| key == "ons4").unwrap();
    assert_eq!(ons4.2, [Reply::Given(2); 4]);
}

#[test]
fn answers_are_records_of_the_person_the_moment_the_language_and_the_day() {
    let (link, _) = baseline(&ready());
    let drafts = answered(&on_the_phone(&link), 1).records(june(2)).unwrap();
    let bodies: Vec<_> = drafts.iter().map(|draft| &draft.body).collect();
    let [
        Body::MeasureAnswered(ons4),
        Body::MeasureAnswered(services),
        Body::MeasuresAsked(asked),
    ] = bodies[..]
    else {
        panic!("{bodies:?}");
    };
    assert_eq!((ons4.person, ons4.session), (ANN, Some(FIRST)));
    assert_eq!((ons4.mode, ons4.day), (Mode::Alone, june(2)));
    assert_eq!((ons4.time, ons4.finished), (time(18, 30), true));
    assert_ne!(ons4.response, services.response);
    assert_eq!((asked.person, asked.outcome), (ANN, Outcome::Finished));
}

#[test]
fn answers_that_come_twice_are_there_once() {
    let mut tablet = ready();
    let (link, _) = baseline(&tablet);
    let again = SurveyLink {
        device: DeviceId(5),
        until: june(4),
        ..link.clone()
    };
    for (link, answer) in [(&link, 1), (&again, 3), (&link, 1)] {
        for draft in answered(&on_the_phone(link), answer)
            .records(june(2))
            .unwrap()
        {
            tablet.record(draft);
        }
    }
    assert_eq!(replies(&tablet).len(), 2, "ONS4 and the use of services");
    // Answers of hers that were given on the tablet are sets of their own.
    let mut survey = crate::evaluation::tests::begin(&tablet, ANN, FIRST, Moment::Baseline);
    answer_all(&mut survey, 2);
    keep_all(&mut tablet, &survey, june(2));
    assert_eq!(replies(&tablet).len(), 4);
}

#[test]
fn a_phone_can_not_answer_for_somebody_else_or_in_the_place_of_other_answers() {
    let (link, _) = baseline(&ready());
    let link = on_the_phone(&link);
    let good = answered(&link, 1);
    let refused = |change: fn(&mut Survey)| {
        let mut other = good.clone();
        let Form::Survey(survey) = &mut other.form else {
            unreachable!("it is a link to a survey");
        };
        change(survey);
        arrived(&other).records(june(2))
    };
    let not_asked = Err(AnswersRefused::NotAsked);
    assert_eq!(refused(|survey| survey.person = BEA), not_asked);
    assert_eq!(refused(|survey| survey.session = LAST), not_asked);
    assert_eq!(refused(|survey| survey.moment = Moment::End), not_asked);
    assert_eq!(refused(|survey| *survey = survey.cleared()), not_asked);
    let easy = |survey: &mut Survey| {
        survey.sheets[0].instrument = InstrumentKey::parse("easy3").unwrap();
    };
    assert_eq!(refused(easy), not_asked);
    let chosen = refused(|survey| survey.sheets[0].response = ResponseId(9_001)).unwrap();
    assert_eq!(chosen, good.records(june(2)).unwrap());
    assert!(chosen.iter().all(|draft| !matches!(&draft.body,
        Body::MeasureAnswered(answered) if answered.response == ResponseId(9_001))));
}

#[test]
fn late_answers_are_taken_for_a_month_and_a_clock_that_is_ahead_says_tomorrow_at_most() {
    let (link, _) = baseline(&ready());
    let answers = answered(&on_the_phone(&link), 1);
    let july = |day| Date::from_calendar_date(2026, Month::July, day).unwrap();
    assert!(answers.records(july(3)).is_ok());
    assert_eq!(answers.records(july(4)), Err(AnswersRefused::TooOld));
    let link = Link::Survey(link);
    assert!(!link.is_over(june(2)) && link.is_over(june(3)));
    let mut ahead = answers.clone();
    ahead.at.0 = june(20);
    let drafts = ahead.records(june(2)).unwrap();
    let Body::MeasureAnswered(said) = &drafts[0].body else {
        panic!("{drafts:?}");
    };
    assert_eq!(said.day, june(3));
}

#[test]
fn what_was_left_unfinished_says_so_and_can_be_gone_on_with_from_disk() {
    let (link, _) = baseline(&ready());
    let link = on_the_phone(&link);
    let mut survey = survey_of(&link, Mode::ByCarer, Language::English);
    let catalogue = Catalogue::built_in();
    for tap in [SurveyTap::Start, SurveyTap::Choose(3), SurveyTap::Continue] {
        survey.tap(tap, &catalogue).unwrap();
    }
    let answers = PhoneAnswers {
        link,
        form: Form::Survey(survey),
        at: (june(2), time(9, 0)),
    };
    // A version before this one kept them so that they could be read.
    for is_finished in [false, true] {
        let kept = Kept::Readable {
            answers: Box::new(answers.clone()),
            is_finished,
        };
        assert_eq!(Kept::from_bytes(&kept.to_bytes()), Ok(kept));
    }
    let drafts = answers.records(june(2)).unwrap();
    let Body::MeasuresAsked(asked) = &drafts.last().unwrap().body else {
        panic!("{drafts:?}");
    };
    assert_eq!(asked.outcome, Outcome::Stopped);
}

#[test]
fn what_a_phone_keeps_opens_with_the_link_or_for_the_organisation_and_for_nobody_else() {
    let link = on_the_phone(&baseline(&ready()).0);
    let answers = PhoneAnswers {
        form: Form::Survey(survey_of(&link, Mode::Alone, Language::English)),
        link,
        at: (june(2), time(9, 0)),
    };
    let plain = encode_answers(&answers);
    let draft = DraftKey::of(answers.link.secret()).seal(&plain, [7; 24]);
    let opened = DraftKey::of(answers.link.secret()).open(&draft).unwrap();
    assert_eq!(decode_answers(&opened), Ok(answers.clone()));
    let other = on_the_phone(&baseline(&ready()).0).secret()[1..].to_vec();
    assert!(DraftKey::of(&other).open(&draft).is_err());

    let organisation = OpeningKey::of(&DataKey::new([6; 32]));
    let tag = answers.link.tag();
    let place = answers_place(&tag);
    let sealed = organisation
        .sealing_key()
        .seal(&place, &plain, [8; 32])
        .unwrap();
    let waiting = SealedAnswers { link: tag, sealed };
    let opened = organisation.open(&place, &waiting.sealed).unwrap();
    assert_eq!(waiting.read(&opened), Ok(answers));
    // It opens for no other link, and counts as no other link's.
    assert!(
        organisation
            .open(&answers_place(&[0; 16]), &waiting.sealed)
            .is_err()
    );
    let elsewhere = SealedAnswers {
        link: [0; 16],
        ..waiting.clone()
    };
    assert_eq!(elsewhere.read(&opened), Err(NotOurs));
    assert_eq!(waiting.read(b"nonsense"), Err(NotOurs));
    assert_eq!(
        SealedAnswers::from_bytes(&waiting.to_bytes()),
        Ok(waiting.clone())
    );
    for kept in [
        Kept::UnderWay(draft),
        Kept::Waiting(waiting),
        Kept::Sent,
        Kept::Refused,
    ] {
        assert_eq!(Kept::from_bytes(&kept.to_bytes()), Ok(kept));
    }
}

#[test]
fn easy_questions_are_asked_by_a_link_that_says_so_and_a_licensed_scale_carries_its_reference() {
    let mut tablet = ready();
    let licensed = EvaluationPlanned {
        swemwbs_licence: Some(text("WEMWBS-4711")),
        own: Vec::new(),
        comparison: None,
        toolkit_compared: false,
        ..planned(Size::Small, &[Topic::MentalWellbeing])
    };
    plan(&mut tablet, licensed);
    let asked = (ANN, FIRST, Moment::Baseline);
    let begun = |which| {
        let (link, _) = give_link(&tablet.records, ME, asked, which, When::day(june(2))).unwrap();
        survey_of(&on_the_phone(&link), Mode::Alone, Language::English)
    };
    assert_eq!(begun(Questions::Usual).questions(), 7);
    let easy = begun(Questions::Easy);
    assert_eq!(easy.which(), Questions::Easy);
}

#[test]
fn what_is_left_on_the_phone_says_whether_the_server_has_the_answers() {
    assert_eq!(Kept::after(Delivered::Waiting), None);
    assert_eq!(Kept::after(Delivered::Received), Some(Kept::Sent));
    assert_eq!(Kept::after(Delivered::Refused), Some(Kept::Refused));
}

#[test]
fn answers_are_delivered_by_the_echo_of_their_link_and_by_nothing_else() {
    let link = on_the_phone(&baseline(&ready()).0);
    let reply = |status, media_type: &str, body| {
        Some(HttpReply {
            status,
            media_type: media_type.to_owned(),
            body,
        })
    };
    let receipt = AnswersReply { link: link.tag() }.to_bytes();
    let told = delivered(&link.tag(), reply(202, MEDIA_TYPE, receipt.clone()));
    assert_eq!(told, Delivered::Received);
    let other = ReferralReply {
        referral: crate::ids::ReferralId(7),
    };
    for nothing in [
        None,
        reply(202, "text/html", receipt),
        reply(202, MEDIA_TYPE, AnswersReply { link: [0; 16] }.to_bytes()),
        reply(202, MEDIA_TYPE, other.to_bytes()),
    ] {
        assert_eq!(delivered(&link.tag(), nothing), Delivered::Waiting);
    }
    let over = ProblemReply::from(Problem::LinkOver);
    let told = delivered(
        &link.tag(),
        reply(over.status(), MEDIA_TYPE, over.to_bytes()),
    );
    assert_eq!(told, Delivered::Refused);
}
