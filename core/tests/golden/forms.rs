//! What people fill in, as it travels or lies on disk before it is a record: concerns, referrals, hand-overs.

use wellfield_core::clock::Instant;
use wellfield_core::ids::{PersonId, ProgrammeId, ResponseId, SessionId};
use wellfield_core::language::Language;
use wellfield_core::measures::Mode;
use wellfield_core::pulse::{Asking, Day, Felt, Quoting, Tap, decode_asking, encode_asking};
use wellfield_core::referral::{
    Challenge, Proof, SealedForm, SelfReferral, Signals, decode_sealed, decode_signals,
    decode_submission, encode_sealed, encode_signals, encode_submission,
};
use wellfield_core::safeguarding::{Concern, FollowUp, Sharing};
use wellfield_core::text::Text;

use super::events;
use super::fixture::Case;

/// A concern, as it is before it is sealed.
fn concern(name: &str, concern: Concern) -> Case {
    Case {
        name: format!("concern-v1-{name}"),
        bytes: concern.to_bytes(),
        reads_back: Box::new(move |bytes| Concern::from_bytes(bytes).as_ref() == Ok(&concern)),
        rewrite: |bytes| Concern::from_bytes(bytes).ok().map(|read| read.to_bytes()),
    }
}

/// What was added to a concern, as it is before it is sealed.
fn follow_up(name: &str, added: FollowUp) -> Case {
    Case {
        name: format!("follow-up-v1-{name}"),
        bytes: added.to_bytes(),
        reads_back: Box::new(move |bytes| FollowUp::from_bytes(bytes).as_ref() == Ok(&added)),
        rewrite: |bytes| FollowUp::from_bytes(bytes).ok().map(|read| read.to_bytes()),
    }
}

fn concerns() -> Vec<Case> {
    fn text<const MAX: usize>(typed: &str) -> Text<MAX> {
        Text::parse(typed).unwrap()
    }
    let bare = Concern {
        programme: ProgrammeId(3),
        person: None,
        about: text("Abdi"),
        words: text("Nowhere to sleep."),
        when: text("Today"),
        place: text("The tent"),
        action: None,
        emergency_called: false,
        told: None,
        sharing: Sharing::Agreed,
        sharing_reason: None,
    };
    let full = Concern {
        person: Some(PersonId(5)),
        action: Some(text("Stayed with him.")),
        emergency_called: true,
        told: Some(text("Mari")),
        sharing: Sharing::NotAsked,
        sharing_reason: Some(text("He was asleep")),
        ..bare.clone()
    };
    vec![
        concern("bare", bare),
        concern("full", full),
        follow_up("note", FollowUp::Note(text("Rang."))),
        follow_up("outcome", FollowUp::Outcome(text("A room."))),
        follow_up("closed", FollowUp::Closed(text("Safe."))),
    ]
}

fn submission(name: &str, form: SelfReferral) -> Case {
    Case {
        name: format!("submission-v1-{name}"),
        bytes: encode_submission(&form),
        reads_back: Box::new(move |bytes| decode_submission(bytes).as_ref() == Ok(&form)),
        rewrite: |bytes| {
            decode_submission(bytes)
                .ok()
                .map(|form| encode_submission(&form))
        },
    }
}

/// A form that waits on a phone.
fn sealed_form(name: &str, sealed: Vec<u8>) -> Case {
    let form = SealedForm {
        referral: events::bare_referral().referral,
        sealed,
    };
    Case {
        name: format!("sealed-form-v1-{name}"),
        bytes: encode_sealed(&form),
        reads_back: Box::new(move |bytes| {
            decode_sealed(bytes).map(|(read, _)| read).as_ref() == Ok(&form)
        }),
        rewrite: |bytes| {
            decode_sealed(bytes)
                .ok()
                .map(|(read, _)| encode_sealed(&read))
        },
    }
}

/// What a phone says behind a form.
fn signals(name: &str, signals: Signals) -> Case {
    Case {
        name: format!("signals-v1-{name}"),
        bytes: encode_signals(&signals),
        reads_back: Box::new(move |bytes| decode_signals(bytes) == Ok(signals)),
        rewrite: |bytes| decode_signals(bytes).ok().map(|read| encode_signals(&read)),
    }
}

pub(crate) fn challenge() -> Challenge {
    let (key, salt) = ([9; 32], core::array::from_fn(|index| index as u8));
    let now = Instant(1_780_000_000_000);
    Challenge::new(&key, ProgrammeId(0x0123_4567_89AB_CDEF), salt, 4_096, now)
}

fn asking(
    name: &str,
    person: Option<PersonId>,
    taps: Vec<Tap>,
    (quote, mode): (Quoting, Option<Mode>),
) -> Case {
    let mut asking = Asking::begin(ResponseId(5), SessionId(6), person, Language::Welsh);
    for tap in taps {
        asking.tap(tap).unwrap();
    }
    asking.quote = quote;
    asking.mode = mode;
    Case {
        name: format!("hand-over-v1-{name}"),
        bytes: encode_asking(&asking),
        reads_back: Box::new(move |bytes| decode_asking(bytes).as_ref() == Ok(&asking)),
        rewrite: |bytes| {
            decode_asking(bytes)
                .ok()
                .map(|asking| encode_asking(&asking))
        },
    }
}

pub(crate) fn cases() -> Vec<Case> {
    let mut cases = concerns();
    cases.push(submission("bare", events::bare_referral()));
    cases.push(submission("full", events::full_referral()));
    let said = Signals {
        trap_filled: true,
        took_ms: Some(90_000),
        proof: Some(Proof {
            challenge: challenge(),
            numbers: core::array::from_fn(|index| 300 * index as u32),
        }),
    };
    cases.push(sealed_form("bare", Vec::new()));
    cases.push(sealed_form("full", vec![0x5a; 300]));
    cases.push(signals("bare", Signals::default()));
    cases.push(signals("full", said));
    cases.push(asking("bare", None, vec![], (Quoting::NotAsked, None)));
    let taps = vec![
        Tap::Start,
        Tap::Day(Day::VeryBad),
        Tap::Continue,
        Tap::Words("Y cwmni".to_owned()),
        Tap::Continue,
        Tap::Decline,
        Tap::Safe(Felt::No),
        Tap::Continue,
    ];
    cases.push(asking(
        "full",
        Some(PersonId(7)),
        taps.clone(),
        (Quoting::NotAsked, None),
    ));
    cases.push(asking(
        "quoted",
        Some(PersonId(7)),
        taps.clone(),
        (Quoting::No, None),
    ));
    cases.push(asking(
        "helped",
        None,
        taps,
        (Quoting::NotAsked, Some(Mode::ByCarer)),
    ));
    cases
}
