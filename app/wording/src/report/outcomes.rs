//! What a report says beside the figures of instruments: needs, people's own words, what was changed, and
//! what people moved on to.

use wellfield_core::disclosure::Shown;
use wellfield_core::feedback::Progress;
use wellfield_core::onward::Onward;
use wellfield_core::reporting::ProgrammeReport;
use wellfield_core::stories::Form;

use super::sections::{columns, number, row};
use super::{Cell, Figures, Section};
use crate::Words;

impl Words {
    /// Where somebody went.
    pub fn onward(self, to: Onward) -> &'static str {
        match to {
            Onward::NextProgramme => self.onward_next_programme(),
            Onward::Volunteering => self.onward_volunteering(),
            Onward::AnotherGroup => self.onward_another_group(),
            Onward::Heritage => self.onward_heritage(),
            Onward::Learning => self.onward_learning(),
            Onward::PaidWork => self.onward_paid_work(),
            Onward::Support => self.onward_support(),
            Onward::NothingYet => self.onward_nothing_yet(),
            Onward::NotReached => self.onward_not_reached(),
        }
    }

    /// How far something that was asked for has come.
    pub fn how_far(self, progress: Progress) -> &'static str {
        match progress {
            Progress::Done => self.feedback_done(),
            Progress::Planned => self.feedback_planned(),
            Progress::NotPossible => self.feedback_not_possible(),
        }
    }
}

pub(super) fn needs(w: Words, report: &ProgrammeReport) -> Section {
    let needs = &report.reach.needs;
    let shown = needs
        .iter()
        .filter_map(|one| number(one.people).zip(Some(one.need)));
    let title = shown.max().map_or_else(
        || w.report_needs_title().to_owned(),
        |(number, need)| w.report_needs_most(&w.need(need).to_lowercase(), &number),
    );
    let rows = needs.iter().map(|one| {
        let counts = [one.people, one.met, one.partly, one.not_met, one.not_said];
        [Cell::text(w.need(one.need))]
            .into_iter()
            .chain(counts.map(Cell::Count))
            .collect()
    });
    Section {
        key: "needs".to_owned(),
        title,
        text: vec![w.report_needs_text().to_owned()],
        points: Vec::new(),
        pictures: Vec::new(),
        tables: vec![Figures {
            key: "needs",
            caption: w.report_needs_caption().to_owned(),
            columns: columns([
                w.report_need(),
                w.report_people(),
                w.report_needs_met(),
                w.report_needs_partly(),
                w.report_needs_not_met(),
                w.report_needs_not_said(),
            ]),
            rows: rows.collect(),
        }],
    }
}

/// Scores that were worked out elsewhere, each tool and area in a row; nothing where there are none.
pub(super) fn elsewhere(w: Words, report: &ProgrammeReport) -> Option<Section> {
    let all = &report.elsewhere;
    let rows = all.iter().map(|one| {
        let counts = [one.people, one.both, one.higher, one.same, one.lower];
        let name = format!("{}: {}", one.tool, one.area);
        [Cell::text(name)]
            .into_iter()
            .chain(counts.map(Cell::Count))
            .collect()
    });
    (!all.is_empty()).then(|| Section {
        key: "elsewhere".to_owned(),
        title: w.report_elsewhere_title().to_owned(),
        text: vec![w.report_elsewhere_text().to_owned()],
        points: Vec::new(),
        pictures: Vec::new(),
        tables: vec![Figures {
            key: "elsewhere",
            caption: w.report_elsewhere_caption().to_owned(),
            columns: columns([
                w.report_elsewhere_area(),
                w.report_people(),
                w.report_elsewhere_both(),
                w.report_elsewhere_higher(),
                w.report_elsewhere_same(),
                w.report_elsewhere_lower(),
            ]),
            rows: rows.collect(),
        }],
    })
}

/// People's own words; nothing where nobody's may be shown.
pub(super) fn words(w: Words, report: &ProgrammeReport) -> Option<Section> {
    let (mut stories, mut quotes) = (0, 0);
    let rows: Vec<_> = report
        .words
        .iter()
        .map(|one| {
            let name = match one.form {
                Form::Story => {
                    stories += 1;
                    w.report_words_story(&stories)
                }
                Form::Quote => {
                    quotes += 1;
                    w.report_words_quote(&quotes)
                }
            };
            row(&name, Cell::text(one.text.as_str()))
        })
        .collect();
    (!rows.is_empty()).then(|| Section {
        key: "words".to_owned(),
        title: w.report_words_title().to_owned(),
        text: vec![w.report_words_text().to_owned()],
        points: Vec::new(),
        pictures: Vec::new(),
        tables: vec![Figures {
            key: "words",
            caption: w.report_words_caption().to_owned(),
            columns: columns([w.report_what(), w.stories_words()]),
            rows,
        }],
    })
}

/// "You said, we did"; nothing where nothing is written.
pub(super) fn acted_on(w: Words, report: &ProgrammeReport) -> Option<Section> {
    let all = &report.acted_on;
    let done = all.iter().filter(|one| one.progress == Progress::Done);
    let title = match done.count() {
        0 => w.report_acted_title().to_owned(),
        done => w.report_acted_changed(done as u64),
    };
    let rows = all.iter().map(|one| {
        vec![
            Cell::text(one.said.as_str()),
            Cell::text(one.did.as_str()),
            Cell::text(w.how_far(one.progress)),
        ]
    });
    (!all.is_empty()).then(|| Section {
        key: "acted-on".to_owned(),
        title,
        text: Vec::new(),
        points: Vec::new(),
        pictures: Vec::new(),
        tables: vec![Figures {
            key: "acted-on",
            caption: w.report_acted_caption().to_owned(),
            columns: columns([
                w.report_acted_said(),
                w.report_acted_did(),
                w.report_acted_how_far(),
            ]),
            rows: rows.collect(),
        }],
    })
}

/// What people moved on to; nothing before anybody was asked.
pub(super) fn onward(w: Words, report: &ProgrammeReport) -> Option<Section> {
    let onward = &report.onward;
    let somewhere = onward.to.iter().filter(|(to, _)| !to.stands_alone());
    let most = somewhere
        .filter_map(|(to, people)| number(*people).zip(Some(*to)))
        .max_by_key(|(number, to)| (*number, core::cmp::Reverse(*to)));
    let title = most.map_or_else(
        || w.report_onward_caption().to_owned(),
        |(number, to)| w.report_onward_most(&number, &w.onward(to).to_lowercase()),
    );
    let mut rows = vec![row(w.report_onward_asked(), Cell::Count(onward.people))];
    let each = onward.to.iter();
    rows.extend(each.map(|(to, people)| row(w.onward(*to), Cell::Count(*people))));
    (onward.people != Shown::Number(0)).then(|| Section {
        key: "onward".to_owned(),
        title,
        text: vec![w.report_onward_text().to_owned()],
        points: Vec::new(),
        pictures: Vec::new(),
        tables: vec![Figures {
            key: "onward",
            caption: w.report_onward_caption().to_owned(),
            columns: columns([w.report_what(), w.report_people()]),
            rows,
        }],
    })
}
