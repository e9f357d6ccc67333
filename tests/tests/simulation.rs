//! Histories from seeds. `SEED=n` runs one, `SEEDS=n` runs so many.

use std::collections::BTreeMap;

use wellfield_tests::simulation::{Fault, Flaw, Happened, Invariant, Plan, run};

/// How many seeds a run of all tests takes.
const SEEDS: u64 = 500;

/// Within how many seeds a flaw has to be found.
const FLAW_SEEDS: u64 = 400;

fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok()?.parse().ok()
}

#[test]
fn every_history_ends_with_every_record_once_everywhere() {
    let seeds = match number("SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..number("SEEDS").unwrap_or(SEEDS),
    };
    let mut happened = Happened::default();
    for seed in seeds.clone() {
        match run(seed, Plan::default()) {
            Ok(history) => happened.add(&history),
            Err(failure) => panic!("{failure}"),
        }
    }
    println!("{seeds:?}: {happened:#?}");
    if number("SEED").is_some() {
        return;
    }
    let missing: Vec<_> = Fault::ALL
        .into_iter()
        .filter(|fault| !happened.faults.contains_key(fault))
        .collect();
    assert!(
        missing.is_empty(),
        "these faults never happened: {missing:?}"
    );
}

#[test]
fn the_same_seed_gives_the_same_history() {
    for seed in 0..5 {
        let twice =
            [(); 2].map(|()| run(seed, Plan::default()).map_err(|failure| failure.to_string()));
        assert_eq!(twice[0], twice[1]);
    }
}

/// By what each flaw is found. A suite that lets one of them live proves nothing.
fn caught_by(flaw: Flaw) -> &'static [Invariant] {
    match flaw {
        Flaw::LatestConsentWins => &[Invariant::WithdrawalStands],
        Flaw::BelievesAny200 => &[Invariant::SentIsTrue],
        Flaw::CursorBeforeData | Flaw::PageWithoutLook | Flaw::RestoreKeepsEpoch => {
            &[Invariant::CursorNeverSkips]
        }
        Flaw::StoresEveryPush => &[Invariant::OnceEach],
        Flaw::NumbersFromMemory => &[Invariant::NothingLost, Invariant::ComesToRest],
        Flaw::SilentAboutSetAside => &[Invariant::Convergence],
    }
}

#[test]
fn every_known_flaw_is_found() {
    let mut lived = Vec::new();
    let mut found = BTreeMap::new();
    for flaw in Flaw::ALL {
        let plan = Plan {
            flaw: Some(flaw),
            ..Plan::default()
        };
        let failures: Vec<_> = (0..FLAW_SEEDS)
            .filter_map(|seed| run(seed, plan).err())
            .take(3)
            .collect();
        let Some(first) = failures.first() else {
            lived.push(flaw);
            continue;
        };
        let by: Vec<_> = failures
            .iter()
            .map(|failure| failure.broken.invariant)
            .collect();
        println!("{flaw:?}: seed {}: {}", first.seed, first.broken);
        assert!(
            by.iter()
                .any(|invariant| caught_by(flaw).contains(invariant)),
            "{flaw:?} was found by {by:?} and not by what it breaks"
        );
        found.insert(format!("{flaw:?}"), by);
    }
    assert!(lived.is_empty(), "these flaws were not found: {lived:?}");
    assert_eq!(found.len(), Flaw::ALL.len());
}
