//! Pictures of figures as SVG: no script, nothing fetched, one colour and labels that are text. Each
//! stands above the table that says the same, so it is hidden from a screen reader.

use std::fmt::Write;

use wellfield_core::disclosure::Shown;

use crate::markup::escaped;

/// A picture.
#[derive(Clone, Debug)]
pub struct Chart {
    title: String,
    marks: Marks,
}

#[derive(Clone, Debug)]
enum Marks {
    /// A bar for each thing.
    Bars(Vec<(String, Shown)>),
    /// Two means on the whole of their scale.
    Change {
        ends: (f64, f64),
        before: f64,
        after: f64,
    },
}

/// The width of a picture, in its own units.
const WIDTH: f64 = 700.0;
/// Where bars begin: the labels stand before it.
const LABELS: f64 = 210.0;
/// The height of a bar with the space below it.
const STEP: f64 = 26.0;
/// The space at either end of an axis, for the numbers that stand there.
const MARGIN: f64 = 40.0;

impl Chart {
    /// A bar for each count; where a count is not shown there is none, and words say so.
    pub(super) fn bars(title: &str, bars: impl Iterator<Item = (String, Shown)>) -> Self {
        Self {
            title: title.to_owned(),
            marks: Marks::Bars(bars.collect()),
        }
    }

    /// From one mean to another, on the whole of their scale, so that a small change looks small.
    pub(super) fn change(title: &str, ends: (f64, f64), (before, after): (f64, f64)) -> Self {
        Self {
            title: title.to_owned(),
            marks: Marks::Change {
                ends,
                before,
                after,
            },
        }
    }

    /// The picture as markup.
    pub(super) fn svg(&self) -> String {
        let (height, drawn) = match &self.marks {
            Marks::Bars(bars) => (STEP * bars.len() as f64, draw_bars(bars)),
            Marks::Change {
                ends,
                before,
                after,
            } => (110.0, draw_change(*ends, *before, *after)),
        };
        format!(
            "<figure><figcaption>{}</figcaption><svg viewBox=\"0 0 {WIDTH} {height}\" aria-hidden=\"true\" focusable=\"false\">{drawn}</svg></figure>\n",
            escaped(&self.title)
        )
    }
}

fn draw_bars(bars: &[(String, Shown)]) -> String {
    let number = |count: Shown| match count {
        Shown::Number(number) => Some(number),
        Shown::Under(_) | Shown::Hidden => None,
    };
    let most = bars.iter().filter_map(|(_, count)| number(*count)).max();
    let most = f64::from(most.unwrap_or(1).max(1));
    let mut drawn = String::new();
    for (place, (name, count)) in bars.iter().enumerate() {
        let top = place as f64 * STEP;
        let base = top + 17.0;
        let length =
            number(*count).map(|number| f64::from(number) / most * (WIDTH - LABELS - 90.0));
        let words = super::Cell::Count(*count).words();
        let at = LABELS + length.unwrap_or(0.0) + 8.0;
        // Writing to a string cannot fail.
        let _ = write!(drawn, "<text x=\"0\" y=\"{base}\">{}</text>", escaped(name));
        if let Some(length) = length {
            let _ = write!(
                drawn,
                "<rect x=\"{LABELS}\" y=\"{:.1}\" width=\"{length:.1}\" height=\"18\"/>",
                top + 3.0
            );
        }
        let _ = write!(drawn, "<text x=\"{at:.1}\" y=\"{base}\">{words}</text>");
    }
    drawn
}

fn draw_change((low, high): (f64, f64), before: f64, after: f64) -> String {
    let place = |score: f64| MARGIN + (score - low) / (high - low) * (WIDTH - 2.0 * MARGIN);
    let (from, to) = (place(before), place(after));
    let end = |at: f64, number: f64| {
        format!("<text x=\"{at:.1}\" y=\"100\" text-anchor=\"middle\">{number}</text>")
    };
    // Side by side where they would stand on each other.
    let (first, second) = if from <= to {
        ("end", "start")
    } else {
        ("start", "end")
    };
    let shift = |anchor: &str| if anchor == "end" { -14.0 } else { 14.0 };
    let mean = |at: f64, word: &str, number: f64, anchor: &str, class: &str| {
        let text = at + shift(anchor);
        format!(
            "<circle cx=\"{at:.1}\" cy=\"45\" r=\"9\" class=\"{class}\"/><text x=\"{text:.1}\" y=\"24\" text-anchor=\"{anchor}\">{word} {number:.2}</text>"
        )
    };
    format!(
        "<line x1=\"{MARGIN}\" y1=\"75\" x2=\"{:.1}\" y2=\"75\"/>{}{}<line x1=\"{from:.1}\" y1=\"45\" x2=\"{to:.1}\" y2=\"45\" class=\"way\"/>{}{}",
        WIDTH - MARGIN,
        end(MARGIN, low),
        end(WIDTH - MARGIN, high),
        mean(from, "before", before, first, "before"),
        mean(to, "after", after, second, "after"),
    )
}
