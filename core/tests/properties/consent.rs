//! A "no" that nobody answered stays a "no", on every device, whatever the clocks say (invariant I5).

use core::mem::discriminant;
use std::collections::BTreeSet;

use proptest::prelude::*;
use wellfield_core::clock::Hlc;
use wellfield_core::consent::{Decision, Purpose, Status};
use wellfield_core::event::{Body, Event};
use wellfield_core::ids::EventId;
use wellfield_core::records::Records;

use super::history::{
    PERSON, PROGRAMME, any_clock, any_decision, config, consent, fold, history_of,
};

const PURPOSE: Purpose = Purpose::PhotoReports;

fn histories() -> impl Strategy<Value = Vec<Event>> {
    history_of(
        any_decision().prop_map(|d| consent(PERSON, PURPOSE, d)),
        1..12,
    )
}

fn status(records: &Records) -> Status<'_> {
    let delivery = records.delivery(PROGRAMME).unwrap();
    delivery.consent.status(PERSON, PURPOSE)
}

fn decision(event: &Event) -> Decision {
    match &event.body {
        Body::ConsentRecorded(recorded) => recorded.decision,
        other => panic!("{other:?}"),
    }
}

/// Every event that some other event names, if that other is one of `by`.
fn named(history: &[Event], by: &[Decision]) -> BTreeSet<EventId> {
    history
        .iter()
        .filter(|event| by.contains(&decision(event)))
        .flat_map(|event| event.supersedes.iter().filter(|id| **id != event.id))
        .copied()
        .collect()
}

/// The rule as a person would check it, entry by entry, with no thought for speed.
fn naive_permits(history: &[Event]) -> bool {
    use Decision::{Given, GivenAgain, Refused, Withdrawn};
    let answered = named(history, &[GivenAgain, Refused, Withdrawn]);
    let replaced = named(history, &[Given, GivenAgain, Refused, Withdrawn]);
    let mut stands = history.iter().filter(|event| match decision(event) {
        Refused | Withdrawn => !answered.contains(&event.id),
        Given | GivenAgain => !replaced.contains(&event.id),
    });
    let yes = |event: &&Event| matches!(decision(event), Given | GivenAgain);
    let standing: Vec<_> = stands.by_ref().collect();
    !standing.is_empty() && standing.iter().all(yes)
}

proptest! {
    #![proptest_config(config(2_000))]

    #[test]
    fn a_no_that_no_consent_given_again_and_no_other_no_names_never_permits(
        history in histories(),
    ) {
        use Decision::{GivenAgain, Refused, Withdrawn};
        let answered = named(&history, &[GivenAgain, Refused, Withdrawn]);
        let unanswered = history.iter().any(|event| {
            decision(event).forbids() && !answered.contains(&event.id)
        });
        let records = fold(&history);
        prop_assert!(!(unanswered && status(&records).permits()));
    }

    #[test]
    fn the_ledger_permits_what_the_naive_rule_permits(history in histories()) {
        let records = fold(history.iter().rev());
        prop_assert_eq!(status(&records).permits(), naive_permits(&history));
    }

    #[test]
    fn no_clock_changes_a_status(
        history in histories(),
        clocks in prop::collection::vec(any_clock(), 12),
    ) {
        let other_clocks: Vec<Event> = history
            .iter()
            .zip(clocks)
            .map(|(event, at): (&Event, Hlc)| Event { at, ..event.clone() })
            .collect();
        let (records, other) = (fold(&history), fold(&other_clocks));
        prop_assert_eq!(discriminant(&status(&records)), discriminant(&status(&other)));
    }

    #[test]
    fn a_withdrawal_by_somebody_who_saw_nothing_forbids(history in histories(), at in any_clock()) {
        let alone = Event {
            id: EventId { device: wellfield_core::ids::DeviceId(9), n: 1 },
            at,
            supersedes: Vec::new(),
            body: consent(PERSON, PURPOSE, Decision::Withdrawn),
            ..history[0].clone()
        };
        let records = fold(history.iter().chain([&alone]));
        prop_assert!(matches!(status(&records), Status::Withdrawn(_)));
    }

    #[test]
    fn every_entry_stays_in_the_history(history in histories()) {
        let records = fold(&history);
        let ledger = &records.delivery(PROGRAMME).unwrap().consent;
        let kept: BTreeSet<_> =
            ledger.history(PERSON, PURPOSE).iter().map(|head| head.stamp.id).collect();
        prop_assert_eq!(kept, history.iter().map(|event| event.id).collect());
    }
}
