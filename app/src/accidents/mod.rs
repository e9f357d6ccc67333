//! Accidents and near misses: whoever was there reports them, and a coordinator writes what came of them.

mod list;
mod report;

use wellfield_core::accidents::{Affected, Care, Event};

pub use list::{AccidentPage, AccidentsPage};
pub use report::ReportAccident;

use crate::wording::Words;

fn event_words(w: Words, event: Event) -> &'static str {
    match event {
        Event::Accident => w.accident_hurt(),
        Event::NearMiss => w.accident_near_miss(),
    }
}

fn affected_words(w: Words, affected: Affected) -> &'static str {
    match affected {
        Affected::Participant => w.accident_participant(),
        Affected::Staff => w.accident_staff(),
        Affected::Visitor => w.accident_visitor(),
        Affected::Nobody => w.accident_nobody(),
    }
}

fn care_words(w: Words, care: Care) -> &'static str {
    match care {
        Care::Nothing => w.accident_care_nothing(),
        Care::FirstAid => w.accident_care_first_aid(),
        Care::Doctor => w.accident_care_doctor(),
        Care::Hospital => w.accident_care_hospital(),
    }
}
