use wellfield_core::clock::Instant;
use wellfield_core::desk::CODE_STEP_S;
use wellfield_core::ids::AccountId;
use wellfield_core::vault::Passphrase;

use super::*;
use crate::keys::SealingKeys;

const PRIYA: AccountId = AccountId(5);
const NOW: Instant = Instant(1_780_000_000_000);

fn keys() -> SealingKeys {
    SealingKeys::of([[7; 32]])
}

/// The code that an app shows, worked out from what is typed into it and nothing else.
fn shown(secret: &str, at: Instant) -> String {
    let secret = totp_rs::Secret::try_from_base32(secret).unwrap();
    let app = totp_rs::Builder::new().with_secret(secret).build().unwrap();
    app.generate(at.0 / 1000).to_string()
}

fn later(steps: u64) -> Instant {
    Instant(NOW.0 + steps * CODE_STEP_S * 1000)
}

#[test]
fn five_words_and_the_code_of_the_app_are_right_and_other_words_are_not() {
    let (new, kept) = NewWords::draw(PRIYA, "priya@surgery.example", &keys()).unwrap();
    assert_eq!(new.words.words().count(), 5);
    let typed: Vec<_> = new.words.words().collect();
    assert!(kept.are(&Passphrase::typed(&typed.join("  ").to_uppercase())));
    assert!(!kept.are(&Passphrase::typed(&typed[1..].join(" "))));
    assert!(!WordsAndApp::of_nobody().are(&new.words));
    let code = shown(&new.secret, NOW);
    assert!(kept.with_code(PRIYA, &code, &keys(), NOW).is_ok());
    assert!(new.address.contains("priya%40surgery.example") && new.address.contains(&new.secret));
}

#[test]
fn a_code_counts_once_around_its_time_and_for_nobody_else() {
    let (new, kept) = NewWords::draw(PRIYA, "priya@surgery.example", &keys()).unwrap();
    let code = shown(&new.secret, NOW);
    for (at, counts) in [(0, true), (1, true), (2, false)] {
        let taken = kept.clone().with_code(PRIYA, &code, &keys(), later(at));
        assert_eq!(taken.is_ok(), counts, "{at} steps later");
    }
    let spaced = format!("{} {}", &code[..3], &code[3..]);
    let used = kept
        .clone()
        .with_code(PRIYA, &spaced, &keys(), NOW)
        .unwrap();
    assert!(used.clone().with_code(PRIYA, &code, &keys(), NOW).is_err());
    let next = shown(&new.secret, later(1));
    assert!(used.with_code(PRIYA, &next, &keys(), later(1)).is_ok());
    let other = AccountId(6);
    assert!(kept.clone().with_code(other, &code, &keys(), NOW).is_err());
    let elsewhere = SealingKeys::of([[8; 32]]);
    assert!(
        kept.clone()
            .with_code(PRIYA, &code, &elsewhere, NOW)
            .is_err()
    );
    for wrong in ["", "12345", "1234567", "abcdef"] {
        assert!(
            kept.clone().with_code(PRIYA, wrong, &keys(), NOW).is_err(),
            "{wrong}"
        );
    }
}

#[test]
fn an_app_goes_on_counting_when_the_servers_key_is_changed() {
    let (old, new) = ([7; 32], [9; 32]);
    let (words, kept) = NewWords::draw(PRIYA, "priya@surgery.example", &keys()).unwrap();
    let both = SealingKeys::of([new, old]);
    let code = shown(&words.secret, NOW);
    let used = kept.clone().with_code(PRIYA, &code, &both, NOW).unwrap();
    let newest = SealingKeys::of([new]);
    let next = shown(&words.secret, later(1));
    assert!(used.with_code(PRIYA, &next, &newest, later(1)).is_ok());
    assert!(kept.with_code(PRIYA, &code, &newest, NOW).is_err());
}

#[test]
fn what_the_database_keeps_has_neither_words_nor_secret_in_it_and_reads_back() {
    let (new, kept) = NewWords::draw(PRIYA, "priya@surgery.example", &keys()).unwrap();
    let credentials = Credentials {
        passkeys: Vec::new(),
        words: Some(kept.clone()),
    };
    let bytes = credentials.to_bytes();
    let text = String::from_utf8(bytes.clone()).unwrap();
    assert!(!text.contains(&new.secret));
    for word in new.words.words() {
        assert!(!text.contains(word), "{word}");
    }
    assert_eq!(Credentials::read(&bytes).unwrap().words, Some(kept));
    let nothing = Credentials::read(b"").unwrap();
    assert!(nothing.words.is_none() && nothing.passkeys.is_empty());
    assert!(Credentials::read(b"{").is_err());
}

#[test]
fn passkeys_are_for_an_address_with_a_name() {
    for origin in ["https://dig.example.org", "http://localhost:8080"] {
        assert!(Passkeys::for_origin(origin).is_some(), "{origin}");
    }
    for origin in [
        "",
        "dig.example.org",
        "http://127.0.0.1:8080",
        "https://[::1]",
    ] {
        assert!(Passkeys::for_origin(origin).is_none(), "{origin}");
    }
}
