//! Pictures of figures, as shapes that a page draws with SVG. Each stands above the table that says the
//! same.

use wellfield_core::disclosure::Shown;
use wellfield_core::measures::instrument::TIMES_MAX;
use wellfield_core::measures::{Instrument, Scale};

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

/// Where the axes of slopes begin: the words for before and after stand above.
const SLOPES_TOP: f64 = 34.0;
/// How long these axes are.
const SLOPES_HIGH: f64 = 190.0;
/// Words below each other are so far apart at least.
const LINE: f64 = 20.0;

/// Places for words as near as possible to where they belong, and none on another: from the top, each is
/// moved down by as much as the one above needs.
fn apart(wanted: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut placed: Vec<(usize, f64)> = wanted.enumerate().collect();
    placed.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
    let mut free = f64::MIN;
    for (_, place) in &mut placed {
        *place = place.max(free);
        free = *place + LINE;
    }
    placed.sort_by_key(|(index, _)| *index);
    placed.into_iter().map(|(_, place)| place).collect()
}

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

    /// A line for each group, from how many people were in it before to how many after.
    pub(super) fn slopes(w: Words, title: &str, ways: &[(&str, u32, u32)]) -> Self {
        let most = ways.iter().map(|(_, before, after)| *before.max(after));
        let most = f64::from(most.max().unwrap_or(1).max(1));
        let at = |count: u32| SLOPES_TOP + (1.0 - f64::from(count) / most) * SLOPES_HIGH;
        let (left, right) = (LABELS, Self::WIDTH - LABELS);
        let mut shapes: Vec<_> = [(left, w.report_before()), (right, w.report_after())]
            .into_iter()
            .flat_map(|(x, word)| {
                let bottom = SLOPES_TOP + SLOPES_HIGH;
                [
                    Shape::Line {
                        from: (x, SLOPES_TOP),
                        to: (x, bottom),
                        ink: Ink::Axis,
                    },
                    Shape::Text {
                        at: (x, 14.0),
                        anchor: Anchor::Middle,
                        words: word.to_owned(),
                    },
                ]
            })
            .collect();
        for (_, before, after) in ways {
            let (from, to) = ((left, at(*before)), (right, at(*after)));
            shapes.push(Shape::Line {
                from,
                to,
                ink: Ink::Way,
            });
            for (at, ink) in [(from, Ink::Before), (to, Ink::After)] {
                shapes.push(Shape::Dot { at, ink });
            }
        }
        let label = |(name, count): (&str, u32)| format!("{name} {count}");
        let ends = [
            (
                left - 16.0,
                Anchor::End,
                apart(ways.iter().map(|way| at(way.1))),
            ),
            (
                right + 16.0,
                Anchor::Start,
                apart(ways.iter().map(|way| at(way.2))),
            ),
        ];
        for (end, (x, anchor, places)) in ends.into_iter().enumerate() {
            for (way, y) in ways.iter().zip(places) {
                let count = if end == 0 { way.1 } else { way.2 };
                shapes.push(Shape::Text {
                    at: (x, y + 5.0),
                    anchor,
                    words: label((way.0, count)),
                });
            }
        }
        Self {
            title: title.to_owned(),
            height: SLOPES_TOP + SLOPES_HIGH + MARGIN,
            shapes,
        }
    }

    /// From one mean to another, on the whole of their scale, so that a small change looks small. How many times
    /// somebody did something has no highest number, so there the axis goes as far as is needed.
    pub(super) fn of_scale(
        w: Words,
        (instrument, scale): (&Instrument, &Scale),
        (before, after): (f64, f64),
    ) -> Option<Self> {
        let (low, high) = scale.range(instrument)?;
        let high = match scale.is_count(instrument) {
            true => count_axis(before.max(after)),
            false => high.as_points(),
        };
        let ends = (low.as_points(), high);
        Some(Self::change(
            w,
            w.report_chart_change(),
            ends,
            (before, after),
        ))
    }

    fn change(w: Words, title: &str, (low, high): (f64, f64), (before, after): (f64, f64)) -> Self {
        let place =
            |score: f64| MARGIN + (score - low) / (high - low) * (Self::WIDTH - 2.0 * MARGIN);
        let (from, to) = (place(before), place(after));
        let mean = |word: &str, mean: f64| format!("{word} {mean:.2}");
        let words = [
            mean(w.report_before(), before),
            mean(w.report_after(), after),
        ];
        // Away from each other, so that neither stands on the other.
        let labels = match from <= to {
            true => beside((from, &words[0]), (to, &words[1])).into(),
            false => {
                let (after, before) = beside((to, &words[1]), (from, &words[0]));
                [before, after]
            }
        };
        let text = |x: f64, y: f64, anchor: Anchor, words: String| Shape::Text {
            at: (x, y),
            anchor,
            words,
        };
        let end = |score: f64| text(place(score), 100.0, Anchor::Middle, score.to_string());
        let line = |from: (f64, f64), to: (f64, f64), ink: Ink| Shape::Line { from, to, ink };
        let mut shapes = vec![
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
        ];
        let labels = labels.into_iter().zip(words);
        shapes.extend(labels.map(|(x, words)| text(x, 24.0, Anchor::Start, words)));
        Self {
            title: title.to_owned(),
            height: 110.0,
            shapes,
        }
    }

    /// A dot for each mean on an axis of its own; where a mean is not shown there is none, and words say so.
    pub(super) fn means(
        w: Words,
        title: &str,
        (low, high): (f64, f64),
        means: &[(String, Option<f64>)],
    ) -> Self {
        let end = Self::WIDTH - NUMBERS;
        let mut shapes = Vec::new();
        for (place, (name, mean)) in (0u32..).zip(means) {
            let top = f64::from(place) * STEP;
            let middle = top + 12.0;
            let text = |x: f64, words: String| Shape::Text {
                at: (x, top + 17.0),
                anchor: Anchor::Start,
                words,
            };
            shapes.push(text(0.0, name.clone()));
            shapes.push(Shape::Line {
                from: (LABELS, middle),
                to: (end, middle),
                ink: Ink::Axis,
            });
            shapes.extend(mean.map(|mean| Shape::Dot {
                at: (
                    LABELS + (mean - low) / (high - low) * (end - LABELS),
                    middle,
                ),
                ink: Ink::After,
            }));
            shapes.push(text(end + 16.0, Cell::Number(*mean, 2).words(w)));
        }
        Self {
            title: title.to_owned(),
            height: STEP * means.len() as f64,
            shapes,
        }
    }
}

/// How wide a letter is at most, taken together: words are placed by it where they would leave the picture.
const LETTER: f64 = 8.0;

/// Where the words of two dots begin, the left one's before it and the right one's after it, as far as the
/// picture has room for them.
fn beside(left: (f64, &str), right: (f64, &str)) -> (f64, f64) {
    let width = |words: &str| words.chars().count() as f64 * LETTER;
    let (first, second) = (width(left.1), width(right.1));
    let before = (left.0 - 14.0 - first).clamp(0.0, Picture::WIDTH - second - 14.0 - first);
    let after = (right.0 + 14.0).clamp(before + first + 14.0, Picture::WIDTH - second);
    (before, after)
}

/// The end of an axis of numbers of times.
fn count_axis(most: f64) -> f64 {
    let ends = [10.0, 20.0, 50.0];
    ends.into_iter()
        .find(|end| most <= *end)
        .unwrap_or(f64::from(TIMES_MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use wellfield_core::language::Language;

    fn texts(picture: &Picture) -> Vec<((f64, f64), &str)> {
        let texts = picture.shapes.iter().filter_map(|shape| match shape {
            Shape::Text { at, words, .. } => Some((*at, words.as_str())),
            _ => None,
        });
        texts.collect()
    }

    #[test]
    fn a_line_goes_down_where_there_are_fewer_and_no_words_stand_on_others() {
        let ways = [("low", 12, 8), ("high", 12, 16), ("medium", 11, 11)];
        let picture = Picture::slopes(Words(Language::English), "Bands", &ways);
        let lines: Vec<_> = picture
            .shapes
            .iter()
            .filter_map(|shape| match shape {
                Shape::Line {
                    from,
                    to,
                    ink: Ink::Way,
                } => Some(to.1 - from.1),
                _ => None,
            })
            .collect();
        // Down on paper is a larger number.
        assert!(
            lines[0] > 0.0 && lines[1] < 0.0 && lines[2] == 0.0,
            "{lines:?}"
        );
        let words = texts(&picture);
        for text in ["low 12", "low 8", "high 16", "medium 11"] {
            assert!(words.iter().any(|(_, words)| *words == text), "{text}");
        }
        for (place, (at, one)) in words.iter().enumerate() {
            for (other_at, other) in &words[place + 1..] {
                let apart = (at.1 - other_at.1).abs() >= LINE || (at.0 - other_at.0).abs() > 100.0;
                assert!(apart, "{one} stands on {other}");
            }
        }
        let lowest = words.iter().map(|(at, _)| at.1).fold(0.0, f64::max);
        assert!(lowest <= picture.height, "{lowest} of {}", picture.height);
    }

    #[test]
    fn the_words_of_a_change_stay_in_the_picture_and_apart_wherever_the_dots_are() {
        let w = Words(Language::Welsh);
        for before in 0..=20 {
            for after in 0..=20 {
                let means = (f64::from(before) / 2.0, f64::from(after) / 2.0);
                let picture = Picture::change(w, "", (0.0, 10.0), means);
                let words = texts(&picture);
                let mut spans: Vec<_> = words
                    .iter()
                    .filter(|(at, _)| at.1 < 30.0)
                    .map(|(at, words)| (at.0, at.0 + words.chars().count() as f64 * LETTER))
                    .collect();
                spans.sort_by(|a, b| a.0.total_cmp(&b.0));
                assert!(
                    spans[0].0 >= 0.0 && spans[1].1 <= Picture::WIDTH,
                    "{means:?}"
                );
                assert!(spans[0].1 < spans[1].0, "{means:?}");
                // Each is on the side of its own dot.
                let first = words.iter().find(|(at, _)| at.0 == spans[0].0).unwrap().1;
                let is_before = first.starts_with(w.report_before());
                assert_eq!(is_before, before <= after, "{means:?}");
            }
        }
    }

    #[test]
    fn an_axis_of_numbers_of_times_goes_as_far_as_is_needed() {
        assert_eq!(
            [0.2, 10.0, 10.1, 98.0].map(count_axis),
            [10.0, 10.0, 20.0, 99.0]
        );
    }

    #[test]
    fn a_mean_that_is_not_shown_has_no_dot_and_says_so() {
        let w = Words(Language::English);
        let means = [("1", Some(3.0)), ("2", None), ("3", Some(5.0))];
        let means = means.map(|(name, mean)| (name.to_owned(), mean));
        let picture = Picture::means(w, "", (1.0, 5.0), &means);
        let dots: Vec<_> = picture
            .shapes
            .iter()
            .filter_map(|shape| match shape {
                Shape::Dot { at, .. } => Some(at.0),
                _ => None,
            })
            .collect();
        let end = Picture::WIDTH - NUMBERS;
        assert_eq!(dots, [LABELS + (end - LABELS) / 2.0, end]);
        let words: Vec<_> = texts(&picture)
            .into_iter()
            .map(|(_, words)| words)
            .collect();
        assert_eq!(words, ["1", "3.00", "2", "not shown", "3", "5.00"]);
    }

    #[test]
    fn words_keep_their_order_and_go_down_as_far_as_they_must() {
        let places = apart([10.0, 0.0, 5.0, 100.0].into_iter());
        assert_eq!(places, [LINE * 2.0, 0.0, LINE, 100.0]);
    }
}
