//! What a report says of who was reached.

use wellfield_core::monitoring::{Characteristic, Choice};
use wellfield_core::reporting::{CharacteristicShown, DistrictsShown, ProgrammeReport};

use super::sections::{columns, row};
use super::{Cell, Figures, Section};
use crate::Words;

impl Words {
    /// What is asked of a characteristic.
    pub fn characteristic(self, asked: Characteristic) -> &'static str {
        match asked {
            Characteristic::Age => self.monitoring_age(),
            Characteristic::Gender => self.monitoring_gender(),
            Characteristic::Ethnicity => self.monitoring_ethnicity(),
            Characteristic::Disability => self.monitoring_disability(),
        }
    }

    /// An answer for equality monitoring.
    pub fn choice(self, choice: Choice) -> &'static str {
        match choice {
            Choice::PreferNotToSay => self.monitoring_prefer_not(),
            Choice::Under18 => self.monitoring_under_18(),
            Choice::From18 => self.monitoring_from_18(),
            Choice::From25 => self.monitoring_from_25(),
            Choice::From35 => self.monitoring_from_35(),
            Choice::From45 => self.monitoring_from_45(),
            Choice::From55 => self.monitoring_from_55(),
            Choice::From65 => self.monitoring_from_65(),
            Choice::From75 => self.monitoring_from_75(),
            Choice::Woman => self.monitoring_woman(),
            Choice::Man => self.monitoring_man(),
            Choice::NonBinary => self.monitoring_non_binary(),
            Choice::AnotherGender => self.monitoring_another_gender(),
            Choice::Asian => self.monitoring_asian(),
            Choice::Black => self.monitoring_black(),
            Choice::Mixed => self.monitoring_mixed(),
            Choice::White => self.monitoring_white(),
            Choice::AnotherEthnicity => self.monitoring_another_ethnicity(),
            Choice::LimitedALot => self.monitoring_limited_a_lot(),
            Choice::LimitedALittle => self.monitoring_limited_a_little(),
            Choice::NotLimited => self.monitoring_not_limited(),
        }
    }
}

/// Who was reached; nothing before anybody was asked.
pub(super) fn monitoring(w: Words, report: &ProgrammeReport) -> Option<Section> {
    let figures = &report.monitoring;
    let questions = figures.characteristics.iter();
    let mut tables: Vec<_> = questions.map(|one| characteristic(w, one)).collect();
    tables.extend(figures.districts.as_ref().map(|one| districts(w, one)));
    (!tables.is_empty()).then(|| Section {
        key: "monitoring".to_owned(),
        title: w.report_monitoring_title().to_owned(),
        text: vec![w.report_monitoring_text().to_owned()],
        points: Vec::new(),
        pictures: Vec::new(),
        tables,
    })
}

fn characteristic(w: Words, shown: &CharacteristicShown) -> Figures {
    let (key, caption) = match shown.asked {
        Characteristic::Age => ("age", w.report_monitoring_age()),
        Characteristic::Gender => ("gender", w.report_monitoring_gender()),
        Characteristic::Ethnicity => ("ethnicity", w.report_monitoring_ethnicity()),
        Characteristic::Disability => ("disability", w.report_monitoring_disability()),
    };
    let choices = shown.choices.iter();
    let mut rows: Vec<_> = choices
        .map(|(choice, people)| row(w.choice(*choice), Cell::Count(*people)))
        .collect();
    rows.push(row(
        w.report_monitoring_not_said(),
        Cell::Count(shown.not_said),
    ));
    Figures {
        key,
        caption: caption.to_owned(),
        columns: columns([w.report_what(), w.report_people()]),
        rows,
    }
}

fn districts(w: Words, shown: &DistrictsShown) -> Figures {
    let named = shown.districts.iter();
    let mut rows: Vec<_> = named
        .map(|(district, people)| row(district.as_str(), Cell::Count(*people)))
        .collect();
    rows.push(row(
        w.report_monitoring_elsewhere(),
        Cell::Count(shown.elsewhere),
    ));
    rows.push(row(
        w.report_monitoring_not_said(),
        Cell::Count(shown.not_said),
    ));
    Figures {
        key: "districts",
        caption: w.report_monitoring_districts().to_owned(),
        columns: columns([w.report_what(), w.report_people()]),
        rows,
    }
}
