//! From answers to a score.

use super::instrument::{Instrument, Method, Scale, Score, raw_range};

/// The score of a scale, from the answers in the order of the instrument's items.
///
/// `None` where an item of the scale was not answered (skipped and "prefer not to say" are missing and
/// never zero), or an answer lies outside its scale. Nothing is imputed: SWEMWBS requires all seven
/// (Warwick), and for the others the same rule stands here.
pub fn score(instrument: &Instrument, scale: &Scale, answers: &[Option<i16>]) -> Option<Score> {
    let mut raw = 0i32;
    let mut items = Vec::with_capacity(scale.items.len());
    for place in scale.items.iter() {
        let place = usize::from(*place);
        let item = instrument.items.get(place)?;
        let answer = i32::from((*answers.get(place)?)?);
        if !item.holds(answer) {
            return None;
        }
        raw += answer;
        items.push(item);
    }
    match scale.method {
        Method::Sum => Some(Score::points(raw)),
        Method::Converted(table) => {
            let (low, _) = raw_range(&items);
            let place = usize::try_from(raw - low).ok()?;
            table.get(place).map(|score| Score(i32::from(*score)))
        }
    }
}
