//! Runs seeds of the simulation on every core and counts: `cargo xtask simulate`.

#![expect(
    clippy::print_stdout,
    reason = "a command-line tool speaks on standard output"
)]

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use wellfield_tests::simulation::{Failure, Fault, Flaw, Happened, Plan, run, trace};

/// So many seeds are handed to a thread at a time.
const CHUNK: u64 = 256;

/// Progress is told this often.
const TOLD_EVERY: Duration = Duration::from_secs(10);

/// More broken seeds than this tell nothing new.
const FAILURES_MAX: usize = 20;

/// What to run.
#[derive(Clone, Copy, Debug)]
struct Order {
    from: u64,
    seeds: u64,
    plan: Plan,
    /// Write down what one seed expands to, and run nothing else.
    show: bool,
}

const HELP: &str = "simulate [--seeds N] [--from S] [--steps K] [--tablets T] [--without-repairs] [--without-erasures] [--flaw NAME] [--show]";

fn order() -> Result<Order, String> {
    let mut order = Order {
        from: 0,
        seeds: 10_000,
        plan: Plan::default(),
        show: false,
    };
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        if argument == "--show" {
            order.show = true;
            continue;
        }
        if argument == "--without-erasures" {
            order.plan.erasures = false;
            continue;
        }
        if argument == "--without-repairs" {
            order.plan.repairs = false;
            continue;
        }
        let value = arguments.next().ok_or(HELP)?;
        let number = || value.parse::<u64>().map_err(|_| HELP.to_owned());
        match argument.as_str() {
            "--seeds" => order.seeds = number()?,
            "--from" => order.from = number()?,
            "--steps" => order.plan.steps = number()?,
            "--tablets" => order.plan.tablets = number()?,
            "--flaw" => order.plan.flaw = Some(Flaw::named(&value).ok_or("no such flaw")?),
            _ => return Err(HELP.to_owned()),
        }
    }
    Ok(order)
}

/// What all threads found together.
#[derive(Default)]
struct Found {
    happened: Happened,
    failures: Vec<Failure>,
}

fn main() -> ExitCode {
    let order = match order() {
        Ok(order) => order,
        Err(says) => {
            eprintln!("{says}");
            return ExitCode::FAILURE;
        }
    };
    if order.show {
        for line in trace(order.from, order.plan) {
            println!("{line}");
        }
        return ExitCode::SUCCESS;
    }
    let begun = Instant::now();
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let (next, done) = (AtomicU64::new(0), AtomicU64::new(0));
    let found = Mutex::new(Found::default());
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|_| scope.spawn(|| work(order, &next, &done, &found)))
            .collect();
        let mut told = Instant::now();
        while workers.iter().any(|worker| !worker.is_finished()) {
            std::thread::sleep(Duration::from_millis(50));
            if told.elapsed() >= TOLD_EVERY {
                told = Instant::now();
                let done = done.load(Ordering::Relaxed);
                println!(
                    "{done} of {} seeds, {}",
                    order.seeds,
                    rate(done, begun.elapsed(), threads)
                );
            }
        }
    });
    let done = done.load(Ordering::Relaxed);
    let found = found
        .into_inner()
        .unwrap_or_else(|poisoned| poisoned.into_inner());
    report(order, done, begun.elapsed(), threads, &found)
}

fn rate(done: u64, took: Duration, threads: usize) -> String {
    let a_second = done as f64 / took.as_secs_f64().max(0.001);
    format!(
        "{a_second:.0} schedules/s, {:.0} a core",
        a_second / threads as f64
    )
}

fn work(order: Order, next: &AtomicU64, done: &AtomicU64, found: &Mutex<Found>) {
    loop {
        let start = next.fetch_add(CHUNK, Ordering::Relaxed);
        if start >= order.seeds {
            return;
        }
        let mut happened = Happened::default();
        let mut failures = Vec::new();
        for seed in start..(start + CHUNK).min(order.seeds) {
            match run(order.from + seed, order.plan) {
                Ok(history) => happened.add(&history),
                Err(failure) => failures.push(*failure),
            }
            done.fetch_add(1, Ordering::Relaxed);
        }
        let Ok(mut found) = found.lock() else {
            return;
        };
        found.happened.add(&happened);
        found.failures.extend(failures);
        if found.failures.len() >= FAILURES_MAX {
            next.store(order.seeds, Ordering::Relaxed);
        }
    }
}

fn report(order: Order, done: u64, took: Duration, threads: usize, found: &Found) -> ExitCode {
    let Found { happened, failures } = found;
    let plan = order.plan;
    println!(
        "{done} schedules from seed {} on, {:.1} s, {threads} threads: {}",
        order.from,
        took.as_secs_f64(),
        rate(done, took, threads)
    );
    let each = |count: u64| count as f64 / (done - failures.len() as u64).max(1) as f64;
    println!(
        "a schedule: 2 to {} tablets, {} steps with faults; {:.1} faults, {:.1} records, {:.1} deliveries on average",
        plan.tablets,
        plan.steps,
        each(happened.all_faults()),
        each(happened.saved),
        each(happened.delivered),
    );
    println!(
        "{} records made durable, {} of them taken along unsent by wiped or restored tablets",
        happened.saved, happened.lost
    );
    for fault in Fault::ALL {
        println!("  {:<20} {}", format!("{fault:?}"), happened.times(fault));
    }
    let Some(first) = failures.iter().min_by_key(|failure| failure.seed) else {
        println!("0 violations");
        return ExitCode::SUCCESS;
    };
    println!("{first}\n");
    let mut by: BTreeMap<&str, usize> = BTreeMap::new();
    for failure in failures {
        *by.entry(failure.broken.invariant.name()).or_default() += 1;
        println!(
            "seed {}: {}\n  {}",
            failure.seed,
            failure.broken,
            failure.replay()
        );
    }
    println!("{} violations: {by:?}", failures.len());
    ExitCode::FAILURE
}
