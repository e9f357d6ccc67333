//! What is evaluated, and what people answered before their first session and at the end.

use wellfield_core::evaluation::{
    EvaluationPlanned, MeasureAnswered, MeasuresAsked, Outcome, Questions, Size, Topic,
    middle_session, questions,
};
use wellfield_core::ids::{PersonId, ResponseId, SessionId};
use wellfield_core::language::Language;
use wellfield_core::measures::{Catalogue, Mode, Moment, Reply};
use wellfield_core::programme::SessionPlanned;

use super::cast::Asked;
use super::fixed;
use super::generator::{Generator, Part};
use super::log::Log;
use super::people::Member;
use super::sessions::at;

/// What is evaluated in the running programme.
pub(super) fn plan() -> EvaluationPlanned {
    EvaluationPlanned {
        size: Size::Medium,
        topics: vec![Topic::Wellbeing, Topic::Loneliness],
        swemwbs_licence: None,
        own: Vec::new(),
        comparison: None,
        toolkit_compared: false,
    }
}

/// What was evaluated in the programme that is over: also what single sessions did.
pub(super) fn plan_of_finished() -> EvaluationPlanned {
    let mut plan = plan();
    plan.topics.push(Topic::SessionFeelings);
    plan
}

/// Records how people felt before and after the first session, the one half-way and the last, most of those
/// who were there.
pub(super) fn feelings(
    log: &mut Log,
    seed: u64,
    sessions: &[SessionPlanned],
    here: &[(SessionId, Vec<PersonId>)],
    members: &[Member],
) {
    let mut generator = Generator::new(seed, Part::Feelings);
    let in_order: Vec<_> = sessions.iter().collect();
    let ends = [sessions.first(), middle_session(&in_order), sessions.last()];
    for session in ends.into_iter().flatten() {
        let were_here = here.iter().find(|(one, _)| *one == session.session);
        let people = were_here.map(|(_, people)| people.as_slice());
        let people = people.unwrap_or_default();
        for member in members.iter().filter(|one| people.contains(&one.id())) {
            let before = Mood {
                well: 2 + number(&mut generator, 3),
                lonely: 0,
                visits: 0,
            };
            let after = Mood {
                well: before.well + generator.pick(&[-1, 0, 1, 1, 1, 2]),
                ..before
            };
            if !generator.chance(97) {
                continue;
            }
            let around = [
                (Moment::BeforeSession, before),
                (Moment::AfterSession, after),
            ];
            for (moment, mood) in around {
                let outcome = ask(log, &mut generator, member, (session, moment), mood);
                if outcome != Outcome::Finished {
                    break;
                }
            }
        }
    }
}

/// How life is for somebody, as their answers show it: from 0 to 10.
#[derive(Clone, Copy)]
struct Mood {
    well: i32,
    lonely: i32,
    visits: i32,
}

/// Records who answered at their first session and, where it is over, at the last.
pub(super) fn answer(
    log: &mut Log,
    seed: u64,
    sessions: &[SessionPlanned],
    here: &[(SessionId, Vec<PersonId>)],
    members: &[Member],
) {
    let mut generator = Generator::new(seed, Part::Surveys);
    let day = |session: SessionId| sessions.iter().find(|one| one.session == session);
    for member in members {
        let was_here: Vec<_> = here
            .iter()
            .filter(|(_, people)| people.contains(&member.id()))
            .filter_map(|(session, _)| day(*session))
            .collect();
        let mood = Mood {
            well: 3 + number(&mut generator, 5),
            lonely: 3 + number(&mut generator, 6),
            visits: number(&mut generator, 6),
        };
        let asks = matches!(member.role.asked, Asked::NotYet | Asked::OnlyTheNeedful);
        let (Some(first), false, true) = (was_here.first(), asks, generator.chance(88)) else {
            continue;
        };
        ask(log, &mut generator, member, (first, Moment::Baseline), mood);
        let last = sessions.last().filter(|last| was_here.contains(last));
        if let Some(last) = last.or_else(|| last_fortnight(sessions, &was_here)) {
            let later = Mood {
                well: mood.well + generator.pick(&[-1, 0, 0, 1, 1, 1, 2, 2, 3]),
                lonely: mood.lonely + generator.pick(&[-3, -2, -1, -1, 0, 0, 1]),
                visits: mood.visits + generator.pick(&[-2, -1, -1, 0, 0, 1]),
            };
            ask(log, &mut generator, member, (last, Moment::End), later);
        }
    }
}

/// The last session at which somebody was, where it is at most two weeks before the last of all and that
/// is over.
fn last_fortnight<'a>(
    sessions: &[SessionPlanned],
    was_here: &[&'a SessionPlanned],
) -> Option<&'a SessionPlanned> {
    let last = sessions.last()?.date.to_julian_day();
    let theirs = was_here.last()?;
    (last - theirs.date.to_julian_day() <= 14).then_some(*theirs)
}

fn number(generator: &mut Generator, below: usize) -> i32 {
    i32::try_from(generator.below(below)).unwrap_or_default()
}

/// Asks one person at a session, and says what came of it. One in twelve stops half-way, one in twelve does not want to be asked.
fn ask(
    log: &mut Log,
    generator: &mut Generator,
    member: &Member,
    (session, moment): (&SessionPlanned, Moment),
    mood: Mood,
) -> Outcome {
    log.on(session.date);
    let outcome = match generator.below(12) {
        0 => Outcome::Declined,
        1 => Outcome::Stopped,
        _ => Outcome::Finished,
    };
    let mode = generator.pick(&[Mode::Alone, Mode::Alone, Mode::Alone, Mode::ReadByStaff]);
    let catalogue = Catalogue::built_in();
    // It asks the same as the other one at the moments of a course.
    let all = questions(&plan_of_finished(), (moment, Questions::Usual), &catalogue);
    let reached = match outcome {
        Outcome::Finished => all.len(),
        Outcome::Stopped => 1,
        Outcome::Declined | Outcome::Linked => 0,
    };
    for (place, items) in all.into_iter().take(reached) {
        let Some(instrument) = catalogue.get(place) else {
            continue;
        };
        let mut replies = vec![Reply::Skipped; instrument.items.len()];
        for question in items {
            let place = usize::from(question.item);
            let item = instrument.items.get(place);
            if let (Some(reply), Some(item)) = (replies.get_mut(place), item) {
                let said = said(generator, &instrument.key, &item.key, mood);
                *reply = match generator.chance(3) {
                    true => Reply::PreferNotToSay,
                    false => Reply::Given(said.clamp(item.low.into(), item.high.into())),
                };
            }
        }
        log.casework(MeasureAnswered {
            response: ResponseId(generator.next()),
            person: member.id(),
            moment,
            session: Some(session.session),
            instrument: fixed(&instrument.key),
            version: instrument.version,
            language: Language::English,
            mode,
            day: session.date,
            time: match moment {
                Moment::AfterSession => session.ends,
                _ => at(10, 15),
            },
            finished: outcome == Outcome::Finished,
            replies,
        });
    }
    log.delivery(
        Vec::new(),
        MeasuresAsked {
            person: member.id(),
            moment,
            session: session.session,
            outcome,
            questions: Questions::Usual,
        },
    );
    outcome
}

/// What somebody in this mood says, give or take one; it may lie outside the scale.
fn said(generator: &mut Generator, instrument: &str, item: &str, mood: Mood) -> i32 {
    let about = generator.pick(&[-1, 0, 0, 0, 1]);
    match (instrument, item) {
        ("ons4", "anxious") => 9 - mood.well + about,
        ("ons4", _) => mood.well + about,
        ("ucla3", _) => 1 + (mood.lonely + about) / 4,
        // 1 is often, 5 is never.
        ("ons-loneliness", _) => 5 - (mood.lonely + about) / 2,
        ("service-use", "gp") => mood.visits,
        ("service-use", "services-now" | "medication-now") => 2 + about,
        ("service-use", _) => i32::from(mood.visits > 4),
        ("ucl-umbrella-older", _) => mood.well + about,
        _ => 0,
    }
}
