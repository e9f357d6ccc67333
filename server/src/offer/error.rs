//! What is wrong with a field, said so that a coordinator can put it right in the file.

use std::fmt;

use wellfield_core::text::TextError;

/// One thing that is wrong with what was to be published.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct FieldError {
    /// The field, as `texts[0].name`, where 0 is the first text; empty where it is about the file as a
    /// whole.
    pub path: String,
    /// What is wrong, and what would be right.
    pub reason: String,
}

impl FieldError {
    pub(super) fn new(path: impl Into<String>, reason: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            reason: reason.into(),
        }
    }
}

impl fmt::Display for FieldError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = match self.path.as_str() {
            "" => "the file",
            path => path,
        };
        write!(f, "{path}: {}", self.reason)
    }
}

/// A refusal of a text in words for a coordinator.
pub(super) fn text_reason(error: TextError) -> String {
    match error {
        TextError::Empty => "is empty".to_owned(),
        TextError::TooLong { max } => format!("is longer than {max} characters"),
    }
}
