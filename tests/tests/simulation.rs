//! Histories from seeds. `SEED=n` runs one, `SEEDS=n` runs so many; `cargo xtask simulate` runs them on
//! every core.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use wellfield_tests::simulation::{Failure, Fault, Flaw, Happened, Invariant, Plan, run, trace};

/// How many seeds a run of all tests takes.
const SEEDS: u64 = 2_000;

/// Within how many seeds a flaw has to be found.
const FLAW_SEEDS: u64 = 10_000;

/// Seeds that are known to be interesting, and why.
const FIXTURES: &str = include_str!("fixtures/seeds.txt");

fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok()?.parse().ok()
}

/// Runs something for each number below `count`, on every core.
fn for_each(count: u64, work: impl Fn(u64) + Sync) {
    let next = AtomicU64::new(0);
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= count {
                        return;
                    }
                    work(number);
                }
            });
        }
    });
}

#[test]
fn every_history_ends_with_every_record_once_everywhere() {
    if let Some(seed) = number("SEED") {
        if let Err(failure) = run(seed, Plan::default()) {
            panic!("{failure}");
        }
        return;
    }
    let seeds = number("SEEDS").unwrap_or(SEEDS);
    let found: Mutex<(Happened, Vec<Failure>)> = Mutex::default();
    for_each(seeds, |seed| {
        let history = run(seed, Plan::default());
        let mut found = found.lock().expect("no thread panics while it counts");
        match history {
            Ok(history) => found.0.add(&history),
            Err(failure) => found.1.push(*failure),
        }
    });
    let (happened, failures) = found.into_inner().expect("no thread panicked");
    println!("{seeds} seeds: {happened:#?}");
    if let Some(first) = failures.iter().min_by_key(|failure| failure.seed) {
        panic!(
            "{first}\n{} of {seeds} seeds break a promise",
            failures.len()
        );
    }
    let missing: Vec<_> = Fault::ALL
        .into_iter()
        .filter(|fault| happened.times(*fault) == 0)
        .collect();
    assert!(
        missing.is_empty(),
        "these faults never happened: {missing:?}"
    );
}

#[test]
fn the_same_seed_expands_to_the_same_history() {
    let mut different = BTreeSet::new();
    for seed in 0..20 {
        let once = trace(seed, Plan::default());
        assert_eq!(once, trace(seed, Plan::default()));
        assert!(once.len() > 50, "seed {seed} did next to nothing: {once:?}");
        different.insert(once);
    }
    assert_eq!(different.len(), 20, "two seeds gave the same history");
}

/// A line of the fixtures: a seed, the plan with its flaw if there is one, and the reason.
fn fixtures() -> Vec<(u64, Plan, &'static str)> {
    let lines = FIXTURES.lines().map(str::trim);
    let lines = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
    let read = |line: &'static str| {
        let mut words = line.splitn(4, ' ');
        let seed = words.next().and_then(|seed| seed.parse().ok());
        let (repairs, erasures) = match words.next() {
            Some("erasures") => (true, true),
            Some("repairs") => (true, false),
            Some("plain") => (false, false),
            _ => panic!("neither erasures, repairs nor plain: {line}"),
        };
        let flaw = words.next().filter(|name| *name != "-");
        let flaw = flaw.map(|name| Flaw::named(name).unwrap_or_else(|| panic!("no flaw: {line}")));
        let plan = Plan {
            repairs,
            erasures,
            flaw,
            ..Plan::default()
        };
        match (seed, words.next()) {
            (Some(seed), Some(reason)) => (seed, plan, reason),
            _ => panic!("not a seed, a plan, a flaw and a reason: {line}"),
        }
    };
    lines.map(read).collect()
}

/// The first seed that finds a flaw by a promise that it breaks, and what other promises found it
/// before that. Seeds that are known to find it come first, as the rarest takes thousands.
fn hunt(flaw: Flaw) -> (Option<Failure>, Vec<&'static str>) {
    let plan = Plan {
        flaw: Some(flaw),
        ..Plan::default()
    };
    let mut others = Vec::new();
    let kept = fixtures().into_iter();
    let kept = kept.filter(|(_, plan, _)| plan.flaw == Some(flaw));
    let kept = kept.map(|(seed, plan, _)| (seed, plan));
    for (seed, plan) in kept.chain((0..FLAW_SEEDS).map(|seed| (seed, plan))) {
        if let Err(failure) = run(seed, plan) {
            if flaw.breaks().contains(&failure.broken.invariant) {
                return (Some(*failure), others);
            }
            others.push(failure.broken.invariant.name());
        }
    }
    (None, others)
}

/// A suite that lets one of them live proves nothing.
#[test]
fn every_known_flaw_is_found_by_the_promise_that_it_breaks() {
    let lived = Mutex::new(Vec::new());
    for_each(Flaw::ALL.len() as u64, |number| {
        let flaw = Flaw::ALL[number as usize];
        match hunt(flaw) {
            (Some(found), others) => println!(
                "{flaw:?}: seed {}, {} others before: {}",
                found.seed,
                others.len(),
                found.broken
            ),
            (None, others) => {
                let mut lived = lived.lock().expect("no thread panics while it counts");
                lived.push(format!("{flaw:?}, found only by {others:?}"));
            }
        }
    });
    let lived = lived.into_inner().expect("no thread panicked");
    assert!(lived.is_empty(), "these flaws live: {lived:#?}");
}

/// A promise that nothing breaks may be one that nobody looks at.
#[test]
fn every_promise_has_a_flaw_that_breaks_it() {
    for promise in Invariant::ALL {
        let broken = Flaw::ALL
            .iter()
            .any(|flaw| flaw.breaks().contains(&promise));
        // The same seed is run twice for this one, in a test of its own.
        assert_ne!(broken, promise == Invariant::Determinism, "{promise:?}");
    }
}

#[test]
fn seeds_that_were_interesting_once_are_run_again() {
    let fixtures = fixtures();
    assert!(!fixtures.is_empty(), "no fixtures were read");
    for (seed, plan, reason) in fixtures {
        let sound = Plan { flaw: None, ..plan };
        if let Err(failure) = run(seed, sound) {
            panic!("{failure}\nkept because: {reason}");
        }
        let found = run(seed, plan).is_err();
        assert_eq!(
            found,
            plan.flaw.is_some(),
            "seed {seed}, {plan:?}: {reason}"
        );
    }
}
