//! Who is told of a change: what shows one person hears of that person's records and of no others.
//!
//! A register has a row for each person. If every row looked again at each tap, the tap would wait for
//! all of them.

use std::cell::RefCell;
use std::collections::BTreeMap;

use leptos::prelude::*;
use wellfield_core::event::Event;
use wellfield_core::ids::PersonId;

/// Those who show people, by the person they show.
#[derive(Default)]
pub(crate) struct Subjects {
    triggers: RefCell<BTreeMap<PersonId, ArcTrigger>>,
}

impl Subjects {
    /// Whoever runs this runs again when the records of this person change.
    pub(crate) fn track(&self, person: PersonId) {
        let trigger = self
            .triggers
            .borrow_mut()
            .entry(person)
            .or_default()
            .clone();
        trigger.track();
    }

    /// Tells those who show the people that these events are about.
    pub(crate) fn tell<'a>(&self, events: impl Iterator<Item = &'a Event>) {
        let triggers: BTreeMap<_, _> = {
            let known = self.triggers.borrow();
            let subjects = events.filter_map(|event| event.body.subject());
            subjects
                .filter_map(|person| Some((person, known.get(&person)?.clone())))
                .collect()
        };
        // Nothing is borrowed any more: whoever is told may ask for another person.
        triggers.values().for_each(Notify::notify);
    }

    /// Tells everybody: the records were made anew.
    pub(crate) fn tell_all(&self) {
        let triggers: Vec<_> = self.triggers.borrow().values().cloned().collect();
        triggers.iter().for_each(Notify::notify);
    }
}
