//! Scores that somebody worked out elsewhere, with an instrument whose words and method belong to others,
//! as the Well-being Star. What is kept is a date, an area, a figure and who holds the licence; nothing of
//! theirs is copied, and the figures are listed and never put together with others.

use super::answer::Moment;
use super::instrument::Score;
use crate::clock::Date;
use crate::ids::PersonId;
use crate::text::Line;

/// A score from elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExternalScore {
    /// Whose score.
    pub person: PersonId,
    /// What it was measured with.
    pub tool: Line,
    /// The area that it is about.
    pub area: Line,
    /// The figure.
    pub figure: Score,
    /// The lowest and the highest figure that the tool gives.
    pub range: (Score, Score),
    /// When in the person's course.
    pub moment: Moment,
    /// The day on which it was worked out.
    pub date: Date,
    /// Who holds the licence, and the training that goes with it.
    pub licence_holder: Line,
}

/// What is wrong with a score from elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ExternalError {
    /// The range has no width.
    #[error("the highest figure is not above the lowest")]
    NoRange,
    /// The figure lies outside it.
    #[error("the figure lies outside its range")]
    OutsideRange,
}

impl ExternalScore {
    /// Whether the figure can be one of the tool's.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn check(&self) -> Result<(), ExternalError> {
        let (low, high) = self.range;
        if low >= high {
            return Err(ExternalError::NoRange);
        }
        if (low..=high).contains(&self.figure) {
            Ok(())
        } else {
            Err(ExternalError::OutsideRange)
        }
    }
}
