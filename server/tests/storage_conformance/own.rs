//! The server's own records: imports, offers and self-referrals.

use wellfield_core::event::Body;
use wellfield_core::ids::{DeviceId, PersonId, ResponseId};
use wellfield_core::own_phone::PULSES_MAX;
use wellfield_core::referral::{Doubt, ReferralReceived};
use wellfield_core::stream::Stream;
use wellfield_server::storage::{
    AppendRefused, OwnRecords, PhoneSubmission, StorageError, Submission, SubmitRefused,
};

use crate::common::{PROGRAMME, START, form, note, opened};
use crate::place::{DELIVERY, OTHER_PROGRAMME, Place, draft, own};

pub fn received(referral: u128, doubts: Vec<Doubt>) -> ReferralReceived {
    ReferralReceived {
        form: form(referral),
        doubts,
        referrer: None,
    }
}

pub fn submission(referral: u128) -> Submission {
    Submission {
        programme: PROGRAMME,
        received: received(referral, Vec::new()),
        now: START,
    }
}

pub fn a_self_referral_is_taken_once_however_often_it_arrives(place: &Place) {
    let servers = [place.with_programme(), place.open()];
    let forms = [1, u128::MAX, 1, 2, 1, 2, u128::MAX];
    let sent = forms.iter().enumerate().map(|(index, referral)| {
        let server = &servers[index % 2];
        server.submit(submission(*referral))
    });
    for answer in place.wait(futures::future::join_all(sent)) {
        answer.unwrap();
    }
    let received = place.read(&*servers[0], Stream::Casework(PROGRAMME));
    let mut referrals: Vec<_> = received
        .iter()
        .map(|pulled| {
            let event = pulled.event().unwrap();
            assert_eq!(event.id.device, DeviceId::SERVER);
            match event.body {
                Body::ReferralReceived(received) => received.form.referral.0,
                other => panic!("{other:?}"),
            }
        })
        .collect();
    referrals.sort_unstable();
    assert_eq!(referrals, [1, 2, u128::MAX]);
    let mut places: Vec<_> = received
        .iter()
        .map(|pulled| pulled.event().unwrap().id.n)
        .collect();
    places.sort_unstable();
    assert_eq!(places, [2, 3, 4], "after the programme, without a gap");
}

pub fn what_is_doubted_of_a_self_referral_lies_in_its_record(place: &Place) {
    let storage = place.with_programme();
    let doubts = vec![Doubt::NoProof, Doubt::Rush];
    let doubtful = Submission {
        received: received(1, doubts.clone()),
        ..submission(1)
    };
    place.wait(storage.submit(doubtful)).unwrap();
    // Once in, it stays as it came in.
    place.wait(storage.submit(submission(1))).unwrap();
    let received = place.read(&*storage, Stream::Casework(PROGRAMME));
    let [pulled] = &received[..] else {
        panic!("one record")
    };
    assert!(matches!(
        pulled.event().unwrap().body,
        Body::ReferralReceived(received) if received.doubts == doubts
    ));
}

pub fn what_a_link_brings_is_taken_in_once_however_often_it_arrives(place: &Place) {
    let servers = [place.with_programme(), place.open()];
    let brought = |link: u8, text: &str| PhoneSubmission {
        programme: PROGRAMME,
        person: Some(PersonId(7)),
        link: [link; 16],
        set: None,
        records: vec![
            draft(DELIVERY, note(text)),
            draft(Stream::Casework(PROGRAMME), note(text)),
        ],
        now: START,
    };
    let sent = [1, 2, 1, 1, 2, 3].into_iter().enumerate();
    let sent = sent.map(|(index, link)| servers[index % 2].answer(brought(link, "Said")));
    for answer in place.wait(futures::future::join_all(sent)) {
        answer.unwrap();
    }
    let delivery = place.read(&*servers[0], DELIVERY);
    let casework = place.read(&*servers[1], Stream::Casework(PROGRAMME));
    // The programme's own record is in the first.
    assert_eq!((delivery.len(), casework.len()), (4, 3));
    let all = delivery.iter().chain(&casework);
    let mut places: Vec<_> = all.map(|pulled| pulled.event().unwrap().id.n).collect();
    places.sort_unstable();
    assert_eq!(places, [1, 2, 3, 4, 5, 6, 7], "without a gap");
    let nowhere = PhoneSubmission {
        programme: OTHER_PROGRAMME,
        ..brought(4, "Said")
    };
    let refused = place.wait(servers[0].answer(nowhere));
    assert!(matches!(
        refused,
        Err(StorageError::Refused(SubmitRefused::NoProgramme))
    ));
}

pub fn a_link_for_many_brings_each_set_once_and_no_more_than_it_may(place: &Place) {
    let servers = [place.with_programme(), place.open()];
    let brought = |link: u8, set: u64| PhoneSubmission {
        programme: PROGRAMME,
        person: None,
        link: [link; 16],
        set: Some(ResponseId(set)),
        records: vec![draft(DELIVERY, note("Said"))],
        now: START,
    };
    let most = u64::from(PULSES_MAX);
    // The ends of the numbers are sets as well, and another link, and one for a single person, take nothing
    // away from it.
    let sets = [u64::MIN, u64::MAX].into_iter().chain(1..=most - 2);
    let sent = sets.clone().chain(sets).enumerate();
    let sent = sent.map(|(index, set)| servers[index % 2].answer(brought(1, set)));
    let single = PhoneSubmission {
        set: None,
        ..brought(1, 1)
    };
    let sent: Vec<_> = sent
        .chain([
            servers[0].answer(brought(2, 1)),
            servers[1].answer(brought(0, 1)),
            servers[1].answer(single),
        ])
        .collect();
    for answer in place.wait(futures::future::join_all(sent)) {
        answer.unwrap();
    }
    // The programme's own record is among them.
    let held = || place.read(&*servers[0], DELIVERY).len() as u64 - 1;
    assert_eq!(held(), most + 3);
    for again in [most, most + 1, most] {
        let refused = place.wait(servers[0].answer(brought(1, again)));
        assert!(matches!(
            refused,
            Err(StorageError::Refused(SubmitRefused::LinkSpent))
        ));
    }
    // What it brought before is still acknowledged.
    place.wait(servers[1].answer(brought(1, 1))).unwrap();
    place.wait(servers[1].answer(brought(2, 2))).unwrap();
    assert_eq!(held(), most + 4);
}

pub fn every_server_signs_challenges_with_the_key_that_came_first(place: &Place) {
    let servers = [place.open(), place.open()];
    let drawn = (1..=8).map(|byte| servers[usize::from(byte) % 2].challenge_key([byte; 32]));
    let keys: Vec<_> = place
        .wait(futures::future::join_all(drawn))
        .into_iter()
        .map(Result::unwrap)
        .collect();
    assert!(keys.iter().all(|key| *key == keys[0]), "{keys:?}");
    let later = place.wait(place.open().challenge_key([9; 32])).unwrap();
    assert_eq!(later, keys[0]);
}

pub fn a_self_referral_needs_a_programme(place: &Place) {
    let storage = place.with_programme();
    let refused = place.wait(storage.submit(Submission {
        programme: OTHER_PROGRAMME,
        ..submission(1)
    }));
    assert!(matches!(
        refused,
        Err(StorageError::Refused(SubmitRefused::NoProgramme))
    ));
}

pub fn own_records_are_added_all_or_none(place: &Place) {
    let storage = place.with_programme();
    // A note of the delivery stream does not belong among the public ones.
    let wrong = vec![
        opened(OTHER_PROGRAMME, "Another dig"),
        draft(Stream::Public, note("No")),
    ];
    let refused = place.wait(storage.append(own(wrong)));
    assert!(matches!(
        refused,
        Err(StorageError::Refused(AppendRefused::Invalid(1)))
    ));
    let same_name = vec![opened(OTHER_PROGRAMME, "larkenhope dig")];
    let refused = place.wait(storage.append(own(same_name)));
    assert!(matches!(
        refused,
        Err(StorageError::Refused(AppendRefused::ProgrammeExists(name))) if name == "larkenhope dig"
    ));
    let overview = place.wait(storage.overview()).unwrap();
    assert_eq!(overview.programmes.len(), 1);
    assert_eq!(overview.streams.len(), 1);
    place.append(&*storage, vec![opened(OTHER_PROGRAMME, "Another dig")]);
    place.append(&*storage, vec![draft(DELIVERY, note("Yes"))]);
    assert_eq!(place.read(&*storage, DELIVERY).len(), 2);
}

pub fn of_two_that_open_one_programme_at_once_one_does(place: &Place) {
    let servers = [place.open(), place.open()];
    let asked = servers
        .iter()
        .map(|server| server.append(own(vec![opened(PROGRAMME, "Larkenhope Dig")])));
    let answers = place.wait(futures::future::join_all(asked));
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1);
    assert!(answers.iter().any(|answer| matches!(
        answer,
        Err(StorageError::Refused(AppendRefused::ProgrammeExists(_)))
    )));
    assert_eq!(place.read(&*servers[0], DELIVERY).len(), 1);
}

pub fn own_records_that_name_each_other_get_the_places_they_name(place: &Place) {
    let storage = place.with_programme();
    let at = |first_n| OwnRecords {
        first_n: Some(first_n),
        ..own(vec![draft(DELIVERY, note("Yes"))])
    };
    let refused = place.wait(storage.append(at(1)));
    assert!(matches!(
        refused,
        Err(StorageError::Refused(AppendRefused::OtherPlace(2)))
    ));
    place.wait(storage.append(at(2))).unwrap();
    let last = place.read(&*storage, DELIVERY).pop().unwrap();
    assert_eq!(last.event().unwrap().id.n, 2);
}
