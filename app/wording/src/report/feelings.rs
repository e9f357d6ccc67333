//! How people felt before and after single sessions, in sentences and tables.

use wellfield_core::measures::statistics::PairedChange;
use wellfield_core::measures::{
    Catalogue, Caveat, Finding, Instrument, Movement, Scale, ScaleReport, Strength,
};
use wellfield_core::reporting::{ProgrammeReport, ScaleFigures, SessionFeelings, WordFigures};

use super::findings::{caveat_sentence, name, of_people, signed};
use super::sections::{columns, figures_table, session_name};
use super::{Cell, Figures, Picture, Section};
use crate::Words;

/// A section for each session before and after which somebody said how they felt.
pub(super) fn feelings(w: Words, report: &ProgrammeReport, catalogue: &Catalogue) -> Vec<Section> {
    let sessions = report.feelings.iter();
    sessions
        .filter_map(|session| {
            let others = report.feelings.iter();
            let of_day = others.filter(|other| other.session == session.session);
            of_session(w, catalogue, session, of_day.count() > 1)
        })
        .collect()
}

/// `is_one_of_several`: other words were asked around the same session, so the title says which.
fn of_session(
    w: Words,
    catalogue: &Catalogue,
    session: &SessionFeelings,
    is_one_of_several: bool,
) -> Option<Section> {
    let figures = &session.whole;
    let instrument = catalogue.get(figures.instrument)?;
    let scale = instrument.scales.get(figures.scale)?;
    // Nobody answered after it yet.
    if figures.finding.matched == 0 {
        return None;
    }
    let text = if figures.is_held_back {
        vec![w.report_held_back_text().to_owned()]
    } else {
        text(w, (instrument, scale), figures)
    };
    let mut title = title(w, session, figures);
    if is_one_of_several {
        title = format!("{title}: {}", name(w, instrument, scale));
    }
    Some(Section {
        key: format!("feelings-{}-{}", session.number, instrument.key),
        title,
        text,
        points: Vec::new(),
        pictures: picture(w, (instrument, scale), figures)
            .into_iter()
            .collect(),
        tables: [figures_table(w, figures)]
            .into_iter()
            .chain(words_table(w, instrument, &session.words))
            .collect(),
    })
}

fn title(w: Words, session: &SessionFeelings, figures: &ScaleFigures) -> String {
    let finding = &figures.finding;
    let session = session_name(w, session.number, session.date);
    if figures.is_held_back {
        return w.report_feelings_held_back(&session);
    }
    match (finding.strength, finding.movement) {
        (Strength::Stories, _) | (_, None) => w.report_feelings_few(&session),
        (_, Some(Movement::Better)) => w.report_feelings_better(&session),
        (_, Some(Movement::Worse)) => w.report_feelings_worse(&session),
        // No instrument that is asked around a session has neither a better nor a worse end.
        (_, Some(Movement::NotClear | Movement::Rose | Movement::Fell)) => {
            w.report_feelings_not_clear(&session)
        }
    }
}

/// What a report says of a scale before and after one session.
pub fn session_sentence(
    w: Words,
    instrument: &Instrument,
    scale: &Scale,
    report: &ScaleReport,
) -> String {
    let change = report.figures.as_ref();
    let change = change.and_then(|figures| figures.change.as_ref());
    let said = said(w, (instrument, scale), &report.finding, change);
    let all = [said].into_iter().chain(caveats(w, &report.finding));
    all.collect::<Vec<_>>().join(" ")
}

/// What has to stand beside a finding about one session, a sentence each.
fn caveats(w: Words, finding: &Finding) -> Vec<String> {
    let caveats = finding.caveats.iter();
    caveats
        .map(|caveat| match caveat {
            Caveat::ManyLeft => w.report_feelings_many_left().to_owned(),
            other => caveat_sentence(w, *other, finding.matched),
        })
        .collect()
}

fn said(
    w: Words,
    (instrument, scale): (&Instrument, &Scale),
    finding: &Finding,
    change: Option<&PairedChange>,
) -> String {
    let name = name(w, instrument, scale);
    let movement = finding.movement.unwrap_or(Movement::NotClear);
    of_people(w, &name, finding, || moved(w, &name, movement, change))
}

fn text(w: Words, of: (&Instrument, &Scale), figures: &ScaleFigures) -> Vec<String> {
    let finding = &figures.finding;
    let said = said(w, of, finding, figures.change.as_ref());
    let mut text = vec![said, w.report_feelings_text().to_owned()];
    text.extend(caveats(w, finding));
    text.push(of.0.citation.to_string());
    text
}

fn moved(w: Words, name: &str, movement: Movement, change: Option<&PairedChange>) -> String {
    let Some(change) = change else {
        return w.report_steps_not_clear(&name);
    };
    let means = change.to.mean - change.from.mean;
    // Where less is better the change is counted the other way round.
    let (low, high) = match means * change.mean < 0.0 {
        true => (-change.interval.1, -change.interval.0),
        false => change.interval,
    };
    let (low, high) = (signed(low), signed(high));
    let points = format!("{:.2}", means.abs());
    match movement {
        Movement::NotClear => w.report_not_clear(&high, &low, &name, &signed(means)),
        _ if means < 0.0 => w.report_feelings_down(&high, &low, &name, &points),
        _ => w.report_feelings_up(&high, &low, &name, &points),
    }
}

fn picture(
    w: Words,
    (instrument, scale): (&Instrument, &Scale),
    figures: &ScaleFigures,
) -> Option<Picture> {
    let change = figures.change.as_ref()?;
    let means = (change.from.mean, change.to.mean);
    Picture::of_scale(w, (instrument, scale), means)
}

/// The mean of each word before and after; nothing where they may not be told.
fn words_table(w: Words, instrument: &Instrument, words: &[WordFigures]) -> Option<Figures> {
    let rows: Vec<_> = words
        .iter()
        .filter_map(|word| {
            let scale = instrument.scales.get(word.scale)?;
            let means = [word.before, word.after, word.change];
            let means = means.map(|mean| Cell::Number(Some(mean), 2));
            let name = [Cell::text(scale.key.as_ref())];
            Some(name.into_iter().chain(means).collect())
        })
        .collect();
    (!rows.is_empty()).then(|| Figures {
        key: "words",
        caption: w.report_feelings_words().to_owned(),
        columns: columns([
            w.report_feelings_word(),
            w.report_mean_before(),
            w.report_mean_after(),
            w.report_mean_change(),
        ]),
        rows,
    })
}
