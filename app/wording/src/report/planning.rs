//! What a report says of what a programme set out to change and how well it works.

use wellfield_core::planning::{Part, Principle, Rating};
use wellfield_core::reporting::ProgrammeReport;

use super::sections::{columns, row};
use super::{Cell, Figures, Section};
use crate::Words;

impl Words {
    /// What a part of a Story of Change asks.
    pub fn story_part(self, part: Part) -> &'static str {
        match part {
            Part::Need => self.story_need(),
            Part::Inputs => self.story_inputs(),
            Part::Activities => self.story_activities(),
            Part::Outputs => self.story_outputs(),
            Part::Outcomes => self.story_outcomes(),
        }
    }

    /// What a principle is called.
    pub fn principle(self, principle: Principle) -> &'static str {
        match principle {
            Principle::PersonCentred => self.quality_person_centred(),
            Principle::Equitable => self.quality_equitable(),
            Principle::Safe => self.quality_safe(),
            Principle::Creative => self.quality_creative(),
            Principle::Collaborative => self.quality_collaborative(),
            Principle::Realistic => self.quality_realistic(),
            Principle::Reflective => self.quality_reflective(),
            Principle::Sustainable => self.quality_sustainable(),
        }
    }

    /// How far a principle is kept.
    pub fn rating(self, rating: Rating) -> &'static str {
        match rating {
            Rating::NotYet => self.quality_not_yet(),
            Rating::Partly => self.quality_partly(),
            Rating::Mostly => self.quality_mostly(),
            Rating::Fully => self.quality_fully(),
        }
    }
}

/// The Story of Change; nothing where none is written.
pub(super) fn story(w: Words, report: &ProgrammeReport) -> Option<Section> {
    let story = report.story.as_ref()?;
    let parts = story.parts.iter();
    let rows = parts.map(|(part, words)| row(w.story_part(*part), Cell::text(words.as_str())));
    Some(Section {
        key: "story-of-change".to_owned(),
        title: w.report_story_title().to_owned(),
        text: Vec::new(),
        points: Vec::new(),
        pictures: Vec::new(),
        tables: vec![Figures {
            key: "story-of-change",
            caption: w.report_story_caption().to_owned(),
            columns: columns([w.report_what(), w.report_story_written()]),
            rows: rows.collect(),
        }],
    })
}

/// The self-review, every principle in it; nothing before anybody looked at one.
pub(super) fn quality(w: Words, report: &ProgrammeReport) -> Option<Section> {
    let all = &report.quality;
    let good = all.iter().filter(|one| one.rating >= Rating::Mostly);
    let title = match good.count() {
        0 => w.report_quality_title().to_owned(),
        good => w.report_quality_good(&good),
    };
    let rows = Principle::ALL.iter().map(|principle| {
        let reviewed = all.iter().find(|one| one.principle == *principle);
        let evidence = reviewed.and_then(|one| one.evidence.as_ref());
        let rating = reviewed.map_or(w.quality_not_reviewed(), |one| w.rating(one.rating));
        vec![
            Cell::text(w.principle(*principle)),
            Cell::text(rating),
            Cell::text(evidence.map_or("", |evidence| evidence.as_str())),
        ]
    });
    (!all.is_empty()).then(|| Section {
        key: "quality".to_owned(),
        title,
        text: vec![w.report_quality_text().to_owned()],
        points: Vec::new(),
        pictures: Vec::new(),
        tables: vec![Figures {
            key: "quality",
            caption: w.report_quality_caption().to_owned(),
            columns: columns([
                w.report_quality_principle(),
                w.quality_rating(),
                w.quality_evidence(),
            ]),
            rows: rows.collect(),
        }],
    })
}
