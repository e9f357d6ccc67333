//! From records to what [`crate::measures::evaluate`] works on.

use std::collections::BTreeMap;

use super::due::first_session;
use super::{MeasureAnswered, Measured};
use crate::clock::Date;
use crate::consent::{Purpose, Status};
use crate::ids::PersonId;
use crate::measures::{
    Answer, Catalogue, Consent, Journey, Mode, Moment, Participant, People, Question, When,
    pulse_replies,
};
use crate::programme::{ProgrammeOpened, sessions_in_order};
use crate::records::Delivery;

/// The days that a report is about, the first and the last among them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// The first day.
    pub from: Date,
    /// The last day.
    pub to: Date,
}

impl Period {
    /// The days that a report is about where nobody chose others: from the first of the programme until
    /// today, because what is asked months later belongs to it.
    pub fn usual(opened: &ProgrammeOpened, today: Date) -> Self {
        Self {
            from: opened.first_day.min(today),
            to: today,
        }
    }

    /// Whether a day lies in it.
    pub fn holds(self, day: Date) -> bool {
        self.from <= day && day <= self.to
    }
}

/// Everything that an evaluation is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Collected {
    /// The instruments that are known.
    pub catalogue: Catalogue,
    /// Every answer.
    pub answers: Vec<Answer>,
    /// Who takes part, with their consent and their course.
    pub people: People,
}

/// Collects the answers of a programme. A baseline counts for whoever's end lies in the period, so that
/// answers from before the period are in it; what was said after it is not.
pub fn collect(delivery: &Delivery, measured: Option<&Measured>, period: Period) -> Collected {
    let catalogue = delivery.evaluation.catalogue();
    let mut answers = Vec::new();
    let all = measured.into_iter().flat_map(Measured::all);
    for head in all.filter(|head| counts(&head.value, period)) {
        take_sheet(&catalogue, &head.value, &mut answers);
    }
    take_pulses(&catalogue, delivery, period, &mut answers);
    Collected {
        catalogue,
        answers,
        people: People::Listed(participants(delivery)),
    }
}

fn counts(answered: &MeasureAnswered, period: Period) -> bool {
    match answered.moment {
        Moment::Baseline => answered.day <= period.to,
        _ => period.holds(answered.day),
    }
}

fn take_sheet(catalogue: &Catalogue, answered: &MeasureAnswered, answers: &mut Vec<Answer>) {
    // No instrument has as many items as a byte holds, and neither has a set of answers (`ITEMS_MAX`).
    let count = u8::try_from(answered.replies.len()).unwrap_or(u8::MAX);
    let key = answered.instrument.as_str();
    let questions = catalogue.questions_in_order(key, answered.version, count);
    for (question, reply) in questions.zip(&answered.replies) {
        answers.push(Answer {
            person: answered.person,
            question,
            moment: answered.moment,
            session: answered.session,
            when: Some(answered.when()),
            reply: *reply,
            mode: Some(answered.mode),
            language: Some(answered.language),
        });
    }
}

/// The pulses of those who answered with their name, each after its session.
fn take_pulses(
    catalogue: &Catalogue,
    delivery: &Delivery,
    period: Period,
    answers: &mut Vec<Answer>,
) {
    let Some(instrument) = catalogue.find("pulse", None) else {
        return;
    };
    for view in delivery.pulses.all() {
        let answered = &view.head.value;
        let Some((person, session)) = answered.person.zip(delivery.session(answered.session))
        else {
            continue;
        };
        if !period.holds(session.date) {
            continue;
        }
        for (item, reply) in (0u8..).zip(pulse_replies(&answered.answers)) {
            answers.push(Answer {
                person,
                question: Question::Known { instrument, item },
                moment: Moment::AfterSession,
                session: Some(session.session),
                when: Some(When::day(session.date)),
                reply,
                mode: Some(Mode::Alone),
                language: Some(answered.language),
            });
        }
    }
}

fn participants(delivery: &Delivery) -> BTreeMap<PersonId, Participant> {
    let sessions = sessions_in_order(delivery);
    let last = sessions.last().map(|session| session.date);
    delivery
        .people()
        .map(|(person, _)| {
            let first = first_session(delivery, &sessions, person);
            let journey = first.zip(last).map(|(first, last)| Journey {
                first: first.date,
                first_ends: Some(first.ends),
                last,
            });
            let consent = consent(delivery, person);
            (person, Participant { consent, journey })
        })
        .collect()
}

/// How a person's consent to the evaluation stands. The day is by UTC, because a record does not tell the
/// zone in which it was made.
fn consent(delivery: &Delivery, person: PersonId) -> Consent {
    let day = |at: crate::clock::Hlc| at.instant().utc_day().map(When::day);
    match delivery.consent.status(person, Purpose::Evaluation) {
        Status::NotAsked | Status::Refused(_) => Consent::Never,
        Status::Withdrawn(head) => {
            day(head.stamp.at).map_or(Consent::Never, |at| Consent::Withdrawn { at })
        }
        Status::Given(head) => {
            // Since the first consent that no "no" came after: one that was given again is no new one.
            let mut since = None;
            for entry in delivery.consent.history(person, Purpose::Evaluation) {
                if entry.value.decision.forbids() {
                    since = None;
                } else {
                    since = since.or(Some(entry.stamp.at));
                }
            }
            day(since.unwrap_or(head.stamp.at))
                .map_or(Consent::Never, |from| Consent::Given { from })
        }
    }
}
