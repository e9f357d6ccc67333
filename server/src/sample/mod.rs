//! A sample programme: what `wellfield demo` shows, and what tests and benchmarks work on.
//!
//! A nine-week community dig with two sessions a week and thirty-eight people, all invented. The
//! same seed on the same day gives the same records, on every machine. Days are told from today, so
//! that a session is on today and about half of the programme is over.

mod attendance;
mod cast;
mod consents;
mod generator;
mod log;
mod notes;
mod offer;
mod people;
mod pulses;
mod referrals;
mod sessions;

use wellfield_core::clock::Date;
use wellfield_core::event::Draft;
use wellfield_core::ids::ProgrammeId;
use wellfield_core::programme::ProgrammeOpened;
use wellfield_core::stream::Stream;
use wellfield_core::text::Text;

use generator::{Generator, Part};
use log::Log;

/// Who runs the sample programme.
const ORGANISATION: &str = "Wellfield";

/// The sample programme as drafts for the server's own log.
///
/// The drafts have to be appended in this order and without a gap: the first becomes the server's
/// event `first_n`, and later ones name earlier ones by the numbers that follow from it.
pub fn programme(today: Date, seed: u64, first_n: u64) -> Vec<Draft> {
    let programme = ProgrammeId(Generator::new(seed, Part::Programme).next());
    let sessions = sessions::sessions(today, seed);
    let mut log = Log::new(programme, first_n);
    log.delivery(
        Vec::new(),
        ProgrammeOpened {
            programme,
            name: fixed(offer::NAME),
            organisation: fixed(ORGANISATION),
            site: fixed("Larkenhope Farm"),
            first_day: sessions.first().map_or(today, |session| session.date),
            last_day: sessions.last().map_or(today, |session| session.date),
        },
    );
    log.add(
        Stream::Public,
        Vec::new(),
        offer::offer(programme, today, &sessions),
    );
    for session in &sessions {
        log.delivery(Vec::new(), session.clone());
    }
    let past: Vec<_> = sessions
        .iter()
        .filter(|session| session.date < today)
        .cloned()
        .collect();
    let mut members = people::enrol(&mut log, seed, &sessions);
    consents::record(&mut log, seed, &members);
    people::change(&mut log, &mut members, &sessions);
    let here = attendance::mark(&mut log, seed, &past, &members);
    notes::write(&mut log, &past);
    pulses::answer(&mut log, seed, &here, &members);
    referrals::receive(&mut log, seed);
    log.into_drafts()
}

/// A text that stands in this module's source.
///
/// # Panics
/// If the text breaks the rules of texts. No such text passes the tests, which go through all of
/// them, so that this cannot happen to a user.
fn fixed<const MAX: usize>(text: &str) -> Text<MAX> {
    match Text::parse(text) {
        Ok(text) => text,
        Err(error) => unreachable!("a text of the sample is {error}: {text}"),
    }
}

#[cfg(test)]
mod tests;
