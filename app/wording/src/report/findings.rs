//! Findings in sentences.

use wellfield_core::disclosure::{Policy, Shown, count, part};
use wellfield_core::measures::instrument::{Direction, Level};
use wellfield_core::measures::statistics::PairedChange;
use wellfield_core::measures::{
    Caveat, EffectSize, Finding, Instrument, Movement, Scale, ScaleReport, Strength,
};

use crate::Words;

/// What a scale measures, in plain words.
pub fn name(w: Words, instrument: &Instrument, scale: &Scale) -> String {
    if let Some(own) = &instrument.own {
        return w.scale_own(&own.text);
    }
    let known = match (instrument.key.as_ref(), scale.key.as_ref()) {
        ("ons4", "satisfied") => w.scale_ons4_satisfied(),
        ("ons4", "worthwhile") => w.scale_ons4_worthwhile(),
        ("ons4", "happy") => w.scale_ons4_happy(),
        ("ons4", "anxious") => w.scale_ons4_anxious(),
        ("wemwbs", "total") => w.scale_wemwbs(),
        ("swemwbs", "metric") => w.scale_swemwbs(),
        ("ucl-umbrella-older", "total") => w.scale_ucl_older(),
        ("ucl-umbrella-positive", "total") => w.scale_ucl_positive(),
        ("ucl-umbrella-negative", "total") => w.scale_ucl_negative(),
        ("ucl-questionnaire", "total") => w.scale_ucl_questionnaire(),
        ("ucla3", "loneliness") => w.scale_ucla(),
        ("ons-loneliness", "lonely") => w.scale_ons_lonely(),
        ("pulse", "day") => w.scale_pulse_day(),
        ("pulse", "safe") => w.scale_pulse_safe(),
        ("easy3", "feeling") => w.scale_easy_feeling(),
        ("easy3", "with-others") => w.scale_easy_others(),
        ("easy3", "doing") => w.scale_easy_doing(),
        ("service-use", "gp") => w.scale_gp(),
        ("service-use", "urgent-care") => w.scale_urgent_care(),
        ("service-use", "hospital") => w.scale_hospital(),
        ("service-use", "services-now") => w.scale_services_now(),
        ("service-use", "medication-now") => w.scale_medication_now(),
        (instrument, scale) => return format!("“{scale}” ({instrument})"),
    };
    known.to_owned()
}

/// What a report says of a scale. It never says that anything brought a change about.
pub fn sentence(w: Words, instrument: &Instrument, scale: &Scale, report: &ScaleReport) -> String {
    let change = report.figures.as_ref();
    let change = change.and_then(|figures| figures.change.as_ref());
    let said = said(w, instrument, scale, &report.finding, change);
    let all = [said].into_iter().chain(caveats(w, &report.finding));
    all.collect::<Vec<_>>().join(" ")
}

/// What is found, without what has to stand beside it.
pub(super) fn said(
    w: Words,
    instrument: &Instrument,
    scale: &Scale,
    finding: &Finding,
    change: Option<&PairedChange>,
) -> String {
    let name = name(w, instrument, scale);
    let movement = finding.movement.unwrap_or(Movement::NotClear);
    of_people(w, &name, finding, || {
        moved(w, &name, scale, movement, change)
    })
}

/// Of how many people something is said, and how much that many can say. `what` is asked for where they are
/// enough for figures.
pub(super) fn of_people(
    w: Words,
    name: &str,
    finding: &Finding,
    what: impl FnOnce() -> String,
) -> String {
    if finding.strength == Strength::Stories {
        return too_few(w, name, finding.matched);
    }
    let movement = finding.movement.unwrap_or(Movement::NotClear);
    let what = what();
    let text = match finding.size {
        Some(size) if movement != Movement::NotClear => {
            w.report_of_people_sized(&finding.matched, &size_word(w, size), &what)
        }
        _ => w.report_of_people(&finding.matched, &what),
    };
    match finding.strength {
        Strength::Indicative => format!("{text} {}", w.report_indicative()),
        Strength::Inferential | Strength::Stories => text,
    }
}

/// What has to stand beside a finding, a sentence each.
pub(super) fn caveats(w: Words, finding: &Finding) -> Vec<String> {
    let caveats = finding.caveats.iter();
    caveats
        .map(|caveat| caveat_sentence(w, *caveat, finding.matched))
        .collect()
}

/// The same words with a capital at their beginning.
pub(super) fn capitalised(words: &str) -> String {
    let mut letters = words.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}

/// A finding in a few words.
pub(super) fn title(w: Words, instrument: &Instrument, scale: &Scale, finding: &Finding) -> String {
    let name = name(w, instrument, scale);
    let name = capitalised(&name);
    match (finding.strength, finding.movement) {
        (Strength::Stories, _) | (_, None) => w.report_finding_none(&name),
        (_, Some(Movement::Better)) => w.report_finding_better(&name),
        (_, Some(Movement::Worse)) => w.report_finding_worse(&name),
        (_, Some(Movement::Rose)) => w.report_finding_rose(&name),
        (_, Some(Movement::Fell)) => w.report_finding_fell(&name),
        (_, Some(Movement::NotClear)) => w.report_finding_not_clear(&name),
    }
}

fn too_few(w: Words, name: &str, matched: usize) -> String {
    let shown = u32::try_from(matched).map(|matched| count(Policy::default(), matched));
    match (matched, shown) {
        (0, _) => w.report_none_at_all(&name),
        (_, Ok(Shown::Number(people))) => w.report_stories(&name, &people),
        _ => w.report_stories_few(&name),
    }
}

fn moved(
    w: Words,
    name: &str,
    scale: &Scale,
    movement: Movement,
    change: Option<&PairedChange>,
) -> String {
    let Some(change) = change.filter(|_| scale.level == Level::Interval) else {
        return match movement {
            Movement::Better => w.report_steps_better(&name),
            Movement::Worse => w.report_steps_worse(&name),
            Movement::Rose => w.report_steps_rose(&name),
            Movement::Fell => w.report_steps_fell(&name),
            Movement::NotClear => w.report_steps_not_clear(&name),
        };
    };
    // As the scale counts, so that "lower" means a lower number.
    let (mean, low, high) = match scale.direction {
        Direction::LowerIsBetter => (-change.mean, -change.interval.1, -change.interval.0),
        Direction::HigherIsBetter | Direction::Neither => {
            (change.mean, change.interval.0, change.interval.1)
        }
    };
    let (low, high) = (signed(low), signed(high));
    let points = format!("{:.2}", mean.abs());
    match (movement, mean < 0.0) {
        (Movement::Better, false) => w.report_better_up(&high, &low, &name, &points),
        (Movement::Better, true) => w.report_better_down(&high, &low, &name, &points),
        (Movement::Worse, false) => w.report_worse_up(&high, &low, &name, &points),
        (Movement::Worse, true) => w.report_worse_down(&high, &low, &name, &points),
        (Movement::Rose | Movement::Fell, false) => w.report_rose(&high, &low, &name, &points),
        (Movement::Rose | Movement::Fell, true) => w.report_fell(&high, &low, &name, &points),
        (Movement::NotClear, _) => w.report_not_clear(&high, &low, &name, &signed(mean)),
    }
}

/// A number with two digits and its sign, without a negative nothing.
pub fn signed(number: f64) -> String {
    let text = format!("{number:+.2}");
    if text.trim_start_matches(['+', '-']) == "0.00" {
        "0.00".to_owned()
    } else {
        text
    }
}

fn size_word(w: Words, size: EffectSize) -> &'static str {
    match size {
        EffectSize::VerySmall => w.report_size_very_small(),
        EffectSize::Small => w.report_size_small(),
        EffectSize::Medium => w.report_size_medium(),
        EffectSize::Large => w.report_size_large(),
    }
}

pub(super) fn caveat_sentence(w: Words, caveat: Caveat, matched: usize) -> String {
    let text = match caveat {
        Caveat::NoComparisonGroup => w.report_no_comparison(),
        Caveat::RegressionToTheMean => w.report_regression(),
        Caveat::Unvalidated => w.report_unvalidated(),
        Caveat::ReportedApart => w.report_apart(),
        Caveat::ManyLeft => w.report_many_left(),
        Caveat::SomeHelped => w.report_helped_some(),
        Caveat::Helped { people } => {
            // How many are compared is told too, and with it how many had no help.
            let shown = u32::try_from(people)
                .ok()
                .zip(u32::try_from(matched).ok())
                .map(|(people, matched)| part(Policy::default(), people, matched));
            match shown {
                Some(Shown::Hidden) | None => w.report_helped_some(),
                Some(shown) => return w.report_helped(&super::Cell::Count(shown).words(w)),
            }
        }
    };
    text.to_owned()
}
