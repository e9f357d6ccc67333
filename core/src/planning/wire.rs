//! What a programme sets out to change and how well it works, on the wire, version 1. The day is a Julian
//! day number.

use super::{Part, Principle, QualityReviewed, Rating, StoryOfChangeWritten};
use crate::clock::Date;
use crate::event::{NotOurs, recorded_v1};
use crate::text::Text;

wire_map! {
    struct StoryOfChangeWrittenV1 {
        /// The code of each part that has a text, with the text, in rising order.
        #[n(0)]
        parts: Vec<(u8, String)>,
    }
}

recorded_v1!(StoryOfChangeWritten, StoryOfChangeWrittenV1);

impl From<&StoryOfChangeWritten> for StoryOfChangeWrittenV1 {
    fn from(story: &StoryOfChangeWritten) -> Self {
        let parts = story.parts.iter();
        Self {
            parts: parts
                .map(|(part, text)| (part.code(), text.to_string()))
                .collect(),
        }
    }
}

impl TryFrom<StoryOfChangeWrittenV1> for StoryOfChangeWritten {
    type Error = NotOurs;

    fn try_from(wire: StoryOfChangeWrittenV1) -> Result<Self, NotOurs> {
        if !wire.parts.is_sorted_by(|one, next| one.0 < next.0) {
            return Err(NotOurs);
        }
        let parts = wire.parts.into_iter().map(|(part, text)| {
            let part = Part::from_code(part).ok_or(NotOurs)?;
            Ok((part, Text::required_from_wire(&text)?))
        });
        Ok(Self {
            parts: parts.collect::<Result<_, NotOurs>>()?,
        })
    }
}

wire_map! {
    struct QualityReviewedV1 {
        #[n(0)]
        principle: u8,
        #[n(1)]
        rating: u8,
        #[n(2)]
        evidence: Option<String>,
        #[n(3)]
        day: i32,
    }
}

recorded_v1!(QualityReviewed, QualityReviewedV1);

impl From<&QualityReviewed> for QualityReviewedV1 {
    fn from(reviewed: &QualityReviewed) -> Self {
        Self {
            principle: reviewed.principle.code(),
            rating: reviewed.rating.code(),
            evidence: reviewed.evidence.as_ref().map(ToString::to_string),
            day: reviewed.day.to_julian_day(),
        }
    }
}

impl TryFrom<QualityReviewedV1> for QualityReviewed {
    type Error = NotOurs;

    fn try_from(wire: QualityReviewedV1) -> Result<Self, NotOurs> {
        let reviewed = Self {
            principle: Principle::from_code(wire.principle).ok_or(NotOurs)?,
            rating: Rating::from_code(wire.rating).ok_or(NotOurs)?,
            evidence: Text::from_wire(wire.evidence)?,
            day: Date::from_julian_day(wire.day).map_err(|_| NotOurs)?,
        };
        reviewed.keeps_rules().then_some(reviewed).ok_or(NotOurs)
    }
}
