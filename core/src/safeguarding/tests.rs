use super::*;
use crate::event::{Body, decode_event, encode_event};
use crate::heads::Stamp;
use crate::ids::{DeviceId, EventId};
use crate::records::Records;
use crate::records::testing::{PROGRAMME, Tablet, meet, text, two_tablets};
use crate::vault::{OpeningKey, RecoveryCode, SealingKey};

const CONCERN: ConcernId = ConcernId(77);
const RANDOM: [u8; 32] = [4; 32];

fn sheet(secret: u8) -> OpeningKey {
    OpeningKey::from_sheet(&RecoveryCode::new([secret; 16]))
}

fn named(key: &OpeningKey, name: &str) -> LeadNamed {
    LeadNamed {
        name: text(name),
        phone: text("01632 960 001"),
        key: key.sealing_key(),
    }
}

fn said() -> Concern {
    Concern {
        programme: PROGRAMME,
        person: None,
        about: text("Abdi W"),
        words: text("He said he has nowhere to sleep tonight."),
        when: text("Today, about 11"),
        place: text("The finds tent"),
        action: Some(text("Stayed with him, made tea.")),
        emergency_called: false,
        told: Some(text("Mari")),
        sharing: Sharing::Agreed,
        sharing_reason: None,
    }
}

/// Two tablets that know the lead.
fn with_lead() -> (Tablet, Tablet, OpeningKey) {
    let (mut one, mut other) = two_tablets();
    let key = sheet(1);
    one.record(name_lead(&one.records, PROGRAMME, named(&key, "Rhian")));
    meet(&mut one, &mut other);
    (one, other, key)
}

fn raise_here(tablet: &mut Tablet) -> EventId {
    let draft = raise(&tablet.records, CONCERN, &said(), RANDOM).unwrap();
    tablet.record(draft)
}

#[test]
fn the_lead_reads_what_was_said_and_nobody_else_does() {
    let (mut tablet, mut lead, key) = with_lead();
    let id = raise_here(&mut tablet);
    meet(&mut tablet, &mut lead);
    let read = lead.records.concerns.opened(CONCERN, &key).unwrap();
    assert_eq!(read.said, Some(said()));
    assert_eq!(read.stamp.id, id);
    let other = lead.records.concerns.opened(CONCERN, &sheet(2)).unwrap();
    assert_eq!(other.said, None, "another sheet opens nothing");
}

#[test]
fn nothing_of_what_was_said_is_in_the_event() {
    let (tablet, _, key) = with_lead();
    let draft = raise(&tablet.records, CONCERN, &said(), RANDOM).unwrap();
    let id = EventId {
        device: DeviceId(7),
        n: 1,
    };
    let bytes = encode_event(&draft.place(id, crate::clock::Hlc(0), None));
    let shown = String::from_utf8_lossy(&bytes);
    for word in ["Abdi", "sleep", "tent", "tea", "Mari", "11"] {
        assert!(!shown.contains(word), "{word}");
    }
    let event = decode_event(&bytes).unwrap();
    assert_eq!(event.body.subject(), None, "nor whom it is about");
    let Body::ConcernRaised(raised) = event.body else {
        panic!("a concern");
    };
    assert!(
        key.open(&super::commands::place(CONCERN, true), &raised.sealed)
            .is_ok()
    );
}

#[test]
fn a_sealed_text_opens_as_that_of_its_own_concern_only() {
    let (mut tablet, _, key) = with_lead();
    raise_here(&mut tablet);
    let draft = raise(&tablet.records, CONCERN, &said(), RANDOM).unwrap();
    let Body::ConcernRaised(raised) = draft.body else {
        panic!("a concern");
    };
    let stamp = Stamp {
        id: EventId {
            device: DeviceId(8),
            n: 1,
        },
        at: crate::clock::Hlc(1),
        by: None,
    };
    let mut concerns = Concerns::default();
    let elsewhere = ConcernRaised {
        concern: ConcernId(78),
        ..raised.clone()
    };
    concerns.raise(stamp, elsewhere);
    assert_eq!(concerns.opened(ConcernId(78), &key).unwrap().said, None);
    // What was raised does not pass for what the lead added.
    concerns.raise(stamp, raised.clone());
    let followed = ConcernFollowed {
        concern: CONCERN,
        sealed_with: raised.sealed_with,
        sealed: raised.sealed,
    };
    concerns.follow(stamp, followed);
    let read = concerns.opened(CONCERN, &key).unwrap();
    assert_eq!(read.said, Some(said()));
    assert_eq!(read.entries[0].added, None);
}

#[test]
fn a_concern_is_added_to_and_closed_and_never_opens_again() {
    let (mut tablet, mut lead, key) = with_lead();
    raise_here(&mut tablet);
    meet(&mut tablet, &mut lead);
    let public = key.sealing_key();
    let added = [
        FollowUp::Note(text("Rang the council.")),
        FollowUp::Outcome(text("A room from tonight.")),
        FollowUp::Closed(text("He is safe.")),
        FollowUp::Note(text("He sent a card.")),
    ];
    for (place, one) in added.iter().enumerate() {
        let is_open = !lead
            .records
            .concerns
            .opened(CONCERN, &key)
            .unwrap()
            .is_closed();
        assert_eq!(is_open, place < 3);
        lead.record(follow(public, CONCERN, one, [place as u8; 32]).unwrap());
        lead.now += 1_000;
    }
    let read = lead.records.concerns.opened(CONCERN, &key).unwrap();
    let entries: Vec<_> = read
        .entries
        .iter()
        .filter_map(|entry| entry.added.clone())
        .collect();
    assert_eq!(entries, added);
    assert!(read.is_closed());
}

#[test]
fn without_a_lead_or_without_a_reason_nothing_is_saved() {
    let (tablet, _) = two_tablets();
    assert_eq!(
        raise(&tablet.records, CONCERN, &said(), RANDOM),
        Err(ConcernError::NoLead)
    );
    let (tablet, _, _) = with_lead();
    for sharing in [Sharing::Refused, Sharing::NotAsked] {
        let mut unasked = Concern { sharing, ..said() };
        let refused = raise(&tablet.records, CONCERN, &unasked, RANDOM);
        assert_eq!(refused, Err(ConcernError::NoReason));
        unasked.sharing_reason = Some(text("He was asleep"));
        assert!(raise(&tablet.records, CONCERN, &unasked, RANDOM).is_ok());
    }
    let mut records = Records::default();
    let other = Concern {
        programme: ProgrammeId(1),
        ..said()
    };
    records.clone_from(&tablet.records);
    assert_eq!(
        raise(&records, CONCERN, &other, RANDOM),
        Err(ConcernError::NoLead),
        "the lead of another programme"
    );
}

#[test]
fn a_new_lead_takes_the_place_of_the_one_before_and_old_concerns_keep_their_key() {
    let (mut tablet, mut lead, old) = with_lead();
    raise_here(&mut tablet);
    let new = sheet(3);
    tablet.now += 1_000;
    tablet.record(name_lead(&tablet.records, PROGRAMME, named(&new, "Tom")));
    meet(&mut tablet, &mut lead);
    let delivery = lead.delivery();
    assert_eq!(delivery.lead().unwrap().name, text("Tom"));
    assert_eq!(delivery.leads().heads().len(), 1);
    let concerns = &lead.records.concerns;
    assert_eq!(concerns.opened(CONCERN, &new).unwrap().said, None);
    assert_eq!(concerns.opened(CONCERN, &old).unwrap().said, Some(said()));
}

#[test]
fn open_concerns_come_first_and_the_newest_of_them() {
    let (mut tablet, _, key) = with_lead();
    for number in 1..=3 {
        let draft = raise(
            &tablet.records,
            ConcernId(number),
            &said(),
            [number as u8; 32],
        );
        tablet.record(draft.unwrap());
        tablet.now += 1_000;
    }
    let closed = FollowUp::Closed(text("Done."));
    tablet.record(follow(key.sealing_key(), ConcernId(3), &closed, RANDOM).unwrap());
    let order: Vec<_> = tablet
        .records
        .concerns
        .all_opened(&key)
        .iter()
        .map(|read| read.concern.0)
        .collect();
    assert_eq!(order, [2, 1, 3]);
}

#[test]
fn what_is_sealed_hides_its_length_roughly() {
    let (tablet, _, _) = with_lead();
    let len = |words: &str| {
        let said = Concern {
            words: text(words),
            ..said()
        };
        match raise(&tablet.records, CONCERN, &said, RANDOM).unwrap().body {
            Body::ConcernRaised(raised) => raised.sealed.len(),
            _ => 0,
        }
    };
    assert_eq!(len("No."), len("Nothing."));
}

#[test]
fn thirty_two_bytes_that_are_no_key_seal_nothing() {
    // The neutral element: whatever it is multiplied with is known to everybody.
    let key = SealingKey([0; 32]);
    assert_eq!(
        follow(key, CONCERN, &FollowUp::Note(text("x")), RANDOM),
        Err(ConcernError::NotAKey)
    );
}

#[test]
fn contents_of_another_version_are_not_read() {
    for bytes in [said().to_bytes(), FollowUp::Note(text("x")).to_bytes()] {
        let mut newer = bytes.clone();
        assert_eq!(newer[2], 1, "the version stands first");
        newer[2] = 2;
        assert!(Concern::from_bytes(&newer).is_err());
        assert!(FollowUp::from_bytes(&newer).is_err());
    }
}
