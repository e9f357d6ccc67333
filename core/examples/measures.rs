//! How long a report over many answers takes.
//!
//! `cargo run --release -p wellfield-core --example measures [-- ANSWERS]`
//!
//! Without a number it goes through 20,000, 200,000 and 1,000,000 answers, so that one sees how the time
//! grows. The answers are of people who answered ONS4, SWEMWBS and an umbrella at the beginning and, most
//! of them, at the end, in no order; every person has a consent and a course. The time is the whole of
//! `evaluate`: sorting out, pairing, and every figure of every scale.

#![allow(clippy::print_stdout, reason = "the figures are what is asked for")]
#![allow(
    clippy::disallowed_methods,
    reason = "an example is not the rules: it takes the time that they need"
)]

use std::collections::BTreeMap;
use std::error::Error;
use std::hint::black_box;
use std::time::Instant;

use wellfield_core::clock::{Date, parse_iso_date};
use wellfield_core::ids::PersonId;
use wellfield_core::measures::{
    Answer, Catalogue, Consent, InstrumentNo, Journey, Mode, Moment, Participant, People, Plan,
    Question, Reply, When, evaluate,
};

/// A small generator, so that every run has the same answers.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self, below: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (self.0 >> 33) % below
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let asked: Vec<usize> = std::env::args()
        .skip(1)
        .map(|argument| argument.parse())
        .collect::<Result<_, _>>()?;
    let sizes = if asked.is_empty() {
        vec![20_000, 200_000, 1_000_000]
    } else {
        asked
    };
    let day = |text: &str| parse_iso_date(text).ok_or("a day");
    let days = [day("2026-04-01")?, day("2026-06-10")?];
    for size in sizes {
        measure(size, days)?;
    }
    Ok(())
}

fn measure(size: usize, days: [Date; 2]) -> Result<(), Box<dyn Error>> {
    let catalogue = Catalogue::built_in();
    let instruments = ["ons4", "swemwbs", "ucl-umbrella-positive"]
        .map(|key| catalogue.find(key, None))
        .into_iter()
        .collect::<Option<Vec<_>>>()
        .ok_or("the instruments are built in")?;
    let (answers, people) = made_up(&catalogue, &instruments, size, days)?;
    let plan = Plan::default();
    let mut times = Vec::new();
    for _ in 0..5 {
        let start = Instant::now();
        black_box(evaluate(
            black_box(&catalogue),
            black_box(&answers),
            &people,
            &plan,
        ));
        times.push(start.elapsed());
    }
    times.sort();
    let report = evaluate(&catalogue, &answers, &people, &plan);
    let matched = report.scales.first().map_or(0, |one| one.counts.matched);
    println!(
        "{} answers, {} scales, {matched} people compared, {} answers left out: median {} ms, slowest {} ms of {}",
        answers.len(),
        report.scales.len(),
        report.left_out.len(),
        times[times.len() / 2].as_millis(),
        times[times.len() - 1].as_millis(),
        times.len(),
    );
    Ok(())
}

fn made_up(
    catalogue: &Catalogue,
    instruments: &[InstrumentNo],
    size: usize,
    [first, last]: [Date; 2],
) -> Result<(Vec<Answer>, People), Box<dyn Error>> {
    let mut numbers = Numbers(20_260_611);
    let mut answers = Vec::with_capacity(size + 40);
    let mut people = BTreeMap::new();
    let mut person = 0;
    while answers.len() < size {
        person += 1;
        // Identifiers are random numbers.
        let id = PersonId(numbers.next(1 << 31) << 20 | person);
        people.insert(
            id,
            Participant {
                consent: Consent::Given {
                    from: When::day(first),
                },
                journey: Some(Journey {
                    first,
                    first_ends: None,
                    last,
                }),
            },
        );
        for (moment, date) in [(Moment::Baseline, first), (Moment::End, last)] {
            if moment == Moment::End && numbers.next(5) == 0 {
                continue;
            }
            for &instrument in instruments {
                let items = &catalogue.get(instrument).ok_or("an instrument")?.items;
                for (item, place) in items.iter().zip(0u8..) {
                    let steps = u64::try_from(item.high - item.low)? + 1;
                    let given = i32::from(item.low) + i32::try_from(numbers.next(steps))?;
                    answers.push(Answer {
                        person: id,
                        question: Question::Known {
                            instrument,
                            item: place,
                        },
                        moment,
                        session: None,
                        when: Some(When::day(date)),
                        reply: Reply::Given(given),
                        mode: Some(Mode::Alone),
                        language: None,
                    });
                }
            }
        }
    }
    answers.truncate(size);
    for place in (1..answers.len()).rev() {
        let other = usize::try_from(numbers.next(place as u64 + 1))?;
        answers.swap(place, other);
    }
    Ok((answers, People::Listed(people)))
}
