use super::*;
use crate::referral::tests::{FORM, form};
use crate::referral::{Signals, encode_signals, encode_submission};
use crate::vault::{DataKey, OpeningKey};

const HERE: ProgrammeId = ProgrammeId(7);

fn filled() -> Vec<u8> {
    let signals = Signals {
        took_ms: Some(90_000),
        ..Signals::default()
    };
    [encode_submission(&form()), encode_signals(&signals)].concat()
}

#[test]
fn a_sealed_form_opens_for_its_programme_and_its_number_and_says_what_was_filled_in() {
    let key = OpeningKey::of(&DataKey::new([3; 32]));
    let seal = key.sealing_key();
    let sealed = seal
        .seal(&sealed_place(HERE, FORM), &filled(), [5; 32])
        .unwrap();
    let sent = encode_sealed(&SealedForm {
        referral: FORM,
        sealed,
    });
    let late = encode_signals(&Signals {
        trap_filled: true,
        ..Signals::default()
    });
    let sent = [sent, late].concat();
    let (read, behind) = decode_sealed(&sent).unwrap();
    assert_eq!(read.referral, FORM);
    let opened = key.open(&sealed_place(HERE, FORM), &read.sealed).unwrap();
    let submitted = decode_opened(read.referral, &opened, behind).unwrap();
    assert_eq!(submitted.form, form());
    assert_eq!(submitted.signals.took_ms, Some(90_000));
    assert!(
        submitted.signals.trap_filled,
        "what was said afterwards counts too"
    );
    for elsewhere in [
        sealed_place(ProgrammeId(8), FORM),
        sealed_place(HERE, ReferralId(8)),
    ] {
        assert!(key.open(&elsewhere, &read.sealed).is_err());
    }
}

#[test]
fn nothing_of_a_form_is_in_it_and_its_length_says_little() {
    let seal = OpeningKey::of(&DataKey::new([3; 32])).sealing_key();
    let place = sealed_place(HERE, FORM);
    let seal = |plain: &[u8]| seal.seal(&place, plain, [5; 32]).unwrap();
    let sealed = seal(&filled());
    let name = form().name.to_string();
    assert!(
        !sealed
            .windows(name.len())
            .any(|part| part == name.as_bytes())
    );
    assert_eq!(sealed.len(), seal(&filled()[..filled().len() / 2]).len());
}

#[test]
fn a_form_under_a_strange_number_is_none_and_neither_is_noise() {
    assert!(decode_opened(ReferralId(8), &filled(), b"").is_err());
    assert!(decode_opened(FORM, b"noise", b"").is_err());
    assert!(decode_sealed(b"noise").is_err());
    assert!(decode_sealed(&encode_submission(&form())).is_err());
}
