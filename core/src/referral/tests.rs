use super::*;
use crate::clock::Instant;
use crate::event::{Body, Draft};
use crate::ids::ProgrammeId;
use crate::records::testing::{PROGRAMME, Tablet, meet, text, two_tablets};
use crate::stream::Stream;

pub(super) const FORM: ReferralId = ReferralId(7);

pub(super) fn form() -> SelfReferral {
    SelfReferral {
        referral: FORM,
        name: text("Siân"),
        contact_way: ContactWay::Telephone,
        contact: text("01632 960 123"),
        access: Vec::new(),
        access_note: None,
        hopes: None,
        supporter: None,
        language: Language::Welsh,
        agreed: WordingRef {
            version: 1,
            language: Language::Welsh,
            sha256: [7; 32],
        },
    }
}

fn received(doubts: Vec<Doubt>) -> Draft {
    Draft {
        stream: Stream::Casework(PROGRAMME),
        supersedes: Vec::new(),
        body: Body::from(ReferralReceived {
            form: form(),
            doubts,
            referrer: None,
        }),
    }
}

fn tray(tablet: &Tablet) -> Tray {
    let casework = tablet.records.casework(PROGRAMME).unwrap();
    let [view] = casework.referrals.all()[..] else {
        panic!("one referral")
    };
    view.tray()
}

fn put(tablet: &mut Tablet, where_to: Tray) -> Result<(), SortError> {
    let draft = sort(&tablet.records, PROGRAMME, FORM, where_to)?;
    tablet.record(draft);
    Ok(())
}

/// Two coordinators who hold one referral.
pub(super) fn two_with(doubts: Vec<Doubt>) -> (Tablet, Tablet) {
    let (mut one, mut other) = two_tablets();
    one.record(received(doubts));
    meet(&mut one, &mut other);
    (one, other)
}

#[test]
fn a_referral_lies_where_it_came_in_until_a_person_says_otherwise_and_that_can_be_undone() {
    let (mut one, mut other) = two_with(Vec::new());
    assert_eq!(tray(&one), Tray::List);
    assert_eq!(put(&mut one, Tray::List), Err(SortError::NothingToChange));
    put(&mut one, Tray::Check).unwrap();
    meet(&mut one, &mut other);
    assert_eq!(tray(&other), Tray::Check);
    put(&mut other, Tray::List).unwrap();
    meet(&mut one, &mut other);
    assert_eq!(tray(&one), Tray::List, "undone");

    let (mut doubtful, _) = two_with(vec![Doubt::NoProof, Doubt::Rush]);
    assert_eq!(tray(&doubtful), Tray::Check);
    put(&mut doubtful, Tray::List).unwrap();
    assert_eq!(tray(&doubtful), Tray::List);
    put(&mut doubtful, Tray::Check).unwrap();
    assert_eq!(tray(&doubtful), Tray::Check, "undone");
}

#[test]
fn of_two_who_disagree_whoever_took_it_for_a_persons_is_not_overruled() {
    let (mut one, mut other) = two_with(vec![Doubt::Trap]);
    put(&mut one, Tray::List).unwrap();
    put(&mut other, Tray::List).unwrap();
    put(&mut other, Tray::Check).unwrap();
    meet(&mut one, &mut other);
    assert_eq!(tray(&one), Tray::List);
    put(&mut other, Tray::Check).unwrap();
    meet(&mut one, &mut other);
    assert_eq!(
        tray(&one),
        Tray::Check,
        "until one of them knows of the other"
    );
}

#[test]
fn a_phone_cannot_say_that_somebody_else_referred_whoever_it_is_about() {
    let forged = ReferralReceived {
        form: form(),
        doubts: vec![Doubt::Trap],
        referrer: Some(Referrer {
            account: AccountId(5),
            name: text("Priya"),
            contact: text("01632 960 200"),
            agreed_support: None,
            emergency: None,
        }),
    };
    let bytes = crate::event::Recorded::to_bytes(&forged);
    assert_eq!(decode_submission(&bytes), Ok(form()));
}

#[test]
fn a_referral_that_is_not_there_cannot_be_sorted() {
    let (one, _) = two_tablets();
    let sorted = |programme| sort(&one.records, programme, FORM, Tray::List);
    assert_eq!(sorted(PROGRAMME), Err(SortError::NoReferral));
    assert_eq!(sorted(ProgrammeId(1)), Err(SortError::NoReferral));
}

#[test]
fn what_is_said_about_a_form_stands_behind_it_in_parts_and_is_never_a_reason_to_lose_it() {
    let filled = Signals {
        trap_filled: true,
        took_ms: Some(90_000),
        proof: None,
    };
    let challenge = Challenge::new(&[9; 32], PROGRAMME, [3; 16], 1, Instant(5));
    let proof = Solver::begin(challenge, FORM).and_then(|mut solver| solver.step(1_000));
    let worked = Signals {
        proof,
        ..Signals::default()
    };
    assert!(proof.is_some());
    let parts = [
        encode_submission(&form()),
        encode_signals(&filled),
        encode_signals(&worked),
    ];
    let read = decode_submitted(&parts.concat()).unwrap();
    assert_eq!(read.form, form());
    assert_eq!(read.signals, Signals { proof, ..filled });
    // An older server reads the form and nothing behind it; an older phone sends nothing behind it.
    assert_eq!(decode_submission(&parts.concat()), Ok(form()));
    let bare = decode_submitted(&parts[0]).unwrap();
    assert_eq!(bare.signals, Signals::default());
    for end in parts[0].len()..parts.concat().len() {
        let cut = decode_submitted(&parts.concat()[..end]).unwrap();
        assert_eq!(cut.form, form());
    }
    let noise = [parts[0].clone(), b"not CBOR \xff\xff".to_vec()].concat();
    assert_eq!(
        decode_submitted(&noise).unwrap().signals,
        Signals::default()
    );
    let many = [parts[0].clone(), encode_signals(&filled).repeat(1_000)].concat();
    assert_eq!(decode_submitted(&many).unwrap().signals, filled);
    assert_eq!(decode_submitted(&parts[1]), Err(SubmissionError));
}
