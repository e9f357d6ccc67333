//! What was asked for the evaluation, and what was answered.

use serde_json::{Map, Value, json};
use wellfield_core::clock::iso_date;
use wellfield_core::evaluation::{EvaluationPlanned, MeasureAnswered, Measured, MeasuresAsked};
use wellfield_core::heads::Head;
use wellfield_core::ids::ProgrammeId;
use wellfield_core::measures::{Catalogue, Moment, OWN_KEY, Reply, own_outcome};
use wellfield_core::records::{Delivery, Records};

use super::parts::{stamp, text, with, word};

/// The plan as it stands, or `null`.
pub(super) fn plan(delivery: &Delivery) -> Value {
    let plans = delivery.evaluation.plans();
    plans.latest().map_or(Value::Null, |head| {
        let plan = &head.value;
        let topics: Vec<_> = plan.topics.iter().map(|topic| word(topic.name())).collect();
        with(
            stamp(delivery, head.stamp),
            [
                ("size", word(plan.size.name()).into()),
                ("topics", topics.into()),
                ("swemwbs_licence", text(plan.swemwbs_licence.as_ref())),
                ("own", own(plan)),
                ("comparison", text(plan.comparison.as_ref())),
                ("toolkit_compared", plan.toolkit_compared.into()),
                ("check", plans.standing().needs_choice().into()),
            ],
        )
        .into()
    })
}

/// The questions of the project's own, each with the name under which its answers stand.
fn own(plan: &EvaluationPlanned) -> Value {
    let own = plan.own.iter().map(|own| {
        json!({ "instrument": own.key(), "question": own.text.as_str(), "language": own.language.tag() })
    });
    own.collect::<Vec<_>>().into()
}

/// Who was asked at which moment, everybody and every moment once, by person and moment.
pub(super) fn asked(delivery: &Delivery) -> Vec<Value> {
    let entry = |head: &Head<MeasuresAsked>| {
        with(
            stamp(delivery, head.stamp),
            [("person", head.value.person.to_string().into())],
        )
        .into_iter()
        .chain(asking(&head.value))
        .collect::<Map<_, _>>()
        .into()
    };
    delivery.evaluation.all_asked().map(entry).collect()
}

/// What an asking says, but for the person.
pub(super) fn asking(asked: &MeasuresAsked) -> Map<String, Value> {
    with(
        Map::new(),
        [
            ("moment", moment(asked.moment).into()),
            ("session", asked.session.to_string().into()),
            ("outcome", word(asked.outcome.name()).into()),
            ("questions", word(asked.questions.name()).into()),
        ],
    )
}

/// Every set of answers to an instrument.
pub(super) fn measures(records: &Records, programme: ProgrammeId) -> Vec<Value> {
    let casework = records.casework(programme);
    let all = casework.into_iter().map(|casework| &casework.measured);
    let delivery = records.delivery(programme);
    all.flat_map(Measured::all)
        .filter_map(|head| {
            let mut entry = stamp(delivery?, head.stamp);
            entry.insert("person".to_owned(), head.value.person.to_string().into());
            entry.extend(answered(&head.value));
            Some(entry.into())
        })
        .collect()
}

/// What a set of answers says, but for the person.
pub(super) fn answered(answered: &MeasureAnswered) -> Map<String, Value> {
    with(
        Map::new(),
        [
            ("response", answered.response.to_string().into()),
            ("moment", moment(answered.moment).into()),
            ("session", text(answered.session.as_ref())),
            ("instrument", answered.instrument.as_str().into()),
            ("version", answered.version.into()),
            ("language", answered.language.tag().into()),
            ("mode", word(answered.mode.name()).into()),
            ("date", iso_date(answered.day).into()),
            ("time", answered.time.to_string().into()),
            ("finished", answered.finished.into()),
            ("replies", replies(answered)),
        ],
    )
}

/// Each reply with the name of its item, where the instrument is known.
fn replies(answered: &MeasureAnswered) -> Value {
    let key = answered.instrument.as_str();
    let catalogue = Catalogue::built_in();
    let built_in = catalogue
        .find(key, Some(answered.version))
        .and_then(|place| catalogue.get(place));
    let own = key.starts_with(OWN_KEY);
    let own = own.then(|| own_outcome(key.to_owned(), None));
    let instrument = built_in.or(own.as_ref());
    let replies = answered.replies.iter().enumerate().map(|(place, reply)| {
        let item = instrument.and_then(|instrument| instrument.items.get(place));
        let (state, value) = match reply {
            Reply::Skipped => ("not_answered", None),
            Reply::PreferNotToSay => ("declined", None),
            Reply::Given(given) => ("given", Some(*given)),
        };
        json!({ "item": item.map(|item| item.key.as_ref()), "state": state, "value": value })
    });
    replies.collect::<Vec<_>>().into()
}

fn moment(moment: Moment) -> String {
    word(moment.name())
}
