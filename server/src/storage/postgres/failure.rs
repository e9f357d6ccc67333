//! Why the database did not do what was asked, and what to do about it.

use deadpool_postgres::PoolError;
use tokio_postgres::error::{Severity, SqlState};

use crate::storage::{StorageError, Unavailable};

/// Why the database did not do what was asked.
#[derive(Debug)]
pub(super) enum Failed {
    /// The database or the connection to it said no.
    Database(tokio_postgres::Error),
    /// The connection broke before anything was asked on it.
    NotBegun(tokio_postgres::Error),
    /// No connection could be had.
    Pool(PoolError),
    /// A row holds what this software never wrote.
    Unreadable(&'static str),
    /// The database did not answer in time.
    OutOfTime,
}

impl Failed {
    /// Whether surely nothing was done and the same may succeed if it is tried again at once: it got in
    /// the way of another transaction, or was given a connection that had ended meanwhile.
    pub(super) fn may_succeed_again(&self) -> bool {
        let error = match self {
            Self::NotBegun(_) => return true,
            Self::Database(error) => error,
            Self::Pool(_) | Self::Unreadable(_) | Self::OutOfTime => return false,
        };
        [
            SqlState::T_R_SERIALIZATION_FAILURE,
            SqlState::T_R_DEADLOCK_DETECTED,
        ]
        .iter()
        .any(|state| error.code() == Some(state))
    }

    /// Whether the database answered, so that the connection is good and the fault lies in what was
    /// asked. What it says last on a connection that it ends is no such answer.
    pub(super) fn was_answered(&self) -> bool {
        match self {
            Self::Database(error) => error
                .as_db_error()
                .is_some_and(|said| said.parsed_severity() == Some(Severity::Error)),
            Self::Unreadable(_) => true,
            Self::NotBegun(_) | Self::Pool(_) | Self::OutOfTime => false,
        }
    }

    /// Whether the database refuses what was to be stored, as it would at any other time: a value that
    /// it cannot hold, or one that breaks a constraint. The first two digits of its code are the class.
    pub(super) fn lies_in_the_data(&self) -> bool {
        let Self::Database(error) = self else {
            return false;
        };
        error.code().is_some_and(|state| {
            ["22", "23"]
                .iter()
                .any(|class| state.code().starts_with(class))
        })
    }

    fn reason(&self) -> String {
        match self {
            Self::Database(error) | Self::NotBegun(error) => reason_of(error),
            Self::Pool(PoolError::Backend(error)) => reason_of(error),
            Self::Pool(PoolError::Timeout(_)) => "no connection became free in time".to_owned(),
            Self::Pool(error) => error.to_string(),
            Self::Unreadable(what) => format!("{what} cannot be read"),
            Self::OutOfTime => "it did not answer in time".to_owned(),
        }
    }
}

/// What the database says, without its details: those quote rows, and rows are about people.
pub(super) fn reason_of(error: &tokio_postgres::Error) -> String {
    match error.as_db_error() {
        Some(db) => format!("{} ({})", db.message(), db.code().code()),
        None => match std::error::Error::source(error) {
            Some(cause) => format!("{error}: {cause}"),
            None => error.to_string(),
        },
    }
}

impl From<tokio_postgres::Error> for Failed {
    fn from(error: tokio_postgres::Error) -> Self {
        Self::Database(error)
    }
}

impl From<PoolError> for Failed {
    fn from(error: PoolError) -> Self {
        Self::Pool(error)
    }
}

impl From<Failed> for Unavailable {
    fn from(failed: Failed) -> Self {
        Self {
            reason: failed.reason(),
        }
    }
}

impl<R> From<Failed> for StorageError<R> {
    fn from(failed: Failed) -> Self {
        Self::Unavailable(failed.into())
    }
}
