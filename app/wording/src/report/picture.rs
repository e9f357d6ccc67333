//! Pictures of figures, as shapes that a page draws with SVG. Each stands above the table that says the
//! same.

use wellfield_core::disclosure::Shown;

use super::Cell;
use crate::Words;

/// A picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Picture {
    /// What it is of.
    pub title: String,
    /// How high it is, where it is [`Picture::WIDTH`] wide.
    pub height: f64,
    /// What is drawn, one over the other.
    pub shapes: Vec<Shape>,
}

/// What is drawn.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// Words at a place on their base line.
    Text {
        /// The place.
        at: (f64, f64),
        /// Where on the words the place is.
        anchor: Anchor,
        /// The words.
        words: String,
    },
    /// A bar.
    Bar {
        /// Its upper left corner.
        at: (f64, f64),
        /// Its width and height.
        size: (f64, f64),
    },
    /// A line.
    Line {
        /// From here.
        from: (f64, f64),
        /// To here.
        to: (f64, f64),
        /// How it is drawn.
        ink: Ink,
    },
    /// A dot.
    Dot {
        /// Its middle.
        at: (f64, f64),
        /// How it is drawn.
        ink: Ink,
    },
}

/// Where words stand to their place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// They begin there.
    Start,
    /// They are around it.
    Middle,
    /// They end there.
    End,
}

impl Anchor {
    /// As SVG names it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Middle => "middle",
            Self::End => "end",
        }
    }
}

/// How something is drawn: the name of a class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ink {
    /// An axis.
    Axis,
    /// The way from before to after.
    Way,
    /// What was before.
    Before,
    /// What was after.
    After,
}

impl Ink {
    /// The name of the class.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Axis => "axis",
            Self::Way => "way",
            Self::Before => "before",
            Self::After => "after",
        }
    }
}

/// Where bars begin: the labels stand before it.
const LABELS: f64 = 240.0;
/// The space after the longest bar, for its number.
const NUMBERS: f64 = 110.0;
/// The height of a bar with the space below it.
const STEP: f64 = 26.0;
/// The space at either end of an axis, for the numbers that stand there.
const MARGIN: f64 = 40.0;

impl Picture {
    /// The width of every picture, in its own units.
    pub const WIDTH: f64 = 700.0;
    /// The radius of a dot.
    pub const DOT: f64 = 9.0;

    /// A bar for each count; where a count is not shown there is none, and words say so.
    pub(super) fn bars(w: Words, title: &str, bars: &[(String, Shown)]) -> Self {
        let number = |count: Shown| match count {
            Shown::Number(number) => Some(f64::from(number)),
            Shown::Under(_) | Shown::Hidden => None,
        };
        let all = bars.iter().filter_map(|(_, count)| number(*count));
        let most = all.fold(1.0, f64::max);
        let mut shapes = Vec::new();
        for (place, (name, count)) in (0u32..).zip(bars) {
            let top = f64::from(place) * STEP;
            let text = |x: f64, words: String| Shape::Text {
                at: (x, top + 17.0),
                anchor: Anchor::Start,
                words,
            };
            let length =
                number(*count).map(|number| number / most * (Self::WIDTH - LABELS - NUMBERS));
            shapes.push(text(0.0, name.clone()));
            shapes.extend(length.map(|length| Shape::Bar {
                at: (LABELS, top + 3.0),
                size: (length, 18.0),
            }));
            let after = LABELS + length.unwrap_or(0.0) + 8.0;
            shapes.push(text(after, Cell::Count(*count).words(w)));
        }
        Self {
            title: title.to_owned(),
            height: STEP * bars.len() as f64,
            shapes,
        }
    }

    /// From one mean to another, on the whole of their scale, so that a small change looks small.
    pub(super) fn change(
        w: Words,
        title: &str,
        (low, high): (f64, f64),
        (before, after): (f64, f64),
    ) -> Self {
        let place =
            |score: f64| MARGIN + (score - low) / (high - low) * (Self::WIDTH - 2.0 * MARGIN);
        let (from, to) = (place(before), place(after));
        let text = |x: f64, y: f64, anchor: Anchor, words: String| Shape::Text {
            at: (x, y),
            anchor,
            words,
        };
        // Away from each other, so that neither stands on the other.
        let (first, second) = if from <= to {
            ((-14.0, Anchor::End), (14.0, Anchor::Start))
        } else {
            ((14.0, Anchor::Start), (-14.0, Anchor::End))
        };
        let mean = |word: &str, mean: f64| format!("{word} {mean:.2}");
        let end = |score: f64| text(place(score), 100.0, Anchor::Middle, score.to_string());
        let line = |from: (f64, f64), to: (f64, f64), ink: Ink| Shape::Line { from, to, ink };
        Self {
            title: title.to_owned(),
            height: 110.0,
            shapes: vec![
                line((MARGIN, 75.0), (Self::WIDTH - MARGIN, 75.0), Ink::Axis),
                end(low),
                end(high),
                line((from, 45.0), (to, 45.0), Ink::Way),
                Shape::Dot {
                    at: (from, 45.0),
                    ink: Ink::Before,
                },
                Shape::Dot {
                    at: (to, 45.0),
                    ink: Ink::After,
                },
                text(
                    from + first.0,
                    24.0,
                    first.1,
                    mean(w.report_before(), before),
                ),
                text(to + second.0, 24.0, second.1, mean(w.report_after(), after)),
            ],
        }
    }
}
