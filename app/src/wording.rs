//! Every text on screen, in every language. The functions come from `wording/*.toml` at build time.

use leptos::prelude::*;
use wellfield_core::clock::{Date, TimeOfDay};
use wellfield_core::language::Language;
use wellfield_core::programme::SessionPlanned;

use crate::platform;

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
    pub(crate) fn day(self, date: Date) -> String {
        let weekday = self
            .calendar_weekdays()
            .split(' ')
            .nth(usize::from(date.weekday().number_days_from_monday()));
        let month = self
            .calendar_months()
            .split(' ')
            .nth(usize::from(u8::from(date.month()) - 1));
        format!(
            "{} {} {}",
            weekday.unwrap_or_default(),
            date.day(),
            month.unwrap_or_default()
        )
    }

    /// The moment of an instant as people say it: the time alone if it was today.
    pub(crate) fn moment(self, at: wellfield_core::clock::Instant) -> String {
        let (date, time) = platform::local(at);
        if date == platform::today() {
            time.to_string()
        } else {
            self.calendar_moment(&self.day(date), &time)
        }
    }

    /// A day and a time, today's too: for what is read on another day.
    pub(crate) fn whole_moment(self, at: wellfield_core::clock::Instant) -> String {
        let (date, time) = platform::local(at);
        self.calendar_moment(&self.day(date), &time)
    }

    /// Which session it is, and on which day: what a screen about a session says above its heading.
    pub(crate) fn session(self, plan: &SessionPlanned) -> String {
        let number = self.today_session(&plan.number);
        format!("{number} · {}", self.day(plan.date))
    }

    /// A stretch of time on the clock.
    pub(crate) fn hours(self, starts: TimeOfDay, ends: TimeOfDay) -> String {
        self.calendar_hours(&ends, &starts)
    }
}

/// The texts in the language that is set. The whole page is made anew when the language changes.
pub fn words() -> Words {
    Words(
        use_context::<RwSignal<Language>>()
            .map_or(Language::English, |language| language.get_untracked()),
    )
}

/// What is said when the app has stopped, in the language of the page, without any of its state.
pub fn stopped() -> (&'static str, &'static str) {
    let root = platform::document().document_element();
    let tag = root
        .and_then(|root| root.get_attribute("lang"))
        .unwrap_or_default();
    let w = Words(Language::from_tag(&tag));
    (w.shell_stopped(), w.action_try_again())
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
