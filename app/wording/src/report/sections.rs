//! What a report says, section by section.

use std::collections::BTreeSet;

use wellfield_core::clock::Date;
use wellfield_core::disclosure::{Release, Shown};
use wellfield_core::evaluation::Period;
use wellfield_core::measures::instrument::{Band, Origin, Part};
use wellfield_core::measures::{Catalogue, Instrument, InstrumentNo, Reason, Scale};
use wellfield_core::pulse::Day;
use wellfield_core::reporting::{Answered, ProgrammeReport, ReliableShown, ScaleFigures};

use super::findings::{capitalised, caveats, name, said, title};
use super::{Cell, Figures, Picture, Section};
use crate::Words;

pub(super) fn row(name: &str, cell: Cell) -> Vec<Cell> {
    vec![Cell::text(name), cell]
}

pub(super) fn columns<const N: usize>(names: [&str; N]) -> Vec<String> {
    names.map(ToOwned::to_owned).to_vec()
}

pub(super) const fn number(count: Shown) -> Option<u32> {
    match count {
        Shown::Number(number) => Some(number),
        Shown::Under(_) | Shown::Hidden => None,
    }
}

pub(super) fn session_name(w: Words, number: u16, date: Date) -> String {
    w.report_session_name(&w.dated(date), &number)
}

pub(super) fn reach(w: Words, report: &ProgrammeReport) -> Section {
    let reach = &report.reach;
    let sessions = reach.sessions.len();
    let title = match reach.people {
        _ if sessions == 0 => w.report_reach_none().to_owned(),
        Shown::Number(people) => w.report_reach_title(&people),
        Shown::Under(least) => w.report_reach_few(&least),
        Shown::Hidden => w.report_reach_hidden().to_owned(),
    };
    let held = u32::try_from(sessions).map_or(Shown::Hidden, Shown::Number);
    Section {
        key: "reach".to_owned(),
        title,
        text: vec![w.report_reach_text().to_owned()],
        points: Vec::new(),
        pictures: Vec::new(),
        tables: vec![Figures {
            key: "reach",
            caption: w.report_reach_caption().to_owned(),
            columns: columns([w.report_what(), w.report_how_many()]),
            rows: vec![
                row(w.report_people(), Cell::Count(reach.people)),
                row(w.report_newcomers(), Cell::Count(reach.newcomers)),
                row(w.report_sessions_held(), Cell::Count(held)),
                row(w.report_attendances(), Cell::Count(reach.attendances)),
                row(w.report_hours(), Cell::Number(reach.hours, 0)),
            ],
        }],
    }
}

pub(super) fn attendance(w: Words, report: &ProgrammeReport) -> Section {
    let sessions = &report.reach.sessions;
    let shown: Option<Vec<u32>> = sessions
        .iter()
        .map(|session| number(session.here))
        .collect();
    let ends = shown.and_then(|all| all.iter().copied().min().zip(all.iter().copied().max()));
    let title = match ends {
        Some((least, most)) if least == most => w.report_attendance_each(&least),
        Some((least, most)) => w.report_attendance_between(&least, &most),
        None => w.report_attendance_some().to_owned(),
    };
    let all: Vec<(String, Shown)> = sessions
        .iter()
        .map(|session| (session_name(w, session.number, session.date), session.here))
        .collect();
    let caption = w.report_chart_attendance();
    Section {
        key: "attendance".to_owned(),
        title,
        text: Vec::new(),
        points: Vec::new(),
        pictures: (!all.is_empty())
            .then(|| Picture::bars(w, caption, &all))
            .into_iter()
            .collect(),
        tables: vec![Figures {
            key: "sessions",
            caption: caption.to_owned(),
            columns: columns([w.report_session(), w.report_people()]),
            rows: all
                .iter()
                .map(|(name, here)| row(name, Cell::Count(*here)))
                .collect(),
        }],
    }
}

/// A section for each scale that somebody answered both times, but for the single words of an umbrella,
/// and one for all the others.
pub(super) fn scales(w: Words, report: &ProgrammeReport, catalogue: &Catalogue) -> Vec<Section> {
    let mut compared = Vec::new();
    let mut only_once = Vec::new();
    for figures in &report.scales {
        let instrument = catalogue.get(figures.instrument);
        let scale = instrument.and_then(|instrument| instrument.scales.get(figures.scale));
        let Some((instrument, scale)) = instrument.zip(scale) else {
            continue;
        };
        if scale.part != Part::Whole {
            continue;
        }
        match figures.finding.matched {
            0 => only_once.push(name(w, instrument, scale)),
            _ => compared.push(scale_section(w, instrument, scale, figures)),
        }
    }
    if !only_once.is_empty() {
        compared.push(Section {
            key: "only-once".to_owned(),
            title: w.report_only_once().to_owned(),
            text: vec![w.report_only_once_text(&only_once.join("; "))],
            points: Vec::new(),
            pictures: Vec::new(),
            tables: Vec::new(),
        });
    }
    compared
}

/// What a report says of a scale below its title; `None` where the instrument is not known.
pub(super) fn scale_said(
    w: Words,
    catalogue: &Catalogue,
    figures: &ScaleFigures,
) -> Option<String> {
    let instrument = catalogue.get(figures.instrument)?;
    let scale = instrument.scales.get(figures.scale)?;
    let change = figures.change.as_ref();
    Some(said(w, instrument, scale, &figures.finding, change))
}

fn scale_section(
    w: Words,
    instrument: &Instrument,
    scale: &Scale,
    figures: &ScaleFigures,
) -> Section {
    if figures.is_held_back {
        return held_back(w, instrument, scale, figures);
    }
    let finding = &figures.finding;
    let mut text = vec![said(w, instrument, scale, finding, figures.change.as_ref())];
    text.extend(caveats(w, finding));
    text.extend(instrument.copyright().map(ToOwned::to_owned));
    let change = figures.change.as_ref().and_then(|change| {
        let means = (change.from.mean, change.to.mean);
        Picture::of_scale(w, (instrument, scale), means)
    });
    let mut tables = vec![figures_table(w, figures)];
    tables.extend(completion_table(w, figures));
    tables.extend(bands_table(w, scale, figures.bands.as_ref()));
    tables.extend(reliable_table(w, &figures.reliable));
    Section {
        key: format!("{}-{}", instrument.key, scale.key),
        title: title(w, instrument, scale, finding),
        text,
        points: Vec::new(),
        pictures: change
            .into_iter()
            .chain(bands_picture(w, scale, figures.bands.as_ref()))
            .collect(),
        tables,
    }
}

/// A scale of which nothing new is shown: too few people's answers came or changed.
fn held_back(w: Words, instrument: &Instrument, scale: &Scale, figures: &ScaleFigures) -> Section {
    let title = capitalised(&name(w, instrument, scale));
    Section {
        key: format!("{}-{}", instrument.key, scale.key),
        title: w.report_held_back(&title),
        text: vec![w.report_held_back_text().to_owned()],
        points: Vec::new(),
        pictures: Vec::new(),
        tables: vec![figures_table(w, figures)],
    }
}

/// What this report was held against, and what it was not; nothing where no report was given out.
pub(super) fn earlier(w: Words, report: &ProgrammeReport) -> Option<Section> {
    let days = |period: &Period| w.reporting_days(&w.dated(period.from), &w.dated(period.to));
    let against = report.against.iter();
    let mut rows: Vec<_> = against
        .map(|(period, _)| row(&days(period), Cell::text(w.report_earlier_held())))
        .collect();
    let beside = report.beside.iter();
    rows.extend(beside.map(|period| row(&days(period), Cell::text(w.report_earlier_not()))));
    let mut text = Vec::new();
    if !report.against.is_empty() {
        text.push(w.report_earlier_text().to_owned());
    }
    if !report.beside.is_empty() {
        text.push(w.report_earlier_beside().to_owned());
    }
    (!rows.is_empty()).then(|| Section {
        key: "earlier".to_owned(),
        title: w.report_earlier().to_owned(),
        text,
        points: Vec::new(),
        pictures: Vec::new(),
        tables: vec![Figures {
            key: "earlier",
            caption: w.given_out_list().to_owned(),
            columns: columns([w.given_out_days(), w.report_earlier_how()]),
            rows,
        }],
    })
}

pub(super) fn figures_table(w: Words, figures: &ScaleFigures) -> Figures {
    let mut rows = vec![row(
        w.report_people_compared(),
        Cell::Count(figures.matched),
    )];
    if let Some(change) = &figures.change {
        let number = |name, number| row(name, Cell::Number(Some(number), 2));
        rows.extend([
            number(w.report_mean_before(), change.from.mean),
            number(w.report_mean_after(), change.to.mean),
            number(w.report_mean_change(), change.mean),
            number(w.report_interval_from(), change.interval.0),
            number(w.report_interval_to(), change.interval.1),
            number(w.report_sd_change(), change.sd),
        ]);
        if let Some(test) = change.t_test {
            rows.push(row(w.report_t(), Cell::Number(Some(test.t), 3)));
            rows.push(row(w.report_p_t(), Cell::Number(Some(test.p), 4)));
        }
        let effects = [
            (w.report_d_z(), change.d_z),
            (w.report_g_z(), change.g_z),
            (w.report_d_av(), change.d_av),
        ];
        let known = effects.into_iter().filter(|(_, size)| size.is_some());
        rows.extend(known.map(|(name, size)| row(name, Cell::Number(size, 3))));
    }
    if let Some(ranks) = &figures.ranks {
        rows.push(row(w.report_p_wilcoxon(), Cell::Number(Some(ranks.p), 4)));
    }
    if figures.completed.is_some() {
        let percent = figures.completed.map(|share| share * 100.0);
        rows.push(row(w.report_completed(), Cell::Number(percent, 0)));
    }
    if figures.leavers_mean.is_some() {
        let mean = Cell::Number(figures.leavers_mean, 2);
        rows.push(row(w.report_leavers_mean(), mean));
    }
    Figures {
        key: "change",
        caption: w.report_change_caption().to_owned(),
        columns: columns([w.report_what(), w.report_figure()]),
        rows,
    }
}

fn completion_table(w: Words, figures: &ScaleFigures) -> Option<Figures> {
    let completion = figures.completion?;
    Some(Figures {
        key: "completion",
        caption: w.report_completion_caption().to_owned(),
        columns: columns([w.report_when(), w.report_people()]),
        rows: vec![
            row(w.report_completion_both(), Cell::Count(completion.both)),
            row(w.report_completion_left(), Cell::Count(completion.left)),
            row(
                w.report_completion_only_end(),
                Cell::Count(completion.only_end),
            ),
            row(
                w.report_completion_neither(),
                Cell::Count(completion.neither),
            ),
            row(w.report_all(), Cell::Count(completion.agreed)),
        ],
    })
}

fn band_words(w: Words, band: &Band) -> &'static str {
    match band.key {
        "very-low" => w.report_band_very_low(),
        "low" => w.report_band_low(),
        "medium" => w.report_band_medium(),
        "high" => w.report_band_high(),
        "very-high" => w.report_band_very_high(),
        "not-good" => w.report_band_not_good(),
        "in-between" => w.report_band_in_between(),
        "good" => w.report_band_good(),
        "often-or-always" => w.report_band_often_or_always(),
        "some-of-the-time" => w.report_band_some_of_the_time(),
        "occasionally" => w.report_band_occasionally(),
        "hardly-ever" => w.report_band_hardly_ever(),
        "never" => w.report_band_never(),
        other => other,
    }
}

fn bands_table(w: Words, scale: &Scale, release: Option<&Release>) -> Option<Figures> {
    let (release, bands) = release.zip(scale.bands)?;
    let names = bands.bands.iter().map(|band| band_words(w, band));
    let all: Vec<_> = names.chain([w.report_all()]).collect();
    let rows = all.iter().enumerate().map(|(row, name)| {
        let cells = (0..release.columns()).map(|column| Cell::Count(release.shown(row, column)));
        [Cell::text(*name)].into_iter().chain(cells).collect()
    });
    let head = [w.report_band()].into_iter().chain(all.iter().copied());
    Some(Figures {
        key: "bands",
        caption: w.report_bands_caption().to_owned(),
        columns: head.map(ToOwned::to_owned).collect(),
        rows: rows.collect(),
    })
}

/// How many people were in each band before and after, as a line for each band of which both may be shown.
fn bands_picture(w: Words, scale: &Scale, release: Option<&Release>) -> Option<Picture> {
    let (release, bands) = release.zip(scale.bands)?;
    let last = (
        release.rows().checked_sub(1)?,
        release.columns().checked_sub(1)?,
    );
    let number = |shown: Shown| match shown {
        Shown::Number(number) => Some(number),
        Shown::Under(_) | Shown::Hidden => None,
    };
    let ways: Vec<_> = bands
        .bands
        .iter()
        .enumerate()
        .filter_map(|(place, band)| {
            let before = number(release.shown(place, last.1))?;
            let after = number(release.shown(last.0, place))?;
            Some((band_words(w, band), before, after))
        })
        .collect();
    // One line alone has nothing beside it to be compared with.
    (ways.len() > 1).then(|| Picture::slopes(w, w.report_chart_bands(), &ways))
}

fn reliable_table(w: Words, reliable: &[ReliableShown]) -> Option<Figures> {
    let rows: Vec<_> = reliable
        .iter()
        .map(|one| {
            let origin = match one.threshold.origin {
                Origin::Published => w.report_origin_published(),
                Origin::Convention => w.report_origin_convention(),
            };
            vec![
                Cell::text(w.report_points(&one.threshold.least.as_points(), &origin)),
                Cell::Count(one.improved),
                Cell::Count(one.about_the_same),
                Cell::Count(one.worse),
            ]
        })
        .collect();
    (!rows.is_empty()).then(|| Figures {
        key: "reliable",
        caption: w.report_changed_caption().to_owned(),
        columns: columns([
            w.report_by_at_least(),
            w.report_changed_better(),
            w.report_changed_same(),
            w.report_changed_worse(),
        ]),
        rows,
    })
}

fn answered_table<T: Copy>(
    w: Words,
    (key, caption): (&'static str, &str),
    answered: &Answered<T>,
    words: impl Fn(Words, T) -> &'static str,
) -> Figures {
    let each = answered.each.iter();
    let mut rows: Vec<_> = each
        .map(|(answer, count)| row(words(w, *answer), Cell::Count(*count)))
        .collect();
    rows.push(row(w.report_not_answered(), Cell::Count(answered.none)));
    rows.push(row(w.report_all(), Cell::Count(answered.total)));
    Figures {
        key,
        caption: caption.to_owned(),
        columns: columns([w.report_answer(), w.report_how_often()]),
        rows,
    }
}

pub(super) fn pulse(w: Words, report: &ProgrammeReport) -> Section {
    let pulse = &report.pulse;
    let of = |wanted| {
        let mut each = pulse.day.each.iter();
        each.find(|(day, _)| *day == wanted)
            .and_then(|(_, count)| number(*count))
    };
    let good = of(Day::VeryGood)
        .zip(of(Day::Good))
        .map(|(very, good)| very + good);
    let total = number(pulse.day.total).filter(|total| *total > 0);
    let title = good.zip(total).map_or_else(
        || w.report_pulse_title().to_owned(),
        |(good, total)| w.report_pulse_good(&good, &total),
    );
    let means: Vec<(String, Option<f64>)> = pulse
        .sessions
        .iter()
        .map(|one| (session_name(w, one.number, one.date), one.day_mean))
        .collect();
    let sessions = means
        .iter()
        .map(|(name, mean)| row(name, Cell::Number(*mean, 2)));
    let days: Vec<(String, Shown)> = pulse
        .day
        .each
        .iter()
        .map(|(day, count)| (w.how_day(*day).to_owned(), *count))
        .collect();
    let is_told = means.iter().any(|(_, mean)| mean.is_some());
    let over_time = is_told.then(|| Picture::means(w, w.report_day_mean(), (1.0, 5.0), &means));
    let pictures = total
        .map(|_| Picture::bars(w, w.report_pulse_day(), &days))
        .into_iter()
        .chain(over_time)
        .collect();
    Section {
        key: "pulse".to_owned(),
        title,
        text: vec![w.report_pulse_text().to_owned()],
        points: Vec::new(),
        pictures,
        tables: vec![
            answered_table(w, ("day", w.report_pulse_day()), &pulse.day, Words::how_day),
            answered_table(
                w,
                ("safe", w.report_pulse_safe()),
                &pulse.felt,
                Words::how_felt,
            ),
            Figures {
                key: "sessions",
                caption: w.report_day_mean().to_owned(),
                columns: columns([w.report_session(), w.report_mean()]),
                rows: sessions.collect(),
            },
        ],
    }
}

fn reason_words(w: Words, reason: Reason) -> String {
    let words = match reason {
        Reason::UnknownInstrument => w.report_reason_unknown_instrument(),
        Reason::UnknownVersion => w.report_reason_unknown_version(),
        Reason::UnknownItem => w.report_reason_unknown_item(),
        Reason::OutsideScale { low, high } => return w.report_reason_outside_scale(&high, &low),
        Reason::Twice => w.report_reason_twice(),
        Reason::NotAParticipant => w.report_reason_not_participant(),
        Reason::NoConsent => w.report_reason_no_consent(),
        Reason::BeforeConsent => w.report_reason_before_consent(),
        Reason::AfterWithdrawal => w.report_reason_after_withdrawal(),
        Reason::ConsentWithdrawn => w.report_reason_consent_withdrawn(),
        Reason::OutsideWindow => w.report_reason_outside_window(),
        Reason::AnotherIsNearer => w.report_reason_nearer(),
    };
    words.to_owned()
}

pub(super) fn left_out(w: Words, report: &ProgrammeReport) -> Section {
    let title = if report.left_out.is_empty() {
        w.report_left_out_all()
    } else {
        w.report_left_out_some()
    };
    Section {
        key: "left-out".to_owned(),
        title: title.to_owned(),
        text: Vec::new(),
        points: Vec::new(),
        pictures: Vec::new(),
        tables: vec![Figures {
            key: "left-out",
            caption: w.report_left_out_caption().to_owned(),
            columns: columns([w.report_why(), w.report_people()]),
            rows: report
                .left_out
                .iter()
                .map(|one| row(&reason_words(w, one.reason), Cell::Count(one.people)))
                .collect(),
        }],
    }
}

pub(super) fn method(w: Words, report: &ProgrammeReport, catalogue: &Catalogue) -> Section {
    let policy = report.policy;
    let mut text = vec![
        w.report_method_counts(&policy.mean_min(), &(policy.count_min() - 1)),
        w.report_method_pairs().to_owned(),
        w.report_method_who().to_owned(),
    ];
    let comparison = report.comparison.as_ref();
    text.extend(comparison.map(|comparison| w.report_method_comparison(comparison)));
    let around = report.feelings.iter().map(|session| &session.whole);
    let scales = report.scales.iter().chain(around);
    let used: BTreeSet<InstrumentNo> = scales.map(|one| one.instrument).collect();
    let used = used.into_iter().filter_map(|one| catalogue.get(one));
    text.extend(used.map(|instrument| format!("{}: {}", instrument.key, instrument.citation)));
    Section {
        key: "method".to_owned(),
        title: w.report_method_title().to_owned(),
        text,
        points: Vec::new(),
        pictures: Vec::new(),
        tables: Vec::new(),
    }
}
