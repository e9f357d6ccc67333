//! How past sessions were, in the words of those who were there.

use wellfield_core::ids::{PersonId, ResponseId, SessionId};
use wellfield_core::language::Language;
use wellfield_core::measures::Mode;
use wellfield_core::programme::SessionPlanned;
use wellfield_core::pulse::{Answers, Day, Felt, PulseAnswered, PulseFlagSeen, Reply};
use wellfield_core::text::Paragraph;

use super::fixed;
use super::generator::{Generator, Part};
use super::log::Log;
use super::people::Member;

/// Each text in English and Welsh.
type Said = [&'static str; 2];

const GOOD: [Said; 12] = [
    [
        "Finding a bit of pot. It was in my hand and nobody had touched it for so long.",
        "Dod o hyd i ddarn o lestr. Roedd yn fy llaw a neb wedi ei gyffwrdd ers cymaint o amser.",
    ],
    ["The people", "Y bobl"],
    ["Being outside", "Bod yn yr awyr agored"],
    ["Tea and a chat", "Paned a sgwrs"],
    [
        "I forgot my worries for a bit.",
        "Anghofiais fy mhryderon am ychydig.",
    ],
    [
        "Somebody remembered my name.",
        "Roedd rhywun yn cofio fy enw.",
    ],
    [
        "Washing the finds. It is peaceful.",
        "Golchi’r pethau. Mae’n heddychlon.",
    ],
    [
        "Learned how to use a trowel properly",
        "Dysgu sut i ddefnyddio trywel yn iawn",
    ],
    [
        "The quiet room was there when I needed it.",
        "Roedd yr ystafell dawel yno pan oedd ei hangen arnaf.",
    ],
    ["The view, and the larks", "Yr olygfa, a’r ehedyddion"],
    [
        "I slept well after last time.",
        "Cysgais yn dda ar ôl y tro diwethaf.",
    ],
    [
        "I came although I nearly did not.",
        "Fe ddes i, er fy mod bron â pheidio.",
    ],
];

const CHANGE: [Said; 9] = [
    ["Nothing", "Dim byd"],
    ["A bit more shade", "Ychydig mwy o gysgod"],
    ["More chairs", "Mwy o gadeiriau"],
    [
        "Start later, the bus is early",
        "Dechrau’n hwyrach, mae’r bws yn gynnar",
    ],
    ["It was cold in the barn.", "Roedd hi’n oer yn yr ysgubor."],
    ["Longer please", "Mwy o amser os gwelwch yn dda"],
    [
        "Write the names of things on the board",
        "Ysgrifennu enwau pethau ar y bwrdd",
    ],
    [
        "The generator is too loud.",
        "Mae’r generadur yn rhy swnllyd.",
    ],
    ["Oat milk", "Llaeth ceirch"],
];

/// The answers that a coordinator has to see, by how many sessions ago: what should change, and what
/// was done, if anything was.
const FLAGS: [(usize, &str, Option<&str>); 2] = [
    (
        5,
        "The machine noise made me panic and I did not know where to go.",
        Some(
            "Phoned the same day and listened. Generator moved behind the barn, quiet room shown to everybody at the start. Told the link worker, with consent. Fine since.",
        ),
    ),
    (
        1,
        "Two people at my table made jokes about how I talk.",
        None,
    ),
];

/// Records the answers of the past sessions: `here` is who was at which of them, in order.
pub(super) fn answer(
    log: &mut Log,
    seed: u64,
    past: &[SessionPlanned],
    here: &[(SessionId, Vec<PersonId>)],
    members: &[Member],
) {
    let mut generator = Generator::new(seed, Part::Pulses);
    for (place, (session, people)) in here.iter().enumerate() {
        let ago = here.len() - place;
        if let Some(planned) = past.get(place) {
            log.on(planned.date);
        }
        let flag = FLAGS.iter().find(|(of, ..)| *of == ago);
        if let Some((_, change, done)) = flag {
            raise(log, &mut generator, *session, change, *done);
        }
        for person in people {
            // Whoever leaves early or in a hurry is not asked, so about two in five answer.
            if generator.chance(40) {
                let language = members
                    .iter()
                    .find(|member| member.id() == *person)
                    .map_or(Language::English, |member| member.role.language);
                let mut answered = answers(&mut generator, *session, language);
                // Some answer without their name.
                answered.person = (!generator.chance(15)).then_some(*person);
                log.delivery(Vec::new(), answered);
            }
        }
    }
}

/// Somebody without a name did not feel safe; perhaps a coordinator has dealt with it.
fn raise(
    log: &mut Log,
    generator: &mut Generator,
    session: SessionId,
    change: &str,
    done: Option<&str>,
) {
    let response = ResponseId(generator.next());
    let answered = PulseAnswered {
        response,
        session,
        person: None,
        language: Language::English,
        mode: Some(Mode::Alone),
        finished: true,
        answers: Answers {
            day: Reply::Given(Day::Bad),
            good: Reply::Declined,
            change: Reply::Given(fixed(change)),
            safe: Reply::Given(Felt::No),
        },
    };
    log.delivery(Vec::new(), answered);
    if let Some(done) = done {
        let note = Some(fixed(done));
        log.delivery(Vec::new(), PulseFlagSeen { response, note });
    }
}

fn answers(generator: &mut Generator, session: SessionId, language: Language) -> PulseAnswered {
    // The better half of the answers is the likelier one, as on such days it is.
    let day = generator.pick(&[
        Day::VeryGood,
        Day::VeryGood,
        Day::VeryGood,
        Day::Good,
        Day::Good,
        Day::Good,
        Day::Good,
        Day::Mixed,
        Day::Mixed,
        Day::Bad,
    ]);
    let felt = generator.pick(&[
        Felt::Yes,
        Felt::Yes,
        Felt::Yes,
        Felt::Yes,
        Felt::Yes,
        Felt::Yes,
        Felt::Partly,
    ]);
    let mut answers = Answers {
        day: maybe(generator, 4, day),
        good: said(generator, &GOOD, 20, language),
        change: said(generator, &CHANGE, 35, language),
        safe: maybe(generator, 6, felt),
    };
    // "Stop" is on every page: what was not reached is kept apart from what was declined.
    let finished = !generator.chance(8);
    if !finished {
        answers.safe = Reply::NotReached;
        if generator.chance(50) {
            answers.change = Reply::NotReached;
        }
    }
    PulseAnswered {
        response: ResponseId(generator.next()),
        session,
        person: None,
        language,
        mode: Some(Mode::Alone),
        finished,
        answers,
    }
}

fn maybe<T>(generator: &mut Generator, declines: usize, value: T) -> Reply<T> {
    if generator.chance(declines) {
        Reply::Declined
    } else {
        Reply::Given(value)
    }
}

fn said<const N: usize>(
    generator: &mut Generator,
    texts: &[Said; N],
    declines: usize,
    language: Language,
) -> Reply<Paragraph> {
    let [english, welsh] = generator.pick(texts);
    let text = match language {
        Language::English => english,
        Language::Welsh => welsh,
    };
    maybe(generator, declines, fixed(text))
}
