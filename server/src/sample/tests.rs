//! What the sample has to hold for screens, tests and benchmarks that rely on it.

use std::collections::{BTreeMap, BTreeSet};

use wellfield_core::attendance::{Mark, Presence, on_site, register_rows, summary};
use wellfield_core::clock::{Hlc, Instant, parse_iso_date};
use wellfield_core::consent::{Decision, PhotoPermission, Purpose, Status, photo_permission};
use wellfield_core::disclosure::{Policy, Shown};
use wellfield_core::evaluation::{Period, due};
use wellfield_core::event::{Body, check, decode_event, encode_event};
use wellfield_core::ids::{DeviceId, EventId};
use wellfield_core::language::Language;
use wellfield_core::measures::{Moment, Movement, Reason, When};
use wellfield_core::people::Joined;
use wellfield_core::programme::{current_session, sessions_in_order};
use wellfield_core::pulse::Reply;
use wellfield_core::records::{Delivery, Records};
use wellfield_core::reporting::{SessionFeelings, programme_report};

use super::*;

const SEED: u64 = 20_260_601;
const FIRST_N: u64 = 5;

fn day(text: &str) -> Date {
    parse_iso_date(text).unwrap()
}

fn today() -> Date {
    day("2026-06-11")
}

/// The running programme as the server appends it.
fn records(today: Date, seed: u64) -> (ProgrammeId, Records) {
    appended(programme(today, seed, FIRST_N))
}

/// The records as the server appends them, each through its bytes.
fn appended(dated: Vec<Dated>) -> (ProgrammeId, Records) {
    let mut records = Records::default();
    let mut last = Instant(0);
    for (n, Dated { draft, at }) in (FIRST_N..).zip(dated) {
        assert!(last <= at, "day by day");
        last = at;
        let id = EventId {
            device: DeviceId::SERVER,
            n,
        };
        for named in &draft.supersedes {
            assert!(
                (FIRST_N..n).contains(&named.n),
                "only earlier drafts are named"
            );
        }
        let event = draft.place(id, Hlc::ZERO.tick(at), None);
        assert_eq!(check(&event), Ok(()));
        assert_eq!(decode_event(&encode_event(&event)).as_ref(), Ok(&event));
        records.apply(&event);
    }
    let programme = records.programmes().next().unwrap().0;
    (programme, records)
}

fn with_delivery(see: impl FnOnce(&Delivery)) {
    let (programme, records) = records(today(), SEED);
    see(records.delivery(programme).unwrap());
}

#[test]
fn the_same_seed_gives_the_same_sample_and_another_one_does_not() {
    let drafts = |seed| -> Vec<_> {
        let dated = programme(today(), seed, FIRST_N).into_iter();
        dated.map(|dated| (dated.at, dated.draft)).collect()
    };
    assert_eq!(drafts(SEED), drafts(SEED));
    assert_ne!(drafts(SEED), drafts(SEED + 1));
}

#[test]
fn every_record_keeps_the_rules_on_every_weekday_and_with_other_seeds() {
    let start = day("2026-12-21").to_julian_day();
    for offset in 0..14 {
        let today = Date::from_julian_day(start + offset).unwrap();
        let (programme, records) = records(today, offset.unsigned_abs().into());
        let delivery = records.delivery(programme).unwrap();
        let of_today = delivery.sessions().filter(|s| s.date == today).count();
        assert_eq!(of_today, 1);
        assert_eq!(current_session(delivery, today).unwrap().date, today);
        assert_eq!(delivery.people().count(), 38);
    }
}

#[test]
fn past_registers_are_full_and_todays_is_still_to_mark() {
    with_delivery(|delivery| {
        let (mut here, mut expected) = (0, 0);
        for session in sessions_in_order(delivery) {
            let rows = register_rows(delivery, session.session);
            let counts = summary(&rows);
            assert_eq!(counts.to_check, 0, "session {}", session.number);
            if session.date < today() {
                assert_eq!(counts.to_mark, 0, "session {}", session.number);
                here += counts.here;
                expected += rows.len();
            } else {
                assert_eq!(counts.to_mark, rows.len());
                assert!(on_site(delivery, session.session).is_empty());
            }
        }
        let percent = 100 * here / expected;
        assert!((70..=80).contains(&percent), "{percent} % were here");
    });
}

#[test]
fn registers_hold_people_who_came_later_left_or_walked_in() {
    with_delivery(|delivery| {
        let sizes: Vec<_> = sessions_in_order(delivery)
            .iter()
            .map(|session| register_rows(delivery, session.session).len())
            .collect();
        assert_eq!(
            &sizes[..10],
            [33, 33, 34, 35, 34, 34, 35, 36, 36, 36][..].as_ref()
        );
        let walk_ins = delivery
            .people()
            .filter(|(_, person)| person.joined == Joined::WalkIn);
        assert_eq!(walk_ins.count(), 2);
        let marks: Vec<_> = sessions_in_order(delivery)
            .iter()
            .flat_map(|session| delivery.attendance.of_session(session.session))
            .filter_map(|(_, standing)| Some(standing.shown()?.value.mark.clone()))
            .collect();
        let late = |mark: &&Mark| matches!(mark, Mark::Here(Presence { late: Some(_), .. }));
        let left = |mark: &&Mark| matches!(mark, Mark::Here(Presence { left: Some(_), .. }));
        assert!(marks.iter().filter(late).count() > 5);
        assert!(marks.iter().filter(left).count() > 5);
        for mark in marks {
            if let Mark::Here(Presence {
                late: Some(late),
                left: Some(left),
            }) = mark
            {
                assert!(late < left);
            }
        }
    });
}

#[test]
fn consents_are_of_every_kind_and_none_is_in_dispute() {
    with_delivery(|delivery| {
        let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
        for (person, _) in delivery.people() {
            for purpose in Purpose::ALL {
                let status = delivery.consent.status(person, *purpose);
                let kind = match &status {
                    Status::NotAsked => "not asked",
                    Status::Given(head) if head.value.decision == Decision::GivenAgain => "again",
                    Status::Given(_) => "given",
                    Status::Refused(_) => "refused",
                    Status::Withdrawn(_) => "withdrawn",
                };
                *kinds.entry(kind).or_default() += 1;
                // The last entry of the history decides: no other one stands beside it.
                let history = delivery.consent.history(person, *purpose);
                assert_eq!(
                    status.entry().map(|head| head.stamp.id),
                    history.last().map(|head| head.stamp.id)
                );
            }
        }
        for kind in ["not asked", "again", "given", "refused", "withdrawn"] {
            assert!(kinds.contains_key(kind), "{kind} in {kinds:?}");
        }
        let permissions: Vec<_> = delivery
            .people()
            .map(|(person, _)| photo_permission(&delivery.consent, person))
            .collect();
        assert!(permissions.contains(&PhotoPermission::All));
        assert!(permissions.contains(&PhotoPermission::No));
        assert!(permissions.contains(&PhotoPermission::NotAsked));
        assert!(
            permissions
                .iter()
                .any(|p| matches!(p, PhotoPermission::For(_)))
        );
    });
}

#[test]
fn support_information_stands_only_where_it_may_be_held() {
    with_delivery(|delivery| {
        for (person, recorded) in delivery.people() {
            let details = &recorded.details;
            let held = !details.access.is_empty()
                || details.access_note.is_some()
                || details.agreed_support.is_some()
                || details.supporter.is_some();
            let permitted = delivery
                .consent
                .status(person, Purpose::HoldSupport)
                .permits();
            assert!(permitted || !held, "{}", details.preferred_name);
        }
    });
}

#[test]
fn one_flag_is_open_and_an_older_one_was_dealt_with() {
    with_delivery(|delivery| {
        let pulses = delivery.pulses.all();
        let flagged: Vec<_> = pulses
            .iter()
            .filter(|p| p.head.value.raises_flag())
            .collect();
        assert_eq!(flagged.len(), 2);
        let open: Vec<_> = flagged.iter().filter(|p| p.needs_attention()).collect();
        assert_eq!(open.len(), 1);
        let date_of = |open: bool| {
            let pulse = flagged
                .iter()
                .find(|p| p.needs_attention() == open)
                .unwrap();
            delivery.session(pulse.head.value.session).unwrap().date
        };
        assert!(date_of(false) < date_of(true));
        let answers = |see: fn(&wellfield_core::pulse::PulseAnswered) -> bool| {
            pulses.iter().any(|pulse| see(&pulse.head.value))
        };
        assert!(answers(
            |a| !a.finished && a.answers.safe == Reply::NotReached
        ));
        assert!(answers(|a| a.answers.good == Reply::Declined));
        assert!(answers(|a| a.language == Language::Welsh));
        assert!(answers(|a| a.person.is_none()));
        assert!(pulses.len() > 60, "{}", pulses.len());
    });
}

#[test]
fn the_coordinators_list_and_the_public_page_have_something_on_them() {
    let (programme, records) = records(today(), SEED);
    let referrals = records.casework(programme).unwrap().referrals.all();
    assert_eq!(referrals.len(), 3);
    let offer = records.offers.get(programme).unwrap();
    for language in Language::ALL {
        assert_eq!(offer.text(*language).unwrap().language, *language);
    }
    let delivery = records.delivery(programme).unwrap();
    assert!(
        sessions_in_order(delivery)
            .iter()
            .any(|s| delivery.notes(s.session).is_some())
    );
}

#[test]
fn every_text_of_the_sample_is_a_text() {
    // Rare texts are drawn with some seeds only; over many seeds every one comes up.
    for seed in 0..60 {
        let mut drafts = super::programme(today(), seed, 1);
        drafts.extend(super::finished(today(), seed, 1));
        let is_read = |dated: &Dated| !matches!(dated.draft.body, Body::Unread(_));
        assert!(drafts.iter().all(is_read));
    }
}

#[test]
fn a_programme_that_is_over_has_answers_from_before_and_after_and_people_who_may_be_counted() {
    let (programme, records) = appended(finished(today(), SEED, FIRST_N));
    let delivery = records.delivery(programme).unwrap();
    let opened = delivery.programme().unwrap();
    assert!(opened.last_day < today());
    let casework = records.casework(programme);
    let period = Period {
        from: opened.first_day,
        to: today(),
    };
    let policy = Policy::default();
    let (report, _) = programme_report(delivery, casework, period, policy);
    let satisfied = &report.scales[0];
    assert!(
        matches!(satisfied.matched, Shown::Number(12..)),
        "{:?}",
        satisfied.matched
    );
    assert_eq!(satisfied.finding.movement, Some(Movement::Better));
    let keys = report
        .scales
        .iter()
        .map(|scale| scale.instrument)
        .collect::<BTreeSet<_>>();
    assert_eq!(keys.len(), 4, "ONS4, loneliness twice, services");
    let feelings: Vec<_> = report.feelings.iter().map(|one| one.number).collect();
    assert_eq!(feelings, [1, 9, 18]);
    let moved = |one: &SessionFeelings| one.whole.finding.movement;
    let moved: Vec<_> = report.feelings.iter().map(moved).collect();
    assert!(
        moved.iter().all(Option::is_some),
        "enough people for figures"
    );
    assert!(moved.contains(&Some(Movement::Better)), "{moved:?}");
    assert_eq!(report.words.len(), 6);
    assert_eq!(report.acted_on.len(), 4);
    assert!(matches!(report.onward.people, Shown::Number(15..)));
    assert!(
        report
            .reach
            .needs
            .iter()
            .any(|need| matches!(need.met, Shown::Number(_)))
    );
    // Whoever has not agreed answered as well, and does not count.
    let reasons: Vec<_> = report.left_out.iter().map(|one| one.reason).collect();
    assert!(reasons.contains(&Reason::NoConsent), "{reasons:?}");
    // Nobody of it takes part in the running one.
    let (running, all) = self::records(today(), SEED);
    let ids = |records: &Records, programme| -> BTreeSet<PersonId> {
        let delivery = records.delivery(programme).unwrap();
        delivery.people().map(|(person, _)| person).collect()
    };
    assert!(ids(&records, programme).is_disjoint(&ids(&all, running)));
}

#[test]
fn the_running_programme_has_answers_from_the_beginning_and_none_from_the_end() {
    let (programme, records) = records(today(), SEED);
    let measured = &records.casework(programme).unwrap().measured;
    assert!(measured.all().count() > 50);
    assert!(
        measured
            .all()
            .all(|head| head.value.moment == Moment::Baseline)
    );
    with_delivery(|delivery| {
        let session = current_session(delivery, today()).unwrap().session;
        // Only whoever comes to their first session today is asked.
        let due = due(delivery, session, When::day(today()));
        assert!(due.iter().all(|due| due.moment == Moment::Baseline));
    });
}
