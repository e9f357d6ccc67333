//! What a report says, section by section.

use std::collections::BTreeSet;

use wellfield_core::consent::Purpose;
use wellfield_core::disclosure::{Release, Shown};
use wellfield_core::evaluation::Collected;
use wellfield_core::measures::instrument::{Origin, Part};
use wellfield_core::measures::{Instrument, InstrumentNo, Reason, Scale};
use wellfield_core::people::AccessNeed;
use wellfield_core::pulse::{Day, Felt};
use wellfield_core::records::Delivery;
use wellfield_core::reporting::{Answered, ProgrammeReport, ReliableShown, ScaleFigures};

use super::chart::Chart;
use super::{Cell, Figures, Section, day};
use crate::evaluate::{caveats, said, title};

fn row(name: &str, cell: Cell) -> Vec<Cell> {
    vec![Cell::text(name), cell]
}

fn columns<const N: usize>(names: [&str; N]) -> Vec<String> {
    names.map(ToOwned::to_owned).to_vec()
}

/// A count in a sentence.
fn people(count: Shown) -> String {
    match count {
        Shown::Number(1) => "1 person".to_owned(),
        Shown::Number(number) => format!("{number} people"),
        Shown::Under(least) => format!("Fewer than {least} people"),
        Shown::Hidden => "People".to_owned(),
    }
}

pub(super) fn reach(report: &ProgrammeReport) -> Section {
    let reach = &report.reach;
    let sessions = reach.sessions.len();
    let title = match sessions {
        0 => "Nobody came to a session in this time".to_owned(),
        1 => format!("{} came to 1 session", people(reach.people)),
        _ => format!("{} came to {sessions} sessions", people(reach.people)),
    };
    let held = u32::try_from(sessions).map_or(Shown::Hidden, Shown::Number);
    Section {
        key: "reach".to_owned(),
        title,
        text: vec![
            "A person counts once, however often they came. Somebody new had not been at a session of this programme before. Hours are those of the sessions, from when somebody came until they left.".to_owned(),
        ],
        chart: None,
        tables: vec![Figures {
            key: "reach",
            caption: "Whom the programme reached".to_owned(),
            columns: columns(["What", "How many"]),
            rows: vec![
                row("People", Cell::Count(reach.people)),
                row("Of these, new", Cell::Count(reach.newcomers)),
                row("Sessions held", Cell::Count(held)),
                row("Attendances", Cell::Count(reach.attendances)),
                row("Hours", Cell::Number(reach.hours, 0)),
            ],
        }],
    }
}

pub(super) fn attendance(report: &ProgrammeReport) -> Section {
    let sessions = &report.reach.sessions;
    let shown: Vec<u32> = sessions
        .iter()
        .filter_map(|session| match session.here {
            Shown::Number(number) => Some(number),
            Shown::Under(_) | Shown::Hidden => None,
        })
        .collect();
    let title = match (shown.iter().min(), shown.iter().max()) {
        (Some(least), Some(most)) if least == most && shown.len() == sessions.len() => {
            format!("{least} people came to each session")
        }
        (Some(least), Some(most)) if shown.len() == sessions.len() => {
            format!("Between {least} and {most} people came to a session")
        }
        _ => "How many people came to each session".to_owned(),
    };
    let name = |number: u16, date| format!("Session {number}, {}", day(date));
    Section {
        key: "attendance".to_owned(),
        title,
        text: Vec::new(),
        chart: (!sessions.is_empty()).then(|| {
            Chart::bars(
                "People at each session",
                sessions
                    .iter()
                    .map(|session| (name(session.number, session.date), session.here)),
            )
        }),
        tables: vec![Figures {
            key: "sessions",
            caption: "People at each session".to_owned(),
            columns: columns(["Session", "People"]),
            rows: sessions
                .iter()
                .map(|session| {
                    row(
                        &name(session.number, session.date),
                        Cell::Count(session.here),
                    )
                })
                .collect(),
        }],
    }
}

const fn need_words(need: AccessNeed) -> &'static str {
    match need {
        AccessNeed::StepFree => "No steps or rough ground",
        AccessNeed::Seating => "Somewhere to sit",
        AccessNeed::Hearing => "Help with hearing",
        AccessNeed::Sight => "Help with seeing",
        AccessNeed::Reading => "Help with reading",
        AccessNeed::Language => "Another language",
        AccessNeed::QuietSpace => "A quiet place",
        AccessNeed::Breaks => "Breaks",
        AccessNeed::ClearSteps => "One clear step at a time",
        AccessNeed::Companion => "Somebody with them",
        AccessNeed::AssistanceDog => "An assistance dog",
        AccessNeed::Toilet => "A toilet close by",
        AccessNeed::Transport => "A way to get there",
    }
}

pub(super) fn needs(report: &ProgrammeReport) -> Section {
    let needs = &report.reach.needs;
    let most = needs.iter().filter_map(|one| match one.people {
        Shown::Number(number) => Some((number, one.need)),
        Shown::Under(_) | Shown::Hidden => None,
    });
    let title = most.max().map_or_else(
        || "What people needed to take part".to_owned(),
        |(number, need)| {
            let need = need_words(need);
            format!(
                "What people needed most often: {} ({number} people)",
                need.to_lowercase()
            )
        },
    );
    Section {
        key: "needs".to_owned(),
        title,
        text: vec![
            "Needs that people told, of those who came. Somebody may have several. Whoever did not agree that needs are kept is not counted as having any.".to_owned(),
        ],
        chart: None,
        tables: vec![Figures {
            key: "needs",
            caption: "People with a need".to_owned(),
            columns: columns(["Need", "People"]),
            rows: needs
                .iter()
                .map(|one| row(need_words(one.need), Cell::Count(one.people)))
                .collect(),
        }],
    }
}

/// A section for each scale, but for the single words of an umbrella.
pub(super) fn scales<'a>(
    report: &'a ProgrammeReport,
    collected: &'a Collected,
) -> impl Iterator<Item = Section> + 'a {
    report.scales.iter().filter_map(|figures| {
        let instrument = collected.catalogue.get(figures.instrument)?;
        let scale = instrument.scales.get(figures.scale)?;
        (scale.part == Part::Whole).then(|| scale_section(instrument, scale, figures))
    })
}

fn scale_section(instrument: &Instrument, scale: &Scale, figures: &ScaleFigures) -> Section {
    let finding = &figures.finding;
    let mut text = vec![said(instrument, scale, finding, figures.change.as_ref())];
    text.extend(caveats(finding));
    text.extend(instrument.copyright().map(ToOwned::to_owned));
    let range = scale.range(instrument);
    let chart = figures
        .change
        .as_ref()
        .zip(range)
        .map(|(change, (low, high))| {
            let ends = (low.as_points(), high.as_points());
            Chart::change(
                "Mean before and after",
                ends,
                (change.from.mean, change.to.mean),
            )
        });
    let mut tables = vec![figures_table(figures)];
    tables.extend(completion_table(figures));
    tables.extend(bands_table(scale, figures.bands.as_ref()));
    tables.extend(reliable_table(&figures.reliable));
    Section {
        key: format!("{}-{}", instrument.key, scale.key),
        title: title(instrument, scale, finding),
        text,
        chart,
        tables,
    }
}

fn figures_table(figures: &ScaleFigures) -> Figures {
    let mut rows = vec![row("People compared", Cell::Count(figures.matched))];
    if let Some(change) = &figures.change {
        let number = |name, number| row(name, Cell::Number(Some(number), 2));
        rows.extend([
            number("Mean before", change.from.mean),
            number("Mean after", change.to.mean),
            number("Mean change for the better", change.mean),
            number("95% interval from", change.interval.0),
            number("95% interval to", change.interval.1),
            number("Standard deviation of the change", change.sd),
        ]);
        if let Some(test) = change.t_test {
            rows.push(row("Paired t", Cell::Number(Some(test.t), 3)));
            rows.push(row("p of the paired t-test", Cell::Number(Some(test.p), 4)));
        }
        let effects = [
            ("Effect size d_z", change.d_z),
            ("Effect size g_z", change.g_z),
            ("Effect size d_av", change.d_av),
        ];
        let known = effects.into_iter().filter(|(_, size)| size.is_some());
        rows.extend(known.map(|(name, size)| row(name, Cell::Number(size, 3))));
    }
    if let Some(ranks) = &figures.ranks {
        rows.push(row(
            "p of Wilcoxon’s signed ranks",
            Cell::Number(Some(ranks.p), 4),
        ));
    }
    if figures.completed.is_some() {
        let percent = figures.completed.map(|share| share * 100.0);
        rows.push(row(
            "Answered at the end, in % of those who did at the beginning",
            Cell::Number(percent, 0),
        ));
    }
    if figures.leavers_mean.is_some() {
        rows.push(row(
            "Mean before of those without an answer at the end",
            Cell::Number(figures.leavers_mean, 2),
        ));
    }
    Figures {
        key: "change",
        caption: "Before and after".to_owned(),
        columns: columns(["What", "Figure"]),
        rows,
    }
}

fn completion_table(figures: &ScaleFigures) -> Option<Figures> {
    let completion = figures.completion?;
    Some(Figures {
        key: "completion",
        caption: "Who answered, of those who agreed to the evaluation".to_owned(),
        columns: columns(["When", "People"]),
        rows: vec![
            row("Before and after", Cell::Count(completion.both)),
            row("Only before", Cell::Count(completion.left)),
            row("Only after", Cell::Count(completion.only_end)),
            row("Neither", Cell::Count(completion.neither)),
            row("All", Cell::Count(completion.agreed)),
        ],
    })
}

fn bands_table(scale: &Scale, release: Option<&Release>) -> Option<Figures> {
    let (release, bands) = release.zip(scale.bands)?;
    let names: Vec<String> = bands
        .bands
        .iter()
        .map(|band| band.key.replace('-', " "))
        .collect();
    let all = names.iter().map(String::as_str).chain(["All"]);
    let rows = all.clone().enumerate().map(|(row, name)| {
        let cells = (0..release.columns()).map(|column| Cell::Count(release.shown(row, column)));
        [Cell::text(name)].into_iter().chain(cells).collect()
    });
    Some(Figures {
        key: "bands",
        caption: "People in each band: before in the rows, after in the columns".to_owned(),
        columns: ["Before"]
            .into_iter()
            .chain(all.clone())
            .map(ToOwned::to_owned)
            .collect(),
        rows: rows.collect(),
    })
}

fn reliable_table(reliable: &[ReliableShown]) -> Option<Figures> {
    let rows: Vec<_> = reliable
        .iter()
        .map(|one| {
            let origin = match one.threshold.origin {
                Origin::Published => "published",
                Origin::Convention => "our convention",
            };
            vec![
                Cell::text(points(one.threshold.least.as_points(), origin)),
                Cell::Count(one.improved),
                Cell::Count(one.about_the_same),
                Cell::Count(one.worse),
            ]
        })
        .collect();
    (!rows.is_empty()).then(|| Figures {
        key: "reliable",
        caption: "People who changed by at least so much".to_owned(),
        columns: columns(["By at least", "Better", "About the same", "Worse"]),
        rows,
    })
}

fn points(least: f64, origin: &str) -> String {
    let word = if least == 1.0 { "point" } else { "points" };
    format!("{least} {word} ({origin})")
}

const fn day_words(day: Day) -> &'static str {
    match day {
        Day::VeryGood => "Very good",
        Day::Good => "Good",
        Day::Mixed => "Neither good nor bad",
        Day::Bad => "Bad",
        Day::VeryBad => "Very bad",
    }
}

const fn felt_words(felt: Felt) -> &'static str {
    match felt {
        Felt::Yes => "Yes",
        Felt::Partly => "Partly",
        Felt::No => "No",
    }
}

fn answered_table<T: Copy>(
    key: &'static str,
    caption: &str,
    answered: &Answered<T>,
    words: impl Fn(T) -> &'static str,
) -> Figures {
    let each = answered.each.iter();
    let mut rows: Vec<_> = each
        .map(|(answer, count)| row(words(*answer), Cell::Count(*count)))
        .collect();
    rows.push(row("Did not answer this", Cell::Count(answered.none)));
    rows.push(row("All", Cell::Count(answered.total)));
    Figures {
        key,
        caption: caption.to_owned(),
        columns: columns(["Answer", "How often"]),
        rows,
    }
}

pub(super) fn pulse(report: &ProgrammeReport) -> Section {
    let pulse = &report.pulse;
    let of = |day| {
        pulse
            .day
            .each
            .iter()
            .find(|(one, _)| *one == day)
            .map(|(_, count)| *count)
    };
    let title = match (of(Day::VeryGood), of(Day::Good), pulse.day.total) {
        (Some(Shown::Number(very)), Some(Shown::Number(good)), Shown::Number(total))
            if total > 0 =>
        {
            format!(
                "{} of {total} times people called the day good or very good",
                very + good
            )
        }
        _ => "How people said that the day was".to_owned(),
    };
    let name = |number: u16, date| format!("Session {number}, {}", day(date));
    let sessions = pulse.sessions.iter();
    Section {
        key: "pulse".to_owned(),
        title,
        text: vec![
            "Asked after sessions, of whoever wanted to answer. It is our own question and not a validated measure. The same person may have answered after several sessions.".to_owned(),
        ],
        chart: None,
        tables: vec![
            answered_table("day", "“How was today?”", &pulse.day, day_words),
            answered_table("safe", "“Did you feel safe and included?”", &pulse.felt, felt_words),
            Figures {
                key: "sessions",
                caption: "Mean of how the day was, 1 very bad to 5 very good".to_owned(),
                columns: columns(["Session", "Mean"]),
                rows: sessions
                    .map(|one| row(&name(one.number, one.date), Cell::Number(one.day_mean, 2)))
                    .collect(),
            },
        ],
    }
}

fn reason_words(reason: Reason) -> String {
    match reason {
        Reason::UnknownInstrument => "An instrument that is not known".to_owned(),
        Reason::UnknownVersion => "A version of an instrument that is not known".to_owned(),
        Reason::UnknownItem => "A question that is not known".to_owned(),
        Reason::OutsideScale { low, high } => {
            format!("Outside the scale, which is {low} to {high}")
        }
        Reason::Twice => {
            "Answered twice at the same moment, and nothing tells which counts".to_owned()
        }
        Reason::NotAParticipant => "Not a participant".to_owned(),
        Reason::NoConsent => "Never agreed to the evaluation".to_owned(),
        Reason::BeforeConsent => "Answered before they agreed".to_owned(),
        Reason::AfterWithdrawal => "Answered after they withdrew".to_owned(),
        Reason::ConsentWithdrawn => "Withdrew later".to_owned(),
        Reason::OutsideWindow => "Answered too long before or after".to_owned(),
        Reason::AnotherIsNearer => {
            "Answered again nearer to the session, and that counts".to_owned()
        }
    }
}

pub(super) fn left_out(report: &ProgrammeReport) -> Section {
    let title = if report.left_out.is_empty() {
        "Every answer is in the figures"
    } else {
        "Some answers are not in the figures, and why"
    };
    Section {
        key: "left-out".to_owned(),
        title: title.to_owned(),
        text: Vec::new(),
        chart: None,
        tables: vec![Figures {
            key: "left-out",
            caption: "People of whom some answer is out of the figures".to_owned(),
            columns: columns(["Why", "People"]),
            rows: report
                .left_out
                .iter()
                .map(|one| row(&reason_words(one.reason), Cell::Count(one.people)))
                .collect(),
        }],
    }
}

pub(super) fn method(
    delivery: &Delivery,
    report: &ProgrammeReport,
    collected: &Collected,
) -> Section {
    let policy = report.policy;
    let mut text = vec![
        format!(
            "Counts of one to {} people are not shown, nor others from which they would follow. Means and changes are shown from {} people on.",
            policy.count_min() - 1,
            policy.mean_min()
        ),
        "Before and after is about people who answered both times, and never compares two groups. A single question, and any scale with fewer than 30 people, is tested with Wilcoxon’s signed ranks, else with the paired t-test; p under 0.05 counts as a clear change. Nothing here shows that the programme brought a change about: there was no group to compare with.".to_owned(),
        "The answers of whoever did not agree to the evaluation, or withdrew, are not in it. The rules stand in docs/measures.md of the program that made this report.".to_owned(),
    ];
    let given = delivery.people().filter(|(person, _)| {
        delivery
            .consent
            .status(*person, Purpose::Evaluation)
            .permits()
    });
    if given.count() == 0 {
        text.push("Nobody has agreed to the evaluation.".to_owned());
    }
    let used: BTreeSet<InstrumentNo> = report.scales.iter().map(|one| one.instrument).collect();
    let used = used
        .into_iter()
        .filter_map(|one| collected.catalogue.get(one));
    text.extend(used.map(|instrument| format!("{}: {}", instrument.key, instrument.citation)));
    Section {
        key: "method".to_owned(),
        title: "How this was worked out".to_owned(),
        text,
        chart: None,
        tables: Vec::new(),
    }
}
