//! An evaluation for another program.

use serde::Serialize;
use wellfield_core::measures::instrument::{
    Checked, Direction, Level, Licence, Origin, Part, Standing,
};
use wellfield_core::measures::statistics::WilcoxonMethod;
use wellfield_core::measures::wellby::{PRICE_YEAR, Wellbys, is_life_satisfaction, wellbys};
use wellfield_core::measures::{
    BandTable, Caveat, Figures, Instrument, Movement, ReliableCount, Scale, ScaleReport, Strength,
};

use wellfield_wording::report::{sentence, session_sentence};

use super::{ENGLISH, Evaluation};

/// What a reader has to know who wants to publish any of it.
const NOTE: &str = "Counts of one to four people, in bands, n_left and elsewhere, are for the evaluator and not for publication.";

#[derive(Serialize)]
struct EvaluationJson<'e> {
    note: &'static str,
    rows: usize,
    rows_left_out: usize,
    left_out: Vec<LeftOutJson<'e>>,
    answers_of_other_moments: usize,
    notes: &'e [String],
    scales: Vec<ScaleJson<'e>>,
    /// Where nobody was asked around a session there is no such key, as before there were any.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    sessions: Vec<SessionJson<'e>>,
}

/// What came out before and after one session: `baseline` is before it and `end` after it.
#[derive(Serialize)]
struct SessionJson<'e> {
    session: &'e str,
    scales: Vec<ScaleJson<'e>>,
}

#[derive(Serialize)]
struct LeftOutJson<'e> {
    line: u64,
    column: &'e str,
    code: &'static str,
    reason: &'e str,
}

#[derive(Serialize)]
struct ScaleJson<'e> {
    instrument: &'e str,
    version: u16,
    scale: &'e str,
    part_of_a_whole: bool,
    direction: &'static str,
    level: &'static str,
    standing: &'static str,
    checked_with_publication: bool,
    copyright: Option<&'static str>,
    citation: &'e str,
    n_eligible: usize,
    n_baseline: usize,
    n_end: usize,
    n_matched: usize,
    n_left: usize,
    completion: Option<f64>,
    mean_baseline_of_leavers: Option<f64>,
    mean_baseline: Option<f64>,
    mean_end: Option<f64>,
    sd_baseline: Option<f64>,
    sd_end: Option<f64>,
    change: Option<f64>,
    sd: Option<f64>,
    ci95: Option<[f64; 2]>,
    t: Option<f64>,
    df: Option<usize>,
    p: Option<f64>,
    wilcoxon_w: Option<f64>,
    wilcoxon_p: Option<f64>,
    wilcoxon_method: Option<&'static str>,
    wilcoxon_v: Option<f64>,
    wilcoxon_n: Option<usize>,
    wilcoxon_zeros: Option<usize>,
    wilcoxon_ties: Option<bool>,
    wilcoxon_z: Option<f64>,
    wilcoxon_p_normal: Option<f64>,
    wilcoxon_r: Option<f64>,
    d_z: Option<f64>,
    g_z: Option<f64>,
    d_av: Option<f64>,
    bands: Option<BandsJson>,
    reliable_change: Vec<ReliableJson>,
    wellby: Option<WellbyJson>,
    strength: &'static str,
    movement: Option<&'static str>,
    caveats: Vec<&'static str>,
    sentence: String,
}

#[derive(Serialize)]
struct BandsJson {
    names: Vec<&'static str>,
    /// `people[before][after]`.
    people: Vec<Vec<u32>>,
    least_well: &'static str,
    left_least_well: Option<u32>,
    came_into_least_well: Option<u32>,
    mcnemar_p: Option<f64>,
}

#[derive(Serialize)]
struct ReliableJson {
    least: f64,
    origin: &'static str,
    improved: u32,
    about_the_same: u32,
    worse: u32,
}

#[derive(Serialize)]
struct WellbyJson {
    wellbys: f64,
    wellbys_ci95: [f64; 2],
    price_year: u16,
    pounds_low: f64,
    pounds_central: f64,
    pounds_high: f64,
    pounds_range: [f64; 2],
    caveats: &'static str,
}

/// An evaluation for another program.
///
/// # Errors
/// Where it cannot be written as JSON.
pub fn json(evaluation: &Evaluation) -> Result<String, serde_json::Error> {
    let scales = evaluation.report.scales.iter().filter_map(|report| {
        let instrument = evaluation.catalogue.get(report.instrument)?;
        let scale = instrument.scales.get(report.scale)?;
        let said = sentence(ENGLISH, instrument, scale, report);
        Some(scale_json(evaluation, (instrument, scale), report, said))
    });
    let sessions = evaluation.sessions.iter().map(|(session, scales)| {
        let scales = scales.iter().filter_map(|report| {
            let instrument = evaluation.catalogue.get(report.instrument)?;
            let scale = instrument.scales.get(report.scale)?;
            let said = session_sentence(ENGLISH, instrument, scale, report);
            Some(scale_json(evaluation, (instrument, scale), report, said))
        });
        SessionJson {
            session,
            scales: scales.collect(),
        }
    });
    let mut lines: Vec<_> = evaluation.left_out.iter().map(|row| row.line).collect();
    lines.dedup();
    serde_json::to_string_pretty(&EvaluationJson {
        note: NOTE,
        rows: evaluation.rows,
        rows_left_out: lines.len(),
        left_out: evaluation
            .left_out
            .iter()
            .map(|row| LeftOutJson {
                line: row.line,
                column: &row.column,
                code: row.code,
                reason: &row.reason,
            })
            .collect(),
        answers_of_other_moments: evaluation.other_moments,
        notes: &evaluation.notes,
        scales: scales.collect(),
        sessions: sessions.collect(),
    })
}

fn scale_json<'e>(
    evaluation: &'e Evaluation,
    (instrument, scale): (&'e Instrument, &'e Scale),
    report: &'e ScaleReport,
    said: String,
) -> ScaleJson<'e> {
    let counts = report.counts;
    let figures = report.figures.as_ref();
    let change = figures.and_then(|figures| figures.change.as_ref());
    let test = change.and_then(|change| change.t_test);
    let ranks = figures.and_then(|figures| figures.ranks);
    ScaleJson {
        instrument: &instrument.key,
        version: instrument.version,
        scale: &scale.key,
        part_of_a_whole: scale.part == Part::Word,
        direction: direction_word(scale.direction),
        level: match scale.level {
            Level::Interval => "interval",
            Level::Ordinal => "ordinal",
        },
        standing: standing_word(instrument.standing),
        checked_with_publication: instrument.checked == Checked::Published,
        copyright: match instrument.licence {
            Licence::Open => None,
            Licence::Registered { copyright } => Some(copyright),
        },
        citation: &instrument.citation,
        n_eligible: counts.eligible,
        n_baseline: counts.baseline,
        n_end: counts.end,
        n_matched: counts.matched,
        n_left: counts.left(),
        completion: counts.completion(),
        mean_baseline_of_leavers: report.leavers_mean,
        mean_baseline: change.map(|change| change.from.mean),
        mean_end: change.map(|change| change.to.mean),
        sd_baseline: change.and_then(|change| change.from.sd),
        sd_end: change.and_then(|change| change.to.sd),
        change: change.map(|change| change.mean),
        sd: change.map(|change| change.sd),
        ci95: change.map(|change| [change.interval.0, change.interval.1]),
        t: test.map(|test| test.t),
        df: test.map(|test| test.df),
        p: test.map(|test| test.p),
        wilcoxon_w: ranks.map(|ranks| ranks.w),
        wilcoxon_p: ranks.map(|ranks| ranks.p),
        wilcoxon_method: ranks.map(|ranks| match ranks.method {
            WilcoxonMethod::Exact => "exact",
            WilcoxonMethod::Normal => "normal approximation with continuity correction",
        }),
        wilcoxon_v: ranks.map(|ranks| ranks.w_plus),
        wilcoxon_n: ranks.map(|ranks| ranks.n),
        wilcoxon_zeros: ranks.map(|ranks| ranks.zeros),
        wilcoxon_ties: ranks.map(|ranks| ranks.ties),
        wilcoxon_z: ranks.map(|ranks| ranks.z),
        wilcoxon_p_normal: ranks.map(|ranks| ranks.p_normal),
        wilcoxon_r: ranks.map(|ranks| ranks.r),
        d_z: change.and_then(|change| change.d_z),
        g_z: change.and_then(|change| change.g_z),
        d_av: change.and_then(|change| change.d_av),
        bands: figures.and_then(|figures| bands_json(scale, figures)),
        reliable_change: figures.map_or_else(Vec::new, |figures| {
            figures.reliable.iter().map(reliable_json).collect()
        }),
        wellby: wellby(evaluation, instrument, scale, report).map(|worth| wellby_json(&worth)),
        strength: match report.finding.strength {
            Strength::Stories => "stories",
            Strength::Indicative => "indicative",
            Strength::Inferential => "inferential",
        },
        movement: report.finding.movement.map(movement_word),
        caveats: report
            .finding
            .caveats
            .iter()
            .map(|caveat| caveat_word(*caveat))
            .collect(),
        sentence: said,
    }
}

/// The worth of a change in life satisfaction, where it was asked for and there are figures.
pub(super) fn wellby(
    evaluation: &Evaluation,
    instrument: &Instrument,
    scale: &Scale,
    report: &ScaleReport,
) -> Option<Wellbys> {
    let lasting = evaluation.lasting?;
    let satisfied = is_life_satisfaction(instrument, scale);
    let change = report.figures.as_ref()?.change.as_ref()?;
    satisfied.then(|| wellbys(change, lasting))
}

fn bands_json(scale: &Scale, figures: &Figures) -> Option<BandsJson> {
    let bands = scale.bands?;
    let BandTable { people, least_well } = figures.bands.as_ref()?;
    Some(BandsJson {
        names: bands.bands.iter().map(|band| band.key).collect(),
        people: people.clone(),
        least_well: bands.bands.get(bands.least_well)?.key,
        left_least_well: least_well.map(|test| test.left),
        came_into_least_well: least_well.map(|test| test.came),
        mcnemar_p: least_well.map(|test| test.p),
    })
}

fn reliable_json(count: &ReliableCount) -> ReliableJson {
    ReliableJson {
        least: count.threshold.least.as_points(),
        origin: match count.threshold.origin {
            Origin::Published => "published",
            Origin::Convention => "our convention",
        },
        improved: count.improved,
        about_the_same: count.about_the_same,
        worse: count.worse,
    }
}

fn wellby_json(worth: &Wellbys) -> WellbyJson {
    WellbyJson {
        wellbys: worth.wellbys,
        wellbys_ci95: [worth.wellbys_interval.0, worth.wellbys_interval.1],
        price_year: PRICE_YEAR,
        pounds_low: worth.pounds.0,
        pounds_central: worth.pounds.1,
        pounds_high: worth.pounds.2,
        pounds_range: [worth.pounds_range.0, worth.pounds_range.1],
        caveats: "No comparison group; how long the change lasts is assumed; only those who answered both times; prices of 2019; no money that anybody saved.",
    }
}

const fn direction_word(direction: Direction) -> &'static str {
    match direction {
        Direction::HigherIsBetter => "higher_is_better",
        Direction::LowerIsBetter => "lower_is_better",
        Direction::Neither => "neither",
    }
}

const fn standing_word(standing: Standing) -> &'static str {
    match standing {
        Standing::Validated => "validated",
        Standing::Unvalidated => "unvalidated",
        Standing::Apart => "reported_apart",
    }
}

const fn movement_word(movement: Movement) -> &'static str {
    match movement {
        Movement::Better => "better",
        Movement::Worse => "worse",
        Movement::Rose => "rose",
        Movement::Fell => "fell",
        Movement::NotClear => "not_clear",
    }
}

const fn caveat_word(caveat: Caveat) -> &'static str {
    match caveat {
        Caveat::NoComparisonGroup => "no_comparison_group",
        Caveat::RegressionToTheMean => "regression_to_the_mean",
        Caveat::Unvalidated => "unvalidated",
        Caveat::ReportedApart => "reported_apart",
        Caveat::ManyLeft => "many_left",
        Caveat::Helped { .. } | Caveat::SomeHelped => "helped",
    }
}
