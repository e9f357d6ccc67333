//! Needs that were met, what came of feedback, where people moved on to, their own words, what a programme
//! sets out to change and how well it works.

use serde_json::{Map, Value};
use wellfield_core::accidents::AccidentReported;
use wellfield_core::clock::iso_date;
use wellfield_core::consent::WithdrawalSeenTo;
use wellfield_core::feedback::FeedbackActedOn;
use wellfield_core::ids::ProgrammeId;
use wellfield_core::monitoring::MonitoringAnswered;
use wellfield_core::onward::MovedOn;
use wellfield_core::people::NeedSeenTo;
use wellfield_core::planning::Part;
use wellfield_core::records::{Casework, Delivery, Records};
use wellfield_core::scored_elsewhere::ScoredElsewhere;
use wellfield_core::stories::WordsShared;

use super::parts::{stamp, text, with, word};

/// Which needs were met, every need of everybody once, by person and need.
pub(super) fn needs(delivery: &Delivery) -> Vec<Value> {
    let all = delivery.needs.all().map(|head| {
        let mut entry = stamp(delivery, head.stamp);
        entry.insert("person".to_owned(), head.value.person.to_string().into());
        entry.extend(need(&head.value));
        entry.into()
    });
    all.collect()
}

/// What is said of a need, but for whose it is.
pub(super) fn need(seen: &NeedSeenTo) -> Map<String, Value> {
    with(
        Map::new(),
        [
            ("need", word(seen.need.name()).into()),
            ("met", word(seen.met.name()).into()),
        ],
    )
}

/// What came of what people said, latest day first.
pub(super) fn feedback(delivery: &Delivery) -> Vec<Value> {
    let all = delivery.feedback.all().into_iter();
    let entry = |acted: &FeedbackActedOn| {
        [
            ("change", acted.change.to_string().into()),
            ("said", acted.said.as_str().into()),
            ("did", acted.did.as_str().into()),
            ("progress", word(acted.progress.name()).into()),
            ("date", iso_date(acted.day).into()),
        ]
    };
    all.map(|head| with(stamp(delivery, head.stamp), entry(&head.value)).into())
        .collect()
}

/// What the programme sets out to change, part by part; `null` where nothing is written.
pub(super) fn story(delivery: &Delivery) -> Value {
    let Some(head) = delivery.planning.story() else {
        return Value::Null;
    };
    let parts = Part::ALL.iter().map(|part| {
        let words = head.value.parts.get(part);
        (word(part.name()), text(words))
    });
    let mut entry = stamp(delivery, head.stamp);
    entry.extend(parts);
    entry.into()
}

/// How far each principle is kept that was reviewed.
pub(super) fn quality(delivery: &Delivery) -> Vec<Value> {
    let all = delivery.planning.reviews().map(|head| {
        let reviewed = &head.value;
        let entry = [
            ("principle", word(reviewed.principle.name()).into()),
            ("rating", word(reviewed.rating.name()).into()),
            ("evidence", text(reviewed.evidence.as_ref())),
            ("date", iso_date(reviewed.day).into()),
        ];
        with(stamp(delivery, head.stamp), entry).into()
    });
    all.collect()
}

/// Where people moved on to, everybody once, by person.
pub(super) fn moved_on(records: &Records, programme: ProgrammeId) -> Vec<Value> {
    of_casework(records, programme, |delivery, casework| {
        let all = casework.onward.all().map(|head| {
            let mut entry = stamp(delivery, head.stamp);
            entry.insert("person".to_owned(), head.value.person.to_string().into());
            entry.extend(onward(&head.value));
            entry.into()
        });
        all.collect()
    })
}

/// Where somebody moved on to, but for who it is.
pub(super) fn onward(moved: &MovedOn) -> Map<String, Value> {
    let to: Vec<_> = moved.to.iter().map(|to| word(to.name())).collect();
    with(
        Map::new(),
        [
            ("to", to.into()),
            ("note", text(moved.note.as_ref())),
            ("date", iso_date(moved.day).into()),
        ],
    )
}

/// What was done about consents that were withdrawn.
pub(super) fn withdrawals(records: &Records, programme: ProgrammeId) -> Vec<Value> {
    of_casework(records, programme, |delivery, casework| {
        let all = casework.withdrawals.all().map(|head| {
            let mut entry = stamp(delivery, head.stamp);
            entry.insert("person".to_owned(), head.value.person.to_string().into());
            entry.extend(seen_to(&head.value));
            entry.into()
        });
        all.collect()
    })
}

/// What was done about a withdrawal, but for whose it was.
pub(super) fn seen_to(seen: &WithdrawalSeenTo) -> Map<String, Value> {
    with(
        Map::new(),
        [
            ("withdrawal", seen.withdrawal.to_string().into()),
            ("note", text(seen.note.as_ref())),
            ("date", iso_date(seen.day).into()),
        ],
    )
}

/// Scores that were worked out elsewhere, as they stand.
pub(super) fn elsewhere(records: &Records, programme: ProgrammeId) -> Vec<Value> {
    of_casework(records, programme, |delivery, casework| {
        let all = casework.elsewhere.all().into_iter().map(|head| {
            let mut entry = stamp(delivery, head.stamp);
            entry.insert("person".to_owned(), head.value.person.to_string().into());
            entry.extend(scored(&head.value));
            entry.into()
        });
        all.collect()
    })
}

/// A score from elsewhere, but for whose it is.
pub(super) fn scored(scored: &ScoredElsewhere) -> Map<String, Value> {
    with(
        Map::new(),
        [
            ("tool", scored.tool.to_string().into()),
            ("area", scored.area.to_string().into()),
            ("figure", scored.figure.as_points().into()),
            ("lowest", scored.range.0.as_points().into()),
            ("highest", scored.range.1.as_points().into()),
            ("moment", word(scored.moment.name()).into()),
            ("date", iso_date(scored.day).into()),
            ("licence_holder", scored.licence_holder.to_string().into()),
            ("taken_out", scored.is_taken_out.into()),
        ],
    )
}

/// The reports that were given out. What they showed is in them.
pub(super) fn given_out(records: &Records, programme: ProgrammeId) -> Vec<Value> {
    of_casework(records, programme, |delivery, casework| {
        let all = casework.given_out.all().into_iter().map(|head| {
            let given = &head.value;
            with(
                stamp(delivery, head.stamp),
                [
                    ("report", given.report.to_string().into()),
                    ("from", iso_date(given.period.from).into()),
                    ("to", iso_date(given.period.to).into()),
                    ("to_whom", text(given.to_whom.as_ref())),
                    ("date", iso_date(given.day).into()),
                ],
            )
            .into()
        });
        all.collect()
    })
}

/// Accidents and near misses, as they stand.
pub(super) fn accidents(records: &Records, programme: ProgrammeId) -> Vec<Value> {
    of_casework(records, programme, |delivery, casework| {
        let all = casework.accidents.all().into_iter().map(|head| {
            let mut entry = stamp(delivery, head.stamp);
            let person = head.value.person.map(|person| person.to_string());
            entry.insert("person".to_owned(), person.into());
            entry.extend(accident(&head.value));
            entry.into()
        });
        all.collect()
    })
}

/// What was reported of an accident, but for which participant was hurt.
pub(super) fn accident(reported: &AccidentReported) -> Map<String, Value> {
    let followed = reported.followed.as_ref();
    with(
        Map::new(),
        [
            ("accident", reported.accident.to_string().into()),
            ("event", word(reported.event.name()).into()),
            ("affected", word(reported.affected.name()).into()),
            ("name", text(reported.name.as_ref())),
            ("date", iso_date(reported.day).into()),
            ("time", reported.time.to_string().into()),
            ("place", reported.place.as_str().into()),
            ("what", reported.what.as_str().into()),
            ("injury", text(reported.injury.as_ref())),
            ("care", word(reported.care.name()).into()),
            ("care_by", text(reported.care_by.as_ref())),
            ("action", text(reported.action.as_ref())),
            ("done", text(followed.map(|followed| &followed.done))),
            (
                "reported",
                text(followed.and_then(|followed| followed.reported.as_ref())),
            ),
        ],
    )
}

/// What people said for equality monitoring, everybody once, by person.
pub(super) fn monitoring(records: &Records, programme: ProgrammeId) -> Vec<Value> {
    of_casework(records, programme, |delivery, casework| {
        let all = casework.monitoring.all().map(|head| {
            let mut entry = stamp(delivery, head.stamp);
            entry.insert("person".to_owned(), head.value.person.to_string().into());
            entry.extend(monitored(&head.value));
            entry.into()
        });
        all.collect()
    })
}

/// What somebody said for equality monitoring, but for who it is.
pub(super) fn monitored(answered: &MonitoringAnswered) -> Map<String, Value> {
    let said = answered.said.iter();
    let said = said.map(|(asked, choice)| (word(asked.name()), word(choice.name()).into()));
    with(
        said.collect(),
        [
            ("postcode_district", text(answered.district.as_ref())),
            ("date", iso_date(answered.day).into()),
        ],
    )
}

/// Words that were shared, those that were taken back too, without their text.
pub(super) fn words(records: &Records, programme: ProgrammeId) -> Vec<Value> {
    of_casework(records, programme, |delivery, casework| {
        let all = casework.stories.all().map(|head| {
            let mut entry = stamp(delivery, head.stamp);
            entry.insert("person".to_owned(), head.value.person.to_string().into());
            entry.extend(shared(&head.value));
            entry.into()
        });
        all.collect()
    })
}

/// Shared words, but for whose they are.
pub(super) fn shared(shared: &WordsShared) -> Map<String, Value> {
    with(
        Map::new(),
        [
            ("story", shared.story.to_string().into()),
            ("form", word(shared.form.name()).into()),
            ("date", iso_date(shared.day).into()),
            ("text", text(shared.text.as_ref())),
        ],
    )
}

fn of_casework(
    records: &Records,
    programme: ProgrammeId,
    list: impl FnOnce(&Delivery, &Casework) -> Vec<Value>,
) -> Vec<Value> {
    let delivery = records.delivery(programme);
    let both = delivery.zip(records.casework(programme));
    both.map(|(delivery, casework)| list(delivery, casework))
        .unwrap_or_default()
}
