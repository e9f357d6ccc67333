//! What the programme set out to change and how well it works, whether needs were met, what was changed
//! because of what people said, where they moved on to, and what they let be quoted.

use std::collections::{BTreeMap, BTreeSet};

use wellfield_core::clock::Date;
use wellfield_core::feedback::{FeedbackActedOn, Progress};
use wellfield_core::ids::{ChangeId, PersonId, StoryId};
use wellfield_core::monitoring::{Characteristic, Choice, District, MonitoringAnswered};
use wellfield_core::onward::{MovedOn, Onward};
use wellfield_core::people::{Met, NeedSeenTo};
use wellfield_core::planning::{Part, Principle, QualityReviewed, Rating, StoryOfChangeWritten};
use wellfield_core::programme::SessionPlanned;
use wellfield_core::stories::{Form, WordsShared};

use super::fixed;
use super::generator::{self, Generator};
use super::log::Log;
use super::people::Member;

/// What people said, what was done, how far it has come, and after which session.
const CHANGES: [(&str, &str, Progress, usize); 4] = [
    (
        "The generator is too loud.",
        "It stands behind the barn now.",
        Progress::Done,
        3,
    ),
    (
        "More chairs and more shade.",
        "We have a second gazebo and eight more chairs.",
        Progress::Done,
        5,
    ),
    (
        "Write the names of things on the board.",
        "There is a board by the finds table. Whoever finds something writes on it.",
        Progress::Done,
        7,
    ),
    (
        "Start later, because the bus is early.",
        "We cannot start later. The field has to be shut by four. We meet the bus with the minibus instead.",
        Progress::NotPossible,
        8,
    ),
];

/// Words that were shared: what they are, and in English.
const WORDS: [(Form, &str); 6] = [
    (
        Form::Story,
        "I had hardly left the house since the spring. The first day I stayed in the minibus. By the third week I was showing somebody else how to hold a trowel. I still have bad days. Now I have Tuesdays as well.",
    ),
    (
        Form::Story,
        "I came because my link worker would not let it go. I did not want to talk to anybody. You do not have to talk when you are washing pottery, and then you do. I have joined the history society with two of the others.",
    ),
    (
        Form::Quote,
        "It was in my hand and nobody had touched it for so long.",
    ),
    (Form::Quote, "Somebody remembered my name."),
    (Form::Quote, "I forgot my worries for a bit."),
    (Form::Quote, "I came although I nearly did not."),
];

/// The Story of Change.
const STORY: [(Part, &str); 5] = [
    (
        Part::Need,
        "People in the valley whom link workers see again and again: alone, out of work, unwell. Nothing that they can join costs nothing and asks for nothing.",
    ),
    (
        Part::Inputs,
        "Two archaeologists, a support worker, six volunteers, a field, a minibus, tools and a hot lunch. The surgery, the county museum and the heritage fund.",
    ),
    (
        Part::Activities,
        "Two sessions a week for nine weeks: digging, washing, drawing, talking. Nobody has to dig.",
    ),
    (
        Part::Outputs,
        "Eighteen sessions for up to forty people, an archive of the finds, and a display in the museum that they make.",
    ),
    (
        Part::Outcomes,
        "People feel better and less alone, know somebody to meet, and have somewhere to go afterwards. We ask before, after, and three and six months later.",
    ),
];

/// How far principles are kept, and how the team knows.
const QUALITY: [(Principle, Rating, Option<&str>); 6] = [
    (
        Principle::PersonCentred,
        Rating::Mostly,
        Some("Tasks are chosen each morning. Three people from last year help to plan."),
    ),
    (
        Principle::Equitable,
        Rating::Partly,
        Some(
            "The minibus and lunch are free. There is no toilet for a wheelchair before week four.",
        ),
    ),
    (
        Principle::Safe,
        Rating::Fully,
        Some(
            "Everybody who leads has a check and training, and knows the safeguarding lead's number.",
        ),
    ),
    (
        Principle::Creative,
        Rating::Mostly,
        Some("Drawing and the display, as well as digging."),
    ),
    (Principle::Realistic, Rating::Partly, None),
    (Principle::Sustainable, Rating::NotYet, None),
];

/// Writes down what the programme sets out to change, on its first day, and how well it works, half-way.
pub(super) fn planning(log: &mut Log, past: &[SessionPlanned]) {
    let (Some(first), Some(middle)) = (past.first(), past.get(past.len() / 2)) else {
        return;
    };
    log.on(first.date);
    let parts = STORY.map(|(part, words)| (part, fixed(words)));
    let story = StoryOfChangeWritten {
        parts: parts.into(),
    };
    log.delivery(Vec::new(), story);
    log.on(middle.date);
    for (principle, rating, evidence) in QUALITY {
        let reviewed = QualityReviewed {
            principle,
            rating,
            evidence: evidence.map(fixed),
            day: middle.date,
        };
        log.delivery(Vec::new(), reviewed);
    }
}

/// Says of most needs whether they were met, on the day somebody came first.
pub(super) fn needs(log: &mut Log, seed: u64, today: Date, members: &[Member]) {
    let mut generator = Generator::new(seed, generator::Part::Outcomes);
    for member in members.iter().filter(|one| one.record.from < today) {
        for need in &member.record.details.access {
            let met = match generator.below(10) {
                0 => None,
                1 => Some(Met::No),
                2 => Some(Met::Partly),
                _ => Some(Met::Yes),
            };
            if let Some(met) = met {
                log.on(member.record.from);
                let (person, need) = (member.id(), *need);
                log.delivery(Vec::new(), NeedSeenTo { person, need, met });
            }
        }
    }
}

/// Writes down what came of what people said at past sessions.
pub(super) fn feedback(log: &mut Log, seed: u64, past: &[SessionPlanned]) {
    let mut generator = Generator::new(seed, generator::Part::Changes);
    for (said, did, progress, after) in CHANGES {
        let change = ChangeId(generator.next());
        let Some(session) = past.get(after) else {
            continue;
        };
        log.on(session.date);
        log.delivery(
            Vec::new(),
            FeedbackActedOn {
                change,
                said: fixed(said),
                did: fixed(did),
                progress,
                day: session.date,
                dropped: false,
            },
        );
    }
}

/// Asks four in five for equality monitoring, on the day they came first.
pub(super) fn monitoring(log: &mut Log, seed: u64, today: Date, members: &[Member]) {
    let mut generator = Generator::new(seed, generator::Part::Monitoring);
    for member in members.iter().filter(|one| one.record.from < today) {
        if generator.below(5) == 0 {
            continue;
        }
        let mut said = BTreeMap::new();
        for asked in Characteristic::ALL {
            let choices: Vec<Choice> = asked.choices().collect();
            said.insert(*asked, choices[generator.below(choices.len())]);
        }
        let district = generator.pick(&["SY9", "SY9", "SY9", "SY15", "SY15", "LL57", "LD1"]);
        log.on(member.record.from);
        log.casework(MonitoringAnswered {
            person: member.id(),
            said,
            district: District::parse(district).ok(),
            day: member.record.from,
        });
    }
}

/// Asks three in four where they go from here, a week after the last session.
pub(super) fn onward(log: &mut Log, seed: u64, last: Date, members: &[Member]) {
    let mut generator = Generator::new(seed, generator::Part::Onward);
    let day = Date::from_julian_day(last.to_julian_day() + 7).unwrap_or(last);
    log.on(day);
    for member in members {
        let to = generator.pick(&[
            &[Onward::NextProgramme][..],
            &[Onward::NextProgramme, Onward::Volunteering],
            &[Onward::Volunteering],
            &[Onward::AnotherGroup],
            &[Onward::AnotherGroup, Onward::Heritage],
            &[Onward::Heritage],
            &[Onward::Learning],
            &[Onward::Volunteering, Onward::PaidWork],
            &[Onward::NothingYet],
            &[Onward::NotReached],
        ]);
        if generator.chance(75) {
            log.casework(MovedOn {
                person: member.id(),
                to: to.to_vec(),
                note: None,
                day,
            });
        }
    }
}

/// Shares what some of those who agreed to be quoted said.
pub(super) fn words(log: &mut Log, seed: u64, day: Date, quotable: &BTreeSet<PersonId>) {
    let mut generator = Generator::new(seed, generator::Part::Words);
    log.on(day);
    for (person, (form, text)) in quotable.iter().zip(WORDS) {
        log.casework(WordsShared {
            story: StoryId(generator.next()),
            person: *person,
            form,
            day,
            text: Some(fixed(text)),
        });
    }
}
