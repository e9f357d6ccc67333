//! How long the whole report of a programme takes.
//!
//! `cargo run --release -p wellfield-core --example report [-- ANSWERS]`
//!
//! Without a number it goes through 20,000, 200,000 and 1,000,000 answers. One answer is what one person
//! said to one item. Everybody came to six sessions, agreed to the evaluation, and answered ONS4, UCLA-3,
//! the direct question and the use of services at the beginning and, four in five, at the end. The time is
//! that of `programme_report` over records that are in memory: reach, attendance, every figure of every
//! scale, and disclosure control over all of it.

#![allow(clippy::print_stdout, reason = "the figures are what is asked for")]
#![allow(
    clippy::disallowed_methods,
    reason = "an example is not the rules: it takes the time that they need"
)]

use std::error::Error;
use std::hint::black_box;
use std::time::Instant as Stopwatch;

use wellfield_core::attendance::{AttendanceMarked, Mark, Presence};
use wellfield_core::clock::{Date, Hlc, Instant, TimeOfDay, parse_iso_date};
use wellfield_core::consent::{self, GivenBy, Method, Purpose};
use wellfield_core::disclosure::Policy;
use wellfield_core::evaluation::{MeasureAnswered, Period};
use wellfield_core::event::{Body, Draft};
use wellfield_core::ids::{DeviceId, EventId, PersonId, ProgrammeId, ResponseId, SessionId};
use wellfield_core::language::Language;
use wellfield_core::measures::{Catalogue, Mode, Moment, Reply};
use wellfield_core::people::{Joined, PersonDetails, PersonRecorded};
use wellfield_core::programme::{ProgrammeOpened, SessionPlanned};
use wellfield_core::records::Records;
use wellfield_core::reporting::programme_report;
use wellfield_core::stream::Stream;
use wellfield_core::text::Text;

const PROGRAMME: ProgrammeId = ProgrammeId(1);
const INSTRUMENTS: [&str; 4] = ["ons4", "ucla3", "ons-loneliness", "service-use"];
const SESSIONS: u8 = 6;

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
    for size in sizes {
        measure(size)?;
    }
    Ok(())
}

fn measure(size: usize) -> Result<(), Box<dyn Error>> {
    let (records, answers) = Writer::new().programme(size)?;
    let delivery = records.delivery(PROGRAMME).ok_or("the programme")?;
    let casework = records.casework(PROGRAMME);
    let period = Period {
        from: day(1)?,
        to: day(30)?,
    };
    let mut times = Vec::new();
    let mut scales = 0;
    for _ in 0..5 {
        let start = Stopwatch::now();
        let (report, behind) = black_box(programme_report(
            black_box(delivery),
            casework,
            period,
            Policy::default(),
        ));
        times.push(start.elapsed());
        scales = report.scales.len();
        drop(behind);
    }
    times.sort();
    println!(
        "report of a programme: {answers} answers of {} people, {scales} scales: median {} ms, slowest {} ms of {}",
        delivery.people().count(),
        times[times.len() / 2].as_millis(),
        times[times.len() - 1].as_millis(),
        times.len(),
    );
    Ok(())
}

/// A day of June 2026.
fn day(number: u8) -> Result<Date, Box<dyn Error>> {
    Ok(parse_iso_date(&format!("2026-06-{number:02}")).ok_or("a day of June")?)
}

fn text<const MAX: usize>(typed: &str) -> Result<Text<MAX>, Box<dyn Error>> {
    Ok(Text::parse(typed)?)
}

/// A device that records a whole programme.
struct Writer {
    records: Records,
    clock: Hlc,
    n: u64,
    now: u64,
    seed: u64,
}

impl Writer {
    fn new() -> Self {
        Self {
            records: Records::default(),
            clock: Hlc::ZERO,
            n: 0,
            // 1 June 2026, six in the morning by UTC.
            now: 1_780_293_600_000,
            seed: 20_260_611,
        }
    }

    /// A small generator, so that every run has the same answers.
    fn below(&mut self, below: u64) -> u64 {
        self.seed = self
            .seed
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (self.seed >> 33) % below
    }

    fn record(&mut self, draft: Draft) {
        self.n += 1;
        self.clock = self.clock.tick(Instant(self.now));
        let id = EventId {
            device: DeviceId(2),
            n: self.n,
        };
        self.records.apply(&draft.place(id, self.clock, None));
    }

    fn write(&mut self, stream: Stream, body: impl Into<Body>) {
        self.record(Draft {
            stream,
            supersedes: Vec::new(),
            body: body.into(),
        });
    }

    fn programme(mut self, size: usize) -> Result<(Records, usize), Box<dyn Error>> {
        let delivery = Stream::Delivery(PROGRAMME);
        let opened = ProgrammeOpened {
            programme: PROGRAMME,
            name: text("A very large dig")?,
            organisation: text("Wellfield")?,
            site: text("A field")?,
            first_day: day(2)?,
            last_day: day(28)?,
        };
        self.write(delivery, opened);
        let time = |hours: u16| TimeOfDay::from_minutes(hours * 60).ok_or("a time of day");
        for number in 1..=SESSIONS {
            let session = SessionPlanned {
                session: SessionId(number.into()),
                number: number.into(),
                date: day(2 + 5 * (number - 1))?,
                starts: time(10)?,
                ends: time(15)?,
                place: None,
            };
            self.write(delivery, session);
        }
        let catalogue = Catalogue::built_in();
        let (mut answers, mut person) = (0, 0);
        while answers < size {
            person += 1;
            // Identifiers are random numbers.
            let id = PersonId(self.below(1 << 31) << 20 | person);
            self.person(id)?;
            for (moment, number) in [(Moment::Baseline, 2), (Moment::End, 27)] {
                if moment == Moment::End && self.below(5) == 0 {
                    continue;
                }
                answers += self.answers(&catalogue, id, (moment, day(number)?, time(9)?))?;
            }
        }
        Ok((self.records, answers))
    }

    /// Somebody who agreed, and came to every session.
    fn person(&mut self, person: PersonId) -> Result<(), Box<dyn Error>> {
        let delivery = Stream::Delivery(PROGRAMME);
        let recorded = PersonRecorded {
            person,
            joined: Joined::Enrolled,
            from: day(2)?,
            until: None,
            details: PersonDetails {
                preferred_name: text("Somebody")?,
                access: Vec::new(),
                access_note: None,
                agreed_support: None,
                emergency: None,
                supporter: None,
            },
        };
        self.write(delivery, recorded);
        let answer = consent::Answer {
            yes: true,
            language: Language::English,
            method: Method::Ticked,
            given_by: GivenBy::Themselves,
            giver_name: None,
        };
        let agreed = consent::record(
            &self.records,
            PROGRAMME,
            person,
            Purpose::Evaluation,
            answer,
        )?;
        self.record(agreed);
        for session in 1..=SESSIONS {
            let mark = AttendanceMarked {
                session: SessionId(session.into()),
                person,
                mark: Mark::Here(Presence::default()),
                note: None,
            };
            self.write(delivery, mark);
        }
        Ok(())
    }

    /// What somebody said to every instrument at a moment, and how many items that is.
    fn answers(
        &mut self,
        catalogue: &Catalogue,
        person: PersonId,
        (moment, day, time): (Moment, Date, TimeOfDay),
    ) -> Result<usize, Box<dyn Error>> {
        let mut given = 0;
        for key in INSTRUMENTS {
            let place = catalogue.find(key, None).ok_or("an instrument")?;
            let instrument = catalogue.get(place).ok_or("an instrument")?;
            let mut replies = Vec::new();
            for item in &*instrument.items {
                // Nobody goes to a doctor a hundred times.
                let high = item.high.min(10);
                let steps = u64::try_from(high - item.low)? + 1;
                let reply = i32::from(item.low) + i32::try_from(self.below(steps))?;
                replies.push(Reply::Given(reply));
            }
            given += replies.len();
            let answered = MeasureAnswered {
                response: ResponseId(self.below(1 << 31) << 20 | self.n),
                person,
                moment,
                session: None,
                instrument: text(key)?,
                version: instrument.version,
                language: Language::English,
                mode: Mode::Alone,
                day,
                time,
                finished: true,
                replies,
            };
            self.write(Stream::Casework(PROGRAMME), answered);
        }
        Ok(given)
    }
}
