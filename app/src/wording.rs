//! Every text on screen. The texts and their languages are in `wording/`, a crate of its own, because a
//! report says the same on the server.

use leptos::prelude::*;
use wellfield_core::clock::Instant;
use wellfield_core::language::Language;

use crate::platform;

pub use wellfield_wording::Words;

/// Moments by the clock of this device.
pub(crate) trait Moments {
    /// The moment of an instant as people say it: the time alone if it was today.
    fn moment(self, at: Instant) -> String;

    /// A day and a time, today's too: for what is read on another day.
    fn whole_moment(self, at: Instant) -> String;
}

impl Moments for Words {
    fn moment(self, at: Instant) -> String {
        let (date, time) = platform::local(at);
        if date == platform::today() {
            time.to_string()
        } else {
            self.calendar_moment(&self.day(date), &time)
        }
    }

    fn whole_moment(self, at: Instant) -> String {
        let (date, time) = platform::local(at);
        self.calendar_moment(&self.day(date), &time)
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
