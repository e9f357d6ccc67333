use proptest::prelude::*;
use sha2::{Digest, Sha256};

use super::*;
use crate::ids::DeviceId;

const DEVICE: DeviceId = DeviceId(7);
const NONCE: [u8; 24] = [9; 24];
const SALT: [u8; 16] = [3; 16];

fn keys() -> VaultKeys {
    DataKey::new([5; 32]).keys()
}

fn place() -> Place<'static> {
    Place {
        device: DEVICE,
        store: "log",
        key: b"\0\0\0\x2a",
        revision: 3,
        schema: 1,
    }
}

fn stretched(words: &str) -> SlotSecret {
    SlotSecret::Passphrase(Stretching::FLOOR.stretch(&Passphrase::typed(words), SALT))
}

fn recovery_slot(key: &DataKey) -> (KeySlot, SlotSecret) {
    let secret = SlotSecret::Recovery(RecoveryCode::new([1; 16]));
    let slot = KeySlot::new(DEVICE, key, &secret, SALT, NONCE);
    (slot, secret)
}

#[test]
fn a_row_opens_in_its_place_and_says_nothing_outside() {
    let plain = "Siân · needs a chair with arms".as_bytes();
    let row = keys().records.seal(place(), plain, NONCE);
    assert_eq!(*keys().records.open(place(), &row).unwrap(), plain);
    let shown = String::from_utf8_lossy(&row);
    assert!(!shown.contains("chair") && !shown.contains("Si"));
}

#[test]
fn a_row_opens_in_no_other_place_and_under_no_other_key() {
    let row = keys().records.seal(place(), b"Here", NONCE);
    let wrong = [
        Place {
            device: DeviceId(8),
            ..place()
        },
        Place {
            store: "blocks",
            ..place()
        },
        Place {
            key: b"\0\0\0\x2b",
            ..place()
        },
        Place {
            revision: 2,
            ..place()
        },
        Place {
            schema: 2,
            ..place()
        },
        // The same letters, cut elsewhere.
        Place {
            store: "lo",
            key: b"g\0\0\0\x2a",
            ..place()
        },
    ];
    for wrong in wrong {
        assert_eq!(
            keys().records.open(wrong, &row),
            Err(NotOpened),
            "{wrong:?}"
        );
    }
    let others = DataKey::new([6; 32]).keys();
    assert_eq!(others.records.open(place(), &row), Err(NotOpened));
}

#[test]
fn of_a_damaged_row_a_person_sees_what_is_left() {
    let keys = keys();
    let row = keys.records.seal(place(), b"The red trowel is back", NONCE);
    assert_eq!(keys.records.remains(place(), &row), None);
    let cut = &row[..row.len() - 12];
    let left = keys.records.remains(place(), cut).unwrap();
    assert!(left.starts_with(b"The red trowel is back"));
    let mut changed = row.clone();
    changed[1 + 24 + 16 + 4] ^= 1;
    let left = keys.records.remains(place(), &changed).unwrap();
    assert!(left.starts_with(b"Uhe red trowel is back"));
    assert_eq!(keys.records.remains(place(), &row[..30]), None);
}

#[test]
fn the_same_row_sealed_again_is_another_one() {
    let once = keys().records.seal(place(), b"Here", NONCE);
    let again = keys().records.seal(place(), b"Here", [8; 24]);
    assert_ne!(once, again);
}

#[test]
fn every_byte_of_a_row_and_each_cut_of_it_counts() {
    let row = keys().records.seal(place(), b"Here", NONCE);
    for index in 0..row.len() {
        for bit in 0..8 {
            let mut changed = row.clone();
            changed[index] ^= 1 << bit;
            assert_eq!(
                keys().records.open(place(), &changed),
                Err(NotOpened),
                "{index} {bit}"
            );
        }
        assert_eq!(
            keys().records.open(place(), &row[..index]),
            Err(NotOpened),
            "{index}"
        );
    }
    let longer = [row.as_slice(), &[0]].concat();
    assert_eq!(keys().records.open(place(), &longer), Err(NotOpened));
}

#[test]
fn a_hundred_thousand_random_changes_open_nothing() {
    let row = keys().records.seal(place(), b"Here", NONCE);
    // A generator of its own, so that a failure is found again (splitmix64).
    let mut state = 20_261_125_u64;
    let mut random = || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) as usize
    };
    for _ in 0..100_000 {
        let mut changed = row.clone();
        for _ in 0..=random() % 4 {
            let index = random() % changed.len();
            match random() % 3 {
                0 => changed[index] = random() as u8,
                1 => changed[index] ^= 1 << (random() % 8),
                _ => changed.swap(index, (index + 1) % row.len()),
            }
        }
        if changed != row {
            assert_eq!(keys().records.open(place(), &changed), Err(NotOpened));
        }
    }
}

#[test]
fn a_row_has_the_form_that_it_always_had() {
    let row = keys().records.seal(place(), b"Here", NONCE);
    let hash = Sha256::digest(&row);
    let hash = hash
        .iter()
        .fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"));
    assert_eq!(row.len(), 1 + 24 + 16 + 256);
    // Recomputed with libsodium and an HKDF of its own.
    assert_eq!(
        hash,
        "696b79a5f9ad386f76f2e20036c77560a0bbbef3de06ed53840f3be242aaa727"
    );
}

#[test]
fn short_rows_are_of_one_length_and_long_ones_of_few() {
    let len = |inside: usize| keys().records.seal(place(), &vec![1; inside], NONCE).len();
    assert_eq!(len(0), len(252));
    assert!(len(253) > len(252));
    let lens: std::collections::BTreeSet<_> = (4_096..8_192).map(padded_len).collect();
    assert!(lens.len() <= 17, "{}", lens.len());
}

#[test]
fn blind_names_tell_stores_apart_and_are_the_same_each_time() {
    assert_eq!(keys().blind("blocks", "d7"), keys().blind("blocks", "d7"));
    let names = [
        ("blocks", "d7"),
        ("blocks", "d8"),
        ("block", "sd7"),
        ("cursors", "d7"),
    ];
    let blind: std::collections::BTreeSet<_> = names
        .iter()
        .map(|(store, name)| keys().blind(store, name))
        .collect();
    assert_eq!(blind.len(), names.len());
    assert_ne!(
        DataKey::new([6; 32]).keys().blind("blocks", "d7"),
        keys().blind("blocks", "d7")
    );
}

#[test]
fn a_slot_gives_the_key_to_its_secret_alone() {
    let key = DataKey::new([5; 32]);
    let secret = stretched("trowel lantern copper meadow finch");
    let slot = KeySlot::new(DEVICE, &key, &secret, SALT, NONCE);
    let kept = KeySlot::from_bytes(&slot.to_bytes()).unwrap();
    assert_eq!(kept, slot);
    let row = key.keys().records.seal(place(), b"Here", NONCE);
    let opened = kept.open(&secret).unwrap();
    assert_eq!(*opened.keys().records.open(place(), &row).unwrap(), b"Here");
    let other = stretched("trowel lantern copper meadow robin");
    assert_eq!(kept.open(&other).err(), Some(SlotError::WrongSecret));
    let code = SlotSecret::Recovery(RecoveryCode::new([1; 16]));
    assert_eq!(kept.open(&code).err(), Some(SlotError::OtherKind));
}

#[test]
fn every_secret_has_a_slot_of_its_own_and_all_give_the_same_key() {
    let key = DataKey::new([5; 32]);
    let (slot, secret) = recovery_slot(&key);
    let row = key.keys().records.seal(place(), b"Here", NONCE);
    let opened = slot.open(&secret).unwrap();
    assert!(opened.keys().records.open(place(), &row).is_ok());
    let other = SlotSecret::Recovery(RecoveryCode::new([2; 16]));
    assert_eq!(slot.open(&other).err(), Some(SlotError::WrongSecret));
}

#[test]
fn a_passphrase_that_was_stretched_otherwise_is_another_kind_of_secret() {
    let key = DataKey::new([5; 32]);
    let slot = KeySlot::new(DEVICE, &key, &stretched("trowel"), SALT, NONCE);
    assert_eq!(slot.asks(), Some((Stretching::FLOOR, SALT)));
    let salted = Stretching::FLOOR.stretch(&Passphrase::typed("trowel"), [4; 16]);
    let salted = SlotSecret::Passphrase(salted);
    assert_eq!(slot.open(&salted).err(), Some(SlotError::OtherKind));
    assert_eq!(recovery_slot(&key).0.asks(), None);
}

#[test]
fn a_grant_opens_the_log_and_nothing_else() {
    let keys = keys();
    let server = OpeningKey::of(&DataKey::new([6; 32]));
    let grant = SendGrant::new(DEVICE, [9; 32], keys.log.clone());
    let sealed = grant.seal(server.sealing_key(), [2; 32]).unwrap();
    let opened = SendGrant::open(&server, &sealed).unwrap();
    assert_eq!((opened.device, opened.token()), (DEVICE, &[9; 32]));
    let row = keys.log.seal_own(DEVICE, 7, b"Here", NONCE);
    assert_eq!(*opened.log.open_own(DEVICE, 7, &row).unwrap(), b"Here");
    assert_eq!(opened.log.open_own(DEVICE, 8, &row), Err(NotOpened));
    let elsewhere = opened.log.open_own(DeviceId(DEVICE.0 + 1), 7, &row);
    assert_eq!(elsewhere, Err(NotOpened));
    let received = keys.records.seal(place(), b"Here", NONCE);
    assert_eq!(opened.log.open(place(), &received), Err(NotOpened));
    // What is left of a damaged one is shown as it lay there.
    let cut = &row[..row.len() - 1];
    let left = keys.log.remains_of_own(DEVICE, 7, cut).unwrap();
    assert!(left.starts_with(b"Here"));
    assert_eq!(keys.log.remains_of_own(DEVICE, 7, &row), None);
}

#[test]
fn a_grant_opens_for_the_server_alone_and_every_byte_of_it_counts() {
    let server = OpeningKey::of(&DataKey::new([6; 32]));
    let other = OpeningKey::of(&DataKey::new([7; 32]));
    let grant = SendGrant::new(DEVICE, [9; 32], keys().log);
    let sealed = grant.seal(server.sealing_key(), [2; 32]).unwrap();
    assert!(SendGrant::open(&other, &sealed).is_err());
    for index in 0..sealed.len() {
        let mut changed = sealed.clone();
        changed[index] ^= 1;
        assert!(SendGrant::open(&server, &changed).is_err(), "{index}");
    }
    // Something else that was sealed to the same server, of the same length, is no grant.
    let inside = [0; 4 + 32 + 32];
    let concern = server.sealing_key().seal(b"concern", &inside, [3; 32]);
    assert!(SendGrant::open(&server, &concern.unwrap()).is_err());
    for len in [0, 67, 69] {
        let odd = server
            .sealing_key()
            .seal(b"wellfield/vault/send/1", &vec![0; len], [4; 32]);
        assert!(SendGrant::open(&server, &odd.unwrap()).is_err(), "{len}");
    }
}

#[test]
fn every_byte_of_a_slot_counts() {
    let (slot, secret) = recovery_slot(&DataKey::new([5; 32]));
    let bytes = slot.to_bytes();
    for index in 0..bytes.len() {
        for bit in 0..8 {
            let mut changed = bytes.clone();
            changed[index] ^= 1 << bit;
            let opened = KeySlot::from_bytes(&changed).and_then(|slot| slot.open(&secret));
            assert!(opened.is_err(), "{index} {bit}");
        }
    }
}

#[test]
fn a_slot_that_was_made_cheap_is_none() {
    assert_eq!(Stretching::new(8, 1), Err(TooWeak));
    assert_eq!(
        Stretching::new(Stretching::FLOOR.memory_kib() - 1, 3),
        Err(TooWeak)
    );
    assert_eq!(
        Stretching::new(Stretching::FLOOR.memory_kib(), 2),
        Err(TooWeak)
    );
    assert_eq!(
        Stretching::new(4 * 1024 * 1024, 3),
        Err(TooWeak),
        "nor dear beyond use"
    );
    assert_eq!(Stretching::new(32 * 1024, 3), Ok(Stretching::FLOOR));
}

#[test]
fn stretching_grows_with_the_tablet_and_stays_within_its_limits() {
    assert_eq!(
        Stretching::for_tablet(5_000),
        Stretching::FLOOR,
        "a slow tablet"
    );
    assert_eq!(Stretching::for_tablet(0), Stretching::CEILING);
    assert_eq!(
        Stretching::for_tablet(375),
        Stretching::CEILING,
        "twice the floor in 750 ms"
    );
    assert_eq!(Stretching::for_tablet(500).memory_kib(), 48 * 1024);
}

#[test]
fn secrets_do_not_show_themselves() {
    let shown = format!(
        "{:?} {:?} {:?} {:?}",
        Passphrase::typed("trowel lantern"),
        RecoveryCode::new([1; 16]),
        keys().log,
        PasskeySecret::new(vec![1], [5; 32]).unwrap(),
    );
    assert_eq!(
        shown,
        "Passphrase RecoveryCode RowKey(Secret) PasskeySecret { credential: [1], given: Secret }"
    );
    let opening = format!("{:?}", OpeningKey::of(&DataKey::new([5; 32])));
    assert!(opening.starts_with("OpeningKey(SealingKey("), "{opening}");
    let shown = format!(
        "{:?} {:?} {:?}",
        stretched("trowel lantern"),
        DataKey::new([5; 32]),
        keys()
    );
    assert!(
        !shown.contains("trowel") && !shown.contains('5') && !shown.contains('1'),
        "{shown}"
    );
}

#[test]
fn a_row_has_one_of_few_lengths() {
    // As section 4 of the source has it: 2^e ≤ length, s = ⌊log₂ e⌋ + 1, and all but the first s + 1 bits are zero.
    for (length, padded) in [
        (1, 256),
        (256, 256),
        (257, 272),
        (300, 304),
        (1_000, 1_024),
        (1_025, 1_088),
        (4_097, 4_352),
        (65_537, 67_584),
        (1_000_000, 1_015_808),
    ] {
        assert_eq!(padded_len(length), padded, "{length}");
    }
}

#[test]
fn the_last_two_signs_of_a_sheet_follow_from_the_others() {
    // As `printf 'wellfield/recovery/1...' | sha256sum` says: the last ten of its first sixteen bits.
    let last = |byte| {
        let printed = RecoveryCode::new([byte; 16]).printed();
        printed[printed.len() - 2..].to_owned()
    };
    assert_eq!([last(1), last(2), last(3)], ["QW", "P4", "MV"]);
}

#[test]
fn a_passkey_has_a_name_and_not_too_long_a_one() {
    let named = |length| PasskeySecret::new(vec![7; length], [0; 32]).is_ok();
    assert!(!named(0));
    assert!(named(1));
    assert!(named(CREDENTIAL_BYTES_MAX));
    assert!(!named(CREDENTIAL_BYTES_MAX + 1));
}

#[test]
fn what_a_worker_hands_back_is_what_was_stretched() {
    let made = Stretching::FLOOR.stretch(&Passphrase::typed("trowel lantern"), SALT);
    let (stretching, salt) = made.made_with();
    let back = Stretched::by_worker(made.for_tablet(), stretching, salt);
    let slot = |made| {
        let secret = SlotSecret::Passphrase(made);
        KeySlot::new(DEVICE, &DataKey::new([5; 32]), &secret, SALT, NONCE)
    };
    assert_eq!(slot(back).to_bytes(), slot(made).to_bytes());
}

#[test]
fn a_slot_of_a_passkey_without_a_name_is_none() {
    let secret = SlotSecret::Passkey(PasskeySecret::new(vec![0xEE], [5; 32]).unwrap());
    let slot = KeySlot::new(DEVICE, &DataKey::new([5; 32]), &secret, SALT, NONCE);
    let bytes = slot.to_bytes();
    assert!(KeySlot::from_bytes(&bytes).is_ok());
    // A byte string of one byte, and the same with none.
    let place = bytes
        .windows(2)
        .position(|two| two == [0x41, 0xEE])
        .unwrap();
    let nameless = [&bytes[..place], &[0x40], &bytes[place + 2..]].concat();
    assert_eq!(KeySlot::from_bytes(&nameless), Err(SlotError::NotASlot));
}

#[test]
fn a_recovery_code_is_read_as_people_type_it() {
    let code = RecoveryCode::new(*b"0123456789abcdef");
    let printed = code.printed();
    assert_eq!(printed.len(), 34, "{printed}");
    assert_eq!(RecoveryCode::typed(&printed), Ok(code.clone()));
    let sloppy = printed
        .to_lowercase()
        .replace('-', " ")
        .replace('0', "o")
        .replace('1', "l");
    assert_eq!(RecoveryCode::typed(&sloppy), Ok(code));
    assert_eq!(
        RecoveryCode::typed(&printed[..20]),
        Err(RecoveryError::Length)
    );
    assert_eq!(
        RecoveryCode::typed(&format!("U{printed}")),
        Err(RecoveryError::Sign)
    );
    assert_eq!(RecoveryCode::typed(""), Err(RecoveryError::Length));
}

proptest! {
    #[test]
    fn whatever_is_sealed_opens_as_it_was(plain in prop::collection::vec(any::<u8>(), 0..2_000), nonce: [u8; 24]) {
        let row = keys().records.seal(place(), &plain, nonce);
        prop_assert_eq!(&*keys().records.open(place(), &row).unwrap(), &plain);
    }

    #[test]
    fn padding_costs_an_eighth_at_most(len in 0_usize..10_000_000) {
        let padded = padded_len(len);
        prop_assert!(padded >= len);
        prop_assert!(padded <= 256 || padded - len <= len / 8);
        prop_assert_eq!(padded_len(padded), padded);
    }

    #[test]
    fn every_recovery_code_is_read_again(secret: [u8; 16]) {
        let code = RecoveryCode::new(secret);
        prop_assert_eq!(RecoveryCode::typed(&code.printed()), Ok(code));
    }

    #[test]
    fn one_slip_on_the_sheet_is_noticed_or_opens_nothing(secret: [u8; 16], place in 0_usize..28, other in 0_usize..32) {
        let code = RecoveryCode::new(secret);
        let mut signs: Vec<char> = code.printed().chars().filter(|c| *c != '-').collect();
        let slip = "0123456789ABCDEFGHJKMNPQRSTVWXYZ".chars().nth(other).unwrap();
        prop_assume!(signs[place] != slip);
        signs[place] = slip;
        let typed: String = signs.into_iter().collect();
        prop_assert_ne!(RecoveryCode::typed(&typed), Ok(code));
    }

    #[test]
    fn arbitrary_bytes_are_no_row_and_no_slot(bytes in prop::collection::vec(any::<u8>(), 0..400), text in ".{0,60}") {
        prop_assert_eq!(keys().records.open(place(), &bytes), Err(NotOpened));
        if let Ok(slot) = KeySlot::from_bytes(&bytes) {
            prop_assert_eq!(KeySlot::from_bytes(&slot.to_bytes()), Ok(slot));
        }
        let _ = RecoveryCode::typed(&text);
    }
}
