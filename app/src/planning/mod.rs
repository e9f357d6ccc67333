//! What a programme sets out to change, and how well it works.

mod quality;
mod story;

pub use quality::{QualityPage, ReviewPrinciple};
pub use story::StoryOfChange;
