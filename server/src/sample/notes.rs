//! What facilitators wrote after some of the sessions.

use wellfield_core::notes::SessionNoted;
use wellfield_core::programme::SessionPlanned;

use super::fixed;
use super::log::Log;

/// The notes by session number. Not every session has some, as in life.
const NOTES: [(u16, &str); 6] = [
    (
        1,
        "First day. Everybody shown round, gloves and kneelers given out. Turf off trench 1 by noon. Name badges helped; bring them every time.",
    ),
    (
        3,
        "Rain from 11, so the second half was in the barn: finds washing and drawing. More people talked to each other than outdoors. Do an indoor half again even in good weather.",
    ),
    (
        4,
        "First pottery out of trench 1, grey and wheel-thrown. The generator upset one person; moved it behind the barn. Tell people before it starts.",
    ),
    (
        6,
        "Trench 2 opened. Low bench put beside it, which four people used. Quiet room in use most of the morning: it needs a second chair.",
    ),
    (
        7,
        "Bus 14 was cancelled; two came late and one rang to say sorry. We said that the fare for a shared taxi is paid. One person walked in from the village and stayed.",
    ),
    (
        8,
        "A bead! Dark blue glass, trench 2. Everybody came to see, and the finder told the story three times. Mats to trench 1 are worn: ask the farm for two more.",
    ),
];

/// Records the notes of the past sessions.
pub(super) fn write(log: &mut Log, past: &[SessionPlanned]) {
    for (number, text) in NOTES {
        if let Some(session) = past.iter().find(|session| session.number == number) {
            log.on(session.date);
            let noted = SessionNoted {
                session: session.session,
                text: Some(fixed(text)),
            };
            log.delivery(Vec::new(), noted);
        }
    }
}
