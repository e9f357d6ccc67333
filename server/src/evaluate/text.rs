//! An evaluation for people, at a terminal.

use std::fmt::Write;

use wellfield_core::measures::instrument::{Checked, Part};
use wellfield_core::measures::statistics::WilcoxonMethod;
use wellfield_core::measures::wellby::{PRICE_YEAR, Wellbys};
use wellfield_core::measures::{Figures, Instrument, Scale, ScaleReport};
use wellfield_wording::report::{sentence, session_sentence, signed};

use super::ENGLISH;
use super::Evaluation;
use super::json::wellby;

/// An evaluation for people.
pub fn text(evaluation: &Evaluation) -> String {
    let mut text = String::new();
    let mut last = None;
    for report in &evaluation.report.scales {
        let Some(instrument) = evaluation.catalogue.get(report.instrument) else {
            continue;
        };
        let Some(scale) = instrument.scales.get(report.scale) else {
            continue;
        };
        if last != Some(report.instrument) {
            head(&mut text, instrument);
            last = Some(report.instrument);
        }
        // Writing to a string cannot fail.
        let said = sentence(ENGLISH, instrument, scale, report);
        let _ = one(&mut text, ("baseline", "end"), (scale, report), &said);
        if let Some(worth) = wellby(evaluation, instrument, scale, report) {
            let _ = estimate(&mut text, &worth);
        }
    }
    for (session, scales) in &evaluation.sessions {
        let _ = around(&mut text, evaluation, session, scales);
    }
    if evaluation.other_moments > 0 {
        let _ = writeln!(
            text,
            "{} answers of other moments than baseline and end, or before and after a named session, were not compared.",
            evaluation.other_moments
        );
    }
    if text.is_empty() {
        text.push_str("There is nothing to work out: no row has an answer that counts.\n");
    }
    text
}

/// What came out before and after one session.
fn around(
    text: &mut String,
    evaluation: &Evaluation,
    session: &str,
    scales: &[ScaleReport],
) -> core::fmt::Result {
    writeln!(text, "Before and after session {session}\n")?;
    let mut last = None;
    for report in scales {
        let instrument = evaluation.catalogue.get(report.instrument);
        let scale = instrument.and_then(|instrument| instrument.scales.get(report.scale));
        let Some((instrument, scale)) = instrument.zip(scale) else {
            continue;
        };
        if last != Some(report.instrument) {
            head(text, instrument);
            last = Some(report.instrument);
        }
        let said = session_sentence(ENGLISH, instrument, scale, report);
        one(text, ("before", "after"), (scale, report), &said)?;
    }
    Ok(())
}

fn head(text: &mut String, instrument: &Instrument) {
    let _ = writeln!(text, "{} (version {})", instrument.key, instrument.version);
    if let Some(copyright) = instrument.copyright() {
        let _ = writeln!(text, "  {copyright}");
    }
    if instrument.checked == Checked::FromMemory {
        let _ = writeln!(
            text,
            "  Compare the items and their order with the published instrument: they were written down from memory."
        );
    }
    text.push('\n');
}

fn one(
    text: &mut String,
    (from, to): (&str, &str),
    (scale, report): (&Scale, &ScaleReport),
    said: &str,
) -> core::fmt::Result {
    let counts = report.counts;
    let part = match scale.part {
        Part::Whole => "",
        Part::Word => " (one word)",
    };
    writeln!(text, "  {}{part}", scale.key)?;
    write!(
        text,
        "    n: {} {from}, {} {to}, {} matched",
        counts.baseline, counts.end, counts.matched
    )?;
    if let Some(share) = counts.completion() {
        write!(text, " ({:.0}% of those with a {from})", share * 100.0)?;
    }
    text.push('\n');
    if let Some(mean) = report.leavers_mean {
        writeln!(
            text,
            "    mean {from} of the {} who have no {to}: {mean:.2}",
            counts.left()
        )?;
    }
    if let Some(figures) = &report.figures {
        figures_of(text, figures)?;
    }
    writeln!(text, "    {said}\n")
}

fn figures_of(text: &mut String, figures: &Figures) -> core::fmt::Result {
    if let Some(change) = &figures.change {
        writeln!(
            text,
            "    mean {:.2} → {:.2}; change for the better {} (sd {:.2}; 95% interval {} to {})",
            change.from.mean,
            change.to.mean,
            signed(change.mean),
            change.sd,
            signed(change.interval.0),
            signed(change.interval.1)
        )?;
        if let Some(test) = change.t_test {
            writeln!(
                text,
                "    t({}) = {:.4}, p = {}",
                test.df,
                test.t,
                p(test.p)
            )?;
        }
    }
    if let Some(ranks) = figures.ranks {
        let method = match ranks.method {
            WilcoxonMethod::Exact => format!(
                "exact; by the approximation that R uses with ties or zeros {}",
                p(ranks.p_normal)
            ),
            WilcoxonMethod::Normal => "normal approximation".to_owned(),
        };
        writeln!(
            text,
            "    Wilcoxon W = {} over {} changes, p = {} ({method})",
            ranks.w,
            ranks.n,
            p(ranks.p)
        )?;
    }
    if let Some(change) = &figures.change
        && let (Some(d_z), Some(g_z)) = (change.d_z, change.g_z)
    {
        write!(text, "    d_z {d_z:.4}, g_z {g_z:.4}")?;
        if let Some(d_av) = change.d_av {
            write!(text, ", d_av {d_av:.4}")?;
        }
        text.push('\n');
    }
    Ok(())
}

fn p(p: f64) -> String {
    if p < 0.0001 {
        "< 0.0001".to_owned()
    } else {
        format!("{p:.4}")
    }
}

fn estimate(text: &mut String, worth: &Wellbys) -> core::fmt::Result {
    writeln!(
        text,
        "    WELLBY estimate: {:.2} WELLBYs ({:.2} to {:.2}); £{:.0} in prices of {PRICE_YEAR}, from £{:.0} to £{:.0} with everything that is uncertain. There was no group to compare with, how long a change lasts is assumed, it is about those who answered both times alone, and it is no money that anybody saved.\n",
        worth.wellbys,
        worth.wellbys_interval.0,
        worth.wellbys_interval.1,
        worth.pounds.1,
        worth.pounds_range.0,
        worth.pounds_range.1
    )
}
