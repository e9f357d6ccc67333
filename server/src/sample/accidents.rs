//! What went wrong on the way: an accident and a near miss.

use wellfield_core::accidents::{AccidentReported, Affected, Care, Event, Followed};
use wellfield_core::ids::{AccidentId, PersonId, SessionId};
use wellfield_core::programme::SessionPlanned;

use super::fixed;
use super::generator::{Generator, Part};
use super::log::Log;

/// One accident that was dealt with, and a near miss that nobody has looked at yet.
pub(super) fn report(
    log: &mut Log,
    seed: u64,
    here: &[(SessionId, Vec<PersonId>)],
    past: &[SessionPlanned],
) {
    let mut generator = Generator::new(seed, Part::Accidents);
    let hurt = here.first().and_then(|(_, people)| people.first());
    let Some(((first, last), person)) = past.first().zip(past.last()).zip(hurt) else {
        return;
    };
    let near_miss = AccidentReported {
        accident: AccidentId(generator.next()),
        event: Event::NearMiss,
        affected: Affected::Nobody,
        person: None,
        name: None,
        day: last.date,
        time: last.starts,
        place: fixed("The path to the car park"),
        what: fixed("A wheelbarrow rolled down the path. Nobody was on it."),
        injury: None,
        care: Care::Nothing,
        care_by: None,
        action: Some(fixed("The barrows stand behind the shed now.")),
        followed: None,
    };
    let accident = AccidentReported {
        accident: AccidentId(generator.next()),
        event: Event::Accident,
        affected: Affected::Participant,
        person: Some(*person),
        day: first.date,
        time: first.ends,
        place: fixed("By the spoil heap"),
        what: fixed("Slipped on wet boards while carrying a bucket."),
        injury: Some(fixed("A grazed hand.")),
        care: Care::FirstAid,
        care_by: Some(fixed("The first aider on site")),
        action: Some(fixed("The boards were taken up.")),
        ..near_miss.clone()
    };
    log.on(first.date);
    let reported = log.casework(accident.clone());
    let followed = Followed {
        done: fixed("New boards with a rough side. Everybody was told on the next day."),
        reported: None,
        day: first.date,
    };
    let followed = AccidentReported {
        followed: Some(followed),
        ..accident
    };
    log.casework_over(reported, followed);
    log.on(last.date);
    log.casework(near_miss);
}
