use super::*;
use crate::attendance::{Absence, AttendanceMarked};
use crate::consent::{ConsentRecorded, Decision, GivenBy, Method, WordingRef};
use crate::event::{Body, Draft};
use crate::ids::{AccountId, SessionId};
use crate::programme::SessionPlanned;
use crate::records::testing::{PROGRAMME, Tablet, june, tablet, text, time};
use crate::referral::{ContactWay, take_on};
use crate::stream::Stream;

const FORM: ReferralId = ReferralId(7);
const SIAN: PersonId = PersonId(70);
const PRIYA: AccountId = AccountId(5);

fn by() -> Referrer {
    Referrer {
        account: PRIYA,
        name: text("Priya Nair, Alder Street Surgery"),
        contact: text("01632 960 200"),
        agreed_support: None,
        emergency: None,
    }
}

fn filled() -> MadeFor {
    MadeFor {
        person: Form {
            name: "Siân".to_owned(),
            contact_way: Some(ContactWay::Telephone),
            contact: "01632 960 123".to_owned(),
            agreed: true,
            ..Form::default()
        },
        ..MadeFor::default()
    }
}

fn complete(form: &MadeFor) -> Result<ReferralReceived, Vec<(Field, FieldError)>> {
    complete_for(form, FORM, by(), Language::English, "Wellfield")
}

#[test]
fn a_filled_form_is_a_referral_of_whoever_signed_in() {
    let form = MadeFor {
        agreed_support: "Breaks.".to_owned(),
        emergency_name: "Mair".to_owned(),
        emergency_phone: "01632 960 300".to_owned(),
        ..filled()
    };
    let received = complete(&form).unwrap();
    let referrer = received.referrer.unwrap();
    assert_eq!((referrer.account, referrer.name), (PRIYA, by().name));
    assert_eq!(referrer.agreed_support, Some(text("Breaks.")));
    assert_eq!(referrer.emergency.unwrap().phone, text("01632 960 300"));
    let shown = wording::agreement_for(Language::English, "Wellfield");
    assert_eq!(
        received.form.agreed.sha256,
        crate::consent::wording::sha256(&shown)
    );
    assert!(received.doubts.is_empty());
    let bare = complete(&filled()).unwrap().referrer.unwrap();
    assert_eq!(bare, by());
}

#[test]
fn nobody_is_referred_without_having_agreed_and_everything_wrong_is_told_at_once() {
    let form = MadeFor {
        person: Form {
            agreed: false,
            ..filled().person
        },
        agreed_support: "a".repeat(2_001),
        emergency_name: "Mair".to_owned(),
        ..filled()
    };
    let wrong = complete(&form).unwrap_err();
    assert_eq!(
        wrong,
        [
            (
                Field::Person(Question::Agreement),
                FieldError::AgreementMissing
            ),
            (Field::AgreedSupport, FieldError::TooLong(2_000)),
            (Field::EmergencyPhone, FieldError::ContactMissing),
        ]
    );
    let nameless = MadeFor {
        emergency_phone: "01632 960 300".to_owned(),
        ..filled()
    };
    let wrong = complete(&nameless).unwrap_err();
    assert_eq!(wrong, [(Field::EmergencyName, FieldError::NameMissing)]);
}

fn session(number: u16, day: u8) -> SessionPlanned {
    SessionPlanned {
        session: SessionId(u64::from(number)),
        number,
        date: june(day),
        starts: time(10, 0),
        ends: time(12, 0),
        place: None,
    }
}

/// Siân was referred by Priya and taken on, and sessions are on the second, ninth, sixteenth and
/// twenty-third.
fn taken_on() -> Tablet {
    let mut tablet = tablet();
    tablet.record(Draft {
        stream: Stream::Casework(PROGRAMME),
        supersedes: Vec::new(),
        body: Body::from(complete(&filled()).unwrap()),
    });
    for (number, day) in [(1, 2), (2, 9), (3, 16), (4, 23)] {
        tablet.record_body(&[], session(number + 10, day));
    }
    let drafts = take_on(&tablet.records, PROGRAMME, FORM, SIAN, june(1)).unwrap();
    tablet.keep(drafts);
    tablet
}

fn mark(tablet: &mut Tablet, number: u64, mark: Mark) {
    let marked = AttendanceMarked {
        session: SessionId(number + 10),
        person: SIAN,
        mark,
        note: None,
    };
    tablet.record_body(&[], marked);
}

fn decide(tablet: &mut Tablet, decision: Decision) {
    let seen = tablet
        .delivery()
        .consent
        .standing_ids(SIAN, Purpose::TalkToReferrer);
    let recorded = ConsentRecorded {
        person: SIAN,
        purpose: Purpose::TalkToReferrer,
        decision,
        wording: WordingRef {
            version: 1,
            language: Language::English,
            sha256: [1; 32],
        },
        method: Method::Ticked,
        given_by: GivenBy::Themselves,
        giver_name: None,
    };
    tablet.record_body(&seen, recorded);
}

fn told(tablet: &Tablet, by: AccountId, day: u8) -> Option<Progress> {
    progress(&tablet.records, PROGRAMME, FORM, by, june(day))
}

#[test]
fn attendance_is_told_while_the_person_agrees_and_not_before_or_after() {
    let mut tablet = taken_on();
    mark(&mut tablet, 1, Mark::HERE);
    mark(
        &mut tablet,
        2,
        Mark::NotHere {
            absence: Absence::Apologies,
            reason: None,
        },
    );
    let before = told(&tablet, PRIYA, 10).unwrap();
    assert_eq!(
        (before.answer, before.attended),
        (Some(Answer::Joined), None)
    );
    decide(&mut tablet, Decision::Given);
    let attended = Attended {
        came: 1,
        of: 2,
        last: Some(june(2)),
        goes_on: true,
    };
    assert_eq!(told(&tablet, PRIYA, 10).unwrap().attended, Some(attended));
    let excused = Mark::NotHere {
        absence: Absence::Excused,
        reason: None,
    };
    mark(&mut tablet, 3, excused);
    mark(&mut tablet, 4, Mark::HERE);
    let attended = Attended {
        came: 2,
        of: 3,
        last: Some(june(23)),
        goes_on: false,
    };
    assert_eq!(told(&tablet, PRIYA, 23).unwrap().attended, Some(attended));
    decide(&mut tablet, Decision::Withdrawn);
    assert_eq!(told(&tablet, PRIYA, 24).unwrap().attended, None);
}

#[test]
fn nobody_is_told_of_whom_somebody_else_referred_or_who_referred_themselves() {
    let tablet = taken_on();
    assert_eq!(told(&tablet, AccountId(6), 10), None);
    let mut alone = super::super::tests::two_with(Vec::new()).0;
    assert_eq!(told(&alone, PRIYA, 10), None);
    alone.record_body(&[], session(20, 9));
    let elsewhere = progress(&alone.records, ProgrammeId(1), FORM, PRIYA, june(10));
    assert_eq!(elsewhere, None);
}

#[test]
fn an_answer_is_told_with_its_day_and_its_note() {
    let mut tablet = tablet();
    tablet.record(Draft {
        stream: Stream::Casework(PROGRAMME),
        supersedes: Vec::new(),
        body: Body::from(complete(&filled()).unwrap()),
    });
    let waits = told(&tablet, PRIYA, 3).unwrap();
    assert_eq!((waits.answer, waits.day, waits.note), (None, None, None));
    let note = Some(text("Starts on the ninth."));
    let offered = Answer::PlaceOffered;
    let draft = super::super::answer(
        &tablet.records,
        PROGRAMME,
        FORM,
        offered,
        note.clone(),
        june(4),
    );
    tablet.record(draft.unwrap());
    let told = told(&tablet, PRIYA, 5).unwrap();
    assert_eq!((told.answer, told.day), (Some(offered), Some(june(4))));
    assert_eq!((told.note, told.attended), (note, None));
}
