//! "You said, we did": for everybody to read, and for a coordinator to write.

mod list;
mod write;

pub use list::FeedbackPage;
pub use write::WriteFeedback;
