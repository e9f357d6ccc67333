//! A sample programme: what `wellfield demo` shows, and what tests and benchmarks work on.
//!
//! Two nine-week community digs with two sessions a week and thirty-eight people, all invented: one of
//! which about half is over and a session is today, and one that ended some weeks ago, with all that
//! people answered before and after. The same seed on the same day gives the same records, on every
//! machine. Days are told from today.

mod accidents;
mod accounts;
mod attendance;
mod cast;
mod consents;
mod generator;
mod log;
mod notes;
mod offer;
mod outcomes;
mod people;
mod pulses;
mod referrals;
mod sessions;
mod surveys;

use std::collections::BTreeSet;

use wellfield_core::clock::Date;
use wellfield_core::evaluation::EvaluationPlanned;
use wellfield_core::ids::{PersonId, ProgrammeId, SessionId};
use wellfield_core::programme::{ProgrammeOpened, SessionPlanned};
use wellfield_core::stream::Stream;
use wellfield_core::sync::server::Dated;
use wellfield_core::text::Text;

pub use accounts::accounts;
use generator::{Generator, Part};
use log::Log;
use people::Member;

/// Who runs the sample programme.
const ORGANISATION: &str = "Wellfield";

/// What the programme that is over is called.
pub const FINISHED: &str = "Spring Dig at Larkenhope Farm";

/// The week of the running programme in which today lies, counted from 0: the middle one.
const THIS_WEEK: i32 = 4;
/// The programme that is over ended in the third week before this.
const SINCE_FINISHED: i32 = 11;
/// So many days before the first session, a programme is set up.
const SET_UP: i32 = 21;

/// The running programme as drafts for the server's own log.
///
/// The drafts have to be appended in this order and without a gap: the first becomes the server's
/// event `first_n`, and later ones name earlier ones by the numbers that follow from it.
pub fn programme(today: Date, seed: u64, first_n: u64) -> Vec<Dated> {
    let programme = ProgrammeId(Generator::new(seed, Part::Programme).next());
    let sessions = sessions::sessions(today, seed, THIS_WEEK);
    let mut log = Log::new(programme, first_n, today);
    set_up(&mut log, programme, offer::NAME, &sessions, surveys::plan());
    log.add(
        Stream::Public,
        Vec::new(),
        offer::offer(programme, today, &sessions),
    );
    let part = take_part(&mut log, seed, today, &sessions);
    notes::write(&mut log, &part.past);
    surveys::answer(&mut log, seed, &sessions, &part.here, &part.members);
    log.on_days_from(today, -2);
    referrals::receive(&mut log, seed);
    log.into_drafts()
}

/// The programme that is over, likewise.
pub fn finished(today: Date, seed: u64, first_n: u64) -> Vec<Dated> {
    // Nobody of it is the same as anybody of the running one, but for the names.
    let seed = seed ^ 0x5EED_0F5B_0000_0000;
    let programme = ProgrammeId(Generator::new(seed, Part::Programme).next());
    let sessions = sessions::sessions(today, seed, SINCE_FINISHED);
    let mut log = Log::new(programme, first_n, today);
    let plan = surveys::plan_of_finished();
    set_up(&mut log, programme, FINISHED, &sessions, plan);
    let part = take_part(&mut log, seed, today, &sessions);
    surveys::answer(&mut log, seed, &sessions, &part.here, &part.members);
    surveys::feelings(&mut log, seed, &sessions, &part.here, &part.members);
    if let Some(last) = sessions.last() {
        outcomes::onward(&mut log, seed, last.date, &part.members);
        outcomes::words(&mut log, seed, last.date, &part.quotable);
    }
    log.into_drafts()
}

fn set_up(
    log: &mut Log,
    programme: ProgrammeId,
    name: &str,
    sessions: &[SessionPlanned],
    plan: EvaluationPlanned,
) {
    let (Some(first), Some(last)) = (sessions.first(), sessions.last()) else {
        return;
    };
    log.on_days_from(first.date, -SET_UP);
    log.delivery(
        Vec::new(),
        ProgrammeOpened {
            programme,
            name: fixed(name),
            organisation: fixed(ORGANISATION),
            site: fixed("Larkenhope Farm"),
            first_day: first.date,
            last_day: last.date,
        },
    );
    for session in sessions {
        log.delivery(Vec::new(), session.clone());
    }
    log.delivery(Vec::new(), plan);
}

/// Who was at which session, in order.
type Here = Vec<(SessionId, Vec<PersonId>)>;

/// Those who take part, and what came of it so far.
struct Taken {
    members: Vec<Member>,
    past: Vec<SessionPlanned>,
    here: Here,
    /// Those who let their words be quoted.
    quotable: BTreeSet<PersonId>,
}

/// Enrols everybody, asks for their consents, and fills the registers and answers of the past sessions.
fn take_part(log: &mut Log, seed: u64, today: Date, sessions: &[SessionPlanned]) -> Taken {
    let past: Vec<_> = sessions
        .iter()
        .filter(|session| session.date < today)
        .cloned()
        .collect();
    let mut members = people::enrol(log, seed, sessions);
    let quotable = consents::record(log, seed, &members);
    people::change(log, &mut members, sessions);
    let here = attendance::mark(log, seed, &past, &members);
    pulses::answer(log, seed, &past, &here, &members);
    outcomes::needs(log, seed, today, &members);
    outcomes::monitoring(log, seed, today, &members);
    outcomes::feedback(log, seed, &past);
    outcomes::planning(log, &past);
    accidents::report(log, seed, &here, &past);
    Taken {
        members,
        past,
        here,
        quotable,
    }
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
