//! Files that somebody names on the command line, damaged: they are read, or refused with where and why, and
//! never end the program. What is read out of one can be gone on with.

#![allow(clippy::unwrap_used, reason = "a test that fails says where")]

use proptest::prelude::*;
use wellfield_core::clock::Hlc;
use wellfield_core::event::check;
use wellfield_core::ids::{DeviceId, EventId};
use wellfield_server::{evaluate, import, offer};

const PEOPLE: &str = include_str!("fixtures/import/people.csv");
const SESSIONS: &str = include_str!("fixtures/import/sessions.csv");
const ANSWERS: &str = "person,instrument,moment,item,answer\n\
    a,ons4,baseline,1,6\na,ons4,end,1,8\nb,ons4,baseline,2,5\nb,ons4,end,2,7\n\
    a,swemwbs,baseline,1,3\nb,ucla3,end,2,\n";
const OFFER: &str = include_str!("../../docs/offer-example.json");

/// What can become of a file on its way.
#[derive(Clone, Debug)]
enum Damage {
    /// A byte is another.
    Byte(prop::sample::Index, u8),
    /// It ends early.
    End(prop::sample::Index),
    /// A part of it stands there twice.
    Twice(prop::sample::Index, prop::sample::Index),
    /// Something is put in.
    Into(prop::sample::Index, &'static [u8]),
}

/// What people and programs put into files: separators, marks of encodings, formulas, text that turns round.
const PUT_IN: [&[u8]; 13] = [
    b",",
    b";",
    b"\t",
    b"\"",
    b"\r\n",
    b"\n\n",
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b"=cmd|' /C calc'!A0",
    b"\xe2\x80\xae",
    b"999999999999999999999",
    b"-1",
    b"\0",
];

fn damage() -> impl Strategy<Value = Damage> {
    let at = any::<prop::sample::Index>;
    prop_oneof![
        (at(), any::<u8>()).prop_map(|(at, byte)| Damage::Byte(at, byte)),
        at().prop_map(Damage::End),
        (at(), at()).prop_map(|(from, to)| Damage::Twice(from, to)),
        (at(), prop::sample::select(PUT_IN.to_vec())).prop_map(|(at, put)| Damage::Into(at, put)),
    ]
}

fn damaged(file: &str, all: &[Damage]) -> Vec<u8> {
    let mut bytes = file.as_bytes().to_vec();
    for one in all {
        let length = bytes.len().max(1);
        match one {
            Damage::Byte(at, byte) => {
                if let Some(place) = bytes.get_mut(at.index(length)) {
                    *place = *byte;
                }
            }
            Damage::End(at) => bytes.truncate(at.index(length)),
            Damage::Twice(from, to) => {
                let (from, to) = (from.index(length), to.index(length));
                let part = bytes.get(from.min(to)..from.max(to));
                bytes.extend(part.unwrap_or_default().to_vec());
            }
            Damage::Into(at, put) => {
                let at = at.index(length).min(bytes.len());
                bytes.splice(at..at, put.iter().copied());
            }
        }
    }
    bytes
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 2_000,
        // A file of seeds beside a test of its own is not found again.
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn a_programme_is_read_whole_or_every_fault_is_told(
        people in prop::collection::vec(damage(), 0..4),
        sessions in prop::collection::vec(damage(), 0..4),
    ) {
        let mut drawn = 0;
        let mut draw = || {
            drawn += 1;
            drawn
        };
        let (people, sessions) = (damaged(PEOPLE, &people), damaged(SESSIONS, &sessions));
        match import::read(&people, &sessions, "Castell Dig", "Wellfield", &mut draw) {
            Ok(drafts) => {
                // What was read passes what the server checks.
                for (n, draft) in (1..).zip(drafts) {
                    let id = EventId { device: DeviceId::SERVER, n };
                    let event = draft.place(id, Hlc::ZERO, None);
                    prop_assert_eq!(check(&event), Ok(()));
                }
            }
            Err(errors) => {
                prop_assert!(!errors.is_empty());
                prop_assert!(errors.iter().all(|error| !error.to_string().is_empty()));
            }
        }
    }

    #[test]
    fn answers_are_worked_out_or_every_bad_row_is_told(
        damages in prop::collection::vec(damage(), 0..5),
    ) {
        if let Ok(rows) = evaluate::read(&damaged(ANSWERS, &damages)) {
            let evaluation = evaluate::evaluation(rows, None);
            prop_assert!(!evaluate::text(&evaluation).is_empty());
            let json = evaluate::json(&evaluation).unwrap();
            prop_assert!(serde_json::from_str::<serde_json::Value>(&json).is_ok());
        }
    }

    #[test]
    fn an_offer_is_read_or_every_fault_is_named(damages in prop::collection::vec(damage(), 0..5)) {
        if let Err(errors) = offer::read(&damaged(OFFER, &damages)) {
            prop_assert!(!errors.is_empty());
        }
    }
}

#[test]
fn the_files_are_good_while_nothing_happens_to_them() {
    let mut draw = || 7;
    let (people, sessions) = (PEOPLE.as_bytes(), SESSIONS.as_bytes());
    let read = import::read(people, sessions, "Castell Dig", "Wellfield", &mut draw);
    assert!(read.is_ok_and(|drafts| drafts.len() > 2));
    assert!(evaluate::read(ANSWERS.as_bytes()).is_ok());
    assert!(offer::read(OFFER.as_bytes()).is_ok());
}
