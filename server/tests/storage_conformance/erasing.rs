//! Erasing somebody, and what arrives about them later.

use std::fs;

use wellfield_core::access::Role;
use wellfield_core::attendance::{AttendanceMarked, Mark};
use wellfield_core::audit::{Actor, Deed};
use wellfield_core::erasure::{Erased, Subject};
use wellfield_core::event::{Event, decode_event};
use wellfield_core::ids::{PersonId, ReferralId, SessionId};
use wellfield_core::stream::Stream;
use wellfield_core::sync::Outcome;
use wellfield_core::text::Text;
use wellfield_server::storage::{
    Carrier, Erasing, PageRefused, PageWanted, Push, Reader, Storage, StorageError,
};

use crate::common::{PROGRAMME, START, note};
use crate::own::submission;
use crate::place::{DELIVERY, Place};
use crate::servers::{said, wellfield};

const ANN: PersonId = PersonId(0x7007);
const BEN: PersonId = PersonId(0x7008);
const EPOCH: u32 = (1 << 31) + 7;

/// What nobody would write by chance.
const WORDS: &str = "Quetzalcoatlus";

fn mark(person: PersonId) -> AttendanceMarked {
    AttendanceMarked {
        session: SessionId(1),
        person,
        mark: Mark::HERE,
        note: (person == ANN).then(|| Text::parse(WORDS).unwrap()),
    }
}

fn erase(place: &Place, storage: &dyn Storage, subject: Subject) -> u64 {
    let erasing = Erasing {
        subjects: subject.into(),
        epoch: EPOCH,
        by: Actor::CommandLine,
        now: START,
    };
    place.wait(storage.erase(erasing)).unwrap()
}

fn read(events: &[Vec<u8>]) -> Vec<Event> {
    events
        .iter()
        .map(|bytes| decode_event(bytes).unwrap())
        .collect()
}

fn epoch(place: &Place, storage: &dyn Storage, stream: Stream) -> u32 {
    place.wait(storage.heads(vec![stream])).unwrap()[0].epoch
}

pub fn who_was_erased_leaves_places_that_say_nothing(place: &Place) {
    let storage = place.with_programme();
    let mut tablet = place.tablet(&*storage, Role::Facilitator);
    let other = place.tablet(&*storage, Role::Facilitator);
    let events = [
        tablet.record(DELIVERY, note("Before")),
        tablet.record(DELIVERY, mark(ANN)),
        tablet.record(DELIVERY, mark(BEN)),
        tablet.record(Stream::Public, mark(ANN)),
        tablet.record(DELIVERY, mark(ANN)),
    ];
    let receipt = place.push(&*storage, &tablet, 1, &events).unwrap();
    assert_eq!(receipt.outcomes[3], Outcome::WrongStream);
    place.wait(storage.submit(submission(5))).unwrap();
    let casework = Stream::Casework(PROGRAMME);
    let before = [DELIVERY, casework].map(|stream| epoch(place, &*storage, stream));

    assert_eq!(erase(place, &*storage, Subject::Person(ANN)), 3);
    let left = read(&place.delivered(&*storage));
    let numbers: Vec<_> = left.iter().map(|event| event.id.n).collect();
    assert_eq!(numbers, [1, 2, 3, 5], "every place is taken");
    for event in [&left[1], &left[3]] {
        assert_eq!(event.body, Erased.into());
    }
    assert_eq!(left[2], decode_event(&events[2]).unwrap());
    let overview = place.wait(storage.overview()).unwrap();
    assert_eq!(overview.quarantined, [], "nobody has to decide about it");
    // Devices read the stream afresh, and no other.
    assert_eq!(epoch(place, &*storage, DELIVERY), EPOCH);
    assert_eq!(epoch(place, &*storage, casework), before[1]);
    let page = PageWanted {
        reader: Reader::Of(vec![DELIVERY, Stream::Casework(PROGRAMME)]),
        stream: DELIVERY,
        epoch: Some(before[0]),
        after: 0,
        limit: 10,
    };
    let refused = place.wait(storage.page(page)).unwrap_err();
    assert!(matches!(
        refused,
        StorageError::Refused(PageRefused::EpochChanged)
    ));
    // The tablet is told what to erase in its own log, what was set aside among it, and nobody else is.
    let own = |device, after| place.wait(storage.own_erased(device, after)).unwrap();
    let mut told = own(tablet.device, 0);
    told.numbers.sort_unstable();
    assert_eq!(told.numbers, [2, 4, 5]);
    assert_eq!(own(tablet.device, told.through).numbers, Vec::<u64>::new());
    assert_eq!(own(tablet.device, told.through).through, told.through);
    assert_eq!(own(other.device, 0).numbers, Vec::<u64>::new());
    assert_eq!(erase(place, &*storage, Subject::Person(ANN)), 0, "once");
    let entries = place.audit(&*storage);
    let entered = |records| (Actor::CommandLine, Deed::Erased { records });
    assert_eq!(entries[entries.len() - 2..], [entered(3), entered(0)]);
    place.gone_from_the_files(WORDS, &events);
}

pub fn of_much_that_was_erased_nothing_is_left_in_the_files(place: &Place) {
    let storage = place.with_programme();
    let mut tablet = place.tablet(&*storage, Role::Facilitator);
    let mut sent = Vec::new();
    for batch in 0..60 {
        // Of different lengths, so that pages are split in many ways.
        let events: Vec<_> = (0..10)
            .map(|index| match (batch * 7 + index * 3) % 5 {
                0 => tablet.record(DELIVERY, mark(ANN)),
                1 => tablet.record(DELIVERY, note(&"a".repeat(600 + 40 * index))),
                _ => tablet.record(DELIVERY, mark(BEN)),
            })
            .collect();
        let first_n = 1 + 10 * batch as u64;
        place.push(&*storage, &tablet, first_n, &events).unwrap();
        sent.extend(events);
    }
    assert_eq!(erase(place, &*storage, Subject::Person(ANN)), 120);
    place.gone_from_the_files(WORDS, &sent);
    let left = place.delivered(&*storage);
    let same = left.iter().zip(&sent).filter(|(left, sent)| left == sent);
    assert_eq!((left.len(), same.count()), (600, 480));
}

pub fn what_arrives_late_about_who_was_erased_is_acknowledged_and_not_kept(place: &Place) {
    let storages = [place.with_programme(), place.open()];
    let mut tablet = place.tablet(&*storages[0], Role::Facilitator);
    let early = [tablet.record(DELIVERY, mark(ANN))];
    place.push(&*storages[0], &tablet, 1, &early).unwrap();
    erase(place, &*storages[0], Subject::Person(ANN));
    let late = [
        tablet.record(DELIVERY, mark(ANN)),
        tablet.record(Stream::Public, mark(ANN)),
        tablet.record(DELIVERY, note("After")),
    ];
    // The receipt of the first was lost, and another server hears of it.
    let all: Vec<_> = early.iter().chain(&late).cloned().collect();
    let told = place
        .wait(storages[0].own_erased(tablet.device, 0))
        .unwrap();
    for expected in [
        [
            Outcome::Held,
            Outcome::Stored,
            Outcome::WrongStream,
            Outcome::Stored,
        ],
        [
            Outcome::Held,
            Outcome::Held,
            Outcome::WrongStream,
            Outcome::Held,
        ],
    ] {
        let receipt = place.push(&*storages[1], &tablet, 1, &all).unwrap();
        assert_eq!((&receipt.outcomes[..], receipt.max_n), (&expected[..], 4));
    }
    let left = read(&place.delivered(&*storages[0]));
    assert_eq!(left.len(), 3);
    assert!(left[..2].iter().all(|event| event.body == Erased.into()));
    // The tablet has what came late in its own log, also what was set aside.
    let later = place.wait(storages[1].own_erased(tablet.device, told.through));
    let mut later = later.unwrap().numbers;
    later.sort_unstable();
    assert_eq!((told.numbers, later), (vec![1], vec![2, 3]));
    assert_eq!(left[2], decode_event(&late[2]).unwrap());
    let overview = place.wait(storages[0].overview()).unwrap();
    assert_eq!(overview.quarantined, []);
    // Neither does its safety copy bring anything back.
    place.revoke(&*storages[0], tablet.device).unwrap();
    let more = [tablet.record(DELIVERY, mark(ANN))];
    let push = Push {
        carrier: Carrier::SafetyCopy(Actor::CommandLine),
        ..tablet.request(5, &more)
    };
    place.wait(storages[0].push(push)).unwrap();
    let overview = place.wait(storages[0].overview()).unwrap();
    assert_eq!(overview.quarantined, []);
    place.gone_from_the_files(WORDS, &all);
}

pub fn a_form_that_was_erased_is_not_taken_again(place: &Place) {
    let storage = place.with_programme();
    let subject = Subject::Referral(ReferralId(5));
    place.wait(storage.submit(submission(5))).unwrap();
    place.wait(storage.submit(submission(6))).unwrap();
    assert_eq!(erase(place, &*storage, subject), 1);
    place.wait(storage.submit(submission(5))).unwrap();
    let casework = place.read(&*storage, Stream::Casework(PROGRAMME));
    let erased = casework
        .iter()
        .filter(|pulled| pulled.event().unwrap().body == Erased.into());
    assert_eq!((casework.len(), erased.count()), (2, 1));
    // Where the form itself never arrived before the backup that was restored.
    erase(place, &*storage, Subject::Referral(ReferralId(7)));
    place.wait(storage.submit(submission(7))).unwrap();
    assert_eq!(place.read(&*storage, Stream::Casework(PROGRAMME)).len(), 2);
}

pub fn the_command_erases_and_the_ledger_does_it_again(place: &Place) {
    let files = tempfile::tempdir().unwrap();
    let ledger = files.path().join("erasures");
    let with_ledger = ["--erasures", ledger.to_str().unwrap()];
    let run = |words: &[&str]| {
        let words = [words, &with_ledger].concat();
        wellfield(place, &words).output().unwrap()
    };
    let storage = place.with_programme();
    let mut tablet = place.tablet(&*storage, Role::Facilitator);
    let events = [
        tablet.record(DELIVERY, mark(ANN)),
        tablet.record(DELIVERY, note("Well")),
    ];
    place.push(&*storage, &tablet, 1, &events).unwrap();
    let number = ANN.to_string();

    let rehearsal = said(&run(&["erase", "--person", &number, "--dry-run"]));
    assert!(rehearsal.contains("1  AttendanceMarked"), "{rehearsal}");
    assert!(rehearsal.contains("notes of 1 sessions"), "{rehearsal}");
    assert!(!rehearsal.contains(WORDS) && !ledger.exists());
    assert_eq!(place.delivered(&*storage), events);
    let done = said(&run(&["erase", "--person", &number]));
    assert!(done.contains("Erased: 1 records"), "{done}");
    let left = read(&place.delivered(&*storage));
    assert_eq!(left[0].body, Erased.into());
    let again = run(&["erase", "--person", &number]);
    let complaint = String::from_utf8_lossy(&again.stderr).into_owned();
    assert!(
        complaint.contains("nothing is recorded about"),
        "{complaint}"
    );

    // The database is put back to what it was, by other means.
    assert_eq!(fs::read(&ledger).unwrap().len(), 25);
    place.sql("DELETE FROM erased");
    let more = [tablet.record(DELIVERY, mark(ANN))];
    place.push(&*storage, &tablet, 3, &more).unwrap();
    assert_eq!(place.delivered(&*storage)[2], more[0]);
    let restored = said(&run(&["restore", "--after"]));
    assert!(restored.contains("1 records about people"), "{restored}");
    assert_eq!(read(&place.delivered(&*storage))[2].body, Erased.into());
    let end = place.audit(&*storage);
    let entries = [Deed::Erased { records: 1 }, Deed::Restored { erased: 1 }];
    assert_eq!(
        end[end.len() - 2..],
        entries.map(|deed| (Actor::CommandLine, deed))
    );
}

pub fn whose_time_is_over_is_proposed_and_goes_when_a_person_approves(place: &Place) {
    let files = tempfile::tempdir().unwrap();
    let ledger = files.path().join("erasures");
    let run = |words: &[&str]| {
        let with_ledger = ["--erasures", ledger.to_str().unwrap()];
        let words = [&["retention"], words, &with_ledger].concat();
        wellfield(place, &words).output().unwrap()
    };
    let storage = place.with_programme();
    let mut tablet = place.tablet(&*storage, Role::Facilitator);
    let events = [ANN, BEN].map(|person| tablet.record(DELIVERY, mark(person)));
    place.push(&*storage, &tablet, 1, &events).unwrap();
    place.wait(storage.submit(submission(5))).unwrap();
    let [ann, form] = [ANN.to_string(), ReferralId(5).to_string()];

    let long = ["--people-days", "40000", "--referrals-days", "40000"];
    assert!(said(&run(&long)).contains("Nobody: "));
    // Everybody's time may be over but Ann's, and then nobody goes.
    let only_forms = ["--people-days", "40000", "--referrals-days", "0"];
    let listed = said(&run(&only_forms));
    assert!(listed.contains(&form) && !listed.contains(&ann), "{listed}");
    let refused = run(&[
        only_forms.as_slice(),
        &["--approve", &form, "--approve", &ann],
    ]
    .concat());
    let complaint = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(complaint.contains("is not among those"), "{complaint}");
    assert!(!ledger.exists() && place.delivered(&*storage).len() == 2);

    let done = said(&run(
        &[only_forms.as_slice(), &["--approve", &form]].concat()
    ));
    assert!(done.contains("Erased: 1 records"), "{done}");
    assert!(said(&run(&only_forms)).contains("Nobody: "));
    let casework = place.read(&*storage, Stream::Casework(PROGRAMME));
    assert_eq!(casework[0].event().unwrap().body, Erased.into());
    assert_eq!(place.delivered(&*storage), events);
}

pub fn a_complaint_has_thirty_days_from_the_day_on_which_it_arrived(place: &Place) {
    drop(place.with_programme());
    let run = |words: &[&str]| {
        let words = [&["complaint"], words].concat();
        wellfield(place, &words).output().unwrap()
    };
    assert_eq!(said(&run(&["list"])), "");
    let fresh = said(&run(&["received"]));
    assert!(fresh.contains("31 days with today"), "{fresh}");
    assert!(said(&run(&["list"])).contains("   1  arrived"));
    said(&run(&["received", "--on", "2020-02-29"]));
    let late = run(&["list"]);
    let listed = String::from_utf8_lossy(&late.stdout).into_owned();
    assert_eq!(late.status.code(), Some(1));
    assert!(
        listed.contains("OVERDUE: to acknowledge by 2020-03-30"),
        "{listed}"
    );
    said(&run(&["acknowledged", "2"]));
    assert!(said(&run(&["list"])).contains("acknowledged, to answer"));
    assert!(said(&run(&["answered", "2"])).contains("   2  arrived 2020-02-29  answered"));
    for refused in [
        ["acknowledged", "3"].as_slice(),
        &["received", "--on", "2999-01-01"],
        &["received", "--on", "yesterday"],
    ] {
        assert_eq!(run(refused).status.code(), Some(1), "{refused:?}");
    }
    let end = place.audit(&*place.open());
    assert_eq!(end.len(), 4, "what is refused is not entered");
}
