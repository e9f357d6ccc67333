//! Every text for people, in every language. The functions come from `en.toml` and `cy.toml` at build
//! time, so that a text that one language forgot does not compile.

mod code;
pub mod report;

use wellfield_core::clock::{Date, TimeOfDay};
use wellfield_core::language::Language;
use wellfield_core::people::AccessNeed;
use wellfield_core::programme::SessionPlanned;
use wellfield_core::pulse::{Day, Felt};

pub use code::SquareCode;

/// The texts in one language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Words(pub Language);

impl Words {
    fn pick(self, english: &'static str, welsh: &'static str) -> &'static str {
        match self.0 {
            Language::English => english,
            Language::Welsh => welsh,
        }
    }

    /// A day as people say it: "Saturday 14 June".
    pub fn day(self, date: Date) -> String {
        let weekday = self
            .calendar_weekdays()
            .split(' ')
            .nth(usize::from(date.weekday().number_days_from_monday()));
        format!(
            "{} {} {}",
            weekday.unwrap_or_default(),
            date.day(),
            self.month(date)
        )
    }

    /// A day with its year: "8 September 2026".
    pub fn dated(self, date: Date) -> String {
        format!("{} {} {}", date.day(), self.month(date), date.year())
    }

    fn month(self, date: Date) -> &'static str {
        let mut months = self.calendar_months().split(' ');
        let month = months.nth(usize::from(u8::from(date.month()) - 1));
        month.unwrap_or_default()
    }

    /// What helps somebody, in a word or two.
    pub fn need(self, need: AccessNeed) -> &'static str {
        match need {
            AccessNeed::StepFree => self.need_step_free(),
            AccessNeed::Seating => self.need_seating(),
            AccessNeed::Hearing => self.need_hearing(),
            AccessNeed::Sight => self.need_sight(),
            AccessNeed::Reading => self.need_reading(),
            AccessNeed::Language => self.need_language(),
            AccessNeed::QuietSpace => self.need_quiet_space(),
            AccessNeed::Toilet => self.need_toilet(),
            AccessNeed::Breaks => self.need_breaks(),
            AccessNeed::ClearSteps => self.need_clear_steps(),
            AccessNeed::Companion => self.need_companion(),
            AccessNeed::AssistanceDog => self.need_assistance_dog(),
            AccessNeed::Transport => self.need_transport(),
        }
    }

    /// An answer to how the day was.
    pub fn how_day(self, day: Day) -> &'static str {
        match day {
            Day::VeryGood => self.pulse_day_very_good(),
            Day::Good => self.pulse_day_good(),
            Day::Mixed => self.pulse_day_mixed(),
            Day::Bad => self.pulse_day_bad(),
            Day::VeryBad => self.pulse_day_very_bad(),
        }
    }

    /// An answer to whether somebody felt safe and included.
    pub fn how_felt(self, felt: Felt) -> &'static str {
        match felt {
            Felt::Yes => self.pulse_felt_yes(),
            Felt::Partly => self.pulse_felt_partly(),
            Felt::No => self.pulse_felt_no(),
        }
    }

    /// Which session it is, and on which day: what a screen about a session says above its heading.
    pub fn session(self, plan: &SessionPlanned) -> String {
        let number = self.today_session(&plan.number);
        format!("{number} · {}", self.day(plan.date))
    }

    /// A stretch of time on the clock.
    pub fn hours(self, starts: TimeOfDay, ends: TimeOfDay) -> String {
        self.calendar_hours(&ends, &starts)
    }
}

/// Puts values in the place of their names.
fn fill(text: &str, values: &[(&str, &dyn core::fmt::Display)]) -> String {
    let mut filled = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let (name, after) = after.split_once('}').unwrap_or((after, ""));
        if let Some((_, value)) = values.iter().find(|(known, _)| *known == name) {
            filled.push_str(&value.to_string());
        }
        rest = after;
    }
    filled.push_str(rest);
    filled
}

/// The plural category of a whole number in English (Unicode CLDR).
fn english_plural(n: u64) -> &'static str {
    if n == 1 { "one" } else { "other" }
}

/// The plural category of a whole number in Welsh (Unicode CLDR).
fn welsh_plural(n: u64) -> &'static str {
    match n {
        0 => "zero",
        1 => "one",
        2 => "two",
        3 => "few",
        6 => "many",
        _ => "other",
    }
}

include!(concat!(env!("OUT_DIR"), "/wording.rs"));
