//! What can go wrong with the browser's storage, in the terms in which a person can act on it.

use indexed_db_futures::error::{DomException, Error, OpenDbError};

/// Why something could not be read or saved.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// The browser gives no storage: private browsing, or switched off.
    #[error("the browser gives no storage")]
    Unavailable,
    /// Another tab holds an older version open.
    #[error("another tab blocks the storage")]
    Blocked,
    /// The storage was written by a newer version of this app.
    #[error("the storage is of a newer version")]
    TooNew,
    /// There is no room left.
    #[error("the storage is full")]
    Full,
    /// The browser dropped the connection.
    #[error("the browser dropped the connection")]
    Lost,
    /// The browser undid the whole change.
    #[error("the browser undid the change")]
    Undone,
    /// Another tab changed the same thing first.
    #[error("another tab was first")]
    Overtaken,
    /// The tablet is locked.
    #[error("the tablet is locked")]
    Locked,
    /// The tablet was taken out of use, and everything on it was deleted.
    #[error("the tablet was taken out of use")]
    TakenOut,
    /// Something on disk cannot be read.
    #[error("something on disk cannot be read")]
    Unreadable,
    /// Anything else, by the browser's name for it.
    #[error("the browser says {0}")]
    Other(String),
}

impl From<Error> for StoreError {
    fn from(error: Error) -> Self {
        match error {
            Error::DomException(exception) => from_exception(exception),
            Error::MissingData(_) => Self::Undone,
            Error::Serialisation(_) => Self::Unreadable,
            Error::Unknown(_) => Self::Other("unknown".to_owned()),
        }
    }
}

impl From<OpenDbError> for StoreError {
    fn from(error: OpenDbError) -> Self {
        match error {
            // The crate says "version zero" of whatever the browser throws when it is asked to open, as
            // private windows do; our version is never zero.
            OpenDbError::UnsupportedEnvironment
            | OpenDbError::NullFactory
            | OpenDbError::VersionZero => Self::Unavailable,
            OpenDbError::Base(error) => match error.into() {
                Self::Other(name) if name == "VersionError" => Self::TooNew,
                // Whatever keeps the storage from opening at all, private windows among it, comes under
                // several names.
                Self::Full => Self::Full,
                _ => Self::Unavailable,
            },
        }
    }
}

fn from_exception(exception: DomException) -> StoreError {
    let exception: web_sys::DomException = exception.into();
    match exception.name().as_str() {
        "QuotaExceededError" => StoreError::Full,
        "InvalidStateError" | "UnknownError" | "TransactionInactiveError" => StoreError::Lost,
        "AbortError" => StoreError::Undone,
        // A row was added under a number that another tab has taken.
        "ConstraintError" => StoreError::Overtaken,
        other => StoreError::Other(other.to_owned()),
    }
}
