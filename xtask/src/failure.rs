//! Why a task stopped, in words for the person who started it.

use std::fmt;
use std::path::Path;

/// One sentence or more that a person can act on. There is no error enum: nothing in this tool
/// handles one failure differently from another.
#[derive(Debug)]
pub(crate) struct Failure(String);

impl Failure {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }

    /// A failure to do `action` (as "read") with `path`.
    pub(crate) fn on_path(action: &str, path: &Path, source: &dyn fmt::Display) -> Self {
        Self(format!("could not {action} {}: {source}", path.display()))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for Failure {}
