//! "Check this" is settled by a choice that names everything that stands.

use proptest::prelude::*;
use proptest::sample::Index;
use wellfield_core::attendance::{MarkError, settle};
use wellfield_core::clock::Hlc;
use wellfield_core::event::Event;
use wellfield_core::heads::Standing;
use wellfield_core::ids::{DeviceId, EventId, PersonId};
use wellfield_core::stream::Stream;

use super::history::{
    PERSON, PROGRAMME, SESSION, any_clock, any_mark, config, fold, history_of, marked, person,
    session,
};

fn planned() -> Vec<Event> {
    [session(1), person(PERSON, "Ann")]
        .into_iter()
        .zip(1..)
        .map(|(body, n)| Event {
            id: EventId {
                device: DeviceId::SERVER,
                n,
            },
            at: Hlc::ZERO,
            stream: Stream::Delivery(PROGRAMME),
            by: None,
            supersedes: Vec::new(),
            body,
        })
        .collect()
}

fn marks() -> impl Strategy<Value = Vec<Event>> {
    history_of(any_mark().prop_map(|mark| marked(PERSON, mark)), 1..12)
}

proptest! {
    #![proptest_config(config(1_000))]

    #[test]
    fn a_choice_leaves_exactly_one_mark_and_it_is_the_chosen_one(
        marks in marks(),
        pick in any::<Index>(),
        at in any_clock(),
    ) {
        let mut events = planned();
        events.extend(marks);
        let records = fold(&events);
        let register = &records.delivery(PROGRAMME).unwrap().attendance;
        let heads = register.heads(SESSION, PERSON).unwrap();
        let Some(chosen) = (!heads.heads().is_empty())
            .then(|| &heads.heads()[pick.index(heads.heads().len())])
        else {
            // Marks that name each other in a circle leave none standing.
            return Ok(());
        };
        let result = settle(&records, PROGRAMME, SESSION, PERSON, chosen.stamp.id);
        prop_assert_eq!(result.is_ok(), heads.standing().needs_choice());
        let Ok(draft) = result else {
            prop_assert_eq!(result, Err(MarkError::NothingToChange));
            return Ok(());
        };
        let settling = EventId { device: DeviceId(9), n: 1 };
        events.push(draft.place(settling, at, None));
        let settled = fold(events.iter().rev());
        let register = &settled.delivery(PROGRAMME).unwrap().attendance;
        let after = register.heads(SESSION, PERSON).unwrap();
        prop_assert_eq!(after.ids(), [settling]);
        prop_assert_eq!(&after.heads()[0].value, &chosen.value);
    }

    #[test]
    fn what_stands_does_not_depend_on_any_clock(
        marks in marks(),
        clocks in prop::collection::vec(any_clock(), 12),
    ) {
        let other_clocks: Vec<Event> = marks
            .iter()
            .zip(clocks)
            .map(|(event, at)| Event { at, ..event.clone() })
            .collect();
        let (records, other) = (fold(&marks), fold(&other_clocks));
        let (records, other) =
            (records.delivery(PROGRAMME).unwrap(), other.delivery(PROGRAMME).unwrap());
        let ids = |heads: Option<&wellfield_core::heads::Heads<_>>| heads.map(|heads| heads.ids());
        let (one, two) = (&records.attendance, &other.attendance);
        prop_assert_eq!(ids(one.heads(SESSION, PERSON)), ids(two.heads(SESSION, PERSON)));
        let needs_choice = |standing: Standing<'_, _>| standing.needs_choice();
        prop_assert_eq!(
            needs_choice(one.standing(SESSION, PERSON)),
            needs_choice(two.standing(SESSION, PERSON))
        );
    }

    #[test]
    fn marks_of_one_person_never_touch_another(
        marks in history_of(
            (1u64..3, any_mark()).prop_map(|(who, mark)| marked(PersonId(who), mark)),
            1..16,
        ),
    ) {
        let ann = |event: &&Event| event.body.subject() == Some(PERSON);
        let (all, of_ann) = (fold(&marks), fold(marks.iter().filter(ann)));
        let standing = |records: &wellfield_core::records::Records| {
            let delivery = records.delivery(PROGRAMME)?;
            delivery.attendance.heads(SESSION, PERSON).cloned()
        };
        prop_assert_eq!(standing(&all), standing(&of_ann));
    }
}
