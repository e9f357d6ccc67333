//! Findings in English sentences, for the command line and for what the server prints.

use std::fmt::Write;

use wellfield_core::disclosure::{Policy, count};
use wellfield_core::measures::instrument::{Direction, Level};
use wellfield_core::measures::statistics::PairedChange;
use wellfield_core::measures::{
    Caveat, EffectSize, Finding, Instrument, Movement, Scale, ScaleReport, Strength,
};

/// What is measured, in plain words, by instrument and scale.
const NAMES: &[(&str, &str, &str)] = &[
    ("ons4", "satisfied", "satisfaction with life"),
    (
        "ons4",
        "worthwhile",
        "the feeling that what one does is worthwhile",
    ),
    ("ons4", "happy", "happiness yesterday"),
    ("ons4", "anxious", "anxiety yesterday"),
    ("swemwbs", "metric", "mental wellbeing (SWEMWBS)"),
    ("wemwbs", "total", "mental wellbeing (WEMWBS)"),
    (
        "ucl-umbrella-older",
        "total",
        "positive mood (UCL umbrella for older adults)",
    ),
    (
        "ucl-umbrella-positive",
        "total",
        "positive mood (UCL umbrella)",
    ),
    (
        "ucl-umbrella-negative",
        "total",
        "negative mood (UCL umbrella)",
    ),
    (
        "ucl-questionnaire",
        "total",
        "wellbeing (UCL questionnaire)",
    ),
    ("ucla3", "loneliness", "loneliness (UCLA, three items)"),
    (
        "ons-loneliness",
        "lonely",
        "how seldom people feel lonely (ONS)",
    ),
    ("pulse", "day", "how the day was"),
    ("pulse", "safe", "how safe and included people felt"),
    (
        "service-use",
        "gp",
        "visits to a GP or practice nurse in three months, as people remember them",
    ),
    (
        "service-use",
        "urgent-care",
        "visits to A&E or urgent care in three months, as people remember them",
    ),
    (
        "service-use",
        "hospital",
        "overnight stays in hospital in three months, as people remember them",
    ),
];

/// What a scale measures, in plain words.
pub(super) fn name(instrument: &Instrument, scale: &Scale) -> String {
    NAMES
        .iter()
        .find(|(key, of, _)| *key == instrument.key && *of == scale.key)
        .map_or_else(
            || format!("“{}” ({})", scale.key, instrument.key),
            |(.., name)| (*name).to_owned(),
        )
}

/// What a report says of a scale. It never says that anything brought a change about.
pub fn sentence(instrument: &Instrument, scale: &Scale, report: &ScaleReport) -> String {
    let change = report.figures.as_ref();
    let change = change.and_then(|figures| figures.change.as_ref());
    let mut text = said(instrument, scale, &report.finding, change);
    for caveat in caveats(&report.finding) {
        text.push(' ');
        text.push_str(&caveat);
    }
    text
}

/// What is found, without what has to stand beside it.
pub(crate) fn said(
    instrument: &Instrument,
    scale: &Scale,
    finding: &Finding,
    change: Option<&PairedChange>,
) -> String {
    let name = name(instrument, scale);
    match finding.strength {
        Strength::Stories => too_few(&name, finding.matched),
        Strength::Indicative | Strength::Inferential => {
            let mut text = format!("Of {} people who answered both times, ", finding.matched);
            let movement = finding.movement.unwrap_or(Movement::NotClear);
            text.push_str(&moved(&name, scale, movement, change));
            if let (Some(size), true) = (finding.size, movement != Movement::NotClear) {
                // Writing to a string cannot fail.
                let _ = write!(text, ", a {} change beside its spread", size_word(size));
            }
            text.push('.');
            if finding.strength == Strength::Indicative {
                text.push_str(" With so few people this is indicative and no more.");
            }
            text
        }
    }
}

/// What has to stand beside a finding, a sentence each.
pub(crate) fn caveats(finding: &Finding) -> Vec<String> {
    let caveats = finding.caveats.iter();
    caveats.map(|caveat| caveat_sentence(*caveat)).collect()
}

/// A finding in a few words.
pub(crate) fn title(instrument: &Instrument, scale: &Scale, finding: &Finding) -> String {
    let what = match (finding.strength, finding.movement) {
        (Strength::Stories, _) | (_, None) => "too few people for figures",
        (_, Some(Movement::Better)) => "better at the end",
        (_, Some(Movement::Worse)) => "worse at the end",
        (_, Some(Movement::Rose)) => "higher at the end",
        (_, Some(Movement::Fell)) => "lower at the end",
        (_, Some(Movement::NotClear)) => "no clear change",
    };
    let name = name(instrument, scale);
    let mut letters = name.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string());
    format!("{}{}: {what}", first.unwrap_or_default(), letters.as_str())
}

fn too_few(name: &str, matched: usize) -> String {
    let shown = u32::try_from(matched).map(|matched| count(Policy::default(), matched));
    match (matched, shown) {
        (0, _) => format!("Nobody answered both times about {name}, so nothing can be compared."),
        (5.., Ok(shown)) => format!(
            "Only {shown} people answered both times about {name}: too few for figures, so tell their stories."
        ),
        _ => format!(
            "Fewer than five people answered both times about {name}: too few for figures, so tell their stories."
        ),
    }
}

fn moved(name: &str, scale: &Scale, movement: Movement, change: Option<&PairedChange>) -> String {
    let Some(change) = change.filter(|_| scale.level == Level::Interval) else {
        return match movement {
            Movement::Better => {
                format!("more gave a better answer about {name} at the end than a worse one")
            }
            Movement::Worse => {
                format!("more gave a worse answer about {name} at the end than a better one")
            }
            Movement::Rose => format!("more answered higher about {name} at the end than lower"),
            Movement::Fell => format!("more answered lower about {name} at the end than higher"),
            Movement::NotClear => format!("answers about {name} did not clearly move either way"),
        };
    };
    let down = scale.direction == Direction::LowerIsBetter;
    // As the scale counts, so that "lower" means a lower number.
    let (mean, low, high) = if down {
        (-change.mean, -change.interval.1, -change.interval.0)
    } else {
        (change.mean, change.interval.0, change.interval.1)
    };
    let interval = format!("95% interval {} to {}", signed(low), signed(high));
    let points = format!("{:.2} points on average", mean.abs());
    let word = if mean < 0.0 { "lower" } else { "higher" };
    match movement {
        Movement::Better => {
            format!("{name} was {word} at the end, which is better, by {points} ({interval})")
        }
        Movement::Worse => {
            format!("{name} was {word} at the end, which is worse, by {points} ({interval})")
        }
        Movement::Rose | Movement::Fell => {
            format!("{name} came out {word} at the end by {points} ({interval})")
        }
        Movement::NotClear => format!(
            "there was no clear change in {name}: {} points on average ({interval})",
            signed(mean)
        ),
    }
}

/// A number with two digits and its sign, without a negative nothing.
pub(super) fn signed(number: f64) -> String {
    let text = format!("{number:+.2}");
    if text.trim_start_matches(['+', '-']) == "0.00" {
        "0.00".to_owned()
    } else {
        text
    }
}

const fn size_word(size: EffectSize) -> &'static str {
    match size {
        EffectSize::VerySmall => "very small",
        EffectSize::Small => "small",
        EffectSize::Medium => "medium",
        EffectSize::Large => "large",
    }
}

fn caveat_sentence(caveat: Caveat) -> String {
    match caveat {
        Caveat::NoComparisonGroup => {
            "There was no group to compare with, so other things may explain it.".to_owned()
        }
        Caveat::RegressionToTheMean => {
            "People often join when things are at their worst, and most are better later whatever they do: this may be regression to the mean.".to_owned()
        }
        Caveat::Unvalidated => "The questions are not validated.".to_owned(),
        Caveat::ReportedApart => {
            "This is an easy version and is never put together with another scale.".to_owned()
        }
        Caveat::ManyLeft => {
            "A third or more of those who answered at the beginning did not at the end, and they may differ from those who did.".to_owned()
        }
        Caveat::Helped { people } => match u32::try_from(people).map(|people| count(Policy::default(), people)) {
            Ok(shown) => format!("Some had help in answering ({shown}), and answers come out higher then."),
            Err(_) => "Many had help in answering, and answers come out higher then.".to_owned(),
        },
    }
}
