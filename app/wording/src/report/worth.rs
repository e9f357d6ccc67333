//! What a change in life satisfaction may be worth, with everything that has to stand beside it.

use wellfield_core::measures::wellby::{CAVEATS, PRICE_YEAR, WellbyCaveat};
use wellfield_core::reporting::ProgrammeReport;

use super::sections::{columns, row};
use super::{Cell, Figures, Section};
use crate::Words;

fn caveat(w: Words, caveat: WellbyCaveat) -> String {
    match caveat {
        WellbyCaveat::NoComparisonGroup => w.report_worth_no_group().to_owned(),
        WellbyCaveat::AssumedToLast => w.report_worth_assumed().to_owned(),
        WellbyCaveat::OnlyThoseCompared => w.report_worth_only_compared().to_owned(),
        WellbyCaveat::PricesOf2019 => w.report_worth_prices(&PRICE_YEAR),
        WellbyCaveat::NotSaved => w.report_worth_not_saved().to_owned(),
    }
}

/// Pounds with a comma for every three digits. Nothing below a hundred is meant.
fn rounded(pounds: f64) -> String {
    let digits = format!("{:.0}", (pounds.abs() / 100.0).round() * 100.0);
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    if pounds < 0.0 {
        format!("-{text}")
    } else {
        text
    }
}

/// The estimate; nothing unless somebody asked for it.
pub(super) fn worth(w: Words, report: &ProgrammeReport) -> Option<Section> {
    let worth = report.worth?;
    let estimate = worth.wellbys;
    let two = |number: f64| Cell::Number(Some(number), 2);
    let pounds = |number: f64| Cell::Number(Some(number), 0);
    let rows = vec![
        row(w.report_worth_wellbys(), two(estimate.wellbys)),
        row(
            w.report_worth_least_wellbys(),
            two(estimate.wellbys_interval.0),
        ),
        row(
            w.report_worth_most_wellbys(),
            two(estimate.wellbys_interval.1),
        ),
        row(w.report_worth_low(), pounds(estimate.pounds.0)),
        row(w.report_worth_central(), pounds(estimate.pounds.1)),
        row(w.report_worth_high(), pounds(estimate.pounds.2)),
        row(w.report_worth_least(), pounds(estimate.pounds_range.0)),
        row(w.report_worth_most(), pounds(estimate.pounds_range.1)),
        row(w.report_worth_years(), two(worth.lasting.as_years())),
    ];
    let caveats = CAVEATS.iter().map(|one| caveat(w, *one));
    Some(Section {
        key: "worth".to_owned(),
        title: w.report_worth_title(&rounded(estimate.pounds.1)),
        text: [w.report_worth_text().to_owned()]
            .into_iter()
            .chain(caveats)
            .collect(),
        points: Vec::new(),
        pictures: Vec::new(),
        tables: vec![Figures {
            key: "worth",
            caption: w.report_worth_caption().to_owned(),
            columns: columns([w.report_what(), w.report_figure()]),
            rows,
        }],
    })
}

#[cfg(test)]
mod tests {
    use super::rounded;

    #[test]
    fn pounds_are_written_in_hundreds_with_commas() {
        let written = [32_500.0, 1_234_567.0, 49.0, 950.0, -32_549.0].map(rounded);
        assert_eq!(written, ["32,500", "1,234,600", "0", "1,000", "-32,500"]);
    }
}
