//! Where the records are, as people say it.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;

use super::failure::Failure;
use crate::storage::Storage;
use crate::storage::postgres::{self, DatabaseUrl, PATIENCE, PostgresStorage};
use crate::storage::sqlite::{self, BUSY_TIMEOUT, SqliteStorage};

/// The variable that names the database where no option does. What is in it is in no list of processes.
const DATABASE_VARIABLE: &str = "WELLFIELD_DATABASE";

/// The folder where nothing else is named.
const FOLDER: &str = "wellfield-data";

/// Where the records are.
#[derive(Args)]
pub(super) struct Data {
    /// The folder that holds the records, in an SQLite file. Where neither this nor a database is named,
    /// it is wellfield-data.
    #[arg(long, value_name = "DIR", conflicts_with = "database")]
    pub(super) data: Option<PathBuf>,
    /// The PostgreSQL database that holds the records instead: postgres://USER@HOST/DATABASE. Where
    /// neither option is given, the environment variable WELLFIELD_DATABASE names it; an address with a
    /// password belongs there, because everybody on the machine can read the options of a command.
    #[arg(long, value_name = "URL")]
    pub(super) database: Option<String>,
}

/// Where the records are.
#[derive(Clone, Debug)]
pub(super) enum Place {
    /// In a folder.
    Folder(PathBuf),
    /// In a PostgreSQL database.
    Database(DatabaseUrl),
}

impl Data {
    /// The place. An option counts more than the environment.
    pub(super) fn place(self) -> Result<Place, Failure> {
        let named = std::env::var(DATABASE_VARIABLE).ok();
        self.place_with(named)
    }

    fn place_with(self, variable: Option<String>) -> Result<Place, Failure> {
        let variable = variable.filter(|text| !text.is_empty());
        match (self.database, self.data, variable) {
            (Some(url), _, _) | (None, None, Some(url)) => database(&url),
            (None, Some(folder), _) => Ok(Place::Folder(folder)),
            (None, None, None) => Ok(Place::Folder(FOLDER.into())),
        }
    }
}

pub(super) fn database(url: &str) -> Result<Place, Failure> {
    Ok(Place::Database(DatabaseUrl::parse(url)?))
}

impl Place {
    /// Opens the records, and makes them where there are none.
    pub(super) async fn open(&self) -> Result<Arc<dyn Storage>, Failure> {
        Ok(match self {
            Self::Folder(folder) => Arc::new(SqliteStorage::open(folder, BUSY_TIMEOUT)?),
            Self::Database(url) => Arc::new(PostgresStorage::open(url, PATIENCE).await?),
        })
    }

    /// Opens records that must be there: looking must not make a place that then looks empty.
    pub(super) async fn open_existing(&self) -> Result<Arc<dyn Storage>, Failure> {
        match self {
            Self::Folder(folder) if !SqliteStorage::exists(folder) => {
                let path = folder.clone();
                Err(sqlite::OpenError::Missing { path }.into())
            }
            Self::Database(url) if !PostgresStorage::exists(url, PATIENCE).await? => {
                let place = url.clone();
                Err(postgres::OpenError::Missing { place }.into())
            }
            Self::Folder(_) | Self::Database(_) => self.open().await,
        }
    }
}

/// What an operator needs to find the records; of a database without user and password.
impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Folder(folder) => write!(f, "{}", folder.display()),
            Self::Database(url) => url.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(data: Option<&str>, database: Option<&str>, variable: Option<&str>) -> String {
        let data = Data {
            data: data.map(PathBuf::from),
            database: database.map(str::to_owned),
        };
        let place = data.place_with(variable.map(str::to_owned));
        place.map_or_else(|failure| failure.to_string(), |place| place.to_string())
    }

    #[test]
    fn what_is_typed_counts_more_than_the_environment_and_that_more_than_nothing() {
        let (typed, variable) = (Some("postgres://a@one/x"), Some("postgres://a@two/y"));
        assert_eq!(place(None, None, None), FOLDER);
        assert_eq!(place(None, None, Some("")), FOLDER);
        assert_eq!(place(None, None, variable), "postgres://two:5432/y");
        assert_eq!(place(Some("here"), None, variable), "here");
        assert_eq!(place(None, typed, variable), "postgres://one:5432/x");
    }

    #[test]
    fn an_address_that_cannot_be_read_is_not_shown() {
        let shown = place(None, Some("postgres//ann:hunter2@db/x"), None);
        assert!(shown.contains("postgres://USER@HOST/DATABASE"), "{shown}");
        assert!(!shown.contains("hunter2"), "{shown}");
    }
}
