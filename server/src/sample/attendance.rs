//! The registers of the sessions that are over: who was here, who was not and why.

use wellfield_core::attendance::{Absence, AttendanceMarked, Mark, Presence, is_expected};
use wellfield_core::clock::TimeOfDay;
use wellfield_core::ids::{PersonId, SessionId};
use wellfield_core::programme::SessionPlanned;
use wellfield_core::text::Line;

use super::cast::{Habit, Stay};
use super::fixed;
use super::generator::{Generator, Part};
use super::log::Log;
use super::people::Member;
use super::sessions::at;

const APOLOGIES: [&str; 8] = [
    "Appointment",
    "Not well today",
    "The bus did not come",
    "Looking after grandchildren",
    "A bad night",
    "Car in the garage",
    "Someone coming to mend the boiler",
    "Too hot to come out",
];

const EXCUSED: [&str; 3] = [
    "Week away, agreed beforehand",
    "Travelling, agreed beforehand",
    "Family celebration, agreed beforehand",
];

/// Marks the registers of the past sessions and tells who was at which of them.
pub(super) fn mark(
    log: &mut Log,
    seed: u64,
    past: &[SessionPlanned],
    members: &[Member],
) -> Vec<(SessionId, Vec<PersonId>)> {
    let mut generator = Generator::new(seed, Part::Attendance);
    past.iter()
        .map(|session| {
            log.on(session.date);
            let expected = members
                .iter()
                .filter(|member| is_expected(&member.record, session.date));
            let here = expected
                .filter(|member| mark_one(log, &mut generator, session, member))
                .map(Member::id)
                .collect();
            (session.session, here)
        })
        .collect()
}

/// Marks one person at one session and tells whether they came.
fn mark_one(
    log: &mut Log,
    generator: &mut Generator,
    session: &SessionPlanned,
    member: &Member,
) -> bool {
    let here = comes(generator, session, member);
    let (mark, note) = if here {
        (presence(generator, member.role.habit), None)
    } else {
        absence(generator)
    };
    // Now and then somebody marked as not here turns up late, and the mark is corrected.
    let late = matches!(mark, Mark::Here(Presence { late: Some(_), .. }));
    let corrects = if late && generator.chance(30) {
        vec![log.delivery(Vec::new(), marked(session, member, Mark::NOT_HERE))]
    } else {
        Vec::new()
    };
    let mut marked = marked(session, member, mark);
    marked.note = note.map(fixed);
    log.delivery(corrects, marked);
    here
}

fn marked(session: &SessionPlanned, member: &Member, mark: Mark) -> AttendanceMarked {
    AttendanceMarked {
        session: session.session,
        person: member.id(),
        mark,
        note: None,
    }
}

fn comes(generator: &mut Generator, session: &SessionPlanned, member: &Member) -> bool {
    let percent = match member.role.habit {
        Habit::Steady => 88,
        Habit::Usual | Habit::Late | Habit::Early => 72,
        Habit::Patchy => 46,
    };
    let drawn = generator.chance(percent);
    // Whoever was added at the gate was there that day.
    drawn || member.role.stay == Stay::WalkedInAt(session.number)
}

fn presence(generator: &mut Generator, habit: Habit) -> Mark {
    let (late, early) = match habit {
        Habit::Late => (70, 3),
        Habit::Early => (3, 70),
        Habit::Steady => (3, 3),
        Habit::Usual | Habit::Patchy => (9, 7),
    };
    Mark::Here(Presence {
        late: generator
            .chance(late)
            .then(|| minute_of(generator, at(10, 10))),
        left: generator
            .chance(early)
            .then(|| minute_of(generator, at(11, 45))),
    })
}

/// A time within fifty minutes of `earliest`, to five minutes, as people write it down.
fn minute_of(generator: &mut Generator, earliest: TimeOfDay) -> TimeOfDay {
    const STEPS: [u16; 11] = [0, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50];
    at(0, earliest.minutes() + generator.pick(&STEPS))
}

fn absence(generator: &mut Generator) -> (Mark, Option<&'static str>) {
    let not_here = |absence, reason: Option<Line>| Mark::NotHere { absence, reason };
    match generator.below(100) {
        0..48 => {
            let reason = generator.pick(&APOLOGIES);
            (not_here(Absence::Apologies, Some(fixed(reason))), None)
        }
        48..58 => {
            let reason = generator.pick(&EXCUSED);
            (not_here(Absence::Excused, Some(fixed(reason))), None)
        }
        58..88 => {
            let note = generator
                .chance(25)
                .then_some("Phoned after the session, no answer. Try again tomorrow.");
            (not_here(Absence::NoWord, None), note)
        }
        _ => (Mark::NOT_HERE, None),
    }
}
